"""Programs as the weights of ``transformers.Mamba2Model``, unmodified (Dao and Gu, 2024).

As in Mamba (:mod:`lsrl_edu.backends.mamba`), with three differences. A and dt belong to a head;
here every head is one channel wide. B and C come out of the convolution, not out of x. And the
output y * SiLU(z) passes an RMSNorm of its own, which some constant channels of size 2^44 make the
identity, as the one in the residual stream does for the others.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from lsrl_edu.backends.built import Built
from lsrl_edu.backends.mamba import Mixer, assemble, blocks_of
from lsrl_edu.backends.operations import MOST_TAPS
from lsrl_edu.backends.released import NO_TOKENS, emptied, stream_width
from lsrl_edu.backends.residual import Plan
from lsrl_edu.backends.scales import SHUT, SOLID, STEP, WHISPER
from lsrl_edu.backends.sizes import Sizes, constants_in, settle
from lsrl_edu.compiler.affine import Affine
from lsrl_edu.compiler.layers import Layers
from lsrl_edu.numbers import exact

ROOT = 2.0**22
"""SiLU(2^22) SiLU(2^22) = 2^44, the constant of the gated norm."""
CHUNK = 64
"""Steps in one chunk of the scan: its memory grows with the square."""


def build(layers: Layers, dtype: str, sizes: Sizes | None = None) -> Built:
    """Return a Mamba2Model that computes ``layers``, with the weights set.

    ``sizes`` may hold hidden_size and num_hidden_layers.
    """
    plan = blocks_of(layers, dtype)
    model, constants = _model(plan, dtype, sizes)
    return assemble(model, plan, layers, dtype, partial(_HeadMixer, large=constants))


def _model(plan: Plan, dtype: str, sizes: Sizes | None) -> tuple[Any, int]:
    """Return a Mamba2Model of the right size, all weights 0, and the constants of its norms."""
    from transformers import Mamba2Config, Mamba2Model

    needed = {"hidden_size": stream_width(plan, sizes)}
    needed["num_hidden_layers"] = max(1, len(plan.blocks))
    settled = settle("mamba2", sizes, needed)
    H = settled["hidden_size"]
    units = max((block.units for block in plan.blocks), default=0)
    expand, constants = _expansion(units, H, constants_in(H))
    config = Mamba2Config(
        vocab_size=1, expand=expand, num_heads=expand * H, head_dim=1, n_groups=1, state_size=1,
        conv_kernel=MOST_TAPS, chunk_size=CHUNK, residual_in_fp32=dtype != "float64", **NO_TOKENS,
        **settled,
    )  # fmt: skip
    return emptied(Mamba2Model(config)), constants


def _expansion(units: int, H: int, n: int) -> tuple[int, int]:
    """Return (expand, constants): (expand * H) / constants is a power of 4, and all fits in."""
    expand = 1
    while True:
        constants = expand * n
        while constants % 4 == 0:
            constants //= 4
        if units + constants <= expand * H:
            return expand, constants
        expand += 1


class _HeadMixer(Mixer):
    """Writes one block's units into the weights of a Mamba2Mixer."""

    def __init__(self, mixer: Any, dtype: str, constants: int, large: int):
        super().__init__(mixer, dtype, constants)
        self.large = large

    def prepare(self) -> None:
        """Write the constant channels of the gated norm, and B and C."""
        mixer, width = self.mixer, self.width
        mixer.dt_bias[:] = SHUT
        one = Affine(constant=1)
        for _ in range(self.large):
            channel = self.channel(one, ROOT, (1,), gate=Affine(constant=exact(ROOT / WHISPER)))
            mixer.D[channel] = 1.0
        # y = C h = s: C undoes B, the step and the whisper
        read_in, read_out = SOLID, 2 / (SOLID * STEP * WHISPER)
        for place, value in ((2 * width, read_in), (2 * width + 1, read_out)):
            mixer.in_proj.weight[place, 0] = value
            mixer.conv1d.weight[place - width, 0, -1] = 1.0
        mixer.norm.weight[:] = ROOT**2 * (self.large / width) ** 0.5

    def rows(self, channel: int) -> tuple[int, int]:
        """Return the rows of in_proj that hold a channel's branch and its gate."""
        return self.width + channel, channel

    def recur(self, channel: int, a_log: float, step: float) -> float:
        """Give a channel a recurrence; return its y for a state of 1."""
        self.mixer.A_log[channel] = a_log
        self.mixer.dt_bias[channel] = step
        return step / STEP
