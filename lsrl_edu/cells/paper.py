"""The four architectures of the paper as torch modules (Section 2, Eqs. 2 to 5).

==================  ==================================  =======================================
Eq.                 state                               output
==================  ==================================  =======================================
(2) RNN             s_t = ReLU(A s_{t-1} + B x_t + b)   y_t = phi(s_t)
(3) Linear RNN      s_t = A s_{t-1} + B x_t + b         y_t = phi(s_t)
(4) Gated Linear    s_t = A s_{t-1} + B x_t + b         y_t = gamma(x_t) * phi(s_t)
(5) Gated RNN       s_t = ReLU(A s_{t-1} + B x_t + b)   y_t = gamma(x_t) * phi(s_t)
==================  ==================================  =======================================

The ReLU cell is ``torch.nn.RNN`` itself; torch has no linear cell, so :class:`LinearCell` is
ours. Shapes: B sequences, T steps, d input width, n hidden size; batch first.
"""

from __future__ import annotations

import torch
from torch import nn


class LinearCell(nn.Module):
    """s_t = A s_{t-1} + B x_t + b, for whole sequences (Eq. 3).

    Parameters: ``weight_hh`` A (n, n), ``weight_ih`` B (n, d), ``bias`` b (n,), named as in
    torch.nn.RNN; ``h0`` is the state before the first element (n,).
    """

    def __init__(self, input_size: int, hidden_size: int):
        super().__init__()
        self.weight_ih = nn.Parameter(torch.zeros(hidden_size, input_size))
        self.weight_hh = nn.Parameter(torch.zeros(hidden_size, hidden_size))
        self.bias = nn.Parameter(torch.zeros(hidden_size))
        self.h0 = nn.Parameter(torch.zeros(hidden_size))

    def forward(self, x: torch.Tensor, state: torch.Tensor | None = None) -> torch.Tensor:
        """Return s_1 ... s_T (B, T, n) for x (B, T, d) and s_0 (B, n); ``h0`` if left out."""
        drive = x @ self.weight_ih.T + self.bias
        if not self.weight_hh.any():  # no memory: nothing to loop over
            return drive
        state, states = self.h0.expand(x.shape[0], -1) if state is None else state, []
        for u in drive.unbind(dim=1):
            state = state @ self.weight_hh.T + u
            states.append(state)
        return torch.stack(states, dim=1) if states else drive


class ReluCell(nn.Module):
    """s_t = ReLU(A s_{t-1} + B x_t + b): torch.nn.RNN, and the state it starts in (Eq. 2)."""

    def __init__(self, input_size: int, hidden_size: int):
        super().__init__()
        self.rnn = nn.RNN(input_size, hidden_size, nonlinearity="relu", batch_first=True)
        self.h0 = nn.Parameter(torch.zeros(hidden_size))

    def forward(self, x: torch.Tensor, state: torch.Tensor | None = None) -> torch.Tensor:
        """Return s_1 ... s_T (B, T, n) for x (B, T, d) and s_0 (B, n); ``h0`` if left out."""
        if 0 in x.shape[:2]:  # torch.nn.RNN refuses empty sequences
            return x.new_zeros(*x.shape[:2], len(self.h0))
        state = self.h0.expand(x.shape[0], -1) if state is None else state
        return self.rnn(x, state[None].contiguous())[0]


class Stage(nn.Module):
    """One layer of Eqs. (2) to (5): a cell, the MLP phi, and the gate gamma where there is one."""

    def __init__(self, cell: nn.Module, phi: nn.Module, gamma: nn.Module | None = None):
        super().__init__()
        self.cell, self.phi, self.gamma = cell, phi, gamma

    def start(self, batch: int) -> torch.Tensor:
        """Return the state before the first element (B, n)."""
        return self.cell.h0.expand(batch, -1)

    def step(self, x: torch.Tensor, state: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return y (B, T, m) for x (B, T, d) after a state, and the state after x."""
        states = self.cell(x, state)
        y = self.phi(states)
        y = y if self.gamma is None else self.gamma(x) * y
        return y, states[:, -1] if x.shape[1] else state

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return y (B, T, m) for x (B, T, d)."""
        return self.step(x, self.start(x.shape[0]))[0]


class Stages(nn.Sequential):
    """Stages one on top of the other."""

    def start(self, batch: int) -> tuple[torch.Tensor, ...]:
        """Return the states before the first element, one for each stage."""
        return tuple(stage.start(batch) for stage in self)

    def step(self, x: torch.Tensor, state: tuple) -> tuple[torch.Tensor, tuple]:
        """Return the outputs (B, T, m) for x (B, T, d) after a state, and the state after x."""
        after = []
        for stage, before in zip(self, state, strict=True):
            x, s = stage.step(x, before)
            after.append(s)
        return x, tuple(after)


def relu_mlp(sizes: list[int]) -> nn.Sequential:
    """Return Linear, ReLU, Linear, ...: one Linear for each two neighbouring sizes."""
    parts: list[nn.Module] = []
    for k in range(1, len(sizes)):
        parts += [nn.Linear(sizes[k - 1], sizes[k]), nn.ReLU()]
    return nn.Sequential(*parts[:-1])
