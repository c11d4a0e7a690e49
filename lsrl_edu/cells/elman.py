"""The classic RNN (Elman, 1990), as in torch.nn.RNN.

h_t = tanh(W x_t + b + U h_{t-1} + c)
"""

from __future__ import annotations

from typing import ClassVar

import torch

from lsrl_edu.cells.recurrent import Recurrent, State


class Elman(Recurrent):
    """L layers of h = tanh(W x + b + U h + c); runs the state dict of torch.nn.RNN.

    Parameters of layer k: ``weight_ih_lk`` W (n, d), ``weight_hh_lk`` U (n, n), ``bias_ih_lk`` b
    and ``bias_hh_lk`` c (n,).
    """

    gates: ClassVar[int] = 1

    def cell(self, from_x: torch.Tensor, from_h: torch.Tensor, state: State) -> State:
        """Return (h_t,)."""
        return (torch.tanh(from_x + from_h),)

    def forward(self, x: torch.Tensor, h: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the top layer's h (B, T, n) and the last h (L, B, n), for x (B, T, d)."""
        out, (h,) = self.run_layers(x, (h,))
        return out, h
