"""Linear regression as a sequence: fresh tasks, and the textbook ways to solve them.

A task is a matrix M (f, f) with standard normal entries; x is uniform in [-1/2, 1/2]^f and y = M x
(arXiv 2410.11687). A prompt is x_1, y_1, ..., x_N, y_N, x_{N+1}; the answer wanted is M x_{N+1}.

Losses are shares: the mean of |answer - M x|^2 over the mean of |M x|^2. Always answering 0 costs
1, knowing M costs 0. Shapes: B tasks, N pairs, f features.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch

from lsrl_edu.cells.gril import STRIDE
from lsrl_edu.errors import LSRLError

SECOND, FOURTH = 1 / 12, 1 / 80
"""Moments of a number uniform in [-1/2, 1/2]: the means of v^2 and v^4."""


@dataclass(frozen=True)
class Tasks:
    """What prompts are drawn from.

    Attributes:
        features, pairs: f and N.
        scale: every x is multiplied by it.
    """

    features: int
    pairs: int
    scale: float = 1.0

    def draw(self, count: int, generator: torch.Generator) -> tuple[torch.Tensor, torch.Tensor]:
        """Return prompts (B, 2 N + 1, f) and targets (B, N, f), float32, on the generator's device.

        Target t is M x_{t+1}: what should be said after t pairs.
        """
        options: dict[str, Any] = {"generator": generator, "device": generator.device}
        x = (torch.rand(count, self.pairs + 1, self.features, **options) - 0.5) * self.scale
        M = torch.randn(count, self.features, self.features, **options)
        y = x @ M.mT
        tokens = torch.stack([x, y], dim=2).flatten(1, 2)[:, :-1]
        return tokens, y[:, 1:]


def generator(seed: int, device: str = "cpu") -> torch.Generator:
    """Return a source of random numbers."""
    return torch.Generator(device).manual_seed(seed)


def share(answers: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """Return the loss after t = 1 ... N pairs (N,): squared error over squared size of the target.

    Both are (B, N, f).
    """
    error = (answers - targets).square().sum(-1).mean(0)
    return error / targets.square().sum(-1).mean(0)


def split(tokens: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Return x (B, N + 1, f) and y (B, N, f) of prompts (B, 2 N + 1, f)."""
    return tokens[:, ::STRIDE], tokens[:, 1::STRIDE]


def moments(tokens: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Return S = sum of y x^T and G = sum of x x^T over the first t pairs, both (B, N, f, f)."""
    x, y = split(tokens.double())
    x = x[:, :-1]
    S, G = (torch.einsum("bnf,bng->bnfg", left, x).cumsum(1) for left in (y, x))
    return S, G


def gradient_descent(tokens: torch.Tensor, eta: float, steps: int = 1) -> torch.Tensor:
    """Return W x_{t+1} (B, N, f), float64, W from gradient descent on the first t pairs.

    Each step is W <- W - eta / f (W G - S), as in :func:`lsrl_edu.programs.descent.descend`.
    """
    return _applied(descend(*moments(tokens), eta, steps), tokens)


def descend(S: torch.Tensor, G: torch.Tensor, eta: float, steps: int) -> torch.Tensor:
    """Return W (..., f, f) after gradient steps from W = 0, for S and G of the same shape."""
    W = torch.zeros_like(S)
    for _ in range(steps):
        W = W - eta / S.shape[-1] * (W @ G - S)
    return W


def least_squares(tokens: torch.Tensor, ridge: float = 0.0) -> torch.Tensor:
    """Return W x_{t+1} (B, N, f), W = S (G + ridge I)^+: of the smallest norm where many fit."""
    S, G = moments(tokens)
    eye = torch.eye(G.shape[-1], dtype=G.dtype, device=G.device)
    return _applied(S @ torch.linalg.pinv(G + ridge * eye, hermitian=True, rtol=1e-10), tokens)


def _applied(W: torch.Tensor, tokens: torch.Tensor) -> torch.Tensor:
    x = split(tokens.double())[0][:, 1:]
    return (W @ x[..., None])[..., 0]


def best_rate(tasks: Tasks) -> float:
    """Return the eta that makes one step from W = 0 best on average, after all N pairs.

    The error of W = eta / f S = eta / f M G is M (I - eta / f G) x, so its mean is that of
    tr (I - eta / f G)^2, and eta / f = E tr G / E tr G^2. With v and m the second and fourth moment
    of an entry of x::

        E tr G   = N f v
        E tr G^2 = N (f m + f (f - 1) v^2) + N (N - 1) f v^2

    so that eta / f = 1 / (m / v + (f + N - 2) v).
    """
    v, m = SECOND * tasks.scale**2, FOURTH * tasks.scale**4
    return tasks.features / (m / v + (tasks.features + tasks.pairs - 2) * v)


def best_share(tasks: Tasks) -> float:
    """Return the expected loss of one step at its best rate: 1 - (E tr G)^2 / (f E tr G^2)."""
    v = SECOND * tasks.scale**2
    return 1 - best_rate(tasks) / tasks.features * tasks.pairs * v


def tuned_rate(tokens: torch.Tensor, targets: torch.Tensor, steps: int, tries: int = 200) -> float:
    """Return the eta of a grid that makes ``steps`` steps best on these prompts, after all pairs.

    Raises:
        LSRLError: where the best is at the end of the grid.
    """
    S, G = (part[:, -1] for part in moments(tokens))
    question, wanted = split(tokens.double())[0][:, -1, :, None], targets[:, -1:].double()
    top = float(torch.linalg.eigvalsh(G).max())
    grid = torch.linspace(0.02, 3, tries, dtype=torch.float64) * tokens.shape[-1] / top
    losses = []
    for eta in grid.tolist():
        answers = (descend(S, G, eta, steps) @ question).mT
        losses.append(float(share(answers, wanted)))
    best = int(torch.tensor(losses).argmin())
    if best in (0, tries - 1):
        raise LSRLError(f"The best eta, {float(grid[best]):.3g}, is at the end of the grid.")
    return float(grid[best])
