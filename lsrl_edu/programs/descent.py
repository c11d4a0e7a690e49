"""Gradient descent in plain numpy: what :mod:`lsrl_edu.programs.gradient` must compute.

Nothing here knows of programs or networks. Arrays of floats are computed with in float64, arrays
of objects (ints and Fractions) exactly.

The data are pairs (x_i, y_i), i = 1 ... N, x_i in R^f, y_i in R^m. The loss of a matrix W (m, f) is

    1/2 sum_i w_i |W x_i - y_i|^2        ``squared``
    - sum_i w_i log softmax(W x_i)[y_i]  ``cross_entropy``: y_i says which class, as one_hot does

with the weights w_i = decay^(N - i) of the past, and one step from W is

    W - eta / f * (gradient of the loss at W).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Literal

import numpy as np

from lsrl_edu.errors import DomainError, PrecisionError, ProgramError, ShapeError
from lsrl_edu.numbers import exact

Loss = Literal["squared", "cross_entropy"]
LOSSES = ("squared", "cross_entropy")
AXES = {1: "one axis", 2: "two axes (N, width)", 3: "three (B, N, width)"}


def descend(
    X: Any, Y: Any, eta: Any, steps: int = 1, decay: Any = 1, loss: Loss = "squared"
) -> np.ndarray:
    """Return W (m, f) after gradient descent from W = 0 on the pairs (x_i, y_i).

    Args:
        X: (N, f), one x a row. N may be 0.
        Y: (N, m), the targets.
        eta: a step is eta / f times the gradient.
        steps: how many, from 1 up.
        decay: what the weight of a pair is multiplied by for each pair after it, 0 to 1.
        loss: ``squared``, or ``cross_entropy``, of which there is one step only.

    Raises:
        ShapeError: where X and Y do not go together.
        PrecisionError, DomainError, ProgramError: as :func:`check_choices`, or for NaN.
    """
    X, Y = _tables(X, Y)
    if len(X) != len(Y):
        raise ShapeError(f"Every x needs a target: X has {len(X)} rows and Y has {len(Y)}.")
    check_choices(eta, steps, decay, loss)
    number = Fraction if X.dtype == object else float
    rate = number(exact(eta)) / X.shape[1]
    weights = past_weights(len(X), decay, X.dtype)
    W = np.zeros((Y.shape[1], X.shape[1]), dtype=X.dtype)
    for _ in range(steps):
        # softmax(0) is the same for every class; at W = 0 the squared loss guesses 0
        guess = X @ W.T if loss == "squared" else number(1) / Y.shape[1]
        W = W - rate * (weights[:, None] * (guess - Y)).T @ X
    return W


def predictions(
    X: Any, Y: Any, eta: Any, steps: int = 1, decay: Any = 1, loss: Loss = "squared"
) -> np.ndarray:
    """Return, for k = 0 ... N, W x_{k+1} with W from :func:`descend` on the first k pairs.

    Args:
        X: (N + 1, f): one x more than there are targets.
        Y: (N, m).
        eta, steps, decay, loss: as in :func:`descend`.

    Returns:
        (N + 1, m). The first row is 0, since W is 0 before any pair.
    """
    X, Y = _tables(X, Y)
    check_lengths(X, Y)
    rows = [descend(X[:k], Y[:k], eta, steps, decay, loss) @ X[k] for k in range(len(X))]
    return np.array(rows, dtype=X.dtype)


def past_weights(pairs: int, decay: Any = 1, dtype: Any = np.float64) -> np.ndarray:
    """Return decay^(N - i) for i = 1 ... N: the newest pair has the weight 1."""
    number = Fraction(exact(decay)) if np.dtype(dtype).kind == "O" else float(decay)
    return np.array([number**k for k in reversed(range(pairs))], dtype=dtype)


def lifted(X: Any, hidden: tuple[Any, Any]) -> np.ndarray:
    """Return phi(x) = ReLU(V x + c) for each row x of X.

    Args:
        X: (N, f).
        hidden: V (h, f) and c (h,).

    Returns:
        (N, h).
    """
    V, c = hidden
    X, V, c = _alike(X=as_table(X, "X"), V=as_table(V, "V"), c=as_table(c, "c", (1,)))
    if V.shape != (len(c), X.shape[1]):
        raise ShapeError(
            f"X {X.shape}, V {V.shape} and c {c.shape} do not go together: V x + c needs V "
            f"({len(c)}, {X.shape[1]})."
        )
    return np.maximum(X @ V.T + c, 0)


def one_hot(labels: Any, classes: int) -> np.ndarray:
    """Return a row for each label 0 ... classes - 1, with a 1 at its place: (N, classes).

    Raises:
        DomainError: for a label that is none of these.
    """
    labels = np.asarray(labels)
    wrong = [v for v in labels.ravel().tolist() if v not in range(classes)]
    if wrong:
        raise DomainError(f"The label {wrong[0]!r} is none of 0 ... {classes - 1}.")
    return np.eye(classes)[labels.astype(int)]


def fractions(table: Any) -> np.ndarray:
    """Return the same numbers as Fractions, an array of objects: for exact arithmetic."""
    return _each_exact(np.asarray(table, dtype=object), "The table")


def task(
    features: int, pairs: int, seed: int = 0, outputs: int | None = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return (X, Y, W) of a random linear regression: Y = X W^T for all x but the last.

    The entries of x are uniform in [-1/2, 1/2], those of W standard normal (arXiv 2410.11687).

    Args:
        features: f.
        pairs: N.
        seed: of the random numbers.
        outputs: m; as many as features if left out.

    Returns:
        X (N + 1, f), Y (N, m), W (m, f).
    """
    rng = np.random.default_rng(seed)
    X = rng.uniform(-0.5, 0.5, (pairs + 1, features))
    W = rng.standard_normal((outputs or features, features))
    return X, X[:-1] @ W.T, W


def check_choices(eta: Any, steps: Any, decay: Any, loss: Any) -> None:
    """Refuse what is no gradient descent.

    Raises:
        PrecisionError: for an eta or a decay that is no finite number.
        DomainError: for a decay outside [0, 1].
        ProgramError: for steps below 1, an unknown loss, or two steps on the cross-entropy.
    """
    exact(eta)
    if not 0 <= exact(decay) <= 1:
        raise DomainError(
            f"decay={decay}: a pair that is k pairs old has the weight decay^k, so give a number "
            "from 0 (only the newest pair counts) to 1 (all count alike)."
        )
    if not is_count(steps):
        raise ProgramError(f"steps={steps!r}: give the number of gradient steps, from 1 up.")
    if loss not in LOSSES:
        raise ProgramError(f"loss={loss!r}: choose one of {', '.join(LOSSES)}.")
    if loss == "cross_entropy" and steps > 1:
        raise ProgramError(
            f"loss='cross_entropy', steps={steps}: only the first step is a sum of products. From "
            "the second on, the gradient holds the softmax of W x, which needs exp and a division, "
            "and LSRL has neither. Take steps=1, or loss='squared'."
        )


def check_lengths(X: np.ndarray, Y: np.ndarray) -> None:
    """Refuse tables that are not (N + 1, f) and (N, m)."""
    if X.shape[-2] != Y.shape[-2] + 1:
        raise ShapeError(
            f"X has {X.shape[-2]} rows and Y has {Y.shape[-2]}: there is one x more than there are "
            "targets, and the answer is for that last x."
        )


def is_count(value: Any) -> bool:
    """True for an integer from 1 up."""
    return isinstance(value, int | np.integer) and not isinstance(value, bool) and value >= 1


def as_table(value: Any, what: str, dims: tuple[int, ...] = (2,)) -> np.ndarray:
    """Return an array of floats, or of objects where ``value`` holds Fractions.

    Args:
        value: nested lists or an array.
        what: its name, for messages.
        dims: how many axes it may have.

    Raises:
        ShapeError: where it has others, or is no table of numbers.
        PrecisionError: where it holds NaN, infinity, or something that is no number.
    """
    try:
        table = np.asarray(value)
    except ValueError as error:
        raise ShapeError(f"{what} is no table of numbers: its rows differ in length.") from error
    if table.ndim not in dims:
        axes = " or ".join(AXES[d] for d in dims)
        raise ShapeError(f"{what} has shape {table.shape}; it should have {axes}.")
    if table.dtype == object:
        return _each_exact(table, what)
    if table.dtype.kind not in "biuf":
        raise ShapeError(f"{what} is no table of numbers: it holds {table.dtype}.")
    if not np.isfinite(table).all():
        where = tuple(np.argwhere(~np.isfinite(table))[0].tolist())
        raise PrecisionError(f"{what} holds NaN or infinity: {table[where]} at {where}.")
    return table.astype(float)


def _each_exact(table: np.ndarray, what: str) -> np.ndarray:
    out = np.empty(table.shape, dtype=object)
    for where in np.ndindex(table.shape):
        try:
            out[where] = Fraction(exact(table[where]))
        except PrecisionError as error:
            raise PrecisionError(f"{what} at {where}: {error}") from error
    return out


def _tables(X: Any, Y: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return both as float64, or both as Fractions where one of them is."""
    X, Y = _alike(X=as_table(X, "X"), Y=as_table(Y, "Y"))
    for table, what in ((X, "x"), (Y, "target")):
        if table.shape[1] == 0:
            raise ShapeError(f"A {what} of width 0 holds nothing: give at least one number.")
    return X, Y


def _alike(**tables: np.ndarray) -> list[np.ndarray]:
    """Return all tables as they are, or all as Fractions where one of them is."""
    if len({table.dtype for table in tables.values()}) == 1:
        return [*tables.values()]
    return [_each_exact(table, name) for name, table in tables.items()]
