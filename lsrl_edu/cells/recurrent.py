"""What the three classic cells share: layers on top of each other, each a loop over time."""

from __future__ import annotations

from typing import ClassVar

import torch
from torch import nn

State = tuple[torch.Tensor, ...]


class Recurrent(nn.Module):
    """L layers of a cell, with the parameter names of torch's recurrent modules, batch first.

    A subclass has ``gates``, how many rows of ``hidden_size`` each weight has, and ``cell``.
    """

    gates: ClassVar[int]

    def __init__(self, input_size: int, hidden_size: int, num_layers: int = 1):
        super().__init__()
        self.input_size, self.hidden_size, self.num_layers = input_size, hidden_size, num_layers
        rows = self.gates * hidden_size
        for k in range(num_layers):
            below = input_size if k == 0 else hidden_size
            setattr(self, f"weight_ih_l{k}", nn.Parameter(torch.randn(rows, below) / 4))
            setattr(self, f"weight_hh_l{k}", nn.Parameter(torch.randn(rows, hidden_size) / 4))
            setattr(self, f"bias_ih_l{k}", nn.Parameter(torch.zeros(rows)))
            setattr(self, f"bias_hh_l{k}", nn.Parameter(torch.zeros(rows)))

    def cell(self, from_x: torch.Tensor, from_h: torch.Tensor, state: State) -> State:
        """Return the next state (h first) from W x + b, from U h + c, and from the state."""
        raise NotImplementedError

    def run_layer(self, k: int, x: torch.Tensor, state: State) -> tuple[torch.Tensor, State]:
        """Return h_1 ... h_T (B, T, n) of layer k for x (B, T, d), and its last state."""
        W, U, b, c = (getattr(self, f"{name}_l{k}") for name in NAMES)
        hidden = []
        for x_t in x.unbind(dim=1):
            state = self.cell(x_t @ W.T + b, state[0] @ U.T + c, state)
            hidden.append(state[0])
        return torch.stack(hidden, dim=1), state

    def run_layers(self, x: torch.Tensor, state: State) -> tuple[torch.Tensor, State]:
        """Return the top layer's h (B, T, n), and the last states, each (L, B, n)."""
        last = []
        for k in range(self.num_layers):
            x, after = self.run_layer(k, x, tuple(part[k] for part in state))
            last.append(after)
        return x, tuple(torch.stack(parts) for parts in zip(*last, strict=True))


NAMES = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
