"""The few words that the published listings are written in, with their constants filled in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lsrl_edu.errors import ProgramError
from lsrl_edu.nodes import Node
from lsrl_edu.numbers import exact
from lsrl_edu.sugar import LARGE, STEEPNESS, Method, f_and, f_ifelse, f_larger, f_smaller


@dataclass(frozen=True)
class Words:
    """Comparisons and conditionals that all use the same method and constants.

    Attributes:
        method: the conditional, see :func:`lsrl_edu.sugar.f_ifelse`.
        mu: steepness of every step.
        lam: the large constant of the conditionals that mask.

    Raises:
        ProgramError: for mu < 2. The listings compare integers half-way between them, and a
            step as wide as that needs 1/mu <= 1/2.
    """

    method: Method = "original"
    mu: Any = STEEPNESS
    lam: Any = LARGE

    def __post_init__(self):
        if exact(self.mu) < 2:
            raise ProgramError(
                f"mu={self.mu}: this program compares integers half-way between them, so its "
                "steps may be at most 1/2 wide: mu must be at least 2."
            )

    def check_masks(self, largest: Any, what: str) -> None:
        """Refuse a ``lam`` that is too small to mask what is known to come in.

        Raises:
            ProgramError: where ``lam`` is not above ``largest``, for a method that masks.
        """
        if not self.method.startswith("multiplicative") and exact(self.lam) <= exact(largest):
            raise ProgramError(
                f"lam={self.lam}: a {what} can be as large as {largest}, and method="
                f"{self.method!r} hides values behind lam. Give a lam above {largest}, and in "
                "Listing 2 above the length of the sequence (times are hidden too), or a "
                "multiplicative method."
            )

    def larger(self, x: Node, y: Any, name: str | None = None) -> Node:
        """Return 1 where x > y, by 1/mu at least."""
        return f_larger(x, y, self.mu, name)

    def smaller(self, x: Node, y: Any, name: str | None = None) -> Node:
        """Return 1 where x < y, by 1/mu at least."""
        return f_smaller(x, y, self.mu, name)

    def both(self, x: Node, y: Node, name: str | None = None) -> Node:
        """Return 1 where both conditions hold."""
        return f_and(x, y, self.mu, name)

    def near(self, x: Node, y: Any, name: str | None = None) -> Node:
        """Return 1 where |x - y| < 1/2: equality of integers."""
        return self.both(self.larger(x, y - 0.5), self.smaller(x, y + 0.5), name)

    def only_if(self, condition: Node, value: Node, name: str | None = None) -> Node:
        """Return the value where the condition holds, 0 elsewhere."""
        return f_ifelse(condition, value, None, self.method, self.mu, self.lam, name)
