"""A program as a picture: its directed acyclic graph, with or without values on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lsrl_edu.lang import Program, Trace
from lsrl_edu.nodes import Concat, LinState, Node
from lsrl_edu.show import svg
from lsrl_edu.show.fold import Detail, View, view
from lsrl_edu.show.layout import Layout, lay_out
from lsrl_edu.show.palette import INK, KIND_COLOURS
from lsrl_edu.show.picture import Picture, html_or_text, or_text
from lsrl_edu.show.words import formula, listed, plural, say_vector, start_formula, typeset

_PADDING = 14
_LOOP = 15  # px above a state, for the arrow that leads from it back into it
_LONGEST = 30  # letters of a name or formula inside a node
_DESCRIBED = 14  # nodes; larger graphs are described by their counts only
_OUTPUT = "output"


@dataclass(frozen=True)
class Line:
    """One line of text in a node: what it says and how it is set."""

    text: str
    size: float
    weight: int | None = None
    opacity: float | None = None
    role: str | None = None

    @property
    def width(self) -> float:
        """About how wide it is, in pixels."""
        return svg.text_width(self.text, self.size) * (1.06 if self.weight else 1)


def draw_program(
    program: Program,
    trace: Trace | None = None,
    step: int | None = None,
    direction: str = "LR",
    detail: Detail = "auto",
) -> Picture:
    """Return the picture of a program's graph.

    Args:
        program: what to draw.
        trace: of the same program; its values are written into the nodes.
        step: which step of the trace, from 0; the last one if left out.
        direction: ``LR``, left to right, or ``TB``, top to bottom.
        detail: how much to show; see :func:`lsrl_edu.show.fold.view`.
    """
    shown = view(program, detail)
    values = _values_at(trace, step, shown) if trace is not None else {}
    title = f"Graph of {program.name}"
    if values:
        title += f" after element {step % len(trace) if step is not None else len(trace) - 1}"
    return or_text(
        lambda: _picture(shown, title, direction, values), title, lambda: _as_text(program)
    )


def program_html(program: Program) -> str:
    """Return what a notebook shows for a Program."""
    return html_or_text(lambda: draw_program(program)._repr_html_(), lambda: _as_text(program))


def graph_svg(
    shown: View, title: str, direction: str = "LR", values: Mapping[Node, str] | None = None
) -> tuple[str, int]:
    """Return the SVG of a view, a value written in every node that has one, and its width."""
    values = values or {}
    lines = [_lines(n, values.get(n), shown) for n in shown.nodes]
    sizes = [_size(n.kind, li) for n, li in zip(shown.nodes, lines, strict=True)]
    where = {n: i for i, n in enumerate(shown.nodes)}
    edges = [(where[a], where[b]) for a, b in shown.edges]
    edges.append((where[shown.program.output], len(sizes)))
    sizes.append((svg.text_width(_OUTPUT, 12.5) + 6, 22))
    layout = lay_out(tuple(sizes), tuple(edges), direction)
    body = [_edges(layout, [n.dim for n in shown.nodes])]
    for node, i in where.items():
        body.append(_node(node, i, layout.centres[i], sizes[i], lines[i], direction))
    x, y = layout.centres[-1]
    style = {"font_size": 12.5, "font_style": "italic", "text_anchor": "middle"}
    body.append(svg.text(x, y + 4.5, _OUTPUT, **style))
    top = _PADDING + _room_for_loops(shown, layout, sizes, direction)
    moved = svg.tag("g", *body, transform=f"translate({_PADDING} {top})")
    size = (
        layout.width + 2 * _PADDING + (_LOOP if direction == "TB" else 0),
        layout.height + top + _PADDING,
    )
    return svg.document(size, title, describe(shown, values), moved), round(size[0])


def describe(shown: View, values: Mapping[Node, str] | None = None) -> str:
    """Return a graph in words: how many nodes of which kind, and what reads what."""
    counts = Counter(n.kind for n in shown.nodes)
    kinds = listed([f"{count} {kind}" for kind, count in counts.items()])
    text = f"{plural(len(shown.nodes), 'node')}: {kinds}."
    if len(shown.nodes) <= _DESCRIBED:
        reads: dict[Node, list[str]] = {}
        for read, reader in shown.edges:
            reads.setdefault(reader, []).append(_called(read, shown))
        text += "".join(f" {_called(n, shown)} reads {listed(r)}." for n, r in reads.items())
        if values:
            text += "".join(f" {_called(n, shown)} is {v}." for n, v in values.items())
    text += f" The output is {_called(shown.program.output, shown)}."
    return text + (f" {shown.note}" if shown.note else "")


def _room_for_loops(shown: View, layout: Layout, sizes: list, direction: str) -> int:
    """Return how far the loop of the highest state would stick out at the top."""
    tops = [
        layout.centres[i][1] - sizes[i][1] / 2
        for i, n in enumerate(shown.nodes)
        if isinstance(n, LinState)
    ]
    return max(0, round(_LOOP - min(tops, default=_LOOP))) if direction == "LR" else 0


# --- one node --------------------------------------------------------------------------------
def _lines(node: Node, value: str | None, shown: View) -> list[Line]:
    what = svg.clip(formula(node), _LONGEST + 4)
    if node.name:
        lines = [Line(svg.clip(node.name, _LONGEST), 13.5, 600), Line(node.kind, 10.5, opacity=0.8)]
    else:
        lines = [Line(node.kind, 12, 600 if node.kind == "Input" else None)]
    if node.kind not in ("Input", "ReLU", "Concat") and _reads_are_shown(node, shown):
        lines.append(Line(what, 11.5))
    if isinstance(node, LinState) and (start := start_formula(node)):
        lines.append(Line(svg.clip(start, _LONGEST), 10.5, opacity=0.8))
    if value is not None:
        lines.append(Line(value, 14, 700, role="value"))
    return lines


def _reads_are_shown(node: Node, shown: View) -> bool:
    """Whether a formula would speak of what can be seen."""
    visible = set(shown.nodes)
    read = node.inputs[0]
    return read in visible or (isinstance(read, Concat) and visible.issuperset(read.inputs))


def _size(kind: str, lines: list[Line]) -> tuple[float, float]:
    inside = max(line.width for line in lines)
    tall = sum(line.size * 1.25 for line in lines)
    roomy = {"ReLU": 26, "Multi": 34, "LinState": 26, "Input": 26}.get(kind, 18)
    high = {"Multi": 22, "LinState": 19}.get(kind, 13)
    return round(max(inside + roomy, 44)), round(tall + high)


def _node(
    node: Node, index: int, centre: svg.Point, size: svg.Point, lines: list[Line], direction: str
) -> str:
    x, y = centre
    parts = [
        svg.tag("title", svg.escape(_tip(node))),
        svg.node_shape(node.kind, x, y, *size, direction == "TB"),
    ]
    if isinstance(node, LinState):
        parts.append(_loop(x, y, size, direction))
    top = y - sum(line.size * 1.25 for line in lines) / 2
    for line in lines:
        top += line.size * 1.25
        parts.append(_line_text(line, x, top - line.size * 0.32))
    names = f"ls-node ls-{node.kind}"
    return svg.tag("g", *parts, class_=names, data_node=index, text_anchor="middle")


def _line_text(line: Line, x: float, y: float) -> str:
    return svg.text(
        x,
        y,
        line.text,
        font_size=line.size,
        font_weight=line.weight,
        opacity=line.opacity,
        class_=line.role and f"ls-{line.role}",
    )


def _loop(x: float, y: float, size: svg.Point, direction: str) -> str:
    """Return the arrow from a state back into itself: the only way into the next step."""
    w, h = size
    if direction == "LR":
        top = y - h / 2
        points = [(x + 13, top), (x + 17, top - 17), (x - 17, top - 17), (x - 13, top - 1)]
    else:
        right = x + w / 2
        points = [(right, y + 11), (right + 17, y + 15), (right + 17, y - 15), (right + 1, y - 11)]
    colour = KIND_COLOURS["LinState"]
    line = svg.path(points, fill="none", stroke=colour, stroke_width=1.6)
    return line + svg.arrow_head(points[-1], points[-2], 7, fill=colour)


def _tip(node: Node) -> str:
    called = f"{node.name}: " if node.name else ""
    reads = ", ".join(x.label for x in node.inputs)
    return f"{called}{node.kind}, width {node.dim}" + (f", reads {reads}" if reads else "")


# --- edges -----------------------------------------------------------------------------------
def _edges(layout: Layout, widths: list[int]) -> str:
    lines = []
    longest: dict[int, tuple] = {}  # of the arrows that leave a node: it carries the label
    for ends, points in layout.curves.items():
        wide = widths[ends[0]] > 1
        lines.append(svg.path(points, fill="none", stroke=INK, stroke_width=2.4 if wide else 1.3))
        lines.append(svg.arrow_head(points[-1], points[-2], 8 if wide else 7))
        if wide and _length(points) > _length(longest.get(ends[0], points[:1])):
            longest[ends[0]] = points
    labels = [_width_label(points, widths[i]) for i, points in longest.items()]
    return svg.tag("g", *lines, opacity=0.6) + "".join(labels)


def _length(points: tuple) -> float:
    (x0, y0), (x1, y1) = points[0], points[-1]
    return abs(x1 - x0) + 0.5 * abs(y1 - y0)


def _width_label(points: tuple, width: int) -> str:
    """Return the number of channels that arrows carry, beside the middle of one of them."""
    piece = points[3 * ((len(points) - 1) // 6) :][:4]
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = piece
    x, y = (x0 + 3 * x1 + 3 * x2 + x3) / 8, (y0 + 3 * y1 + 3 * y2 + y3) / 8
    dx, dy = x3 + x2 - x1 - x0, y3 + y2 - y1 - y0
    away = 9 / ((dx * dx + dy * dy) ** 0.5 or 1)
    at = (x + dy * away, y - dx * away + 3.5)
    return svg.text(*at, str(width), font_size=10.5, text_anchor="middle", opacity=0.85)


# --- small helpers ---------------------------------------------------------------------------
def _picture(shown: View, title: str, direction: str, values: Mapping[Node, str]) -> Picture:
    drawn, width = graph_svg(shown, title, direction, values)
    text = f"{title}: {describe(shown, values)}"
    return Picture(drawn, title, text.removesuffix(" " + shown.note), shown.note, width)


def _values_at(trace: Trace, step: int | None, shown: View) -> dict[Node, str]:
    if trace.program is not shown.program:
        raise ValueError("The trace belongs to another program.")
    if not len(trace):
        return {}
    step = len(trace) - 1 if step is None else step
    if not -len(trace) <= step < len(trace):
        raise IndexError(f"step={step}: the trace has {plural(len(trace), 'step')}.")
    return {n: value_text(trace.values[n][step]) for n in shown.nodes}


def value_text(value: Any) -> str:
    """Return the value of a node as it is written on the graph."""
    return svg.clip(typeset(say_vector(value)), _LONGEST)


def _called(node: Node, shown: View) -> str:
    """Return a name for a node that no other shown node has."""
    alike = [n for n in shown.nodes if n.label == node.label]
    return node.label if len(alike) == 1 else f"{node.label} {alike.index(node) + 1}"


def _as_text(program: Program) -> str:
    from lsrl_edu.show.text import program_text

    return program_text(program)
