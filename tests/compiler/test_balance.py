"""Balanced networks are the same functions, and nothing is read loudly."""

import numpy as np
from hypothesis import given

import lsrl_edu as ls
from lsrl_edu.compiler.balance import balanced
from lsrl_edu.programs import discrete
from tests.strategies import cases


@given(cases(max_nodes=10))
def test_the_same_function(case):
    program, xs = case
    layers = balanced(ls.compile(program))
    assert (layers.run(xs, "exact") == program.run(xs, "exact")).all()


@given(cases(max_nodes=10))
def test_readers_of_relus_are_between_a_half_and_one(case):
    layers = balanced(ls.compile(case[0]))
    readers = [*(layer.W for layer in layers.layers[1:]), layers.readout]
    for layer, reader in zip(layers.layers, readers, strict=False):
        for i, kind in enumerate(layer.kinds):
            largest = max((abs(v) for row in reader.rows for c, v in row if c == i), default=None)
            if kind in ("relu", "carry") and largest is not None:
                assert 0.5 < largest <= 1


def test_ranges_move_along():
    program = ls.foreach(dim=1, domain=(-3, 3))(lambda x: ls.f_step(x, mu=1000))
    for layers in (ls.compile(program), ls.compile(program, balance=True)):
        xs = np.linspace(-3, 3, 101)
        hidden = ls.compile(program, balance=True)
        assert np.abs(layers.run(xs) - program.run(xs)).max() < 1e-12
    (layer,) = hidden.layers
    assert [r.hi for r in layer.ranges] == [
        1024 * r.hi for r in ls.compile(program).layers[0].ranges
    ]


def test_a_smaller_bias_is_no_more():
    """What is multiplied afterwards is multiplied before instead."""
    program = discrete.program(2, "optimized", vocabulary=range(9))
    plain, even = ls.compile(program, horizon=100), ls.compile(program, horizon=100, balance=True)
    assert (plain.depth, plain.width, plain.nonzeros) == (even.depth, even.width, even.nonzeros)
