"""Programs as weights of ``transformers.RecurrentGemmaModel``: Hawk, Griffin (De et al. 2024).

A layer is a temporal block and an MLP, each behind a norm and added to the residual stream::

    x = conv(W_x n)    h_t = a h_{t-1} + sqrt(1 - a^2) x_t    s += W_o (h * GELU(W_y n))
    s += W_down (GELU(W_gate n) * W_up n)

with a = exp(-8 softplus(p) sigmoid(g)). Hawk has recurrent blocks only; in Griffin every third
temporal block is local attention, silenced here by a zero output projection.

============  ====================================================  ============================
operation     temporal block                                        MLP
============  ====================================================  ============================
relu          x = 1, GELU(K f)                                      GELU(K f) * 1
product       x = f, whispered g                                    whispered g, f
linear        x = f, GELU(128) = 128                                whispered f, 1
taps          x = f with conv = taps, 128
state         s_t = v_t + a g_t, g_t = s_{t-1}: two units
============  ====================================================  ============================

The second unit of a state sees its input one step late, so the reset at position 0, which skips
the gain, finds a 0 there. In real arithmetic a = 1 would have the gain 0. In float32 there is a
window where exp(log a) rounds to 1 and exp(2 log a) to 1 - 2^-24: an integrator with gain 2^-12.
"""

from __future__ import annotations

import itertools
import math
from functools import cache
from typing import Any

import torch

from lsrl_edu.backends.built import Built
from lsrl_edu.backends.gadgets import Gadget
from lsrl_edu.backends.mamba import fill_norm
from lsrl_edu.backends.operations import MOST_TAPS, Operation, operations
from lsrl_edu.backends.released import (
    NO_TOKENS,
    Released,
    built,
    emptied,
    put_row,
    row_of,
    stream_width,
    uses,
)
from lsrl_edu.backends.residual import EVERYTHING, NOTHING, POINTWISE, Block, Plan, lay_out
from lsrl_edu.backends.scales import SHOUT, SOLID, WHISPER
from lsrl_edu.backends.sizes import Sizes, constants_in, settle
from lsrl_edu.compiler.affine import Affine
from lsrl_edu.compiler.layers import Layers
from lsrl_edu.errors import UnsupportedByTarget
from lsrl_edu.numbers import Number

GADGETS = {
    "relu": Gadget("GELU(K v) / K", "within 0.17 / K"),
    "product": Gadget("a linear branch times a whispered GELU", "exact"),
    "linear": Gadget("a linear branch times GELU(128) / 128", "exact"),
    "taps": Gadget("the causal convolution", "exact"),
    "state": Gadget("s = v + a g, g the RG-LRU of v one step late", "exact where a = 1"),
}
ERRORS = {"relu": 0.1701 / SHOUT}
PATTERNS = {"hawk": ("recurrent",), "griffin": ("recurrent", "recurrent", "attention")}
ONE = Affine(constant=1)
CONSTANTS = 1
"""Constant channels of the residual stream (see :func:`_model`)."""
SURE = 100.0
"""sigmoid(100) = 1, exactly."""
FORGETS = 200.0
"""exp(-8 softplus(200)) = 0, exactly."""


def build(layers: Layers, dtype: str, pattern: str, sizes: Sizes | None = None) -> Built:
    """Return a RecurrentGemmaModel that computes ``layers``, with the weights set.

    Args:
        layers: the network.
        dtype: of the weights.
        pattern: ``"hawk"`` or ``"griffin"``.
        sizes: may hold hidden_size (a power of 4), num_hidden_layers and intermediate_size.
    """
    halves = itertools.cycle(
        ability
        for kind in PATTERNS[pattern]
        for ability in (EVERYTHING if kind == "recurrent" else NOTHING, POINTWISE)
    )
    plan = lay_out(operations(layers), halves, reuse=dtype != "float64")
    model = _model(plan, pattern, sizes)
    H, n = model.config.hidden_size, CONSTANTS
    blocks, empty = iter(plan.blocks), Block()
    for layer in model.layers:
        for norm in (layer.temporal_pre_norm, layer.channel_pre_norm):
            fill_norm(norm.weight, H, n, shift=1.0)
        temporal, pointwise = next(blocks, empty), next(blocks, empty)
        if hasattr(layer.temporal_block, "rg_lru"):
            _Temporal(layer.temporal_block, dtype, n).fill(temporal)
        _Mlp(layer.mlp_block, dtype, n).fill(pointwise)
    fill_norm(model.final_norm.weight, H, n, shift=1.0)
    module = Gemma(model, plan, layers.input_dim, n, float(model.normalizer))
    return built(module, layers, dtype, uses(plan, GADGETS, ERRORS))


def _model(plan: Plan, pattern: str, sizes: Sizes | None) -> Any:
    """Return a RecurrentGemmaModel of the right size, all weights 0.

    It has one constant channel: then sqrt(H), by which the class multiplies its input, is a power
    of two (the class keeps this number in bfloat16).
    """
    from transformers import RecurrentGemmaConfig, RecurrentGemmaModel

    temporal = [_temporal_units(block) for block in plan.blocks[::2]]
    pointwise = [block.units for block in plan.blocks[1::2]]
    needed = {
        "hidden_size": stream_width(plan, sizes, max([4, *temporal]), constants=(CONSTANTS,)),
        "num_hidden_layers": max(1, math.ceil(len(plan.blocks) / 2)),
        "intermediate_size": 2 * max([1, *pointwise]),
    }
    settled = settle(pattern, sizes, needed)
    if constants_in(settled["hidden_size"]) != CONSTANTS:
        raise UnsupportedByTarget(
            f"hidden_size={settled['hidden_size']} is not a power of 4. This class multiplies its "
            "input by sqrt(hidden_size), rounded to bfloat16: exact for powers of 4 only."
        )
    config = RecurrentGemmaConfig(
        vocab_size=1, lru_width=settled["hidden_size"], num_attention_heads=1,
        conv1d_width=MOST_TAPS, block_types=PATTERNS[pattern], **NO_TOKENS, **settled,
    )  # fmt: skip
    return emptied(RecurrentGemmaModel(config))


def _temporal_units(block: Block) -> int:
    states = sum(write.operation.kind == "state" for write in block.writes)
    return block.units + states


class _Writer:
    """What writes one block's units, one after the other."""

    def __init__(self, block: Any, dtype: str, constants: int):
        self.block, self.dtype, self.constants = block, dtype, constants
        self.used = 0

    @torch.no_grad()
    def fill(self, work: Block) -> None:
        """Write a unit for each operation and each cleared slot."""
        for write in work.writes:
            self.operation(write.operation, write.slot)
        for slot in work.clears:
            self.linear(Affine.atom(slot), slot, -1.0)

    def operation(self, made: Operation, slot: int) -> None:
        """Write the unit, or units, of one operation."""
        raise NotImplementedError

    def linear(self, form: Affine, slot: int, factor: float, taps: tuple = (1,)) -> None:
        """Write a unit that adds factor * form to a slot."""
        raise NotImplementedError

    def row(self, form: Affine, scale: float = 1.0) -> dict[int, float]:
        """Return a form as weights on the normalised stream."""
        return row_of(form, self.constants, scale)


class _Temporal(_Writer):
    """Writes a recurrent block."""

    @torch.no_grad()
    def fill(self, work: Block) -> None:
        lru = self.block.rg_lru
        lru.input_gate_bias[:] = SURE
        lru.recurrent_gate_bias[:] = SURE
        lru.recurrent_param[:] = FORGETS
        super().fill(work)

    def operation(self, made: Operation, slot: int) -> None:
        if made.kind == "relu":
            self._unit(ONE, self.row(made.reads[0], SHOUT), slot, 1 / SHOUT)
        elif made.kind == "product":
            gate = self.row(made.reads[1], WHISPER)
            self._unit(made.reads[0], gate, slot, 2 / WHISPER)
        elif made.kind == "state":
            self._state(made, slot)
        else:
            self.linear(made.reads[0], slot, 1.0, made.taps)

    def linear(self, form: Affine, slot: int, factor: float, taps: tuple = (1,)) -> None:
        self._unit(form, self.row(ONE, SOLID), slot, factor / SOLID, taps)

    def _state(self, made: Operation, slot: int) -> None:
        """s_t = v_t + a g_t: a unit that forgets, and one that sees v one step late."""
        (form,) = made.reads
        self.linear(form, slot, 1.0, made.taps)
        param, gain, decay = lru_parameters(made.decay, self.dtype)
        self.block.rg_lru.recurrent_param[self.used] = param
        self.linear(form, slot, decay / gain, (0, *made.taps))

    def _unit(
        self, form: Affine, gate: dict[int, float], slot: int, factor: float, taps: tuple = (1,)
    ) -> None:
        channel, self.used = self.used, self.used + 1
        put_row(self.block.linear_x.weight[channel], self.row(form))
        put_row(self.block.linear_y.weight[channel], gate)
        for delay, tap in enumerate(taps):
            self.block.conv_1d.weight[channel, 0, MOST_TAPS - 1 - delay] = float(tap)
        self.block.linear_out.weight[self.constants + slot, channel] = factor


class _Mlp(_Writer):
    """Writes a GeGLU MLP."""

    def operation(self, made: Operation, slot: int) -> None:
        if made.kind == "relu":
            self._unit(self.row(made.reads[0], SHOUT), ONE, slot, 1 / SHOUT)
        elif made.kind == "product":
            gate = self.row(made.reads[1], WHISPER)
            self._unit(gate, made.reads[0], slot, 2 / WHISPER)
        else:
            self.linear(made.reads[0], slot, 1.0)

    def linear(self, form: Affine, slot: int, factor: float, taps: tuple = (1,)) -> None:
        self._unit(self.row(form, WHISPER), ONE, slot, 2 * factor / WHISPER)

    def _unit(self, gate: dict[int, float], up: Affine, slot: int, factor: float) -> None:
        unit, self.used = self.used, self.used + 1
        put_row(self.block.gate_proj.weight[unit], gate)
        put_row(self.block.up_proj.weight[unit], self.row(up))
        self.block.down_proj.weight[self.constants + slot, unit] = factor


INTEGRATORS = {
    "float64": -20.794415408882116,
    "float32": math.log(math.expm1(2.0**-24 / 24)),
    "bfloat16": -8.75,
}
"""recurrent_param for which exp(log a) rounds to 1 while the gain does not vanish."""


@cache
def lru_parameters(decay: Number, dtype: str) -> tuple[float, float, float]:
    """Return (recurrent_param, gain, a): the class's own a and sqrt(1 - a^2), a next to ``decay``.

    Raises:
        ArithmeticError: where this machine's exp has no window for a = 1.
    """
    kind = getattr(torch, dtype)
    if decay == 1:
        param = torch.tensor([INTEGRATORS[dtype]], dtype=torch.float64).to(kind)
        a, gain = _lru(param)
        if float(a.float()) != 1 or not float(gain):
            raise ArithmeticError(f"exp near 0 rounds otherwise here: a = {a}, gain = {gain}")
        return float(param), float(gain), 1.0
    first = math.log(math.expm1(-math.log(decay) / 8))
    near = torch.linspace(-40, 40, 81, dtype=torch.float64) * torch.finfo(kind).eps * abs(first)
    params = (first + near).to(kind)
    a, gains = _lru(params)
    miss = (a.double() - float(decay)).abs()
    miss[gains == 0] = math.inf  # next to 1, a coarse dtype may round the gain away
    best = int(miss.argmin())
    return float(params[best]), float(gains[best]), float(decay)


def _lru(param: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Return a and sqrt(1 - a^2) as RecurrentGemmaRglru computes them."""
    gate = torch.sigmoid(torch.full_like(param, SURE))
    log_a = -8.0 * gate * torch.nn.functional.softplus(param)
    return torch.exp(log_a), torch.sqrt(1 - torch.exp(2 * log_a))


class Gemma(Released):
    """RecurrentGemmaModel between two affine maps.

    The class keeps its recurrent state in its modules. Here it is put there before each call and
    taken out after, so that a state is a value like any other.
    """

    def start(self, batch: int) -> Any:
        """Return (position, attention cache, states of the recurrent blocks)."""
        from transformers import DynamicCache

        weight = self.embed.weight
        self.model._setup_cache(self.model.config, batch, weight.device, weight.dtype)
        return 0, DynamicCache(config=self.model.config), self._states()

    def step(self, x: torch.Tensor, cache: Any) -> tuple[torch.Tensor, Any]:
        """See :meth:`Released.step`."""
        if cache[0] == 0:
            hidden, cache = self.call(self.embed(x), cache)
            return self.head(hidden), cache
        return super().step(x, cache)

    def call(self, x: torch.Tensor, cache: Any) -> tuple[torch.Tensor, Any]:
        """Return last_hidden_state (B, T, H) and the cache."""
        position, attention, states = cache
        for block, (conv, recurrent) in zip(self._recurrent(), states, strict=True):
            block.conv1d_state, block.rg_lru.recurrent_states = conv, recurrent
        after = position + x.shape[1]
        positions = torch.arange(position, after, device=x.device).expand(x.shape[0], -1)
        out = self.model(
            inputs_embeds=x, position_ids=positions, use_cache=True, past_key_values=attention,
            attention_mask={"sliding_attention": None},
        )  # fmt: skip
        return out.last_hidden_state, (after, attention, self._states())

    def _recurrent(self) -> list[Any]:
        blocks = [layer.temporal_block for layer in self.model.layers]
        return [block for block in blocks if hasattr(block, "rg_lru")]

    def _states(self) -> list[tuple]:
        return [(b.conv1d_state, b.rg_lru.recurrent_states) for b in self._recurrent()]
