"""Exercises of chapter 13, attention inside."""

import numpy as np

from lsrl_edu.practice.arranged import Arranged
from lsrl_edu.practice.behaviour import Behaves
from lsrl_edu.practice.challenge import Challenge, Score
from lsrl_edu.practice.chapters import specs13 as specs
from lsrl_edu.practice.exercise import Exercise
from lsrl_edu.practice.judges import Equals, Finds, Mistake, Rule, Satisfies

BY_HAND = Exercise(
    "13.1",
    "Three elements by hand",
    kind="trace",
    level="easy",
    minutes=5,
    objective="objective 1",
    judge=Equals(
        [6, -12, 72],
        places=("the first output", "the second output", "the third output"),
        hint="For each element write down key, query, value, what is written, S, and the output.",
        said="Two products around one sum.",
        mistakes=(
            Mistake(
                [6, 6, 24],
                "That attends to the element itself only. What does S hold from before?",
            ),
            Mistake(
                [0, -6, 24],
                "That reads S before this element is written. The sum goes up to s = t.",
            ),
            Mistake(
                [3, 6, 18],
                "That is S. The second product, with the query, is missing.",
            ),
            Mistake(
                [6, 0, 24],
                "Your S has lost a square: a negative key times a negative value is positive.",
            ),
            Mistake(
                [2, 4, 12],
                "That is the sum of key times query. It is key times VALUE that is added up.",
            ),
        ),
    ),
    hints=(
        "Every element becomes three numbers. One product is added up, another is read out.",
        "Here k = x, q = 2 x and v = 3 x, so 3 x x is added to S. The output is S times q.",
        "S is 3, 6, 18. The queries are 2, -2, 4.",
    ),
)

HOW_MANY = Exercise(
    "13.2",
    "How many numbers?",
    kind="explain",
    level="easy",
    minutes=7,
    objective="objectives 2 and 3",
    judge=Equals(
        [10, 4, 6, 0],
        places=("a", "b", "c", "d"),
        said="`attention.memory` computes this number for any matrices.",
        mistakes=(
            Mistake(
                lambda a: a[0] == 16,
                "Look again at a: 16 is the number of entries of S. Which of them are equal?",
            ),
            Mistake(
                lambda a: a[0] == 14,
                "Look again at a: 14 counts the carried numbers too. How many are REMEMBERED?",
            ),
            Mistake(
                lambda a: a[1] == 1,
                "Look again at b. There is one output, but its query can be anything: what is "
                "multiplied by the query?",
            ),
            Mistake(
                lambda a: a[1] in (10, 16),
                "Look again at b. There is one output. Is all of S read for it?",
            ),
            Mistake(
                lambda a: a[2] in (36, 64),
                "Look again at c. Most products of two entries of an element are never asked for.",
            ),
            Mistake(
                lambda a: a[2] == 9,
                "Look again at c: keys have 3 numbers, and values have 2.",
            ),
            Mistake(
                lambda a: a[3] == 1,
                "Look again at d. What is the answer to every query, and must that be remembered?",
            ),
            Mistake(
                lambda a: a[3] > 1,
                "Look again at d. All keys are 0. What is S then?",
            ),
        ),
    ),
    hints=(
        "A number has to be remembered only if some query to come can bring it back.",
        "a: count the different entries of a symmetric matrix. b: what does one row of W_V make of "
        "S? c: which products are in the sum? d: what are the dot products?",
        "a: d(d+1)/2. b: one row, d numbers. c: 3 numbers of a key times 2 of a value. d: nothing "
        "is ever said.",
    ),
)

FADING = Exercise(
    "13.3",
    "Attention that fades",
    kind="put in order",
    level="medium",
    minutes=7,
    objective="objective 1",
    judge=Arranged(
        (
            "def fading(x):",
            "    key, query = x[:2], x[2:4]",
            "    values = ls.Concat(x[4], x[4])",
            "    written = key * values",
            '    S = ls.LinState(written, A=[[0.5, 0], [0, 0.5]], B=[[1, 0], [0, 1]], name="S")',
            "    read = S * query",
            "    return read[0] + read[1]",
        ),
        "fading",
        Behaves(
            specs.attention(np.dot, decay=0.5),
            specs.rows(5, 12),
            dim=5,
            mistakes=(
                Mistake(
                    specs.keys_times_queries,
                    "What your program writes into its state has no value in it. Attention returns "
                    "values: when is the query needed, at writing or at reading?",
                ),
                Mistake(
                    specs.only_now,
                    "Your program reads what it has just written, and never the past: nobody "
                    "listens to S.",
                ),
            ),
        ),
        distractors=("    written = key * query", "    read = written * query"),
        question="Put the lines in order. Two of them do not belong.",
        seed=13,
    ),
    hints=(
        "Two products: which two things are multiplied before the state, and which after it?",
        "Written is a key times its value, once for each coordinate of the key. Read is the state "
        "times the query. The last line adds up the dot product.",
        "def, key and query, values, written from key and values, S from written, read from S and "
        "query, return.",
    ),
)

ASK = Exercise(
    "13.4",
    "Ask otherwise",
    kind="fill in",
    level="medium",
    minutes=8,
    objective="objective 4",
    judge=Satisfies(
        (
            Rule(
                lambda q: np.shape(q) == (2, 2),
                lambda q: f"Give two queries of two numbers; yours have the shape {np.shape(q)}.",
            ),
            Rule(
                lambda q: not np.allclose(q, specs.KEYS),
                "Those are the keys. They are not orthogonal, so each brings back both values. "
                "Nothing says that a query must look like a key.",
            ),
            Rule(
                lambda q: not np.allclose(q, specs.KEYS / [[5], [13]]),
                "Those are the keys, divided by their squared lengths. The own value comes back "
                "once, but the other one still comes along.",
            ),
            Rule(
                lambda q: not np.allclose(specs.KEYS @ np.array(q, float), np.eye(2)),
                "The right four numbers, but not in the right places: your queries are the columns "
                "of what you have written.",
            ),
            Rule(
                lambda q: not np.allclose(specs.KEYS @ np.array(q, float)[::-1].T, np.eye(2)),
                "The right queries, the wrong way round: your first one brings back v2.",
            ),
            Finds(specs.wrong_query),
        ),
        kind=(list, tuple, np.ndarray),
        noun="a list of two queries, [[1, 2], [3, 4]]",
        said="Exact, with keys that are not orthogonal.",
    ),
    hints=(
        "What is S q for any q? Write it with v1 and v2 in front.",
        "S q = v1 (k1 . q) + v2 (k2 . q). For the first query the two dot products should be 1 and "
        "0. Two equations for two numbers.",
        "For the first query (a, b) solve\n    2 a + b = 1\n    3 a + 2 b = 0\n"
        "and the same with 0 and 1 for the second.",
    ),
)

PAST_ONLY = Exercise(
    "13.5",
    "Only the past",
    kind="repair",
    level="medium",
    minutes=8,
    objective="objective 1",
    judge=Behaves(
        specs.attention(np.dot, own=False),
        specs.rows(3, 12),
        dim=3,
        inside={"S": lambda xs: np.cumsum([k * v for k, _, v in xs]).tolist()},
        mistakes=(
            Mistake(
                specs.attention(np.dot),
                "That attends to the element itself as well. What does it add to S?",
            ),
            Mistake(
                lambda xs: [
                    o - v * q for o, (_, q, v) in zip(specs.attention(np.dot)(xs), xs, strict=True)
                ],
                "That takes away the element's value, whatever its key. It is right where the key "
                "is 1.",
            ),
            Mistake(
                lambda xs: [
                    o - k * v for o, (k, _, v) in zip(specs.attention(np.dot)(xs), xs, strict=True)
                ],
                "That takes away the right product, but after the query has been multiplied in: "
                "before or behind that bracket is not the same.",
            ),
            Mistake(
                lambda xs: [
                    sum(k * v for k, _, v in xs[:t]) * xs[t - 1][1] if t else 0
                    for t in range(len(xs))
                ],
                "That delays everything, the query too: it is last time's answer.",
            ),
        ),
    ),
    hints=(
        "Try the draft on one element with key 2. What should come out, and what does?",
        "Its own share of the output is v (k q). How much of that does the draft take away?",
        "Take it away before the query is multiplied in:\n    return (S - ...) * query",
    ),
)

TWO_PASTS = Exercise(
    "13.6",
    "Two pasts, one state",
    kind="counter-example",
    level="medium",
    minutes=9,
    objective="objective 3",
    judge=Satisfies(
        (
            Rule(
                lambda p: len(p) == 2 and all(np.shape(past) == (2, 2) for past in p),
                "Give two pasts, each of two elements with two numbers.",
            ),
            Rule(lambda p: np.isfinite(np.array(p, float)).all(), "Use finite numbers."),
            Rule(
                lambda p: np.any(np.array(p, float), axis=2).all(),
                "An element is (0, 0), which leaves no trace. Use others.",
            ),
            Rule(
                lambda p: not specs.shared(p),
                "An element is in both pasts, perhaps with the other sign. Order and signs are the "
                "easy way; find pasts that share no element.",
            ),
            Finds(specs.moment_problem),
        ),
        kind=(list, tuple, np.ndarray),
        noun="a pair of pasts, each a list of two elements",
        said="No head of linear attention can tell them apart.",
    ),
    hints=(
        "What does the network know of a past? All later answers come from that.",
        "It knows the sum of x x^T: the sums of x1 x1, x1 x2 and x2 x2. Take two orthogonal "
        "elements of the same length. What happens to that sum if both are turned by an angle?",
        "For two orthogonal elements of length 5 the sum is 25 times the identity. Begin with\n"
        "    [(5, 0), (0, 5)]\n"
        "and look for another such pair, with a 3 and a 4 in it.",
    ),
)

SQUARED = Exercise(
    "13.7",
    "Squared weights",
    kind="write",
    level="hard",
    minutes=12,
    objective="objectives 1 and 2",
    judge=Behaves(
        specs.attention(specs.squared),
        specs.rows(5, 12),
        dim=5,
        rules=(
            Rule(
                lambda program: specs.states(program) <= 3,
                lambda program: (
                    f"Your network remembers {specs.states(program)} numbers, and three will do. "
                    "Which two of yours are always equal, or never needed?"
                ),
            ),
        ),
        mistakes=(
            Mistake(
                specs.attention(np.dot),
                "That is the plain weight k . q. Nothing has been squared.",
            ),
            Mistake(
                specs.squared_sum,
                "That squares the SUM of the values, weighted. Each weight should be squared "
                "before it is multiplied by its value.",
            ),
            Mistake(
                specs.attention(specs.unmixed),
                "That leaves out the mixed term: (a + b)(a + b) is more than a a + b b.",
            ),
            Mistake(
                specs.attention(specs.half_mixed),
                "Very near: the mixed term of a square comes twice.",
            ),
        ),
    ),
    hints=(
        "Multiply out (k . q)^2 in the plane. Which functions of the key alone stand in it?",
        "(k . q)^2 = k1 k1 q1 q1 + k2 k2 q2 q2 + 2 k1 k2 q1 q2. So it is linear attention between "
        "three numbers made from the key and the same three made from the query.",
        "With a helper `features(z)` that returns Concat(z[0] * z[0], z[1] * z[1], z[0] * z[1]):\n"
        "    written = features(x[:2]) * ls.Concat(x[4], x[4], x[4])\n"
        "    read = adder(written) * features(x[2:4])\n"
        "and add up the three parts of read, one of them twice.",
    ),
)

OVERWRITE = Exercise(
    "13.8",
    "Overwrite, for a while",
    kind="challenge",
    level="open",
    minutes=25,
    objective="objective 5",
    judge=Challenge(
        Behaves(
            specs.delta,
            specs.few_reals,
            dim=3,
            mistakes=(
                Mistake(
                    specs.attention(np.dot),
                    "That is linear attention: a second value is added to the first.",
                ),
                Mistake(
                    specs.replaced,
                    "That knows this element only. A key of 0 should leave the memory alone.",
                ),
                Mistake(
                    specs.scaled_delta,
                    "Your factor of the old memory is 1 - k. Multiply the rule out: a key comes "
                    "twice, once to read and once to write.",
                ),
                Mistake(
                    lambda xs: specs.delta(xs, 2),
                    "Right for two elements. The third one has lost the first.",
                ),
                Mistake(
                    lambda xs: specs.delta(xs, 3),
                    "Right for three elements. The fourth one has lost the first.",
                ),
            ),
        ),
        Score(
            "numbers remembered",
            specs.states,
            known=(("a shift register, then the rule written out", 7), ("the best known", 3)),
        ),
    ),
    hints=(
        "For four elements the rule is a polynomial. What has to be known of each of the last "
        "three elements, and what of the first one?",
        "With w = v k and a = 1 - k k the rule is S = a S + w. Keep the w and the a of the last "
        "elements in a shift register and multiply out from the oldest. Fewer numbers: write "
        "S = S + w - k k S, and put in for the S on the right something that is right for one "
        "element less.",
        "A sum gives what was there before this element: `S - what is added now`. So\n"
        "    guess = adder(w)               # right for one element\n"
        "    step = w - kk * (guess - w)    # right for two, if it is added up\n"
        "and again. How many times, and does the last one need a sum?",
    ),
)

EXERCISES = (BY_HAND, HOW_MANY, FADING, ASK, PAST_ONLY, TWO_PASTS, SQUARED, OVERWRITE)
