from fractions import Fraction

import numpy as np
import pytest
from flint import arb, arb_mat, ctx, fmpq
from hypothesis import given
from hypothesis import strategies as st

import lsrl_edu as ls
from lsrl_edu.compiler.states import follow, independent_entries
from lsrl_edu.counters import _cos_turns
from lsrl_edu.numbers import Matrix
from lsrl_edu.ranges import DEFAULT_HORIZON
from tests.compiler.checks import differences, make_form, program_of
from tests.strategies import transitions

X = ls.Input(1)
XS = np.array([1.0, -2, 0.5, 3, 0, 1])
HALF = Fraction(1, 2)


def state(x, a, b=1, start=0, bias=0):
    return ls.LinState(x, [[a]], [[b]], [bias], [start])


def compiled(body, domain=None):
    """The network of a program, after checking that it equals the program."""
    program = program_of(body, domain)
    network = ls.compile(program)
    assert differences(network, program, XS if domain is None else np.ones(6)) == 0
    return network


# --- the rules -------------------------------------------------------------------------------


def test_memoryless():
    assert compiled(lambda x: state(x, 0, start=5)).depth == 0
    assert compiled(lambda x: state(x, HALF, start=5)).states == 1


def test_memoryless_entries_of_a_wider_state():
    both = compiled(lambda x: ls.LinState(x, [[0, 0], [0, 1]], [[1], [2]], init_state=[3, 4]))
    assert both.states == 1
    read = compiled(lambda x: ls.LinState(x, [[0, 0], [1, 0]], [[1], [0]], init_state=[3, 4]))
    assert read.states == 2  # the second reads the first one's previous value


@pytest.mark.parametrize(
    "first, second, states",
    [
        ((1, 1, 0), (1, 3, 0), 1),  # one scale: the state of 3 x is three times the state of x
        ((1, 1, 0), (1, -1, 0), 1),
        ((1, 1, 0), (1, 1, 5), 1),  # start: the same state, moved
        ((1, 2, 3), (1, -3, 7), 1),
        ((HALF, 1, 0), (HALF, 3, 0), 1),
        ((HALF, 1, 1), (HALF, 3, 3), 1),  # the starts scale too
        ((HALF, 1, 1), (HALF, 3, 1), 2),  # these do not
        ((HALF, 1, 0), (HALF, 1, 1), 2),
        ((1, 1, 0), (HALF, 1, 0), 2),
        ((-1, 1, 0), (-1, 2, 0), 1),
    ],
)
def test_one_scale_and_start(first, second, states):
    def body(x):
        (a, b, s), (c, d, t) = first, second
        return ls.Concat(state(x, a, b, s), state(x, c, d, t))

    assert compiled(body).states == states


def test_a_sum_of_whole_numbers_stays_whole():
    """Taking 1/2 out of x/2 is fine; taking 2 out of 2 x + 1 would leave halves."""
    form = make_form(program_of(lambda x: ls.LinState(x, [[1]], [[2]], [1]), int))
    assert all(r.integer for r in form.table.ranges)


def test_the_bias_is_part_of_what_is_shared():
    def body(x):
        return ls.Concat(state(x, 1, 1, 0, 2), state(x, 1, 2, 0, 4), state(x, 1, 2, 0, 5))

    assert compiled(body).states == 2


def test_a_counter_of_nothing_but_a_bias():
    network = compiled(lambda x: ls.Concat(state(x, 1, 0, -1, 1), state(x, 1, 0, 3, 2)))
    assert network.states == 1


# --- independent entries ---------------------------------------------------------------------


@given(st.integers(1, 6).flatmap(transitions))
def test_entries_are_together_exactly_where_one_reads_the_other(A):
    groups = independent_entries(A)
    assert sorted(i for g in groups for i in g) == list(range(A.shape[0]))
    joined = A.dense.astype(bool) | A.dense.astype(bool).T | np.eye(A.shape[0], dtype=bool)
    reach = np.linalg.matrix_power(joined.astype(int), A.shape[0]) > 0
    for group in groups:
        assert (np.flatnonzero(reach[group[0]]) == sorted(group)).all()


# --- what comes round ------------------------------------------------------------------------


def exact_state(A, start, t):
    """A^t s_0 as balls of 600 bits: the truth, however large t is."""
    with ctx.workprec(600):
        turn = arb_mat([[_ball(v) for v in row] for row in A.tolist()]) ** t
        return [v[0] for v in (turn * arb_mat([[_ball(v)] for v in start])).tolist()]


def _ball(value):
    return arb(fmpq(Fraction(value).numerator, Fraction(value).denominator))


def largest_miss(A, start, cycles, steps):
    """By how much the listed values miss the true ones beyond the error they admit."""
    worst = -1.0
    for t in steps:
        for cycle, truth in zip(cycles, exact_state(A, start, t), strict=True):
            listed = cycle.values[(t - 1) % len(cycle.values)]
            worst = max(worst, float(abs(truth - _ball(listed)) - _ball(cycle.error)))
    return worst


def rotation(n, turns=1):
    angle = Fraction(turns, n)
    cos, sin = _cos_turns(angle), _cos_turns(angle - Fraction(1, 4))
    return Matrix.of([[cos, -sin], [sin, cos]])


FAR = [1, 2, 3, 11, 100, 10**6 + 7, DEFAULT_HORIZON - 1, DEFAULT_HORIZON]


@pytest.mark.parametrize("n", [3, 5, 7, 10, 12, 64, 128, 1000])
def test_a_rotation_is_followed_within_its_error_to_the_horizon(n):
    A, start = (
        rotation(n),
        [_cos_turns(Fraction(-1, n)), _cos_turns(Fraction(-1, n) - Fraction(1, 4))],
    )
    cycles = follow(A, start, DEFAULT_HORIZON)
    assert len(cycles[0].values) == n and 0 < cycles[0].error < 1e-12
    assert largest_miss(A, start, cycles, FAR) <= 0


def test_the_check_notices_an_error_that_is_too_small():
    A, start = rotation(7), [1, 0]
    cycles = follow(A, start, DEFAULT_HORIZON)
    wrong = [type(c)(c.values + 1e-9, c.error) for c in cycles]
    assert largest_miss(A, start, wrong, FAR) > 0


@given(st.permutations(range(6)), st.lists(st.integers(-2, 2), min_size=6, max_size=6))
def test_whole_numbers_are_followed_exactly(order, start):
    A = Matrix.selection(order, 6)
    cycles = follow(A, start, DEFAULT_HORIZON)
    now = np.array(start, dtype=object)
    for t in range(1, 15):
        now = A.dense.dot(now)
        assert [c.values[(t - 1) % len(c.values)] for c in cycles] == now.tolist()
        assert not any(c.error for c in cycles)


@given(st.integers(1, 3).flatmap(transitions), st.data())
def test_whatever_is_followed_is_right(A, data):
    start = data.draw(st.lists(st.sampled_from([0, 1, -1, HALF]), min_size=A.shape[0],
                               max_size=A.shape[0]))  # fmt: skip
    cycles = follow(A, start, DEFAULT_HORIZON)
    if cycles[0] is not None:
        assert largest_miss(A, start, cycles, [*range(1, 9), 1000]) <= 0


@pytest.mark.parametrize(
    "A, start",
    [
        ([[2]], [1]),  # grows
        ([[HALF]], [1]),  # fades: it never returns to 1
        ([[1, 1], [0, 1]], [0, 1]),  # counts
        (
            [[Fraction(3, 5), Fraction(-4, 5)], [Fraction(4, 5), Fraction(3, 5)]],
            [1, 0],
        ),  # irrational
        ([[0, 0], [1, 0]], [1, 0]),  # a shift forgets
    ],
)
def test_what_does_not_come_back_is_not_followed(A, start):
    assert follow(Matrix.of(A), start, DEFAULT_HORIZON) == [None] * len(start)


def test_a_rounded_rotation_is_not_followed_for_ever():
    A = rotation(7)
    assert follow(A, [1, 0], 2**60)[0] is not None
    assert follow(A, [1, 0], 2**140) == [None, None]


def test_a_state_that_fades_keeps_its_range():
    network = compiled(lambda x: ls.ReLU(ls.LinState(x, [[HALF]], [[0]], init_state=[8]) - 9))
    assert [r.rule for r in network.reasons] == ["never positive"]
