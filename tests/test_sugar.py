from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import lsrl_edu as ls
from lsrl_edu.counters import f_position
from lsrl_edu.errors import LSRLError, PrecisionError, ProgramError, ShapeError
from lsrl_edu.graph import topological
from lsrl_edu.sugar import METHODS, concat_sum

X = ls.Input(1, name="x")
PAIR = ls.Input(2, name="pair")
A, B = PAIR
TRIPLE = ls.Input(3, name="triple")

numbers = st.fractions(-20, 20, max_denominator=1000)
steepnesses = st.sampled_from([1, 2, 10, 1000, Fraction(1, 2)])
bits = st.sampled_from([0, 1])


def value(node, *element):
    """The exact value of a node for one element; a list where the node is wide."""
    found = ls.Program(node).run([list(element)], number="exact")[0].tolist()
    return found[0] if node.dim == 1 else found


def relus(node):
    return sum(isinstance(n, ls.ReLU) for n in topological(node))


def naive_step(x, mu):
    return min(1, max(0, mu * x))


# --- steps and comparisons -------------------------------------------------------------------


@given(numbers, steepnesses)
def test_step_is_a_ramp_cut_off_at_0_and_1(x, mu):
    assert value(ls.f_step(X, mu), x) == naive_step(x, mu)


@pytest.mark.parametrize("mu", [1, 10, 1000])
def test_the_corners_of_a_step(mu):
    width = Fraction(1, mu)
    step = ls.f_step(X, mu)
    assert [value(step, x) for x in (-width, 0, width / 2, width, 1 + width)] == [0, 0, 0.5, 1, 1]


@given(numbers, numbers, steepnesses)
def test_comparisons(x, y, mu):
    assert value(ls.f_larger(A, B, mu), x, y) == naive_step(x - y, mu)
    assert value(ls.f_smaller(A, B, mu), x, y) == naive_step(y - x, mu)
    assert value(ls.f_larger(X, y, mu), x) == naive_step(x - y, mu)
    assert value(ls.f_larger(y, X, mu), x) == naive_step(y - x, mu)
    different = min(1, mu * abs(x - y))
    assert value(ls.f_neq(A, B, mu), x, y) == different
    assert value(ls.f_eq(A, B, mu), x, y) == 1 - different


@given(numbers, numbers, numbers, steepnesses)
def test_bump(x, low, high, mu):
    expected = naive_step(x - low, mu) - naive_step(x - high, mu)
    assert value(ls.f_bump(X, low, high, mu), x) == expected
    assert value(ls.f_bump(TRIPLE[0], TRIPLE[1], TRIPLE[2], mu), x, low, high) == expected


def test_the_plateau_of_a_bump():
    bump = ls.f_bump(X, 1, 2, mu=4)
    assert [value(bump, x) for x in (1, 1.25, 2, 2.25, 3)] == [0, 1, 1, 0, 0]


# --- logic -----------------------------------------------------------------------------------


@pytest.mark.parametrize("a", [0, 1])
@pytest.mark.parametrize("b", [0, 1])
@pytest.mark.parametrize("mu", [1, 10, 1000])
def test_truth_tables(a, b, mu):
    assert value(ls.f_and(A, B, mu), a, b) == (a and b)
    assert value(ls.f_or(A, B, mu), a, b) == (a or b)
    assert value(ls.f_not(A), a, b) == 1 - a
    assert value(ls.f_eq(A, B, mu), a, b) == (a == b)


@given(st.lists(numbers, min_size=2, max_size=2))
def test_relu_identity_changes_nothing(x):
    assert value(ls.f_relu_identity(PAIR), *x) == x


@pytest.mark.parametrize("constant", [3, 0.5, [1, 2], np.array([1, 2, 3]), [[1], [2]]])
def test_constants(constant):
    node = ls.f_constant(X, constant)
    assert np.ravel(value(node, 123)).tolist() == np.ravel(constant).tolist()


def test_concat_sum():
    assert value(concat_sum([PAIR, PAIR * 2, PAIR]), 1, 2) == [4, 8]
    assert value(concat_sum([PAIR]), 1, 2) == [1, 2]


def test_everything_works_on_vectors():
    other = PAIR[::-1]
    assert value(ls.f_step(PAIR), 1, -1) == [1, 0]
    assert value(ls.f_larger(PAIR, other), 1, 2) == [0, 1]
    assert value(ls.f_larger(PAIR, 1.5), 1, 2) == [0, 1]
    assert value(ls.f_larger(PAIR, [0, 3]), 1, 2) == [1, 0]
    assert value(ls.f_larger(PAIR, A), 1, 2) == [0, 1]
    assert value(ls.f_and(PAIR, other), 1, 0) == [0, 0]
    assert value(ls.f_or(PAIR, other), 1, 0) == [1, 1]


# --- conditionals ----------------------------------------------------------------------------


def signed(x, sign):
    """The node x, or one that is known to be at least 0, at most 0, or 0."""
    return {"any": x, "+": ls.ReLU(x), "-": -ls.ReLU(x), "0": x * 0, "none": None}[sign]


SIGNS = ["any", "+", "-", "0", "none"]


def naive_signed(x, sign):
    return {"any": x, "+": max(0, x), "-": -max(0, x), "0": 0, "none": 0}[sign]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("sign_t", SIGNS)
@pytest.mark.parametrize("sign_f", SIGNS[:-1])
def test_ifelse_chooses_whatever_is_known_of_the_branches(method, sign_t, sign_f):
    c, x, y = TRIPLE
    node = ls.f_ifelse(c, signed(x, sign_t), signed(y, sign_f), method=method)
    for condition in (0, 1):
        for t, f in [(3, 5), (-3, 5), (3, -5), (-3, -5), (0, 0), (Fraction(1, 3), 10**9)]:
            wanted = naive_signed(t, sign_t) if condition else naive_signed(f, sign_f)
            assert value(node, condition, t, f) == wanted


@given(st.sampled_from(METHODS), bits, numbers, numbers, st.sampled_from([2, 10, 1000]))
def test_ifelse_chooses(method, c, t, f, mu):
    condition, x, y = TRIPLE
    assert value(ls.f_ifelse(condition, x, y, method, mu=mu, lam=20), c, t, f) == (t if c else f)
    assert value(ls.f_ifelse(condition, x, None, method, mu, lam=20), c, t, f) == (t if c else 0)
    assert value(ls.f_ifelse(condition, None, y, method, mu, lam=20), c, t, f) == (0 if c else f)


@pytest.mark.parametrize("method", METHODS)
def test_ifelse_on_vectors(method):
    c, t = TRIPLE[0], TRIPLE[1:]
    assert value(ls.f_ifelse(c, t, t[::-1], method), 0, 5, 7) == [7, 5]
    assert value(ls.f_ifelse(c, t, c, method), 1, 5, 7) == [5, 7]
    assert value(ls.f_ifelse(t, t * 3, t + 4, method), 9, 0, 1) == [4, 3]


def test_the_conditionals_that_mask_go_wrong_beyond_lambda():
    for method in METHODS[:4]:
        assert value(ls.f_ifelse(A, B, method=method, lam=10), 0, 12) == 2


def test_a_condition_near_0_or_1_will_do_for_the_step_methods():
    node = ls.f_ifelse(A, B, method="step", mu=10)
    assert value(node, Fraction(1, 10), 7) == 0
    assert value(node, Fraction(9, 10), 7) == 7


def test_original_has_all_four_terms_and_optimized_only_those_that_can_fire():
    c, x, y = TRIPLE
    assert relus(ls.f_ifelse(c, x, y, "original")) == 4
    assert relus(ls.f_ifelse(c, x, None, "original")) == 4
    assert relus(ls.f_ifelse(c, x, y, "optimized")) == 4
    assert relus(ls.f_ifelse(c, x, None, "optimized")) == 2
    assert relus(ls.f_ifelse(c, None, y, "optimized")) == 2
    positive = ls.ReLU(x)
    assert relus(ls.f_ifelse(c, positive, None, "optimized")) == 1 + 1
    assert relus(ls.f_ifelse(c, f_position(c), None, "optimized")) == 1
    assert relus(ls.f_ifelse(c, x, None, "step_optimized")) == 2 + 2
    assert relus(ls.f_ifelse(c, x, y, "step")) == 4 + 4


def test_multiplicative_has_one_gate_a_branch():
    def gates(node):
        return sum(isinstance(n, ls.Multi) for n in topological(node))

    c, x, y = TRIPLE
    assert gates(ls.f_ifelse(c, x, y, "multiplicative")) == 2
    assert gates(ls.f_ifelse(c, x, None, "multiplicative")) == 2
    assert gates(ls.f_ifelse(c, x, y, "multiplicative_optimized")) == 2
    assert gates(ls.f_ifelse(c, x, None, "multiplicative_optimized")) == 1


# --- names and mistakes ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "make",
    [
        lambda name: ls.f_constant(X, 1, name=name),
        lambda name: ls.f_not(X, name=name),
        lambda name: ls.f_relu_identity(X, name=name),
        lambda name: ls.f_step(X, name=name),
        lambda name: ls.f_bump(X, 0, 1, name=name),
        lambda name: ls.f_larger(X, 0, name=name),
        lambda name: ls.f_smaller(X, 0, name=name),
        lambda name: ls.f_eq(X, 0, name=name),
        lambda name: ls.f_neq(X, 0, name=name),
        lambda name: ls.f_and(X, X, name=name),
        lambda name: ls.f_or(X, X, name=name),
        *(lambda name, m=m: ls.f_ifelse(X, X, method=m, name=name) for m in METHODS),
    ],
)
def test_the_result_bears_the_name(make):
    assert make("result").name == "result"
    assert make(None).name is None


@pytest.mark.parametrize(
    "mistake, error, words",
    [
        (lambda: ls.f_step(X, mu=0), ProgramError, "larger than 0"),
        (lambda: ls.f_step(X, mu=float("inf")), PrecisionError, "finite"),
        (lambda: ls.f_step(3), ProgramError, "f_step reads nodes"),
        (lambda: ls.f_larger(1, 2), ProgramError, "at least one must be a node"),
        (lambda: ls.f_not(1), ProgramError, "f_not reads nodes"),
        (lambda: ls.f_ifelse(X, X, method="magic"), ProgramError, "magic.*original"),
        (lambda: ls.f_ifelse(X, None, None), ProgramError, "at least one of its two branches"),
        (lambda: ls.f_ifelse(X, X, lam=-1), ProgramError, "lam must be larger"),
        (lambda: ls.f_ifelse(X, X, method="step", mu=1), ProgramError, "mu >= 2"),
        (lambda: ls.f_ifelse(PAIR, TRIPLE), ShapeError, "width"),
        (lambda: ls.f_ifelse(1, X), ProgramError, "f_ifelse reads nodes"),
        (lambda: ls.f_ifelse(X, 3), ProgramError, "f_ifelse reads nodes"),
        (lambda: ls.f_ifelse(X, X, 3), ProgramError, "f_ifelse reads nodes"),
        (lambda: ls.f_and(X, 1), ProgramError, "f_step reads nodes|f_and reads nodes"),
        (lambda: ls.f_or(3, 1), ProgramError, "reads nodes"),
        (lambda: ls.f_relu_identity(3), ProgramError, "reads nodes"),
        (lambda: ls.f_bump(3, 0, 1), ProgramError, "reads nodes"),
        (lambda: ls.f_constant(3, 1), ProgramError, "reads nodes"),
        (lambda: ls.f_constant(X, X), LSRLError, "not a real number"),
    ],
)
def test_mistakes_get_an_answer(mistake, error, words):
    with pytest.raises(error, match=words):
        mistake()
