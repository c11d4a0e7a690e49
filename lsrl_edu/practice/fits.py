"""The judge for programs that may do anything, as long as they keep some rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lsrl_edu.lang import Program
from lsrl_edu.practice.judges import Rule
from lsrl_edu.practice.reading import as_program, called
from lsrl_edu.practice.verdict import Verdict, right, wrong


@dataclass(frozen=True)
class Fits:
    """The answer is a program that keeps all the rules; the first broken one is named.

    Attributes:
        rules: on the Program, asked in this order.
        dim: the width of one input element.
        width: the width of one output; None for any.
        domain: what the inputs may be, where the answer is a function.
        said: what to add to "right".
    """

    rules: tuple[Rule, ...]
    dim: int = 1
    width: int | None = 1
    domain: Any = None
    said: str = ""

    def read(self, answer: Any) -> Program:
        """Return the Program, or raise Refused with the reason."""
        return as_program(answer, self.dim, self.domain, self.width)

    def examine(self, thing: Program, seed: int) -> Verdict:
        """Ask the rules."""
        for rule in self.rules:
            if broken := called(rule.broken_by, thing):
                return wrong(broken)
        return right(self.said)
