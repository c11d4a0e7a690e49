"""What a backend gives back: the module, and the facts about it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from lsrl_edu.backends.gadgets import Use
from lsrl_edu.compiler.layers import Layer


@dataclass(frozen=True)
class Built:
    """A module with its weights set.

    Attributes:
        module: a torch module, (B, T, d) -> (B, T, m), with ``start(B) -> state`` and
            ``step(x, state) -> (y, state)``.
        hidden_sizes: the units used in each recurrent layer.
        uses: the gadgets it is made of.
        notes: what a user should know, a sentence each.
        watch: (inputs, outputs, state after the run) -> what went wrong, or None.
    """

    module: Any
    hidden_sizes: tuple[int, ...]
    uses: tuple[Use, ...] = ()
    notes: tuple[str, ...] = ()
    watch: Callable[[Any, Any, Any], str | None] = lambda inputs, outputs, state: None


def farthest(layers: Sequence[Layer], reach: float) -> str | None:
    """Say which value may get largest, and how large, where that is above ``reach``."""
    ranges = [pair for x in layers for pair in zip(x.ranges, x.labels, strict=True)]
    magnitudes = [(known.magnitude, label) for known, label in ranges]
    largest, label = max(magnitudes, default=(0, ""))
    if largest <= reach:
        return None
    size = "without a bound" if largest == math.inf else f"up to {float(largest):.3g}"
    return f"{label!r} is {size} for this domain and horizon"
