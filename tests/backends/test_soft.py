"""Softer constants: the bound holds, gradients flow, and what has no bound is refused."""

import numpy as np
import pytest
import torch

import lsrl_edu as ls
from lsrl_edu.backends.soft import LONGEST, Soft, as_soft, bound
from lsrl_edu.errors import LSRLError, UnsupportedByTarget
from lsrl_edu.programs import discrete, more_ones
from tests.compiler.checks import program_of

RNG = np.random.default_rng(3)
SOFTS = [{}, {"whisper": 2**-5}, {"shout": 2}, {"gate": 4}, {"whisper": 2**-12, "gate": 16}]


def delayed(x):
    return ls.LinState(x, [[0, 0, 0], [1, 0, 0], [0, 1, 0]], [[1], [0], [0]], init_state=[1, 2, 3])


PROGRAMS = {
    "more ones": (more_ones.program(), RNG.integers(0, 2, (40, 24, 1))),
    "delayed": (program_of(delayed, (-3, 3)), RNG.uniform(-3, 3, (20, 24, 1))),
    "ReLU": (program_of(lambda x: ls.ReLU(x - 1), (-2, 3)), RNG.uniform(-2, 3, (50, 24, 1))),
    "leaky": (
        program_of(lambda x: ls.LinState(x, [[0.5]], [[1]], init_state=[[4]]), (-1, 2)),
        RNG.uniform(-1, 2, (20, 24, 1)),
    ),
    "sum": (
        program_of(lambda x: ls.LinState(x, [[1]], [[1]], init_state=[[-7]]), (-1, 1)),
        RNG.choice([-1, 1], (20, 24, 1)),
    ),
    "switch": (
        program_of(lambda x: ls.f_not(x[0]) * x[1], [bool, (-9, 9)], 2),
        np.stack([RNG.integers(0, 2, (9, 24)), RNG.uniform(-9, 9, (9, 24))], axis=2),
    ),
}


@pytest.mark.parametrize("constants", SOFTS, ids=str)
@pytest.mark.parametrize("name", PROGRAMS)
def test_the_bound_holds(name, constants):
    program, xs = PROGRAMS[name]
    options = {"horizon": xs.shape[1], "simplify": name != "switch"}
    model = ls.compile(program, "lstm", soft=constants or True, **options)
    off = np.abs(model.run(xs) - program.run(xs)).max(axis=(0, 1))
    limit = np.array(bound(model.layers, as_soft(constants or True)))
    assert (off <= limit + 1e-12).all() and off.max() > 0
    assert limit.max() < 1e4 * off.max()  # it says something
    assert f"within {limit.max():.3g}" in str(model.report)


def test_the_bound_falls_with_the_constants():
    layers = ls.compile(more_ones.program(), horizon=16)
    softs = [Soft(2.0**-k, 2**k, k) for k in (4, 8, 12, 20)]
    limits = [bound(layers, soft)[0] for soft in softs]
    assert limits == sorted(limits, reverse=True) and limits[-1] < 1e-5


def test_the_listing_of_the_paper_with_one_token():
    """Switches and states over fourteen layers: right to a rounding, and the bound says so."""
    program = discrete.program(1, "multiplicative_optimized", counter="cycle", vocabulary=range(4))
    soft = {"whisper": 2**-16, "shout": 2**12, "gate": 24}
    model = ls.compile(program, "lstm", horizon=9, soft=soft)
    xs = np.array([discrete.sequence([q], [([1], [3]), ([2], [1])]) for q in (1, 2, 3)], float)
    off = np.abs(model.run(xs) - program.run(xs)).max()
    assert off <= bound(model.layers, model.soft)[0] < 0.5


def gradients(model, xs, wanted):
    x = torch.tensor(xs, dtype=torch.float64)
    (model.module(x) - torch.tensor(wanted) - 0.1).square().mean().backward()
    return {name: p.grad.abs().max().item() for name, p in model.module.named_parameters()}


def test_gradients_flow_where_exact_constants_have_none():
    program, xs = PROGRAMS["more ones"]
    wanted = program.run(xs)
    hard = gradients(ls.compile(program, "lstm", horizon=24), xs, wanted)
    soft = gradients(ls.compile(program, "lstm", horizon=24, soft=True), xs, wanted)
    assert hard["rnn.bias_ih_l0"] > 1e20 and soft["rnn.bias_ih_l0"] < 1e6
    parts = {k: ls.compile(program, "lstm", horizon=24, soft=s) for k, s in
             (("hard", None), ("soft", True))}  # fmt: skip
    for name, model in parts.items():
        gradients(model, xs, wanted)
        forget = model.module.rnn.bias_ih_l0.grad.unflatten(0, (4, -1))[1]
        assert (forget == 0).all() == (name == "hard")


def test_a_soft_model_is_saved_and_loaded(tmp_path):
    program, xs = PROGRAMS["more ones"]
    model = ls.compile(program, "lstm", horizon=24, soft={"whisper": 2**-6})
    model.save(tmp_path)
    again = ls.load(tmp_path)
    assert again.soft == model.soft == Soft(whisper=2**-6)
    assert np.array_equal(again.run(xs), model.run(xs)) and str(again.report) == str(model.report)


def test_no_soft_is_exact():
    program, xs = PROGRAMS["more ones"]
    for nothing in (None, False):
        assert (ls.compile(program, "lstm", soft=nothing).run(xs) == program.run(xs)).all()


@pytest.mark.parametrize("target", ["linear_rnn", "gru", "tanh_rnn"])
def test_other_targets_have_none(target):
    with pytest.raises(UnsupportedByTarget, match="soft=True is for target='lstm'"):
        ls.compile(more_ones.program(), target, horizon=9, soft=True)


def test_what_has_no_bound_is_refused():
    with pytest.raises(UnsupportedByTarget, match="declare domain.*horizon"):
        ls.compile(more_ones.program(), "lstm", soft=True)
    with pytest.raises(UnsupportedByTarget, match="horizon"):
        ls.compile(more_ones.program(), "lstm", horizon=LONGEST + 1, soft=True)
    with pytest.raises(UnsupportedByTarget, match="no booleans"):
        product = program_of(lambda x: x[0] * x[1], (-1, 1), 2)
        ls.compile(product, "lstm", horizon=9, soft=True)


@pytest.mark.parametrize("wrong", ["loud", 3, {"volume": 1}, {"whisper": 0}, {"gate": 0}])
def test_other_constants_are_refused(wrong):
    with pytest.raises(LSRLError, match="whisper"):
        ls.compile(more_ones.program(), "lstm", horizon=9, soft=wrong)
