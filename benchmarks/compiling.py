"""How long compiling takes and how large the networks are, beside the published compiler."""

from __future__ import annotations

from tqdm import tqdm

import lsrl_edu as ls
from benchmarks.table import median_seconds, print_table
from lsrl_edu.compiler.layers import Layers
from lsrl_edu.compiler.normal_form import normal_form
from lsrl_edu.programs import discrete
from lsrl_edu.ranges import DEFAULT_HORIZON
from lsrl_edu.sugar import METHODS

SIZES = (1, 2, 3, 4, 6, 8, 10, 16, 24, 32, 48, 64)
LEAN = "multiplicative_optimized"
# The published implementation on one core, n = 3: seconds, nodes, widest, non-zeros.
PUBLISHED = {LEAN: (9, 61, 5402, 126_745), "original": (38, 57, 250_470, 4_007_120)}


def atoms(program: ls.Program) -> int:
    """Return how many atoms the normal form of a program has."""
    return len(normal_form(program, program.ranges, DEFAULT_HORIZON).table.atoms)


def row(name: object, program: ls.Program) -> tuple[list, Layers, float]:
    """Return one line of the tables, the network, and the seconds it took."""
    seconds = median_seconds(lambda: ls.compile(program), repeats=5)
    network, count = ls.compile(program), atoms(program)
    line = [name, seconds * 1e3, count, seconds / count * 1e6, network.depth, network.width,
            network.nonzeros, network.largest_weight]  # fmt: skip
    return line, network, seconds


HEAD = ["", "ms", "atoms", "us / atom", "depth", "width", "non-zeros", "largest"]


def main() -> None:
    for counter in ("rotation", "cycle"):
        programs = {n: discrete.program(n, LEAN, counter=counter) for n in SIZES}
        rows = [row(f"n = {n}", p)[0] for n, p in tqdm(programs.items(), leave=False)]
        print_table(f"Listing 2, {LEAN}, counter {counter}: compiling", HEAD, rows)
    _methods()


def _methods() -> None:
    rows, against = [], []
    for method in METHODS:
        line, network, seconds = row(method, discrete.program(3, method))
        rows.append(line)
        if method in PUBLISHED:
            found = (seconds, network.depth, network.width, network.nonzeros)
            ratios = [p / f for p, f in zip(PUBLISHED[method], found, strict=True)]
            against.append([method, *(f"{r:,.3g} x" for r in ratios)])
    print_table("Listing 2, n = 3: every conditional", HEAD, rows)
    print_table(
        "The published compiler needs so many times as much (n = 3)",
        ["", "time", "layers", "width", "non-zeros"],
        against,
    )
