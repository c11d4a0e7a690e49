"""A notebook in order passes; each way to spoil one is refused, by its name."""

import json
import subprocess
import sys

import pytest

from scripts import check_notebooks as checker


def notebook(widgets=None, first="# Title", **cell):
    """Return the text of a small notebook in normal form, its code cell changed as asked."""
    code = {"cell_type": "code", "execution_count": 1, "id": "b", "metadata": {}, "outputs": []}
    title = {"cell_type": "markdown", "id": "a", "metadata": {}, "source": [first]}
    metadata = {"widgets": {checker.WIDGET_STATE: {"state": widgets}}} if widgets else {}
    cells = [title, {**code, "source": ["1"], **cell}]
    return checker.written(checker.tidy({"cells": cells, "metadata": metadata}))


def stream(text):
    """Return an output that printed a text."""
    return {"name": "stdout", "output_type": "stream", "text": [text]}


def view(model):
    """Return an output that shows a widget."""
    data = {checker.WIDGET_VIEW: {"model_id": model, "version_major": 2, "version_minor": 0}}
    return {"output_type": "display_data", "data": data, "metadata": {}}


def test_a_notebook_in_order_has_no_problem():
    assert checker.problems(notebook()) == []
    assert checker.problems(notebook(outputs=[view("a")], widgets={"a": {}})) == []


@pytest.mark.parametrize("spoiled", [True, False])
def test_a_spoiled_notebook_ends_the_command_with_an_error(tmp_path, spoiled):
    file = tmp_path / "one.ipynb"
    file.write_text(notebook(execution_count=7 if spoiled else 1))
    command = [sys.executable, checker.__file__, str(file)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == int(spoiled)
    assert ("execution count 7, not 1" in done.stdout) == spoiled


def test_fixing_removes_the_traces_of_an_editor_and_nothing_else(tmp_path):
    tagged = {"tags": ["hide-input"], "collapsed": True, "execution": {"iopub.status": "1"}}
    file = tmp_path / "one.ipynb"
    spoiled = json.loads(notebook())
    spoiled["cells"][1]["metadata"] = tagged
    spoiled["metadata"]["kernelspec"]["display_name"] = "my own"
    file.write_text(json.dumps(spoiled))
    subprocess.run([sys.executable, checker.__file__, "--fix", str(file)], check=True)
    assert file.read_text() == notebook(metadata={"tags": ["hide-input"]})


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
        (f"names the path {home}", notebook(source=[f'read("{home}/x")'])),
        ("outside notebooks/", notebook(source=['read("../data/x.csv")'])),
        ("state is not saved", notebook(outputs=[view("b")], widgets={"a": {}})),
        ("widget state of 300 kB", notebook(widgets={"a": "x" * 300_000})),
        ("the first cell", notebook(first="no title")),
        ("normal form", json.dumps(json.loads(notebook()))),
    ]
    for word, text in cases:
        found = checker.problems(text)
        assert len(found) == 1 and word in found[0], (word, found)


def test_urls_and_fractions_are_not_paths():
    text = "see https://example.org/home/page.html; 1/2, a/b/c, and/or"
    assert checker.problems(notebook(outputs=[stream(text)])) == []


def test_pieces_of_a_stream_become_one():
    pieces = [{"output_type": "stream", "name": "stdout", "text": [t]} for t in ("one, ", "two\n")]
    other = {"output_type": "stream", "name": "stderr", "text": ["oh\n"]}
    tidied = checker.tidy_outputs([*pieces, other, pieces[0]])
    assert [o["text"] for o in tidied] == [["one, two\n"], ["oh\n"], ["one, "]]
    assert checker.tidy_outputs(tidied) == tidied
