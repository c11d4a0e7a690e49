"""Answers to the exercises of chapter 03."""

import lsrl_edu as ls
from lsrl_edu.practice import exercise, puzzle


def lines(*starts):
    """The numbers of the lines that begin like this."""
    shown = [line.strip() for line in exercise("03.4").judge.lines]
    return [next(i for i, line in enumerate(shown, 1) if line.startswith(s)) for s in starts]


DEF, ABC, HIGH, LOW = "def", "a, b", "high =", "low ="
REST, REST_HIGH, SMALLER, LARGER = "rest = low", "rest = high", "return high -", "return high +"


def moved():
    """The widget with its lines in the right order."""
    widget = puzzle("03.4")
    widget.order = tuple(lines(DEF, ABC, HIGH, LOW, REST, SMALLER))
    return widget


def give(mu=1000, exchanged=False, **options):
    """The program at the top of the chapter, with other constants."""

    def body(x):
        branches = (None, x[2]) if exchanged else (x[2], None)
        return ls.f_ifelse(ls.f_larger(x[0], x[1], mu), *branches, **options)

    return body


def counter(x):
    """The sum so far."""
    return ls.LinState(x, A=[[1]], B=[[1]])


def lead(x):
    """Ones minus zeros."""
    return ls.LinState(x, A=[[1]], B=[[2]], b=[-1])


def two_counts(x):
    """Time in the lead from two counts, with a comparison."""
    return counter(ls.f_larger(counter(x), counter(ls.f_not(x)), mu=1))


def stairs(levels, up=0.25):
    """A step for each level; up says how early a step is up."""
    return lambda x: sum(ls.f_step(x - (n - up), mu=4) for n in range(1, levels + 1))


def halving(x):
    """The best known: digit by digit."""
    digits = []
    for value in (8, 4, 2, 1):
        digit = value * ls.f_step(x - (value - 0.25), mu=4)
        digits.append(digit)
        x = x - digit
    return sum(digits)


YES, NO = "yes", "no"
WRONG = {
    "03.1": [
        ([3, 3, 3, 3], "neither method rounds"),
        ([4, 5, 4, 5], "does not blend"),
        ([0.5, 2, 6, 5], "c belongs to t"),
        ([-4.5, -8, 4, 5], "goes through a ReLU"),
        ([0.5, 0, 4, 5], "Look again at original, c = 0.5"),
    ],
    "03.2": [
        ([8, YES, 10, NO], "meet inside the ramp"),
        ([16, "y", 10, "n"], "The second and the fourth"),
        ([1000, YES, 10, NO], "not the smallest"),
        ([1 / 16, YES, 1 / 10, NO], "the width of the ramp"),
        ([16, NO, 10, NO], "multiples of 2**-4"),
        ([16, YES, 16, NO], "there is a smaller one"),
        ([16, YES, 10, YES], "divided by a power of two"),
    ],
    "03.3": [
        (lambda x: x[1] - ls.ReLU(x[1] - x[0]), "the SMALLER"),
        (lambda x: ls.ReLU(x[0] - x[1]), "Larger than what"),
        (lambda x: x[0] + ls.ReLU(x[0] - x[1]), "larger already"),
        (lambda x: x[1] + ls.ReLU(x[0]), "Where should it bend"),
        (lambda x: ls.f_ifelse(ls.f_larger(*x), x[0], x[1], "multiplicative"), "2 ReLUs"),
        (lambda x: (x[0] + x[1]) / 2, "the program is linear"),
    ],
    "03.4": [
        (lines(DEF, ABC, HIGH, LOW, REST_HIGH, SMALLER), "c never gets a chance"),
        (lines(DEF, ABC, HIGH, LOW, REST, LARGER), "the largest of the three"),
        (lines(DEF, ABC, LOW, HIGH, REST, SMALLER), "`high` is used before"),
        (lines(DEF, HIGH, ABC, LOW, REST, SMALLER), "`b` is used before"),
        (lines(DEF, ABC, HIGH, LOW, REST_HIGH, REST, SMALLER), "does nothing"),
        (lines(DEF, ABC, HIGH, LOW, REST), "return nothing"),
    ],
    "03.5": [
        (give(), "Interpreted in floats"),
        (give(method="multiplicative"), "no gate is allowed"),
        (give(mu=1, lam=1, exchanged=True), "the branches are exchanged"),
        (give(mu=1, lam=0.5), "not large enough to hide"),
        (give(mu=0.5, lam=1), "or between 0 and 1"),
        (give(mu=1024), "is still there to amplify"),
        (give(method="step"), "both its ReLUs read one number"),
    ],
    "03.6": [
        ((80.5, 10.25), "both numbers are dyadic"),
        ((40.3, 10.1), "which is a start"),
        ((20.3, 10.1), "by luck"),
        ((10.1, 80.4), "by 0.01 or more"),
        ((180.3, 10.2), "from 0 to 100"),
        ((80.3,), "Give two numbers"),
        (80.3, "it should be a pair"),
    ],
    "03.7": [
        (lambda x: ls.f_step(lead(x), mu=1), "whether the ones lead NOW"),
        (lambda x: counter(ls.f_step(lead(x) + 1, mu=1)), "a tie as a lead"),
        (counter, "counts the ones"),
        (lambda x: counter(ls.ReLU(lead(x))), "how LARGE the lead was"),
    ],
    "03.8": [
        (lambda x: 1 * x, "x itself"),
        (stairs(15, up=1), "rounds UP"),
        (stairs(15, up=0.75), "NEAREST"),
        (stairs(8), "There are 15 steps"),
        (counter, "leave out the state"),
        (lambda x: x * x, "no gate is allowed"),
    ],
}
OTHERS = {
    "03.3": lambda x: x[0] + ls.ReLU(x[1] - x[0]),
    "03.4": moved(),
    "03.5": give(lam=2),
    "03.6": [82.55, 16.45],
    "03.7": two_counts,
    "03.8": halving,
}
