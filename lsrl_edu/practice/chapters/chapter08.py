"""Exercises of chapter 08, the classic recurrent networks."""

import numpy as np

from lsrl_edu.practice.challenge import Challenge, Score
from lsrl_edu.practice.chapters import specs08 as specs
from lsrl_edu.practice.exercise import Exercise
from lsrl_edu.practice.judges import Equals, Finds, Mistake, Rule, Satisfies

GATES = Exercise(
    "08.1",
    "Read the gates",
    kind="trace",
    level="easy",
    minutes=6,
    objective="objective 2",
    judge=Equals(
        [3, 4, 4, 5, 5],
        places=tuple(f"element {t}" for t in range(5)),
        hint="For this element: is f 0 or 1? Then c is f times the old c, plus what g adds.",
        said="An LSTM can forget on command. A LinState cannot.",
        mistakes=(
            Mistake(
                [3, 4, 8, 9, 14], "That never forgets. What is sigmoid(2048 k - 1024) for k=0?"
            ),
            Mistake(
                [3, 4, 0, 1, 0],
                "That erases the new value as well. f stands before the OLD c, i before the new g.",
            ),
            Mistake([3, 1, 4, 1, 5], "Those are the values alone: f is not always 0."),
            Mistake(
                [3, 1, 5, 1, 6], "You forget where k is 1. For which k is sigmoid(2048 k - 1024) 1?"
            ),
            Mistake(
                [1.5, 2, 2, 2.5, 2.5],
                "You have halved everything. An output gate of sigmoid(1024) is 1, not 1/2.",
            ),
        ),
    ),
    hints=(
        "All four rows are shouts or a whisper. Replace each gate by the number that it is.",
        "i = o = 1 always; f = sigmoid(2048 k - 1024) is k; g = tanh(e v) is e v. Write c_t / e.",
        "The cell is `c = k * c + v`. Begin with c = 0 and put in the five elements.",
    ),
)

EDGES = Exercise(
    "08.2",
    "The edges of whisper and shout",
    kind="fill in",
    level="easy",
    minutes=7,
    objective="objective 1",
    judge=Equals(
        [-22, 20],
        places=("k", "full"),
        said="The bend is quadratic, so half of the digits; the shout is exponential, so 20.",
        mistakes=(
            Mistake(
                lambda a: a[0] > 0,
                "k: that is louder than the values themselves. A whisper has a negative k.",
            ),
            Mistake(
                lambda a: a[0] == -12,
                "k: -12 is the edge for values up to 1, as in the chapter. Here they go to 1000.",
            ),
            Mistake(
                lambda a: -22 < a[0] <= 0,
                "k: too loud, float32 hears the bend of some values. Remember that they reach "
                "1000, just under 2^10.",
            ),
            Mistake(
                lambda a: a[0] in (-34, -35),
                "k: you have asked for x^2/3 below 2^-50. It is x that is squared, not the half "
                "unit of 2^-25.",
            ),
            Mistake(lambda a: a[0] < -22, "k: that is exact, but you can be louder."),
            Mistake(
                lambda a: a[1] in (64, 1024),
                "full: tanh is 1 there, but long before as well. Which is the FIRST whole number?",
            ),
            Mistake(
                lambda a: a[1] < 20,
                "full: float64 still tells that tanh from 1. By how much is it below 1, and how "
                "far from 1 is the float below it?",
            ),
            Mistake(lambda a: a[1] > 20, "full: one less would do, or even several."),
        ),
    ),
    hints=(
        "Compare the first thing that differs (the bend; the gap to 1) with half of what the "
        "dtype can tell.",
        "k: x^2 / 3 must be below about 2^-25, so |x| <= 2^-12, where x = 2^k v. full: 2 exp(-2x) "
        "must be below half of the gap between 1 and the float under it, 2^-53.",
        "2^k * 2^10 = 2^-12 gives k. For the other solve\n    2 * exp(-2 * full) < 2**-54",
    ),
)

UNSEEN = Exercise(
    "08.3",
    "A test that sees nothing",
    kind="counter-example",
    level="medium",
    minutes=7,
    objective="objective 4",
    judge=Satisfies(
        (
            Rule(
                lambda p: np.shape(p) == (3, 2),
                lambda p: f"Give three pairs (a1, a2); yours have the shape {np.shape(p)}.",
            ),
            Rule(lambda p: np.min(p) >= 0, "No factor may be negative: the paper's ReLUs cut it."),
            Rule(
                lambda p: not {0, 1} & set(np.asarray(p, float)[:, 1]),
                "No a2 may be 0 or 1: there the missing term could be 0 by itself.",
            ),
            Rule(
                lambda p: np.isclose(specs.printed_product(p)[1], np.prod(p[1])),
                lambda p: (
                    "Element 1 is wrong already: "
                    f"{specs.printed_product(p)[1]:g} instead of {np.prod(p[1]):g}. What stays "
                    "behind there is (1 - z) times the first product. When is that 0?"
                ),
            ),
            Rule(
                lambda p: not np.isclose(specs.printed_product(p)[2], np.prod(p[2])),
                "All three are right: such a test would have seen nothing. What is left of "
                "element 1 must reach element 2.",
            ),
        ),
        kind=(list, tuple, np.ndarray),
        noun="a list of three pairs",
        said="Right twice, wrong at the third: a short test of a recurrence proves little.",
    ),
    hints=(
        "The first output is always right, since h_0 = 0. What would make the second one right "
        "as well?",
        "What is added by mistake at element t is (1 - a2) h_{t-1}. At element 1 it should be 0 "
        "although a2 is not 1.",
        "Let the first PRODUCT be 0, with a2 not 0:\n    [(0, 2), (..., 2), (..., 3)]",
    ),
)

COUNTER = Exercise(
    "08.4",
    "A counter by hand",
    kind="write",
    level="medium",
    minutes=12,
    objective="objective 2",
    judge=Satisfies(
        (
            Finds(specs.incomplete),
            Rule(
                lambda m: not specs.near(m, lambda xs: np.cumsum(xs)),
                "It counts, but from 0. Where does a unit keep what it begins with? Mind the "
                "whisper: the start is in units of e as well.",
            ),
            Rule(
                lambda m: not specs.near(m, lambda xs: 3 + np.arange(1, len(xs) + 1)),
                "It counts the elements, not the ones: g is fed by its bias.",
            ),
            Rule(
                lambda m: not abs(specs.unit(m, [0] * 9, "float64")[-1]) < 1e-2,
                "After nine zeros nothing is left of the 3: something fades or was never there. "
                "What is sigmoid of the bias of f?",
            ),
            Rule(
                lambda m: not 1e-9 < abs(specs.unit(m, [1] * 9, "float64")[-1] - 12) < 1,
                lambda m: (
                    f"Nearly: nine ones give {specs.unit(m, [1] * 9, 'float64')[-1]:.9g} instead "
                    "of 12. Is your whisper soft enough, and is each shout loud enough?"
                ),
            ),
            Finds(specs.counts_wrong),
        ),
        kind=dict,
        noun="a dictionary with the rows",
        said="Exact for 2,000 elements, in float64 and in float32.",
    ),
    hints=(
        "Which of c and h keeps a sum by itself? Which gates have to be open for that?",
        "i, f and o are shouted open by their bias. g whispers x. The start of c is 3 in the same "
        "whisper, and the readout takes the whisper back.",
        "With e = 2.0**-40:\n"
        '    "f": (0, 0, 1024),\n    "g": (e, 0, 0),\n    "start": (0, ...), "readout": ...',
    ),
)

CARELESS = Exercise(
    "08.5",
    "Why the count lives in c",
    kind="explain",
    level="medium",
    minutes=10,
    objective="objectives 1 and 2",
    judge=Equals(
        [19, 11],
        places=("through_c", "through_h"),
        said="What is kept in c is not bent; what goes round through h is bent each time.",
        mistakes=(
            Mistake(
                lambda a: a[0] == 18,
                "through_c: the error passes one half at 18.3, so 18 is still rounded rightly.",
            ),
            Mistake(
                lambda a: a[0] == a[1],
                "The two are not equal: one of them shows a bent number, the other one KEEPS it.",
            ),
            Mistake(
                lambda a: a[0] < a[1],
                "The wrong way round: going round through h adds the bend up, element by element.",
            ),
            Mistake(
                lambda a: a[0] != 19,
                "through_c: only what is SHOWN is bent there, by one tanh at count n. When does "
                "n^3 e^2 / 3 with e = 1/64 pass one half?",
            ),
            Mistake(
                lambda a: a[1] in (13, 14),
                "through_h: earlier. You have counted ONE tanh at each element; it is two, one "
                "in g and one in h.",
            ),
            Mistake(
                lambda a: a[1] != 11,
                "through_h: the bends of all elements so far add up, to about n^4 e^2 / 6. When "
                "does that pass one half?",
            ),
        ),
    ),
    hints=(
        "For each way ask: how often is the whole count sent through a tanh before it is shown?",
        "Through c: once, when it is shown. So one bend, n^3 e^2 / 3. Through h: twice at every "
        "element, so the sum of 2 k^3 e^2 / 3 for k = 1, ..., n.",
        "The sum of k^3 is about n^4 / 4. Solve both for one half, with e = 1/64, and round up:\n"
        "    n**3 * e**2 / 3 = 1/2\n    n**4 * e**2 / 6 = 1/2",
    ),
)

REPORT = Exercise(
    "08.6",
    "What will the report say?",
    kind="explain",
    level="medium",
    minutes=8,
    objective="objective 5",
    judge=Equals(
        ["quiet", "note", "note", "refused", "quiet"],
        places=("a", "b", "c", "d", "e"),
        said="The cell asks for bounds of products, and the dtype for a reach.",
        mistakes=(
            Mistake(
                lambda a: not set(a) <= {"quiet", "note", "refused"},
                'Each of the five is "quiet", "note" or "refused".',
            ),
            Mistake(
                lambda a: a[0] != "quiet",
                "Look again at a: the largest sum is 1000 times 10^5. Is that beyond 1.34e8?",
            ),
            Mistake(
                lambda a: a[1] != "note",
                "Look again at b: the largest sum is 1000 times 10^6. And a sum is never refused.",
            ),
            Mistake(
                lambda a: a[2] == "refused",
                "Look again at c: one factor is 0 or 1, so the output gate is a switch for it.",
            ),
            Mistake(
                lambda a: a[2] == "quiet",
                "Look again at c: it compiles, but ANY real number may come, also 10^9.",
            ),
            Mistake(
                lambda a: a[3] != "refused",
                "Look again at d: a gate must be bent for a real factor, by how much?",
            ),
            Mistake(
                lambda a: a[4] != "quiet",
                "Look again at e: both factors are real, and both have bounds.",
            ),
        ),
    ),
    hints=(
        "Two questions for each: is there a product of two real values, and how large can a "
        "value become?",
        "The reach in float32 is 2^27, about 1.34e8. The largest sum is the largest element times "
        "the horizon.",
        "One of the five is refused: a product of real values without a bound. Two are noted: "
        "there something may come that is beyond the reach.",
    ),
)

MEND = Exercise(
    "08.7",
    "Mend the product",
    kind="repair",
    level="hard",
    minutes=15,
    objective="objective 4",
    judge=Satisfies(
        (
            Finds(specs.misshapen),
            Rule(
                lambda m: not specs.mend_is("unmended")(m),
                "That shows the product of the paper as it is: 5 instead of 6, once more.",
            ),
            Rule(
                lambda m: not specs.mend_is("nothing")(m),
                "The second unit of the second layer is always 0: what does it read?",
            ),
            Rule(
                lambda m: not specs.mend_is("a sum")(m),
                "That is the running SUM of the products: the first half is done. Which two sums "
                "differ by the newest product?",
            ),
            Rule(
                lambda m: not specs.mend_is("the sum before")(m),
                "That is the sum of the products BEFORE this element.",
            ),
            Finds(specs.mend_fails),
        ),
        kind=dict,
        noun="a dictionary with U_h, W_2 and U_2",
        said="The claim of the appendix stands, with one more layer.",
    ),
    hints=(
        "You cannot get rid of (1 - z) h_{t-1}. Can you make it a friend?",
        "Let the candidate be a1 + h_{t-1}. Then (1 - z) h_{t-1} + z (a1 + h_{t-1}) is a running "
        "sum of the products. The second layer takes the difference of two sums.",
        "The second layer keeps the sum in its first unit; its second unit is the sum now minus "
        "the sum kept:\n"
        '    "U_h": [[0, 0], [0, ...]],\n'
        '    "W_2": [[0, 1], [0, ...]],\n'
        '    "U_2": [[0, 0], [..., 0]],',
    ),
)

SMALLEST = Exercise(
    "08.8",
    "The smallest LSTM",
    kind="challenge",
    level="open",
    minutes=20,
    objective="objectives 1 and 2",
    judge=Challenge(
        Satisfies(
            (
                Finds(specs.taken_apart),
                Rule(lambda m: not specs.vote_is(lambda b: 0 * b)(m), "It always says 0."),
                Rule(
                    lambda m: not specs.vote_is(lambda b: specs.leads(b) >= 0)(m),
                    "Right, but for ties: where there are as many ones as zeros it says 1.",
                ),
                Rule(
                    lambda m: not specs.vote_is(lambda b: specs.leads(b) <= 0)(m),
                    "It says just the opposite: a sign is turned round.",
                ),
                Rule(
                    lambda m: not specs.vote_is(specs.leads)(m),
                    "That is the lead itself, ones minus zeros. Who asks whether it is positive?",
                ),
                Finds(specs.vote_fails),
            ),
            kind=(tuple, list),
            noun="(rnn, h_0, c_0, weight, bias)",
        ),
        Score(
            "numbers that are not 0",
            specs.entries,
            known=(
                ("compiled", 25),
                ("the lead in one c, and a shouted sign of it", 12),
                ("the same, with gates left at 1/2 where half is enough", 8),
                ("the horizon put to use", 6),
            ),
        ),
    ),
    hints=(
        "Two counts are one number too many: what has to be kept is the lead.",
        "Layer 0: a c that goes up for a one and down for a zero. Layer 1: the shouted sign of "
        "lead - 1/2, and a head that makes 0 and 1 of it. Then ask of each number: is it needed? "
        "sigmoid(0) is 1/2, and that is often open enough.",
        "Layer 0 needs f = 1 and a g that is +e for a one and -e for a zero:\n"
        "    rnn.bias_ih_l0[1] = 1024\n"
        "    rnn.weight_ih_l0[2] = 2.0**-39\n"
        "    rnn.bias_ih_l0[2] = -(2.0**-40)\n"
        "Layer 1 has f = 0 and a loud g.",
    ),
)

EXERCISES = (GATES, EDGES, UNSEEN, COUNTER, CARELESS, REPORT, MEND, SMALLEST)
