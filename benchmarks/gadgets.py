"""The gadgets of the LSTM, the GRU and the tanh RNN: measured errors, bounds, and speed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch

import lsrl_edu as ls
from benchmarks.table import median_seconds, print_table
from lsrl_edu.programs import discrete

CELLS = ["lstm", "gru", "tanh_rnn"]
DTYPES = ["float64", "float32", "bfloat16"]
SAMPLES, LENGTH, BATCH = 4000, 63, 512
NOTE = """\
  (errors and bounds are absolute, factors up to 1 in size, or 0 and 1. Inputs are rounded to the
   dtype first; what is left beyond the bound is the rounding of the output itself.)"""


@dataclass(frozen=True)
class Trial:
    """One operation alone.

    Attributes:
        operation: as the report calls it.
        body: of a program of ``domain``; simplify is False, so that it stays as written.
        truth: the same in numpy, for x (T, d).
    """

    operation: str
    domain: list
    body: Callable
    truth: Callable


TRIALS = [
    Trial("carry", [(-1, 1)], lambda x: 1 * x, lambda x: x[:, 0]),
    Trial("relu", [(-1, 1)], ls.ReLU, lambda x: np.maximum(x[:, 0], 0)),
    Trial("switch", [bool, (-1, 1)], lambda x: x[0] * x[1], lambda x: x.prod(axis=1)),
    Trial("product", [(-1, 1), (-1, 1)], lambda x: x[0] * x[1], lambda x: x.prod(axis=1)),
]


def main() -> None:
    """Print both tables."""
    rows = [
        [trial.operation, *_errors(trial, cell)]
        for trial in TRIALS
        for cell in CELLS
    ]  # fmt: skip
    head = ["operation", "cell"]
    head += [text for dtype in DTYPES for text in (dtype, "bound")]
    print_table(
        f"Largest error of a gadget in {SAMPLES:,} inputs, beside what it states", head, rows
    )
    print(NOTE)
    _speed()


def _errors(trial: Trial, cell: str) -> list:
    """Return the cell, and for each dtype the largest error and the bound of the report."""
    row = [cell]
    program = ls.foreach(dim=len(trial.domain), domain=trial.domain)(trial.body)
    for dtype in DTYPES:
        model = ls.compile(program, target=cell, dtype=dtype, simplify=False)
        xs = _inputs(trial, dtype)
        worst = float(np.abs(model.run(xs).ravel() - trial.truth(xs)).max())
        bound = max((use.error for use in model.report.gadgets), default=0.0)
        row += [f"{worst:.1e}" if worst else "0", f"{bound:.1e}" if bound else "0"]
    return row


def _inputs(trial: Trial, dtype: str) -> np.ndarray:
    rng = np.random.default_rng(0)
    columns = [
        rng.integers(0, 2, SAMPLES).astype(float) if part is bool else rng.uniform(-1, 1, SAMPLES)
        for part in trial.domain
    ]
    held = torch.tensor(np.stack(columns, axis=1)).to(getattr(torch, dtype))
    return held.double().numpy()


def _speed() -> None:
    """Print what torch's recurrent modules cost beside the runner of the layers."""
    program = discrete.program(3, "multiplicative_optimized", vocabulary=range(10))
    network = ls.compile(program, horizon=200)
    xs = np.random.default_rng(0).integers(0, 10, (BATCH, LENGTH, 1)).astype(float)
    rows = [_rate("layers", network.layers, lambda d: lambda: network.run(xs, d), xs.size, {})]
    once = dict(zip(("float64", "float32"), rows[0][-4::2], strict=True))
    for cell in CELLS:
        models = {d: ls.compile(program, target=cell, dtype=d, horizon=200) for d in once}
        sizes = models["float64"].report.hidden_sizes
        rows.append(_rate(cell, sizes, lambda d, m=models: lambda: m[d].run(xs), xs.size, once))
    head = ["", "layers", "float64: tokens / s", "of layers", "float32: tokens / s", "of layers"]
    print_table(f"Listing 2, n = 3, {BATCH} sequences of {LENGTH} elements", head, rows)


def _rate(name: str, layers: tuple, run: Callable, tokens: int, once: dict) -> list:
    row: list = [name, len(layers)]
    for dtype in ("float64", "float32"):
        rate = tokens / median_seconds(run(dtype), 3)
        row += [rate, f"{rate / once.get(dtype, rate):.3g} x"]
    return row
