from fractions import Fraction

import numpy as np
import pytest

import lsrl_edu as ls
from lsrl_edu.numbers import Matrix
from lsrl_edu.show.words import formula, matrix_text, neat, say, say_vector, start_formula


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (3.0, "3"),
        (-0.0, "0"),
        (0.1 + 0.2, "0.3"),
        (1 - 1e-12, "≈1"),
        (1e-16, "1e-16"),
        (float("inf"), "inf"),
        (Fraction(1, 3), "1/3"),
        (Fraction(6, 2), "3"),
        (np.float64(2.5), "2.5"),
        (1e10, "1e10"),
        (True, "1"),
    ],
)
def test_numbers_are_written_as_people_write_them(value, written):
    assert say(value) == written


def test_balls_and_formulas_can_be_said():
    import sympy
    from flint import arb

    assert say(arb(1) / 4) == "0.25000" or say(arb(1) / 4) == "0.25"
    assert say(sympy.Symbol("a") + 1) == "a + 1"


def test_large_exact_numbers_have_no_idle_zeros():
    assert neat(10**10) == "1e10"
    assert neat(-(10**12) * 5) == "-5e12"
    assert neat(Fraction(866025403, 10**9)) == "0.866"


def test_vectors_are_cut_short():
    assert say_vector([1.0, 0.0]) == "(1, 0)"
    assert say_vector([2.0]) == "2"
    assert say_vector(range(9)) == "(0, 1, 2, 3, 4, … 9 in all)"


@pytest.mark.parametrize(
    ("matrix", "written"),
    [
        ([[1, -1]], "[1 -1]"),
        ([[1, 0], [0, 1]], "I"),
        ([[3, 0], [0, 3]], "3I"),
        ([[1, 0, -1, 0], [0, 1, 0, -1]], "[I -I]"),
        ([[0, 0]], "0"),
        ([[7]], "7"),
    ],
)
def test_matrices_are_written_compactly(matrix, written):
    assert matrix_text(Matrix.of(matrix)) == written


def test_a_large_matrix_is_summed_up():
    assert matrix_text(Matrix([[(0, 2)]] + [()] * 7, 8)) == "8x8 with 1 non-zero"


def formulas():
    x, w = ls.Input(1), ls.Input(4)
    a, b = ls.ReLU(x, name="a"), ls.ReLU(-x, name="b")
    turn = [[0, -1], [1, 0]]
    return [
        (ls.Linear(x, [[10]], [-0.1]), "10 x − 0.1"),
        (1 - x, "1 − x"),
        (-x, "−x"),
        (a - b, "a − b"),
        (a * b, "a × b"),
        (ls.f_constant(x, 3), "always 3"),
        (w[2], "x[2]"),
        (w[1:3], "x[1:3]"),
        (ls.Linear(w, [[1, 0, 0, 2]]), "x[0] + 2 x[3]"),
        (ls.LinState(x, [[1]], [[1]]), "s ← s + x"),
        (ls.LinState(x, [[0.9]], [[0.1]], b=[-1]), "s ← 0.9 s + 0.1 x − 1"),
        (ls.LinState(w[:2], turn, [[1, 0], [0, 1]]), "s ← s turned by 90° + x"),
        (ls.LinState(x, [[0]], [[0]]), "s ← 0"),
    ]


@pytest.mark.parametrize(("node", "written"), formulas())
def test_formulas(node, written):
    assert formula(node) == written


def test_a_state_says_where_it_starts():
    x = ls.Input(1)
    assert start_formula(ls.LinState(x, [[1]], [[1]], init_state=[-1])) == "s₀ = −1"
    assert start_formula(ls.LinState(x, [[1]], [[1]])) == ""
