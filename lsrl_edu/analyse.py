"""Interval and kind analysis of a node: where its value lies, whether it is an integer.

One walk over the graph, one Range for each entry of each node. This is the plain analysis: it
forgets how two values are related, so it finds that a ReLU is never negative but not that
``f_step(x)`` never exceeds 1. The compiler's own analysis remembers more
(:mod:`lsrl_edu.compiler.facts`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import singledispatch
from weakref import WeakKeyDictionary

from lsrl_edu.graph import topological
from lsrl_edu.nodes import Concat, Input, Linear, LinState, Multi, Node, ReLU
from lsrl_edu.numbers import Matrix
from lsrl_edu.ranges import ANY, DEFAULT_HORIZON, Range, affine_range, state_ranges

Ranges = tuple[Range, ...]


def analyse(
    output: Node, domain: Sequence[Range] | None = None, horizon: int = DEFAULT_HORIZON
) -> Mapping[Node, Ranges]:
    """Return the range of every entry of every node that ``output`` depends on.

    Args:
        output: the node to start from.
        domain: the range of each coordinate of the input; any real number if left out.
        horizon: the longest sequence considered.
    """
    known: dict[Node, Ranges] = {}
    for node in topological(output):
        known[node] = _ranges(node, [known[x] for x in node.inputs], domain, horizon)
    return known


_any_input: WeakKeyDictionary[Node, Ranges] = WeakKeyDictionary()


def ranges_for_any_input(node: Node) -> Ranges:
    """Return the ranges of a node's entries when nothing is known of the input.

    Nodes never change, so the answer is kept with the node and each is looked at once.
    """
    for needed in topological(node, known=_any_input):
        inputs = [_any_input[x] for x in needed.inputs]
        _any_input[needed] = _ranges(needed, inputs, None, DEFAULT_HORIZON)
    return _any_input[node]


@singledispatch
def _ranges(node: Node, inputs: list[Ranges], domain, horizon: int) -> Ranges:
    raise NotImplementedError(node.kind)


@_ranges.register
def _(node: Input, inputs, domain, horizon) -> Ranges:
    return tuple(domain) if domain is not None else (ANY,) * node.dim


@_ranges.register
def _(node: Linear, inputs, domain, horizon) -> Ranges:
    return _affine(node.A, inputs[0], node.b)


@_ranges.register
def _(node: ReLU, inputs, domain, horizon) -> Ranges:
    return tuple(r.relu() for r in inputs[0])


@_ranges.register
def _(node: Concat, inputs, domain, horizon) -> Ranges:
    return tuple(r for ranges in inputs for r in ranges)


@_ranges.register
def _(node: Multi, inputs, domain, horizon) -> Ranges:
    left, right = inputs[0][: node.dim], inputs[0][node.dim :]
    return tuple(a.times(b) for a, b in zip(left, right, strict=True))


@_ranges.register
def _(node: LinState, inputs, domain, horizon) -> Ranges:
    drive = _affine(node.B, inputs[0], node.b)
    start = [node.init_state[i, 0] for i in range(node.dim)]
    return tuple(state_ranges(node.A.rows, drive, start, horizon))


def _affine(matrix: Matrix, ranges: Ranges, bias: Matrix) -> Ranges:
    return tuple(
        affine_range(bias[i, 0], [(ranges[c], value) for c, value in row])
        for i, row in enumerate(matrix.rows)
    )
