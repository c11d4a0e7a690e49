"""Layers as single operations, for architectures whose residual stream keeps every value.

There, a carry is free, and states are diagonal: s_t = a s_{t-1} + v_t with a in [0, 1]. So the
layers are taken apart into operations of five kinds, each of which makes one value:

========  ==============================================  =================================
kind      value                                           in Mamba / in Hawk
========  ==============================================  =================================
relu      max(0, f)                                       a shouted SiLU / GELU
product   f g                                             whispered branch times gate
linear    f                                               any whispered branch
taps      sum_j w_j f_{t-j}, nothing before the start     the causal convolution
state     s_t = a s_{t-1} + (the same sum)                convolution, then the recurrence
========  ==============================================  =================================

A linear operation is needed only where a sum is used later in large multiples: its terms must
cancel before they are multiplied.

f and g are affine forms of values; numbers 0, 1, ... are the inputs, then come the operations.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from lsrl_edu.backends.diagonal import Maker, diagonal_states
from lsrl_edu.compiler.affine import Affine, weighted_sum
from lsrl_edu.compiler.layers import Layer, Layers
from lsrl_edu.numbers import Number, Row, quotient

MOST_TAPS = 4
"""The width of the convolution in the released models: the element and three before it."""


@dataclass(frozen=True)
class Operation:
    """One operation; see the module's docstring.

    Attributes:
        kind: relu, product, linear, taps or state.
        reads: the forms it reads: two for a product, else one.
        taps: weights of the element itself, the one before, ...
        decay: a, for a state.
        label: the reader's name for what it computes.
    """

    kind: str
    reads: tuple[Affine, ...]
    taps: tuple[Number, ...] = (1,)
    decay: Number = 0
    label: str = ""


@dataclass(frozen=True)
class Operations:
    """A network as operations.

    Attributes:
        inputs: width of one element.
        operations: each reads only inputs and operations before it; value ``inputs + i`` is the
            i-th one's.
        outputs: the forms that are returned.
    """

    inputs: int
    operations: tuple[Operation, ...]
    outputs: tuple[Affine, ...]

    def value(self, number: int) -> Operation | None:
        """Return the operation that makes a value; None for an input."""
        return self.operations[number - self.inputs] if number >= self.inputs else None


class _Pool(Maker):
    """Operations under construction; the same one is made only once."""

    def __init__(self, inputs: int):
        self.inputs = inputs
        self.made: dict[tuple, int] = {}
        self.operations: list[Operation] = []

    def make(self, kind: str, *reads: Affine, label: str = "", **options) -> Affine:
        """Return the value of an operation as a form."""
        found = Operation(kind, reads, label=label, **options)
        key = found.kind, found.reads, found.taps, found.decay
        if key not in self.made:
            self.made[key] = self.inputs + len(self.operations)
            self.operations.append(found)
        return Affine.atom(self.made[key])

    def delayed(self, form: Affine) -> Affine:
        """Return the form one step earlier, 0 before the first element."""
        parts, rest = [], {}
        for value, factor in form.terms:
            known = self.operations[value - self.inputs] if value >= self.inputs else None
            if known is not None and known.kind == "taps" and len(known.taps) < MOST_TAPS:
                later = self.make("taps", *known.reads, taps=(0, *known.taps), label=known.label)
                parts.append((later, factor))
            else:
                rest[value] = factor
        left = Affine.of(rest, form.constant)
        if left != Affine():
            parts.append((self.make("taps", left, taps=(0, 1), label="one step before"), 1))
        return weighted_sum(parts)


def operations(layers: Layers) -> Operations:
    """Return the operations that compute ``layers``, only those the outputs need.

    Raises:
        UnsupportedByTarget: for a state whose transition has an eigenvalue outside [0, 1].
    """
    pool = _Pool(layers.input_dim)
    channels = [Affine.atom(i) for i in range(layers.input_dim)]
    for layer in layers.layers:
        channels = _unfold(layer, channels, pool)
    rows = zip(layers.readout.rows, layers.readout_bias.first_column, strict=True)
    outputs = tuple(_form(row, bias, channels) for row, bias in rows)
    return _live(with_whole_hinges(Operations(layers.input_dim, tuple(pool.operations), outputs)))


def _unfold(layer: Layer, channels: Sequence[Affine], pool: _Pool) -> list[Affine]:
    """Return the channels of a layer as forms."""
    biases = layer.b.first_column
    forms = [_form(row, b, channels) for row, b in zip(layer.W.rows, biases, strict=True)]
    rows = layer.split_rows()
    names = layer.labels[: layer.states]
    out = diagonal_states(layer.A, layer.s0, forms[rows["state"]], names, pool)
    labels = iter(layer.labels[layer.states :])
    out += [pool.make("relu", form, label=next(labels)) for form in forms[rows["relu"]]]
    for form in forms[rows["carry"]]:
        label = next(labels)
        alone = len(form.terms) <= 1 and not form.constant
        out.append(form if alone else pool.make("linear", form, label=label))
    for f, g in zip(forms[rows["left"]], forms[rows["right"]], strict=True):
        out.append(pool.make("product", f, g, label=next(labels)))
    return out


def _form(row: Row, bias: Number, channels: Sequence[Affine]) -> Affine:
    return weighted_sum(((channels[c], v) for c, v in row), bias)


MOST_SCALE = 2**24
"""ReLUs are not multiplied by more than this."""


def with_whole_hinges(network: Operations) -> Operations:
    """Multiply ReLUs of the same sum so that their constants are whole numbers.

    The step mu ReLU(z) - mu ReLU(z - 1/mu) becomes ReLU(mu z) - ReLU(mu z - 1). In exact numbers
    that is the same. In floating point the second is exactly 1 wherever mu z > 1, because both
    ReLUs read the same rounded mu z; the first multiplies the rounding of z by mu.
    """
    hinges: dict[tuple, int] = {}
    for made in network.operations:
        if made.kind == "relu":
            form = made.reads[0]
            denominator = Fraction(form.constant).denominator
            hinges[form.terms] = math.lcm(hinges.get(form.terms, 1), denominator)
    scale: dict[int, int] = {}
    out = []
    for number, made in enumerate(network.operations, network.inputs):
        reads = tuple(_read_scaled(form, scale) for form in made.reads)
        if made.kind == "relu" and 1 < hinges[made.reads[0].terms] <= MOST_SCALE:
            scale[number] = hinges[made.reads[0].terms]
            reads = (reads[0] * scale[number],)
        out.append(replace(made, reads=reads))
    outputs = tuple(_read_scaled(form, scale) for form in network.outputs)
    return Operations(network.inputs, tuple(out), outputs)


def _read_scaled(form: Affine, scale: dict[int, int]) -> Affine:
    """Return the form for values that are kept ``scale`` times too large."""
    terms = {v: quotient(c, scale.get(v, 1)) for v, c in form.terms}
    return Affine.of(terms, form.constant)


def _live(network: Operations) -> Operations:
    """Leave out what no output depends on."""
    needed: set[int] = set()
    waiting = [v for form in network.outputs for v, _ in form.terms]
    while waiting:
        value = waiting.pop()
        if value in needed:
            continue
        needed.add(value)
        made = network.value(value)
        waiting += [v for form in (made.reads if made else ()) for v, _ in form.terms]
    kept = sorted({*range(network.inputs), *needed})
    place = {old: new for new, old in enumerate(kept)}
    moved = tuple(
        _renumbered(network.value(v), place) for v in kept if network.value(v) is not None
    )
    return Operations(network.inputs, moved, tuple(_moved(f, place) for f in network.outputs))


def _renumbered(made: Operation, place: dict[int, int]) -> Operation:
    return replace(made, reads=tuple(_moved(form, place) for form in made.reads))


def _moved(form: Affine, place: dict[int, int]) -> Affine:
    return Affine.of({place[v]: c for v, c in form.terms}, form.constant)
