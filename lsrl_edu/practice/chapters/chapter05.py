"""Exercises of chapter 05, prompting a function."""

from lsrl_edu.practice.arranged import Arranged
from lsrl_edu.practice.behaviour import Behaves
from lsrl_edu.practice.challenge import Challenge, Score
from lsrl_edu.practice.chapters import specs05 as specs
from lsrl_edu.practice.exercise import Exercise
from lsrl_edu.practice.judges import Equals, Finds, Mistake, Satisfies

TRACE = Exercise(
    "05.1",
    "Row by row",
    kind="trace",
    level="easy",
    minutes=5,
    objective="objectives 1 and 4",
    judge=Equals(
        [0, 0, 4, 6],
        places=("element 0", "element 1", "element 2", "element 3"),
        hint="For each row write down its lower and its upper face. A cell holds its upper face.",
        said="A cell holds its upper face and not its lower one, and values add up.",
        mistakes=(
            Mistake(
                [0, 7, 7, 9],
                "That counts the query with the cell above the face it lies on.",
            ),
            Mistake(
                [0, 7, 11, 13],
                "That counts the query with both cells that meet in it.",
            ),
            Mistake(
                [0, 0, 4, 2],
                "That overwrites. What does the state `y` do with what it is shown?",
            ),
            Mistake(
                [0, 0, 0, 2],
                "Look at the second row: it goes up to 0.5, and that is the query.",
            ),
            Mistake(
                [0, 0, 4, 4],
                "Look at the last row: how large is its cell? It lies around the others.",
            ),
            Mistake(
                [0.5, 0, 4, 6],
                "Element 0 is the query. The output is the answer so far, which is made of values.",
            ),
        ),
    ),
    hints=(
        "Three rows, three intervals. In which of them does 0.5 lie?",
        "A row holds the query where corner < q <= corner + size. The output is the sum of the "
        "values of such rows so far.",
        "The cells go from 0.5 to 0.75, from 0.25 to 0.5, and from 0 to 0.5. Two of them hold 0.5.",
    ),
)

BY_HAND = Exercise(
    "05.2",
    "A prompt by hand",
    kind="fill in",
    level="easy",
    minutes=4,
    objective="objective 1",
    judge=Equals(
        [[0.5, 0, 0.0625], [0.5, 0.5, 0.5625]],
        places=("the first row", "the second row"),
        hint="Each row is [size, lower corner, value at the centre].",
        said="Two cells, each with the value at its centre.",
        mistakes=(
            Mistake(
                [[0.5, 0, 0], [0.5, 0.5, 0.25]],
                "Your values are those at the lower corners. Where in the cell is the value taken?",
            ),
            Mistake(
                [[0.5, 0, 0.25], [0.5, 0.5, 1]],
                "Your values are those at the upper ends. Where in the cell is the value taken?",
            ),
            Mistake(
                [[0.5, 0, 0.25], [0.5, 0.5, 0.75]],
                "Your values are the centres themselves. What does f make of them?",
            ),
            Mistake(
                [[0.5, 0.25, 0.0625], [0.5, 0.75, 0.5625]],
                "The second number is the lower corner of the cell; you have its centre there.",
            ),
            Mistake(
                [[0, 0.5, 0.0625], [0.5, 0.5, 0.5625]],
                "In the first row, size and corner are exchanged.",
            ),
            Mistake(
                [[0.5, 0.5, 0.5625], [0.5, 0, 0.0625]],
                "The network would not mind. Here, please, begin with the cell at 0.",
            ),
        ),
    ),
    hints=(
        "Two cells share the interval from 0 to 1. How large is each, and where does it begin?",
        "Their centres are 0.25 and 0.75. The value of a cell is f at its centre.",
        "    answer_2 = [[0.5, 0, 0.25**2], [..., ..., ...]]",
    ),
)

LENGTH = Exercise(
    "05.3",
    "How long a prompt?",
    kind="fill in",
    level="easy",
    minutes=6,
    objective="objectives 2 and 3",
    judge=Satisfies(
        (Finds(specs.wrong_length),),
        noun="a function of three numbers",
        probe=(1, 1, 1),
        said="The same as the package's cells_for, to the power of d.",
    ),
    hints=(
        "Solve the bound for the number of cells a side.",
        "The bound is L sqrt(d) / (2 c). It must be at most the precision, so c is at least ... "
        "And how many cells has the cube then?",
        "Round up before you take the power:\n    cells = math.ceil(...)\n    return cells**d",
    ),
)

LOOK_UP = Exercise(
    "05.4",
    "Listing 1, in one dimension",
    kind="put in order",
    level="medium",
    minutes=8,
    objective="objective 1",
    judge=Arranged(
        (
            "def look_up(x):",
            '    t = ls.LinState(ls.f_constant(x, 1), A=[[1]], B=[[1]], name="t")',
            "    is_query = ls.f_smaller(t, 1.5)",
            "    seen = ls.f_ifelse(is_query, x[0], None)",
            '    q = ls.LinState(seen, A=[[1]], B=[[1]], name="q")',
            "    in_cell = ls.f_bump(q, x[1], x[1] + x[0])",
            "    value = ls.f_ifelse(ls.f_larger(in_cell, 0.5), x[2], None)",
            "    return ls.LinState(value, A=[[1]], B=[[1]])",
        ),
        "look_up",
        Behaves(
            specs.look_up,
            specs.tables,
            dim=3,
            inside={
                "t": lambda xs: range(1, len(xs) + 1),
                "q": lambda xs: [row[0] for row in xs[:1]] * len(xs),
            },
            mistakes=(
                Mistake(
                    specs.values,
                    "That gives a row's value while the row goes by, and forgets it. The answer is "
                    "asked for at the end.",
                ),
                Mistake(
                    specs.query_of_sizes,
                    "Your `q` does not see the query, and adds up the sizes of the rows.",
                ),
            ),
        ),
        distractors=(
            "    seen = ls.f_ifelse(is_query, None, x[0])",
            "    return value",
        ),
        question="Put the lines in order. Two of them do not belong.",
        seed=5,
    ),
    hints=(
        "Three states: a counter, the query, the answer. Each sees what the gate before it lets "
        "through.",
        "f_ifelse(c, t, f) gives t where c is 1. What should `q` see at the first element, and "
        "what later? And which state keeps the value until the end?",
        "Each line needs the one before it:\n    def, t, is_query, seen, q, in_cell, value, return",
    ),
)

REPAIR = Exercise(
    "05.5",
    "Twice the bound, and holes",
    kind="repair",
    level="medium",
    minutes=8,
    objective="objectives 1 and 2",
    judge=Satisfies(
        (Finds(specs.wrong_prompt),),
        noun="a function of f and a number of cells",
        probe=(lambda x: x, 2),
        said="Within the bound for two functions and 1, 3 and 10 cells.",
    ),
    hints=(
        "There are two mistakes. Print `draft(f, 3)` for f(x) = x and draw the three cells.",
        "The cells should lie side by side and fill the interval from 0 to 1. And the value should "
        "be the one that is nowhere far from the cell's other values.",
        "    corners = np.arange(cells) / cells\nand f at the corner plus half a cell.",
    ),
)

ENCODE = Exercise(
    "05.6",
    "Nobody falls out",
    kind="write",
    level="medium",
    minutes=8,
    objective="objective 4",
    judge=Satisfies(
        (Finds(specs.leaves_interval), Finds(specs.falls_out)),
        noun="a function of a number",
        probe=(0.5,),
        said="1001 queries, prompts of 1, 4, 10 and 100 cells: nobody falls out.",
    ),
    hints=(
        "Which queries are in no cell at all? Look at the list in the chapter, in the section on "
        "the edge of a cell.",
        "Only queries just above 0 fall out, since there is no cell before the first one. Move "
        "those, by less than a ramp, and leave the others.",
        "A query has to be MORE than half a ramp, 0.0005, above 0:\n    return max(q, ...)",
    ),
)

SQUARES = Exercise(
    "05.7",
    "Two numbers in, two numbers out",
    kind="write",
    level="medium",
    minutes=12,
    objective="objectives 2 and 3",
    judge=Satisfies(
        (Finds(specs.wrong_square),),
        said="At most 0.1 off, with at most 400 rows.",
    ),
    hints=(
        "How large is L? You have |z z - w w| = |z + w| |z - w|, and z and w in the unit square.",
        "|z + w| is at most twice the diagonal of the square. With L and d = 2, which number of "
        "cells a side makes the bound 0.1?",
        "    def f(p):\n"
        "        square = complex(*p) ** 2\n"
        "        return [square.real, square.imag]\n"
        "and `continuous.prompt(f, d_in=2, cells=...)`.",
    ),
)

SHORTEST = Exercise(
    "05.8",
    "The shortest prompt",
    kind="challenge",
    level="open",
    minutes=20,
    objective="objectives 3 and 5",
    judge=Challenge(
        Satisfies(
            (Finds(specs.wrong_sine),),
            said="At most 0.11 off at all 1000 queries.",
        ),
        Score(
            "rows",
            len,
            known=(
                ("a grid of equal cells", 29),
                ("cells of different sizes, side by side", 18),
                ("cells that lie in each other", 10),
                ("the best known, and no prompt is shorter", 8),
            ),
        ),
    ),
    hints=(
        "Where the sine is flat, a cell may be wide. And rows may overlap: then their values add "
        "up.",
        "Think of a hill of terraces. A row beside another changes the answer once; a row INSIDE "
        "another one changes it twice, up and down.",
        "A terrace goes from where the sine climbs above a level to where it falls below it:\n"
        "    low = math.asin(level) / (2 * math.pi)\n"
        "    row = [0.5 - 2 * low, low, height]\n"
        "How few terraces are enough? The queries are only 1000 points, so there is a little room "
        "between two of them.",
    ),
)

EXERCISES = (TRACE, BY_HAND, LENGTH, LOOK_UP, REPAIR, ENCODE, SQUARES, SHORTEST)
