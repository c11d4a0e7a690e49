"""Readers' notebooks come from those with the solutions, and hold no solution in sight."""

from copy import deepcopy
from pathlib import Path

import nbformat
import pytest

from scripts.make_exercises import (
    differs,
    for_nbgrader,
    main,
    parts,
    solution,
    sources,
    stub,
    student,
)

ROOT = Path(__file__).parents[2]
CELL = "def f(x):\n    ### BEGIN SOLUTION\n    y = x\n    return y\n    ### END SOLUTION\n"


@pytest.fixture(scope="module")
def source():
    return nbformat.read(sources(ROOT / "exercises")[0], 4)


def test_a_stub_has_the_solution_taken_out():
    assert stub(CELL) == "def f(x):\n    ...  # your code here"
    assert solution(CELL) == "def f(x):\n    y = x\n    return y"


def test_what_stands_around_a_solution_stays():
    cell = "a = None\n### BEGIN SOLUTION\na = 3\n### END SOLUTION\nb = 4\n"
    assert stub(cell) == "a = None\n# your answer here\nb = 4"


def test_a_solution_does_not_begin_with_the_value_it_replaces():
    cell = "a = None\n### BEGIN SOLUTION\na = 3\n### END SOLUTION\n"
    assert solution(cell) == "a = 3"


def test_every_exercise_has_its_hints_and_its_folded_solution(source):
    made = student(source)
    exercises = len(list(parts(source))) - 1
    assert sum(c.source.startswith("hints(") for c in made.cells) == exercises
    assert sum("<summary>Solution and why</summary>" in c.source for c in made.cells) == exercises


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("### BEGIN SOLUTION", "###", "should hold ### BEGIN SOLUTION"),
        ('check("01.1"', 'check("01.2"', 'should be `check("01.1"'),
        ("minutes, objective", "minutes: objective", "should begin with"),
    ],
)
def test_an_incomplete_exercise_is_refused(source, old, new, said):
    spoiled = deepcopy(source)
    for cell in spoiled.cells:
        cell.source = cell.source.replace(old, new)
    with pytest.raises(ValueError, match="exercise 01.1: ") as error:
        student(spoiled)
    assert said in str(error.value)


def test_a_changed_cell_is_a_difference_and_an_output_is_not(source, tmp_path):
    made = student(source)
    path = tmp_path / "made.ipynb"
    assert differs(path, made)
    nbformat.write(made, path)
    assert not differs(path, made)
    made.cells[-1].source += "!"
    assert differs(path, made)


def test_the_check_mode_writes_nothing_and_agrees(monkeypatch):
    monkeypatch.chdir(ROOT)
    assert main(["--check"]) == 0


def test_sources_for_nbgrader_have_its_metadata_and_raise(source):
    made = for_nbgrader(source)
    graded = [c for c in made.cells if c.metadata.get("nbgrader", {}).get("grade")]
    solved = [c for c in made.cells if c.metadata.get("nbgrader", {}).get("solution")]
    assert len(graded) == len(solved) == len(list(parts(source))) - 1
    assert all(c.source.endswith("assert verdict, verdict") for c in graded)
    assert not any("binary number" in c.source for c in made.cells)  # the explanation of 01.1
    names = [c.metadata.nbgrader.grade_id for c in graded + solved]
    assert len(set(names)) == len(names)
