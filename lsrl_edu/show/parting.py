"""The picture of where two runs part: on the graph, and in the trace."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from lsrl_edu.lang import Trace
from lsrl_edu.nodes import Node
from lsrl_edu.show.dag import graph_svg, value_text
from lsrl_edu.show.debranching import Drawn, marked
from lsrl_edu.show.fold import view
from lsrl_edu.show.picture import Picture, html_or_text, or_text
from lsrl_edu.show.trace import trace_html, trace_text


@dataclass(frozen=True)
class PartingPicture:
    """A graph with one node marked, and the trace up to that step."""

    graph: Picture
    trace: Trace

    def __repr__(self) -> str:
        return trace_text(self.trace)

    def _repr_html_(self) -> str:
        return html_or_text(
            lambda: self.graph._repr_html_() + trace_html(self.trace), self.__repr__
        )


def draw_parting(trace: Trace, step: int, node: Node, wanted: Any) -> PartingPicture:
    """Return the graph at the step where a run goes wrong, with the first wrong node marked.

    Args:
        trace: of the reader's program.
        step: the element, from 0.
        node: that is not what it should be; it gets a thick outline and both values.
        wanted: what it should be.
    """
    title = f"{trace.program.name} after element {step}: {node.label} is not what it should be"
    graph = or_text(
        lambda: _graph(trace, step, node, wanted, title), title, lambda: trace_text(trace)
    )
    return PartingPicture(graph, trace)


def _graph(trace: Trace, step: int, node: Node, wanted: Any, title: str) -> Picture:
    shown = view(trace.program)
    values = {n: value_text(trace.values[n][step]) for n in shown.nodes}
    marks = {}
    if node in values:
        wish = value_text(np.atleast_1d(np.asarray(wanted, dtype=float)))
        values[node] = f"{values[node]}, not {wish}"
        marks = {shown.nodes.index(node): "changed"}
    drawn, width = graph_svg(shown, title, "LR", values)
    picture = marked(Drawn(drawn, marks, width, shown.note))
    return Picture(picture, title, title, shown.note, width)
