import copy
import gc
import pickle
from fractions import Fraction

import numpy as np
import pytest
import sympy

import lsrl_edu as ls
from lsrl_edu.errors import PrecisionError, ProgramError, ShapeError
from lsrl_edu.nodes import Node, _interned, repeated, same_width
from lsrl_edu.numbers import Matrix

X = ls.Input(2, name="x")
ROW = [3.0, -4.0]
PAIR = [1, 2]


def value(node, row=ROW):
    """The value of a node of X for one element."""
    return ls.Program(node).run([row])[0].tolist()


# --- identity is equality --------------------------------------------------------------------


def test_equal_parts_give_the_same_node():
    again = ls.Input(2, name="x")
    assert again is X
    assert ls.ReLU(X) is ls.ReLU(again)
    assert ls.Linear(X, np.eye(2)) is ls.Linear(X, [[1, 0], [0, 1]], [0, 0])
    assert (X + 1) is (X + 1)
    assert X[0] is X[0:1]


def test_any_different_part_gives_another_node():
    eye = np.eye(2)
    base = ls.LinState(X, eye, eye)
    others = [
        ls.LinState(X, eye * 2, eye),
        ls.LinState(X, eye, eye * 2),
        ls.LinState(X, eye, eye, b=[1, 0]),
        ls.LinState(X, eye, eye, init_state=[1, 0]),
        ls.LinState(X, eye, eye, name="s"),
        ls.LinState(X + 1, eye, eye),
        ls.Linear(X, eye),
    ]
    assert len({base, *others}) == 8


def test_forgotten_nodes_are_forgotten():
    before = len(_interned)
    node = ls.ReLU(X * 12345)
    assert len(_interned) > before
    del node
    gc.collect()
    assert len(_interned) <= before


def test_nodes_never_change():
    node = ls.ReLU(X)
    with pytest.raises(AttributeError, match="immutable"):
        node.name = "y"
    assert copy.copy(node) is node and copy.deepcopy(node) is node
    assert pickle.loads(pickle.dumps(node)) is node


def test_parts_are_attributes():
    state = ls.LinState(X, [[1]], [[1, 2]], init_state=[5])
    assert Matrix.eye(1) == state.A and Matrix.of([[1, 2]]) == state.B
    assert state.b == Matrix.zeros(1, 1) and state.init_state == Matrix.of([[5]])
    with pytest.raises(AttributeError, match="LinState has no attribute 'C'"):
        _ = state.C
    assert not hasattr(X, "A")


def test_named():
    node = ls.ReLU(X).named("positive")
    assert node.name == node.label == "positive"
    assert node is not ls.ReLU(X) and node is ls.ReLU(X, name="positive")
    assert ls.ReLU(X).label == "ReLU"
    with pytest.raises(ProgramError, match="must be a string"):
        ls.ReLU(X, name=3)


def test_repr_names_what_is_read():
    assert repr(ls.ReLU(X, name="r")) == "<ReLU 'r' width 2 of x>"
    assert repr(X) == "<Input 'x' width 2>"


# --- operators -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "node, expected",
    [
        (X + 1, [4, -3]),
        (1 + X, [4, -3]),
        (X + PAIR, [4, -2]),
        (X + np.array([1, 2]), [4, -2]),
        (np.array([1, 2]) + X, [4, -2]),
        (X + np.float64(1), [4, -3]),
        (np.float64(1) + X, [4, -3]),
        (X - 1, [2, -5]),
        (1 - X, [-2, 5]),
        (np.array([1, 2]) - X, [-2, 6]),
        (-X, [-3, 4]),
        (X * 2, [6, -8]),
        (2 * X, [6, -8]),
        (np.float64(2) * X, [6, -8]),
        (X * sympy.Rational(1, 2), [1.5, -2]),
        (X / 2, [1.5, -2]),
        (X / Fraction(1, 2), [6, -8]),
        (X + X, [6, -8]),
        (X - X[::-1], [7, -7]),
        (X + X[0], [6, -1]),
        (X[0] - X, [0, 7]),
        (X * X, [9, 16]),
        (X[1] * X, [-12, 16]),
        ([[1, 1]] @ X, [-1]),
        (np.array([[1, 1], [1, -1]]) @ X, [-1, 7]),
        (X @ np.array([[1, 2, 3], [0, 1, 0]]), [3, 2, 9]),
        (X[-1], [-4]),
        (X[::-1], [-4, 3]),
        (ls.Concat(X, X[0]), [3, -4, 3]),
        (ls.Concat([X, X]), [3, -4, 3, -4]),
        (ls.Multi(X), [-12]),
        (ls.ReLU(X), [3, 0]),
        (repeated(X[1], 3), [-4, -4, -4]),
    ],
)
def test_operators(node, expected):
    assert value(node) == expected


def test_a_node_is_a_vector_of_its_parts():
    assert len(X) == 2
    assert list(X) == [X[0], X[1]]
    assert same_width(X, X[0])[1].dim == 2


# --- mistakes --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "mistake, error, words",
    [
        (lambda: bool(X), ProgramError, "f_ifelse"),
        (lambda: X < 1, ProgramError, "f_larger"),
        (lambda: X >= X, ProgramError, "f_larger"),
        (lambda: X / X, ProgramError, "no division"),
        (lambda: X / 0, ProgramError, "by zero"),
        (lambda: X * [1, 2], ShapeError, "matrix product"),
        (lambda: X + [1] * 3, ShapeError, "2 numbers"),
        (lambda: X + ls.Concat(X, X[0]), ShapeError, "width 2 and Concat has width 3"),
        (lambda: X[2], IndexError, "no part 2"),
        (lambda: X[2:], ShapeError, "empty"),
        (lambda: X["a"], ShapeError, "number or a slice"),
        (lambda: X + float("nan"), PrecisionError, "not finite"),
        (lambda: X + "a", PrecisionError, "not a real number"),
        (lambda: ls.Input(0), ShapeError, "at least 1"),
        (lambda: ls.Input(True), ShapeError, "integer"),
        (
            lambda: ls.Linear(X, [[1]], name="sum"),
            ShapeError,
            "Linear 'sum'.*width 1.*x has width 2",
        ),
        (lambda: ls.Linear(X, [[1, 1]], [1, 2]), ShapeError, "must hold 1 numbers"),
        (lambda: ls.Linear(3, [[1]]), ProgramError, "f_constant"),
        (lambda: ls.LinState(X, [[1, 0]], [[1, 0]]), ShapeError, "square"),
        (lambda: ls.LinState(X, [[1]], [[1, 0], [0, 1]]), ShapeError, "one row for each entry"),
        (lambda: ls.LinState(X, [[1]], [[1]]), ShapeError, "width 1"),
        (lambda: ls.LinState(X, [[1]], [[1, 1]], init_state=[1, 2]), ShapeError, "init_state"),
        (lambda: ls.Concat(), ShapeError, "at least one"),
        (lambda: ls.Concat(X, 3), ProgramError, "int 3"),
        (lambda: ls.Multi(X[0]), ShapeError, "must be even"),
        (lambda: ls.ReLU([X]), ProgramError, "reads nodes"),
    ],
)
def test_mistakes_get_an_answer(mistake, error, words):
    with pytest.raises(error, match=words):
        mistake()


def test_the_base_class_is_not_for_use():
    with pytest.raises(TypeError, match="Use Input"):
        Node()
