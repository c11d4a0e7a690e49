"""The function in the prompt of Listing 1, looked up so that it stands noise.

Same input as :mod:`lsrl_edu.programs.continuous`. The cells must be those of a full grid, or part
of one, and how many there are along each dimension is part of the program. Which cell holds the
query is a matter of zeros and ones, which are restored after every memory
(:mod:`lsrl_edu.restoring`). The value of the cell is not: a real number may be anything, so there
is nothing that it could be pulled back to. It is split instead::

    value = step * (digits that are on) + remainder

A digit is 0 or 1, and restored. The remainder is a real number and drifts, but it is small: half
a step at most. It may be left out.

=====================  ==========================================================================
part                   how
=====================  ==========================================================================
the first element      a window of one element
the query              one bit for each face of the grid: "is it at the face or above?"; held in
                       a ring
does this cell match   and-not both ways, between the corner's bits and the query's
the digits of a value  "is it j - 1/2 steps or more?", and the same of -value
the remainder          the value minus the steps of the digits that are on
copy the value         and-not, into a ring for each digit and for the remainder
the answer             the restored digits added up, plus the remainder
=====================  ==========================================================================

**Faces.** A cell holds the queries with ``lower <= query < upper``, the last one 1 as well. Every
query lies in exactly one cell, but for a strip of 1e-4 / cells below a face: a query in it counts
with the cell above, or with none. Values have such strips as well: in a share of 1e-3 of all
values, an answer may be wrong by up to a step. The output for a query in no cell is 0.

**Margins.** Let size be the largest value without its sign, step = size / levels, and T the number
of elements. Bits and digits are right as long as rings keep 1/1000 of what was written, that is up
to noise * T / sqrt(copies) = 2 or so. The remainder, step/2 at most, drifts by a factor exp(z) with
z normal, of standard deviation noise * T / sqrt(copies). On top of that, every weight that a real
number passes costs noise * number, and every digit that is on costs noise.

Compile it with ``simplify=False, balance=True``, as :mod:`lsrl_edu.programs.robust`.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from lsrl_edu.errors import DomainError, ShapeError
from lsrl_edu.lang import Program, foreach
from lsrl_edu.nodes import Concat, Linear, Node, ReLU
from lsrl_edu.numbers import Matrix, Number, exact, quotient
from lsrl_edu.programs.continuous import prompt, sequence
from lsrl_edu.restoring import STORED_GAIN, and_not, off, ring, thermometer, window

__all__ = ["program", "prompt", "sequence"]

SHARP = 16
"""Steepness at the faces of the grid, for a cell of width 1."""
SPLIT = 1024
"""Steepness between two digits, for a step of 1."""


def program(
    d_in: int,
    d_out: int,
    cells: int,
    values: tuple[Any, Any],
    levels: int = 8,
    remainder: bool = True,
    copies: int = 1,
) -> Program:
    """Return the program that looks up a query in a prompt, and stands noise.

    Input (T, 1 + d_in + d_out), output (T, d_out); the answer is the last output.

    Margins: see the module.

    Args:
        d_in: width of the query.
        d_out: width of a value.
        cells: of the grid, along each dimension.
        values: the smallest and the largest value.
        levels: how many steps there are from 0 to size (and as many downwards). 0 for none: the
            whole value is the remainder.
        remainder: False leaves it out: the answer is rounded, and wrong by up to step/2.
        copies: places of every ring.

    Raises:
        ShapeError: where d_in, d_out, cells or copies is not an integer from 1 up, or levels not
            one from 0 up, or there are neither levels nor a remainder.
        DomainError: where values are not a smallest and a larger one.
    """
    _check(1, d_in=d_in, d_out=d_out, cells=cells, copies=copies)
    _check(0, levels=levels)
    if not (levels or remainder):
        raise ShapeError("levels=0 and remainder=False: nothing is left of a value. Keep one.")
    low, high = _range(values)
    domain = [(0, 1)] * (1 + d_in) + [(low, high)] * d_out

    def body(x: Node) -> Node:
        blocked = _mismatch(x, d_in, cells, copies)
        rest, parts = x[-d_out:], []
        if levels:
            digits, weights = _digits(rest, low, high, levels)
            rest = rest - Linear(digits, weights)
            parts.append(_restored(digits, weights, blocked, copies))
        if remainder:
            parts.append(_rest(rest, blocked, max(-low, high) / max(1, 2 * levels), copies))
        return Linear(Concat(*parts), Matrix.hstack([Matrix.eye(d_out)] * len(parts)))

    return foreach(dim=1 + d_in + d_out, domain=domain, name="robust_continuous")(body)


def _mismatch(x: Node, d_in: int, cells: int, copies: int) -> Node:
    """Return 0 where the cell at hand holds the query, 1 or more elsewhere."""
    first = window(x, 1, name="first")
    if cells == 1:
        return first
    faces = [(i, k) for i in range(d_in) for k in range(1, cells)]
    sharp = Matrix([((i, SHARP * cells),) for i, _ in faces], x.dim)
    bias = [[Fraction(1, 2) - SHARP * k] for _, k in faces]
    above = ReLU(Linear(x, sharp, bias), name="above")
    held = ring(and_not(_spread(first, len(faces)), above), copies, name="query_below")
    query = off(held, STORED_GAIN, name="query")
    corner = Linear(x, Matrix([((1 + i, cells),) for i in range(d_in)], x.dim))
    lower = Concat(*(thermometer(c, range(1, cells)) for c in corner))
    cell = off(off(lower, 2), 2, name="cell")
    differs = Concat(and_not(cell, query), and_not(query, cell), first)
    return Linear(differs, [[1] * differs.dim], name="mismatch")


def _digits(value: Node, low: Number, high: Number, levels: int) -> tuple[Node, Matrix]:
    """Return the digits, and the matrix (d_out, digits) that adds up what they stand for."""
    step = quotient(max(-low, high), levels)
    signs = [s for s, there in ((1, high > 0), (-1, low < 0)) if there]
    ladder = [(o, s, j) for o in range(value.dim) for s in signs for j in range(1, levels + 1)]
    steep = Matrix([((o, s * quotient(SPLIT, step)),) for o, s, _ in ladder], value.dim)
    bias = [[Fraction(1, 2) - SPLIT * (j - Fraction(1, 2))] for *_, j in ladder]
    weights = Matrix([((o, s * step),) for o, s, _ in ladder], value.dim).T
    return off(off(ReLU(Linear(value, steep, bias)), 1), 2, name="digits"), weights


def _restored(digits: Node, weights: Matrix, blocked: Node, copies: int) -> Node:
    """Return what the digits of the cell that matched stand for; each is kept and restored."""
    written = and_not(digits, _spread(blocked, digits.dim), name="write")
    missing = off(ring(written, copies), STORED_GAIN, name="missing")
    return Linear(off(missing, 2, name="digits_out"), weights)


def _rest(rest: Node, blocked: Node, largest: Number, copies: int) -> Node:
    """Return the remainder of the cell that matched, out of a ring: first as two parts >= 0."""
    signs = Matrix.vstack([Matrix.eye(rest.dim), Matrix.eye(rest.dim) * -1])
    parts = ReLU(Linear(rest, signs), name="rest")
    shut = _spread(blocked, parts.dim) * (2 * largest)
    written = ReLU(parts - shut, name="write_rest")
    return ring(Linear(written, signs.T), copies, name="rest_out")


def _spread(x: Node, width: int) -> Node:
    """Return x, of width 1, so many times."""
    return Linear(x, [[1]] * width)


def _range(values: Any) -> tuple[Number, Number]:
    """Return the smallest and the largest value, 0 among them: that of the first element."""
    try:
        low, high = (exact(v) for v in values)
    except (TypeError, ValueError) as error:
        raise DomainError(f"values={values!r}: give (smallest, largest).") from error
    if not low < high:
        raise DomainError(f"values={values!r}: give (smallest, largest), the second one larger.")
    return min(low, 0), max(high, 0)


def _check(least: int, **counts: Any) -> None:
    for name, value in counts.items():
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            raise ShapeError(f"{name}={value!r}: it is an integer from {least} up.")
