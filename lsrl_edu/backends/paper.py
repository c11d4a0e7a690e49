"""Targets ``linear_rnn``, ``gated_linear_rnn``, ``rnn`` and ``gated_rnn``: Eqs. (2) to (5)."""

from __future__ import annotations

import torch
from torch import nn

from lsrl_edu.backends.built import Built
from lsrl_edu.backends.gadgets import Gadget, Use
from lsrl_edu.backends.sizes import Sizes, settle
from lsrl_edu.backends.stages import Affine, Stage, make_stages
from lsrl_edu.cells import paper as cells
from lsrl_edu.compiler.layers import Layers
from lsrl_edu.numbers import Matrix
from lsrl_edu.run.layers import pick_dtype

LINEAR = {
    "state": Gadget("s = A s + u", "exact"),
    "relu": Gadget("in phi", "exact"),
    "carry": Gadget("A = 0, then v or ReLU(v) - ReLU(-v)", "exact"),
    "product": Gadget("gamma(x) * phi(s)", "exact"),
}
RELU = LINEAR | {"state": Gadget("s = s+ - s-, with [[A, -A], [-A, A]] (Eq. 11)", "exact")}


def build(layers: Layers, dtype: str, relu_cell: bool, sizes: Sizes | None = None) -> Built:
    """Return the stack of stages that computes ``layers``, with the weights set."""
    settle("an architecture of the paper", sizes, {})
    stages = make_stages(layers, relu_cell)
    module = (
        cells.Stages(*(_module(stage, relu_cell) for stage in stages)).to(pick_dtype(dtype)).eval()
    )
    kinds = [kind for layer in layers.layers for kind in layer.kinds]
    gadgets = RELU if relu_cell else LINEAR
    uses = [Use(k, g, kinds.count(k), 0.0) for k, g in gadgets.items() if k in kinds]
    return Built(module, tuple(stage.hidden_size for stage in stages), tuple(uses))


def _module(stage: Stage, relu_cell: bool) -> cells.Stage:
    kind = cells.ReluCell if relu_cell else cells.LinearCell
    cell = kind(stage.B.shape[1], stage.hidden_size)
    _set_cell(cell.double(), stage)
    sizes = [stage.hidden_size, *(weight.shape[0] for weight, _ in stage.phi)]
    phi = cells.relu_mlp(sizes).double()
    linears = [part for part in phi if isinstance(part, nn.Linear)]
    for linear, values in zip(linears, stage.phi, strict=True):
        _set_linear(linear, values)
    gamma = None
    if stage.gamma is not None:
        gamma = nn.Linear(stage.gamma[0].shape[1], stage.gamma[0].shape[0]).double()
        _set_linear(gamma, stage.gamma)
    return cells.Stage(cell, phi, gamma)


def _set_cell(cell: nn.Module, stage: Stage) -> None:
    if isinstance(cell, cells.ReluCell):
        rnn = cell.rnn
        _set(rnn.weight_ih_l0, stage.B)
        _set(rnn.weight_hh_l0, stage.A)
        _set(rnn.bias_ih_l0, stage.b)
        nn.init.zeros_(rnn.bias_hh_l0)
    else:
        _set(cell.weight_ih, stage.B)
        _set(cell.weight_hh, stage.A)
        _set(cell.bias, stage.b)
    _set(cell.h0, stage.s0)


def _set_linear(linear: nn.Linear, values: Affine) -> None:
    _set(linear.weight, values[0])
    _set(linear.bias, values[1])


def _set(parameter: nn.Parameter, value: Matrix) -> None:
    with torch.no_grad():
        parameter.copy_(torch.tensor(value.float64).reshape(parameter.shape))
