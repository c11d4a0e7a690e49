"""Answers to the exercises of chapter 05."""

import math

import numpy as np

from lsrl_edu.practice import exercise, puzzle
from lsrl_edu.programs import continuous


def lines(*starts):
    """The numbers of the lines that begin like this."""
    shown = [line.strip() for line in exercise("05.4").judge.lines]
    return [next(i for i, line in enumerate(shown, 1) if line.startswith(s)) for s in starts]


DEF, T, IS, Q, IN, VALUE = "def", "t =", "is_query", "q =", "in_cell", "value"
SEEN, SEEN_LATER = "seen = ls.f_ifelse(is_query, x", "seen = ls.f_ifelse(is_query, None"
RETURN, RETURN_VALUE = "return ls", "return value"


def moved():
    """The widget with its lines in order."""
    widget = puzzle("05.4")
    widget.order = tuple(lines(DEF, T, IS, SEEN, Q, IN, VALUE, RETURN))
    return widget


def side(lipschitz, d, precision):
    """Cells a side, not rounded."""
    return lipschitz * math.sqrt(d) / (2 * precision)


def counted_up(lipschitz, d, precision):
    """The length of the prompt, found by trying."""
    cells = 1
    while continuous.error_bound(lipschitz, d, cells) > precision:
        cells += 1
    return cells**d


def prompt_at(place, corners=lambda cells: np.arange(cells) / cells):
    """Prompts with the value at a place of the cell, 0 for its lower end."""
    return lambda f, cells: [[1 / cells, c, f(c + place / cells)] for c in corners(cells)]


def between_ends(f, cells):
    """The mean of the values at both ends: right too, for functions that only grow."""
    corners = np.arange(cells) / cells
    return [[1 / cells, c, (f(c) + f(c + 1 / cells)) / 2] for c in corners]


def linspace(cells):
    """Corners that go too far up."""
    return np.linspace(0, 1, cells)


def table(cells, f):
    """A prompt for a function of a complex number."""

    def parts(p):
        z = f(complex(*p))
        return [z.real, z.imag]

    return continuous.prompt(parts, d_in=2, cells=cells)


def finer_outside():
    """A prompt for the square: wide cells near 0, where it changes slowly, 325 rows."""
    wide = [r for r in table(10, lambda z: z**2) if max(r[1:3]) < 0.45]
    return wide + [r for r in table(20, lambda z: z**2) if max(r[1:3]) > 0.475]


def terraces(levels, height):
    """Cells that lie in each other, for the sine: where it is above a level, and below -level."""
    rows = []
    for level in levels:
        low = math.asin(level) / (2 * math.pi)
        rows += [[0.5 - 2 * low, low, height], [0.5 - 2 * low, 0.5 + low, -height]]
    return rows


def between_queries():
    """Four terraces up and four down; their edges lie between two queries."""
    rows, level = [], 0.0
    for first in (17, 54, 94, 142):
        height = math.sin(2 * math.pi * (first + 1) / 1000) + 0.10999999 - level
        level += height
        for start in (first, 500 + first):
            width = (500 - 2 * first - 1) / 1000
            rows.append([width, start / 1000, height if start < 500 else -height])
    return rows


WRONG = {
    "05.1": [
        ([0, 7, 7, 9], "above the face"),
        ([0, 7, 11, 13], "both cells"),
        ([0, 0, 4, 2], "overwrites"),
        ([0, 0, 0, 2], "the second row"),
        ([0, 0, 4, 4], "the last row"),
        ([0.5, 0, 4, 6], "Element 0 is the query"),
    ],
    "05.2": [
        ([[0.5, 0, 0], [0.5, 0.5, 0.25]], "lower corners"),
        ([[0.5, 0, 0.25], [0.5, 0.5, 1]], "upper ends"),
        ([[0.5, 0, 0.25], [0.5, 0.5, 0.75]], "centres themselves"),
        ([[0.5, 0.25, 0.0625], [0.5, 0.75, 0.5625]], "its centre there"),
        ([[0.5, 0.5, 0.5625], [0.5, 0, 0.0625]], "begin with the cell at 0"),
        ([0.0625, 0.5625], "it should be a list of numbers"),
    ],
    "05.3": [
        (lambda *a: math.ceil(side(*a) ** a[1]), "rounds after"),
        (lambda *a: int(side(*a)) ** a[1], "rounds down"),
        (lambda *a: math.ceil(side(*a)), "ONE dimension"),
        (lambda lip, d, eps: math.ceil(lip / (2 * eps)) ** d, "the corner of a cube"),
        (lambda *a: math.ceil(2 * side(*a)) ** a[1], "corner to corner"),
        (lambda *a: round(side(*a)) ** a[1], "rounds to the nearest"),
        (lambda *a: (int(side(*a)) + 1) ** a[1], "leaves no rest"),
        (lambda *a: math.ceil(side(*a)) ** a[1] + 1, "the query is not counted"),
        (lambda *a: 7, "should be 5041, not 7"),
    ],
    "05.4": [
        (lines(DEF, T, IS, SEEN, Q, IN, VALUE, RETURN_VALUE), "forgets it"),
        (lines(DEF, T, IS, SEEN_LATER, Q, IN, VALUE, RETURN), "does not see the query"),
        (lines(DEF, T, IS, SEEN, IN, Q, VALUE, RETURN), "`q` is used before"),
        (lines(DEF, IS, T, SEEN, Q, IN, VALUE, RETURN), "`t` is used before"),
        (lines(DEF, T, IS, SEEN, Q, IN, VALUE), "return nothing"),
    ],
    "05.5": [
        (prompt_at(0.5, linspace), "Are there gaps?"),
        (prompt_at(0), "its lower end"),
        (prompt_at(1), "its upper end"),
        (prompt_at(0.8), "The error is 0.263, the bound 0.167"),
        (lambda f, cells: [[1, 0, f(0.5)]] * cells, "3 cells hold this query"),
        (lambda f, cells: [[1 / cells, 0]], "each row should have 3 numbers"),
    ],
    "05.6": [
        (lambda q: q, "query 0 is sent as 0, and no cell holds it. How far"),
        (lambda q: max(q, 0.0005), "Half a ramp is not enough"),
        (lambda q: q + 0.00075, "outside of [0, 1]"),
        (lambda q: max(q, 0.2), "that is too far away"),
        (lambda q: max(q, 0.05), "100 cells: query 0 is sent as 0.05"),
        (lambda q: [max(q, 0.00075)], "it should be one number"),
    ],
    "05.7": [
        (table(20, lambda z: 1j * (z**2).conjugate()), "exchanged"),
        (table(20, lambda z: z.real**2 + 1j * z.imag**2), "one by one"),
        (table(20, lambda z: abs(z) ** 2 + 0j), "nothing else"),
        (table(10, lambda z: z**2), "At [1, 1] the answer is"),
        (table(21, lambda z: z**2), "441 rows are more than 400. In floats"),
        (table(20, lambda z: z**2)[:, :4], "each row should have 5"),
    ],
    "05.8": [
        (terraces((0.1, 0.3, 0.5, 0.7), 0.2), "4 rows hold it"),
        (continuous.prompt(lambda x: math.sin(2 * math.pi * x[0]), 1, 20), "(one row holds it)"),
        ([[0.4, 0.05, 0.8]], "no row holds it"),
        (continuous.prompt(lambda x: math.sin(2 * math.pi * x[0]), 1, 32), "half a ramp"),
        ([[0.5, 0, 1], [0, 0.5, -1]], "Row 1 has the size 0"),
        ([[0.5, 1.5, 1]], "outside the unit cube"),
    ],
}
OTHERS = {
    "05.3": counted_up,
    "05.4": moved(),
    "05.5": between_ends,
    "05.6": lambda q: 0.00075 + (1 - 0.00075) * q,
    "05.7": finer_outside(),
    "05.8": between_queries(),
}
