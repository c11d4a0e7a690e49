"""Gradient descent in the state of a recurrent network, written as a program (arXiv 2410.11687).

The examples are in the prompt, an x and its target in turn, and the question comes last::

    x_1, y_1, x_2, y_2, ..., x_N, y_N, x_{N+1}

======  ========================================================================
part    what it holds
======  ========================================================================
window  the last three elements: x_k, y_k, x_{k+1} at every second step
pair    a clock: 1 at every x, which is when the window holds a pair; 0 elsewhere
S       the sum of y_k x_k^T, a LinState
G       the sum of x_k x_k^T, where there is more than one step
======  ========================================================================

**One step** of gradient descent from W = 0 on ``1/2 sum |W x_k - y_k|^2`` leads to W = r S, where
r = eta / f.

**More steps** need nothing but S and G: each is W <- W - r (W G - S). From W = 0, k of them lead to
r S (I + (I - r G) + ... + (I - r G)^(k-1)). All that is asked for is W x, so the program lets the
powers act on x: v_0 = x, v_{j+1} = v_j - r G v_j, and the output is r S (v_0 + ... + v_{k-1}). That
costs f^2 products for a step and not f^3, and one level.

**At every x there is an answer.** The steps start at W = 0 and are taken on all pairs so far, and
what they lead to is applied to the newest x. At every target the output is 0.

**What else can come in.** The program counts elements, or goes by their markers. It cannot know
that an element is missing; a clock that counts then takes targets for x from there on. The numbers
that only fill up an element are not read.

**What cannot be written.** Steps that start where those for the pair before have ended:
W_k = W_{k-1} - r (W_{k-1} x_k - y_k) x_k^T multiplies the state by I - r x_k x_k^T, which depends
on the input, and the A of a LinState does not.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import isqrt
from typing import Any, Literal

import numpy as np

from lsrl_edu.counters import f_modulo_counter
from lsrl_edu.errors import ProgramError, ShapeError
from lsrl_edu.lang import Program, foreach
from lsrl_edu.nodes import Concat, Linear, LinState, Node, ReLU, repeated
from lsrl_edu.numbers import IRRATIONAL_BITS, Matrix, Number, exact
from lsrl_edu.programs.descent import (
    Loss,
    as_table,
    check_choices,
    check_lengths,
    descend,
    fractions,
    is_count,
    lifted,
    one_hot,
    past_weights,
    predictions,
    task,
)
from lsrl_edu.ranges import as_domain
from lsrl_edu.sugar import concat_sum, f_constant, f_not

__all__ = [
    "answer",
    "answers",
    "descend",
    "fractions",
    "lifted",
    "one_hot",
    "past_weights",
    "predictions",
    "program",
    "sequence",
    "task",
]

Clock = Literal["cycle", "sawtooth", "marker"]
CLOCKS = ("cycle", "sawtooth", "marker")
Places = list[tuple[int, int]]


def program(
    features: int,
    outputs: int | None = None,
    eta: Any = 1,
    steps: int = 1,
    decay: Any = 1,
    loss: Loss = "squared",
    hidden: tuple[Any, Any] | None = None,
    clock: Clock = "cycle",
    horizon: int | None = None,
    domain: Any = None,
) -> Program:
    """Return the program that learns a linear map from the pairs in its input.

    Input (T, max(f, m)), one more with a marker, see :func:`sequence`; output (T, m), see
    :func:`answer`. It computes :func:`lsrl_edu.programs.descent.predictions`.

    Args:
        features: f, the width of an x.
        outputs: m, the width of a target; as wide as an x if left out.
        eta: a step is eta / f times the gradient (eta / h where there are hidden features).
        steps: from W = 0, at least 1. Each after the first makes the network a layer deeper.
        decay: the weight of a pair is multiplied by it for every pair that comes after, 0 to 1.
            The state is multiplied by its root at every element; a root that is no fraction is
            rounded to 128 binary digits.
        loss: ``squared``, or ``cross_entropy`` (targets :func:`one_hot`, one step only).
        hidden: V (h, f) and c (h,): learn from phi(x) = ReLU(V x + c) instead of x.
        clock: how it tells an x from a target. ``cycle``: it counts mod 2, for which a state must
            alternate. Architectures that cannot (mamba, mamba2, hawk, griffin) take ``sawtooth``,
            which counts up to a horizon (:func:`lsrl_edu.counters.f_modulo_counter`), or
            ``marker``: each element has one more number at its end, 1 with an x, 0 with a target.
        horizon: ``sawtooth`` only: the longest sequence, 2 N + 1 elements for N pairs.
        domain: what the numbers may be, as in :func:`lsrl_edu.foreach`; a marker is 0 or 1. An
            LSTM, GRU or tanh RNN multiplies only what is bounded, and the better the narrower the
            bounds: give (low, high), and a horizon when you compile. Where targets are larger than
            an x, write Y / 8, say, and multiply the answer by 8: W is linear in Y.

    Raises:
        ShapeError: for widths below 1, or a hidden layer that does not fit.
        DomainError: for a decay outside [0, 1].
        ProgramError: for other choices that are no gradient descent, or a missing horizon.
        PrecisionError: where eta or decay is no finite number.
    """
    outputs = features if outputs is None else outputs
    _check_widths(features, outputs)
    check_choices(eta, steps, decay, loss)
    _check_clock(clock, horizon)
    plan = _Plan(int(features), int(outputs), eta, steps, decay, loss, hidden, clock, horizon)
    width = max(plan.features, plan.outputs)
    if clock == "marker":
        domain, width = [*as_domain(domain, width), bool], width + 1
    return foreach(dim=width, domain=domain, name="gradient")(lambda x: _learn(x, plan))


@dataclass(frozen=True)
class _Plan:
    """What :func:`program` was asked for."""

    features: int
    outputs: int
    eta: Any
    steps: int
    decay: Any
    loss: Loss
    hidden: tuple[Any, Any] | None
    clock: Clock
    horizon: int | None

    @cached_property
    def layer(self) -> Matrix | None:
        """V, with c as its last column, or None."""
        return None if self.hidden is None else _hidden_layer(self.hidden, self.features)


def _learn(x: Node, plan: _Plan) -> Node:
    """Return W x for the newest x, W from the pairs seen; 0 at every target."""
    old, y, new = _window(x, plan)
    pair = _pair(x, plan)
    old = _features(_only_at(pair, old), plan, "x_k")
    new = _features(_only_at(pair, new), plan, "x_new")
    if plan.loss == "cross_entropy":  # the softmax of W x for W = 0
        y = y - Fraction(1, plan.outputs)
    keep = _root(plan.decay)
    S = _accumulated(_products(y, old, _full(y.dim, old.dim)), keep, "S")
    rate = exact(Fraction(exact(plan.eta)) / old.dim)
    if plan.steps > 1:
        G = _accumulated(_products(old, old, _triangle(old.dim)), keep, "G")
        new = _sum_of_powers(G, new, rate, plan.steps)
    return _applied(S, new, _full(y.dim, old.dim), y.dim, rate).named("prediction")


def _window(x: Node, plan: _Plan) -> tuple[Node, Node, Node]:
    """Return the three elements in the window: x_k, y_k, x_{k+1} at every second step.

    Where there is a hidden layer, a 1 goes along with each x, for c to be multiplied by. Before the
    first element the register holds 0 throughout, and so does phi of it.
    """
    element = x[:-1] if plan.clock == "marker" else x
    if plan.layer is not None:
        element = Concat(element, f_constant(x, 1))
    d = element.dim
    on_top = Matrix([*(((i, 1),) for i in range(d)), *[()] * (2 * d)], d)
    shift = Matrix([*[()] * d, *(((i, 1),) for i in range(2 * d))], 3 * d)
    window = LinState(element, shift, on_top, name="window")
    read = [*range(plan.features), *([d - 1] if plan.layer is not None else [])]
    new, old = (Linear(window, Matrix.selection([k + i for i in read], 3 * d)) for k in (0, 2 * d))
    return old, window[d : d + plan.outputs], new


def _pair(x: Node, plan: _Plan) -> Node:
    """Return 1 at every x, where the window holds x_k, y_k, x_{k+1}; 0 at every target."""
    if plan.clock == "marker":
        return x[-1].named("pair")
    horizon = None if plan.horizon is None else int(plan.horizon)
    phase = f_modulo_counter(x, 2, plan.clock, horizon, name="phase")
    return f_not(phase, name="pair")


def _only_at(pair: Node, value: Node) -> Node:
    return repeated(pair, value.dim) * value


def _features(x: Node, plan: _Plan, name: str) -> Node:
    """Return x, or phi(x) where there is a hidden layer."""
    return x.named(name) if plan.layer is None else ReLU(Linear(x, plan.layer), name=name)


def _accumulated(drive: Node, keep: Number, name: str) -> Node:
    """Return keep * (the state before) + drive."""
    eye = Matrix.eye(drive.dim)
    return LinState(drive, eye * keep, eye, name=name)


def _products(u: Node, v: Node, places: Places) -> Node:
    """Return u_i v_j for each place (i, j)."""
    return _picked(u, [i for i, _ in places]) * _picked(v, [j for _, j in places])


def _picked(x: Node, entries: list[int]) -> Node:
    if entries == [*range(x.dim)]:
        return x
    return Linear(x, Matrix.selection(entries, x.dim))


def _full(rows: int, columns: int) -> Places:
    """Return where the entries of a matrix are, as they are kept: row by row."""
    return [(i, j) for i in range(rows) for j in range(columns)]


def _triangle(size: int) -> Places:
    """Return where the entries of a symmetric matrix are: its other half is the same."""
    return [(i, j) for i in range(size) for j in range(i, size)]


def _applied(M: Node, v: Node, places: Places, rows: int, factor: Number) -> Node:
    """Return factor * M v, for a matrix whose entries are kept in the order of ``places``."""
    entry = {place: k for k, place in enumerate(places)}
    full = _full(rows, v.dim)
    kept = [entry[place] if place in entry else entry[place[::-1]] for place in full]
    terms = _picked(M, kept) * _picked(v, [j for _, j in full])
    ones = [[(i * v.dim + j, 1) for j in range(v.dim)] for i in range(rows)]
    return Linear(terms, Matrix(ones, rows * v.dim) * factor)


def _sum_of_powers(G: Node, x: Node, rate: Number, steps: int) -> Node:
    """Return the sum of (I - rate G)^j x for j = 0 ... steps - 1."""
    parts, places = [x], _triangle(x.dim)
    for _ in range(steps - 1):
        parts.append(parts[-1] - _applied(G, parts[-1], places, x.dim, rate))
    return concat_sum(parts)


def _root(decay: Any) -> Number:
    """Return the square root, exactly where it is a fraction: a pair takes two elements."""
    value = Fraction(exact(decay))
    top, bottom = isqrt(value.numerator), isqrt(value.denominator)
    if top**2 == value.numerator and bottom**2 == value.denominator:
        return exact(Fraction(top, bottom))
    scaled = (value.numerator << 2 * IRRATIONAL_BITS) // value.denominator
    return exact(Fraction(isqrt(scaled), 1 << IRRATIONAL_BITS))


def sequence(X: Any, Y: Any, marker: bool = False) -> np.ndarray:
    """Return the input of the program: x_1, y_1, x_2, y_2, ..., x_{N+1}.

    An x or a target that is narrower than the other is filled up with zeros.

    Args:
        X: (N + 1, f), or (B, N + 1, f) for B tasks at once.
        Y: (N, m), or (B, N, m); shape (0, m) for no pair at all.
        marker: True for a program with clock="marker": a last column says 1 with each x.

    Returns:
        (2 N + 1, max(f, m)), or that for each of B; of Fractions where X or Y is. With a marker,
        one wider.

    Raises:
        ShapeError: where X is not one row longer than Y, or one of them is no table of numbers.
        PrecisionError: for NaN and infinity.
    """
    X, Y = as_table(X, "X", (2, 3)), as_table(Y, "Y", (2, 3))
    if X.shape[:-2] != Y.shape[:-2]:
        raise ShapeError(f"X {X.shape} and Y {Y.shape} are not for equally many tasks.")
    check_lengths(X, Y)
    width = max(X.shape[-1], Y.shape[-1])
    dtype = object if object in (X.dtype, Y.dtype) else float
    out = np.zeros((*X.shape[:-2], X.shape[-2] + Y.shape[-2], width + marker), dtype=dtype)
    out[..., 0::2, : X.shape[-1]] = X
    out[..., 1::2, : Y.shape[-1]] = Y
    if marker:
        out[..., 0::2, -1] = 1
    return out


def answer(outputs: Any) -> np.ndarray:
    """Return what the program says of the last x: (m,), or (B, m) for a batch.

    Args:
        outputs: of the program, (2 N + 1, m) or (B, 2 N + 1, m).
    """
    return answers(outputs)[..., -1, :]


def answers(outputs: Any) -> np.ndarray:
    """Return what the program says of every x, before it sees the target: (N + 1, m) or a batch.

    Raises:
        ShapeError: where the number of outputs is even; the last element must be an x.
    """
    table = np.asarray(outputs)
    if table.ndim not in (2, 3) or table.shape[-2] % 2 == 0:
        raise ShapeError(
            f"The outputs have shape {table.shape}. An input begins and ends with an x, so there "
            "are 2 N + 1 outputs: (2 N + 1, m), or (B, 2 N + 1, m)."
        )
    return table[..., 0::2, :]


def _hidden_layer(hidden: Any, features: int) -> Matrix:
    """Return V with c as one more column."""
    if not isinstance(hidden, tuple | list) or len(hidden) != 2:
        raise ShapeError("hidden= is a pair (V, c): phi(x) = ReLU(V x + c).")
    V, c = Matrix.of(hidden[0]), Matrix.column(hidden[1])
    if V.shape[1] != features or c.shape != (V.shape[0], 1) or not V.shape[0]:
        raise ShapeError(
            f"hidden=(V, c) with V {V.shape} and c {c.shape}, but an x has width {features}: V is "
            f"(h, {features}), and c holds h numbers."
        )
    return Matrix.hstack([V, c])


def _check_widths(features: Any, outputs: Any) -> None:
    if not (is_count(features) and is_count(outputs)):
        raise ShapeError(f"features={features!r}, outputs={outputs!r}: both are integers from 1.")


def _check_clock(clock: Any, horizon: int | None) -> None:
    if clock not in CLOCKS:
        raise ProgramError(f"clock={clock!r}: choose one of {', '.join(CLOCKS)}.")
    if clock == "sawtooth" and not is_count(horizon):
        raise ProgramError(
            f"clock='sawtooth', horizon={horizon!r}: say how long the longest sequence is. N pairs "
            "and a question take 2 N + 1 elements."
        )
