"""What a recurrent cell has to say: how it does each operation of a layer, and how exactly."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from lsrl_edu.backends.units import Channels, Sum, Unit, sums
from lsrl_edu.backends.volume import Volume
from lsrl_edu.compiler.layers import Layer
from lsrl_edu.errors import UnsupportedByTarget
from lsrl_edu.numbers import Number
from lsrl_edu.ranges import ANY, Range

Factors = tuple[Range, Range]


@dataclass(frozen=True)
class Gadget:
    """How a cell does one operation.

    Attributes:
        equation: in the cell's own letters; e is the whisper and K the shout of the dtype.
        promise: how exact it is, in words.
    """

    equation: str
    promise: str


@dataclass(frozen=True)
class Use:
    """A gadget in a compiled model: how often, and the largest error it may add.

    Attributes:
        operation: state, relu, carry, switch or product.
        gadget: how it is done.
        count: the number of channels.
        error: a bound on the absolute error of one channel that comes from the gadget, on top of
            the rounding of the dtype.
    """

    operation: str
    gadget: Gadget
    count: int
    error: float

    def __str__(self) -> str:
        promise = self.gadget.promise
        text = f"{self.count} x {self.operation}: {self.gadget.equation}; {promise}"
        return text + (f" (at most {self.error:.1e})" if self.error else "")


class Cell(ABC):
    """A recurrent cell at the volume of a dtype. Values are handed in as sums (see ``units``)."""

    name: ClassVar[str]
    gates: ClassVar[tuple[str, ...]]
    gadgets: ClassVar[Mapping[str, Gadget]]

    def __init__(self, volume: Volume):
        self.volume = volume

    @abstractmethod
    def state(self, value: Sum, start: Number, keeps: bool) -> Sequence[Unit]:
        """Return units for s_t = A s_{t-1} + u; ``keeps`` where A is 1 and nothing else."""

    @abstractmethod
    def relu(self, value: Sum) -> Sequence[Unit]:
        """Return units for max(0, v)."""

    @abstractmethod
    def switch(self, on: Sum, value: Sum) -> Sequence[Unit]:
        """Return units for u v with u in {0, 1}."""

    @abstractmethod
    def product(self, u: Sum, v: Sum, sizes: tuple[Number, Number]) -> Sequence[Unit]:
        """Return units for u v with |u|, |v| at most ``sizes``."""

    @abstractmethod
    def error(self, operation: str, factors: Factors) -> float:
        """Return a bound on what the gadget adds to the error of its channel."""

    def carry(self, value: Sum) -> Sequence[Unit]:
        """Return units for v: a state that forgets at once."""
        return self.state(value, 0, False)

    def layers(self, layer: Layer) -> list[Channels]:
        """Return the layers of units that do one layer; one, unless the cell needs more."""
        channels = self.states(layer, sums(layer, "state"))
        channels += [self.relu(value) for value in sums(layer, "relu")]
        channels += [self.carry(value) for value in sums(layer, "carry")]
        return [channels + self.products(layer, sums(layer, "left"), sums(layer, "right"))]

    def states(self, layer: Layer, values: Sequence[Sum]) -> list[Sequence[Unit]]:
        """Return the units of the state channels."""
        starts, rows = layer.s0.first_column, layer.A.rows
        return [
            self.state(value, start, rows[i] == ((i, 1),))
            for i, (value, start) in enumerate(zip(values, starts, strict=True))
        ]

    def products(
        self, layer: Layer, left: Sequence[Sum], right: Sequence[Sum]
    ) -> list[Sequence[Unit]]:
        """Return the units of the product channels: switches where a factor is 0 or 1."""
        channels = []
        for u, v, known in zip(left, right, factors_of(layer), strict=True):
            if known[0].is_boolean:
                channels.append(self.switch(u, v))
            elif known[1].is_boolean:
                channels.append(self.switch(v, u))
            else:
                channels.append(self.product(u, v, sizes_of(known)))
        return channels

    def check(self, layer: Layer) -> None:
        """Refuse products of values that have no bound.

        Raises:
            UnsupportedByTarget: naming the product.
        """
        labels = layer.labels[layer.width - layer.products :]
        for label, (u, v) in zip(labels, factors_of(layer), strict=True):
            if operation_of((u, v)) == "product" and not (u.is_bounded and v.is_bounded):
                loose = u if not u.is_bounded else v
                raise UnsupportedByTarget(
                    f"{label!r} multiplies two real values, one of which has no bound ({loose}). "
                    f"A product in the {self.name} cell bends what is larger than it was built "
                    "for, so it needs bounds: declare domain=(low, high), or horizon=... where the "
                    "value grows with the length. (A factor that is 0 or 1 needs none.)"
                )

    def uses(self, layers: Sequence[Layer]) -> tuple[Use, ...]:
        """Return which gadgets a network uses, how often, and their largest errors."""
        found: dict[str, list[float]] = {}
        for layer in layers:
            for operation, known in operations(layer):
                found.setdefault(operation, []).append(self.error(operation, known))
        order = [op for op in self.gadgets if op in found]
        return tuple(Use(op, self.gadgets[op], len(found[op]), max(found[op])) for op in order)


def factors_of(layer: Layer) -> tuple[Factors, ...]:
    """Return what is known of the factors of each product; anything goes where nothing is."""
    return layer.factors or ((ANY, ANY),) * layer.products


def sizes_of(factors: Factors) -> tuple[Number, Number]:
    """Return the largest absolute values of two factors; 1 for one that is always 0."""
    return factors[0].magnitude or 1, factors[1].magnitude or 1


def operation_of(factors: Factors) -> str:
    """Return ``switch`` where one factor is 0 or 1, else ``product``."""
    return "switch" if factors[0].is_boolean or factors[1].is_boolean else "product"


def is_muted(layer: Layer) -> bool:
    """Return whether a layer has ReLUs or switches."""
    return any(operation in ("relu", "switch") for operation, _ in operations(layer))


def operations(layer: Layer) -> list[tuple[str, Factors]]:
    """Return the operation of every channel, with the ranges of the factors of products."""
    known = iter(factors_of(layer))
    out = []
    for kind in layer.kinds:
        factors = next(known) if kind == "product" else (ANY, ANY)
        out.append((operation_of(factors) if kind == "product" else kind, factors))
    return out
