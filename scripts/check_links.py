"""Check every link of the built site: ``python scripts/check_links.py [SITE]``.

Inside the site each file and each #place that a page names must be there. Links to other hosts are
not fetched; they are listed in ``_build/external_links.txt``, with the pages that name them.
"""

import sys
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

ROOT = Path(__file__).parents[1]
SITE = ROOT / "_build/html"
# What a page can point with. `href` is also that of <use> in an SVG.
POINTERS = ("href", "src", "xlink:href", "poster")
# Pages of source code, which Sphinx writes. A function that two modules show has one name there and
# a place in one of them only: such a link opens the right page, at its top.
VIEWED = "_modules"
# Addresses that are no place: code, data, mail, and what only the browser sees.
NO_PLACES = ("javascript", "data", "mailto", "blob", "about")


@dataclass
class Page(HTMLParser):
    """A page: the places in it that can be pointed at, and what it points at."""

    places: set[str] = field(default_factory=set)
    pointers: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the ids and the pointers of a tag."""
        found = dict(attrs)
        names = [found.get("id"), found.get("name") if tag == "a" else None]
        self.places.update(filter(None, names))
        self.pointers.update(v for k in POINTERS if (v := found.get(k)) is not None)


@cache
def read(file: Path) -> Page:
    """Return a page, read once."""
    page = Page()
    page.feed(file.read_text(encoding="utf-8"))
    return page


def problem(file: Path, pointer: str, site: Path) -> str | None:
    """Return what is wrong with a pointer into the site, or nothing."""
    parts = urlsplit(pointer)
    path, place = unquote(parts.path), unquote(parts.fragment)
    start = site if path.startswith("/") else file.parent
    target = (start / path.lstrip("/")).resolve() if path else file
    if target.is_dir():
        target = target / "index.html"
    if not target.is_relative_to(site.resolve()):
        return f"{pointer} leads out of the site"
    if not target.is_file():
        return f"{pointer}: there is no such file"
    loose = VIEWED in file.relative_to(site.resolve()).parts
    if place and target.suffix == ".html" and not loose and place not in read(target).places:
        return f"{pointer}: the page has no place #{place}"
    return None


def check(site: Path) -> tuple[list[str], Mapping[str, set[str]]]:
    """Return the broken pointers of a site, a sentence each, and its links to other hosts."""
    site = site.resolve()
    broken: list[str] = []
    external: dict[str, set[str]] = defaultdict(set)
    for file in sorted(f for f in site.rglob("*.html") if site / "_static" not in f.parents):
        name = file.relative_to(site).as_posix()
        for pointer in sorted(read(file).pointers):
            parts = urlsplit(pointer)
            if parts.scheme in NO_PLACES:
                continue
            if parts.scheme or parts.netloc:
                external[pointer].add(name)
            elif found := problem(file, pointer, site):
                broken.append(f"{name}: {found}")
    return broken, external


def listing(external: Mapping[str, set[str]]) -> str:
    """Return the links to other hosts as text, each with the pages that name it."""
    return "".join(
        f"{link}\n    {', '.join(sorted(on))}\n" for link, on in sorted(external.items())
    )


def main() -> None:
    """Check the site named on the command line, or the built one."""
    site = Path(sys.argv[1]) if len(sys.argv) > 1 else SITE
    if not (site / "index.html").is_file():
        sys.exit(f"{site} holds no site: make site")
    broken, external = check(site)
    (site.parent / "external_links.txt").write_text(listing(external), encoding="utf-8")
    print(
        "\n".join(broken) or f"all links inside the site lead somewhere; {len(external)} lead out"
    )
    sys.exit(1 if broken else 0)


if __name__ == "__main__":
    main()
