"""What an exercise is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from lsrl_edu.practice.judges import Judge
from lsrl_edu.practice.limits import OutOfTime, within
from lsrl_edu.practice.verdict import Refused, Verdict

Kind = Literal[
    "trace", "put in order", "fill in", "repair", "write", "counter-example", "explain", "challenge"
]
Level = Literal["easy", "medium", "hard", "open"]
SECONDS = 10
"""After which a check gives up. On one core every check of this book takes less than 2."""


@dataclass(frozen=True)
class Exercise:
    """One exercise of the book; its text stands in its notebook.

    Attributes:
        key: chapter and number, "03.2".
        title: without the number.
        kind: what the reader does.
        level: how hard it is.
        minutes: about how long it takes.
        objective: which of the chapter's objectives it trains, "objective 2".
        judge: decides about an answer.
        hints: the direction, the subgoal, and almost the code.
    """

    key: str
    title: str
    kind: Kind
    level: Level
    minutes: int
    objective: str
    judge: Judge
    hints: tuple[str, str, str]

    @property
    def heading(self) -> str:
        """The first lines of the exercise in its notebook, in Markdown."""
        about = f"{self.level}, {self.minutes} minutes, {self.objective}"
        return f"## {self.key} {self.title}\n\n*{self.kind.capitalize()}: {about}.*"

    def check(self, answer: Any, seed: int = 0, seconds: float = SECONDS) -> Verdict:
        """Return the verdict on an answer. Nothing that an answer does raises from here."""
        try:
            return within(seconds, lambda: self.judge.examine(self.judge.read(answer), seed))
        except Refused as refused:
            return refused.verdict
        except OutOfTime:
            return Verdict(
                "no answer",
                f"Stopped after {seconds:g} seconds. Is there a loop without an end, or a program "
                "much larger than the exercise needs? If your computer is busy, try once more.",
            )
