"""The lines of a program out of order, to be put in order.

``parsons(program)`` shows them; ``widget.source`` is the program as it stands now. The page
(``parsons.js``) checks names, blocks and order, so it works without a kernel; where no script
runs, the lines are a numbered list, and the reader writes ``answer = [3, 1, ...]``, which
``assemble(widget.lines, answer)`` turns into the program.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import anywidget
import traitlets

from lsrl_edu.errors import DomainError
from lsrl_edu.show.svg import escape, tag
from lsrl_edu.show.widgets.parsons_lines import (
    Line,
    Order,
    Solution,
    assemble,
    check_order,
    first_problem,
    is_right,
    outside_names,
    read_line,
    solution,
    split_lines,
    starts_right,
)
from lsrl_edu.show.widgets.sources import source
from lsrl_edu.show.words import plural

__all__ = ["Parsons", "Puzzle", "assemble", "first_problem", "make_puzzle", "parsons"]

QUESTION = "Put the lines of the program in order."
HANDWRITTEN = "answer = [3, 1, ...]"
MOST_SHUFFLES = 200


@dataclass(frozen=True)
class Puzzle:
    """Lines as they are numbered for the reader, and the right orders of them.

    Attributes:
        lines: shuffled; line 1 is the first.
        solutions: the right orders.
        left_over: whether some solution leaves lines out.
    """

    lines: tuple[Line, ...]
    solutions: tuple[Solution, ...]
    left_over: bool


def make_puzzle(
    lines: str | Iterable[str],
    distractors: Iterable[str] = (),
    accepted: Iterable[Sequence[int]] = (),
    seed: int = 0,
) -> Puzzle:
    """Return the lines of a program, shuffled.

    Args:
        lines: the program in a right order: one text, or a list. An element of a list may be
            several lines that stay together.
        distractors: lines that do not belong, indented as in the finished program.
        accepted: other right orders, as numbers of the lines as they are written here, the
            distractors counted on. Lines that may change places without a difference (assignments
            in one block that do not touch each other's names) need no mention.
        seed: of the shuffle. The order it gives is not right yet.

    Raises:
        DomainError: for fewer than two lines, the same line twice, a program or accepted order
            that cannot be right, or lines that are right in any order.
    """
    program, others = split_lines(lines), split_lines(list(distractors), dedent=False)
    _check_lines(program, others)
    read = [read_line(text) for text in program + others]
    written = (tuple(range(1, len(program) + 1)), *(check_order(read, o) for o in accepted))
    _check_written(read, written)
    chance = random.Random(seed)
    for _ in range(MOST_SHUFFLES):
        puzzle = _shuffled(read, written, chance.sample(range(len(read)), len(read)))
        if not starts_right(puzzle.lines, puzzle.solutions):
            return puzzle
    if not is_right(range(1, len(read) + 1), puzzle.solutions):
        return puzzle  # at least there is something to leave out
    raise DomainError("These lines are right in any order, so there is nothing to put in order.")


def _check_lines(program: tuple[str, ...], others: tuple[str, ...]) -> None:
    if len(program) < 2:
        raise DomainError(f"A program of {plural(len(program), 'line')} has no order; write two.")
    lines = program + others
    for i, text in enumerate(lines):
        if text in lines[:i]:
            where = "both right and a distractor" if i >= len(program) else "there twice"
            raise DomainError(
                f"The line `{text.strip()}` is {where}. Join it to the line beside it, "
                "or write it another way."
            )


def _check_written(read: list[Line], written: tuple[Order, ...]) -> None:
    for order in written:
        if not order:
            raise DomainError("An accepted order is empty. List the numbers of its lines.")
        problem = first_problem(read, order, [solution(read, order)])
        if problem:
            raise DomainError(f"As written, the program cannot be right. {problem}")


def _shuffled(read: list[Line], written: tuple[Order, ...], places: list[int]) -> Puzzle:
    lines = tuple(read[i] for i in places)
    number = {i + 1: k for k, i in enumerate(places, 1)}
    solutions = tuple(solution(lines, [number[n] for n in order]) for order in written)
    left_over = any(len(s.lines) < len(lines) for s in solutions)
    return Puzzle(lines, solutions, left_over)


def parsons_data(puzzle: Puzzle, question: str = QUESTION) -> dict[str, Any]:
    """Return everything the page shows, as plain JSON values.

    Returns:
        ``lines``: each with what :class:`Line` holds and its ``indent``.
        ``solutions``: each with ``lines``, and ``pairs`` (a, b) of which a comes first.
        ``outside``: the names that no line has to make.
        ``start``: the order shown first: all lines as they are numbered.
    """
    if not isinstance(question, str) or not question.strip():
        raise DomainError(f"The question must be a text that is not empty; got {question!r}.")
    return {
        "question": question,
        "lines": [{**asdict(line), "indent": line.indent} for line in puzzle.lines],
        "solutions": [asdict(s) for s in puzzle.solutions],
        "outside": sorted(outside_names(puzzle.lines, puzzle.solutions)),
        "leftOver": puzzle.left_over,
        "start": list(range(1, len(puzzle.lines) + 1)),
    }


class Parsons(anywidget.AnyWidget):
    """The thin shell around :func:`parsons_data`; ``order`` holds the numbers of the lines used.

    Attributes:
        puzzle: the lines and the right orders.
        order: what the reader has put together, from the top; counted from 1.
    """

    _esm = source("parsons.js")
    _css = source("parsons.css")
    data = traitlets.Dict().tag(sync=True)
    order = traitlets.Tuple().tag(sync=True)

    def __init__(
        self, lines: str | Iterable[str], question: str = QUESTION, **options: Any
    ) -> None:
        self.puzzle = make_puzzle(lines, **options)
        data = parsons_data(self.puzzle, question)
        super().__init__(data=data, order=tuple(data["start"]))

    @traitlets.validate("order")
    def _check(self, proposal: Any) -> Order:
        return check_order(self.puzzle.lines, proposal["value"])

    @property
    def lines(self) -> tuple[str, ...]:
        """Return the texts of the lines, as they are numbered."""
        return tuple(line.text for line in self.puzzle.lines)

    @property
    def source(self) -> str:
        """Return the program as it stands now."""
        return assemble(self.puzzle.lines, self.order)

    @property
    def problem(self) -> str:
        """Return a sentence about the first line that does not fit; nothing where all is right."""
        return first_problem(self.puzzle.lines, self.order, self.puzzle.solutions)

    def __repr__(self) -> str:
        return f"<{plural(len(self.lines), 'line')} to put in order, {len(self.order)} in use>"

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """Add the lines as a numbered list, for where no widget can run."""
        bundle, metadata = super()._repr_mimebundle_(**kwargs)
        words = {"text/plain": as_text(self.data), "text/html": as_html(self.data)}
        return {**bundle, **words}, metadata


def as_text(data: dict[str, Any]) -> str:
    """Return the lines as a terminal shows them: numbered."""
    listed = [_numbered(number, line["text"]) for number, line in enumerate(data["lines"], 1)]
    return "\n".join([data["question"], "", *listed, "", HANDWRITTEN])


def _numbered(number: int, text: str) -> str:
    """Return a line behind its number, and what belongs to it below."""
    return f"{number:>3}  " + text.replace("\n", "\n     ")


def as_html(data: dict[str, Any]) -> str:
    """Return the lines as a numbered list, and how to write an order by hand."""
    lines = [tag("li", tag("pre", tag("code", escape(line["text"])))) for line in data["lines"]]
    how = tag("p", "Write the numbers in order: ", tag("code", escape(HANDWRITTEN)))
    return tag(
        "div", tag("p", escape(data["question"])), tag("ol", *lines), how, class_="ls-parsons-text"
    )


def parsons(lines: str | Iterable[str], **options: Any) -> Parsons:
    """Return a widget to put lines in order; ``options`` as for :func:`make_puzzle`.

    ``question="..."`` is the sentence above the lines.
    """
    return Parsons(lines, **options)
