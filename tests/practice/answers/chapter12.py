"""Answers to the exercises of chapter 12."""

import numpy as np

import lsrl_edu as ls
from lsrl_edu.practice import exercise, puzzle


def adder(x, name=None):
    """A state that adds up what it is shown."""
    return ls.LinState(x, A=np.eye(x.dim), B=np.eye(x.dim), name=name)


def lines(*starts):
    """The numbers of the lines that begin like this."""
    shown = [line.strip() for line in exercise("12.3").judge.lines]
    return [next(i for i, line in enumerate(shown, 1) if line.startswith(s)) for s in starts]


DEF, IS_X, SHIFT, WINDOW, NAMES = "def", "is_x", "shift", "window", "new, y"
SEEN, S, RETURN = "seen = is_x * y * old", "S =", "return"
UNGATED, PARTNER = "seen = y", "seen = is_x * y * new"


def moved():
    """The widget with its lines in another right order."""
    widget = puzzle("12.3")
    widget.order = tuple(lines(DEF, SHIFT, WINDOW, NAMES, IS_X, SEEN, S, RETURN))
    return widget


def window(number, size=3):
    """The last numbers, the newest first."""
    return ls.LinState(number, A=np.eye(size, k=-1), B=np.eye(size)[:, :1], name="window")


def learner(seen, is_x=lambda x: x[1], shut=True):
    """The program of 12.4 from what its state sees."""

    def body(x):
        now, last = is_x(x), window(x[0])
        said = adder(seen(now, last), name="S") * x[0] / 2
        return said * now if shut else said

    return body


def counted(x):
    """A clock in place of the marker."""
    return ls.f_not(ls.f_modulo_counter(x, 2))


def at_target(is_x, last):
    """The pair, once its target is there."""
    return ls.f_not(is_x) * last[0] * last[1]


def at_next_x(is_x, last):
    """Any two numbers before an x."""
    return is_x * last[1] * last[2]


def by_both_markers(x):
    """The pair when the next x comes, if the element between was a target."""
    number, marker = window(x[0]), window(x[1])
    seen = x[1] * ls.f_not(marker[1]) * number[1] * number[2]
    return x[1] * adder(seen) * x[0] / 2


def steps(of):
    """The program of 12.6 from S, G, the newest x and W."""

    def body(x):
        S, G = adder(x[0] * x[1], name="S"), adder(x[0] * x[0], name="G")
        return of(S, G, x[0]) * x[2]

    return body


def gril(row, column, keep=0.9, rate=0.5, pick=2):
    """The weights of a GRIL whose W has a single 1."""
    W = np.zeros((3, 3))
    W[row, column] = 1
    return {
        "W": W.tolist(),
        "Lambda": [[keep] * 2] * 2,
        "C": [[rate, 0], [0, rate]],
        "D": np.eye(3)[pick].tolist(),
    }


def scaled(weights, factor):
    """The same answers from other scales."""
    both = {"W": factor, "C": 1 / factor}
    return weights | {k: (np.array(weights[k]) * f).tolist() for k, f in both.items()}


def rated(rate):
    """One step whose rate is made from G and the number of pairs."""

    def body(x):
        S, G = adder(x[0] * x[1]), adder(x[0] * x[0])
        return S * rate(G, adder(ls.f_constant(x, 1))) * x[2]

    return body


def bent(G, n):
    """A rate with two bends."""
    return 0.86 - 0.163 * G + 1.54 * ls.ReLU(1.235 - G) + 9.7 * ls.ReLU(0.436 - G)


WRONG = {
    "12.1": [
        ([0, 0.4, 0.8, 3.2, 6], "At a target"),
        ([0, 0, 4, 0, 30], "How long is a step"),
        ([0, 0, 4, 0, 6], "as if the line were known"),
        ([0.4, 0, 4, 0, 6], "looked ahead"),
        ([0, 0, 0.8, 0, 4.8], "the second pair alone"),
    ],
    "12.2": [
        ([-6, 0.25, 0.5, 4], "how many of the signs"),
        ([1.5, 0.25, 0.5, 4], "that is eta / f"),
        ([-1, 0.25, 0.5, 4], "C alone"),
        ([6, 0.125, 0.5, 4], "the newest pair is not"),
        ([6, 0.5, 0.5, 4], "one pair later"),
        ([6, 0.25, 0.25, 4], "a pair takes two elements"),
        ([6, 0.25, 0.0625, 4], "you have squared"),
        ([6, 0.25, 0.5, 8], "for all tokens"),
        ([6, 0.25, 0.5, 2], "the question is an x too"),
    ],
    "12.3": [
        (lines(DEF, IS_X, SHIFT, WINDOW, NAMES, UNGATED, S, RETURN), "fed at the targets"),
        (lines(DEF, IS_X, SHIFT, WINDOW, NAMES, PARTNER, S, RETURN), "comes AFTER it"),
        (lines(DEF, IS_X, WINDOW, SHIFT, NAMES, SEEN, S, RETURN), "`shift` is used before"),
        (lines(DEF, SHIFT, WINDOW, NAMES, SEEN, IS_X, S, RETURN), "`is_x` is used before"),
        (lines(DEF, IS_X, SHIFT, WINDOW, NAMES, SEEN, S), "return nothing"),
    ],
    "12.4": [
        (learner(at_next_x, counted), "still counts"),
        (learner(at_next_x), "the last two numbers before"),
        (learner(lambda is_x, last: last[0] * last[1]), "every two neighbours"),
        (learner(at_target, shut=False), "answers at targets"),
    ],
    "12.5": [
        ([[(1, 2)], [(1, 3), (2, 6)]], "S is 2 after the first prompt and 15"),
        ([[(1, 2)], [(3, 6)]], "the same line, with the slope 2"),
        ([[(1, 2), (2, 1)], [(2, 2)]], "the first prompt do not"),
        ([[(2, 2)], [(1, 2), (2, 1)]], "the second prompt do not"),
        ([[(0, 0)], [(1, 0)]], "An x is 0"),
        ([(1, 4), (2, 2)], "each a list of pairs"),
    ],
    "12.6": [
        (steps(lambda S, G, x: S / 8), "That is one step"),
        (steps(lambda S, G, x: S / 4), "the first step twice"),
        (steps(lambda S, G, x: S * (2 + G / 8) / 8), "goes DOWN"),
        (steps(lambda S, G, x: S * (2 - G) / 8), "A rate is missing"),
        (steps(lambda S, G, x: S * (2 - x * x / 8) / 8), "the newest x alone"),
    ],
    "12.7": [
        (gril(1, 0), "this is the way there"),
        (gril(1, 0, keep=1), "the construction of the chapter"),
        (gril(0, 1, keep=1), "which parameter forgets"),
        (gril(0, 1, keep=0.9**0.5), "too slowly"),
        (gril(0, 1, keep=0.81), "too fast"),
        (gril(0, 1, rate=1), "twice as long"),
        (gril(0, 1, rate=-0.5), "the wrong sign"),
        (gril(0, 1, pick=1), "After 1 pair your layer says"),
        (gril(0, 1) | {"Lambda": [0.9, 0.9]}, "Lambda has the shape (2,)"),
        ({"W": [[0, 1, 0]] * 3}, "no 'Lambda'"),
    ],
    "12.8": [
        (rated(lambda G, n: 0.53), "After 40 pairs its loss is 0.627"),
        (rated(lambda G, n: 2.0), "After 40 pairs its loss is 32"),
        (rated(lambda G, n: 1.5 - G * G * 0.1 + 0 * n * n), "6 products"),
        (rated(lambda G, n: bent(G, n) + ls.ReLU(n - 30)), "3 ReLUs"),
        (lambda x: x[0] * x[1] * x[2], "no state in it"),
    ],
}
OTHERS = {
    "12.3": moved(),
    "12.4": by_both_markers,
    "12.5": [[(1, -3), (1, -3)], [(1, -6)]],
    "12.6": steps(lambda S, G, x: S / 4 - G * S / 64),
    "12.7": scaled(gril(0, 1), -4),
    "12.8": rated(bent),
}
