"""From layers to hidden units: what every gate of every unit adds up, in exact numbers.

A cell (LSTM, GRU, tanh RNN) says how it does each operation of a layer with one or more hidden
units. Here these units are put together: the gates' weights, and for each channel which units it
is read from. No torch, no rounding.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lsrl_edu.compiler.layers import Layer, Layers
from lsrl_edu.numbers import Matrix, Number, Row, simplest
from lsrl_edu.ranges import ANY


@dataclass(frozen=True)
class Sum:
    """What a gate adds up: channels of the layer below, own channels one step before, a bias."""

    below: Row = ()
    before: Row = ()
    bias: Number = 0

    def times(self, factor: Number) -> Sum:
        """Return the sum multiplied by a number."""
        if factor == 0:
            return Sum()
        below, before = (
            tuple((c, simplest(v * factor)) for c, v in row) for row in (self.below, self.before)
        )
        return Sum(below, before, simplest(self.bias * factor))

    def __add__(self, other: Sum) -> Sum:
        below, before = (_add(a, b) for a, b in zip(self._rows, other._rows, strict=True))
        return Sum(below, before, simplest(self.bias + other.bias))

    def plus(self, number: Number) -> Sum:
        """Return the sum with a larger bias."""
        return Sum(self.below, self.before, simplest(self.bias + number))

    @property
    def largest(self) -> Number:
        """The largest absolute weight, 1 at least."""
        return max([1, *(abs(v) for row in self._rows for _, v in row)])

    @property
    def _rows(self) -> tuple[Row, Row]:
        return self.below, self.before


@dataclass(frozen=True)
class Unit:
    """One hidden unit.

    Attributes:
        gates: the sum of each gate, before its activation.
        readout: the factor with which the channel reads the unit.
        start: h before the first element.
        cell: c before the first element (LSTM).
    """

    gates: Mapping[str, Sum]
    readout: Number
    start: Number = 0
    cell: Number = 0


Channels = Sequence[Sequence[Unit]]
"""The units of each channel of one layer."""


@dataclass(frozen=True)
class UnitLayer:
    """One layer of a stacked recurrent network, in exact numbers.

    Attributes:
        below: gate -> weights (units, units of the layer below).
        before: gate -> weights (units, units).
        bias: gate -> (units, 1).
        start, cell: h and c before the first element (units, 1).
        collect: channels from units.
        whispering: the units that hold a whole channel, whispered.
    """

    below: Mapping[str, Matrix]
    before: Mapping[str, Matrix]
    bias: Mapping[str, Matrix]
    start: Matrix
    cell: Matrix
    collect: Matrix
    whispering: tuple[int, ...]

    @property
    def units(self) -> int:
        """The number of hidden units."""
        return self.start.shape[0]


def stack(layers: Sequence[Channels], inputs: int, gates: Sequence[str]) -> list[UnitLayer]:
    """Return the unit layers of channel layers; each reads the units of the one below."""
    collect, out = Matrix.eye(inputs), []
    for channels in layers:
        out.append(_unit_layer(channels, collect, gates))
        collect = out[-1].collect
    return out


def _unit_layer(channels: Channels, collect: Matrix, gates: Sequence[str]) -> UnitLayer:
    units = [unit for channel in channels for unit in channel]
    sums = {g: [unit.gates.get(g, Sum()) for unit in units] for g in gates}
    own = _collect(channels, len(units))
    return UnitLayer(
        below={g: _rows((s.below for s in sums[g]), collect) for g in gates},
        before={g: _rows((s.before for s in sums[g]), own) for g in gates},
        bias={g: _column(s.bias for s in sums[g]) for g in gates},
        start=_column(unit.start for unit in units),
        cell=_column(unit.cell for unit in units),
        collect=own,
        whispering=tuple(i for i, alone in enumerate(_alone(channels)) if alone),
    )


def _alone(channels: Channels) -> list[bool]:
    """Return for each unit whether it holds its channel alone, and whispered."""
    return [len(units) == 1 and unit.readout > 1 for units in channels for unit in units]


def _rows(rows: Iterable[Row], collect: Matrix) -> Matrix:
    return Matrix(rows, collect.shape[0]) @ collect


def _column(values: Iterable[Number]) -> Matrix:
    return Matrix([((0, v),) if v else () for v in values], 1)


def _collect(channels: Channels, units: int) -> Matrix:
    rows, first = [], 0
    for channel in channels:
        rows.append(tuple((first + k, unit.readout) for k, unit in enumerate(channel)))
        first += len(channel)
    return Matrix(rows, units)


def _add(a: Row, b: Row) -> Row:
    total = dict(a)
    for c, v in b:
        total[c] = simplest(total.get(c, 0) + v)
    return tuple((c, v) for c, v in sorted(total.items()) if v)


# --- what a layer asks for ---------------------------------------------------------------------


def sums(layer: Layer, operation: str) -> list[Sum]:
    """Return the rows of a layer that belong to an operation: state, relu, carry, left, right."""
    rows = layer.split_rows()[operation]
    below, bias = layer.W.rows[rows], layer.b.first_column[rows]
    before = layer.A.rows if operation == "state" else ((),) * len(below)
    return [Sum(*parts) for parts in zip(below, before, bias, strict=True)]


def channel(i: int) -> Sum:
    """Return the sum that is channel ``i`` of the layer below, and nothing else."""
    return Sum(((i, 1),))


def with_a_layer(layers: Layers) -> tuple[Layer, ...]:
    """Return the layers, or one that carries the input where there is none."""
    return layers.layers or (pass_on(layers.input_dim),)


def pass_on(width: int) -> Layer:
    """Return a layer that only carries."""
    none, eye = Matrix.zeros(0, 1), Matrix.eye(width)
    bias, labels = Matrix.zeros(width, 1), ("carried",) * width
    return Layer(eye, bias, Matrix.zeros(0, 0), none, 0, width, 0, labels, (ANY,) * width)
