"""The smallest program for each rule of debranching (paper, Appendix A).

Each body takes the input v, of width 2, and returns a node that reads v in all the ways that its
rule is about. The tests apply every rule to its example, and the page *The rules of debranching*
draws it before and after.
"""

from __future__ import annotations

from collections.abc import Callable

from lsrl_edu.compiler.debranch_cases import CASES
from lsrl_edu.compiler.fold import FUSIONS
from lsrl_edu.compiler.rewrite import Decline, Delta, Graph, Rule
from lsrl_edu.lang import Program, foreach
from lsrl_edu.nodes import Concat, LinState, Multi, Node, ReLU

RULES = {rule.case: rule for rule in (*FUSIONS, *CASES)}
"""Every rule by its case, in the order in which they are tried."""


def counter(x: Node) -> LinState:
    """Return the running sum of a number."""
    return LinState(x, [[1]], [[1]])


def pair(x: Node) -> LinState:
    """Return a state of width 2 that reads both numbers of x."""
    return LinState(x, [[1, 0], [0, -1]], [[1, 1], [0, 1]], init_state=[1, 0])


def swap(x: Node) -> LinState:
    """Return another one, which hands its second entry to its first."""
    return LinState(x, [[0, 1], [0, 0]], [[1, 0], [0, 1]])


def twice(x: Node) -> Concat:
    """Return x beside a state of x: a node with two readers."""
    return Concat(x, pair(x))


BODIES: dict[str, Callable[[Node], Node]] = {
    "F1": lambda v: 2 * (v + 1),
    "F2": lambda v: ReLU(ReLU(v)),
    "F3": lambda v: pair(v - 1),
    "F4": lambda v: Concat(v, v),
    "F5": lambda v: ReLU(1 * v),
    "1A": lambda v: Concat(Multi(v, name="a"), Multi(v, name="b")),
    "1B": lambda v: Concat(Multi(v), ReLU(v)),
    "2": lambda v: Concat(pair(v), swap(v)),
    "3": lambda v: Concat(ReLU(v, name="a"), ReLU(v, name="b")),
    "4": lambda v: Concat(Concat(v, v), v),
    "5A": lambda v: Concat(ReLU(v[0]), counter(v[1])),
    "5B": lambda v: Concat(ReLU(3 * v), ReLU(v - 1)),
    "6": lambda v: Concat(pair(v), ReLU(v)),
    "7A": lambda v: Concat(ReLU(v), ReLU(v - 1)),
    "7B": lambda v: Concat(ReLU(v), twice(2 * v)),
    "8": lambda v: Concat(v, ReLU(2 * v)),
    "9": lambda v: Concat(v, ReLU(v)),
    "10": lambda v: Concat(v, ReLU(v), ReLU(v - 1)),
}
"""case -> the body of its example, a function of v."""


def example(case: str) -> Program:
    """Return the example program of a case, such as ``"5A"`` or ``"F1"``."""
    return foreach(dim=2, name=f"case {case}")(BODIES[case])


def apply_once(rule: Rule, program: Program) -> tuple[Graph, int, Delta]:
    """Apply a rule at the first vertex where it fits.

    Returns:
        The graph afterwards, the vertex where the rule was applied, and what it changed.

    Raises:
        ValueError: where it fits nowhere.
    """
    graph = Graph.of(program)
    for vertex in graph.topological():
        delta = rule.propose(graph, vertex)
        if not isinstance(delta, Decline):
            graph.apply(delta)
            return graph, vertex, delta
    raise ValueError(f"Case {rule.case} fits nowhere in {program.name}.")
