"""What a target is. (No torch here: the list of targets can be read without it.)"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lsrl_edu.compiler.layers import Layers


@dataclass(frozen=True)
class Target:
    """An architecture that Layers can be compiled to.

    Attributes:
        name: what the reader writes.
        summary: one line.
        equation: of the paper, or of the architecture's own.
        gates: whether it can multiply two values that both vary.
        build: (layers, dtype, sizes) -> Built, a module with weights and the facts about it.
        released: True where the module is a class of torch or transformers as it is.
        digits: binary digits that a float64 model keeps; 24 where the class computes in float32.
        soft: True where ``build`` takes softer constants, as a fourth argument.
        diagonal: True where states must have a transition with eigenvalues in [0, 1].
    """

    name: str
    summary: str
    equation: str
    gates: bool
    build: Callable[[Layers, str, Any], Any]
    released: bool = False
    digits: int = 53
    diagonal: bool = False
    soft: bool = False
