"""GRIL: its equations, and the weights with which it does gradient descent."""

import numpy as np
import pytest
import torch

from lsrl_edu.cells import gril
from lsrl_edu.errors import ShapeError
from lsrl_edu.programs import gradient


def naive(layer, tokens):
    """The module's docstring, one prompt and one number after the other."""
    p = {k: v.detach().numpy() for k, v in layer.state_dict().items()}
    Z = np.zeros_like(p["C"])
    out = []
    for t in range(0, len(tokens) - 2, 2):
        X = tokens[t : t + 3]
        Z = p["Lambda"] * Z + X.T @ p["W"] @ X
        out.append((p["C"] @ Z) @ (X.T @ p["D"]))
    return np.array(out)


def prompt(f, pairs, seed=0, decay=None):
    X, Y, _ = gradient.task(f, pairs, seed=seed)
    return X, Y, np.asarray(gradient.sequence(X, Y))


@pytest.mark.parametrize("pairs", [1, 2, 31, 32, 33, 100])
def test_the_equations(pairs):
    torch.manual_seed(pairs)
    layer = gril.GRIL(3).double()
    batch = np.stack([prompt(3, pairs, seed)[2] for seed in range(2)])
    with torch.no_grad():
        found = layer(torch.tensor(batch)).numpy()
    assert found.shape == (2, pairs, 3)
    assert np.abs(found - [naive(layer, one) for one in batch]).max() < 1e-12


@pytest.mark.parametrize(
    ("features", "pairs", "eta"), [(1, 1, 1), (3, 10, 2), (10, 10, 6), (2, 90, 0.5)]
)
def test_the_construction_is_one_step_of_gradient_descent(features, pairs, eta):
    X, Y, tokens = prompt(features, pairs)
    with torch.no_grad():
        found = gril.gradient_step(features, eta)(torch.tensor(tokens)[None])[0].numpy()
    assert np.abs(found - gradient.predictions(X, Y, eta)[1:]).max() < 1e-12
    program = gradient.program(features, eta=eta).run(tokens)[2::2]
    assert np.abs(found - program).max() < 1e-12


def test_another_construction_is_another_function():
    X, Y, tokens = prompt(3, 5)
    with torch.no_grad():
        found = gril.gradient_step(3, 2.001)(torch.tensor(tokens)[None])[0].numpy()
    assert np.abs(found - gradient.predictions(X, Y, 2)[1:]).max() > 1e-6


def test_a_lambda_below_one_forgets():
    X, Y, tokens = prompt(3, 8)
    layer = gril.gradient_step(3, 2)
    with torch.no_grad():
        layer.Lambda.fill_(0.75)
        found = layer(torch.tensor(tokens)[None])[0].numpy()
    assert np.abs(found - gradient.predictions(X, Y, 2, decay=0.75)[1:]).max() < 1e-12


def test_gradients_reach_every_parameter_in_all_chunks():
    torch.manual_seed(0)
    layer = gril.GRIL(2).double()
    U = torch.randn(3, 70, 2, 2, dtype=torch.float64)
    fast = gril.accumulate(layer.Lambda, U)
    Z, slow = torch.zeros(3, 2, 2, dtype=torch.float64), []
    for u in U.unbind(1):
        Z = layer.Lambda * Z + u
        slow.append(Z)
    slow = torch.stack(slow, 1)
    assert torch.allclose(fast, slow, atol=1e-12)
    one, other = (torch.autograd.grad(z.square().sum(), layer.Lambda)[0] for z in (fast, slow))
    assert torch.allclose(one, other, rtol=1e-9)
    layer(torch.randn(2, 9, 2, dtype=torch.float64)).square().sum().backward()
    assert all(p.grad.abs().max() > 0 for p in layer.parameters())


@pytest.mark.parametrize("cls", [gril.WithoutProduct, gril.WithoutGate])
def test_without_a_part(cls):
    """Doubling all tokens shows the degree of the output: it is 3 for a whole GRIL."""
    torch.manual_seed(0)
    tokens = torch.randn(2, 7, 3, dtype=torch.float64)
    whole, part = gril.GRIL(3).double(), cls(3).double()
    assert torch.allclose(whole(2 * tokens), 8 * whole(tokens))
    assert torch.allclose(part(2 * tokens), 4 * part(tokens))


def test_scales_are_taken_out():
    layer = gril.gradient_step(4, 3)
    with torch.no_grad():
        layer.W.mul_(-2)
        layer.D.mul_(5)
        layer.C.div_(-10)
    wanted = gril.gradient_step_weights(4, 3)
    for name, found in gril.normalised(layer).items():
        assert torch.allclose(found, wanted[name]), name
    assert abs(gril.rate(layer) - 3) < 1e-12


@pytest.mark.parametrize(
    ("shape", "words"),
    [((2, 5, 4), "reads tokens"), ((5, 3), "reads tokens"), ((1, 4, 3), "odd"), ((1, 1, 3), "odd")],
)
def test_what_is_no_prompt_is_refused(shape, words):
    with pytest.raises(ShapeError, match=words):
        gril.GRIL(3)(torch.zeros(shape))
