"""Many GRILs from different random starts, trained side by side: where does training end?

All starts see the same tasks, so one batch serves them all, and their weights are stacked.
"""

from __future__ import annotations

import torch
from torch.func import functional_call, stack_module_state, vmap

from lsrl_edu.cells.gril import GRIL
from lsrl_edu.study.regression import Tasks, generator

Weights = dict[str, torch.Tensor]


def stacked(features: int, starts: int) -> Weights:
    """Return the weights of GRILs with the seeds 0 ... starts - 1, each (starts, ...)."""
    layers = []
    with torch.random.fork_rng():
        for seed in range(starts):
            torch.manual_seed(seed)
            layers.append(GRIL(features))
    return {k: v.detach().requires_grad_() for k, v in stack_module_state(layers)[0].items()}


def run_all(weights: Weights, tokens: torch.Tensor) -> torch.Tensor:
    """Return what each says: (starts, B, N, f) for prompts (B, 2 N + 1, f)."""
    bare = GRIL(tokens.shape[-1]).to("meta")
    return vmap(lambda w: functional_call(bare, w, (tokens,)))(weights)


def train_all(
    tasks: Tasks, starts: int, steps: int, lr: float = 1e-2, batch: int = 64, progress: bool = False
) -> Weights:
    """Train all starts with Adam on the last answer, as :func:`lsrl_edu.study.learning.train` does.

    Returns:
        The stacked weights at the end.
    """
    from tqdm.auto import trange

    weights = stacked(tasks.features, starts)
    source = generator(0)
    optimiser = torch.optim.Adam(weights.values(), lr=lr)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    for _ in trange(steps, desc=f"{starts} starts", disable=not progress, leave=False):
        tokens, targets = tasks.draw(batch, source)
        error = run_all(weights, tokens)[:, :, -1] - targets[:, -1]
        optimiser.zero_grad()
        error.square().mean(dim=(1, 2)).sum().backward()  # a sum: no start sees another
        optimiser.step()
        schedule.step()
    return {k: v.detach() for k, v in weights.items()}


@torch.no_grad()
def losses(weights: Weights, prompts: tuple[torch.Tensor, torch.Tensor]) -> torch.Tensor:
    """Return the share (starts,) of each after all pairs, on prompts (tokens, targets)."""
    tokens, targets = prompts
    error = (run_all(weights, tokens)[:, :, -1] - targets[:, -1]).square().sum(-1).mean(1)
    return error / targets[:, -1].square().sum(-1).mean()


def layer(weights: Weights, start: int) -> GRIL:
    """Return one of them."""
    one = GRIL(weights["C"].shape[-1])
    one.load_state_dict({k: v[start] for k, v in weights.items()})
    return one
