"""Where the nodes of a graph go: Graphviz decides, and nothing else is asked of it.

Shapes, colours and text are drawn by this package, so a layout is only positions and curves.
``graphviz-pure`` is a port of Graphviz that pip installs and that gives the same numbers on every
platform; a ``dot`` on the PATH will do as well.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_POINTS = 72.0  # Graphviz measures in inches; one point is one pixel here
_PORTS = {"LR": ("e", "w"), "TB": ("s", "n")}


@dataclass(frozen=True)
class Layout:
    """Positions in pixels, the y axis pointing down.

    Attributes:
        width, height: of the whole.
        centres: of the nodes, in the order they were given.
        curves: for each edge (tail, head) a start point and three points a Bézier piece.
    """

    width: float
    height: float
    centres: tuple[tuple[float, float], ...]
    curves: dict[tuple[int, int], tuple[tuple[float, float], ...]]


def lay_out(
    sizes: tuple[tuple[float, float], ...],
    edges: tuple[tuple[int, int], ...],
    direction: str = "LR",
    gaps: tuple[float, float] = (22, 25),
) -> Layout:
    """Return where nodes of the given sizes go.

    Args:
        sizes: (width, height) of each node in pixels.
        edges: (tail, head) pairs of positions in ``sizes``; arrows run along ``direction``.
        direction: ``LR`` (left to right) or ``TB`` (top to bottom).
        gaps: between nodes of one rank, and between ranks.

    Raises:
        ValueError: for another direction.
        RuntimeError: where Graphviz is missing or fails.
    """
    if direction not in _PORTS:
        raise ValueError(f"direction={direction!r}: choose 'LR' or 'TB'.")
    return _parse(_run(_source(sizes, edges, direction, gaps)), len(sizes))


def _source(sizes: tuple, edges: tuple, direction: str, gaps: tuple[float, float]) -> str:
    beside, between = (g / _POINTS for g in gaps)
    leave, enter = _PORTS[direction]
    lines = [
        f"rankdir={direction};nodesep={beside:.4f};ranksep={between:.4f};outputorder=edgesfirst"
    ]
    lines.append('node[shape=box,fixedsize=true,label=""];edge[arrowhead=none]')
    for i, (w, h) in enumerate(sizes):
        lines.append(f"n{i}[width={w / _POINTS:.4f},height={h / _POINTS:.4f}]")
    lines += [f"n{a}:{leave}->n{b}:{enter}" for a, b in edges]
    return "digraph{" + ";\n".join(lines) + "}"


@lru_cache(maxsize=64)
def _run(source: str) -> str:
    done = subprocess.run(
        [_executable(), "-Tplain"], input=source, capture_output=True, text=True, timeout=60
    )
    if done.returncode:
        raise RuntimeError(f"Graphviz failed: {done.stderr.strip()[:200]}")
    return done.stdout


def _executable() -> str:
    name = "graphviz-pure" + (".exe" if os.name == "nt" else "")
    beside = [Path(sysconfig.get_path("scripts")), Path(sys.executable).parent]
    found = [str(folder / name) for folder in beside if (folder / name).exists()]
    found += filter(None, [shutil.which("graphviz-pure"), shutil.which("dot")])
    if not found:
        raise RuntimeError("Graphviz was not found; 'pip install graphviz-pure' brings it.")
    return found[0]


def _parse(plain: str, count: int) -> Layout:
    width = height = 0.0
    centres = [(0.0, 0.0)] * count
    curves = {}
    for line in plain.splitlines():
        kind, *fields = line.split()
        if kind == "graph":
            width, height = (float(f) * _POINTS for f in fields[1:3])
        elif kind == "node":
            centres[int(fields[0][1:])] = _point(fields[1:3], height)
        elif kind == "edge":
            end = 3 + 2 * int(fields[2])
            pairs = zip(fields[3:end:2], fields[4:end:2], strict=True)
            ends = tuple(int(f.split(":")[0][1:]) for f in fields[:2])
            curves[ends] = tuple(_point(p, height) for p in pairs)
    return Layout(width, height, tuple(centres), curves)


def _point(pair: tuple[str, str], height: float) -> tuple[float, float]:
    return float(pair[0]) * _POINTS, height - float(pair[1]) * _POINTS
