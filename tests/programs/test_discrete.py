from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import lsrl_edu as ls
from lsrl_edu.errors import DomainError, LSRLError, PrecisionError, ProgramError, ShapeError
from lsrl_edu.programs import discrete
from lsrl_edu.ranges import Range
from lsrl_edu.sugar import METHODS
from tests.strategies import FEW

COUNTERS = ["rotation", "cycle", "sawtooth"]
HORIZON = 64
PROGRAMS = {
    (n, method): discrete.program(n, method, counter="cycle")
    for n in (1, 2, 3)
    for method in METHODS
}


@st.composite
def problems(draw, sizes=(1, 2, 3), vocabulary=4):
    """A query and a map with distinct keys; the query is usually one of them."""
    n = draw(st.sampled_from(sizes))
    words = st.tuples(*[st.integers(0, vocabulary - 1)] * n)
    pairs = draw(st.dictionaries(words, words, max_size=5))
    query = draw(st.sampled_from(sorted(pairs))) if pairs and draw(st.booleans()) else draw(words)
    return query, pairs


def looked_up(program, query, pairs, number="float64"):
    outputs = program.run(discrete.sequence(query, pairs), number=number)
    return tuple(discrete.answer(outputs, len(query)))


# --- what it computes ------------------------------------------------------------------------


@pytest.mark.parametrize("method", METHODS)
@given(problems())
@FEW
def test_looks_up_like_a_dictionary(method, problem):
    query, pairs = problem
    unknown = (0,) * len(query)
    program = PROGRAMS[len(query), method]
    assert looked_up(program, query, pairs) == pairs.get(query, unknown)


@pytest.mark.parametrize("counter", COUNTERS)
@pytest.mark.parametrize("method", METHODS)
def test_every_method_and_counter_in_float64_and_exactly(method, counter):
    program = discrete.program(2, method, counter=counter, horizon=HORIZON)
    pairs = {(1, 2): (3, 4), (2, 1): (5, 0), (1, 1): (7, 9)}
    for query in [(1, 2), (2, 1), (1, 1), (2, 2)]:
        expected = pairs.get(query, (0, 0))
        assert looked_up(program, query, pairs) == expected
        assert looked_up(program, query, pairs, "exact") == expected


def test_words_of_ten_tokens_as_in_the_noise_study():
    rng = np.random.default_rng(0)
    program = discrete.program(10, "multiplicative_optimized", vocabulary=range(10))
    pairs = [rng.integers(0, 10, (2, 10)) for _ in range(6)]
    xs = discrete.sequence(pairs[4][0], pairs)
    assert xs.shape == (130, 1)
    assert discrete.answer(program.run(xs), 10).tolist() == pairs[4][1].tolist()


def test_outputs_are_integers_in_exact_arithmetic():
    program = discrete.program(3, counter="cycle")
    outputs = program.run(discrete.sequence("CAN", discrete.CAPITALS), number="exact")
    assert all(v == int(v) for v in outputs.ravel())


def test_balls_certify_the_answer():
    program = discrete.program(2, "multiplicative", counter="rotation")
    xs = discrete.sequence([1, 2], {(1, 2): (3, 4)})
    last = program.run(xs, number="ball")[-2:, 0]
    assert [v.contains(k) for v, k in zip(last, (3, 4), strict=True)] == [True, True]
    assert max(float(v.rad()) for v in last) < 1e-30


# --- Fig. 3 ----------------------------------------------------------------------------------


def ones_at(trace, name):
    values = trace[name].ravel()
    assert set(values.tolist()) <= {0, 1}
    return np.flatnonzero(values).tolist()


@pytest.mark.parametrize("method", METHODS)
def test_figure_3(method):
    program = discrete.program(3, method)
    trace = program.trace(discrete.sequence("CAN", discrete.CAPITALS), number="exact")
    assert len(trace) == 33
    assert trace["global_ctr"].ravel().tolist() == list(range(33))
    assert trace["q"][:3].tolist() == [[3, 0, 0], [3, 1, 0], [3, 1, 14]]
    assert (trace["q"][3:] == [3, 1, 14]).all()
    assert ones_at(trace, "is_compare_mode") == [t for t in range(33) if t % 6 >= 3]
    assert ones_at(trace, "is_copy_mode") == [t for t in range(3, 33) if t % 6 < 3]
    assert ones_at(trace, "matching") == [15, 16, 17, 23]  # CAN = CAN, and the N of DEN
    assert ones_at(trace, "all_matching") == [18]
    assert trace["started_on"].ravel().tolist() == [0] * 18 + [18] * 15
    assert ones_at(trace, "copy_and_on") == [18, 19, 20]
    assert trace["output"].ravel().tolist() == [0] * 18 + discrete.encode("OTT") * 5
    assert discrete.decode(discrete.answer(trace.output, 3)) == "OTT"


@pytest.mark.parametrize("country", discrete.CAPITALS)
def test_every_capital(country):
    found = looked_up(PROGRAMS[3, "step"], country, discrete.CAPITALS)
    assert discrete.decode(found) == discrete.CAPITALS[country]


def test_an_unknown_country_gives_question_marks():
    assert discrete.decode(looked_up(PROGRAMS[3, "step"], "FRA", discrete.CAPITALS)) == "???"


def test_names_of_the_listing():
    names = {n.name for n in discrete.program(2).nodes}
    assert names >= {"global_ctr", "mod_n", "mod_2n", "is_prompt", "is_compare_mode"}
    assert names >= {"is_copy_mode", "is_first_token_for_copy", "tq", "tqs_0", "q", "qs_1"}
    assert names >= {"cor_q_el", "matching", "buffer", "buffer_sum", "all_matching"}
    assert names >= {"t_started_on_update", "started_on", "copy_and_on", "t_updates_0"}
    assert names >= {"output_regs_1", "t_outputs_0", "output"}


# --- what the program does with what sequence() refuses --------------------------------------


def raw(*words):
    """Return tokens as an input, without any check."""
    return np.concatenate([np.array(w, dtype=float) for w in words]).reshape(-1, 1)


def test_a_key_that_comes_twice_spoils_all_that_follows():
    n, program = 2, PROGRAMS[2, "original"]
    query, others = [1, 2], [[7, k] for k in range(8)]
    words = [query, query, [10, 20], query, [100, 200]]
    for key in others:
        words += [key, [1, 1]]
    outputs = program.run(raw(*words)).ravel()
    first, second = 4, 8  # the elements at which the two values start
    trace = program.trace(raw(*words))
    assert trace["started_on"][-1] == first + second
    last_copied = first + second + n  # not copied any more
    later = [t for t in range(12, len(outputs), 4) if t < last_copied]
    assert later == [12]  # one value that belongs to another key
    assert discrete.answer(outputs, n).tolist() == [111, 221]


def test_a_key_that_comes_twice_at_the_end_gives_the_sum():
    outputs = PROGRAMS[2, "step"].run(raw([1, 2], [1, 2], [3, 4], [1, 2], [5, 6]))
    assert discrete.answer(outputs, 2).tolist() == [8, 10]


@pytest.mark.parametrize(("token", "found"), [(1.2, [3, 4]), (0.8, [3, 4]), (1.5, [0, 0])])
def test_a_token_that_is_no_integer_matches_the_nearest(token, found):
    outputs = PROGRAMS[2, "multiplicative"].run(raw([token, 2], [1, 2], [3, 4]))
    assert discrete.answer(outputs, 2).tolist() == found


def test_a_value_that_is_cut_short_gives_no_answer():
    outputs = PROGRAMS[2, "original"].run(raw([1, 2], [1, 2], [3]))
    assert outputs.ravel().tolist() == [0, 0, 0, 0, 3]


def test_a_network_refuses_what_lies_outside_its_domain():
    network = ls.compile(discrete.program(2, vocabulary=range(10)))
    for token in (1.2, 10, -1, float("nan")):
        with pytest.raises(DomainError, match="outside"):
            network.run(raw([token, 2], [1, 2], [3, 4]))


def test_a_near_miss_is_a_miss():
    program = PROGRAMS[3, "optimized"]
    for query in ("CAM", "DAN", "CEN", "NAC"):
        assert looked_up(program, query, discrete.CAPITALS) == (0, 0, 0)


# --- what goes in ----------------------------------------------------------------------------


def test_a_sequence_is_the_query_then_keys_and_values():
    xs = discrete.sequence([1, 2], {(3, 4): (5, 6), (7, 8): (9, 0)})
    assert xs.ravel().tolist() == [1, 2, 3, 4, 5, 6, 7, 8, 9, 0]
    assert xs.shape == (10, 1)
    again = discrete.sequence(np.array([1.0, 2.0]), [([3, 4], [5, 6]), ((7, 8), (9, 0))])
    assert (again == xs).all()


def test_words_are_encoded():
    xs = discrete.sequence("CAN", {"CAN": "OTT"})
    assert xs.ravel().tolist() == [3, 1, 14, 3, 1, 14, 15, 20, 20]


def test_a_map_that_knows_nothing_answers_0():
    xs = discrete.sequence([1, 2], {})
    assert xs.shape == (2, 1)
    assert looked_up(PROGRAMS[2, "original"], [1, 2], {}) == (0, 0)


def test_domains():
    assert discrete.program(2).ranges == (Range(integer=True),)
    assert discrete.program(2, vocabulary=range(10)).ranges == (Range(0, 9, True),)


@given(st.text("?ABCXYZ", max_size=8))
def test_decode_undoes_encode(word):
    assert discrete.decode(discrete.encode(word)) == word


def test_letters():
    assert discrete.encode("?AbZ") == [0, 1, 2, 26]
    assert discrete.decode([27, -1, 1.0]) == "??A"
    with pytest.raises(DomainError, match="1É"):
        discrete.encode("CAFÉ1")


@pytest.mark.parametrize(
    "outputs",
    [[9, 1.9, 2.2], [[9], [1.9], [2.2]], np.array([9, Fraction(19, 10), Fraction(11, 5)])],
)
def test_an_answer_is_the_last_outputs_rounded(outputs):
    assert discrete.answer(outputs, 2).tolist() == [2, 2]


def test_answers_of_a_batch():
    xs = np.stack([discrete.sequence(q, discrete.CAPITALS) for q in ("CAN", "DEN")])
    answers = discrete.answer(PROGRAMS[3, "optimized"].run(xs), 3)
    assert [discrete.decode(a) for a in answers] == ["OTT", "COP"]


@pytest.mark.parametrize(
    "mistake, error, words",
    [
        (lambda: discrete.program(0), ShapeError, "n=0"),
        (lambda: discrete.program(2.0), ShapeError, "n=2.0"),
        (lambda: discrete.program(2, "magic"), ProgramError, "magic"),
        (lambda: discrete.program(2, mu=1.5), ProgramError, "mu must be at least 2"),
        (lambda: discrete.program(2, lam=-1), ProgramError, "lam"),
        (lambda: discrete.program(2, counter="sundial"), ProgramError, "sundial"),
        (lambda: discrete.program(2, counter="sawtooth"), ProgramError, "horizon"),
        (lambda: discrete.program(2, vocabulary=range(-1, 3)), DomainError, "from 0 up"),
        (lambda: discrete.program(2, vocabulary=range(0)), DomainError, "from 0 up"),
        (lambda: discrete.program(2, vocabulary=10), DomainError, "from 0 up"),
        (lambda: discrete.sequence([], {}), ShapeError, "empty"),
        (lambda: discrete.sequence(3, {}), ShapeError, "list of tokens"),
        (lambda: discrete.sequence([[1]], {}), DomainError, "token"),
        (lambda: discrete.sequence([1], {(1, 2): (1,)}), ShapeError, "key 0 has 2"),
        (lambda: discrete.sequence([1], {(1,): (1, 2)}), ShapeError, "value 0 has 2"),
        (lambda: discrete.sequence([1], [([1], [2]), ([1], [3])]), DomainError, "Keys 0 and 1"),
        (lambda: discrete.sequence([1.5], {}), DomainError, "1.5"),
        (lambda: discrete.sequence([-1], {}), DomainError, "-1"),
        (lambda: discrete.sequence([float("nan")], {}), DomainError, "nan"),
        (lambda: discrete.sequence([float("inf")], {}), DomainError, "inf"),
        (lambda: discrete.sequence([2**60], {}), DomainError, "a token is one of"),
        (lambda: discrete.sequence([True], {}), DomainError, "True"),
        (lambda: discrete.sequence("A1", {}), DomainError, "'1'"),
        (lambda: discrete.sequence([1], ["AB"]), ShapeError, "Pair 0 is 'AB'"),
        (lambda: discrete.sequence([1], [3]), ShapeError, "Pair 0 is 3"),
        (lambda: discrete.sequence([[1], [1, 2]], {}), ShapeError, "the query is"),
        (lambda: discrete.sequence([1], [([1], [[2], [1, 3]])]), ShapeError, "value 0 is"),
        (lambda: discrete.sequence([1], {1: 2}), ShapeError, "key 0 is 1"),
        (lambda: discrete.sequence([1], None), ShapeError, "pairs is None"),
        (lambda: discrete.program(2, vocabulary=range(27), lam=26), ProgramError, "above 26"),
        (lambda: discrete.answer([1], 2), ShapeError, r"\(1, 1\)"),
        (lambda: discrete.answer(np.ones((4, 2)), 2), ShapeError, r"\(4, 2\)"),
        (lambda: discrete.answer([1.0, np.nan], 2), PrecisionError, "finite"),
        (lambda: discrete.answer([1.0], 0), ShapeError, "n=0"),
        (lambda: discrete.sequence([1], 5), LSRLError, "pairs"),
    ],
)
def test_mistakes_get_an_answer(mistake, error, words):
    with pytest.raises(error, match=words):
        mistake()
