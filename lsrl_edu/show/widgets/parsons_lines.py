"""The logic of a program in pieces: what a line makes and needs, and which order is right.

Everything here is pure. ``parsons.js`` says the same in the page, and the tests hold the two
against each other. An order is a tuple of line numbers, counted from 1.
"""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from lsrl_edu.errors import DomainError

Order = tuple[int, ...]
MISSING = "Every line fits so far, but something is missing."


@dataclass(frozen=True)
class Line:
    """A line of a program; several that stay together, too.

    Attributes:
        text: with its indentation.
        defines: the names it makes.
        needs: the names it reads before it makes them itself.
        opens: whether a block must follow.
        ends: whether nothing after it in the same block is reached (return, raise, ...).
    """

    text: str
    defines: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    opens: bool = False
    ends: bool = False

    @property
    def indent(self) -> int:
        """Return the number of spaces before the first letter."""
        return _indent(self.text)


@dataclass(frozen=True)
class Solution:
    """Right orders: those of ``lines`` in which each of ``pairs`` (a, b) has a before b."""

    lines: Order
    pairs: tuple[tuple[int, int], ...]


def read_line(text: str) -> Line:
    """Return a line with the names it makes and needs; none where it is not Python."""
    if not isinstance(text, str) or not text.strip():
        raise DomainError(f"A line of a program must be a text that is not empty; got {text!r}.")
    tree, opens = _parse(textwrap.dedent(text).strip())
    made: set[str] = set()
    needed: set[str] = set()
    for statement in _statements(tree.body):
        own = list(_own_nodes(statement))
        needed |= _loaded(own) - made
        made |= _stored(own)
    last = tree.body[-1] if tree.body else None
    ends = not opens and isinstance(last, ast.Return | ast.Raise | ast.Continue | ast.Break)
    return Line(text.rstrip(), tuple(sorted(made)), tuple(sorted(needed)), opens, ends)


def _parse(text: str) -> tuple[ast.Module, bool]:
    """Return the tree of a line, and whether it opens a block. What is no Python has no names."""
    body = "\n    pass"
    ways = [("", "", False), ("", body, True), ("if 0:\n    pass\n", body, True)]
    ways += [("try:\n    pass\n", body, True), ("try:\n    pass\n", body + "\nfinally: pass", True)]
    for before, after, opens in ways:
        try:
            # a decorator on its own reads what it calls
            return ast.parse(before + text + after if opens else text.removeprefix("@")), opens
        except SyntaxError:
            continue
    return ast.Module(body=[], type_ignores=[]), False


_BLOCKS = ("body", "orelse", "finalbody", "handlers")


def _statements(body: Iterable[ast.AST]) -> Iterator[ast.AST]:
    for statement in body:
        yield statement
        for block in _BLOCKS:
            inner = getattr(statement, block, None)
            if isinstance(inner, list):
                yield from _statements(inner)


def _own_nodes(statement: ast.AST) -> Iterator[ast.AST]:
    """Yield a statement's nodes without those of the statements in its blocks."""
    yield statement
    for name, value in ast.iter_fields(statement):
        if name in _BLOCKS and isinstance(value, list):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield from ast.walk(child)


def _local(nodes: Sequence[ast.AST]) -> set[str]:
    """Return the names that only live inside: of comprehensions and lambdas."""
    inside = [n.target for n in nodes if isinstance(n, ast.comprehension)]
    inside += [n.args for n in nodes if isinstance(n, ast.Lambda)]
    return {x for n in inside for x in _bound(ast.walk(n))}


def _bound(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.alias):
            yield (node.asname or node.name).split(".")[0]


def _stored(nodes: Sequence[ast.AST]) -> set[str]:
    return set(_bound(nodes)) - _local(nodes)


def _loaded(nodes: Sequence[ast.AST]) -> set[str]:
    read = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
    # total += x reads total, too
    changed = {n.target.id for n in nodes if isinstance(n, ast.AugAssign)
               and isinstance(n.target, ast.Name)}  # fmt: skip
    return (read | changed) - _local(nodes)


def split_lines(program: str | Iterable[str], dedent: bool = True) -> tuple[str, ...]:
    """Return the lines of a program without empty ones and without the indentation all share."""
    given = program.splitlines() if isinstance(program, str) else list(program)
    for text in given:
        if not isinstance(text, str):
            raise DomainError(f"A line of a program must be a text; got {text!r}.")
    kept = [text.expandtabs(4).rstrip().strip("\n") for text in given if text.strip()]
    common = min((_indent(text) for text in kept), default=0) if dedent else 0
    return tuple("\n".join(row[common:] for row in text.split("\n")) for text in kept)


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip(" "))


def check_order(lines: Sequence[Any], order: Iterable[Any]) -> Order:
    """Return an order as a tuple, or refuse it with a sentence."""
    try:
        given = tuple(order)
    except TypeError:
        raise DomainError(f"An order is a list of line numbers; got {order!r}.") from None
    for number in given:
        if isinstance(number, bool) or not isinstance(number, int):
            raise DomainError(f"Line numbers are whole numbers; got {number!r}.")
        if not 1 <= number <= len(lines):
            raise DomainError(f"There is no line {number}; the lines are 1 to {len(lines)}.")
        if given.count(number) > 1:
            raise DomainError(f"Line {number} is used {given.count(number)} times; once is enough.")
    return given


def assemble(lines: Sequence[Line | str], order: Iterable[int]) -> str:
    """Return the text of the chosen lines in an order; ``order`` counts from 1.

    Raises:
        DomainError: for a number that is no line, or one used twice.
    """
    chosen = check_order(lines, order)
    return "".join(f"{_text(lines[number - 1])}\n" for number in chosen)


def _text(line: Line | str) -> str:
    return line.text if isinstance(line, Line) else line


def solution(lines: Sequence[Line], order: Iterable[int]) -> Solution:
    """Return a right order and all that differ from it only where order makes no difference.

    Two lines may change places if both only make names, in the same block, and neither makes what
    the other makes or needs.
    """
    chosen = check_order(lines, order)
    pairs = tuple(
        (a, b)
        for i, a in enumerate(chosen)
        for b in chosen[i + 1 :]
        if not _independent(lines[a - 1], lines[b - 1])
    )
    return Solution(chosen, pairs)


def _independent(a: Line, b: Line) -> bool:
    clash = set(a.defines) & {*b.defines, *b.needs} or set(b.defines) & set(a.needs)
    return not clash and a.indent == b.indent and _only_makes(a) and _only_makes(b)


def _only_makes(line: Line) -> bool:
    """Whether a line is nothing but assignments to names."""
    if line.opens or not line.defines:
        return False
    return all(
        isinstance(statement, ast.Assign | ast.AnnAssign)
        and all(isinstance(t, ast.Name) for t in _targets(statement))
        for statement in _parse(textwrap.dedent(line.text).strip())[0].body
    )


def _targets(statement: ast.Assign | ast.AnnAssign) -> list[ast.expr]:
    return statement.targets if isinstance(statement, ast.Assign) else [statement.target]


def outside_names(lines: Sequence[Line], solutions: Iterable[Solution]) -> frozenset[str]:
    """Return the names that need no line: right programs read them before any line makes them."""
    outside: set[str] = {name for line in lines for name in line.needs}
    outside -= {name for line in lines for name in line.defines}
    for right in solutions:
        made: set[str] = set()
        for number in right.lines:
            outside |= set(lines[number - 1].needs) - made
            made |= set(lines[number - 1].defines)
    return frozenset(outside)


def first_problem(
    lines: Sequence[Line], order: Iterable[int], solutions: Sequence[Solution] = ()
) -> str:
    """Return a sentence about the first line that does not fit, or nothing.

    Args:
        lines: see :func:`read_line`.
        order: of the lines used, counted from 1.
        solutions: the right orders; without any, only names, blocks and returns are looked at.

    Raises:
        DomainError: for a number that is no line, or one used twice.
    """
    chosen = check_order(lines, order)
    if not chosen:
        return "No line is used yet."
    outside = outside_names(lines, solutions)
    for place in range(len(chosen)):
        said = _misfit(lines, chosen, place, outside)
        if not said and not _starts_well(chosen[: place + 1], solutions):
            said = "does not fit here."
        if said:
            return f"Line {place + 1}, `{short(lines[chosen[place] - 1])}`, {said}"
    if lines[chosen[-1] - 1].opens:
        return f"Line {len(chosen)}, `{short(lines[chosen[-1] - 1])}`, has nothing inside it."
    done = not solutions or any(set(s.lines) == set(chosen) for s in solutions)
    return "" if done else MISSING


def short(line: Line) -> str:
    """Return a line as it is quoted: without indentation, its beginning if it is long."""
    first, *more = line.text.strip().split("\n")
    return first + " …" if more else first


def _misfit(lines: Sequence[Line], order: Order, place: int, outside: frozenset[str]) -> str:
    line = lines[order[place] - 1]
    above = [lines[number - 1] for number in order[:place]]
    made = {name for other in above for name in other.defines}
    for name in line.needs:
        if name not in made and name not in outside:
            if any(name in lines[number - 1].defines for number in order[place + 1 :]):
                return f"uses `{name}` before it is made."
            return f"uses `{name}`, which no line in use makes."
    return _misplaced(above, line)


def _misplaced(above: Sequence[Line], line: Line) -> str:
    """Say what is wrong with the indentation of a line below others, or nothing."""
    if above and above[-1].opens:
        return "" if line.indent > above[-1].indent else "should be inside the block above it."
    if line.indent not in _levels(above):
        return "is indented, but no line above it opens that block."
    unreached = above and above[-1].ends and above[-1].indent == line.indent
    return "is never reached: the line above it ends the block." if unreached else ""


def _levels(above: Sequence[Line]) -> set[int]:
    """Return the indentations at which a line may stand."""
    open_at: list[int] = [0]
    for line in above:
        open_at = [level for level in open_at if level < line.indent] + [line.indent]
    return set(open_at)


def _starts_well(begun: Order, solutions: Sequence[Solution]) -> bool:
    """Whether some right order can begin like this."""
    return not solutions or any(_begins(begun, s) for s in solutions)


def _begins(begun: Order, right: Solution) -> bool:
    placed = set(begun)
    if not placed <= set(right.lines):
        return False
    where = {number: place for place, number in enumerate(begun)}
    return all(b not in placed or (a in placed and where[a] < where[b]) for a, b in right.pairs)


def is_right(order: Iterable[int], solutions: Iterable[Solution]) -> bool:
    """Return whether an order is one of the right ones, whatever the lines say."""
    chosen = tuple(order)
    return any(set(chosen) == set(s.lines) and _begins(chosen, s) for s in solutions)


def starts_right(lines: Sequence[Line], solutions: Iterable[Solution]) -> bool:
    """Return whether the lines, as numbered, already are right once the others are left out."""
    numbers = range(1, len(lines) + 1)
    return any(is_right([n for n in numbers if n in s.lines], [s]) for s in solutions)
