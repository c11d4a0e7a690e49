"""Long short-term memory (Hochreiter, Schmidhuber, 1997; Gers et al., 2000), as in torch.nn.LSTM.

::

    i_t = sigmoid(W_i x_t + b_i + U_i h_{t-1} + c_i)    input gate
    f_t = sigmoid(W_f x_t + b_f + U_f h_{t-1} + c_f)    forget gate
    g_t = tanh   (W_g x_t + b_g + U_g h_{t-1} + c_g)    candidate
    o_t = sigmoid(W_o x_t + b_o + U_o h_{t-1} + c_o)    output gate
    c_t = f_t * c_{t-1} + i_t * g_t
    h_t = o_t * tanh(c_t)
"""

from __future__ import annotations

from typing import ClassVar

import torch

from lsrl_edu.cells.recurrent import Recurrent, State


class LSTM(Recurrent):
    """L layers of an LSTM; runs the state dict of torch.nn.LSTM.

    Parameters of layer k, the rows of i, f, g, o one below the other: ``weight_ih_lk`` W (4n, d),
    ``weight_hh_lk`` U (4n, n), ``bias_ih_lk`` b and ``bias_hh_lk`` c (4n,).
    """

    gates: ClassVar[int] = 4

    def cell(self, from_x: torch.Tensor, from_h: torch.Tensor, state: State) -> State:
        """Return (h_t, c_t)."""
        _, c = state
        i, f, g, o = (from_x + from_h).chunk(4, dim=-1)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        return torch.sigmoid(o) * torch.tanh(c), c

    def forward(self, x: torch.Tensor, state: State) -> tuple[torch.Tensor, State]:
        """Return the top layer's h (B, T, n) and the last (h, c), each (L, B, n)."""
        return self.run_layers(x, state)
