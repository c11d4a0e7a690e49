"""What the answers to chapter 05's exercises should do: look-ups in plain Python, and errors."""

import math
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

import lsrl_edu as ls
from lsrl_edu.practice.reading import as_numbers, short
from lsrl_edu.practice.verdict import no_answer
from lsrl_edu.programs import continuous


# --- Listing 1 ------------------------------------------------------------------------------
def look_up(xs: list) -> list:
    """Return the sum of the values of the cells that hold the query, for every element."""
    return np.cumsum(values(xs)).tolist()


def values(xs: list) -> list:
    """Return each row's value where it holds the query, else 0."""
    return _values([row[0] for row in xs[:1]] * len(xs), xs)


def _values(queries: list, xs: list) -> list:
    rows = zip(queries, xs, strict=True)
    return [row[2] if row[1] < q <= row[1] + row[0] else 0 for q, row in rows]


def query_of_sizes(xs: list) -> list:
    """Return the look-up if the query is forgotten and the sizes are added up in its place."""
    sizes = np.cumsum([0, *(row[0] for row in xs[1:])]).tolist() if xs else []
    return np.cumsum(_values(sizes, xs)).tolist()


def tables(rng: np.random.Generator) -> list[list]:
    """Queries with tables of whole values: full ones, shuffled ones, parts, none at all."""
    made = []
    for cells in (1, 2, 4, 8, 16) * 6:  # sums of such sizes are exact
        corners = rng.permutation(cells)[: rng.integers(1, cells + 1)]
        query = (rng.integers(cells) + rng.uniform(0.3, 0.7)) / cells
        rows = [[1 / cells, c / cells, int(rng.integers(-9, 10))] for c in corners]
        made.append([[round(query, 4), 0, 0], *rows])
    return [[[0.5, 0, 0]], [[0.3, 0, 0], [1, 0, 5]], *made]


# --- prompts --------------------------------------------------------------------------------
@cache
def network(d_in: int, d_out: int) -> ls.Program:
    """Return the look-up program of the chapter."""
    return continuous.program(d_in, d_out, "multiplicative")


def table_of(answer: Any, width: int) -> np.ndarray:
    """Return a prompt as an array (rows, width); anything else is refused with a reason."""
    rows = as_numbers(answer, f"a table with {width} numbers in each row")
    if rows.ndim != 2 or rows.shape[1] != width:
        raise no_answer(f"The answer has shape {rows.shape}; each row should have {width} numbers.")
    sizes, corners = rows[:, 0], rows[:, 1:-1] if width == 3 else rows[:, 1:3]
    if (sizes <= 0).any() or (sizes > 1).any():
        at = int(((sizes <= 0) | (sizes > 1)).argmax())
        raise no_answer(f"Row {at} has the size {sizes[at]:g}; a size is above 0 and at most 1.")
    if (corners < 0).any() or (corners > 1).any():
        at = int(((corners < 0) | (corners > 1)).any(axis=1).argmax())
        raise no_answer(f"Row {at} has its corner {short(corners[at])} outside the unit cube.")
    return rows


def asked(queries: np.ndarray, table: np.ndarray, d_in: int) -> np.ndarray:
    """Return the last outputs for queries (Q, d_in) with one table: shape (Q, d_out)."""
    batch = np.zeros((len(queries), len(table) + 1, table.shape[1]))
    batch[:, 0, :d_in] = queries
    batch[:, 1:] = table
    return network(d_in, table.shape[1] - 1 - d_in).run(batch)[:, -1]


def worst(wanted: np.ndarray, found: np.ndarray) -> tuple[int, float]:
    """Return where the largest error is, and how large it is."""
    error = np.abs(wanted - found)
    return int(error.argmax()), float(error.max())


# --- prompt length --------------------------------------------------------------------------
CASES = ((1, 2, 0.01), (2, 1, 0.1), (1, 3, 0.3), (4, 4, 0.5), (3, 2, 0.25), (0.1, 4, 1))

WRONG_LENGTHS: tuple[tuple[Callable, str], ...] = (
    (
        lambda lip, d, eps: math.ceil((lip * math.sqrt(d) / (2 * eps)) ** d),
        "That rounds after taking the power, so it need not be the size of a full grid.",
    ),
    (
        lambda lip, d, eps: int(lip * math.sqrt(d) / (2 * eps)) ** d,
        "That rounds down: the grid is a little too coarse, and its bound above the precision.",
    ),
    (
        lambda lip, d, eps: math.ceil(lip * math.sqrt(d) / (2 * eps)),
        "That is the number of cells along ONE dimension.",
    ),
    (
        lambda lip, d, eps: math.ceil(lip / (2 * eps)) ** d,
        "That is right for d = 1. How far is the corner of a cube from its centre?",
    ),
    (
        lambda lip, d, eps: math.ceil(lip * math.sqrt(d) / eps) ** d,
        "That measures from corner to corner. The value is taken at the centre.",
    ),
    (
        lambda lip, d, eps: round(lip * math.sqrt(d) / (2 * eps)) ** d,
        "That rounds to the nearest. Where it rounds down, the bound is above the precision.",
    ),
    (
        lambda lip, d, eps: (int(lip * math.sqrt(d) / (2 * eps)) + 1) ** d,
        "That is one cell a side too many where the division leaves no rest.",
    ),
    (
        lambda lip, d, eps: math.ceil(lip * math.sqrt(d) / (2 * eps)) ** d + 1,
        "One too many: the query is not counted here, only the rows.",
    ),
)


def wrong_length(answer: Callable) -> str:
    """Return what is wrong with a prompt_length, or nothing."""
    found = [answer(*case) for case in CASES]
    wanted = [continuous.cells_for(eps, lip, d) ** d for lip, d, eps in CASES]
    if found == wanted:
        return ""
    for formula, message in WRONG_LENGTHS:
        if found == [formula(*case) for case in CASES]:
            return message
    at = next(i for i, (a, b) in enumerate(zip(found, wanted, strict=True)) if a != b)
    return f"prompt_length{CASES[at]} should be {wanted[at]}, not {found[at]!r}."


# --- repair ---------------------------------------------------------------------------------
FUNCTIONS = (("1 + x", 1, lambda x: 1 + x), ("1 + x * x", 2, lambda x: 1 + x * x))


def wrong_prompt(answer: Callable) -> str:
    """Return what is wrong with a function that makes prompts, or nothing."""
    for cells in (3, 1, 10):
        for name, lipschitz, f in FUNCTIONS:
            table = table_of(answer(f, cells), 3)
            queries = np.linspace(0.002, 1, 400)
            queries = queries[queries * cells % 1 > 0.002 * cells]
            found = asked(queries[:, None], table, 1)[:, 0]
            at, error = worst(f(queries), found)
            bound = continuous.error_bound(lipschitz, 1, cells)
            if error > bound + 1e-9:
                case = f"f(x) = {name}, {cells} cells, query {queries[at]:.3f}: "
                return case + _said(f, table, queries[at], found[at], (error, bound))
    return ""


def _said(
    f: Callable, table: np.ndarray, query: float, found: float, errors: tuple[float, float]
) -> str:
    holding = [r for r in table if r[1] < query <= r[1] + r[0]]
    if not holding:
        return f"the answer is {found:.3f}, because no cell holds this query. Are there gaps?"
    if len(holding) > 1:
        return f"the answer is {found:.3f}, because {len(holding)} cells hold this query."
    size, corner, _ = holding[0]
    ends = {corner: "That is f at its lower end.", corner + size: "That is f at its upper end."}
    taken = [said for end, said in ends.items() if math.isclose(f(end), found)]
    return " ".join(
        [
            f"it is in the cell from {corner:.3f} to {corner + size:.3f}, and the answer is "
            f"{found:.3f}.",
            *taken,
            "The error is {:.3f}, the bound {:.3f}.".format(*errors),
        ]
    )


# --- encode ---------------------------------------------------------------------------------
QUERIES = np.arange(1001) / 1000
RAMP = 1 / 1000


def _sent(answer: Callable, q: float) -> float:
    """Return encode(q); anything but one number is refused with a reason."""
    found = answer(q)
    sent = as_numbers([found], "a number")
    if sent.ndim != 1:
        raise no_answer(f"encode({q:g}) is {short(found)}; it should be one number.")
    return float(sent[0])


def leaves_interval(answer: Callable) -> str:
    """Return which query is sent out of the interval from 0 to 1, or nothing."""
    for q in QUERIES.tolist():
        sent = _sent(answer, q)
        if not 0 <= sent <= 1:
            return f"encode({q:g}) is {sent:g}, and that is outside of [0, 1]."
    return ""


def falls_out(answer: Callable) -> str:
    """Return which query gets a value that is too far off, and why, or nothing."""
    sent = np.array([_sent(answer, q) for q in QUERIES.tolist()])
    for cells in (1, 4, 10, 100):
        table = continuous.prompt(lambda x: 3 + x[0], 1, cells)
        found = asked(sent[:, None], table, 1)[:, 0]
        at, error = worst(3 + QUERIES, found)
        if error > 0.5 / cells + RAMP + 1e-9:
            q, e = QUERIES[at], sent[at]
            if found[at] == 0:
                return f"{cells} cells: query {q:g} is sent as {e:g}, and no cell holds it. " + (
                    "Half a ramp is not enough: the bump is one half there, and has to be above it."
                    if e == RAMP / 2
                    else "How far above its lower face must a query be?"
                )
            return (
                f"{cells} cells: query {q:g} is sent as {e:g}, and the answer is {found[at]:.3f}, "
                f"not near {3 + q:.3f}: that is too far away."
            )
    return ""


# --- two numbers in, two numbers out --------------------------------------------------------
@cache
def plane() -> np.ndarray:
    """Return points of the unit square that lie near no face of a grid up to 20 cells a side."""
    points = np.random.default_rng(1).uniform(0.002, 1, (2000, 2))
    for cells in range(2, 21):
        points = points[(points * cells % 1 > 0.002 * cells).all(axis=1)]
    return np.vstack([points[:40], [[1, 1], [0.999, 0.96], [0.052, 0.999]]])


def wrong_square(answer: Any) -> str:
    """Return what is wrong with a prompt for the square of complex numbers, or nothing."""
    table = table_of(answer, 5)
    if len(table) > 400:
        close = " In floats 2 sqrt(2) sqrt(2) is a little above 4; what is the bound on paper?"
        return f"{len(table)} rows are more than 400." + close * (len(table) == 441)
    z = plane() @ [1, 1j]
    found = asked(plane(), table, 2) @ [1, 1j]
    at, error = worst(z**2, found)
    if error <= 0.1:
        return ""
    known = {
        "That is the square with real and imaginary part exchanged.": 1j * (z**2).conj(),
        "That squares the two coordinates one by one. A complex square mixes them.": (
            z.real**2 + 1j * z.imag**2
        ),
        "That is |z| squared and nothing else: where is the imaginary part?": np.abs(z) ** 2,
    }
    for message, other in known.items():
        if worst(other, found)[1] <= 0.25:
            return message
    point, got, wanted = plane()[at], found[at], z[at] ** 2
    return (
        f"At {short(point.round(3))} the answer is {got:.3f}, not {wanted:.3f}: off by {error:.3f}."
    )


# --- the shortest prompt --------------------------------------------------------------------
def wrong_sine(answer: Any) -> str:
    """Return where a prompt is more than 0.11 off the sine, or nothing."""
    table = table_of(answer, 3)
    if len(table) > 200:
        return f"{len(table)} rows: a plain grid needs 29, so please use 200 at most."
    queries = np.arange(1, 1001) / 1000
    found = asked(queries[:, None], table, 1)[:, 0]
    wanted = np.sin(2 * np.pi * queries)
    at, error = worst(wanted, found)
    if error <= 0.11:
        return ""
    q = queries[at]
    ends = np.concatenate([table[:, 1], table[:, 1] + table[:, 0]])
    if (np.abs(q - ends - RAMP / 2) < 1e-9).any():
        return (
            f"At query {q:g} the answer is {found[at]:.3f}, and the sine is {wanted[at]:.3f}. This "
            "query is exactly half a ramp, 0.0005, above the end of a row: a bump is one half "
            "there, and not found. Move that end a little."
        )
    holding = int(((table[:, 1] < q) & (q <= table[:, 1] + table[:, 0])).sum())
    rows = {0: "no row holds it", 1: "one row holds it"}.get(
        holding, f"{holding} rows hold it, and their values add up"
    )
    return (
        f"At query {q:g} the answer is {found[at]:.3f} ({rows}); the sine is {wanted[at]:.3f}. "
        f"That is {error:.3f} off."
    )
