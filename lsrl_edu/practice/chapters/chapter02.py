"""Exercises of chapter 02, compiling to a linear RNN."""

import lsrl_edu as ls
from lsrl_edu.practice.behaviour import Behaves
from lsrl_edu.practice.challenge import Challenge, Score
from lsrl_edu.practice.chapters import specs02 as specs
from lsrl_edu.practice.exercise import Exercise
from lsrl_edu.practice.fits import Fits
from lsrl_edu.practice.inputs import integers
from lsrl_edu.practice.judges import Differs, Equals, Finds, Mistake, Rule, Satisfies

LEVELS = Exercise(
    "02.1",
    "Levels and carries",
    kind="trace",
    level="easy",
    minutes=6,
    objective="objective 1",
    judge=Equals(
        [3, 3, 2],
        places=("layer 1", "layer 2", "layer 3"),
        hint="What is made in this layer, and what waits in it for a layer above?",
        said="Four atoms, and four channels that only wait.",
        mistakes=(
            Mistake(
                [2, 1, 1],
                "Those are the atoms alone. A layer sees only the one below: what must wait?",
            ),
            Mistake(
                [2, 2, 1], "`seen` waits in your layers, but `x` does not, and the output wants it."
            ),
            Mistake(
                [3, 2, 2], "`x` waits in your layers, but `seen` is missing where `gap` needs it."
            ),
            Mistake(
                [3, 3, 1],
                "The readout wants `x`, and sees the last layer only: is `x` still there?",
            ),
            Mistake(
                [3, 3, 3], "In your layer 3 something waits that nobody above it reads any more."
            ),
        ),
    ),
    hints=(
        "First find the layer of each of the four atoms: one above the highest it reads.",
        "`over` and `seen` are in layer 1, `total` in layer 2, `gap` in layer 3. Now ask of each "
        "value: who reads it last, and in which layers does it have to wait until then?",
        "`seen` is read in layer 3, so it waits in layer 2. `x` is read by the readout, so it "
        "waits in layers 1, 2 and 3. Count atoms and what waits.",
    ),
)

WEIGHTS = Exercise(
    "02.2",
    "Compile by hand",
    kind="fill in",
    level="easy",
    minutes=10,
    objective="objective 1",
    judge=Satisfies(
        (
            Finds(specs.misshapen),
            Rule(
                lambda w: not specs.gives(lambda n: n >= 2)(w),
                "Your network opens at TWO ones. Where does the step begin, and where does it end?",
            ),
            Rule(
                lambda w: not specs.gives(lambda n: n >= 4)(w),
                "Your network opens at FOUR ones: both hinges are one too far.",
            ),
            Rule(
                lambda w: not specs.gives(lambda n: max(0, n - 2))(w),
                "Your network goes on climbing after three ones. The second ReLU should end that.",
            ),
            Rule(
                lambda w: not specs.gives(lambda n: -(n >= 3))(w),
                "Your network gives -1 where it should give 1: the readout is exchanged.",
            ),
            Finds(specs.first_difference),
        ),
        kind=dict,
        noun="the dictionary of weights",
    ),
    hints=(
        "One state counts. Two ReLUs make a step of the count that is gentle and still right at "
        "whole numbers.",
        "On whole numbers, larger than 2.5 is 0 up to 2 and 1 from 3 on. Where are the two hinges?",
        "The answer is ReLU(s - 2) - ReLU(s - ...), so the two biases are -2 and ..., and the "
        "readout is [[1, -1]]. The state is the plainest counter.",
    ),
)

DOMAIN = Exercise(
    "02.3",
    "The domain that removes a layer",
    kind="fill in",
    level="easy",
    minutes=5,
    objective="objective 3",
    judge=Satisfies(
        (
            Rule(lambda d: d.step == 1, "A range without gaps: leave out its third number."),
            Rule(lambda d: len(d) >= 5, "That range has fewer than five tokens."),
            Rule(
                lambda d: max(d) > 3,
                "Here nothing exceeds 3. A layer goes, but only because the sum is always 0.",
            ),
            Rule(
                lambda d: specs.depth_for(d) == 1,
                lambda d: f"Two layers: the token {min(d)} is still cut off by the ReLU.",
            ),
        ),
        kind=range,
        noun="a range, such as range(100)",
        said="One layer: the ReLU has gone.",
    ),
    hints=(
        "Which node makes the second layer, and for which tokens does it do nothing?",
        "The rule is *never negative*: ReLU(u) = u where u >= 0. What must a token be so that "
        "x - 3 is never negative?",
        "The smallest token decides, not the largest:\n    answer_3 = range(..., 10)",
    ),
)

TENT = Exercise(
    "02.4",
    "One rule by hand",
    kind="fill in",
    level="medium",
    minutes=10,
    objective="objective 4",
    judge=Satisfies(
        (
            Rule(lambda a: len(a) == 3, "Give three things: the case, A and b."),
            Rule(
                lambda a: specs.case(a) != "5B",
                "5B wants every reader of x to be Linear. Is one of them a ReLU?",
            ),
            Rule(
                lambda a: specs.case(a) != "7B",
                "7B is for a Linear that has something else to do than to feed one ReLU.",
            ),
            Rule(lambda a: specs.case(a) != "3", "Case 3 wants every reader of x to be a ReLU."),
            Rule(
                lambda a: specs.case(a) == "7A",
                lambda a: (
                    f"Case {specs.case(a)} is not it. List the readers of x, and what reads those."
                ),
            ),
            Rule(
                lambda a: len(a[1]) == len(a[2]),
                lambda a: f"A has {len(a[1])} rows, and b has {len(a[2])} numbers.",
            ),
            Rule(
                lambda a: [-1, 0] not in specs.rows(a[1], a[2]),
                "The case is right. But nobody wants x itself, so no row for -x has to pass.",
            ),
            Rule(
                lambda a: [2, 3] not in specs.rows(a[1], a[2]),
                "The case is right. Look at the sign of the bias that belongs to 2x.",
            ),
            Rule(
                lambda a: specs.rows(a[1], a[2]) == [[1, 0], [2, -3]],
                lambda a: (
                    f"The case is right. But [A b] = {specs.rows(a[1], a[2])} is not what "
                    "the two ReLUs want to read."
                ),
            ),
        ),
        kind=(list, tuple),
        noun='a triple such as ("1A", [[1], [5]], [0, 2])',
    ),
    hints=(
        "Two nodes read x. Of which kinds are they? One of the cases is about just these two.",
        "A ReLU and a Linear: case 7A or 7B. They differ in who reads the Linear. After that, "
        "one ReLU holds what both ReLUs want.",
        "The new Linear has a row for 2x - 3 and a row for x:\n"
        '    answer_4 = ("7...", [[2], [1]], [..., 0])',
    ),
)

BROKEN_PROMISE = Exercise(
    "02.5",
    "A broken promise",
    kind="counter-example",
    level="medium",
    minutes=8,
    objective="objective 5",
    judge=Differs(
        specs.DOOR,
        specs.PROMISED,
        names=("the program", "the network"),
        allowed=(
            Rule(lambda xs: len(xs) <= 4, "Four elements are enough: use at most four."),
            Rule(lambda xs: (xs == xs.round()).all(), "Use whole numbers."),
        ),
        mistakes=(
            Mistake(
                lambda xs: (xs >= 0).all() and (xs <= 9).all(),
                "Every token here keeps the promise, 0 to 9. The network was made for these.",
            ),
            Mistake(
                lambda xs: (xs >= 0).all() and (xs <= 16).all(),
                "A token breaks the promise, but 16 is enough to hide it: there is some room.",
            ),
            Mistake(
                lambda xs: (xs < 0).any(),
                "A negative token behind a shut door: both give 0. Is the door ever open?",
            ),
        ),
    ),
    hints=(
        "Write down what the network gives while the door is shut, and what while it is open. For "
        "which x is that not 0, or not x?",
        "Shut: ReLU(x - 16). Open: ReLU(x). Each of them goes wrong for other tokens, and both "
        "ways are outside 0 to 9.",
        "One element is enough if the door stays shut:\n    answer_5 = [...]\n"
        "Or open it first, with three 4s, and then give it a token that a ReLU does not let pass.",
    ),
)

PROMISE = Exercise(
    "02.6",
    "Mended by a promise",
    kind="repair",
    level="medium",
    minutes=10,
    objective="objective 5",
    judge=Satisfies(
        (
            Rule(
                lambda p: set(p) <= {"domain", "horizon"},
                "Only domain and horizon are asked for: simplify or dtype would be another repair.",
            ),
            Finds(specs.refused),
            Rule(specs.right_in_float32, specs.why_not),
        ),
        kind=dict,
        noun='a dictionary such as {"horizon": 7}',
        said="Right in float32, to the last digit.",
    ),
    hints=(
        "The mask is 10**10, and float32 has 7 digits. What does the compiler have to know before "
        "it may choose a smaller one?",
        "A mask must be larger than what it hides: the total. How large can a token be, and how "
        "many can there be?",
        "The domain is a list, one entry for each of the two numbers of an element:\n"
        '    answer_6 = {"domain": [bool, range(...)], "horizon": ...}',
    ),
)

DEEP = Exercise(
    "02.7",
    "Deeper on purpose",
    kind="write",
    level="medium",
    minutes=10,
    objective="objective 2",
    judge=Fits(
        (
            Rule(
                lambda p: len(set(specs.on_bits(p).ravel().tolist())) > 1,
                "This program is constant, and the network of a constant has no layers.",
            ),
            Rule(
                lambda p: specs.network(p).depth > 0,
                "Depth 0. The compiler has seen through all of it: a step of a boolean is the "
                "boolean, whatever the steepness.",
            ),
            Rule(
                lambda p: specs.network(p).depth > 1,
                "One layer. ReLUs of one and the same number are merged. What can not be merged?",
            ),
            Rule(
                lambda p: specs.network(p).depth >= 10,
                lambda p: f"Only {specs.network(p).depth} layers; ten or more are wanted.",
            ),
            Rule(
                lambda p: specs.network(p).width <= 3,
                lambda p: f"It is {specs.network(p).width} wide: something waits for too long.",
            ),
        ),
        domain=bool,
        said="Ten layers or more, three channels or less.",
    ),
    hints=(
        "The compiler merges ReLUs of one number, and melts steps of steps. Which kind of node "
        "needs the whole past of what is below it?",
        "A state of a state is two layers. Nothing has to be carried if each reads only the one "
        "below.",
        "A loop:\n    for _ in range(10):\n        x = ls.LinState(x, ...)",
    ),
)

FOR_7B = Exercise(
    "02.8",
    "A program for a rule",
    kind="write",
    level="medium",
    minutes=12,
    objective="objective 4",
    judge=Fits(
        (
            Rule(
                lambda p: len(p.nodes) <= 8,
                lambda p: f"{len(p.nodes)} nodes are more than needed: at most 8.",
            ),
            specs.USES_7B,
        ),
        dim=2,
        width=None,
        said="7B is among the cases used.",
    ),
    hints=(
        "Read case 7B in the rules: which kinds of node read the branching node, and what must not "
        "be true of the Linear?",
        "One reader is a ReLU. The other is a Linear that is NOT there for one ReLU alone. And no "
        "Concat may read the branching node itself.",
        "Let the input be the branching node:\n"
        "    return ls.Concat(ls.ReLU(v), ...)\n"
        "with something Linear in v in place of the dots.",
    ),
)

SMALLEST = Exercise(
    "02.9",
    "The smallest network",
    kind="challenge",
    level="open",
    minutes=20,
    objective="objectives 1 and 3",
    judge=Challenge(
        Behaves(
            specs.repeats,
            integers(0, 9, count=80),
            domain=range(10),
            mistakes=(
                Mistake(
                    lambda xs: [int(x == b) for x, b in zip(xs, [0, *xs], strict=False)],
                    "A 0 at the very beginning counts as a repeat: the memory starts at 0, and 0 "
                    "is a token.",
                ),
                Mistake(
                    lambda xs: [int(x in xs[:t]) for t, x in enumerate(xs)],
                    "That asks whether the token was EVER seen before.",
                ),
                Mistake(
                    lambda xs: [1 - r for r in specs.repeats(xs)],
                    "That gives 1 where the tokens differ.",
                ),
                Mistake(
                    lambda xs: [1] * len(xs),
                    "That is always 1: a token is compared with itself. Place 0 of a shelf already "
                    "holds this element.",
                ),
            ),
        ),
        Score(
            "non-zeros",
            lambda program: ls.compile(program, domain=range(10)).nonzeros,
            known=(
                ("the last two tokens in a state, `f_eq` of them", 14),
                ("the difference itself in the state, `f_eq` of it and 0", 12),
                ("the same state, another read-out", 9),
            ),
        ),
    ),
    hints=(
        "Print the network of your first answer: which layer has the most non-zeros?",
        "A comparison reads two numbers, and each hinge has a weight for both. Could the state "
        "hold the difference itself? After that, ask what the read-out costs.",
        "The second entry reads the first one from the element before:\n"
        "    s = ls.LinState(x, A=[[0, 0], [1, 0]], B=[[1], [-1]], init_state=[[-1], [0]])\n"
        "s[1] is 0 for a repeat, and a whole number otherwise. `f_eq` needs three hinges for that; "
        "`f_eq` is not the only function that is 1 at 0 and 0 at all other whole numbers.",
    ),
)

EXERCISES = (
    LEVELS,
    WEIGHTS,
    DOMAIN,
    TENT,
    BROKEN_PROMISE,
    PROMISE,
    DEEP,
    FOR_7B,
    SMALLEST,
)
