from fractions import Fraction

import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

import lsrl_edu as ls
from lsrl_edu.errors import LSRLError, PrecisionError, ShapeError
from lsrl_edu.interpret import as_batch
from tests.naive import naive_run
from tests.strategies import FEW, cases, programs, sequences

X = ls.Input(1)
COUNT = ls.Program(ls.LinState(X, [[1]], [[1]]), "count")
WIDE = ls.Program(ls.LinState(ls.Input(2), np.eye(2), np.eye(2)), "wide")


def close(outputs, truth, tolerance=1e-9):
    """Whether float64 outputs agree with exact ones, relative to their size."""
    truth = np.asarray(truth, dtype=float)
    error = np.abs(np.asarray(outputs) - truth)
    return outputs.shape == truth.shape and (error <= tolerance * (1 + np.abs(truth))).all()


def test_the_helper_notices_a_wrong_answer():
    truth = np.array([[1.0], [2.0]])
    assert close(truth + 1e-12, truth)
    assert not close(truth + 1e-6, truth)
    assert not close(truth[:1], truth)
    assert not close(truth + np.nan, truth)


# --- against a second interpreter ------------------------------------------------------------


@given(cases(thirds=True))
def test_exact_equals_the_naive_interpreter(case):
    program, xs = case
    outputs = program.run(xs, number="exact")
    assert outputs.tolist() == naive_run(program, xs)
    assert outputs.shape == (len(xs), program.output.dim)
    assert all(type(v) is Fraction for v in outputs.ravel())


@given(cases())
def test_float64_follows_exact(case):
    program, xs = case
    assert close(program.run(xs), program.run(xs, number="exact"))


@given(cases(thirds=True))
def test_balls_hold_the_exact_value_and_are_tight(case):
    program, xs = case
    balls = program.run(xs, number="ball").ravel()
    truth = program.run(xs, number="exact").ravel()
    for ball, value in zip(balls, truth, strict=True):
        assert _holds(ball, value)
        assert float(ball.rad()) <= 1e-40 * (1 + abs(value))


def _holds(ball, value):
    from flint import arb, ctx, fmpq

    with ctx.workprec(2048):  # contains() rounds what it is given to the current precision
        return ball.contains(arb(fmpq(value.numerator, value.denominator)))


def test_a_ball_of_inputs_holds_every_output():
    from flint import arb

    program = ls.Program(ls.f_step(X * X - 1, mu=10))
    ball = program.run(np.array([arb(1.05, 0.1)], dtype=object), number="ball")[0]
    for x in np.linspace(0.95, 1.15, 21):
        assert _holds(ball, program.run([x], number="exact")[0])
    assert not _holds(ball, Fraction(-5))


@FEW
@given(programs(max_nodes=4), st.data())
def test_symbolic_becomes_the_exact_value_when_numbers_are_put_in(program, data):
    xs = data.draw(sequences(program, max_length=2))
    names = np.array(sympy.symbols(f"x:{max(1, xs.size)}", real=True)[: xs.size], dtype=object)
    if len(program.nodes) > 15:  # formulas grow fast
        return
    formulas = program.run(names.reshape(xs.shape), number="symbolic")
    rationals = [sympy.Rational(Fraction(v)) for v in xs.ravel()]
    found = [f.subs(list(zip(names, rationals, strict=True))) for f in formulas.ravel()]
    assert found == program.run(xs, number="exact").ravel().tolist()


def test_symbolic_shows_the_formula():
    a, b = sympy.symbols("a b", real=True)
    assert COUNT.run([a, b], number="symbolic").tolist() == [a, a + b]
    step = ls.Program(ls.ReLU(X - 1)).run([a], number="symbolic")[0]
    assert step == sympy.Max(0, a - 1)


# --- sequences and batches -------------------------------------------------------------------


@FEW
@given(programs(), st.integers(1, 4), st.integers(0, 5), st.sampled_from(["float64", "exact"]))
def test_a_batch_is_its_sequences_one_by_one(program, size, length, number):
    rng = np.random.default_rng(size * 10 + length)
    xs = rng.integers(-2, 3, (size, length, program.input.dim)).astype(float)
    batch = program.run(xs, number=number)
    assert batch.shape == (size, length, program.output.dim)
    for one, outputs in zip(xs, batch, strict=True):
        if number == "exact":
            assert (program.run(one, number) == outputs).all()
        else:  # a matrix product may add up in another order when it is larger
            assert close(program.run(one), outputs, 1e-12)


@FEW
@given(cases())
def test_outputs_depend_on_the_past_only(case):
    program, xs = case
    whole = program.run(xs, number="exact")
    for t in range(len(xs)):
        assert (program.run(xs[:t], number="exact") == whole[:t]).all()


@pytest.mark.parametrize("number", ["float64", "exact", "symbolic", "ball"])
@pytest.mark.parametrize(
    "program, shape, result",
    [
        (COUNT, (0,), (0,)),
        (COUNT, (1,), (1,)),
        (COUNT, (4,), (4,)),
        (COUNT, (4, 1), (4, 1)),
        (COUNT, (0, 1), (0, 1)),
        (COUNT, (3, 4, 1), (3, 4, 1)),
        (COUNT, (0, 4, 1), (0, 4, 1)),
        (WIDE, (0,), (0, 2)),
        (WIDE, (4, 2), (4, 2)),
        (WIDE, (3, 0, 2), (3, 0, 2)),
        (ls.Program(ls.Concat(X, X)), (4,), (4, 2)),
    ],
)
def test_shapes(program, shape, result, number):
    assert program.run(np.ones(shape), number=number).shape == result


@pytest.mark.parametrize("xs", [[True, False], (1, 0), range(1, -1, -1), np.array([1, 0], np.int8)])
def test_what_a_sequence_may_be(xs):
    assert COUNT.run(xs).tolist() == [1, 1]
    assert COUNT.run(xs, number="exact").tolist() == [1, 1]


def test_numbers_are_not_rounded_on_the_way_in():
    third = Fraction(1, 3)
    assert COUNT.run([third, third], number="exact").tolist() == [third, 2 * third]
    assert COUNT.run([2**60, 1], number="exact")[1] == 2**60 + 1
    assert COUNT.run([0.1], number="exact")[0] == Fraction(0.1)


def test_running_leaves_no_trace():
    first = COUNT.run([1, 1])
    assert COUNT.run([1, 1]).tolist() == first.tolist()
    assert COUNT.run([1]).tolist() == [1]
    xs = np.ones((2, 1))
    COUNT.run(xs)[:] = 7
    assert (xs == 1).all()


def test_the_initial_state_is_not_emitted():
    program = ls.Program(ls.LinState(X, [[2]], [[1]], b=[10], init_state=[3]))
    assert program.run([1, 0]).tolist() == [17, 44]


def test_a_torch_tensor_is_a_sequence():
    torch = pytest.importorskip("torch")
    assert COUNT.run(torch.ones(3, requires_grad=True)).tolist() == [1, 2, 3]


# --- mistakes --------------------------------------------------------------------------------


@pytest.mark.parametrize("number", ["float64", "exact"])
@pytest.mark.parametrize(
    "program, xs, error, words",
    [
        (COUNT, [1, np.nan], PrecisionError, "nan"),
        (COUNT, [1, np.inf], PrecisionError, "inf"),
        (COUNT, np.ones((2, 3)), ShapeError, r"xs\[..., None\]"),
        (WIDE, np.ones((2, 3)), ShapeError, r"\(T, 2\) or \(B, T, 2\)"),
        (WIDE, np.ones(2), ShapeError, r"got \(2,\)"),
        (WIDE, np.ones((1, 1, 1, 2)), ShapeError, "got"),
        (COUNT, 3, ShapeError, "got"),
        (COUNT, ["a"], LSRLError, "number"),
        (COUNT, [[1], [1, 2]], LSRLError, "number"),
        (COUNT, [None], LSRLError, "None|nan"),
        (COUNT, [1j], LSRLError, "number"),
    ],
)
def test_mistakes_get_an_answer(program, xs, error, words, number):
    with pytest.raises(error, match=words):
        program.run(xs, number=number)


def test_an_unknown_kind_of_number():
    with pytest.raises(LSRLError, match="float64, exact, symbolic, ball"):
        COUNT.run([1], number="roman")


def test_as_batch_remembers_the_way_back():
    batch = as_batch([1, 2], 1)
    assert batch.values.shape == (1, 2, 1)
    assert batch.restore(batch.values).tolist() == [1, 2]
