"""Links inside the site are followed to the place, and each way to be wrong is named."""

import pytest

from scripts import check_links

OTHER = '<a name="old"></a><h2 id="two-three">Two</h2><svg><path id="p"/><use href="#p"/></svg>'


@pytest.fixture
def site(tmp_path):
    """Return a function that makes a site whose start page has the given text."""

    def make(text):
        (tmp_path / "deep").mkdir()
        (tmp_path / "index.html").write_text(text)
        (tmp_path / "deep/other page.html").write_text(OTHER)
        (tmp_path / "_static").mkdir()
        (tmp_path / "_static/template.html").write_text('<a href="{{ no page }}">')
        return tmp_path

    return make


@pytest.mark.parametrize(
    "text",
    [
        '<a href="deep/other%20page.html#two-three">',
        '<a href="deep/other page.html#old">',
        '<a href="#">top</a> <a href="">here</a> <b id="x"></b><a href="#x">',
        '<a href="javascript:x()"> <img src="data:,"> <a href="mailto:a@b">',
        '<a href="/deep/other page.html">',
        "<script>const a = '<a href=\"nowhere.html\">';</script>",
    ],
)
def test_links_that_lead_somewhere(site, text):
    assert check_links.check(site(text)) == ([], {})


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('<a href="nowhere.html">', "no such file"),
        ('<img src="picture.png">', "no such file"),
        ('<script src="deep/"></script>', "no such file"),
        ('<a href="deep/other page.html#two">', "no place #two"),
        ('<a href="##x">', "no place ##x"),
        ('<a href="../../etc">', "leads out of the site"),
    ],
)
def test_links_that_do_not(site, text, why):
    (found,), _ = check_links.check(site(text))
    assert found.startswith("index.html: ") and why in found


def test_other_hosts_are_listed_and_not_asked(site):
    text = '<a href="https://b.org/x"> <a href="//a.org"> <a href="https://b.org/x#y">'
    broken, external = check_links.check(site(text))
    assert broken == []
    assert check_links.listing(external).splitlines()[:2] == ["//a.org", "    index.html"]
    assert sorted(external) == ["//a.org", "https://b.org/x", "https://b.org/x#y"]
