"""Lines in order: numbers from 1, the widget as an answer, and what a wrong order hears."""

import numpy as np
import pytest

from lsrl_edu.practice.arranged import Arranged, arranged
from lsrl_edu.practice.behaviour import Behaves
from lsrl_edu.practice.exercise import Exercise
from lsrl_edu.practice.inputs import bits
from lsrl_edu.practice.judges import Equals, Mistake

DEF = "def seen(x):"
STATE = "    ones = ls.LinState(x, A=[[1]], B=[[1]])"
STEP = "    some = ls.f_step(ones, mu=1)"
RETURN = "    return some"
EARLY = "    return ones"
UNNAMED = "    some = ls.f_step(x, mu=1)"

JUDGE = Arranged(
    (DEF, STATE, STEP, RETURN),
    "seen",
    Behaves(
        lambda xs: [int(any(xs[: t + 1])) for t in range(len(xs))],
        bits(4, long=20),
        domain=bool,
        mistakes=(Mistake(lambda xs: np.cumsum(xs).tolist(), "that is the count"),),
    ),
    distractors=(EARLY, UNNAMED),
    seed=3,
)


def numbers(*lines):
    """The reader's numbers of lines."""
    return [JUDGE.lines.index(line) + 1 for line in lines]


def check(answer):
    """The verdict of the judge inside an exercise."""
    hints = ("one hint, long", "two hints, long", "three hints, long")
    return Exercise("00.1", "t", "put in order", "easy", 1, "o", JUDGE, hints).check(answer)


def test_the_lines_are_shuffled_and_all_there():
    assert sorted(JUDGE.lines) == sorted([*JUDGE.program, *JUDGE.distractors])
    assert JUDGE.lines[:4] != JUDGE.program


def test_a_list_of_numbers_counts_from_one():
    assert JUDGE.right_order == numbers(DEF, STATE, STEP, RETURN)
    assert check(JUDGE.right_order)
    assert check(np.array(JUDGE.right_order))
    assert not check([n - 1 for n in JUDGE.right_order])


def test_the_widget_numbers_the_lines_alike_and_is_an_answer():
    widget = JUDGE.widget()
    assert widget.lines == JUDGE.lines
    assert check(widget).status == "not attempted"
    widget.order = tuple(JUDGE.right_order)
    assert widget.problem == ""
    assert check(widget)
    widget.order = tuple(numbers(DEF, STATE, EARLY))
    assert "that is the count" in check(widget).message
    widget.order = ()
    assert check(widget).status == "not attempted"


@pytest.mark.parametrize(
    ("order", "said"),
    [
        ([0, 1, 2], "they go from 1 to 6"),
        ([1, 7], "they go from 1 to 6"),
        ([True, 2], "not the number of a line"),
        ([1, 1, 2], "used twice"),
        ("first", "should be a list of line numbers"),
        (numbers(DEF, STEP, STATE, RETURN), "`ones` is used before a line makes it"),
        (numbers(DEF, STATE, RETURN), "`some` is used before a line makes it"),
        (numbers(DEF, STATE, STEP), "return nothing"),
        (numbers(STATE, DEF, STEP), "cannot read the lines in this order"),
        (numbers(DEF, STATE, STEP, EARLY), "that is the count"),
        (numbers(DEF, STATE, UNNAMED, STEP, RETURN), "`some = ls.f_step(x, mu=1)` does nothing"),
        (numbers(DEF, UNNAMED, RETURN), "For [1, 0] the output at element 1"),
    ],
)
def test_a_wrong_order_hears_why(order, said):
    verdict = check(order)
    assert verdict.status in ("wrong", "no answer")
    assert said in verdict.message


@pytest.mark.parametrize("stub", [None, ..., []])
def test_a_stub_is_not_attempted(stub):
    assert check(stub).status == "not attempted"


def test_other_exercises_have_no_lines():
    with pytest.raises(TypeError, match="no lines"):
        arranged(Equals(1))
