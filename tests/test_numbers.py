import math
import pickle
from fractions import Fraction

import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from lsrl_edu.errors import PrecisionError, ShapeError
from lsrl_edu.numbers import Matrix, exact, power_of_two_at_least, short, simplest, to_float

numbers = st.sampled_from([0, 0, 1, -1, 2, Fraction(1, 3), Fraction(-7, 2), 10**20])


@st.composite
def tables(draw, rows=None, columns=None):
    rows = rows or draw(st.integers(1, 4))
    columns = columns or draw(st.integers(1, 4))
    row = st.lists(numbers, min_size=columns, max_size=columns)
    return draw(st.lists(row, min_size=rows, max_size=rows))


def array(table):
    return np.array(table, dtype=object)


def same(matrix, table):
    return matrix.tolist() == array(table).tolist() and matrix.shape == array(table).shape


# --- single numbers --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "given_, expected",
    [
        (3, 3),
        (True, 1),
        (np.int64(-4), -4),
        (np.bool_(True), 1),
        (0.5, Fraction(1, 2)),
        (2.0, 2),
        (-0.0, 0),
        (1e10, 10**10),
        (np.float32(0.25), Fraction(1, 4)),
        (Fraction(6, 3), 2),
        (sympy.Rational(2, 3), Fraction(2, 3)),
        (sympy.Integer(5), 5),
        (sympy.Float("0.5"), Fraction(1, 2)),
    ],
)
def test_exact_loses_nothing(given_, expected):
    result = exact(given_)
    assert result == expected
    assert type(result) is type(expected)


def test_a_float_becomes_the_rational_it_is():
    assert exact(0.1) == Fraction(3602879701896397, 36028797018963968)


def test_an_irrational_number_is_rounded_once_to_128_bits():
    root = exact(sympy.sqrt(2))
    assert root.denominator <= 2**128
    assert abs(root**2 - 2) < Fraction(3, 2**128)


@pytest.mark.parametrize(
    "value", [math.nan, math.inf, -math.inf, np.float64("nan"), 1j, "1", None, [1], sympy.I]
)
def test_exact_refuses_what_is_no_finite_real_number(value):
    with pytest.raises(PrecisionError):
        exact(value)


@given(st.fractions())
def test_simplest_keeps_the_value(value):
    assert simplest(value) == value
    assert isinstance(simplest(value), int) == (value.denominator == 1)


@given(st.fractions(min_value=0, max_value=10**6))
def test_power_of_two_at_least_is_the_smallest(value):
    power = power_of_two_at_least(value)
    assert power >= value
    assert power == 1 or power / 2 < value
    assert power & (power - 1) == 0


@pytest.mark.parametrize(
    "value, text",
    [
        (3, "3"),
        (10**10, "1e10"),
        (-(10**10), "-1e10"),
        (Fraction(1, 3), "1/3"),
        (Fraction(1, 1000), "0.001"),
        (Fraction(1, 2), "0.5"),
        (exact(math.sqrt(3) / 2), "0.866"),
    ],
)
def test_short_writes_numbers_as_people_do(value, text):
    assert short(value) == text


def test_short_and_repr_never_raise():
    huge = 10**400
    assert short(huge) and short(-huge) and short(Fraction(huge, 3)) and short(Fraction(1, huge))
    assert "Matrix" in repr(Matrix.eye(20))
    assert repr(Matrix.of([[huge]]))


def test_to_float_rounds_to_nearest_and_refuses_what_does_not_fit():
    assert to_float(Fraction(1, 3)) == 1 / 3
    assert to_float(2**53 + 1) == 2.0**53
    with pytest.raises(PrecisionError, match=r"2\^1328"):
        to_float(10**400)


# --- making matrices -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value, rows",
    [
        ([[1, 2], [3, 4]], [[1, 2], [3, 4]]),
        ([1, 2], [[1, 2]]),
        (7, [[7]]),
        (np.array([[0.5, 0]]), [[Fraction(1, 2), 0]]),
        (np.float64(2), [[2]]),
        (sympy.Matrix([[1, 0], [0, 2]]), [[1, 0], [0, 2]]),
        (((1,), (2,)), [[1], [2]]),
        ([range(3)], [[0, 1, 2]]),
    ],
)
def test_matrix_of(value, rows):
    assert Matrix.of(value).tolist() == rows


@pytest.mark.parametrize(
    "value, size, rows",
    [
        ([1, 2], None, [[1], [2]]),
        ([[1], [2]], None, [[1], [2]]),
        (np.array([1, 2]), None, [[1], [2]]),
        (3, 2, [[3], [3]]),
        (np.float64(3), 2, [[3], [3]]),
        (np.int64(3), 1, [[3]]),
        (sympy.Rational(1, 2), 2, [[Fraction(1, 2)]] * 2),
        (Fraction(1, 2), None, [[Fraction(1, 2)]]),
    ],
)
def test_matrix_column(value, size, rows):
    assert Matrix.column(value, size).tolist() == rows


@pytest.mark.parametrize("value", [[[1, 2], [3]], [[1], 2]])
def test_ragged_matrices_are_refused(value):
    with pytest.raises(ShapeError):
        Matrix.of(value)


def test_structural_matrices():
    assert same(Matrix.eye(3), np.eye(3, dtype=int))
    assert same(Matrix.zeros(2, 3), np.zeros((2, 3), dtype=int))
    assert same(Matrix.selection([2, 0], 3), [[0, 0, 1], [1, 0, 0]])
    assert Matrix.eye(1000).nonzeros == 1000


@given(tables(rows=2), tables(rows=2), tables(columns=3), tables(columns=3))
def test_stacking_equals_numpy(a, b, c, d):
    left, right = Matrix.of(a), Matrix.of(b)
    assert same(Matrix.hstack([left, right]), np.hstack([array(a), array(b)]))
    assert same(Matrix.vstack([Matrix.of(c), Matrix.of(d)]), np.vstack([array(c), array(d)]))
    block = Matrix.block_diagonal([left, right, Matrix.of(c)])
    rows, columns = np.cumsum([0, 2, 2, len(c)]), np.cumsum([0, len(a[0]), len(b[0]), 3])
    expected = np.zeros((rows[-1], columns[-1]), dtype=object)
    for i, part in enumerate((a, b, c)):
        expected[rows[i] : rows[i + 1], columns[i] : columns[i + 1]] = array(part)
    assert same(block, expected)


# --- arithmetic ------------------------------------------------------------------------------


@given(st.data())
def test_arithmetic_equals_numpy_on_objects(data):
    n, k, m = (data.draw(st.integers(1, 4)) for _ in range(3))
    a, b, c = (data.draw(tables(*shape)) for shape in [(n, k), (n, k), (k, m)])
    factor = data.draw(numbers)
    A, B, C = map(Matrix.of, (a, b, c))
    assert same(A @ C, array(a).dot(array(c)))
    assert same(A + B, array(a) + array(b))
    assert same(A * factor, array(a) * factor)
    assert same(A.T, array(a).T)
    assert A.nonzeros == np.count_nonzero(array(a))
    assert all(A[i, j] == a[i][j] for i in range(n) for j in range(k))


@given(tables())
def test_a_matrix_equals_what_it_was_made_of(table):
    matrix = Matrix.of(table)
    assert same(matrix, table)
    again = Matrix.of(matrix.tolist())
    assert again == matrix and hash(again) == hash(matrix) and again is not matrix
    assert Matrix.of(matrix) is matrix
    assert matrix.float64.tolist() == [[float(v) for v in row] for row in table]
    assert (matrix + matrix * -1).nonzeros == 0
    assert matrix != matrix + Matrix.of(np.ones(matrix.shape))


@given(tables(), tables())
def test_matrices_with_equal_entries_are_equal_and_no_others(a, b):
    assert (Matrix.of(a) == Matrix.of(b)) == (a == b)


def test_equality_with_other_things():
    assert Matrix.eye(1) != 1
    assert Matrix.zeros(1, 2) != Matrix.zeros(1, 3)


def test_the_stored_arrays_cannot_be_changed():
    matrix = Matrix.eye(2)
    for table in (matrix.dense, matrix.float64):
        with pytest.raises(ValueError):
            table[0, 0] = 5


def test_wrong_shapes_are_refused():
    with pytest.raises(ShapeError, match=r"\(2, 2\) and \(3, 3\)"):
        Matrix.eye(2) @ Matrix.eye(3)
    with pytest.raises(ShapeError, match=r"\(2, 2\) and \(3, 3\)"):
        Matrix.eye(2) + Matrix.eye(3)


def test_a_matrix_survives_pickling():
    matrix = Matrix.of([[Fraction(1, 3), 0]])
    assert pickle.loads(pickle.dumps(matrix)) == matrix
