"""Layers: the one network that both ways of compiling end in, and every backend starts from.

A network is a stack of layers and an affine readout. One layer is an affine map of the channels
before it, followed by one of four operations on each channel::

    u = W y + b                        y: the channels of the layer before (or the input)
    states     s_t = A s_{t-1} + u     linear recurrence
    relus      max(0, u)
    carries    u                       a value kept for a later layer
    products   u_left * u_right        two rows of W for one channel

All weights are exact. The rows of W come in the order: states, relus, carries, left factors,
right factors; the channels in the order states, relus, carries, products.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from lsrl_edu.interpret import as_batch, from_numbers, number_system, to_numbers
from lsrl_edu.numbers import Matrix
from lsrl_edu.ranges import DEFAULT_HORIZON, Range


@dataclass(frozen=True)
class Layer:
    """One layer; the module's docstring has the equations.

    Attributes:
        W, b: the affine map: (rows, width of the layer before) and (rows, 1).
        A, s0: transition matrix and initial state of the states: (S, S) and (S, 1).
        relus, carries, products: how many channels of each kind there are.
        labels: one name for each channel.
        ranges: what is known of each channel's value.
        factors: what is known of the two factors of each product; empty where nothing is.
    """

    W: Matrix
    b: Matrix
    A: Matrix
    s0: Matrix
    relus: int
    carries: int
    products: int
    labels: tuple[str, ...]
    ranges: tuple[Range, ...]
    factors: tuple[tuple[Range, Range], ...] = ()

    @property
    def states(self) -> int:
        """The number of state channels."""
        return self.A.shape[0]

    @property
    def width(self) -> int:
        """The number of channels that leave the layer."""
        return self.states + self.relus + self.carries + self.products

    @property
    def kinds(self) -> tuple[str, ...]:
        """The operation of each channel: state, relu, carry or product."""
        counts = (("state", self.states), ("relu", self.relus))
        counts += (("carry", self.carries), ("product", self.products))
        return tuple(kind for kind, count in counts for _ in range(count))

    @property
    def nonzeros(self) -> int:
        """Weights and biases that are not zero, carries and initial states included."""
        return sum(m.nonzeros for m in (self.W, self.b, self.A, self.s0))

    def split_rows(self) -> dict[str, slice]:
        """Return which rows of W and b belong to which operation."""
        sizes = [self.states, self.relus, self.carries, self.products, self.products]
        names = ["state", "relu", "carry", "left", "right"]
        ends = np.cumsum([0, *sizes]).tolist()
        return {n: slice(a, z) for n, a, z in zip(names, ends, ends[1:], strict=False)}


@dataclass(frozen=True)
class WidestSum:
    """A row of weights of very different size.

    Attributes:
        digits: log2 of the ratio of its largest to its smallest weight.
        layer: the layer it is in, from 1.
        label: the channel it computes.
    """

    digits: float
    layer: int
    label: str


@dataclass(frozen=True, eq=False)
class Layers:
    """A network of layers and a readout; see the module's docstring.

    Attributes:
        input_dim: width of one element of the input.
        layers: from the input upwards.
        readout, readout_bias: the affine map from the last layer's channels to the output.
        domain: what each input coordinate may be; the weights are right for nothing else.
        horizon: the longest sequence the weights are right for.
        name: of the program.
        reasons: what the compiler simplified, and why, in order.
    """

    input_dim: int
    layers: tuple[Layer, ...]
    readout: Matrix
    readout_bias: Matrix
    domain: tuple[Range, ...]
    horizon: int = DEFAULT_HORIZON
    name: str = "program"
    reasons: tuple[Any, ...] = field(default=(), repr=False)

    @property
    def output_dim(self) -> int:
        """Width of one element of the output."""
        return self.readout.shape[0]

    @property
    def depth(self) -> int:
        """The number of layers; input and readout are not counted."""
        return len(self.layers)

    @property
    def width(self) -> int:
        """The largest number of channels in a layer."""
        return max((layer.width for layer in self.layers), default=self.input_dim)

    @property
    def nonzeros(self) -> int:
        """All weights and biases that are not zero, readout and carries included."""
        head = self.readout.nonzeros + self.readout_bias.nonzeros
        return head + sum(layer.nonzeros for layer in self.layers)

    @property
    def states(self) -> int:
        """The number of state channels in all layers."""
        return sum(layer.states for layer in self.layers)

    @property
    def products(self) -> int:
        """The number of product channels in all layers."""
        return sum(layer.products for layer in self.layers)

    @cached_property
    def largest_weight(self) -> float:
        """The largest absolute value among all weights and biases."""
        matrices = [self.readout, self.readout_bias]
        matrices += [m for layer in self.layers for m in (layer.W, layer.b, layer.A)]
        return float(max((abs(v) for m in matrices for r in m.rows for _, v in r), default=0))

    @cached_property
    def widest_sum(self) -> WidestSum:
        """The row of weights that adds the numbers of most different size.

        A dtype with fewer binary digits than ``digits`` loses the small number when it is added
        to the large one.
        """
        sums = [WidestSum(0.0, 0, "")]
        for k, layer in enumerate(self.layers, start=1):
            for i, (row, bias) in enumerate(zip(layer.W.rows, layer.b.first_column, strict=True)):
                weights = [abs(v) for _, v in row]
                if weights:
                    ratio = max(*weights, abs(bias), 0) / min(weights)
                    sums.append(WidestSum(math.log2(ratio), k, layer.labels[i % layer.width]))
        return max(sums, key=lambda s: s.digits)

    def run(self, xs: Any, number: str = "float64", **options: Any) -> np.ndarray:
        """Run the network on a sequence (T,), (T, d) or a batch (B, T, d).

        Args:
            xs: the input, inside the declared domain, not longer than the horizon.
            number: ``"float64"``, ``"float32"``, ``"bfloat16"`` (fast, in torch), or
                ``"exact"``, ``"symbolic"``, ``"ball"`` (element by element).
            options: for torch: ``device="auto"``.

        Returns:
            The outputs with the same leading shape, as numpy.

        Raises:
            DomainError: for an input outside the domain, or longer than the horizon.
        """
        if number in ("exact", "symbolic", "ball"):
            return run_exactly(self, xs, number)
        from lsrl_edu.run.layers import run_layers

        return run_layers(self, xs, dtype=number, **options)

    __call__ = run

    def save(self, path: Any) -> None:
        """Write the network to a JSON file, every weight exact; ``ls.load`` reads it."""
        from lsrl_edu.storage import save_layers

        save_layers(self, path)

    def draw(self, **options: Any) -> Any:
        """Return a picture of the network; see :mod:`lsrl_edu.show.layers`."""
        from lsrl_edu.show.layers import draw_layers

        return draw_layers(self, **options)

    def draw_weights(self, **options: Any) -> Any:
        """Return pictures of the weight matrices, layer by layer."""
        from lsrl_edu.show.layers import draw_weights

        return draw_weights(self, **options)

    def view(self, **options: Any) -> Any:
        """Return a widget that shows one layer at a time: its channels and its weights."""
        from lsrl_edu.show.widgets.layer_viewer import view_layers

        return view_layers(self, **options)

    def __str__(self) -> str:
        from lsrl_edu.show.text import layers_text

        return layers_text(self)

    def __repr__(self) -> str:
        return (
            f"<Layers {self.name}: depth {self.depth}, width {self.width}, "
            f"{self.nonzeros} non-zeros>"
        )

    def _repr_html_(self) -> str:
        from lsrl_edu.show.layers import layers_html

        return layers_html(self)


def run_exactly(layers: Layers, xs: Any, number: str = "exact") -> np.ndarray:
    """Run the network element by element in any number system of the interpreter.

    This is the plain definition of what Layers mean; the fast runner is compared with it.
    """
    numbers = number_system(number)
    batch = as_batch(xs, layers.input_dim, numbers.dtype)
    with numbers.context():
        values = to_numbers(batch.values, numbers)
        count, length, _ = values.shape
        out = np.zeros((count, length, layers.output_dim), dtype=numbers.dtype)
        nothing = np.zeros((count, 1), dtype=numbers.dtype)
        state = [numbers.affine(Matrix.zeros(x.states, 1), x.s0, nothing) for x in layers.layers]
        for t in range(length):
            y = values[:, t]
            for k, layer in enumerate(layers.layers):
                y, state[k] = _layer_step(layer, y, state[k], numbers)
            out[:, t] = numbers.affine(layers.readout, layers.readout_bias, y)
    return batch.restore(from_numbers(out, numbers))


def _layer_step(layer: Layer, y: np.ndarray, s: np.ndarray, numbers: Any) -> tuple:
    u = numbers.affine(layer.W, layer.b, y)
    rows = layer.split_rows()
    s = numbers.affine(layer.A, Matrix.zeros(layer.states, 1), s) + u[:, rows["state"]]
    relu = numbers.relu(u[:, rows["relu"]])
    product = u[:, rows["left"]] * u[:, rows["right"]]
    return np.concatenate([s, relu, u[:, rows["carry"]], product], axis=1), s
