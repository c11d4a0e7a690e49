import pytest
from hypothesis import given
from hypothesis import strategies as st

import lsrl_edu as ls
from lsrl_edu.analyse import analyse, ranges_for_any_input
from lsrl_edu.counters import f_position
from lsrl_edu.ranges import ANY, DEFAULT_HORIZON, INFINITY, Range
from tests.strategies import cases, programs
from tests.test_ranges import inside

X = ls.Input(1)


@given(cases(thirds=True), st.booleans())
def test_every_value_lies_in_its_range(case, short_horizon):
    program, xs = case
    horizon = len(xs) if short_horizon else DEFAULT_HORIZON
    ranges = analyse(program.output, program.ranges, horizon)
    trace = program.trace(xs, number="exact")
    for node in program.nodes:
        anything = ranges_for_any_input(node)
        for row in trace[node]:
            assert all(map(inside, row, ranges[node])), node
            assert all(map(inside, row, anything)), node


@given(programs())
def test_the_remembered_analysis_is_the_plain_one(program):
    plain = analyse(program.output)
    assert all(ranges_for_any_input(n) == plain[n] for n in program.nodes)


def test_counts_of_counts_may_pass_the_range_of_float64():
    node = X
    for _ in range(40):
        node = ls.LinState(node, [[1]], [[1]], init_state=[1])
    program = ls.Program(ls.ReLU(node - X), domain=bool)
    assert analyse(program.output, program.ranges)[program.output][0].hi > 10**400
    assert ranges_for_any_input(program.output) == (Range(0, INFINITY),)


@pytest.mark.parametrize(
    "node, domain, expected",
    [
        (X, None, ANY),
        (ls.ReLU(X), None, Range(0, INFINITY)),
        (X * 2 + 1, bool, Range(1, 3, True)),
        (X / 2, bool, Range(0, 0.5)),
        (ls.f_not(X), bool, Range(0, 1, True)),
        (ls.f_constant(X, 7), None, Range(7, 7, True)),
        (X * X, range(-2, 4), Range(-6, 9, True)),
        (f_position(X), None, Range(0, DEFAULT_HORIZON - 1, True)),
        (ls.f_modulo_counter(X, 5, "cycle"), None, Range(0, 10, True)),
    ],
)
def test_known_ranges(node, domain, expected):
    program = ls.Program(node, domain=domain)
    assert analyse(node, program.ranges)[node] == (expected,)
