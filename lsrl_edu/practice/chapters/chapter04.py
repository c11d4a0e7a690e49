"""Exercises of chapter 04, gating."""

from lsrl_edu.practice.arranged import Arranged
from lsrl_edu.practice.behaviour import Behaves
from lsrl_edu.practice.challenge import Challenge, Score
from lsrl_edu.practice.chapters import specs04 as specs
from lsrl_edu.practice.exercise import Exercise
from lsrl_edu.practice.fits import Fits
from lsrl_edu.practice.judges import Equals, Mistake, Rule

TRACE = Exercise(
    "04.1",
    "Seen, and read out",
    kind="trace",
    level="easy",
    minutes=5,
    objective="objective 4",
    judge=Equals(
        [4, 6, 24, 6],
        places=("the first number", "the second number", "the third number", "the last number"),
        hint="For each element write down three numbers: what the state sees, the state, the "
        "output.",
        said="One gate before the state, one after it.",
        mistakes=(
            Mistake(
                [2, 2, 6, 6],
                "That is the state. What is the last line of the program?",
            ),
            Mistake(
                [4, 0, 24, 0],
                "That shuts the read-out where the flag is down. Which product has the flag in it?",
            ),
            Mistake(
                [4, 6, 16, 4],
                "That overwrites the state at every raised flag. With A = 1 it adds.",
            ),
            Mistake(
                [4, 0, 16, 0],
                "That empties the state where the flag is down. What is added to it then?",
            ),
            Mistake(
                [0, 6, 8, 6],
                "That multiplies by the state BEFORE this element. It is written before it is "
                "read.",
            ),
        ),
    ),
    hints=(
        "There are two products. One says what the state gets to see, the other what is read.",
        "With the flag down the state sees 0. So what does the state do, and what is read out?",
        "The state is 2, 2, 6, 6. The output is the state times this element's value.",
    ),
)

GATE_OR_NOT = Exercise(
    "04.2",
    "Gate or no gate?",
    kind="explain",
    level="easy",
    minutes=6,
    objective="objective 1",
    judge=Equals(
        ["no", "yes", "yes", "no", "no", "yes"],
        places=("a", "b", "c", "d", "e", "f"),
        said="What the two factors range over decides, not the sign between them.",
        mistakes=(
            Mistake(lambda a: a[0] == "yes", "Look again at a: two real numbers, both varying."),
            Mistake(
                lambda a: a[1] == "no",
                "Look again at b. Write the product of two bits as one ReLU of their sum.",
            ),
            Mistake(
                lambda a: a[2] == "no",
                "Look again at c. Only one of its two factors varies. What is the other?",
            ),
            Mistake(
                lambda a: a[3] == "yes",
                "Look again at d. Bits go in, but what are the values of a sum of two bits?",
            ),
            Mistake(
                lambda a: a[4] == "yes",
                "Look again at e. A mask would do it, but this program asks for a product, and "
                "only one of its factors is a bit.",
            ),
            Mistake(
                lambda a: a[5] == "no",
                "Look again at f. What does a step of a count return? It does not matter that it "
                "comes out of a state.",
            ),
        ),
    ),
    hints=(
        "For each product ask: do both factors vary, and what are their values?",
        "A constant factor is affine. Two factors that are 0 or 1 are one ReLU. Everything else "
        "needs a gate.",
        "Three are accepted: one has a constant factor, in two all factors are 0 or 1.",
    ),
)

SQUARES = Exercise(
    "04.3",
    "A product out of squares",
    kind="fill in",
    level="easy",
    minutes=6,
    objective="objective 2",
    judge=Behaves(
        specs.product_of,
        specs.pairs((-30, -30), (30, 30)),
        dim=2,
        rules=(
            Rule(
                specs.only_squares, "Only `square(...)` may multiply, and here something else does."
            ),
        ),
        mistakes=(
            Mistake(
                lambda xs: [(a + b) ** 2 for a, b in xs],
                "That is the square of the sum: a a + 2 a b + b b. The two squares have to go.",
            ),
            Mistake(
                lambda xs: [4 * a * b for a, b in xs],
                "Very near: that is the product, several times over.",
            ),
            Mistake(
                lambda xs: [2 * a * b for a, b in xs],
                "Very near: that is twice the product.",
            ),
            Mistake(
                lambda xs: [a * a - b * b for a, b in xs],
                "That is (a + b)(a - b): it has no square of a sum in it.",
            ),
        ),
    ),
    hints=(
        "In which square does the product of two numbers turn up by itself?",
        "Square the sum: (a + b)(a + b) = a a + 2 a b + b b. What would you take away?",
        "The square of the difference has the same squares and the other sign:\n"
        "    (square(x[0] + x[1]) - square(...)) / ...",
    ),
)

COVARIANCE = Exercise(
    "04.4",
    "Covariance without a division",
    kind="put in order",
    level="medium",
    minutes=7,
    objective="objective 5",
    judge=Arranged(
        (
            "def covariance(x):",
            "    one = ls.f_constant(x, 1)",
            '    n = ls.LinState(one, A=[[1]], B=[[1]], name="n")',
            '    sums = ls.LinState(x, A=[[1, 0], [0, 1]], B=[[1, 0], [0, 1]], name="sums")',
            "    both = x[0] * x[1]",
            '    products = ls.LinState(both, A=[[1]], B=[[1]], name="products")',
            "    return n * products - sums[0] * sums[1]",
        ),
        "covariance",
        Behaves(
            specs.so_far(specs.covariance),
            specs.pairs((-9, -9), (9, 9)),
            dim=2,
            inside={
                "n": lambda xs: range(1, len(xs) + 1),
                "products": specs.so_far(lambda rows: sum(a * b for a, b in rows)),
            },
            mistakes=(
                Mistake(
                    specs.products_of_sums,
                    "Your `both` multiplies what two states know. A sum of products is made of "
                    "products of ELEMENTS: is the product before the state or after it?",
                ),
                Mistake(
                    specs.so_far(specs.covariance_unscaled),
                    "Your first term is not multiplied by the number of elements: for equal pairs "
                    "the answer should be 0, and yours is not.",
                ),
            ),
        ),
        distractors=(
            "    both = sums[0] * sums[1]",
            "    return products - sums[0] * sums[1]",
        ),
        question="Put the lines in order. Two of them do not belong.",
        seed=4,
    ),
    hints=(
        "Look at the formula: which sums does it need, and what is each of them a sum of?",
        "A product before a state adds up products. A product after states multiplies sums. Here "
        "you need one of the first kind and two of the second.",
        "`both` is made of the two numbers of this element:\n"
        "    def, one, n of one, sums of x, both of x[0] and x[1], products of both, return",
    ),
)

STREAK = Exercise(
    "04.5",
    "The second reset",
    kind="repair",
    level="hard",
    minutes=12,
    objective="objective 4",
    judge=Behaves(
        specs.streak,
        specs.few_resets,
        domain=bool,
        inside={
            "count": lambda xs: range(1, len(xs) + 1),
            "resets": specs.so_far(sum),
        },
        mistakes=(
            Mistake(
                lambda xs: specs.taken_counts(xs, sum),
                "That takes the WHOLE count away at each reset, so the second reset takes away "
                "what the first one has taken already.",
            ),
            Mistake(
                lambda xs: specs.taken_counts(xs, lambda at: sum(at[:1])),
                "That knows the first reset only: after the second one nothing changes.",
            ),
            Mistake(
                lambda xs: specs.taken_counts(xs, lambda at: at[1] if len(at) > 1 else 0),
                "That knows the second reset only: the first one changes nothing.",
            ),
            Mistake(
                lambda xs: specs.taken_counts(
                    xs, lambda at: at[1] - at[0] if len(at) > 1 else sum(at)
                ),
                "From the second reset on, that takes away the distance of the two resets. The "
                "first count has to stay taken away as well.",
            ),
        ),
    ),
    hints=(
        "Run the draft by hand on 0 1 0 1 0. What has been taken away after the second reset, and "
        "what should it be?",
        "Keep the count at the first reset in one register and the count at the second in another "
        "one. A count of the resets says which of the two may be written. What is to be taken away "
        "after one reset, and what after two?",
        "With `resets` as a count of the resets and `second` as the register:\n"
        "    is_second = ls.f_and(reset, ls.f_eq(resets, 2, mu=1), mu=1)\n"
        "    second = adder(is_second * count)\n"
        "After the second reset, `second` is all that is to be taken away, so `first` goes:\n"
        "    ls.f_step(resets - 1, mu=1) * first",
    ),
)

SAFE_SPREAD = Exercise(
    "04.6",
    "A spread that survives",
    kind="write",
    level="medium",
    minutes=10,
    objective="objectives 4 and 5",
    judge=Behaves(
        specs.so_far(specs.spread),
        specs.near_a_billion,
        mistakes=(
            Mistake(
                specs.float_spread,
                "In fractions that would be right. In floats it is not: its sums of squares are "
                "near 10^18, where neighbouring floats are more than 100 apart.",
            ),
            Mistake(
                lambda xs: specs.float_spread([x - 10**9 for x in xs]),
                "That subtracts a number that you have written down. It should come out of the "
                "sequence.",
            ),
            Mistake(
                specs.float_spread_of_steps,
                "That is the spread of the STEPS from one element to the next. The number that is "
                "subtracted has to be the same for all elements.",
            ),
            Mistake(
                specs.so_far(lambda xs: sum((x - xs[0]) ** 2 for x in xs)),
                "That is the sum of the squares around the first element. The spread is taken "
                "around the mean: where has the second term gone?",
            ),
        ),
    ),
    hints=(
        "The spread stays the same if the same number is subtracted from every element. Which "
        "number near all of them can a program know?",
        "Keep the first element: a state that adds it once. Subtract that from every element, then "
        "do what `spread` does.",
        "With n counting the elements:\n"
        "    is_first = 1 - ls.f_step(n - 1, mu=1)\n"
        "    y = x - adder(is_first * x)\n"
        "and from here on use y in place of x.",
    ),
)

MASK = Exercise(
    "04.7",
    "A mask of the right size",
    kind="write",
    level="medium",
    minutes=8,
    objective="objective 3",
    judge=Behaves(
        specs.flagged_sum,
        specs.pairs((0, -5), (1, 5), decimals=3),
        dim=2,
        domain=[bool, float],
        rules=(
            Rule(
                lambda program: not specs.products(program),
                "There is a product of a bit and a real number in it, so linear_rnn refuses it.",
            ),
            Rule(
                lambda program: specs.largest_weight(program) <= 16,
                lambda program: (
                    f"The largest weight of the network is {specs.largest_weight(program):g}. It "
                    "has to hide any real number, as far as it knows. You know more: how large "
                    "must lambda be?"
                ),
            ),
        ),
        mistakes=(
            Mistake(
                specs.so_far(lambda rows: sum(flag * max(0, v) for flag, v in rows)),
                "That loses the negative numbers: one ReLU passes nothing below zero.",
            ),
            Mistake(
                specs.so_far(lambda rows: sum(v for _, v in rows)),
                "That adds up all numbers, with the flag up or down.",
            ),
            Mistake(
                specs.so_far(lambda rows: sum((1 - flag) * v for flag, v in rows)),
                "That adds up the numbers whose flag is DOWN.",
            ),
            *(Mistake(*leak) for leak in specs.LEAKS),
        ),
    ),
    hints=(
        "A product is refused, and a mask that fits every real number is too heavy. What do you "
        "know of the numbers that the compiler does not?",
        "`ls.f_ifelse` takes the size of its mask: how large must it be to hide every number from "
        "-5 to 5?",
        "Choose lam yourself, above every value and up to 16:\n"
        '    seen = ls.f_ifelse(x[0], x[1], None, "optimized", lam=...)\n'
        "and add up what is seen.",
    ),
)


NEARLY_TIMES = Exercise(
    "04.8",
    "Multiply with ReLUs",
    kind="challenge",
    level="open",
    minutes=20,
    objective="objective 2",
    judge=Challenge(
        Fits(
            (
                Rule(specs.no_product, "There is a product in it: ReLUs only, please."),
                Rule(
                    lambda p: all(n.kind != "LinState" for n in p.nodes),
                    "There is a state in it. The product of THIS element needs no memory.",
                ),
                Rule(specs.relus, "Without a ReLU a program is affine, and x[0] x[1] is not."),
                Rule(lambda p: specs.worst_product(p)[0] <= 1e-3, specs.say_error),
            ),
            dim=2,
            said="At most 0.001 off at every point of a grid on the unit square.",
        ),
        Score(
            "ReLUs",
            specs.relus,
            known=(("two squares from chords, side by side", 23), ("the best known", 8)),
        ),
    ),
    hints=(
        "Exercise 04.3 makes a product out of squares, and the chapter approximates squares. How "
        "precise must each of the two be?",
        "Bring both squares to the unit interval: (x[0] + x[1]) / 2, and |x[0] - x[1]|, which is "
        "two ReLUs or one. Chords side by side are the simple way. What did the chapter do to need "
        "fewer?",
        "The product is a a - d d / 4, so the second square may be coarser:\n"
        "    a = (x[0] + x[1]) / 2\n"
        "    d = 2 * ls.ReLU(x[0] - x[1]) - (x[0] - x[1])\n"
        "    return nearly_square(a, ...) - nearly_square(d, ...) / 4",
    ),
)

EXERCISES = (
    TRACE,
    GATE_OR_NOT,
    SQUARES,
    COVARIANCE,
    STREAK,
    SAFE_SPREAD,
    MASK,
    NEARLY_TIMES,
)
