"""Draw a function, prompt the one network of Listing 1 with it, and read off the error.

A curve is a list of heights, joined by straight lines. So everything about it is known exactly: its
largest slope is its Lipschitz constant, and the worst error lies at a joint or at a side of a
cell. The functions here say what the page (``prompt_function.js``) computes, and the tests hold
them against the compiled network.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from lsrl_edu.errors import DomainError, ShapeError
from lsrl_edu.programs.continuous import error_bound
from lsrl_edu.sugar import STEEPNESS

_HERE = Path(__file__).parent
QUESTION = "How close does one fixed network come to a curve it has never seen?"
PIECES = 60  # straight pieces of a curve
MOST_CELLS = 64
QUERIES = 400  # the slider stops at 0, 1/400, ..., 1

FUNCTIONS: dict[str, Callable[[float], float]] = {
    "a sine": lambda x: math.sin(2 * math.pi * x),
    "an absolute value": lambda x: 2 * abs(2 * x - 1) - 1,
    "stairs": lambda x: min(3, math.floor(4 * x)) / 2 - 0.75,
    "a hill": lambda x: 1.8 * math.exp(-40 * (x - 0.6) ** 2) - 0.9,
}
"""The curves of the menu, on [0, 1], with heights between -1 and 1."""


def curve(f: Callable[[float], float]) -> list[float]:
    """Return the heights of a function at 0, 1/60, ..., 1, rounded to four digits."""
    return [round(float(f(k / PIECES)), 4) for k in range(PIECES + 1)]


def height(heights: Sequence[float], x: float) -> float:
    """Return the height of a curve at a point of [0, 1]."""
    position = x * (len(heights) - 1)
    k = min(math.floor(position), len(heights) - 2)
    return heights[k] + (position - k) * (heights[k + 1] - heights[k])


def lipschitz(heights: Sequence[float]) -> float:
    """Return the largest slope of a curve: no smaller number is a Lipschitz constant of it."""
    pairs = zip(heights[1:], heights[:-1], strict=True)
    return max(abs(b - a) for b, a in pairs) * (len(heights) - 1)


def cell_of(query: float, cells: int, mu: float = STEEPNESS) -> int:
    """Return the cell that the network counts a query with, -1 for none.

    Each step stands half its width, 1/(2 mu), behind the face of its cell.
    """
    return min(math.ceil((query - 1 / (2 * mu)) * cells) - 1, cells - 1)


def answer(heights: Sequence[float], cells: int, query: float, mu: float = STEEPNESS) -> float:
    """Return the last output of the network: the height at the centre of the cell, 0 in none.

    Left out: the hair's breadth between two cells, about 1/mu^2 wide, that is in neither. No query
    of the slider lies there.
    """
    cell = cell_of(query, cells, mu)
    return 0.0 if cell < 0 else height(heights, (cell + 0.5) / cells)


def worst_error(heights: Sequence[float], cells: int) -> float:
    """Return the largest distance of a curve from its value at the centre of the same cell.

    In a cell the curve is straight between joints, so it is furthest at a joint or at a side.
    """
    pieces = len(heights) - 1
    worst = 0.0
    for cell in range(cells):
        low, high = cell / cells, (cell + 1) / cells
        joints = range(math.ceil(low * pieces), math.floor(high * pieces) + 1)
        centre = height(heights, (cell + 0.5) / cells)
        points = [low, high, *(k / pieces for k in joints)]
        worst = max(worst, *(abs(height(heights, x) - centre) for x in points))
    return worst


def widget_data(
    drawn: Sequence[float] | None = None, cells: int = 8, query: float = 0.3
) -> dict[str, Any]:
    """Return everything the page starts from, as plain JSON values.

    Args:
        drawn: heights between -1 and 1 at equal distances over [0, 1], two at least, for the
            curve that is the reader's own; a straight line if left out.
        cells: of the prompt, 1 to 64.
        query: a point of [0, 1].

    Raises:
        ShapeError: for fewer than two heights.
        DomainError: for heights, cells or a query out of range.
    """
    own = _own_curve(drawn)
    if not isinstance(cells, int) or not 1 <= cells <= MOST_CELLS:
        raise DomainError(f"cells={cells!r}: an integer from 1 to {MOST_CELLS} is needed.")
    if not 0 <= query <= 1:
        raise DomainError(f"query={query!r}: the query lies between 0 and 1.")
    curves = {name: curve(f) for name, f in FUNCTIONS.items()} | {"your own": own}
    return {
        "title": "Draw a function and prompt the network with it",
        "question": QUESTION,
        "curves": curves,
        "chosen": next(iter(curves)) if drawn is None else "your own",
        "start": cells,
        "query": query,
        "mu": STEEPNESS,
        "most": MOST_CELLS,
        "queries": QUERIES,
    }


def _own_curve(drawn: Sequence[float] | None) -> list[float]:
    """Return the reader's heights at our joints."""
    given = [-0.5, 0.5] if drawn is None else [float(h) for h in drawn]
    if len(given) < 2:
        raise ShapeError(f"A curve needs two heights at least; got {len(given)}.")
    if not all(-1 <= h <= 1 for h in given):
        raise DomainError("The heights of a curve lie between -1 and 1. Scale yours to that.")
    return curve(lambda x: height(given, x))


def curve_bound(heights: Sequence[float], cells: int) -> float:
    """Return the bound of Appendix B for a curve: its largest slope / (2 cells)."""
    return error_bound(lipschitz(heights), 1, cells)


class FunctionPrompter(anywidget.AnyWidget):
    """The thin shell around :func:`widget_data`; ``heights`` is the curve that is shown."""

    _esm = _HERE / "prompt_function.js"
    _css = _HERE / "prompt_function.css"
    data = traitlets.Dict().tag(sync=True)
    cells = traitlets.Int(8).tag(sync=True)
    query = traitlets.Float(0.3).tag(sync=True)
    heights = traitlets.List(traitlets.Float()).tag(sync=True)

    def __init__(self, **options: Any):
        data = widget_data(**options)
        heights = data["curves"][data["chosen"]]
        super().__init__(data=data, cells=data["start"], query=data["query"], heights=heights)

    def __repr__(self) -> str:
        return f"<{self.data['title']}: {self.cells} cells>"


def prompt_a_function(**options: Any) -> FunctionPrompter:
    """Return a widget to draw a curve and prompt it; ``options`` as for :func:`widget_data`."""
    return FunctionPrompter(**options)
