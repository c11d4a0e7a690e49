"""Programs on tokens as language models: a real embedding table, a real output head.

The input is one integer from 0 to V - 1. Its row of the embedding table holds the constants of the
residual stream and the integer itself. The logit of token k is proportional to 2 k y - k^2, where
y is the program's output: the largest one belongs to the token nearest to y.

**Sequences of different length.** Pad on the left, with an attention mask: exact in Mamba and
Mamba-2. RecurrentGemma (Hawk, Griffin) ignores the mask in its recurrent blocks, so its answers are
wrong after padding; there, decode sequences of one length together.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import torch

from lsrl_edu.errors import PrecisionWarning, UnsupportedByTarget
from lsrl_edu.run.layers import DIGITS

if TYPE_CHECKING:
    from lsrl_edu.backends.base import Model

LARGEST_LOGIT = 8.0
"""Logits stay well inside the soft cap of RecurrentGemma, 30 tanh(l / 30)."""
HEADS = {
    "MambaModel": "MambaForCausalLM",
    "Mamba2Model": "Mamba2ForCausalLM",
    "RecurrentGemmaModel": "RecurrentGemmaForCausalLM",
}


def causal_lm(model: Model) -> Any:
    """Return the program as a causal language model of transformers.

    Args:
        model: compiled to mamba, mamba2, hawk or griffin, from a program that reads one integer
            0 ... V - 1 (declare ``domain=range(V)``) and returns one number.

    Give ``generate`` an attention mask of ones: token 0 is a token like any other, and without a
    mask ``generate`` takes the number of ``pad_token_id`` for padding. Hawk needs
    ``use_cache=False``: the default cache of transformers wants an attention layer.

    Returns:
        A MambaForCausalLM, Mamba2ForCausalLM or RecurrentGemmaForCausalLM; ``generate`` works.
        Input and output embeddings are not tied.

    Raises:
        UnsupportedByTarget: where the class has no language model, or the program no vocabulary.
    """
    import transformers

    inner = getattr(model.module, "model", None)
    name = HEADS.get(type(inner).__name__)
    if name is None:
        raise UnsupportedByTarget(f"There is no causal language model for {model.target}: {HINT}")
    size = _vocabulary(model)
    _check_logits(model, size)
    config = type(inner.config).from_dict(
        inner.config.to_dict() | {"vocab_size": size, "tie_word_embeddings": False}
    )
    lm = getattr(transformers, name)(config).to(next(inner.parameters()).dtype).eval()
    body = getattr(lm, "backbone", None) or lm.model
    weights = inner.state_dict()
    weights = {k: v for k, v in weights.items() if "embed" not in k}
    body.load_state_dict(weights, strict=False)
    _fill_table(body.get_input_embeddings().weight, model.module.embed)
    _fill_head(lm.lm_head.weight, model.module.head)
    return lm


HINT = "compile to mamba, mamba2, hawk or griffin."


def _vocabulary(model: Model) -> int:
    """Return V, or refuse."""
    known = model.layers.domain
    if len(known) != 1 or not (known[0].integer and known[0].is_bounded and known[0].lo >= 0):
        raise UnsupportedByTarget(
            f"{model.layers.name} reads {', '.join(map(str, known))}. A language model reads one "
            "token 0 ... V - 1: declare domain=range(V)."
        )
    if model.layers.output_dim != 1:
        raise UnsupportedByTarget(
            f"{model.layers.name} returns {model.layers.output_dim} numbers; a language model "
            "returns one token."
        )
    return int(known[0].hi) + 1


def _check_logits(model: Model, size: int) -> None:
    """Warn where the logits 2 k y - k^2 of neighbouring tokens are equal in this dtype."""
    if size**2 > 2 ** DIGITS[model.dtype]:
        warnings.warn(
            f"{model.layers.name}: with {size} tokens, the logits of neighbouring tokens differ by "
            f"less than {model.dtype} can tell, so the language model may answer with a neighbour. "
            "Use float32.",
            PrecisionWarning,
            stacklevel=4,
        )


@torch.no_grad()
def _fill_table(table: torch.Tensor, embed: torch.nn.Linear) -> None:
    """Row k of the embedding table is what the affine map makes of the number k."""
    tokens = torch.arange(table.shape[0], dtype=torch.float64)[:, None]
    rows = tokens @ embed.weight.double().T + embed.bias.double()
    table.copy_(rows)


@torch.no_grad()
def _fill_head(weight: torch.Tensor, head: torch.nn.Linear) -> None:
    """The logit of token k is scale * (2 k y - k^2); channel 0 of the stream is the constant 1."""
    tokens = torch.arange(weight.shape[0], dtype=torch.float64)[:, None]
    reads = head.weight.double().clone()
    reads[0, 0] += head.bias.double()[0]
    scale = 2.0 ** -max(0, int((tokens[-1] ** 2 / LARGEST_LOGIT).log2().ceil()))
    rows = 2 * tokens * reads
    rows[:, 0] -= tokens[:, 0] ** 2
    weight.copy_(scale * rows)
