"""Words of the glossary are marked once a page, in prose only, with their meaning as the tip."""

import importlib.util
from pathlib import Path

from docutils.core import publish_doctree
from docutils.nodes import reference

FILE = Path(__file__).parents[2] / "book/_ext/glossary_hover.py"
SPEC = importlib.util.spec_from_file_location("glossary_hover", FILE)
hover = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(hover)

KNOWN = {
    "state": ("term-state", "What is remembered."),
    "linear state": ("term-linear-state", "A state without a bend."),
    "path": ("term-path", "One node after the other."),
}
TEXT = """\
A linear state
==============

Take ``state``, then a linear state, the states, and a state; a path, an estate.

Another state.
"""


def marked():
    doctree = publish_doctree(TEXT)
    hover.mark(doctree, KNOWN, "glossary.html")
    return [(r.astext(), r["refuri"], r["reftitle"]) for r in doctree.findall(reference)], doctree


def test_the_first_place_of_each_word_becomes_a_link_with_a_tip():
    links, _ = marked()
    assert links == [
        ("linear state", "glossary.html#term-linear-state", "A state without a bend."),
        ("states", "glossary.html#term-state", "What is remembered."),
    ]


def test_the_text_stays_the_same():
    _, doctree = marked()
    assert doctree.astext() == publish_doctree(TEXT).astext()
