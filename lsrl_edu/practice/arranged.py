"""The judge for lines to be put in order (Parsons problems)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from numbers import Integral
from typing import Any

from lsrl_edu.lang import Program
from lsrl_edu.practice.behaviour import Behaves
from lsrl_edu.practice.judges import Judge
from lsrl_edu.practice.reading import as_list, called, described
from lsrl_edu.practice.verdict import Refused, Verdict, no_answer, not_attempted, wrong


@dataclass(frozen=True)
class Arranged:
    """The answer is an order of given lines; what counts is what the program does that they make.

    The reader sees program and distractors shuffled, and numbers them from 1 as they are seen.

    Attributes:
        program: the lines in a right order, with their indentation.
        function: the name of the function that the lines define.
        behaves: the judge of that function.
        distractors: lines that do not belong, with their indentation.
        accepted: other right orders that differ by more than independent assignments, for the
            page without a kernel; numbers of the lines as written here, distractors counted on.
        seed: of the shuffle.
        question: what stands above the lines.
    """

    program: tuple[str, ...]
    function: str
    behaves: Behaves
    distractors: tuple[str, ...] = ()
    accepted: tuple[tuple[int, ...], ...] = ()
    seed: int = 0
    question: str = "Put the lines of the program in order."

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The lines as the reader numbers them; line 1 is the first."""
        from lsrl_edu.show.widgets.parsons import make_puzzle

        return tuple(line.text for line in make_puzzle(self.program, **self._options).lines)

    @property
    def right_order(self) -> list[int]:
        """The order of ``program``, in the reader's numbers."""
        return [self.lines.index(line) + 1 for line in self.program]

    @property
    def _options(self) -> dict[str, Any]:
        return {"distractors": self.distractors, "accepted": self.accepted, "seed": self.seed}

    def widget(self) -> Any:
        """Return the widget that shows the lines; ``read`` takes it as an answer."""
        from lsrl_edu.show.widgets.parsons import parsons

        return parsons(self.program, question=self.question, **self._options)

    def read(self, answer: Any) -> tuple[list[int], Program]:
        """Return (order, its program) of a list of line numbers from 1, or of the widget."""
        order = getattr(answer, "order", answer)
        if hasattr(answer, "order") and list(order) in ([], [*range(1, len(self.lines) + 1)]):
            raise not_attempted()  # nobody has moved a line
        numbers = self._numbers(order)
        return numbers, self._program(numbers)

    def examine(self, thing: tuple[list[int], Program], seed: int) -> Verdict:
        """Judge what the program does; it may not hold a line that does nothing."""
        numbers, program = thing
        verdict = self.behaves.examine(program, seed)
        spare = self._spare(numbers, seed) if verdict else ""
        return wrong(f"The answers are right, but `{spare}` does nothing.") if spare else verdict

    def _spare(self, numbers: list[int], seed: int) -> str:
        """Return a distractor without which the program is right as well, or nothing."""
        for number in numbers:
            line = self.lines[number - 1]
            if line in self.distractors and self._right([n for n in numbers if n != number], seed):
                return line.strip()
        return ""

    def _right(self, numbers: list[int], seed: int) -> bool:
        try:
            return bool(self.behaves.examine(self._program(numbers), seed))
        except Refused:
            return False

    def _program(self, numbers: list[int]) -> Program:
        return self.behaves.read(self._function(numbers))

    def _numbers(self, order: Any) -> list[int]:
        numbers = as_list(order, "a list of line numbers")
        for number in numbers:
            whole = isinstance(number, Integral) and not isinstance(number, bool)
            if not whole or not 1 <= number <= len(self.lines):
                raise no_answer(
                    f"{described(number)} is not the number of a line: they go from 1 to "
                    f"{len(self.lines)}."
                )
        if len(set(numbers)) < len(numbers):
            raise no_answer(f"A line is used twice in {numbers}.")
        return numbers

    def _function(self, numbers: Sequence[int]) -> Any:
        """Run the chosen lines. They are the exercise's own: only their order is the reader's."""
        source = "\n".join(self.lines[n - 1] for n in numbers)
        return called(self._defined, source)

    def _defined(self, source: str) -> Any:
        import lsrl_edu

        try:
            names: dict[str, Any] = {"ls": lsrl_edu}
            exec(compile(source, "your lines", "exec"), names)
        except SyntaxError as error:
            line = source.splitlines()[min(error.lineno or 1, source.count("\n") + 1) - 1].strip()
            raise no_answer(f"Python cannot read the lines in this order, at `{line}`.") from error
        except NameError as error:
            raise _too_early(error) from error
        if self.function not in names:
            raise no_answer(f"The lines do not define `{self.function}`: where is its `def`?")
        return _explained(names[self.function])


def _explained(function: Any) -> Any:
    """Return the function; what only an order can do wrong is said in the reader's terms."""

    def explained(x: Any) -> Any:
        try:
            made = function(x)
        except NameError as error:
            raise _too_early(error) from error
        if made is None:
            raise no_answer("The lines return nothing: which of them gives the answer?")
        return made

    explained.__name__ = function.__name__
    return explained


def _too_early(error: NameError) -> Exception:
    # an UnboundLocalError has its name only in the text
    name = error.name or str(error).split("'")[1]
    return no_answer(f"`{name}` is used before a line makes it, or no line in use makes it.")


def arranged(judge: Judge) -> Arranged:
    """Return the judge of a Parsons exercise, also from inside another judge."""
    found = getattr(judge, "judge", judge)
    if not isinstance(found, Arranged):
        raise TypeError("this exercise has no lines to put in order")
    return found
