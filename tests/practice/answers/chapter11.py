"""Answers to the exercises of chapter 11."""

import lsrl_edu as ls
from lsrl_edu.practice import exercise, puzzle
from lsrl_edu.practice.chapters.specs11 import remainder


def lines(*starts):
    """The numbers of the lines of 11.4 that begin like this."""
    shown = [line.strip() for line in exercise("11.4").judge.lines]
    return [next(i for i, line in enumerate(shown, 1) if line.startswith(s)) for s in starts]


DEF, A, B, BOTH = "def", "a =", "b =", "both = 3"
RETURN, SWAPPED, LATE = (
    "return both - 6 * ls.f_step(both - 5",
    "both = 2",
    "return both - 6 * ls.f_step(both - 7",
)


def moved():
    """The widget with its lines in the right order."""
    widget = puzzle("11.4")
    widget.order = tuple(lines(DEF, B, A, BOTH, RETURN))
    return widget


Y = ["yes", "no", "no", "yes", "yes", "no"]


def covered(place):
    """The right words, but for one."""
    return [{"yes": "no", "no": "yes"}[w] if i == place else w for i, w in enumerate(Y)]


def mirrors(**changes):
    """The two vectors, with changes."""
    return {"swap": [0, 1, 0, -1], "lay": [1, -2]} | changes


def square(which="before", draft=False, flag=4):
    """The group of the square, or a program nearly like it."""

    def program(x):
        r, f = x[0], x[1]
        now = remainder(ls.LinState(f, A=[[1]], B=[[1]]), 2, 12)
        mirrored = {"now": now, "before": now + f - 2 * ls.f_and(now, f), "never": 0 * now}[which]
        three = ls.ReLU(r - 2)
        two = ls.ReLU(r - 1) - 2 * three
        one = r - 2 * two - 3 * three
        signed = r + ls.f_and(mirrored, one) - ls.f_and(mirrored, two)
        if not draft:
            signed = r + 2 * ls.f_and(mirrored, one) - 2 * ls.f_and(mirrored, three)
        return remainder(ls.LinState(signed, A=[[1]], B=[[1]]), 4, 36) + flag * now

    return program


def by_products(x):
    """The square with products of a sign and r, and a sum that may be negative."""
    r, f = x[0], x[1]
    now = remainder(ls.LinState(f, A=[[1]], B=[[1]]), 2, 12)
    before = now + f - 2 * now * f
    turns = ls.LinState(r - 2 * before * r, A=[[1]], B=[[1]])
    return remainder(turns + 36, 4, 72) + 4 * now


def clock(n):
    """The package's clock mod n."""
    return lambda x: ls.f_modulo_counter(x, n, method="cycle")


def sixth(x, start=(0, -1)):
    """A turn by a sixth, and two ReLUs: 4."""
    s = ls.LinState(x, A=[[1, -1], [1, 0]], B=[[0], [0]], init_state=list(start))
    p, q = s[0], s[1]
    return 1 - p + q + ls.ReLU(-p - q) + ls.ReLU(3 * p - 7 * q - 3)


WRONG = {
    "11.1": [
        ([1, -0.5, 0.25, -0.125], "You multiplied"),
        ([2, 1.5, 1.25, 1.125], "Your second entry keeps"),
        ([-0.5, 1.25, -0.875, 1.0625], "one element late"),
        ([0, -0.5, -0.75, -0.875], "-1 all the time"),
        ([1, 0.5, 0.25, 0.125], "first entry alone"),
        ([1, -1, 1, -1], "second entry alone"),
        ([2, -0.5, 1.25, -1], "element 3"),
    ],
    "11.2": [(covered(i), f"Look again at {name}") for i, name in enumerate("abcdef")],
    "11.3": [
        ([0] * 20, "nothing to count"),
        ([1, 0] * 8, "keep their promise"),
        ([1] * 15, "more than `parity(8)` promises"),
        ([1] * 30, "At most 24"),
        ([16], "Only zeros and ones"),
    ],
    "11.4": [
        (lines(DEF, A, B, SWAPPED, RETURN), "is 5 at t = 1"),
        (lines(DEF, A, B, BOTH, LATE), "it stays 7"),
        (lines(DEF, A, B, SWAPPED, LATE), "Both weights and the place"),
        (lines(DEF, A, BOTH, B, RETURN), "`b` is used before"),
        (lines(DEF, A, B, BOTH), "return nothing"),
    ],
    "11.5": [
        (mirrors(swap=[0, 1, 0, 1]), "changes their signs"),
        (mirrors(swap=[1, 0, -1, 0]), "Places count from 0"),
        (mirrors(swap=[0, 0, 0, 0]), "zero vector"),
        (mirrors(swap=[1, -1]), "a list of 4 numbers"),
        (mirrors(lay=[8, 4]), "on the wrong side"),
        (mirrors(lay=[3, 4]), "its opposite"),
        (mirrors(lay=[1, -1]), "in which direction"),
    ],
    "11.6": [
        (square(draft=True), "what the draft gives"),
        (square("now"), "parity with this mirroring"),
        (square("never"), "as they come"),
        (square(flag=0), "mirrored is missing"),
        (square(flag=3), "should be"),
    ],
    "11.7": [
        (clock(3), "the clock mod 3"),
        (clock(2), "the clock mod 2"),
        (lambda x: sixth(x, start=(1, 0)), "One element ahead"),
        (lambda x: ls.LinState(0 * x + 1, A=[[1]], B=[[1]], init_state=[-1]), "never resets"),
    ],
}
OTHERS = {
    "11.3": [0, 0, 1, 0, *[1] * 18],
    "11.4": moved(),
    "11.5": mirrors(swap=[0, -0.5, 0, 0.5], lay=[-2, 4]),
    "11.6": by_products,
    "11.7": sixth,
}
