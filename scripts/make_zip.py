"""Pack the book to read and run it offline: ``make zip``.

The same files give the same zip, byte by byte: names are sorted, times and permissions are fixed.
"""

import sys
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import lsrl_edu

ROOT = Path(__file__).parents[1]
SITE = ROOT / "_build/html"
DIST = ROOT / "dist"
# What goes in beside the site, so that the notebooks run and their links lead somewhere.
BESIDE = ("notebooks/*.ipynb", "exercises/*.ipynb", "book/**/*.md", "LICENSE", "LICENSE-TEXT")
# A zip cannot hold an earlier time.
FIRST_TIME = (1980, 1, 1, 0, 0, 0)
START = "site/book/index.html"
INDEX = f"""\
<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<title>Programs that become recurrent networks</title>
<link rel="icon" href="site/_static/favicon.svg">
<meta http-equiv="refresh" content="0; url={START}">
<p><a href="{START}">Open the book</a></p>
</html>
"""
READ_ME = """\
READ ME FIRST

This is the book "Programs that become recurrent networks", version {version}, to read and to run
without a connection.

To READ it, open index.html in a browser. No server is needed, and no page asks for anything from
elsewhere. The widgets work.

To RUN it you need Python 3.11 or newer and, once, a connection. In this folder:

    python3 -m venv environment
    environment/bin/python -m pip install "{wheel}[hf,notebook]"
    environment/bin/jupyter lab notebooks

(On Windows: environment\\Scripts\\python and environment\\Scripts\\jupyter.) This takes some
minutes and about 2 GB, or more where PyTorch brings its libraries for GPUs.

    notebooks/    the chapters, with their outputs
    exercises/    what to solve
    site/         the book as pages
    book/         the sources of the pages around the chapters

Code: Apache License 2.0 (LICENSE). Text: CC BY 4.0 (LICENSE-TEXT).
"""


def add(pack: zipfile.ZipFile, name: str, data: bytes) -> None:
    """Add a file with nothing in it that depends on when or where it was made."""
    entry = zipfile.ZipInfo(name, FIRST_TIME)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    entry.create_system = 3  # Unix, wherever it is made: the permissions above are Unix ones
    pack.writestr(entry, data, compresslevel=9)


def members(root: Path, site: Path, wheel: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the files of the zip: their names in it and what they hold."""
    yield "index.html", INDEX.encode()
    version = wheel.name.split("-")[1]
    yield "READ ME FIRST.txt", READ_ME.format(version=version, wheel=wheel.name).encode()
    yield wheel.name, wheel.read_bytes()
    for file in (f for f in site.rglob("*") if f.is_file() and f.name != ".buildinfo"):
        yield f"site/{file.relative_to(site).as_posix()}", file.read_bytes()
    for file in (f for pattern in BESIDE for f in root.glob(pattern)):
        if "_generated" not in file.parts:
            yield file.relative_to(root).as_posix(), file.read_bytes()


def write(file: Path, files: Iterable[tuple[str, bytes]]) -> None:
    """Write a zip of files, all in one folder named like it."""
    file.parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(file, "w") as pack:
        for name, data in sorted(files):
            add(pack, f"{file.stem}/{name}", data)


def main() -> None:
    """Pack the built site and the wheel of this version."""
    version = lsrl_edu.__version__
    wheels = sorted(DIST.glob(f"lsrl_edu-{version}-*.whl"))
    if not wheels or not (SITE / "index.html").is_file():
        sys.exit("make_zip: the site or the wheel is not built; make zip builds both")
    file = DIST / f"lsrl-edu-book-{version}.zip"
    write(file, members(ROOT, SITE, wheels[-1]))
    print(f"{file.relative_to(ROOT)}: {file.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
