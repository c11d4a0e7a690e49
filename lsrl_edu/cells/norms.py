"""The norm that Mamba and Griffin put before every block."""

from __future__ import annotations

import torch
from torch import nn


class RMSNorm(nn.Module):
    """x / sqrt(mean(x^2) + eps) * (shift + weight), computed in float32 as the released classes do.

    ``shift`` is 0 in Mamba and 1 in RecurrentGemma.
    """

    def __init__(self, width: int, eps: float, shift: float = 0.0):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.eps, self.shift = eps, shift

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the normalised x (..., width)."""
        wide = x.float()
        root = torch.rsqrt(wide.pow(2).mean(-1, keepdim=True) + self.eps)
        return ((wide * root).to(x.dtype)) * (self.shift + self.weight)


def causal_convolution(x: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
    """Return y_t = bias + sum_j weight[K-1-j] x_{t-j}, channel by channel; nothing before t = 0.

    Args:
        x: (B, T, channels).
        weight: (channels, 1, K), as torch.nn.Conv1d keeps it.
        bias: (channels,).
    """
    K, T = weight.shape[-1], x.shape[1]
    padded = torch.nn.functional.pad(x, (0, 0, K - 1, 0))
    return bias + sum(padded[:, j : j + T] * weight[:, 0, j] for j in range(K))
