"""The GRIL in numpy of exercise 12.7 is the layer."""

import numpy as np
import torch

from lsrl_edu.cells import gril
from lsrl_edu.practice.chapters import specs12
from lsrl_edu.programs import gradient


def test_the_last_answer_is_that_of_the_layer():
    torch.manual_seed(0)
    layer = gril.GRIL(2).double()
    weights = {name: value.detach().numpy() for name, value in layer.state_dict().items()}
    for X, Y, question in specs12.inverse_tasks():
        tokens = gradient.sequence(np.vstack([X, question]), Y)
        with torch.no_grad():
            wanted = layer(torch.tensor(tokens)[None])[0, -1].numpy()
        assert np.allclose(specs12.last_answer(weights, X, Y, question), wanted, atol=1e-12)
