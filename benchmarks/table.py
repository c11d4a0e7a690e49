"""Small tables in a terminal, and the median of several runs."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any


def print_table(title: str, head: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Print a table: the first column to the left, numbers to the right."""
    cells = [list(head), *([_cell(v) for v in row] for row in rows)]
    widths = [max(len(row[k]) for row in cells) for k in range(len(head))]
    print(f"\n{title}")
    for i, row in enumerate(cells):
        first, *rest = row
        line = [
            first.ljust(widths[0]),
            *(c.rjust(w) for c, w in zip(rest, widths[1:], strict=True)),
        ]
        print("  " + "  ".join(line).rstrip())
        if i == 0:
            print("  " + "  ".join("-" * w for w in widths))


def _cell(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:,.3g}" if abs(value) < 1000 else f"{value:,.0f}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def median_seconds(function: Callable[[], Any], repeats: int = 5, warm: int = 1) -> float:
    """Return the median time of several calls, after some that do not count."""
    for _ in range(warm):
        function()
    return statistics.median(_seconds(function) for _ in range(repeats))


def _seconds(function: Callable[[], Any]) -> float:
    start = time.perf_counter()
    function()
    return time.perf_counter() - start
