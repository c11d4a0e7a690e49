"""Answers to the exercises of chapter 10."""

import math

import numpy as np

import lsrl_edu as ls
from lsrl_edu.practice import exercise, puzzle


def counter(x, a=1):
    """Add up."""
    return ls.LinState(x, A=[[a]], B=[[1]])


def shelf(x, places=2):
    """The element so many places back, less one."""
    return ls.LinState(x, A=np.eye(places, k=-1), B=np.eye(places, 1))[places - 1]


def lines(*starts):
    """The numbers of the lines of 10.3 that begin like this."""
    shown = [line.strip() for line in exercise("10.3").judge.lines]
    return [next(i for i, line in enumerate(shown, 1) if line.startswith(s)) for s in starts]


DEF, A, SHELF, LATE = "def", "A =", "shelf", "late ="
G, G_X, RETURN, LATE_G = "g = ls.LinState(late", "g = ls.LinState(x", "return x", "return late"


def moved():
    """The widget with its lines in the right order."""
    widget = puzzle("10.3")
    widget.order = tuple(lines(DEF, A, SHELF, LATE, G, RETURN))
    return widget


HALF = math.log(math.expm1(math.log(2) / 8))
INSIDE = -19.8136
SCALE = 2**12 * math.sqrt(1.5)


def softer():
    """Another p for float64, and its scale."""
    p = math.log(2.0**-27 / 8)
    return [p, 1 / math.sqrt(-math.expm1(-2 * 8 * math.log1p(math.exp(p))))]


def by_two_products(x):
    """The same by (a + b)^2 - a^2 - b^2, halved."""
    late = shelf(x)
    both = x + late
    return counter((both * both - x * x - late * late) / 2)


def least_squares(*decays):
    """Memories with the weights of least squares."""
    powers = np.array(decays) ** np.arange(100)[:, None]
    return [*zip(decays, np.linalg.lstsq(powers, np.ones(100), rcond=None)[0], strict=True)]


WRONG = {
    "10.1": [
        ([5, 6, 6, 8], "a plain sum"),
        ([0, 1, 1, 3], "leaves the first element out"),
        ([20480, 24576, 24576, 32768], "all elements in with gain 1"),
        ([5, 5 + 2**-12, 5 + 2**-12, 5 + 3 * 2**-12], "the state itself"),
        ([4096, 4097, 4097, 4099], "it is a 5"),
        ([20480, 20481, 20481, 20482], "element 3"),
    ],
    "10.2": [
        (-19.8, "too close"),
        (-30.0, "nothing comes in"),
        (-19.0, "it still forgets"),
        ("-20", "should be a number"),
    ],
    "10.3": [
        (lines(DEF, G_X, RETURN), "counted twice"),
        (lines(DEF, A, SHELF, LATE, G, LATE_G), "newest element is missing"),
        (lines(DEF, A, SHELF, LATE, G_X, LATE_G), "Which of your two summands"),
        (lines(DEF, A, SHELF, G, LATE, RETURN), "`late` is used before"),
        (lines(DEF, A, SHELF, LATE, G), "return nothing"),
    ],
    "10.4": [
        ([math.log(2) / 8, 0.5], "the decay is"),
        ([HALF, 0.5], "holds that times the gain"),
        ([HALF, 1.0], "counts 0.866025"),
        ([HALF], "Give two numbers"),
    ],
    "10.5": [
        ([10, 6, 4, 5], "has two halves"),
        ([5, 6, 2, 5], "has no memory"),
        ([5, 5, 4, 5], "Griffin, relus: in every third"),
        ([5, 7, 4, 5], "still have an MLP"),
        ([5, 6, 4, 4], "count layer by layer"),
        ([5, 6, 4, 6], "is in layer 5"),
        ([6, 6, 4, 5], "Look again at Hawk, relus"),
    ],
    "10.6": [
        ([INSIDE, 2**12], "counts 0.8"),
        ([-60.0, 1.0], "Nothing comes in"),
        ([-18.0, 1000.0], "it forgets"),
        ([INSIDE, 2**12 * 1.5], "counts 1.22474"),
        ([INSIDE], "Give two numbers"),
    ],
    "10.7": [
        (lambda x: x * shelf(x), "one by one"),
        (lambda x: counter(x * x), "SQUARES"),
        (lambda x: counter(x * shelf(x, 3)), "TWO places back"),
        (lambda x: counter(x) * shelf(counter(x)), "product of sums"),
        (lambda x: x * shelf(counter(x)), "ALL before it"),
        (lambda x: counter(x * shelf(x), -1), "Hawk cannot hold it"),
    ],
    "10.8": [
        ([(0.999, 1), (0.99, 1)], "is better"),
        ([(0.999, 1)] * 4, "not 4"),
        ([(1.0, 1)], "the window is shut"),
        (least_squares(0.999, 0.99899, 0.99898), "float32 has 7 digits"),
        ([0.999, 1], "Give pairs"),
    ],
}
OTHERS = {
    "10.2": -20.1,
    "10.3": moved(),
    "10.6": softer(),
    "10.7": by_two_products,
    "10.8": [
        (0.999, 72.0110096801855),
        (0.99892, -99.38829851976058),
        (0.998755, 28.377302478647493),
    ],
}
