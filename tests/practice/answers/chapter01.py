"""Answers to the exercises of chapter 01."""

import numpy as np

import lsrl_edu as ls
from lsrl_edu.practice import exercise, puzzle


def counter(x, **options):
    """Count."""
    return ls.LinState(x, A=[[1]], B=[[1]], **options)


def shelf(places, read):
    """A shelf of so many places, read at one of them."""

    def body(x):
        A, B = np.eye(places, k=-1), np.eye(places, 1)
        return ls.LinState(x, A=A, B=B, name="shelf")[read]

    return body


def two_states(x):
    """Two delays of one element, one behind the other."""
    one = ls.LinState(x, A=[[0, 0], [1, 0]], B=[[1], [0]])[1]
    return ls.LinState(one, A=[[0, 0], [1, 0]], B=[[1], [0]])[1]


def bump(low, high):
    """A bump of the count."""
    return lambda x: ls.f_bump(counter(x), low, high, mu=1)


def folded(x):
    """1 at a count of two: a tent with its tip there."""
    n = counter(x)
    return ls.ReLU(n - 1) - 2 * ls.ReLU(n - 2) + ls.ReLU(n - 3)


def lines(*starts):
    """The numbers of the lines that begin like this; a distractor by its own beginning."""
    shown = [line.strip() for line in exercise("01.4").judge.lines]
    return [next(i for i, line in enumerate(shown, 1) if line.startswith(s)) for s in starts]


DEF, TOTAL, ONE, LEAD, RETURN = "def", "total", "one", "lead", "return"
COUNT, COUNT_X, MEAN = "count = ls.LinState(one", "count = ls.LinState(x", "mean"


def moved():
    """The widget with its lines in a right order, the states the other way round."""
    widget = puzzle("01.4")
    widget.order = tuple(lines(DEF, ONE, COUNT, TOTAL, LEAD, RETURN))
    return widget


def keep(start=-1, exchanged=False, kept=True):
    """The first element, with what can go wrong as options."""

    def body(x):
        later = ls.f_step(counter(ls.f_constant(x, 1), init_state=[start]), mu=1)
        seen = ls.f_ifelse(later, x, None) if exchanged else ls.f_ifelse(later, None, x)
        return counter(seen) if kept else seen

    return body


def first_by_product(x):
    """The first element: a condition that decays from 1 to 0 at once, and a product."""
    at_start = ls.LinState(x, A=[[0, 0], [1, 0]], B=[[0], [0]], init_state=[[1], [0]])
    return counter(at_start[1] * x)


def climbs(x):
    """The sum of the climbs."""
    before = ls.LinState(x, A=[[0, 0], [1, 0]], B=[[1], [0]])
    return counter(ls.ReLU(before[0] - before[1]))


def of_two(x):
    """The larger of the last two elements."""
    before = ls.LinState(x, A=[[0, 0], [1, 0]], B=[[1], [0]])
    return before[0] + ls.ReLU(before[1] - before[0])


def packed(x):
    """The largest digit from one number: a sum of powers of 41."""
    base = 41
    weight = ls.f_constant(x, 1)
    for k in range(1, 10):
        weight = weight + (base**k - base ** (k - 1)) * ls.f_step(x - (k - 1), mu=1)
    sums = counter(weight)
    return sum(ls.f_step(sums - base**k + 1, mu=1) for k in range(1, 10))


YES, NO = "yes", "no"
WRONG = {
    "01.1": [
        ([1, 1, 2, 3], "counts the ones"),
        ([0, 1, 2, 5], "BEFORE"),
        ([2, 4, 10, 22], "old state only"),
        ([1, 2, 5, 10], "the last number"),
    ],
    "01.2": [
        (shelf(3, 1), "ONE place back"),
        (shelf(3, 0), "this element itself"),
        (shelf(4, 3), "THREE places back"),
        (lambda x: 2 * shelf(3, 2)(x), "the output at element 2 should be"),
    ],
    "01.3": [
        (bump(2, 3), "a count of THREE"),
        (bump(0, 1), "a count of ONE"),
        (lambda x: ls.f_step(counter(x) - 1, mu=1), "never comes down"),
        (bump(1, 3), "the way down begins too late"),
    ],
    "01.4": [
        (lines(DEF, TOTAL, COUNT_X, LEAD, RETURN), "`count` adds up the elements"),
        (lines(DEF, TOTAL, ONE, COUNT, LEAD, MEAN, RETURN), "LSRL has no division"),
        (lines(DEF, TOTAL, COUNT, ONE, LEAD, RETURN), "`one` is used before"),
        (lines(DEF, ONE, COUNT, LEAD, TOTAL, RETURN), "`total` is used before"),
        (lines(DEF, TOTAL, COUNT_X, ONE, COUNT, LEAD, RETURN), "does nothing"),
        (lines(DEF, TOTAL, ONE, COUNT, LEAD), "return nothing"),
    ],
    "01.5": [
        ([NO, NO, NO, YES, YES, NO], "Look again at a"),
        ([YES, YES, NO, YES, YES, NO], "Look again at b"),
        ([YES, NO, YES, YES, YES, NO], "Look again at c"),
        ([YES, NO, NO, NO, YES, NO], "Look again at d"),
        ([YES, NO, NO, YES, NO, NO], "Look again at e"),
        ([YES, NO, NO, YES, YES, YES], "Look again at f"),
        ([YES, NO, NO, YES, YES, "maybe"], 'Write "yes" or "no"'),
    ],
    "01.6": [
        (counter, "adds up ALL"),
        (keep(kept=False), "does not keep it"),
        (keep(exchanged=True), "BUT the first"),
        (keep(start=0), "always 0"),
        (keep(start=-2), "first TWO"),
    ],
    "01.7": [
        ([2, 5, 9], "never falls"),
        ([9, 5, 2], "never climbs"),
        ([5, 0, 0, 5], "at most three"),
        ([5, -1, 5], "whole numbers from 0 to 9"),
    ],
    "01.8": [
        (lambda x: 1 * x, "nothing is remembered"),
        (lambda x: counter(x) - ls.ReLU(counter(x) - 9), "cut off at 9"),
        (climbs, "01.7 has refuted"),
        (of_two, "the last TWO"),
    ],
}
OTHERS = {
    "01.2": two_states,
    "01.3": folded,
    "01.4": moved(),
    "01.6": first_by_product,
    "01.7": [9, 3, 4],
    "01.8": packed,
}
