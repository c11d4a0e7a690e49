"""Logic that stands noise: signals are cleaned at every step, and "off" is exactly 0.

A digital circuit works although no part of it is exact, because every gate restores its signal.
With ReLUs this is even simpler. A ReLU that is off gives 0, however noisy its weights are; so "off"
is an exact 0, and "on" is anything well above 0. Four rules follow:

1. Clip from above with an inverter: ReLU(1 - g x) is exactly 0 as soon as x >= 1/g, and 1 at x = 0.
   (A step as a difference, ReLU(u) - ReLU(u - 1), subtracts two large numbers, and the noise of
   their weights with them.)
2. Ask "and not" instead of "and": ReLU(a - 2 b) is 0 where b is on, and a where b is off.
3. Remember in loops. A register s_t = (1 + noise) s_{t-1} multiplies the same error T times. A
   value that goes round through m entries meets m different errors, T / m times each.
4. Say when with chains and loops of states, which hold zeros and ones; never compare a counter.

Each function states the margin it guarantees. A compiler that knows that a signal is 0 or 1 takes
the restoring steps out again, so such programs are compiled with ``simplify=False``.
"""

from __future__ import annotations

from collections.abc import Sequence

from lsrl_edu.nodes import Linear, LinState, Node, ReLU
from lsrl_edu.numbers import Matrix, Number

GAIN = 4
"""Of an inverter for clean signals: on from 1/4 upwards."""
STORED_GAIN = 1024
"""Of what reads a memory: its amplitude may have fallen to a thousandth."""


def off(x: Node, gain: Number = GAIN, name: str | None = None) -> Node:
    """Return 1 where x is 0, and 0 where x >= 1/gain: an inverter.

    Margin: "on" may be anything from 1/gain upwards; the result is then exactly 0. "Off" may be
    up to 1/(4 gain): the result is then 3/4 at least.
    """
    return ReLU(1 - gain * x, name=name)


def on(x: Node, gain: Number = GAIN, name: str | None = None) -> Node:
    """Return 0 where x is 0, and 1 where x >= 1/gain: two inverters.

    Margin: as for :func:`off`; the result is exactly 0, or 1 up to the noise of one bias.
    """
    return off(off(x, gain), name=name)


def stored(x: Node, name: str | None = None) -> Node:
    """Return 0 where a memory holds x, and 1 where it holds nothing: an inverter for memories.

    Margin: what was written as 1 may come back as anything from 1/700 upwards.
    """
    return off(ReLU(STORED_GAIN * x - 0.5), 1, name=name)


def and_not(a: Node, b: Node, name: str | None = None) -> Node:
    """Return a where b is off, 0 where b is on.

    Margin: exactly 0 where b >= a/2, or where a is 0.
    """
    return ReLU(a - 2 * b, name=name)


def thermometer(x: Node, values: Sequence[Number], name: str | None = None) -> Node:
    """Return, for each of the values, 1 or more where the integer x is that or more, else 0.

    Margin: x may be wrong by 1/4 for values next to it; "off" is exactly 0.
    """
    bias = [[1 - 2 * value] for value in values]
    return ReLU(Linear(x, [[2]] * len(values), bias), name=name)


def window(x: Node, n: int, name: str | None = None) -> Node:
    """Return 1 for the first n elements, then exactly 0: a chain that runs empty.

    Margin: amplitude (1 + noise)^n at most.
    """
    forward = Matrix([*(((i + 1, 1),) for i in range(n)), ()], n + 1)
    # a state is written before it is read: entry 0 shows start[1] first
    start = [[0], *([[1]] * n)]
    held = LinState(x, forward, Matrix.zeros(n + 1, x.dim), init_state=start)
    return Linear(held, Matrix.selection([0], n + 1), name=name)


def recent(x: Node, n: int, delay: int = 0, name: str | None = None) -> Node:
    """Return the sum of x over n elements, the last of them ``delay`` elements ago.

    Margin: 0 exactly where x was 0 all the time; nothing is older than n + delay elements.
    """
    size = n + delay
    chain = Matrix([(), *(((i, 1),) for i in range(size - 1))], size)
    first = Matrix([((0, 1),), *([()] * (size - 1))], 1)
    held = LinState(x, chain, first)
    return Linear(held, [[0] * delay + [1] * n], name=name)


def pattern(x: Node, values: list[int], name: str | None = None) -> Node:
    """Return values[0], values[1], ..., again and again: a loop of zeros and ones.

    Margin: zeros stay exactly 0; a one has the amplitude of :func:`loop` after as many elements.
    """
    size = len(values)
    forward = Matrix.selection([(i + 1) % size for i in range(size)], size)
    # entry 0 is read after the first turn, so the values stand one place further on
    start = [[values[(i - 1) % size]] for i in range(size)]
    held = LinState(x, forward, Matrix.zeros(size, x.dim), init_state=start)
    return Linear(held, Matrix.selection([0], size), name=name)


def loops(x: Node, n: int, copies: int = 1, name: str | None = None) -> Node:
    """Return what came n, 2n, 3n, ... elements ago (added up), and x itself: memories of n places.

    Write a place once and keep x at 0 afterwards; it comes back every n elements.

    Args:
        x: what is written now, one loop for each entry.
        n: the number of places.
        copies: each value is written so many times, n entries apart, into a loop of n * copies.
        name: your name for the result.

    Margin: after T elements the amplitude is exp(z) with z normal, of standard deviation
    noise * T / sqrt(n * copies); of a register with A = 1 it is noise * T.
    """
    size = n * copies
    forward = Matrix.selection([(i + 1) % size for i in range(size)], size)
    write = Matrix([((0, 1),) if i % n == 0 else () for i in range(size)], 1)
    held = LinState(
        x, Matrix.block_diagonal([forward] * x.dim), Matrix.block_diagonal([write] * x.dim)
    )
    return Linear(held, Matrix.selection(range(0, size * x.dim, size), size * x.dim), name=name)


def ring(x: Node, copies: int = 1, name: str | None = None) -> Node:
    """Return all that ever came, added up: a value that is handed round ``copies`` places.

    It is written to all places at once, so it is there at every step (:func:`loops` brings it back
    every n elements). With one copy it is a register with A = 1.

    Args:
        x: what is written now, a ring for each entry. Write once and keep x at 0 afterwards.
        copies: the number of places.
        name: your name for the result.

    Margin: after T elements the amplitude is exp(z) with z normal, of standard deviation
    noise * T / sqrt(copies).
    """
    forward = Matrix.selection([(i + 1) % copies for i in range(copies)], copies)
    held = LinState(
        x, Matrix.block_diagonal([forward] * x.dim), Matrix.block_diagonal([_ones(copies)] * x.dim)
    )
    return Linear(held, Matrix.selection(range(0, copies * x.dim, copies), held.dim), name=name)


def _ones(rows: int) -> Matrix:
    return Matrix([((0, 1),)] * rows, 1)


def first(x: Node, name: str | None = None) -> Node:
    """Return 1 at the first element, then exactly 0: an inverter on "there was one before".

    :func:`window` starts with a 1 in its state. An architecture whose states all start at 0 (Mamba,
    Griffin) has to make that 1 as a difference of two constants, which noise leaves at nearly 0.

    Margin: as for :func:`off`.
    """
    chain, constant = [[0, 0], [1, 0]], [[1], [0]]
    held = LinState(x, A=chain, B=Matrix.zeros(2, x.dim), b=constant)
    return off(held[1], name=name)


def schedule(x: Node, values: Sequence[int], horizon: int, name: str | None = None) -> Node:
    """Return what :func:`pattern` does, for ``horizon`` elements: a pulse that runs along a chain.

    For architectures whose states may not rotate (Mamba, Griffin).

    Margin: zeros are exactly 0; a one has the amplitude of a pulse that was handed on as often as
    there were elements.
    """
    chain = Matrix([(), *(((i, 1),) for i in range(horizon - 1))], horizon)
    enter = Matrix([((0, 1),), *([()] * (horizon - 1))], 1)
    pulse = LinState(first(x), chain, enter)
    return Linear(pulse, [[values[t % len(values)] for t in range(horizon)]], name=name)


def places(x: Node, n: int, horizon: int, name: str | None = None) -> Node:
    """Return what :func:`loops` does, for ``horizon`` elements, from n registers for each entry.

    A schedule says which place is due; it lets x into that register and lets that one out.

    Margin: of a register with A = 1 the amplitude after T elements is exp(z), z of standard
    deviation noise * T; up to twice a pulse of the schedule it stays shut in. Where A = 1 is a gate
    that is shut for good (in Mamba exp(-0) = 1), noise on the weights does not move it at all.
    """
    total = None
    for k in range(n):
        shut = Linear(schedule(x, [int(t != k) for t in range(n)], horizon), [[1]] * x.dim)
        eye = Matrix.eye(x.dim)
        due = and_not(LinState(and_not(x, shut), eye, eye), shut)
        total = due if total is None else total + due
    return total.named(name) if name else total
