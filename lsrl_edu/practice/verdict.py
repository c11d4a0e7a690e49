"""What a check answers: one word, one message, and, where it helps, a picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Status = Literal["right", "wrong", "not attempted", "no answer"]
SIGNS = {"right": "✓", "wrong": "✗", "not attempted": "○", "no answer": "!"}
"""A sign for each status, so that nothing depends on colour."""


class Refused(Exception):
    """Something that cannot be checked; holds the verdict to give instead."""

    def __init__(self, verdict: Verdict):
        super().__init__(verdict.message)
        self.verdict = verdict


@dataclass(frozen=True)
class Verdict:
    """The outcome of a check. It is true (``bool``) where the answer is right.

    Attributes:
        status: ``right``, ``wrong``, ``not attempted``, or ``no answer``: what was given is not
            the kind of thing that was asked for.
        message: sentences for the reader.
        picture: where two runs part, or nothing; see :mod:`lsrl_edu.show.parting`.
        score: of an open challenge, or nothing.
    """

    status: Status
    message: str = ""
    picture: Any = None
    score: float | None = None

    def __bool__(self) -> bool:
        return self.status == "right"

    @property
    def heading(self) -> str:
        """The sign and the status."""
        return f"{SIGNS[self.status]} {self.status}"

    def __repr__(self) -> str:
        lines = [": ".join(filter(None, [self.heading, self.message]))]
        if self.picture is not None:
            lines.append(repr(self.picture))
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        from lsrl_edu.show.verdicts import verdict_html

        return verdict_html(self)


def right(message: str = "", **more: Any) -> Verdict:
    """Return a verdict that the answer is right."""
    return Verdict("right", message, **more)


def wrong(message: str, **more: Any) -> Verdict:
    """Return a verdict that the answer is wrong, and why."""
    return Verdict("wrong", message, **more)


def no_answer(message: str) -> Refused:
    """Return the exception for something that is not the kind of thing that was asked for."""
    return Refused(Verdict("no answer", message))


def not_attempted() -> Refused:
    """Return the exception for a stub that nobody has changed."""
    return Refused(Verdict("not attempted"))
