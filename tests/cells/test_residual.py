"""Our readable Mamba, Mamba-2 and Hawk against transformers' classes, on random weights."""

import pytest
import torch

transformers = pytest.importorskip("transformers")
from lsrl_edu.cells.hawk import Hawk  # noqa: E402
from lsrl_edu.cells.mamba import Mamba  # noqa: E402
from lsrl_edu.cells.mamba2 import Mamba2  # noqa: E402


def mamba():
    config = transformers.MambaConfig(
        vocab_size=5, hidden_size=12, state_size=3, num_hidden_layers=2, expand=2, time_step_rank=2
    )
    return transformers.MambaModel(config), Mamba(config)


def mamba2():
    config = transformers.Mamba2Config(
        vocab_size=5, hidden_size=12, state_size=3, num_hidden_layers=2, expand=2, num_heads=6,
        head_dim=4, n_groups=2, chunk_size=4, pad_token_id=None,
    )  # fmt: skip
    return transformers.Mamba2Model(config), Mamba2(config)


def hawk():
    config = transformers.RecurrentGemmaConfig(
        vocab_size=5, hidden_size=12, lru_width=12, num_hidden_layers=2, intermediate_size=20,
        num_attention_heads=2, block_types=("recurrent",), pad_token_id=None,
    )  # fmt: skip
    return transformers.RecurrentGemmaModel(config), Hawk(config)


@pytest.mark.parametrize("pair", [mamba, mamba2, hawk])
@pytest.mark.parametrize("length", [1, 2, 9])
def test_a_block_is_the_released_one_on_random_weights(pair, length):
    torch.manual_seed(length)
    released, ours = pair()
    released = released.eval()
    with torch.no_grad():
        for weight in released.parameters():
            weight.copy_(torch.randn_like(weight) * 0.5)
    ours.load_state_dict(released.state_dict(), strict=True)
    x = torch.randn(2, length, 12)
    with torch.no_grad():
        expected = released(inputs_embeds=x, use_cache=False).last_hidden_state
        found = ours(x)
        assert torch.allclose(found, expected, rtol=1e-4, atol=1e-5)
        ours.layers[0].load_state_dict(
            {k: v * 1.01 for k, v in ours.layers[0].state_dict().items()}
        )
        assert not torch.allclose(ours(x), expected, rtol=1e-4, atol=1e-5)
