"""A product from the curvature of tanh: four units for each scale.

::

    tanh(c+p+q) - tanh(c+p-q) - tanh(c-p+q) + tanh(c-p-q) = 4 p q tanh''(c) + fourth order

with p = d u / U and q = d v / V. The higher orders are even in d, so they go by Richardson
extrapolation over several d.
"""

from __future__ import annotations

import math
from fractions import Fraction
from functools import cache

from lsrl_edu.backends.units import Sum
from lsrl_edu.backends.volume import Level, Volume, richardson
from lsrl_edu.numbers import Number, exact, quotient
from lsrl_edu.ranges import Range

CENTRE = Fraction(2, 3)
"""Close to where tanh is bent most (tanh = 1/sqrt(3), at 0.6585)."""


def curved_product(
    u: Sum, v: Sum, sizes: tuple[Number, Number], volume: Volume
) -> list[tuple[Sum, Number]]:
    """Return (what a unit adds up before its tanh, readout) for each unit of u v."""
    units = []
    for level in richardson(volume.tanh_levels):
        p, q = (s.times(quotient(level.scale, size)) for s, size in ((u, sizes[0]), (v, sizes[1])))
        readout = quotient(sizes[0] * sizes[1] * level.share, 4 * level.scale**2 * bend())
        for a, b in ((1, 1), (1, -1), (-1, 1), (-1, -1)):
            inside = (p.times(a) + q.times(b)).plus(CENTRE)
            units.append((inside, a * b * readout))
    return units


@cache
def bend() -> Number:
    """Return tanh''(CENTRE) = -2 tanh (1 - tanh^2), rounded once to 128 binary digits."""
    import sympy

    height = sympy.tanh(sympy.Rational(CENTRE.numerator, CENTRE.denominator))
    return exact(-2 * height * (1 - height**2))


def curved_product_error(volume: Volume, factors: tuple[Range, Range]) -> float:
    """Return a bound: what the extrapolation leaves, and the rounding of every unit."""
    levels = richardson(volume.tanh_levels)
    sharp = abs(float(bend()))
    rounding = sum(abs(level.share) / level.scale**2 for level in levels) / sharp
    # each tanh is below 1, and its argument is rounded as well
    rest = _truncation(levels) / sharp + 3 * float(rounding) * 2.0**-volume.digits
    return rest * float(factors[0].magnitude) * float(factors[1].magnitude)


def _truncation(levels: tuple[Level, ...]) -> float:
    """Return a bound on the orders above the second, for |p|, |q| <= d.

    The poles of tanh next to a real c are c^2 + (pi/2)^2 under a root away, 1.7 for ours. So the
    k-th Taylor coefficient is at most M / r^k for r = 1.4, M the maximum on that circle (Cauchy).
    """
    radius, height = 1.4, _maximum(1.4)
    total = 0.0
    for k in range(2 * len(levels) + 2, 80, 2):
        left = abs(sum(level.share * level.scale ** (k - 2) for level in levels))
        # of order k: (p+q)^k and three like it, each at most (2 d)^k
        total += height * (2 / radius) ** k * float(left)
    return total


@cache
def _maximum(radius: float) -> float:
    """Return the maximum of |tanh| on a circle around CENTRE, by sampling it densely."""
    import cmath

    steps = 4096
    points = (CENTRE + radius * cmath.exp(2j * math.pi * k / steps) for k in range(steps))
    return 1.01 * max(abs(cmath.tanh(point)) for point in points)
