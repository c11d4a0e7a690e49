"""Mamba (Gu and Dao, 2023), written to be read; parameter names of transformers.MambaModel.

One block, for the residual stream s (B, T, H), with I inner channels and N states each::

    x, z    = W_in norm(s)                             two branches
    u       = SiLU(conv(x))                            K - 1 elements of the past
    d, B, C = W_x u                                    selection: they depend on the input
    dt      = softplus(W_dt d + b_dt)
    h_t     = exp(dt A) h_{t-1} + dt B u               A = -exp(A_log), diagonal
    y       = C h + D u
    s       = s + W_out (y * SiLU(z))                  the gate
"""

from __future__ import annotations

from typing import Any

import torch
from torch import nn
from torch.nn.functional import silu, softplus

from lsrl_edu.cells.norms import causal_convolution
from lsrl_edu.cells.stream import Stream


class Mixer(nn.Module):
    """One Mamba mixer; see the module's docstring."""

    def __init__(self, config: Any):
        super().__init__()
        H, inner, N = config.hidden_size, config.intermediate_size, config.state_size
        self.rank, self.states = int(config.time_step_rank), N
        self.in_proj = nn.Linear(H, 2 * inner, bias=config.use_bias)
        self.conv1d = nn.Conv1d(inner, inner, config.conv_kernel, groups=inner)
        self.x_proj = nn.Linear(inner, self.rank + 2 * N, bias=False)
        self.dt_proj = nn.Linear(self.rank, inner)
        self.A_log = nn.Parameter(torch.zeros(inner, N))
        self.D = nn.Parameter(torch.zeros(inner))
        self.out_proj = nn.Linear(inner, H, bias=config.use_bias)

    def forward(self, n: torch.Tensor) -> torch.Tensor:
        """Return what the block adds to the stream (B, T, H), for the normalised stream n."""
        x, z = self.in_proj(n).chunk(2, dim=-1)
        u = silu(causal_convolution(x, self.conv1d.weight, self.conv1d.bias))
        d, B, C = self.x_proj(u).split([self.rank, self.states, self.states], dim=-1)
        dt = softplus(d @ self.dt_proj.weight.T + self.dt_proj.bias)
        y = self.scan(u, dt, B, C) + self.D * u
        return self.out_proj(y * silu(z))

    def scan(
        self, u: torch.Tensor, dt: torch.Tensor, B: torch.Tensor, C: torch.Tensor
    ) -> torch.Tensor:
        """Return C_t h_t (B, T, I), element by element."""
        A = -torch.exp(self.A_log)
        h = u.new_zeros(u.shape[0], u.shape[2], self.states)
        out = []
        for t in range(u.shape[1]):
            step = dt[:, t, :, None]
            h = torch.exp(step * A) * h + step * B[:, t, None, :] * u[:, t, :, None]
            out.append((h * C[:, t, None, :]).sum(-1))
        return torch.stack(out, dim=1)


class Mamba(Stream):
    """Blocks and a last norm; runs the state dict of transformers.MambaModel."""

    def __init__(self, config: Any):
        super().__init__(config, Mixer)
