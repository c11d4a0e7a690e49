"""Start a chapter: ``make new-chapter NAME=16_something TITLE="Something"``.

Makes the notebook from ``scripts/chapter.md``, runs it, and adds its line to ``_toc.yml`` and its
row and card to the start page. What is left to write is in CAPITALS.
"""

import argparse
import json
import re
import subprocess
import sys
from pathlib import Path

if __package__ is None or __package__ == "":
    sys.path.insert(0, str(Path(__file__).parents[1]))

from scripts import check_notebooks

ROOT = Path(__file__).parents[1]
NAME = re.compile(r"\d\d_[a-z0-9]+(_[a-z0-9]+)*")
FENCE = re.compile(r"^```python(?: tags=([\w,-]+))?\n(.*?)^```\n", re.MULTILINE | re.DOTALL)
CARD = """\
:::{{grid-item-card}} {number} · {title}
:link: ../notebooks/{name}
:link-type: doc

PROMISE: two sentences on what the reader will make and find out.
:::

"""


def lines(text: str) -> list[str]:
    """Return a text as a notebook holds it."""
    return text.strip("\n").splitlines(keepends=True)


def cells(text: str) -> list[dict]:
    """Return the cells of a template: its Python blocks, and the Markdown between them."""
    found, end = [], 0
    for block in [*FENCE.finditer(text), None]:
        between = text[end : block.start() if block else len(text)]
        if between.strip():
            found.append({"cell_type": "markdown", "metadata": {}, "source": lines(between)})
        if block:
            tags = {"tags": block[1].split(",")} if block[1] else {}
            code = {"cell_type": "code", "execution_count": None, "outputs": []}
            found.append({**code, "metadata": tags, "source": lines(block[2])})
            end = block.end()
    return [{**cell, "id": f"cell-{number}"} for number, cell in enumerate(found, 1)]


def notebook(title: str, previous: Path) -> str:
    """Return the text of the notebook file of a new chapter, not yet run."""
    first = json.loads(previous.read_text(encoding="utf-8"))["cells"][0]["source"][0]
    template = (ROOT / "scripts/chapter.md").read_text(encoding="utf-8")
    named = {"previous": previous.name, "previous_title": first.removeprefix("# ").strip()}
    text = template.format(title=title, **named)
    return check_notebooks.written(check_notebooks.tidy({"cells": cells(text), "metadata": {}}))


def with_toc_line(toc: str, name: str) -> str:
    """Return the table of contents with a line for the chapter, after the one before it."""
    line = r"^( *- file: )notebooks/(\d\d_\w+)\n(?: +sections:\n(?: +- file: exercises/\w+\n)*)?"
    entries = re.finditer(line, toc, flags=re.MULTILINE)
    before = [e for e in entries if e[2] < name][-1]
    return toc[: before.end()] + f"{before[1]}notebooks/{name}\n" + toc[before.end() :]


def with_row(page: str, name: str) -> str:
    """Return the start page with the chapter linked in the map: its planned row, or a new one."""
    number = int(name[:2])
    link = f"{{doc}}`../notebooks/{name}`"
    planned = re.compile(rf"^\| {number} \| (?!{{doc}}).*? \| (.*) \|\n", flags=re.MULTILINE)
    if planned.search(page):
        return planned.sub(lambda row: f"| {number} | {link} | {row[1]} |\n", page, count=1)
    rows = re.finditer(r"^\| (\d+) \| .*\n", page, flags=re.MULTILINE)
    end = [row for row in rows if int(row[1]) < number][-1].end()
    return page[:end] + f"| {number} | {link} | QUESTION: what does it answer? |\n" + page[end:]


def with_card(page: str, name: str, title: str) -> str:
    """Return the start page with a card for the chapter, after that of the one before it."""
    number = int(name[:2])
    card = CARD.format(number=number, title=title, name=name)
    cards = re.finditer(
        r"^:::\{grid-item-card\} (\d+) .*?^:::\n\n?", page, re.MULTILINE | re.DOTALL
    )
    end = [c for c in cards if int(c[1]) < number][-1].end()
    return page[:end] + card + page[end:]


def problem(root: Path, name: str, title: str) -> str | None:
    """Return why no chapter of this name can be started, or nothing."""
    if not NAME.fullmatch(name):
        return f"NAME={name} is not a name like 16_something: two digits, then small letters and _"
    if not title.strip():
        return 'TITLE is empty; give one: TITLE="Something"'
    if same := sorted(root.glob(f"notebooks/{name[:2]}_*.ipynb")):
        return f"there is a chapter {name[:2]} already: {same[0].name}"
    if not [f for f in root.glob("notebooks/*.ipynb") if f.stem < name]:
        return "there is no chapter before this one"
    return None


def start(root: Path, name: str, title: str) -> Path:
    """Write the notebook of a chapter, its line, row and card; return the notebook."""
    previous = max(f for f in root.glob("notebooks/*.ipynb") if f.stem < name)
    toc, page = root / "_toc.yml", root / "book/index.md"
    new_toc = with_toc_line(toc.read_text(encoding="utf-8"), name)
    new_page = with_row(page.read_text(encoding="utf-8"), name)
    file = root / f"notebooks/{name}.ipynb"
    file.write_text(notebook(title, previous), encoding="utf-8")
    toc.write_text(new_toc, encoding="utf-8")
    page.write_text(with_card(new_page, name, title), encoding="utf-8")
    return file


def run(file: Path) -> None:
    """Run a notebook, save its outputs, and bring it into its normal form."""
    convert = ("nbconvert", "--to", "notebook", "--execute", "--inplace", "--log-level=ERROR")
    subprocess.run([sys.executable, "-m", *convert, str(file)], check=True)
    checker = str(ROOT / "scripts/check_notebooks.py")
    subprocess.run([sys.executable, checker, "--fix", str(file)], check=True)


def main() -> None:
    """Start the chapter named on the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("name", help="like 16_something")
    parser.add_argument("title", help="as readers see it")
    asked = parser.parse_args()
    if why := problem(ROOT, asked.name, asked.title):
        sys.exit(f"make new-chapter: {why}.")
    file = start(ROOT, asked.name, asked.title)
    run(file)
    print(f"Started {file.relative_to(ROOT)}; it runs and passes the checks. Now write it:")
    print(f"  make lab PAGE={file.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
