"""Judges of values: what they accept, and what they say of the rest."""

from fractions import Fraction
from itertools import count

import numpy as np
import pytest

import lsrl_edu as ls
from lsrl_edu.practice.challenge import Challenge, Score
from lsrl_edu.practice.exercise import Exercise
from lsrl_edu.practice.judges import Differs, Equals, Finds, Mistake, Rule, Satisfies, one_of


def check(judge, answer, **options):
    """The verdict of a judge inside an exercise."""
    hints = ("one hint, long", "two hints, long", "three hints, long")
    made = Exercise("00.1", "t", "trace", "easy", 1, "objective 1", judge, hints)
    return made.check(answer, **options)


LIST = Equals([1, 2.5, 3], mistakes=(Mistake([3, 2.5, 1], "backwards"),), hint="count again")


@pytest.mark.parametrize(
    "answer", [[1, 2.5, 3], (1, "2.5", 3), np.array([1, 2.5, 3]), [1, Fraction(5, 2), 3]]
)
def test_a_right_list_may_be_of_any_kind(answer):
    assert check(LIST, answer)


@pytest.mark.parametrize("answer", [None, ..., [], [1, None, 3], [1, ..., 3], {}])
def test_a_stub_is_not_attempted(answer):
    assert check(LIST, answer).status == "not attempted"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ([1, 2.5], "has 2 entries; it should have 3"),
        ("1 2 3", "should be a list of 3"),
        (7, "should be a list of 3"),
        ([1, "x", 3], "should be a number"),
        ([1, float("nan"), 3], "NaN or infinity"),
        ([1, float("inf"), 3], "NaN or infinity"),
        (count(), "goes on for more than 10,000"),
        ({1: 2}, "should be a list of 3"),
    ],
)
def test_what_is_no_answer_gets_a_sentence(answer, said):
    verdict = check(LIST, answer)
    assert verdict.status == "no answer" and said in verdict.message


def test_a_wrong_list_hears_of_its_first_wrong_entry():
    verdict = check(LIST, [1, 2, 4])
    assert verdict.status == "wrong"
    assert verdict.message == "Look again at entry 1 (from 0): it is not 2. count again"


def test_a_known_mistake_hears_its_message():
    assert check(LIST, [3, 2.5, 1]).message == "backwards"


def test_a_mistake_may_be_recognised_by_a_function():
    judge = Equals(10, mistakes=(Mistake(lambda v: v < 0, "negative"),))
    assert check(judge, -3).message == "negative"
    assert check(judge, 3).message == "It is not 3."


def test_words_do_not_care_for_capitals():
    judge = one_of(("fine", "broken"), "broken", {"fine": "Look at the size of the counter."})
    assert check(judge, " Broken ")
    assert check(judge, "fine").message == "Look at the size of the counter."
    assert check(judge, 3).status == "no answer"


def test_a_choice_needs_a_message_for_every_wrong_word():
    with pytest.raises(ValueError, match="no message for"):
        one_of(("a", "b", "c"), "a", {"b": "no"})


def test_tolerance_is_relative():
    assert check(Equals(1e9, tolerance=1e-3), 1.0005e9)
    assert not check(Equals(1e9, tolerance=1e-3), 1.01e9)


RULES = Satisfies(
    (
        Rule(lambda m: len(m) == 2, "two rows"),
        Rule(lambda m: m[0][0] == 1, lambda m: f"not {m[0][0]}"),
    ),
    kind=list,
    noun="a matrix",
    said="it turns",
)


def test_rules_are_asked_in_order():
    assert check(RULES, [[1], [2]]).message == "it turns"
    assert check(RULES, [[1]]).message == "two rows"
    assert check(RULES, [[5], [2]]).message == "not 5"
    assert "should be a matrix" in check(RULES, 4).message


def test_an_exception_in_a_rule_is_a_sentence():
    verdict = check(RULES, [3, 4])
    assert verdict.status == "no answer" and "TypeError" in verdict.message


def test_a_rule_may_find_the_problem_itself():
    judge = Satisfies((Finds(lambda n: f"{n} is odd" if n % 2 else ""),))
    assert check(judge, 4)
    assert check(judge, 3).message == "3 is odd"


def test_a_function_is_probed_for_a_stub():
    judge = Satisfies((Rule(lambda f: f(2) == 4, "square it"),), probe=(1,), noun="a function")
    assert check(judge, lambda n: n * n)
    assert check(judge, lambda n: ...).status == "not attempted"
    assert check(judge, lambda n: n).message == "square it"
    assert "should be a function" in check(judge, 3).message
    assert "ZeroDivisionError" in check(judge, lambda n: n / 0).message


def count_up(A):
    """The program s = A s + x."""
    return ls.foreach(dim=1)(lambda x: ls.LinState(x, A=[[A]], B=[[1]]))


PARTED = Differs(
    count_up(1),
    count_up(-1),
    allowed=(Rule(lambda xs: len(xs) <= 4, "at most four elements"),),
    mistakes=(Mistake(lambda xs: len(xs) == 1, "one element shows no past"),),
)


def test_an_input_that_tells_two_programs_apart():
    assert (
        check(PARTED, [1, 1]).message == "At element 1 the first gives 2.0, the second gives 0.0."
    )
    assert check(PARTED, [0, 0]).message == "Both give [0, 0]."
    assert check(PARTED, [3]).message == "one element shows no past"
    assert check(PARTED, [1] * 5).message == "at most four elements"
    assert check(PARTED, [[1, 2]]).status == "no answer"
    assert check(PARTED, "1 1").status == "no answer"


SHORT = Challenge(
    Satisfies((Rule(lambda s: "x" in s, "it needs an x"),), kind=str, noun="a word"),
    Score("letters", len, (("ours", 2), ("first try", 9))),
)


@pytest.mark.parametrize(
    ("answer", "said"),
    [("xyz", "Best known: 2."), ("xy", "You have reached it."), ("x", "better than anything")],
)
def test_a_challenge_is_scored_beside_the_best(answer, said):
    verdict = check(SHORT, answer)
    assert verdict and verdict.score == len(answer)
    assert f"Your score (letters): {len(answer)}." in verdict.message and said in verdict.message


def test_a_wrong_answer_to_a_challenge_has_no_score():
    verdict = check(SHORT, "y")
    assert verdict.status == "wrong" and verdict.score is None


def test_higher_may_be_better():
    score = Score("decades", float, (("ours", 3.0),), lower_is_better=False)
    assert score.best == 3 and "better than" in score.compared(4)
    assert "better than" not in score.compared(2)


def test_an_endless_check_is_stopped():
    def endless(_):
        while True:
            pass

    verdict = check(Satisfies((Rule(endless, ""),)), 1, seconds=0.2)
    assert verdict.status == "no answer" and "Stopped after 0.2 seconds" in verdict.message
