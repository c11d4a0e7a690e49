"""Latches: fixed points, what they do with every short word, and the noise they stand."""

from itertools import product

import numpy as np
import pytest
import torch

from lsrl_edu.errors import LSRLError
from lsrl_edu.study import latches
from lsrl_edu.study.latches import HOLD, LATCHES, RESET, SET
from lsrl_edu.study.noise import DRIFT, Setting, draw
from lsrl_edu.study.problems import Same
from lsrl_edu.study.subjects import ModuleSubject, set_weights

WORDS = list(product((SET, RESET, HOLD), repeat=5))
MAKERS = {**LATCHES, "LSTM, gates shut": latches.lstm_register}
UNITS = {
    "tanh latch": (torch.nn.RNN, 1),
    "ReLU latch, inverters": (torch.nn.RNN, 4),
    "ReLU latch, ramp": (torch.nn.RNN, 2),
    "LSTM latch": (torch.nn.LSTM, 1),
    "GRU latch": (torch.nn.GRU, 1),
}


def tensor(words):
    return torch.tensor(words, dtype=torch.float64)


@torch.no_grad()
def held(module, time=200):
    """Return the outputs after a reset and after a set, and ``time`` elements of nothing."""
    words = [[first] + [HOLD] * time for first in (RESET, SET)]
    return module(tensor(words))[:, -1, 0].numpy()


@torch.no_grad()
def shaken(make, errors, relative=True):
    """Return the module with one error for each weight that is not zero (initial states aside)."""
    clean, noisy = make(), make()
    subject = ModuleSubject("latch", clean)
    errors = np.broadcast_to(errors, subject.weights.shape) * subject.mask(None)
    size = np.abs(subject.weights) if relative else 1.0
    set_weights(noisy, clean, subject.weights + errors * size)
    return noisy


@pytest.mark.parametrize("name", MAKERS)
@torch.no_grad()
def test_every_word_sets_resets_and_holds(name):
    got = MAKERS[name]()(tensor(WORDS))[..., 0].numpy() > 0.5
    assert (got == [latches.spec(word) for word in WORDS]).all()


@pytest.mark.parametrize("name", LATCHES)
def test_it_is_a_released_module_and_keeps_both_bits(name):
    module = LATCHES[name]()
    assert (type(module.rnn), module.rnn.hidden_size) == UNITS[name]
    assert np.allclose(held(module, 2000), [0, 1], atol=1e-12)


def test_the_fixed_points_are_exact():
    h = latches.resting(4)
    assert np.tanh(4 * h) == h and 0.999 < h < 1
    for make in (latches.relu_latch, latches.ramp_latch):
        assert (held(make()) == [0, 1]).all()
    with pytest.raises(LSRLError, match="gain > 1"):
        latches.resting(1)


@pytest.mark.parametrize("gain", [1.5, 2, 4])
def test_two_fixed_points_meet_at_the_largest_bias(gain):
    edge = latches.largest_bias(gain)
    for factor, count in ((0.99, 3), (1.01, 1)):
        h = np.linspace(-1, 1, 200_001)
        crossings = np.diff(np.sign(np.tanh(gain * h + factor * edge) - h)) != 0
        assert crossings.sum() == count
    assert latches.largest_bias(1) == 0


@pytest.mark.parametrize("relative", [True, False])
def test_the_relu_latch_holds_up_to_its_margin_and_not_beyond(relative):
    margin = latches.relu_margin(relative=relative)
    rng = np.random.default_rng(0)
    module = latches.relu_latch()
    count = len(ModuleSubject("", module).weights)
    for _ in range(50):
        errors = 0.999 * margin * rng.uniform(-1, 1, count)
        low, high = held_states(shaken(latches.relu_latch, errors, relative))
        assert low[0] == 0 < low[1] and high[1] == 0 < high[0]
    worst = worst_errors(module)
    for factor, both in ((0.99, True), (1.01, False)):
        low, high = held_states(shaken(latches.relu_latch, factor * margin * worst, relative))
        assert (low[0] == 0 and high[1] == 0) == both


def worst_errors(module):
    """Both inhibitions weaker, the bias of p smaller and that of q larger: p cannot hold q down."""
    errors = []
    for name, w in module.named_parameters():
        signs = torch.zeros_like(w)
        if name.endswith("weight_hh_l0"):
            signs[:2] = 1
        if name.endswith("bias_ih_l0"):
            signs[:2] = torch.tensor([-1.0, 1.0])
        errors.append(signs[w != 0].numpy())
    return np.concatenate(errors)


@torch.no_grad()
def held_states(module):
    """Return the states after each bit was started with, and 400 elements of nothing."""
    x = torch.zeros(2, 400, 2, dtype=torch.float64)
    start = torch.tensor([[[0.0, 1, 0, 0], [1, 0, 0, 0]]], dtype=torch.float64)
    return module.rnn(x, start)[1][0].numpy()


@pytest.mark.parametrize("name", ["tanh latch", "LSTM latch", "GRU latch"])
def test_the_others_hold_while_their_one_weight_is_large_enough(name):
    make, margin = LATCHES[name], latches.tanh_margin()
    for factor, both in ((0.98, True), (1.02, False)):
        module = make()
        with torch.no_grad():
            module.rnn.weight_hh_l0.mul_(1 - factor * margin)
        low, high = held(module, 3000) - 0.5
        assert (high - low > 0.05) == both


@pytest.mark.parametrize(("error", "both"), [(0.02, True), (0.07, False)])
def test_a_ramp_fed_back_lives_on_four_weights_that_agree(error, both):
    """Worst relative errors e of [[g, -g], [g, -g]] give eigenvalues g sqrt(4 e); g = 2 here."""
    module = latches.ramp_latch()
    signs = torch.tensor([[-1.0, 1.0], [1.0, -1.0]])
    with torch.no_grad():
        module.rnn.weight_hh_l0.mul_(1 + error * signs)
    largest = np.abs(np.linalg.eigvals(module.rnn.weight_hh_l0.detach().numpy())).max()
    assert largest == pytest.approx(2 * (4 * error) ** 0.5)
    assert (np.round(held(module, 1000)) == [0, 1]).all() == both


@pytest.mark.parametrize("name", [name for name in LATCHES if name != "ReLU latch, ramp"])
def test_a_latch_stands_a_tenth_on_every_weight_and_its_linear_twin_does_not(name):
    module = LATCHES[name]()
    problem = Same("p", np.zeros((2, 1, 2)), np.zeros((2, 1, 1)))
    setting = Setting(problem, ModuleSubject(name, module), (0.1,), range(20), DRIFT)
    for seed in setting.seeds:
        noisy = LATCHES[name]()
        with torch.no_grad():
            set_weights(noisy, module, draw(setting, 0.1, seed))
        assert (np.round(held(noisy, 1000)) == [0, 1]).all()
    rng = np.random.default_rng(0)
    registers = (1 + 0.1 * rng.standard_normal(20)) ** 1000
    assert (np.round(registers) != 1).all()


@pytest.mark.parametrize("name", MAKERS)
@torch.no_grad()
def test_side_by_side_is_each_alone(name):
    rng = np.random.default_rng(1)
    make = MAKERS[name]
    count = len(ModuleSubject("", make()).weights)
    many = [shaken(make, 0.1 * rng.standard_normal(count)) for _ in range(3)]
    x = tensor(WORDS[:40])
    alone = torch.cat([module(x) for module in many], dim=2)
    assert torch.allclose(latches.side_by_side(many)(x), alone, rtol=0, atol=1e-13)


def test_one_relu_unit_has_one_attracting_point_at_most():
    """h -> ReLU(g h + b) is convex: it crosses the diagonal downwards once at most."""
    h = np.linspace(0, 50, 5001)
    for g, b in product(np.linspace(-3, 3, 25), np.linspace(-3, 3, 25)):
        gap = np.maximum(0, g * h + b) - h
        down = (np.sign(gap[:-1]) > 0) & (np.sign(gap[1:]) <= 0)
        assert down.sum() + (gap[0] <= 0 and b < 0) <= 1
