"""Debranching: every case alone, every step against the oracle, and where it ends."""

from collections import Counter

import pytest
from hypothesis import given, settings

import lsrl_edu as ls
from lsrl_edu.compiler.debranch import debranch, measure
from lsrl_edu.compiler.debranch_examples import BODIES, RULES, apply_once, example
from lsrl_edu.compiler.rewrite import Decline, Graph
from lsrl_edu.graph import users
from tests.strategies import cases

XS = [[1, -2], [0, 3], [-1, -1], [2, 0.5]]


def same_outputs(first, second, xs):
    return (first.run(xs, number="exact") == second.run(xs, number="exact")).all()


@pytest.mark.parametrize("case", RULES)
def test_a_case_alone_changes_the_graph_and_not_the_function(case):
    program = example(case)
    graph, _, delta = apply_once(RULES[case], program)
    assert delta.changed
    assert same_outputs(program, graph.program("after", None), XS)


def test_every_rule_has_an_example_and_a_rule_that_fits_nowhere_says_so():
    assert list(BODIES) == list(RULES)
    with pytest.raises(ValueError, match="Case 2 fits nowhere"):
        apply_once(RULES["2"], example("F1"))


@pytest.mark.parametrize("case", RULES)
def test_a_delta_can_be_taken_back(case):
    program = example(case)
    graph, _, delta = apply_once(RULES[case], program)
    graph.apply(delta, undo=True)
    before = Graph.of(program)
    assert (graph.vertices, graph.output) == (before.vertices, before.output)
    assert {v: sorted(r) for v, r in graph.readers.items() if r} == {
        v: sorted(r) for v, r in before.readers.items() if r
    }


@pytest.mark.parametrize("case", RULES)
def test_a_rule_says_what_it_does_and_why(case):
    rule = RULES[case]
    assert rule.title and "=" in rule.equation
    assert len(rule.proof.split()) > 3


@pytest.mark.parametrize("case", RULES)
def test_a_rule_that_declines_says_why(case):
    graph = Graph.of(ls.foreach(dim=2)(lambda v: ls.Concat(v[0:1], v[1:2] - 1)))
    answers = [RULES[case].propose(graph, vertex) for vertex in graph.topological()[1:]]
    reasons = [a.because for a in answers if isinstance(a, Decline)]
    assert reasons
    assert all(reason and not reason.endswith(".") for reason in reasons)


@pytest.mark.parametrize("case", [c for c in RULES if c not in ("4",)])
def test_the_driver_uses_the_case(case):
    """All but case 4: fusion F4 turns a Concat of one node into a Linear before it gets there."""
    assert case in debranch(example(case)).cases()


def test_case_4_is_never_needed():
    assert "4" not in debranch(example("4")).cases()


def is_path(program):
    return all(len(readers) <= 1 for readers in users(program.nodes).values())


@given(cases(max_length=4))
def test_every_step_of_a_random_program_keeps_the_function(case):
    program, xs = case
    expected = program.run(xs, number="exact")
    trace = debranch(program)
    for step in trace:
        assert (step.after.run(xs, number="exact") == expected).all(), str(step)
    assert is_path(trace.result)
    assert (trace.layers.run(xs, number="exact") == expected).all()


@settings(max_examples=300)
@given(cases(max_length=1))
def test_both_ways_of_compiling_agree(case):
    program, xs = case
    long_way = debranch(program).layers.run(xs, number="exact")
    assert (long_way == ls.compile(program).run(xs, number="exact")).all()


def test_random_programs_reach_the_cases():
    """All but the rare ones, which have their examples above, and case 4, which is not needed."""
    reached = Counter()

    @settings(max_examples=300, database=None)
    @given(cases(max_length=0))
    def collect(case):
        reached.update(debranch(case[0]).cases())

    collect()
    assert set(reached) >= set(RULES) - {"1A", "2", "4", "F2"}


PUBLISHED = {
    "more ones": (ls.programs.more_ones.program(), (2, 2, 12)),
    "Listing 1": (ls.programs.continuous.program(d_in=2, d_out=1, method="multiplicative"), None),
    "Listing 2, multiplicative": (
        ls.programs.discrete.program(3, "multiplicative_optimized"),
        (31, 70, 1513),
    ),
    "Listing 2, original": (ls.programs.discrete.program(3, "original"), (30, 52, 2089)),
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_programs_become_paths(name):
    program, at_most = PUBLISHED[name]
    trace = debranch(program)
    assert is_path(trace.result)
    xs = [[0.25] * program.input.dim, [0.5] * program.input.dim, [1] * program.input.dim]
    assert (trace.layers.run(xs, "exact") == program.run(xs, "exact")).all()
    if at_most:
        size = trace.layers
        assert (size.depth, size.width, size.nonzeros) <= at_most


def test_listing_2_looks_up_after_debranching():
    words = ls.programs.discrete
    program = words.program(3, "multiplicative_optimized")
    xs = words.sequence("CAN", words.CAPITALS)
    layers = debranch(program).layers
    assert words.decode(words.answer(layers.run(xs, "exact"), n=3)) == "OTT"
    assert words.decode(words.answer(layers.run(xs), n=3)) == "OTT"


def test_the_program_of_the_reader_is_not_touched():
    program = example("10")
    before = program.nodes
    debranch(program)
    assert program.nodes == before
    assert program.output is before[-1]


def test_a_trace_can_be_looked_at():
    trace = debranch(example("6"))
    assert len(trace) == len(list(trace)) > 0
    first = trace[0]
    assert first.case in RULES
    assert first.before.nodes == trace.program.nodes
    assert trace[1].before.run(XS).tolist() == first.after.run(XS).tolist()
    assert f"case {first.case}" in str(first)
    assert "steps" in repr(trace)


def test_the_measure_gets_smaller_with_every_case():
    graph = Graph.of(example("7B"))
    here = graph.input
    before = measure(graph, here)
    graph.apply(RULES["7B"].propose(graph, here))
    after = graph.readers[graph.readers[here][0]][0]
    assert measure(graph, after) < before


def test_a_wrong_rule_is_noticed():
    """The comparison that all of the above rests on fails for a graph with one weight changed."""
    program = example("5B")
    graph, _, _ = apply_once(RULES["5B"], program)
    number = next(n for n, v in graph.vertices.items() if v.kind == "Linear" and not v.is_slice)
    vertex = graph.vertices[number]
    wrong = {**vertex.parts, "A": vertex.parts["A"] * 2}
    graph.vertices[number] = type(vertex)("Linear", vertex.inputs, vertex.dim, wrong)
    assert not same_outputs(program, graph.program("wrong", None), XS)
