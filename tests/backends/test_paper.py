"""The four architectures of the paper: the weights are those of Eqs. (2) to (5)."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import lsrl_edu as ls
from lsrl_edu.backends import registry
from lsrl_edu.cells import paper as cells
from lsrl_edu.programs import discrete
from tests.backends.equations import by_hand
from tests.backends.test_contract import close, method_for, size_of
from tests.strategies import FEW, cases

pytestmark = pytest.mark.filterwarnings("ignore::lsrl_edu.errors.PrecisionWarning")
TARGETS = ["linear_rnn", "gated_linear_rnn", "rnn", "gated_rnn"]
each_target = pytest.mark.parametrize("target", TARGETS)


@each_target
@FEW
@given(st.data())
def test_the_equations_by_hand_give_the_same(target, data):
    program, xs = data.draw(cases(products=registry()[target].gates, max_nodes=8))
    model = ls.compile(program, target=target)
    assert close(by_hand(model, xs), model.run(xs), 1e-13 * size_of(model.layers, xs))


@each_target
def test_the_parts_are_those_of_the_equations(target):
    """Eqs. 2 to 5: a cell, a ReLU MLP phi, and where there is a gate, an affine gamma."""
    program = discrete.program(2, method_for(target), counter="cycle")
    model = ls.compile(program, target=target)
    assert type(model.module) is cells.Stages
    for stage in model.module:
        assert type(stage) is cells.Stage
        assert {type(part) for part in stage.phi} <= {torch.nn.Linear, torch.nn.ReLU}
        kinds = [isinstance(part, torch.nn.ReLU) for part in stage.phi]
        assert kinds == [i % 2 == 1 for i in range(len(kinds))] and not kinds[-1]
        if "linear" in target:
            assert type(stage.cell) is cells.LinearCell
        else:
            assert type(stage.cell.rnn) is torch.nn.RNN
            assert stage.cell.rnn.nonlinearity == "relu" and stage.cell.rnn.num_layers == 1
    gates = [stage.gamma for stage in model.module if stage.gamma is not None]
    assert bool(gates) == registry()[target].gates
    assert all(type(gate) is torch.nn.Linear for gate in gates)


@each_target
def test_everything_is_exact(target):
    model = ls.compile(discrete.program(2, method_for(target)), target=target)
    assert model.report.gadgets and all(use.error == 0 for use in model.report.gadgets)
    assert model.report.notes == ()
