"""The paper's way of compiling: time, steps and sizes, beside the published implementation."""

from __future__ import annotations

from tqdm import tqdm

import lsrl_edu as ls
from benchmarks.compiling import PUBLISHED
from benchmarks.table import median_seconds, print_table
from lsrl_edu.programs import discrete

HEAD = ["", "seconds", "steps", "path nodes", "width", "non-zeros"]


def main() -> None:
    rows, against = [], []
    for method, published in tqdm(PUBLISHED.items(), leave=False):
        for n in (1, 2, 3, 6, 10):
            program = discrete.program(n, method)
            seconds = median_seconds(lambda p=program: ls.debranch(p), repeats=3)
            trace = ls.debranch(program)
            nodes, size = len(trace.result.nodes), trace.layers
            rows.append(
                [f"{method}, n = {n}", seconds, len(trace), nodes, size.width, size.nonzeros]
            )
            if n == 3:
                found = (seconds, nodes, size.width, size.nonzeros)
                ratios = [p / f for p, f in zip(published, found, strict=True)]
                against.append([method, *(f"{r:,.3g} x" for r in ratios)])
    print_table("Listing 2, debranched by the rules of Appendix A", HEAD, rows)
    head = ["", "time", "path nodes", "width", "non-zeros"]
    print_table("The published compiler needs so many times as much (n = 3)", head, against)
