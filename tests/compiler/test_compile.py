"""The compiled network against the program: exactly, and in floating point."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import lsrl_edu as ls
from lsrl_edu.compiler.compile import compile_layers
from lsrl_edu.compiler.layers import Layers
from lsrl_edu.errors import DomainError
from lsrl_edu.programs import continuous, discrete, more_ones
from lsrl_edu.ranges import DEFAULT_HORIZON, Range
from lsrl_edu.sugar import METHODS
from tests.compiler.checks import compile_kinds, differences, perturbed, program_of
from tests.strategies import FEW, cases, programs, sequences

COUNTERS = ("rotation", "cycle", "sawtooth")
HORIZON = 32
quiet = pytest.mark.filterwarnings("ignore::lsrl_edu.errors.PrecisionWarning")


# --- the tester ------------------------------------------------------------------------------


def test_the_comparison_notices_one_wrong_weight():
    """Every single weight of a network, made wrong by 1/1000, shows."""
    program = program_of(lambda x: ls.ReLU(ls.LinState(x, [[1]], [[2]], [3]) - 4) + x, int)
    network, xs = ls.compile(program), np.array([1.0, -2, 4, 4])
    assert differences(network, program, xs) == 0
    wrong = [differences(n, program, xs) for n in perturbed(network)]
    assert len(wrong) == sum(len(r) for x in network.layers for m in (x.W, x.A) for r in m.rows)
    assert all(wrong)


def test_the_comparison_notices_outputs_of_another_shape():
    one, two = (program_of(lambda x, k=k: ls.Linear(x, [[1]] * k)) for k in (1, 2))
    assert differences(ls.compile(one), two, [1.0, 2.0]) > 0


# --- random programs -------------------------------------------------------------------------


@given(cases())
def test_networks_equal_their_programs(case):
    program, xs = case
    for kind, options in compile_kinds(program, xs).items():
        assert differences(ls.compile(program, **options), program, xs) == 0, kind


@given(cases(thirds=True, max_nodes=20))
@FEW
def test_networks_of_larger_programs(case):
    program, xs = case
    for kind, options in compile_kinds(program, xs).items():
        assert differences(ls.compile(program, **options), program, xs) == 0, kind


@given(cases(integer=True))
def test_networks_of_whole_numbers(case):
    program, xs = case
    for kind, options in compile_kinds(program, xs).items():
        assert differences(ls.compile(program, **options), program, xs) == 0, kind


@given(programs(), st.data())
@FEW
def test_batches_equal_their_sequences(program, data):
    length = data.draw(st.integers(0, 5))
    xs = [data.draw(sequences(program, length, length)) for _ in range(3)]
    network = ls.compile(program)
    assert differences(network, program, np.stack(xs)) == 0
    together = network.run(np.stack(xs), "exact")
    assert [y.tolist() for y in together] == [network.run(x, "exact").tolist() for x in xs]


@given(cases(max_length=1))
@FEW
def test_lengths_zero_and_one(case):
    program, xs = case
    network = ls.compile(program, horizon=1)
    assert differences(network, program, xs) == 0
    assert network.run(xs).shape == program.run(xs).shape


# --- the programs of the paper ---------------------------------------------------------------


def problem(rng, n, pairs=4, vocabulary=4):
    """A query and a map with distinct keys; three times in four the query is one of them."""
    keys = {tuple(rng.integers(0, vocabulary, n).tolist()) for _ in range(pairs)}
    found = {key: rng.integers(0, vocabulary, n).tolist() for key in keys}
    known = sorted(keys)[rng.integers(len(keys))]
    query = known if rng.random() < 0.75 else rng.integers(0, vocabulary, n).tolist()
    return query, found


def same_lengths(rng, n, count, pairs=4, **options):
    """A batch of problems as sequences of one length."""
    found = []
    while len(found) < count:
        query, table = problem(rng, n, pairs, **options)
        if len(table) == min(pairs, 4**n):
            found.append(discrete.sequence(query, table))
    return np.stack(found).astype(float)


def _discrete(n, method, counter, **options):
    return discrete.program(n, method, counter=counter, horizon=HORIZON, **options)


def _horizon(counter):
    return HORIZON if counter == "sawtooth" else None


@pytest.mark.parametrize("n", [1, 2, 3, 5])
@pytest.mark.parametrize("counter", COUNTERS)
@pytest.mark.parametrize("method", METHODS)
def test_listing_2_exactly(n, method, counter):
    program = _discrete(n, method, counter)
    network = ls.compile(program, horizon=_horizon(counter))
    rng = np.random.default_rng(n)
    for _ in range(2 if n < 5 else 1):
        xs = discrete.sequence(*problem(rng, n, 2 if n > 2 else 4))
        assert differences(network, program, xs) == 0


@quiet
@pytest.mark.parametrize("n", [1, 2, 3, 5])
@pytest.mark.parametrize("counter", COUNTERS)
@pytest.mark.parametrize("method", METHODS)
def test_listing_2_in_float64_with_the_published_constants(n, method, counter):
    """mu = 1000 and lam = 1e10; 60 problems each, against what the map says."""
    network = ls.compile(_discrete(n, method, counter), horizon=_horizon(counter))
    rng = np.random.default_rng(n)
    batch = same_lengths(rng, n, 60, pairs=2 if n == 5 else 3)
    found = network.run(batch)
    answers = np.rint(found)
    assert np.abs(found - answers).max() <= 1e-9
    assert (answers == REFERENCE[n].run(batch)).all()
    expected = [looked_up(xs.ravel().astype(int).tolist(), n) for xs in batch]
    assert answers[:, -n:, 0].tolist() == expected


REFERENCE = {n: _discrete(n, "multiplicative_optimized", "cycle") for n in (1, 2, 3, 5)}
"""Interpreted in float64: exact, since all its numbers are small whole ones."""


def looked_up(tokens, n):
    """The specification: the value after the key that equals the query, or zeros."""
    words = [tokens[i : i + n] for i in range(0, len(tokens), n)]
    for key, value in zip(words[1::2], words[2::2], strict=True):
        if key == words[0]:
            return value
    return [0] * n


@quiet
@pytest.mark.parametrize("n", [1, 2, 3, 5])
@pytest.mark.parametrize("method", METHODS)
def test_listing_2_in_float32(n, method):
    """Right wherever the tokens and the length are declared: then no constant stays large."""
    program = _discrete(n, method, "rotation", vocabulary=range(4))
    declared = ls.compile(program, horizon=HORIZON)
    batch = same_lengths(np.random.default_rng(n), n, 60, pairs=2 if n == 5 else 3)
    truth = REFERENCE[n].run(batch)
    assert (np.rint(declared.run(batch, "float32")) == truth).all()
    anything = ls.compile(_discrete(n, method, "rotation"))
    right = (np.rint(anything.run(batch, "float32")) == truth).all()
    assert right or not method.startswith("multiplicative")


@pytest.mark.parametrize("counter", COUNTERS)
@pytest.mark.parametrize("vocabulary", [None, range(27)])
def test_the_capitals(counter, vocabulary):
    program = discrete.program(
        3, "multiplicative_optimized", counter=counter, horizon=33, vocabulary=vocabulary
    )
    network = ls.compile(program, horizon=33)
    for country, capital in discrete.CAPITALS.items():
        xs = discrete.sequence(country, discrete.CAPITALS)
        assert country != "CAN" or differences(network, program, xs) == 0
        for dtype in ("float64", "float32"):
            found = discrete.answer(network.run(xs, dtype), 3)
            assert discrete.decode(found) == capital


def wave(point):
    return np.array([np.sin(3 * point.sum()), point[0] - 2])


def grid(d_in, query, cells):
    """A sequence for Listing 1 whose numbers are multiples of 1/1024."""
    prompt = continuous.prompt(lambda p: np.round(wave(p) * 64) / 64, d_in, cells)
    return continuous.sequence(query, prompt)


@pytest.mark.parametrize("d_in, cells", [(1, 8), (2, 4), (3, 2)])
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("values", [None, (-3, 3)])
def test_listing_1_exactly(d_in, cells, method, values):
    program = continuous.program(d_in, 2, method, values=values)
    network = ls.compile(program)
    rng = np.random.default_rng(d_in)
    queries = [rng.random(d_in), np.zeros(d_in), np.ones(d_in), np.full(d_in, 0.5 + 2**-11)]
    for query in queries:
        assert differences(network, program, grid(d_in, query, cells)) == 0


@quiet
@pytest.mark.parametrize("d_in, cells", [(1, 8), (2, 4), (3, 2)])
@pytest.mark.parametrize("method", METHODS)
def test_listing_1_in_float64_with_the_published_constants(d_in, cells, method):
    """Queries that keep 1/100 of a cell away from its faces."""
    network = ls.compile(continuous.program(d_in, 2, method))
    rng = np.random.default_rng(d_in)
    places = rng.integers(0, cells, (40, d_in))
    queries = (places + rng.uniform(0.01, 0.99, places.shape)) / cells
    found = network.run(np.stack([grid(d_in, q, cells) for q in queries]))[:, -1]
    centres = (places + 0.5) / cells
    truth = np.array([np.round(wave(c) * 64) / 64 for c in centres])
    assert np.abs(found - truth).max() <= 1e-9


@pytest.mark.parametrize("mu", [1, 10, 1000])
def test_figure_1_exactly(mu):
    program = more_ones.program(mu)
    for horizon in (None, 20):
        network = ls.compile(program, horizon=horizon)
        xs = np.random.default_rng(0).integers(0, 2, (8, 20, 1))
        assert differences(network, program, xs) == 0
        assert network.largest_weight <= 2


# --- sizes -----------------------------------------------------------------------------------


def listing_2(n, **options):
    return ls.compile(discrete.program(n, "multiplicative_optimized", **options))


def test_listing_2_is_small():
    network = listing_2(3)
    assert network.depth <= 18 and network.width <= 14 and network.nonzeros <= 279


@pytest.mark.parametrize("counter", ["rotation", "cycle"])
def test_listing_2_grows_linearly_and_not_in_depth(counter):
    few, many, most = (listing_2(n, counter=counter) for n in (8, 16, 32))
    assert few.depth == many.depth == most.depth
    for size in ("width", "nonzeros"):
        a, b, c = (getattr(network, size) for network in (few, many, most))
        assert (c - b) <= 2.5 * (b - a), size


# --- what is asked for -----------------------------------------------------------------------


def test_options_are_kept():
    program = program_of(lambda x: ls.ReLU(x), int)
    network = compile_layers(program, domain=(0, 2), horizon=7)
    assert isinstance(network, Layers)
    assert (network.domain, network.horizon, network.name) == ((Range(0, 2),), 7, "example")
    assert compile_layers(program).domain == (Range(integer=True),)
    assert compile_layers(program).horizon == DEFAULT_HORIZON


def test_a_narrow_domain_makes_a_smaller_network():
    program = program_of(lambda x: ls.ReLU(x - 1) + ls.ReLU(x))
    sizes = [ls.compile(program, domain=d).depth for d in (None, (0, 2), (0, 1))]
    assert sizes == [1, 1, 0]


def test_a_short_horizon_makes_a_smaller_network():
    program = program_of(lambda x: ls.f_larger(ls.LinState(x, [[1]], [[1]]), 10), bool)
    assert ls.compile(program, horizon=9).depth == 0
    assert ls.compile(program, horizon=12).depth == 2


@pytest.mark.parametrize("horizon", [0, -1, 1.5, "long"])
def test_a_horizon_is_a_number_of_elements(horizon):
    with pytest.raises(DomainError, match=f"horizon={horizon!r}"):
        compile_layers(program_of(lambda x: x), horizon=horizon)
