"""The dictionary that stands noise: the same answers, and noise that the other does not stand."""

from dataclasses import replace

import numpy as np
import pytest

import lsrl_edu as ls
from lsrl_edu.errors import DomainError, ShapeError
from lsrl_edu.numbers import Matrix, exact
from lsrl_edu.programs import discrete, robust


def problem(rng, n, size, pairs):
    """A query, a table that holds it, and the answer."""
    table = {}
    while len(table) < min(pairs, size**n):
        table[tuple(rng.integers(0, size, n).tolist())] = rng.integers(0, size, n).tolist()
    query = list(table)[rng.integers(len(table))]
    return robust.sequence(query, table), table[query]


@pytest.mark.parametrize(("n", "size", "pairs"), [(1, 2, 2), (1, 5, 3), (2, 3, 6), (3, 10, 20)])
@pytest.mark.parametrize("copies", [1, 3])
def test_it_looks_words_up(n, size, pairs, copies):
    rng = np.random.default_rng(n)
    program = robust.program(n, range(size), copies)
    networks = [ls.compile(program, simplify=False, balance=True), ls.compile(program)]
    for _ in range(5):
        xs, answer = problem(rng, n, size, pairs)
        for runs in (program, *networks):
            assert robust.answer(runs.run(xs), n).tolist() == answer


def test_an_unknown_query_gives_0():
    program = robust.program(2, range(4))
    xs = robust.sequence([3, 3], {(1, 2): (1, 1), (2, 1): (2, 2)})
    assert robust.answer(program.run(xs), 2).tolist() == [0, 0]


@pytest.mark.parametrize("target", ["linear_rnn", "rnn", "lstm", "gru"])
def test_on_cells(target):
    program = robust.program(2, range(4))
    model = ls.compile(program, target, dtype="float32", simplify=False, balance=True, horizon=99)
    xs, answer = problem(np.random.default_rng(0), 2, 4, 8)
    assert robust.answer(model.run(xs), 2).tolist() == answer


def noisy(layers, level, rng):
    """The network with noise on every weight that is not zero."""

    def draw(matrix):
        rows = [
            tuple((c, exact(float(v) + level * rng.standard_normal())) for c, v in row)
            for row in matrix.rows
        ]
        return Matrix(rows, matrix.shape[1])

    parts = [replace(x, W=draw(x.W), b=draw(x.b), A=draw(x.A)) for x in layers.layers]
    head = {"readout": draw(layers.readout), "readout_bias": draw(layers.readout_bias)}
    return replace(layers, layers=tuple(parts), **head)


def wrong(layers, level, seeds, n=3, size=10, pairs=20):
    """How many tokens of how many are wrong, states left to drift."""
    bad = total = 0
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        network = noisy(layers, level, rng)
        for _ in range(3):
            xs, answer = problem(rng, n, size, pairs)
            bad += int((np.rint(network.run(xs)[-n:, 0]) != answer).sum())
            total += n
    return bad, total


def test_noise_of_a_hundredth_does_no_harm():
    layers = ls.compile(robust.program(3), simplify=False, balance=True)
    assert wrong(layers, 1e-2, 6)[0] == 0
    assert wrong(layers, 0.3, 3)[0] > 0  # the test can fail


def test_the_published_program_does_not_stand_a_thousandth_of_that():
    program = discrete.program(3, "multiplicative_optimized", vocabulary=range(10))
    bad, total = wrong(ls.compile(program), 1e-2, 4)
    assert bad > total / 4


@pytest.mark.parametrize("options", [{"n": 0}, {"n": 2.0}, {"n": 2, "copies": 0}])
def test_bad_sizes(options):
    with pytest.raises(ShapeError, match="integer from 1 up"):
        robust.program(**options)


@pytest.mark.parametrize("vocabulary", [range(1), range(1, 5), range(0, 9, 2), 10])
def test_bad_vocabularies(vocabulary):
    with pytest.raises(DomainError, match="give range"):
        robust.program(2, vocabulary)


@pytest.mark.parametrize(("n", "size", "pairs"), [(1, 2, 2), (2, 3, 4)])
def test_a_horizon_takes_the_place_of_rotating_states(n, size, pairs):
    program = robust.program(n, range(size), horizon=n + 2 * n * pairs)
    network = ls.compile(program, simplify=False, balance=True)
    rng = np.random.default_rng(n)
    for _ in range(5):
        xs, answer = problem(rng, n, size, pairs)
        for runs in (program, network):
            assert robust.answer(runs.run(xs), n).tolist() == answer
    for layer in network.layers:
        A = layer.A.float64
        assert (np.tril(A) == A).all() or (np.triu(A) == A).all()  # nothing goes round


def test_a_register_cannot_hold_copies():
    with pytest.raises(ShapeError, match="a loop can hold copies"):
        robust.program(2, horizon=20, copies=2)
    with pytest.raises(ShapeError, match="horizon=-1"):
        robust.program(2, horizon=-1)
