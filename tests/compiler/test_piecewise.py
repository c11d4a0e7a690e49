import math
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsrl_edu.compiler.piecewise import Piecewise
from lsrl_edu.ranges import INFINITY, Range
from tests.test_ranges import inside

numbers = st.one_of(st.integers(-5, 5), st.fractions(-5, 5, max_denominator=4))
hinges = st.lists(st.tuples(numbers, numbers), max_size=4)
functions = st.builds(Piecewise.of, hinges, numbers, numbers)


@st.composite
def ranges(draw):
    integer = draw(st.booleans())
    lo, hi = sorted(draw(st.integers(-7, 7) if integer else numbers) for _ in range(2))
    lo = -INFINITY if draw(st.integers(0, 4)) == 0 else lo
    hi = INFINITY if draw(st.integers(0, 4)) == 0 else hi
    return Range(lo, hi, integer)


def plain_value(g, z):
    """The definition: constant + slope z + sum of bend * max(0, z - hinge)."""
    return g.constant + g.slope * z + sum(b * max(0, z - h) for h, b in g.hinges)


def places(where: Range, *others):
    """Numbers of a range: a fine grid, its ends, and the others that lie in it."""
    step = 1 if where.integer else Fraction(1, 4)
    grid = [k * step for k in range(math.ceil(-12 / step), math.floor(12 / step) + 1)]
    ends = [e for e in (where.lo, where.hi) if abs(e) < INFINITY]
    return [z for z in {*grid, *ends, *others} if inside(z, where)]


@given(functions, numbers)
def test_a_call_is_the_definition(g, z):
    assert g(z) == plain_value(g, z)
    assert dict(g.at_hinges()) == {h: plain_value(g, h) for h, _ in g.hinges}


@given(functions)
def test_the_normal_form(g):
    assert all(a < b for (a, _), (b, _) in pairwise(g.hinges))
    assert all(bend != 0 for _, bend in g.hinges)
    far = max((h for h, _ in g.hinges), default=0) + 1
    assert g.right_slope == g(far + 1) - g(far)


@given(st.lists(numbers, min_size=1, max_size=4, unique=True), st.data(), numbers, numbers)
def test_through_goes_through_its_points(zs, data, left, right):
    points = [(z, data.draw(numbers)) for z in sorted(zs)]
    g = Piecewise.through(points, left, right)
    assert [(z, g(z)) for z, _ in points] == points
    assert g(min(zs)) - g(min(zs) - 1) == left
    assert g(max(zs) + 1) - g(max(zs)) == right
    for (y, v), (z, w) in pairwise(points):
        assert g(Fraction(y + z) / 2) == Fraction(v + w) / 2


@given(functions)
def test_relu_is_the_relu_everywhere(g):
    bent = g.relu()
    assert all(bent(z) == max(0, g(z)) for z in places(Range()))


@given(functions, ranges())
def test_within_changes_nothing_inside(g, where):
    inner = g.within(where)
    assert all(where.lo < h < where.hi for h, _ in inner.hinges)
    assert all(inner(z) == g(z) for z in places(where))


@given(functions)
def test_on_integers_changes_nothing_at_integers(g):
    whole = g.on_integers()
    assert all(isinstance(h, int) for h, _ in whole.hinges)
    assert all(whole(z) == g(z) for z in range(-12, 13))


@given(functions, ranges())
def test_over_holds_every_value(g, where):
    found = g.over(where)
    assert all(inside(g(z), found) for z in places(where, *(h for h, _ in g.hinges)))


@given(functions, ranges())
def test_over_is_tight(g, where):
    """On real numbers both ends are reached; on whole ones where the hinges are whole too."""
    g = g.on_integers() if where.integer else g
    found = g.over(where)
    values = [g(z) for z in places(where, *(h for h, _ in g.hinges))]
    assert found.lo in (-INFINITY, min(values)) and found.hi in (INFINITY, max(values))
    for z, end in ((-INFINITY, where.lo), (INFINITY, where.hi)):
        outward = g(math.copysign(1000, z)) - g(math.copysign(900, z)) if end == z else 0
        assert outward <= 0 or found.hi == INFINITY
        assert outward >= 0 or found.lo == -INFINITY


@pytest.mark.parametrize(
    "g, where, expected",
    [
        (Piecewise(slope=2, constant=1), Range(0, 3), Range(1, 7)),
        (Piecewise(slope=2, constant=1), Range(0, 3, True), Range(1, 7, True)),
        (Piecewise(slope=Fraction(1, 2)), Range(0, 3, True), Range(0, Fraction(3, 2))),
        (Piecewise.of([(0, 1), (1, -1)]), Range(), Range(0, 1)),  # a step
        (Piecewise.of([(0, 1), (1, -1)]), Range(integer=True), Range(0, 1, True)),
        (Piecewise.of([(0, 1), (1, -2), (2, 1)]), Range(), Range(0, 1)),  # a hat
        (Piecewise.of([(0, 1)]), Range(), Range(0, INFINITY)),
        (Piecewise.of([(0, 1)], slope=-1), Range(), Range(0, INFINITY)),
        (Piecewise.of([(0, 2)], slope=-1), Range(-2, 5), Range(0, 5)),
        (Piecewise.of([(0, 2)], slope=-1), Range(3, 3, True), Range(3, 3, True)),
        (Piecewise(constant=4), Range(), Range(4, 4, True)),
    ],
)
def test_known_ranges(g, where, expected):
    assert g.over(where) == expected


@pytest.mark.parametrize(
    "g, expected",
    [
        (Piecewise(constant=3), Piecewise(constant=3)),
        (Piecewise(constant=-3), Piecewise()),
        (Piecewise(slope=2, constant=-1), Piecewise.of([(Fraction(1, 2), 2)])),
        (Piecewise(slope=-1, constant=2), Piecewise.of([(2, 1)], -1, 2)),
        # 1 - step: a step down
        (Piecewise.of([(0, -1), (1, 1)], 0, 1), Piecewise.of([(0, -1), (1, 1)], 0, 1)),
        # |z| - 1 has two zeros
        (Piecewise.of([(0, 2)], -1, -1), Piecewise.of([(-1, 1), (1, 1)], -1, -1)),
    ],
)
def test_known_relus(g, expected):
    assert g.relu() == expected


def test_a_steep_step_of_an_integer_needs_no_steepness():
    steep = Piecewise.of([(0, 1000), (Fraction(1, 1000), -1000)])
    assert steep.on_integers() == Piecewise.of([(0, 1), (1, -1)])
