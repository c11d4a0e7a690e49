"""Where two runs part: the first step, and its first node, that is not as it should be.

The specification gives the outputs, and may give the values of inner quantities by name. A node
of the reader's program with that name is held against them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lsrl_edu.lang import Program
from lsrl_edu.nodes import Node


@dataclass(frozen=True)
class Parting:
    """The first place at which a run is not what it should be.

    Attributes:
        step: the element, from 0.
        node: of the reader's program.
        wanted: what its value should be there.
        message: a sentence, where there is more to say than that the output is wrong.
    """

    step: int
    node: Node
    wanted: Any
    message: str = ""


def first_parting(
    program: Program,
    xs: Sequence[Any],
    inside: Mapping[str, Callable[[list], Sequence[Any]]],
    output: tuple[int, Any],
    tolerance: float,
) -> Parting:
    """Return where the run on xs parts from the specification.

    Args:
        program: the reader's.
        xs: the input, up to the first wrong output.
        inside: name -> inputs -> values of inner quantities.
        output: (element, value wanted) of the first wrong output.
        tolerance: what counts as different.
    """
    trace = program.trace(xs)
    found = []
    for order, node in enumerate(program.nodes):
        if node.name not in inside or node is program.output:
            continue
        wanted = np.asarray(inside[node.name](list(xs)), dtype=float).reshape(len(xs), -1)
        values = np.asarray(trace.values[node], dtype=float)
        if wanted.shape != values.shape:
            continue
        differs = ~(np.abs(values - wanted) <= tolerance).all(axis=1)
        if differs.any():
            t = int(differs.argmax())
            found.append((t, order, node, wanted[t], values[t]))
    if not found:
        return Parting(output[0], program.output, output[1])
    t, _, node, wanted, value = min(found, key=lambda f: f[:2])
    said = f"It begins at `{node.name}`, element {t}: {_say(value)} should be {_say(wanted)}."
    return Parting(t, node, wanted, said)


def _say(value: np.ndarray) -> str:
    numbers = [f"{v:g}" for v in np.round(value, 6)]
    return numbers[0] if len(numbers) == 1 else f"[{', '.join(numbers)}]"
