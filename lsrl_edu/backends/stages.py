"""From Layers to the paper's equations: a stack of stages, each a cell and two small MLPs.

One stage is one layer of the architectures of the paper (Section 2)::

    s_t = A s_{t-1} + B x_t + b            linear cell   (Eqs. 3 and 4)
    s_t = ReLU(A s_{t-1} + B x_t + b)      ReLU cell     (Eqs. 2 and 5)
    y_t = phi(s_t)                         not gated     (Eqs. 2 and 3)
    y_t = gamma(x_t) * phi(s_t)            gated         (Eqs. 4 and 5)

phi and gamma are ReLU MLPs. A ReLU can only pass on what is not negative, so a value v that can
be negative goes through one as the pair (ReLU(v), ReLU(-v)), of which v is the difference. This
is also Eq. (11): the linear recurrence inside a ReLU cell. A value that is known never to be
negative needs one unit, not two.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from lsrl_edu.backends.units import pass_on
from lsrl_edu.compiler.layers import Layer, Layers
from lsrl_edu.numbers import Matrix
from lsrl_edu.ranges import ANY

Affine = tuple[Matrix, Matrix]
"""Weight (out, in) and bias (out, 1) of one affine map."""


@dataclass(frozen=True)
class Stage:
    """One layer of Eqs. (2) to (5), in exact numbers.

    Attributes:
        B, b: what the cell does with its input.
        A, s0: its transition and the state it starts in.
        phi: affine maps with a ReLU between each two.
        gamma: the gate, an affine map of the stage's input; None where there is none.
    """

    B: Matrix
    b: Matrix
    A: Matrix
    s0: Matrix
    phi: tuple[Affine, ...]
    gamma: Affine | None = None

    @property
    def hidden_size(self) -> int:
        """The number of entries of the cell's state."""
        return self.A.shape[0]


def make_stages(layers: Layers, relu_cell: bool) -> tuple[Stage, ...]:
    """Return the stages of a network; the last one computes its output.

    Args:
        layers: the network.
        relu_cell: whether the cell applies a ReLU (Eqs. 2, 5) or not (Eqs. 3, 4).
    """
    groups = _groups(layers.layers)
    make = _relu_stage if relu_cell else _linear_stage
    stages = [_gated(g[0], make) if g[0].products else make(g) for g in groups]
    head = (layers.readout, layers.readout_bias)
    if stages and stages[-1].gamma is None:
        return (*stages[:-1], _with_head(stages[-1], head))
    width = layers.readout.shape[1]  # nothing yet, or a gate: the readout needs its own stage
    return (*stages, _with_head(make([pass_on(width)]), head))


def _groups(layers: Sequence[Layer]) -> list[list[Layer]]:
    """A stage begins at a layer with states or products; what follows goes into its phi."""
    groups: list[list[Layer]] = []
    for layer in layers:
        if not groups or layer.states or layer.products or groups[-1][0].products:
            groups.append([])
        groups[-1].append(layer)
    return groups


def _linear_stage(group: Sequence[Layer]) -> Stage:
    """The cell computes the states; every ReLU is in phi."""
    first, rest = group[0], group[1:]
    A, s0 = _with_all_channels(first)
    if first.relus:  # phi begins with the ReLUs of the first layer itself
        spread = _spread(first)
        maps = [(spread, _zeros(spread)), *_deeper(group)]
        return Stage(first.W, first.b, A, s0, (*maps, _collected(group[-1])))
    if rest:  # the first layer bends nothing: phi begins with the second
        spread = _spread(rest[0])
        maps = [(spread @ rest[0].W, spread @ rest[0].b), *_deeper(rest)]
        return Stage(first.W, first.b, A, s0, (*maps, _collected(rest[-1])))
    eye = Matrix.eye(first.width)
    return Stage(first.W, first.b, A, s0, ((eye, _zeros(eye)),))


def _relu_stage(group: Sequence[Layer]) -> Stage:
    """The ReLUs of the first layer, and Eq. (11) for its states, happen in the cell."""
    first = group[0]
    A, s0 = _with_all_channels(first)
    spread, collect = _spread(first), _collect(first)
    phi = (*_deeper(group), _collected(group[-1]))
    start = _first_of_pair(first) @ s0
    return Stage(spread @ first.W, spread @ first.b, spread @ A @ collect, start, phi)


def _gated(layer: Layer, make: Callable[[Sequence[Layer]], Stage]) -> Stage:
    """The right factors go through cell and phi, the left ones through the gate."""
    rows = {name: range(*r.indices(layer.W.shape[0])) for name, r in layer.split_rows().items()}
    others = [i for name in ("state", "relu", "carry") for i in rows[name]]
    keep = Matrix.selection([*others, *rows["right"]], layer.W.shape[0])
    carries = layer.carries + layer.products
    ranges = layer.ranges[: len(others)] + (ANY,) * layer.products
    plain = replace(
        layer, W=keep @ layer.W, b=keep @ layer.b, carries=carries, products=0, ranges=ranges
    )
    left = Matrix.selection(list(rows["left"]), layer.W.shape[0])
    open_ = Matrix.of([[1]] * len(others)) if others else Matrix.zeros(0, 1)
    weight = Matrix.vstack([Matrix.zeros(len(others), layer.W.shape[1]), left @ layer.W])
    return replace(make([plain]), gamma=(weight, Matrix.vstack([open_, left @ layer.b])))


def _with_head(stage: Stage, head: Affine) -> Stage:
    """Fuse an affine map into the last map of phi."""
    weight, bias = stage.phi[-1]
    fused = (head[0] @ weight, head[0] @ bias + head[1])
    return replace(stage, phi=(*stage.phi[:-1], fused))


def _with_all_channels(layer: Layer) -> tuple[Matrix, Matrix]:
    """Return A and s0 for all channels of a layer: those without memory have a zero row."""
    others = layer.W.shape[0] - layer.states
    A = Matrix.block_diagonal([layer.A, Matrix.zeros(others, others)])
    return A, Matrix.vstack([layer.s0, Matrix.zeros(others, 1)])


def _deeper(group: Sequence[Layer]) -> list[Affine]:
    """Return the maps from the ReLU units of each layer to those of the next."""
    maps = []
    for before, layer in pairwise(group):
        spread = _spread(layer)
        maps.append((spread @ layer.W @ _collect(before), spread @ layer.b))
    return maps


def _collected(layer: Layer) -> Affine:
    collect = _collect(layer)
    return collect, _zeros(collect)


def _signs(layer: Layer) -> list[list[int]]:
    """Return for each channel which units hold it: [1] or, as a pair, [1, -1]."""
    channels = zip(layer.kinds, layer.ranges, strict=True)
    return [[1] if kind == "relu" or known.lo >= 0 else [1, -1] for kind, known in channels]


def _spread(layer: Layer) -> Matrix:
    """Return the map from the channels (before their ReLU) to ReLU units."""
    signs = _signs(layer)
    return Matrix([((c, s),) for c, pair in enumerate(signs) for s in pair], len(signs))


def _collect(layer: Layer) -> Matrix:
    """Return the map from ReLU units back to the channels: v = ReLU(v) - ReLU(-v)."""
    return _spread(layer).T


def _first_of_pair(layer: Layer) -> Matrix:
    """Return the map that puts a starting value into the first unit of its channel."""
    signs = _signs(layer)
    rows = [((c, 1),) if s > 0 else () for c, pair in enumerate(signs) for s in pair]
    return Matrix(rows, len(signs))


def _zeros(weight: Matrix) -> Matrix:
    return Matrix.zeros(weight.shape[0], 1)
