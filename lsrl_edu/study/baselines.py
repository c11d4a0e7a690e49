"""Networks to compare a GRIL with: released recurrent layers, and a diagonal linear one.

Each reads what GRIL reads, the window [x_t, y_t, x_{t+1}] as one vector of 3 f numbers for each
t = 1 ... N, and says f numbers after each. None needs to find out which tokens are neighbours; what
is compared is what it does with them. One layer each, between two linear maps.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import nn

from lsrl_edu.cells.gril import GRIL, WINDOW, WithoutGate, WithoutProduct, windows
from lsrl_edu.errors import LSRLError


class Baseline(nn.Module):
    """A layer on windows: linear map, ``layer`` (B, N, h) -> (B, N, h), linear map."""

    def __init__(self, features: int, width: int, layer: nn.Module):
        super().__init__()
        self.features = features
        self.into = nn.Linear(WINDOW * features, width)
        self.layer = layer
        self.out = nn.Linear(width, features)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        """Return answers (B, N, f) for prompts (B, 2 N + 1, f)."""
        h = self.layer(self.into(windows(tokens, self.features).flatten(2)))
        return self.out(h)


class Torch(nn.Module):
    """torch.nn.GRU or LSTM as it is, without its last state."""

    def __init__(self, cell: type[nn.Module], width: int):
        super().__init__()
        self.rnn = cell(width, width, batch_first=True)

    def forward(self, u: torch.Tensor) -> torch.Tensor:
        """Return h_1 ... h_N."""
        return self.rnn(u)[0]


class Mamba(nn.Module):
    """One block of transformers.MambaModel as it is, with its norms and its residual."""

    def __init__(self, width: int):
        from transformers import MambaConfig, MambaModel

        super().__init__()
        # The embedding table is not used: vectors go in. Size 1 keeps it small.
        config = MambaConfig(
            vocab_size=1, hidden_size=width, num_hidden_layers=1, state_size=16,
            pad_token_id=0, bos_token_id=0, eos_token_id=0,
        )  # fmt: skip
        self.model = MambaModel(config)
        self.model.embeddings.requires_grad_(False)

    def forward(self, u: torch.Tensor) -> torch.Tensor:
        """Return the last hidden states."""
        return self.model(inputs_embeds=u, use_cache=False).last_hidden_state


class Diagonal(nn.Module):
    """A diagonal linear recurrence with complex entries, then a gated GELU: an LRU or S5 layer.

    s_t = lambda * s_{t-1} + B u_t;  y = Re(C s) + D * u;  out = u + GELU(y) * sigmoid(G GELU(y)),
    with |lambda| = exp(-exp(nu)) from 0.9 to 0.999 at the start.
    """

    def __init__(self, width: int):
        super().__init__()
        size = torch.empty(width).uniform_(0.9, 0.999)
        self.nu = nn.Parameter(torch.log(-torch.log(size)))
        self.theta = nn.Parameter(torch.rand(width) * torch.pi / 10)
        self.B = nn.Parameter(torch.randn(width, width, 2) / (2 * width) ** 0.5)
        self.C = nn.Parameter(torch.randn(width, width, 2) / width**0.5)
        self.D = nn.Parameter(torch.randn(width))
        self.gate = nn.Linear(width, width)

    def forward(self, u: torch.Tensor) -> torch.Tensor:
        """Return out_1 ... out_N (B, N, h) for u (B, N, h)."""
        Bu = u.to(torch.cfloat) @ torch.view_as_complex(self.B).T
        steps = torch.arange(u.shape[1], device=u.device)
        gaps = (steps[:, None] - steps)[..., None]
        log = torch.complex(-torch.exp(self.nu), self.theta)
        powers = torch.exp(log * gaps.clamp(min=0)) * (gaps >= 0)  # (t, j, h)
        s = torch.einsum("tjh,bjh->bth", powers, Bu)
        y = (s @ torch.view_as_complex(self.C).T).real + self.D * u
        y = nn.functional.gelu(y)
        return u + y * torch.sigmoid(self.gate(y))


MAKERS: dict[str, Callable[[int], nn.Module]] = {
    "diagonal SSM": Diagonal,
    "Mamba": Mamba,
    "GRU": lambda width: Torch(nn.GRU, width),
    "LSTM": lambda width: Torch(nn.LSTM, width),
}
"""Name -> a layer of a width."""

GRILS = {
    "GRIL": GRIL,
    "GRIL without product": WithoutProduct,
    "GRIL without gate": WithoutGate,
}


def network(name: str, features: int, width: int = 0) -> nn.Module:
    """Return a network with random weights (from torch's global generator).

    Args:
        name: one of :data:`GRILS`, or of :data:`MAKERS` with a width.

    Raises:
        LSRLError: for another name, or a width where there is none to choose.
    """
    if name in GRILS and not width:
        return GRILS[name](features)
    if name in MAKERS and width > 0:
        return Baseline(features, width, MAKERS[name](width))
    raise LSRLError(
        f"There is no network {name!r} of width {width}. Choose one of {', '.join(GRILS)} (no "
        f"width), or of {', '.join(MAKERS)} with a width from 1 up."
    )


def size(module: nn.Module) -> int:
    """Return how many numbers are trained."""
    return sum(p.numel() for p in module.parameters() if p.requires_grad)


def nearest_width(name: str, features: int, numbers: int) -> int:
    """Return the width whose network is closest to ``numbers`` trained numbers, at least 1."""
    width, below, above = 1, 0, size(network(name, features, 1))
    while above < numbers:
        width, below, above = width + 1, above, size(network(name, features, width + 1))
    return width if width == 1 or above - numbers < numbers - below else width - 1
