"""Every closed form against the definition, one step after the other."""

from fractions import Fraction

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from lsrl_edu.numbers import Matrix
from lsrl_edu.run.scan import CHUNK, DENSE_CHUNK, Block, classify, run_block, run_block_naive
from tests.strategies import FEW, transitions

KINDS = ("zero", "identity", "diagonal", "shift", "permutation", "dense")
LENGTHS = (0, 1, 2, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK + 3)


def transition(kind, n):
    rng = np.random.default_rng(n)
    if kind == "zero":
        return Matrix.zeros(n, n)
    if kind == "identity":
        return Matrix.eye(n)
    if kind == "diagonal":
        return Matrix.of(np.diag(rng.choice([-1, 0.5, -0.25, 0.999], n)))
    if kind == "shift":  # a tree: two entries may read the same one
        return Matrix([(), *((((i - 1) // 2, 1),) for i in range(1, n))], n)
    if kind == "permutation":
        return Matrix.selection([(i - 1) % n for i in range(n)], n)
    return Matrix.of(rng.integers(-8, 9, (n, n)) / (8 * n))


def blocks(kind, n):
    start = Matrix.of(np.random.default_rng(1).integers(-3, 4, (n, 1)))
    return classify(transition(kind, n), start)


def inputs(n, count, length, dtype=torch.float64):
    rng = np.random.default_rng(length)
    return torch.tensor(rng.integers(-16, 17, (n, count, length)) / 8, dtype=dtype)


def distance(block, u):
    """How far the fast states are from the naive ones, relative to the largest."""
    fast, naive = run_block(block, u.clone()), run_block_naive(block, u)
    assert fast.shape == naive.shape == u.shape and fast.dtype == u.dtype
    return float(((fast - naive).abs() / (1 + naive.abs().amax())).max()) if u.numel() else 0.0


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("n", [2, 3, 7, 33])
@pytest.mark.parametrize("length", LENGTHS)
def test_fast_equals_naive(kind, n, length):
    """To 1e-13 of the largest state: a few roundings for each of the steps that add up."""
    for block in blocks(kind, n):
        assert block.kind == kind
        u = inputs(len(block.entries), 3, length)
        assert distance(block, u) <= (1e-13 if kind in ("diagonal", "dense") else 0)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("count", [0, 1, 2, 65])
def test_batches_of_any_size(kind, count):
    for block in blocks(kind, 5):
        assert distance(block, inputs(len(block.entries), count, 9)) <= 1e-13


@pytest.mark.parametrize("kind", KINDS)
def test_float32(kind):
    for block in blocks(kind, 5):
        u = inputs(len(block.entries), 2, 200, torch.float32)
        assert distance(block, u) <= 1e-5


@pytest.mark.parametrize("kind", KINDS)
def test_the_comparison_notices_a_wrong_start(kind):
    if kind == "zero":
        pytest.skip("a state without memory forgets its start")
    (block, *_) = blocks(kind, 5)
    u = inputs(len(block.entries), 2, 9)
    wrong = Block(
        block.kind, block.entries, block.A, block.s0 + Matrix.of([[1]] * len(block.entries))
    )
    assert (run_block(wrong, u.clone()) - run_block_naive(block, u)).abs().max() > 1e-3


def test_the_naive_run_is_the_recurrence():
    block = Block("dense", (0, 1), Matrix.of([[1, 2], [0, 1]]), Matrix.of([[1], [2]]))
    u = torch.tensor([[[1.0, 0]], [[0, 3]]])
    assert run_block_naive(block, u).tolist() == [[[6, 10]], [[2, 5]]]


def test_long_permutations_and_sums_of_whole_numbers_are_exact():
    for kind in ("identity", "permutation", "shift"):
        for block in blocks(kind, 6):
            u = torch.ones(len(block.entries), 1, 5000, dtype=torch.float64)
            assert distance(block, u) == 0


def test_chunks_are_longer_than_one_step():
    assert CHUNK > 1 and DENSE_CHUNK > 1


# --- classification --------------------------------------------------------------------------


@given(st.integers(1, 5).flatmap(transitions))
def test_blocks_cover_every_entry_once_and_keep_A(A):
    found = classify(A, Matrix.column(list(range(A.shape[0]))))
    assert sorted(i for b in found for i in b.entries) == list(range(A.shape[0]))
    rebuilt = np.zeros(A.shape, dtype=object)
    for block in found:
        rebuilt[np.ix_(block.entries, block.entries)] = block.A.dense
        assert [v for (v,) in block.s0.tolist()] == list(block.entries)
    assert (rebuilt == A.dense).all()


@FEW
@given(st.integers(1, 4).flatmap(transitions), st.integers(0, 70))
def test_whatever_is_drawn(A, length):
    length = min(length, 20) if A.nonzeros > A.shape[0] else length  # some of them explode
    for block in classify(A, Matrix.column([1] * A.shape[0])):
        assert distance(block, inputs(len(block.entries), 2, length)) <= 1e-12


@pytest.mark.parametrize(
    "A, kinds",
    [
        ([[0]], ["zero"]),
        ([[1]], ["identity"]),
        ([[Fraction(1, 2)]], ["diagonal"]),
        ([[1, 0], [0, 1]], ["identity"]),
        ([[1, 0], [0, -1]], ["identity", "diagonal"]),
        ([[0, 1], [1, 0]], ["permutation"]),
        ([[0, 0], [1, 0]], ["shift"]),
        ([[0, 0], [2, 0]], ["dense"]),
        ([[1, 0], [1, 0]], ["dense"]),  # one 1 a row, but it comes back to itself
        ([[0, 1, 0], [1, 0, 0], [1, 0, 0]], ["dense"]),
        ([[1, 1], [0, 1]], ["dense"]),
    ],
)
def test_kinds(A, kinds):
    A = Matrix.of(A)
    assert [b.kind for b in classify(A, Matrix.zeros(A.shape[0], 1))] == kinds
