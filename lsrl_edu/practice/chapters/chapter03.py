"""Exercises of chapter 03, conditionals and arithmetic."""

import numpy as np

from lsrl_edu.practice.arranged import Arranged
from lsrl_edu.practice.behaviour import Behaves
from lsrl_edu.practice.challenge import Challenge, Score
from lsrl_edu.practice.chapters import specs03 as specs
from lsrl_edu.practice.exercise import Exercise
from lsrl_edu.practice.fits import Fits
from lsrl_edu.practice.inputs import bits
from lsrl_edu.practice.judges import Equals, Mistake, Rule, Satisfies

BY_HAND = Exercise(
    "03.1",
    "Between 0 and 1",
    kind="trace",
    level="easy",
    minutes=5,
    objective="objective 2",
    judge=Equals(
        [0.5, 2, 4, 5],
        places=(
            "original, c = 0.25",
            "original, c = 0.5",
            "multiplicative, c = 0.25",
            "multiplicative, c = 0.5",
        ),
        hint="Write out what stands in front of each branch.",
        said="Masks cut, a gate blends.",
        mistakes=(
            Mistake(
                [3, 3, 3, 3],
                "A condition of 0.25 is not 0: neither method rounds it. `step` would.",
            ),
            Mistake(
                [4, 5, 4, 5],
                "The second pair is right. But the original conditional does not blend: it takes "
                "10 c away from the one branch, and 10 (1 - c) from the other.",
            ),
            Mistake(
                [0.5, 2, 6, 5],
                "The first pair is right. In the blend c belongs to t, and 1 - c to f.",
            ),
            Mistake(
                [-4.5, -8, 4, 5],
                "You have let a masked branch be negative: each mask goes through a ReLU.",
            ),
        ),
    ),
    hints=(
        "The original conditional adds two branches, each with its own mask. What is left of 3 "
        "when 10 c is taken away, and of 7 when 10 (1 - c) is?",
        "original: ReLU(3 - 10 c) + ReLU(7 - 10 (1 - c)); both values are positive, so the other "
        "two ReLUs are 0. multiplicative: 7 c + 3 (1 - c).",
        "For c = 0.25:\n    ReLU(3 - 2.5) + ReLU(7 - 7.5)\n    0.25 * 7 + 0.75 * 3",
    ),
)

FLATTEST = Exercise(
    "03.2",
    "The flattest step",
    kind="fill in",
    level="easy",
    minutes=6,
    objective="objectives 1 and 3",
    judge=Equals(
        [16, "yes", 10, "no"],
        places=(
            "the mu for sixteenths",
            "whether float64 is exact for sixteenths",
            "the mu for tenths",
            "whether float64 is exact for tenths",
        ),
        said="The gap between two prices decides about mu, the denominator about floats.",
        mistakes=(
            Mistake(
                lambda a: {a[1], a[3]} - {"yes", "no"}, 'The second and the fourth: "yes" or "no".'
            ),
            Mistake(
                lambda a: a[0] in (8, 15),
                "Your mu for sixteenths is too small: two prices 1/16 apart meet inside the ramp.",
            ),
            Mistake(
                lambda a: a[0] > 16 and a[2] >= 10,
                "Your mu for sixteenths is right, but not the smallest. How close can two "
                "different prices be?",
            ),
            Mistake(
                lambda a: a[0] == 1 / 16,
                "1/16 is the width of the ramp. The steepness mu is 1 over that.",
            ),
            Mistake(
                lambda a: a[0] == 16 and a[1] == "no",
                "Sixteenths below a million: are they multiples of 2**-4 and below 2**49?",
            ),
            Mistake(
                lambda a: a[0] == 16 and a[2] == 16,
                "For tenths 16 is steep enough, but there is a smaller one.",
            ),
            Mistake(
                lambda a: a[0] == 16 and a[2] == 10 and a[3] == "yes",
                "Is a tenth a whole number divided by a power of two?",
            ),
        ),
    ),
    hints=(
        "A step is right up to 0 and from 1/mu on. What is the smallest difference between two "
        "different prices?",
        "The ramp may be as wide as that difference. For the second question, look at the claim "
        "under *When is float64 exact?* with g = 4.",
        "For sixteenths 1/mu = 1/16. A tenth is not k / 2**g for any g:\n"
        '    answer_2 = [16, "...", ..., "no"]',
    ),
)

LARGER_OF = Exercise(
    "03.3",
    "No conditional at all",
    kind="write",
    level="medium",
    minutes=8,
    objective="objective 1",
    judge=Behaves(
        specs.larger,
        specs.rows(2),
        dim=2,
        tolerance=1e-9,
        rules=(
            Rule(
                lambda p: specs.relus(p) > 0,
                "No ReLU at all: then the program is linear, and the larger of two is not.",
            ),
            Rule(
                lambda p: specs.relus(p) == 1,
                lambda p: f"{specs.relus(p)} ReLUs; one is enough. (A step has two already.)",
            ),
            specs.NO_PRODUCT,
        ),
        mistakes=(
            Mistake(lambda xs: [min(row) for row in xs], "That is the SMALLER of the two."),
            Mistake(
                lambda xs: [max(a - b, 0) for a, b in xs],
                "That is by how much the first one is larger. Larger than what?",
            ),
            Mistake(
                lambda xs: [a + max(a - b, 0) for a, b in xs],
                "That adds the difference to the one that is larger already.",
            ),
            Mistake(
                lambda xs: [max(a, 0) + b for a, b in xs],
                "The ReLU bends at 0. Where should it bend?",
            ),
        ),
    ),
    hints=(
        "Where do the two branches, a and b, meet? What is the difference between them there?",
        "Begin with b. How much has to be added where a is larger, and how much where it is not?",
        "ReLU(a - b) is a - b where a is larger, else 0:\n    return x[1] + ...",
    ),
)

MIDDLE = Exercise(
    "03.4",
    "The one in the middle",
    kind="put in order",
    level="medium",
    minutes=8,
    objective="objective 1",
    judge=Arranged(
        (
            "def middle(x):",
            "    a, b, c = x[0], x[1], x[2]",
            "    high = b + ls.ReLU(a - b)",
            "    low = a + b - high",
            "    rest = low + ls.ReLU(c - low)",
            "    return high - ls.ReLU(high - rest)",
        ),
        "middle",
        Behaves(
            specs.middle,
            specs.rows(3),
            dim=3,
            mistakes=(
                Mistake(
                    lambda xs: [max(a, b) for a, b, c in xs],
                    "That is the larger of a and b: c never gets a chance. Which `rest` is it?",
                ),
                Mistake(
                    lambda xs: [max(row) for row in xs],
                    "That is the largest of the three. At the end the smaller of two is wanted.",
                ),
            ),
        ),
        distractors=(
            "    rest = high + ls.ReLU(c - high)",
            "    return high + ls.ReLU(rest - high)",
        ),
        question="Put the lines in order. Two of them do not belong.",
        seed=2,
    ),
    hints=(
        "Sort a and b first. Where can c be: below both, between, or above both?",
        "If c is below `low`, the answer is `low`; above `high`, it is `high`; else c. So it is "
        "the larger of low and c, but not more than high.",
        "The larger of u and v is u + ReLU(v - u). The smaller of u and v is u - ReLU(u - v):\n"
        "    def, a b c, high, low, rest made of low, return with two minus signs",
    ),
)

REPAIR = Exercise(
    "03.5",
    "Repair, without a gate",
    kind="repair",
    level="medium",
    minutes=10,
    objective="objectives 4 and 5",
    judge=Fits(
        specs.REPAIRED,
        dim=3,
        said="Right when interpreted, compiled and debranched.",
    ),
    hints=(
        "A rounding error is made in one place, and amplified in another. Which of the two can you "
        "switch off for real numbers?",
        "The values are between -1 and 1. How large must `lam` be to hide them? And how steep must "
        "a step be that tells numbers apart that differ by 1 or more?",
        "Two constants instead of their defaults:\n"
        "    ls.f_ifelse(ls.f_larger(x[0], x[1], mu=...), x[2], None, lam=...)",
    ),
)

BREAK = Exercise(
    "03.6",
    "Break it",
    kind="counter-example",
    level="medium",
    minutes=8,
    objective="objective 4",
    judge=Satisfies(
        (
            Rule(lambda pair: len(pair) == 2, "Give two numbers, (a, b)."),
            Rule(lambda pair: all(0 <= v <= 100 for v in pair), "Both numbers are from 0 to 100."),
            Rule(
                lambda pair: pair[0] >= pair[1] + 0.01,
                "a should be larger than b, by 0.01 or more: outside the ramp.",
            ),
            Rule(
                lambda pair: specs.error(pair) > 0 or not specs.dyadic(pair),
                "Right to the last digit: both numbers are dyadic, and their difference too.",
            ),
            Rule(
                lambda pair: specs.error(pair) > 0,
                "Right to the last digit, by luck. Try other decimals.",
            ),
            Rule(
                lambda pair: specs.error(pair) > 0.1,
                lambda pair: (
                    f"Wrong by {specs.error(pair):.4f}, which is a start. How far apart "
                    f"are the floats near 1000 (a - b) = {1000 * (pair[0] - pair[1]):g}?"
                ),
            ),
        ),
        kind=(tuple, list),
        noun="a pair such as (7.5, 2.25)",
        said="No pair does worse than 0.1455.",
    ),
    hints=(
        "The step subtracts two numbers near 1000 (a - b) that should differ by 1. When is the "
        "unit in the last place of these numbers large?",
        "From 2**16 = 65536 on the floats are 2**-36 apart, and 10**10 * 2**-36 = 0.1455. So a - b "
        "should be above 65.536, and not dyadic.",
        "With two decimals, about one such pair in three will do:\n"
        "    answer_6 = (80 + something, 10 + something)",
    ),
)

LEAD_TIME = Exercise(
    "03.7",
    "Time in the lead",
    kind="write",
    level="medium",
    minutes=10,
    objective="objectives 1 and 5",
    judge=Behaves(
        specs.lead_time,
        bits(),
        domain=bool,
        inside={"lead": lambda xs: [2 * sum(xs[: t + 1]) - t - 1 for t in range(len(xs))]},
        mistakes=(
            Mistake(specs.leads, "That says whether the ones lead NOW. How often did they so far?"),
            Mistake(
                lambda xs: np.cumsum(
                    [2 * sum(xs[: t + 1]) >= t + 1 for t in range(len(xs))]
                ).tolist(),
                "That counts a tie as a lead. For which lead should the step still be 0?",
            ),
            Mistake(
                lambda xs: np.cumsum(xs).tolist(),
                "That counts the ones, not the elements at which they were ahead.",
            ),
            Mistake(
                lambda xs: np.cumsum(
                    [max(0, 2 * sum(xs[: t + 1]) - t - 1) for t in range(len(xs))]
                ).tolist(),
                "That adds up how LARGE the lead was. A step makes 0 or 1 of it first.",
            ),
        ),
    ),
    hints=(
        "It is a count of a decision: so there are two states, one above the other.",
        "The first state is ones minus zeros. A step of it is the decision. The second state "
        "counts that.",
        "A 1 adds 1 to the lead and a 0 takes 1 away:\n"
        '    lead = ls.LinState(x, A=[[1]], B=[[2]], b=[-1], name="lead")\n'
        "    return ls.LinState(ls.f_step(lead, mu=...), ...)",
    ),
)

STAIRS = Exercise(
    "03.8",
    "A staircase with few ReLUs",
    kind="challenge",
    level="open",
    minutes=20,
    objective="objective 1",
    judge=Challenge(
        Behaves(
            specs.floors,
            specs.quarters,
            rules=(specs.NO_STATE, specs.NO_PRODUCT),
            mistakes=(
                Mistake(list, "That is x itself: between two steps a staircase is flat."),
                Mistake(
                    lambda xs: [min(-int(-x // 1), 15) for x in xs],
                    "That rounds UP. The step to n should be up at n itself, and down at n - 1/4.",
                ),
                Mistake(
                    lambda xs: [min(int(x + 0.5), 15) for x in xs],
                    "That rounds to the NEAREST whole number: every step is half too early.",
                ),
                Mistake(
                    lambda xs: [min(int(x), 8) for x in xs],
                    "Right up to 8, then it stays there. There are 15 steps.",
                ),
            ),
        ),
        Score(
            "ReLUs",
            specs.relus,
            known=(
                ("a step for each of 15 levels", 30),
                ("two digits in base 4", 12),
                ("the digits one by one, in base 2", 8),
            ),
        ),
    ),
    hints=(
        "Fifteen steps add up to the answer, and cost 30 ReLUs. What could one step tell you that "
        "is worth more than one level?",
        "Is x 4 or more, 8 or more, 12 or more? Three steps. Then take off what they say, and the "
        "rest is below 4: the same three questions, smaller. Is 4 the best base?",
        "A step that is up at n, and still 0 at n - 1/4:\n"
        "    ls.f_step(x - (n - 0.25), mu=4)\n"
        "After the first digit:\n    rest = x - 4 * digit",
    ),
)

EXERCISES = (BY_HAND, FLATTEST, LARGER_OF, MIDDLE, REPAIR, BREAK, LEAD_TIME, STAIRS)
