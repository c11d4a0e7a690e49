"""Programs as the weights of ``transformers.MambaModel``, unmodified (Gu and Dao, 2023).

A block computes, from the normalised residual stream (1, s)::

    u = SiLU(conv(in_x n))       z = in_z n
    h_t = exp(dt A) h_{t-1} + dt B u_t        y = C h + D u        s += out (y * SiLU(z))

One operation is one channel of a block:

=========  ==========================  ========================  ==========================
operation  branch u                    dt, D                     gate z
=========  ==========================  ========================  ==========================
relu       SHOUT f                     0, 1 / SHOUT              SiLU(128) = 128
product    whispered f                 0, 2 / whisper            whispered g
taps       whispered f, conv = taps    0, 2 / whisper            128
state      whispered f, conv = taps    dt = 32, D = 0            128
=========  ==========================  ========================  ==========================

Channel 0 of every mixer is the constant u = SiLU(128) = 128; B and C read it, so they are 1.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from functools import cache
from itertools import zip_longest
from typing import Any

import torch

from lsrl_edu.backends.built import Built
from lsrl_edu.backends.gadgets import Gadget
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
from lsrl_edu.backends.residual import EVERYTHING, Block, Plan, lay_out
from lsrl_edu.backends.scales import (
    SHOUT,
    SHUT,
    SOLID,
    STEP,
    WHISPER,
    norm_weights,
)
from lsrl_edu.backends.sizes import Sizes, constants_in, settle
from lsrl_edu.compiler.affine import Affine
from lsrl_edu.compiler.layers import Layers
from lsrl_edu.numbers import Number

GADGETS = {
    "relu": Gadget("SiLU(K v) / K", "within 0.28 / K"),
    "product": Gadget("a whispered SiLU(f) times a whispered SiLU(g)", "exact"),
    "linear": Gadget("a whispered SiLU", "exact"),
    "taps": Gadget("the causal convolution, then a whispered SiLU", "exact"),
    "state": Gadget("h = exp(dt A) h + dt B u, exp(-0 dt) = 1", "exact where a = 1"),
}
ERRORS = {"relu": 0.2785 / SHOUT}


def build(layers: Layers, dtype: str, sizes: Sizes | None = None) -> Built:
    """Return a MambaModel that computes ``layers``, with the weights set.

    ``sizes`` may hold hidden_size, num_hidden_layers, expand, state_size and time_step_rank.
    """
    plan = blocks_of(layers, dtype)
    return assemble(_model(plan, dtype, sizes), plan, layers, dtype, Mixer)


def blocks_of(layers: Layers, dtype: str) -> Plan:
    """Return the network laid out in blocks that can do everything."""
    return lay_out(operations(layers), itertools.repeat(EVERYTHING), reuse=dtype != "float64")


def assemble(
    model: Any, plan: Plan, layers: Layers, dtype: str, make_mixer: Callable[..., Mixer]
) -> Built:
    """Write the blocks of a plan into an empty MambaModel or Mamba2Model."""
    H, n = model.config.hidden_size, constants_in(model.config.hidden_size)
    for layer, block in zip_longest(model.layers, plan.blocks, fillvalue=Block()):
        fill_norm(layer.norm.weight, H, n)
        make_mixer(layer.mixer, dtype, n).fill(block)
    fill_norm(model.norm_f.weight, H, n)
    module = Released(model, plan, layers.input_dim, n)
    return built(module, layers, dtype, uses(plan, GADGETS, ERRORS))


def _model(plan: Plan, dtype: str, sizes: Sizes | None) -> Any:
    """Return a MambaModel of the right size, all weights 0."""
    from transformers import MambaConfig, MambaModel

    units = 1 + max((block.units for block in plan.blocks), default=0)
    H = stream_width(plan, sizes)
    needed = {"hidden_size": H, "num_hidden_layers": max(1, len(plan.blocks))}
    needed |= {"expand": math.ceil(units / H), "state_size": 1, "time_step_rank": 1}
    config = MambaConfig(
        vocab_size=1, conv_kernel=MOST_TAPS, residual_in_fp32=dtype != "float64",
        **NO_TOKENS, **settle("mamba", sizes, needed),
    )  # fmt: skip
    return emptied(MambaModel(config))


@torch.no_grad()
def fill_norm(weight: torch.Tensor, H: int, n: int, shift: float = 0.0) -> None:
    """Make a norm the identity on (1, s); ``shift`` is what the class adds to its weight."""
    one, signal = norm_weights(H, n)
    weight[:] = signal - shift
    weight[:n] = -shift
    weight[0] = one - shift


class Mixer:
    """Writes one block's units into the weights of a MambaMixer, channel by channel."""

    def __init__(self, mixer: Any, dtype: str, constants: int):
        self.mixer, self.dtype, self.constants = mixer, dtype, constants
        self.width = mixer.intermediate_size
        self.used = 0

    @torch.no_grad()
    def fill(self, block: Block) -> None:
        """Write channel 0, the constant, and a channel for each operation and cleared slot."""
        self.prepare()
        for write in block.writes:
            self._operation(write.operation, write.slot)
        for slot in block.clears:
            channel = self.channel(Affine.atom(slot), WHISPER, (1,))
            self.mixer.D[channel] = 2 / WHISPER
            self._out(channel, slot, -1 / SOLID)

    def prepare(self) -> None:
        """Write channel 0, the constant that B and C read, and shut every other step."""
        self.mixer.dt_proj.bias[:] = SHUT
        constant = self.channel(Affine(constant=1), SOLID, (1,))
        mixer = self.mixer
        for row in (mixer.time_step_rank, mixer.time_step_rank + mixer.ssm_state_size):
            mixer.x_proj.weight[row, constant] = 1 / SOLID  # B = C = (1, 0, ..., 0)

    def rows(self, channel: int) -> tuple[int, int]:
        """Return the rows of in_proj that hold a channel's branch and its gate."""
        return channel, self.width + channel

    def recur(self, channel: int, a_log: float, step: float) -> float:
        """Give a channel a recurrence; return its y for a state of 1."""
        self.mixer.A_log[channel, 0] = a_log
        self.mixer.dt_proj.bias[channel] = step
        return WHISPER / 2 * step

    def _operation(self, made: Operation, slot: int) -> None:
        write = {"relu": self._relu, "product": self._product, "taps": self._taps}
        write["linear"] = self._taps
        write.get(made.kind, self._state)(made, slot)

    def _relu(self, made: Operation, slot: int) -> None:
        channel = self.channel(made.reads[0], SHOUT, (1,))
        self.mixer.D[channel] = 1 / SHOUT
        self._out(channel, slot, 1 / SOLID)

    def _product(self, made: Operation, slot: int) -> None:
        channel = self.channel(made.reads[0], WHISPER, (1,), gate=made.reads[1])
        self.mixer.D[channel] = 2 / WHISPER
        self._out(channel, slot, 2 / WHISPER)

    def _taps(self, made: Operation, slot: int) -> None:
        channel = self.channel(made.reads[0], WHISPER, made.taps)
        self.mixer.D[channel] = 2 / WHISPER
        self._out(channel, slot, 1 / SOLID)

    def _state(self, made: Operation, slot: int) -> None:
        channel = self.channel(made.reads[0], WHISPER, made.taps)
        size = self.recur(channel, *decay_parameters(made.decay, self.dtype))
        self._out(channel, slot, 1 / (size * SOLID))

    def channel(
        self, form: Affine, scale: float, taps: tuple[Number, ...], gate: Affine | None = None
    ) -> int:
        """Return a new channel with branch and gate set; a gate of None is the constant 128."""
        channel, self.used = self.used, self.used + 1
        branch, gated = (self.mixer.in_proj.weight[row] for row in self.rows(channel))
        put_row(branch, row_of(form, self.constants, scale))
        put_row(gated, {0: SOLID} if gate is None else row_of(gate, self.constants, WHISPER))
        for delay, tap in enumerate(taps):
            self.mixer.conv1d.weight[channel, 0, MOST_TAPS - 1 - delay] = float(tap)
        return channel

    def _out(self, channel: int, slot: int, factor: float) -> None:
        self.mixer.out_proj.weight[self.constants + slot, channel] = factor


@cache
def decay_parameters(decay: Number, dtype: str) -> tuple[float, float]:
    """Return (A_log, dt) with exp(-exp(A_log) softplus(dt)) as close to ``decay`` as can be.

    ``decay`` 1 is exact: exp(A_log) underflows to 0. For others, steps from 21 up (softplus is
    the identity there) are tried with the nearest A_log, in the arithmetic of the model.
    """
    if decay == 1:
        return SHUT, STEP
    kind = getattr(torch, dtype)
    steps = torch.arange(21.0, 120.0, 0.25, dtype=torch.float64).to(kind).double()
    a_log = torch.log(-math.log(decay) / steps).to(kind)
    rounded = torch.exp(-torch.exp(a_log.float()) * steps.float())
    best = int((rounded.double() - float(decay)).abs().argmin())
    return float(a_log[best]), float(steps[best])
