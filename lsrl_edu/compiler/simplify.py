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
and                        u v = ReLU(u + v - 1)                if u and v are 0 or 1
=========================  =======================================================================
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise

from lsrl_edu.compiler.affine import ZERO, Affine, weighted_sum
from lsrl_edu.compiler.atoms import AtomTable, ProductAtom, ReluAtom
from lsrl_edu.compiler.facts import (
    cycle_of,
    pieces_of,
    range_of,
    selection_of,
    take_apart,
)
from lsrl_edu.compiler.piecewise import Piecewise
from lsrl_edu.compiler.workshop import Site, Workshop
from lsrl_edu.numbers import Number, power_of_two_at_least, simplest
from lsrl_edu.ranges import INFINITY, Range

FINEST_STEP = Fraction(1, 2**20)
"""Steps of reals are merged only while their width stays above this share of their position."""
STEEPEST = 2**6
"""Functions of reals are merged only while no slope gets steeper than this."""
LARGE_MASK = 2**8
"""Masking constants up to this do no harm and are left as they are."""
LARGE_CONSTANT = 2**16
"""Constants above this are kept from cancelling against others of their size."""


def relu(shop: Workshop, u: Affine) -> Affine:
    """Return a form equal to ReLU(u): the first rule that applies, or a new atom."""
    u = shop.tidy(u)
    if u.is_constant:
        return Affine((), max(0, u.constant))
    if not shop.simplify:
        return shop.relu_atom(u)
    # ReLU(k u) = k ReLU(u): multiples share what is found out about u
    size = abs(shop.table.unit_of(u.linear)[1])
    unit = u.divided(size)
    site = Site(unit, range_of(shop.table, unit), size)
    for rule in RELU_RULES:
        result = rule(shop, site)
        if result is not None:
            return result * size
    return shop.relu_atom(far_side(shop, unit)) * size


def product(shop: Workshop, u: Affine, v: Affine) -> Affine:
    """Return a form equal to u v."""
    u, v = shop.tidy(u), shop.tidy(v)
    for one, other in ((u, v), (v, u)):
        if one.is_constant:
            return other * one.constant
    ranges = range_of(shop.table, u), range_of(shop.table, v)
    if shop.simplify and ranges[0].is_boolean and ranges[1].is_boolean:
        shop.note("and", "both factors are 0 or 1, so u v = ReLU(u + v - 1): no gate needed")
        return relu(shop, (u + v).plus(-1))
    known = ranges[0].times(ranges[1])
    if u == v:
        known = Range(max(0, known.lo), known.hi, known.integer)
    left, right = sorted((u, v), key=lambda form: (form.terms, form.constant))
    return Affine.atom(shop.table.add(ProductAtom(left, right), known, shop.where))


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
    z, scale = shop.table.unit_of(u.linear)
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
        (shop.signal(piece, low, high), jump)
        for piece, low, high in selection.signals
        if (jump := max(0, off + high - low) - rest)  # most signals make no difference
    ]
    count = len(selection.signals)
    shop.note("clock", "at most one of {} signals is on, so each is treated alone", count)
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
    if len(bent.hinges) > len(g.hinges):
        return None  # a sawtooth of a sawtooth has many more teeth: better two levels
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
    return relu(shop, shop.table.form_of(atom) * k + rest)


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
        return relu(shop, open_ - gate * needed)
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
    z, scale = table.unit_of(piece)
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
    flipped = [(shop.one_relu(a.direction, -a.sign, -a.hinge), bend) for a, bend in atoms]
    return weighted_sum(flipped), simplest(level)


Rule = Callable[[Workshop, Site], Affine | None]
RELU_RULES: tuple[Rule, ...] = (
    never_negative,
    never_positive,
    clock,
    two_values,
    one_direction,
    mask,  # before nested, which would hide the boolean in it
    nested,
)
