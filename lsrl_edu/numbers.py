"""Exact numbers and immutable exact matrices.

A program's constants are exact: every number is an ``int`` or a ``Fraction``, and a float
becomes the rational number that it is (0.1 becomes 3602879701896397/36028797018963968).
An irrational sympy number, such as ``cos(2*pi/3)``, is rounded once, on entry, to
``IRRATIONAL_BITS`` binary digits; from then on it is a rational like any other.

A :class:`Matrix` stores its non-zero entries row by row, so identity, zero and selection
matrices cost what they hold and not their area. It hashes itself once, which makes the
comparison of two nodes (see :mod:`lsrl_edu.nodes`) cheap.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from numbers import Rational, Real
from typing import Any

import numpy as np

from lsrl_edu.errors import PrecisionError, ShapeError

Number = int | Fraction
Row = tuple[tuple[int, Number], ...]

IRRATIONAL_BITS = 128
"""Binary digits kept of an irrational constant. float64 keeps 53."""


def exact(value: Any) -> Number:
    """Return ``value`` as an ``int`` or a ``Fraction``, without losing anything.

    Raises:
        PrecisionError: for NaN, infinity, complex numbers and things that are not numbers.
    """
    if type(value) is int:
        return value
    if isinstance(value, Rational):
        return simplest(Fraction(int(value.numerator), int(value.denominator)))
    if isinstance(value, Real):  # float and every numpy floating type
        return _exact_float(float(value))
    if isinstance(value, np.bool_):
        return int(value)
    if hasattr(value, "is_real") and hasattr(value, "evalf"):
        return _exact_sympy(value)
    raise PrecisionError(
        f"{value!r} is not a real number. A weight is a constant (int, float, Fraction or a real "
        "sympy number): it cannot depend on the input."
    )


def simplest(value: Number) -> Number:
    """Return an integral Fraction as an int: ints are faster and print better."""
    if type(value) is Fraction and value.denominator == 1:
        return value.numerator
    return value


def quotient(a: Number, b: Number) -> Number:
    """Return a / b exactly."""
    if type(a) is int and type(b) is int and a % b == 0:
        return a // b
    return simplest(Fraction(a) / b)


def power_of_two_at_least(value: Number) -> int:
    """Return the smallest power of two (1, 2, 4, ...) that is at least ``value``."""
    return 1 << max(0, math.ceil(value) - 1).bit_length() if value > 1 else 1


def _exact_float(value: float) -> Number:
    if not math.isfinite(value):
        raise PrecisionError(f"{value} cannot be a constant of a program: it is not finite.")
    return int(value) if value.is_integer() else Fraction(value)


def _exact_sympy(value: Any) -> Number:
    if value.is_real is not True or value.is_finite is False:
        raise PrecisionError(f"{value} cannot be a constant of a program: it is not a real number.")
    if value.is_Rational:
        return simplest(Fraction(int(value.p), int(value.q)))
    scale = 1 << IRRATIONAL_BITS
    decimal_digits = 100  # far more than IRRATIONAL_BITS need, so that only one rounding counts
    return simplest(Fraction(round((value * scale).evalf(decimal_digits)), scale))


class Matrix:
    """An immutable matrix of exact numbers, stored as its non-zero entries.

    Attributes:
        shape: (number of rows, number of columns).
        rows: for each row the (column, value) pairs of its non-zero entries, by column.
    """

    __slots__ = ("__dict__", "_hash", "rows", "shape")

    def __init__(self, rows: Iterable[Iterable[tuple[int, Number]]], columns: int):
        self.rows: tuple[Row, ...] = tuple(tuple(r) for r in rows)
        self.shape = (len(self.rows), columns)
        self._hash = hash((self.rows, columns))

    # --- making one -----------------------------------------------------------------------
    @classmethod
    def of(cls, value: Any) -> Matrix:
        """Return a Matrix from nested lists, an array, a sympy matrix, a number or a Matrix."""
        if isinstance(value, Matrix):
            return value
        table = _as_table(value)
        columns = len(table[0]) if table else 0
        if any(len(row) != columns for row in table):
            raise ShapeError(f"The rows of a matrix have different lengths: {value!r}")
        return cls((_sparse(map(exact, row)) for row in table), columns)

    @classmethod
    def column(cls, value: Any, size: int | None = None) -> Matrix:
        """Return a column vector; a flat list, a row-free number and an (n, 1) matrix all work."""
        if isinstance(value, Matrix):
            return value
        if getattr(value, "ndim", None) == 0 or not hasattr(value, "__len__"):
            return cls.of([[value]] * (size or 1))
        table = _as_table(value, column=True)
        return cls.of(table)

    @classmethod
    def zeros(cls, rows: int, columns: int) -> Matrix:
        """Return the (rows, columns) matrix of zeros."""
        return cls([()] * rows, columns)

    @classmethod
    def eye(cls, size: int) -> Matrix:
        """Return the identity matrix."""
        return cls((((i, 1),) for i in range(size)), size)

    @classmethod
    def selection(cls, indices: Sequence[int], size: int) -> Matrix:
        """Return S with (S x)[k] = x[indices[k]]: the matrix of a slice."""
        return cls((((i, 1),) for i in indices), size)

    @classmethod
    def hstack(cls, parts: Sequence[Matrix]) -> Matrix:
        """Return [P1 P2 ...], the parts side by side."""
        offsets = np.cumsum([0, *(p.shape[1] for p in parts)]).tolist()
        rows = (
            tuple((c + o, v) for p, o in zip(parts, offsets, strict=False) for c, v in p.rows[i])
            for i in range(parts[0].shape[0])
        )
        return cls(rows, offsets[-1])

    @classmethod
    def vstack(cls, parts: Sequence[Matrix]) -> Matrix:
        """Return the parts one below the other."""
        return cls((row for p in parts for row in p.rows), parts[0].shape[1])

    @classmethod
    def block_diagonal(cls, parts: Sequence[Matrix]) -> Matrix:
        """Return the matrix with the parts on its diagonal and zeros elsewhere."""
        offsets = np.cumsum([0, *(p.shape[1] for p in parts)]).tolist()
        rows = (
            tuple((c + o, v) for c, v in row)
            for p, o in zip(parts, offsets, strict=False)
            for row in p.rows
        )
        return cls(rows, offsets[-1])

    # --- arithmetic -----------------------------------------------------------------------
    def __matmul__(self, other: Matrix) -> Matrix:
        if not isinstance(other, Matrix):
            return NotImplemented  # a node, say: it knows what to do
        if self.shape[1] != other.shape[0]:
            raise ShapeError(f"Cannot multiply matrices of shapes {self.shape} and {other.shape}.")
        return Matrix((_combine(row, other.rows) for row in self.rows), other.shape[1])

    def __add__(self, other: Matrix) -> Matrix:
        if self.shape != other.shape:
            raise ShapeError(f"Cannot add matrices of shapes {self.shape} and {other.shape}.")
        pairs = zip(self.rows, other.rows, strict=True)
        return Matrix((_sum_rows(a, b) for a, b in pairs), self.shape[1])

    def __mul__(self, factor: Number) -> Matrix:
        if factor == 0:
            return Matrix.zeros(*self.shape)
        rows = (tuple((c, simplest(v * factor)) for c, v in row) for row in self.rows)
        return Matrix(rows, self.shape[1])

    @property
    def T(self) -> Matrix:
        """The transpose."""
        rows: list[list[tuple[int, Number]]] = [[] for _ in range(self.shape[1])]
        for i, row in enumerate(self.rows):
            for c, v in row:
                rows[c].append((i, v))
        return Matrix(rows, self.shape[0])

    def part(self, entries: Sequence[int]) -> Matrix:
        """Return the square part that belongs to some entries, which read only each other."""
        place = {entry: k for k, entry in enumerate(entries)}
        rows = (tuple(sorted((place[c], v) for c, v in self.rows[e])) for e in entries)
        return Matrix(rows, len(place))

    # --- asking ---------------------------------------------------------------------------
    @property
    def nonzeros(self) -> int:
        """The number of entries that are not zero."""
        return sum(map(len, self.rows))

    def __getitem__(self, position: tuple[int, int]) -> Number:
        return dict(self.rows[position[0]]).get(position[1], 0)

    @cached_property
    def first_column(self) -> tuple[Number, ...]:
        """The entries of the first column: of a column vector, all of them."""
        return tuple(row[0][1] if row and row[0][0] == 0 else 0 for row in self.rows)

    @cached_property
    def dense(self) -> np.ndarray:
        """The matrix as a read-only object array of exact numbers."""
        table = np.zeros(self.shape, dtype=object)
        for i, row in enumerate(self.rows):
            for c, v in row:
                table[i, c] = v
        table.flags.writeable = False
        return table

    @cached_property
    def float64(self) -> np.ndarray:
        """The matrix as a read-only float64 array, each entry correctly rounded."""
        table = np.zeros(self.shape)
        for i, row in enumerate(self.rows):
            for c, v in row:
                table[i, c] = to_float(v)
        table.flags.writeable = False
        return table

    def tolist(self) -> list[list[Number]]:
        """Return the entries as nested lists."""
        return self.dense.tolist()

    def __eq__(self, other: object) -> bool:
        return self is other or (
            isinstance(other, Matrix)
            and self._hash == other._hash
            and self.shape == other.shape
            and self.rows == other.rows
        )

    def __hash__(self) -> int:
        return self._hash

    def __repr__(self) -> str:
        if self.shape[0] * self.shape[1] > 64:
            return f"Matrix({self.shape[0]}x{self.shape[1]}, {self.nonzeros} non-zeros)"
        return "[" + ", ".join(f"[{', '.join(map(short, row))}]" for row in self.tolist()) + "]"


def to_float(value: Number) -> float:
    """Return the float64 nearest to an exact number.

    Raises:
        PrecisionError: where the number is too large for float64.
    """
    try:
        return float(value)
    except OverflowError:
        size = _log2(value)
        raise PrecisionError(f"A constant of about 2^{size} does not fit float64.") from None


def _log2(value: Number) -> int:
    return abs(int(value)).bit_length() - 1


def short(value: Number) -> str:
    """Return a number as people write it: 3, 1/3, 0.001, 1e10, 0.8660."""
    if isinstance(value, int):
        return str(value) if abs(value) < 10**7 else _rounded(value, 6)
    if value.denominator <= 1000 and abs(value.numerator) < 10**4:
        decimal = f"{float(value):.4g}"
        return decimal if Fraction(decimal) == value else f"{value.numerator}/{value.denominator}"
    return _rounded(value, 4)


def _rounded(value: Number, digits: int) -> str:
    try:
        text = f"{float(value):.{digits}g}"
    except OverflowError:  # beyond 1e308; a repr must not fail
        text = f"{Decimal(value.numerator) / value.denominator:.{digits}g}"
    return text.replace("e+", "e")


def _as_table(value: Any, column: bool = False) -> list[list[Any]]:
    """Return ``value`` as nested lists; a flat list is one row, or a column where asked."""
    value = value.tolist() if hasattr(value, "tolist") else value
    if not isinstance(value, list | tuple | range):
        return [[value]]
    rows = [list(r) if isinstance(r, list | tuple | range) else r for r in value]
    if any(isinstance(r, list) for r in rows):
        if not all(isinstance(r, list) for r in rows):
            raise ShapeError(f"A matrix mixes rows and numbers: {value!r}")
        return rows
    return [[v] for v in rows] if column else [rows]


def _sparse(values: Iterable[Number]) -> Row:
    return tuple((i, v) for i, v in enumerate(values) if v != 0)


def _combine(row: Row, rows: Sequence[Row]) -> Row:
    """Return the sum of rows[c] * v over the (c, v) of a row."""
    total: dict[int, Number] = {}
    for c, v in row:
        for k, w in rows[c]:
            total[k] = total.get(k, 0) + v * w
    return tuple((k, simplest(w)) for k, w in sorted(total.items()) if w != 0)


def _sum_rows(a: Row, b: Row) -> Row:
    total = dict(a)
    for c, v in b:
        total[c] = total.get(c, 0) + v
    return tuple((k, simplest(v)) for k, v in sorted(total.items()) if v != 0)
