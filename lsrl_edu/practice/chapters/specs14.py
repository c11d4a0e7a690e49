"""What the answers to chapter 14's exercises should do, in plain Python."""

from collections.abc import Callable
from functools import cache
from itertools import accumulate, product
from math import exp, log2
from typing import Any

import numpy as np

import lsrl_edu as ls
from lsrl_edu.backends.soft import Soft, bound

HORIZON = 16


# --- brackets --------------------------------------------------------------------------------
def words(rng: np.random.Generator) -> list[list]:
    """Every word of up to 6 brackets (1 opens, -1 closes), and long ones."""
    short = [list(w) for n in range(1, 7) for w in product((1, -1), repeat=n)]
    return [*short, [1, -1] * 10, [-1, 1] * 10, *rng.choice([1, -1], (4, 30)).tolist()]


def judged(depths: list) -> list:
    """Return 1 where the depth is 0 and was never below, from the depths."""
    return [int(d == 0 and min(depths[: t + 1]) >= 0) for t, d in enumerate(depths)]


def balanced(xs: list) -> list:
    """Return 1 where the brackets so far are balanced."""
    return judged(list(accumulate(xs)))


def forgets(xs: list) -> list:
    """Return 1 where the depth is 0, whatever came before."""
    return [int(d == 0) for d in accumulate(xs)]


def sums_depths(xs: list) -> list:
    """Return what comes out if ``broken`` adds up the depth itself."""
    depths = list(accumulate(xs))
    both = zip(depths, accumulate(depths), strict=True)
    return [max(0, 1 - max(0, d) - total) for d, total in both]


def no_effect(pair: list) -> str:
    """Return why a swap of the depth is no answer to exercise 14.6, or nothing."""
    own, other = (list(accumulate(int(v) for v in word)) for word in pair)
    if own == other:
        return "Both words have the same depth everywhere: nothing is changed."
    said, changed = judged(own), judged(other)
    if 1 not in said:
        return (
            "Your first word is nowhere balanced, so all its answers are 0. Too easy: one answer "
            "at least should be 1."
        )
    if said != changed:
        t = next(t for t in range(len(said)) if said[t] != changed[t])
        broken = " It has been below 0." if min(other[: t + 1]) < 0 else ""
        return (
            f"At element {t} the answer changes from {said[t]} to {changed[t]}: the depth fed in "
            f"is {other[t]}.{broken}"
        )
    return ""


# --- another basis ---------------------------------------------------------------------------
@cache
def cells() -> list[tuple]:
    """Return (A, B, W, Q) of a few linear cells, and inputs (T, 2), of sizes 2 to 4."""
    rng = np.random.default_rng(14)
    made = []
    for n in (2, 3, 4):
        Q = np.linalg.qr(rng.standard_normal((n, n)))[0]
        A, B, W = rng.integers(-2, 3, (n, n)) / 2, rng.standard_normal((n, 2)), rng.random((1, n))
        made.append((A, B, W, Q, rng.standard_normal((5, 2))))
    return made


def states(A: np.ndarray, B: np.ndarray, xs: np.ndarray) -> np.ndarray:
    """Return the states s <- A s + B x, (T, n)."""
    return np.array(list(accumulate(xs, lambda s, x: A @ s + B @ x, initial=np.zeros(len(A)))))[1:]


def rotation_problem(rotate: Callable[..., Any]) -> str:
    """Return what is wrong with the rotated cell that a function returns, or nothing."""
    for A, B, W, Q, xs in cells():
        given = rotate(A.copy(), B.copy(), W.copy(), Q.copy())
        if not isinstance(given, tuple | list) or len(given) != 3:
            return "It should return three matrices: the new A, B and W."
        new = [np.asarray(m, dtype=float) for m in given]
        wanted = (Q @ A @ Q.T, Q @ B, W @ Q.T)
        for name, one, right in zip("ABW", new, wanted, strict=True):
            if one.shape != right.shape:
                return f"The new {name} has the shape {one.shape}; it should be {right.shape}."
        if said := _unlike(new, (A, B, W, Q), xs):
            return said
    return ""


def _unlike(new: list, old: tuple, xs: np.ndarray) -> str:
    A, B, W, Q = old
    found, own = states(new[0], new[1], xs), states(A, B, xs)
    same = np.allclose(found @ new[2].T, own @ W.T, atol=1e-9)
    if np.allclose(found, own @ Q.T, atol=1e-9):
        return "" if same else "The states are right. But the output reads them in the old basis."
    if np.allclose(found, own, atol=1e-9):
        return "The outputs are the same, since nothing has been rotated: the states are the old."
    if same and np.allclose(found, own @ Q, atol=1e-9):
        return "The outputs are the same, but the new state is Q^T s. It should be Q s."
    if np.allclose(found[0], own[0] @ Q.T, atol=1e-9):
        return (
            "The first state is Q s, the second is not. A is handed a state in the NEW basis, and "
            "was made for the old one."
        )
    return "Already the first state is not Q s: what does B x have to become?"


# --- a probe ---------------------------------------------------------------------------------
@cache
def probed() -> list[tuple[np.ndarray, np.ndarray]]:
    """Return (states (N, k), variable (N,)) for a few cases, the second half unlike the first."""
    rng = np.random.default_rng(4)
    made = []
    for k, noise in ((1, 0.0), (2, 0.5), (3, 1.0), (4, 2.0)):
        X = rng.standard_normal((40, k)) + 2
        y = X @ rng.integers(1, 4, k) + 5 + noise * rng.standard_normal(40)
        y[20:] += noise
        made.append((X, y))
    return made


def score(
    X: np.ndarray, y: np.ndarray, judge: slice = slice(20, None), fit: int = 20, constant: int = 1
) -> float:
    """Return R^2 of the best read-out of the first ``fit`` rows, judged on others."""
    design = np.column_stack([X, np.full(len(X), constant)])
    weights = np.linalg.lstsq(design[:fit], y[:fit], rcond=None)[0]
    rest = y[judge] - design[judge] @ weights
    return float(1 - (rest**2).sum() / ((y[judge] - y[judge].mean()) ** 2).sum())


def correlation(X: np.ndarray, y: np.ndarray) -> float:
    """Return the squared correlation on the second half."""
    design = np.column_stack([X, np.ones(len(X))])
    weights = np.linalg.lstsq(design[:20], y[:20], rcond=None)[0]
    return float(np.corrcoef(design[20:] @ weights, y[20:])[0, 1] ** 2)


OTHER_SCORES: dict[str, Callable[[np.ndarray, np.ndarray], float]] = {
    "It is judged on the half that it was fitted to: that is not a test.": lambda X, y: score(
        X, y, slice(0, 20)
    ),
    "It is fitted on all rows, so that it has seen those that judge it.": lambda X, y: score(
        X, y, fit=40
    ),
    "It is fitted and judged on all rows: the probe grades its own homework.": lambda X, y: score(
        X, y, slice(0, None), fit=40
    ),
    "It has no constant: a variable may be a multiple of a direction PLUS something.": (
        lambda X, y: score(X, y, constant=0)
    ),
    "That is the squared correlation. It forgives a wrong scale and a wrong constant.": correlation,
}


def probe_problem(probe: Callable[..., Any]) -> str:
    """Return what is wrong with a probe, or nothing."""
    found = [float(probe(X.copy(), y.copy())) for X, y in probed()]
    wanted = [score(X, y) for X, y in probed()]
    if np.allclose(found, wanted, atol=1e-4):
        return ""
    for said, other in OTHER_SCORES.items():
        if np.allclose(found, [other(X, y) for X, y in probed()], atol=1e-4):
            return said
    at = next(i for i, (a, b) in enumerate(zip(found, wanted, strict=True)) if abs(a - b) > 1e-4)
    width = probed()[at][0].shape[1]
    return f"For a state of {width} it returns {found[at]:.4f}; R^2 is {wanted[at]:.4f}."


# --- soft constants --------------------------------------------------------------------------
@cache
def _layers() -> Any:
    return ls.compile(ls.programs.more_ones.program(), horizon=HORIZON)


def promised(constants: dict) -> float:
    """Return the bound of *more ones*, compiled softly for 16 elements."""
    return float(bound(_layers(), Soft(**constants))[0])


def parts(constants: dict) -> dict[str, float]:
    """Return what each constant adds to the score, in bits."""
    return {
        "whisper": -log2(constants["whisper"]),
        "shout": log2(constants["shout"]),
        "gate": constants["gate"] * log2(exp(1)),
    }


def bits(constants: dict) -> float:
    """Return the score: the bits of all three, to a tenth."""
    return round(sum(parts(constants).values()), 1)


def over(constants: dict) -> str:
    """Return by how much the bound is missed, and which constant is most to blame."""
    promise = promised(constants)
    one_more = {
        "whisper": constants["whisper"] / 2,
        "shout": 2 * constants["shout"],
        "gate": constants["gate"] + 1,
    }
    better = {name: promised(constants | {name: value}) for name, value in one_more.items()}
    name = min(better, key=lambda n: better[n])
    return (
        f"The bound is {promise:.3g}, and should be below 0.5. The one to blame most is {name!r}."
    )
