"""What the residual architectures of ``transformers`` share: the way in, the way out, the facts.

Shapes: B sequences, T steps, d input width, H hidden size, m output width.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import nn

from lsrl_edu.backends.built import Built, farthest
from lsrl_edu.backends.gadgets import Gadget, Use
from lsrl_edu.backends.residual import Plan
from lsrl_edu.backends.scales import LARGE, REACH, hidden_size
from lsrl_edu.backends.sizes import Sizes, constants_in
from lsrl_edu.compiler.affine import Affine
from lsrl_edu.compiler.layers import Layers
from lsrl_edu.numbers import to_float
from lsrl_edu.run.layers import pick_dtype


class Released(nn.Module):
    """A released model between two affine maps.

    Attributes:
        model: the class of transformers, unmodified.
        embed: nn.Linear (d -> H): the input into its slots, and the constant channels.
        head: nn.Linear (H -> m) on ``last_hidden_state``.
    """

    def __init__(self, model: Any, plan: Plan, inputs: int, constants: int, scale: float = 1.0):
        super().__init__()
        H = model.config.hidden_size
        self.model = model
        self.embed = nn.Linear(inputs, H).double()
        self.head = nn.Linear(H, len(plan.outputs)).double()
        with torch.no_grad():
            for weight in (*self.embed.parameters(), *self.head.parameters()):
                weight.zero_()
            self.embed.bias[:constants] = LARGE / scale
            for i in range(inputs):
                self.embed.weight[constants + i, i] = 1 / scale
            for i, form in enumerate(plan.outputs):
                for c, value in row_of(form, constants).items():
                    self.head.weight[i, c] = value

    def start(self, batch: int) -> Any:
        """Return the cache before the first element: none yet."""
        return None

    def call(self, x: torch.Tensor, cache: Any) -> tuple[torch.Tensor, Any]:
        """Return last_hidden_state (B, T, H) and the cache for embedded elements (B, T, H)."""
        out = self.model(inputs_embeds=x, cache_params=cache, use_cache=True)
        return out.last_hidden_state, out.cache_params

    def step(self, x: torch.Tensor, cache: Any) -> tuple[torch.Tensor, Any]:
        """Return the outputs (B, T, m) for x (B, T, d) after a cache, and the cache after x.

        A sequence that goes on is fed one element at a time: given several, the released classes
        forget part of their cache.
        """
        embedded = self.embed(x)
        parts = embedded.split(1, dim=1) if cache is not None else [embedded]
        hidden = []
        for part in parts:
            last, cache = self.call(part, cache)
            hidden.append(last)
        return self.head(torch.cat(hidden, dim=1).to(self.head.weight.dtype)), cache

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the outputs (B, T, m) for x (B, T, d)."""
        if 0 in x.shape[:2]:
            return x.new_zeros(*x.shape[:2], self.head.out_features)
        return self.step(x, self.start(x.shape[0]))[0]


NO_TOKENS = {"pad_token_id": None, "bos_token_id": None, "eos_token_id": None}
"""Programs have no special tokens."""


def stream_width(
    plan: Plan, sizes: Sizes | None, least: int = 1, constants: tuple[int, ...] = (1, 2, 3, 5)
) -> int:
    """Return the smallest hidden size that holds the plan, given the one that is asked for."""
    H, _ = hidden_size(plan.slots, least, constants)
    wanted = (sizes or {}).get("hidden_size")
    if isinstance(wanted, int) and wanted >= max(least, plan.slots + constants_in(wanted)):
        return min(H, wanted)
    return H


@torch.no_grad()
def emptied(model: Any) -> Any:
    """Return the model in float64, all weights 0."""
    model = model.double()
    for weight in model.parameters():
        weight.zero_()
    return model


def built(module: Released, layers: Layers, dtype: str, facts: tuple[Use, ...]) -> Built:
    """Return a module with its weights set, in its dtype, and the facts about it."""
    config = module.model.config
    sizes = (config.hidden_size,) * config.num_hidden_layers
    module = module.to(pick_dtype(dtype)).eval()
    return Built(module, sizes, facts, notes(dtype, layers), watch)


def row_of(form: Affine, constants: int, scale: float = 1.0) -> dict[int, float]:
    """Return a form as weights on the normalised stream (1, s): channel -> weight * scale.

    Channel 0 is the constant 1; the slots come after all ``constants``.
    """
    row = {constants + slot: to_float(value) * scale for slot, value in form.terms}
    if form.constant:
        row[0] = to_float(form.constant) * scale
    return row


def put_row(weight: torch.Tensor, row: Mapping[int, float]) -> None:
    """Write a sparse row."""
    for column, value in row.items():
        weight[column] = value


def uses(plan: Plan, gadgets: Mapping[str, Gadget], errors: Mapping[str, float]) -> tuple[Use, ...]:
    """Return which gadgets a plan uses, and how often."""
    kinds = [write.operation.kind for block in plan.blocks for write in block.writes]
    return tuple(
        Use(kind, gadget, kinds.count(kind), errors.get(kind, 0.0))
        for kind, gadget in gadgets.items()
        if kind in kinds
    )


def notes(dtype: str, layers: Layers) -> tuple[str, ...]:
    """Say what the dtype is worth in classes whose norms compute in float32, and how far."""
    worth = {
        "float64": "the norms of this class compute in float32, also in a float64 model: real "
        "values are right to about 1e-7, integers below 2^24 exactly",
        "float32": "integers are exact below 2^24",
        "bfloat16": "bfloat16 keeps 8 binary digits: integers are exact up to 256",
    }
    far = farthest(layers.layers, REACH)
    if far is None:
        return (worth[dtype],)
    beside = "are not small beside the constant channel, so the norms change them"
    return worth[dtype], f"values above {REACH:.3g} {beside}; {far}"


def watch(inputs: torch.Tensor, outputs: torch.Tensor, state: Any) -> str | None:
    """Say so where an input or an output is larger than the norms leave alone."""
    largest = max(float(inputs.abs().max()), float(outputs.abs().max()))
    if largest <= REACH:
        return None
    return f"a value of {largest:.3g} is changed by the norms; values up to {REACH:.3g} are not."
