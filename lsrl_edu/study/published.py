"""The ``optimized`` programs of Fig. 4 as their authors wrote them by hand.

In the authors' code ``optimized`` is no function but the habit of writing

    ReLU(value - lam * (NOT condition))          where the value is never negative,

with the condition negated by hand: larger for smaller, an "or" of two comparisons for "near". Our
``f_ifelse(method="optimized")`` drops only the terms that it can prove to be zero, and keeps the
condition as it is written. The two agree in exact arithmetic and differ under noise, and in
rounding, so the figure needs the authors' own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from lsrl_edu.lang import Program, foreach
from lsrl_edu.nodes import Node, ReLU
from lsrl_edu.programs import continuous, discrete
from lsrl_edu.programs.words import Words
from lsrl_edu.sugar import f_larger, f_not, f_or, f_smaller


@dataclass(frozen=True)
class ByHand(Words):
    """Comparisons that remember their opposite, and the conditional that uses it.

    Attributes:
        signed: names of results whose value may be negative: they keep both terms.
        opposites: condition -> a function that writes its negation.
    """

    signed: tuple[str, ...] = ()
    opposites: dict[Node, Callable[[], Node]] = field(default_factory=dict, compare=False)

    def larger(self, x: Node, y: Any, name: str | None = None) -> Node:
        """Return 1 where x > y; the opposite is x < y."""
        return self._keep(super().larger(x, y, name), lambda: f_smaller(x, y, self.mu))

    def smaller(self, x: Node, y: Any, name: str | None = None) -> Node:
        """Return 1 where x < y; the opposite is x > y."""
        return self._keep(super().smaller(x, y, name), lambda: f_larger(x, y, self.mu))

    def near(self, x: Node, y: Any, name: str | None = None) -> Node:
        """Return 1 where |x - y| < 1/2; the opposite is that x is above or below."""
        above, below = y + 0.5, y - 0.5

        def opposite() -> Node:
            return f_or(f_larger(x, above, self.mu), f_smaller(x, below, self.mu), self.mu)

        return self._keep(super().near(x, y, name), opposite)

    def only_if(self, condition: Node, value: Node, name: str | None = None) -> Node:
        """Return ReLU(value - lam * opposite), less the same of -value where it may be negative."""
        write = self.opposites.get(condition, lambda: f_not(condition))
        mask = -self.lam * write()
        result = ReLU(mask + value)
        if name in self.signed:
            result = result - ReLU(mask - value)
        return result if name is None else result.named(name)

    def _keep(self, condition: Node, opposite: Callable[[], Node]) -> Node:
        self.opposites[condition] = opposite
        return condition


def optimized_tokens(n: int) -> Program:
    """Return Listing 2 for tokens 0 to 9 with the conditional ``optimized``, as its authors did."""
    words = ByHand()

    @foreach(dim=1, domain=range(10), name="discrete")
    def body(x: Node) -> Node:
        time = discrete._clock(x, n, "rotation", None, words)
        query = discrete._query_register(x, time, words)
        matching = discrete._matching(x, query, time, words)
        found = discrete._all_matching(matching, n, words)
        return discrete._registers(x, discrete._copy_and_on(found, time, words), time, words)

    return body


def optimized_curves(d_in: int = 2, d_out: int = 2) -> Program:
    """Return Listing 1 for values in [-3, 3] with the conditional ``optimized``, likewise."""
    words = ByHand(signed=("update",))
    domain = [(0, 1)] * (1 + d_in) + [(-3, 3)] * d_out

    @foreach(dim=1 + d_in + d_out, domain=domain, name="continuous")
    def body(x: Node) -> Node:
        return continuous._look_up(x, d_in, d_out, words)

    return body
