"""Keep committed notebooks in one form: run in order, free of one machine's paths, and small.

``python scripts/check_notebooks.py NOTEBOOK ...`` prints one sentence a problem and fails if there
is one. ``--fix`` rewrites what has one right form (metadata, key order); what an author has to
decide (a missing output, a path, an error) is only reported.
"""

import argparse
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
LANGUAGE = {"name": "python", "pygments_lexer": "ipython3"}
KEPT_CELL_METADATA = ("tags", "mystnb", "jupyter", "slideshow", "nbgrader")
LARGEST_WIDGET_STATE = 300_000

# Paths that only exist on the machine a notebook ran on: home and system folders, files of code.
HOMES = r"(?<![\w.:/])/(?:home|root|Users|tmp|var|private|opt|usr|mnt|srv)/[\w.+-]+"
FILES = r"(?<![\w.:/<])/(?:[\w.+-]+/)+[\w.+-]+\.(?:py|ipynb|so|json|safetensors)\b"
TILDES = r"(?<![\w.:/])~/[\w.+-]+"
DRIVES = r"\b[A-Z]:\\+[\w.+-]+"
PATH = re.compile("|".join([HOMES, FILES, TILDES, DRIVES]))
# A notebook is read, and run, in other places than this clone.
OUTSIDE = re.compile(r"""["']\.\./""")
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
WIDGET_STATE = "application/vnd.jupyter.widget-state+json"
COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def code_cells(notebook: dict) -> list[tuple[int, dict]]:
    """Return the code cells with their number as a reader would count them."""
    return [(i, c) for i, c in enumerate(notebook["cells"], 1) if c["cell_type"] == "code"]


def joined(text: str | list[str]) -> str:
    """Return a notebook's text, which may be a list of lines, as one string."""
    return text if isinstance(text, str) else "".join(text)


def output_texts(output: dict) -> Iterator[str]:
    """Yield every readable text of an output (not pictures, which are base64)."""
    yield joined(output.get("text", ""))
    yield joined(output.get("traceback", []))
    for kind, data in output.get("data", {}).items():
        if not kind.startswith("image/") or kind == "image/svg+xml":
            yield joined(data) if isinstance(data, str | list) else json.dumps(data)


def path_problems(notebook: dict) -> Iterator[str]:
    """Yield the outputs that show a path of the machine they were made on."""
    for number, cell in code_cells(notebook):
        for output in cell["outputs"]:
            for text in output_texts(output):
                if found := PATH.search(COLOURS.sub("", text)):
                    yield f"cell {number}: an output shows the path {found.group()}"


def source_problems(notebook: dict) -> Iterator[str]:
    """Yield the code cells that need a file of one machine, or of the clone around the notebook."""
    for number, cell in code_cells(notebook):
        source = joined(cell["source"])
        if found := PATH.search(source):
            yield f"cell {number}: the code names the path {found.group()}"
        if OUTSIDE.search(source):
            yield f"cell {number}: reads outside notebooks/; data is found with lsrl_edu.data.DATA"


def error_problems(notebook: dict) -> Iterator[str]:
    """Yield the saved errors that nobody asked for, and the asked-for ones that did not come."""
    for number, cell in code_cells(notebook):
        errors = [o["ename"] for o in cell["outputs"] if o["output_type"] == "error"]
        expected = "raises-exception" in cell["metadata"].get("tags", [])
        if errors and not expected:
            yield f"cell {number}: ends in {errors[0]}; tag it raises-exception if that is meant"
        if expected and not errors:
            yield f"cell {number}: is tagged raises-exception, but its saved run raised nothing"


def order_problems(notebook: dict) -> Iterator[str]:
    """Yield the cells that were not run once each, from top to bottom."""
    cells = [(n, c) for n, c in code_cells(notebook) if joined(c["source"]).strip()]
    for expected, (number, cell) in enumerate(cells, 1):
        if cell["execution_count"] != expected:
            yield f"cell {number}: execution count {cell['execution_count']}, not {expected}"
            return


def widget_problems(notebook: dict) -> Iterator[str]:
    """Yield a widget state that is too large to be sent to a phone, or lacks what is shown."""
    saved = notebook["metadata"].get("widgets", {})
    size = len(json.dumps(saved))
    if size > LARGEST_WIDGET_STATE:
        yield f"widget state of {size // 1000} kB; at most {LARGEST_WIDGET_STATE // 1000} kB"
    states = saved.get(WIDGET_STATE, {}).get("state", {})
    for number, cell in code_cells(notebook):
        for output in cell["outputs"]:
            shown = output.get("data", {}).get(WIDGET_VIEW)
            if shown and shown["model_id"] not in states:
                yield f"cell {number}: shows a widget whose state is not saved; run it again"


def title_problems(notebook: dict) -> Iterator[str]:
    """Yield a notebook without the one title that the site's navigation shows."""
    first = notebook["cells"][0] if notebook["cells"] else {"cell_type": "", "source": ""}
    if first["cell_type"] != "markdown" or not joined(first["source"]).startswith("# "):
        yield "the first cell must be Markdown and start with '# ' and the title"


RULES = (
    path_problems,
    source_problems,
    error_problems,
    order_problems,
    widget_problems,
    title_problems,
)


def tidy_outputs(outputs: list[dict]) -> list[dict]:
    """Return outputs in which neighbouring pieces of one stream are one piece.

    A kernel sends what is printed in pieces, cut where time happens to pass; the site would show
    each as a block of its own.
    """
    tidied: list[dict] = []
    for output in outputs:
        last = tidied[-1] if tidied else {}
        if output["output_type"] == "stream" and last.get("name") == output["name"]:
            text = joined(last["text"]) + joined(output["text"])
            tidied[-1] = {**last, "text": text.splitlines(keepends=True)}
        else:
            tidied.append(output)
    return tidied


def tidy_cell(cell: dict) -> dict:
    """Return a cell without the traces of the program it was edited with."""
    kept = {k: v for k, v in cell["metadata"].items() if k in KEPT_CELL_METADATA}
    tidied = {**cell, "metadata": kept}
    return tidied | ({"outputs": tidy_outputs(cell["outputs"])} if "outputs" in cell else {})


def tidy(notebook: dict) -> dict:
    """Return the notebook in the one form in which it is committed."""
    metadata = {"kernelspec": KERNEL, "language_info": LANGUAGE}
    if widgets := notebook["metadata"].get("widgets"):
        metadata["widgets"] = widgets
    cells = [tidy_cell(cell) for cell in notebook["cells"]]
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def written(notebook: dict) -> str:
    """Return the text of a notebook file, as Jupyter itself lays it out."""
    return json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def problems(text: str) -> list[str]:
    """Return everything that is wrong with the text of a notebook file, a sentence each."""
    notebook = json.loads(text)
    found = [sentence for rule in RULES for sentence in rule(notebook)]
    if text != written(tidy(notebook)):
        found.append("is not in its normal form: make format")
    return found


def main() -> None:
    """Check (and with --fix, first tidy) the notebooks named on the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--fix", action="store_true", help="rewrite what has one right form")
    parser.add_argument("notebooks", nargs="*", type=Path)
    asked = parser.parse_args()
    failed = False
    for file in asked.notebooks:
        text = file.read_text(encoding="utf-8")
        if asked.fix and text != (tidied := written(tidy(json.loads(text)))):
            file.write_text(tidied, encoding="utf-8")
            text = tidied
        for sentence in problems(text):
            failed = True
            print(f"{file}: {sentence}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
