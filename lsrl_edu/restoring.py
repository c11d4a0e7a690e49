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
