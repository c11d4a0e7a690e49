"""Hawk (De et al., 2024), written to be read; parameter names of transformers.RecurrentGemmaModel.

A layer is a recurrent block and an MLP, for the residual stream s (B, T, H)::

    x   = conv(W_x norm(s))
    i   = sigmoid(gate_i(x)),   r = sigmoid(gate_r(x))         block-diagonal gates
    a   = exp(-8 softplus(p) r)
    h_t = a h_{t-1} + sqrt(1 - a^2) (i x_t)                    RG-LRU; at t = 0 the gain is 1
    s   = s + W_o (h * GELU(W_y norm(s)))
    s   = s + W_down (GELU(W_gate norm(s)) * W_up norm(s))     GeGLU

Griffin has local attention in the place of some recurrent blocks; it is not written out here.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import nn
from torch.nn.functional import gelu, softplus

from lsrl_edu.cells.norms import RMSNorm, causal_convolution


class RGLRU(nn.Module):
    """The real-gated linear recurrent unit (paper, Section 2.4)."""

    def __init__(self, width: int, heads: int):
        super().__init__()
        block = width // heads
        self.recurrent_param = nn.Parameter(torch.zeros(width))
        for gate in ("input_gate", "recurrent_gate"):
            setattr(self, f"{gate}_weight", nn.Parameter(torch.zeros(heads, block, block)))
            setattr(self, f"{gate}_bias", nn.Parameter(torch.zeros(heads, block)))

    def gate(self, x: torch.Tensor, name: str) -> torch.Tensor:
        """Return sigmoid of a block-diagonal affine map of x (B, T, width)."""
        weight, bias = getattr(self, f"{name}_weight"), getattr(self, f"{name}_bias")
        heads = x.unflatten(-1, bias.shape)
        return torch.sigmoid(torch.einsum("bthi,hij->bthj", heads, weight) + bias).flatten(-2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return h_1 ... h_T (B, T, width)."""
        log_a = -8.0 * self.gate(x, "recurrent_gate") * softplus(self.recurrent_param)
        gain = torch.sqrt(1 - torch.exp(2 * log_a))
        gain[:, 0] = 1.0  # a sequence begins
        drive = x * self.gate(x, "input_gate") * gain
        h, out = torch.zeros_like(drive[:, 0], dtype=torch.float32), []
        for t in range(x.shape[1]):
            h = torch.exp(log_a[:, t]).float() * h + drive[:, t].float()
            out.append(h.to(x.dtype))
        return torch.stack(out, dim=1)


class Recurrent(nn.Module):
    """The temporal block."""

    def __init__(self, config: Any):
        super().__init__()
        H, W = config.hidden_size, config.lru_width
        self.linear_y, self.linear_x = nn.Linear(H, W), nn.Linear(H, W)
        self.linear_out = nn.Linear(W, H)
        self.conv_1d = nn.Conv1d(W, W, config.conv1d_width, groups=W)
        self.rg_lru = RGLRU(W, config.num_attention_heads)

    def forward(self, n: torch.Tensor) -> torch.Tensor:
        """Return what the block adds to the stream, for the normalised stream n."""
        x = causal_convolution(self.linear_x(n), self.conv_1d.weight, self.conv_1d.bias)
        y = gelu(self.linear_y(n), approximate="tanh")
        return self.linear_out(self.rg_lru(x) * y)


class GeGLU(nn.Module):
    """The MLP."""

    def __init__(self, config: Any):
        super().__init__()
        H, W = config.hidden_size, config.intermediate_size // 2
        self.gate_proj, self.up_proj = nn.Linear(H, W), nn.Linear(H, W)
        self.down_proj = nn.Linear(W, H)

    def forward(self, n: torch.Tensor) -> torch.Tensor:
        """Return what the MLP adds to the stream, for the normalised stream n."""
        gate = gelu(self.gate_proj(n), approximate="tanh")
        return self.down_proj(gate * self.up_proj(n))


class Layer(nn.Module):
    """Recurrent block, then MLP, each behind a norm and added to the stream."""

    def __init__(self, config: Any):
        super().__init__()
        self.temporal_pre_norm = RMSNorm(config.hidden_size, config.rms_norm_eps, 1.0)
        self.temporal_block = Recurrent(config)
        self.channel_pre_norm = RMSNorm(config.hidden_size, config.rms_norm_eps, 1.0)
        self.mlp_block = GeGLU(config)

    def forward(self, s: torch.Tensor) -> torch.Tensor:
        """Return the stream after the layer (B, T, H)."""
        s = s + self.temporal_block(self.temporal_pre_norm(s))
        return s + self.mlp_block(self.channel_pre_norm(s))


class Hawk(nn.Module):
    """Layers and a last norm; runs the state dict of a RecurrentGemmaModel without attention."""

    def __init__(self, config: Any):
        super().__init__()
        self.embed_tokens = nn.Embedding(config.vocab_size, config.hidden_size)
        self.layers = nn.ModuleList(Layer(config) for _ in range(config.num_hidden_layers))
        self.final_norm = RMSNorm(config.hidden_size, config.rms_norm_eps, 1.0)
        # the class keeps this number in bfloat16
        self.normalizer = float(torch.tensor(config.hidden_size**0.5, dtype=torch.bfloat16))

    def forward(self, s: torch.Tensor) -> torch.Tensor:
        """Return the last hidden state (B, T, H) for embedded elements (B, T, H)."""
        s = s * self.normalizer
        for layer in self.layers:
            s = layer(s)
        return self.final_norm(s)
