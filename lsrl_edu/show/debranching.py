"""Pictures of debranching: one step, before and after, and how large the graph is along the way.

Nodes are interned: two vertices with the same inputs and weights are one node. A picture of a step
must show both, so every vertex is drawn with its number, which it keeps from step to step.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from html import unescape

from lsrl_edu.compiler.compile import compile_layers
from lsrl_edu.compiler.rewrite import Delta, Graph, Size, Step, Trace
from lsrl_edu.nodes import Node
from lsrl_edu.show import svg
from lsrl_edu.show.dag import graph_svg
from lsrl_edu.show.figures import figure, subplots
from lsrl_edu.show.fold import View
from lsrl_edu.show.palette import BLUE
from lsrl_edu.show.picture import Picture
from lsrl_edu.show.words import MINUS, listed, plural

MOST_DRAWN = 24
"""A graph with more vertices is drawn only around what a step changes."""

_MOST_POINTS = 240  # of a curve; of more steps, the highest of each group is drawn
_LOG_FROM = 100  # times the smallest value: from there on the axis is logarithmic
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
SAID = {"gone": "goes", "changed": "changes", "new": "is new"}


@dataclass(frozen=True)
class Around(View):
    """What stands next to a change; what is linked to nothing shown is tied to the two ends."""

    @property
    def note(self) -> str:
        """What is left out."""
        if not self.hidden:
            return ""
        return (
            f"{len(self.nodes)} of {plural(len(self.program.nodes), 'node')}: those that change "
            "and their neighbours. Arrows of hidden nodes are left out; a node that would stand "
            "alone is tied to the Input or the output."
        )


@dataclass(frozen=True)
class Drawn:
    """One side of a step.

    Attributes:
        svg: the graph.
        marks: position in the picture (``data-node``) -> ``gone``, ``changed`` or ``new``.
        width: in pixels.
        note: what is left out.
    """

    svg: str
    marks: dict[int, str]
    width: int
    note: str


# --- one step --------------------------------------------------------------------------------
def changes(delta: Delta) -> dict[int, str]:
    """Return vertex -> ``gone``, ``changed`` or ``new`` for all that a step touches."""
    kinds = {}
    for number, after in delta.after.items():
        before = delta.before[number]
        kinds[number] = "new" if before is None else "gone" if after is None else "changed"
    return kinds


def say_changes(delta: Delta) -> str:
    """Return a step's changes as a sentence: ``#3 goes, #4 changes.``"""
    parts = []
    for kind, word in SAID.items():
        found = [f"#{n}" for n, k in sorted(changes(delta).items()) if k == kind]
        several = {"goes": "go", "changes": "change", "is new": "are new"}[word]
        if len(found) > 6:
            parts.append(f"{len(found)} nodes {several}")
        elif found:
            parts.append(f"{listed(found)} {several if len(found) > 1 else word}")
    return ", ".join(parts) + "."


def draw_side(graph: Graph, delta: Delta, title: str, most: int = MOST_DRAWN) -> Drawn:
    """Return the picture of a graph before or after a step.

    Args:
        graph: the graph on that side.
        delta: what the step changes; its vertices are marked.
        title: what the picture is.
        most: a graph with more vertices is drawn only around the changes.
    """
    shown, names = view_around(graph, list(changes(delta)), most)
    drawn, width = graph_svg(shown, title, "TB")
    kinds = changes(delta)
    marks = {i: kinds[names[n]] for i, n in enumerate(shown.nodes) if names[n] in kinds}
    return Drawn(drawn, marks, width, shown.note)


def view_around(graph: Graph, centre: Sequence[int], most: int) -> tuple[View, dict[Node, int]]:
    """Return a view of a graph with numbered nodes, and the vertex of each node.

    Args:
        graph: what to show.
        centre: the vertices around which to look where the graph has more than ``most``.
        most: how many vertices are shown.
    """
    called = {n: f"{v.name} #{n}" if v.name else f"#{n}" for n, v in graph.vertices.items()}
    numbered = {n: replace(v, name=called[n]) for n, v in graph.vertices.items()}
    program = Graph(numbered, graph.output).program("graph", None)
    number = {name: n for n, name in called.items()}
    vertex = {node: number[node.name] for node in program.nodes}
    chosen = set(graph.vertices)
    if len(chosen) > most:
        chosen = _near(graph, [c for c in centre if c in graph.vertices], most)
    nodes = tuple(n for n in program.nodes if vertex[n] in chosen)
    return Around(program, "all", nodes, _edges(program.nodes, nodes)), vertex


def _near(graph: Graph, centre: Iterable[int], most: int) -> set[int]:
    """Return the vertices to show: the ends, those in the centre, what they read, who reads them.

    The oldest come first where there are too many.
    """
    near = dict.fromkeys([graph.input, graph.output, *sorted(centre)])
    inputs = [x for c in sorted(centre) for x in graph.vertices[c].inputs]
    readers = [r for c in sorted(centre) for r in graph.readers[c]]
    near |= dict.fromkeys([*inputs, *readers])
    return set(list(near)[:most])


def _edges(everything: Sequence[Node], shown: Sequence[Node]) -> tuple[tuple[Node, Node], ...]:
    """Return the arrows between shown nodes; nobody stands alone."""
    visible, first, last = set(shown), shown[0], shown[-1]
    direct = [(x, n) for n in everything for x in dict.fromkeys(n.inputs)]
    edges = {(x, n): None for x, n in direct if x in visible and n in visible}
    read = {x for x, _ in edges}
    edges |= {(node, last): None for node in shown[1:-1] if node not in read}
    reading = {n for _, n in edges}
    edges |= {(first, node): None for node in shown[1:] if node not in reading}
    return tuple(edges)


def draw_step(step: Step, most: int = MOST_DRAWN) -> Picture:
    """Return the graph before and after a step, side by side; what changes has a thick outline.

    Args:
        step: of a Trace.
        most: a graph with more vertices is drawn only around the changes.
    """
    graph = step.trace.graph_at(step.index)
    before = draw_side(graph, step.delta, "Before", most)
    graph.apply(step.delta)
    after = draw_side(graph, step.delta, "After", most)
    story = f"Case {step.case}, {step.rule.title}: {say_changes(step.delta)}"
    return beside(before, after, story)


def beside(before: Drawn, after: Drawn, story: str) -> Picture:
    """Return two sides of a step as one picture with a story, which is its description."""
    sizes = [_size(side.svg) for side in (before, after)]
    gap, head = 34, 24
    x = [0, sizes[0][0] + gap]
    height = head + max(h for _, h in sizes)
    parts = [
        svg.text(x[i] + w / 2, 15, word, font_size=14, font_weight=600, text_anchor="middle")
        for i, (word, (w, _)) in enumerate(zip(("before", "after"), sizes, strict=True))
    ]
    parts += [
        svg.tag("g", _inside(marked(side)), transform=f"translate({x[i]} {head})")
        for i, side in enumerate((before, after))
    ]
    middle = head + min(h for _, h in sizes) / 2
    parts.append(svg.text(x[1] - gap / 2, middle, "→", font_size=24, text_anchor="middle"))
    words = [f"Before: {_desc(before.svg)}", f"After: {_desc(after.svg)}"]
    whole = (x[1] + sizes[1][0], height)
    alt = " ".join([story, *words])
    drawn = svg.document(whole, story, " ".join(words), *parts, shrink=0.6)
    return Picture(drawn, story, alt, max(before.note, after.note, key=len), whole[0])


def marked(side: Drawn) -> str:
    """Return the picture with a thick outline around what changes, dashed where it goes."""
    drawn = side.svg
    for position, kind in side.marks.items():
        start = drawn.index(f'data-node="{position}"')
        start = drawn.index('class="ls-shape"', start)
        dashes = ' stroke-dasharray="7 4"' if kind == "gone" else ""
        tag = drawn.rindex("<", 0, start)
        outline = drawn[tag:start].replace('stroke-width="1.8"', f'stroke-width="4.2"{dashes}')
        drawn = drawn[:tag] + outline + drawn[start:]
    return drawn


def _size(drawn: str) -> tuple[int, int]:
    width, height = re.search(r'viewBox="0 0 (\d+) (\d+)"', drawn).groups()
    return int(width), int(height)


def _inside(drawn: str) -> str:
    """Return what is drawn, without the document around it and its description."""
    inside = re.sub(r"^<svg[^>]*>(<title>.*?</title>)?(<desc>.*?</desc>)?", "", drawn, flags=re.S)
    return svg.tag("g", inside.removesuffix("</svg>"))


def _desc(drawn: str) -> str:
    return unescape(re.search("<desc>(.*?)</desc>", drawn, re.DOTALL)[1])


# --- words -----------------------------------------------------------------------------------
def typeset_equation(text: str) -> str:
    """Return an equation for a page: ``A1 v - b`` with a small 1 and a real minus sign."""
    text = re.sub(r"(?<=\b[AabBvsx])\d+", lambda m: m[0].translate(_SUBSCRIPTS), text)
    return re.sub(r"(?<![\w-])-(?=[\w( ])", MINUS, text)


# --- size, step by step ----------------------------------------------------------------------
PANELS = {"nodes": "nodes", "widest": "widest node", "nonzeros": "non-zeros"}


def draw_sizes(trace: Trace) -> Picture:
    """Return nodes, width and non-zeros after each step, with the short way's numbers beside.

    A dashed line is the size of the network that ``compile`` makes of the same program. Of many
    steps, the highest of each group is drawn.
    """
    short = compile_layers(trace.program)
    levels = {"nodes": short.depth, "widest": short.width, "nonzeros": short.nonzeros}
    fig, axes = subplots(3, 1, height=4.6, sharex=True)
    for ax, (name, label) in zip(axes, PANELS.items(), strict=True):
        steps, values = thinned([getattr(size, name) for size in trace.sizes])
        _ = ax.plot(steps, values, color="C0", linestyle="-")
        _ = ax.axhline(levels[name], color="C1", linestyle="--")
        if max(values) >= _LOG_FROM * min(*values, levels[name]):
            ax.set_yscale("log")
            ax.minorticks_off()
        else:
            ax.set_ylim(0, None)
        number = plural(short.depth, "layer") if name == "nodes" else f"{levels[name]:,}"
        _ = ax.set_title(f"{label} (dashed = short way: {number})", loc="left", fontsize=11)
    _ = axes[-1].set_xlabel("step")
    alt = (
        f"{say_sizes(trace.sizes)} Dashed lines show the short way: "
        f"{plural(short.depth, 'layer')}, {short.width} wide, {short.nonzeros:,} non-zeros."
    )
    return figure(fig, alt=alt)


def say_sizes(sizes: Sequence[Size]) -> str:
    """Return how sizes move from the first to the last step, as a sentence."""
    parts = []
    for name, label in PANELS.items():
        values = [getattr(size, name) for size in sizes]
        peak = f", {max(values):,} at most" if max(values) > max(values[0], values[-1]) else ""
        parts.append(f"{label} from {values[0]:,} to {values[-1]:,}{peak}")
    return f"Curves over {plural(len(sizes) - 1, 'step')}: {'; '.join(parts)}."


def thinned(values: Sequence[int], most: int = _MOST_POINTS) -> tuple[list[int], list[int]]:
    """Return positions and values of at most about ``most`` points, peaks and both ends kept."""
    group = -(-len(values) // most)
    chosen = {0, len(values) - 1}
    for start in range(0, len(values), group):
        chosen.add(max(range(start, min(start + group, len(values))), key=values.__getitem__))
    kept = sorted(chosen)
    return kept, [values[i] for i in kept]


def size_strip(sizes: Sequence[Size]) -> tuple[str, list[float]]:
    """Return a small picture of the three curves for a widget, and the x of every step.

    The line with the class ``ls-marker`` stands at x = 0, to be moved.
    """
    width, row, left, curve = 320, 62, 8, 36
    x = [left + (width - 2 * left) * i / max(1, len(sizes) - 1) for i in range(len(sizes))]
    parts = []
    for place, (name, label) in enumerate(PANELS.items()):
        values = [getattr(size, name) for size in sizes]
        top = place * row
        text = f"{label}: {values[0]:,} → {values[-1]:,}"
        steps, kept = thinned(values)
        heights = _heights(kept, curve)
        points = [(x[s], top + 20 + h) for s, h in zip(steps, heights, strict=True)]
        log = ", log axis" if _is_log(kept) else f", at most {max(values):,}"
        parts.append(svg.text(left, top + 13, text + log, font_size=12.5))
        parts.append(_polyline(points))
    marker = svg.tag("line", x1=0, x2=0, y1=0, y2=3 * row, stroke=svg.INK, stroke_width=2,
                     class_="ls-marker")  # fmt: skip
    title = "Size of the graph, step by step"
    return svg.document((width, 3 * row), title, say_sizes(sizes), *parts, marker), x


def _is_log(values: Sequence[int]) -> bool:
    return max(values) >= _LOG_FROM * max(1, min(values))


def _heights(values: Sequence[int], room: int) -> list[float]:
    """Return how far below the top of its row each value is drawn."""
    if _is_log(values):
        scaled = [math.log(max(v, 1)) / math.log(max(values)) for v in values]
    else:
        scaled = [v / max(1, max(values)) for v in values]
    return [room * (1 - s) for s in scaled]


def _polyline(points: Sequence[tuple[float, float]]) -> str:
    written = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return svg.tag("polyline", points=written, fill="none", stroke=BLUE, stroke_width=1.8)
