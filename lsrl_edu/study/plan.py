"""A network as one vector of weights and a plan of what to do with them.

Noise goes on the weights that are not zero, so that is how a network is stored here: all its
non-zero entries in one vector, and for each matrix the places where they belong. Many noisy copies
of a network are then one table, a row for each copy.

The plan also fixes the ORDER of every sum: an entry of W y + b adds the terms of its row from left
to right, and the bias last. Floating-point sums depend on their order, and the published constants
(weights of 1e13 beside tokens of 7) make that visible; with a fixed order a noisy network gives the
same bits alone or among a thousand others, on one thread or on many.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from lsrl_edu.compiler.layers import Layer, Layers
from lsrl_edu.numbers import Matrix

KINDS = ("W", "b", "A", "s0", "readout", "readout_bias", "wire")
"""The kinds of parameters of Layers. In the paper's words W is A of a Linear or B of a LinState.

A wire is an entry of an affine map that is the identity and feeds no state: where the paper has a
ReLU right behind a LinState, there is no Linear between them, and so no weight to put noise on.
"""


@dataclass(frozen=True)
class Terms:
    """One term of each of the first ``count`` rows: weight[where] * y[columns].

    Attributes:
        where: places of the weights in the vector of all weights, (count,).
        columns: what they multiply, (count,).
    """

    where: np.ndarray
    columns: np.ndarray


@dataclass(frozen=True)
class Affine:
    """How to compute W y + b: rows with more terms come first, ``back`` puts them in order again.

    Attributes:
        shape: of W.
        terms: the first non-zero term of each row, the second, ...
        back: the place of each row among the sorted ones, (rows,).
        bias_rows, bias_where: the rows with a bias and where it is among the weights.
    """

    shape: tuple[int, int]
    terms: tuple[Terms, ...]
    back: np.ndarray
    bias_rows: np.ndarray
    bias_where: np.ndarray


@dataclass(frozen=True)
class Step:
    """One layer: u = W y + b, states s = A s + u, ReLUs, products; see compiler/layers.py.

    Attributes:
        affine: W and b.
        transition: A, without a bias.
        start_rows, start_where: the non-zero initial states.
        states: how many states there are.
        relu, left, right: the rows of u for each operation.
        width: how many channels leave the layer.
    """

    affine: Affine
    transition: Affine
    start_rows: np.ndarray
    start_where: np.ndarray
    states: int
    relu: slice
    left: slice
    right: slice
    width: int


@dataclass(frozen=True, eq=False)
class Plan:
    """A network, ready to be run with other weights.

    Attributes:
        weights: all entries that are not zero, (N,), float64.
        kinds: the kind of each, an index into KINDS, (N,).
        steps: the layers.
        readout: the last affine map.
        input_dim: width of one element of the input.
    """

    weights: np.ndarray
    kinds: np.ndarray
    steps: tuple[Step, ...]
    readout: Affine
    input_dim: int

    @cached_property
    def digest(self) -> str:
        """Eight letters that differ between networks with different weights."""
        parts = (self.weights, self.kinds, *(t.columns for t in self._terms()))
        return hashlib.sha256(b"".join(p.tobytes() for p in parts)).hexdigest()[:8]

    def _terms(self) -> list[Terms]:
        maps = [m for s in self.steps for m in (s.affine, s.transition)]
        return [t for m in (*maps, self.readout) for t in m.terms]


def make_plan(layers: Layers) -> Plan:
    """Return the plan of a network."""
    store = _Store()
    steps = tuple(_step(layer, store) for layer in layers.layers)
    kind = "wire" if _is_wire(layers.readout, layers.readout_bias) else "readout"
    readout = _affine(layers.readout, layers.readout_bias, kind, "readout_bias", store)
    weights = np.array(store.values, dtype=np.float64)
    kinds = np.array([KINDS.index(k) for k in store.kinds], dtype=np.int8)
    return Plan(weights, kinds, steps, readout, layers.input_dim)


class _Store:
    """Collects the non-zero entries in the order in which the network is read."""

    def __init__(self):
        self.values: list[float] = []
        self.kinds: list[str] = []

    def add(self, values: list[float], kind: str) -> np.ndarray:
        first = len(self.values)
        self.values += values
        self.kinds += [kind] * len(values)
        return np.arange(first, len(self.values))


def _step(layer: Layer, store: _Store) -> Step:
    rows = layer.split_rows()
    wire = not layer.states and _is_wire(layer.W, layer.b)
    affine = _affine(layer.W, layer.b, "wire" if wire else "W", "b", store)
    transition = _affine(layer.A, None, "A", "", store)
    start_rows, start_where = _column(layer.s0, "s0", store)
    return Step(
        affine, transition, start_rows, start_where, layer.states,
        rows["relu"], rows["left"], rows["right"], layer.width,
    )  # fmt: skip


def _is_wire(W: Matrix, b: Matrix) -> bool:
    return not b.nonzeros and W == Matrix.eye(W.shape[1])


def _affine(W: Matrix, b: Matrix | None, kind: str, bias: str, store: _Store) -> Affine:
    values = W.float64
    places = [store.add([values[i, c] for c, _ in row], kind) for i, row in enumerate(W.rows)]
    columns = [np.array([c for c, _ in row], dtype=np.int64) for row in W.rows]
    order = sorted(range(len(columns)), key=lambda i: -len(columns[i]))
    terms = []
    for k in range(max((len(c) for c in columns), default=0)):
        rows = [i for i in order if len(columns[i]) > k]
        where = np.array([places[i][k] for i in rows], dtype=np.int64)
        terms.append(Terms(where, np.array([columns[i][k] for i in rows], dtype=np.int64)))
    back = np.argsort(np.array(order, dtype=np.int64), kind="stable")
    bias_rows, bias_where = _column(b, bias, store)
    return Affine(W.shape, tuple(terms), back, bias_rows, bias_where)


def _column(column: Matrix | None, kind: str, store: _Store) -> tuple[np.ndarray, np.ndarray]:
    """Return which entries of a column are not zero, and where their weights are."""
    rows = [] if column is None else [i for i, row in enumerate(column.rows) if row]
    values = [] if column is None else [column.float64[i, 0] for i in rows]
    return np.array(rows, dtype=np.int64), store.add(values, kind)
