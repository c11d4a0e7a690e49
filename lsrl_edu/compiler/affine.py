"""Affine forms: a constant plus exact multiples of atoms.

In the affine normal form of a program every number is a constant plus a sum of multiples of
*atoms* (see :mod:`lsrl_edu.compiler.atoms`). Linear, Concat and slices disappear into such forms.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lsrl_edu.numbers import Number, quotient, simplest

LARGEST_PRIMITIVE = 2**40
"""Whole coefficients above this are not worth having: their size would cost precision."""


@dataclass(frozen=True)
class Affine:
    """constant + sum of coefficient * atom.

    Attributes:
        terms: (atom number, coefficient) pairs, by atom number, no coefficient zero.
        constant: an exact number.
    """

    terms: tuple[tuple[int, Number], ...] = ()
    constant: Number = 0

    def __hash__(self) -> int:
        """Forms are looked up often: hash once."""
        found = self.__dict__.get("_hash")
        if found is None:
            found = hash((self.terms, self.constant))
            object.__setattr__(self, "_hash", found)
        return found

    @classmethod
    def of(cls, terms: Mapping[int, Number], constant: Number = 0) -> Affine:
        """Return the form with these coefficients, leaving out zeros."""
        kept = sorted((a, simplest(c)) for a, c in terms.items() if c != 0)
        return cls(tuple(kept), simplest(constant))

    @classmethod
    def atom(cls, number: int) -> Affine:
        """Return the form that is one atom."""
        return cls(((number, 1),))

    @property
    def is_constant(self) -> bool:
        """True where no atom is read."""
        return not self.terms

    @property
    def linear(self) -> Affine:
        """The form without its constant."""
        return Affine(self.terms) if self.constant else self

    def __mul__(self, factor: Number) -> Affine:
        if factor == 1:
            return self
        if factor == 0:
            return ZERO
        terms = tuple((a, simplest(c * factor)) for a, c in self.terms)
        return Affine(terms, simplest(self.constant * factor))

    def divided(self, by: Number) -> Affine:
        """Return the form divided by a number."""
        if by == 1:
            return self
        terms = tuple((a, quotient(c, by)) for a, c in self.terms)
        return Affine(terms, quotient(self.constant, by))

    def __add__(self, other: Affine) -> Affine:
        return weighted_sum(((self, 1), (other, 1)))

    def __sub__(self, other: Affine) -> Affine:
        return weighted_sum(((self, 1), (other, -1)))

    def plus(self, constant: Number) -> Affine:
        """Return the form with ``constant`` added."""
        return Affine(self.terms, simplest(self.constant + constant))


ZERO = Affine()


def weighted_sum(parts: Iterable[tuple[Affine, Number]], constant: Number = 0) -> Affine:
    """Return the sum of factor * form over (form, factor) pairs, plus a constant."""
    total: dict[int, Number] = {}
    for form, factor in parts:
        if form.constant:
            constant = constant + form.constant * factor
        for atom, coefficient in form.terms:
            share = coefficient if factor == 1 else coefficient * factor
            total[atom] = total[atom] + share if atom in total else share
    return Affine.of(total, constant)


def primitive(form: Affine) -> tuple[Affine, Number]:
    """Write a form without constant as scale * direction, and return (direction, scale).

    Forms that are multiples of each other get the same direction: whole coefficients without a
    common factor, the first of them positive. Where that would need very large coefficients, the
    first coefficient becomes 1 instead.
    """
    coefficients = [c for _, c in form.terms]
    top = math.gcd(*(c.numerator for c in coefficients))
    scale = quotient(top, math.lcm(*(c.denominator for c in coefficients)))
    if max(map(abs, coefficients)) > scale * LARGEST_PRIMITIVE:
        scale = abs(coefficients[0])
    if coefficients[0] < 0:
        scale = -scale
    return form.divided(scale), scale


def multiple_of(form: Affine, direction: Affine) -> Number:
    """Return k where every term of ``direction`` occurs in ``form`` k times, else 0."""
    coefficients = dict(form.terms)
    first_atom, first = direction.terms[0]
    k = quotient(coefficients.get(first_atom, 0), first)
    same = k and all(coefficients.get(a, 0) == k * c for a, c in direction.terms)
    return k if same else 0
