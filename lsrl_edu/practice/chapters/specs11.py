"""What the exercises of chapter 11 run: sawtooths on counts, shuffles, reflections, clocks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

import lsrl_edu as ls
from lsrl_edu.nodes import Node

HALF = Fraction(1, 2)


def remainder(count: Node, n: int, largest: int) -> Node:
    """Return count mod n for a node with values 0 ... largest, as in the chapter."""
    unit = n
    while 2 * unit <= largest:
        unit *= 2
    while unit >= n:  # take away the largest multiples of n first
        count = count - unit * ls.f_larger(count, unit - HALF, mu=2)
        unit //= 2
    return count


# --- 11.3: two parities -----------------------------------------------------------------------
def parity(largest: int) -> ls.Program:
    """Return the program of the chapter for the parity of up to ``largest`` ones."""

    @ls.foreach(dim=1, domain=bool, name=f"parity({largest})")
    def program(x: Node) -> Node:
        return remainder(ls.LinState(x, A=[[1]], B=[[1]], name="ones"), 2, largest)

    return program


# --- 11.4 and 11.7: clocks --------------------------------------------------------------------
def mod_6(xs: Sequence) -> list[int]:
    """Return the position mod 6."""
    return [t % 6 for t in range(len(xs))]


def clocks(a: int, b: int, take: int = 6, above: int = 5) -> Callable[[Sequence], list[int]]:
    """Return what a times the clock mod 2 plus b times that mod 3 gives, 6 less if above."""

    def one(t: int) -> int:
        both = a * (t % 2) + b * (t % 3)
        return both - take * (both > above)

    return lambda xs: [one(t) for t in range(len(xs))]


def price(program: ls.Program) -> int:
    """Return the number of states, ReLUs and products of a program."""
    counted = ("LinState", "ReLU", "Multi")
    return sum(node.dim for node in program.nodes if node.kind in counted)


# --- 11.5: reflections ------------------------------------------------------------------------
def mirrored(k: Sequence[float], v: Sequence[float]) -> list[float]:
    """Return the reflection of v along k, rounded for a sentence."""
    k, v = np.array(k, float), np.array(v, float)
    return (np.round(v - 2 * k * (k @ v) / (k @ k), 6) + 0.0).tolist()


def lengths(pair: Any) -> str:
    """Return what is wrong with the form of two vectors, or nothing."""
    for name, size in (("swap", 4), ("lay", 2)):
        k = np.asarray(pair.get(name, ()), dtype=float)
        if k.shape != (size,):
            return f"`{name}` should be a list of {size} numbers."
        if not np.isfinite(k).all() or not k.any():
            return f"`{name}`: along a zero vector nothing can be reflected; the length divides."
    return ""


# --- 11.6: the group of the square ------------------------------------------------------------
def square(rows: Sequence, sign: str = "before") -> list[int]:
    """Return the turn of the row plus 4 times whether it is mirrored, after each shuffle.

    Args:
        rows: (r, f) for each element.
        sign: which parity of the mirrorings turns r round: "before" this one, "now", or "never".
    """
    mirror, turn, out = 0, 0, []
    for r, f in rows:
        before, mirror = mirror, (mirror + f) % 2
        turned_round = {"before": before, "now": mirror, "never": 0}[sign]
        turn = (turn + (-r if turned_round else r)) % 4
        out.append(int(turn + 4 * mirror))
    return out


def square_draft(rows: Sequence) -> list[int]:
    """Return what the draft gives: 1 more for r = 1 and 1 less for r = 2, as in the triangle."""
    mirror, turns, out = 0, 0, []
    for r, f in rows:
        before, mirror = mirror, (mirror + f) % 2
        turns += {1: 2, 2: 1}.get(int(r), r) if before else r
        out.append(int(turns % 4 + 4 * mirror))
    return out


def shuffles(rng: np.random.Generator) -> list[list]:
    """Return sequences of at most 12 shuffles of the square."""
    one = [(r, f) for r in range(4) for f in range(2)]
    short = [[g] for g in one] + [[g, h] for g in one for h in one]
    long = np.stack([rng.integers(0, 4, (20, 12)), rng.integers(0, 2, (20, 12))], axis=-1)
    return [*short, *([g] * 12 for g in one), *long.tolist()]
