"""Linear probes: can a variable be read off a network's state by a weighted sum?

A probe is a ridge regression from activations to a variable, fitted on some sequences and judged on
others. Its number is R^2: the share of the variable's variance that it predicts; 0 is what its mean
alone does, and below 0 is worse than that. A number alone says little; :func:`controls` gives what
to hold it against (Hewitt and Liang 2019): a probe for something that nobody computed must fail.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from lsrl_edu.errors import ShapeError

RIDGE = 1e-6
"""Weight of the penalty, in units of the mean square of an activation."""


def probe(
    activations: np.ndarray, variable: np.ndarray, ridge: float = RIDGE
) -> tuple[np.ndarray, float]:
    """Return the weights (n + 1,) of the best linear read-out, the constant last, and its R^2.

    The first half of the sequences fits, the second half judges.

    Args:
        activations: (B, T, n).
        variable: (B, T).
        ridge: see :data:`RIDGE`.

    Raises:
        ShapeError: where the two differ in B or T, or there are fewer than two sequences.
    """
    X, y = np.asarray(activations, float), np.asarray(variable, float)
    if X.ndim != 3 or X.shape[:2] != y.shape or len(X) < 2:
        raise ShapeError(
            f"A probe reads activations (B, T, n) and a variable (B, T), B at least 2; got "
            f"{X.shape} and {y.shape}."
        )
    half = len(X) // 2
    train, test = (part.reshape(-1, X.shape[2]) for part in (X[:half], X[half:]))
    middle, scale = train.mean(axis=0), train.std(axis=0)
    scale = np.where(scale > 1e-9, scale, 1.0)  # a constant channel tells nothing
    design = (train - middle) / scale
    target = y[:half].ravel()
    gram = design.T @ design + ridge * len(design) * np.eye(design.shape[1])
    weights = np.linalg.solve(gram, design.T @ (target - target.mean())) / scale
    weights = np.append(weights, target.mean() - middle @ weights)
    return weights, r_squared(test @ weights[:-1] + weights[-1], y[half:].ravel())


def r_squared(found: np.ndarray, wanted: np.ndarray) -> float:
    """Return the share of the variance that is predicted; 0 for a variable that does not vary."""
    spread = np.square(wanted - wanted.mean()).sum()
    return float(1 - np.square(found - wanted).sum() / spread) if spread > 0 else 0.0


def profile(activations: Sequence[np.ndarray], variable: np.ndarray) -> list[float]:
    """Return the R^2 of a probe on each of several layers."""
    return [probe(layer, variable)[1] for layer in activations]


def controls(variable: np.ndarray, xs: np.ndarray, seed: int = 0) -> Mapping[str, np.ndarray]:
    """Return variables (B, T) that should not be found.

    - ``shuffled``: the right values, at other places: every place gets that of another.
    - ``other sequence``: the right values, of another sequence, each at its own step. What a probe
      finds of them is a habit of all sequences, for instance that counts grow.
    - ``random rule``: a fixed random sign for each prefix of the input, which no small network
      computes. (On long sequences every prefix is new; on short ones a large state may know it.)

    Args:
        variable: what is looked for (B, T).
        xs: the inputs (B, T, d).
    """
    rng = np.random.default_rng(seed)
    shuffled = rng.permutation(variable.ravel()).reshape(variable.shape)
    return {
        "shuffled": shuffled,
        "other sequence": np.roll(variable, 1, axis=0),
        "random rule": _random_rule(np.asarray(xs), seed),
    }


def _random_rule(xs: np.ndarray, seed: int) -> np.ndarray:
    """Return 1 or -1 for every prefix: the same for the same prefix."""
    signs: dict[bytes, int] = {}
    rng = np.random.default_rng(seed)
    out = np.zeros(xs.shape[:2])
    for b, t in np.ndindex(*out.shape):
        key = xs[b, : t + 1].tobytes()
        out[b, t] = signs.setdefault(key, 1 if rng.random() < 0.5 else -1)
    return out
