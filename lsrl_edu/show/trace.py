"""A trace as a table, and laid on the graph of its program.

Rows are nodes and columns are steps. Unless told otherwise a table shows the nodes that a reader
has a name for: input, states, named nodes and output.
"""

from __future__ import annotations

from collections.abc import Sequence

from lsrl_edu.lang import Trace
from lsrl_edu.nodes import Input, LinState, Node
from lsrl_edu.show.dag import draw_program
from lsrl_edu.show.fold import Detail
from lsrl_edu.show.palette import KIND_COLOURS
from lsrl_edu.show.picture import Picture, html_or_text, safely
from lsrl_edu.show.svg import escape
from lsrl_edu.show.text import references
from lsrl_edu.show.words import listed, plural, say_vector, typeset

_MOST_STEPS = 16  # of a table in a terminal; on a page it scrolls
_SHOW_ALL_UP_TO = 8  # nodes; a program this small shows every node
_MOST_CELLS = 20_000  # of a table on a page


def trace_rows(trace: Trace, nodes: str | Sequence[Node | str] = "auto") -> list[tuple[str, Node]]:
    """Return the rows of a table, as (how the node is called, node).

    Args:
        trace: the trace.
        nodes: ``all``; ``named``: input, states, named nodes and output; ``auto``: all of a very
            small program, otherwise the named ones; or a list of nodes and names.
    """
    names = references(trace.program.nodes)
    if not isinstance(nodes, str):
        chosen = [_find(trace, n) for n in nodes]
    elif nodes == "all" or (nodes == "auto" and len(names) <= _SHOW_ALL_UP_TO):
        chosen = list(trace.program.nodes)
    elif nodes in ("auto", "named"):
        chosen = [n for n in trace.program.nodes if _is_row(n, trace)]
    else:
        raise ValueError(f"nodes={nodes!r}: choose 'auto', 'all', 'named', or list the nodes.")
    return [(_row_name(n, names, trace), n) for n in chosen]


def trace_text(trace: Trace, nodes: str | Sequence[Node | str] = "auto") -> str:
    """Return a trace as a table for a terminal; the middle of a long one is left out."""
    return safely(lambda: _text(trace, nodes))


def trace_html(trace: Trace, nodes: str | Sequence[Node | str] = "auto") -> str:
    """Return a trace as a table for a page: it scrolls sideways, and the names stay in sight."""
    return html_or_text(
        lambda: _html(trace, trace_rows(trace, nodes)), lambda: trace_text(trace, nodes)
    )


def trace_dag(
    trace: Trace, step: int | None = None, direction: str = "LR", detail: Detail = "auto"
) -> Picture:
    """Return the graph of the program with every node's value at one step (the last, if None)."""
    return draw_program(trace.program, trace, step, direction, detail)


def cells(trace: Trace, node: Node) -> list[str]:
    """Return the value of a node at every step, as text."""
    return [say_vector(value) for value in trace.values[node]]


# --- rows ------------------------------------------------------------------------------------
def _is_row(node: Node, trace: Trace) -> bool:
    return bool(node.name) or isinstance(node, Input | LinState) or node is trace.program.output


def _row_name(node: Node, names: dict[Node, str], trace: Trace) -> str:
    return "output" if node is trace.program.output and not node.name else names[node]


def _find(trace: Trace, node: Node | str) -> Node:
    if isinstance(node, Node):
        return node
    found = [n for n in trace.program.nodes if n.name == node]
    if not found:
        known = listed([n.name for n in trace.program.nodes if n.name]) or "none"
        raise KeyError(f"No node is called {node!r}. Named nodes: {known}.")
    return found[0]


# --- a terminal ------------------------------------------------------------------------------
def _text(trace: Trace, nodes: str | Sequence[Node | str]) -> str:
    rows = trace_rows(trace, nodes)
    steps = _steps_shown(len(trace))
    table = [["step", "", *map(str, steps)]]
    for name, node in rows:
        values = cells(trace, node)
        mark = "state" if isinstance(node, LinState) else ""
        table.append([name, mark, *("..." if s == "..." else values[s] for s in steps)])
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    lines = [
        "  ".join([row[0].ljust(widths[0]), row[1].ljust(widths[1])] + [
            cell.rjust(w) for cell, w in zip(row[2:], widths[2:], strict=True)
        ]).rstrip()
        for row in table
    ]  # fmt: skip
    heading = f"trace of {trace.program.name} over {plural(len(trace), 'element')}"
    return "\n".join([heading, *(f"  {line}" for line in lines)])


def _steps_shown(length: int) -> list[int | str]:
    if length <= _MOST_STEPS:
        return list(range(length))
    half = _MOST_STEPS // 2
    return [*range(half), "...", *range(length - half + 1, length)]


# --- a page ----------------------------------------------------------------------------------
_CELL = "background-color:transparent;padding:0.18em 0.7em;text-align:right;white-space:nowrap;"
_NAME = "padding:0.18em 0.9em 0.18em 0.7em;text-align:left;white-space:nowrap;font-weight:400;"
# The one place that needs a background of its own: names stay while the steps scroll below them.
_STICKY = (
    "position:sticky;left:0;"
    "background-color:var(--jp-layout-color0,var(--vscode-editor-background,Canvas));"
    "color:var(--jp-ui-font-color1,var(--vscode-editor-foreground,CanvasText));"
)
_RULE = "border-bottom:1px solid color-mix(in srgb, currentColor 35%, transparent);"
_TABLE = (
    "border-collapse:collapse;margin:0;font-variant-numeric:tabular-nums;color:inherit;"
    "background:transparent;width:auto;display:table"
)
_CAPTION = "caption-side:top;white-space:nowrap;text-align:left;padding:0 0 0.4em;color:inherit"
_TINT = "background-image:linear-gradient(0deg,{0}22,{0}22);".format(KIND_COLOURS["LinState"])
_MARK = (
    f"font-size:0.75em;border:1px solid {KIND_COLOURS['LinState']};border-radius:3px;"
    "padding:0 0.35em;margin-left:0.6em"
)


def _html(trace: Trace, rows: list[tuple[str, Node]]) -> str:
    steps = min(len(trace), max(1, _MOST_CELLS // max(1, len(rows))))
    head = "".join(f'<th scope="col" style="{_CELL}{_RULE}">{t}</th>' for t in range(steps))
    head = f'<tr><th scope="col" style="{_NAME}{_STICKY}{_RULE}">step</th>{head}</tr>'
    body = "".join(_html_row(trace, name, node, steps) for name, node in rows)
    title = escape(f"Trace of {trace.program.name} over {plural(len(trace), 'element')}")
    caption = title + escape(_left_out(trace, rows, steps))
    return (
        f'<div class="ls-trace" style="overflow-x:auto" tabindex="0" role="group" '
        f'aria-label="{title}"><table style="{_TABLE}">'
        f'<caption style="{_CAPTION}">{caption}</caption>'
        f"<thead>{head}</thead><tbody>{body}</tbody></table></div>"
    )


def _html_row(trace: Trace, name: str, node: Node, steps: int) -> str:
    values = cells(trace, node)[:steps]
    is_state = isinstance(node, LinState)
    mark = f'<span style="{_MARK}">state</span>' if is_state else ""
    bold = "font-weight:600;" if is_state or node is trace.program.output else ""
    tint = _TINT if is_state else ""
    row = "".join(f'<td style="{_CELL}{tint}">{escape(typeset(v))}</td>' for v in values)
    header = f'<th scope="row" style="{_NAME}{_STICKY}{bold}{tint}">{escape(name)}{mark}</th>'
    return f'<tr style="background:transparent">{header}{row}</tr>'


def _left_out(trace: Trace, rows: list, steps: int) -> str:
    """Return what the table leaves out, as a sentence."""
    nodes = len(trace.program.nodes)
    parts = []
    if len(rows) < nodes:
        parts.append(f"{len(rows)} of {nodes} nodes")
    if steps < len(trace):
        parts.append(f"the first {steps} steps")
    return f" ({listed(parts)} shown)" if parts else ""
