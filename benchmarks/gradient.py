"""Gradient descent in the state: how large the networks are, and how exact every target is."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from tqdm import tqdm

import lsrl_edu as ls
from benchmarks.table import print_table
from lsrl_edu.programs import gradient as G

PAIRS, ETA, TASKS = 10, 0.3, 16
LENGTH = 2 * PAIRS + 1
HALF, SCALE = 0.5, 8
"""An x is at most HALF; targets are divided by SCALE, so that they are, too."""
FEATURES, STEPS = (2, 3, 4, 6, 8, 10), (1, 2, 3)
COUNTERS = {"mamba": "sawtooth", "mamba2": "sawtooth", "hawk": "sawtooth", "griffin": "sawtooth"}
CURVED = {"gru": 4, "tanh_rnn": 4}
"""A product costs 24 units in these, each connected with each: so wide they are compiled."""
CASES = ((2, 1), (2, 3), (4, 1), (4, 3), (10, 1))
DTYPES = ("float64", "float32")


def main() -> None:
    """Print both tables."""
    rows = []
    for steps in STEPS:
        for f in FEATURES:
            network = ls.compile(_program(f, steps, "cycle"), horizon=LENGTH)
            layers = network.layers
            products = sum(layer.products for layer in layers)
            states = sum(layer.states for layer in layers)
            rows.append([f"steps = {steps}, f = {f}", network.depth, network.width,
                         network.nonzeros, states, products])  # fmt: skip
    head = ["", "depth", "width", "non-zeros", "states", "products"]
    print_table(f"Gradient descent in the state, {PAIRS} pairs: Layers", head, rows)
    rows = list(tqdm(_errors(), leave=False))
    head = ["", *(f"f = {f}, steps = {k}" for f, k in CASES)]
    print_table(f"Largest error of {TASKS} tasks, by the largest answer", head, rows)


def _errors() -> Iterator[list]:
    gated = [name for name in ls.targets() if name not in ("linear_rnn", "rnn")]
    for target in gated:
        for dtype in DTYPES:
            row = [_error(target, dtype, f, steps) for f, steps in CASES]
            yield [f"{target}, {dtype}", *row]


def _error(target: str, dtype: str, features: int, steps: int) -> str:
    if features > CURVED.get(target, features):
        return "-"
    xs, expected = _tasks(features, steps)
    program = _program(features, steps, COUNTERS.get(target, "cycle"))
    model = ls.compile(program, target=target, dtype=dtype, horizon=LENGTH)
    error = np.abs(SCALE * G.answers(model.run(xs)) - expected).max() / np.abs(expected).max()
    return f"{error:.1e}"


def _program(features: int, steps: int, clock: str) -> ls.Program:
    domain = (-HALF, HALF)
    return G.program(
        features, eta=ETA, steps=steps, clock=clock, horizon=LENGTH, domain=domain
    )  # fmt: skip


def _tasks(features: int, steps: int) -> tuple[np.ndarray, np.ndarray]:
    """Return sequences whose targets are divided by SCALE, and what is right without that."""
    pairs = [G.task(features, PAIRS, seed)[:2] for seed in range(4 * TASKS)]
    pairs = [(X, Y) for X, Y in pairs if np.abs(Y).max() <= SCALE * HALF][:TASKS]
    xs = np.stack([G.sequence(X, Y / SCALE) for X, Y in pairs])
    return xs, np.stack([G.predictions(X, Y, ETA, steps) for X, Y in pairs])
