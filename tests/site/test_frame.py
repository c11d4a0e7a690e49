"""What surrounds the book agrees with the book: the API page, the dependency page, the scripts."""

import importlib
import json
import re
import tomllib
from pathlib import Path

import lsrl_edu

ROOT = Path(__file__).parents[2]


def script(name):
    """Import one of the project's own scripts."""
    return importlib.import_module(f"scripts.{name}")


def names_on_api_page():
    """Return the names that the API page lists."""
    page = (ROOT / "book/reference/api.md").read_text()
    blocks = re.findall(r"\.\. autosummary::\n(.*?)```", page, flags=re.S)
    return {
        line.strip() for b in blocks for line in b.splitlines() if re.match(r" {3}[^:\s]", line)
    }


def test_api_page_lists_every_public_name_and_no_other():
    public = {name for name in lsrl_edu.__all__ if name not in ("programs", "__version__")}
    listed = {name for name in names_on_api_page() if "." not in name}
    assert listed == public


def test_every_dependency_is_justified_and_no_other():
    pinned = re.findall(r"^([\w-]+)==", (ROOT / "requirements.txt").read_text(), flags=re.M)
    page = (ROOT / "book/reference/dependencies.md").read_text().split("## Scripts")[0]
    justified = re.findall(r"^\| ([\w-]+)(?: \(.*?\))? \|", page, flags=re.M)
    assert sorted(set(justified) - {"Package"}) == sorted(pinned)


def test_pins_cover_what_the_package_asks_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = {re.match(r"[\w-]+", need).group() for need in project["dependencies"]}
    pinned = set(re.findall(r"^([\w-]+)==", (ROOT / "requirements.txt").read_text(), flags=re.M))
    assert asked <= pinned


def notebook(**cell):
    """Return the text of a small notebook in normal form, its code cell changed as asked."""
    code = {"cell_type": "code", "execution_count": 1, "id": "b", "metadata": {}, "outputs": []}
    title = {"cell_type": "markdown", "id": "a", "metadata": {}, "source": ["# Title"]}
    cells = [title, {**code, "source": ["1"], **cell}]
    checker = script("check_notebooks")
    return checker.written(checker.tidy({"cells": cells, "metadata": {}}))


def stream(text):
    """Return an output that printed a text."""
    return {"name": "stdout", "output_type": "stream", "text": [text]}


def test_a_notebook_in_order_has_no_problem():
    assert script("check_notebooks").problems(notebook()) == []


def test_each_disorder_of_a_notebook_is_named():
    error = {"output_type": "error", "ename": "ShapeError", "evalue": "", "traceback": []}
    home, module = "/" + "home/ada", "/" + "any/where/f.py"
    cases = [
        (f"the path {home}", notebook(outputs=[stream(f"{home}/x")])),
        (f"the path {module}", notebook(outputs=[stream(f'File "{module}", line 1')])),
        ("the path ~/book", notebook(outputs=[stream("\x1b[32m~/book/x\x1b[0m")])),
        ("raises-exception", notebook(outputs=[error])),
        ("raised nothing", notebook(metadata={"tags": ["raises-exception"]})),
        ("execution count", notebook(execution_count=None)),
        ("normal form", json.dumps(json.loads(notebook()))),
    ]
    for word, text in cases:
        found = script("check_notebooks").problems(text)
        assert len(found) == 1 and word in found[0], (word, found)


def test_urls_and_fractions_are_not_paths():
    text = "see https://example.org/home/page.html; 1/2, a/b/c, and/or"
    assert script("check_notebooks").problems(notebook(outputs=[stream(text)])) == []


def test_vendored_scripts_are_the_recorded_ones():
    assert script("vendor").problems() == []


def test_pieces_of_a_stream_become_one():
    checker = script("check_notebooks")
    pieces = [{"output_type": "stream", "name": "stdout", "text": [t]} for t in ("one, ", "two\n")]
    other = {"output_type": "stream", "name": "stderr", "text": ["oh\n"]}
    tidied = checker.tidy_outputs([*pieces, other, pieces[0]])
    assert [o["text"] for o in tidied] == [["one, two\n"], ["oh\n"], ["one, "]]
    assert checker.tidy_outputs(tidied) == tidied
