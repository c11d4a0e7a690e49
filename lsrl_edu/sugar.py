"""Convenience functions that build the six nodes (paper, Section 3 and Appendix F).

Every function takes nodes and returns a node; numbers are accepted for the second argument of
a comparison. All of them work elementwise on vectors. Two constants appear throughout:

* ``mu``, the steepness of a step: it rises from 0 to 1 over a width of 1/mu;
* ``lam`` (the paper's lambda), a number larger than any value that has to be masked.
"""

from __future__ import annotations

from typing import Any, Literal, get_args

from lsrl_edu.analyse import ranges_for_any_input
from lsrl_edu.errors import ProgramError
from lsrl_edu.nodes import Concat, Linear, Node, ReLU, as_node, same_width
from lsrl_edu.numbers import Matrix, Number, exact

STEEPNESS: Number = 1000
LARGE: Number = 10**10

Method = Literal[
    "original",
    "optimized",
    "step",
    "step_optimized",
    "multiplicative",
    "multiplicative_optimized",
]
METHODS: tuple[str, ...] = get_args(Method)


def f_constant(x: Node, value: Any, name: str | None = None) -> Node:
    """Return a node that always holds ``value`` (a number or a vector of m numbers).

    ``x`` is any node: the graph needs something to hang the constant on. (App. F)
    """
    x, column = as_node(x, "f_constant"), Matrix.column(value)
    return Linear(x, Matrix.zeros(column.shape[0], x.dim), column, name=name)


def f_not(condition: Node, name: str | None = None) -> Node:
    """Return 1 - condition. (App. F)"""
    result = 1 - as_node(condition, "f_not")
    return _named(result, name)


def f_relu_identity(x: Node, name: str | None = None) -> Node:
    """Return ReLU(x) - ReLU(-x), which is x. It carries a value through a layer of ReLUs."""
    return _named(ReLU(x) - ReLU(-x), name)


def f_step(x: Node, mu: Any = STEEPNESS, name: str | None = None) -> Node:
    """Return 0 for x <= 0, 1 for x >= 1/mu, and mu x in between.

    ReLU(mu x) - mu ReLU(x - 1/mu) (Section 3).
    """
    mu = _positive(mu, "f_step", "mu")
    x = as_node(x, "f_step")
    return _named(ReLU(mu * x) - mu * ReLU(x - _inverse(mu)), name)


def f_bump(x: Node, low: Any, high: Any, mu: Any = STEEPNESS, name: str | None = None) -> Node:
    """Return 1 for low + 1/mu <= x <= high, 0 for x <= low and x >= high + 1/mu, ramps between."""
    return _named(f_step(x - low, mu) - f_step(x - high, mu), name)


def f_larger(x: Node, y: Any, mu: Any = STEEPNESS, name: str | None = None) -> Node:
    """Return 1 where x >= y + 1/mu, 0 where x <= y. ``y`` is a node or a number."""
    return f_step(_difference(x, y), mu, name)


def f_smaller(x: Node, y: Any, mu: Any = STEEPNESS, name: str | None = None) -> Node:
    """Return 1 where x <= y - 1/mu, 0 where x >= y. ``y`` is a node or a number."""
    return f_step(_difference(y, x), mu, name)


def f_eq(x: Node, y: Any, mu: Any = STEEPNESS, name: str | None = None) -> Node:
    """Return 1 where x = y, 0 where they differ by at least 1/mu."""
    return _named(1 - f_neq(x, y, mu), name)


def f_neq(x: Node, y: Any, mu: Any = STEEPNESS, name: str | None = None) -> Node:
    """Return 0 where x = y, 1 where they differ by at least 1/mu."""
    return _named(f_larger(x, y, mu) + f_smaller(x, y, mu), name)


def f_and(x: Node, y: Node, mu: Any = STEEPNESS, name: str | None = None) -> Node:
    """Return 1 where both conditions hold: ReLU(f_step(x) + f_step(y) - 1). (App. F)"""
    return ReLU(f_step(x, mu) + f_step(y, mu) - 1, name=name)


def f_or(x: Node, y: Node, mu: Any = STEEPNESS, name: str | None = None) -> Node:
    """Return 1 where at least one condition holds: f_step(x + y). (App. F)"""
    return f_step(x + y, mu, name)


def f_ifelse(
    condition: Node,
    t: Node | None,
    f: Node | None = None,
    method: Method = "original",
    mu: Any = STEEPNESS,
    lam: Any = LARGE,
    name: str | None = None,
) -> Node:
    """Return t where the condition is 1 and f where it is 0.

    Args:
        condition: a node that is 0 or 1 (in between, the methods differ), of width 1 or as t.
        t: the value where the condition holds; None stands for 0.
        f: the value where it does not hold; None stands for 0.
        method: which of the paper's constructions to use.
            ``original`` (Eq. 7): four ReLUs and the large constant ``lam``.
            ``optimized``: the same without the terms that are known to be zero.
            ``step`` (Eq. 9), ``step_optimized``: the condition goes through a step first.
            ``multiplicative`` (Eq. 10): condition * t + (1 - condition) * f, which needs a gate.
            ``multiplicative_optimized``: the same without an absent branch.
        mu: steepness of the step (methods ``step...``), at least 2: the step stands at 1/2.
        lam: a number above the size of every t and f (all but the multiplicative methods).
        name: your name for the result.

    Raises:
        ProgramError: for an unknown method, when both branches are missing, or where a step is
            too wide for a condition of 0 or 1.
    """
    if method not in METHODS:
        raise ProgramError(f"f_ifelse(method={method!r}): choose one of {', '.join(METHODS)}.")
    if t is None and f is None:
        raise ProgramError("f_ifelse needs a value for at least one of its two branches.")
    condition, *present = (as_node(v, "f_ifelse") for v in (condition, t, f) if v is not None)
    width = present[0].dim
    t, f = (f_constant(condition, [0] * width) if v is None else v for v in (t, f))
    t, f = same_width(t, f)
    condition, _ = same_width(condition, t)
    lean = method.endswith("optimized")
    if method.startswith("multiplicative"):
        return _named(_multiplicative(condition, t, f, lean), name)
    masks = _step_masks if method.startswith("step") else _plain_masks
    lam = _positive(lam, "f_ifelse", "lam")
    return _named(_masked(*masks(condition, lam, mu), t, f, lean), name)


def _plain_masks(condition: Node, lam: Number, mu: Any) -> tuple[Node, Node]:
    """Return (0 where the condition holds else -lam, 0 where it does not else -lam). (Eq. 7)"""
    return -lam * f_not(condition), -lam * condition


def _step_masks(condition: Node, lam: Number, mu: Any) -> tuple[Node, Node]:
    """The same masks through a step at 1/2, so that a condition near 0 or 1 will do. (Eq. 9)"""
    if exact(mu) < 2:
        raise ProgramError(f"f_ifelse(mu={mu}): a step at 1/2 reaches 1 at 1 only where mu >= 2.")
    half = exact(0.5)
    return (
        lam * f_step(condition - half, mu) - lam,
        lam * f_step(half - condition, mu) - lam,
    )


def _masked(mask_t: Node, mask_f: Node, t: Node, f: Node, lean: bool) -> Node:
    """Return ReLU(mask_f + f) + ReLU(mask_t + t) - ReLU(mask_f - f) - ReLU(mask_t - t)."""
    terms = [(1, mask_f, f), (1, mask_t, t), (-1, mask_f, f), (-1, mask_t, t)]
    if lean:
        terms = [term for term in terms if _can_be_nonzero(term[0], term[2])] or terms[:1]
    total = None
    for sign, mask, value in terms:
        part = ReLU(mask + value if sign > 0 else mask - value)
        if total is None:
            total = part if sign > 0 else -part
        else:
            total = total + part if sign > 0 else total - part
    return total


def _can_be_nonzero(sign: int, value: Node) -> bool:
    """Whether ReLU(mask + sign * value), with mask <= 0, can be anything but zero."""
    ranges = ranges_for_any_input(value)
    return any((r.hi if sign > 0 else -r.lo) > 0 for r in ranges)


def _multiplicative(condition: Node, t: Node, f: Node, lean: bool) -> Node:
    branches = [(condition, t), (f_not(condition), f)]
    if lean:
        branches = [b for b in branches if not _is_zero(b[1])] or branches[:1]
    products = [gate * value for gate, value in branches]
    return products[0] if len(products) == 1 else products[0] + products[1]


def _is_zero(value: Node) -> bool:
    return all(r.is_constant and r.lo == 0 for r in ranges_for_any_input(value))


def _difference(x: Any, y: Any) -> Node:
    if not isinstance(x, Node) and not isinstance(y, Node):
        raise ProgramError(f"Cannot compare {x!r} with {y!r}: at least one must be a node.")
    return x - y


def _inverse(value: Number) -> Number:
    from fractions import Fraction

    return exact(Fraction(1) / value)


def _positive(value: Any, function: str, what: str) -> Number:
    number = exact(value)
    if number <= 0:
        raise ProgramError(f"{function}({what}={value}): {what} must be larger than 0.")
    return number


def _named(node: Node, name: str | None) -> Node:
    return node if name is None else node.named(name)


def concat_sum(parts: list[Node]) -> Node:
    """Return the sum of several nodes of the same width as one Linear."""
    width = parts[0].dim
    return Linear(Concat(*parts), Matrix.hstack([Matrix.eye(width)] * len(parts)))
