"""Rewriting a program's graph step by step: vertices, drafts, deltas and the trace of a run.

Nodes are values and never change; a rewrite works on *vertices*, which have numbers. A rule looks
at a :class:`Graph` and proposes a :class:`Delta` (what changes) or a :class:`Decline` (why not).
Only the driver applies deltas, and each can be undone, so a :class:`Trace` can show the graph
before and after any step. The program of the reader is never touched.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NamedTuple

from lsrl_edu.lang import Program
from lsrl_edu.nodes import Concat, Input, Linear, LinState, Multi, Node, ReLU
from lsrl_edu.numbers import Matrix


@dataclass(frozen=True)
class Vertex:
    """A node with numbered inputs.

    Attributes:
        kind: Input, Linear, ReLU, LinState, Concat or Multi.
        inputs: the vertices it reads.
        dim: its width.
        parts: A and b of a Linear; A, B, b, init_state of a LinState.
        name: the reader's name for it, or None.
    """

    kind: str
    inputs: tuple[int, ...]
    dim: int
    parts: Mapping[str, Matrix] = field(default_factory=dict)
    name: str | None = None

    @property
    def is_slice(self) -> bool:
        """True for a Linear that only picks entries: one 1 in every row, no bias."""
        if self.kind != "Linear" or self.parts["b"].nonzeros:
            return False
        return all(len(row) == 1 and row[0][1] == 1 for row in self.parts["A"].rows)


def linear(x: int, A: Matrix, b: Matrix | None = None, name: str | None = None) -> Vertex:
    """Return the vertex A x + b."""
    b = Matrix.zeros(A.shape[0], 1) if b is None else b
    return Vertex("Linear", (x,), A.shape[0], {"A": A, "b": b}, name)


@dataclass(frozen=True)
class Delta:
    """What one step changes: vertices before and after (None: not there), and the output."""

    before: Mapping[int, Vertex | None]
    after: Mapping[int, Vertex | None]
    output_before: int
    output_after: int

    @property
    def changed(self) -> tuple[int, ...]:
        """The vertices that are new, gone, or different."""
        return tuple(self.after)


@dataclass(frozen=True)
class Decline:
    """Why a rule does not apply, in one sentence."""

    because: str


class Graph:
    """The vertices of a program, and who reads whom."""

    def __init__(self, vertices: Mapping[int, Vertex], output: int):
        self.vertices = dict(vertices)
        self.output = output
        self.readers: dict[int, list[int]] = {v: [] for v in self.vertices}
        self.next_number = max(self.vertices, default=-1) + 1
        for number, vertex in self.vertices.items():
            for x in dict.fromkeys(vertex.inputs):
                self.readers[x].append(number)

    @classmethod
    def of(cls, program: Program) -> Graph:
        """Return the graph of a program, numbered in topological order."""
        numbers = {node: i for i, node in enumerate(program.nodes)}
        vertices = {
            i: Vertex(node.kind, tuple(numbers[x] for x in node.inputs), node.dim, node.parts,
                      node.name)
            for node, i in numbers.items()
        }  # fmt: skip
        return cls(vertices, numbers[program.output])

    @property
    def input(self) -> int:
        """The number of the Input."""
        return next(i for i, v in self.vertices.items() if v.kind == "Input")

    def apply(self, delta: Delta, undo: bool = False) -> None:
        """Carry out a delta, or take it back."""
        old, new = (delta.after, delta.before) if undo else (delta.before, delta.after)
        for number in old:
            self._unlink(number)
        for number, vertex in new.items():
            self._link(number, vertex)
        self.output = delta.output_before if undo else delta.output_after
        self.next_number = max(self.next_number, *(n + 1 for n in new), 0)

    def _unlink(self, number: int) -> None:
        vertex = self.vertices.pop(number, None)
        for x in dict.fromkeys(vertex.inputs if vertex else ()):
            self.readers[x].remove(number)

    def _link(self, number: int, vertex: Vertex | None) -> None:
        if vertex is None:
            return
        self.vertices[number] = vertex
        self.readers.setdefault(number, [])
        for x in dict.fromkeys(vertex.inputs):
            self.readers.setdefault(x, []).append(number)

    def topological(self) -> list[int]:
        """Return the vertices the output depends on, inputs first."""
        order, seen, stack = [], set(), [(self.output, False)]
        while stack:
            number, done = stack.pop()
            if done:
                order.append(number)
            elif number not in seen:
                seen.add(number)
                stack.append((number, True))
                stack.extend((x, False) for x in reversed(self.vertices[number].inputs))
        return order

    def program(self, name: str, domain: Any) -> Program:
        """Return the graph as a Program."""
        nodes: dict[int, Node] = {}
        for number in self.topological():
            vertex = self.vertices[number]
            nodes[number] = _node(vertex, [nodes[x] for x in vertex.inputs])
        return Program(nodes[self.output], name, domain)


def _node(vertex: Vertex, inputs: Sequence[Node]) -> Node:
    if vertex.kind == "Input":
        return Input(vertex.dim, vertex.name)
    kinds = {"Linear": Linear, "ReLU": ReLU, "LinState": LinState, "Concat": Concat, "Multi": Multi}
    return kinds[vertex.kind](*inputs, **vertex.parts, name=vertex.name)


class Draft:
    """A graph with proposed changes on top: what a rule works on.

    Reading sees the changes; the graph below stays as it is until the driver applies them.
    """

    def __init__(self, graph: Graph):
        self.graph = graph
        self.changes: dict[int, Vertex | None] = {}
        self.output = graph.output
        self._next = graph.next_number

    def __getitem__(self, number: int) -> Vertex:
        return self.changes[number] if number in self.changes else self.graph.vertices[number]

    def readers(self, number: int) -> list[int]:
        """Return the vertices that read this one, changes included, oldest first."""
        known = [r for r in self.graph.readers.get(number, ()) if r not in self.changes]
        new = [r for r, v in self.changes.items() if v is not None and number in v.inputs]
        return sorted(known + new)

    def add(self, vertex: Vertex) -> int:
        """Propose a new vertex; return its number."""
        number, self._next = self._next, self._next + 1
        self.changes[number] = vertex
        return number

    def set(self, number: int, vertex: Vertex) -> None:
        """Propose another vertex in the place of this one; its readers stay."""
        self.changes[number] = vertex

    def remove(self, number: int) -> None:
        """Propose to take a vertex away (nothing may read it)."""
        self.changes[number] = None

    def read_instead(self, reader: int, old: int, new: int) -> None:
        """Propose that ``reader`` reads ``new`` wherever it read ``old``."""
        inputs = tuple(new if x == old else x for x in self[reader].inputs)
        self.set(reader, replace(self[reader], inputs=inputs))

    def delta(self) -> Delta:
        """Return the proposal."""
        before = {n: self.graph.vertices.get(n) for n in self.changes}
        real = {n: v for n, v in self.changes.items() if v is not None or before[n] is not None}
        return Delta({n: before[n] for n in real}, real, self.graph.output, self.output)


@dataclass(frozen=True)
class Rule:
    """A rewrite rule.

    Attributes:
        case: the paper's name for it, e.g. ``"5A"`` (App. A), or a letter for a fusion.
        title: in a few words.
        equation: what is replaced by what.
        propose: (graph, vertex) -> Delta, or Decline.
    """

    case: str
    title: str
    equation: str
    propose: Callable[[Graph, int], Delta | Decline]

    @property
    def proof(self) -> str:
        """Why the two sides are equal: the docstring of the rule's function."""
        return self.propose.__doc__ or ""


class Size(NamedTuple):
    """How large a graph is: its nodes, its widest node, the non-zeros of all matrices."""

    nodes: int
    widest: int
    nonzeros: int


@dataclass(frozen=True)
class Step:
    """One application of a rule.

    Attributes:
        rule: which.
        at: the vertex it was applied to.
        delta: what it changed.
        index: its place in the trace.
        trace: the trace it belongs to.
    """

    rule: Rule
    at: int
    delta: Delta
    index: int
    trace: Trace = field(repr=False, compare=False)

    @property
    def case(self) -> str:
        """The paper's name of the rule."""
        return self.rule.case

    @property
    def before(self) -> Program:
        """The program before this step."""
        return self.trace.program_at(self.index)

    @property
    def after(self) -> Program:
        """The program after this step."""
        return self.trace.program_at(self.index + 1)

    @property
    def sizes(self) -> tuple[Size, Size]:
        """The size of the graph before and after this step."""
        before, after = self.trace.sizes[self.index : self.index + 2]
        return before, after

    def draw(self, **options: Any) -> Any:
        """Return the graph before and after; see :func:`lsrl_edu.show.debranching.draw_step`."""
        from lsrl_edu.show.debranching import draw_step

        return draw_step(self, **options)

    def __str__(self) -> str:
        return f"{self.index}: case {self.case} at #{self.at}: {self.rule.title}"


class Trace:
    """Every step from a program to its path graph; ``trace[i]``, ``len``, iteration.

    Attributes:
        program: where it began, unchanged.
        steps: what was done.
    """

    def __init__(self, program: Program):
        self.program = program
        self.steps: list[Step] = []

    def record(self, rule: Rule, at: int, delta: Delta) -> None:
        """Add a step."""
        self.steps.append(Step(rule, at, delta, len(self.steps), self))

    def __len__(self) -> int:
        return len(self.steps)

    def __getitem__(self, index: int) -> Step:
        return self.steps[index]

    def __iter__(self) -> Iterator[Step]:
        return iter(self.steps)

    def graph_at(self, index: int) -> Graph:
        """Return the graph after the first ``index`` steps."""
        graph = Graph.of(self.program)
        for step in self.steps[:index]:
            graph.apply(step.delta)
        return graph

    def program_at(self, index: int) -> Program:
        """Return the program after the first ``index`` steps."""
        name, domain = self.program.name, list(self.program.ranges)
        return self.graph_at(index).program(name, domain)

    @cached_property
    def sizes(self) -> tuple[Size, ...]:
        """The size of the graph before the first step and after each."""
        vertices = Graph.of(self.program).vertices.values()
        widths, nonzeros = Counter(v.dim for v in vertices), _nonzeros(vertices)
        sizes = [Size(widths.total(), max(widths), nonzeros)]
        for step in self.steps:
            old = [v for v in step.delta.before.values() if v is not None]
            new = [v for v in step.delta.after.values() if v is not None]
            widths.update(v.dim for v in new)
            widths -= Counter(v.dim for v in old)  # drops what nobody has any more
            nonzeros += _nonzeros(new) - _nonzeros(old)
            sizes.append(Size(widths.total(), max(widths), nonzeros))
        return tuple(sizes)

    @cached_property
    def result(self) -> Program:
        """The path graph, as a program."""
        return self.program_at(len(self.steps))

    @cached_property
    def layers(self) -> Any:
        """The path graph as Layers."""
        from lsrl_edu.compiler.path import path_layers

        return path_layers(self.result)

    def cases(self) -> dict[str, int]:
        """Return how often each rule was applied."""
        counts: dict[str, int] = {}
        for step in self.steps:
            counts[step.case] = counts.get(step.case, 0) + 1
        return counts

    def step_through(self, **options: Any) -> Any:
        """Return a widget: which rule turns one graph into the next, and why it is right.

        See :func:`lsrl_edu.show.widgets.debranch_stepper.debranch_data` for the options.
        """
        from lsrl_edu.show.widgets.debranch_stepper import step_through

        return step_through(self, **options)

    def draw_sizes(self) -> Any:
        """Return a plot of nodes, width and non-zeros after each step."""
        from lsrl_edu.show.debranching import draw_sizes

        return draw_sizes(self)

    def __repr__(self) -> str:
        counts = ", ".join(f"{case}: {n}" for case, n in self.cases().items())
        return f"<Trace of {self.program.name}: {len(self)} steps ({counts})>"


def _nonzeros(vertices: Iterable[Vertex]) -> int:
    return sum(matrix.nonzeros for vertex in vertices for matrix in vertex.parts.values())
