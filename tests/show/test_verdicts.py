"""Verdicts and hints on a page: words and signs, not colour alone, and nothing unescaped."""

import pytest

from lsrl_edu.practice.verdict import SIGNS, Verdict
from lsrl_edu.show.verdicts import COLOURS, Hints, verdict_html, with_code


@pytest.mark.parametrize("status", SIGNS)
def test_every_status_has_a_sign_a_word_and_a_colour(status):
    html = verdict_html(Verdict(status, "see `A < B`"))
    assert SIGNS[status] in html and status in html and COLOURS[status] in html
    assert "<code>A &lt; B</code>" in html and 'role="status"' in html
    assert repr(Verdict(status, "why")) == f"{SIGNS[status]} {status}: why"


def test_only_right_is_true():
    assert [bool(Verdict(status)) for status in SIGNS] == [True, False, False, False]


def test_text_is_escaped():
    assert with_code("<b>`<i>`") == "&lt;b&gt;<code>&lt;i&gt;</code>"


def test_hints_are_folded_and_hold_code():
    html = Hints(("one", "two", "first\n    a < 1\n    b\nlast"))._repr_html_()
    assert html.count("<details>") == 3 and "open" not in html
    assert "<p>first</p><pre>a &lt; 1\nb</pre><p>last</p>" in html
    assert repr(Hints(("one", "two", "three"))).splitlines()[2] == "Almost the code: three"
