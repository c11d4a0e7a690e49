"""Answers to the exercises of chapter 13."""

import numpy as np

import lsrl_edu as ls
from lsrl_edu.practice import exercise, puzzle


def adder(x, name=None):
    """A state that adds up what it is shown."""
    return ls.LinState(x, A=np.eye(x.dim), B=np.eye(x.dim), name=name)


def lines(*starts):
    """The numbers of the lines that begin like this."""
    shown = [line.strip() for line in exercise("13.3").judge.lines]
    return [next(i for i, line in enumerate(shown, 1) if line.startswith(s)) for s in starts]


DEF, KEY, VALUES, WRITTEN = "def", "key, query", "values", "written = key * values"
S, READ, RETURN = "S =", "read = S", "return"
BY_QUERY, READ_NOW = "written = key * query", "read = written"


def moved():
    """The widget with its lines in another right order."""
    widget = puzzle("13.3")
    widget.order = tuple(lines(DEF, VALUES, KEY, WRITTEN, S, READ, RETURN))
    return widget


def attends(take):
    """Elements (key, query, value): the state, what is written, and what ``take`` makes of it."""

    def body(x):
        written = x[0] * x[2]
        return take(adder(written, name="S"), written, *x[:3])

    return body


def before(x):
    """The sum without this element: a shift register with one place, then the sum."""
    key, query, value = x[0], x[1], x[2]
    last = ls.LinState(key * value, A=[[0, 0], [1, 0]], B=[[1], [0]])[1]
    return adder(last, name="S") * query


def late(x):
    """Everything one element late."""
    last = ls.LinState(x, A=np.eye(6, k=-3), B=np.eye(6)[:, :3])[3:]
    return adder(last[0] * last[2]) * last[1]


def sharper(*features):
    """Attention between features of the key and of the query, given as (power, power, weight)."""

    def of(z, a, b):
        return z[a] * z[b]

    def body(x):
        key, query, value = x[:2], x[2:4], x[4]
        parts = [
            weight * (adder(of(key, a, b) * value) * of(query, a, b)) for a, b, weight in features
        ]
        return sum(parts[1:], parts[0])

    return body


def plain(x):
    """Linear attention in the plane."""
    return adder(x[0] * x[4]) * x[2] + adder(x[1] * x[4]) * x[3]


def by_sum_and_difference(x):
    """The mixed products from squares of sums and differences: three other features."""
    a, b, c, d, value = x[0], x[1], x[2], x[3], x[4]
    one, two = adder(a * a * value), adder(b * b * value)
    both = adder((a + b) * (a + b) * value)
    return one * (c * c) + two * (d * d) + (both - one - two) * (c * d)


def delta(iterations, last=True):
    """The delta rule from guesses that are right for one element more each time."""

    def body(x):
        new, square = x[0] * x[2], x[0] * x[0]
        step = new
        for _ in range(iterations):
            step = new - square * (adder(step) - step)
        old = adder(step) - step
        return (old + new - square * old) * x[1] if last else adder(step) * x[1]

    return body


def of_last(count):
    """The delta rule on the last ``count`` elements, from a shift register."""

    def body(x):
        pair = ls.Concat(x[0] * x[2], x[0] * x[0])
        n = 2 * count
        past = ls.LinState(pair, A=np.eye(n, k=-2), B=np.eye(n)[:, :2])
        S = past[n - 2]
        for i in range(n - 4, -1, -2):
            S = S + past[i] - past[i + 1] * S
        return S * x[1]

    return body


def linear_factor(x):
    """A factor 1 - k in place of 1 - k k, for four elements."""
    new = x[0] * x[2]
    step = new
    for _ in range(3):
        step = new - x[0] * (adder(step) - step)
    return adder(step) * x[1]


WRONG = {
    "13.1": [
        ([6, 6, 24], "the element itself only"),
        ([0, -6, 24], "before this element is written"),
        ([3, 6, 18], "The second product"),
        ([6, 0, 24], "lost a square"),
        ([2, 4, 12], "key times VALUE"),
    ],
    "13.2": [
        ([16, 4, 6, 0], "again at a: 16"),
        ([14, 4, 6, 0], "carried numbers too"),
        ([10, 1, 6, 0], "its query can be anything"),
        ([10, 10, 6, 0], "Is all of S read"),
        ([10, 4, 36, 0], "never asked for"),
        ([10, 4, 9, 0], "values have 2"),
        ([10, 4, 6, 1], "must that be remembered"),
        ([10, 4, 6, 10], "What is S then?"),
    ],
    "13.3": [
        (lines(DEF, KEY, BY_QUERY, S, READ, RETURN), "has no value in it"),
        (lines(DEF, KEY, VALUES, WRITTEN, READ_NOW, RETURN), "never the past"),
        (lines(DEF, VALUES, WRITTEN, KEY, S, READ, RETURN), "`key` is used before"),
        (lines(DEF, KEY, VALUES, WRITTEN, READ, S, RETURN), "`S` is used before"),
    ],
    "13.4": [
        ([[2, 1], [3, 2]], "Those are the keys. They"),
        ([[0.4, 0.2], [3 / 13, 2 / 13]], "divided by their squared lengths"),
        ([[2, -1], [-3, 2]], "not in the right places"),
        ([[-1, 2], [2, -3]], "wrong way round"),
        ([[1, -1], [-1, 2]], "S gives 1 v1 + 1 v2"),
        ([2, -3], "have the shape (2,)"),
    ],
    "13.5": [
        (attends(lambda S, w, k, q, v: S * q), "itself as well"),
        (attends(lambda S, w, k, q, v: S * q - v * q), "whatever its key"),
        (attends(lambda S, w, k, q, v: S * q - w), "after the query"),
        (late, "last time's answer"),
    ],
    "13.6": [
        ([[(1, 2), (3, 4)], [(3, 4), (-1, -2)]], "Order and signs"),
        ([[(5, 0), (0, 5)], [(3, 4), (4, 3)]], "which is not enough"),
        ([[(1, 0), (0, 1)], [(2, 0), (0, 2)]], "The sum of x1 x1 is 1 for the first"),
        ([[(5, 0), (0, 0)], [(3, 4), (-4, 3)]], "leaves no trace"),
        ([[(5, 0)], [(3, 4)]], "each of two elements"),
    ],
    "13.7": [
        (plain, "Nothing has been squared"),
        (lambda x: plain(x) * plain(x), "squares the SUM"),
        (sharper((0, 0, 1), (1, 1, 1)), "leaves out the mixed term"),
        (sharper((0, 0, 1), (1, 1, 1), (0, 1, 1)), "comes twice"),
        (
            lambda x: by_sum_and_difference(x) + 0 * adder(x[0]) + adder(x[4]) - adder(x[4] + 1),
            "remembers",
        ),
    ],
    "13.8": [
        (attends(lambda S, w, k, q, v: S * q), "That is linear attention"),
        (attends(lambda S, w, k, q, v: w * q), "this element only"),
        (linear_factor, "1 - k."),
        (of_last(2), "Right for two"),
        (of_last(3), "Right for three"),
    ],
}
OTHERS = {
    "13.3": moved(),
    "13.5": before,
    "13.6": [[(1, 7), (7, -1)], [(5, 5), (5, -5)]],
    "13.7": by_sum_and_difference,
    "13.8": delta(2),
}
