"""What the exercises of chapter 09 run: one channel of a Mamba block by hand, and folds."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
import torch  # here, so that no check waits for it

import lsrl_edu as ls
from lsrl_edu.cells.mamba import Mixer

WHISPER = 2.0**-64
UNIT = 2 / WHISPER / 32 / 128
"""The output weight that undoes the whisper, a step of 32 and the gate of 128."""


# --- 09.5 and 09.6: one channel ---------------------------------------------------------------
def mixer(
    branch: Sequence[float],
    a_log: float,
    dt_bias: float,
    dt_weight: float = 0.0,
    d: float = 0.0,
    out: float = UNIT,
) -> Any:
    """Return a Mamba mixer for elements (1, v, f, 0), as ``hand`` of the chapter does.

    Channel 1 is the reader's, its output is entry 0. The step is softplus(dt_weight f + dt_bias).
    """
    sizes = {"hidden_size": 4, "intermediate_size": 4, "state_size": 1, "time_step_rank": 1}
    made = Mixer(SimpleNamespace(**sizes, conv_kernel=4, use_bias=False))
    with torch.no_grad():
        for weight in made.parameters():
            weight.zero_()
        made.conv1d.weight[:, 0, -1] = 1
        made.in_proj.weight[4:, 0] = 128  # all gates open
        made.dt_proj.bias[:] = -1000  # no steps, except
        made.in_proj.weight[0, 0] = 128  # channel 0: the constant, u = 128
        made.in_proj.weight[2, 2] = 128  # channel 2: the flag, u = 128 f
        made.x_proj.weight[0, 2] = made.x_proj.weight[1, 0] = made.x_proj.weight[2, 0] = 1 / 128
        made.in_proj.weight[1, :3] = torch.tensor([float(w) for w in branch])
        made.A_log[1], made.D[1] = a_log, d
        made.dt_proj.bias[1], made.dt_proj.weight[1] = dt_bias, dt_weight
        made.out_proj.weight[0, 1] = out
    return made


def feed(parameters: dict[str, Any], values: Sequence[float], flags: Sequence[int]) -> list[float]:
    """Return the outputs of a channel for a value and a flag for each element, in float32."""
    elements = [[1.0, v, f, 0.0] for v, f in zip(values, flags, strict=True)]
    with torch.no_grad():
        out = mixer(**parameters)(torch.tensor([elements], dtype=torch.float32))
    return out[0, :, 0].tolist()


def step(parameters: dict[str, Any], flag: int = 0) -> float:
    """Return Delta of a channel."""
    return float(
        np.logaddexp(0, parameters["dt_bias"] + flag * parameters.get("dt_weight", 0))
    )  # softplus


def unknown(parameters: dict[str, Any]) -> str:
    """Return what is missing or too much among a channel's parameters, or nothing."""
    needed, known = {"branch", "a_log", "dt_bias"}, {"dt_weight", "d", "out"}
    if stray := (needed - set(parameters)) | (set(parameters) - needed - known):
        return f"The parameters are branch, a_log, dt_bias, dt_weight, d, out: see {sorted(stray)}."
    if np.shape(parameters["branch"]) != (3,):
        return "`branch` should be three numbers: what it takes of 1, of v and of f."
    return ""


def first(parameters: dict[str, Any], count: int = 3) -> list[float]:
    """Return what a channel says to one 1, then zeros, with no flag."""
    return feed(parameters, [1, *[0] * (count - 1)], [0] * count)


def leak_fails(parameters: dict[str, Any]) -> str:
    """Return where a channel is not the leak h = h / 2 + v, or nothing."""
    reals = np.random.default_rng(9).uniform(-1, 1, 60).round(3).tolist()
    values, h = [4, 0, 0, *reals], 0.0
    for t, (v, found) in enumerate(zip(values, feed(parameters, values, [0] * 63), strict=True)):
        h = h / 2 + v
        if not abs(found - h) < 1e-5:
            return f"For the values {values[: t + 1][-4:]}, element {t}: {found:g}, not {h:g}."
    return ""


def streak(flags: Sequence[int]) -> list[int]:
    """Return how many elements there are since the last flag."""
    out, count = [], 0
    for flag in flags:
        count = 0 if flag else count + 1
        out.append(count)
    return out


def counted(parameters: dict[str, Any], flags: Sequence[int]) -> list[float]:
    """Return what a channel counts; all values are 7."""
    return feed(parameters, [7] * len(flags), flags)


def streak_fails(parameters: dict[str, Any]) -> str:
    """Return where a channel does not count since the last flag, or nothing."""
    some = np.random.default_rng(3).integers(0, 2, 60).tolist()
    flags = [0, 1, 0, 0, 1, *some, *[0] * 40]
    found, wanted = counted(parameters, flags), streak(flags)
    for t, (a, b) in enumerate(zip(found, wanted, strict=True)):
        if a != b:
            return f"At element {t}, flags {flags[max(0, t - 5) : t + 1]} last: {a:g}, not {b}."
    return ""


# --- 09.3, 09.7 and 09.8: counting up to a horizon ---------------------------------------------
def mod_3(xs: list) -> list:
    """Return the position mod 3."""
    return [t % 3 for t in range(len(xs))]


def sawtooth(order: Sequence[int]) -> Callable[[list], list]:
    """Return what taking away 12, 6 and 3 in another order gives."""

    def rest(t: int) -> int:
        for n in order:
            t -= n if t >= n else 0
        return t

    return lambda xs: [rest(t) for t in range(len(xs))]


def ones(xs: list) -> list:
    """Return the number of ones so far."""
    return np.cumsum(xs).tolist()


def parity(xs: list) -> list:
    """Return whether the number of ones so far is odd."""
    return [count % 2 for count in ones(xs)]


def folded(*folds: int) -> Callable[[list], list]:
    """Return what folding the number of ones at some places, in this order, gives."""

    def one(count: int) -> int:
        for fold in folds:
            count -= 2 * max(0, count - fold)
        return count

    return lambda xs: [one(count) for count in ones(xs)]


def settles(program: ls.Program) -> bool:
    """Return whether all states of a program have eigenvalues from 0 to 1."""
    eigenvalues = [
        np.linalg.eigvals(node.A.float64) for node in program.nodes if node.kind == "LinState"
    ]
    return all(
        (np.abs(v.imag) < 1e-9).all() and (v.real > -1e-9).all() and (v.real < 1 + 1e-9).all()
        for v in eigenvalues
    )


FLIPS = (
    "A state of yours has an eigenvalue that is not between 0 and 1. Mamba cannot hold it: on a "
    "constant input it must come to rest."
)


def in_float32(program: ls.Program) -> bool:
    """Return whether the layers of a right program give parity to 0.01 in float32.

    A program that is wrong anyway passes: the judge says where.
    """
    rows = np.random.default_rng(5).integers(0, 2, (8, 63))
    rows = np.vstack([rows, np.ones(63), np.zeros(63)])
    wanted = rows.cumsum(axis=1) % 2
    if not np.allclose(program.run(rows[..., None])[..., 0], wanted, atol=1e-3):
        return True
    found = _layers(program).run(rows[..., None], number="float32")[..., 0]
    return bool((np.abs(found - wanted) < 0.01).all())


def price(program: ls.Program) -> int:
    """Return layers plus ReLUs."""
    relus = sum(node.dim for node in program.nodes if node.kind == "ReLU")
    return len(_layers(program).layers) + relus


def _layers(program: ls.Program) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of precision: it is what is asked
        return ls.compile(program, horizon=63)
