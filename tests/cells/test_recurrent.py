"""Our readable cells against torch's, on random weights."""

import pytest
import torch

from lsrl_edu.cells.elman import Elman
from lsrl_edu.cells.gru import GRU
from lsrl_edu.cells.lstm import LSTM
from lsrl_edu.cells.recurrent import Recurrent

PAIRS = [(torch.nn.RNN, Elman), (torch.nn.GRU, GRU), (torch.nn.LSTM, LSTM)]


def outputs(module, x, state):
    """Everything a module returns, as one flat list of tensors."""
    out, last = module(x, state if isinstance(module, (LSTM, torch.nn.LSTM)) else state[0])
    return [out, *(last if isinstance(last, tuple) else (last,))]


@pytest.mark.parametrize(("theirs", "mine"), PAIRS)
@pytest.mark.parametrize(("d", "n", "layers", "T"), [(3, 5, 2, 7), (1, 1, 1, 1), (2, 4, 3, 2)])
def test_a_cell_is_torchs_on_random_weights(theirs, mine, d, n, layers, T):
    torch.manual_seed(d + n)
    released = theirs(d, n, num_layers=layers, batch_first=True).double()
    own = mine(d, n, layers).double()
    own.load_state_dict(released.state_dict())
    x = torch.randn(4, T, d, dtype=torch.float64)
    state = tuple(torch.randn(layers, 4, n, dtype=torch.float64) for _ in range(2))
    for a, b in zip(outputs(released, x, state), outputs(own, x, state), strict=True):
        assert a.shape == b.shape and torch.allclose(a, b, rtol=1e-13, atol=1e-14)
    with torch.no_grad():
        own.weight_hh_l0[0, 0] += 1e-3
    changed = outputs(own, x, state)[0]
    assert not torch.allclose(changed, outputs(released, x, state)[0], rtol=1e-9, atol=1e-9)


def test_the_shared_part_has_no_cell():
    class Nothing(Recurrent):
        gates = 1

    with pytest.raises(NotImplementedError):
        Nothing(1, 1).run_layer(0, torch.zeros(1, 1, 1), (torch.zeros(1, 1),))
