"""Exercises of chapter 01, thinking like a recurrent model."""

from lsrl_edu.practice.arranged import Arranged
from lsrl_edu.practice.behaviour import Behaves
from lsrl_edu.practice.challenge import Challenge, Score
from lsrl_edu.practice.chapters import specs01 as specs
from lsrl_edu.practice.exercise import Exercise
from lsrl_edu.practice.inputs import bits, integers
from lsrl_edu.practice.judges import Differs, Equals, Mistake, Rule

TRACE = Exercise(
    "01.1",
    "Two for one",
    kind="trace",
    level="easy",
    minutes=4,
    objective="objective 1",
    judge=Equals(
        [1, 2, 5, 11],
        places=("the first number", "the second number", "the third number", "the last number"),
        hint="Double what the state was, then add the bit.",
        said="Read from left to right, 1011 is eleven.",
        mistakes=(
            Mistake([1, 1, 2, 3], "That counts the ones. What does A do to the old state?"),
            Mistake(
                [0, 1, 2, 5],
                "That is the state BEFORE each element. A state is written first and read after.",
            ),
            Mistake([2, 4, 10, 22], "A multiplies the old state only, not the new bit as well."),
        ),
    ),
    hints=(
        "Keep one number. What happens to it when the next bit comes?",
        "Write four lines: old state, times A, plus B times the bit, new state.",
        "state = 2 * state + bit, beginning with state = 0.",
    ),
)

SHELF = Exercise(
    "01.2",
    "A shelf",
    kind="fill in",
    level="easy",
    minutes=6,
    objective="objective 3",
    judge=Behaves(
        specs.two_back,
        integers(-9, 9),
        inside={"shelf": specs.shelf},
        mistakes=(
            Mistake(
                lambda xs: [0, *xs][: len(xs)],
                "That is the element ONE place back. A state is written before it is read, so "
                "place 0 already holds this element.",
            ),
            Mistake(list, "That is this element itself."),
            Mistake(
                lambda xs: [0, 0, 0, *xs][: len(xs)],
                "That is the element THREE places back: one place too many.",
            ),
        ),
    ),
    hints=(
        "How many elements must be remembered at once, this one included?",
        "Three places in a row. In every step each hands over to the next, and x goes into the "
        "first: which rows of A and B say that?",
        "A has its ones one below the diagonal:\n"
        "    A = [[0, 0, 0], [1, 0, 0], [0, 1, 0]]\n"
        "B puts x into place 0; read one of the three places.",
    ),
)

EXACTLY_TWO = Exercise(
    "01.3",
    "Exactly two",
    kind="repair",
    level="medium",
    minutes=7,
    objective="objectives 1 and 2",
    judge=Behaves(
        specs.exactly(2),
        bits(),
        domain=bool,
        inside={"ones": specs.counts},
        mistakes=(
            Mistake(
                specs.exactly(3),
                "That says 1 at a count of THREE. With `mu=1` a bump needs the whole of 1 to rise: "
                "where is it up?",
            ),
            Mistake(
                specs.exactly(1),
                "That says 1 at a count of ONE: the bump has moved too far down.",
            ),
            Mistake(
                lambda xs: [int(c >= 2) for c in specs.counts(xs)],
                "That goes up at two and never comes down again. A bump has two ramps.",
            ),
            Mistake(
                lambda xs: [int(c in (2, 3)) for c in specs.counts(xs)],
                "That says 1 for two ones, and for three as well: the way down begins too late.",
            ),
        ),
    ),
    hints=(
        "For which counts does the draft say 1? Put 0, 1, 2, 3, 4 into the bump by hand.",
        "`f_bump(n, low, high, mu=1)` is up from low + 1 to high. It should be up at 2 and at no "
        "other whole number.",
        "Both bounds go down by the same amount:\n"
        "    return ls.f_bump(ones, 2 - ..., 3 - ..., mu=1)",
    ),
)

ABOVE_TWO = Exercise(
    "01.4",
    "Above two on average",
    kind="put in order",
    level="medium",
    minutes=7,
    objective="objective 5",
    judge=Arranged(
        (
            "def above_two(x):",
            '    total = ls.LinState(x, A=[[1]], B=[[1]], name="total")',
            "    one = ls.f_constant(x, 1)",
            '    count = ls.LinState(one, A=[[1]], B=[[1]], name="count")',
            "    lead = total - 2 * count",
            "    return ls.f_step(lead, mu=1)",
        ),
        "above_two",
        Behaves(
            specs.above_two,
            integers(-5, 9),
            domain=int,
            inside={"total": specs.counts, "count": lambda xs: range(1, len(xs) + 1)},
            mistakes=(
                Mistake(
                    lambda xs: [int(total < 0) for total in specs.counts(xs)],
                    "Your `count` adds up the elements. How many there are is another number.",
                ),
            ),
        ),
        distractors=(
            '    count = ls.LinState(x, A=[[1]], B=[[1]], name="count")',
            "    mean = total / count",
        ),
        question="Put the lines in order. Two of them do not belong.",
        seed=1,
    ),
    hints=(
        "The mean itself cannot be written. Which comparison of two sums says the same?",
        "total / count > 2 means total > 2 * count. So there are two states, a difference, and a "
        "step. Which line divides?",
        "`one` is needed before the `count` that reads it; `lead` needs both states:\n"
        "    def, total, one, count of one, lead, return",
    ),
)

SHIFT_TEST = Exercise(
    "01.5",
    "One state or not?",
    kind="explain",
    level="medium",
    minutes=6,
    objective="objective 4",
    judge=Equals(
        ["yes", "no", "no", "yes", "yes", "no"],
        places=("a", "b", "c", "d", "e", "f"),
        said="Yes where the old value meets the same matrix at every element, no bend and no x.",
        mistakes=(
            Mistake(lambda a: set(a) - {"yes", "no"}, 'Write "yes" or "no" for each of the six.'),
            Mistake(
                lambda a: a[0] == "no",
                "Look again at a: A and B may be any numbers, larger than 1 or negative too.",
            ),
            Mistake(
                lambda a: a[1] == "yes",
                "Look again at b. What is the matrix when x = 2, and what when x = 3?",
            ),
            Mistake(
                lambda a: a[2] == "yes",
                "Look again at c. With x = 1, where do the states 0, 1, 2 go? Are the steps equal?",
            ),
            Mistake(
                lambda a: a[3] == "no",
                "Look again at d: a matrix may be zero. Such a state forgets at once.",
            ),
            Mistake(
                lambda a: a[4] == "no",
                "Look again at e. The square is of x, not of s: it can be made BEFORE the state.",
            ),
            Mistake(
                lambda a: a[5] == "yes",
                "Look again at f. For x = 0 the matrix is 1. What is it for x = 1?",
            ),
        ),
    ),
    hints=(
        "For each x, write the update as A s + c. A must be a number, and c must not contain s.",
        "Put x = 0 and x = 1 into each, and compare what stands before s.",
        "Three of the six pass. In one of those the matrix is 0; in one that fails there is a "
        "bend, in two the matrix depends on x.",
    ),
)

FIRST = Exercise(
    "01.6",
    "The first, for ever",
    kind="write",
    level="medium",
    minutes=10,
    objective="objectives 2 and 4",
    judge=Behaves(
        lambda xs: xs[:1] * len(xs),
        integers(-100, 100),
        domain=(-100, 100),
        mistakes=(
            Mistake(specs.counts, "That adds up ALL elements. The state should see only one."),
            Mistake(
                lambda xs: [xs[0], *[0] * (len(xs) - 1)] if xs else [],
                "That lets the first element through and does not keep it. Which node remembers?",
            ),
            Mistake(
                lambda xs: [sum(xs[1 : t + 1]) for t in range(len(xs))],
                "That adds up everything BUT the first element: the two branches are exchanged.",
            ),
            Mistake(
                lambda xs: [0] * len(xs),
                "That is always 0: nothing gets into the state. (If you count positions: a count "
                "that starts at 0 is already 1 at the first element.)",
            ),
            Mistake(
                lambda xs: [sum(xs[: min(t, 1) + 1]) for t in range(len(xs))],
                "That keeps the sum of the first TWO elements: the gate shuts one element late.",
            ),
        ),
    ),
    hints=(
        "A sum of elements is a state. What would the sum have to see so that it is the first "
        "element, for ever?",
        "Count positions in one state. From it make a condition that is 0 at the first element "
        "and 1 later. It decides what the second state gets to see.",
        "Let the count begin so that it is 0 at the first element:\n"
        "    position = ls.LinState(one, A=[[1]], B=[[1]], init_state=[-1])\n"
        "    seen = ls.f_ifelse(ls.f_step(position, mu=1), ..., ...)\n"
        "    return ls.LinState(seen, ...)",
    ),
)

CLIMBS = Exercise(
    "01.7",
    "The sum of the climbs",
    kind="counter-example",
    level="medium",
    minutes=6,
    objective="objective 5",
    judge=Differs(
        specs.CLIMBS,
        specs.LARGEST,
        names=("the sum of the climbs", "the largest so far"),
        allowed=(
            Rule(lambda xs: len(xs) <= 3, "Three elements are enough: use at most three."),
            Rule(
                lambda xs: all(v in range(10) for v in xs.tolist()),
                "Use whole numbers from 0 to 9.",
            ),
        ),
        mistakes=(
            Mistake(
                lambda xs: (xs[1:] >= xs[:-1]).all(),
                "Both are the last element here: your sequence never falls.",
            ),
            Mistake(
                lambda xs: (xs[1:] <= xs[:-1]).all(),
                "Both are the first element here: after it your sequence never climbs.",
            ),
        ),
    ),
    hints=(
        "For which sequences is the sum of the climbs the largest element? Then leave those.",
        "A climb is counted wherever it begins. When does a climb not lead to a new maximum?",
        "Up, down, and up again:\n    answer_7 = [5, ..., 5]",
    ),
)

LARGEST = Exercise(
    "01.8",
    "The largest digit so far",
    kind="challenge",
    level="open",
    minutes=20,
    objective="objectives 2 and 5",
    judge=Challenge(
        Behaves(
            specs.largest,
            integers(0, 9),
            domain=range(10),
            mistakes=(
                Mistake(list, "That is this element itself: nothing is remembered."),
                Mistake(
                    lambda xs: [min(c, 9) for c in specs.counts(xs)],
                    "That is the sum of all elements, cut off at 9.",
                ),
                Mistake(
                    specs.climbs,
                    "That is the sum of the climbs, which exercise 01.7 has refuted.",
                ),
                Mistake(
                    lambda xs: [max(xs[max(t - 1, 0) : t + 1]) for t in range(len(xs))],
                    "That is the larger of the last TWO elements: older ones are forgotten.",
                ),
            ),
        ),
        Score(
            "numbers in the states",
            specs.state_entries,
            known=(("one count for each of nine thresholds", 9), ("all counts in one number", 1)),
        ),
    ),
    hints=(
        "For bits it was a count and a step. Which yes-or-no questions about a digit, asked one "
        "by one, add up to the digit?",
        "For k = 1, ..., 9: was k or more ever reached? A count of that, a step of the count, and "
        "then a sum over k. That is nine numbers. For fewer: sequences here have at most 40 "
        "elements, so how large can a count get?",
        "    above = ls.Linear(x, [[1]] * 9, [1 - k for k in range(1, 10)])\n"
        "    reached = ls.f_step(above, mu=1)\n"
        "    times = ls.LinState(reached, A=..., B=...)\n"
        "For fewer states: one number can hold several counts, as 1203 holds four digits.",
    ),
)

EXERCISES = (TRACE, SHELF, EXACTLY_TWO, ABOVE_TWO, SHIFT_TEST, FIRST, CLIMBS, LARGEST)
