"""Tokens per second of the compiled Listing 2, beside the interpreter and the machine's limit."""

from __future__ import annotations

import numpy as np
import torch

import lsrl_edu as ls
from benchmarks.table import median_seconds, print_table
from lsrl_edu.compiler.layers import Layers
from lsrl_edu.programs import discrete

N, LENGTH, BATCH = 3, 63, 4096
HEAD = ["", "sequences", "tokens / s", "of the interpreter"]


def main() -> None:
    program = discrete.program(N, "multiplicative_optimized", vocabulary=range(10))
    network = ls.compile(program)
    rng = np.random.default_rng(0)
    batch = rng.integers(0, 10, (BATCH, LENGTH, 1)).astype(float)
    rates = {1: _rates(program, network, batch[:1], 21), BATCH: _rates(program, network, batch, 5)}
    rows = [
        [name, count, rate, f"{rate / found['interpreter']:,.3g} x"]
        for count, found in rates.items()
        for name, rate in found.items()
    ]
    print_table(f"Listing 2, n = {N}, {LENGTH} elements", HEAD, rows)
    _limits(network, rates[BATCH]["network, float64"], rates[BATCH]["network, float32"])


def _rates(program: ls.Program, network: Layers, batch: np.ndarray, repeats: int) -> dict:
    tokens = batch.shape[0] * batch.shape[1]
    runs = {
        "interpreter": lambda: program.run(batch),
        "network, float64": lambda: network.run(batch, "float64"),
        "network, float32": lambda: network.run(batch, "float32"),
    }
    return {name: tokens / median_seconds(run, repeats) for name, run in runs.items()}


def _limits(network: Layers, double: float, single: float) -> None:
    """What memory and arithmetic would allow at most, if nothing else took time."""
    numbers = sum(x.W.shape[1] + 2 * x.W.shape[0] for x in network.layers)
    operations = 2 * sum(x.W.shape[0] * x.W.shape[1] for x in network.layers)
    rows = []
    for name, dtype, size, rate in (("float64", torch.float64, 8, double),
                                    ("float32", torch.float32, 4, single)):  # fmt: skip
        bandwidth, flops = _bandwidth(dtype), _flops(dtype)
        moving, computing = bandwidth / (numbers * size), flops / operations
        rows.append([name, bandwidth / 1e9, flops / 1e9, moving, computing, rate,
                     f"{rate / min(moving, computing):.0%}"])  # fmt: skip
    print_table(
        f"The machine's limit: {numbers} numbers moved and {operations} operations a token",
        ["", "GB/s", "Gop/s", "tokens/s moving", "computing", "reached", "of the lower limit"],
        rows,
    )
    print("  (numbers: what each layer reads, and writes twice, if every layer went to memory;")
    print("   in pieces that fit the cache the moving limit is that of the cache, so > 100 % is")
    print("   possible. Gop/s: a large square matrix product.)")


def _bandwidth(dtype: torch.dtype) -> float:
    """Bytes per second of copying arrays much larger than the caches."""
    source = torch.ones(2**25, dtype=dtype)
    target = torch.empty_like(source)
    return 2 * source.nbytes / median_seconds(lambda: target.copy_(source), 7)


def _flops(dtype: torch.dtype) -> float:
    a = torch.ones(1024, 1024, dtype=dtype)
    return 2 * 1024**3 / median_seconds(lambda: a @ a, 7)
