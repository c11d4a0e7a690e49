"""Exercises of chapter 07, noise."""

import math

import numpy as np

from lsrl_edu.compiler.layers import Layers
from lsrl_edu.practice.challenge import Challenge, Score
from lsrl_edu.practice.chapters import specs07 as specs
from lsrl_edu.practice.exercise import Exercise
from lsrl_edu.practice.fits import Fits
from lsrl_edu.practice.judges import Differs, Equals, Finds, Mistake, Rule, Satisfies

DRIFT = Exercise(
    "07.1",
    "How far does it drift?",
    kind="fill in",
    level="easy",
    minutes=5,
    objective="objective 3",
    judge=Equals(
        [0.5, 0.02 * 410 / math.sqrt(10), 0.02 * 410 / math.sqrt(40)],
        tolerance=0.02,
        places=("a", "b", "c"),
        said="A reader that forgives 6.5 has 13, 2.5 and 5 standard deviations of room.",
        mistakes=(
            Mistake(
                lambda d: abs(d[0] - 1e-4 * math.sqrt(5000)) < 1e-3,
                "a: a register meets the SAME error at every element, so nothing averages out.",
            ),
            Mistake(lambda d: abs(d[0] - 0.5) > 0.02, "a: sigma times the number of elements."),
            Mistake(
                lambda d: abs(d[1] - 8.2) < 0.1,
                "b: that would be a register. A loop of 10 meets ten different errors.",
            ),
            Mistake(
                lambda d: abs(d[1] - 0.82) < 0.02,
                "b: each error is met T/10 times, but there are ten of them. Their sum grows with "
                "the root of 10.",
            ),
            Mistake(
                lambda d: abs(d[2] - 0.02 * 410 / math.sqrt(10) / 4) < 0.02,
                "c: four times as many places divide by the root of 4.",
            ),
            Mistake(
                lambda d: abs(d[2] - 4.1) < 0.05,
                "c: you have counted the copies only. A loop has n * copies places.",
            ),
        ),
    ),
    hints=(
        "How many different errors does the value meet, and how often each of them?",
        "A register: one error, T times. A loop of m places: m errors, T/m times each, and the "
        "root of m for their sum.",
        "sigma * T for a; and for the loops\n    sigma * T / math.sqrt(m), with m = 10 and m = ...",
    ),
)

SIGNALS = Exercise(
    "07.2",
    "Signals through gates",
    kind="trace",
    level="easy",
    minutes=6,
    objective="objective 4",
    judge=Equals(
        [0.8, 0, 1, 0.4, 0, 0],
        places=("a", "b", "c", "d", "e", "f"),
        said="What is off leaves as an exact 0, or nearly so; what is on, as 1.",
        mistakes=(
            Mistake(
                lambda s: s[0] == 1, "a: 0.05 is not 0, and 1 - 4 * 0.05 is not 1. (It is near.)"
            ),
            Mistake(lambda s: s[0] == 0.95, "a: the gain is missing: it is 1 - 4 x, not 1 - x."),
            Mistake(
                lambda s: s[1] < 0 or s[4] < 0 or s[5] < 0,
                "A ReLU gives no negative numbers: below 0 it is exactly 0.",
            ),
            Mistake(lambda s: s[2] == 0, "c: that is one inverter. `on` is two of them."),
            Mistake(
                lambda s: abs(s[3] - 0.5) < 1e-9, "d: it is a - 2b, and b is not off altogether."
            ),
            Mistake(
                lambda s: abs(s[4] - 0.5) < 1e-9, "e: here b is on, 0.4 of it, and takes away 2b."
            ),
            Mistake(
                lambda s: s[5] > 0,
                "f: 0.01 is far above 1.5/1024, so something IS stored, and `stored` says 0 then.",
            ),
        ),
    ),
    hints=(
        "Put the numbers into the three formulas, from the inside to the outside.",
        "off(x) is ReLU(1 - 4 x), on(x) is off(off(x)), and_not(a, b) is ReLU(a - 2 b).",
        "off(0.05) = ReLU(1 - 0.2). on(0.3) = off(off(0.3)) = off(0). "
        "stored(0.01) = off(ReLU(10.24 - 0.5), 1):\n    ReLU(1 - 9.74)",
    ),
)

THIN = Exercise(
    "07.3",
    "An AND that is none",
    kind="counter-example",
    level="easy",
    minutes=5,
    objective="objective 4",
    judge=Differs(
        specs.THIN,
        specs.THICK,
        names=("ReLU(a + b - 1)", "a restoring AND"),
        allowed=(
            Rule(lambda xs: len(xs) == 1, "Give one pair, as a list with one row."),
            Rule(
                lambda xs: all(v == 0 or 0.25 <= v <= 8 for v in xs.ravel()),
                "A signal is 0, or from 1/4 to 8.",
            ),
        ),
        mistakes=(
            Mistake(lambda xs: (xs == 0).all(), "Both are off, and both say 0."),
            Mistake(
                lambda xs: (xs == 0).any(),
                "One is off, and the sum of both is not above 1: both programs say 0.",
            ),
            Mistake(
                lambda xs: abs(xs.sum() - 2) < 1e-6,
                "The two signals add up to 2, so the difference is just 1: nothing shows.",
            ),
        ),
        tolerance=0.05,
    ),
    hints=(
        "A signal that is on may be as large as 8. What does that do to a sum?",
        "Either a large one alone, or two weak ones together.",
        "One of them off, and the other more than 1:\n    [[..., 0]]",
    ),
)

BOTH = Exercise(
    "07.4",
    "A restoring AND",
    kind="write",
    level="medium",
    minutes=8,
    objective="objective 4",
    judge=Fits(
        (
            Rule(
                lambda p: p.run([(8, 8)]).item() != 15,
                "That is ReLU(a + b - 1), which 07.3 has refuted.",
            ),
            Rule(
                lambda p: p.run([(1, 0)]).item() != 1 or p.run([(0, 1)]).item() != 1,
                "That is an OR: one of the two is enough for it.",
            ),
            Rule(
                lambda p: p.run([(0, 0)]).item() != 1,
                "It says 1 where both are off: an inverter too few, or one too many.",
            ),
            Finds(specs.leaks),
            Finds(specs.weak),
            Finds(specs.shaky),
        ),
        dim=2,
        domain=(0, 8),
        said="Right for 16 pairs, and with 20 draws of noise.",
    ),
    hints=(
        "Which gate says an exact 0 to anything large? Ask the opposite question with it.",
        "De Morgan: both are on if it is not so that one of them is off.",
        "Sum the two inverters and invert:\n    return off(off(a) + ...)\n"
        "At 1/4 the gain of 4 is just at its edge. A larger gain leaves room for noise.",
    ),
)

OPTIONS = Exercise(
    "07.5",
    "Repair the compilation",
    kind="repair",
    level="easy",
    minutes=5,
    objective="objective 2",
    judge=Satisfies(
        (
            Rule(
                lambda o: set(o) != {"simplify"} or o["simplify"],
                "Now the restoring steps are all there. But the noise is absolute, and some "
                "weights are as small as 1/2048: which option evens that out?",
            ),
            Rule(
                lambda o: o.get("simplify") is False or not o.get("balance"),
                "The scales are even now. But the compiler has taken out what only noise needs: "
                "how do you tell it not to?",
            ),
            Rule(
                lambda o: specs.still_wrong(o) == 0,
                lambda o: (
                    f"With these options {specs.still_wrong(o):.0f} % of the tokens are wrong at "
                    "0.003. What does the compiler take out, and what does it leave uneven?"
                ),
            ),
        ),
        kind=dict,
        noun="a dictionary of options",
        said="No token is wrong at 0.003, in ten draws.",
    ),
    hints=(
        "The network does the right thing without noise. What may a compiler take out, if it "
        "knows that each signal is 0 or 1?",
        "Two options: one keeps the restoring steps, the other evens out the scales.",
        'Both of them are in the chapter\'s `ROBUST`:\n    {"simplify": ..., "balance": ...}',
    ),
)

BLAME = Exercise(
    "07.6",
    "Who is to blame?",
    kind="explain",
    level="medium",
    minutes=7,
    objective="objective 2",
    judge=Equals(
        ["broken", "broken", "fine"],
        places=("a", "b", "c"),
        said="A state that grows with time is lost, however gentle the step.",
        mistakes=(
            Mistake(
                lambda v: not set(v) <= {"fine", "broken"}, 'Each is "fine" or "broken", in words.'
            ),
            Mistake(
                ["fine", "broken", "fine"],
                "a: two numbers of size 4000 are subtracted, with noise of 0.001 on what makes "
                "each. How large is the error of their difference?",
            ),
            Mistake(
                ["broken", "fine", "fine"],
                "b: the step is gentler, but the count is 1000 all the same. How large is 0.001 "
                "of that?",
            ),
            Mistake(
                lambda v: v[2] == "broken",
                "c: what is in the states at element 1000, and what does noise make of it?",
            ),
            Mistake(
                lambda v: v[:2] == ["fine", "fine"],
                "a and b: what do both of them read, and how large is it at element 1000?",
            ),
        ),
    ),
    hints=(
        "Noise on a weight counts as many times as the number that it reads.",
        "Write down the largest state of each at element 1000, times 0.001, and compare with "
        "the distance from the threshold.",
        "For b: the count is 1000, so a weight that reads it is off by 0.001 and the product by "
        "1. The threshold is half of that away from the nearest count:\n    1000 * 0.001 > 0.5",
    ),
)

FIRST = Exercise(
    "07.7",
    "Remember the first element",
    kind="write",
    level="hard",
    minutes=12,
    objective="objectives 3 and 4",
    judge=Fits(
        (
            Rule(
                lambda p: specs.runs(p, [0, 1, 1, 0]) != [0, 1, 1, 0],
                "That is this element itself: nothing is remembered.",
            ),
            Rule(
                lambda p: specs.runs(p, [1, 1, 1]) != [1, 2, 3],
                "It adds up all elements. Write only while the window is open.",
            ),
            Rule(
                lambda p: (
                    specs.runs(p, [1, 0, 0]) != [0, 0, 0] or specs.runs(p, [0, 1, 1]) != [1, 1, 1]
                ),
                "Just the opposite: `stored` is an inverter for memories, 0 where there is one.",
            ),
            Rule(
                lambda p: specs.runs(p, [1, 0, 0, 0]) != [1, 0, 0, 0],
                "The 1 is there at once and gone afterwards: it comes round only when its place "
                "is due. Who fills the other places of the loop?",
            ),
            Finds(specs.first_wrong),
            Rule(
                lambda p: specs.forgotten(p) <= 5,
                lambda p: (
                    f"Right without noise, but {specs.forgotten(p):.0f} % of the draws are wrong "
                    "with noise of 0.02. How far does your memory drift in 300 elements, and what "
                    "restores it when it is read?"
                ),
            ),
        ),
        domain=(0, 1),
        said="At most 5 % of 40 draws are wrong after 300 elements.",
    ),
    hints=(
        "Three parts: see the first element and no other; keep it in a loop; restore it when it "
        "is read.",
        "`and_not(window(x, 1), off(x, 2))` is a pulse at the first element, if that is 1. A loop "
        "of m places brings it back every m elements only: so the pulse has to fill them all.",
        "    seen = and_not(window(x, 1), off(x, 2))\n"
        "    return 1 - stored(loops(recent(seen, ...), ...))",
    ),
)

MOST = Exercise(
    "07.8",
    "The most noise survived",
    kind="challenge",
    level="open",
    minutes=20,
    objective="objectives 4 and 5",
    judge=Challenge(
        Satisfies(
            (
                Rule(
                    lambda n: n.width <= 100,
                    lambda n: f"Your network is {n.width} channels wide; 100 are allowed.",
                ),
                Rule(
                    lambda n: n.input_dim == 1 and n.output_dim == 1,
                    "It should read one token and give one token for each element.",
                ),
                Rule(
                    lambda n: not np.isnan(n.run([1, 2, 1, 2, 3, 3])).any(),
                    "It gives NaN for the word 1 2, looked up in (1 2, 3 3).",
                ),
                Rule(
                    lambda n: specs.looked_up(n, (0.0,))[0] == 0,
                    lambda n: (
                        f"{specs.looked_up(n, (0.0,))[0]:.0f} % of the tokens are wrong without "
                        "any noise. Words have 2 tokens from 0 to 3."
                    ),
                ),
            ),
            kind=Layers,
            noun="the network, what `ls.compile(program, ...)` returns without a target",
        ),
        Score(
            "(noise level)",
            specs.survived,
            known=(
                ("Listing 2, multiplicative", 0.0),
                ("robust, 1 copy", 0.06),
                ("robust, 4 copies", 0.07),
                ("robust, 2, 3 or 5 copies", 0.08),
            ),
            lower_is_better=False,
        ),
    ),
    hints=(
        "Begin with `robust.program(2, range(4))`, compiled with `ROBUST`. What else can it be "
        "told?",
        "More copies drift less, but here drift is not all: measure with states overwritten to see "
        "what one step does.",
        "    ls.compile(robust.program(2, range(4), copies=...), **ROBUST)\n"
        "Then look for the weakest signal: noise adds up where many signals are summed, as in "
        "the readout.",
    ),
)

EXERCISES = (DRIFT, SIGNALS, THIN, BOTH, OPTIONS, BLAME, FIRST, MOST)
