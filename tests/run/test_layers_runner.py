from fractions import Fraction

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import lsrl_edu as ls
from lsrl_edu.errors import DomainError, LSRLError
from lsrl_edu.programs import discrete
from lsrl_edu.run import layers as runner
from lsrl_edu.run.layers import get_runner, pick_device
from tests.compiler.checks import compile_kinds, perturbed, program_of
from tests.compiler.test_layers import channels
from tests.strategies import FEW, cases, programs, sequences

pytestmark = pytest.mark.filterwarnings("ignore::lsrl_edu.errors.PrecisionWarning")
UNIT = {"float64": 2.0**-53, "float32": 2.0**-24, "bfloat16": 2.0**-8}


def allowance(network, xs, unit) -> float:
    """What rounding may cost, from the size of the numbers themselves.

    Every channel adds up a few products (their number: the entries of its row) and a state adds
    one for each step; each addition is off by at most ``unit`` times the largest number met so
    far, and what is wrong in one layer is multiplied by the largest row of the next.
    """
    error, largest = 0.0, float(np.abs(xs).max(initial=1))
    values = channels(network, xs)
    for k, layer in enumerate(network.layers):
        row = _row_sums(layer.W)
        size = max([largest * row, *(abs(float(v)) for step in values for v in step[k])])
        gain = row * (2 * largest * row if layer.products else 1)
        error = gain * error + (2 + layer.W.shape[1]) * unit * max(size, size**2 * layer.products)
        error *= _growth(layer.A, len(values))
        largest = max(1.0, *(abs(float(v)) for step in values for v in step[k]), size)
    return _row_sums(network.readout) * (error + 4 * unit * largest) + 4 * unit


def _row_sums(matrix) -> float:
    return max((sum(abs(float(v)) for _, v in row) for row in matrix.rows), default=0.0) + 1


def _growth(A, steps) -> float:
    power = np.abs(A.float64)
    total = now = np.eye(A.shape[0])
    for _ in range(steps):
        now = now @ power
        total = total + now
    return max(1.0, float(total.sum(axis=1).max(initial=1)))


def error_of(network, program, xs, dtype="float64") -> float:
    truth = program.run(xs, "exact").astype(float)
    found = network.run(xs, dtype, device="cpu")
    assert found.shape == truth.shape and found.dtype == np.float64
    return float(np.abs(found - truth).max(initial=0))


# --- against the oracle ----------------------------------------------------------------------


@given(cases(thirds=True))
def test_float64_follows_the_oracle(case):
    program, xs = case
    for options in compile_kinds(program, xs).values():
        network = ls.compile(program, **options)
        assert error_of(network, program, xs) <= allowance(network, xs, UNIT["float64"])


@given(cases(thirds=True))
@FEW
def test_float32_follows_the_oracle(case):
    program, xs = case
    network = ls.compile(program)
    assert error_of(network, program, xs, "float32") <= allowance(network, xs, UNIT["float32"])


@pytest.mark.parametrize("dtype", ["float64", "float32", "bfloat16"])
@given(cases(integer=True, products=False))
@FEW
def test_whole_numbers_are_exact_where_they_fit(dtype, case):
    """All sums up to 1 / unit are exact, so networks of small whole numbers make no error."""
    program, xs = case
    network = ls.compile(program)
    values = channels(network, xs)
    sizes = [1.0, network.largest_weight]
    for k, layer in enumerate(network.layers):
        before = [1.0, *(abs(float(v)) for s in values for v in (s[k - 1] if k else [4]))]
        sizes.append(_row_sums(layer.W) * max(before) * _growth(layer.A, 2 * len(values) + 1))
    weights = [m for x in network.layers for m in (x.W, x.b, x.A)]
    weights += [network.readout, network.readout_bias]
    whole = all(isinstance(v, int) for m in weights for row in m.rows for _, v in row)
    if whole and max(sizes) ** 2 < 0.5 / UNIT[dtype]:
        assert error_of(network, program, xs, dtype) == 0


def test_the_comparison_notices_a_wrong_weight():
    program = program_of(lambda x: ls.ReLU(ls.LinState(x, [[1]], [[2]], [3]) - 4) + x)
    network, xs = ls.compile(program), np.array([1.0, -2, 4, 4])
    allowed = allowance(network, xs, UNIT["float64"])
    assert error_of(network, program, xs) <= allowed < 1e-9
    assert all(error_of(n, program, xs) > allowed for n in perturbed(network))


# --- batches and pieces ----------------------------------------------------------------------


@given(programs(), st.data())
@FEW
def test_a_batch_equals_its_sequences(program, data):
    length = data.draw(st.integers(0, 6))
    xs = np.stack([data.draw(sequences(program, length, length)) for _ in range(4)])
    network = ls.compile(program)
    together = network.run(xs)
    alone = np.stack([network.run(x) for x in xs]) if length else together
    scale = 1 + np.abs(alone).max(initial=0)
    assert np.abs(together - alone).max(initial=0) <= 1e-9 * scale


@pytest.mark.parametrize("count", [1, 2, 7, 8, 9, 30])
def test_pieces_equal_the_whole(count, monkeypatch):
    program = discrete.program(2, "multiplicative_optimized", vocabulary=range(4))
    xs = np.random.default_rng(0).integers(0, 4, (count, 10, 1))
    whole = ls.compile(program).run(xs, device="cpu")
    monkeypatch.setattr(runner, "PIECE", 40)  # four sequences at a time
    pieces = ls.compile(program).run(xs, device="cpu")
    monkeypatch.setattr(runner, "PIECE", 1)  # less than one sequence
    single = ls.compile(program).run(xs, device="cpu")
    assert (whole == pieces).all() and (whole == single).all()
    assert (whole == program.run(xs)).all()


def test_a_batch_larger_than_a_piece():
    program = program_of(lambda x: ls.LinState(x, [[1]], [[1]]), int)
    xs = np.random.default_rng(0).integers(-3, 4, (runner.PIECE // 8 + 3, 16, 1))
    assert (ls.compile(program).run(xs) == np.cumsum(xs, axis=1)).all()


def test_clocks_are_kept_for_each_length():
    """States that are fed nothing are the same for every sequence: computed once a length."""
    program = program_of(lambda x: x + ls.f_modulo_counter(x, 3, "cycle"))
    network = ls.compile(program)
    for length in (4, 7, 4, 1, 0, 9):
        for count in (1, 3):
            xs = np.zeros((count, length, 1))
            assert (network.run(xs)[..., 0] == np.arange(length) % 3).all()
    prepared = get_runner(network, "float64", pick_device("auto"))
    assert 0 < len(prepared.clocks) <= 5
    for length in range(100):
        network.run(np.zeros(length))
    assert len(prepared.clocks) <= runner.MOST_CLOCKS


def test_a_run_does_not_change_what_a_clock_holds():
    program = program_of(lambda x: ls.ReLU(x - ls.f_modulo_counter(x, 3, "cycle")))
    network, xs = ls.compile(program), np.arange(6.0)
    first = network.run(xs)
    assert (network.run(xs[::-1].copy()) != first).any()
    assert (network.run(xs) == first).all()


def test_runners_are_kept_for_each_dtype():
    network = ls.compile(program_of(lambda x: 3 * x))
    cpu = pick_device("cpu")
    assert get_runner(network, "float64", cpu) is get_runner(network, "float64", cpu)
    assert get_runner(network, "float64", cpu) is not get_runner(network, "float32", cpu)


# --- inputs ----------------------------------------------------------------------------------


def test_inputs_of_many_kinds_are_left_as_they_are():
    network = ls.compile(program_of(lambda x: ls.ReLU(x - 1) + x))
    xs = np.arange(5.0)
    xs.flags.writeable = False
    expected = [0, 1, 3, 5, 7]
    assert network.run(xs).tolist() == expected and xs.tolist() == [0, 1, 2, 3, 4]
    for other in ([0, 1, 2, 3, 4], np.arange(5), torch.arange(5), np.arange(5, dtype=np.float32)):
        assert network.run(other).tolist() == expected
    assert network.run(np.arange(9.0)[::2] / 2).tolist() == expected  # not contiguous
    assert network.run([Fraction(1, 2)]).tolist() == [0.5]
    with_grad = torch.arange(5.0, requires_grad=True)
    assert network.run(with_grad).tolist() == expected


@pytest.mark.parametrize(
    "xs, words",
    [
        ([1, 2], "Input 2 .sequence 0, element 1, coordinate 0. is outside"),
        ([[[0]], [[0.5]]], "Input 0.5 .sequence 1, element 0"),
        ([np.nan], "nan"),
        ([np.inf], "inf"),
        ([0] * 6, "at most 5 elements; this sequence has 6"),
    ],
)
def test_inputs_that_no_promise_was_made_for(xs, words):
    network = ls.compile(program_of(lambda x: 2 * x, bool), horizon=5)
    assert network.run([0] * 5).tolist() == [0] * 5
    with pytest.raises(DomainError, match=words):
        network.run(xs)


def test_any_number_is_still_no_nan():
    with pytest.raises(LSRLError, match="nan"):
        ls.compile(program_of(lambda x: 2 * x)).run([1, np.nan])


def test_an_unknown_dtype():
    with pytest.raises(LSRLError, match="float64, float32, bfloat16"):
        ls.compile(program_of(lambda x: 2 * x)).run([1], "float8")


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device on this machine")
def test_a_gpu_gives_the_same():
    program = discrete.program(2, "multiplicative_optimized", vocabulary=range(4))
    xs = np.random.default_rng(0).integers(0, 4, (300, 30, 1))
    network = ls.compile(program)
    assert (network.run(xs, device="cuda") == network.run(xs, device="cpu")).all()
