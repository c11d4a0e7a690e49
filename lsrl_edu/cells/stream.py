"""The residual stream of Mamba and Mamba-2: blocks that read it and add to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from lsrl_edu.cells.norms import RMSNorm


class Block(nn.Module):
    """s + mixer(norm(s))."""

    def __init__(self, config: Any, mixer: nn.Module):
        super().__init__()
        self.norm = RMSNorm(config.hidden_size, config.layer_norm_epsilon)
        self.mixer = mixer

    def forward(self, s: torch.Tensor) -> torch.Tensor:
        """Return the stream after the block (B, T, H)."""
        return s + self.mixer(self.norm(s))


class Stream(nn.Module):
    """Blocks and a last norm."""

    def __init__(self, config: Any, make_mixer: Callable[[Any], nn.Module]):
        super().__init__()
        blocks = (Block(config, make_mixer(config)) for _ in range(config.num_hidden_layers))
        self.embeddings = nn.Embedding(config.vocab_size, config.hidden_size)
        self.layers = nn.ModuleList(blocks)
        self.norm_f = RMSNorm(config.hidden_size, config.layer_norm_epsilon)

    def forward(self, s: torch.Tensor) -> torch.Tensor:
        """Return the last hidden state (B, T, H) for embedded elements (B, T, H)."""
        for layer in self.layers:
            s = layer(s)
        return self.norm_f(s)
