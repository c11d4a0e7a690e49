"""Every page of the built site, in a real browser: quiet, self-contained, readable by everyone."""

import re

import pytest

from tests.site import access
from tests.site.visits import DESKTOP, MUTE, OVERFLOW, PHONE, SITE, Visit

pytestmark = pytest.mark.site

# The start page proper is book/index.html; index.html at the top only leads there.
NOT_PAGES = {"index.html", "search.html"}
GENERATED = ("_modules/", "book/reference/_generated/", "genindex", "py-modindex")
# Whose phone layout axe looks at too: plain text, tables, a chapter with widgets, exercises.
ON_A_PHONE = ("book/index*", "book/reference/rules*", "notebooks/02_*", "exercises/01_*")
FEWEST_KINDS_OF_CODE = 30
LISTINGS = "_modules/"
LISTINGS_LOOKED_AT = 4
"""Pages of source code are all made by one template: axe looks at so many of them."""


def pages(generated):
    """Return the pages that somebody wrote, or those that were generated from docstrings."""
    found = (p.relative_to(SITE).as_posix() for p in SITE.rglob("*.html"))
    ours = sorted(p for p in found if p not in NOT_PAGES and "_static" not in p)
    return [p for p in ours if p.startswith(GENERATED) == generated] or ["book/index.html"]


def find_barriers(visit, schemes=("light", "dark")):
    """Return what keeps readers out: everything in the first colours, only colours in the rest."""
    access.ready(visit.page)
    found = []
    for i, scheme in enumerate(schemes):
        visit.switch_to(scheme)
        found += access.barriers(visit.page, access.COLOURS if i else ())
    return found


@pytest.mark.parametrize("page", pages(generated=False))
def test_page_is_quiet_fits_and_keeps_nobody_out(browser, site_address, page):
    """No error, no stranger, no sideways scrolling, no mute figure, no barrier; light and dark."""
    with Visit(browser, site_address, PHONE, "light") as visit:
        visit.open(page)
        assert visit.look() == (None, None)
        visit.keep_picture(page, "phone-dark")
        visit.page.set_viewport_size(DESKTOP)
        assert visit.look() == (None, None)
        visit.switch_to("light")
        visit.keep_picture(page, "desktop-light")
        visit.assert_quiet()
        assert find_barriers(visit) == []


@pytest.mark.parametrize("page", pages(generated=True))
def test_generated_page_is_quiet_fits_and_keeps_nobody_out(browser, site_address, page):
    """The same for the many pages that a few templates make; their colours once, in light."""
    with Visit(browser, site_address, PHONE, "light") as visit:
        visit.open(page)
        assert visit.look() == (None, None)
        visit.page.set_viewport_size(DESKTOP)
        assert visit.page.evaluate(OVERFLOW) is None
        visit.assert_quiet()
        if page not in listings()[LISTINGS_LOOKED_AT:]:
            assert find_barriers(visit, ("light",)) == []


def listings():
    """Return the pages of source code."""
    return [page for page in pages(generated=True) if page.startswith(LISTINGS)]


@pytest.mark.parametrize("pattern", ON_A_PHONE)
def test_a_phone_keeps_nobody_out(browser, site_address, pattern):
    """Pages of every kind, as they are on a phone: what has to scroll is reached by keyboard."""
    page = next(SITE.glob(pattern)).relative_to(SITE).as_posix()
    with Visit(browser, site_address, PHONE, "light") as visit:
        visit.open(page)
        assert find_barriers(visit, ("light",)) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_colour_of_code_can_be_read(browser, site_address, scheme):
    """One word for every class that the highlighter knows, on the background code has here."""
    known = sorted(set(re.findall(r"\.highlight \.(\w+)", styles_of_code())))
    assert len(known) > FEWEST_KINDS_OF_CODE
    words = "".join(f'<span class="{name}">{name} </span>' for name in known if name != "hll")
    code = f'<div class="highlight-python notranslate"><div class="highlight"><pre>{words}</pre>'
    with Visit(browser, site_address, DESKTOP, scheme) as visit:
        visit.open("book/notation.html")
        access.ready(visit.page)
        put = "code => document.querySelector('article').innerHTML = '<h1>Code</h1>' + code"
        visit.page.evaluate(put, code)
        assert access.barriers(visit.page, ["color-contrast"]) == []


def styles_of_code():
    """Return the style sheet of the highlighter."""
    return (SITE / "_static/pygments.css").read_text(encoding="utf-8")


def test_a_word_is_found_from_the_keyboard(browser, site_address):
    """Ctrl-K, a word, Enter: pages are listed with an excerpt, and the first one can be opened."""
    with Visit(browser, site_address, DESKTOP, "light") as visit:
        visit.open("book/index.html")
        visit.page.keyboard.press("Control+k")
        visit.page.keyboard.type("debranching")
        visit.page.keyboard.press("Enter")
        visit.page.wait_for_url("**/search.html?q=debranching*")
        results = visit.page.locator("#search-results ul.search li a")
        results.first.wait_for()
        visit.page.locator("#search-results p.context").first.wait_for()
        assert results.count() > 3
        assert find_barriers(visit) == []
        visit.page.locator("#search-results li a[href*='notebooks/02']").first.click()
        visit.page.wait_for_url("**/notebooks/02*")
        assert visit.strangers == [] and visit.complaints == []


def test_a_word_that_is_nowhere_is_not_found(browser, site_address):
    with Visit(browser, site_address, PHONE, "light") as visit:
        visit.open("search.html?q=xylophones")
        visit.page.get_by_text("Your search did not match any documents").wait_for()
        assert visit.look() == (None, None)
        visit.assert_quiet()


def test_the_address_without_a_page_leads_to_the_start(browser, site_address):
    """Whoever opens index.html, or only the folder, reads the start page."""
    with Visit(browser, site_address, DESKTOP, "light") as visit:
        visit.page.goto(site_address)
        visit.page.wait_for_url("**/book/index.html")
        visit.assert_quiet()


def test_dark_from_the_start(browser, site_address):
    """A reader whose system is dark gets a dark page at once."""
    with Visit(browser, site_address, DESKTOP, "dark") as visit:
        visit.open("book/index.html")
        assert visit.page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_a_visit_notices_what_is_wrong(browser, site_address):
    """The test of the test: an error, a stranger, a wide box, a mute picture, pale ink."""
    bad = (
        '<article><div style="width:3000px;height:9px"></div><img src="data:," alt="plot.png">'
        '<p style="color:#aaa;background:#fff">pale</p><button></button>'
        '</article><script src="http://127.0.0.2:9/x.js"></script><script>undefinedName()</script>'
    )
    with Visit(browser, site_address, PHONE, "light") as visit:
        visit.page.set_content(bad)
        wide = visit.page.evaluate(OVERFLOW)
        mute = visit.page.evaluate(MUTE)
        access.ready(visit.page)
        barriers = " ".join(access.barriers(visit.page))
    assert "too wide" in wide
    assert len(mute) == 1
    assert visit.strangers == ["http://127.0.0.2:9/x.js"]
    assert any("undefinedName" in complaint for complaint in visit.complaints)
    assert "color-contrast (serious)" in barriers and "button-name (critical)" in barriers
