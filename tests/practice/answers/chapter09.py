"""Answers to the exercises of chapter 09."""

import math

import numpy as np

import lsrl_edu as ls
from lsrl_edu.practice import exercise, puzzle
from lsrl_edu.practice.chapters.specs09 import UNIT, WHISPER


def counter(x, a=1):
    """Count the ones."""
    return ls.LinState(x, A=[[a]], B=[[1]], name="ones")


def lines(*starts):
    """The numbers of the lines of 09.3 that begin like this."""
    shown = [line.strip() for line in exercise("09.3").judge.lines]
    return [next(i for i, line in enumerate(shown, 1) if line.startswith(s)) for s in starts]


DEF, ONE, COUNT, RETURN = "def", "one", "rest = ls.LinState(one, A=[[1]]", "return"
FLIP, EARLY = "rest = ls.LinState(one, A=[[-1]]", "rest = rest - 3 * ls.f_step(rest - 1"
TWELVE, SIX, THREE = "rest = rest - 12", "rest = rest - 6", "rest = rest - 3 * ls.f_step(rest - 2"


def moved():
    """The widget with its lines in the right order."""
    widget = puzzle("09.3")
    widget.order = tuple(lines(DEF, ONE, COUNT, TWELVE, SIX, THREE, RETURN))
    return widget


Y = ["yes", "no", "yes", "no", "yes", "yes", "no"]


def states(place):
    """The right words, but for one."""
    return [{"yes": "no", "no": "yes"}[w] if i == place else w for i, w in enumerate(Y)]


HALF = math.log(math.log(2) / 32)


def leak(a_log=HALF, dt_bias=32.0, **more):
    """The leak, with changes."""
    return {"branch": [0, WHISPER, 0], "a_log": a_log, "dt_bias": dt_bias} | more


def streak(**changes):
    """The count since the last flag, with changes."""
    right = {"branch": [WHISPER, 0, -WHISPER], "a_log": -22.0, "dt_bias": 32.0}
    return right | {"dt_weight": 2.0**40} | changes


def folds(*places):
    """The count, folded."""

    def body(x):
        rest = counter(x)
        for place in places:
            rest = rest - 2 * ls.ReLU(rest - place)
        return rest

    return body


def by_steps(x):
    """Take away 32, 16, ..., 2 where they fit."""
    rest = counter(x)
    for size in (32, 16, 8, 4, 2):
        rest = rest - size * ls.f_step(rest - (size - 1), mu=1)
    return rest


def hill(x, whole=True):
    """Two folds into four, then products: 11."""
    rest = counter(x)
    for fold in (16, 4):
        zigzag = [ls.ReLU(rest - k * fold) for k in (1, 2, 3)]
        rest = rest - 2 * zigzag[0] + 2 * zigzag[1] - 2 * zigzag[2]
    first = rest * (4 - rest)
    return first * (4 - first) / 3 if whole else first / 3


def chebyshev(v, degree, values):
    """The polynomial of v with given values, in Chebyshev's polynomials."""
    T = {0: 1, 1: v}
    for k in range(2, degree + 1):
        half = 2 ** int(math.log2(k - 1)) if k > 2 else 1
        T[k] = 2 * (T[half] * T[k - half]) - T[2 * half - k]
    at = np.polynomial.chebyshev.chebvander(values, degree)
    c = np.linalg.solve(at, np.arange(degree + 1) % 2)
    return sum(float(c[k]) * T[k] for k in range(1, degree + 1)) + float(c[0])


def long_polynomial(x, reach=8):
    """One zigzag, then the parity of a number from -reach to reach as a polynomial: 9 for 8."""
    rest = counter(x)
    bends = range(1, 64 // (2 * reach))
    for k in bends:
        rest = rest + (-1) ** k * 2 * ls.ReLU(counter(x) - 2 * reach * k)
    rest = rest - reach
    square = 2 * (rest * (rest / reach**2)) - 1
    return chebyshev(square, reach, 2 * (np.arange(reach + 1) / reach) ** 2 - 1)


WRONG = {
    "09.1": [
        ([4, 2, 3, 7.5], "This is tap 2"),
        ([0, 4, 4, 6], "adds everything up"),
        ([0, 4, 0, 2], "the delay alone"),
        ([0, 0, 4, 2], "ONE element late"),
        ([0, 2, 1, 1.5], "not halved"),
        ([0, 4, 2, 1], "element 3"),
    ],
    "09.2": [
        ([2**20, 2**22], "Give the exponents"),
        ([19, 22], "one too few"),
        ([39, 22], "M for M^2. The error"),
        ([10, 22], "calculate it"),
        ([21, 22], "a: half of that"),
        ([20, 44], "Q must be below"),
        ([20, 21], "is luck"),
        ([20, 23], "b: half of that"),
    ],
    "09.3": [
        (lines(DEF, ONE, COUNT, SIX, TWELVE, THREE, RETURN), "You take away 6, then 12"),
        (lines(DEF, ONE, COUNT, THREE, SIX, TWELVE, RETURN), "You take away 3, then 6"),
        (lines(DEF, ONE, COUNT, TWELVE, SIX, RETURN), "goes up to 5"),
        (lines(DEF, ONE, COUNT, TWELVE, SIX, EARLY, RETURN), "from 2 already"),
        (lines(DEF, ONE, FLIP, TWELVE, SIX, THREE, RETURN), "must come to rest"),
        (lines(DEF, COUNT, ONE, TWELVE, SIX, THREE, RETURN), "`one` is used before"),
    ],
    "09.4": [
        (states(0), "Look again at a"),
        (states(1), "Look again at b"),
        (states(2), "Look again at c"),
        (states(3), "Look again at d"),
        (states(4), "Look again at e"),
        (states(5), "Look again at f"),
        (states(6), "Look again at g"),
    ],
    "09.5": [
        (leak(dt_bias=-1000.0), "Nothing comes in"),
        (leak(a_log=0.0, dt_bias=0.0), "undoes a step of 32"),
        (leak(a_log=-1000.0), "Nothing fades"),
        (leak(a_log=math.log(0.5)), "Of the old state a share of"),
        (leak(d=1.0, out=UNIT / 2), "counts"),
        ({"branch": 1, "a_log": 1, "dt_bias": 2}, "three numbers"),
    ],
    "09.6": [
        (streak(branch=[0, WHISPER, 0]), "takes in the value v"),
        (streak(a_log=8.0), "forgets at every element"),
        (streak(branch=[WHISPER, 0, 0], dt_weight=0.0), "The flag changes nothing"),
        (streak(a_log=-1000.0), "nothing is forgotten either"),
        (streak(branch=[WHISPER, 0, 0]), "it is multiplied by the step"),
        (streak(a_log=-15.0), "At element"),
        (streak(B=1), "see ['B']"),
    ],
    "09.7": [
        (folds(1, 2, 4, 8, 16, 32), "what the draft gives"),
        (folds(32, 16, 8, 4, 2), "One fold more"),
        (folds(16, 8, 4, 2, 1), "Right up to 32 ones"),
        (lambda x: 1 - by_steps(x), "EVEN"),
        (lambda x: counter(x, -1), "come to rest"),
        (folds(32, 16), "should be"),
    ],
    "09.8": [
        (counter, "the number of ones"),
        (folds(1), "goes down for ever"),
        (lambda x: hill(x, whole=False), "4/3 at 2"),
        (lambda x: long_polynomial(x, 16), "Right on paper"),
        (lambda x: counter(x, -1), "come to rest"),
    ],
}
OTHERS = {
    "09.3": moved(),
    "09.5": leak(a_log=0.0, dt_bias=0.0, out=UNIT * 32 / math.log(2)),
    "09.6": streak(a_log=-23.0, dt_weight=2.0**60),
    "09.7": by_steps,
    "09.8": long_polynomial,
}
