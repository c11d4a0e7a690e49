"""Exercises of chapter 09, Mamba."""

from itertools import permutations

from lsrl_edu.practice.arranged import Arranged
from lsrl_edu.practice.behaviour import Behaves
from lsrl_edu.practice.challenge import Challenge, Score
from lsrl_edu.practice.chapters import specs09 as specs
from lsrl_edu.practice.exercise import Exercise
from lsrl_edu.practice.inputs import bits
from lsrl_edu.practice.judges import Equals, Finds, Mistake, Rule, Satisfies

CHANNEL = Exercise(
    "09.1",
    "Read a channel",
    kind="trace",
    level="easy",
    minutes=6,
    objective="objective 3",
    judge=Equals(
        [0, 4, 2, 3],
        places=tuple(f"element {t}" for t in range(4)),
        hint="What does the convolution hand over at this element, and what is left of before?",
        said="A delay and a leak, in one channel.",
        mistakes=(
            Mistake(
                [4, 2, 3, 7.5],
                "The leak is right, but tap 3 would be the current element. This is tap 2.",
            ),
            Mistake([0, 4, 4, 6], "That adds everything up. What is exp(-ln 2)?"),
            Mistake([0, 4, 0, 2], "That is the delay alone: the state is not 0 after a step."),
            Mistake([0, 0, 4, 2], "Tap 2 is ONE element late, not two: count from tap 3, now."),
            Mistake([0, 2, 1, 1.5], "The new element is not halved, only the old state."),
        ),
    ),
    hints=(
        "Two parts, one after the other: what the convolution hands on, then the recurrence.",
        "softplus(0) = ln(1 + 1), so the step is ln 2. A = -exp(0) = -1, so the old state is "
        "multiplied by exp(-ln 2). Tap 3 is this element; tap 2 the one before.",
        "With v one element late:\n    h = h / 2 + v\nfor v = 0, 4, 0, 2.",
    ),
)

CONSTANT = Exercise(
    "09.2",
    "How large a constant?",
    kind="fill in",
    level="easy",
    minutes=6,
    objective="objective 1",
    judge=Equals(
        [20, 22],
        places=("a", "b"),
        said="From six digits to exact it is a factor of 4.",
        mistakes=(
            Mistake(
                lambda e: e[0] > 1000 or e[1] > 1000,
                "Give the exponents of the powers of two: 10 stands for 2^10.",
            ),
            Mistake(
                lambda e: e[0] == 19,
                "a: one too few. With 2^19 the error is 1.8e-6.",
            ),
            Mistake(
                lambda e: e[0] in (39, 40),
                "a: you have taken M for M^2. The error has M squared below.",
            ),
            Mistake(
                lambda e: e[0] < 19, "a: the error Q / (2 M^2) is above 1e-6 there; calculate it."
            ),
            Mistake(lambda e: e[0] > 20, "a: half of that is enough."),
            Mistake(
                lambda e: e[1] in (43, 44),
                "b: you have taken M for M^2: Q must be below 2^-24 M^2.",
            ),
            Mistake(
                lambda e: e[1] < 22,
                "b: there Q is not below 2^-24 M^2. (That it may come out exact is luck.)",
            ),
            Mistake(lambda e: e[1] > 22, "b: half of that is enough."),
        ),
    ),
    hints=(
        "Both are conditions on M^2 / Q. Write them down, then take the square root.",
        "a: Q / (2 M^2) <= 1e-6. b: Q < 2^-24 M^2. With Q = 1e6.",
        "a: M >= sqrt(5e11) = 707107. b: M > 4096 * 1000. Round up to a power of two:\n"
        "    math.ceil(math.log2(...))",
    ),
)

SAWTOOTH = Exercise(
    "09.3",
    "Up to a horizon",
    kind="put in order",
    level="medium",
    minutes=7,
    objective="objective 4",
    judge=Arranged(
        (
            "def mod_3(x):",
            "    one = ls.f_constant(x, 1)",
            "    rest = ls.LinState(one, A=[[1]], B=[[1]], init_state=[-1])",
            "    rest = rest - 12 * ls.f_step(rest - 11, mu=1)",
            "    rest = rest - 6 * ls.f_step(rest - 5, mu=1)",
            "    rest = rest - 3 * ls.f_step(rest - 2, mu=1)",
            "    return rest",
        ),
        "mod_3",
        Behaves(
            specs.mod_3,
            bits(4, long=24),
            domain=bool,
            rules=(Rule(specs.settles, specs.FLIPS),),
            mistakes=(
                *(
                    Mistake(
                        specs.sawtooth(order),
                        f"You take away {order[0]}, then {order[1]}, then {order[2]}. Is what is "
                        "left after the last of them always below 3? Try t = 23.",
                    )
                    for order in permutations((12, 6, 3))
                    if order != (12, 6, 3)
                ),
                Mistake(
                    specs.sawtooth((12, 6)),
                    "Nothing takes away the 3: what is left goes up to 5.",
                ),
                Mistake(
                    lambda xs: [t % 6 - 3 * (t % 6 >= 2) for t in range(len(xs))],
                    "A 3 is taken away from 2 already. Where does that step begin?",
                ),
            ),
        ),
        distractors=(
            "    rest = ls.LinState(one, A=[[-1]], B=[[1]])",
            "    rest = rest - 3 * ls.f_step(rest - 1, mu=1)",
        ),
        question="Put the lines in order. Two of them do not belong.",
        seed=3,
    ),
    hints=(
        "t goes from 0 to 23. Which multiple of 3 can be taken away so that at most half of that "
        "range is left?",
        "First the counter. Then from the largest multiple to the smallest: after each, what is "
        "left is below that multiple.",
        "    def, one, rest (the counter), 12, 6, 3, return\n"
        "`f_step(rest - 2, mu=1)` is 1 from rest = 3 on.",
    ),
)

STATES = Exercise(
    "09.4",
    "Which states?",
    kind="explain",
    level="easy",
    minutes=6,
    objective="objective 4",
    judge=Equals(
        ["yes", "no", "yes", "no", "yes", "yes", "no"],
        places=("a", "b", "c", "d", "e", "f", "g"),
        said="What counts are the eigenvalues, and whether they lie between 0 and 1.",
        mistakes=(
            Mistake(lambda a: a[0] != "yes", "Look again at a: exp(-ln 2) is 1/2. A plain leak."),
            Mistake(
                lambda a: a[1] != "no",
                "Look again at b: exp(Delta A) is a positive number, whatever the weights are.",
            ),
            Mistake(
                lambda a: a[2] != "yes",
                "Look again at c: the second number adds up the input, and the first adds up the "
                "second. Two blocks, one above the other.",
            ),
            Mistake(
                lambda a: a[3] != "no",
                "Look again at d: it swaps its numbers at every element. Does that come to rest?",
            ),
            Mistake(
                lambda a: a[4] != "yes",
                "Look again at e: a shift register. Which part of a block delays?",
            ),
            Mistake(
                lambda a: a[5] != "yes",
                "Look again at f: what becomes of the sum of the two numbers, and of their "
                "difference?",
            ),
            Mistake(
                lambda a: a[6] != "no", "Look again at g: it grows. Can exp(Delta A) with A < 0?"
            ),
        ),
    ),
    hints=(
        "A diagonal state has one factor for each number. What of a matrix stays the same when "
        "you look at it in other coordinates?",
        "Find the eigenvalues. For those of a triangular matrix look at the diagonal.",
        "c: 1 and 1. d: 1 and -1. e: 0 and 0. f: 0.8 and 0.4. Which of all these lie in [0, 1]?",
    ),
)

LEAK = Exercise(
    "09.5",
    "A leak by hand",
    kind="fill in",
    level="medium",
    minutes=8,
    objective="objective 3",
    judge=Satisfies(
        (
            Finds(specs.unknown),
            Rule(
                lambda p: specs.first(p)[0] != 0,
                lambda p: f"Nothing comes in: your step is {specs.step(p):g}.",
            ),
            Rule(
                lambda p: abs(specs.first(p)[0] - 1) < 1e-5,
                lambda p: (
                    f"A 1 that comes in counts {specs.first(p)[0]:g}. `UNIT` undoes a step of 32; "
                    f"yours is softplus(dt_bias) = {specs.step(p):g}."
                ),
            ),
            Rule(
                lambda p: abs(specs.first(p)[1] - 1) > 1e-6,
                "Nothing fades: exp(Delta A) is 1 in your channel. e^a_log is too small.",
            ),
            Rule(
                lambda p: abs(specs.first(p)[1] - 0.5) < 1e-5,
                lambda p: (
                    f"Of the old state a share of {specs.first(p)[1]:g} is left, not 1/2. It is "
                    f"exp(-Delta e^a_log), and your step Delta is {specs.step(p):g}."
                ),
            ),
            Finds(specs.leak_fails),
        ),
        kind=dict,
        noun="a dictionary of parameters",
    ),
    hints=(
        "Two things to set: the step, so that UNIT fits, and then A, so that the decay is 1/2.",
        "dt_bias = 32 gives a step of 32. With it, exp(-32 e^a_log) should be 1/2.",
        "Take logarithms twice:\n    32 * exp(a_log) = log(2)\n    a_log = math.log(... / 32)",
    ),
)

STREAK = Exercise(
    "09.6",
    "Forget on command",
    kind="write",
    level="medium",
    minutes=12,
    objective="objective 3",
    judge=Satisfies(
        (
            Finds(specs.unknown),
            Rule(
                lambda p: specs.counted(p, [0])[0] != 7,
                "Your channel takes in the value v. What should be added to a count?",
            ),
            Rule(
                lambda p: specs.counted(p, [0] * 3) != [1, 1, 1],
                "Without any flag it says 1, 1, 1: it forgets at every element.",
            ),
            Rule(
                lambda p: specs.counted(p, [0, 0, 1])[2] != 3,
                "The flag changes nothing: flags 0 0 1 give 3. Which two things should it change?",
            ),
            Rule(
                lambda p: specs.counted(p, [0, 0, 1])[2] != 2,
                "At the flag nothing is added, but nothing is forgotten either: flags 0 0 1 leave "
                "2. How large is Delta e^a_log at a flag?",
            ),
            Rule(
                lambda p: specs.counted(p, [0, 0, 1])[2] <= 3,
                "At a flag the step is large, and so is what comes in: it is multiplied by the "
                "step. What should come in there?",
            ),
            Finds(specs.streak_fails),
        ),
        kind=dict,
        noun="a dictionary of parameters",
        said="Forgetting on command, in one channel.",
    ),
    hints=(
        "At a flag two things happen: the old count is multiplied by 0, and nothing is added.",
        "The branch should be 1 - f. The step is softplus(dt_weight f + dt_bias): 32 without a "
        "flag, very large with one. Choose a_log so that exp(-Delta e^a_log) rounds to 1 for the "
        "first step and to 0 for the second.",
        "    branch: [WHISPER, 0, -WHISPER], dt_bias: 32.0, dt_weight: 2.0**40\n"
        "Then 32 * e**a_log must be below 2**-25, and 2**40 * e**a_log above 104:\n"
        "    a_log between ... and ...",
    ),
)

PARITY = Exercise(
    "09.7",
    "Parity without flipping",
    kind="repair",
    level="medium",
    minutes=10,
    objective="objective 4",
    judge=Behaves(
        specs.parity,
        bits(4, long=63),
        domain=bool,
        inside={"ones": specs.ones},
        rules=(Rule(specs.settles, specs.FLIPS),),
        mistakes=(
            Mistake(
                specs.folded(1, 2, 4, 8, 16, 32),
                "That is what the draft gives: after the first fold everything from 2 on lies "
                "below 1, and no other fold is ever reached.",
            ),
            Mistake(
                specs.folded(32, 16, 8, 4, 2),
                "Two ones still give 2: what is left goes from 0 to 2. One fold more?",
            ),
            Mistake(
                specs.folded(16, 8, 4, 2, 1),
                "Right up to 32 ones. There may be 63: where must the first fold be?",
            ),
            Mistake(
                lambda xs: [1 - p for p in specs.parity(xs)], "That is 1 for EVEN counts of ones."
            ),
            Mistake(
                lambda xs: [t % 2 for t in range(1, len(xs) + 1)],
                "That is the parity of the number of elements.",
            ),
        ),
    ),
    hints=(
        "Follow the numbers 0, 1, 2, 3, 4 through the draft, fold by fold. Where do they end?",
        "A fold at k maps 0, ..., 2k onto 0, ..., k. So which fold may come first, if there are up "
        "to 63 ones?",
        "Each fold halves what is left:\n    for fold in (32, ..., ..., ..., ..., 1):",
    ),
)

CHEAPEST = Exercise(
    "09.8",
    "The cheapest parity",
    kind="challenge",
    level="open",
    minutes=25,
    objective="objective 4",
    judge=Challenge(
        Behaves(
            specs.parity,
            bits(4, long=63),
            domain=bool,
            tolerance=1e-3,
            rules=(
                Rule(specs.settles, specs.FLIPS),
                Rule(
                    specs.in_float32,
                    "Right on paper, but its layers are off by more than 0.01 in float32: large "
                    "numbers cancel in it.",
                ),
            ),
            mistakes=(
                Mistake(specs.ones, "That is the number of ones: no answer is 0 or 1 for long."),
                Mistake(
                    specs.folded(1),
                    "One fold, at 1: from 2 ones on everything goes down for ever.",
                ),
                Mistake(
                    lambda xs: [(c % 4) * (4 - c % 4) / 3 for c in specs.ones(xs)],
                    "Nearly: your hill is 4/3 at 2, and should be 0 there. One product more?",
                ),
            ),
        ),
        Score(
            "layers and ReLUs",
            specs.price,
            known=(
                ("one ReLU for each number, side by side", 64),
                ("one fold a layer", 13),
                ("three folds a layer, then two products", 11),
                ("fewer folds, a longer polynomial", 9),
            ),
        ),
    ),
    hints=(
        "A layer may hold several folds: k ReLUs, side by side, fold the line into k + 1 pieces.",
        "Products cost a layer and no ReLU. On the numbers 0, ..., 4 a polynomial of degree 4 is "
        "the parity. Which folds leave 0, ..., 4?",
        "Fold 0, ..., 64 into four with three ReLUs, then 0, ..., 16 again. Then\n"
        "    hill = rest * (4 - rest)\n"
        "is 0, 3, 4, 3, 0, and one product more makes 0, 1, 0, 1, 0 of it.",
    ),
)

EXERCISES = (CHANNEL, CONSTANT, SAWTOOTH, STATES, LEAK, STREAK, PARITY, CHEAPEST)
