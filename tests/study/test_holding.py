"""How long a bit is kept: short versions of the experiment, and its saved table."""

import numpy as np
import pytest
import torch

from lsrl_edu.data import DATA
from lsrl_edu.study import holding
from lsrl_edu.study.engine import run_draws
from lsrl_edu.study.noise import draw
from lsrl_edu.study.plan import make_plan
from lsrl_edu.study.table import read
from lsrl_edu.targets import compile as compile_program

MEMORIES = {held.setting.subject.name: held for held in holding.memories((1e-2,), range(4))}


def lost(rows):
    return float(np.mean([r.wrong for r in rows]))


def test_the_memories():
    assert list(MEMORIES) == [
        "register", "loop of 10", "loop of 10, restored", "LSTM, gates shut",
        "tanh latch", "ReLU latch, inverters", "ReLU latch, ramp", "LSTM latch", "GRU latch",
    ]  # fmt: skip


@pytest.mark.parametrize("name", MEMORIES)
def test_without_noise_nothing_is_lost(name):
    held = {h.setting.subject.name: h for h in holding.memories((0.0,), (0,))}[name]
    assert lost(holding.hold(held, (1, 10, 500))) == 0
    assert lost(holding.hold(held, (1, 10), state=True)) == 0


def test_weight_noise_takes_linear_memories_only():
    found = {name: lost(holding.hold(held, (1000,))) for name, held in MEMORIES.items()}
    assert found["register"] == 50 and found["loop of 10"] >= 25
    assert [found[name] for name in list(MEMORIES)[3:]] == [0] * 6


def test_state_noise_takes_gated_registers_too():
    held = {h.setting.subject.name: h for h in holding.memories((0.1,), range(6))}
    found = {n: lost(holding.hold(held[n], (1000,), True)) for n in
             ("register", "LSTM, gates shut", "tanh latch", "GRU latch")}  # fmt: skip
    assert found["register"] > 50 and found["LSTM, gates shut"] > 0
    assert found["tanh latch"] == found["GRU latch"] == 0


@pytest.mark.parametrize("name", ["register", "loop of 10", "loop of 10, restored"])
def test_a_power_of_the_matrix_is_the_run_itself(name):
    """The state after T elements without writing is A^T s."""
    setting, time = MEMORIES[name].setting, 23
    plan = setting.subject.plan
    w = torch.from_numpy(np.array([draw(setting, 1e-2, seed) for seed in setting.seeds]))
    x = torch.zeros(1, 1, time + 1, 2, dtype=torch.float64)
    x[:, :, 0, 1] = 1
    run = run_draws(holding.place(plan, torch.device("cpu")), w, x)[:, 0, -1]
    (jumped,) = holding.hold_outputs(MEMORIES[name], (time,))
    assert np.allclose(jumped[0, :, :, 0, 0], run.numpy(), rtol=1e-12)


def test_the_matrix_of_a_plan_is_that_of_the_program():
    program = holding.linear_memories(4)["loop of 4"]
    plan = make_plan(compile_program(program))
    A = holding.transition(plan.steps[0].transition, plan.weights[None])[0]
    assert (A == np.roll(np.eye(4), 1, axis=1)).all()


def test_noise_is_settled_by_names_level_and_seed():
    one, other = (holding.memories((1e-2,), seeds)[0].setting for seeds in ((3,), (1, 3)))
    a, b = (next(holding._noise(s, (2,))) for s in (one, other))
    assert (a[0] == b[1]).all() and (b[0] != b[1]).all()


def test_the_saved_table_is_what_is_measured_now():
    saved = {r.key: r.wrong for r in read(DATA / "noise" / "latches.csv")}
    for held in holding.memories((1e-2,), (0, 1)):
        for state in (False, True):
            for row in holding.hold(held, (10, 100), state):
                assert saved[row.key] == row.wrong, row
