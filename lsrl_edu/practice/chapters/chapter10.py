"""Exercises of chapter 10, Hawk and Griffin."""

import numpy as np

from lsrl_edu.practice.arranged import Arranged
from lsrl_edu.practice.behaviour import Behaves
from lsrl_edu.practice.challenge import Challenge, Score
from lsrl_edu.practice.chapters import specs10 as specs
from lsrl_edu.practice.chapters.specs09 import FLIPS, settles
from lsrl_edu.practice.exercise import Exercise
from lsrl_edu.practice.inputs import integers
from lsrl_edu.practice.judges import Equals, Finds, Mistake, Rule, Satisfies

ELEMENT_0 = Exercise(
    "10.1",
    "The first element",
    kind="trace",
    level="easy",
    minutes=5,
    objective="objective 3",
    judge=Equals(
        [20480, 20481, 20481, 20483],
        places=tuple(f"element {t}" for t in range(4)),
        hint="With which gain does this element come in, and what does the scale make of it?",
        said="The first element counts 4096-fold.",
        mistakes=(
            Mistake([5, 6, 6, 8], "That would be a plain sum. Is the gain at position 0 the same?"),
            Mistake([0, 1, 1, 3], "That leaves the first element out. It does come in, and how!"),
            Mistake(
                [20480, 24576, 24576, 32768],
                "You have let all elements in with gain 1. That is only so at position 0.",
            ),
            Mistake(
                [5, 5.000244140625, 5.000244140625, 5.000732421875],
                "That is the state itself. The output is the state times 2^12.",
            ),
            Mistake(
                [4096, 4097, 4097, 4099], "You have taken the first element for a 1: it is a 5."
            ),
        ),
    ),
    hints=(
        "There are two gains: one at position 0, and one for all that follows.",
        "In the state: 5, then 1, 0 and 2 times 2^-12 are added. Nothing is forgotten, as a = 1.",
        "The scale of 2^12 makes 5 * 4096 of the first, and takes back the gain of the others:\n"
        "    5 * 4096, then + 1, + 0, + 2",
    ),
)

WINDOW = Exercise(
    "10.2",
    "Through the window",
    kind="fill in",
    level="easy",
    minutes=5,
    objective="objective 2",
    judge=Satisfies(
        (
            Rule(
                lambda p: abs(p + 19.81) >= 0.2,
                "That is too close to the one you know: find one at least 0.2 away from it.",
            ),
            Rule(
                lambda p: specs.gain(p) > 0,
                "The gain is 0 there: nothing comes in. a^2 has been rounded to 1 as well.",
            ),
            Rule(
                lambda p: specs.decay(p) == 1,
                lambda p: (
                    f"1 - a is {1 - specs.decay(p):.2g} there: it still forgets. After 1000 ones "
                    f"it says {specs.thousand(p) / specs.gain(p):.6g}."
                ),
            ),
            Rule(
                lambda p: specs.thousand(p) == 1000 * specs.gain(p),
                lambda p: f"1000 ones give {specs.thousand(p) / specs.gain(p):.9g}.",
            ),
        ),
        kind=(int, float),
        noun="a number",
        said="It forgets nothing, and its gain is 2^-12.",
    ),
    hints=(
        "Look at the picture of the two staircases: on which stretch is 1 - a zero and the gain "
        "not?",
        "With u = 8 e^p the window is 2^-26 < u < 2^-25, moved down by 0.1 or so.",
        "It goes from about -20.19 to -19.51. At least 0.2 from -19.81:\n"
        "    below -20.01, or above ...",
    ),
)

LATE = Exercise(
    "10.3",
    "A sum in two units",
    kind="put in order",
    level="medium",
    minutes=7,
    objective="objective 3",
    judge=Arranged(
        (
            "def total(x):",
            "    A = [[0, 0], [1, 0]]",
            '    shelf = ls.LinState(x, A=A, B=[[1], [0]], name="shelf")',
            "    late = shelf[1]",
            '    g = ls.LinState(late, A=[[1]], B=[[1]], name="g")',
            "    return x + g",
        ),
        "total",
        Behaves(
            specs.sums,
            integers(-9, 9),
            domain=int,
            mistakes=(
                Mistake(
                    lambda xs: specs.added(specs.sums(xs), xs),
                    "The newest element is counted twice: your g has seen it already.",
                ),
                Mistake(
                    lambda xs: specs.added(specs.late(specs.sums(xs)), specs.late(xs)),
                    "The newest element is missing, and the one before it counts twice.",
                ),
                Mistake(
                    lambda xs: specs.added(specs.sums(xs), specs.late(xs)),
                    "The element before the newest counts twice. Which of your two summands has "
                    "no memory?",
                ),
            ),
        ),
        distractors=(
            '    g = ls.LinState(x, A=[[1]], B=[[1]], name="g")',
            "    return late + g",
        ),
        question="Put the lines in order. Two of them do not belong.",
        seed=2,
    ),
    hints=(
        "Which of the two units has a memory, and what may it not see?",
        "First a convolution that hands on everything one step late. The memory sees only that. "
        "What is still missing from the sum?",
        "    def, A, shelf, late, g of late, return\nwhat is missing is the newest element, x.",
    ),
)

LEAK = Exercise(
    "10.4",
    "A leak by hand",
    kind="fill in",
    level="medium",
    minutes=10,
    objective="objective 1",
    judge=Satisfies(
        (
            Finds(specs.not_two),
            Rule(
                lambda a: abs(specs.decay(a[0]) - 0.5) < 1e-6,
                lambda a: (
                    f"With p = {a[0]:g} the decay is {specs.decay(a[0]):.7g}, not 1/2. "
                    "It is exp(-8 softplus(p))."
                ),
            ),
            Rule(
                lambda a: abs(a[1] - 0.5) > 1e-6,
                "The decay is right. But g does not hold the sum before: it holds that times the "
                "gain.",
            ),
            Rule(
                lambda a: abs(a[1] * specs.gain(a[0]) - 0.5) < 1e-6,
                lambda a: (
                    "The decay is right. But one step later an element counts "
                    f"{a[1] * specs.gain(a[0]):.6g}, not 1/2."
                ),
            ),
            Finds(specs.leak_fails),
        ),
        kind=(list, tuple, np.ndarray),
        noun="two numbers, [p, w]",
        said="For a = 1/2 there is no difficulty at all.",
    ),
    hints=(
        "First the decay, which p alone sets. Then w, which takes back the gain.",
        "exp(-8 softplus(p)) = 1/2 means ln(1 + e^p) = ln 2 / 8. And g holds sqrt(1 - a^2) times "
        "the sum one step before, of which a half is wanted.",
        "    p = math.log(math.expm1(math.log(2) / 8))\n    w = 0.5 / math.sqrt(...)",
    ),
)

LAYERS = Exercise(
    "10.5",
    "How many layers?",
    kind="explain",
    level="medium",
    minutes=8,
    objective="objective 4",
    judge=Equals(
        [5, 6, 4, 5],
        places=("Hawk, relus", "Griffin, relus", "Hawk, sums", "Griffin, sums"),
        said="Two halves a layer, states only in recurrent ones.",
        mistakes=(
            Mistake(
                lambda a: a[0] == 10,
                "Hawk, relus: a layer has two halves, and either of them can do a ReLU.",
            ),
            Mistake(
                lambda a: a[2] == 2,
                "Hawk, sums: an MLP has no memory, so it cannot hold a state.",
            ),
            Mistake(
                lambda a: a[1] == 5,
                "Griffin, relus: in every third layer the temporal half is attention, which does "
                "nothing for us.",
            ),
            Mistake(
                lambda a: a[1] == 7,
                "Griffin, relus: the layers with attention still have an MLP.",
            ),
            Mistake(
                lambda a: a[3] == 4,
                "Griffin, sums: count layer by layer. What is the temporal half of the third one?",
            ),
            Mistake(
                lambda a: a[3] == 6,
                "Griffin, sums: the fourth state is in layer 5. Is anything needed above it?",
            ),
        ),
    ),
    hints=(
        "Each operation reads the one before, so they take halves one after the other.",
        "A ReLU takes any half but one of attention. A state takes a recurrent half. Write the "
        "layers down: R M, R M, A M, R M, R M, A M, ...",
        "Griffin: three layers have 2 + 2 + 1 usable halves for ReLUs, and 1 + 1 + 0 for states.\n"
        "    10 ReLUs: 5 of them in three layers, the others in ... more",
    ),
)

CONVERTED = Exercise(
    "10.6",
    "The converted counter",
    kind="repair",
    level="medium",
    minutes=10,
    objective="objectives 2 and 5",
    judge=Satisfies(
        (
            Finds(specs.not_two),
            Rule(
                lambda a: specs.gain(a[0], "float64") > 0,
                "Nothing comes in: even in float64 the gain is 0 for that p.",
            ),
            Rule(
                lambda a: specs.decay(a[0], "float64") == 1,
                lambda a: (
                    "In float32, where the scan runs, a is "
                    f"1 - {1 - specs.decay(a[0], 'float64'):.2g}: it forgets. Does your p make a "
                    "round to 1?"
                ),
            ),
            Rule(
                lambda a: abs(a[1] * specs.gain(a[0], "float64") - 1) < 1e-6,
                lambda a: (
                    "It forgets nothing. But each further one counts "
                    f"{a[1] * specs.gain(a[0], 'float64'):.6g}, not 1: what is the gain in float64?"
                ),
            ),
            Rule(
                lambda a: abs(a[1] * specs.thousand(a[0], "float64") - 1000) < 1e-2,
                lambda a: f"1000 ones give {a[1] * specs.thousand(a[0], 'float64'):.9g}.",
            ),
        ),
        kind=(list, tuple, np.ndarray),
        noun="two numbers, [p, w]",
        said="It counts to 1000 in float64.",
    ),
    hints=(
        "The draft forgets nothing. What it lacks is the right scale: which of its two numbers "
        "was made for float32?",
        "In float64 nothing rounds 1 - a^2. With u = 8 softplus(p) it is 1 - exp(-2u), about 2u, "
        "and the gain is the root of that. It is w that has to take it back.",
        "Keep p, and let\n    u = 8 * math.log1p(math.exp(p))\n    w = 1 / math.sqrt(...)",
    ),
)

NEIGHBOURS = Exercise(
    "10.7",
    "Sum of the neighbours' products",
    kind="write",
    level="medium",
    minutes=10,
    objective="objective 4",
    judge=Behaves(
        specs.neighbours,
        integers(-9, 9),
        domain=int,
        inside={"late": specs.late},
        rules=(Rule(settles, FLIPS.replace("Mamba", "Hawk")),),
        mistakes=(
            Mistake(
                lambda xs: specs.times(xs, specs.late(xs)),
                "Those are the products, one by one: nothing adds them up.",
            ),
            Mistake(
                lambda xs: specs.neighbours(xs, 0),
                "That adds up the SQUARES: your delay does not delay. A state is written first.",
            ),
            Mistake(
                lambda xs: specs.neighbours(xs, 2),
                "You multiply with the element TWO places back.",
            ),
            Mistake(
                lambda xs: specs.times(specs.sums(xs), specs.late(specs.sums(xs))),
                "That is a product of sums. Multiply first, then add up.",
            ),
            Mistake(
                lambda xs: specs.times(xs, specs.late(specs.sums(xs))),
                "That is this element times the sum of ALL before it, and nothing adds it up.",
            ),
        ),
    ),
    hints=(
        "Three parts: the element before this one, a product, a sum. In which order?",
        "A shelf of two places holds the element before. It is a state with eigenvalues 0, and a "
        "convolution in Hawk. The product feeds a second state.",
        "    shelf = ls.LinState(x, A=[[0, 0], [1, 0]], B=[[1], [0]])\n"
        "    return ls.LinState(x * ..., A=[[1]], B=[[1]])",
    ),
)

HONEST = Exercise(
    "10.8",
    "An honest memory",
    kind="challenge",
    level="open",
    minutes=20,
    objective="objectives 1 and 2",
    judge=Challenge(
        Satisfies(
            (
                Rule(
                    lambda m: np.ndim(m) == 2 and np.shape(m)[1] == 2,
                    "Give pairs (a, w): a decay and a weight.",
                ),
                Rule(lambda m: len(m) <= 3, lambda m: f"At most three memories, not {len(m)}."),
                Rule(
                    lambda m: all(0 <= a <= 0.999 for a, _ in m),
                    "A decay is from 0 to 0.999: the window is shut in this exercise.",
                ),
                Rule(
                    lambda m: all(abs(w) <= 100 for _, w in m),
                    "A weight is from -100 to 100: larger ones cancel, and float32 has 7 digits.",
                ),
                Rule(
                    lambda m: specs.missing(m) < 5,
                    lambda m: (
                        f"The error is {specs.missing(m):.4g}: one memory of 0.999 with weight 1 "
                        f"is better. Yours keeps {specs.kept(m)[0]:.4g} of a fresh 1, and "
                        f"{specs.kept(m)[-1]:.4g} of an old one."
                    ),
                ),
            ),
            kind=(list, tuple, np.ndarray),
            noun="a list of pairs (a, w)",
        ),
        Score(
            "largest error",
            specs.missing,
            known=(
                ("one, w = 1", 4.7921),
                ("two, 2 a1 - a2", 0.3009),
                ("three, 3 a1 - 3 a2 + a3", 0.021),
                ("three close decays, least squares", 0.0004),
                ("three close decays, least absolute values", 0.0003504),
            ),
        ),
    ),
    hints=(
        "One memory falls behind. What if a second one falls behind twice as fast?",
        "With a1 = 1 - d and a2 = 1 - 2d, 2 a1^k - a2^k is 1 up to a term with (d k)^2. Three "
        "memories remove one power more.",
        "Binomial numbers, with the signs in turn:\n"
        "    [(0.999, 3), (0.998, -3), (0.997, ...)]\n"
        "For less, let a solver choose the weights.",
    ),
)

EXERCISES = (ELEMENT_0, WINDOW, LATE, LEAK, LAYERS, CONVERTED, NEIGHBOURS, HONEST)
