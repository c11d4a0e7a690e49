from fractions import Fraction
from math import comb, factorial

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import lsrl_edu as ls
from lsrl_edu.errors import DomainError, ProgramError, ShapeError, UnsupportedByTarget
from lsrl_edu.numbers import Matrix
from lsrl_edu.programs import attention
from tests.strategies import FEW

BOTH = (attention.program, attention.compact)
DYADIC = st.integers(-4, 4).map(lambda k: Fraction(k, 4))


def small(shape, seed=0):
    """Small integers, so that all float64 sums are exact."""
    return np.random.default_rng(seed).integers(-3, 4, shape)


def table(rows, columns):
    return st.lists(
        st.lists(DYADIC, min_size=columns, max_size=columns), min_size=rows, max_size=rows
    )


@st.composite
def cases(draw):
    """Matrices of any shapes up to 4 that fit each other, a decay and a sequence."""
    m, d, e, length = (draw(st.integers(1, top)) for top in (4, 3, 3, 5))
    matrices = [draw(table(rows, m)) for rows in (d, d, e)]
    decay = draw(st.sampled_from([0, 1, Fraction(1, 2), Fraction(3, 4)]))
    return m, matrices, decay, draw(table(length, m))


# --- what it computes ------------------------------------------------------------------------


@given(cases())
@FEW
def test_both_programs_and_their_networks_are_the_definition(case):
    m, matrices, decay, xs = case
    expected = attention.attend(xs, *matrices, decay).tolist()
    for make in BOTH:
        program = make(m, *matrices, decay)
        assert program.run(np.array(xs, dtype=object), number="exact").tolist() == expected
        layers = ls.compile(program)
        assert layers.run(np.array(xs, dtype=object), number="exact").tolist() == expected


@pytest.mark.parametrize("make", BOTH)
@pytest.mark.parametrize("d", [1, 2, 3, 4])
@pytest.mark.parametrize("length", [1, 2, 40])
def test_float64_makes_no_error_on_integers(make, d, length):
    xs = small((3, length, d))
    expected = attention.attend(xs).astype(float)
    program = make(d)
    ways = [program, ls.compile(program), ls.compile(program, target="gated_linear_rnn")]
    for way in ways:
        assert (way.run(xs) == expected).all()


def test_an_empty_sequence_gives_nothing():
    for make in BOTH:
        assert make(2).run(np.zeros((0, 2))).shape == (0, 2)
    assert attention.attend(np.zeros((0, 2))).shape == (0, 2)


@pytest.mark.parametrize("decay", [1, 0.5])
def test_it_is_what_torch_computes(decay):
    xs = small((2, 30, 3), seed=1)
    w_k, w_q, w_v = (torch.tensor(w.float64) for w in attention.weights(3))
    x = torch.tensor(xs, dtype=torch.float64)
    age = torch.arange(30)[:, None] - torch.arange(30)
    mask = torch.where(age >= 0, decay ** age.clamp(min=0).double(), 0)
    masked = ((x @ w_q.T) @ (x @ w_k.T).mT * mask) @ (x @ w_v.T)
    assert (attention.attend(xs, decay=decay).astype(float) == masked.numpy()).all()
    if decay == 1:
        state = torch.einsum("bti,btj->btij", x @ w_v.T, x @ w_k.T).cumsum(1)
        assert (torch.einsum("btij,btj->bti", state, x @ w_q.T) == masked).all()


def test_a_thousand_elements():
    xs = small((1000, 2), seed=2)
    w_k, w_q, w_v = (w.float64 for w in attention.weights(2))
    expected = np.tril((xs @ w_q.T) @ (xs @ w_k.T).T) @ (xs @ w_v.T)
    for make in BOTH:
        assert (ls.compile(make(2)).run(xs) == expected).all()


def test_decays_of_its_own_for_each_coordinate_of_the_key():
    xs, decay = small((12, 3)), [1, Fraction(1, 2), 0]
    program = attention.program(3, decay=decay)
    expected = attention.attend(xs, decay=decay)
    assert (program.run(xs, number="exact") == expected).all()
    w_k, w_q, w_v = (w.dense for w in attention.weights(3))
    last, S = (
        xs[-1],
        sum(
            np.outer(w_v @ x, w_k @ x * np.array(decay, dtype=object) ** (11 - s))
            for s, x in enumerate(xs)
        ),
    )
    assert (S @ (w_q @ last) == expected[-1]).all()


def test_a_changed_weight_is_seen():
    w_k, w_q, w_v = attention.weights(2)
    xs = small((20, 2))
    expected = attention.attend(xs)
    for k, shift in ((0, Fraction(1, 1024)), (1, Fraction(-1, 1024)), (2, Fraction(1, 1024))):
        changed = [w_k, w_q, w_v]
        changed[k] = changed[k] + Matrix.of([[shift, 0], [0, 0]])
        for make in BOTH:
            assert (make(2, *changed).run(xs, number="exact") != expected).any()


# --- how wide it is --------------------------------------------------------------------------


@pytest.mark.parametrize("d", range(1, 7))
def test_widths(d):
    general, compact = (ls.compile(make(d)) for make in BOTH)
    assert (general.depth, general.width, general.states) == (3, d * d + d, d * d)
    assert (compact.depth, compact.width, compact.states) == (3, d * (d + 3) // 2, comb(d + 1, 2))
    assert [layer.carries for layer in compact.layers] == [d, d, 0]
    assert compact.states == attention.memory(d)
    assert compact.nonzeros <= general.nonzeros


def test_independent_keys_and_values_need_the_whole_matrix():
    for d in (1, 2, 3):
        parts = attention.separate(d)
        assert attention.memory(3 * d, *parts) == d * d
        networks = [ls.compile(make(3 * d, *parts)) for make in BOTH]
        assert [(n.width, n.states) for n in networks] == [(d * d + d, d * d)] * 2
        xs = small((9, 3 * d))
        assert (networks[0].run(xs) == networks[1].run(xs)).all()


def test_values_of_another_width():
    parts = attention.separate(2, 3)
    assert [matrix.shape for matrix in parts] == [(2, 7), (2, 7), (3, 7)]
    xs = [[1, 0, 0, 0, 5, 6, 7], [0, 1, 0, 0, 8, 9, 4], [0, 0, 0, 1, 0, 0, 0]]
    assert attention.program(7, *parts).run(xs)[-1].tolist() == [8, 9, 4]
    assert attention.memory(7, *parts) == 6


def test_matrices_that_look_at_less_need_less():
    eye, one = np.eye(3), [[1, 0, 0], [0, 0, 0], [0, 0, 0]]
    assert attention.memory(3, eye, eye, eye) == 6
    assert attention.memory(3, eye, eye, one) == 3  # only the first row of S
    assert attention.memory(3, one, eye, eye) == 3
    assert attention.memory(3, one, one, one) == 1
    assert attention.memory(3, np.zeros((3, 3)), eye, eye) == 0


@pytest.mark.parametrize("d", [1, 2, 3])
def test_the_state_is_as_small_as_memory_says(d):
    """Two pasts with the same S are the same; the answers span memory(d) directions."""
    pasts = small((40, 4, d), seed=3)
    asks = [list(v) for v in np.eye(d, dtype=int)]
    asks += [[int(k in (i, j)) for k in range(d)] for i in range(d) for j in range(i)]
    program = attention.program(d)
    answers = [
        [value for ask in asks for value in program.run([*past, ask], number="exact")[-1]]
        for past in pasts.tolist()
    ]
    differences = [[a - b for a, b in zip(row, answers[0], strict=True)] for row in answers]
    assert attention.rank(differences) == attention.memory(d)


def test_weights_are_dyadic_and_invertible():
    for width in (1, 2, 5):
        for matrix in attention.weights(width, seed=7):
            assert attention.rank(matrix) == width
            assert all((2 * v) % 1 == 0 for row in matrix.tolist() for v in row)
    assert attention.weights(3, 1) == attention.weights(3, 1) != attention.weights(3, 2)
    assert attention.rank([[1, 2], [2, 4]]) == 1 and attention.rank([[0]]) == 0


# --- the architectures -----------------------------------------------------------------------


@pytest.mark.parametrize("make", BOTH)
@pytest.mark.parametrize(
    ("target", "error"),
    [
        ("gated_linear_rnn", 0),
        ("gated_rnn", 0),
        ("mamba", 0),
        ("hawk", 0),
        ("lstm", 1e-12),
        ("gru", 1e-10),
    ],
)
def test_targets(make, target, error):
    xs = small((2, 30, 2), seed=4)
    expected = attention.attend(xs).astype(float)
    model = ls.compile(make(2), target=target, domain=range(-3, 4), horizon=30)
    assert np.abs(model.run(xs) - expected).max() <= error * np.abs(expected).max()


@pytest.mark.parametrize("target", ["rnn", "linear_rnn"])
def test_it_needs_gates(target):
    with pytest.raises(UnsupportedByTarget, match="multiplies two values"):
        ls.compile(attention.program(2), target=target)


# --- closer to softmax -----------------------------------------------------------------------


@pytest.mark.parametrize(("d", "degree"), [(1, 0), (1, 4), (2, 1), (2, 3), (3, 2)])
def test_taylor(d, degree):
    xs = small((6, 2 * d + 1))
    k, q, v = xs[:, :d].tolist(), xs[:, d : 2 * d].tolist(), xs[:, -1].tolist()

    def weight(query, key):
        dot = sum(a * b for a, b in zip(query, key, strict=True))
        return sum(Fraction(dot**p, factorial(p)) for p in range(degree + 1))

    expected = [[sum(weight(q[t], k[s]) * v[s] for s in range(t + 1))] for t in range(6)]
    program = attention.taylor(d, degree)
    network = ls.compile(program)
    for way in (program, network):
        assert way.run(xs, number="exact").tolist() == expected
    assert network.states == comb(d + degree, d)


# --- bad input -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "mistake, error, words",
    [
        (lambda: attention.program(0), ShapeError, "width=0"),
        (lambda: attention.program(True), ShapeError, "width=True"),
        (lambda: attention.compact(1.5), ShapeError, "width=1.5"),
        (lambda: attention.separate(0), ShapeError, "d=0"),
        (lambda: attention.program(2, key=[[1, 2, 3]]), ShapeError, "key has shape"),
        (lambda: attention.program(2, value=[[1]]), ShapeError, "2 columns"),
        (lambda: attention.program(2, query=[[1, 2]]), ShapeError, "as many rows"),
        (lambda: attention.program(2, decay=[1, 1, 1]), ShapeError, "3 numbers"),
        (lambda: attention.program(2, decay=1.5), DomainError, "decay=3/2"),
        (lambda: attention.compact(2, decay=[1, 0.5]), ProgramError, "not symmetric"),
        (lambda: attention.separate(2, 0), ShapeError, "e=0"),
        (lambda: attention.taylor(0, 1), ShapeError, "d=0"),
        (lambda: attention.taylor(1, -1), ShapeError, "degree=-1"),
        (lambda: attention.attend([1, 2]), ShapeError, r"\(2,\)"),
        (lambda: attention.program(2).run([[1, 2, 3]]), ShapeError, "width"),
    ],
)
def test_mistakes_get_an_answer(mistake, error, words):
    with pytest.raises(error, match=words):
        mistake()
