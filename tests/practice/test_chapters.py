"""Every exercise: the solution passes, the stub is a stub, wrong answers are told apart."""

import ast
from functools import cache
from importlib import import_module
from pathlib import Path

import nbformat
import pytest

from lsrl_edu.practice import exercise, exercises
from lsrl_edu.practice.shelf import chapter_numbers
from scripts.make_exercises import CHECK, SOLUTION, differs, solution, sources, student

ROOT = Path(__file__).parents[2]
SOURCES = {path.name[:2]: path for path in sources(ROOT / "exercises")}
ALL = [e for chapter in chapter_numbers() for e in exercises(chapter)]
by_key = pytest.mark.parametrize("key", [e.key for e in ALL])


def answers(chapter):
    """The module with a chapter's wrong and other right answers."""
    return import_module(f"tests.practice.answers.chapter{chapter}")


def run(cells):
    """Run code cells in order; return each check's (answer, verdict), by key."""
    names, checked = {}, {}
    for cell in cells:
        found = CHECK.search(cell)
        if found:
            call = ast.parse(cell, mode="eval").body
            answer, verdict = (eval(ast.unparse(part), names) for part in (call.args[1], call))
            checked[found[1]] = answer, verdict
        elif not cell.startswith("hints("):
            exec(cell, names)
    return checked


@cache
def checked(chapter, solved):
    """The checks of a chapter's notebook, run once, with the solutions or with the stubs."""
    source = nbformat.read(SOURCES[chapter], 4)
    cells = source.cells if solved else student(source).cells
    return run([solution(c.source) for c in cells if c.cell_type == "code"])


@by_key
def test_the_solution_passes(key):
    _, verdict = checked(key[:2], solved=True)[key]
    assert verdict, verdict


@by_key
def test_the_stub_is_not_attempted(key):
    _, verdict = checked(key[:2], solved=False)[key]
    assert verdict.status == "not attempted"


@by_key
def test_every_wrong_answer_hears_something_of_its_own(key):
    wrong = answers(key[:2]).WRONG[key]
    said = []
    for answer, expected in wrong:
        verdict = exercise(key).check(answer)
        assert verdict.status in ("wrong", "no answer"), verdict
        assert expected in verdict.message
        said.append(expected)
    assert len(set(said)) == len(said) >= 3


@pytest.mark.parametrize(
    ("key", "other"),
    [(key, made) for c in chapter_numbers() for key, made in answers(c).OTHERS.items()],
    ids=lambda v: v if isinstance(v, str) else "other",
)
def test_another_right_answer_passes(key, other):
    verdict = exercise(key).check(other)
    assert verdict, verdict


@by_key
def test_other_inputs_change_nothing_for_a_right_answer(key):
    answer, _ = checked(key[:2], solved=True)[key]
    verdict = exercise(key).check(answer, seed=1)
    assert verdict, verdict


@pytest.mark.parametrize("chapter", chapter_numbers())
def test_a_chapter_has_its_exercises_in_order(chapter):
    keys = [e.key for e in exercises(chapter)]
    assert keys == [f"{chapter}.{i}" for i in range(1, len(keys) + 1)]
    assert list(checked(chapter, solved=True)) == keys
    assert set(answers(chapter).WRONG) == set(keys) >= set(answers(chapter).OTHERS)


@by_key
def test_hints_are_three_and_different(key):
    given = exercise(key).hints
    assert len(set(given)) == 3 and all(len(hint) > 15 for hint in given)


@pytest.mark.parametrize("chapter", chapter_numbers())
def test_the_readers_notebook_is_what_its_source_gives(chapter):
    made = student(nbformat.read(SOURCES[chapter], 4))
    assert not differs(ROOT / "exercises" / SOURCES[chapter].name, made)
    assert not any(SOLUTION.search(c.source) for c in made.cells)


def test_many_exercises_have_a_second_right_answer():
    assert sum(len(answers(chapter).OTHERS) for chapter in chapter_numbers()) >= 40
