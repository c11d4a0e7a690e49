"""Random small LSRL programs and inputs for them, for hypothesis.

``programs()`` draws a program, ``sequences(program)`` an input inside its domain, ``cases()``
both. The numbers are small, and dyadic unless ``thirds=True``, and products are at most cubic,
so that float64 follows exact arithmetic closely on sequences of up to eight elements.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st

import lsrl_edu as ls
from lsrl_edu.counters import f_position
from lsrl_edu.graph import topological, users
from lsrl_edu.nodes import Node
from lsrl_edu.numbers import Matrix
from lsrl_edu.ranges import INFINITY, Range
from lsrl_edu.sugar import METHODS

FEW = settings(max_examples=settings.default.max_examples // 4)
"""For tests that run the same property many times over, once for each method, say."""

MAX_LENGTH = 8
MAX_WIDTH = 5
MAX_DEGREE = 3
WIDEST_INPUT = 3

INTEGERS = (0, 1, -1, 2, -2, 3)
DYADICS = (*INTEGERS, Fraction(1, 2), Fraction(-1, 2), Fraction(3, 4), Fraction(-1, 4))
THIRDS = (*DYADICS, Fraction(1, 3), Fraction(-2, 3))
LOOPS = (0, 1, -1, 1, Fraction(1, 2), Fraction(-1, 2), 2)

INTEGER_DOMAINS = (bool, bool, range(0, 3), range(-2, 3), range(1, 6), int)
REAL_DOMAINS = (*INTEGER_DOMAINS, (0, 1), (-2, 2), (Fraction(1, 2), 3), None)

STATE_KINDS = ("zero", "identity", "diagonal", "shift", "permutation", "triangular", "dense")


def sequences(program: ls.Program, max_length: int = MAX_LENGTH, min_length: int = 0):
    """Draw an input of the program, float64 (T, d), of numbers inside its domain."""
    element = st.tuples(*map(_numbers, program.ranges))
    width = len(program.ranges)
    lengths = st.sampled_from([*range(min_length, max_length + 1), max_length])
    lists = lengths.flatmap(lambda n: st.lists(element, min_size=n, max_size=n))
    return lists.map(lambda rows: np.array(rows, dtype=float).reshape(-1, width))


@st.composite
def programs(
    draw: Callable,
    max_nodes: int = 12,
    products: bool = True,
    integer: bool = False,
    thirds: bool = False,
) -> ls.Program:
    """Draw a program.

    Args:
        draw: given by hypothesis.
        max_nodes: how many building steps at most; a step adds one node, or what one function
            of the sugar adds.
        products: whether Multi may occur.
        integer: whether every constant and every input is an integer.
        thirds: whether constants may be multiples of 1/3, which float64 has to round.
    """
    builder = _Builder(draw, products, integer, thirds)
    for _ in range(draw(st.integers(1, max_nodes))):
        builder.add(builder.pick(builder.moves)())
    return ls.Program(builder.output(), "drawn", builder.domain)


@st.composite
def cases(draw: Callable, max_length: int = MAX_LENGTH, **options: Any):
    """Draw a program and an input for it; ``options`` are those of :func:`programs`."""
    program = draw(programs(**options))
    return program, draw(sequences(program, max_length))


@st.composite
def transitions(draw: Callable, size: int, integer: bool = False) -> Matrix:
    """Draw a transition matrix A (size, size) of one of the STATE_KINDS."""
    kind = draw(st.sampled_from(STATE_KINDS))
    loops = [v for v in LOOPS if not integer or isinstance(v, int)]
    if kind == "zero":
        return Matrix.zeros(size, size)
    if kind == "identity":
        return Matrix.eye(size)
    if kind == "shift":
        return Matrix([(), *(((i, 1),) for i in range(size - 1))], size)
    if kind == "permutation":
        return Matrix.selection(draw(st.permutations(range(size))), size)
    if kind == "diagonal":
        return Matrix.of(np.diag(draw(_vectors(size, loops))))
    table = [draw(_vectors(size, loops)) for _ in range(size)]
    if kind == "triangular":
        table = [[v if c <= i else 0 for c, v in enumerate(row)] for i, row in enumerate(table)]
    return Matrix.of(table)


def _vectors(size: int, values: Any):
    return st.lists(st.sampled_from(values), min_size=size, max_size=size)


def _numbers(allowed: Range):
    """Numbers in a range: integers, or multiples of 1/8."""
    scale = 1 if allowed.integer else 8
    low = -4 * scale if allowed.lo == -INFINITY else int(allowed.lo * scale)
    high = 4 * scale if allowed.hi == INFINITY else int(allowed.hi * scale)
    return st.integers(low, high).map(lambda k: k / scale)


class _Builder:
    """A pool of nodes that grows by one move at a time.

    Attributes:
        pool: every node so far, the latest last.
        conditions: those that are meant to be 0 or 1.
        degree: node -> how many inputs are multiplied in it at most.
        moves: the ways to make a node of those in the pool.
    """

    def __init__(self, draw: Callable, products: bool, integer: bool, thirds: bool):
        self.draw, self.integer, self.products = draw, integer, products
        self.values = INTEGERS if integer else THIRDS if thirds else DYADICS
        kinds = INTEGER_DOMAINS if integer else REAL_DOMAINS
        width = draw(st.integers(1, WIDEST_INPUT))
        self.domain = draw(st.lists(st.sampled_from(kinds), min_size=width, max_size=width))
        x = ls.Input(width)
        self.pool, self.degree = [x], {x: 1}
        booleans = [x[i] for i, kind in enumerate(self.domain) if kind is bool]
        self.conditions: list[Node] = []
        for node in booleans:
            self.add(node)
            self.conditions.append(node)
        self.moves = [self.linear, self.part, self.relu, self.state, self.state, self.stack]
        self.moves += [self.total, self.step, self.compare, self.compare, self.between]
        self.moves += [self.logic, self.logic, self.choice, self.clock, self.register]
        self.moves += [self.product] if products else []

    # --- choosing -------------------------------------------------------------------------
    def pick(self, options: Any) -> Any:
        return self.draw(st.sampled_from(options))

    def node(self, width: int | None = None) -> Node:
        """A node, more often one of the latest; cut or repeated to the width asked for."""
        recent = self.draw(st.booleans())
        node = self.pick(self.pool[-3:] if recent else self.pool)
        if width is None or node.dim == width:
            return node
        return node[:width] if node.dim > width else self.one(node)

    def one(self, node: Node) -> Node:
        """One coordinate of a node."""
        return node if node.dim == 1 else node[self.draw(st.integers(0, node.dim - 1))]

    def condition(self) -> Node:
        if not self.conditions:
            return self.compare()
        return self.pick(self.conditions)

    def vector(self, size: int) -> list:
        return self.draw(_vectors(size, self.values))

    def steepness(self) -> Any:
        return self.pick((1, 2, 4, 1000) if self.integer else (1, 2, 10, 1000))

    def add(self, node: Node) -> None:
        for new in topological(node, known=self.degree):
            degrees = [self.degree[x] for x in new.inputs]
            self.degree[new] = max(degrees) * (2 if isinstance(new, ls.Multi) else 1)
        self.pool.append(node)

    def output(self) -> Node:
        """The last node, or it beside one or two that nothing reads."""
        read = users(topological(*self.pool))
        loose = [n for n in self.pool[:-1] if not read[n]]
        if not loose or self.draw(st.booleans()):
            return self.pool[-1]
        return ls.Concat(*dict.fromkeys([*loose[-2:], self.pool[-1]]))

    # --- moves: one node each -------------------------------------------------------------
    def linear(self) -> Node:
        x = self.node()
        rows = self.draw(st.integers(1, 3))
        A = [self.vector(x.dim) for _ in range(rows)]
        return ls.Linear(x, A, self.vector(rows))

    def part(self) -> Node:
        x = self.node()
        start = self.draw(st.integers(0, x.dim - 1))
        return x[start : start + self.draw(st.integers(1, x.dim))]

    def relu(self) -> Node:
        return ls.ReLU(self.node())

    def state(self) -> Node:
        x = self.node()
        size = self.draw(st.integers(1, 3))
        A = self.draw(transitions(size, self.integer))
        B = [self.vector(x.dim) for _ in range(size)]
        free = self.draw(st.booleans())  # half of the states have neither bias nor start
        b, start = (None, None) if free else (self.vector(size), self.vector(size))
        return ls.LinState(x, A, B, b, start)

    def stack(self) -> Node:
        parts = [self.node() for _ in range(self.draw(st.integers(1, 3)))]
        while sum(p.dim for p in parts) > MAX_WIDTH:
            parts[-1:] = [] if len(parts) > 1 else [parts[0][:MAX_WIDTH]]
        return ls.Concat(*parts)

    # --- moves: what readers write --------------------------------------------------------
    def total(self) -> Node:
        x = self.node()
        y = self.node(x.dim)
        return x - y if self.draw(st.booleans()) else x + self.pick((1, 2, -1)) * y

    def step(self) -> Node:
        return self._as_condition(ls.f_step(self.one(self.node()), self.steepness()))

    def compare(self) -> Node:
        x, compare = self.one(self.node()), self.pick((ls.f_larger, ls.f_smaller, ls.f_eq))
        half = Fraction(self.draw(st.integers(-3, 5)), 2)
        against = half if self.draw(st.booleans()) else self.one(self.node())
        return self._as_condition(compare(x, against, mu=self.steepness()))

    def between(self) -> Node:
        low = Fraction(self.draw(st.integers(-3, 3)), 2)
        x = self.one(self.node())
        return self._as_condition(ls.f_bump(x, low, low + 1, mu=self.steepness()))

    def logic(self) -> Node:
        c, d = self.condition(), self.condition()
        made = self.pick((ls.f_not, ls.f_and, ls.f_or))
        return self._as_condition(made(c) if made is ls.f_not else made(c, d, mu=self.steepness()))

    def choice(self) -> Node:
        """An f_ifelse of any kind; either branch may be missing."""
        methods = METHODS if self.products else METHODS[:4]
        t = self.node()
        branches = [t, self.node(t.dim)]
        missing = self.draw(st.integers(0, 5))
        if missing < 2:
            branches[missing] = None
        method = self.pick(methods)
        if method.startswith("multiplicative") and self.degree_of(*branches) > 1:
            method = "optimized"
        lam = self.pick((64, 1024, 10**6))
        return ls.f_ifelse(self.condition(), *branches, method=method, mu=10, lam=lam)

    def clock(self) -> Node:
        x, n = self.pool[0], self.draw(st.integers(1, 4))
        kind = self.pick(("cycle", "sawtooth", "position", "rotation"))
        if kind == "position":
            return f_position(x)
        method = "cycle" if kind == "rotation" and self.integer else kind
        return ls.f_modulo_counter(x, n, method, horizon=MAX_LENGTH)

    def register(self) -> Node:
        """A value stored where a condition holds: the pattern of Listing 2."""
        stored = ls.f_ifelse(self.condition(), self.one(self.node()), lam=1024)
        return ls.LinState(stored, [[1]], [[1]], init_state=[self.pick((0, 0, -1))])

    def product(self) -> Node:
        """Multi of any even node, or x * y, while the degree stays low."""
        x = self.node()
        y = x if x.dim % 2 == 0 and self.draw(st.booleans()) else None
        pair = y if y is not None else ls.Concat(x, self.node(x.dim)) if x.dim < 4 else x[:2]
        if pair.dim % 2:
            pair = ls.Concat(self.one(x), self.one(x))
        return ls.Multi(pair) if 2 * self.degree_of(pair) <= MAX_DEGREE + 1 else self.relu()

    def degree_of(self, *nodes: Node | None) -> int:
        present = [n for n in nodes if n is not None]
        reached = [m for n in present for m in topological(n) if m in self.degree]
        return max(self.degree[m] for m in reached)

    def _as_condition(self, node: Node) -> Node:
        self.conditions.append(node)
        return node
