"""Targets: the architectures a program can be compiled to.

A new architecture is one file with a ``build`` function and one entry in :func:`registry`.
"""

from __future__ import annotations

from functools import cache, partial
from typing import Any

from lsrl_edu.backends.gadgets import Cell
from lsrl_edu.backends.gru import GRU
from lsrl_edu.backends.lstm import LSTM
from lsrl_edu.backends.tanh_rnn import TanhRNN
from lsrl_edu.backends.target import Target
from lsrl_edu.errors import LSRLError


def _paper(layers: Any, dtype: Any, sizes: Any = None, *, relu_cell: bool) -> Any:
    from lsrl_edu.backends import paper  # imports torch, so only when something is built

    return paper.build(layers, dtype, relu_cell, sizes)


def _stacked(
    layers: Any, dtype: Any, sizes: Any = None, soft: Any = None, *, cell: type[Cell]
) -> Any:
    from lsrl_edu.backends import stacked

    if soft:
        return stacked.build_soft(layers, dtype, cell, sizes, soft)
    return stacked.build(layers, dtype, cell, sizes)


def _released(layers: Any, dtype: Any, sizes: Any = None, *, module: str, **options: Any) -> Any:
    from importlib import import_module

    try:
        import transformers  # noqa: F401
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            "mamba, mamba2, hawk and griffin are classes of transformers, which is not installed: "
            "pip install 'lsrl-edu[hf]'."
        ) from error
    build = import_module(f"lsrl_edu.backends.{module}").build
    return build(layers, dtype, sizes=sizes, **options)


@cache
def registry() -> dict[str, Target]:
    """Return every target by name."""
    linear, relu = (partial(_paper, relu_cell=flag) for flag in (False, True))
    state, relu_state = "s = A s + B x + b", "s = ReLU(A s + B x + b)"
    plain, gated = "y = phi(s)", "y = gamma(x) * phi(s)"
    targets = [
        Target("linear_rnn", "linear recurrence, ReLU MLP on top", f"{state}, {plain} (Eq. 3)",
               False, linear),
        Target("gated_linear_rnn", "linear recurrence, ReLU MLP and a multiplicative gate",
               f"{state}, {gated} (Eq. 4)", True, linear),
        Target("rnn", "torch.nn.RNN with ReLU, and an MLP on top", f"{relu_state}, {plain} (Eq. 2)",
               False, relu),
        Target("gated_rnn", "torch.nn.RNN with ReLU, an MLP and a multiplicative gate",
               f"{relu_state}, {gated} (Eq. 5)", True, relu),
        Target("lstm", "torch.nn.LSTM and a linear head",
               "c = f c + i g, h = o tanh(c); i, f, o sigmoid, g tanh of W x + U h + b", True,
               partial(_stacked, cell=LSTM), True, soft=True),
        Target("gru", "torch.nn.GRU and a linear head",
               "h = (1 - z) n + z h, n = tanh(W x + r (U h + c) + b); r, z sigmoid", True,
               partial(_stacked, cell=GRU), True),
        Target("tanh_rnn", "torch.nn.RNN as it is by default (tanh), and a linear head",
               "h = tanh(W x + U h + b)", True, partial(_stacked, cell=TanhRNN), True),
        Target("mamba", "transformers.MambaModel",
               "s += W_o (y * SiLU(z)), h = exp(dt A) h + dt B u, u = SiLU(conv(W_x norm(s)))",
               True, partial(_released, module="mamba"), True, 24, True),
        Target("mamba2", "transformers.Mamba2Model",
               "as mamba; A and dt for each head, a second norm on y * SiLU(z)", True,
               partial(_released, module="mamba2"), True, 24, True),
        Target("hawk", "transformers.RecurrentGemmaModel, recurrent blocks only",
               "h = a h + sqrt(1 - a^2) conv(W_x norm(s)), s += W_o (h * GELU(W_y norm(s)))",
               True, partial(_released, module="hawk", pattern="hawk"), True, 24, True),
        Target("griffin", "transformers.RecurrentGemmaModel, every third block local attention",
               "as hawk; the attention blocks are silenced", True,
               partial(_released, module="hawk", pattern="griffin"), True, 24, True),
    ]  # fmt: skip
    return {t.name: t for t in targets}


def get_target(name: str) -> Target:
    """Return the target of that name.

    Raises:
        LSRLError: listing the names there are.
    """
    if name not in registry():
        raise LSRLError(f"target={name!r}: choose one of {', '.join(registry())}.")
    return registry()[name]
