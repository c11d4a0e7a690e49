"""What chapter 03's exercises compare with: specifications, inputs, and errors in floats."""

import warnings
from fractions import Fraction
from typing import Any

import numpy as np

import lsrl_edu as ls
from lsrl_edu.practice.judges import Rule


def relus(program: ls.Program) -> int:
    """Return how many numbers go through a ReLU."""
    return sum(node.dim for node in program.nodes if node.kind == "ReLU")


def _has(program: ls.Program, kind: str) -> bool:
    return any(node.kind == kind for node in program.nodes)


NO_PRODUCT = Rule(
    lambda program: not _has(program, "Multi"),
    "This program multiplies two values that vary. Here no gate is allowed.",
)
NO_STATE = Rule(
    lambda program: not _has(program, "LinState"),
    "Each element is to be treated alone: leave out the state.",
)


# --- 03.3 and 03.4: rows of numbers -----------------------------------------------------------
def rows(width: int) -> Any:
    """Return inputs: sequences of rows of multiples of 1/64, some of them very close together."""

    def make(rng: np.random.Generator) -> list[list]:
        made = [rng.integers(-500, 500, (n, width)) / 64 for n in (1, 1, 2, 5, 12, 40)]
        same = np.full((1, width), 3.5)
        close = same + np.arange(width) / 4096
        plain = np.array([[2, 5, 9][:width]])  # first, so that a message shows simple numbers
        return [
            xs.tolist()
            for xs in (plain, plain[:, ::-1], same, close, close[:, ::-1], -close, *made)
        ]

    return make


def larger(xs: list) -> list:
    """Return the larger of two numbers."""
    return [max(row) for row in xs]


def middle(xs: list) -> list:
    """Return the one in the middle of three numbers."""
    return [sorted(row)[1] for row in xs]


# --- 03.5: give v where a is larger than b ----------------------------------------------------
_RNG = np.random.default_rng(8)
TRIPLES = _RNG.uniform([0, 0, -1], [1000, 1000, 1], (300, 3))
_CLOSE = [[b + gap, b, v] for b in (3.5, 900.25) for gap in (1, 1.25, -1, -1.25) for v in (0.7, -1)]
TRIPLES = np.vstack([TRIPLES[np.abs(TRIPLES[:, 0] - TRIPLES[:, 1]) >= 1], _CLOSE])
LARGER = TRIPLES[:, 0] > TRIPLES[:, 1]
WANTED = np.where(LARGER, TRIPLES[:, 2], 0)


def _run(way: Any) -> np.ndarray:
    """Return the outputs, without a warning about precision: it is what is asked."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return way.run(TRIPLES)[:, 0]


def _wrong(way: Any) -> np.ndarray:
    """Return where a program or a network is not right."""
    return ~(np.abs(_run(way) - WANTED) < 1e-6)


def _say_wrong(way: Any) -> str:
    found = _run(way)
    k = int(np.abs(found - WANTED).argmax())
    return f"{TRIPLES[k].round(3).tolist()} gives {found[k]:.6f}, not {WANTED[k]:.6f}."


def exchanged(program: ls.Program) -> bool:
    """Return whether the value comes where a is the smaller one."""
    found = _run(program)
    return bool(np.abs(found - np.where(LARGER, 0, TRIPLES[:, 2])).max() < 1e-6)


def leaks(program: ls.Program) -> bool:
    """Return whether every error is a value that should be masked and is not."""
    wrong = _wrong(program)
    return bool(wrong.any() and not (wrong & LARGER).any())


def _long_way(program: ls.Program) -> Any:
    return ls.debranch(program).layers


def _why_not_long(program: ls.Program) -> str:
    layers = _long_way(program)
    repaired = relus(program) > 6  # a step of the condition has two more for each mask
    by_step = " A step repairs its condition only while both its ReLUs read one number."
    return (
        f"Right when interpreted. But debranched, {_say_wrong(layers)} Something is still there "
        f"to amplify a rounding error: the largest weight is {layers.largest_weight:g}."
        + by_step
        * repaired
    )


REPAIRED = (
    NO_PRODUCT,
    Rule(
        lambda program: not exchanged(program),
        "The value comes through where a is the SMALLER one: the branches are exchanged.",
    ),
    Rule(
        lambda program: not leaks(program),
        lambda program: (
            f"{_say_wrong(program)} A value comes through although a is smaller: the "
            "mask is not large enough to hide it."
        ),
    ),
    Rule(
        lambda program: not _wrong(program).any(),
        lambda program: (
            f"Interpreted in floats, {_say_wrong(program)} The condition is off by a "
            "little, or between 0 and 1. Which constant makes that, and which makes it worse?"
        ),
    ),
    Rule(
        lambda program: not _wrong(ls.compile(program)).any(),
        lambda program: f"Compiled, {_say_wrong(ls.compile(program))}",
    ),
    Rule(lambda program: not _wrong(_long_way(program)).any(), _why_not_long),
)


# --- 03.6: break it ---------------------------------------------------------------------------
GIVE = ls.foreach(dim=3, name="give_if_larger")(
    lambda x: ls.f_ifelse(ls.f_larger(x[0], x[1], mu=1000), x[2], None, "original", lam=10**10)
)


def error(pair: Any) -> float:
    """Return how wrong the interpreted program is on a, b and v = 1."""
    a, b = map(float, pair)
    return abs(float(GIVE.run([[a, b, 1]])[0, 0]) - 1)


def dyadic(pair: Any) -> bool:
    """Return whether both numbers are multiples of 1/1024."""
    return all(1024 % Fraction(float(v)).denominator == 0 for v in pair)


# --- 03.7 and 03.8 ----------------------------------------------------------------------------
def leads(xs: list) -> list:
    """Return whether there are more ones than zeros."""
    return [int(2 * sum(xs[: t + 1]) > t + 1) for t in range(len(xs))]


def lead_time(xs: list) -> list:
    """Return at how many elements so far there were more ones than zeros."""
    return np.cumsum(leads(xs)).astype(int).tolist()


def quarters(rng: np.random.Generator) -> list[list]:
    """Return inputs: all multiples of 1/4 from 0 to 15.75, alone and in random order."""
    every = np.arange(64) / 4
    return [*([x] for x in every.tolist()), rng.permutation(every).tolist()]


def floors(xs: list) -> list:
    """Return the whole part of each number."""
    return [int(x) for x in xs]
