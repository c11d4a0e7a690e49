"""Answers to the exercises of chapter 14."""

import numpy as np

from lsrl_edu.practice import exercise, puzzle
from lsrl_edu.study import probing


def lines(*starts):
    """The numbers of the lines that begin like this."""
    shown = [line.strip() for line in exercise("14.3").judge.lines]
    return [next(i for i, line in enumerate(shown, 1) if line.startswith(s)) for s in starts]


DEF, DEPTH, BELOW, ABOVE = "def", "depth =", "below", "above"
BROKEN, RETURN = "broken = ls.LinState(below", "return ls.ReLU(1 - above - broken"
OF_DEPTH, FORGETS = "broken = ls.LinState(depth", "return ls.ReLU(1 - above - below"


def moved():
    """The widget with its lines in another right order."""
    widget = puzzle("14.3")
    widget.order = tuple(lines(DEF, DEPTH, ABOVE, BELOW, BROKEN, RETURN))
    return widget


def probe(fit=slice(0, 20), judge=slice(20, None), constant=1):
    """A probe with choices of its halves."""

    def body(states, variable):
        design = np.column_stack([states, np.full(len(states), constant)])
        weights = np.linalg.lstsq(design[fit], variable[fit], rcond=None)[0]
        rest = variable[judge] - design[judge] @ weights
        spread = variable[judge] - variable[judge].mean()
        return 1 - (rest**2).sum() / (spread**2).sum()

    return body


def correlated(states, variable):
    """The squared correlation on the second half."""
    design = np.column_stack([states, np.ones(len(states))])
    weights = np.linalg.lstsq(design[:20], variable[:20], rcond=None)[0]
    return np.corrcoef(design[20:] @ weights, variable[20:])[0, 1] ** 2


def by_the_package(states, variable):
    """The probe of the package: two sequences, one a half."""
    halves = states.reshape(2, len(states) // 2, -1)
    return probing.probe(halves, variable.reshape(2, -1), ridge=1e-12)[1]


YES, NO = "yes", "no"
WRONG = {
    "14.1": [
        ([-0.004, 1.0002, 16383.99999, 0], "plain gradient descent"),
        ([0.000999, 1.001, 16367.616, 0], "in proportion to the weight"),
        ([0.002, 0.999, 16384.001, 0], "go up the gradient"),
        ([0, 1.001, 16383.999, -0.001], "the step is 0 too"),
        ([0, 0.999, 16383.999, 0], "Which way is down"),
    ],
    "14.2": [
        ([YES, YES, YES, NO, NO, YES], "Look again at a"),
        ([NO, NO, YES, NO, NO, YES], "Look again at b"),
        ([NO, YES, NO, NO, NO, YES], "Look again at c"),
        ([NO, YES, YES, YES, NO, YES], "Look again at d"),
        ([NO, YES, YES, NO, YES, YES], "Look again at e"),
        ([NO, YES, YES, NO, NO, NO], "Look again at f"),
    ],
    "14.3": [
        (lines(DEF, DEPTH, BELOW, ABOVE, FORGETS), "forgets that it was once"),
        (lines(DEF, DEPTH, OF_DEPTH, ABOVE, RETURN), "adds up the depth itself"),
        (lines(DEF, DEPTH, BROKEN, BELOW, ABOVE, RETURN), "`below` is used before"),
        (lines(DEF, BELOW, DEPTH, BROKEN, ABOVE, RETURN), "`depth` is used before"),
    ],
    "14.4": [
        (lambda A, B, W, Q: (Q @ A, Q @ B, W @ Q), "The first state is Q s"),
        (lambda A, B, W, Q: (Q @ A @ Q.T, Q @ B, W @ Q), "in the old basis"),
        (lambda A, B, W, Q: (A, B, W), "nothing has been rotated"),
        (lambda A, B, W, Q: (Q.T @ A @ Q, Q.T @ B, W @ Q), "the new state is Q^T s"),
        (lambda A, B, W, Q: (Q @ A @ Q.T, B, W @ Q.T), "Already the first state"),
        (lambda A, B, W, Q: Q @ A @ Q.T, "three matrices"),
        (lambda A, B, W, Q: (Q @ A @ Q.T, Q @ B, Q @ W.T), "The new W has the shape"),
    ],
    "14.5": [
        (probe(judge=slice(0, 20)), "that is not a test"),
        (probe(fit=slice(None)), "has seen those that judge it"),
        (probe(fit=slice(None), judge=slice(None)), "its own homework"),
        (probe(constant=0), "It has no constant"),
        (correlated, "squared correlation"),
        (lambda states, variable: 0.5, "it returns 0.5000"),
    ],
    "14.6": [
        ([[1, -1], [1, 1]], "changes from 1 to 0"),
        ([[1, -1], [1, -1]], "nothing is changed"),
        ([[1, 1], [-1, 1]], "nowhere balanced"),
        ([[1, -1, 1, -1], [-1, 1, 1, -1]], "It has been below 0"),
        ([[1, -1], [1, -1, 1]], "equally long"),
        ([[1, 0], [1, -1]], "A bracket is"),
    ],
    "14.7": [
        ({"whisper": 2**-12, "shout": 16, "gate": 6}, "to blame most is 'gate'"),
        ({"whisper": 2**-8, "shout": 16, "gate": 8}, "to blame most is 'whisper'"),
        ({"whisper": 2**-12, "shout": 1, "gate": 12}, "to blame most is 'shout'"),
        ({"whisper": 2**-10, "shout": 16}, "all three constants"),
        ({"whisper": 2**10, "shout": 16, "gate": 10}, "at most 1"),
        ({"whisper": 2**-10, "shout": 2.5, "gate": 10}, "whole numbers"),
    ],
}
OTHERS = {
    "14.3": moved(),
    "14.4": lambda A, B, W, Q: (Q @ A @ np.linalg.inv(Q), Q @ B, np.linalg.solve(Q.T, W.T).T),
    "14.5": by_the_package,
    "14.6": [[1, 1, -1, -1, 1, 1, 1, -1], [1, 1, -1, -1, 1, 1, 1, 1]],
    "14.7": {"whisper": 2**-9.25, "shout": 3, "gate": 9},
}
