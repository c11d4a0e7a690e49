"""The function in the prompt that stands noise: exact without noise, close with it."""

from fractions import Fraction

import numpy as np
import pytest

import lsrl_edu as ls
from lsrl_edu.errors import DomainError, ShapeError
from lsrl_edu.programs import continuous
from lsrl_edu.programs import robust_continuous as rc
from lsrl_edu.study.noise import DRIFT, Setting, measure
from lsrl_edu.study.problems import Curves
from lsrl_edu.study.subjects import subject

ROBUST = {"simplify": False, "balance": True}
CASES = [  # d_in, d_out, cells, values, options
    (1, 1, 4, (-1, 1), {"levels": 3}),
    (2, 2, 3, (-3, 3), {"levels": 4, "copies": 2}),
    (1, 2, 3, (0, 2), {"levels": 0, "copies": 3}),
    (2, 1, 2, (-2, -1), {"levels": 5, "remainder": False}),
    (1, 1, 1, (1, 2), {"levels": 2}),
]


def look_up(query, table, cells, d_out):
    """The value of the cell that holds the query, by the rule of the module: lower <= q < upper."""
    query = np.atleast_1d(query)
    place = np.minimum((query * cells).astype(int), cells - 1)
    (row,) = np.flatnonzero((np.rint(table[:, 1:-d_out] * cells) == place).all(axis=1))
    return table[row, -d_out:]


def rounded(value, values, levels):
    """The nearest whole number of steps."""
    step = max(map(abs, values)) / levels
    return step * np.sign(value) * np.floor(np.abs(value) / step + 0.5)


def case(rng, d_in, d_out, cells, values):
    """A random function as a prompt with its cells in random order, and some queries."""
    table = rc.prompt(lambda _: rng.uniform(*values, d_out), d_in, cells)
    queries = [*rng.random((4, d_in)), np.zeros(d_in), np.ones(d_in), np.full(d_in, 1 / cells)]
    return rng.permutation(table), queries


@pytest.mark.parametrize(("d_in", "d_out", "cells", "values", "options"), CASES)
def test_it_looks_values_up(d_in, d_out, cells, values, options):
    rng = np.random.default_rng(cells)
    program = rc.program(d_in, d_out, cells, values, **options)
    networks = [ls.compile(program, **ROBUST), ls.compile(program)]
    networks += [
        ls.compile(program, target=t, horizon=99, **ROBUST) for t in ("linear_rnn", "rnn", "lstm")
    ]
    table, queries = case(rng, d_in, d_out, cells, values)
    for query in queries:
        xs, want = rc.sequence(query, table), look_up(query, table, cells, d_out)
        if not options.get("remainder", True):
            assert np.abs(rounded(want, values, options["levels"]) - want).max() > 0
            want = rounded(want, values, options["levels"])
        exact = program.run(xs, number="exact").astype(float)
        assert exact[-1] == pytest.approx(want, abs=1e-12)
        for network in [program, *networks]:
            assert np.abs(network.run(xs) - exact).max() < 1e-9


def test_in_exact_numbers_the_value_comes_back_as_it_is():
    program = rc.program(1, 1, 2, (-1, 1), levels=3)
    table = [[Fraction(1, 2), 0, Fraction(1, 7)], [Fraction(1, 2), Fraction(1, 2), Fraction(-5, 9)]]
    for query, want in ((Fraction(1, 3), Fraction(1, 7)), (Fraction(2, 3), Fraction(-5, 9))):
        assert program.run([[query, 0, 0], *table], number="exact")[-1, 0] == want


@pytest.mark.parametrize("cells", [1, 3, 8])
def test_the_cell_changes_at_the_face(cells):
    """A query up to 1e-4 / cells below a face may count with either cell, or none."""
    program = rc.program(1, 1, cells, (0, 1), levels=0)
    table = rc.prompt(lambda x: x[0], 1, cells)
    for k in range(1, cells):
        for query, place in ((k / cells, k), (k / cells - 1e-4 / cells, k - 1)):
            found = program.run(rc.sequence(query, table))[-1]
            assert found == pytest.approx((place + 0.5) / cells)


def test_a_query_in_no_cell_gives_0():
    program = rc.program(1, 2, 4, (-1, 1))
    table = rc.prompt(lambda x: [1, -1], 1, 4)
    assert program.run(rc.sequence(0.9, table[:3]))[-1].tolist() == [0, 0]
    assert program.run(rc.sequence(0.9, table[:0]))[-1].tolist() == [0, 0]


def test_it_agrees_with_listing_1_inside_the_cells():
    rng = np.random.default_rng(5)
    listing = continuous.program(2, 1, values=(-1, 1))
    robust = rc.program(2, 1, 3, (-1, 1), levels=4)
    table, _ = case(rng, 2, 1, 3, (-1, 1))
    for place in rng.integers(0, 3, (6, 2)):
        xs = rc.sequence((place + rng.uniform(0.1, 0.9, 2)) / 3, table)
        assert robust.run(xs)[-1] == pytest.approx(listing.run(xs)[-1])


def distance(network, name, level, seeds=range(6), cells=4):
    """The median distance over draws of problems and noise, states left to drift."""
    setting = Setting(Curves(cells=cells), subject(network, name), (level,), seeds, DRIFT)
    return float(np.median([row.distance for row in measure(setting)]))


@pytest.mark.parametrize(
    "options",
    [{"levels": 8}, {"levels": 30, "remainder": False}, {"levels": 0, "copies": 16}],
)
def test_noise_of_a_thousandth_hardly_shows(options):
    network = ls.compile(rc.program(2, 2, 4, (-3, 3), **options), **ROBUST)
    clean = distance(network, "robust", 0)
    assert distance(network, "robust", 1e-3) < 1.2 * clean
    assert distance(network, "robust", 1e-2) < 2 * clean
    assert distance(network, "robust", 0.3) > 3 * clean  # the test can fail


@pytest.mark.parametrize("method", ["original", "multiplicative"])
def test_the_published_program_does_not_stand_a_hundredth_of_that(method):
    network = ls.compile(continuous.program(2, 2, method, values=(-3, 3)))
    assert distance(network, "listing", 1e-5) > 5 * distance(network, "listing", 0)


def test_a_wrong_cell_is_noticed():
    """The check of the look-up can fail: with two corners exchanged, answers differ."""
    rng = np.random.default_rng(1)
    table, _ = case(rng, 1, 1, 4, (-1, 1))
    broken = table.copy()
    broken[[0, 1], 1] = table[[1, 0], 1]
    program = rc.program(1, 1, 4, (-1, 1))
    query = table[0, 1] + 0.1
    assert program.run(rc.sequence(query, table))[-1] == pytest.approx(table[0, -1])
    assert abs(program.run(rc.sequence(query, broken))[-1] - table[0, -1]) > 1e-3


def test_a_register_for_the_value_loses_it_and_digits_do_not():
    """What the digits are for: the same noise, one copy, 65 elements, with and without them."""
    real = ls.compile(rc.program(2, 2, 8, (-3, 3), levels=0), **ROBUST)
    digits = ls.compile(rc.program(2, 2, 8, (-3, 3), levels=8), **ROBUST)
    assert distance(real, "real", 1e-2, cells=8) > 2 * distance(digits, "digits", 1e-2, cells=8)


@pytest.mark.parametrize(
    "change",
    [{"d_in": 0}, {"d_out": 1.5}, {"cells": 0}, {"cells": True}, {"copies": 0}, {"levels": -1}],
)
def test_bad_sizes(change):
    good = {"d_in": 1, "d_out": 1, "cells": 2, "values": (0, 1)}
    with pytest.raises(ShapeError, match="integer from"):
        rc.program(**(good | change))


def test_something_of_the_value_must_be_kept():
    with pytest.raises(ShapeError, match="nothing is left"):
        rc.program(1, 1, 2, (0, 1), levels=0, remainder=False)


@pytest.mark.parametrize("values", [(1, 0), (1, 1), 3, (0, 1, 2), None])
def test_bad_values(values):
    with pytest.raises(DomainError, match="smallest"):
        rc.program(1, 1, 2, values)
