"""The formula of a program is the program."""

from fractions import Fraction

import numpy as np
import pytest
import sympy
from hypothesis import given, settings

import lsrl_edu as ls
from lsrl_edu.errors import ProgramError
from lsrl_edu.programs import discrete, more_ones
from tests.strategies import cases


def value(formula, values):
    """Return a formula's outputs as Fractions for {symbol name: Fraction}."""
    column = sympy.Matrix([formula]) if not isinstance(formula, sympy.MatrixBase) else formula
    names = {s: sympy.Rational(str(values[s.name])) for s in column.free_symbols}
    return [Fraction(str(entry.subs(names))) for entry in column]


@settings(max_examples=25, deadline=None)
@given(cases(max_length=3, max_nodes=6))
def test_after_some_elements(case):
    program, xs = case
    xs = np.asarray(xs, dtype=object).reshape(-1, program.input.dim)
    if not len(xs):
        return
    wide = program.input.dim > 1
    values = {
        f"x_{t},{i}" if wide else f"x_{t}": Fraction(x)
        for t, row in enumerate(xs, 1)
        for i, x in enumerate(row)
    }
    truth = program.run(xs, "exact")[-1]
    assert value(program.formula(len(xs)), values) == list(np.atleast_1d(truth))


def test_one_step_names_the_states_before():
    formula = more_ones.program(mu=1).formula()
    assert {s.name for s in formula.free_symbols} == {"x", "ones_before", "zeros_before"}
    assert value(formula, {"x": 1, "ones_before": 3, "zeros_before": 3}) == [1]
    assert value(formula, {"x": 0, "ones_before": 3, "zeros_before": 3}) == [0]


def test_a_wide_input_and_output():
    program = ls.foreach(dim=2)(lambda x: ls.LinState(x, [[1, 1], [0, 1]], [[1, 0], [0, 1]]))
    formula = program.formula()
    assert formula.shape == (2, 1)
    assert {s.name for s in formula.free_symbols} == {
        "x_0", "x_1", "s1,0_before", "s1,1_before"
    }  # fmt: skip


def test_the_domain_simplifies():
    program = ls.foreach(dim=1, domain=(0, 5))(lambda x: ls.ReLU(x))
    assert program.formula().name == "x"
    assert ls.foreach(dim=1)(lambda x: ls.ReLU(x)).formula().func is sympy.Max


def test_refusals():
    with pytest.raises(ProgramError, match="length=0"):
        more_ones.program().formula(0)
    with pytest.raises(ProgramError, match="200|nodes: its formula would fill pages"):
        discrete.program(3).formula()
