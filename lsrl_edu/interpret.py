"""The oracle: what a program means.

One short function, :func:`step`, computes every node for one element, from the state left by
the element before. It is generic over the kind of number:

===========  ==========================================  =======================================
``number``   values                                      for
===========  ==========================================  =======================================
float64      numpy floats                                speed; rounds at every node
exact        Fractions                                   the truth that everything is held to
symbolic     sympy expressions                           the output as a formula of the inputs
ball         python-flint ``arb`` intervals              inputs with an error; rigorous bounds
===========  ==========================================  =======================================

Values have shape (B, d): B sequences side by side, d the width of the node.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, lru_cache
from typing import Any

import numpy as np

from lsrl_edu.errors import LSRLError, PrecisionError, ShapeError
from lsrl_edu.nodes import Concat, Input, Linear, LinState, Multi, Node, ReLU
from lsrl_edu.numbers import Matrix, exact

BALL_BITS = 256
"""Working precision of ``number="ball"``."""

CACHED_CONSTANTS = 2**16
"""How many numbers are kept that were converted for ``exact`` and ``ball``."""

Values = dict[Node, np.ndarray]


@dataclass(frozen=True)
class NumberSystem:
    """A kind of number the interpreter can compute with.

    Attributes:
        name: what the reader writes, e.g. ``"exact"``.
        dtype: of the numpy arrays that hold the values.
        inward: turns a number of the reader's, or a program's constant, into this kind.
        outward: turns a result into what the reader gets.
        relu: max(0, x) of an array.
        context: entered while computing (sets the precision of balls).
    """

    name: str
    dtype: Any
    inward: Callable[[Any], Any]
    outward: Callable[[Any], Any]
    relu: Callable[[np.ndarray], np.ndarray]
    context: Callable[[], AbstractContextManager] = nullcontext

    def affine(self, matrix: Matrix, bias: Matrix, x: np.ndarray) -> np.ndarray:
        """Return x A^T + b for x of shape (B, d)."""
        if self.dtype is np.float64:
            return x @ matrix.float64.T + bias.float64[:, 0]
        out = np.empty((x.shape[0], matrix.shape[0]), dtype=object)
        for i, row in enumerate(matrix.rows):
            out[:, i] = self.inward(bias[i, 0])
            for c, value in row:
                out[:, i] = out[:, i] + x[:, c] * self.inward(value)
        return out


@cache
def number_system(name: str) -> NumberSystem:
    """Return the number system of that name (float64, exact, symbolic or ball)."""
    makers = {"float64": _float64, "exact": _exact, "symbolic": _symbolic, "ball": _ball}
    if name not in makers:
        raise LSRLError(f"number={name!r}: choose one of {', '.join(makers)}.")
    return makers[name]()


def initial_state(nodes: Sequence[Node], batch: int, numbers: NumberSystem) -> Values:
    """Return s_0 of every LinState, repeated for each of ``batch`` sequences."""
    states = [n for n in nodes if isinstance(n, LinState)]
    empty = np.zeros((batch, 1), dtype=numbers.dtype)
    return {s: numbers.affine(Matrix.zeros(s.dim, 1), s.init_state, empty) for s in states}


def step(nodes: Sequence[Node], x: np.ndarray, state: Values, numbers: NumberSystem) -> Values:
    """Return the value of every node for one element.

    Args:
        nodes: in topological order.
        x: the element, shape (B, d).
        state: the value of every LinState at the element before.
        numbers: the kind of number.
    """
    now: Values = {}
    for node in nodes:
        if isinstance(node, Input):
            now[node] = x
        elif isinstance(node, Linear):
            now[node] = numbers.affine(node.A, node.b, now[node.inputs[0]])
        elif isinstance(node, ReLU):
            now[node] = numbers.relu(now[node.inputs[0]])
        elif isinstance(node, LinState):
            drive = numbers.affine(node.B, node.b, now[node.inputs[0]])
            no_bias = Matrix.zeros(node.dim, 1)
            now[node] = numbers.affine(node.A, no_bias, state[node]) + drive
        elif isinstance(node, Concat):
            now[node] = np.concatenate([now[part] for part in node.inputs], axis=1)
        elif isinstance(node, Multi):
            both = now[node.inputs[0]]
            now[node] = both[:, : node.dim] * both[:, node.dim :]
    return now


def run_nodes(
    nodes: Sequence[Node], keep: Sequence[Node], xs: np.ndarray, numbers: NumberSystem
) -> Values:
    """Run whole sequences and return the values of the nodes in ``keep``, each (B, T, d).

    Args:
        nodes: everything that is needed, in topological order.
        keep: the nodes whose values are wanted.
        xs: the sequences, (B, T, d), already of this kind of number.
        numbers: the kind of number.
    """
    batch, length, _ = xs.shape
    out = {n: np.zeros((batch, length, n.dim), dtype=numbers.dtype) for n in keep}
    with numbers.context():
        state = initial_state(nodes, batch, numbers)
        for t in range(length):
            now = step(nodes, xs[:, t], state, numbers)
            state = {s: now[s] for s in state}
            for n in keep:
                out[n][:, t] = now[n]
    return out


# --- what readers pass in, and get back ------------------------------------------------------


@dataclass(frozen=True)
class Batch:
    """Sequences in the one shape (B, T, d) everything computes in, and the way back.

    Attributes:
        values: shape (B, T, d).
        shape: the shape the reader gave: (T,), (T, d) or (B, T, d).
    """

    values: np.ndarray
    shape: tuple[int, ...]

    def restore(self, outputs: Any) -> Any:
        """Give (B, T, m) outputs the same leading shape as the input had."""
        if len(self.shape) == 3:
            return outputs
        if len(self.shape) == 1 and outputs.shape[-1] == 1:
            return outputs[0, :, 0]
        return outputs[0]


def as_batch(xs: Any, dim: int, dtype: Any = np.float64) -> Batch:
    """Return sequences as a Batch.

    Args:
        xs: (T,) where dim is 1, (T, dim), or (B, T, dim).
        dim: the width of one element.
        dtype: float64, or object for numbers that must not be rounded.

    Raises:
        ShapeError: where the last axis is not ``dim`` wide.
    """
    if dtype is np.float64 and hasattr(xs, "detach"):
        xs = xs.detach().cpu().double().numpy()
    try:
        table = np.asarray(xs, dtype=dtype)
    except (TypeError, ValueError) as error:
        raise ShapeError(f"The sequence is not a table of numbers: {error}.") from error
    if dtype is object and any(isinstance(v, list | tuple) for v in table.flat):
        raise ShapeError("The sequence is not a table of numbers: its rows differ in length.")
    if table.ndim == 1 and (dim == 1 or table.size == 0):
        return Batch(table.reshape(1, -1, dim), table.shape)
    if table.ndim == 2 and table.shape[1] == dim:
        return Batch(table[None], table.shape)
    if table.ndim == 3 and table.shape[2] == dim:
        return Batch(table, table.shape)
    raise ShapeError(_shape_message(table.shape, dim))


def _shape_message(shape: tuple[int, ...], dim: int) -> str:
    expected = f"(T, {dim}) or (B, T, {dim})" + (" or (T,)" if dim == 1 else "")
    message = f"The input has width {dim}, so a sequence has shape {expected}; got {shape}."
    if dim == 1 and len(shape) == 2:
        message += " For a batch of B sequences of numbers write xs[..., None]."
    return message


def to_numbers(values: np.ndarray, numbers: NumberSystem) -> np.ndarray:
    """Return the entries converted to a number system."""
    if numbers.dtype is np.float64:
        if not np.isfinite(values).all():
            where = tuple(map(int, np.argwhere(~np.isfinite(values))[0]))
            raise PrecisionError(
                f"The input holds {values[where]} at {where}: NaN and infinity are not allowed."
            )
        return values
    return _each(numbers.inward, values)


def from_numbers(values: np.ndarray, numbers: NumberSystem) -> np.ndarray:
    """Return results as the reader gets them (Fractions for ``exact``)."""
    return values if numbers.dtype is np.float64 else _each(numbers.outward, values)


def run_batches(
    nodes: Sequence[Node], keep: Sequence[Node], xs: Any, dim: int, number: str
) -> tuple[Batch, Mapping[Node, np.ndarray]]:
    """Run what the reader passed in; return it as a Batch, with the values of ``keep``."""
    numbers = number_system(number)
    batch = as_batch(xs, dim, numbers.dtype)
    with numbers.context():
        values = to_numbers(batch.values, numbers)
    found = run_nodes(nodes, keep, values, numbers)
    return batch, {n: from_numbers(v, numbers) for n, v in found.items()}


def _each(function: Callable, values: np.ndarray) -> np.ndarray:
    out = np.empty(values.shape, dtype=object)
    for where in np.ndindex(values.shape):
        out[where] = function(values[where])
    return out


def _float64() -> NumberSystem:
    return NumberSystem("float64", np.float64, float, float, lambda x: np.maximum(x, 0.0))


def _exact() -> NumberSystem:
    from flint import fmpq  # the same numbers as Fraction, many times faster

    @lru_cache(CACHED_CONSTANTS)
    def inward(value: Any) -> fmpq:
        number = exact(value)
        return fmpq(number.numerator, number.denominator)

    def outward(value: fmpq) -> Fraction:
        return Fraction(int(value.numer()), int(value.denom()))

    zero = fmpq(0)
    relu = np.frompyfunc(lambda x: x if x > 0 else zero, 1, 1)
    return NumberSystem("exact", object, inward, outward, relu)


def _symbolic() -> NumberSystem:
    import sympy

    def inward(value: Any) -> sympy.Expr:
        if isinstance(value, sympy.Basic):
            return value
        number = exact(value)
        return sympy.Rational(number.numerator, number.denominator)

    relu = np.frompyfunc(lambda x: sympy.Max(0, sympy.expand(x)), 1, 1)
    return NumberSystem("symbolic", object, inward, sympy.simplify, relu)


def _ball() -> NumberSystem:
    from flint import arb, ctx, fmpq

    @lru_cache(CACHED_CONSTANTS)
    def converted(value: Any) -> arb:
        number = exact(value)
        return arb(fmpq(number.numerator, number.denominator))

    def inward(value: Any) -> arb:
        return value if isinstance(value, arb) else converted(value)

    relu = np.frompyfunc(lambda x: x.max(arb(0)), 1, 1)
    return NumberSystem("ball", object, inward, lambda x: x, relu, lambda: ctx.workprec(BALL_BITS))
