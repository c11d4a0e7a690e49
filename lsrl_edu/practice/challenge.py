"""Open challenges: a right answer gets a score, beside the best that is known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from lsrl_edu.practice.judges import Judge
from lsrl_edu.practice.reading import called
from lsrl_edu.practice.verdict import Verdict


@dataclass(frozen=True)
class Score:
    """What an open challenge counts.

    Attributes:
        noun: what the number counts, "channels".
        measure: of the thing that the judge read, usually a Program.
        known: (how, score) of solutions that are known, the best one anywhere among them.
        lower_is_better: or higher.
    """

    noun: str
    measure: Callable[[Any], float]
    known: tuple[tuple[str, float], ...]
    lower_is_better: bool = True

    @property
    def best(self) -> float:
        """The best known score."""
        return (min if self.lower_is_better else max)(score for _, score in self.known)

    def compared(self, score: float) -> str:
        """Return a score beside the best one, as sentences."""
        said = f"Your score ({self.noun}): {score:g}. Best known: {self.best:g}."
        ahead = self.best - score if self.lower_is_better else score - self.best
        if ahead > 0:
            return f"{said} That is better than anything we know of: please tell us."
        return f"{said} You have reached it." if ahead == 0 else said


@dataclass(frozen=True)
class Challenge:
    """The answer must satisfy another judge, and then gets a score.

    Attributes:
        judge: decides whether the answer counts.
        score: what is counted.
    """

    judge: Judge
    score: Score

    def read(self, answer: Any) -> Any:
        """Return what the judge makes of the answer."""
        return self.judge.read(answer)

    def examine(self, thing: Any, seed: int) -> Verdict:
        """Judge, then score."""
        verdict = self.judge.examine(thing, seed)
        if not verdict:
            return verdict
        score = float(called(self.score.measure, thing))
        said = f"{verdict.message} {self.score.compared(score)}".strip()
        return replace(verdict, message=said, score=score)
