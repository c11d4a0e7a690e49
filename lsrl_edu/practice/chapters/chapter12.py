"""Exercises of chapter 12, learning in the state."""

import numpy as np

from lsrl_edu.practice.arranged import Arranged
from lsrl_edu.practice.behaviour import Behaves
from lsrl_edu.practice.challenge import Challenge, Score
from lsrl_edu.practice.chapters import specs12 as specs
from lsrl_edu.practice.exercise import Exercise
from lsrl_edu.practice.fits import Fits
from lsrl_edu.practice.judges import Equals, Finds, Mistake, Rule, Satisfies

BY_HAND = Exercise(
    "12.1",
    "Two pairs and a question",
    kind="trace",
    level="easy",
    minutes=5,
    objective="objective 1",
    judge=Equals(
        [0, 0, 0.8, 0, 6],
        places=tuple(f"element {t}" for t in range(5)),
        hint="What does S hold at this element, and is the element an x?",
        said="The last answer is the line's own: with 1/5 the rate was 1 over the sum of x x.",
        mistakes=(
            Mistake(
                lambda a: a[1] != 0 or a[3] != 0,
                "At a target the program says 0. Which elements are targets?",
            ),
            Mistake([0, 0, 4, 0, 30], "That is S times x. How long is a step?"),
            Mistake(
                [0, 0, 4, 0, 6],
                "You have answered as if the line were known. At element 2, one step has been "
                "taken, on one pair.",
            ),
            Mistake(
                [0.4, 0, 4, 0, 6],
                "You have looked ahead: at an x its own target has not come yet.",
            ),
            Mistake(
                [0, 0, 0.8, 0, 4.8],
                "Your S holds the second pair alone. It adds up both.",
            ),
        ),
    ),
    hints=(
        "Write a line for each element: is it an x, what is added to S, S, the output.",
        "A pair is added when the NEXT x comes: then x, y and the new x are in the window. Before "
        "that S is what it was.",
        "S is 0, 0, 2, 2, 10. At every x the output is S x / 5.",
    ),
)

READ_IT = Exercise(
    "12.2",
    "Read a GRIL",
    kind="explain",
    level="easy",
    minutes=7,
    objective="objectives 3 and 4",
    judge=Equals(
        [6, 0.25, 0.5, 4],
        places=("a", "b", "c", "d"),
        said="Scales move between W, C and D; only their product is a rate.",
        mistakes=(
            Mistake(lambda a: a[0] == -6, "Look again at a: how many of the signs are minus?"),
            Mistake(
                lambda a: a[0] == 1.5,
                "Look again at a: that is eta / f, the rate of the step.",
            ),
            Mistake(
                lambda a: a[0] in (1, -1),
                "Look again at a. C alone is not the rate: what else multiplies the answer?",
            ),
            Mistake(
                lambda a: a[1] == 0.125,
                "Look again at b: the newest pair is not multiplied at all.",
            ),
            Mistake(
                lambda a: a[1] == 0.5,
                "Look again at b: that is for one pair later, not two.",
            ),
            Mistake(
                lambda a: a[2] == 0.25,
                "Look again at c: a pair takes two elements, and the state is multiplied at both.",
            ),
            Mistake(
                lambda a: a[2] == 0.0625,
                "Look again at c: you have squared. Twice the factor of one element is that of a "
                "pair, not the other way round.",
            ),
            Mistake(
                lambda a: a[3] == 8,
                "Look again at d: that is for all tokens. How many of the three factors are an x?",
            ),
            Mistake(
                lambda a: a[3] == 2,
                "Look again at d: the question is an x too, and so is one factor in the state.",
            ),
        ),
    ),
    hints=(
        "Write down o for one pair, with all constants in front: o = ... y (x . question).",
        "a: the product of the three constants is eta / f. b: the state is multiplied once for "
        "every pair that comes after. c: what must be multiplied twice to give 1/4? d: o holds y "
        "once.",
        "a: 4 * 2 * (-1/4) * (-3). b: Lambda * Lambda. c: a square root. d: x counts twice in "
        "y (x . question).",
    ),
)

LEARN = Exercise(
    "12.3",
    "One step, line by line",
    kind="put in order",
    level="medium",
    minutes=8,
    objective="objective 1",
    judge=Arranged(
        (
            "def learn(x):",
            "    is_x = ls.f_not(ls.f_modulo_counter(x, 2))",
            "    shift = [[0, 0, 0], [1, 0, 0], [0, 1, 0]]",
            "    window = ls.LinState(x, A=shift, B=[[1], [0], [0]])",
            "    new, y, old = window[0], window[1], window[2]",
            "    seen = is_x * y * old",
            '    S = ls.LinState(seen, A=[[1]], B=[[1]], name="S")',
            "    return is_x * S * new / 4",
        ),
        "learn",
        Behaves(
            specs.one_step,
            specs.prompts(),
            inside={
                "S": lambda xs: np.cumsum([specs.pair(xs, t) for t in range(len(xs))]).tolist()
            },
            mistakes=(
                Mistake(
                    specs.ungated,
                    "Your S is fed at the targets as well. What is in the window there?",
                ),
                Mistake(
                    specs.wrong_partner,
                    "Your S pairs every target with the x that comes AFTER it.",
                ),
            ),
        ),
        distractors=("    seen = y * old", "    seen = is_x * y * new"),
        question="Put the lines in order. Two of them do not belong.",
        seed=12,
    ),
    hints=(
        "What must be there before the product y x can be made, and who reads the product?",
        "A window needs its shift, and `new, y, old` need the window. The gate needs the clock. "
        "S reads what is seen, and the last line reads S.",
        "def, is_x, shift, window, new y old, seen (a gate, the target, and ITS x), S, return.",
    ),
)

GAPS = Exercise(
    "12.4",
    "A target is missing",
    kind="repair",
    level="medium",
    minutes=10,
    objective="objective 1",
    judge=Behaves(
        specs.with_gaps,
        specs.marked,
        dim=2,
        domain=[float, bool],
        mistakes=(
            Mistake(
                lambda rows: specs.with_gaps(rows, "clock"),
                "That still counts. After the first missing target it takes targets for x.",
            ),
            Mistake(
                lambda rows: specs.with_gaps(rows, "before"),
                "That goes by the marker, but takes the last two numbers before an x for a pair. "
                "What are they if the x before this one had no target?",
            ),
            Mistake(
                lambda rows: specs.with_gaps(rows, "always"),
                "That adds up the product of every two neighbours, also of a target and the next "
                "x.",
            ),
            Mistake(
                lambda rows: specs.with_gaps(rows, "speaks"),
                "The state is right. But it answers at targets as well; there 0 is asked for.",
            ),
        ),
    ),
    hints=(
        "At which element is it certain that there is a pair, and which two numbers is it?",
        "At a TARGET: the number is y, and the element just before it is its x. So two places in "
        "the window are enough, and the gate is the marker.",
        "With a window of two places:\n"
        "    seen = ls.f_not(is_x) * window[0] * window[1]\n"
        "and at an x the output is S times this number, by 2.",
    ),
)

CANNOT_TELL = Exercise(
    "12.5",
    "Two lines, one answer",
    kind="counter-example",
    level="easy",
    minutes=6,
    objective="objective 2",
    judge=Satisfies(
        (
            Rule(
                lambda p: len(p) == 2 and all(np.ndim(q) == 2 and np.shape(q)[1] == 2 for q in p),
                "Give two prompts, each a list of pairs (x, y): [[(1, 2)], [(3, 4), (5, 6)]].",
            ),
            Rule(
                lambda p: all(np.array(q, float)[:, 0].all() for q in p),
                "An x is 0. Such a pair lies on every line and says nothing: leave it out.",
            ),
            Rule(
                lambda p: specs.slope(p[0]) is not None,
                "The pairs of the first prompt do not lie on one line through 0.",
            ),
            Rule(
                lambda p: specs.slope(p[1]) is not None,
                "The pairs of the second prompt do not lie on one line through 0.",
            ),
            Rule(
                lambda p: not np.isclose(specs.slope(p[0]), specs.slope(p[1])),
                lambda p: f"Both lie on the same line, with the slope {specs.slope(p[0]):g}.",
            ),
            Rule(
                lambda p: np.isclose(specs.sum_of_products(p[0]), specs.sum_of_products(p[1])),
                lambda p: (
                    f"S is {specs.sum_of_products(p[0]):g} after the first prompt and "
                    f"{specs.sum_of_products(p[1]):g} after the second, so the answers differ."
                ),
            ),
        ),
        kind=(list, tuple),
        noun="a pair of prompts, each a list of pairs (x, y)",
        said="One step says the same to every question after both.",
    ),
    hints=(
        "What does one step know of a prompt?",
        "It knows S, the sum of y x. On the line y = a x that is a times the sum of x x. How can "
        "a flat line and a steep one have the same S?",
        "One pair each will do. With the slope 4 and x = 1, S is 4. With the slope 1:\n"
        "    answer_5 = [[(1, 4)], [(..., ...)]]",
    ),
)

TWO_STEPS = Exercise(
    "12.6",
    "The second step",
    kind="write",
    level="medium",
    minutes=10,
    objective="objectives 1 and 2",
    judge=Behaves(
        specs.two_steps,
        specs.triples,
        dim=3,
        inside={
            "S": lambda rows: np.cumsum([x * y for x, y, _ in rows]).tolist(),
            "G": lambda rows: np.cumsum([x * x for x, _, _ in rows]).tolist(),
        },
        mistakes=(
            Mistake(
                lambda rows: specs.two_steps(rows, lambda S, G: specs.RATE * S),
                "That is one step.",
            ),
            Mistake(
                lambda rows: specs.two_steps(rows, lambda S, G: 2 * specs.RATE * S),
                "That takes the first step twice. The second one starts from another W, where the "
                "gradient is smaller.",
            ),
            Mistake(
                lambda rows: specs.two_steps(
                    rows, lambda S, G: specs.RATE * S * (2 + specs.RATE * G)
                ),
                "The sign of the gradient: a step goes DOWN, by the rate times (W G - S).",
            ),
            Mistake(
                lambda rows: specs.two_steps(rows, lambda S, G: specs.RATE * S * (2 - G)),
                "A rate is missing: W after the first step is the rate times S, and W stands in "
                "the gradient too.",
            ),
            Mistake(
                specs.newest_square,
                "In the second step you have used the newest x alone. G is a sum over all pairs.",
            ),
        ),
    ),
    hints=(
        "Write W after the first step, put it into the gradient W G - S, and take the second step.",
        "W2 = W1 - r (W1 G - S) with W1 = r S. Two sums have to be remembered, S and G.",
        "W2 = r S (2 - r G), so with r = 1/8\n"
        "    W = S * (2 - G / 8) / 8\n"
        "and the answer is W times the question.",
    ),
)

WAY_BACK = Exercise(
    "12.7",
    "The way back",
    kind="fill in",
    level="hard",
    minutes=10,
    objective="objective 3",
    judge=Satisfies(
        (
            Finds(specs.misfit),
            Finds(specs.other_way),
            Finds(specs.first_difference),
        ),
        kind=dict,
        noun='a dictionary with "W", "Lambda", "C" and "D"',
        said="One gradient step, from targets to x, with fading.",
    ),
    hints=(
        "In which order must y and x stand in the product, if the map goes from y to x?",
        "The map back is W' y = x, so S is the sum of x y^T. The question is still the newest "
        "token. Only W and Lambda differ from the chapter's construction.",
        "W has a single 1: in the row of the left factor and the column of the right one, and the "
        "window is x, y, question.\n"
        "    Lambda = [[0.9, 0.9], [0.9, 0.9]], C = [[0.5, 0], [0, 0.5]], D = [0, 0, 1]",
    ),
)

ONE_FOR_ALL = Exercise(
    "12.8",
    "From 5 pairs to 40",
    kind="challenge",
    level="open",
    minutes=25,
    objective="objective 2",
    judge=Challenge(
        Fits(
            (
                Rule(
                    lambda p: specs.products(p) <= 4,
                    lambda p: f"There are {specs.products(p)} products in it: four at most.",
                ),
                Rule(
                    lambda p: specs.relus(p) <= 2,
                    lambda p: f"There are {specs.relus(p)} ReLUs in it: two at most.",
                ),
                Rule(
                    lambda p: any(n.kind == "LinState" for n in p.nodes),
                    "There is no state in it, so it knows only the newest pair.",
                ),
                Rule(lambda p: np.isfinite(specs.losses(p)).all(), "It goes beyond all numbers."),
                Rule(lambda p: specs.losses(p).max() < 0.5, specs.say_worst),
            ),
            dim=3,
            said="Below one half everywhere from 5 pairs to 40.",
        ),
        Score(
            "percent",
            specs.worst,
            known=(("a rate that falls in a straight line", 25), ("the best known", 1.1)),
        ),
    ),
    hints=(
        "A fixed rate fits one number of pairs. What would the rate have to be after n pairs, and "
        "which state could say so?",
        "The exact answer is S q / G, where G is the sum of x x. There is no division, but a rate "
        "that falls with G, or with n, can be made from a state by a Linear and a ReLU.",
        "A straight line is a beginning:\n"
        "    rate = 1.48 - 0.36 * G\n"
        "    return S * rate * q\n"
        "How does 1 / G bend? A ReLU is a bend.",
    ),
)

EXERCISES = (
    BY_HAND,
    READ_IT,
    LEARN,
    GAPS,
    CANNOT_TELL,
    TWO_STEPS,
    WAY_BACK,
    ONE_FOR_ALL,
)
