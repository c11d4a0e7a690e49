"""What the programs of chapter 13's exercises should do, in plain Python."""

from collections.abc import Callable
from itertools import product

import numpy as np

import lsrl_edu as ls
from lsrl_edu.practice.inputs import Inputs

KEYS = np.array([[2, 1], [3, 2]])
"""The two keys of exercise 13.4, neither orthogonal nor of length 1."""

NAMES = {(0, 0): "x1 x1", (0, 1): "x1 x2", (1, 1): "x2 x2"}


def rows(width: int, longest: int, long: int = 40) -> Inputs:
    """Sequences of elements of whole numbers from -3 to 3, with the edges: one element, zeros."""

    def make(rng: np.random.Generator) -> list[list]:
        lengths = [*rng.integers(1, longest + 1, 40), *([long] if long else [])]
        drawn = [rng.integers(-3, 4, (n, width)).tolist() for n in lengths]
        ones = [[1] * width] * min(3, longest)
        return [[[1] * width], [[0] * width] * 2, ones, *drawn]

    return make


def few_reals(rng: np.random.Generator) -> list[list]:
    """Up to four elements (key, query, value), with every pattern of keys 0, 1 and -1/2."""
    patterns = [
        [[key, 1, value] for key, value in zip(keys, (3, -5, 7, 2), strict=False)]
        for n in range(1, 5)
        for keys in product((0, 1, -0.5), repeat=n)
    ]
    drawn = [rng.uniform(-1.5, 1.5, (n, 3)).round(3).tolist() for n in [1, 2, 3, 4] * 8]
    return [*patterns, *drawn]


def attention(
    weight: Callable[[np.ndarray, np.ndarray], float], decay: float = 1, own: bool = True
):
    """Return the specification of attention in the plane: elements (key, query, value).

    Args:
        weight: (k, q) -> how much of a value is taken.
        decay: the weight of a value is multiplied by it at every later element.
        own: whether an element attends to itself too.
    """

    def spec(xs: list) -> list:
        x = np.array(xs, dtype=float).reshape(len(xs), len(xs[0]) if xs else 1)
        d = (x.shape[1] - 1) // 2
        k, q, v = x[:, :d], x[:, d : 2 * d], x[:, -1]
        return [
            sum(decay ** (t - s) * v[s] * weight(k[s], q[t]) for s in range(t + own))
            for t in range(len(x))
        ]

    return spec


def squared(k: np.ndarray, q: np.ndarray) -> float:
    """Return (k . q)^2."""
    return float(np.dot(k, q)) ** 2


def unmixed(k: np.ndarray, q: np.ndarray) -> float:
    """Return (k . q)^2 without its mixed term."""
    return float(np.dot(k * k, q * q))


def half_mixed(k: np.ndarray, q: np.ndarray) -> float:
    """Return (k . q)^2 with the mixed term once instead of twice."""
    return unmixed(k, q) + float(np.prod(k) * np.prod(q))


def squared_sum(xs: list) -> list:
    """Return the square of the attended value."""
    return [o**2 for o in attention(np.dot)(xs)]


def keys_times_queries(xs: list) -> list:
    """Return what comes out if products of a key and a query are kept: the values are not read."""
    x = np.array(xs, dtype=float).reshape(-1, 5)
    state, found = np.zeros(2), []
    for element in x:
        state = state / 2 + element[:2] * element[2:4]
        found.append(float(state @ element[2:4]))
    return found


def only_now(xs: list) -> list:
    """Return the value of this element, weighted: nothing from the past."""
    return [v * (k1 * q1 + k2 * q2) for k1, k2, q1, q2, v in xs]


def delta(xs: list, most: int = 99) -> list:
    """Return the delta rule in one coordinate, elements (k, q, v).

    Args:
        xs: the elements.
        most: only so many of the newest elements are known.
    """
    found = []
    for t in range(len(xs)):
        S = 0.0
        for k, _, v in xs[max(0, t + 1 - most) : t + 1]:
            S += (v - S * k) * k
        found.append(S * xs[t][1])
    return found


def replaced(xs: list) -> list:
    """Return the newest value times key and query: the past is always erased."""
    return [k * q * v for k, q, v in xs]


def scaled_delta(xs: list) -> list:
    """Return what comes out if the factor is 1 - k in place of 1 - k k."""
    S, found = 0.0, []
    for k, q, v in xs:
        S = S * (1 - k) + v * k
        found.append(S * q)
    return found


# --- rules -----------------------------------------------------------------------------------
def states(program: ls.Program) -> int:
    """Return how many numbers the compiled program remembers."""
    return ls.compile(program).states


def wrong_query(queries: list) -> str:
    """Return what a query brings back that it should not, or nothing."""
    dots = KEYS @ np.array(queries, dtype=float).T  # dots[s, j] of key s and query j
    for j in range(2):
        if not np.allclose(dots[:, j], np.eye(2)[j], atol=1e-9):
            a, b = dots[:, j]
            return (
                f"Asked with your query {j + 1}, S gives {a:.4g} v1 + {b:.4g} v2. "
                f"It should give v{j + 1}."
            )
    return ""


def moment_problem(pasts: list) -> str:
    """Return which sum of products differs between two pasts, or nothing."""
    one, two = (np.array(past, dtype=float).T @ np.array(past, dtype=float) for past in pasts)
    apart = [
        (name, one[ij], two[ij]) for ij, name in NAMES.items() if abs(one[ij] - two[ij]) > 1e-9
    ]
    if not apart:
        return ""
    name, a, b = apart[0]
    said = f"The sum of {name} is {a:g} for the first past and {b:g} for the second."
    if np.isclose(np.trace(one), np.trace(two)):
        return f"{said} The squared lengths do add up to the same, which is not enough."
    return said


def shared(pasts: list) -> bool:
    """Return whether an element of one past is one of the other, up to its sign."""
    one, two = (np.array(past, dtype=float) for past in pasts)
    return any(np.allclose(a, sign * b) for a in one for b in two for sign in (1, -1))
