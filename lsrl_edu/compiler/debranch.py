"""Debranching: any program becomes a path (paper, Appendix A).

The driver walks from the Input along the only way there is until it meets the first node with
more than one reader, the *branching node*. Its readers decide which case applies; the case moves
them into one more operation on the path, followed by slices. Nothing before the branching node
changes any more.
"""

from __future__ import annotations

from lsrl_edu.compiler.debranch_cases import CASES
from lsrl_edu.compiler.fold import FUSIONS
from lsrl_edu.compiler.rewrite import Decline, Delta, Graph, Rule, Trace
from lsrl_edu.errors import ProgramError
from lsrl_edu.lang import Program

Measure = tuple[int, ...]


def debranch(program: Program) -> Trace:
    """Turn a program into a path graph, recording every step.

    Args:
        program: any LSRL program; it is not touched.

    Returns:
        The Trace: ``len``, iteration, ``trace[i]`` with ``rule``, ``case``, ``before`` and
        ``after``, and ``trace.layers``.
    """
    graph, trace = Graph.of(program), Trace(program)
    _fuse(graph, trace, set(graph.vertices))
    here, before = graph.input, None
    while True:
        here = _end_of_path(graph, here)
        if not graph.readers[here]:
            return trace
        before = _checked(measure(graph, here), before)
        delta = _apply_first(CASES, graph, trace, here)
        if delta is None:
            raise ProgramError(f"{program.name}: no case fits the readers of vertex {here}.")
        _fuse(graph, trace, set(delta.changed) | _neighbours(graph, delta))
        here = here if here in graph.vertices else graph.input


def _end_of_path(graph: Graph, here: int) -> int:
    """Follow the path from ``here`` to the first vertex with several readers, or none."""
    while len(graph.readers[here]) == 1:
        here = graph.readers[here][0]
    return here


def _apply_first(rules: tuple[Rule, ...], graph: Graph, trace: Trace, v: int) -> Delta | None:
    for rule in rules:
        proposal = rule.propose(graph, v)
        if not isinstance(proposal, Decline):
            graph.apply(proposal)
            trace.record(rule, v, proposal)
            return proposal
    return None


def _fuse(graph: Graph, trace: Trace, waiting: set[int]) -> None:
    """Apply the fusions wherever something changed, until none fits."""
    while waiting:
        v = min(waiting)
        waiting.discard(v)
        if v not in graph.vertices:
            continue
        delta = _apply_first(FUSIONS, graph, trace, v)
        if delta is not None:
            waiting |= set(delta.changed) | _neighbours(graph, delta)


def _neighbours(graph: Graph, delta: Delta) -> set[int]:
    """Return the vertices next to what changed: they may fuse now."""
    near: set[int] = set()
    for number in delta.changed:
        if number in graph.vertices:
            near |= {number, *graph.readers[number]}
    for vertex in delta.before.values():
        for x in vertex.inputs if vertex is not None else ():
            near |= {x, *graph.readers.get(x, ())}
    return near


def measure(graph: Graph, here: int) -> Measure:
    """Return what every case makes smaller, compared from left to right.

    Counted beyond the branching node: first the nodes that are not Linear, then the Linears that
    are not slices, then the slices, those with the most non-linear nodes below them first. (A
    slice that is pushed down is replaced by slices that are lower.)
    """
    heights: dict[int, int] = {}
    bent = straight = 0
    slices: dict[int, int] = {}
    for number in reversed(graph.topological()):
        vertex = graph.vertices[number]
        below = max((heights[r] for r in graph.readers[number]), default=0)
        heights[number] = below + (vertex.kind != "Linear")
        if number == here:
            continue
        if vertex.kind != "Linear":
            bent += 1
        elif vertex.is_slice:
            slices[below] = slices.get(below, 0) + 1
        else:
            straight += 1
    on_path = _count_before(graph, here)
    top = max([*heights.values(), 0])
    counts = tuple(slices.get(h, 0) for h in range(top, -1, -1))
    return (bent - on_path[0], straight - on_path[1], top, *counts)


def _count_before(graph: Graph, here: int) -> tuple[int, int]:
    """Return how many non-linear nodes and Linears lie on the path before ``here``."""
    bent = straight = 0
    while graph.vertices[here].inputs:
        here = graph.vertices[here].inputs[0]
        vertex = graph.vertices[here]
        bent += vertex.kind != "Linear"
        straight += vertex.kind == "Linear" and not vertex.is_slice
    return bent, straight


def _checked(now: Measure, before: Measure | None) -> Measure:
    if before is not None and not now < before:
        raise ProgramError(f"Debranching makes no progress: {before} became {now}.")
    return now
