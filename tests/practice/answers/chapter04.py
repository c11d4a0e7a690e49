"""Answers to the exercises of chapter 04."""

import numpy as np

import lsrl_edu as ls
from lsrl_edu.practice import exercise, puzzle


def adder(x, name=None):
    """A state that adds up what it is shown."""
    return ls.LinState(x, A=np.eye(x.dim), B=np.eye(x.dim), name=name)


def square(node):
    """A square."""
    return node * node


def by_three_squares(x):
    """The product from the squares of the sum and of both numbers."""
    return (square(x[0] + x[1]) - square(x[0]) - square(x[1])) * 0.5


def lines(*starts):
    """The numbers of the lines that begin like this."""
    shown = [line.strip() for line in exercise("04.4").judge.lines]
    return [next(i for i, line in enumerate(shown, 1) if line.startswith(s)) for s in starts]


DEF, ONE, N, SUMS, BOTH = "def", "one", "n =", "sums", "both = x"
PRODUCTS, RETURN = "products", "return n"
BOTH_SUMS, RETURN_BARE = "both = sums", "return products"


def moved():
    """The widget with its lines in another right order."""
    widget = puzzle("04.4")
    widget.order = tuple(lines(DEF, SUMS, BOTH, PRODUCTS, ONE, N, RETURN))
    return widget


def streak(take):
    """The count minus what ``take`` makes of reset, count and count of resets."""

    def body(reset):
        count = adder(ls.f_constant(reset, 1), name="count")
        resets = adder(reset, name="resets")
        return count - take(reset, count, resets)

    return body


def at(k, reset, count, resets):
    """The count at the k-th reset, kept."""
    return adder(ls.f_and(reset, ls.f_eq(resets, k, mu=1), mu=1) * count)


def distance(*known):
    """The distance of the two resets, from the second on."""
    after = ls.f_step(known[2] - 1, mu=1)
    return at(1, *known) + at(2, *known) - 2 * after * at(1, *known)


def one_register(reset):
    """A register that is added the difference of two neighbouring resets."""
    count = adder(ls.f_constant(reset, 1))
    resets = adder(reset)
    first = adder(ls.f_and(reset, ls.f_eq(resets, 1, mu=1), mu=1) * count)
    second_now = ls.f_and(reset, ls.f_eq(resets, 2, mu=1), mu=1)
    return count - first - adder(second_now * (count - first))


def spread(x):
    """The spread of the chapter."""
    n = adder(ls.f_constant(x, 1))
    return n * adder(x * x) - adder(x) * adder(x)


def around_first(x):
    """The sum of the squared distances from the first element."""
    y = x - first(x)
    return adder(y * y)


def steps(x):
    """How far each element is from the one before."""
    shelf = ls.LinState(x, A=[[0, 0], [1, 0]], B=[[1], [0]])
    return shelf[0] - shelf[1]


def first(x):
    """The first element, kept, without a product."""
    is_first = ls.LinState(x, A=[[0, 0], [1, 0]], B=[[0], [0]], init_state=[[1], [0]])[1]
    return adder(ls.f_ifelse(is_first, x, None, lam=2 * 10**9))


def flagged(*choice, **options):
    """The sum of what a conditional lets through."""
    return lambda x: adder(ls.f_ifelse(x[0], x[1], None, *choice, **options))


def by_hand(x):
    """Two ReLUs for each sign: the mask written out."""
    shut = 6 - 6 * x[0]
    return adder(ls.ReLU(x[1] - shut) - ls.ReLU(-1 * x[1] - shut))


def chord_square(z, k):
    """The square on the unit interval from k chords."""
    value = z / k
    for i in range(1, k):
        value = value + ls.ReLU(z - i / k) * (2 / k)
    return value


def fold_square(z, m):
    """The square on the unit interval from m folds."""
    value, tent = z, z
    for s in range(1, m + 1):
        tent = 2 * tent - 4 * ls.ReLU(tent - 0.5)
        value = value - tent / 4**s
    return value


def nearly_times(make, one, two):
    """The product from two squares of that precision."""

    def body(x):
        d = 2 * ls.ReLU(x[0] - x[1]) - (x[0] - x[1])
        return make((x[0] + x[1]) / 2, one) - make(d, two) / 4

    return body


YES, NO = "yes", "no"
WRONG = {
    "04.1": [
        ([2, 2, 6, 6], "That is the state"),
        ([4, 0, 24, 0], "shuts the read-out"),
        ([4, 6, 16, 4], "overwrites"),
        ([4, 0, 16, 0], "empties the state"),
        ([0, 6, 8, 6], "BEFORE"),
    ],
    "04.2": [
        ([YES, YES, YES, NO, NO, YES], "Look again at a"),
        ([NO, NO, YES, NO, NO, YES], "Look again at b"),
        ([NO, YES, NO, NO, NO, YES], "Look again at c"),
        ([NO, YES, YES, YES, NO, YES], "Look again at d"),
        ([NO, YES, YES, NO, YES, YES], "Look again at e"),
        ([NO, YES, YES, NO, NO, NO], "Look again at f"),
    ],
    "04.3": [
        (lambda x: x[0] * x[1], "Only `square(...)`"),
        (lambda x: square(x[0] + x[1]), "The two squares have to go"),
        (lambda x: square(x[0] + x[1]) - square(x[0] - x[1]), "several times over"),
        (lambda x: square(x[0] + x[1]) - square(x[0]) - square(x[1]), "twice the product"),
        (lambda x: square(x[0]) - square(x[1]), "no square of a sum"),
    ],
    "04.4": [
        (lines(DEF, ONE, N, SUMS, BOTH_SUMS, PRODUCTS, RETURN), "products of ELEMENTS"),
        (lines(DEF, SUMS, BOTH, PRODUCTS, RETURN_BARE), "not multiplied by the number"),
        (lines(DEF, N, ONE, SUMS, BOTH, PRODUCTS, RETURN), "`one` is used before"),
        (lines(DEF, ONE, N, SUMS, PRODUCTS, BOTH, RETURN), "`both` is used before"),
        (lines(DEF, ONE, N, SUMS, BOTH, PRODUCTS), "return nothing"),
    ],
    "04.5": [
        (streak(lambda reset, count, _: adder(reset * count)), "WHOLE count"),
        (streak(lambda *known: at(1, *known)), "the first reset only"),
        (streak(lambda *known: at(2, *known)), "the second reset only"),
        (streak(distance), "the distance of the two resets"),
    ],
    "04.6": [
        (spread, "neighbouring floats"),
        (lambda x: spread(x - 10**9), "written down"),
        (around_first, "second term"),
        (lambda x: spread(steps(x)), "spread of the STEPS"),
        (lambda x: 0 * x, "the output at element 1 should be"),
    ],
    "04.7": [
        (flagged(), "The largest weight of the network is 1e+10"),
        (flagged("multiplicative"), "linear_rnn refuses"),
        (lambda x: adder(ls.ReLU(x[1] - 6 + 6 * x[0])), "loses the negative"),
        (lambda x: adder(x[1]), "with the flag up or down"),
        (flagged("optimized", lam=4), "With lambda = 4 a number above 4"),
        (lambda x: adder(ls.f_ifelse(x[0], None, x[1], lam=6)), "flag is DOWN"),
    ],
    "04.8": [
        (lambda x: x[0] * x[1], "There is a product"),
        (lambda x: (x[0] + x[1]) / 2 - 0.25, "Without a ReLU"),
        (nearly_times(chord_square, 8, 8), "off by"),
        (lambda x: adder(nearly_times(fold_square, 4, 3)(x)), "There is a state"),
    ],
}
OTHERS = {
    "04.3": by_three_squares,
    "04.4": moved(),
    "04.5": one_register,
    "04.6": lambda x: spread(x - first(x)),
    "04.7": by_hand,
    "04.8": nearly_times(fold_square, 4, 3),
}
