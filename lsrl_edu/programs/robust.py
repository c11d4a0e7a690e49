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

from lsrl_edu.errors import DomainError, ShapeError
from lsrl_edu.lang import Program, foreach
from lsrl_edu.nodes import Concat, Linear, Node
from lsrl_edu.programs.discrete import answer, sequence
from lsrl_edu.restoring import (
    and_not,
    loops,
    off,
    pattern,
    recent,
    stored,
    thermometer,
    window,
)

__all__ = ["answer", "program", "sequence"]


def program(n: int, vocabulary: range = range(10), copies: int = 1) -> Program:
    """Return the program that looks up a word of n tokens in a prompt, and stands noise.

    Input (T, 1), output (T, 1); the answer is in the last n outputs, see :func:`answer`.

    Args:
        n: tokens in a word, at least 1.
        vocabulary: the tokens, range(V) with V from 2 up. The width grows with V.
        copies: of every stored value, see :func:`lsrl_edu.restoring.loops`: with more of them,
            longer sequences stand the same noise.

    Raises:
        ShapeError: where n or copies is not an integer from 1 up.
        DomainError: where the vocabulary is not range(V) with V from 2 up.
    """
    for name, value in (("n", n), ("copies", copies)):
        if not isinstance(value, int) or value < 1:
            raise ShapeError(f"{name}={value!r}: it is an integer from 1 up.")
    if not isinstance(vocabulary, range) or vocabulary != range(max(2, len(vocabulary))):
        raise DomainError(f"vocabulary={vocabulary!r}: give range(V) with V from 2 up.")
    levels = list(vocabulary)[1:]

    @foreach(dim=1, domain=vocabulary, name="robust")
    def body(x: Node) -> Node:
        below = off(thermometer(x, levels), 2, name="below")
        asking = window(x, n, name="asking")
        mismatch = _mismatch(asking, below, n, copies)
        blocked = recent(mismatch, n, delay=1) + asking
        found = and_not(_value_starts(x, n, copies), blocked, name="found")
        copying = _spread(recent(found, n), below.dim)
        held = loops(and_not(copying, below, name="write"), n, copies, name="answer")
        missing = stored(held, name="missing")
        return Linear(missing, [[-1] * below.dim], [[below.dim]], name="output")

    return body


def _spread(x: Node, width: int) -> Node:
    """Return x as many times as there are levels."""
    return Linear(x, [[1]] * width)


def _mismatch(asking: Node, below: Node, n: int, copies: int) -> Node:
    """Return 0 where this token is the query's at the same place, 1 or more where it is not."""
    query = loops(and_not(_spread(asking, below.dim), below), n, copies, name="query")
    query_below = stored(query, name="query_below")
    token, known = off(below, 2, name="token"), off(query_below, 2, name="known")
    differs = Concat(and_not(token, known), and_not(known, token))
    return Linear(differs, [[1] * differs.dim], name="mismatch")


def _value_starts(x: Node, n: int, copies: int) -> Node:
    """Return 1 at the first element of every value (and of the query), else 0."""
    turns = pattern(x, ([1] + [0] * (2 * n - 1)) * copies)
    return off(stored(turns), 2, name="value_starts")
