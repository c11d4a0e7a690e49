"""Which nodes of a program are shown: all of them, or only those that tell the story."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from lsrl_edu.lang import Program
from lsrl_edu.nodes import Concat, Input, Linear, LinState, Node
from lsrl_edu.show.words import plural

Detail = Literal["auto", "all", "folded", "states"]
DETAILS = ("auto", "all", "folded", "states")
MOST_NODES = 40
"""A picture with more nodes than this is folded unless the reader asks for all of them."""

_HIDDEN_WHAT = {
    "folded": "Linear and Concat nodes without a name are folded into the arrows",
    "states": "only states and nodes with a name are shown",
}


@dataclass(frozen=True)
class View:
    """The part of a program that is shown.

    Attributes:
        program: the whole.
        detail: ``all``, ``folded`` or ``states``.
        nodes: those shown, in the program's order.
        edges: (read, reader) pairs; a pair is linked directly or through hidden nodes.
    """

    program: Program
    detail: str
    nodes: tuple[Node, ...]
    edges: tuple[tuple[Node, Node], ...]

    @property
    def hidden(self) -> int:
        """How many nodes are not shown."""
        return len(self.program.nodes) - len(self.nodes)

    @property
    def note(self) -> str:
        """What is left out and how to see it; empty where nothing is."""
        if not self.hidden:
            return ""
        return (
            f"{len(self.nodes)} of {plural(len(self.program.nodes), 'node')}: "
            f"{_HIDDEN_WHAT[self.detail]}. draw(detail='all') shows everything."
        )


def view(program: Program, detail: Detail = "auto") -> View:
    """Return what to show of a program.

    Args:
        program: the program.
        detail: ``all`` nodes; ``folded``: without unnamed Linear and Concat; ``states``: only
            Input, output, states and named nodes; ``auto``: the first with at most MOST_NODES.
    """
    if detail not in DETAILS:
        raise ValueError(f"detail={detail!r}: choose one of {', '.join(DETAILS)}.")
    wanted = DETAILS[1:] if detail == "auto" else (detail,)
    for choice in wanted:
        nodes = tuple(n for n in program.nodes if _is_shown(n, program, choice))
        if len(nodes) <= MOST_NODES:
            break
    return View(program, choice, nodes, _edges(program, nodes))


def _is_shown(node: Node, program: Program, detail: str) -> bool:
    if detail == "all" or node.name or node is program.output:
        return True
    if detail == "folded":
        return not isinstance(node, Linear | Concat)
    return isinstance(node, Input | LinState)


def _edges(program: Program, shown: tuple[Node, ...]) -> tuple[tuple[Node, Node], ...]:
    """Return which shown node depends on which, looking through the hidden ones."""
    visible = set(shown)
    sources: dict[Node, dict[Node, None]] = {}  # of each node, the shown nodes it stands for
    edges: list[tuple[Node, Node]] = []
    for node in program.nodes:
        reads = {s: None for x in node.inputs for s in sources[x]}
        if node in visible:
            edges += [(s, node) for s in reads]
        sources[node] = {node: None} if node in visible else reads
    return tuple(edges)
