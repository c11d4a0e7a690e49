from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsrl_edu.errors import DomainError, LSRLError, PrecisionError, ShapeError
from lsrl_edu.numbers import Matrix, short
from lsrl_edu.ranges import ANY, INFINITY, Range, as_domain, first_outside, is_integer, state_ranges
from tests.strategies import transitions

values = st.one_of(st.integers(-6, 6), st.fractions(-6, 6, max_denominator=4))


def inside(value, allowed: Range) -> bool:
    fits = allowed.lo <= value <= allowed.hi
    return fits and (not allowed.integer or Fraction(value).denominator == 1)


@st.composite
def ranges_and_members(draw):
    """A range (perhaps without ends) and a number in it."""
    integer = draw(st.booleans())
    member, other = (draw(st.integers(-6, 6) if integer else values) for _ in range(2))
    lo, hi = sorted((member, other))
    lo = -INFINITY if draw(st.integers(0, 5)) == 0 else lo
    hi = INFINITY if draw(st.integers(0, 5)) == 0 else hi
    return Range(lo, hi, integer), member


def test_the_helper_notices_a_value_outside():
    assert inside(2, Range(0, 2, True))
    assert not inside(3, Range(0, 2))
    assert not inside(Fraction(1, 2), Range(0, 2, True))


@given(ranges_and_members(), ranges_and_members(), values)
def test_arithmetic_of_ranges_holds_the_arithmetic_of_their_members(first, second, factor):
    (a, x), (b, y) = first, second
    assert inside(x + y, a + b)
    assert inside(x * y, a.times(b))
    assert inside(x * factor, a.scaled(factor))
    assert inside(x + factor, a.shifted(factor))
    assert inside(max(0, x), a.relu())
    assert inside(x, a.hull(b)) and inside(y, a.hull(b))
    assert abs(x) <= a.magnitude


@given(ranges_and_members())
def test_arithmetic_of_ranges_is_tight(first):
    a, _ = first
    assert a.scaled(-1).scaled(-1) == a
    assert a.shifted(2).shifted(-2) == a
    assert a.hull(a) == a
    assert a.relu().relu() == a.relu()


def test_ends_are_exact():
    assert Range(0.5, 1).lo == Fraction(1, 2) and type(Range(0.5, 1.0).lo) is Fraction
    with pytest.raises(PrecisionError):
        Range(0, float("nan"))


def test_ranges_beyond_float64():
    huge, half = Range(-(10**400), INFINITY), Range(Fraction(1, 2), INFINITY)
    assert huge + half == huge.shifted(Fraction(1, 2))
    assert half.scaled(-(10**400)) == Range(-INFINITY, -(10**400) // 2)
    assert half.times(half).lo == Fraction(1, 4)
    assert str(huge) == f"real in [{short(-(10**400))}, inf]"


def test_kinds():
    assert Range.point(1).is_boolean and Range.point(1).is_constant
    assert not Range.point(Fraction(1, 2)).integer
    assert Range(0, 1, True).is_boolean and not Range(0, 1).is_boolean
    assert not ANY.is_bounded and ANY.magnitude == INFINITY
    assert is_integer(3) and is_integer(Fraction(4, 2)) and not is_integer(INFINITY)


@pytest.mark.parametrize(
    "allowed, text",
    [
        (Range.point(3), "always 3"),
        (Range(0, 1, True), "0 or 1"),
        (ANY, "any real"),
        (Range(integer=True), "any integer"),
        (Range(0, INFINITY), "real in [0, inf]"),
        (Range(Fraction(1, 3), 2), "real in [1/3, 2]"),
    ],
)
def test_ranges_say_what_they_are(allowed, text):
    assert str(allowed) == text


# --- domains ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "spec, dim, expected",
    [
        (None, 2, (ANY, ANY)),
        (float, 1, (ANY,)),
        (int, 1, (Range(integer=True),)),
        (bool, 1, (Range(0, 1, True),)),
        (range(2, 5), 1, (Range(2, 4, True),)),
        ((0, 0.5), 2, (Range(0, Fraction(1, 2)),) * 2),
        ((0, INFINITY), 1, (Range(0, INFINITY),)),
        ([bool, (0, 1)], 2, (Range(0, 1, True), Range(0, 1))),
        ((Range(0, 1), Range(2, 3)), 2, (Range(0, 1), Range(2, 3))),
        (Range(0, 1), 2, (Range(0, 1), Range(0, 1))),
    ],
)
def test_as_domain(spec, dim, expected):
    assert as_domain(spec, dim) == expected


@pytest.mark.parametrize(
    "spec", ["bits", (1, 0), Range(1, 0), (0, 1, 2), range(0), range(0, 9, 2), str, 3]
)
def test_a_domain_that_is_not_understood(spec):
    with pytest.raises(DomainError, match="not understood"):
        as_domain(spec, 1)


@pytest.mark.parametrize("spec", [(float("nan"), 1), ("a", "b")])
def test_a_domain_whose_ends_are_no_numbers(spec):
    with pytest.raises(LSRLError):
        as_domain(spec, 1)


def test_a_domain_for_the_wrong_number_of_coordinates():
    with pytest.raises(ShapeError, match="lists 2 coordinates; the input has 3"):
        as_domain([bool, bool], 3)


@pytest.mark.parametrize(
    "values, domain, where",
    [
        ([[0.0, 5.0]], [Range(0, 1, True), ANY], None),
        ([[0.0, 5.0], [0.5, 0.0]], [Range(0, 1, True), ANY], (1, 0)),
        ([[0.0, 5.0]], [Range(0, 1), Range(hi=4)], (0, 1)),
        ([[0.0], [-1.0]], [Range(lo=0)], (1, 0)),
        ([[np.nan]], [ANY], (0, 0)),
        ([[np.inf]], [ANY], (0, 0)),
        (np.zeros((0, 1)), [ANY], None),
        ([[[0.0], [0.0]], [[0.0], [2.0]]], [Range(0, 1)], (1, 1, 0)),
    ],
)
def test_first_outside(values, domain, where):
    assert first_outside(np.array(values), domain) == where


# --- states ----------------------------------------------------------------------------------


@given(st.data())
def test_a_state_stays_in_its_derived_range(data):
    size, horizon = data.draw(st.integers(1, 4)), data.draw(st.integers(1, 9))
    A = data.draw(transitions(size, integer=data.draw(st.booleans())))
    drive = [data.draw(ranges_and_members())[0] for _ in range(size)]
    start = data.draw(st.lists(values, min_size=size, max_size=size))
    found = state_ranges(A.rows, drive, start, horizon)
    state = np.array(start, dtype=object)
    for _ in range(horizon):
        v = [_draw_inside(data, r) for r in drive]
        state = A.dense.dot(state) + v
        assert all(map(inside, state, found))


def _draw_inside(data, allowed: Range):
    """Mostly the ends of the range: there a bound that is too narrow shows."""
    lo = -9 if allowed.lo == -INFINITY else allowed.lo
    hi = 9 if allowed.hi == INFINITY else allowed.hi
    middle = lo if allowed.integer else Fraction(lo + hi) / 2
    return data.draw(st.sampled_from([lo, hi, middle]))


BIT = Range(0, 1, True)


@pytest.mark.parametrize(
    "A, drive, start, horizon, expected",
    [
        ([[1]], [BIT], [0], 10, [Range(0, 10, True)]),
        ([[1]], [Range.point(1)], [-1], 10, [Range(0, 9, True)]),
        ([[1]], [Range.point(0)], [5], 10, [Range(5, 5, True)]),
        ([[0]], [BIT], [7], 10, [BIT]),
        ([[Fraction(1, 2)]], [Range(0, 1)], [0], 10, [Range(0, 2)]),
        ([[2]], [BIT], [0], 10, [Range(0, 1023, True)]),
        ([[2]], [BIT], [0], 10**6, [Range(0, INFINITY, True)]),
        ([[-2]], [BIT], [1], 2, [Range(-7, 7, True)]),
        ([[-1]], [BIT], [3], 10, [Range(-13, 13, True)]),
        ([[0, 0], [1, 0]], [BIT, Range.point(0)], [0, 0], 10, [BIT, BIT]),  # a shift
        ([[0, 1], [1, 0]], [Range.point(0)] * 2, [0, 1], 2**40, [BIT, BIT]),  # a clock
        ([[0, 1], [1, 0]], [BIT] * 2, [0, 0], 2**40, [Range(integer=True)] * 2),  # it grows
        ([[0, 1], [1, 0]], [BIT] * 2, [0, 0], 2, [Range(0, 2, True)] * 2),
        ([[0, 1], [1, 0]], [BIT] * 2, [0, 0], 0, [BIT] * 2),  # as for one element
    ],
)
def test_ranges_of_common_states(A, drive, start, horizon, expected):
    assert state_ranges(Matrix.of(A).rows, drive, start, horizon) == expected
