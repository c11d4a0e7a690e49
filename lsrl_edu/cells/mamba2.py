"""Mamba-2 (Dao and Gu, 2024), written to be read; parameter names of transformers.Mamba2Model.

One block, for the residual stream s (B, T, H). There are M heads of P channels, I = M P::

    z, x, B, C, dt = W_in norm(s)                      B, C (groups times N), dt one for each head
    x, B, C        = SiLU(conv(x, B, C))
    dt             = softplus(dt + b_dt)
    h_t            = exp(dt A) h_{t-1} + dt B x        A = -exp(A_log): one number for each head
    y              = C h + D x
    s              = s + W_out gatednorm(y, z)         gatednorm: RMSNorm(y * SiLU(z)), by groups
"""

from __future__ import annotations

from typing import Any

import torch
from torch import nn
from torch.nn.functional import silu, softplus

from lsrl_edu.cells.norms import causal_convolution
from lsrl_edu.cells.stream import Stream


class GatedNorm(nn.Module):
    """RMSNorm of y * SiLU(z), each group of channels by itself."""

    def __init__(self, width: int, groups: int, eps: float):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.groups, self.eps = groups, eps

    def forward(self, y: torch.Tensor, z: torch.Tensor) -> torch.Tensor:
        """Return the normalised product (B, T, I)."""
        product = (y.float() * silu(z.float())).unflatten(-1, (self.groups, -1))
        root = torch.rsqrt(product.pow(2).mean(-1, keepdim=True) + self.eps)
        return self.weight * (product * root).flatten(-2).to(y.dtype)


class Mixer(nn.Module):
    """One Mamba-2 mixer; see the module's docstring."""

    def __init__(self, config: Any):
        super().__init__()
        self.inner = int(config.expand * config.hidden_size)
        self.heads, self.head_dim = config.num_heads, config.head_dim
        self.groups, self.states = config.n_groups, config.state_size
        mixed = self.inner + 2 * self.groups * self.states
        rows = self.inner + mixed + self.heads
        self.in_proj = nn.Linear(config.hidden_size, rows, bias=config.use_bias)
        self.conv1d = nn.Conv1d(mixed, mixed, config.conv_kernel, groups=mixed)
        self.dt_bias = nn.Parameter(torch.zeros(self.heads))
        self.A_log = nn.Parameter(torch.zeros(self.heads))
        self.D = nn.Parameter(torch.zeros(self.heads))
        self.norm = GatedNorm(self.inner, self.groups, config.layer_norm_epsilon)
        self.out_proj = nn.Linear(self.inner, config.hidden_size, bias=config.use_bias)

    def forward(self, n: torch.Tensor) -> torch.Tensor:
        """Return what the block adds to the stream (B, T, H), for the normalised stream n."""
        both = self.groups * self.states
        z, mixed, dt = self.in_proj(n).split(
            [self.inner, self.inner + 2 * both, self.heads], dim=-1
        )
        mixed = silu(causal_convolution(mixed, self.conv1d.weight, self.conv1d.bias))
        x, B, C = mixed.split([self.inner, both, both], dim=-1)
        x = x.unflatten(-1, (self.heads, self.head_dim))
        y = self.scan(x, softplus(dt + self.dt_bias), self.by_head(B), self.by_head(C))
        y = (y + self.D[:, None] * x).flatten(-2)
        return self.out_proj(self.norm(y, z))

    def by_head(self, B: torch.Tensor) -> torch.Tensor:
        """Return (B, T, heads, N): the heads of a group share B and C."""
        groups = B.unflatten(-1, (self.groups, self.states))
        return groups.repeat_interleave(self.heads // self.groups, dim=2)

    def scan(
        self, x: torch.Tensor, dt: torch.Tensor, B: torch.Tensor, C: torch.Tensor
    ) -> torch.Tensor:
        """Return C_t h_t (B, T, heads, P), element by element; the released class uses chunks."""
        A = -torch.exp(self.A_log)
        h = x.new_zeros(x.shape[0], self.heads, self.head_dim, self.states)
        out = []
        for t in range(x.shape[1]):
            step = dt[:, t, :, None, None]
            keep = torch.exp(step * A[:, None, None])
            h = keep * h + step * x[:, t, :, :, None] * B[:, t, :, None, :]
            out.append((h * C[:, t, :, None, :]).sum(-1))
        return torch.stack(out, dim=1)


class Mamba2(Stream):
    """Blocks and a last norm; runs the state dict of transformers.Mamba2Model."""

    def __init__(self, config: Any):
        super().__init__(config, Mixer)
