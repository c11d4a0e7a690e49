"""How long ``import lsrl_edu`` takes, and what it imports."""

from __future__ import annotations

import statistics
import subprocess
import sys

from benchmarks.table import print_table

CODE = """
import sys, time
start = time.perf_counter()
import {name}
print(time.perf_counter() - start, len(sys.modules), "torch" in sys.modules)
"""
RUNS = 5


def main() -> None:
    rows = []
    for name in ("numpy", "lsrl_edu", "torch"):
        found = [_import_once(name) for _ in range(RUNS)]
        seconds = statistics.median(float(f[0]) for f in found)
        rows.append([f"import {name}", seconds, int(found[0][1]), found[0][2]])
    print_table("Importing, in a fresh process", ["", "seconds", "modules", "with torch"], rows)


def _import_once(name: str) -> list[str]:
    command = [sys.executable, "-c", CODE.format(name=name)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
