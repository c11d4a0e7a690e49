"""Linear causal attention, exactly: keys times values in a state, the query times the state.

An element x_t becomes a key, a query and a value, and each output is a sum over the past::

    k_t = W_K x_t,  q_t = W_Q x_t,  v_t = W_V x_t         W_K, W_Q: (d, m), W_V: (e, m)
    o_t = sum over s <= t of  decay^(t-s)  v_s (k_s . q_t)

This is attention without softmax and without normalisation. Two programs compute it, with products
on both sides of one LinState (Zucchet et al. 2023, arXiv 2309.01775):

=========  ==========================================  ================  =====================
program    what the state holds                        numbers in it     carried beside it
=========  ==========================================  ================  =====================
program    S_t = decay S_{t-1} + v_t k_t^T             e d               the query: at most d
compact    the symmetric S_t = decay S_{t-1}           m (m + 1) / 2     W_K^T W_Q x_t: at
           + x_t x_t^T; o_t = W_V S_t W_K^T W_Q x_t                      most m
=========  ==========================================  ================  =====================

For square matrices, d = e = m, that makes d^2 + d channels and d (d + 3) / 2. The second asks
nothing of the matrices: it uses that keys and values are *linear* functions of the *same* element.
Where they are independent parts of it (:func:`separate`), all e d products are needed; the compiler
then drops the entries of the symmetric state that nobody reads, and both networks have the same
size. :func:`memory` says how few numbers any state can do with. :func:`taylor` comes closer to
softmax.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations_with_replacement, pairwise
from math import factorial, prod
from random import Random
from typing import Any

import numpy as np

from lsrl_edu.errors import DomainError, ProgramError, ShapeError
from lsrl_edu.lang import Program, foreach
from lsrl_edu.nodes import Concat, Linear, LinState, Multi, Node
from lsrl_edu.numbers import Matrix, Number, exact
from lsrl_edu.sugar import f_constant

Weights = tuple[Matrix, Matrix, Matrix]


def program(
    width: int, key: Any = None, query: Any = None, value: Any = None, decay: Any = 1
) -> Program:
    """Return the program of linear attention with the state S_t = decay S_{t-1} + v_t k_t^T.

    Input (T, width), output (T, e).

    Args:
        width: m, of one element.
        key, query: W_K and W_Q, both (d, width).
        value: W_V, (e, width). Those left out are :func:`weights` (width).
        decay: from 0 to 1, of what is remembered, at every step: 1 forgets nothing. A number, or
            a list with one for each coordinate of the key.

    Raises:
        ShapeError: for a width below 1, or matrices or decays that do not fit each other.
        DomainError: for a decay outside 0 to 1.
    """
    w_k, w_q, w_v = _weights(width, key, query, value)
    d, e = w_k.shape[0], w_v.shape[0]
    kept = [rate for _ in range(e) for rate in _decays(decay, d)]

    @foreach(dim=width, name="attention")
    def body(x: Node) -> Node:
        # Entry (i, j) of a matrix stands at i d + j: the values d times over, the keys e times.
        values = Linear(x, _each(w_v, d), name="values")
        keys = Linear(x, _tiled(w_k, e), name="keys")
        written = Multi(Concat(values, keys), name="written")
        S = LinState(written, _diagonal(kept), Matrix.eye(e * d), name="S")
        queries = Linear(x, _tiled(w_q, e), name="queries")
        read = Multi(Concat(S, queries), name="read")
        return Linear(read, _each(Matrix.eye(e), d).T, name="output")

    return body


def compact(
    width: int, key: Any = None, query: Any = None, value: Any = None, decay: Any = 1
) -> Program:
    """Return the program of linear attention with the symmetric state sum of x_t x_t^T.

    Each entry above the diagonal is held once, and read once, for two outputs: with z = W_K^T W_Q x
    row i of S z is (S_ii - sum of its other S_ij) z_i + sum over j of S_ij (z_i + z_j).

    Input (T, width), output (T, e); arguments and errors as for :func:`program`.

    Raises:
        ProgramError: for decays that differ: S would not be symmetric.
    """
    w_k, w_q, w_v = _weights(width, key, query, value)
    kept = set(_decays(decay, w_k.shape[0]))
    if len(kept) > 1:
        raise ProgramError(
            "compact: the decays of the key's coordinates differ, so that the state is not "
            "symmetric. Use one decay for all of them, or attention.program."
        )
    pairs = list(combinations_with_replacement(range(width), 2))

    @foreach(dim=width, name="compact_attention")
    def body(x: Node) -> Node:
        left = Matrix.selection([i for i, _ in pairs], width)
        right = Matrix.selection([j for _, j in pairs], width)
        written = Multi(Concat(Linear(x, left), Linear(x, right)), name="written")
        A = _diagonal([*kept] * len(pairs))
        S = LinState(written, A, Matrix.eye(len(pairs)), name="S")
        z = Linear(x, w_k.T @ w_q, name="z")
        read = _read_symmetric(S, z, pairs)
        return Linear(read, w_v, name="output")

    return body


def taylor(d: int, degree: int) -> Program:
    """Return the program of attention with the weights sum over p <= degree of (k . q)^p / p!.

    That is the Taylor polynomial of exp(k . q), the numerator of softmax attention. It is linear
    attention again, between the products of up to ``degree`` coordinates: binomial(d + degree, d)
    of them, and as many numbers in the state. Input (T, 2 d + 1): key, query and value (one
    number); output (T, 1).

    Raises:
        ShapeError: for d below 1, or a degree that is no integer from 0 up.
    """
    _check_width(d, "d")
    if not isinstance(degree, int) or isinstance(degree, bool) or degree < 0:
        raise ShapeError(f"degree={degree!r}: the degree of a polynomial is an integer from 0 up.")
    levels = [list(combinations_with_replacement(range(d), p)) for p in range(degree + 1)]
    powers = [term for level in levels for term in level]
    # (k . q)^p / p! is the sum of k^a q^a / a!, over all monomials a of degree p.
    shares = [Fraction(1, prod(factorial(a.count(i)) for i in range(d))) for a in powers]

    @foreach(dim=2 * d + 1, name=f"taylor_{degree}")
    def body(x: Node) -> Node:
        keys, queries = _monomials(x[:d], levels), _monomials(x[d : 2 * d], levels)
        values = Linear(x[2 * d], [[1]] * len(powers), name="values")
        eye = Matrix.eye(len(powers))
        S = LinState(Multi(Concat(values, keys)), eye, eye, name="S")
        read = Multi(Concat(S, queries), name="read")
        return Linear(read, [shares], name="output")

    return body


def _monomials(x: Node, levels: list[list[tuple[int, ...]]]) -> Node:
    """Return the products of the coordinates in each tuple: a shorter product times one more."""
    found, last = [f_constant(x, 1)], f_constant(x, 1)
    for shorter, level in pairwise(levels):
        left = Matrix.selection([shorter.index(term[:-1]) for term in level], len(shorter))
        right = Matrix.selection([term[-1] for term in level], x.dim)
        last = Multi(Concat(Linear(last, left), Linear(x, right)))
        found.append(last)
    return Concat(*found)


def _read_symmetric(S: Node, z: Node, pairs: list[tuple[int, int]]) -> Node:
    """Return S z, where S holds the upper half of a symmetric matrix, with a product an entry."""
    rows, factors, sums = [], [], [[0] * len(pairs) for _ in range(z.dim)]
    for n, (i, j) in enumerate(pairs):
        sums[i][n] = sums[j][n] = 1
        both = [1 if k in (i, j) else 0 for k in range(z.dim)]
        factors.append(both)
        signs = [-1 if i in pair else 0 for pair in pairs] if i == j else [0] * len(pairs)
        signs[n] = 1
        rows.append(signs)
    read = Multi(Concat(Linear(S, rows), Linear(z, factors)), name="read")
    return Linear(read, sums)


# --- matrices --------------------------------------------------------------------------------


def weights(width: int, seed: int = 0) -> Weights:
    """Return W_K, W_Q, W_V, all (width, width) and invertible, drawn from -1, -1/2, 0, 1/2, 1.

    Powers of two: with integers as input, float64 makes no error up to 2**53.

    Raises:
        ShapeError: for a width below 1.
    """
    _check_width(width)
    draw = Random(seed)
    found: list[Matrix] = []
    while len(found) < 3:
        rows = [[draw.randint(-2, 2) for _ in range(width)] for _ in range(width)]
        matrix = Matrix.of(rows) * Fraction(1, 2)
        if rank(matrix) == width:
            found.append(matrix)
    return found[0], found[1], found[2]


def separate(d: int, e: int | None = None) -> Weights:
    """Return W_K, W_Q, W_V for elements that are a key, a query and a value in a row.

    Args:
        d: width of key and query; W_K and W_Q are (d, 2 d + e).
        e: width of the value, d if left out; W_V is (e, 2 d + e).

    Raises:
        ShapeError: for d or e below 1.
    """
    e = d if e is None else e
    _check_width(d, "d")
    _check_width(e, "e")
    m = 2 * d + e
    k, q, v = (Matrix.selection(range(*ends), m) for ends in ((0, d), (d, 2 * d), (2 * d, m)))
    return k, q, v


def memory(width: int, key: Any = None, query: Any = None, value: Any = None) -> int:
    """Return how many numbers a state needs at least to compute this attention.

    After any past the answers to come depend on W_V S W_K^T W_Q, and on nothing else, where S is
    the sum of x x^T. The number is the rank of that linear map on the symmetric matrices S: so
    many numbers do (each is a linear state), and fewer do not, for any continuous update.
    It is width (width + 1) / 2 where W_V and W_K^T W_Q are invertible.

    Raises:
        ShapeError: as :func:`program`.
    """
    w_k, w_q, w_v = _weights(width, key, query, value)
    read, rows = w_k.T @ w_q, []
    for i, j in combinations_with_replacement(range(width), 2):
        unit = Matrix.selection([i], width).T @ Matrix.selection([j], width)
        image = w_v @ (unit + unit.T) @ read
        rows.append([entry for row in image.tolist() for entry in row])
    return rank(Matrix.of(rows))


def rank(matrix: Any) -> int:
    """Return the rank of a matrix, computed exactly."""
    from flint import fmpq, fmpq_mat

    table = matrix if isinstance(matrix, Matrix) else Matrix.of(matrix)
    entries = [fmpq(v.numerator, v.denominator) for row in table.tolist() for v in row]
    return fmpq_mat(*table.shape, entries).rref()[1]


# --- what it should be -----------------------------------------------------------------------


def attend(
    xs: Any, key: Any = None, query: Any = None, value: Any = None, decay: Any = 1
) -> np.ndarray:
    """Return linear attention by its definition, (Q K^T masked) V, as exact fractions.

    Args:
        xs: (T, m), or (B, T, m) for a batch. It takes T^2 products: for checking, not for use.
        key, query, value, decay: as for :func:`program`.

    Returns:
        (T, e), or (B, T, e), of exact numbers.

    Raises:
        ShapeError: where xs has another shape, or as :func:`program`.
    """
    table = np.asarray(xs, dtype=object)
    if table.ndim == 3:
        return np.array([attend(x, key, query, value, decay) for x in table])
    if table.ndim != 2:
        raise ShapeError(f"attend: xs has shape {table.shape}; (T, m) or (B, T, m) is needed.")
    w_k, w_q, w_v = (w.dense for w in _weights(table.shape[1], key, query, value))
    table = np.array([exact(v) for v in table.ravel()], dtype=object).reshape(table.shape)
    k, q, v = table @ w_k.T, table @ w_q.T, table @ w_v.T
    kept, output = np.array(_decays(decay, len(w_k)), dtype=object), []
    for t in range(len(table)):
        ages = np.array([kept**age for age in range(t, -1, -1)], dtype=object)
        output.append(((k[: t + 1] * ages) @ q[t]) @ v[: t + 1])
    return np.array(output, dtype=object).reshape(len(table), len(w_v))


# --- small parts -----------------------------------------------------------------------------


def _each(matrix: Matrix, times: int) -> Matrix:
    """Every row so many times in a row: a, a, b, b."""
    return Matrix([row for row in matrix.rows for _ in range(times)], matrix.shape[1])


def _tiled(matrix: Matrix, times: int) -> Matrix:
    """All rows, so many times over: a, b, a, b."""
    return Matrix.vstack([matrix] * times)


def _diagonal(values: list[Number]) -> Matrix:
    return Matrix([((i, v),) if v else () for i, v in enumerate(values)], len(values))


def _weights(width: Any, key: Any, query: Any, value: Any) -> Weights:
    _check_width(width)
    given = {"key": key, "query": query, "value": value}
    usual = (
        dict(zip(given, weights(width), strict=True))
        if any(w is None for w in given.values())
        else {}
    )
    read = {name: usual[name] if w is None else Matrix.of(w) for name, w in given.items()}
    for name, matrix in read.items():
        if matrix.shape[1] != width or not matrix.shape[0]:
            raise ShapeError(
                f"{name} has shape {matrix.shape}; for elements of width {width} it needs "
                f"{width} columns and at least one row."
            )
    if read["key"].shape != read["query"].shape:
        raise ShapeError(
            f"key has shape {read['key'].shape} and query {read['query'].shape}: their dot product "
            "needs as many rows in both."
        )
    return read["key"], read["query"], read["value"]


def _decays(decay: Any, d: int) -> list[Number]:
    given = list(decay) if np.ndim(decay) else [decay] * d
    if len(given) != d:
        raise ShapeError(f"decay has {len(given)} numbers; the key has {d} coordinates.")
    found = [exact(rate) for rate in given]
    for rate in found:
        if not 0 <= rate <= 1:
            raise DomainError(f"decay={rate}: a decay is from 0 (forget) to 1 (keep).")
    return found


def _check_width(width: Any, name: str = "width") -> None:
    if not isinstance(width, int) or isinstance(width, bool) or width < 1:
        raise ShapeError(f"{name}={width!r}: a width is an integer from 1 up.")
