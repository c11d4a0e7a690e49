"""What is known about an affine form: its range, its kind, and whether it comes round.

The plain interval analysis (:mod:`lsrl_edu.analyse`) adds up the ranges of the parts as if they
were unrelated. Here, all ReLUs of the same direction z are taken together as one piecewise
linear function of z. That is what finds that f_step never exceeds 1, that a step of an integer
is 0 or 1, and that the comparison of a clock's hand with its dial is a boolean.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from lsrl_edu.compiler.affine import Affine, multiple_of, weighted_sum
from lsrl_edu.compiler.atoms import AtomTable, Cycle, ReluAtom
from lsrl_edu.compiler.piecewise import Piecewise
from lsrl_edu.numbers import Number, simplest
from lsrl_edu.ranges import Range, affine_range, is_integer

ROUNDING = 1e-13
"""More than float64 arithmetic on a few numbers of size 1 can be wrong by."""
LONGEST_CYCLE = 4096
"""Periods above this are not followed: nobody's clock has so many hours."""


@dataclass(frozen=True)
class Parts:
    """An affine form taken apart: constant + one function per direction + the other atoms."""

    functions: Mapping[int, Piecewise]
    others: tuple[tuple[int, Number], ...]
    constant: Number


def take_apart(table: AtomTable, form: Affine, whole_only: bool = False) -> Parts:
    """Return the form as functions of directions, and a rest that has no ReLUs of its own.

    Args:
        table: the atoms.
        form: what to take apart.
        whole_only: leave the ReLUs of directions that are not whole numbers in the rest.
    """
    hinges: dict[int, list] = {}
    slopes: dict[int, Number] = {}
    constants: dict[int, Number] = {}
    rest: dict[int, Number] = {}
    for number, factor in form.terms:
        atom = table.atoms[number]
        if not isinstance(atom, ReluAtom) or (
            whole_only and not table.directions[atom.direction].range.integer
        ):
            rest[number] = factor
            continue
        d, at = atom.direction, atom.hinge * atom.sign
        hinges.setdefault(d, []).append((at, factor))
        if atom.sign < 0:  # ReLU(h - z) = ReLU(z - h) - (z - h)
            slopes[d] = slopes.get(d, 0) - factor
            constants[d] = constants.get(d, 0) + factor * at
    others = _absorb(table, rest, hinges, slopes)
    functions = {
        d: Piecewise.of(h, slopes.get(d, 0), constants.get(d, 0)) for d, h in hinges.items()
    }
    return Parts(functions, others, form.constant)


def _absorb(table: AtomTable, rest: dict, hinges: dict, slopes: dict) -> tuple:
    """Move multiples of a direction's own form from the rest into its function."""
    left = Affine.of(rest)
    for d in sorted(hinges, reverse=True):
        form = table.directions[d].form
        if left.terms and (k := multiple_of(left, form)):
            left = weighted_sum(((left, 1), (form, -k)))
            slopes[d] = slopes.get(d, 0) + k
    return left.terms


def range_of(table: AtomTable, form: Affine) -> Range:
    """Return the range of a form."""
    if form.is_constant:
        return Range.point(form.constant)
    linear = form.linear
    if linear not in table.known_ranges:
        table.known_ranges[linear] = _range_of_linear(table, linear)
    return table.known_ranges[linear].shifted(form.constant)


def _range_of_linear(table: AtomTable, form: Affine) -> Range:
    number = table.find_direction(form)
    if number is not None:
        return table.directions[number].range
    clock, rest = _split_clock(table, form)
    parts = take_apart(table, rest)
    ranges = [(table.ranges[atom], factor) for atom, factor in parts.others]
    ranges += [(g.over(table.directions[d].range), 1) for d, g in parts.functions.items()]
    return affine_range(parts.constant, [*ranges, (_range_of_clock(table, clock), 1)])


def _split_clock(table: AtomTable, form: Affine) -> tuple[Affine, Affine]:
    """Return the part of a form that comes round whatever the input is, and the rest."""
    clock = tuple(term for term in form.terms if _comes_round(table, term[0]))
    if not clock or len(clock) == len(form.terms):
        return (form, Affine()) if clock else (Affine(), form)
    return Affine(clock), Affine(tuple(t for t in form.terms if t not in set(clock)))


def _range_of_clock(table: AtomTable, form: Affine) -> Range:
    """What comes round is added up moment by moment, not range by range."""
    if form.is_constant:
        return Range.point(0)
    if (cycle := cycle_of(table, form)) is not None:
        return cycle_range(cycle)
    pieces = (cycle_of(table, piece) for piece in pieces_of(table, form))
    return sum((cycle_range(c) for c in pieces), Range.point(0))


def cycle_range(cycle: Cycle) -> Range:
    """Return the range of the values of a cycle."""
    lo, hi = cycle.values.min(), cycle.values.max()
    if cycle.error:
        return Range(Fraction(lo - cycle.error), Fraction(hi + cycle.error))
    return Range(lo, hi, all(map(is_integer, cycle.distinct)))


def cycle_of(table: AtomTable, form: Affine) -> Cycle | None:
    """Return the cycle of a form all of whose atoms come round, else None."""
    linear = form.linear
    if linear not in table.known_cycles:
        table.known_cycles[linear] = _cycle_of_linear(table, linear)
    cycle = table.known_cycles[linear]
    if cycle is None or not form.constant:
        return cycle
    return Cycle(cycle.values + _like(cycle, form.constant), cycle.error)


def _cycle_of_linear(table: AtomTable, form: Affine) -> Cycle | None:
    if not form.terms or not all(_comes_round(table, a) for a, _ in form.terms):
        return None
    pieces = pieces_of(table, form)
    if len(pieces) > 1:
        return _sum_of_cycles([_cycle_of_piece(table, piece) for piece in pieces])
    return _cycle_of_piece(table, form)


def _cycle_of_piece(table: AtomTable, piece: Affine) -> Cycle:
    """Return the cycle of one atom, or of the ReLUs of one direction."""
    if piece not in table.known_cycles:
        number, factor = piece.terms[0]
        atom = table.atoms[number]
        if isinstance(atom, ReluAtom):
            (function,) = take_apart(table, piece).functions.values()
            table.known_cycles[piece] = _through(function, table.directions[atom.direction].cycle)
        else:
            cycle = table.cycles[number]
            table.known_cycles[piece] = _through(Piecewise(slope=factor), cycle)
    return table.known_cycles[piece]


def _comes_round(table: AtomTable, number: int) -> bool:
    atom = table.atoms[number]
    if isinstance(atom, ReluAtom):
        return table.directions[atom.direction].cycle is not None
    return table.cycles[number] is not None


def _like(cycle: Cycle, number: Number) -> Number | float:
    """Return the number as it can be added to the values of a cycle."""
    return float(number) if cycle.error else number


def _through(g: Piecewise, cycle: Cycle) -> Cycle:
    """Return the cycle of g(z), z coming round; exact where z is, or where g is flat."""
    if not cycle.error:
        image = {z: g(z) for z in cycle.distinct}
        return Cycle(np.array([image[z] for z in cycle.values.tolist()], dtype=object))
    hinges = np.array([float(h) for h, _ in g.hinges])
    slack = cycle.error + ROUNDING * (1 + np.abs(hinges).max(initial=0))
    piece = np.searchsorted(hinges, cycle.values - slack)
    same = piece == np.searchsorted(hinges, cycle.values + slack)
    levels = _flat_pieces(g)
    if same.all() and all(levels[k] is not None for k in set(piece.tolist())):
        return Cycle(np.array([levels[k] for k in piece.tolist()], dtype=object))
    return _approximately(g, hinges, cycle)


def _flat_pieces(g: Piecewise) -> list[Number | None]:
    """Return the value of g on each piece between hinges, None where it slopes."""
    points, slope, levels = g.at_hinges(), g.slope, []
    values = [points[0][1] if points else g.constant, *(v for _, v in points)]
    for value, bend in zip(values, [*(b for _, b in g.hinges), 0], strict=True):
        levels.append(value if slope == 0 else None)
        slope = slope + bend
    return levels


def _approximately(g: Piecewise, hinges: np.ndarray, cycle: Cycle) -> Cycle:
    bends = np.array([float(b) for _, b in g.hinges])
    bent = np.maximum(0.0, cycle.values[:, None] - hinges) @ bends
    values = float(g.constant) + float(g.slope) * cycle.values + bent
    steepest = abs(float(g.slope)) + np.abs(bends).sum()
    size = 1 + abs(float(g.constant)) + steepest * (np.abs(cycle.values).max() + 1)
    return Cycle(values, float(cycle.error * steepest + ROUNDING * size))


def _sum_of_cycles(cycles: list[Cycle]) -> Cycle | None:
    period = math.lcm(*(len(c.values) for c in cycles))
    if period > LONGEST_CYCLE:
        return None
    error = sum(c.error for c in cycles)
    total = np.full(period, 0.0 if error else 0, dtype=float if error else object)
    for cycle in cycles:
        values = cycle.values.astype(total.dtype)
        total = total + np.tile(values, period // len(values))
    return Cycle(total, error + (ROUNDING * len(cycles) if error else 0.0))


@dataclass(frozen=True)
class Selection:
    """A form that follows a clock: a sum of pieces of which at most one is on at any time.

    Attributes:
        signals: (piece, value while it is off, value while it is on).
        off: the form's value while all pieces are off.
    """

    signals: tuple[tuple[Affine, Number, Number], ...]
    off: Number


def selection_of(table: AtomTable, form: Affine) -> Selection | None:
    """Return a form without constant as a Selection, or None where it is not of that kind."""
    if form not in table.known_selections:
        table.known_selections[form] = _find_selection(table, form)
    return table.known_selections[form]


def _find_selection(table: AtomTable, form: Affine) -> Selection | None:
    if cycle_of(table, form) is None:
        return None
    pieces = pieces_of(table, form)
    cycles = [_cycle_of_piece(table, piece) for piece in pieces]
    if any(c.error or len(c.distinct) != 2 for c in cycles):
        return None
    period = math.lcm(*(len(c.values) for c in cycles))
    if period > LONGEST_CYCLE:
        return None
    signals, off, busy = [], 0, np.zeros(period, dtype=bool)
    for piece, cycle in zip(pieces, cycles, strict=True):
        base, on = cycle.distinct
        moments = np.tile(cycle.values == on, period // len(cycle.values))
        if (busy & moments).any():
            return None
        busy |= moments
        signals.append((piece, base, on))
        off += base
    return Selection(tuple(signals), simplest(off))


def pieces_of(table: AtomTable, form: Affine) -> list[Affine]:
    """Split a form: the ReLUs of one direction and sign stay together, other atoms stand alone.

    (On a dial with an even number of positions, opposite positions have one direction.)
    """
    pieces: dict[tuple, dict[int, Number]] = {}
    for number, factor in form.terms:
        atom = table.atoms[number]
        is_relu = isinstance(atom, ReluAtom)
        key = (atom.direction, atom.sign) if is_relu else (number,)
        pieces.setdefault(key, {})[number] = factor
    return [Affine.of(terms) for terms in pieces.values()]
