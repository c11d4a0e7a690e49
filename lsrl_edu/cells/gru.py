"""The gated recurrent unit (Cho et al., 2014), as in torch.nn.GRU.

::

    r_t = sigmoid(W_r x_t + b_r + U_r h_{t-1} + c_r)            reset
    z_t = sigmoid(W_z x_t + b_z + U_z h_{t-1} + c_z)            update
    n_t = tanh(W_n x_t + b_n + r_t * (U_n h_{t-1} + c_n))       new
    h_t = (1 - z_t) * n_t + z_t * h_{t-1}
"""

from __future__ import annotations

from typing import ClassVar

import torch

from lsrl_edu.cells.recurrent import Recurrent, State


class GRU(Recurrent):
    """L layers of a GRU; runs the state dict of torch.nn.GRU.

    Parameters of layer k, the rows of r, z, n one below the other: ``weight_ih_lk`` W (3n, d),
    ``weight_hh_lk`` U (3n, n), ``bias_ih_lk`` b and ``bias_hh_lk`` c (3n,).
    """

    gates: ClassVar[int] = 3

    def cell(self, from_x: torch.Tensor, from_h: torch.Tensor, state: State) -> State:
        """Return (h_t,)."""
        (h,) = state
        x_r, x_z, x_n = from_x.chunk(3, dim=-1)
        h_r, h_z, h_n = from_h.chunk(3, dim=-1)
        r, z = torch.sigmoid(x_r + h_r), torch.sigmoid(x_z + h_z)
        n = torch.tanh(x_n + r * h_n)
        return ((1 - z) * n + z * h,)

    def forward(self, x: torch.Tensor, h: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the top layer's h (B, T, n) and the last h (L, B, n), for x (B, T, d)."""
        out, (h,) = self.run_layers(x, (h,))
        return out, h
