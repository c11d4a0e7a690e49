"""Linear states in the normal form: split into independent groups, each made once.

A LinState of width n is n numbers. Those that never read each other are separate states, and
many are simpler than they look:

====================  ========================================================================
rule                  equation
====================  ========================================================================
memoryless            s_t = v_t, no state at all                     if its row of A is zero
stands still          s_t = s_0                                      if A = 1 and v = 0
nothing               s_t = 0                                        if v = 0 and s_0 = 0
one scale             the state of k v is k times the state of v     so both share one state
start                 s_t = s_0 + (the same state started at 0)      if A = 1
whole steps           s_t = o + g c_t with c_t = 0, 1, ...           if s comes round in steps of g
====================  ========================================================================
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from lsrl_edu.compiler.affine import Affine
from lsrl_edu.compiler.atoms import Cycle, StateAtom, StateGroup
from lsrl_edu.compiler.facts import LONGEST_CYCLE, ROUNDING, cycle_range, range_of
from lsrl_edu.compiler.workshop import Workshop
from lsrl_edu.numbers import Matrix, Number, quotient
from lsrl_edu.ranges import is_integer, state_ranges

LARGEST_CLOCK = 2**22
"""Multiplications that following an undriven state round may cost."""
LONGEST_ROTATION = 1024
LARGEST_ROTATION = 4
UNIT = 2**160
"""Rotations are followed in whole multiples of 1 / UNIT."""


def state_forms(
    shop: Workshop, A: Matrix, drive: Sequence[Affine], s0: Matrix, horizon: int
) -> list[Affine]:
    """Return one form for each entry of s_t = A s_{t-1} + drive_t, starting at s0."""
    forms: list[Affine] = [Affine()] * A.shape[0]
    for entries in independent_entries(A):
        part = A.part(entries)
        start = [s0[i, 0] for i in entries]
        found = _group(shop, part, [drive[i] for i in entries], start, horizon)
        for i, form in zip(entries, found, strict=True):
            forms[i] = form
    return forms


def independent_entries(A: Matrix) -> list[list[int]]:
    """Return the entries grouped so that no group reads another."""
    root = list(range(A.shape[0]))

    def find(i: int) -> int:
        while root[i] != i:
            root[i] = root[root[i]]
            i = root[i]
        return i

    for i, row in enumerate(A.rows):
        for c, _ in row:
            root[find(i)] = find(c)
    groups: dict[int, list[int]] = {}
    for i in range(A.shape[0]):
        groups.setdefault(find(i), []).append(i)
    return list(groups.values())


def _group(
    shop: Workshop, A: Matrix, drive: list[Affine], start: list[Number], horizon: int
) -> list[Affine]:
    if len(drive) == 1 and A.nonzeros == 0:
        return drive  # memoryless: the state is what it is fed
    if shop.simplify:
        if all(v == Affine() for v in drive) and not any(start):
            shop.note("nothing", "a state that is fed nothing and starts at zero stays zero")
            return [Affine()] * len(drive)
        if len(drive) == 1:
            return [_single(shop, A, drive[0], start[0], horizon)]
    return _atoms(shop, A, tuple(drive), start, horizon)


def _single(shop: Workshop, A: Matrix, v: Affine, start: Number, horizon: int) -> Affine:
    """One entry with a loop: share it with every multiple of itself."""
    loop = A[0, 0]
    if loop == 1 and v == Affine():
        shop.note("stands still", "a state that is fed nothing stays at {}", start)
        return Affine((), start)
    scale = _scale(shop, v)
    unit = v.divided(scale)
    if loop == 1:
        (form,) = _atoms(shop, A, (unit,), [0], horizon)
        return form * scale + Affine((), start)
    (form,) = _atoms(shop, A, (unit,), [quotient(start, scale)], horizon)
    return form * scale


def _scale(shop: Workshop, v: Affine) -> Number:
    """Return the factor to take out of what a state is fed; whole numbers stay whole."""
    if v.is_constant:
        return v.constant or 1
    scale = shop.table.unit_of(v.linear)[1]
    whole = range_of(shop.table, v).integer
    return 1 if whole and not range_of(shop.table, v.divided(scale)).integer else scale


def _atoms(
    shop: Workshop, A: Matrix, drive: tuple[Affine, ...], start: list[Number], horizon: int
) -> list[Affine]:
    """Return the forms of a group of states, made now or found again."""
    table = shop.table
    group = StateGroup(A, drive, Matrix.column(start))
    number = table.find_group(group)
    known = state_ranges(A.rows, [range_of(table, v) for v in drive], start, horizon)
    undriven = shop.simplify and all(v == Affine() for v in drive)
    cycles = follow(A, start, horizon) if undriven else [None] * len(drive)
    if (scales := _whole_steps(cycles)) is not None:
        return _rebased(shop, A, start, cycles, scales)
    if cycles[0] is not None:
        known = [cycle_range(c) for c in cycles]
    return [
        Affine.atom(table.add(StateAtom(number, i), known[i], _label(shop, i, A), cycles[i]))
        for i in range(A.shape[0])
    ]


def _whole_steps(cycles: list[Cycle | None]) -> list[tuple[Number, Number]] | None:
    """Return for each entry (offset, step) with s = offset + step * (a whole number from 0).

    None where nothing is gained: some entry does not come round, or all have step 1 already.
    """
    if any(c is None or c.error for c in cycles):
        return None
    scales: list[tuple[Number, Number]] = []
    for cycle in cycles:
        low = min(cycle.distinct)
        step = math.gcd(*(v - low for v in cycle.distinct))
        scales.append((low, step) if step != 1 else (0, 1))
    return None if all(scale == (0, 1) for scale in scales) else scales


def _rebased(
    shop: Workshop, A: Matrix, start: list[int], cycles: list[Cycle], scales: list
) -> list[Affine]:
    """Count the steps of a clock, not their size: a hand that is -1 or 1 becomes 0 or 1.

    With s_i = o_i + g_i c_i:  c_i <- sum_j A_ij g_j / g_i c_j + (sum_j A_ij o_j - o_i) / g_i.
    Entries that stand still (g_i = 0) drop out.
    """
    moving = [i for i, (_, step) in enumerate(scales) if step]
    place = {i: k for k, i in enumerate(moving)}
    rows, drive, first, turned = [], [], [], []
    for i in moving:
        low, step = scales[i]
        row = A.rows[i]
        rows.append([(place[c], quotient(v * scales[c][1], step)) for c, v in row if c in place])
        drive.append(Affine((), quotient(sum(v * scales[c][0] for c, v in row) - low, step)))
        first.append(quotient(start[i] - low, step))
        turned.append(
            Cycle(np.array([(v - low) // step for v in cycles[i].values.tolist()], object))
        )
    group = StateGroup(Matrix(rows, len(moving)), tuple(drive), Matrix.column(first))
    number = shop.table.find_group(group)
    forms = [Affine((), low) for low, _ in scales]
    for k, i in enumerate(moving):
        atom = StateAtom(number, k)
        label = _label(shop, i, A)
        found = shop.table.add(atom, cycle_range(turned[k]), label, turned[k])
        forms[i] = Affine.atom(found) * scales[i][1] + forms[i]
    return forms


def _label(shop: Workshop, i: int, A: Matrix) -> str:
    return shop.where if A.shape[0] == 1 else f"{shop.where}[{i}]"


def follow(A: Matrix, start: list[Number], horizon: int) -> list[Cycle | None]:
    """Return how each entry of s_t = A s_{t-1} comes round, or Nones where it does not."""
    whole = all(is_integer(v) for row in A.rows for _, v in row) and all(map(is_integer, start))
    found = _follow_whole(A, start) if whole else _follow_rounded(A, start, horizon)
    return found if found is not None else [None] * A.shape[0]


def _follow_whole(A: Matrix, start: list[int]) -> list[Cycle] | None:
    """Whole numbers: followed exactly until the start is met again."""
    state, seen = list(start), []
    for _ in range(min(LONGEST_CYCLE, LARGEST_CLOCK // max(1, A.nonzeros))):
        state = [sum(v * state[c] for c, v in row) for row in A.rows]
        seen.append(state)
        if state == start:
            return [Cycle(np.array([s[i] for s in seen], object)) for i in range(len(start))]
        if max(map(abs, state)) > 2**40:
            return None  # it grows: it will not come back
    return None


def _follow_rounded(A: Matrix, start: list[Number], horizon: int) -> list[Cycle] | None:
    """A rotation by a rounded angle never comes back exactly: bound what is missing.

    With D = A^n - I, k rounds of n steps give s_{t+kn} - s_t = ((I + D)^k - I) s_t, which is at
    most 2 k |D| |s_t| while k |D| < 1/2.
    """
    if A.shape[0] > LARGEST_ROTATION:
        return None
    state = first = [round(Fraction(x) * UNIT) for x in start]
    seen: list[list[int]] = []
    for _ in range(LONGEST_ROTATION):
        state = [sum(v.numerator * state[c] // v.denominator for c, v in row) for row in A.rows]
        seen.append(state)
        gap = max(abs(a - b) for a, b in zip(state, first, strict=True))
        if gap * 2**60 < UNIT:
            break
        if max(map(abs, state)) > 2**40 * UNIT:
            return None
    else:
        return None
    values = np.array([[x / UNIT for x in s] for s in seen])
    drift = _drift(A, len(seen), float(np.abs(values).max()), horizon)
    error = None if drift is None else drift + ROUNDING
    return None if error is None else [Cycle(v, error) for v in values.T.copy()]


def _drift(A: Matrix, period: int, largest: float, horizon: int) -> float | None:
    """Return how far the state can have strayed from its first round after ``horizon`` steps."""
    off = _power(A, period) + Matrix.eye(A.shape[0]) * -1
    norm = max(sum(abs(v) for _, v in row) for row in off.rows)
    rounds = Fraction(horizon, period) + 1
    return float(2 * rounds * norm) * largest if rounds * norm < Fraction(1, 2) else None


def _power(A: Matrix, exponent: int) -> Matrix:
    if exponent == 0:
        return Matrix.eye(A.shape[0])
    half = _power(A, exponent // 2)
    return half @ half @ A if exponent % 2 else half @ half
