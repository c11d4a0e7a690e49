"""The workshop: where ReLU atoms are made, in the one way each function is written.

What is made here is decided by the rules of :mod:`lsrl_edu.compiler.simplify`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from fractions import Fraction

from lsrl_edu.compiler.affine import Affine, weighted_sum
from lsrl_edu.compiler.atoms import AtomTable, ReluAtom
from lsrl_edu.compiler.facts import cycle_of, cycle_range, range_of, take_apart
from lsrl_edu.compiler.piecewise import Piecewise
from lsrl_edu.numbers import Number, quotient, short, simplest
from lsrl_edu.ranges import Range


@dataclass(frozen=True)
class Reason:
    """One simplification: the rule, the node it happened in, and the fact behind it."""

    rule: str
    where: str
    fact: str
    values: tuple = ()

    @property
    def because(self) -> str:
        """The fact in words."""
        words = (short(v) if isinstance(v, int | Fraction) else v for v in self.values)
        return self.fact.format(*words)

    def __str__(self) -> str:
        return f"{self.rule:16} in {self.where}: {self.because}"


@dataclass(frozen=True)
class Site:
    """A ReLU that is about to be made: size * ReLU(u).

    Attributes:
        u: its argument, without common factors.
        known: the range of u.
        size: what was taken out, a positive number.
    """

    u: Affine
    known: Range
    size: Number


@dataclass
class Workshop:
    """Where atoms are made: the table, and the diary of what was simplified.

    Attributes:
        table: all atoms so far.
        simplify: False makes atoms as they come (the plain normal form, for comparison).
        reasons: the diary.
        where: the node being translated, for the diary and for labels.
        signals: boolean signals made so far (see :meth:`signal`).
        tidied: forms written anew so far (see :meth:`tidy`).
    """

    table: AtomTable
    simplify: bool = True
    reasons: list[Reason] | None = None
    where: str = ""
    signals: dict = field(default_factory=dict)
    tidied: dict = field(default_factory=dict)

    def note(self, rule: str, fact: str, *values: object) -> None:
        """Write one simplification into the diary; the words are put together when read."""
        if self.reasons is not None:
            self.reasons.append(Reason(rule, self.where, fact, values))

    def relu_atom(self, u: Affine) -> Affine:
        """Return ReLU(u) as a form over ReLU atoms, whole hinges where u is a whole number."""
        z, scale = self.table.unit_of(u.linear)
        number = self.direction(z)
        direction = self.table.directions[number]
        if self.simplify and direction.range.integer:
            bent = Piecewise(slope=scale, constant=u.constant).relu()
            return self.function_of(number, bent)
        sign = 1 if scale > 0 else -1
        hinge = quotient(-u.constant, abs(scale))
        return self.one_relu(number, sign, hinge) * abs(scale)

    def function_of(self, number: int, g: Piecewise) -> Affine:
        """Return the form g(z), z the direction of that number, as ReLU atoms of z."""
        direction = self.table.directions[number]
        if direction.range.integer:
            g = g.on_integers()
        g = g.within(direction.range)
        if g.slope != 0 and g.right_slope == 0:  # flat on the right: written from there
            right = g.constant - sum(bend * hinge for hinge, bend in g.hinges)
            parts = [(self.one_relu(number, -1, -hinge), bend) for hinge, bend in g.hinges]
            return weighted_sum(parts, right)
        parts = [(self.one_relu(number, 1, hinge), bend) for hinge, bend in g.hinges]
        return weighted_sum([*parts, (direction.form, g.slope)], g.constant)

    def tidy(self, u: Affine) -> Affine:
        """Write every function of a whole number in u anew, with as few terms as it needs.

        The ReLUs of such a function were made one by one; only where the whole function is read
        can be seen how many hinges it has, and from which side it is best written.
        """
        if not self.simplify or not any(map(self._is_whole_relu, (a for a, _ in u.terms))):
            return u
        if u not in self.tidied:
            parts = take_apart(self.table, u, whole_only=True)
            functions = [(self.function_of(d, g), 1) for d, g in parts.functions.items()]
            self.tidied[u] = weighted_sum([(Affine(parts.others), 1), *functions], parts.constant)
        return self.tidied[u]

    def _is_whole_relu(self, number: int) -> bool:
        atom = self.table.atoms[number]
        return isinstance(atom, ReluAtom) and self.table.directions[atom.direction].range.integer

    def direction(self, z: Affine) -> int:
        """Return the number of a direction; its facts are found where it is new."""
        number = self.table.find_direction(z)
        if number is not None:
            return number
        cycle = cycle_of(self.table, z) if self.simplify else None
        known = range_of(self.table, z)
        return self.table.add_direction(z, cycle_range(cycle) if cycle else known, cycle)

    def one_relu(self, number: int, sign: int, hinge: Number) -> Affine:
        """Return the atom ReLU(sign z - hinge), z the direction of that number, as a form."""
        known = self.table.directions[number].range.scaled(sign).shifted(-hinge).relu()
        return Affine.atom(self.table.add(ReluAtom(number, sign, hinge), known, self.where))

    def signal(self, piece: Affine, off: Number, on: Number) -> Affine:
        """Return the form that is 0 where ``piece`` is ``off`` and 1 where it is ``on``.

        Where the piece compares a clock's hand with its dial, the comparison is made anew with
        the widest ramp there is room for: less steep, and powers of two only.
        """
        if (piece, off, on) not in self.signals:
            plain = piece.plus(-off).divided(on - off)
            self.signals[piece, off, on] = self._wide_step(piece, on) or plain
        return self.signals[piece, off, on]

    def _wide_step(self, piece: Affine, on: Number) -> Affine | None:
        atom = self.table.atoms[piece.terms[0][0]]
        if not isinstance(atom, ReluAtom):
            return None
        hand = self.table.directions[atom.direction].cycle
        if hand is None or not hand.error:
            return None
        is_on = cycle_of(self.table, piece).values == on
        places = hand.values * atom.sign
        low, high = places[~is_on].max(), places[is_on].min()
        if high - low < 16 * hand.error:
            return None
        width = Fraction(2) ** math.floor(math.log2((high - low) / 2))
        foot = round(Fraction((low + high) / 2) / width * 8) * width / 8 - width / 2
        edges = [simplest(foot), simplest(foot + width)]
        rise = [self.one_relu(atom.direction, atom.sign, edge) for edge in edges]
        return (rise[0] - rise[1]).divided(simplest(width))
