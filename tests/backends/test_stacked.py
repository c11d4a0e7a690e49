"""The released modules: torch's own classes, their weights read with the textbook's equations."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import lsrl_edu as ls
from lsrl_edu.backends.stacked import StackedRNN
from lsrl_edu.cells.elman import Elman
from lsrl_edu.cells.gru import GRU
from lsrl_edu.cells.lstm import LSTM
from lsrl_edu.programs import discrete
from tests.backends.test_contract import built, close, size_of
from tests.strategies import FEW, cases

CELLS = {
    "lstm": (torch.nn.LSTM, LSTM, {}),
    "gru": (torch.nn.GRU, GRU, {}),
    "tanh_rnn": (torch.nn.RNN, Elman, {"nonlinearity": "tanh"}),
}
each_cell = pytest.mark.parametrize("cell", CELLS)


def ours(model):
    """The model with our readable cell in the place of torch's."""
    rnn = model.module.rnn
    _, kind, _ = CELLS[model.target]
    mine = kind(rnn.input_size, rnn.hidden_size, rnn.num_layers).to(rnn.weight_ih_l0.dtype)
    mine.load_state_dict(rnn.state_dict())
    return mine


@each_cell
def test_the_module_is_torchs_own(cell):
    model = ls.compile(discrete.program(2, vocabulary=range(4)), target=cell, horizon=64)
    kind, _, options = CELLS[cell]
    assert type(model.module) is StackedRNN and type(model.module.rnn) is kind
    assert {name: getattr(model.module.rnn, name) for name in options} == options
    assert type(model.module.head) is torch.nn.Linear
    assert model.module.rnn.num_layers == len(model.report.hidden_sizes)
    assert model.module.rnn.hidden_size == max(model.report.hidden_sizes)


@each_cell
@FEW
@given(st.data())
def test_our_cell_runs_the_compiled_weights(cell, data):
    program, xs = data.draw(cases(max_nodes=6))
    if not len(xs):
        return
    model = built(program, cell, xs)
    x = torch.tensor(xs[None])
    state = model.module.start(1)
    hidden, _ = ours(model)(x, state if cell == "lstm" else state[0])
    found = model.module.head(hidden)[0].detach().numpy()
    expected = model.run(xs).reshape(found.shape)
    unit = 1e-12 * size_of(model.layers, xs)
    unit += 1e3 * max((use.error for use in model.report.gadgets), default=0)
    assert close(found, expected, unit)


@each_cell
def test_the_rows_that_are_not_used_stay_silent(cell):
    """Layers narrower than the widest are padded with units that are 0 for ever."""
    program = discrete.program(2, vocabulary=range(3))
    model = ls.compile(program, target=cell, horizon=50)
    sizes = model.report.hidden_sizes
    assert min(sizes) < max(sizes)
    xs = torch.tensor(np.random.default_rng(0).integers(0, 3, (1, 50, 1)), dtype=torch.float64)
    state = model.module.start(1)
    _, last = model.module.step(xs, state)
    for k, used in enumerate(sizes):
        assert (last[0][k, :, used:] == 0).all()


@each_cell
def test_the_state_before_the_first_element(cell):
    program = ls.foreach(dim=1)(
        lambda x: ls.LinState(x, [[0, 1], [1, 0]], [[1], [0]], init_state=[[3], [5]])
    )
    model = ls.compile(program, target=cell)
    assert model.run([0, 0, 0]).tolist() == [[5, 3], [3, 5], [5, 3]]
