from fractions import Fraction

import numpy as np
import pytest

from lsrl_edu.errors import DomainError, PrecisionError, ProgramError, ShapeError
from lsrl_edu.programs import descent


def floats(pairs=5, features=3, outputs=2):
    X, Y, _ = descent.task(features, pairs, 0, outputs)
    return X, Y


# --- it is gradient descent --------------------------------------------------------------------


def loss_of(W, X, Y, decay=1.0, loss="squared"):
    """The loss, from its definition."""
    guesses = X @ W.T
    weights = decay ** np.arange(len(X))[::-1]
    if loss == "squared":
        return 0.5 * (weights * ((guesses - Y) ** 2).sum(1)).sum()
    log_softmax = guesses - np.log(np.exp(guesses).sum(1, keepdims=True))
    return -(weights * (log_softmax * Y).sum(1)).sum()


def slope(function, W, h=1e-5):
    """The gradient by central differences."""
    out = np.zeros_like(W)
    for where in np.ndindex(W.shape):
        step = np.zeros_like(W)
        step[where] = h
        out[where] = (function(W + step) - function(W - step)) / (2 * h)
    return out


@pytest.mark.parametrize("loss", ["squared", "cross_entropy"])
@pytest.mark.parametrize("decay", [1, 0.5])
def test_a_step_goes_down_the_gradient(loss, decay):
    X, Y = floats(outputs=3)
    X, Y = X[:-1], descent.one_hot([0, 2, 1, 1, 0], 3) if loss == "cross_entropy" else Y
    start = np.zeros((3, 3))
    down = slope(lambda W: loss_of(W, X, Y, decay, loss), start)
    found = descent.descend(X, Y, 0.6, decay=decay, loss=loss)
    assert found == pytest.approx(-0.6 / 3 * down, abs=1e-8)


def test_the_second_step_goes_down_from_the_first():
    X, Y = floats()
    first = descent.descend(X[:-1], Y, 0.6)
    down = slope(lambda W: loss_of(W, X[:-1], Y), first)
    assert descent.descend(X[:-1], Y, 0.6, steps=2) == pytest.approx(first - 0.2 * down, abs=1e-8)


def test_many_steps_find_the_map():
    X, Y, W = descent.task(2, 40)
    assert descent.descend(X[:-1], Y, 0.3, steps=200) == pytest.approx(W, abs=1e-4)


@pytest.mark.parametrize("decay", [1, 0.25])
def test_fractions_say_what_floats_say(decay):
    X, Y = floats()
    exactly = descent.predictions(*map(descent.fractions, (X, Y)), 0.3, 3, decay)
    assert {type(v) for v in exactly.ravel()} == {Fraction}
    assert descent.predictions(X, Y, 0.3, 3, decay) == pytest.approx(exactly.astype(float))


def test_one_pair_by_hand():
    assert descent.descend([[1, 2]], [[10]], eta=1).tolist() == [[5, 10]]
    assert descent.predictions([[1, 2], [3, 4]], [[10]], eta=1).tolist() == [[0], [55]]
    assert descent.descend([[1, 2]], [[1, 0]], 1, loss="cross_entropy").tolist() == [
        [0.25, 0.5],
        [-0.25, -0.5],
    ]


def test_no_pair_leaves_W_at_0():
    assert descent.descend(np.zeros((0, 3)), np.zeros((0, 2)), 1).tolist() == [[0] * 3] * 2


def test_the_past_weighs_less():
    assert descent.past_weights(3, 0.5).tolist() == [0.25, 0.5, 1]
    assert descent.past_weights(3, 0).tolist() == [0, 0, 1]
    third = Fraction(1, 3)
    assert descent.past_weights(2, third, object).tolist() == [third, 1]


def test_hidden_features():
    hidden = [[1, 1], [-1, 0], [0, 0]], [0, 1, 2]
    assert descent.lifted([[1, 2], [-3, 0]], hidden).tolist() == [[3, 0, 2], [0, 4, 2]]


def test_a_task_is_as_published():
    X, Y, W = descent.task(10, 500)
    assert abs(X).max() <= 0.5 < abs(X).max() + 0.001
    assert (X.shape, Y.shape) == ((501, 10), (500, 10))
    assert (X[:-1] @ W.T == Y).all()
    assert W.std() == pytest.approx(1, abs=0.2)
    assert descent.task(2, 3, seed=1)[0].tolist() != descent.task(2, 3, seed=2)[0].tolist()


X3, Y2 = [[1, 2], [3, 4], [5, 6]], [[1, 1], [2, 2]]


@pytest.mark.parametrize(
    "mistake, error, words",
    [
        (lambda: descent.descend(X3, Y2, 1), ShapeError, "3 rows"),
        (lambda: descent.descend([[]], [[1]], 1), ShapeError, "width 0"),
        (lambda: descent.predictions(Y2, Y2, 1), ShapeError, "one x more"),
        (lambda: descent.predictions(X3, Y2, 1, steps=0), ProgramError, "steps=0"),
        (lambda: descent.one_hot([0, 3], 3), DomainError, "label 3"),
        (lambda: descent.lifted(X3, ([[1]], [1])), ShapeError, r"\(1, 2\)"),
        (lambda: descent.descend(Y2, Y2, np.nan), PrecisionError, "nan"),
        (lambda: descent.descend(Y2, Y2, 1, decay=2), DomainError, "decay=2"),
        (lambda: descent.descend(Y2, Y2, 1, loss="no"), ProgramError, "cross_entropy"),
        (lambda: descent.fractions([[1, "a"]]), PrecisionError, r"\(0, 1\)"),
    ],
)
def test_mistakes_get_an_answer(mistake, error, words):
    with pytest.raises(error, match=words):
        mistake()
