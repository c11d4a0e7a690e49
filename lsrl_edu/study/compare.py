"""Are two samples alike? A rank test, by permutation, with numpy alone.

The results of Fig. 4 pile up at 0 and 100 % and reach 1e17, so only their order is compared.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Comparison:
    """Two samples side by side.

    Attributes:
        larger: how often a value of the first sample is larger than one of the second, ties
            counted half: 0.5 where neither tends to be larger, 1 where all are.
        p: the two-sided p-value of the rank-sum test: how often mixed-up samples would differ at
            least as much.
    """

    larger: float
    p: float


def compare(first: np.ndarray, second: np.ndarray, shuffles: int = 9999) -> Comparison:
    """Compare two samples by ranks (Wilcoxon, Mann and Whitney), whatever their distribution.

    The p-value is exact but for the number of shuffles: (1 + as extreme) / (1 + shuffles). It is
    the same at every call.

    Args:
        first, second: numbers, infinities included; NaN counts as the largest of all.
        shuffles: how many random ways to mix the samples are tried.
    """
    ranks = midranks(np.concatenate([first, second]))
    count = len(first)
    middle = count * (len(ranks) + 1) / 2
    observed = ranks[:count].sum() - middle
    rng = np.random.default_rng(0)
    mixed = rng.permuted(np.tile(ranks, (shuffles, 1)), axis=1)[:, :count].sum(axis=1) - middle
    extreme = int((np.abs(mixed) >= abs(observed) - 1e-9).sum())
    larger = 0.5 + observed / (count * len(second))
    return Comparison(float(larger), (1 + extreme) / (1 + shuffles))


def midranks(values: np.ndarray) -> np.ndarray:
    """Return the ranks from 1, equal values sharing the mean of theirs; NaN is the largest."""
    values = np.where(np.isnan(values), np.inf, values)
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return (ends - (counts - 1) / 2)[inverse]
