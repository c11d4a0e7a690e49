"""How heavy the pages of the built site are, and how long a browser takes to show them."""

from __future__ import annotations

import contextlib
import functools
import http.server
import statistics
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from benchmarks.table import print_table

SITE = Path(__file__).parents[1] / "_build" / "html"
PLACES = ("book/*.html", "book/reference/*.html", "notebooks/*.html", "exercises/*.html")
SHOWN = """() => Promise.resolve(window.MathJax?.startup?.promise).then(() => {
  const wanted = 'script[type="application/vnd.jupyter.widget-view+json"]';
  const shown = ".jupyter-widgets, .jupyter-widgets-disconnected";
  const look = done => document.querySelectorAll(shown).length
    < document.querySelectorAll(wanted).length ? setTimeout(look, 20, done) : done();
  return new Promise(look).then(() => performance.now() / 1000);
})"""
RUNS = 3
LARGEST = 3


def main() -> None:
    """Visit every page that somebody wrote, each time with an empty cache."""
    if not (SITE / "index.html").exists():
        print("\nPages: the site is not built (make site), so there is nothing to measure.")
        return
    # The printed book needs the same browser, found in the same way.
    from playwright.sync_api import sync_playwright

    from scripts.make_pdf import FLAGS, browser_program

    pages = [p.relative_to(SITE).as_posix() for place in PLACES for p in sorted(SITE.glob(place))]
    with serving() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_program(), args=list(FLAGS))
        rows = [row(browser, address, page) for page in pages]
        browser.close()
    head = ["", "kB", "requests", "loaded, s", "widgets and formulas, s", "largest parts, kB"]
    print_table("Pages: nothing cached, nothing compressed, local server", head, rows)


@contextlib.contextmanager
def serving() -> Iterator[str]:
    """Serve the site on this machine; give its address."""

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *args: Any) -> None:
            pass

    handler = functools.partial(Handler, directory=str(SITE))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()


def row(browser: Any, address: str, page: str) -> list[Any]:
    """Return a page's line of the table: the medians of some visits."""
    visits = [visit(browser, f"{address}/{page}") for _ in range(RUNS)]
    weights = visits[0][0]
    loaded, shown = (
        statistics.median(times) for times in zip(*(v[1] for v in visits), strict=True)
    )
    parts = [f"{part.split('/')[-1]} {size // 1000}" for part, size in weights.most_common(LARGEST)]
    kilobytes = weights.total() // 1000
    return [page.removesuffix(".html"), kilobytes, len(weights), loaded, shown, ", ".join(parts)]


def visit(browser: Any, url: str) -> tuple[Counter[str], tuple[float, float]]:
    """Open a page with an empty cache; return bytes by file, and when it was loaded and shown."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    names, weights = {}, Counter()
    network = context.new_cdp_session(page)
    network.on("Network.requestWillBeSent", lambda e: names.update({e["requestId"]: e["request"]}))
    network.on(
        "Network.loadingFinished",
        lambda e: weights.update({_file(names, e["requestId"]): int(e["encodedDataLength"])}),
    )
    network.send("Network.enable")
    page.goto(url, wait_until="load")
    shown = page.evaluate(SHOWN)
    loaded = page.evaluate("performance.timing.loadEventStart - performance.timing.navigationStart")
    context.close()
    return weights, (loaded / 1000, shown)


def _file(names: dict[str, Any], request: str) -> str:
    """Return the path of what was asked for; parts inside the page itself are not counted apart."""
    url = names.get(request, {}).get("url", "")
    return "in the page" if url.startswith(("data:", "blob:")) else urlsplit(url).path
