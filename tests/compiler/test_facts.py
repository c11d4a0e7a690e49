from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import lsrl_edu as ls
from lsrl_edu.compiler.affine import Affine
from lsrl_edu.compiler.facts import cycle_of, pieces_of, range_of, selection_of, take_apart
from lsrl_edu.numbers import Matrix
from lsrl_edu.ranges import INFINITY, Range
from tests.compiler.checks import (
    atom_values,
    compile_kinds,
    form_value,
    make_form,
    program_of,
)
from tests.strategies import FEW, cases
from tests.test_ranges import inside


def wrong_facts(form, steps) -> list:
    """Every fact the table holds that is not so for these values of the atoms."""
    table, wrong = form.table, []
    ranges = [(Affine.atom(a), r) for a, r in enumerate(table.ranges)]
    ranges += [(d.form, d.range) for d in table.directions]
    ranges += [(read, range_of(table, read)) for a in range(len(table.atoms))
               for read in table.reads(a)]  # fmt: skip
    ranges += [*table.known_ranges.items(), *((u, range_of(table, u)) for u in form.outputs)]
    cycles = [(Affine.atom(a), c) for a, c in enumerate(table.cycles)]
    cycles += [(d.form, d.cycle) for d in table.directions] + [*table.known_cycles.items()]
    for t, values in enumerate(steps):
        wrong += [(t, u, r) for u, r in ranges if not inside(form_value(u, values), r)]
        wrong += [(t, u, c) for u, c in cycles if c and not on_cycle(form_value(u, values), c, t)]
    return wrong


def on_cycle(value, cycle, t) -> bool:
    listed = cycle.values[t % len(cycle.values)]
    return abs(value - Fraction(listed)) <= Fraction(cycle.error)


def facts_hold(program, xs, **options) -> bool:
    form = make_form(program, **options)
    return not wrong_facts(form, atom_values(form, xs))


# --- on random programs ----------------------------------------------------------------------


@given(cases(thirds=True))
def test_every_fact_about_every_atom_is_so(case):
    program, xs = case
    for options in compile_kinds(program, xs).values():
        assert facts_hold(program, xs, **options)


def test_the_test_notices_a_wrong_fact():
    program = program_of(lambda x: ls.ReLU(x - 1), (0, 3))
    form = make_form(program)
    steps = atom_values(form, [3.0])
    assert not wrong_facts(form, steps)
    form.table.ranges[-1] = Range(0, 1)
    assert wrong_facts(form, steps)


@FEW
@given(st.integers(1, 12), st.sampled_from(["rotation", "cycle"]), st.integers(0, 30))
def test_facts_about_clocks(n, method, now):
    def body(x):
        clock = ls.f_modulo_counter(x, n, method)
        return ls.Concat(ls.f_larger(clock, Fraction(n, 2)), ls.ReLU(clock - x), clock)

    xs = np.arange(40.0) % 3
    assert facts_hold(program_of(body, range(3)), xs)


@given(st.permutations(range(5)), st.lists(st.integers(-2, 2), min_size=5, max_size=5))
@FEW
def test_permutations_come_round(order, start):
    A = Matrix.selection(order, 5)
    turning = ls.LinState(ls.Input(1), A, Matrix.zeros(5, 1), init_state=start)
    program = ls.Program(ls.ReLU(turning @ [[1], [2], [-1], [0], [3]]), domain=bool)
    assert facts_hold(program, np.ones(20))
    network = ls.compile(program)
    assert (network.run(np.ones(20), "exact") == program.run(np.ones(20), "exact")).all()


# --- examples --------------------------------------------------------------------------------


def known(body, domain=None, dim=1):
    """The range that is found for the output of a program."""
    form = make_form(program_of(body, domain, dim))
    return range_of(form.table, form.outputs[0])


@pytest.mark.parametrize(
    "body, domain, expected",
    [
        (lambda x: ls.f_step(x), None, Range(0, 1)),
        (lambda x: ls.f_step(x), int, Range(0, 1, True)),
        (lambda x: ls.f_step(x, mu=Fraction(1, 2)), int, Range(0, 1)),  # 1/2 is met at 1
        (lambda x: ls.f_bump(x, 1, 2), None, Range(0, 1)),
        (lambda x: ls.f_relu_identity(x), (-2, 5), Range(-2, 5)),
        (lambda x: x - ls.ReLU(x), (-2, 5), Range(-2, 0)),  # the form of the ReLU itself
        (lambda x: 3 * x - 2 * ls.ReLU(x), (-2, 5), Range(-6, 5)),
        (lambda x: ls.f_modulo_counter(x, 5), None, Range(0, 4, True)),
        (lambda x: ls.f_modulo_counter(x, 5, "cycle"), None, Range(0, 4, True)),
        (lambda x: ls.f_modulo_counter(x, 6) - ls.f_modulo_counter(x, 3), None, Range(0, 3, True)),
    ],
)
def test_known_ranges(body, domain, expected):
    assert known(body, domain) == expected


def test_unrelated_values_are_added_up():
    assert known(lambda x: x[0] + ls.ReLU(x[1]), [(0, 1), (-1, 2)], 2) == Range(0, 3)
    assert known(lambda x: x[0] - x[1], None, 2) == Range(-INFINITY, INFINITY)


def test_a_form_is_taken_apart_into_functions_of_directions():
    form = make_form(
        program_of(lambda x: ls.f_step(x[0], 2) + ls.ReLU(x[1] - x[0]) + x[1], None, 2)
    )
    parts = take_apart(form.table, form.outputs[0])
    assert len(parts.functions) == 2 and parts.constant == 0
    assert [number for number, _ in parts.others] == [
        form.table.find_direction(Affine.atom(1))
    ] or (parts.others == ((1, 1),))
    values = atom_values(form, [[0.25, 3.0]])[0]
    total = sum(
        g(form_value(form.table.directions[d].form, values)) for d, g in parts.functions.items()
    )
    total += sum(k * values[a] for a, k in parts.others)
    assert total == form_value(form.outputs[0], values)


@given(cases(thirds=True), st.data())
def test_taking_apart_changes_no_value(case, data):
    program, xs = case
    form = make_form(program)
    forms = [u for u in form.outputs if u.terms] + [d.form for d in form.table.directions]
    for values in atom_values(form, xs)[-2:]:
        for u in forms:
            parts = take_apart(form.table, u)
            total = parts.constant + sum(k * values[a] for a, k in parts.others)
            for d, g in parts.functions.items():
                total += g(form_value(form.table.directions[d].form, values))
            assert total == form_value(u, values)
            assert sum((form_value(p, values) for p in pieces_of(form.table, u)), u.constant) == (
                form_value(u, values)
            )


def clock_form(n, method="cycle", factors=None):
    def body(x):
        one_hot = ls.LinState(
            x, Matrix.selection([(i - 1) % n for i in range(n)], n), Matrix.zeros(n, 1),
            init_state=[0] * (n - 1) + [1],
        )  # fmt: skip
        return one_hot @ [[k] for k in factors or range(n)]

    return make_form(program_of(body, bool))


def test_a_dial_is_a_selection():
    form = clock_form(4)
    selection = selection_of(form.table, form.outputs[0])
    assert selection.off == 0
    assert sorted(on for _, _, on in selection.signals) == [1, 2, 3]


def test_what_overlaps_is_no_selection():
    def body(x):
        return ls.f_modulo_counter(x, 2, "cycle") + ls.f_modulo_counter(x, 3, "cycle")

    form = make_form(program_of(body, bool))
    assert selection_of(form.table, form.outputs[0]) is None
    assert cycle_of(form.table, form.outputs[0]).values.tolist() == [0, 2, 2, 1, 1, 3]


def test_what_depends_on_the_input_does_not_come_round():
    form = make_form(program_of(lambda x: x + ls.f_modulo_counter(x, 3, "cycle"), bool))
    assert cycle_of(form.table, form.outputs[0]) is None
    assert selection_of(form.table, form.outputs[0]) is None
    assert range_of(form.table, form.outputs[0]) == Range(0, 3, True)


def test_clocks_whose_common_period_is_very_long_are_not_followed():
    def body(x):
        clocks = [ls.f_modulo_counter(x, n, "cycle") for n in (61, 67, 71)]
        return ls.Concat(clocks) @ [[1], [1], [1]]

    form = make_form(program_of(body, bool))
    assert cycle_of(form.table, form.outputs[0]) is None
    found = range_of(form.table, form.outputs[0])  # wider than it could be, but right
    assert found.lo == 0 and found.hi >= 60 + 66 + 70 and found.integer
