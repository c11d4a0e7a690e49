"""Many starts at once are the same as one after the other."""

import torch

from lsrl_edu.cells.gril import GRIL
from lsrl_edu.study import starts
from lsrl_edu.study.learning import Run, train
from lsrl_edu.study.regression import Tasks, generator, share

TINY = Tasks(2, 4)


def test_stacked_layers_say_what_each_says():
    weights = starts.stacked(3, 4)
    tokens, targets = Tasks(3, 5).draw(7, generator(0))
    with torch.no_grad():
        together = starts.run_all(weights, tokens)
    found = starts.losses(weights, (tokens, targets))
    for k in range(4):
        torch.manual_seed(k)
        alone = GRIL(3)(tokens).detach()
        assert torch.allclose(together[k], alone, atol=1e-6)
        assert torch.allclose(found[k], share(alone, targets)[-1])
        with torch.no_grad():
            assert torch.allclose(starts.layer(weights, k)(tokens), alone, atol=1e-6)


def test_no_start_sees_another():
    """Start 0, whose tasks have the seed 0 too, ends where it ends alone."""
    weights = starts.train_all(TINY, starts=3, steps=20)
    alone, _ = train(Run("GRIL", 0, TINY, seed=0, steps=20))
    for name, value in alone.state_dict().items():
        assert torch.allclose(weights[name][0], value, atol=1e-4), name
    assert not torch.allclose(weights["C"][0], weights["C"][1], atol=0.1)
