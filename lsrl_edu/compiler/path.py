"""From a path graph to Layers: every ReLU, state and product is a layer, the rest are its maps."""

from __future__ import annotations

from lsrl_edu.compiler.layers import Layer, Layers
from lsrl_edu.errors import ProgramError
from lsrl_edu.graph import users
from lsrl_edu.lang import Program
from lsrl_edu.nodes import Input, Linear, LinState, Multi, Node, ReLU
from lsrl_edu.numbers import Matrix
from lsrl_edu.ranges import ANY, DEFAULT_HORIZON, Range

NONNEGATIVE = Range(lo=0)


def path_layers(program: Program) -> Layers:
    """Return the Layers of a program whose graph is a path.

    Raises:
        ProgramError: where a node has more than one reader.
    """
    for node, readers in users(program.nodes).items():
        if len(readers) > 1:
            raise ProgramError(f"{node.label} is read {len(readers)} times: this is not a path.")
    layers: list[Layer] = []
    width = program.input.dim
    weight, bias = Matrix.eye(width), Matrix.zeros(width, 1)
    for node in program.nodes:
        if isinstance(node, Input):
            continue
        if isinstance(node, Linear):
            weight, bias = node.A @ weight, node.A @ bias + node.b
            continue
        layers.append(_layer(node, weight, bias))
        weight, bias = Matrix.eye(node.dim), Matrix.zeros(node.dim, 1)
    return Layers(width, tuple(layers), weight, bias, program.ranges, DEFAULT_HORIZON, program.name)


def _layer(node: Node, weight: Matrix, bias: Matrix) -> Layer:
    """Return the layer of one node that reads weight y + bias."""
    none, start = Matrix.zeros(0, 0), Matrix.zeros(0, 1)
    labels = tuple(f"{node.label}[{i}]" for i in range(node.dim))
    free = (ANY,) * node.dim
    if isinstance(node, ReLU):
        known = (NONNEGATIVE,) * node.dim
        return Layer(weight, bias, none, start, node.dim, 0, 0, labels, known)
    if isinstance(node, LinState):
        W, b = node.B @ weight, node.B @ bias + node.b
        return Layer(W, b, node.A, node.init_state, 0, 0, 0, labels, free)
    if isinstance(node, Multi):
        return Layer(weight, bias, none, start, 0, 0, node.dim, labels, free)
    raise ProgramError(f"A path graph has no {node.kind} ({node.label}).")
