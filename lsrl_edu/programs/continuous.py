"""Any continuous function on the unit cube, written in the prompt (paper, Listing 1, Fig. 2).

The prompt is a table of the function: one element for each cell of a grid, in any order::

    first element   [query (d_in), 0, ...]
    every other     [delta, lower corner (d_in), value at the centre (d_out)]

The program compares the query with each cell as it goes by and adds up the value of the one
cell that holds it: a piecewise constant approximation. Letters: ``q`` query, ``lb`` and ``ub``
lower and upper corner of a cell.

**What the steps cost.** A step rises over a width of 1/mu, so a cell holds the queries with
``lb < query <= ub``, and each of its faces stands 1/(2 mu) too far up: a query less than that above
a face is still counted with the cell before it. There is no cell before the first, so a query with
a coordinate up to 1/(2 mu), 0 included, lies in no cell. Where two cells meet, a query can be in
neither of them, over a width of about 1/mu^3. Where d_in > 1 the steps of all dimensions are added:
a query less than 1/mu above faces in two dimensions or more can be in no cell either. The output
for a query in no cell is 0. For all queries that are nowhere less than 1/mu above a face, the
answer is that of the cell they lie in.

**What else can come in.** :func:`sequence` refuses what is no query with a table. The program
itself compares and adds, whatever it is given: the values of cells that overlap, or that come
twice, add up; a query outside the cube, or in a cell that is missing, lies in no cell. A compiled
network refuses numbers outside the unit cube with a DomainError.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np

from lsrl_edu.errors import DomainError, PrecisionError, ShapeError
from lsrl_edu.lang import Program, foreach
from lsrl_edu.nodes import Linear, LinState, Node, repeated
from lsrl_edu.numbers import Matrix
from lsrl_edu.programs.words import Words
from lsrl_edu.sugar import LARGE, STEEPNESS, Method, f_bump, f_constant


def program(
    d_in: int,
    d_out: int,
    method: Method = "original",
    mu: Any = STEEPNESS,
    lam: Any = LARGE,
    values: tuple[Any, Any] | None = None,
) -> Program:
    """Return the program that looks up a query in a prompt (Listing 1).

    Input (T, 1 + d_in + d_out), output (T, d_out); the answer is the last output.

    Args:
        d_in: width of the query.
        d_out: width of a value.
        method: of the conditionals, see :func:`lsrl_edu.sugar.f_ifelse`.
        mu: steepness of the steps, at least 2.
        lam: must exceed the size of every value (all but the multiplicative methods). Where a
            value is larger, the answer is wrong without a warning; say ``values`` to be warned.
        values: the smallest and the largest value of the function, where they are known: they
            become part of the program's domain.

    Raises:
        ShapeError: for widths below 1.
        ProgramError: for an unknown method, mu < 2, lam <= 0 or a lam that is not above the
            values.
    """
    _check_widths(d_in, d_out)
    words = Words(method, mu, lam)
    words.check_masks(max(map(abs, values or [0])), "value")
    domain = [(0, 1)] * (1 + d_in) + [values or float] * d_out

    make = foreach(dim=1 + d_in + d_out, domain=domain, name="continuous")
    return make(lambda x: _look_up(x, d_in, d_out, words))


def _look_up(x: Node, d_in: int, d_out: int, words: Words) -> Node:
    """Return the sum of the values of the cells that hold the query, for one element x."""
    # The listing has A = ones(d_in, d_in) here. For d_in > 1 that adds the entries up at
    # every step (1, 3, 7, ... for two of them); a counter needs the identity.
    eye = Matrix.eye(d_in)
    const_1 = f_constant(x, [1] * d_in, name="const_1")
    counter_vector = LinState(const_1, eye, eye, name="counter_vector")
    q = _latched_query(x[:d_in], counter_vector, words)
    in_cell = _in_cell(q, repeated(x[0], d_in), x[1 : 1 + d_in], words)
    # Cells are the elements from the second on. The listing's comment says so ("counter >
    # 1") while its code compares with 0.5, which always holds: harmless, because the value
    # part of the first element is 0. The comment is right, so 1.5 it is.
    processing = words.larger(counter_vector[0], 1.5, name="processing")
    in_and_processing = words.both(in_cell, processing, name="in_and_processing")
    found = words.larger(in_and_processing, 0.5)
    update = words.only_if(found, x[-d_out:], name="update")
    return LinState(update, Matrix.eye(d_out), Matrix.eye(d_out), name="y")


def prompt(
    f: Callable[[np.ndarray], Any], d_in: int, cells: int, d_out: int | None = None
) -> np.ndarray:
    """Return the prompt of a function on the unit cube, shape (cells**d_in, 1 + d_in + d_out).

    Args:
        f: takes a point, shape (d_in,), and returns a number or d_out of them.
        d_in: the dimension of the cube.
        cells: how many along each dimension, at least 1. The last dimension runs fastest.
        d_out: how many numbers f returns; what it returns first if left out.

    Raises:
        ShapeError: where f returns something of another shape, or a width is below 1.
        DomainError: where there is less than one cell.
        PrecisionError: where f returns NaN or infinity.
    """
    _check_widths(d_in, 1 if d_out is None else d_out)
    if not _is_count(cells):
        raise DomainError(f"prompt(cells={cells!r}): the number of cells is an integer from 1 up.")
    rows = []
    for position in product(range(cells), repeat=d_in):
        corner = np.array(position) / cells
        value = _value_at(f, (np.array(position) + 0.5) / cells, d_out)
        d_out = len(value)
        rows.append([1 / cells, *corner, *value])
    return np.array(rows)


def error_bound(lipschitz: float, d_in: int, cells: int) -> float:
    """Return L sqrt(d_in) / (2 cells): how far the answer can be from the function (App. B).

    The answer is the value at the centre of a cell with sides 1/cells, and no point of the cell is
    further from the centre than sqrt(d_in) / (2 cells). So the bound holds for a query that is
    counted with the cell it lies in; the module's docstring says which are not.

    Args:
        lipschitz: L, with ``|f(p) - f(q)| <= L |p - q|`` in the Euclidean norm, 0 or more.
        d_in: the dimension of the cube.
        cells: how many along each dimension.

    Raises:
        ShapeError: for a dimension below 1.
        DomainError: where there is less than one cell, or L is negative, NaN or infinite.
    """
    _check_widths(d_in, 1)
    _check_finite_from(0, lipschitz, "lipschitz")
    if not _is_count(cells):
        raise DomainError(f"error_bound(cells={cells!r}): an integer from 1 up is needed.")
    return lipschitz * math.sqrt(d_in) / (2 * cells)


def cells_for(precision: float, lipschitz: float, d_in: int) -> int:
    """Return the smallest number of cells along each dimension with error_bound <= precision.

    The prompt then has ``cells**d_in`` elements: N >= (L sqrt(d_in) / (2 precision))^d_in (App. B),
    rounded up to a full grid.

    Args:
        precision: the error that may be made, above 0.
        lipschitz: L, as for :func:`error_bound`.
        d_in: the dimension of the cube.

    Raises:
        ShapeError: for a dimension below 1.
        DomainError: where the precision is not above 0, or one of the two is NaN or infinite.
    """
    _check_finite_from(0, precision, "precision")
    if precision == 0:
        raise DomainError("precision=0: finitely many cells leave an error. Give one above 0.")
    guess = max(1, math.ceil(error_bound(lipschitz, d_in, 1) / precision))
    # The division rounds, so the last cell is settled by the bound itself.
    if guess > 1 and error_bound(lipschitz, d_in, guess - 1) <= precision:
        return guess - 1
    return guess if error_bound(lipschitz, d_in, guess) <= precision else guess + 1


def sequence(query: Any, prompt: Any) -> np.ndarray:
    """Return the input of the program: the query, then the prompt, (1 + N, 1 + d_in + d_out).

    Args:
        query: a point of the unit cube: d_in numbers (or just one where d_in is 1).
        prompt: what :func:`prompt` returns, or part of it: N cells, in any order; shape
            (0, 1 + d_in + d_out) for none at all, and then the answer is 0.

    Raises:
        ShapeError: where the query does not go with the prompt, a cell is no wider than 0 or wider
            than 1, or two cells have the same lower corner.
        DomainError: where the query lies outside the unit cube.
        PrecisionError: where the query or the prompt holds NaN or infinity.
    """
    query = _finite(np.atleast_1d(query), "The query")
    table = _finite(prompt, "The prompt")
    if table.ndim != 2 or query.ndim != 1 or not 1 <= len(query) <= table.shape[1] - 2:
        raise ShapeError(
            f"A query of width d_in goes with a prompt (N, 1 + d_in + d_out), d_out at least 1; "
            f"got shapes {query.shape} and {table.shape}."
        )
    if (query < 0).any() or (query > 1).any():
        raise DomainError(f"The query {query.tolist()} lies outside the unit cube [0, 1]^d_in.")
    _check_cells(table, len(query))
    first = np.zeros((1, table.shape[1]))
    first[0, : len(query)] = query
    return np.concatenate([first, table])


def _latched_query(x_query: Node, counter_vector: Node, words: Words) -> Node:
    """The first element's query, remembered: only at the first step is anything added."""
    is_first = words.smaller(counter_vector, 1.5, name="is_first")
    eye = Matrix.eye(x_query.dim)
    return LinState(words.only_if(is_first, x_query, name="q_update"), eye, eye, name="q")


def _in_cell(q: Node, step_size: Node, lb: Node, words: Words) -> Node:
    """1 where lb < q <= lb + step_size in every dimension: d_in bumps that must all be 1."""
    bumps = f_bump(q, lb, lb + step_size, words.mu, name="bumps")
    return words.larger(Linear(bumps, [[1] * q.dim]), q.dim - 0.5, name="in_cell")


def _check_widths(d_in: Any, d_out: Any) -> None:
    if not (_is_count(d_in) and _is_count(d_out)):
        raise ShapeError(f"d_in={d_in!r}, d_out={d_out!r}: both are integers from 1 up.")


def _is_count(value: Any) -> bool:
    return isinstance(value, int | np.integer) and not isinstance(value, bool) and value >= 1


def _value_at(f: Callable[[np.ndarray], Any], centre: np.ndarray, d_out: int | None) -> np.ndarray:
    value = _finite(np.atleast_1d(f(centre)), f"f at {centre.tolist()}")
    if value.ndim != 1 or len(value) != (d_out or max(1, len(value))):
        wanted = "a number or a vector" if d_out is None else f"{d_out} numbers"
        raise ShapeError(
            f"f at {centre.tolist()} returned something of shape {value.shape}; it should return "
            f"{wanted}, the same at every point."
        )
    return value


def _check_cells(table: np.ndarray, d_in: int) -> None:
    """Catch a query of the wrong width: read so, the prompt is no table of distinct cells."""
    delta, corners = table[:, :1], table[:, 1 : 1 + d_in]
    inside = (
        (delta > 0).all() and (delta <= 1).all() and (corners >= 0).all() and (corners < 1).all()
    )
    if not inside or len(np.unique(corners, axis=0)) < len(corners):
        raise ShapeError(
            f"The prompt is no table of cells for a query of width {d_in}: each row holds a size "
            f"above 0 and up to 1, then {d_in} numbers in [0, 1) for the lower corner, no two "
            "corners equal."
        )


def _finite(value: Any, what: str) -> np.ndarray:
    try:
        table = np.asarray(value, dtype=float)
    except (TypeError, ValueError) as error:
        raise ShapeError(f"{what} is not made of numbers: {error}.") from error
    if not np.isfinite(table).all():
        where = tuple(np.argwhere(~np.isfinite(table))[0].tolist())
        raise PrecisionError(f"{what} holds NaN or infinity: {table[where]} at {where}.")
    return table


def _check_finite_from(least: float, value: Any, what: str) -> None:
    is_number = isinstance(value, int | float | np.number) and not isinstance(value, bool)
    if not is_number or not least <= value < math.inf:
        raise DomainError(f"{what}={value!r}: give a number from {least} up.")
