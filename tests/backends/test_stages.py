"""The stages, in exact arithmetic: no difference to the layers they are made from."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import lsrl_edu as ls
from lsrl_edu.backends.stages import Stage, make_stages
from lsrl_edu.numbers import Matrix
from lsrl_edu.programs import discrete
from tests.compiler.checks import program_of
from tests.strategies import cases


def run_stages(stages: tuple[Stage, ...], xs, relu_cell: bool) -> list[list]:
    """Eqs. (2) to (5) with Fractions, one sequence (T, d)."""
    rows = [[Fraction(v) for v in x] for x in np.asarray(xs, dtype=float).tolist()]
    for stage in stages:
        rows = _run_stage(stage, rows, relu_cell)
    return rows


def _run_stage(stage: Stage, rows: list, relu_cell: bool) -> list:
    state, out = [v for (v,) in stage.s0.tolist()], []
    for x in rows:
        state = _plus(_times(stage.A, state), _times(stage.B, x), _column(stage.b))
        state = _relu(state) if relu_cell else state
        y = state
        for i, (weight, bias) in enumerate(stage.phi):
            y = _plus(_times(weight, _relu(y) if i else y), _column(bias))
        if stage.gamma is not None:
            gate = _plus(_times(stage.gamma[0], x), _column(stage.gamma[1]))
            y = [a * b for a, b in zip(y, gate, strict=True)]
        out.append(y)
    return out


def _times(matrix: Matrix, vector: list) -> list:
    return [sum((v * vector[c] for c, v in row), Fraction(0)) for row in matrix.rows]


def _plus(*vectors: list) -> list:
    return [sum(parts) for parts in zip(*vectors, strict=True)]


def _relu(vector: list) -> list:
    return [max(Fraction(0), v) for v in vector]


def _column(matrix: Matrix) -> list:
    return [v for (v,) in matrix.tolist()]


@pytest.mark.parametrize("relu_cell", [False, True])
@given(cases(thirds=True), st.booleans())
def test_stages_equal_the_program(relu_cell, case, simplify):
    program, xs = case
    stages = make_stages(ls.compile(program, simplify=simplify), relu_cell)
    assert run_stages(stages, xs, relu_cell) == program.run(xs, "exact").tolist()


@pytest.mark.parametrize("relu_cell", [False, True])
@pytest.mark.parametrize("method", ["original", "multiplicative_optimized"])
def test_listing_2(relu_cell, method):
    program = discrete.program(2, method, counter="cycle")
    stages = make_stages(ls.compile(program), relu_cell)
    xs = discrete.sequence([1, 2], {(3, 4): (5, 6), (1, 2): (7, 8)})
    assert run_stages(stages, xs, relu_cell) == program.run(xs, "exact").tolist()


@pytest.mark.parametrize("relu_cell", [False, True])
def test_the_comparison_notices_a_wrong_weight(relu_cell):
    program = program_of(lambda x: ls.ReLU(ls.LinState(x, [[1]], [[1]]) - 1))
    (stage,) = make_stages(ls.compile(program), relu_cell)[:1]
    wrong = Stage(stage.B * 2, stage.b, stage.A, stage.s0, stage.phi, stage.gamma)
    assert run_stages((wrong,), [[1], [2]], relu_cell) != [[0], [2]]


def test_a_relu_cell_needs_two_units_for_a_value_of_either_sign():
    """Eq. (11); a value that is never negative needs one."""
    sizes = []
    for domain in (None, bool):
        program = program_of(lambda x: ls.LinState(x, [[1]], [[1]]), domain)
        (stage,) = make_stages(ls.compile(program), relu_cell=True)
        sizes.append(stage.hidden_size)
    assert sizes == [2, 1]


def test_pairs_of_eq_11():
    program = program_of(lambda x: ls.LinState(x, [[Fraction(1, 2)]], [[1]], init_state=[3]))
    (stage,) = make_stages(ls.compile(program), relu_cell=True)
    half = Fraction(1, 2)
    assert stage.A.tolist() == [[half, -half], [-half, half]]
    assert stage.s0.tolist() == [[3], [0]]


def test_what_has_no_states_or_products_shares_a_stage():
    def body(x):
        return ls.ReLU(ls.ReLU(ls.LinState(x, [[1]], [[1]]) - 1) - x)

    stages = make_stages(ls.compile(program_of(body)), relu_cell=False)
    assert len(stages) == 1 and stages[0].gamma is None


def test_a_gate_has_a_stage_of_its_own_and_so_has_the_readout_after_it():
    stages = make_stages(ls.compile(program_of(lambda x: x * x + x)), relu_cell=False)
    assert [stage.gamma is not None for stage in stages] == [True, False]
