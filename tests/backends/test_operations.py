"""Layers taken apart: run by a naive interpreter of operations, they are the program."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, reject

import lsrl_edu as ls
from lsrl_edu.backends.operations import MOST_TAPS, operations
from lsrl_edu.errors import UnsupportedByTarget
from lsrl_edu.programs import continuous
from tests.compiler.checks import program_of
from tests.strategies import cases


def run_operations(network, xs):
    """The definition, element by element, in exact numbers: outputs (T, m)."""
    history, states, out = [], {}, []
    for x in xs:
        now = [Fraction(v) for v in x]
        history.append(now)
        for k, made in enumerate(network.operations):
            now.append(_value(made, history, states, k))
        out.append([_form(form, now) for form in network.outputs])
    return np.array(out, dtype=object).reshape(len(xs), len(network.outputs))


def _form(form, values):
    return form.constant + sum(values[v] * c for v, c in form.terms)


def _value(made, history, states, k):
    reads = [_form(form, history[-1]) for form in made.reads]
    if made.kind == "relu":
        return max(Fraction(0), reads[0])
    if made.kind == "product":
        return reads[0] * reads[1]
    past = history[::-1][: len(made.taps)]
    fed = sum(w * _form(made.reads[0], v) for w, v in zip(made.taps, past, strict=False))
    if made.kind == "state":
        states[k] = fed = made.decay * states.get(k, 0) + fed
    return fed


@given(cases(max_nodes=10))
def test_operations_equal_the_program(case):
    program, xs = case
    try:
        network = operations(ls.compile(program))
    except UnsupportedByTarget as refusal:
        assert "eigenv" in str(refusal)
        reject()
    if all(made.kind != "state" or made.decay in (0, 1, Fraction(1, 2)) for made in
           network.operations):  # fmt: skip
        truth = program.run(xs, "exact").reshape(len(xs), program.output.dim)
        assert (run_operations(network, np.asarray(xs)) == truth).all()


@given(cases(max_nodes=10))
def test_what_blocks_can_do(case):
    program, _ = case
    try:
        network = operations(ls.compile(program))
    except UnsupportedByTarget:
        reject()
    for k, made in enumerate(network.operations):
        assert len(made.taps) <= MOST_TAPS and 0 <= made.decay <= 1
        below = network.inputs + k
        assert all(v < below for form in made.reads for v, _ in form.terms)


def kinds(program, **promise):
    return [made.kind for made in operations(ls.compile(program, **promise)).operations]


def test_a_shift_register_is_taps():
    body = ls.LinState(ls.Input(1), np.eye(5, k=-1), [[1], [0], [0], [0], [0]])
    network = operations(ls.compile(ls.Program(body, "register")))
    assert [made.kind for made in network.operations] == ["taps"] * 4
    assert max(len(made.taps) for made in network.operations) == 4  # three steps back, and ...
    deep = [made for made in network.operations if made.reads[0].terms[0][0] != 0]
    assert len(deep) == 1  # ... one more on top of those


def test_a_jordan_block_is_a_cascade():
    A = [[Fraction(1, 2), 0], [1, Fraction(1, 2)]]
    program = program_of(lambda x: ls.LinState(x, A, [[1], [0]], init_state=[[3], [2]]))
    network = operations(ls.compile(program))
    xs = np.arange(6.0)[:, None]
    assert (run_operations(network, xs) == program.run(xs, "exact")).all()
    assert {made.kind for made in network.operations} == {"state"}


def test_sums_are_kept_whole():
    """1e9 (a - b), used two layers up, must not become 1e9 a - 1e9 b."""
    assert "linear" in kinds(continuous.program(1, 1, values=(-3, 3)))


def test_hinges_become_whole_numbers():
    program = program_of(lambda x: ls.f_step(x, mu=1000), (-1, 1))
    constants = [made.reads[0].constant for made in operations(ls.compile(program)).operations]
    assert sorted(constants) == [-1, 0]


@pytest.mark.parametrize(
    ("A", "message"),
    [
        ([[0, 1], [1, 0]], "eigenvalue -1.*sawtooth"),
        ([[0, -1], [1, 0]], r"eigenvalue .*\+ 1i.*Grazzi"),
        ([[-0.5]], r"eigenvalue -(1/2|0\.5).*shift register"),
        ([[2]], "eigenvalue 2.*only keeps or forgets"),
        ([[1, 1e-3], [1e-12, 1]], "basis of eigenvectors|eigenvalue"),
    ],
)
def test_what_a_diagonal_recurrence_cannot_do(A, message):
    size = len(A)
    program = program_of(lambda x: ls.LinState(x, A, [[1]] * size, name="wheel"), (-1, 1))
    with pytest.raises(UnsupportedByTarget, match="'wheel.*" + message):
        operations(ls.compile(program))


def test_a_change_of_basis():
    A = [[0.5, 0.25], [0.25, 0.5]]
    program = program_of(lambda x: ls.LinState(x, A, [[1], [0]], init_state=[[1], [2]]), (-1, 1))
    network = operations(ls.compile(program))
    xs = np.linspace(-1, 1, 9)[:, None]
    found = run_operations(network, xs).astype(float)
    assert np.abs(found - program.run(xs)).max() < 1e-13
