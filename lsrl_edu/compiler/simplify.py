"""Smart constructors for ReLUs and products: every rule says why it applies.

A rule looks at one new ReLU (or product) and either returns an affine form that is equal to it
for every input of the domain, or None. Every rule is exact; what it knows comes from
:mod:`lsrl_edu.compiler.facts`.

=========================  =======================================================================
rule                       equation
=========================  =======================================================================
never negative             ReLU(u) = u                          if u >= 0
never positive             ReLU(u) = 0                          if u <= 0
two values                 ReLU(u) = r0 + (r1 - r0) b           if u has two values, b in {0, 1}
clock                      ReLU(off + sum v_k b_k) is affine    if at most one b_k is 1 at a time
one direction              ReLU(g(z)) = another g(z)            g a piecewise linear function of z
nested                     ReLU(k ReLU(u) + v) = ReLU(k u + v)  if k > 0 and v <= 0
mask                       ReLU(v - K b) = ReLU(v - k b)        if b in {0,1} and K >= k >= max v
far side                   ReLU(c - K g(z)) rewritten so that no large numbers cancel
whole numbers              ReLU(z - 1/1000) = 0.999 ReLU(z) + 0.001 ReLU(z - 1)    if z is whole
=========================  =======================================================================
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise

from lsrl_edu.compiler.affine import ZERO, Affine, primitive, weighted_sum
from lsrl_edu.compiler.atoms import AtomTable, ProductAtom, ReluAtom
from lsrl_edu.compiler.facts import (
    cycle_of,
    cycle_range,
    pieces_of,
    range_of,
    selection_of,
    take_apart,
)
from lsrl_edu.compiler.piecewise import Piecewise
from lsrl_edu.numbers import Number, power_of_two_at_least, quotient, short, simplest
from lsrl_edu.ranges import INFINITY, Range

FINEST_STEP = Fraction(1, 2**20)
"""Steps of reals are merged only while their width stays above this share of their position."""
STEEPEST = 2**6
"""Functions of reals are merged only while no slope gets steeper than this."""
MOST_NEW_HINGES = 2
"""A function of a function may have this many hinges more; a sawtooth of a sawtooth has more."""
LARGE_MASK = 2**8
"""Masking constants up to this do no harm and are left as they are."""
LARGE_CONSTANT = 2**16
"""Constants above this are kept from cancelling against others of their size."""


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

    # --- ReLU ------------------------------------------------------------------------------
    def relu(self, u: Affine) -> Affine:
        """Return a form equal to ReLU(u)."""
        u = self.tidy(u)
        if u.is_constant:
            return Affine((), max(0, u.constant))
        if not self.simplify:
            return self.relu_atom(u)
        # ReLU(k u) = k ReLU(u): multiples share what is found out about u
        size = abs(primitive(u.linear)[1])
        unit = u.divided(size)
        site = Site(unit, range_of(self.table, unit), size)
        for rule in RELU_RULES:
            result = rule(self, site)
            if result is not None:
                return result * size
        return self.relu_atom(far_side(self, unit)) * size

    def relu_atom(self, u: Affine) -> Affine:
        """Return ReLU(u) as a form over ReLU atoms, whole hinges where u is a whole number."""
        z, scale = primitive(u.linear)
        number = self.direction(z)
        direction = self.table.directions[number]
        if self.simplify and direction.range.integer:
            bent = Piecewise(slope=scale, constant=u.constant).relu()
            return self.function_of(number, bent)
        sign = 1 if scale > 0 else -1
        hinge = quotient(-u.constant, abs(scale))
        return self._one_relu(number, sign, hinge) * abs(scale)

    def function_of(self, number: int, g: Piecewise) -> Affine:
        """Return the form g(z), z the direction of that number, as ReLU atoms of z."""
        direction = self.table.directions[number]
        if direction.range.integer:
            g = g.on_integers()
        g = g.within(direction.range)
        if g.slope != 0 and g.right_slope == 0:  # flat on the right: written from there
            right = g.constant - sum(bend * hinge for hinge, bend in g.hinges)
            parts = [(self._one_relu(number, -1, -hinge), bend) for hinge, bend in g.hinges]
            return weighted_sum(parts, right)
        parts = [(self._one_relu(number, 1, hinge), bend) for hinge, bend in g.hinges]
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

    def _one_relu(self, number: int, sign: int, hinge: Number) -> Affine:
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
        rise = [self._one_relu(atom.direction, atom.sign, edge) for edge in edges]
        return (rise[0] - rise[1]).divided(simplest(width))

    # --- product ---------------------------------------------------------------------------
    def product(self, u: Affine, v: Affine) -> Affine:
        """Return a form equal to u v."""
        u, v = self.tidy(u), self.tidy(v)
        for one, other in ((u, v), (v, u)):
            if one.is_constant:
                return other * one.constant
        ranges = range_of(self.table, u), range_of(self.table, v)
        if self.simplify and ranges[0].is_boolean and ranges[1].is_boolean:
            self.note("and", "both factors are 0 or 1, so u v = ReLU(u + v - 1): no gate needed")
            return self.relu((u + v).plus(-1))
        known = ranges[0].times(ranges[1])
        if u == v:
            known = Range(max(0, known.lo), known.hi, known.integer)
        left, right = sorted((u, v), key=lambda form: (form.terms, form.constant))
        return Affine.atom(self.table.add(ProductAtom(left, right), known, self.where))


# --- the rules: (workshop, site) -> form or None -----------------------------------------------


def never_negative(shop: Workshop, site: Site) -> Affine | None:
    """ReLU(u) = u if u >= 0."""
    u, known = site.u, site.known
    if known.lo < 0:
        return None
    shop.note("never negative", "ReLU of a value that is {} is the value", known)
    return u


def never_positive(shop: Workshop, site: Site) -> Affine | None:
    """ReLU(u) = 0 if u <= 0."""
    known = site.known
    if known.hi > 0:
        return None
    shop.note("never positive", "ReLU of a value that is {} is zero", known)
    return ZERO


def two_values(shop: Workshop, site: Site) -> Affine | None:
    """A function of something with two values is affine in it."""
    u = site.u
    z, scale = primitive(u.linear)
    values = range_of(shop.table, z)
    if not (values.integer and values.hi - values.lo == 1):
        return None
    low, high = (max(0, scale * v + u.constant) for v in (values.lo, values.hi))
    ends = (scale * v + u.constant for v in (values.lo, values.hi))
    shop.note("two values", "its argument is {} or {}, so the ReLU is affine in it", *ends)
    return z.plus(-values.lo) * (high - low) + Affine((), low)


def clock(shop: Workshop, site: Site) -> Affine | None:
    """A function of a clock's form is affine in the signals of the clock."""
    u = site.u
    selection = selection_of(shop.table, u.linear)
    if selection is None:
        return None
    off = selection.off + u.constant
    rest = max(0, off)
    parts = [
        (shop.signal(piece, low, high), max(0, off + high - low) - rest)
        for piece, low, high in selection.signals
    ]
    shop.note("clock", "at most one of {} signals is on, so each is treated alone", len(parts))
    return weighted_sum(parts, rest)


def one_direction(shop: Workshop, site: Site) -> Affine | None:
    """ReLU(g(z)) is a piecewise linear function of z itself."""
    u = site.u
    parts = take_apart(shop.table, u)
    if parts.others or len(parts.functions) != 1:
        return None
    ((number, function),) = parts.functions.items()
    direction = shop.table.directions[number]
    g = Piecewise(function.hinges, function.slope, simplest(function.constant + parts.constant))
    bent = g.within(direction.range).relu()
    if direction.range.integer:
        bent = bent.on_integers()
    bent = bent.within(direction.range)
    if not direction.range.integer and not _resolvable(bent, site.size):
        return None
    if len(bent.hinges) > len(g.hinges) + MOST_NEW_HINGES:
        return None
    shop.note("one direction", "a ReLU of a function of one value is a function of that value")
    return shop.function_of(number, bent)


def _resolvable(g: Piecewise, size: Number) -> bool:
    """Whether size * g(z), computed at once, is as good in floating point as step by step.

    A step of a step is steeper, so that rounding errors of z count for more; done one after the
    other, the second step puts right what the first got slightly wrong.
    """
    hinges = [h for h, _ in g.hinges]
    apart = all(b - a >= FINEST_STEP * max(abs(a), abs(b)) for a, b in pairwise(hinges))
    return apart and all(size * abs(bend) <= STEEPEST for _, bend in g.hinges)


def nested(shop: Workshop, site: Site) -> Affine | None:
    """ReLU(k ReLU(w) + v) = ReLU(k w + v) if k > 0 and v <= 0: a chain of ANDs is one level."""
    u = site.u
    top = shop.table.level(u)
    highest = [(a, k) for a, k in u.terms if shop.table.levels[a] == top]
    if len(highest) != 1 or highest[0][1] < 0 or top == 0:
        return None
    number, k = highest[0]
    atom = shop.table.atoms[number]
    if not isinstance(atom, ReluAtom):
        return None
    rest = u - Affine.atom(number) * k
    if range_of(shop.table, rest).hi > 0:
        return None
    shop.note("nested", "the rest is never positive, so the inner ReLU makes no difference")
    return shop.relu(shop.table.form_of(atom) * k + rest)


def mask(shop: Workshop, site: Site) -> Affine | None:
    """ReLU(v - K b) with b in {0, 1} needs no larger K than the largest v."""
    u = site.u
    if max(abs(k) for _, k in u.terms) <= LARGE_MASK:
        return None
    for signal, factor, rest in _booleans_in(shop, u):
        on, off = range_of(shop.table, rest.plus(factor)), range_of(shop.table, rest)
        if off.hi <= 0 < on.hi:  # active while the signal is 1
            open_, cost, gate = rest.plus(factor), factor, signal * -1 + Affine((), 1)
            largest = on.hi
        elif on.hi <= 0 < off.hi:  # active while the signal is 0
            open_, cost, gate, largest = rest, -factor, signal, off.hi
        else:
            continue
        if largest == INFINITY or (needed := power_of_two_at_least(largest)) >= cost:
            continue
        shop.note("mask", "{} hides values up to {}; {} does as well", cost, largest, needed)
        return shop.relu(open_ - gate * needed)
    return None


def _booleans_in(shop: Workshop, u: Affine):
    """Yield (signal, factor, rest) with u = factor * signal + rest, the signal 0 or 1."""
    pieces = pieces_of(shop.table, u)
    if len(pieces) < 2:
        return
    for piece in pieces:
        values = _two_numbers(shop.table, piece)
        if values is not None and values[1] - values[0] > LARGE_MASK:
            low, high = values
            signal = shop.signal(piece, low, high)
            yield signal, high - low, (u - piece).plus(low)


def _two_numbers(table: AtomTable, piece: Affine) -> tuple[Number, Number] | None:
    """Return the two values of a form that has only two, else None."""
    if piece not in table.known_two_numbers:
        table.known_two_numbers[piece] = _find_two_numbers(table, piece)
    return table.known_two_numbers[piece]


def _find_two_numbers(table: AtomTable, piece: Affine) -> tuple[Number, Number] | None:
    cycle = cycle_of(table, piece)
    if cycle is not None and not cycle.error and len(cycle.distinct) == 2:
        return min(cycle.distinct), max(cycle.distinct)
    z, scale = primitive(piece)
    values = range_of(table, z)
    if values.integer and values.hi - values.lo == 1:
        ends = sorted((scale * values.lo, scale * values.hi))
        return ends[0], ends[1]
    return None


def far_side(shop: Workshop, u: Affine) -> Affine:
    """Rewrite saturating functions in u from the side where no large constant is left over.

    1 - f_step(z) is 1 - mu ReLU(z) + mu ReLU(z - 1/mu): for large z, large numbers cancel. Seen
    from the right it is mu ReLU(1/mu - z) - mu ReLU(-z): for large z it is zero exactly.
    """
    if abs(u.constant) <= LARGE_CONSTANT:
        return u
    for piece in pieces_of(shop.table, u):
        far, level = _from_the_far_side(shop, piece)
        if far is not None and abs(u.constant + level) < abs(u.constant) / 2:
            shop.note("far side", "written from the other side, so that no large numbers cancel")
            u = weighted_sum([(u, 1), (piece, -1), (far, 1)], level)
    return u


def _from_the_far_side(shop: Workshop, piece: Affine) -> tuple[Affine | None, Number]:
    """Return (far, level) with piece = level + far, where far is zero once piece is flat again.

    With the sum of all bends b zero, b ReLU(z - h) = b ReLU(h - z) + b (z - h) gives
    sum b ReLU(z - h) = sum b ReLU(h - z) - sum b h.
    """
    atoms = [(shop.table.atoms[number], bend) for number, bend in piece.terms]
    if sum(bend for _, bend in piece.terms) or not all(isinstance(a, ReluAtom) for a, _ in atoms):
        return None, 0
    level = -sum(bend * atom.hinge for atom, bend in atoms)
    flipped = [(shop._one_relu(a.direction, -a.sign, -a.hinge), bend) for a, bend in atoms]
    return weighted_sum(flipped), simplest(level)


Rule = Callable[[Workshop, Site], Affine | None]
RELU_RULES: tuple[Rule, ...] = (
    never_negative,
    never_positive,
    clock,
    two_values,
    one_direction,
    nested,
    mask,
)
