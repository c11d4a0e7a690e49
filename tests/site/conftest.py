"""What the page tests share: where the site is, a server for it, and a browser."""

import functools
import http.server
import os
import shutil
import threading
from pathlib import Path

import pytest

SITE = Path(__file__).parents[2] / "_build" / "html"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
# Keeps the browser from calling home: a request that is not ours would look like one of the page's.
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class SilentHandler(http.server.SimpleHTTPRequestHandler):
    """Serves files and keeps quiet about it."""

    def log_message(self, *args):
        pass


@pytest.fixture(scope="session")
def site_address():
    """Serve the built site on this machine, and return its address."""
    if not (SITE / "index.html").exists():
        pytest.skip("the site is not built: make site")
    handler = functools.partial(SilentHandler, directory=str(SITE))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture(scope="session")
def browser():
    """Start the system's Chromium (CHROMIUM names another one); none is ever downloaded."""
    sync_api = pytest.importorskip("playwright.sync_api")
    found = [os.environ.get("CHROMIUM"), *map(shutil.which, BROWSERS)]
    program = next(filter(None, found), None)
    if program is None:
        pytest.skip("no Chromium on the PATH (set CHROMIUM to its path)")
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=list(QUIET))
        # One context for all visits: what one page fetched, the next has in its cache.
        yield started.new_context()
        started.close()
