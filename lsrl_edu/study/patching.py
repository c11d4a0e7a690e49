"""Interventions: give one variable of a program another value, in the program and in its network.

In the program, a node is *cut*: the program is written again with the node as a further input, so
that anything can be fed in its place (:func:`cut`). In the network, one direction of a cell's state
is overwritten while it runs (:func:`run_patched`). If the network computes what the program does,
with the variable in that direction, then the outputs agree. That is what interpretability claims of
a network that nobody wrote; here it can be checked against the truth.

Networks are those of ``linear_rnn`` and ``gated_linear_rnn``: a stack of stages, each with a linear
cell. Its state may be written in any basis: s' = Q s, A' = Q A Q^T, B' = Q B, and what reads it,
W' = W Q^T, is the same function (:func:`rotated`). After that no variable has a channel of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from lsrl_edu.backends import get_target
from lsrl_edu.backends.base import Model
from lsrl_edu.cells.paper import LinearCell
from lsrl_edu.errors import LSRLError
from lsrl_edu.lang import Program
from lsrl_edu.nodes import Input, Node

TARGETS = ("linear_rnn", "gated_linear_rnn")


def cut(program: Program, node: Node) -> Program:
    """Return the program with a node's value as a further input, after the program's own.

    Run it on inputs (B, T, d + n): the program's input of width d, then the node's n numbers. With
    the values the node had, it says what the program says; with others, what it would have said.

    Raises:
        LSRLError: where the node is the input, or none of the program.
    """
    if node not in program.nodes or isinstance(node, Input):
        raise LSRLError(
            f"{node!r} cannot be cut out of {program.name}: name one of its nodes, not its input."
        )
    own = program.input.dim
    wide = Input(own + node.dim)
    made: dict[Node, Node] = {program.input: wide[:own], node: wide[own:]}
    for one in program.nodes:
        if one not in made:
            reads = tuple(made[x] for x in one.inputs)
            made[one] = type(one)._intern(reads, one.dim, one.name, **one.parts)
    return Program(made[program.output], f"{program.name} without {node.label}")


def values_of(program: Program, node: Node, xs: Any) -> np.ndarray:
    """Return the value of a node for a batch (B, T, d): (B, T, n)."""
    return Program(node, program.name).run(np.asarray(xs, float))


def without(program: Program, node: Node, xs: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return what a program says (B, T, m) where a node has other values (B, T, n): the oracle."""
    return cut(program, node).run(np.concatenate([xs, values], axis=2))


def stages(model: Model) -> list[Any]:
    """Return the stages of a model.

    Raises:
        LSRLError: for a target without linear cells.
    """
    if model.target not in TARGETS:
        raise LSRLError(
            f"{model.target} has no linear cells. Compile to one of {', '.join(TARGETS)}."
        )
    return list(model.module)


@torch.no_grad()
def activations(model: Model, xs: Any) -> list[np.ndarray]:
    """Return the states of every stage's cell for a batch (B, T, d): (B, T, n) each."""
    found: list[np.ndarray] = []
    hooks = [
        stage.cell.register_forward_hook(lambda cell, given, s: found.append(s.numpy().copy()))
        for stage in stages(model)
    ]
    try:
        model.module.to("cpu")(_tensor(model, xs))
    finally:
        for hook in hooks:
            hook.remove()
    return found


@torch.no_grad()
def run_patched(
    model: Model, xs: Any, stage: int, direction: Sequence[float], values: np.ndarray
) -> np.ndarray:
    """Return the outputs (B, T, m) where one direction of a state has other values at every step.

    Args:
        model: a compiled or rotated network.
        xs: the inputs (B, T, d).
        stage: which cell, from 0.
        direction: a unit vector q (n,); the state s becomes s + (v - q s) q.
        values: v (B, T).
    """
    q = torch.as_tensor(np.asarray(direction, float))
    new = torch.as_tensor(np.asarray(values, float))

    def overwrite(cell: Any, given: Any, s: torch.Tensor) -> torch.Tensor:
        return s + (new - s @ q)[..., None] * q

    hook = stages(model)[stage].cell.register_forward_hook(overwrite)
    try:
        return model.module.to("cpu")(_tensor(model, xs)).numpy()
    finally:
        hook.remove()


def _tensor(model: Model, xs: Any) -> torch.Tensor:
    return torch.as_tensor(np.asarray(xs, float)).to(getattr(torch, model.dtype))


def orthogonal(n: int, rng: np.random.Generator) -> np.ndarray:
    """Return a random orthogonal matrix (n, n), uniform over all of them."""
    q, r = np.linalg.qr(rng.standard_normal((n, n)))
    return q * np.sign(np.diag(r))


@torch.no_grad()
def rotated(model: Model, seed: int = 0) -> tuple[Model, list[np.ndarray]]:
    """Return the same function with every state in another basis, and the matrices Q of s' = Q s.

    What was channel i of a state is then the direction Q[:, i].
    """
    made = Model(model.layers, get_target(model.target), model.dtype, model.sizes)
    made.module.load_state_dict(model.module.state_dict())
    rng, turns = np.random.default_rng(seed), []
    for stage in stages(made):
        turns.append(orthogonal(len(stage.cell.h0), rng))
        _turn(stage.cell, stage.phi[0], torch.as_tensor(turns[-1]).to(stage.cell.h0.dtype))
    return made, turns


def _turn(cell: LinearCell, reader: torch.nn.Linear, Q: torch.Tensor) -> None:
    """Write a cell, and the map that reads its state, in the basis Q."""
    cell.weight_hh.copy_(Q @ cell.weight_hh @ Q.T)
    cell.weight_ih.copy_(Q @ cell.weight_ih)
    cell.bias.copy_(Q @ cell.bias)
    cell.h0.copy_(Q @ cell.h0)
    reader.weight.copy_(reader.weight @ Q.T)
