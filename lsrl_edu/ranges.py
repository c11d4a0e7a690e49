"""What is known about a number: where it lies, and whether it is an integer.

A :class:`Range` is a closed interval of real numbers, or the integers in one. The reader meets
it as the *domain* of a program (what its input may be), the compiler as the derived range of
every value inside (see :mod:`lsrl_edu.analyse` and :mod:`lsrl_edu.compiler.facts`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from lsrl_edu.errors import DomainError, ShapeError
from lsrl_edu.numbers import Number, exact, short

INFINITY = math.inf
DEFAULT_HORIZON = 2**40
"""Elements that a promise covers unless told otherwise: a trillion, more than anyone will run."""


LONGEST_GROWTH = 256
"""States that multiply themselves by more than 1 are followed so far; then they have no bound."""


def _is_infinite(value: Any) -> bool:
    return isinstance(value, float) and math.isinf(value)


_EXACT = (int, Fraction)


@dataclass(frozen=True)
class Range:
    """The numbers from ``lo`` to ``hi``, both included; only the integers where ``integer``.

    ``lo`` and ``hi`` are exact numbers or plus or minus infinity; a float becomes the rational
    number it is.

    Raises:
        PrecisionError: where one of them is not a number.
    """

    lo: Number | float = -INFINITY
    hi: Number | float = INFINITY
    integer: bool = False

    def __post_init__(self):
        for end, value in (("lo", self.lo), ("hi", self.hi)):
            if type(value) not in _EXACT and not _is_infinite(value):
                object.__setattr__(self, end, exact(value))

    @classmethod
    def point(cls, value: Number) -> Range:
        """Return the range that holds one number."""
        return cls(value, value, is_integer(value))

    @property
    def is_constant(self) -> bool:
        """True where only one number is possible."""
        return self.lo == self.hi

    @property
    def is_boolean(self) -> bool:
        """True where only 0 and 1 are possible."""
        return self.integer and self.lo >= 0 and self.hi <= 1

    @property
    def is_bounded(self) -> bool:
        """True where both ends are finite."""
        return self.lo > -INFINITY and self.hi < INFINITY

    @property
    def magnitude(self) -> Number | float:
        """The largest absolute value."""
        return max(abs(self.lo), abs(self.hi))

    def __add__(self, other: Range) -> Range:
        both = self.integer and other.integer
        return Range(_plus(self.lo, other.lo), _plus(self.hi, other.hi), both)

    def scaled(self, factor: Number) -> Range:
        """Return the range of ``factor`` times the number."""
        ends = sorted((_times(self.lo, factor), _times(self.hi, factor)))
        return Range(*ends, self.integer and is_integer(factor))

    def shifted(self, by: Number) -> Range:
        """Return the range of the number plus ``by``."""
        return self + Range.point(by)

    def times(self, other: Range) -> Range:
        """Return the range of the product of two unrelated numbers."""
        ends = [_times(a, b) for a in (self.lo, self.hi) for b in (other.lo, other.hi)]
        return Range(min(ends), max(ends), self.integer and other.integer)

    def relu(self) -> Range:
        """Return the range of max(0, number)."""
        return Range(max(0, self.lo), max(0, self.hi), self.integer)

    def hull(self, other: Range) -> Range:
        """Return the smallest range that holds both."""
        both = self.integer and other.integer
        return Range(min(self.lo, other.lo), max(self.hi, other.hi), both)

    def __str__(self) -> str:
        if self.is_constant:
            return f"always {short(self.lo)}"
        if self.is_boolean:
            return "0 or 1"
        what = "integer" if self.integer else "real"
        if not self.is_bounded and self.lo == -INFINITY and self.hi == INFINITY:
            return f"any {what}"
        return f"{what} in [{_end(self.lo)}, {_end(self.hi)}]"


ANY = Range()


def affine_range(constant: Number, parts: Iterable[tuple[Range, Number]]) -> Range:
    """Return the range of constant + sum of factor * number, the numbers unrelated.

    Args:
        constant: an exact number.
        parts: (range of the number, factor other than zero) pairs.
    """
    lo = hi = constant
    open_below = open_above = False
    whole = is_integer(constant)
    for known, factor in parts:
        low, high = (known.lo, known.hi) if factor > 0 else (known.hi, known.lo)
        if type(low) is float:  # only an infinity is a float
            open_below = True
        else:
            lo = lo + low * factor
        if type(high) is float:
            open_above = True
        else:
            hi = hi + high * factor
        whole = whole and known.integer and is_integer(factor)
    return Range(-INFINITY if open_below else lo, INFINITY if open_above else hi, whole)


def as_domain(spec: Any, dim: int) -> tuple[Range, ...]:
    """Return one Range for each of ``dim`` coordinates.

    Args:
        spec: None or ``float`` (any real number), ``int`` (any integer), ``bool`` (0 or 1),
            ``range(a, b)`` (the integers a to b - 1), a pair ``(low, high)`` (real numbers), a
            Range, or a list with one of these for every coordinate.
        dim: the width of the input.
    """
    if isinstance(spec, list) or (isinstance(spec, tuple) and _all_ranges(spec)):
        if len(spec) != dim:
            raise ShapeError(f"The domain lists {len(spec)} coordinates; the input has {dim}.")
        return tuple(_one_range(s) for s in spec)
    return (_one_range(spec),) * dim


def first_outside(values: np.ndarray, domain: Sequence[Range]) -> tuple[int, ...] | None:
    """Return the index of the first entry of ``values`` (..., d) outside its range, or None."""
    for i, allowed in enumerate(domain):
        column = values[..., i]
        wrong = ~np.isfinite(column)
        if allowed.lo > -INFINITY:
            wrong |= column < float(allowed.lo)
        if allowed.hi < INFINITY:
            wrong |= column > float(allowed.hi)
        if allowed.integer:
            wrong |= column != np.rint(column)
        if wrong.any():
            return (*map(int, np.argwhere(wrong)[0]), i)
    return None


def state_ranges(
    rows: Sequence[Sequence[tuple[int, Number]]],
    drive: Sequence[Range],
    start: Sequence[Number],
    horizon: int,
) -> list[Range]:
    """Return the ranges of the entries of s_t = A s_{t-1} + v_t for t = 1 ... horizon.

    Args:
        rows: A, one sequence of (column, value) pairs for each row.
        drive: the range of each entry of v_t.
        start: s_0.
        horizon: the largest t.

    An entry that depends on itself only through its own previous value has a closed form.
    Entries on longer cycles are iterated for a while and given up (any number) if they keep
    growing: a wider range is always a correct one.
    """
    found: dict[int, Range] = {}
    horizon = max(1, horizon)
    waiting = set(range(len(rows)))
    while ready := [i for i in waiting if all(c in found or c == i for c, _ in rows[i])]:
        for i in ready:
            loop = dict(rows[i]).get(i, 0)
            others = _drive_from(rows[i], i, found, start, drive[i])
            found[i] = _scalar_state(loop, others, start[i], horizon)
        waiting -= set(ready)
    if waiting:
        found |= _iterated(rows, waiting, found, drive, start, horizon)
    return [found[i] for i in range(len(rows))]


def _drive_from(row: Any, i: int, found: dict, start: Sequence[Number], drive: Range) -> Range:
    total = drive
    for c, value in row:
        if c != i:  # the previous value of entry c: its start, or anything it emits
            total = total + found[c].hull(Range.point(start[c])).scaled(value)
    return total


def _scalar_state(loop: Number, drive: Range, start: Number, horizon: int) -> Range:
    """Return the range of s_t = loop s_{t-1} + v_t, t = 1 ... horizon, s_0 = start."""
    integer = drive.integer and is_integer(loop) and is_integer(start)
    if loop == 0:
        return drive
    if loop == 1:
        lo = _plus(start, min(drive.lo, _times(drive.lo, horizon)))
        hi = _plus(start, max(drive.hi, _times(drive.hi, horizon)))
        return Range(lo, hi, integer)
    if 0 < loop < 1:  # s_t lies between the start and the fixed points of the two extremes
        lo, hi = (_times(end, 1 / (1 - Fraction(loop))) for end in (drive.lo, drive.hi))
        return Range(min(lo, start), max(hi, start), integer)
    if -1 < loop < 0:  # it alternates, so the larger of the two counts on both sides
        reach = max(_times(drive.magnitude, 1 / (1 + Fraction(loop))), abs(start))
        return Range(-reach, reach, integer)
    reach = _growing(loop, drive.magnitude, start, horizon)
    if loop > 1 and start >= 0 and drive.lo >= 0:
        return Range(_plus(start * loop, drive.lo), reach, integer)
    return Range(-reach, reach, integer)


def _growing(loop: Number, size: Number | float, start: Number, horizon: int) -> Number | float:
    """Return the largest |s_t| of s_t = loop s_{t-1} + v_t with |loop| >= 1 and |v_t| <= size."""
    if abs(loop) == 1:
        return _plus(abs(start), _times(size, horizon))
    if horizon > LONGEST_GROWTH:
        return INFINITY
    power = Fraction(abs(loop)) ** horizon
    return _plus(power * abs(start), _times(size, (power - 1) / (abs(loop) - 1)))


def _iterated(
    rows: Any, entries: set, found: dict, drive: Any, start: Any, horizon: int
) -> dict[int, Range]:
    """Iterate the entries that lie on cycles until nothing grows, or give up."""
    before = {i: Range.point(start[i]) for i in entries}
    seen: dict[int, Range] = {}
    known = {c: r.hull(Range.point(start[c])) for c, r in found.items()}
    for _ in range(min(horizon, 2 * len(entries) + 2)):
        after = {i: drive[i] for i in entries}
        for i in entries:
            for c, value in rows[i]:
                after[i] = after[i] + (before[c] if c in before else known[c]).scaled(value)
        grown = {i: after[i].hull(seen.get(i, after[i])) for i in entries}
        if grown == seen:
            return seen
        seen, before = grown, {i: grown[i].hull(Range.point(start[i])) for i in entries}
    if horizon <= 2 * len(entries) + 2:
        return seen
    return {i: Range(integer=seen[i].integer) for i in entries}


def is_integer(value: Number | float) -> bool:
    """True for a whole number (not for an infinity)."""
    return type(value) is int or (isinstance(value, Fraction) and value.denominator == 1)


def _plus(a: Number | float, b: Number | float) -> Number | float:
    """Return a + b. Python would turn a large integer into a float beside an infinity."""
    if type(a) is float or type(b) is float:  # only an infinity is a float
        return a if type(a) is float else b
    return a + b


def _times(a: Number | float, b: Number | float) -> Number | float:
    if a == 0 or b == 0:
        return 0  # interval arithmetic needs 0 * infinity = 0
    if _is_infinite(a) or _is_infinite(b):
        return INFINITY if (a > 0) == (b > 0) else -INFINITY
    return a * b


def _end(value: Number | float) -> str:
    if isinstance(value, float):
        return "inf" if value > 0 else "-inf"
    return short(value)


def _all_ranges(spec: tuple) -> bool:
    return bool(spec) and all(isinstance(s, Range) for s in spec)


def _one_range(spec: Any) -> Range:
    if isinstance(spec, Range) and spec.lo <= spec.hi:
        return spec
    if spec is None or spec is float:
        return ANY
    if spec is int:
        return Range(integer=True)
    if spec is bool:
        return Range(0, 1, True)
    if isinstance(spec, range) and spec.step == 1 and len(spec):
        return Range(spec.start, spec.stop - 1, True)
    if isinstance(spec, tuple) and len(spec) == 2:
        lo, hi = (v if v in (-INFINITY, INFINITY) else exact(v) for v in spec)
        if lo <= hi:
            return Range(lo, hi)
    raise DomainError(
        f"domain={spec!r} is not understood. Use float, int, bool, range(a, b), a pair "
        "(low, high), or a list with one of these for each coordinate."
    )
