"""Numbers, matrices and nodes in as few letters as a reader needs.

Two ways of writing, for two places. In a picture a node carries a formula: ``ones - zeros``,
``s <- s + x``. In a terminal it carries its parts: ``LinState(A=1, B=1, s0=0)``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import singledispatch
from typing import Any

import numpy as np

from lsrl_edu.nodes import Concat, Input, Linear, LinState, Multi, Node, ReLU
from lsrl_edu.numbers import Matrix, Number, exact, short

MINUS = "−"
_MOST_ENTRIES = 6  # of a vector or matrix that is written out
_LONGEST_TABLE = 16  # letters of a matrix inside a formula
_LONGEST_NAME = 12  # of a node that is named inside another node's formula


# 1.00000e10 and 0.8660 say no more than 1e10 and 0.866.
_IDLE_ZEROS = re.compile(r"(\.\d*?)0+(?=e|$)")


def neat(value: Number) -> str:
    """Return an exact number as short as its digits allow: 3, 1/3, 0.866, 1e10."""
    written = _IDLE_ZEROS.sub(r"\1", short(value))
    return written.replace(".e", "e").removesuffix(".")


# --- values ----------------------------------------------------------------------------------
def say(value: Any) -> str:
    """Return one value as people write it: 3, -0.5, 1/3, ≈1 for what is nearly one."""
    if isinstance(value, bool | np.bool_ | int | np.integer):
        return neat(int(value))
    if isinstance(value, Fraction):
        return _nearly(neat(value), value)
    if isinstance(value, float | np.floating):
        return _say_float(float(value))
    if hasattr(value, "mid") and hasattr(value, "rad"):  # a ball of python-flint
        return value.str(5, radius=False)
    return str(value)


def say_vector(values: Iterable[Any], most: int = _MOST_ENTRIES) -> str:
    """Return the value of a node: a number where its width is 1, (1, 0, 2) otherwise."""
    written = [say(v) for v in values]
    if len(written) == 1:
        return written[0]
    more = [f"… {len(written)} in all"] if len(written) > most else []
    return "(" + ", ".join(written[: most - len(more)] + more) + ")"


def typeset(written: str) -> str:
    """Return a number for a page instead of a terminal: with a real minus sign."""
    return written.replace("-", MINUS)


def plural(count: int, noun: str) -> str:
    """Return ``1 node``, ``2 nodes``."""
    return f"{count} {noun}" + ("" if count == 1 else "s")


def listed(parts: Sequence[str]) -> str:
    """Return ``a, b and c``."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def _say_float(value: float) -> str:
    if not math.isfinite(value):
        return str(value)
    if value.is_integer():
        return neat(int(value))
    return _nearly(f"{value:.4g}".replace("e-0", "e-").replace("e+0", "e"), value)


def _nearly(written: str, value: Any) -> str:
    """Mark a number that only rounding made whole: 1 and almost 1 are different stories."""
    looks_whole = written.lstrip("-").isdigit()
    return f"≈{written}" if looks_whole and value != int(value) else written


# --- matrices, for a terminal ----------------------------------------------------------------
def matrix_text(matrix: Matrix) -> str:
    """Return ``1``, ``[1 -1]``, ``[1 2; 3 4]``, ``[I -2I]`` or ``3x8 with 5 non-zeros``.

    I is the identity with as many rows as the matrix.
    """
    rows, columns = matrix.shape
    if matrix.shape == (1, 1):
        return neat(matrix[0, 0])
    if not matrix.nonzeros:
        return "0"
    if rows > 1 and columns % rows == 0 and (c := _blocks(matrix, columns // rows)) is not None:
        written = " ".join(neat(v) + "I" if abs(v) != 1 else "-I"[v > 0 :] for v in c)
        return f"[{written}]" if len(c) > 1 else written
    if rows * columns <= 2 * _MOST_ENTRIES:
        return "[" + "; ".join(" ".join(map(neat, row)) for row in matrix.tolist()) + "]"
    return f"{rows}x{columns} with {plural(matrix.nonzeros, 'non-zero')}"


def parts_text(node: Node) -> str:
    """Return a node as it was built, without what it reads: ``Linear(A=-1, b=1)``."""
    if isinstance(node, Input):
        return f"Input(width {node.dim})"
    shown = {("s0" if part == "init_state" else part): m for part, m in node.parts.items()}
    if "b" in shown and not shown["b"].nonzeros:
        del shown["b"]
    rows = {part: m.T if part in ("b", "s0") else m for part, m in shown.items()}
    written = [
        f"{part}={matrix_text(rows[part])}" for part in ("A", "B", "b", "s0") if part in rows
    ]
    return f"{node.kind}({', '.join(written)})" if written else node.kind


# --- formulas, for a picture -----------------------------------------------------------------
@singledispatch
def formula(node: Node) -> str:
    """Return what a node computes, short enough to stand inside it."""
    return node.kind


@formula.register
def _(node: Input) -> str:
    return "one element" if node.dim == 1 else f"{node.dim} numbers"


@formula.register
def _(node: ReLU) -> str:
    return "max(0, x)"


@formula.register
def _(node: Concat) -> str:
    return f"{plural(len(node.inputs), 'part')}, one vector"


@formula.register
def _(node: Multi) -> str:
    factors = _part_names(node.inputs[0], 2)
    return f"{factors[0]} × {factors[1]}"


@formula.register
def _(node: Linear) -> str:
    if not node.A.nonzeros:
        return "always " + _vector_formula(node.b)
    return _sum([*_terms(node.A, "x", node.inputs[0]), *_constant(node.b)])


@formula.register
def _(node: LinState) -> str:
    terms = [*_terms(node.A, "s"), *_terms(node.B, "x"), *_constant(node.b)]
    return "s ← " + _sum(terms)


def start_formula(node: LinState) -> str:
    """Return ``s0 = ...`` of a state that does not start at zero, else nothing."""
    return f"s₀ = {_vector_formula(node.init_state)}" if node.init_state.nonzeros else ""


def _terms(matrix: Matrix, x: str, read: Node | None = None) -> list[str]:
    """Return the signed terms of ``matrix @ x``."""
    rows, columns = matrix.shape
    if not matrix.nonzeros:
        return []
    if (blocks := _multiples_of_identity(matrix, read)) is not None:
        names = [x] if len(blocks) == 1 else _part_names(read, len(blocks))
        return [_times(c, name) for c, name in zip(blocks, names, strict=True) if c]
    if (turn := _turn(matrix)) is not None:
        return [f"+{x} turned by {turn}°"]
    if (chosen := _selected(matrix)) is not None:
        return [f"+{x}{chosen}"]
    if rows == 1 and matrix.nonzeros <= 3:
        return [_times(v, f"{x}[{c}]") for c, v in matrix.rows[0]]
    if columns == 1 and len({matrix[i, 0] for i in range(rows)}) == 1:
        return [_times(matrix[0, 0], f"{x}, {rows} times")]
    table = "; ".join(" ".join(map(_short, r)) for r in matrix.tolist()) if rows < 4 else ""
    if 0 < len(table) <= _LONGEST_TABLE:
        return [f"+[{table}] {x}"]
    return [f"+({rows}×{columns}) {x}"]


def _multiples_of_identity(matrix: Matrix, read: Node | None) -> list | None:
    """Return the c of a matrix c I, or [c_1 I, c_2 I, ...] that adds up stacked parts."""
    rows, columns = matrix.shape
    parts = len(read.inputs) if isinstance(read, Concat) and columns != rows else 1
    return _blocks(matrix, parts) if columns == rows * parts else None


def _blocks(matrix: Matrix, count: int) -> list | None:
    """Return c for a matrix [c_1 I, ..., c_count I], or None."""
    rows = matrix.shape[0]
    if count > 4:
        return None
    blocks = [matrix[0, k * rows] for k in range(count)]
    expected = Matrix.hstack([Matrix.eye(rows) * c for c in blocks])
    return blocks if matrix == expected else None


def _turn(matrix: Matrix) -> str | None:
    """Return the angle of a 2 x 2 rotation in degrees, or None."""
    if matrix.shape != (2, 2):
        return None
    (c, minus_s), (s, c2) = matrix.tolist()
    if c != c2 or s != -minus_s or abs(float(c * c + s * s) - 1) > 1e-12:
        return None
    return _short(exact(round(math.degrees(math.atan2(float(s), float(c))), 2)))


def _selected(matrix: Matrix) -> str | None:
    """Return ``[2]`` or ``[1:3]`` for the matrix of a slice, or None."""
    if any(len(row) != 1 or row[0][1] != 1 for row in matrix.rows):
        return None
    chosen = [row[0][0] for row in matrix.rows]
    if chosen == list(range(chosen[0], chosen[0] + len(chosen))):
        return f"[{chosen[0]}]" if len(chosen) == 1 else f"[{chosen[0]}:{chosen[-1] + 1}]"
    return None


def _part_names(read: Node | None, count: int) -> list[str]:
    """Return names for the equal parts of what is read: the reader's own where there are some."""
    parts = read.inputs if isinstance(read, Concat) and len(read.inputs) == count else ()
    names = [p.name or "" for p in parts]
    if len(parts) == count and len({p.dim for p in parts}) == 1 and _usable(names):
        return names
    return [f"x{'₁₂₃₄'[k]}" for k in range(count)]


def _usable(names: list[str]) -> bool:
    return all(0 < len(n) <= _LONGEST_NAME for n in names)


def _constant(b: Matrix) -> list[str]:
    if not b.nonzeros:
        return []
    values = [b[i, 0] for i in range(b.shape[0])]
    if len(set(values)) == 1:
        return [_times(values[0], "")]
    return ["+" + _vector_formula(b)] if len(values) <= _MOST_ENTRIES else ["+b"]


def _vector_formula(column: Matrix) -> str:
    values = [column[i, 0] for i in range(column.shape[0])]
    if len(set(values)) == 1:
        return _short(values[0])
    return typeset(say_vector(values))


def _times(factor: Any, name: str) -> str:
    """Return a term with its sign: ``+x``, ``-10 x``, ``+1``."""
    sign = MINUS if factor < 0 else "+"
    size = abs(factor)
    return sign + " ".join(filter(None, ["" if size == 1 and name else neat(size), name]))


def _sum(terms: list[str]) -> str:
    """Return signed terms as a sum: ``x - 0.1``."""
    if not terms:
        return "0"
    first, *rest = sorted(terms, key=lambda t: t[0] == MINUS) if terms[0][0] == MINUS else terms
    return " ".join([first.removeprefix("+"), *(f"{t[0]} {t[1:]}" for t in rest)])


def _short(value: Any) -> str:
    return typeset(neat(value))
