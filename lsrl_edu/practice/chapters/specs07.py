"""What the exercises of chapter 07 run: small networks with noise on every weight."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

import lsrl_edu as ls
from lsrl_edu.programs import robust
from lsrl_edu.restoring import off
from lsrl_edu.study.noise import DRIFT, Setting, draw, measure
from lsrl_edu.study.problems import Same, Tokens
from lsrl_edu.study.robustness import curves, stands
from lsrl_edu.study.subjects import subject

ROBUST = {"simplify": False, "balance": True}
LEVELS = tuple(k / 100 for k in range(13))


def noisy(network: Any, problems: Any, levels: Sequence[float], draws: int) -> dict[float, float]:
    """Return level -> percentage of wrong answers, states left to drift."""
    setting = Setting(problems, subject(network, "yours"), tuple(levels), range(draws), DRIFT)
    return next(iter(curves(measure(setting)).values()))


# --- 07.3 and 07.4: an AND --------------------------------------------------------------------
SIZES = (0, 0.25, 1, 8)
PAIRS = [(a, b) for a in SIZES for b in SIZES]
THIN = ls.foreach(dim=2, name="sum")(lambda x: ls.ReLU(x[0] + x[1] - 1))
THICK = ls.foreach(dim=2, name="and")(lambda x: off(off(x[0], 8) + off(x[1], 8)))


def leaks(program: ls.Program) -> str:
    """Return a pair that is not both on, and for which the answer is not exactly 0, or nothing."""
    for (a, b), y in zip(PAIRS, program.run(PAIRS).ravel(), strict=True):
        if (a == 0 or b == 0) and y != 0:
            return f"For a={a:g}, b={b:g} it gives {y:.3g}: one of the two is off, so exactly 0."
    return ""


def weak(program: ls.Program) -> str:
    """Return a pair of two that are on, and for which the answer is not about 1, or nothing."""
    for (a, b), y in zip(PAIRS, program.run(PAIRS).ravel(), strict=True):
        if a and b and abs(y - 1) > 0.1:
            return f"For a={a:g}, b={b:g} it gives {y:.3g}: both are on, so it should be 1."
    return ""


def shaky(program: ls.Program) -> str:
    """Return where noise of 0.01 spoils an AND, or nothing."""
    want = np.array([float(a > 0 and b > 0) for a, b in PAIRS])
    problem = Same("both", np.array([PAIRS], float), want[None, :, None])
    made = subject(ls.compile(program, **ROBUST), "yours")
    setting = Setting(problem, made, (0.01,), range(20), DRIFT)
    for seed in setting.seeds:
        weights = draw(setting, 0.01, seed)[None, None]
        got = made.run(weights, problem.xs[None], len(PAIRS), False).ravel()
        for (a, b), y, t in zip(PAIRS, got, want, strict=True):
            if (not t and y != 0) or abs(y - t) > 0.1:
                wanted = "1 to within 0.1" if t else "exactly 0"
                return f"With noise, for a={a:g}, b={b:g}: {y:.3g}, and not {wanted}."
    return ""


# --- 07.5: the compilation --------------------------------------------------------------------
def still_wrong(options: dict[str, Any]) -> float:
    """Return how many percent of the tokens are wrong at 0.003."""
    network = ls.compile(robust.program(3), **options)
    return noisy(network, Tokens(3, 10), (3e-3,), 10)[3e-3]


# --- 07.7: a memory ---------------------------------------------------------------------------
def first_wrong(program: ls.Program) -> str:
    """Return where a program does not say the first element, without noise, or nothing."""
    rng = np.random.default_rng(3)
    for length in (1, 2, 50):
        for one in (1, 0):
            xs = [one, *rng.integers(0, 2, length - 1).tolist()]
            got = np.rint(program.run(xs).ravel())
            if (wrong := np.flatnonzero(got != one)).size:
                t = int(wrong[0])
                return (
                    f"Without any noise, for {xs[: min(t + 1, 8)]}"
                    f"{'...' if t > 7 else ''}: {got[t]:g} at element {t}, not {one}."
                )
    return ""


def runs(program: ls.Program, xs: Sequence[int]) -> list[int]:
    """Return the rounded outputs."""
    return np.rint(program.run(xs).ravel()).astype(int).tolist()


def forgotten(program: ls.Program) -> float:
    """Return how many percent of the draws are wrong after 300 elements at 0.02."""
    bits = np.random.default_rng(4).integers(0, 2, (2, 300, 1)).astype(float)
    bits[:, 0, 0] = 0, 1
    problem = Same("first", bits, bits[:, :1], True)
    return noisy(ls.compile(program, **ROBUST), problem, (0.02,), 40)[0.02]


# --- 07.8: the challenge ----------------------------------------------------------------------
def survived(network: Any) -> float:
    """Return the highest level up to which at most 5 % of the tokens are wrong."""
    return stands(looked_up(network, LEVELS))


def looked_up(network: Any, levels: Sequence[float]) -> dict[float, float]:
    """Return level -> percentage of wrong tokens in a small look-up."""
    return noisy(network, Tokens(2, 6, vocabulary=4), levels, 25)
