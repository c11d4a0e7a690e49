from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given

import lsrl_edu as ls
from lsrl_edu.compiler.layers import Layer, Layers, _layer_step
from lsrl_edu.errors import ShapeError
from lsrl_edu.interpret import _each, number_system
from lsrl_edu.numbers import Matrix
from lsrl_edu.ranges import ANY
from tests.compiler.checks import compile_kinds, program_of
from tests.strategies import cases
from tests.test_ranges import inside

NONE = Matrix.zeros(0, 1)


def small() -> Layers:
    """One channel of each kind, written by hand: s, ReLU(x), x and x * (x + 1)."""
    W = Matrix.of([[1], [1], [1], [1], [1]])
    b = Matrix.of([[0], [0], [0], [0], [1]])
    layer = Layer(W, b, Matrix.of([[2]]), Matrix.of([[1]]), 1, 1, 1, tuple("srcp"), (ANY,) * 4)
    return Layers(1, (layer,), Matrix.eye(4), Matrix.zeros(4, 1), (ANY,), name="small")


def channels(network: Layers, xs) -> list[list[tuple]]:
    """The exact values of all channels: per step, per layer."""
    numbers = number_system("exact")
    state = [_each(numbers.inward, layer.s0.dense.T) for layer in network.layers]
    steps = []
    for x in np.asarray(xs, dtype=float).reshape(-1, network.input_dim):
        y, here = np.array([[numbers.inward(v) for v in x]], dtype=object), []
        for k, layer in enumerate(network.layers):
            y, state[k] = _layer_step(layer, y, state[k], numbers)
            here.append(tuple(numbers.outward(numbers.inward(0) + v) for v in y[0]))
        steps.append(here)
    return steps


def test_what_a_layer_means():
    outputs = small().run([3, -2], "exact")
    assert outputs.tolist() == [[5, 3, 3, 12], [8, 0, -2, 2]]
    assert all(type(v) is Fraction for v in outputs.ravel())
    assert small().run([3, -2]).tolist() == outputs.tolist()


def test_facts():
    network = small()
    (layer,) = network.layers
    assert layer.kinds == ("state", "relu", "carry", "product")
    assert layer.split_rows() == {
        "state": slice(0, 1), "relu": slice(1, 2), "carry": slice(2, 3),
        "left": slice(3, 4), "right": slice(4, 5),
    }  # fmt: skip
    assert (network.depth, network.width, network.states, network.products) == (1, 4, 1, 1)
    assert layer.nonzeros == 5 + 1 + 1 + 1 and network.nonzeros == 8 + 4
    assert network.largest_weight == 2 and network.output_dim == 4
    assert repr(network) == "<Layers small: depth 1, width 4, 12 non-zeros>"


def test_symbols_and_balls():
    import sympy

    x = sympy.Symbol("x")
    assert small().run([x], "symbolic").tolist() == [[x + 2, sympy.Max(0, x), x, x * (x + 1)]]
    assert float(small().run([3], "ball")[0, 3].mid()) == 12


@pytest.mark.parametrize("number", ["exact", "float64", "float32"])
@pytest.mark.parametrize(
    "xs, shape",
    [([], (0, 4)), ([1], (1, 4)), ([[1], [2]], (2, 4)), (np.zeros((3, 2, 1)), (3, 2, 4)),
     (np.zeros((0, 2, 1)), (0, 2, 4)), (np.zeros((3, 0, 1)), (3, 0, 4))],
)  # fmt: skip
def test_shapes(number, xs, shape):
    assert small().run(xs, number).shape == shape


def test_one_number_for_each_element_stays_flat():
    network = ls.compile(program_of(lambda x: ls.ReLU(x)))
    assert network.run([1, -2]).tolist() == [1, 0] == network([1, -2]).tolist()
    assert network.run([[1], [-2]], "exact").tolist() == [[1], [0]]
    with pytest.raises(ShapeError):
        network.run([[1, 2]])


@given(cases(thirds=True))
def test_every_channel_lies_in_its_range(case):
    program, xs = case
    for options in compile_kinds(program, xs).values():
        network = ls.compile(program, **options)
        for values in channels(network, xs):
            for layer, row in zip(network.layers, values, strict=True):
                assert all(map(inside, row, layer.ranges))
