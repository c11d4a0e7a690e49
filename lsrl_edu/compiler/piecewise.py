"""Piecewise linear functions of one variable, exactly.

A sum of ReLUs of multiples of the same quantity z is a piecewise linear function of z. Seen so,
its range, its values on the integers and its own ReLU can be computed without any estimate.

    g(z) = constant + slope z + sum of bend * max(0, z - hinge)
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lsrl_edu.numbers import Number, quotient, simplest
from lsrl_edu.ranges import INFINITY, Range, is_integer


@dataclass(frozen=True)
class Piecewise:
    """g(z) = constant + slope z + sum of bend * max(0, z - hinge).

    Attributes:
        hinges: (hinge, bend) pairs by hinge, no bend zero.
        slope: the slope to the left of every hinge.
        constant: the rest.
    """

    hinges: tuple[tuple[Number, Number], ...] = ()
    slope: Number = 0
    constant: Number = 0

    @classmethod
    def of(
        cls, hinges: Iterable[tuple[Number, Number]], slope: Number = 0, constant: Number = 0
    ) -> Piecewise:
        """Return the function with these hinges; equal hinges are added up."""
        total: dict[Number, Number] = {}
        for hinge, bend in hinges:
            total[hinge] = total.get(hinge, 0) + bend
        kept = sorted((simplest(h), simplest(b)) for h, b in total.items() if b != 0)
        return cls(tuple(kept), simplest(slope), simplest(constant))

    @classmethod
    def through(cls, points: Sequence[tuple[Number, Number]], left: Number, right: Number):
        """Return the function through (z, value) points in order, with the two outer slopes."""
        inner = [quotient(w - v, y - z) for (z, v), (y, w) in itertools.pairwise(points)]
        slopes = [left, *inner, right]
        z0, v0 = points[0]
        bends = [(z, b - a) for (z, _), a, b in zip(points, slopes, slopes[1:], strict=False)]
        return cls.of(bends, left, v0 - left * z0)

    def __call__(self, z: Number) -> Number:
        """Return g(z)."""
        value = self.constant + self.slope * z if self.slope else self.constant
        for hinge, bend in self.hinges:
            if z <= hinge:
                break
            value = value + bend * (z - hinge)
        return simplest(value)

    @property
    def right_slope(self) -> Number:
        """The slope to the right of every hinge."""
        return simplest(self.slope + sum(bend for _, bend in self.hinges))

    def within(self, where: Range) -> Piecewise:
        """Return a function with the same values on a range and no hinge outside it."""
        left = [(h, b) for h, b in self.hinges if h <= where.lo]
        inside = tuple((h, b) for h, b in self.hinges if where.lo < h < where.hi)
        slope = self.slope + sum(b for _, b in left)
        constant = self.constant - sum(h * b for h, b in left)
        return Piecewise(inside, simplest(slope), simplest(constant))

    def relu(self) -> Piecewise:
        """Return max(0, g) as a piecewise linear function."""
        points = sorted({h for h, _ in self.hinges} | set(self._zeros()))
        if not points:
            return self if self.constant > 0 else Piecewise()
        values = [(z, max(0, self(z))) for z in points]
        left = self.slope if self(points[0] - 1) > 0 else 0
        right = self.right_slope if self(points[-1] + 1) > 0 else 0
        return Piecewise.through(values, left, right)

    def _zeros(self) -> Iterable[Number]:
        """Yield the places where g changes sign on a sloping piece."""
        points = self.at_hinges() or [(0, self.constant)]
        starts = [points[0], *points] if self.hinges else points
        lows = [-INFINITY, *(h for h, _ in self.hinges)]
        highs = [*(h for h, _ in self.hinges), INFINITY]
        slope, bends = self.slope, [b for _, b in self.hinges] + [0]
        for (anchor, value), lo, hi, bend in zip(starts, lows, highs, bends, strict=True):
            if slope != 0 and lo < (zero := anchor - quotient(value, slope)) < hi:
                yield simplest(zero)
            slope = slope + bend

    def on_integers(self) -> Piecewise:
        """Return the function with whole hinges that agrees with g at every integer."""
        if not self.hinges or all(is_integer(h) for h, _ in self.hinges):
            return self
        points = sorted({f(h) for h, _ in self.hinges for f in (math.floor, math.ceil)})
        return Piecewise.through([(z, self(z)) for z in points], self.slope, self.right_slope)

    def at_hinges(self) -> list[tuple[Number, Number]]:
        """Return (hinge, g(hinge)) for every hinge, in one sweep from the left."""
        points, value, slope, before = [], self.constant, self.slope, 0
        for hinge, bend in self.hinges:
            value, before = value + slope * (hinge - before), hinge
            slope = slope + bend
            points.append((hinge, simplest(value)))
        return points

    def over(self, where: Range) -> Range:
        """Return the exact range of g(z) for z in ``where``."""
        if where.is_constant:
            return Range.point(self(where.lo))
        g = self.within(where)
        values = [v for _, v in g.at_hinges()]
        values += [g(z) for z in (where.lo, where.hi) if abs(z) < INFINITY] or [g(0)]
        lo, hi = min(values), max(values)
        if where.lo == -INFINITY and g.slope != 0:
            lo, hi = (-INFINITY, hi) if g.slope > 0 else (lo, INFINITY)
        if where.hi == INFINITY and (right := g.right_slope) != 0:
            lo, hi = (lo, INFINITY) if right > 0 else (-INFINITY, hi)
        whole = where.integer and g._whole_on_integers()
        return Range(lo, hi, whole or (lo == hi and is_integer(lo)))

    def _whole_on_integers(self) -> bool:
        """Whether g is whole at every integer (sufficient: whole hinges, slopes and values)."""
        whole = is_integer(self.slope) and is_integer(self.constant)
        return whole and all(is_integer(h) and is_integer(b) for h, b in self.hinges)
