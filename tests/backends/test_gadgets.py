"""Each gadget of the released cells alone, against the bound it states."""

from fractions import Fraction

import numpy as np
import pytest

import lsrl_edu as ls
from lsrl_edu.backends.volume import VOLUMES
from lsrl_edu.errors import PrecisionWarning, UnsupportedByTarget
from tests.compiler.checks import program_of

CELLS = ["lstm", "gru", "tanh_rnn"]
DTYPES = ["float64", "float32", "bfloat16"]
each_cell = pytest.mark.parametrize("cell", CELLS)
each_dtype = pytest.mark.parametrize("dtype", DTYPES)
COARSE = pytest.mark.filterwarnings("ignore:.*a product may be wrong")
EPSILON = {name: 2.0 ** (1 - volume.digits) for name, volume in VOLUMES.items()}
RNG = np.random.default_rng(7)


def rounded(xs, dtype):
    """The numbers as the dtype holds them."""
    import torch

    return torch.tensor(np.asarray(xs)).to(getattr(torch, dtype)).double().numpy()


def used(model) -> set[str]:
    return {use.operation for use in model.report.gadgets}


@each_cell
@each_dtype
@pytest.mark.parametrize("size", [1e-6, 1.0, 3e4])
def test_carry_and_relu(cell, dtype, size):
    """Exact at every size: what comes in goes out, or 0."""
    program = program_of(lambda x: ls.Concat(x, ls.ReLU(x), ls.ReLU(-x)), (-1e5, 1e5))
    model = ls.compile(program, target=cell, dtype=dtype)
    assert used(model) >= {"relu"}
    xs = rounded(np.concatenate([RNG.uniform(-size, size, 200), [0.0, size, -size]]), dtype)
    found = model.run(xs)
    assert (found == np.stack([xs, np.maximum(xs, 0), np.maximum(-xs, 0)], axis=1)).all()


@each_cell
@each_dtype
def test_a_counter_of_integers_is_exact(cell, dtype):
    """As long as the dtype holds the integers."""
    length = {"float64": 5000, "float32": 5000, "bfloat16": 248}[dtype]
    program = program_of(lambda x: ls.LinState(x, [[1]], [[1]], init_state=[[7]]), bool)
    model = ls.compile(program, target=cell, dtype=dtype, horizon=length)
    xs = RNG.integers(0, 2, length)
    assert (model.run(xs) == 7 + np.cumsum(xs)).all()


@each_cell
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_a_dense_state_is_right_to_rounding(cell, dtype):
    """500 steps with a full A: no more than plain arithmetic in the dtype loses."""
    angle = 0.3
    A = 0.99 * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    program = program_of(lambda x: ls.LinState(x, A, [[1], [Fraction(1, 3)]]), (-1, 1))
    model = ls.compile(program, target=cell, dtype=dtype, horizon=500)
    xs = rounded(RNG.uniform(-1, 1, 500), dtype)
    truth = program.run(xs)
    worst = np.abs(model.run(xs) - truth).max() / np.abs(truth).max()
    assert worst <= 60 * EPSILON[dtype]


@each_cell
@each_dtype
def test_a_switch_is_exact(cell, dtype):
    program = program_of(lambda x: ls.f_not(x[0]) * x[1], [bool, (-100, 100)], 2)
    model = ls.compile(program, target=cell, dtype=dtype, simplify=False)
    assert "switch" in used(model) and "product" not in used(model)
    xs = np.stack([RNG.integers(0, 2, 300), rounded(RNG.uniform(-100, 100, 300), dtype)], axis=1)
    assert (model.run(xs).ravel() == np.where(xs[:, 0] == 1, 0, xs[:, 1])).all()


@each_cell
@each_dtype
@COARSE
@pytest.mark.parametrize("sizes", [(1, 1), (3, 100), (1000, Fraction(1, 1000))])
def test_a_product_keeps_its_bound(cell, dtype, sizes):
    domain = [(-size, size) for size in sizes]
    model = ls.compile(program_of(lambda x: x[0] * x[1], domain, 2), target=cell, dtype=dtype)
    (use,) = model.report.gadgets
    assert use.operation == "product"
    corners = [(a, b) for a in (-1, 0, 1) for b in (-1, 0, 1)]
    xs = np.concatenate([RNG.uniform(-1, 1, (3000, 2)), corners]) * np.array(sizes, dtype=float)
    xs = np.clip(rounded(xs, dtype), -np.array(sizes, float), np.array(sizes, float))
    worst = np.abs(model.run(xs).ravel() - rounded(xs, dtype).prod(axis=1)).max()
    area = float(sizes[0] * sizes[1])
    assert use.error / 200 <= worst <= use.error + EPSILON[dtype] * area


def test_the_best_products():
    """What the book quotes: relative to the largest product."""
    for cell, dtype, best in [
        ("lstm", "float64", 4e-14), ("lstm", "float32", 6e-6),
        ("gru", "float64", 1e-12), ("gru", "float32", 4e-5),
        ("tanh_rnn", "float64", 1e-12), ("tanh_rnn", "float32", 4e-5),
    ]:  # fmt: skip
        program = program_of(lambda x: x[0] * x[1], (-1, 1), 2)
        xs = rounded(np.random.default_rng(0).uniform(-1, 1, (4000, 2)), dtype)
        found = ls.compile(program, target=cell, dtype=dtype).run(xs).ravel()
        assert np.abs(found - xs.prod(axis=1)).max() <= best, (cell, dtype)


@each_cell
def test_a_product_without_a_bound_is_refused(cell):
    program = program_of(lambda x: (x[0] * x[1]).named("area"), [(0, 1), None], 2)
    with pytest.raises(UnsupportedByTarget, match=r"'area' multiplies.*any real.*domain="):
        ls.compile(program, target=cell)
    assert used(ls.compile(program, target=cell, domain=[(0, 1), (0, 9)])) == {"product"}


@each_cell
def test_a_product_that_is_coarse_warns(cell):
    program = program_of(lambda x: x[0] * x[1], (-1e6, 1e6), 2)
    with pytest.warns(PrecisionWarning, match="product.*narrower domain"):
        ls.compile(program, target=cell)


@each_cell
def test_the_report_says_what_is_bent(cell):
    program = program_of(lambda x: ls.LinState(x, [[1]], [[1]], name="sum"), (-1, 1))
    model = ls.compile(program, target=cell, dtype="float32")
    assert len(model.report.notes) == 1 and "'sum' is up to 1.1e+12" in str(model.report)
    assert "values above 1.34e+08 are bent by tanh" in str(model.report)
    assert not ls.compile(program, target=cell, dtype="float32", horizon=1000).report.notes
    assert not ls.compile(program, target=cell, dtype="float64").report.notes


@each_cell
def test_running_beyond_the_reach_warns_once(cell):
    program = program_of(lambda x: ls.LinState(x, [[1]], [[1]], name="sum"), (0, 2**28))
    model = ls.compile(program, target=cell, dtype="float32")
    assert model.run([1.0, 2.0]).tolist() == [1, 3]
    with pytest.warns(PrecisionWarning, match="bent by tanh") as caught:
        model.run([2.0**28])
        model.run([2.0**28])
    assert len(caught) == 1
