"""What the programs of chapter 01's exercises should do, in plain Python."""

import numpy as np

import lsrl_edu as ls
from lsrl_edu.nodes import Node


def two_back(xs: list) -> list:
    """Return the element two places back, 0 where there is none."""
    return [0, 0, *xs][: len(xs)]


def shelf(xs: list) -> list:
    """Return this element and the two before it."""
    return [[x, a, b] for x, a, b in zip(xs, [0, *xs], [0, 0, *xs], strict=False)]


def counts(xs: list) -> list:
    """Return the sum so far."""
    return [sum(xs[: t + 1]) for t in range(len(xs))]


def exactly(n: int):
    """Return the specification of "there have been exactly n ones"."""
    return lambda xs: [int(count == n) for count in counts(xs)]


def above_two(xs: list) -> list:
    """Return whether the mean so far is above 2."""
    return [int(total > 2 * (t + 1)) for t, total in enumerate(counts(xs))]


def largest(xs: list) -> list:
    """Return the largest element so far."""
    return [max(xs[: t + 1]) for t in range(len(xs))]


def climbs(xs: list) -> list:
    """Return by how much the sequence has climbed so far, falls not counted."""
    ups = [max(0, x - before) for x, before in zip(xs, [0, *xs], strict=False)]
    return counts(ups)


def _climbs(x: Node) -> Node:
    before = ls.LinState(x, A=[[0, 0], [1, 0]], B=[[1], [0]])
    return ls.LinState(ls.ReLU(before[0] - before[1]), A=[[1]], B=[[1]])


def _largest(x: Node) -> Node:
    reached = ls.f_step(ls.Linear(x, [[1]] * 9, [1 - k for k in range(1, 10)]), mu=1)
    times = ls.LinState(reached, A=np.eye(9), B=np.eye(9))
    return [[1] * 9] @ ls.f_step(times, mu=1)


CLIMBS = ls.foreach(dim=1, name="climbs")(_climbs)
LARGEST = ls.foreach(dim=1, name="largest")(_largest)


def state_entries(program: ls.Program) -> int:
    """Return how many numbers a program carries from one element to the next."""
    return sum(node.dim for node in program.nodes if node.kind == "LinState")
