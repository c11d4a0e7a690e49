"""Many noisy copies of a network in one run.

Letters: D draws (copies of the network, each with its own weights and its own inputs), C channels,
T steps, B sequences, N = T B columns. Values are (D, C, N), weights (D, number of weights), or
(1, number of weights) where all draws share them.

Every sum is made in the order of the plan and every product and sum is rounded by itself, so a
draw gives the same bits whatever it is run beside. That is why there are no matrix products here:
their order of summation depends on their size, the number of threads and the processor. It costs
little, since compiled matrices are nearly empty.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch

from lsrl_edu.run.layers import pick_device, pick_dtype
from lsrl_edu.study.plan import Affine, Plan, Step, Terms

PIECE = 2**21
"""Numbers (draws times channels times columns) of the widest layer that are computed at once."""


@torch.no_grad()
def run_plan(
    plan: Plan,
    weights: np.ndarray,
    xs: np.ndarray,
    last: int,
    overwrite: bool = False,
    dtype: str = "float64",
    device: str = "cpu",
) -> np.ndarray:
    """Run noisy copies of a network.

    Args:
        plan: the network.
        weights: (L, P, number of weights): L noisy copies for each of P problems.
        xs: the inputs of each problem, (P, B, T, d).
        last: how many of the last outputs are wanted.
        overwrite: True for the published protocol: before every step the states are set to
            those of the network without noise. A step then depends on nothing noisy but itself,
            so only the last ones are run.
        dtype: ``"float64"``, ``"float32"`` or ``"bfloat16"``.
        device: ``"cpu"``, ``"cuda"``, or ``"auto"`` for a GPU where there is one.

    Returns:
        The last outputs, (L, P, B, last, m), float64.
    """
    options = {"dtype": pick_dtype(dtype), "device": pick_device(device)}
    plan = place(plan, options["device"])
    x = torch.from_numpy(np.array(xs, dtype=np.float64)).to(**options).permute(0, 3, 2, 1)
    size = _draws_at_once(plan, x)
    before = None
    if overwrite:
        before = clean_states(plan, x, last, size, options)
        x = x[:, :, -last:]
        size = _draws_at_once(plan, x)
    copies, problems = weights.shape[:2]
    w = torch.from_numpy(np.array(weights.reshape(copies * problems, -1))).to(**options)
    of = torch.arange(problems, device=x.device).repeat(copies)
    out = [
        run_draws(plan, w[d], x[of[d]], None if before is None else [s[of[d]] for s in before])
        for d in torch.arange(len(w), device=x.device).split(size)
    ]
    result = torch.cat([y[:, :, -last:] for y in out]).permute(0, 3, 2, 1)
    return result.unflatten(0, (copies, problems)).double().cpu().numpy()


def _draws_at_once(plan: Plan, x: torch.Tensor) -> int:
    """Return how many draws go through all layers before the next ones do."""
    rows = max([plan.input_dim, *(step.affine.shape[0] for step in plan.steps)])
    room = PIECE if x.device.type == "cpu" else 64 * PIECE
    return max(1, room // (rows * max(1, x[0, 0].numel())))


def clean_states(
    plan: Plan, x: torch.Tensor, last: int, size: int, options: dict
) -> list[torch.Tensor]:
    """Return each layer's states before each of the last steps, without noise: (P, S, last, B)."""
    w = torch.tensor(plan.weights[None], **options)
    pieces = []
    for part in x.split(size):
        kept: list[torch.Tensor] = []
        run_draws(plan, w, part, keep=kept)
        starts = [_start(step, w, x.shape[3])[:, :, None].expand(len(part), -1, -1, -1)
                  for step in plan.steps]  # fmt: skip
        runs = zip(starts, kept, strict=True)
        pieces.append([torch.cat([s0, s], dim=2)[:, :, -last - 1 : -1] for s0, s in runs])
    return [torch.cat(parts) for parts in zip(*pieces, strict=True)]


def place(plan: Plan, device: torch.device) -> Plan:
    """Return the plan with its places and columns as torch indices on a device."""
    steps = tuple(
        replace(
            step,
            affine=_placed(step.affine, device),
            transition=_placed(step.transition, device),
            start_rows=torch.from_numpy(step.start_rows).to(device),
            start_where=torch.from_numpy(step.start_where).to(device),
        )
        for step in plan.steps
    )
    return replace(plan, steps=steps, readout=_placed(plan.readout, device))


def _placed(plan: Affine, device: torch.device) -> Affine:
    def index(places: np.ndarray) -> torch.Tensor:
        return torch.from_numpy(places).to(device)

    terms = tuple(Terms(index(t.where), index(t.columns)) for t in plan.terms)
    bias = {"bias_rows": index(plan.bias_rows), "bias_where": index(plan.bias_where)}
    return replace(plan, terms=terms, back=index(plan.back), **bias)


def run_draws(
    plan: Plan,
    w: torch.Tensor,
    x: torch.Tensor,
    before: list[torch.Tensor] | None = None,
    keep: list[torch.Tensor] | None = None,
) -> torch.Tensor:
    """Return the outputs (D, m, T, B) for weights (D, number of weights) and inputs (., d, T, B).

    Args:
        plan: the network, placed on the device.
        w: one row of weights for each draw.
        x: the inputs; 1 in front where all draws share them.
        before: for each layer the states before each step, (., S, T, B), where they are given.
        keep: a list that each layer's states are added to.
    """
    _, _, length, count = x.shape
    y = x.flatten(2)
    for k, step in enumerate(plan.steps):
        u = affine(step.affine, w, y)
        if step.states:
            given = None if before is None else before[k]
            u[:, : step.states] = _states(step, w, u[:, : step.states], given, (length, count))
        u[:, step.relu].clamp_(min=0)
        u[:, step.left] *= u[:, step.right]
        y = u[:, : step.width]
        if keep is not None:
            keep.append(y[:, : step.states].unflatten(2, (length, count)))
    return affine(plan.readout, w, y).unflatten(2, (length, count))


def affine(plan: Affine, w: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """Return W y + b, (D, rows, N): the terms of a row from left to right, the bias last."""
    draws = max(w.shape[0], y.shape[0])
    out = y.new_zeros(draws, plan.shape[0], y.shape[2])
    for terms in plan.terms:
        weights = w.index_select(1, terms.where)[:, :, None]
        out[:, : len(terms.where)] += weights * y.index_select(1, terms.columns)
    out = out.index_select(1, plan.back)
    if len(plan.bias_rows):
        out[:, plan.bias_rows] += w[:, plan.bias_where, None]
    return out


def _states(
    step: Step,
    w: torch.Tensor,
    u: torch.Tensor,
    before: torch.Tensor | None,
    shape: tuple[int, int],
) -> torch.Tensor:
    """Return s_t = A s_{t-1} + u_t for u (D, S, N), with s_{t-1} given or carried along."""
    if before is not None:
        return affine(step.transition, w, before.flatten(2)) + u
    drive = u.unflatten(2, shape).permute(2, 0, 1, 3)  # (T, D, S, B)
    drive = drive.clone(memory_format=torch.contiguous_format)
    state = _start(step, w, shape[1])
    decay = _diagonal(step.transition, w)
    for t in range(shape[0]):
        moved = affine(step.transition, w, state) if decay is None else decay * state
        state = moved + drive[t]
        drive[t] = state
    return drive.permute(1, 2, 0, 3).flatten(2)


def _start(step: Step, w: torch.Tensor, count: int) -> torch.Tensor:
    """Return the initial states, (D, S, B)."""
    start = w.new_zeros(w.shape[0], step.states, count)
    start[:, step.start_rows] += w[:, step.start_where, None]
    return start


def _diagonal(plan: Affine, w: torch.Tensor) -> torch.Tensor | None:
    """Return the diagonal (D, S, 1) where every row has just that entry, else None."""
    rows = torch.arange(plan.shape[0], device=w.device)
    if len(plan.terms) != 1 or len(plan.terms[0].where) != len(rows):
        return None
    if not torch.equal(plan.terms[0].columns[plan.back], rows):
        return None
    return w[:, plan.terms[0].where[plan.back], None]
