"""A trace laid on the graph, one step at a time.

Everything the page needs is computed here, once: the picture, and every value as text. What is
shown at a step is chosen in the page (``trace_stepper.js``), so the widget works on a static
site as it does in JupyterLab.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import traitlets

from lsrl_edu.lang import Trace
from lsrl_edu.nodes import LinState, Node
from lsrl_edu.show.dag import graph_svg, value_text
from lsrl_edu.show.fold import Detail, view
from lsrl_edu.show.svg import text_width
from lsrl_edu.show.text import references
from lsrl_edu.show.trace import trace_rows
from lsrl_edu.show.words import plural

_HERE = Path(__file__).parent
QUESTION = "What does every node hold after each element, and what has just changed?"


def stepper_data(
    trace: Trace,
    start: int | None = None,
    question: str = QUESTION,
    direction: str = "LR",
    detail: Detail = "auto",
) -> dict[str, Any]:
    """Return everything the page shows, as plain JSON values.

    Args:
        trace: what to step through.
        start: the step shown first; if left out, the first at which the output changes.
        question: the question that stepping through answers.
        direction, detail: of the graph; see :func:`lsrl_edu.show.dag.draw_program`.

    Returns:
        ``svg``: the graph; the group with ``data-node="i"`` belongs to ``nodes[i]``.
        ``nodes``: each with ``name``, ``kind``, ``state`` and ``values``, a text for each step.
        ``rows``: the positions in ``nodes`` of those listed in the table.
        ``output``: the position of the node that is returned.
    """
    shown = view(trace.program, detail)
    values = {n: [value_text(v) for v in trace.values[n]] for n in shown.nodes}
    widest = {n: max(v, key=lambda t: text_width(t, 14), default="") for n, v in values.items()}
    title = f"Graph of {trace.program.name} with the value of every node"
    drawn, _ = graph_svg(shown, title, direction, {n: w or " " for n, w in widest.items()})
    where = {n: i for i, n in enumerate(shown.nodes)}
    rows = [(name, n) for name, n in trace_rows(trace, "named") if n in where]
    called = {**references(trace.program.nodes), **{n: name for name, n in rows}}
    return {
        "title": f"{trace.program.name}, step by step",
        "question": question,
        "steps": len(trace),
        "start": _first_change(trace) if start is None else start % max(1, len(trace)),
        "svg": drawn,
        "note": shown.note,
        "nodes": [_node_data(n, called[n], values[n]) for n in shown.nodes],
        "rows": [where[n] for _, n in rows],
        "output": where[trace.program.output],
    }


def _node_data(node: Node, name: str, values: list[str]) -> dict[str, Any]:
    state = isinstance(node, LinState)
    return {"name": name, "kind": node.kind, "state": state, "values": values}


def _first_change(trace: Trace) -> int:
    """Return the first step at which the output is another one than before; else the last."""
    output = trace.output
    changes = [t for t in range(1, len(trace)) if list(output[t]) != list(output[t - 1])]
    return changes[0] if changes else max(0, len(trace) - 1)


class TraceStepper(anywidget.AnyWidget):
    """The thin shell around :func:`stepper_data`; ``step`` is the step that is shown."""

    _esm = _HERE / "trace_stepper.js"
    _css = _HERE / "trace_stepper.css"
    data = traitlets.Dict().tag(sync=True)
    step = traitlets.Int(0).tag(sync=True)

    def __init__(self, trace: Trace, **options: Any):
        data = stepper_data(trace, **options)
        super().__init__(data=data, step=data["start"])

    def __repr__(self) -> str:
        return f"<{self.data['title']}: {plural(self.data['steps'], 'step')}>"


def step_through(trace: Trace, **options: Any) -> TraceStepper:
    """Return a widget that steps through a trace; ``options`` as for :func:`stepper_data`."""
    return TraceStepper(trace, **options)
