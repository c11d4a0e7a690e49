"""The judge of programs that only have to keep rules."""

import lsrl_edu as ls
from lsrl_edu.practice.exercise import Exercise
from lsrl_edu.practice.fits import Fits
from lsrl_edu.practice.judges import Rule

JUDGE = Fits(
    (
        Rule(lambda p: p.output.dim == 2, "not two numbers"),
        Rule(lambda p: any(n.kind == "ReLU" for n in p.nodes), lambda p: f"{p.name} has no ReLU"),
    ),
    width=None,
    said="it bends",
)


def check(answer, judge=JUDGE):
    """The verdict of the judge inside an exercise."""
    hints = ("one hint, long", "two hints, long", "three hints, long")
    return Exercise("00.1", "t", "write", "easy", 1, "o", judge, hints).check(answer)


def two(x):
    return ls.Concat(x, ls.ReLU(x))


def test_a_function_and_a_program_that_keep_the_rules_pass():
    assert "it bends" in check(two).message
    assert check(ls.foreach(dim=1)(two))


def test_the_first_broken_rule_is_named():
    assert check(ls.ReLU).message == "not two numbers"
    assert check(lambda x: ls.Concat(x, x)).message.endswith("has no ReLU")


def test_a_width_that_is_asked_for_is_checked():
    assert "should return 1" in check(two, Fits((), width=1)).message


def test_a_stub_is_not_attempted():
    assert check(lambda x: None).status == "not attempted"
