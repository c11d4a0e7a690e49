"""The book without a server and on paper: from the zip, and as a PDF."""

import re
import unicodedata
import zipfile
from pathlib import Path

import pytest
import yaml
from bs4 import BeautifulSoup

from scripts import make_pdf, make_zip

pytestmark = pytest.mark.site

ROOT = Path(__file__).parents[2]
WIDGETS = ".jupyter-widgets, .jupyter-widgets-disconnected"


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory):
    """The zip of the built site, unpacked."""
    if not (make_zip.SITE / "index.html").exists():
        pytest.skip("the site is not built: make site")
    folder = tmp_path_factory.mktemp("zip")
    wheel = folder / "lsrl_edu-0.0.0-py3-none-any.whl"
    wheel.write_bytes(b"")
    make_zip.write(folder / "b.zip", make_zip.members(ROOT, make_zip.SITE, wheel))
    with zipfile.ZipFile(folder / "b.zip") as pack:
        pack.extractall(folder)
    return folder / "b"


@pytest.mark.parametrize(
    ("start", "end", "shown"),
    [
        ("index.html", "site/book/index.html", "article h1"),
        ("site/notebooks/02_compiling_to_a_linear_rnn.html", None, WIDGETS),
    ],
)
def test_a_page_of_the_zip_opens_without_a_server_and_asks_nobody(
    browser, unpacked, start, end, shown
):
    asked, failed = [], []
    page = browser.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on("requestfailed", lambda request: failed.append((request.failure, request.url)))
    page.goto((unpacked / start).as_uri(), wait_until="load")
    page.wait_for_url((unpacked / (end or start)).as_uri(), wait_until="load")
    page.locator(shown).first.wait_for(timeout=30_000)
    page.close()
    ours = (unpacked.as_uri(), "data:", "blob:")
    # The first page leads on at once, which breaks off what it was still loading.
    assert [url for reason, url in failed if reason != "net::ERR_ABORTED"] == []
    assert [url for url in asked if not url.startswith(ours)] == []


@pytest.fixture(scope="module")
def paper(browser, tmp_path_factory):
    """A PDF of the start page, the page on ways in, and one chapter."""
    if not (make_pdf.SITE / "index.html").exists():
        pytest.skip("the site is not built: make site")
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text())
    chapter = next(c for p in toc["parts"] for c in p["chapters"] if "/04" in c["file"])
    chapters = [{"file": "book/how_to_use"}, chapter]
    part = {"caption": "Part I", "chapters": chapters}
    tab = make_pdf.new_tab(browser)
    small = {"root": toc["root"], "parts": [part]}
    writer = make_pdf.printed_book(tab, make_pdf.SITE, small)
    file = tmp_path_factory.mktemp("pdf") / "book.pdf"
    writer.write(file)
    tab.close()
    return make_pdf.PdfReader(file)


def test_the_bookmarks_are_those_of_the_table_of_contents(paper):
    start, _, part, below = paper.outline
    assert start.title == "Programs that become recurrent networks"
    assert part.title == "Part I"
    titles = [None if isinstance(entry, list) else entry.title for entry in below]
    assert [title for title in titles if title] == [
        "How to use this book",
        "4. Gating",
        "Exercises: gating",
    ]
    chapter = titles.index("4. Gating")
    assert "Warm-up" in [entry.title for entry in below[chapter + 1]]
    assert paper.get_destination_page_number(below[chapter]) > 1


def letters(text):
    """A text without what a PDF may set otherwise: spaces, signs, ligatures."""
    return re.sub(r"[^a-z]", "", unicodedata.normalize("NFKD", text).lower())


def test_on_paper_answers_are_open_menus_gone_and_pages_numbered(paper):
    texts = [page.extract_text() for page in paper.pages]
    for number, text in enumerate(texts, 1):
        assert text.split()[-1] == str(number)
    book = " ".join(" ".join(texts).split())
    html = next((make_pdf.SITE / "exercises").glob("04_*.html")).read_text()
    hints = [d.p.get_text() for d in BeautifulSoup(html, "html.parser").select(".ls-hints details")]
    assert len(hints) >= 15
    assert all(letters(hint)[:20] in letters(book) for hint in hints)
    assert "Hide cell" not in book and "Search this book" not in book
    assert "Report a problem on this page" not in book


def test_links_between_pages_stay_in_the_pdf(paper):
    notes = [n.get_object() for page in paper.pages for n in page.get("/Annots", ())]
    addresses = [str(n["/A"]["/URI"]) for n in notes if "/URI" in n.get("/A", {})]
    assert addresses and all(a.startswith("http") for a in addresses)
    assert sum("/Dest" in n for n in notes) > 3
