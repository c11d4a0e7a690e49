"""The logic of lines out of order, held against Python itself."""

from itertools import permutations

import pytest

from lsrl_edu.errors import LSRLError
from lsrl_edu.show.widgets.parsons_lines import (
    MISSING,
    assemble,
    first_problem,
    is_right,
    read_line,
    solution,
    split_lines,
)

PROGRAM = "def f(x):\n    a = x + 1\n    b = 2 * x\n    c = a * b\n    return c - a"
LINES = tuple(map(read_line, PROGRAM.splitlines()))
WRITTEN = (1, 2, 3, 4, 5)
RIGHT = (solution(LINES, WRITTEN),)

NAMES = {
    "a = b + c": ("a", "b c"),
    "    a, (d, e) = b": ("a d e", "b"),
    "total += x": ("total", "total x"),
    "a = [k * i for i in c]": ("a", "c k"),
    "f = lambda t, u=v: t + u + w": ("f", "v w"),
    "def f(x, *args, y=z):": ("args f x y", "z"),
    "@ls.foreach(dim=1)": ("", "ls"),
    "@ls.foreach(dim=n)\ndef f(x):": ("f x", "ls n"),
    "for i in range(n):": ("i", "n range"),
    "with open(p) as file:": ("file", "open p"),
    "elif a > b:": ("", "a b"),
    "else:": ("", ""),
    "    return a": ("", "a"),
    "import numpy as np, os.path": ("np os", ""),
    "a = 1\nb = a + c": ("a b", "c"),
    "this is no python": ("", ""),
}


@pytest.mark.parametrize("text", NAMES)
def test_the_names_of_a_line(text):
    line, (defines, needs) = read_line(text), NAMES[text]
    assert (" ".join(line.defines), " ".join(line.needs)) == (defines, needs)
    assert line.opens == text.endswith(":")
    assert line.ends == ("return" in text)
    assert line.indent == len(text) - len(text.lstrip())


def runs_the_same(order) -> bool:
    """Whether the lines, in this order, are the function that was written."""
    found, asked = {}, {}
    exec(PROGRAM, asked)
    try:
        exec(assemble(LINES, order), found)
        return all(found["f"](x) == asked["f"](x) for x in range(-3, 4))
    except Exception:
        return False


def test_exactly_the_orders_that_run_are_right():
    """Over all orders of all selections: what Python says is the oracle."""
    right = set()
    for size in range(6):
        for order in permutations(WRITTEN, size):
            problem = first_problem(LINES, order, RIGHT)
            assert (problem == "") == is_right(order, RIGHT) == runs_the_same(order), order
            right |= {order} if not problem else set()
    assert right == {(1, 2, 3, 4, 5), (1, 3, 2, 4, 5)}


SAID = {
    (): "No line is used yet.",
    (1,): "Line 1, `def f(x):`, has nothing inside it.",
    (2,): "Line 1, `a = x + 1`, uses `x`, which no line in use makes.",
    (2, 1): "Line 1, `a = x + 1`, uses `x` before it is made.",
    (1, 4, 2, 3, 5): "Line 2, `c = a * b`, uses `a` before it is made.",
    (1, 2, 4, 3, 5): "Line 3, `c = a * b`, uses `b` before it is made.",
    (1, 2, 3): MISSING,
    (1, 2, 3, 5): "Line 4, `return c - a`, uses `c`, which no line in use makes.",
    (1, 3, 2, 4, 5): "",
}


@pytest.mark.parametrize("order", SAID)
def test_the_first_line_that_does_not_fit(order):
    assert first_problem(LINES, order, RIGHT) == SAID[order]


BLOCKS = {
    ("    a = 1",): "Line 1, `a = 1`, is indented, but no line above it opens that block.",
    ("if q:", "a = 1"): "Line 2, `a = 1`, should be inside the block above it.",
    ("if q:", "    a = 1", "b = 2"): "",
    ("if q:", "    a = 1", "  b = 2"): (
        "Line 3, `b = 2`, is indented, but no line above it opens that block."
    ),
    ("if q:", "    return 1", "return 2"): "",
    ("if q:", "    return 1", "    a = 2"): (
        "Line 3, `a = 2`, is never reached: the line above it ends the block."
    ),
    ("a = 1", "if a:"): "Line 2, `if a:`, has nothing inside it.",
    ("a = 1\nb = a",): "",
    ("if q:\n    a = 1", "b = a"): "",
}


@pytest.mark.parametrize("texts", BLOCKS)
def test_blocks_are_looked_at_without_a_solution_too(texts):
    lines = [read_line(text) for text in texts]
    assert first_problem(lines, range(1, len(lines) + 1)) == BLOCKS[texts]


def test_names_from_outside_need_no_line():
    lines = [read_line("x = ls.f(x)"), read_line("y = g(x)")]
    assert first_problem(lines, (1, 2), [solution(lines, (1, 2))]) == ""
    wrong = first_problem(lines, (2, 1), [solution(lines, (1, 2))])
    assert wrong == "Line 1, `y = g(x)`, does not fit here."


def test_lines_with_an_effect_keep_their_places():
    for a, b in [
        ("f(1)", "g(2)"),
        ("a = 1", "b.c = 2"),
        ("a = 1", "    b = 2"),
        ("a = 1", "a = 2"),
    ]:
        pair = [read_line(a), read_line(b)]
        assert not is_right((2, 1), [solution(pair, (1, 2))])
    pair = [read_line("a = 1"), read_line("b = f(2)")]
    assert is_right((2, 1), [solution(pair, (1, 2))])


def test_assembling_is_joining():
    assert assemble(LINES, WRITTEN) == PROGRAM + "\n"
    assert assemble(PROGRAM.splitlines(), (5, 1)) == "    return c - a\ndef f(x):\n"
    assert assemble(LINES, []) == ""


REFUSED = {
    "There is no line 6; the lines are 1 to 5.": (1, 6),
    "There is no line 0": (0,),
    "Line 3 is used 2 times": (3, 1, 3),
    "whole numbers; got Ellipsis": [3, 1, ...],
    "whole numbers; got '1'": "12",
    "whole numbers; got True": (True,),
    "An order is a list of line numbers; got 3.": 3,
}


@pytest.mark.parametrize("sentence", REFUSED)
def test_what_is_no_order_is_refused_with_a_sentence(sentence):
    for ask in (assemble, first_problem):
        with pytest.raises(LSRLError) as caught:
            ask(LINES, REFUSED[sentence])
        assert sentence in str(caught.value)


def test_lines_of_a_text():
    assert split_lines("\n    if a:\n\n\tb = 1  \n") == ("if a:", "b = 1")
    assert split_lines("  if a:\n      b = 1\n") == ("if a:", "    b = 1")
    assert split_lines(["  @d\n  def f(x):", "    pass"]) == ("@d\ndef f(x):", "  pass")
    assert split_lines(["    b"], dedent=False) == ("    b",)
    with pytest.raises(LSRLError, match="must be a text; got 3"):
        split_lines(["a", 3])
    with pytest.raises(LSRLError, match="not empty"):
        read_line("  ")
