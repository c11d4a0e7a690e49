"""Networks that a GRIL is compared with."""

import pytest
import torch

from lsrl_edu.errors import LSRLError
from lsrl_edu.study import baselines as bl

ALL = [*((name, 0) for name in bl.GRILS), *((name, 4) for name in bl.MAKERS)]


@pytest.mark.parametrize(("name", "width"), ALL)
def test_no_network_sees_the_future(name, width):
    torch.manual_seed(0)
    net = bl.network(name, 2, width)
    tokens = torch.randn(3, 13, 2)
    changed = tokens.clone()
    changed[:, 9:] = 5  # from x_5 on: the window of t = 4 holds it
    with torch.no_grad():
        before, after = net(tokens), net(changed)
    assert before.shape == (3, 6, 2)
    assert torch.allclose(before[:, :3], after[:, :3], atol=1e-6)
    assert not torch.allclose(before[:, 3:], after[:, 3:], atol=1e-3)


@pytest.mark.parametrize("name", bl.MAKERS)
def test_everything_is_trained(name):
    torch.manual_seed(0)
    net = bl.network(name, 2, 3)
    net(torch.randn(2, 9, 2)).square().sum().backward()
    trained = [p for p in net.parameters() if p.requires_grad]
    assert all(p.grad is not None for p in trained)
    assert bl.size(net) == sum(p.numel() for p in trained)


def test_the_diagonal_recurrence_is_one():
    torch.manual_seed(0)
    layer = bl.Diagonal(3)
    u = torch.randn(2, 6, 3)
    B, C = torch.view_as_complex(layer.B), torch.view_as_complex(layer.C)
    step = torch.exp(torch.complex(-torch.exp(layer.nu), layer.theta))
    s, out = torch.zeros(2, 3, dtype=torch.cfloat), []
    for u_t in u.unbind(1):
        s = step * s + u_t.to(torch.cfloat) @ B.T
        y = torch.nn.functional.gelu((s @ C.T).real + layer.D * u_t)
        out.append(u_t + y * torch.sigmoid(layer.gate(y)))
    assert torch.allclose(layer(u), torch.stack(out, 1), atol=1e-5)
    assert step.abs().max() < 1


def test_sizes():
    assert bl.size(bl.network("GRIL", 10)) == 2 * 10**2 + 12
    width = bl.nearest_width("GRU", 3, 30)
    assert abs(bl.size(bl.network("GRU", 3, width)) - 30) < 10


@pytest.mark.parametrize(("name", "width"), [("RWKV", 4), ("GRIL", 4), ("GRU", 0)])
def test_another_network_is_refused(name, width):
    with pytest.raises(LSRLError, match="no network"):
        bl.network(name, 3, width)
