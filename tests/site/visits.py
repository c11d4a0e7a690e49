"""A visit to a page of the built site: what the browser complains about, asks for and shows."""

import json
import os
from pathlib import Path

SITE = Path(__file__).parents[2] / "_build" / "html"
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
    && !(/^(img|group)$/.test(s.getAttribute("role"))
         && (s.querySelector("title") || s.hasAttribute("aria-label"))));
  return [...pictures, ...drawings].map(e => e.outerHTML.slice(0, 120));
}"""

# Formulas that MathJax could not read stand on the page as an error message.
BROKEN_FORMULAS = """() => [...document.querySelectorAll("mjx-merror")].map(
  e => (e.getAttribute("data-mjx-error") || "formula") + ": " + e.textContent.slice(0, 120))"""


class Visit:
    """One visit to a page, remembering what the browser complained about and whom it asked."""

    def __init__(self, browser, address, size, scheme):
        self.address = address
        self.page = browser.new_page()
        self.page.set_viewport_size(size)
        self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
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
        if self.page.locator(WIDGET).count():
            self.page.locator(SHOWN).first.wait_for(timeout=30_000)

    def look(self):
        """Return how far the page is too wide, in light and in dark (None where it fits)."""
        return self.too_wide("light"), self.too_wide("dark")

    def too_wide(self, scheme):
        """Return how far the page is too wide in light or dark, None where it fits."""
        self.switch_to(scheme)
        return self.page.evaluate(OVERFLOW)

    def assert_quiet(self):
        """No error was reported, no other host asked, no formula broken, and no figure mute."""
        assert self.complaints == []
        assert self.strangers == []
        assert self.page.evaluate(BROKEN_FORMULAS) == [], "MathJax cannot read these"
        assert self.page.evaluate(MUTE) == [], "these figures have no text alternative"

    def switch_to(self, scheme):
        """Change between light and dark, as the reader's system would."""
        self.page.emulate_media(color_scheme=scheme)
        theme = f"document.documentElement.dataset.theme === {json.dumps(scheme)}"
        self.page.wait_for_function(theme, timeout=5_000)

    def keep_picture(self, page, kind):
        """Save the whole page as a picture, if LSRL_SCREENSHOTS names a folder for it."""
        folder = os.environ.get("LSRL_SCREENSHOTS")
        if folder:
            name = page.removesuffix(".html").replace("/", "-")
            self.page.screenshot(path=Path(folder) / f"{name}-{kind}.png", full_page=True)
