"""Exercises of chapter 11, what diagonal states cannot do."""

from lsrl_edu.practice.arranged import Arranged
from lsrl_edu.practice.behaviour import Behaves
from lsrl_edu.practice.challenge import Challenge, Score
from lsrl_edu.practice.chapters import specs11 as specs
from lsrl_edu.practice.exercise import Exercise
from lsrl_edu.practice.inputs import bits
from lsrl_edu.practice.judges import Differs, Equals, Finds, Mistake, Rule, Satisfies

PULSE = Exercise(
    "11.1",
    "After a pulse",
    kind="trace",
    level="easy",
    minutes=4,
    objective="objective 1",
    judge=Equals(
        [2, -0.5, 1.25, -0.875],
        places=tuple(f"element {t}" for t in range(4)),
        hint="What is left of the 1 in each of the two entries?",
        said="The first entry fades, the second ticks for ever.",
        mistakes=(
            Mistake(
                [1, -0.5, 0.25, -0.125],
                "You multiplied the two entries. The output is their sum.",
            ),
            Mistake([2, 1.5, 1.25, 1.125], "Your second entry keeps. What is (-1)^t for t = 1?"),
            Mistake(
                [-0.5, 1.25, -0.875, 1.0625],
                "You begin one element late: at element 0 the 1 has just come in, whole.",
            ),
            Mistake(
                [0, -0.5, -0.75, -0.875],
                "Your second entry is -1 all the time. At which elements is (-1)^t positive?",
            ),
            Mistake([1, 0.5, 0.25, 0.125], "That is the first entry alone."),
            Mistake([1, -1, 1, -1], "That is the second entry alone."),
        ),
    ),
    hints=(
        "The two entries do not read each other. Follow each on its own.",
        "After a single 1, a state with s = a s + x holds a^t.",
        "    (1/2)**t + (-1)**t\nfor t = 0, 1, 2, 3.",
    ),
)

COVERED = Exercise(
    "11.2",
    "Whom the theorem covers",
    kind="explain",
    level="easy",
    minutes=6,
    objective="objective 2",
    judge=Equals(
        ["yes", "no", "no", "yes", "yes", "no"],
        places=("a", "b", "c", "d", "e", "f"),
        said="The eigenvalues decide, not the signs of the entries.",
        mistakes=(
            Mistake(
                lambda a: a[0] != "yes",
                "Look again at a: it grows. Does the theorem forbid an eigenvalue above 1?",
            ),
            Mistake(
                lambda a: a[1] != "no",
                "Look again at b: it swaps its entries. No entry is negative, but what becomes "
                "of their difference?",
            ),
            Mistake(
                lambda a: a[2] != "no",
                "Look again at c: multiply (1, 0) by it four times. Does it rest, rise or fall?",
            ),
            Mistake(
                lambda a: a[3] != "yes",
                "Look again at d: a shift register of two places. What is on its diagonal?",
            ),
            Mistake(
                lambda a: a[4] != "yes",
                "Look again at e: the characteristic polynomial is v^2 - 2 v + 1. Where is it 0?",
            ),
            Mistake(
                lambda a: a[5] != "no",
                "Look again at f: the characteristic polynomial is v^2 - v + 1. Is it 0 at a real "
                "number?",
            ),
        ),
    ),
    hints=(
        "The theorem asks two things of the eigenvalues: real, and not negative. Nothing else.",
        "For a triangular matrix they are the diagonal. For another [[p, q], [r, s]] they solve "
        "v^2 - (p + s) v + (p s - q r) = 0.",
        "    np.linalg.eigvals([[...], [...]])\nb: 1 and -1. c: i and -i. Now a, d, e and f.",
    ),
)

APART = Exercise(
    "11.3",
    "Where two parities part",
    kind="counter-example",
    level="easy",
    minutes=5,
    objective="objective 3",
    judge=Differs(
        specs.parity(8),
        specs.parity(16),
        names=("`parity(8)`", "`parity(16)`"),
        allowed=(
            Rule(lambda xs: len(xs) <= 24, "At most 24 elements, please."),
            Rule(lambda xs: ((xs == 0) | (xs == 1)).all(), "Only zeros and ones, please."),
        ),
        mistakes=(
            Mistake(
                lambda xs: xs.sum() == 0, "Without a one there is nothing to count: both give 0."
            ),
            Mistake(
                lambda xs: xs.sum() <= 8,
                "With at most 8 ones both keep their promise. Zeros do not count.",
            ),
            Mistake(
                lambda xs: xs.sum() > 8,
                "That is more than `parity(8)` promises, and it is still right. Which numbers "
                "does it take away, and how much is that together?",
            ),
        ),
    ),
    hints=(
        "What counts is the number of ones. Up to which number is `parity(8)` right?",
        "`remainder(count, 2, 8)` takes away 8, 4 and 2, each once at most.",
        "Right as long as count - 14 is at most 1. So one more than that:\n    [1] * ...",
    ),
)

TWO_CLOCKS = Exercise(
    "11.4",
    "Two clocks make one",
    kind="put in order",
    level="medium",
    minutes=7,
    objective="objective 3",
    judge=Arranged(
        (
            "def mod_6(x):",
            '    a = ls.f_modulo_counter(x, 2, method="cycle")',
            '    b = ls.f_modulo_counter(x, 3, method="cycle")',
            "    both = 3 * a + 4 * b",
            "    return both - 6 * ls.f_step(both - 5, mu=1)",
        ),
        "mod_6",
        Behaves(
            specs.mod_6,
            bits(3, long=60),
            domain=bool,
            mistakes=(
                Mistake(
                    specs.clocks(2, 3),
                    "2 a + 3 b is 5 at t = 1. Which multiple of 3 is 1 more than one of 2, and "
                    "which multiple of 2 is 1 more than one of 3?",
                ),
                Mistake(
                    specs.clocks(3, 4, above=7),
                    "Your sum is 7 at t = 1, and it stays 7. From where on must a 6 be taken away?",
                ),
                Mistake(
                    specs.clocks(2, 3, above=7),
                    "Both weights and the place of the step are off: look at t = 1 first.",
                ),
            ),
        ),
        distractors=(
            "    both = 2 * a + 3 * b",
            "    return both - 6 * ls.f_step(both - 7, mu=1)",
        ),
        question="Put the lines in order. Two of them do not belong.",
        seed=11,
    ),
    hints=(
        "A number below 6 is known from its remainders mod 2 and mod 3. Which sum of a and b has "
        "the same two remainders?",
        "The weight of a: 1 mod 2 and 0 mod 3. The weight of b: 0 mod 2 and 1 mod 3.",
        "    def, a, b, both, return\n3 is 1 mod 2 and 0 mod 3. The sum is at most 11: take 6 away "
        "once, from 6 on.",
    ),
)

_LAID = "`lay` sends (3, 4) to "

MIRRORS = Exercise(
    "11.5",
    "Two mirrors",
    kind="fill in",
    level="medium",
    minutes=7,
    objective="objective 5",
    judge=Satisfies(
        (
            Finds(specs.lengths),
            Rule(
                lambda p: specs.mirrored(p["swap"], [1, 2, 3, 4]) != [1, -4, 3, -2],
                "`swap` swaps the two entries, but it changes their signs as well: (1, 2, 3, 4) "
                "becomes (1, -4, 3, -2). What should stay as it is, their sum or their difference?",
            ),
            Rule(
                lambda p: specs.mirrored(p["swap"], [1, 2, 3, 4]) == [1, 4, 3, 2],
                lambda p: (
                    "`swap` makes of (1, 2, 3, 4): "
                    f"{specs.mirrored(p['swap'], [1, 2, 3, 4])}. Places count from 0."
                ),
            ),
            Rule(
                lambda p: specs.mirrored(p["lay"], [3, 4]) != [-5, 0],
                f"{_LAID}(-5, 0): on the axis, on the wrong side.",
            ),
            Rule(
                lambda p: specs.mirrored(p["lay"], [3, 4]) != [-3, -4],
                f"{_LAID}its opposite: your k points along the vector itself.",
            ),
            Rule(
                lambda p: specs.mirrored(p["lay"], [3, 4]) == [5, 0],
                lambda p: (
                    f"{_LAID}{specs.mirrored(p['lay'], [3, 4])}. A reflection moves a vector "
                    "along k only: in which direction should (3, 4) move?"
                ),
            ),
        ),
        kind=dict,
        noun="a dictionary with two vectors",
        said="A reflection that takes x to y has k along x - y.",
    ),
    hints=(
        "A reflection adds a multiple of k to a vector. So what must k be a multiple of, if x "
        "should become y?",
        "x - y, for x and y of the same length. What does not change has a 0 in k.",
        "swap: the difference of the two unit vectors, e_1 - e_3. lay:\n    [3 - 5, 4 - 0]",
    ),
)

SQUARE = Exercise(
    "11.6",
    "The group of the square",
    kind="repair",
    level="hard",
    minutes=12,
    objective="objective 4",
    judge=Behaves(
        specs.square,
        specs.shuffles,
        dim=2,
        domain=[range(4), bool],
        mistakes=(
            Mistake(
                specs.square_draft,
                "That is what the draft gives: in the mirror 1 becomes 2 and 2 becomes 1, as in a "
                "triangle. What is -1 mod 4?",
            ),
            Mistake(
                lambda rows: specs.square(rows, "now"),
                "You use the parity with this mirroring. A shuffle turns first: take the one "
                "before.",
            ),
            Mistake(
                lambda rows: specs.square(rows, "never"),
                "The turns are added up as they come. Which of them go the other way?",
            ),
            Mistake(
                lambda rows: [n % 4 for n in specs.square(rows)],
                "The turn is right. Whether the row is mirrored is missing.",
            ),
        ),
    ),
    hints=(
        "Write down -r mod 4 for r = 0, 1, 2, 3. For which r does the draft say something else?",
        "0, 3, 2, 1: for r = 1 it is 2 more, for r = 3 it is 2 less, and r = 2 stays. So you need "
        "to know of r whether it is 1, and whether it is 3.",
        "    three = ls.ReLU(r - 2)\n    one = r - 2 * ls.ReLU(r - 1) + three\n"
        "    signed = r + 2 * ls.f_and(before, one) - ...",
    ),
)

CHEAP = Exercise(
    "11.7",
    "A cheap clock",
    kind="challenge",
    level="open",
    minutes=25,
    objective="objective 3",
    judge=Challenge(
        Behaves(
            specs.mod_6,
            bits(3, long=300),
            domain=bool,
            mistakes=(
                Mistake(
                    lambda xs: [t % 3 for t in range(len(xs))],
                    "That is the clock mod 3. Something must tell t = 0 from t = 3.",
                ),
                Mistake(
                    lambda xs: [t % 2 for t in range(len(xs))],
                    "That is the clock mod 2. Something must tell 0, 2 and 4 apart.",
                ),
                Mistake(
                    lambda xs: [(t + 1) % 6 for t in range(len(xs))],
                    "One element ahead: the initial state is multiplied by A before element 0.",
                ),
                Mistake(
                    lambda xs: list(range(len(xs))), "That is the position itself; it never resets."
                ),
            ),
        ),
        Score(
            "states, ReLUs and products",
            specs.price,
            (
                ("a cycle of six", 6),
                ("a sign, a turn by a third, one step", 5),
                ("a turn by a sixth, two ReLUs", 4),
            ),
        ),
    ),
    hints=(
        "How many numbers must a state have to come back after 6 elements and not sooner? Two are "
        "enough, even with whole numbers only.",
        "A = [[-1, -1], [1, 0]] comes back after 3 elements: t mod 3 is a weighted sum of its two "
        "entries and a constant. Together with A = -1 and 11.4 that is 5.",
        "A = [[1, -1], [1, 0]] comes back after 6: six points of a plane, and a weighted sum of "
        "the entries is a slope over it. Find one that is right for t = 0, 1, 2:\n"
        "    1 - p + q\nand mend t = 3, 4, 5 by ReLUs that are 0 at the first three.",
    ),
)

EXERCISES = (PULSE, COVERED, APART, TWO_CLOCKS, MIRRORS, SQUARE, CHEAP)
