"""Print the built site to one PDF with the system's Chromium: ``make pdf``.

Each page is printed by itself, in the order of ``_toc.yml``, with the rules of
``book/_static/print.css``. Then the pages are joined, numbered and linked, with bookmarks.
"""

import io
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import yaml
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    Fit,
    FloatObject,
    NameObject,
    NullObject,
)

import lsrl_edu

ROOT = Path(__file__).parents[1]
SITE = ROOT / "_build/html"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
# Rules, generated from the code, are some hundred drawings: they stay on the site.
LEFT_OUT = ("book/reference/rules", "book/reference/dependencies", "book/contributing")
# The room between the margins of an A4 sheet, in the pixels of a browser.
SHEET = {"width": 672, "height": 978}
WIDGET = 'script[type="application/vnd.jupyter.widget-view+json"]'
SHOWN = ".jupyter-widgets, .jupyter-widgets-disconnected"
# Everything that is folded on the screen is opened, and pictures that wait to be seen are loaded.
# What is wider than the sheet, and would scroll on a screen, is made smaller until it fits.
PREPARE = """async () => {
  document.documentElement.dataset.theme = "light";
  document.querySelectorAll("details").forEach(d => d.open = true);
  document.querySelectorAll("img[loading=lazy]").forEach(i => i.loading = "eager");
  await window.MathJax?.startup?.promise;
  for (const box of document.querySelectorAll("article div, article pre")) {
    const scrolls = /auto|scroll/.test(getComputedStyle(box).overflowX);
    if (scrolls && box.scrollWidth > box.clientWidth + 1)
      box.style.zoom = Math.max(0.45, box.clientWidth / box.scrollWidth);
  }
}"""
NUMBERS = """<style>@page {{ size: A4; margin: 0 }} body {{ margin: 0; font: 9pt sans-serif }}
div {{ height: 296.9mm; position: relative; break-after: page }}
span {{ position: absolute; bottom: 9mm; width: 100%; text-align: center; color: #444 }}
</style>{pages}"""


@dataclass(frozen=True)
class Part:
    """A part of the book: its caption, empty for the start page, and its pages."""

    caption: str
    pages: tuple[str, ...]


@dataclass(frozen=True)
class Printed:
    """A page that was printed: its name in the site, its title, its sections, its PDF."""

    name: str
    title: str
    sections: tuple[str, ...]
    pdf: PdfReader


def parts(toc: dict[str, Any]) -> list[Part]:
    """Return the book in its order, without what is left out of the PDF."""
    found = [Part("", (toc["root"],))]
    for part in toc["parts"]:
        pages = tuple(p for p in files(part["chapters"]) if p not in LEFT_OUT)
        found.append(Part(part["caption"], pages))
    return [part for part in found if part.pages]


def files(entries: list[dict[str, Any]]) -> Iterator[str]:
    """Yield the pages of a table of contents, each before those below it."""
    for entry in entries:
        yield entry["file"]
        yield from files(entry.get("sections", []))


def browser_program() -> str:
    """Return the path of the system's Chromium, or stop with a sentence."""
    found = next(filter(None, [os.environ.get("CHROMIUM"), *map(shutil.which, BROWSERS)]), None)
    if not found:
        sys.exit("make pdf: no Chromium on the PATH; install one, or set CHROMIUM to its path")
    return found


def print_page(tab: Any, site: Path, name: str) -> Printed:
    """Print one page of the site, when its formulas and widgets stand."""
    tab.goto((site / f"{name}.html").as_uri(), wait_until="load")
    if tab.locator(WIDGET).count():
        tab.locator(SHOWN).first.wait_for(timeout=30_000)
    tab.evaluate(PREPARE)
    data = tab.pdf(prefer_css_page_size=True, print_background=True, outline=True, tagged=True)
    title, *_ = headings(tab, "h1")
    return Printed(name, title, tuple(headings(tab, "h2")), PdfReader(io.BytesIO(data)))


def headings(tab: Any, level: str) -> list[str]:
    """Return the headings of one level of a page, without the signs for links beside them."""
    texts = tab.locator(f"article {level}").all_inner_texts()
    return [" ".join(text.removesuffix("#").split()) for text in texts]


def add_bookmarks(writer: PdfWriter, printed: Printed, start: int, above: Any) -> None:
    """Add a bookmark for a page, and one for each section of it."""
    here = writer.add_outline_item(title=printed.title, page_number=start, parent=above)
    # Chromium writes the title of a section twice where a page ends near it: the page knows better.
    for title, entry in zip(printed.sections, second_level(printed.pdf.outline), strict=False):
        place = printed.pdf.get_destination_page_number(entry) or 0
        fit = Fit.xyz(top=entry.top)
        writer.add_outline_item(title=title, page_number=start + place, parent=here, fit=fit)


def second_level(outline: list) -> Iterator[Any]:
    """Yield the second level of an outline: the sections of a page."""
    for below_title in (entry for entry in outline if isinstance(entry, list)):
        yield from (entry for entry in below_title if not isinstance(entry, list))


def join(book: list[tuple[Part, list[Printed]]]) -> tuple[PdfWriter, dict[str, int]]:
    """Return all pages in one PDF with bookmarks, and where each page of the site starts."""
    writer, starts = PdfWriter(), {}
    for part, pages in book:
        above = None
        for printed in pages:
            start = starts[printed.name] = len(writer.pages)
            writer.append(printed.pdf, import_outline=False)
            if part.caption and above is None:
                above = writer.add_outline_item(title=part.caption, page_number=start)
            add_bookmarks(writer, printed, start, above)
    return writer, starts


def target(note: DictionaryObject, printed: Printed, site: Path) -> tuple[str, str] | None:
    """Return where a link leads inside the book, as page and place; None for other links."""
    action = note.get("/A", {})
    named = note.get("/Dest") or action.get("/D")
    if isinstance(named, str):
        return printed.name, str(named).lstrip("/")
    parts = urlsplit(str(action.get("/URI", "")))
    if parts.scheme != "file":
        return None
    path = Path(unquote(parts.path))
    name = path.relative_to(site).with_suffix("").as_posix() if path.is_relative_to(site) else ""
    return name, unquote(parts.fragment)


def link_inside(
    writer: PdfWriter, book: dict[str, Printed], starts: dict[str, int], site: Path
) -> int:
    """Turn links between pages of the site into links inside the PDF; return how many.

    A link to a page that is not in the PDF loses its target and stays as text.
    """
    count = 0
    for name, printed in book.items():
        for page in writer.pages[starts[name] : starts[name] + len(printed.pdf.pages)]:
            kept = ArrayObject()
            for reference in page.get("/Annots", ()):
                note = reference.get_object()
                if (found := target(note, printed, site)) is None:
                    kept.append(reference)
                elif found[0] in book:
                    point(note, writer, book[found[0]], starts[found[0]], found[1])
                    kept.append(reference)
                    count += 1
            page[NameObject("/Annots")] = kept
    return count


def point(note: DictionaryObject, writer: PdfWriter, to: Printed, start: int, place: str) -> None:
    """Make a link lead to a place of a printed page, or to its start if the place has no name."""
    known = to.pdf.named_destinations
    found = known.get(place) or known.get(f"/{place}")
    number = to.pdf.get_destination_page_number(found) if found else 0
    top = found.top if found else None
    fit = [
        NameObject("/XYZ"),
        NullObject(),
        FloatObject(top) if top else NullObject(),
        NullObject(),
    ]
    note.pop("/A", None)
    note[NameObject("/Dest")] = ArrayObject(
        [writer.pages[start + (number or 0)].indirect_reference, *fit]
    )


def add_numbers(writer: PdfWriter, tab: Any) -> None:
    """Write the page number at the foot of each page."""
    pages = "".join(f"<div><span>{n}</span></div>" for n in range(1, len(writer.pages) + 1))
    tab.set_content(NUMBERS.format(pages=pages))
    numbers = PdfReader(io.BytesIO(tab.pdf(prefer_css_page_size=True)))
    for page, number in zip(writer.pages, numbers.pages, strict=False):
        page.merge_page(number)
        page.compress_content_streams()  # joining has unpacked them


def new_tab(browser: Any) -> Any:
    """Return a tab that shows pages as they are printed: light, and as wide as a sheet."""
    tab = browser.new_page()
    tab.set_viewport_size(SHEET)
    tab.emulate_media(media="print", color_scheme="light")
    return tab


def printed_book(tab: Any, site: Path, toc: dict[str, Any]) -> PdfWriter:
    """Print the pages of a table of contents to one PDF."""
    book = [(p, [print_page(tab, site, name) for name in p.pages]) for p in parts(toc)]
    writer, starts = join(book)
    link_inside(writer, {p.name: p for _, pages in book for p in pages}, starts, site)
    add_numbers(writer, tab)
    writer.compress_identical_objects()
    return writer


def make(site: Path, toc: dict[str, Any], file: Path, version: str) -> int:
    """Write the PDF of a site; return how many sheets it has."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_program(), args=list(FLAGS))
        writer = printed_book(new_tab(browser), site, toc)
        browser.close()
    writer.add_metadata({"/Title": f"Programs that become recurrent networks, {version}"})
    file.parent.mkdir(exist_ok=True)
    writer.write(file)
    return len(writer.pages)


def main() -> None:
    """Print the built site."""
    if not (SITE / "index.html").is_file():
        sys.exit("make_pdf: the site is not built; make pdf builds it")
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    version = lsrl_edu.__version__
    file = ROOT / f"dist/lsrl-edu-book-{version}.pdf"
    count = make(SITE, toc, file, version)
    print(f"{file.relative_to(ROOT)}: {count} pages, {file.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
