"""Answers to the exercises of chapter 06."""

import numpy as np

import lsrl_edu as ls
from lsrl_edu.practice import exercise, puzzle
from lsrl_edu.programs import discrete


def adder(x, **options):
    """A state that adds up what it is shown."""
    return ls.LinState(x, A=[[1]], B=[[1]], **options)


def window(places, weights, least):
    """Whether the last bits, with weights, add up to so much."""

    def body(x):
        B = np.eye(places)[:, [places - 1]]
        buffer = ls.LinState(x, A=np.eye(places, k=1), B=B, name="buffer")
        return ls.f_larger(ls.Linear(buffer, [weights]), least - 0.5)

    return body


def one_number(x):
    """The last three bits before this one, packed into one number."""
    halves = ls.LinState(x, A=np.eye(4, k=-1), B=[[1], [0], [0], [0]])
    return ls.f_eq(ls.Linear(halves, [[0, 1, 2, 4]]), 7, mu=1)


def lines(*starts):
    """The numbers of the lines that begin like this."""
    shown = [line.strip() for line in exercise("06.4").judge.lines]
    return [next(i for i, line in enumerate(shown, 1) if line.startswith(s)) for s in starts]


DEF, T, WHEN, BEGUN, RETURN = "def", "t =", "when", "begun", "return"
START, START_X = "start = ls.LinState(when", "start = ls.LinState(x"
FRESH, FRESH_3 = "fresh = ls.f_smaller(t, start", "fresh = ls.f_smaller(t, 3"


def moved():
    """The widget with its lines in another right order."""
    widget = puzzle("06.4")
    widget.order = tuple(lines(DEF, T, WHEN, START, FRESH, BEGUN, RETURN))
    return widget


def ones_are(test, with_x=True):
    """A test of the count of the ones, and of this element."""

    def body(x):
        found = test(adder(x, name="ones"))
        return ls.f_and(x, found) if with_x else found

    return body


def climb(x):
    """1 where "there has been a 1" goes up: its value now, less its value before."""
    seen = ls.f_step(adder(x), mu=1)
    shelf = ls.LinState(seen, A=[[0, 0], [1, 0]], B=[[1], [0]])
    return shelf[0] - shelf[1]


def sums(of, but=()):
    """A dictionary with what ``of`` makes of each pair of digits."""
    return {(a, b): of(a, b) for a in range(5) for b in range(5) if (a, b) not in but}


def rings(values=3, first=2):
    """A look-up in which query and answer go round; ``values`` tokens are copied."""
    turn = [[0, 0, 1], [1, 0, 0], [0, 1, 0]]

    def body(x):
        t = adder(ls.f_constant(x, 1), init_state=[-1])
        q = ls.LinState(ls.ReLU(x - 27 * ls.ReLU(t - first)), A=turn, B=[[1], [0], [0]])
        differs = ls.ReLU(x - q[0]) + ls.ReLU(q[0] - x)
        last = ls.LinState(differs, A=np.eye(3, k=-1), B=[[1], [0], [0]])
        clock = np.roll(np.eye(6), 1, axis=0)
        end = ls.LinState(x, A=clock, B=np.zeros((6, 1)), init_state=np.eye(6)[:, [5]])[5]
        match = ls.ReLU(end - [[1, 1, 1]] @ last)
        shelf = ls.LinState(match, A=np.eye(4, k=-1), B=[[1], [0], [0], [0]])
        on = ls.Linear(shelf, [[0, *[1] * values, *[0] * (3 - values)]])
        return ls.LinState(ls.ReLU(x + 27 * on - 27), A=turn, B=[[1], [0], [0]])[0]

    return ls.foreach(dim=1, domain=range(27))(body)


PROMISED = discrete.program(3, "original", counter="cycle", vocabulary=range(27))
WRONG = {
    "06.1": [
        ([0, 0, 0, 1, 1, 1, 1, 1, 0, 0], "values are not compared"),
        ([1, 1, 0, 1, 0, 0, 1, 1, 0, 0], "matches itself"),
        ([0, 0, 0, 0, 0, 0, 1, 1, 0, 0], "whole words"),
        ([0, 0, 0, 0, 0, 0, 0, 0, 1, 0], "all_matching"),
        ([0, 0, 0, 1, 0, 0, 1, 0, 0, 0], "element 7, a token of the second key"),
    ],
    "06.2": [
        (lambda k: np.eye(k, k=-1), "moves the other way"),
        (np.eye, "Nothing moves"),
        (lambda k: np.roll(np.eye(k), 1, axis=1), "a ring"),
        (lambda k: np.eye(k, k=2), "moves by two"),
        (lambda k: np.ones((k, k)), "after 1 to 2, not"),
        (lambda k: np.eye(k, k + 1, k=1), "it should have 3 rows"),
    ],
    "06.3": [
        (window(3, [1, 1, 1], 3), "one element too early"),
        (window(5, [1, 1, 1, 0, 0], 3), "one element too late"),
        (window(4, [1, 1, 1, 1], 3), "ANY three of the last four"),
        (window(4, [1, 1, 1, 1], 4), "this bit to be 1 as well"),
    ],
    "06.4": [
        (lines(DEF, T, WHEN, START_X, BEGUN, FRESH, RETURN), "not when"),
        (lines(DEF, T, WHEN, START, BEGUN, FRESH_3, RETURN), "compares the time with 3"),
        (lines(DEF, WHEN, T, START, BEGUN, FRESH, RETURN), "`t` is used before"),
        (lines(DEF, T, WHEN, BEGUN, START, FRESH, RETURN), "`start` is used before"),
        (lines(DEF, T, WHEN, START, BEGUN, FRESH), "return nothing"),
    ],
    "06.5": [
        (lambda x: 1 * x, "passes every 1 on"),
        (ones_are(lambda n: ls.f_smaller(n, 1.5), with_x=False), "before the first 1"),
        (ones_are(lambda n: ls.f_eq(n, 1), with_x=False), "until the second"),
        (ones_are(lambda n: ls.f_smaller(n, 0.5)), "always 0"),
        (lambda x: ls.f_step(adder(x), mu=1), "stays up, like a flag"),
        (ones_are(lambda n: ls.f_eq(n, 2)), "the SECOND 1"),
    ],
    "06.6": [
        ([1, 1, 5], "ends"),
        ([3, 1, 5, 2, 7], "the query is no key"),
        ([2, 1, 5, 2, 7], "at the last value"),
        ([1, 1, 5, 2, 0], "adding 0 shows nothing"),
        ([1, 1, 5, 1, 7], "Two equal keys"),
        ([1, 1, 5, 2, 7, 3, 8], "3 or 5 tokens"),
        ([1, 1, 5, 2, 70], "0 to 9"),
    ],
    "06.7": [
        (sums(lambda a, b: divmod(a + b, 5)[::-1]), "the carry comes first"),
        (sums(lambda a, b: (0, (a + b) % 5)), "Where is the carry?"),
        (sums(lambda a, b: divmod(a + b, 10)), "no word of two tokens from 0 to 4"),
        (sums(lambda a, b: divmod(a + b, 5), but=[(3, 4)]), "not in your dictionary"),
        (sums(lambda a, b: divmod(a * b, 5)), "0 + 1 gives (0, 0); it should be"),
        ([((1, 1), (0, 2))], "a dict from pairs to pairs"),
    ],
    "06.8": [
        ((PROMISED, {"horizon": 33}), "made for 33 elements"),
        (
            discrete.program(3, "original", counter="cycle", vocabulary=range(9)),
            "integer in [0, 8]; an element",
        ),
        (discrete.program(2, "original", counter="cycle"), "the last three outputs are [0, 0, 0]"),
        (discrete.program(3, "optimized", lam=20, counter="cycle"), "none of 0 keys"),
        (rings(values=2), "one of 1 key: the last"),
        (("original", {"horizon": 99}), "a tuple of a Program and a dict"),
    ],
}
OTHERS = {
    "06.2": lambda k: [[int(j == i + 1) for j in range(k)] for i in range(k)],
    "06.3": one_number,
    "06.4": moved(),
    "06.5": climb,
    "06.6": [4, 4, 0, 9, 1],
    "06.7": sums(lambda a, b: divmod(a + b, 5), but=[(0, 0)]),
    "06.8": rings(),
}
