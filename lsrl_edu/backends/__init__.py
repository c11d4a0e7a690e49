"""Targets: the architectures a program can be compiled to.

A new architecture is one file with a ``build`` function and one entry in :func:`registry`.
"""

from __future__ import annotations

from functools import cache, partial
from typing import Any

from lsrl_edu.backends.target import Target
from lsrl_edu.errors import LSRLError


def _build(layers: Any, dtype: Any, relu_cell: bool) -> Any:
    from lsrl_edu.backends import paper  # imports torch, so only when something is built

    return paper.build(layers, dtype, relu_cell)


@cache
def registry() -> dict[str, Target]:
    """Return every target by name."""
    linear, relu = (partial(_build, relu_cell=flag) for flag in (False, True))
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
