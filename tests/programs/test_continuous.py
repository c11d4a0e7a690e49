import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import lsrl_edu as ls
from lsrl_edu.errors import DomainError, PrecisionError, ProgramError, ShapeError
from lsrl_edu.programs import continuous
from lsrl_edu.ranges import ANY, Range
from lsrl_edu.sugar import METHODS
from tests.strategies import FEW

UNIT = Range(0, 1)


def wave(point):
    """A smooth function of the plane with two values."""
    return np.array([math.sin(3 * point[0]) + point[1], point[0] * point[1] - 2])


def piecewise_constant(f, query, cells):
    """The specification: the value at the centre of the cell that holds the query."""
    cell = np.minimum(np.floor(np.asarray(query) * cells), cells - 1)
    return np.atleast_1d(f((cell + 0.5) / cells))


def looked_up(query, prompt, program, number="float64"):
    return program.run(continuous.sequence(query, prompt), number=number)[-1]


PROMPT = continuous.prompt(wave, d_in=2, cells=4)
PROGRAMS = {m: continuous.program(2, 2, method=m) for m in METHODS}
# Queries well inside the cells of a grid of 4: steps as wide as 1/1000 do not matter there.
inside = st.tuples(st.integers(0, 3), st.floats(0.1, 0.9)).map(lambda p: (p[0] + p[1]) / 4)


# --- what it computes ------------------------------------------------------------------------


@pytest.mark.parametrize("method", METHODS)
@FEW
@given(st.tuples(inside, inside))
def test_finds_the_cell_of_the_query(method, query):
    expected = piecewise_constant(wave, query, 4)
    assert looked_up(query, PROMPT, PROGRAMS[method]) == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("method", METHODS)
def test_exact_arithmetic_finds_exactly_the_value(method):
    query = [0.3, 0.8]
    found = looked_up(query, PROMPT, PROGRAMS[method], number="exact")
    assert found.tolist() == [Fraction(v) for v in piecewise_constant(wave, query, 4)]


@pytest.mark.parametrize(("d_in", "d_out", "cells"), [(1, 1, 7), (1, 3, 2), (3, 1, 3), (2, 1, 1)])
def test_other_widths(d_in, d_out, cells):
    def f(point):
        return np.arange(1, d_out + 1) * point.sum()

    program = continuous.program(d_in, d_out, method="multiplicative")
    prompt = continuous.prompt(f, d_in, cells, d_out)
    queries = np.random.default_rng(1).uniform(0.01, 0.99, (20, d_in))
    batch = np.stack([continuous.sequence(q, prompt) for q in queries])
    expected = [piecewise_constant(f, q, cells) for q in queries]
    assert program.run(batch)[:, -1] == pytest.approx(np.array(expected), abs=1e-9)


def test_figure_2_four_cells():
    program = continuous.program(1, 1, method="multiplicative")
    prompt = continuous.prompt(lambda x: 10 * x[0], d_in=1, cells=4)
    assert prompt.tolist() == [[0.25, k / 4, 10 * (k + 0.5) / 4] for k in range(4)]
    trace = program.trace(continuous.sequence(0.6, prompt))
    assert trace["counter_vector"].ravel().tolist() == [1, 2, 3, 4, 5]
    assert trace["q"].ravel().tolist() == [0.6] * 5
    assert trace["in_cell"].ravel()[1:].tolist() == [0, 0, 1, 0]
    assert trace["y"].ravel().tolist() == pytest.approx([0, 0, 0, 6.25, 6.25])


def test_the_counter_counts_in_every_dimension():
    program = PROGRAMS["multiplicative"]
    trace = program.trace(continuous.sequence([0.5, 0.5], PROMPT))
    assert trace["counter_vector"].tolist() == [[t + 1.0] * 2 for t in range(17)]


def test_the_order_of_the_cells_makes_no_difference():
    shuffled = np.random.default_rng(0).permutation(PROMPT)
    program = PROGRAMS["optimized"]
    found = [looked_up([0.3, 0.8], p, program) for p in (PROMPT, shuffled)]
    assert found[0].tolist() == found[1].tolist()


def test_a_cell_that_is_missing_gives_0():
    assert looked_up([0.9, 0.9], PROMPT[:5], PROGRAMS["original"]).tolist() == [0, 0]


@pytest.mark.parametrize("d_in", [1, 2, 3])
@pytest.mark.parametrize("cells", [1, 2, 5])
def test_the_error_is_within_the_bound_of_appendix_b(d_in, cells):
    program = continuous.program(d_in, 1, method="multiplicative")
    prompt = continuous.prompt(sum, d_in, cells)  # L = sqrt(d_in); the bound is reached
    positions = np.random.default_rng(0).integers(0, cells, (100, d_in))
    within = np.random.default_rng(1).uniform(0.02, 0.98, (100, d_in))  # away from the ramps
    queries = (positions + np.vstack([within, np.full(d_in, 0.01 + 0.98)])[1:]) / cells
    batch = np.stack([continuous.sequence(q, prompt) for q in queries])
    errors = np.abs(program.run(batch)[:, -1, 0] - queries.sum(1))
    bound = continuous.error_bound(math.sqrt(d_in), d_in, cells)
    assert bound == pytest.approx(d_in / (2 * cells))
    assert 0.97 * bound < errors.max() <= bound


def test_near_a_face_the_error_is_within_the_bound_and_half_a_step():
    cells, mu = 10, 1000
    program = continuous.program(1, 1, method="multiplicative", mu=mu)
    prompt = continuous.prompt(sum, 1, cells)
    queries = np.arange(1, cells) / cells + 0.0004
    batch = np.stack([continuous.sequence(q, prompt) for q in queries])
    errors = np.abs(program.run(batch)[:, -1, 0] - queries)
    bound = continuous.error_bound(1, 1, cells)
    assert (errors > bound).all() and (errors <= bound + 1 / (2 * mu)).all()


@given(
    st.floats(1e-3, 10), st.floats(0, 100) | st.sampled_from([math.sqrt(2), 0.1]), st.integers(1, 5)
)
def test_cells_for_is_the_smallest_number_that_will_do(precision, lipschitz, d_in):
    cells = continuous.cells_for(precision, lipschitz, d_in)
    assert continuous.error_bound(lipschitz, d_in, cells) <= precision
    if cells > 1:
        assert continuous.error_bound(lipschitz, d_in, cells - 1) > precision


def test_no_cells_at_all_answer_0():
    assert looked_up(0.3, np.zeros((0, 3)), continuous.program(1, 1)).tolist() == [0]


# --- what the program does with what sequence() refuses --------------------------------------


def test_cells_that_overlap_add_up():
    program = continuous.program(1, 1, method="step")
    xs = [[0.3, 0, 0], [0.5, 0, 1], [0.5, 0, 1], [0.5, 0.2, 5]]
    assert program.run(xs)[-1].tolist() == [7]


def test_a_query_outside_the_cube_is_in_no_cell_and_a_network_refuses_it():
    program = continuous.program(1, 1)
    xs = [[1.5, 0, 0], [0.5, 0, 1], [0.5, 0.5, 2]]
    assert program.run(xs)[-1].tolist() == [0]
    with pytest.raises(DomainError, match="outside"):
        ls.compile(program).run(xs)


def test_another_width_is_refused():
    for runs in (continuous.program(1, 1), ls.compile(continuous.program(1, 1))):
        with pytest.raises(ShapeError, match="width 3"):
            runs.run(continuous.sequence([0.3, 0.8], PROMPT))


# --- its limits ------------------------------------------------------------------------------


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    "query, cell",
    [
        (0, None),  # the foot of the first step: in no cell
        (0.0004, None),
        (0.0006, 0),
        (0.25, 0),  # an inner face belongs to the cell before it,
        (0.2504, 0),  # up to half a step further,
        (0.2505, None),  # but there the two bumps are both 1/2
        (0.2506, 1),
        (1, 3),
    ],
)
def test_queries_on_the_faces_of_cells(method, query, cell):
    program = continuous.program(1, 1, method=method)
    prompt = continuous.prompt(lambda x: 1 + x[0], 1, 4)
    expected = 0 if cell is None else 1 + (cell + 0.5) / 4
    assert looked_up(query, prompt, program)[0] == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize(("off", "found"), [(-1, 1), (-0.4, 0), (0, 0), (0.4, 0), (1, 1)])
def test_between_two_cells_a_hairs_breadth_is_in_neither(off, found):
    program = continuous.program(1, 1, method="multiplicative")
    prompt = continuous.prompt(lambda x: 1, 1, 4)
    query = Fraction(1, 4) + Fraction(1, 2000) + Fraction(off) / 10**9
    xs = [[query, 0, 0], *map(list, prompt)]
    assert program.run(np.array(xs, dtype=object), number="exact")[-1].tolist() == [found]


@pytest.mark.parametrize(
    ("above", "found"),
    [
        ((0.0005, 0.0005), 0),  # half-way up both steps: in none of the four cells
        ((0.0002, 0.0002), 1),  # the cell before, in both dimensions
        ((0.0002, 0.0009), 2),
        ((0.0009, 0.0002), 3),
        ((0.0009, 0.0009), 4),
        ((0.001, 0.001), 4),  # from 1/mu on it is always the cell's own
    ],
)
def test_where_four_cells_meet(above, found):
    program = continuous.program(2, 1, method="multiplicative")
    prompt = continuous.prompt(lambda p: 1 + 2 * (p[0] > 0.5) + (p[1] > 0.5), 2, 2)
    query = 0.5 + np.array(above)
    assert looked_up(query, prompt, program)[0] == pytest.approx(found, abs=1e-6)


def test_lambda_must_exceed_the_values():
    prompt = continuous.prompt(lambda x: 50, 1, 2)
    small = continuous.program(1, 1, method="original", lam=10)
    assert looked_up(0.3, prompt, small)[0] != 50
    assert looked_up(0.3, prompt, continuous.program(1, 1, lam=100))[0] == 50


# --- what goes in ----------------------------------------------------------------------------


def test_a_prompt_runs_fastest_along_the_last_dimension():
    assert PROMPT.shape == (16, 5)
    assert PROMPT[:3, 1:3].tolist() == [[0, 0], [0, 0.25], [0, 0.5]]
    assert PROMPT[4, 1:3].tolist() == [0.25, 0]
    assert (PROMPT[:, 0] == 0.25).all()
    assert PROMPT[0, 3:].tolist() == wave([0.125, 0.125]).tolist()


def test_a_sequence_is_the_query_and_the_prompt():
    xs = continuous.sequence([0.3, 0.8], PROMPT)
    assert xs.shape == (17, 5)
    assert xs[0].tolist() == [0.3, 0.8, 0, 0, 0]
    assert (xs[1:] == PROMPT).all()


def test_domains_and_names():
    assert continuous.program(2, 1).ranges == (UNIT, UNIT, UNIT, ANY)
    assert continuous.program(1, 2, values=(-3, 3)).ranges == (UNIT, UNIT, *[Range(-3, 3)] * 2)
    names = {n.name for n in continuous.program(2, 2).nodes}
    assert names >= {"const_1", "counter_vector", "q_update", "q", "bumps", "in_cell"}
    assert names >= {"in_and_processing", "update", "y"}


@pytest.mark.parametrize(
    "mistake, error, words",
    [
        (lambda: continuous.program(0, 1), ShapeError, "d_in=0"),
        (lambda: continuous.program(1, 1.5), ShapeError, "d_out=1.5"),
        (lambda: continuous.program(1, 1, mu=1), ProgramError, "at least 2"),
        (lambda: continuous.program(1, 1, lam=0), ProgramError, "lam"),
        (lambda: continuous.program(1, 1, method="no"), ProgramError, "method"),
        (lambda: continuous.prompt(wave, 2, 0), DomainError, "cells=0"),
        (lambda: continuous.prompt(wave, 2, 2.5), DomainError, "cells=2.5"),
        (lambda: continuous.prompt(wave, 0, 2), ShapeError, "d_in=0"),
        (lambda: continuous.prompt(wave, 2, 2, d_out=3), ShapeError, "3 numbers"),
        (lambda: continuous.prompt(lambda x: np.eye(2), 2, 2), ShapeError, r"\(2, 2\)"),
        (lambda: continuous.prompt(lambda x: [], 2, 2), ShapeError, r"\(0,\)"),
        (lambda: continuous.prompt(lambda x: [1] * int(1 + 2 * x[0]), 1, 2), ShapeError, "1 numb"),
        (lambda: continuous.prompt(lambda x: math.nan, 1, 2), PrecisionError, "NaN"),
        (lambda: continuous.prompt(lambda x: "a", 1, 2), ShapeError, "not made of numbers"),
        (lambda: continuous.sequence([0.5, 1.5], PROMPT), DomainError, "outside"),
        (lambda: continuous.sequence([0.5, -0.1], PROMPT), DomainError, "outside"),
        (lambda: continuous.sequence([0.5, math.nan], PROMPT), PrecisionError, "NaN"),
        (lambda: continuous.sequence([0.5] * 4, PROMPT), ShapeError, r"\(4,\)"),
        (lambda: continuous.sequence([], PROMPT), ShapeError, r"\(0,\)"),
        (lambda: continuous.sequence(0.5, PROMPT), ShapeError, "width 1"),
        (lambda: continuous.sequence([0.5] * 3, PROMPT), ShapeError, "width 3"),
        (lambda: continuous.sequence([0.5, 0.5], PROMPT[0]), ShapeError, r"\(5,\)"),
        (lambda: continuous.sequence([0.5, 0.5], PROMPT * np.nan), PrecisionError, "prompt"),
        (lambda: continuous.sequence([0.5, 0.5], PROMPT * 0), ShapeError, "above 0"),
        (lambda: continuous.sequence(0.5, [[5, 0, 1]]), ShapeError, "up to 1"),
        (lambda: continuous.sequence(0.5, []), ShapeError, r"\(0,\)"),
        (lambda: continuous.sequence(0.5, [[1, 2], [3]]), ShapeError, "not made of numbers"),
        (lambda: continuous.sequence(0.5, [[1, 0, 1], [1, 0, 2]]), ShapeError, "no two corners"),
        (lambda: continuous.sequence(0.5, [[1, 0, math.inf]]), PrecisionError, r"at \(0, 2\)"),
        (lambda: continuous.program(1, 1, values=(-9, 3), lam=9), ProgramError, "above 9"),
        (lambda: continuous.error_bound(-1, 1, 4), DomainError, "lipschitz=-1"),
        (lambda: continuous.error_bound(math.nan, 1, 4), DomainError, "lipschitz=nan"),
        (lambda: continuous.error_bound(1, 0, 4), ShapeError, "d_in=0"),
        (lambda: continuous.error_bound(1, 1, 0), DomainError, "cells=0"),
        (lambda: continuous.cells_for(0, 1, 1), DomainError, "precision=0"),
        (lambda: continuous.cells_for("1", 1, 1), DomainError, "precision='1'"),
        (lambda: continuous.cells_for(0.1, math.inf, 1), DomainError, "lipschitz=inf"),
    ],
)
def test_mistakes_get_an_answer(mistake, error, words):
    with pytest.raises(error, match=words):
        mistake()
