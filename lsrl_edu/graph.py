"""Walking the graph of nodes, without recursion, so that depth is no limit."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence

from lsrl_edu.nodes import Node


def topological(*outputs: Node, known: Container[Node] = ()) -> list[Node]:
    """Return every node the outputs depend on, each after the nodes it reads.

    The order is that of a reader going through the program from the top: the first input of a
    node, with everything it needs, comes before the second. Nodes in ``known``, and what only
    they need, are left out.
    """
    order: list[Node] = []
    seen: set[Node] = set()
    stack: list[tuple[Node, bool]] = [(node, False) for node in reversed(outputs)]
    while stack:
        node, inputs_done = stack.pop()
        if inputs_done:
            order.append(node)
        elif node not in seen and node not in known:
            seen.add(node)
            stack.append((node, True))
            stack.extend((x, False) for x in reversed(node.inputs))
    return order


def users(nodes: Iterable[Node]) -> dict[Node, list[Node]]:
    """Return for every node the nodes that read it, each once."""
    readers: dict[Node, list[Node]] = {}
    for node in nodes:
        readers.setdefault(node, [])
        for x in dict.fromkeys(node.inputs):
            readers.setdefault(x, []).append(node)
    return readers


def nearest_names(nodes: Sequence[Node]) -> dict[Node, str]:
    """Return a name for every node: its own, else that of what it helps to compute first.

    ``f_larger(a, b, name="more")`` makes seven nodes; all of them answer to "more".

    Args:
        nodes: in topological order.
    """
    names: dict[Node, str] = {}
    for node in reversed(nodes):
        names[node] = node.name or names.get(node, "output")
        feeds_state = node.kind == "LinState" and not names[node].startswith("input of ")
        for x in node.inputs:
            names[x] = f"input of {names[node]}" if feeds_state else names[node]
    return names
