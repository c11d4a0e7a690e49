"""Probes find what is there, and their controls fail."""

import numpy as np
import pytest

import lsrl_edu as ls
from lsrl_edu.errors import ShapeError
from lsrl_edu.study import patching, probing

RNG = np.random.default_rng(0)


def test_a_linear_variable_is_found_with_its_weights():
    X = RNG.standard_normal((20, 15, 3))
    weights, score = probing.probe(X, 2 * X[..., 0] - X[..., 2] + 7)
    assert score > 1 - 1e-9
    assert weights == pytest.approx([2, 0, -1, 7], abs=1e-3)


def test_another_variable_is_not_found():
    X = RNG.standard_normal((40, 15, 3))
    assert probing.probe(X, RNG.standard_normal((40, 15)))[1] < 0.05
    assert probing.probe(X, X[..., 0] ** 2)[1] < 0.05  # not linear


def test_a_variable_that_does_not_vary_scores_nothing():
    X = RNG.standard_normal((4, 5, 2))
    assert probing.probe(X, np.ones((4, 5)))[1] == 0
    assert np.isfinite(probing.probe(0 * X, X[..., 0])[1])


@pytest.mark.parametrize("shape", [(4, 6), (3, 5), (4,)])
def test_shapes_that_do_not_fit(shape):
    with pytest.raises(ShapeError, match="B at least 2"):
        probing.probe(np.zeros((4, 5, 2)), np.zeros(shape))


def test_controls_of_a_compiled_network():
    """The count is found; shuffled it is not; of another sequence, its growth is."""
    program = ls.programs.more_ones.program()
    xs = RNG.integers(0, 2, (100, 20, 1)).astype(float)
    model, _ = patching.rotated(ls.compile(program, "linear_rnn", horizon=20))
    states = patching.activations(model, xs)
    ones = xs.cumsum(axis=1)[..., 0]
    assert probing.profile(states, ones)[0] > 1 - 1e-6
    found = {k: probing.probe(states[0], v)[1] for k, v in probing.controls(ones, xs).items()}
    assert found["shuffled"] < 0.02 and found["random rule"] < 0.02
    assert 0.5 < found["other sequence"] < 0.95
    assert probing.probe(states[0], ones % 2)[1] < 0.02  # the parity is not computed


def test_the_random_rule_is_a_rule():
    xs = np.array([[0, 1, 0], [0, 1, 1], [0, 1, 0]], float)[..., None]
    rule = probing.controls(np.zeros((3, 3)), xs)["random rule"]
    assert set(np.unique(rule)) <= {-1, 1}
    assert (rule[0] == rule[2]).all() and (rule[0, :2] == rule[1, :2]).all()
