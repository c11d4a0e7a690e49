import re
import xml.etree.ElementTree as ElementTree

import pytest

import lsrl_edu as ls
from lsrl_edu.compiler.debranch_examples import RULES, apply_once, example
from lsrl_edu.compiler.rewrite import Graph, Size
from lsrl_edu.show.debranching import (
    changes,
    draw_side,
    say_changes,
    say_sizes,
    size_strip,
    thinned,
    typeset_equation,
    view_around,
)

SVG = "{http://www.w3.org/2000/svg}"


def outlines(drawn):
    """The outlines of a picture: how thick, and whether dashed."""
    root = ElementTree.fromstring(drawn)
    shapes = [e for e in root.iter() if e.get("class") == "ls-shape"]
    return [(e.get("stroke-width"), e.get("stroke-dasharray")) for e in shapes]


# --- sizes ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["trace", "long_trace"])
def test_the_sizes_are_those_of_the_graphs(name, request):
    trace = request.getfixturevalue(name)
    assert len(trace.sizes) == len(trace) + 1
    graph = trace.graph_at(0)
    for i, size in enumerate(trace.sizes):
        vertices = graph.vertices.values()
        weights = sum(m.nonzeros for v in vertices for m in v.parts.values())
        assert size == Size(len(vertices), max(v.dim for v in vertices), weights), i
        if i < len(trace):
            assert trace[i].sizes == trace.sizes[i : i + 2]
            graph.apply(trace[i].delta)
    last = trace.sizes[-1]
    assert last.nodes == len(trace.result.nodes)
    assert last.nonzeros == trace.layers.nonzeros


def test_the_plot_of_sizes_says_its_numbers(trace, long_trace):
    assert repr(trace.draw_sizes()) == (
        "[Figure: Curves over 19 steps: nodes from 13 to 5; widest node from 2 to 2, 4 at most; "
        "non-zeros from 14 to 12, 19 at most. Dashed lines show the short way: 2 layers, 2 wide, "
        "12 non-zeros.]"
    )
    short = ls.compile(long_trace.program)
    assert f"short way: {short.width}" in long_trace.draw_sizes().svg
    assert long_trace.draw_sizes().svg == long_trace.draw_sizes().svg


def test_what_is_blown_up_gets_a_log_axis():
    """Every Concat doubles the width."""

    @ls.foreach(dim=1)
    def wide(x):
        for _ in range(8):
            x = ls.Concat(x, ls.ReLU(x))
        return x[0] + x[1]

    trace = ls.debranch(wide)
    assert max(size.widest for size in trace.sizes) > 100
    assert "log axis" in size_strip(trace.sizes)[0]
    assert "widest node from 256 to 129, 512 at most" in repr(trace.draw_sizes())


def test_a_thinned_curve_keeps_its_ends_and_its_peaks():
    values = [5] + [1] * 999 + [77] + [2] * 999 + [3]
    steps, kept = thinned(values, 50)
    assert len(kept) < 60
    assert (steps[0], steps[-1]) == (0, len(values) - 1)
    assert (kept[0], kept[-1], max(kept)) == (5, 3, 77)
    assert thinned([4, 2]) == ([0, 1], [4, 2])


def test_the_strip_has_a_place_for_every_step():
    sizes = [Size(9, 1, 1), Size(5, 200, 4), Size(3, 2, 2)]
    drawn, places = size_strip(sizes)
    assert len(places) == 3 and places == sorted(places)
    labels = re.findall(r"<text[^>]*>([^<]*)</text>", drawn)
    assert labels == [
        "nodes: 9 → 3, at most 9",
        "widest node: 1 → 2, log axis",
        "non-zeros: 1 → 2, at most 4",
    ]
    assert drawn.count("ls-marker") == 1
    assert say_sizes(sizes[:1]).startswith("Curves over 0 steps: nodes from 9 to 9;")


# --- one step ------------------------------------------------------------------------------------
def test_a_step_is_drawn_before_and_after_with_what_changes_marked(trace):
    step = trace[0]
    assert changes(step.delta) == {2: "gone", 3: "changed"}
    assert say_changes(step.delta) == "#2 goes, #3 changes."
    picture = step.draw()
    assert picture.title == "Case F3, Linear before LinState: #2 goes, #3 changes."
    assert "Before: 13 nodes" in repr(picture) and "After: 12 nodes" in repr(picture)
    thick = [o for o in outlines(picture.svg) if o[0] != "1.8"]
    assert thick == [("4.2", "7 4"), ("4.2", None), ("4.2", None)]


def test_many_changes_are_counted(long_trace):
    step = next(s for s in long_trace if s.case == "6")
    assert "nodes change" in say_changes(step.delta)


@pytest.mark.parametrize("case", RULES)
def test_every_example_can_be_drawn(case):
    program = example(case)
    after, _, delta = apply_once(RULES[case], program)
    for graph, gone in ((Graph.of(program), "gone"), (after, "new")):
        side = draw_side(graph, delta, "Graph")
        assert len(outlines(side.svg)) == len(graph.vertices)
        assert set(side.marks.values()) <= {gone, "changed"}
        assert side.note == ""


def test_equal_nodes_are_drawn_apart():
    """Two ReLUs of one vertex are one node of a Program, but two vertices of a graph."""
    trace = ls.debranch(example("5B"))
    step = next(s for s in trace if s.case == "3")
    graph = trace.graph_at(step.index)
    shown, numbers = view_around(graph, [], 24)
    assert len(shown.nodes) == len(graph.vertices) > len(step.before.nodes)
    assert sorted(numbers.values()) == sorted(graph.vertices)


def test_a_large_graph_is_drawn_around_the_change(long_trace):
    step = next(s for s in long_trace if s.case == "5B")
    side = draw_side(long_trace.graph_at(step.index), step.delta, "Graph", most=12)
    assert len(outlines(side.svg)) <= 12
    assert side.marks and set(side.marks.values()) <= {"gone", "changed"}
    assert "those that change and their neighbours" in side.note


def test_nobody_stands_alone_in_a_part(long_trace):
    step = next(s for s in long_trace if s.case == "5B")
    shown, _ = view_around(long_trace.graph_at(step.index), list(step.delta.changed), 12)
    reading, read = {b for _, b in shown.edges}, {a for a, _ in shown.edges}
    assert set(shown.nodes[1:]) <= reading
    assert set(shown.nodes[:-1]) <= read


def test_equations_are_typeset():
    assert typeset_equation("A2 (A1 x + b1) - b") == "A₂ (A₁ x + b₁) − b"
    assert typeset_equation("A v = [A -A] ReLU([v; -v])") == "A v = [A −A] ReLU([v; −v])"
    assert typeset_equation("one, A block-diagonal") == "one, A block-diagonal"
