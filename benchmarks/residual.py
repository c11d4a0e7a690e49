"""Mamba, Mamba-2, Hawk and Griffin: size, and time per token beside the runner of the layers."""

from __future__ import annotations

from typing import Any

import numpy as np
import transformers

import lsrl_edu as ls
from benchmarks.table import median_seconds, print_table
from lsrl_edu.programs import discrete

TARGETS = ["mamba", "mamba2", "hawk", "griffin"]
N, LENGTH, BATCH = 3, 63, 16
HEAD = ["", "layers", "width", "parameters"]
HEAD += ["whole: us / token", "of layers", "with cache: us / token", "of whole"]
NOTE = """\
  (whole: {batch} sequences at once, each in one pass. with cache: one sequence, token by token;
   "of whole" compares with one sequence in one pass. layers: parameters are weights that are not
   zero, and the time is that of Layers.run. The others are the classes of transformers, without
   their CUDA kernels.)"""


def main() -> None:
    """Print one table."""
    transformers.logging.set_verbosity_error()
    program = discrete.program(
        N, "multiplicative_optimized", mu=4, vocabulary=range(27), counter="sawtooth",
        horizon=LENGTH,
    )  # fmt: skip
    xs = np.random.default_rng(0).integers(0, 27, (BATCH, LENGTH, 1)).astype(float)
    network = ls.compile(program, horizon=LENGTH)
    whole = _per_token(lambda: network.run(xs, "float32"), xs.size)
    numbers = sum(layer.nonzeros for layer in network.layers)
    width = max(layer.width for layer in network.layers)
    rows = [["layers", len(network.layers), width, numbers, whole, "1 x", "", ""]]
    for target in TARGETS:
        model = ls.compile(program, target=target, dtype="float32", horizon=LENGTH)
        rows.append(_row(target, model, xs, whole))
    print_table(f"Listing 2, n = {N}, {LENGTH} elements, float32", HEAD, rows)
    print(NOTE.format(batch=BATCH))


def _row(target: str, model: Any, xs: np.ndarray, reference: float) -> list:
    """Return a target's sizes, its times in microseconds per token, and ratios."""
    sizes, parameters = model.report.hidden_sizes, model.report.parameters
    whole = _per_token(lambda: model.run(xs), xs.size)
    alone = _per_token(lambda: model.run(xs[:1]), xs.shape[1])
    cached = _per_token(lambda: list(model.steps(xs[:1])), xs.shape[1])
    ratios = f"{whole / reference:.3g} x", f"{cached / alone:.3g} x"
    return [target, len(sizes), sizes[0], parameters, whole, ratios[0], cached, ratios[1]]


def _per_token(run: Any, tokens: int) -> float:
    """Return microseconds per token."""
    return 1e6 * median_seconds(run, 3) / tokens
