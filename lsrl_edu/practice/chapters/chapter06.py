"""Exercises of chapter 06, prompting a dictionary."""

import lsrl_edu as ls
from lsrl_edu.practice.arranged import Arranged
from lsrl_edu.practice.behaviour import Behaves
from lsrl_edu.practice.challenge import Challenge, Score
from lsrl_edu.practice.chapters import specs06 as specs
from lsrl_edu.practice.exercise import Exercise
from lsrl_edu.practice.inputs import bits
from lsrl_edu.practice.judges import Differs, Equals, Finds, Mistake, Rule, Satisfies

TRACE = Exercise(
    "06.1",
    "Where it matches",
    kind="trace",
    level="easy",
    minutes=5,
    objective="objective 1",
    judge=Equals(
        [0, 0, 0, 1, 0, 0, 1, 1, 0, 0],
        places=tuple(
            f"element {2 * word + place}, a token of {role}"
            for word, role in enumerate(
                ("the query", "a key", "a value", "the second key", "the second value")
            )
            for place in (0, 1)
        ),
        hint="Only the tokens of keys are compared, each with the query's token at its place.",
        said="Keys only, token by token, place by place.",
        mistakes=(
            Mistake(
                [0, 0, 0, 1, 1, 1, 1, 1, 0, 0],
                "The first value has the tokens of the query, but values are not compared: "
                "`is_compare_mode` is 0 there.",
            ),
            Mistake(
                [1, 1, 0, 1, 0, 0, 1, 1, 0, 0],
                "The query matches itself, of course, but it is not a key.",
            ),
            Mistake(
                [0, 0, 0, 0, 0, 0, 1, 1, 0, 0],
                "That asks for whole words. `matching` looks at one token at a time.",
            ),
            Mistake(
                [0, 0, 0, 0, 0, 0, 0, 0, 1, 0],
                "That is `all_matching` at the beginning of a value, which is made of this row.",
            ),
        ),
    ),
    hints=(
        "Write query, key, value, key, value above the ten tokens, and a place, 0 or 1, below.",
        "Cross out the query and the values. Compare each token that is left with the query's "
        "token at the same place.",
        "What is left are elements 2, 3, 6 and 7: tokens 3, 2, 1, 2. The query is 1, 2.",
    ),
)

SHIFT = Exercise(
    "06.2",
    "A shift register of any length",
    kind="fill in",
    level="easy",
    minutes=6,
    objective="objective 2",
    judge=Satisfies(
        (Finds(specs.wrong_shift),),
        noun="a function of the number of places",
        probe=(2,),
        said="Right for 1, 2, 3 and 5 places.",
    ),
    hints=(
        "Row i of A says what place i becomes. Which place does it take its value from?",
        "B puts the new one into the last place, so everything moves towards the first: place i "
        "takes what place i + 1 had.",
        "Ones right above the diagonal:\n    return np.eye(k, k=...)",
    ),
)

RUN_OF_THREE = Exercise(
    "06.3",
    "The three before",
    kind="repair",
    level="medium",
    minutes=8,
    objective="objective 2",
    judge=Behaves(
        specs.three_before,
        bits(7),
        domain=bool,
        inside={"buffer": specs.last_four},
        mistakes=(
            Mistake(
                lambda xs: specs.three_before(xs, ago=0),
                "That looks at this bit and the two before it: one element too early.",
            ),
            Mistake(
                lambda xs: specs.three_before(xs, ago=2),
                "That is one element too late: it leaves out the bit just before this one.",
            ),
            Mistake(
                specs.three_of_four,
                "That is 1 where ANY three of the last four bits are 1. This bit should not count.",
            ),
            Mistake(
                lambda xs: specs.three_before(xs, ago=0, count=4),
                "That wants this bit to be 1 as well.",
            ),
        ),
    ),
    hints=(
        "When the register is read, which bits are in it? A state is written before it is read.",
        "The newest bit takes a place and should not count. So how many places are needed, and "
        "which of them are added up?",
        "One place more, and a weight of 0 for the newest:\n"
        '    buffer = ls.LinState(x, A=np.eye(4, k=1), B=..., name="buffer")\n'
        "    return ls.f_larger(ls.Linear(buffer, [[1, 1, 1, ...]]), 2.5)",
    ),
)

FOR_THREE = Exercise(
    "06.4",
    "On for three, then off",
    kind="put in order",
    level="medium",
    minutes=8,
    objective="objective 2",
    judge=Arranged(
        (
            "def for_three(x):",
            '    t = ls.LinState(ls.f_constant(x, 1), A=[[1]], B=[[1]], name="t")',
            "    when = ls.f_ifelse(x, t, None)",
            '    start = ls.LinState(when, A=[[1]], B=[[1]], name="start")',
            "    begun = ls.f_larger(start, 0.5)",
            "    fresh = ls.f_smaller(t, start + 3)",
            "    return ls.f_and(begun, fresh)",
        ),
        "for_three",
        Behaves(
            specs.for_three,
            specs.one_signal,
            domain=bool,
            inside={"t": lambda xs: range(1, len(xs) + 1), "start": specs.starts},
            mistakes=(
                Mistake(
                    lambda xs: specs.seen_before_time(xs, 4),
                    "Your `start` holds that there was a 1, not when. So it is always over at the "
                    "same time.",
                ),
                Mistake(
                    lambda xs: specs.seen_before_time(xs, 3),
                    "Your `fresh` does not depend on when the 1 came: it compares the time with 3.",
                ),
            ),
        ),
        distractors=(
            '    start = ls.LinState(x, A=[[1]], B=[[1]], name="start")',
            "    fresh = ls.f_smaller(t, 3)",
        ),
        question="Put the lines in order. Two of them do not belong.",
        seed=6,
    ),
    hints=(
        "A state cannot switch itself off. What can it hold instead, and who asks the question?",
        "Write down once WHEN the 1 came. Then ask two things at every element: has it come, and "
        "is "
        "the time less than three after it?",
        "`when` is the time at the 1 and 0 elsewhere:\n"
        "    def, t, when, start of when, begun, fresh with start, return",
    ),
)

FIRST_ONLY = Exercise(
    "06.5",
    "The first one wins",
    kind="write",
    level="medium",
    minutes=8,
    objective="objectives 2 and 3",
    judge=Behaves(
        specs.first_only,
        bits(7),
        domain=bool,
        inside={"ones": specs.counts},
        mistakes=(
            Mistake(list, "That passes every 1 on, not only the first."),
            Mistake(
                lambda xs: [int(c <= 1) for c in specs.counts(xs)],
                "That is 1 before the first 1, too: is there a 1 at this element?",
            ),
            Mistake(
                lambda xs: [int(c == 1) for c in specs.counts(xs)],
                "That stays 1 after the first 1 until the second comes.",
            ),
            Mistake(
                lambda xs: [int(c >= 1) for c in specs.counts(xs)],
                "That goes up at the first 1 and stays up, like a flag. Which two things hold at "
                "the first 1 only?",
            ),
            Mistake(
                lambda xs: [0] * len(xs),
                "That is always 0. The count includes this element: at the first 1 it is 1.",
            ),
            Mistake(
                lambda xs: [int(x and c == 2) for x, c in zip(xs, specs.counts(xs), strict=True)],
                "That is the SECOND 1. The count includes this element.",
            ),
        ),
    ),
    hints=(
        "Which number, kept in a state, tells the first 1 from later ones?",
        "Count the ones, for ever. At the first 1 two things hold: this element is 1, and the "
        "count is not above ...",
        '    ones = ls.LinState(x, A=[[1]], B=[[1]], name="ones")\n'
        "    return ls.f_and(x, ls.f_smaller(ones, ...))",
    ),
)

FLAG = Exercise(
    "06.6",
    "A flag is not enough",
    kind="counter-example",
    level="medium",
    minutes=8,
    objective="objectives 1 and 2",
    judge=Differs(
        specs.BY_FLAG,
        specs.BY_TIME,
        names=("the flag", "the start time"),
        allowed=(
            Rule(
                lambda xs: len(xs) in (3, 5),
                "A query and one or two pairs, please: 3 or 5 tokens.",
            ),
            Rule(lambda xs: all(v in range(10) for v in xs.tolist()), "Tokens are 0 to 9 here."),
            Rule(
                lambda xs: len(set(xs[1::2].tolist())) == len(xs[1::2]),
                "Two equal keys are no dictionary. Both programs may do anything then.",
            ),
        ),
        mistakes=(
            Mistake(
                lambda xs: len(xs) < 5,
                "After the only value the sequence ends, and nothing can go wrong any more.",
            ),
            Mistake(
                lambda xs: xs[0] not in xs[1::2],
                "Here the query is no key: flag and start time both stay 0.",
            ),
            Mistake(
                lambda xs: xs[0] == xs[3],
                "Here the flag goes up at the last value, which both copy. What comes after it?",
            ),
            Mistake(
                lambda xs: xs[4] == 0,
                "The flag copies the last token as well. But adding 0 shows nothing.",
            ),
        ),
    ),
    hints=(
        "The flag goes up when the wanted value begins. When does it come down?",
        "So everything that goes by later as a value is added, too. Let the wanted key be the "
        "first one.",
        "Query, the same key, its value, another key, a value that is not 0:\n"
        "    answer_6 = [1, 1, 5, ..., ...]",
    ),
)

ADDITION = Exercise(
    "06.7",
    "Any function on tokens",
    kind="write",
    level="medium",
    minutes=8,
    objective="objectives 3 and 4",
    judge=Satisfies(
        (Finds(specs.wrong_sums),),
        kind=dict,
        noun="a dict from pairs to pairs",
        said="All 25 sums are right.",
    ),
    hints=(
        "Nothing is added in the network. What does it need to know to answer every query?",
        "A key for each pair of digits, 25 of them, and as its value carry and digit of their sum "
        "in base 5.",
        "divmod(7, 5) is (1, 2):\n"
        "    return {(a, b): divmod(...) for a in range(5) for b in range(5)}",
    ),
)

SMALLEST = Exercise(
    "06.8",
    "The smallest dictionary",
    kind="challenge",
    level="open",
    minutes=30,
    objective="objective 5",
    judge=Challenge(
        Satisfies(
            (
                Rule(
                    specs.is_with_promises,
                    "Give a Program, or a tuple of a Program and a dict of its promises.",
                ),
                Finds(specs.narrow),
                Finds(specs.wrong_dictionary),
            ),
            kind=(ls.Program, tuple),
            noun="a Program, or (Program, promises)",
            said="All words are found, and no others.",
        ),
        Score(
            "non-zeros",
            lambda answer: specs.network_of(answer).nonzeros,
            known=(
                ("the paper's: `original`, `rotation`, no promises", 344),
                ("`original`, `cycle`, no promises", 275),
                ("`original`, `cycle`, `vocabulary` and a horizon", 193),
                ("a program of our own, with other states", 54),
            ),
        ),
    ),
    hints=(
        "Start from the arguments of discrete.program: clock, vocabulary, and a horizon for the "
        "compiler. That takes you to 193. Most of the rest is clocks, and carries.",
        "For less, write a program of your own. Must the query stand still? In a ring of three "
        "places it comes round by itself, and each token of a key finds the query's token at the "
        "same place. Must the value go into registers that are chosen by a clock?",
        "Three tokens after a match are copied: that is a shift register of the match, and no "
        "start time. A ring of three places for the query:\n"
        "    P = [[0, 0, 1], [1, 0, 0], [0, 1, 0]]\n"
        "    q = ls.LinState(first_three, A=P, B=[[1], [0], [0]])\n"
        "and another one for the answer.",
    ),
)

EXERCISES = (TRACE, SHIFT, RUN_OF_THREE, FOR_THREE, FIRST_ONLY, FLAG, ADDITION, SMALLEST)
