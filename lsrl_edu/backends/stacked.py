"""Stacked recurrent networks as torch has them: nn.RNN, nn.GRU, nn.LSTM, and a linear head.

Shapes: B sequences, T steps, d input width, n hidden size, L layers; batch first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import torch
from torch import nn

from lsrl_edu.backends.built import Built, farthest
from lsrl_edu.backends.gadgets import Cell
from lsrl_edu.backends.sizes import Sizes, settle
from lsrl_edu.backends.soft import Soft, note
from lsrl_edu.backends.units import UnitLayer, channel, stack, with_a_layer
from lsrl_edu.backends.volume import VOLUMES, Volume
from lsrl_edu.compiler.layers import Layer, Layers
from lsrl_edu.numbers import Matrix
from lsrl_edu.run.layers import pick_dtype

State = tuple[torch.Tensor, ...]


class StackedRNN(nn.Module):
    """A recurrent module of torch, the state it starts in, and a linear head.

    Attributes:
        rnn: nn.RNN, nn.GRU or nn.LSTM, batch first.
        head: nn.Linear on the hidden state of the last layer.
        h0: (L, n), and for an LSTM ``c0`` (L, n).
    """

    def __init__(self, rnn: nn.RNNBase, outputs: int):
        super().__init__()
        self.rnn = rnn
        self.head = nn.Linear(rnn.hidden_size, outputs)
        self.h0 = nn.Parameter(torch.zeros(rnn.num_layers, rnn.hidden_size))
        if isinstance(rnn, nn.LSTM):
            self.c0 = nn.Parameter(torch.zeros(rnn.num_layers, rnn.hidden_size))

    def start(self, batch: int) -> State:
        """Return the state before the first element: h, or h and c, each (L, B, n)."""
        parts = (self.h0, self.c0) if isinstance(self.rnn, nn.LSTM) else (self.h0,)
        return tuple(part[:, None].expand(-1, batch, -1).contiguous() for part in parts)

    def step(self, x: torch.Tensor, state: State) -> tuple[torch.Tensor, State]:
        """Return the outputs (B, T, m) for x (B, T, d) after a state, and the state after x."""
        lstm = isinstance(self.rnn, nn.LSTM)
        hidden, state = self.rnn(x, state if lstm else state[0])
        return self.head(hidden), state if lstm else (state,)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the outputs (B, T, m) for x (B, T, d)."""
        if 0 in x.shape[:2]:  # torch's recurrent modules refuse empty sequences
            return x.new_zeros(*x.shape[:2], self.head.out_features)
        return self.step(x, self.start(x.shape[0]))[0]


MODULES = {
    "LSTM": (nn.LSTM, ("i", "f", "g", "o"), {}),
    "GRU": (nn.GRU, ("r", "z", "n"), {}),
    "tanh RNN": (nn.RNN, ("n",), {"nonlinearity": "tanh"}),
}
"""Cell -> the torch class, the order of its gates, and its options."""


def build(
    layers: Layers,
    dtype: str,
    make_cell: type[Cell],
    sizes: Sizes | None = None,
    volume: Volume | None = None,
) -> Built:
    """Return the released module that computes ``layers``, with the weights set.

    ``volume`` is that of the dtype if left out. A louder whisper bends what it carries, and is less
    easily drowned by noise: see :func:`lsrl_edu.study.robustness.whispers`.
    """
    kind, volume = pick_dtype(dtype), volume or VOLUMES[dtype]
    cell = make_cell(volume)
    of = with_a_layer(layers)
    channels = []
    for layer in of:
        cell.check(layer)
        channels += cell.layers(layer)
    widest = max(1, *(sum(map(len, layer)) for layer in channels))
    needed = {"hidden_size": widest, "num_layers": len(channels)}
    settled = settle(cell.name, sizes, needed)
    while len(channels) < settled["num_layers"]:
        channels.append([cell.carry(channel(i)) for i in range(len(channels[-1]))])
    stacked = stack(channels, layers.input_dim, cell.gates)
    module = _module(stacked, layers, cell, settled["hidden_size"])
    used = tuple(layer.units for layer in stacked)
    watch = partial(_watch, stacked, volume)
    return Built(module.to(kind).eval(), used, cell.uses(of), _notes(of, volume), watch)


def build_soft(
    layers: Layers, dtype: str, make_cell: type[Cell], sizes: Sizes | None, soft: Soft
) -> Built:
    """Return the module with softer constants; its only promise is the bound in its notes.

    Raises:
        UnsupportedByTarget: where there is no bound, see :func:`lsrl_edu.backends.soft.bound`.
    """
    said = note(layers, soft)
    built = build(layers, dtype, make_cell, sizes, soft.volume(VOLUMES[dtype]))
    uses = tuple(
        replace(use, gadget=replace(use.gadget, promise="soft, see the note"), error=0.0)
        for use in built.uses
    )
    return Built(built.module, built.hidden_sizes, uses, (said,))


def _module(stacked: Sequence[UnitLayer], layers: Layers, cell: Cell, hidden: int) -> StackedRNN:
    kind, _, options = MODULES[cell.name]
    rnn = kind(layers.input_dim, hidden, num_layers=len(stacked), batch_first=True, **options)
    module = StackedRNN(rnn, layers.output_dim).double()
    with torch.no_grad():
        for weight in module.parameters():
            weight.zero_()
        for k, layer in enumerate(stacked):
            _fill(module, k, layer, cell)
        _put(module.head.weight, layers.readout @ stacked[-1].collect)
        _put(module.head.bias[:, None], layers.readout_bias)
    return module


def _fill(module: StackedRNN, k: int, layer: UnitLayer, cell: Cell) -> None:
    """Write one layer's gates into the rows that torch keeps them in."""
    _, order, _ = MODULES[cell.name]
    rnn, hidden = module.rnn, module.rnn.hidden_size
    names = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
    ih, hh, bias_ih, bias_hh = (getattr(rnn, f"{name}_l{k}") for name in names)
    for g, gate in enumerate(order):
        behind = "m" if gate == "n" and "m" in cell.gates else gate  # a GRU's r multiplies this
        first = g * hidden
        _put(ih[first:], layer.below[gate])
        _put(hh[first:], layer.before[behind])
        _put(bias_ih[first:, None], layer.bias[gate])
        if behind != gate:
            _put(bias_hh[first:, None], layer.bias[behind])
    _put(module.h0[k][:, None], layer.start)
    if isinstance(rnn, nn.LSTM):
        _put(module.c0[k][:, None], layer.cell)


def _put(weight: torch.Tensor, values: Matrix) -> None:
    """Write exact numbers into the upper left part of a weight, each rounded once."""
    rows, columns = values.shape
    weight[:rows, :columns] = torch.tensor(values.float64).reshape(rows, columns)


def _watch(
    stacked: Sequence[UnitLayer], volume: Volume, inputs: Any, outputs: Any, state: State
) -> str | None:
    """Say so where a whispered value (after the last element) is larger than it should be."""
    for k, layer in enumerate(stacked):
        heard = state[0][k][:, list(layer.whispering)]
        loudest = float(heard.abs().max()) if heard.numel() else 0.0
        if loudest > float(volume.linear):
            return (
                f"a value of {loudest / float(volume.whisper):.3g} was bent by tanh; values up to "
                f"{float(volume.reach):.3g} are not. Use float64, or smaller inputs."
            )
    return None


def _notes(layers: Sequence[Layer], volume: Volume) -> tuple[str, ...]:
    """Say where values may get too large to be whispered."""
    reach = float(volume.reach)
    far = farthest(layers, reach)
    return (f"values above {reach:.3g} are bent by tanh; {far}",) if far else ()
