"""Exercises of chapter 14, compiled, then trained."""

import numpy as np

from lsrl_edu.practice.arranged import Arranged
from lsrl_edu.practice.behaviour import Behaves
from lsrl_edu.practice.challenge import Challenge, Score
from lsrl_edu.practice.chapters import specs14 as specs
from lsrl_edu.practice.exercise import Exercise
from lsrl_edu.practice.judges import Equals, Finds, Mistake, Rule, Satisfies

ADAM = Exercise(
    "14.1",
    "One step of Adam",
    kind="trace",
    level="easy",
    minutes=5,
    objective="objective 2",
    judge=Equals(
        [0, 1.001, 16383.999, 0],
        places=("the whisper", "the usual weight", "the shout", "the zero"),
        hint="How far does Adam move a weight at its first step, and in which direction?",
        said="The same step for all: the whisper is gone, the shout has not noticed.",
        mistakes=(
            Mistake(
                [-0.004, 1.0002, 16383.99999, 0],
                "That is plain gradient descent, rate times gradient. Adam divides the gradient "
                "by its size.",
            ),
            Mistake(
                [0.000999, 1.001, 16367.616, 0],
                "Those are steps in proportion to the weight. Adam does not look at the weight.",
            ),
            Mistake(
                [0.002, 0.999, 16384.001, 0],
                "Those steps go up the gradient. Training goes down.",
            ),
            Mistake(
                lambda a: a[3] != 0,
                "Where the gradient is exactly 0, the step is 0 too.",
            ),
            Mistake(
                lambda a: np.allclose(a, [0, 0.999, 16383.999, 0], rtol=1e-9),
                "The second gradient is negative. Which way is down?",
            ),
        ),
    ),
    hints=(
        "At the first step the running size of a gradient is the gradient's own size.",
        "Gradient divided by its size is 1 or -1. So each weight moves by the rate, against the "
        "sign.",
        "0.001 - 0.001, 1 + 0.001, and so on. A gradient of 0 moves nothing.",
    ),
)

FLOWS = Exercise(
    "14.2",
    "Does a gradient arrive?",
    kind="explain",
    level="easy",
    minutes=6,
    objective="objective 1",
    judge=Equals(
        ["no", "yes", "yes", "no", "no", "yes"],
        places=("a", "b", "c", "d", "e", "f"),
        said="A gradient is lost at a flat place, at a closed ReLU, or where there is no error.",
        mistakes=(
            Mistake(
                lambda a: a[0] == "yes",
                "Look again at a: what is the slope of the sigmoid at 1024, in a float?",
            ),
            Mistake(
                lambda a: a[1] == "no",
                "Look again at b: nothing stands between the head's bias and the output.",
            ),
            Mistake(
                lambda a: a[2] == "no",
                "Look again at c. The weight is tiny; what is its change multiplied by later?",
            ),
            Mistake(
                lambda a: a[3] == "yes",
                "Look again at d: what does a small change of that weight do to the ReLU's output?",
            ),
            Mistake(
                lambda a: a[4] == "yes",
                "Look again at e: the gradient of a square is twice the error, times something.",
            ),
            Mistake(
                lambda a: a[5] == "no",
                "Look again at f: small is not zero. The chapter measured it.",
            ),
        ),
    ),
    hints=(
        "Change the weight a little, in thought. Does the loss change at all?",
        "Three things stop it: a function that is flat there, a ReLU that is off, an error of 0.",
        "Three of the six are stopped, each by another one of these.",
    ),
)

BRACKETS = Exercise(
    "14.3",
    "A network with known variables",
    kind="put in order",
    level="medium",
    minutes=7,
    objective="objective 5",
    judge=Arranged(
        (
            "def balanced(x):",
            '    depth = ls.LinState(x, A=[[1]], B=[[1]], name="depth")',
            "    below = ls.ReLU(-depth)",
            '    broken = ls.LinState(below, A=[[1]], B=[[1]], name="broken")',
            "    above = ls.ReLU(depth)",
            "    return ls.ReLU(1 - above - broken)",
        ),
        "balanced",
        Behaves(
            specs.balanced,
            specs.words,
            mistakes=(
                Mistake(
                    specs.forgets,
                    "That knows the depth now, and forgets that it was once below 0: `-1, 1` is "
                    "not balanced.",
                ),
                Mistake(
                    specs.sums_depths,
                    "Your `broken` adds up the depth itself, above 0 as below. It should only be "
                    "told about depths below 0.",
                ),
            ),
        ),
        distractors=(
            '    broken = ls.LinState(depth, A=[[1]], B=[[1]], name="broken")',
            "    return ls.ReLU(1 - above - below)",
        ),
        question="Put the lines in order. Two of them do not belong.",
        seed=14,
    ),
    hints=(
        "Two things must be known: how many brackets are open, and whether there was ever one too "
        "few.",
        "`depth` is a state; `below` is made from it; `broken` is a state that remembers `below`. "
        "The answer is 1 where nothing is above 0 and nothing is broken.",
        "def, depth, below, broken (of below), above, return (of above and broken).",
    ),
)

ROTATE = Exercise(
    "14.4",
    "Another basis",
    kind="repair",
    level="medium",
    minutes=8,
    objective="objective 5",
    judge=Satisfies(
        (Finds(specs.rotation_problem),),
        probe=(np.eye(2), np.ones((2, 2)), np.ones((1, 2)), np.eye(2)),
        noun="a function of A, B, W and Q",
        said="Same outputs, and channel i is now the direction Q[:, i].",
    ),
    hints=(
        "The new state is to be Q s, at every step. Write down what that needs from A, B and W.",
        "Q (A s + B x) = (what?) (Q s) + (what?) x. What must stand before Q s, so that the Q goes "
        "away again?",
        "Q^T Q is the identity:\n    new A = Q @ A @ ..., new B = Q @ B, new W = W @ ...",
    ),
)

PROBE = Exercise(
    "14.5",
    "A probe that is judged",
    kind="write",
    level="medium",
    minutes=10,
    objective="objective 4",
    judge=Satisfies(
        (Finds(specs.probe_problem),),
        probe=specs.probed()[0],
        noun="a function of the states and the variable",
        said="Fitted on one half, judged on the other.",
    ),
    hints=(
        "Two halves, a constant, and a comparison with the mean.",
        "Add a column of ones to the states, fit the first half with `np.linalg.lstsq`, and "
        "predict the second. R^2 is 1 minus the squared errors over those of the mean.",
        "With `design` the states and a column of ones:\n"
        "    weights = np.linalg.lstsq(design[:half], variable[:half], rcond=None)[0]\n"
        "    rest = variable[half:] - design[half:] @ weights\n"
        "and the mean is that of `variable[half:]`.",
    ),
)

NO_EFFECT = Exercise(
    "14.6",
    "A swap that nobody notices",
    kind="counter-example",
    level="medium",
    minutes=7,
    objective="objective 5",
    judge=Satisfies(
        (
            Rule(
                lambda p: len(p) == 2 and np.ndim(p[0]) == np.ndim(p[1]) == 1,
                "Give two words, each a list of 1 and -1.",
            ),
            Rule(
                lambda p: 1 <= len(p[0]) == len(p[1]) <= 8,
                "Both words should be equally long, from 1 to 8 brackets.",
            ),
            Rule(
                lambda p: set(np.ravel(p).tolist()) <= {1, -1},
                "A bracket is 1 (opens) or -1 (closes).",
            ),
            Finds(specs.no_effect),
        ),
        kind=(list, tuple),
        noun="a pair of words, each a list of 1 and -1",
        said="The depth is used, and still no answer changed.",
    ),
    hints=(
        "What does the rest of the program want to know of the depth? Not how large it is.",
        "It asks only whether the depth is 0, and whether it is below 0. Find two depths that "
        "answer both questions alike.",
        "Depths 1 and 3 are alike for it. Begin both words with `1, -1`, so that one answer is 1, "
        "and let them go up differently after that.",
    ),
)

SOFTEST = Exercise(
    "14.7",
    "As soft as the bound allows",
    kind="challenge",
    level="open",
    minutes=15,
    objective="objective 1",
    judge=Challenge(
        Satisfies(
            (
                Rule(
                    lambda c: set(c) == {"whisper", "shout", "gate"},
                    "Give all three constants: whisper, shout and gate.",
                ),
                Rule(
                    lambda c: 0 < c["whisper"] <= 1,
                    "A whisper is more than 0 and at most 1.",
                ),
                Rule(
                    lambda c: all(c[n] == round(c[n]) and c[n] >= 1 for n in ("shout", "gate")),
                    "shout and gate are whole numbers from 1 on.",
                ),
                Rule(lambda c: specs.promised(c) < 0.5, specs.over),
            ),
            kind=dict,
            noun='a dictionary such as {"whisper": 2**-8, "shout": 16, "gate": 8}',
            said="The bound is below 1/2, so every answer rounds to the right one.",
        ),
        Score(
            "bits",
            specs.bits,
            known=(("one line of the chapter's table", 28.4), ("the best known", 23.8)),
        ),
    ),
    hints=(
        "The chapter's table has a line whose bound is already below 1/2. What does each of its "
        "three constants contribute to the bound?",
        "Make one constant a bit softer at a time and look at the bound:\n"
        '    ls.compile(program, target="lstm", horizon=16, soft={...}).report.notes',
        "Each constant has a share in the bound. At the best place, one bit more or less of each "
        "of them changes the bound by about the same. Loops over shout and gate, and for each the "
        "largest whisper that still keeps the bound.",
    ),
)

EXERCISES = (ADAM, FLOWS, BRACKETS, ROTATE, PROBE, NO_EFFECT, SOFTEST)
