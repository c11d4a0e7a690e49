"""What a backend gives back: the module, and the facts about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lsrl_edu.backends.gadgets import Use


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
