"""Every page of the built site, in a real browser: quiet, self-contained, readable anywhere."""

import json
from pathlib import Path

import pytest

pytestmark = pytest.mark.site

SITE = Path(__file__).parents[2] / "_build" / "html"
# The start page proper is book/index.html; index.html at the top only leads there.
NOT_PAGES = {"index.html", "search.html", "genindex.html", "py-modindex.html"}
GENERATED = ("_modules/", "book/reference/_generated/")
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
WIDGET = 'script[type="application/vnd.jupyter.widget-view+json"]'
# A widget that computes in the page has no kernel, and the manager says so in its class.
SHOWN = ".jupyter-widgets, .jupyter-widgets-disconnected"

# How far the page is wider than the window, and which elements stick out.
OVERFLOW = """() => {
  const room = document.documentElement.clientWidth;
  const wide = document.documentElement.scrollWidth - room;
  if (wide <= 0) return null;
  const scrolls = e => e && (/auto|scroll|hidden/.test(getComputedStyle(e).overflowX)
    || scrolls(e.parentElement === document.body ? null : e.parentElement));
  const out = [...document.querySelectorAll("body *")].filter(
    e => e.getBoundingClientRect().right > room + 1 && !scrolls(e.parentElement));
  return wide + " px too wide: " + out.slice(0, 4).map(e => e.outerHTML.slice(0, 80)).join(", ");
}"""

# Pictures and drawings of the article that say nothing to someone who cannot see them.
MUTE = """() => {
  const article = document.querySelector("article") || document.body;
  const pictures = [...article.querySelectorAll("img")].filter(
    i => !i.hasAttribute("alt") || /\\.(png|svg|jpe?g)$/.test(i.alt));
  const drawings = [...article.querySelectorAll("svg")].filter(s =>
    !s.closest("mjx-container, .jupyter-widgets, .jupyter-widgets-disconnected, button, a,"
      + " summary, [aria-hidden=true]")
    && !s.classList.contains("sd-octicon") && s.getAttribute("aria-hidden") !== "true"
    && !(s.getAttribute("role") === "img"
         && (s.querySelector("title") || s.hasAttribute("aria-label"))));
  return [...pictures, ...drawings].map(e => e.outerHTML.slice(0, 120));
}"""


def pages(generated):
    """Return the pages that somebody wrote, or those that were generated from docstrings."""
    found = (p.relative_to(SITE).as_posix() for p in SITE.rglob("*.html"))
    ours = sorted(p for p in found if p not in NOT_PAGES and "_static" not in p)
    return [p for p in ours if p.startswith(GENERATED) == generated] or ["book/index.html"]


class Visit:
    """One visit to a page, remembering what the browser complained about and whom it asked."""

    def __init__(self, browser, address, size, scheme):
        self.address = address
        self.page = browser.new_page()
        self.page.set_viewport_size(size)
        self.page.emulate_media(color_scheme=scheme)
        self.complaints, self.strangers = [], []
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self._asked)
        self.page.on("response", self._answered)

    def _heard(self, message):
        # Where a page names no icon (the one that only leads to the start page), the browser looks
        # for /favicon.ico of its own accord. Whatever a page itself asks for is in _answered too.
        own_accord = message.location.get("url", "").endswith("/favicon.ico")
        if message.type == "error" and not own_accord:
            self.complaints.append(message.text)

    def _asked(self, request):
        if not request.url.startswith((self.address, "data:", "blob:", "about:")):
            self.strangers.append(request.url)

    def _answered(self, response):
        if response.status >= 400:
            self.complaints.append(f"{response.status} for {response.url}")

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.page.close()

    def open(self, page):
        """Load a page, and wait until its formulas and widgets stand."""
        self.page.goto(f"{self.address}/{page}", wait_until="load")
        self.page.evaluate("() => window.MathJax?.startup?.promise?.then(() => true)")
        widgets = self.page.locator(WIDGET).count()
        if widgets:
            self.page.locator(SHOWN).first.wait_for(timeout=30_000)

    def look(self):
        """Return how far the page is too wide, in light and in dark (None where it fits)."""
        light = self.page.evaluate(OVERFLOW)
        self.switch_to("dark")
        return light, self.page.evaluate(OVERFLOW)

    def assert_quiet(self):
        """No error was reported, no other host asked, and no figure is mute."""
        mute = self.page.evaluate(MUTE)
        assert self.complaints == []
        assert self.strangers == []
        assert mute == [], "these figures have no text alternative"

    def switch_to(self, scheme):
        """Change between light and dark, as the reader's system would."""
        self.page.emulate_media(color_scheme=scheme)
        theme = f"document.documentElement.dataset.theme === {json.dumps(scheme)}"
        self.page.wait_for_function(theme, timeout=5_000)


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("page", pages(generated=False))
def test_page_is_quiet_and_fits(browser, site_address, page, size):
    """No error, no other host, no sideways scrolling, no mute figure; in light and in dark."""
    with Visit(browser, site_address, size, "light") as visit:
        visit.open(page)
        assert visit.look() == (None, None)
        visit.assert_quiet()


@pytest.mark.parametrize("page", pages(generated=True))
def test_generated_page_is_quiet_and_fits(browser, site_address, page):
    """The same for the many pages that one template makes, in one visit each to save time."""
    with Visit(browser, site_address, PHONE, "light") as visit:
        visit.open(page)
        assert visit.look() == (None, None)
        visit.page.set_viewport_size(DESKTOP)
        assert visit.page.evaluate(OVERFLOW) is None
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
    """The test of the test: a page with an error, a stranger, a wide box and a mute picture."""
    bad = (
        '<article><div style="width:3000px;height:9px"></div><img src="data:," alt="plot.png">'
        '</article><script src="http://127.0.0.2:9/x.js"></script><script>undefinedName()</script>'
    )
    with Visit(browser, site_address, PHONE, "light") as visit:
        visit.page.set_content(bad)
        wide = visit.page.evaluate(OVERFLOW)
        mute = visit.page.evaluate(MUTE)
    assert "too wide" in wide
    assert len(mute) == 1
    assert visit.strangers == ["http://127.0.0.2:9/x.js"]
    assert any("undefinedName" in complaint for complaint in visit.complaints)
