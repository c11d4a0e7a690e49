"""Answers to the exercises of chapter 07."""

import math

import lsrl_edu as ls
from lsrl_edu.practice.chapters.specs07 import ROBUST
from lsrl_edu.programs import discrete, robust
from lsrl_edu.restoring import and_not, loops, off, on, recent, ring, stored, window

B, C = 8.2 / math.sqrt(10), 8.2 / math.sqrt(40)


def by_and_not(x):
    """AND as: the first, and not what is not the second."""
    return on(and_not(on(x[0], 8), off(x[1], 8)), 2)


def seen(x):
    """A pulse at the first element, if that is 1."""
    return and_not(window(x, 1), off(x, 2))


def register(x):
    """The first element in a register."""
    return ls.LinState(seen(x), A=[[1]], B=[[1]])


def in_a_ring(x):
    """Written to all places at once."""
    return off(stored(ring(seen(x), 16)), 2)


def network(copies):
    """The robust look-up."""
    return ls.compile(robust.program(2, range(4), copies=copies), **ROBUST)


S = [0.8, 0, 1, 0.4, 0, 0]


def signals(place, value):
    """The right signals, but for one."""
    return [value if i == place else s for i, s in enumerate(S)]


WRONG = {
    "07.1": [
        ([0.00707, B, C], "SAME error"),
        ([0.05, B, C], "a: sigma times"),
        ([0.5, 8.2, C], "would be a register"),
        ([0.5, 0.82, C], "root of 10"),
        ([0.5, B, B / 4], "root of 4"),
        ([0.5, B, 4.1], "n * copies"),
        ([0.5, 2.0, C], "Look again at b"),
    ],
    "07.2": [
        (signals(0, 1), "It is near"),
        (signals(0, 0.95), "the gain is missing"),
        (signals(1, -0.2), "no negative numbers"),
        (signals(2, 0), "`on` is two"),
        (signals(3, 0.5), "it is a - 2b"),
        (signals(4, 0.5), "takes away 2b"),
        (signals(5, 1), "something IS stored"),
    ],
    "07.3": [
        ([[0, 0]], "Both are off"),
        ([[1, 0]], "One is off"),
        ([[1, 1]], "add up to 2"),
        ([[0.1, 8]], "from 1/4 to 8"),
        ([[1, 0], [8, 0]], "one pair"),
    ],
    "07.4": [
        (lambda x: ls.ReLU(x[0] + x[1] - 1), "07.3 has refuted"),
        (lambda x: on(x[0] + x[1]), "an OR"),
        (lambda x: off(x[0]) * off(x[1]), "both are off: an inverter"),
        (lambda x: on(x[0]), "one of the two is off, so"),
        (lambda x: off(off(x[0], 2) + off(x[1], 2)), "both are on, so it should be 1"),
        (lambda x: ls.ReLU(on(x[0], 8) + on(x[1], 8) - 1), "With noise"),
    ],
    "07.5": [
        ({"simplify": False}, "all there"),
        ({"balance": True}, "only noise needs"),
        ({"simplfy": False}, "unexpected keyword"),
        ({"horizon": 200}, "% of the tokens"),
    ],
    "07.6": [
        (["fine", "broken", "fine"], "a: two numbers"),
        (["broken", "fine", "fine"], "b: the step is gentler"),
        (["broken", "broken", "broken"], "c: what is in the states"),
        (["fine", "fine", "fine"], "a and b"),
        (["fine", "ok", "fine"], "in words"),
    ],
    "07.7": [
        (lambda x: 1 * x, "this element itself"),
        (lambda x: ls.LinState(x, A=[[1]], B=[[1]]), "adds up all"),
        (lambda x: stored(loops(recent(seen(x), 20), 20)), "the opposite"),
        (lambda x: 1 - stored(loops(seen(x), 20)), "comes round only"),
        (register, "with noise of 0.02"),
        (lambda x: 1 - stored(recent(seen(x), 10)), "Without any noise"),
    ],
    "07.8": [
        (network(copies=20), "channels wide"),
        (ls.compile(robust.program(3, range(4)), **ROBUST), "without any noise"),
        (ls.compile(ls.foreach(dim=2, name="pair")(lambda x: x[0])), "read one token"),
        (robust.program(2, range(4)), "should be the network"),
    ],
}
OTHERS = {
    "07.3": [[0.25, 0.25]],
    "07.4": by_and_not,
    "07.7": in_a_ring,
    "07.8": ls.compile(discrete.program(2, "multiplicative", vocabulary=range(4))),
}
