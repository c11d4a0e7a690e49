"""What the programs of chapter 04's exercises should do, in plain Python."""

from collections.abc import Callable, Sequence
from functools import partial
from itertools import product

import numpy as np

import lsrl_edu as ls
from lsrl_edu.practice.inputs import Inputs

UNIT = np.stack(np.meshgrid(*[np.linspace(0, 1, 65)] * 2), axis=-1).reshape(-1, 1, 2)
"""Points of the unit square, each a sequence of one element, (B, 1, 2)."""


def pairs(low: Sequence[float], high: Sequence[float], decimals: int = 0) -> Inputs:
    """Sequences of elements with several numbers, each between its own bounds."""

    def make(rng: np.random.Generator) -> list[list]:
        corners = [[list(corner)] for corner in product(*zip(low, high, strict=True))]
        lengths = [*rng.integers(1, 13, 40), 40]
        if not decimals:
            drawn = (rng.integers(low, np.add(high, 1), (n, len(low))) for n in lengths)
        else:
            drawn = (_flagged_reals(rng, low, high, n, decimals) for n in lengths)
        return [*corners, *(rows.tolist() for rows in drawn)]

    return make


def _flagged_reals(rng: np.random.Generator, low, high, n: int, decimals: int) -> np.ndarray:
    values = rng.uniform(low, high, (n, len(low))).round(decimals)
    values[:, 0] = rng.integers(0, 2, n)  # the first one is a flag
    return values


def so_far(of: Callable[[list], float]) -> Callable[[list], list]:
    """Return the specification whose output is ``of`` the elements read so far."""
    return lambda xs: [of(xs[: t + 1]) for t in range(len(xs))]


def product_of(xs: list) -> list:
    """Return the product of each element's two numbers."""
    return [a * b for a, b in xs]


def covariance(rows: list) -> float:
    """Return n sum(a b) - sum(a) sum(b)."""
    a, b = zip(*rows, strict=True)
    return len(rows) * sum(u * v for u, v in rows) - sum(a) * sum(b)


def covariance_unscaled(rows: list) -> float:
    """Return sum(a b) - sum(a) sum(b), the first term not multiplied by n."""
    a, b = zip(*rows, strict=True)
    return sum(u * v for u, v in rows) - sum(a) * sum(b)


def products_of_sums(rows: list) -> list:
    """Return what comes out if products of sums are added up, in place of sums of products."""
    one, two = (np.cumsum(numbers) for numbers in np.reshape(rows, (-1, 2)).T)
    return (np.arange(1, len(rows) + 1) * np.cumsum(one * two) - one * two).tolist()


def spread(xs: list) -> float:
    """Return n sum(x x) - sum(x) sum(x), without rounding where xs are whole."""
    whole = [int(x) for x in xs]
    return len(whole) * sum(x * x for x in whole) - sum(whole) ** 2


def float_spread(xs: list) -> list:
    """Return the spread from sums in float64."""
    x = np.array(xs, float)
    return (np.arange(1, len(x) + 1) * np.cumsum(x * x) - np.cumsum(x) ** 2).tolist()


def float_spread_of_steps(xs: list) -> list:
    """Return the spread of what each element is more than the one before, in float64."""
    return float_spread(np.diff([0, *xs]).tolist())


def near_a_billion(rng: np.random.Generator) -> list[list]:
    """Whole numbers that differ by less than 100, near 0 and near 10^9."""
    rows = [rng.integers(0, 100, n).tolist() for n in [*rng.integers(1, 9, 25), 40]]
    billion = [[10**9 + x for x in row] for row in rows]
    return [[10**9], [10**9, 10**9 + 2], [0, 99], *rows, *billion]


def streak(resets: list) -> list:
    """Return how many elements there have been since the last reset."""
    counts: list[int] = []
    for reset in resets:
        counts.append(0 if reset else (counts[-1] if counts else 0) + 1)
    return counts


def taken_counts(resets: list, taken: Callable[[list], float]) -> list:
    """Return the position minus something of the positions of the resets so far."""
    at = [[s + 1 for s in range(t + 1) if resets[s]] for t in range(len(resets))]
    return [t + 1 - taken(found) for t, found in enumerate(at)]


def few_resets(rng: np.random.Generator) -> list[list]:
    """Every sequence of up to 7 elements with at most two resets, and long ones."""
    short = [list(r) for n in range(1, 8) for r in product((0, 1), repeat=n) if sum(r) <= 2]
    long = np.zeros((6, 40), int)
    for row in long[1:]:
        row[rng.choice(40, rng.integers(1, 3), replace=False)] = 1
    return [*short, *long.tolist()]


def flagged_sum(xs: list) -> list:
    """Return the sum of the numbers whose flag is up."""
    return so_far(lambda rows: sum(flag * value for flag, value in rows))(xs)


def flagged_sum_leaking(xs: list, lam: float) -> list:
    """Return the sum if the numbers whose flag is down are hidden behind too small a mask."""
    shut = [[flag, v if flag else v - max(-lam, min(lam, v))] for flag, v in xs]
    return so_far(lambda rows: sum(v for _, v in rows))(shut)


LEAKS = tuple(
    (
        partial(flagged_sum_leaking, lam=lam),
        f"With lambda = {lam} a number above {lam} is not hidden: what is left of it gets through "
        "with the flag down.",
    )
    for lam in (1, 2, 3, 4)
)


# --- rules -----------------------------------------------------------------------------------
def only_squares(program: ls.Program) -> bool:
    """Return whether every product of a program is one of a node with itself."""
    factors = (node.inputs[0] for node in program.nodes if node.kind == "Multi")
    return all(f.kind != "Concat" or f.inputs[0] is f.inputs[-1] for f in factors)


def no_product(program: ls.Program) -> bool:
    """Return whether a program has no product."""
    return all(node.kind != "Multi" for node in program.nodes)


def products(program: ls.Program) -> int:
    """Return how many products are left in the compiled program."""
    return ls.compile(program).products


def largest_weight(program: ls.Program) -> float:
    """Return the largest weight of the compiled program."""
    return ls.compile(program).largest_weight


def relus(program: ls.Program) -> int:
    """Return how many ReLUs a program has."""
    return sum(node.dim for node in program.nodes if node.kind == "ReLU")


def worst_product(program: ls.Program) -> tuple[float, list[float], float]:
    """Return the worst error of a program for x[0] x[1] on the unit square, where, and the answer.

    The outputs must not depend on the elements before, so each point is asked twice.
    """
    twice = np.repeat(UNIT, 2, axis=1)
    found = program.run(twice)[..., 0]
    error = np.abs(found - twice.prod(axis=-1)).max(axis=1)
    at = int(error.argmax())
    return float(error[at]), UNIT[at, 0].tolist(), float(found[at, -1])


def say_error(program: ls.Program) -> str:
    """Return how far a program is off, and where."""
    error, at, found = worst_product(program)
    return (
        f"{relus(program)} ReLUs, but at {at} the output is {found:.5f}: off by {error:.1e}. At "
        "most 1e-3 is asked for."
    )
