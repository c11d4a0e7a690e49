"""Atoms: the numbers of a program that are not affine in others.

Every number in a program is an affine form (:mod:`lsrl_edu.compiler.affine`) over atoms. One
atom is one number per step:

* an input coordinate,
* a ReLU of an affine form, written ReLU(+-z - h) with z a *direction* (forms that are multiples
  of each other share their direction, so that their ReLUs can be seen as one function of z),
* a product of two affine forms,
* an entry of a linear state that is driven by affine forms.

The :class:`AtomTable` interns them: equal parts, one atom.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np

from lsrl_edu.compiler.affine import Affine, primitive
from lsrl_edu.numbers import Matrix, Number, quotient
from lsrl_edu.ranges import Range


@dataclass(frozen=True)
class InputAtom:
    """Coordinate ``index`` of the input."""

    index: int


@dataclass(frozen=True)
class ReluAtom:
    """ReLU(sign * z - hinge), z the direction of that number."""

    direction: int
    sign: int
    hinge: Number


@dataclass(frozen=True)
class ProductAtom:
    """left * right."""

    left: Affine
    right: Affine


@dataclass(frozen=True)
class StateAtom:
    """Entry ``index`` of the state group of that number."""

    group: int
    index: int


Atom = InputAtom | ReluAtom | ProductAtom | StateAtom


@dataclass(frozen=True, eq=False)
class Cycle:
    """Values that come round: at step t = 1, 2, ... the value is values[(t - 1) % period].

    Attributes:
        values: one period; exact numbers (dtype object) where ``error`` is 0, else float64.
        error: how far the true value may be from the listed one.
    """

    values: np.ndarray
    error: float = 0.0

    @cached_property
    def distinct(self) -> list[Number]:
        """The different values of an exact cycle, the most frequent first, then by size."""
        counts: dict[Number, int] = {}
        for value in self.values.tolist():
            counts[value] = counts.get(value, 0) + 1
        return sorted(counts, key=lambda v: (-counts[v], v))


@dataclass(frozen=True)
class Direction:
    """A linear form z that ReLUs are taken of, and what is known of it."""

    form: Affine
    range: Range
    cycle: Cycle | None


@dataclass(frozen=True)
class StateGroup:
    """s_t = A s_{t-1} + drive_t, starting at s0; entries that depend on each other."""

    A: Matrix
    drive: tuple[Affine, ...]
    s0: Matrix


class AtomTable:
    """All atoms made so far, in an order in which each reads only earlier ones.

    Attributes:
        atoms: by number.
        ranges: what is known of each.
        levels: 0 for an input, otherwise one more than the highest level it reads.
        cycles: for atoms that come round whatever the input is.
        labels: the reader's name for it, or "".
        directions, groups: by number.
    """

    def __init__(self) -> None:
        self.atoms: list[Atom] = []
        self.ranges: list[Range] = []
        self.levels: list[int] = []
        self.cycles: list[Cycle | None] = []
        self.labels: list[str] = []
        self.directions: list[Direction] = []
        self.groups: list[StateGroup] = []
        self._numbers: dict[Atom, int] = {}
        self._direction_numbers: dict[Affine, int] = {}
        self._group_numbers: dict[StateGroup, int] = {}
        self._rays: dict[Affine, Affine] = {}
        self._units: dict[Affine, tuple[Affine, Number]] = {}
        # What facts.py has found out about forms without a constant, so that it looks once.
        self.known_ranges: dict[Affine, Range] = {}
        self.known_cycles: dict[Affine, Cycle | None] = {}
        self.known_two_numbers: dict[Affine, Any] = {}
        self.known_selections: dict[Affine, Any] = {}

    def find(self, atom: Atom) -> int | None:
        """Return the number of an atom made before, or None."""
        return self._numbers.get(atom)

    def add(self, atom: Atom, known: Range, label: str = "", cycle: Cycle | None = None) -> int:
        """Return the number of the atom, making it where it is new."""
        number = self._numbers.get(atom)
        if number is None:
            number = self._numbers[atom] = len(self.atoms)
            self.atoms.append(atom)
            self.ranges.append(known)
            self.cycles.append(cycle)
            self.levels.append(self._level(atom))
            self.labels.append("")
        self.labels[number] = self.labels[number] or label
        return number

    def add_direction(self, form: Affine, known: Range, cycle: Cycle | None) -> int:
        """Return the number of the direction, making it where it is new."""
        number = self._direction_numbers.get(form)
        if number is None:
            number = self._direction_numbers[form] = len(self.directions)
            self.directions.append(Direction(form, known, cycle))
        return number

    def unit_of(self, form: Affine) -> tuple[Affine, Number]:
        """Write a form without constant as scale * unit, and return (unit, scale).

        All multiples of a form share their unit: its primitive form, or, where that has no whole
        coefficients (the hand of a clock), the first multiple seen, up to a power of two, so that
        the long fractions stay in the unit and the scales are short.
        """
        if form not in self._units:
            self._units[form] = self._find_unit(form)
        return self._units[form]

    def _find_unit(self, form: Affine) -> tuple[Affine, Number]:
        ray, scale = primitive(form)
        if all(type(c) is int for _, c in ray.terms):
            return ray, scale
        first = form.terms[0][1]
        if ray not in self._rays:
            power = Fraction(2) ** math.frexp(float(abs(first)))[1]
            self._rays[ray] = form.divided(power if first > 0 else -power)
        unit = self._rays[ray]
        return unit, quotient(first, unit.terms[0][1])

    def find_group(self, group: StateGroup) -> int:
        """Return the number of a state group, making it where it is new."""
        if group not in self._group_numbers:
            self._group_numbers[group] = len(self.groups)
            self.groups.append(group)
        return self._group_numbers[group]

    def find_direction(self, form: Affine) -> int | None:
        """Return the number of a direction made before, or None."""
        return self._direction_numbers.get(form)

    def form_of(self, atom: ReluAtom) -> Affine:
        """Return the form a ReLU is taken of."""
        return (self.directions[atom.direction].form * atom.sign).plus(-atom.hinge)

    def reads(self, number: int) -> tuple[Affine, ...]:
        """Return the forms an atom reads: none, one, or the two factors of a product."""
        atom = self.atoms[number]
        if isinstance(atom, ReluAtom):
            return (self.form_of(atom),)
        if isinstance(atom, ProductAtom):
            return (atom.left, atom.right)
        return self.groups[atom.group].drive if isinstance(atom, StateAtom) else ()

    def level(self, form: Affine) -> int:
        """Return the highest level among the atoms of a form."""
        return max((self.levels[a] for a, _ in form.terms), default=0)

    def _level(self, atom: Atom) -> int:
        if isinstance(atom, InputAtom):
            return 0
        if isinstance(atom, ReluAtom):
            return 1 + self.level(self.directions[atom.direction].form)
        if isinstance(atom, ProductAtom):
            return 1 + max(self.level(atom.left), self.level(atom.right))
        return 1 + max(map(self.level, self.groups[atom.group].drive), default=0)
