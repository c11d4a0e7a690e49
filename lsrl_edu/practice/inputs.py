"""Inputs to try programs on: all short ones, random longer ones, and the edges."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import numpy as np

Inputs = Callable[[np.random.Generator], list[list]]


def bits(upto: int = 6, long: int = 40) -> Inputs:
    """Every sequence of zeros and ones up to a length, and long ones: none, all, random."""

    def make(rng: np.random.Generator) -> list[list]:
        short = [list(word) for n in range(1, upto + 1) for word in product((0, 1), repeat=n)]
        randoms = rng.integers(0, 2, (6, long)).tolist()
        return [*short, [0] * long, [1] * long, *randoms]

    return make


def integers(low: int, high: int, count: int = 40, long: int = 40) -> Inputs:
    """Sequences of whole numbers from low to high, both included, of lengths 1 to 12, and long."""

    def make(rng: np.random.Generator) -> list[list]:
        edges = [[low], [high], [low, high], [high, low], [high] * 5, [low] * 5]
        lengths = rng.integers(1, 13, count)
        made = [rng.integers(low, high + 1, n).tolist() for n in lengths]
        return [*edges, *made, rng.integers(low, high + 1, long).tolist()]

    return make


def reals(low: float, high: float, count: int = 40, long: int = 40, decimals: int = 3) -> Inputs:
    """Sequences of numbers from low to high with few decimals, of lengths 1 to 12, and long."""

    def make(rng: np.random.Generator) -> list[list]:
        edges = [[low], [high], [low, high], [(low + high) / 2] * 3]
        lengths = [*rng.integers(1, 13, count), long]
        return [*edges, *(rng.uniform(low, high, n).round(decimals).tolist() for n in lengths)]

    return make
