"""What the programs of chapter 12's exercises should do, in plain Python."""

from collections.abc import Callable
from functools import cache, partial
from typing import Any

import numpy as np

import lsrl_edu as ls
from lsrl_edu.practice.inputs import Inputs
from lsrl_edu.programs.descent import descend, task

RATE = 1 / 8
PAIRS = slice(4, 40)
"""Elements of the challenge that count: after 5 pairs, ..., after 40."""


def triples(rng: np.random.Generator) -> list[list]:
    """Sequences of (x, y, question), whole numbers from -2 to 2, short ones and a long one."""
    lengths = [1, 1, 2, 2, *rng.integers(1, 10, 30), 30]
    return [[[1, 2, 1]], [[0, 0, 0]] * 2, *(rng.integers(-2, 3, (n, 3)).tolist() for n in lengths)]


def prompts(low: int = -3, high: int = 3) -> Inputs:
    """Prompts x_1, y_1, x_2, ... of whole numbers, of every length from 1 on."""

    def make(rng: np.random.Generator) -> list[list]:
        return [rng.integers(low, high + 1, n).tolist() for n in [*range(1, 12), *range(1, 12), 40]]

    return make


def marked(rng: np.random.Generator) -> list[list]:
    """Elements (number, is it an x), where an x may be without a target. A target never is."""
    made = [[[2, 1], [3, 0], [1, 1]], [[2, 1], [5, 1], [3, 0], [1, 1]], [[4, 1]] * 3]
    for pairs in [*rng.integers(1, 7, 30), 20]:
        rows: list[list] = []
        for x, y, missing in rng.integers([-3, -3, 0], [4, 4, 3], (pairs, 3)).tolist():
            rows += [[x, 1]] if missing == 0 else [[x, 1], [y, 0]]
        made.append([*rows, [1, 1]])
    return made


# --- programs --------------------------------------------------------------------------------
def learned(xs: list, seen: Callable[[list, int], float], at: Callable[[int], Any], rate: float):
    """Return rate * S * x, where S adds up what is seen, at the elements that are asked at."""
    S, found = 0.0, []
    for t, x in enumerate(xs):
        S += seen(xs, t)
        found.append(rate * S * x if at(t) else 0)
    return found


def back(xs: list, t: int, k: int) -> float:
    """Return the element k before t, 0 before the first."""
    return xs[t - k] if t >= k else 0


def at_x(t: int) -> bool:
    """Return whether element t is an x, where x and target take turns."""
    return t % 2 == 0


def pair(xs: list, t: int) -> float:
    """Return y x of the pair before an x, 0 at a target."""
    return back(xs, t, 1) * back(xs, t, 2) if at_x(t) else 0


def one_step(xs: list) -> list:
    """Return what one step with the rate 1/4 says at every x, for x_1, y_1, x_2, ..."""
    return learned(xs, pair, at_x, 1 / 4)


def ungated(xs: list) -> list:
    """Return the same where S is fed at the targets too."""
    return learned(xs, lambda xs, t: back(xs, t, 1) * back(xs, t, 2), at_x, 1 / 4)


def wrong_partner(xs: list) -> list:
    """Return the same where a target is paired with the x that comes after it."""
    return learned(xs, lambda xs, t: back(xs, t, 1) * xs[t] * at_x(t), at_x, 1 / 4)


def with_gaps(rows: list, mode: str = "right") -> list:
    """Return one step with the rate 1/2, elements (number, is it an x); targets may be missing.

    Args:
        rows: the elements.
        mode: "right", or a known mistake: it counts ("clock"), takes any two numbers before an x
            for a pair ("before"), adds up at every element ("always"), or speaks at targets
            ("speaks").
    """
    xs, is_x = [r[0] for r in rows], [bool(r[1]) for r in rows]

    def target(xs: list, t: int) -> float:
        return 0 if is_x[t] else xs[t] * back(xs, t, 1)

    def shown(xs: list, t: int) -> float:
        if mode == "always":
            return xs[t] * back(xs, t, 1)
        return back(xs, t, 1) * back(xs, t, 2) if is_x[t] else 0

    if mode == "clock":
        return learned(xs, pair, at_x, 1 / 2)
    if mode == "speaks":
        return learned(xs, target, lambda t: True, 1 / 2)
    return learned(xs, target if mode == "right" else shown, is_x.__getitem__, 1 / 2)


def two_steps(rows: list, of: Callable[[float, float], float] | None = None) -> list:
    """Return W q after two steps for the rows (x, y, q), or ``of`` (S, G) times q.

    Args:
        rows: the elements; the pair of a row is seen before its question is asked.
        of: S, G -> W; two steps if left out.
    """
    of = of or (lambda S, G: RATE * S * (2 - RATE * G))
    S, G, found = 0.0, 0.0, []
    for x, y, q in rows:
        S, G = S + y * x, G + x * x
        found.append(of(S, G) * q)
    return found


def newest_square(rows: list) -> list:
    """Return two steps where the second one knows only the newest x."""
    S, found = 0.0, []
    for x, y, q in rows:
        S += y * x
        found.append(RATE * S * (2 - RATE * x * x) * q)
    return found


# --- one step that cannot tell ------------------------------------------------------------------
def slope(pairs: list) -> float | None:
    """Return the slope of the line through 0 that all pairs lie on, or None."""
    x, y = np.array(pairs, dtype=float).T
    a = float(x @ y / (x @ x)) if x @ x else 0.0
    return a if np.allclose(y, a * x, atol=1e-9) else None


def sum_of_products(pairs: list) -> float:
    """Return the sum of y x."""
    x, y = np.array(pairs, dtype=float).T
    return float(x @ y)


# --- GRIL ------------------------------------------------------------------------------------
OTHER_STEPS: dict[str, dict[str, Any]] = {
    "Fading is right, but this is the way there: it has learned y from x.": {"forward": True},
    "That is the construction of the chapter: it has learned y from x, and forgets nothing.": {
        "forward": True,
        "decay": 1,
    },
    "The way back is right. But all pairs count alike: which parameter forgets?": {"decay": 1},
    "It forgets too slowly. A GRIL takes one step of its state for each PAIR.": {"decay": 0.9**0.5},
    "It forgets too fast. A GRIL takes one step of its state for each PAIR.": {"decay": 0.81},
    "The step is twice as long as it should be: the rate is eta / f.": {"eta": 2},
    "The answers have the wrong sign.": {"eta": -1},
}
SHAPES = {"W": (3, 3), "Lambda": (2, 2), "C": (2, 2), "D": (3,)}


def last_answer(weights: dict, X: np.ndarray, Y: np.ndarray, question: np.ndarray) -> np.ndarray:
    """Return what a GRIL says last to x_1, y_1, ..., x_N, y_N, question: its four lines, in numpy.

    :class:`lsrl_edu.cells.gril.GRIL` is the layer itself; this one does without torch.
    """
    W, Lambda, C, D = (np.array(weights[name], dtype=float) for name in SHAPES)
    Z = np.zeros((2, 2))
    for x, y, following in zip(X, Y, [*X[1:], question], strict=True):
        window = np.stack([x, y, following])
        Z = Lambda * Z + window.T @ W @ window
    return C @ Z @ (window.T @ D)


@cache
def inverse_tasks() -> list[tuple]:
    """Return (X, Y, question) of a few tasks, one pair and more."""
    drawn = [(*task(2, pairs, seed)[:2], seed) for seed, pairs in enumerate((1, 2, 3, 5, 9))]
    return [(X[:-1], Y, np.random.default_rng(seed).uniform(-1, 1, 2)) for X, Y, seed in drawn]


def does(weights: dict, eta: float = 1, decay: float = 0.9, forward: bool = False) -> bool:
    """Return whether a GRIL answers with one step for the map back, from targets to x.

    Args:
        weights: of the GRIL.
        eta, decay: of the step.
        forward: the map from x to targets instead.
    """
    for X, Y, question in inverse_tasks():
        pairs = (X, Y) if forward else (Y, X)
        wanted = descend(*pairs, eta, decay=decay) @ question
        if not np.allclose(last_answer(weights, X, Y, question), wanted, atol=1e-7):
            return False
    return True


def other_way(weights: dict) -> str:
    """Return what a GRIL does, if it is a gradient step but another one, or nothing."""
    return next((said for said, step in OTHER_STEPS.items() if does(weights, **step)), "")


def first_difference(weights: dict) -> str:
    """Return where a GRIL says something else than the step, for one task, or nothing."""
    for X, Y, question in inverse_tasks():
        found = last_answer(weights, X, Y, question)
        wanted = descend(Y, X, 1, decay=0.9) @ question
        if not np.allclose(found, wanted, atol=1e-7):
            return (
                f"After {len(X)} pair{'s' * (len(X) > 1)} your layer says {np.round(found, 4)}, "
                f"and one step says {np.round(wanted, 4)}. Which two tokens does W multiply, and "
                "which one does D pick?"
            )
    return ""


def misfit(weights: dict) -> str:
    """Return which parameter is missing or has a wrong shape, or nothing."""
    for name, shape in SHAPES.items():
        if name not in weights:
            return f"There is no {name!r} in your dictionary."
        if np.shape(weights[name]) != shape:
            return f"{name} has the shape {np.shape(weights[name])}; it should be {shape}."
    return ""


# --- the challenge ---------------------------------------------------------------------------
@cache
def lines() -> tuple[np.ndarray, np.ndarray]:
    """Return 1000 sequences of (x, y, question) from lines y = a x, and the right answers."""
    rng = np.random.default_rng(12)
    x = rng.uniform(-0.5, 0.5, (1000, 40)).round(3)
    a = rng.standard_normal((1000, 1)).round(3)
    q = rng.uniform(-0.5, 0.5, (1000, 40)).round(3)
    return np.stack([x, a * x, q], axis=-1), a * q


def losses(program: ls.Program) -> np.ndarray:
    """Return the loss, as a share, after 5, 6, ..., 40 pairs."""
    prompts, wanted = lines()
    errors = program.run(prompts)[..., 0] - wanted
    return ((errors**2).sum(0) / (wanted**2).sum(0))[PAIRS]


def worst(program: ls.Program) -> float:
    """Return the worst of the losses in percent, to a tenth."""
    return round(100 * float(losses(program).max()), 1)


def say_worst(program: ls.Program) -> str:
    """Return how bad the worst loss is, and where."""
    found = losses(program)
    at = int(found.argmax()) + 5
    return (
        f"After {at} pairs its loss is {found.max():.3g} of that of saying 0. "
        "It should be below 0.5 everywhere from 5 to 40 pairs."
    )


def count(kind: str, program: ls.Program) -> int:
    """Return how many numbers the nodes of one kind make, Multi or ReLU."""
    return sum(node.dim for node in program.nodes if node.kind == kind)


products, relus = partial(count, "Multi"), partial(count, "ReLU")
