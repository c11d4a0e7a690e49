"""Random regressions and their textbook answers."""

import numpy as np
import pytest
import torch

from lsrl_edu.errors import LSRLError
from lsrl_edu.programs import gradient
from lsrl_edu.study import regression as rg
from lsrl_edu.study.regression import Tasks, generator


def test_prompts_are_pairs_of_one_matrix():
    tokens, targets = Tasks(3, 7).draw(4, generator(0))
    assert tokens.shape == (4, 15, 3) and targets.shape == (4, 7, 3)
    x, y = rg.split(tokens)
    assert x.abs().max() <= 0.5 and x.shape == (4, 8, 3)
    assert torch.equal(targets[:, :-1], y[:, 1:])
    M = torch.linalg.lstsq(x[:, :-1], y).solution
    assert torch.allclose(x[:, -1:] @ M, targets[:, -1:], atol=1e-4)
    again, _ = Tasks(3, 7).draw(4, generator(0))
    assert torch.equal(tokens, again)


def test_scale_makes_every_x_larger():
    one, two = (Tasks(2, 3, s).draw(5, generator(1))[0] for s in (1, 2))
    assert torch.allclose(2 * one, two)


@pytest.mark.parametrize("steps", [1, 2, 5])
def test_gradient_descent_is_that_of_the_programs(steps):
    tokens, _ = Tasks(3, 6).draw(2, generator(0))
    found = rg.gradient_descent(tokens, 2.5, steps).numpy()
    for one, prompt in zip(found, tokens.double(), strict=True):
        x, y = (part[0].numpy() for part in rg.split(prompt[None]))
        assert np.abs(one - gradient.predictions(x, y, 2.5, steps)[1:]).max() < 1e-12


def test_least_squares_is_what_many_steps_come_to():
    tokens, targets = Tasks(3, 12).draw(5, generator(0))
    exact = rg.least_squares(tokens)
    assert rg.share(exact, targets)[2:].max() < 1e-8 < rg.share(exact, targets)[1]
    eta = 3 / float(torch.linalg.eigvalsh(rg.moments(tokens)[1][:, -1]).max())
    assert torch.allclose(rg.gradient_descent(tokens, eta, 4000), exact, atol=1e-5)
    ridge = rg.least_squares(tokens, 1e6)
    assert rg.share(ridge, targets)[-1] > 0.99


@pytest.mark.parametrize("tasks", [Tasks(3, 10), Tasks(10, 10), Tasks(5, 4, 2.0)])
def test_the_best_rate_is_the_best(tasks):
    tokens, targets = tasks.draw(4000, generator(3))
    losses = {
        k: float(rg.share(rg.gradient_descent(tokens, k * rg.best_rate(tasks)), targets)[-1])
        for k in (0.9, 1, 1.1)
    }
    assert losses[1] == min(losses.values())
    assert abs(losses[1] - rg.best_share(tasks)) < 0.02


def test_a_rate_is_found_by_trying():
    tasks = Tasks(3, 10)
    prompts = tasks.draw(2000, generator(0))
    assert abs(rg.tuned_rate(*prompts, steps=1, tries=60) / rg.best_rate(tasks) - 1) < 0.1
    with pytest.raises(LSRLError, match="end of the grid"):
        rg.tuned_rate(prompts[0], -prompts[1], steps=1, tries=10)
