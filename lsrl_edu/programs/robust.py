"""The map between words of Listing 2, written so that it stands noise.

Same input, same answers as :mod:`lsrl_edu.programs.discrete`; nothing else is the same. Tokens
are kept as thermometers (one signal for each v: "is the token v or more?"), times as chains and
loops of zeros and ones, memories as loops that bring a value back just when its place in the word
comes round. Every signal is 0 or 1 and restored after every memory (:mod:`lsrl_edu.restoring`).

=========================  ======================================================================
part                       how
=========================  ======================================================================
which element is this      a window of n elements; a loop of 2n for keys and values
the query                  a loop of n places for each v, written in the window
does this token match      and-not both ways between the token's thermometer and the query's
do all n match             no mismatch in the last n elements
copy the value             for n elements from there on, into a loop of n places for each v
the answer                 the sum of the thermometer that comes round now
=========================  ======================================================================

Compile it with ``simplify=False, balance=True``: a compiler that knows that every signal is 0 or 1
would take the restoring steps out, and large readers' weights would multiply the noise.
"""

from __future__ import annotations

from dataclasses import dataclass

from lsrl_edu.errors import DomainError, ShapeError
from lsrl_edu.lang import Program, foreach
from lsrl_edu.nodes import Concat, Linear, Node
from lsrl_edu.programs.discrete import answer, sequence
from lsrl_edu.restoring import (
    and_not,
    first,
    loops,
    off,
    pattern,
    places,
    recent,
    schedule,
    stored,
    thermometer,
    window,
)

__all__ = ["answer", "program", "sequence"]


def program(
    n: int, vocabulary: range = range(10), copies: int = 1, horizon: int | None = None
) -> Program:
    """Return the program that looks up a word of n tokens in a prompt, and stands noise.

    Input (T, 1), output (T, 1); the answer is in the last n outputs, see :func:`answer`.

    Args:
        n: tokens in a word, at least 1.
        vocabulary: the tokens, range(V) with V from 2 up. The width grows with V.
        copies: of every stored value, see :func:`lsrl_edu.restoring.loops`: with more of them,
            longer sequences stand the same noise.
        horizon: the longest sequence, for architectures whose states may not rotate (Mamba,
            Griffin): chains and registers take the place of loops, see
            :func:`lsrl_edu.restoring.places`. ``copies`` must be 1 then.

    Raises:
        ShapeError: where n, copies or horizon is not an integer from 1 up, or there are copies of
            registers.
        DomainError: where the vocabulary is not range(V) with V from 2 up.
    """
    for name, value in (("n", n), ("copies", copies), ("horizon", horizon or 1)):
        if not isinstance(value, int) or value < 1:
            raise ShapeError(f"{name}={value!r}: it is an integer from 1 up.")
    if not isinstance(vocabulary, range) or vocabulary != range(max(2, len(vocabulary))):
        raise DomainError(f"vocabulary={vocabulary!r}: give range(V) with V from 2 up.")
    if horizon and copies > 1:
        raise ShapeError(f"copies={copies}: a loop can hold copies, a register (horizon=) cannot.")
    levels, memory = list(vocabulary)[1:], _Memory(n, copies, horizon)

    @foreach(dim=1, domain=vocabulary, name="robust")
    def body(x: Node) -> Node:
        below = off(thermometer(x, levels), 2, name="below")
        asking = memory.asking(x)
        mismatch = _mismatch(asking, below, memory)
        blocked = recent(mismatch, n, delay=1) + asking
        found = and_not(memory.value_starts(x), blocked, name="found")
        copying = _spread(recent(found, n), below.dim)
        held = memory.loops(and_not(copying, below, name="write"), name="answer")
        missing = stored(held, name="missing")
        return Linear(missing, [[-1] * below.dim], [[below.dim]], name="output")

    return body


@dataclass(frozen=True)
class _Memory:
    """Where tokens and times are kept: loops, or registers and chains up to a horizon."""

    n: int
    copies: int
    horizon: int | None

    def asking(self, x: Node) -> Node:
        """Return 1 for the n elements of the query, then exactly 0."""
        if self.horizon:
            return recent(first(x), self.n, name="asking")
        return window(x, self.n, name="asking")

    def loops(self, x: Node, name: str) -> Node:
        """Return what came n, 2n, 3n, ... elements ago, and x itself."""
        if self.horizon:
            return places(x, self.n, self.horizon, name=name)
        return loops(x, self.n, self.copies, name=name)

    def value_starts(self, x: Node) -> Node:
        """Return 1 at the first element of every value (and of the query), else 0."""
        values = [1] + [0] * (2 * self.n - 1)
        if self.horizon:
            return schedule(x, values, self.horizon, name="value_starts")
        return off(stored(pattern(x, values * self.copies)), 2, name="value_starts")


def _spread(x: Node, width: int) -> Node:
    """Return x as many times as there are levels."""
    return Linear(x, [[1]] * width)


def _mismatch(asking: Node, below: Node, memory: _Memory) -> Node:
    """Return 0 where this token is the query's at the same place, 1 or more where it is not."""
    query = memory.loops(and_not(_spread(asking, below.dim), below), name="query")
    query_below = stored(query, name="query_below")
    token, known = off(below, 2, name="token"), off(query_below, 2, name="known")
    differs = Concat(and_not(token, known), and_not(known, token))
    return Linear(differs, [[1] * differs.dim], name="mismatch")
