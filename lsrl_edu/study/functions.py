"""How much noise the program for functions stands, by how it keeps a real number.

The problems are those of the left half of the paper's Fig. 4. The program of the paper is Listing
1; the other is :mod:`lsrl_edu.programs.robust_continuous`, with one of six ways to keep a value.
The command line is that of :mod:`lsrl_edu.study.robustness`, ``--only continuous grids``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from lsrl_edu.compiler.debranch import debranch
from lsrl_edu.programs import continuous, robust_continuous
from lsrl_edu.study.noise import DRIFT, OVERWRITTEN, Setting
from lsrl_edu.study.problems import Curves
from lsrl_edu.study.subjects import subject
from lsrl_edu.study.table import Row
from lsrl_edu.targets import compile as compile_program

VALUES = {
    "real, 1 copy": {"levels": 0},
    "real, 64 copies": {"levels": 0, "copies": 64},
    "30 levels": {"levels": 30, "remainder": False},
    "60 levels": {"levels": 60, "remainder": False},
    "8 levels and the rest, 1 copy": {"levels": 8},
    "8 levels and the rest, 4 copies": {"levels": 8, "copies": 4},
}
"""Ways to keep a real value, as options of the robust program for functions."""


def network(way: str, cells: int = 8) -> Any:
    """Return Layers of the robust program for two variables and two values in [-3, 3].

    Raises:
        KeyError: for a way that is not in ``VALUES``.
    """
    program = robust_continuous.program(2, 2, cells, (-3, 3), **VALUES[way])
    return compile_program(program, simplify=False, balance=True)


def programs(
    levels: Sequence[float], seeds: Sequence[int] = tuple(range(10)), cells: int = 8
) -> list[Setting]:
    """Set the programs for functions side by side, with both protocols for the states."""
    listing = {
        m: continuous.program(2, 2, m, values=(-3, 3)) for m in ("original", "multiplicative")
    }
    networks = {f"published, {m}": debranch(p).layers for m, p in listing.items()}
    networks["multiplicative, short way"] = compile_program(listing["multiplicative"])
    networks |= {f"robust, {way}": network(way, cells) for way in VALUES}
    return [
        Setting(Curves(cells=cells), subject(one, name), tuple(levels), tuple(seeds), states)
        for name, one in networks.items()
        for states in (OVERWRITTEN, DRIFT)
    ]


def grids(
    cells: Iterable[int] = (4, 8, 16),
    ways: Iterable[str] = ("real, 1 copy", "60 levels", "8 levels and the rest, 1 copy"),
    seeds: Sequence[int] = tuple(range(10)),
) -> list[Setting]:
    """Change the grid, so the error without noise and the length of the prompt, cells^2 + 1."""
    ways, levels = tuple(ways), (0.0, 1e-3, 1e-2)
    return [
        Setting(Curves(cells=k), subject(network(w, k), f"robust, {w}"), levels, seeds, DRIFT)
        for k in cells
        for w in ways
    ]


def distances(rows: Iterable[Row]) -> dict[tuple[str, str, str], dict[float, tuple[float, float]]]:
    """Return (problems, network, states) -> level -> the median and the largest distance."""
    found: dict[tuple[str, str, str], dict[float, list[float]]] = {}
    for r in rows:
        one = found.setdefault((r.problems, r.network, r.states), {})
        one.setdefault(r.level, []).append(r.distance)
    return {
        key: {level: (float(np.median(one[level])), max(one[level])) for level in sorted(one)}
        for key, one in found.items()
    }
