"""The judge of programs: behaviour, not text; and where a wrong one goes wrong."""

import numpy as np
import pytest

import lsrl_edu as ls
from lsrl_edu.practice.behaviour import Behaves, first_wrong
from lsrl_edu.practice.inputs import bits, integers, reals
from lsrl_edu.practice.judges import Mistake, Rule
from lsrl_edu.practice.limits import OutOfTime, within
from lsrl_edu.practice.reading import as_program
from lsrl_edu.practice.verdict import Refused


def seen(xs):
    """Has there been a 1?"""
    return [int(any(xs[: t + 1])) for t in range(len(xs))]


def counts(xs):
    """How many ones?"""
    return np.cumsum(xs).tolist()


JUDGE = Behaves(
    seen,
    bits(5),
    domain=bool,
    inside={"ones": counts},
    mistakes=(Mistake(list, "that is this element"),),
)


def verdict_on(answer, judge=JUDGE, seed=0):
    """What a judge says of an answer."""
    try:
        return judge.examine(judge.read(answer), seed)
    except Refused as refused:
        return refused.verdict


def right_one(x):
    ones = ls.LinState(x, A=[[1]], B=[[1]], name="ones")
    return ls.f_step(ones, mu=1)


def reads_itself(x):
    s = ls.LinState(x + s, A=[[1]], B=[[1]])  # noqa: F821
    return s


def forgets_to_return(x):
    right_one(x)


def test_a_function_and_a_program_pass():
    assert verdict_on(right_one)
    assert verdict_on(ls.foreach(dim=1)(right_one))


def test_the_report_points_at_the_first_wrong_state():
    def late(x):
        ones = ls.LinState(x, A=[[1]], B=[[0]], name="ones")
        return ls.f_step(ones, mu=1)

    verdict = verdict_on(late)
    assert verdict.status == "wrong"
    assert "For [1] the output at element 0 should be 1, not 0." in verdict.message
    assert "It begins at `ones`, element 0: 0 should be 1." in verdict.message
    assert "(seed=0)" in verdict.message
    html = verdict._repr_html_()
    assert "0, not 1" in html and 'stroke-width="4.2"' in html


def test_the_report_finds_a_state_that_goes_wrong_before_the_output():
    def leaks(x):
        ones = ls.LinState(x, A=[[0.5]], B=[[1]], name="ones")
        return ls.f_step(ones - 0.25, mu=4)

    verdict = verdict_on(leaks)
    assert "For [1, 0, 0] the output at element 2" in verdict.message
    assert "It begins at `ones`, element 1: 0.5 should be 1." in verdict.message
    assert "after element 1" in verdict.picture.graph.title


def test_a_right_program_with_other_names_inside_passes():
    def halves(x):
        ones = ls.LinState(x, A=[[1]], B=[[2]], name="ones")  # twice the count
        return ls.f_step(ones, mu=1)

    assert verdict_on(halves)


def test_a_known_mistake_hears_its_message_first():
    assert verdict_on(lambda x: 1 * x).message.startswith("that is this element For [")


@pytest.mark.parametrize(
    ("answer", "status", "said"),
    [
        (None, "not attempted", ""),
        (lambda x: None, "not attempted", ""),
        (lambda x: ..., "not attempted", ""),
        (forgets_to_return, "no answer", "Is a `return` missing"),
        ("right_one", "no answer", "should be a program"),
        (ls.Input(1), "no answer", "is a node (Input)"),
        (lambda x: ls.Concat(x, x), "no answer", "returns 2 numbers"),
        (lambda x: 5, "no answer", "A program returns one node"),
        (lambda x: x.nothing, "no answer", "AttributeError"),
        (lambda x: x**2, "no answer", "LSRL has no powers"),
        (reads_itself, "no answer", "must exist before another can read it"),
        (lambda x: ls.LinState(x, A=[[1, 0]], B=[[1]]), "no answer", "must be square"),
        (lambda x, y: x, "no answer", "TypeError"),
        (ls.foreach(dim=2)(lambda x: x[0]), "no answer", "has width 2; it should be 1"),
    ],
)
def test_what_is_no_program_gets_a_sentence(answer, status, said):
    verdict = verdict_on(answer)
    assert verdict.status == status and said in verdict.message


def test_a_program_that_overflows_gets_a_sentence():
    def explodes(x):
        large = ls.LinState(x + 1, A=[[1]], B=[[1e200]])
        return ls.LinState(large, A=[[1]], B=[[1e200]])

    assert "beyond all numbers" in verdict_on(explodes).message


def test_rules_come_first():
    judge = Behaves(seen, bits(3), rules=(Rule(lambda p: not p.states, "no state here"),))
    assert verdict_on(right_one, judge).message == "no state here"


def test_a_target_must_take_the_program():
    squares = Behaves(lambda xs: [x * x for x in xs], integers(-3, 3), target="linear_rnn")
    verdict = verdict_on(lambda x: x * x, squares)
    assert verdict.status == "wrong" and "linear_rnn refuses it" in verdict.message
    same = Behaves(list, integers(-3, 3), target="linear_rnn")
    assert "program and linear_rnn network" in verdict_on(lambda x: 1 * x, same).message


def test_wide_inputs_and_outputs():
    judge = Behaves(
        lambda xs: [[b, a] for a, b in xs],
        lambda rng: [rng.integers(0, 9, (n, 2)) for n in (1, 4)],
        dim=2,
        width=2,
    )
    assert verdict_on(lambda x: ls.Concat(x[1], x[0]), judge)
    assert "should be [" in verdict_on(lambda x: ls.Concat(x[0], x[1]), judge).message


def test_another_seed_tries_other_inputs():
    judge = Behaves(list, integers(-5, 5))
    assert judge.sequences(0) == judge.sequences(0) != judge.sequences(1)
    assert [] in judge.sequences(0)


@pytest.mark.parametrize("inputs", [bits(3), integers(0, 9), reals(-1, 1)])
def test_inputs_hold_one_element_and_many(inputs):
    lengths = {len(xs) for xs in inputs(np.random.default_rng(0))}
    assert 1 in lengths and max(lengths) >= 40


def test_first_wrong_sees_nan_and_perturbations():
    assert first_wrong(np.array([1.0, 2.0]), [1, 2], 1e-6) is None
    assert first_wrong(np.array([1.0, 2.1]), [1, 2], 1e-6) == 1
    assert first_wrong(np.array([np.nan, 2.0]), [1, 2], 1e-6) == 0
    assert first_wrong(np.zeros(0), [], 1e-6) is None
    with pytest.raises(ValueError, match="specification returns"):
        first_wrong(np.zeros(2), [0], 1e-6)


def test_a_program_is_read_once_with_its_domain():
    assert as_program(right_one, 1, bool).domain is bool


def test_within_gives_the_value_the_error_and_the_end():
    assert within(1, lambda: 3) == 3
    with pytest.raises(KeyError):
        within(1, lambda: {}[0])

    def endless():
        while True:
            pass

    with pytest.raises(OutOfTime):
        within(0.1, endless)
