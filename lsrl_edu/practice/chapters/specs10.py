"""What the exercises of chapter 10 run: the RG-LRU with open gates, and sums."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch  # here, so that no check waits for it

from lsrl_edu.cells.hawk import RGLRU


def scan(param: float, values: Sequence[float], dtype: str = "float32") -> np.ndarray:
    """Return what an RG-LRU with open gates makes of a sequence from position 0, (T,)."""
    unit = RGLRU(1, 1).to(getattr(torch, dtype))
    with torch.no_grad():
        unit.input_gate_bias[:] = unit.recurrent_gate_bias[:] = 100
        unit.recurrent_param[:] = float(param)
        x = torch.tensor(values, dtype=getattr(torch, dtype)).reshape(1, -1, 1)
        return unit(x)[0, :, 0].double().numpy()


def decay(param: float, dtype: str = "float32") -> float:
    """Return a as the scan uses it: in float32, whatever the dtype."""
    return float(_exp_log_a(param, dtype, 1).float())


def gain(param: float, dtype: str = "float32") -> float:
    """Return sqrt(1 - a^2) as the class computes it."""
    return float((1 - _exp_log_a(param, dtype, 2)).sqrt())


def _exp_log_a(param: float, dtype: str, times: int) -> Any:
    p = torch.tensor(float(param), dtype=getattr(torch, dtype))
    return torch.exp(times * (-8.0 * torch.nn.functional.softplus(p)))


def thousand(param: float, dtype: str = "float32") -> float:
    """Return what is in the state after a 0 and a thousand ones."""
    return float(scan(param, [0, *[1] * 1000], dtype)[-1])


def not_two(pair: Any) -> str:
    """Return what is wrong with a pair of numbers, or nothing."""
    if np.shape(pair) != (2,) or not np.isfinite(np.asarray(pair, dtype=float)).all():
        return "Give two numbers, [p, w]."
    return ""


def leak_fails(pair: Sequence[float]) -> str:
    """Return where v + w g is not the leak s = s / 2 + v, or nothing."""
    p, w = pair
    v = np.random.default_rng(3).normal(size=100).round(3)
    found, s = v + w * scan(p, [0, *v[:-1]]), 0.0
    for t in range(100):
        s = s / 2 + v[t]
        if not abs(found[t] - s) < 1e-5:
            return f"At element {t}: {found[t]:.6f}, not {s:.6f}."
    return ""


# --- programs ---------------------------------------------------------------------------------
def sums(xs: list) -> list:
    """Return the sum so far."""
    return np.cumsum(xs).tolist()


def late(xs: list, by: int = 1) -> list:
    """Return the sequence some elements late."""
    return [*[0] * by, *xs][: len(xs)]


def added(left: list, right: list) -> list:
    """Return the sums of two sequences, element by element."""
    return [a + b for a, b in zip(left, right, strict=True)]


def times(left: list, right: list) -> list:
    """Return the products of two sequences, element by element."""
    return [a * b for a, b in zip(left, right, strict=True)]


def neighbours(xs: list, by: int = 1) -> list:
    """Return the sum so far of each element times an earlier one."""
    return sums(times(xs, late(xs, by)))


# --- the challenge ----------------------------------------------------------------------------
def kept(memories: Sequence[Sequence[float]]) -> np.ndarray:
    """Return what is left of a 1 after 0, ..., 99 elements."""
    k = np.arange(100)
    return sum(w * float(a) ** k for a, w in memories)


def missing(memories: Sequence[Sequence[float]]) -> float:
    """Return the largest possible error of a count of 100 ones."""
    return float(np.abs(1 - kept(memories)).sum())
