"""Make the readers' exercise notebooks from those with the solutions.

``python -m scripts.make_exercises`` writes ``exercises/NN_name.ipynb`` from
``exercises/solutions/NN_name.ipynb``; ``--check`` only says which would change; ``--nbgrader DIR``
writes the sources for nbgrader instead, with its metadata and with checks that raise.

A solution notebook has, for every exercise: a Markdown cell that begins with its heading; code
that is given, if any; one code cell with the solution between the lines ``### BEGIN SOLUTION`` and
``### END SOLUTION`` (nbgrader's markers); one code cell with ``check("01.2", answer)``; and a
Markdown cell that says why.
"""

import argparse
import re
import sys
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from lsrl_edu.practice import exercise

FOLDER = Path("exercises")
SOLUTION = re.compile(r"^([ \t]*)### BEGIN SOLUTION\n(.*?)^[ \t]*### END SOLUTION\n?", re.M | re.S)
CHECK = re.compile(r'^check\("(\d\d\.\d+)",', re.M)
STUB = "...  # your code here"
VALUE = "# your answer here"  # outside a function, where `...` would be shown as an output


def stub(source: str) -> str:
    """Return a cell with every solution replaced by a place to write one."""
    return SOLUTION.sub(lambda found: f"{found[1]}{STUB if found[1] else VALUE}\n", source).rstrip()


def solution(source: str) -> str:
    """Return a cell without the two marker lines, and without a value that they replace."""
    source = re.sub(r"^(\w+) = None\n(?=### BEGIN SOLUTION\n\1 = )", "", source, flags=re.M)
    return SOLUTION.sub(lambda found: found[2], source).rstrip()


def student(source: NotebookNode) -> NotebookNode:
    """Return the reader's notebook of a notebook with solutions.

    Raises:
        ValueError: where a part of an exercise is missing, or its heading is not the one in
            :mod:`lsrl_edu.practice.chapters`.
    """
    made = deepcopy(source)
    made.cells = [cell for part in parts(source) for cell in _reader_cells(part)]
    for number, cell in enumerate(made.cells):
        cell["id"] = f"cell-{number}"  # stable, so that a rebuilt notebook is the same file
    return made


def parts(notebook: NotebookNode) -> Iterator[list[NotebookNode]]:
    """Yield the cells before the first exercise, then those of each exercise."""
    part: list[NotebookNode] = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and re.match(r"## \d\d\.\d+ ", cell.source) and part:
            yield part
            part = []
        part.append(cell)
    yield part


def key_of(part: list[NotebookNode]) -> str | None:
    """Return the key of the exercise that cells belong to, None for those before the first."""
    found = re.match(r"## (\d\d\.\d+) ", part[0].source)
    return found[1] if found else None


def _reader_cells(part: list[NotebookNode]) -> Iterator[NotebookNode]:
    key = key_of(part)
    if key is None:
        yield from (_plain(cell) for cell in part)
        return
    _complain_about(part, key)
    solved = next(c for c in part if "### BEGIN SOLUTION" in c.source)
    for cell in part[:-1]:
        yield _plain(cell, stub(cell.source))
    tags = {"tags": ["hide-input"]}
    yield new_code_cell(f'hints("{key}")', metadata=tags)
    yield new_markdown_cell(_folded(solution(solved.source), part[-1].source))


def _plain(cell: NotebookNode, source: str | None = None) -> NotebookNode:
    make = new_code_cell if cell.cell_type == "code" else new_markdown_cell
    kept = {k: v for k, v in cell.metadata.items() if k == "tags"}
    return make(cell.source if source is None else source, metadata=kept)


def _folded(code: str, why: str) -> str:
    code = f"```python\n{code}\n```"
    return f"<details>\n<summary>Solution and why</summary>\n\n{code}\n\n{why}\n\n</details>"


def _complain_about(part: list[NotebookNode], key: str) -> None:
    """Raise where an exercise's cells are not those that this file's heading asks for."""
    heading = exercise(key).heading
    checked = [m for c in part if c.cell_type == "code" for m in CHECK.findall(c.source)]
    problems = {
        f"its first cell should begin with {heading!r}": part[0].source.startswith(heading),
        f'one cell should be `check("{key}", ...)`, not {checked}': checked == [key],
        "one cell should hold ### BEGIN SOLUTION": (
            sum("### BEGIN SOLUTION" in c.source for c in part) == 1
        ),
        "its last cell should be Markdown that says why": part[-1].cell_type == "markdown"
        and len(part) > 2,
    }
    for problem, fine in problems.items():
        if not fine:
            raise ValueError(f"exercise {key}: {problem}")


# --- nbgrader --------------------------------------------------------------------------------
def for_nbgrader(source: NotebookNode) -> NotebookNode:
    """Return a source notebook for nbgrader: its metadata, checks that raise, no explanations."""
    made = deepcopy(source)
    made.cells = [c for part in parts(made) for c in (part[:-1] if key_of(part) else part)]
    for number, cell in enumerate(made.cells):
        cell["id"] = f"cell-{number}"
        if cell.cell_type != "code":
            continue
        if found := CHECK.search(cell.source):
            cell.source = f"verdict = {cell.source}\nassert verdict, verdict"
            cell.metadata["nbgrader"] = _graded(f"check-{found[1]}", points=1)
        elif "### BEGIN SOLUTION" in cell.source:
            cell.metadata["nbgrader"] = _graded(f"answer-{number}", points=None)
    return made


def _graded(name: str, points: int | None) -> dict:
    graded = {
        "grade": points is not None,
        "grade_id": name.replace(".", "-"),
        "locked": points is not None,
        "schema_version": 3,
        "solution": points is None,
        "task": False,
        "cell_type": "code",
    }
    return graded | ({"points": points} if points is not None else {})


# --- files -----------------------------------------------------------------------------------
def sources(folder: Path = FOLDER) -> list[Path]:
    """Return the notebooks with solutions."""
    return sorted((folder / "solutions").glob("*.ipynb"))


def differs(path: Path, made: NotebookNode) -> bool:
    """Return whether a reader's notebook is not what its source gives. Outputs do not count."""
    if not path.exists():
        return True
    saved = nbformat.read(path, 4)
    told = [[(c.cell_type, c.source, c.metadata) for c in nb.cells] for nb in (saved, made)]
    return told[0] != told[1]


def main(arguments: list[str] | None = None) -> int:
    """Write, compare, or export."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing, fail on a difference")
    parser.add_argument("--nbgrader", type=Path, metavar="DIR", help="write nbgrader's sources")
    parser.add_argument("chapters", nargs="*", help='only these, "01"; all if left out')
    options = parser.parse_args(arguments)
    changed = []
    for path in sources():
        if options.chapters and path.name[:2] not in options.chapters:
            continue
        read = nbformat.read(path, 4)
        if options.nbgrader:
            target = options.nbgrader / path.stem / path.name
            target.parent.mkdir(parents=True, exist_ok=True)
            nbformat.write(for_nbgrader(read), target)
        elif differs(FOLDER / path.name, made := student(read)):
            changed.append(str(FOLDER / path.name))
            if not options.check:
                nbformat.write(made, FOLDER / path.name)
    for name in changed:
        sys.stderr.write(f"{name} {'is not what its source gives' if options.check else 'made'}\n")
    return int(options.check and bool(changed))


if __name__ == "__main__":
    sys.exit(main())
