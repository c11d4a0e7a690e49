"""Programs: what happens to one element, applied to every element of a sequence.

A :class:`Program` is a graph with one source (its Input) and one sink (what is returned).
``foreach`` makes one from a Python function::

    @foreach(dim=1)
    def count(x):
        return LinState(x, A=[[1]], B=[[1]], init_state=[0], name="count")

    count.run([1, 0, 1])          # array([1., 1., 2.])
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from lsrl_edu.errors import ProgramError
from lsrl_edu.graph import topological
from lsrl_edu.interpret import Batch, run_batches
from lsrl_edu.nodes import Input, LinState, Node
from lsrl_edu.ranges import Range, as_domain

READ_TOO_EARLY = (
    "A node must exist before another can read it, so a state cannot depend on its own value at "
    "the same step, directly or through other nodes. What a LinState may do with its previous "
    "value is multiply it by the constant matrix A."
)


@dataclass(frozen=True, eq=False)
class Program:
    """An LSRL program (paper, Section 3).

    Attributes:
        output: the node whose value is returned for every element.
        name: of the program.
        domain: what each coordinate of the input may be; any real number unless declared.
    """

    output: Node
    name: str = "program"
    domain: Any = None
    ranges: tuple[Range, ...] = field(init=False)

    def __post_init__(self):
        _check_output(self.output, self.name)
        object.__setattr__(self, "ranges", as_domain(self.domain, self.input.dim))

    @cached_property
    def nodes(self) -> tuple[Node, ...]:
        """Every node, each after those it reads."""
        return tuple(topological(self.output))

    @cached_property
    def input(self) -> Node:
        """The one Input of the program.

        Raises:
            ProgramError: where there is none, or more than one.
        """
        inputs = [n for n in self.nodes if isinstance(n, Input)]
        if len(inputs) == 1:
            return inputs[0]
        if not inputs:
            raise ProgramError(f"{self.name} has no Input.")
        listed = ", ".join(map(repr, inputs))
        raise ProgramError(
            f"{self.name} reads {len(inputs)} different inputs ({listed}). A program has exactly "
            "one: it mixes nodes of another program, or needs one wider Input, cut up with x[i:j]."
        )

    @property
    def states(self) -> tuple[Node, ...]:
        """The LinStates: everything the program remembers."""
        return tuple(n for n in self.nodes if isinstance(n, LinState))

    def run(self, xs: Any, number: str = "float64") -> np.ndarray:
        """Run the program on a sequence or a batch of sequences.

        Args:
            xs: shape (T,) if the input has width 1, (T, d), or (B, T, d).
            number: ``"float64"``, ``"exact"`` (Fractions), ``"symbolic"`` (sympy) or ``"ball"``
                (rigorous intervals).

        Returns:
            The outputs with the same leading shape. An empty sequence gives an empty result.
        """
        batch, values = run_batches(self.nodes, [self.output], xs, self.input.dim, number)
        return batch.restore(values[self.output])

    __call__ = run

    def trace(self, xs: Any, number: str = "float64") -> Trace:
        """Run the program on one sequence and keep the value of every node at every step."""
        batch, values = run_batches(self.nodes, self.nodes, xs, self.input.dim, number)
        if batch.values.shape[0] != 1:
            raise ProgramError("trace follows one sequence, not a batch. Pass xs[0], say.")
        return Trace(self, batch, {n: v[0] for n, v in values.items()})

    def formula(self, length: int | None = None) -> Any:
        """Return the output as a sympy formula of the input; see :func:`lsrl_edu.formula.formula`.

        Args:
            length: after so many elements; if left out, after one element, with a symbol for the
                value that each state had before it.
        """
        from lsrl_edu.formula import formula

        return formula(self, length)

    def draw(self, **options: Any) -> Any:
        """Return a picture of the graph; see :func:`lsrl_edu.show.dag.draw_program`."""
        from lsrl_edu.show.dag import draw_program

        return draw_program(self, **options)

    def __str__(self) -> str:
        from lsrl_edu.show.text import program_text

        return program_text(self)

    def __repr__(self) -> str:
        kinds = [n.kind for n in self.nodes]
        counts = ", ".join(f"{kinds.count(k)} {k}" for k in dict.fromkeys(kinds))
        return f"<Program {self.name}: {len(kinds)} nodes ({counts})>"

    def _repr_html_(self) -> str:
        from lsrl_edu.show.dag import program_html

        return program_html(self)


@dataclass(frozen=True, eq=False)
class Trace:
    """The value of every node at every step of one sequence.

    Attributes:
        program: what was run.
        batch: the input.
        values: node -> array (T, d).
    """

    program: Program
    batch: Batch
    values: Mapping[Node, np.ndarray]

    def __len__(self) -> int:
        return self.batch.values.shape[1]

    def __getitem__(self, key: Node | str) -> np.ndarray:
        """Return the values (T, d) of a node, or of the node with that name."""
        if isinstance(key, Node):
            return self.values[key]
        for node, values in self.values.items():
            if node.name == key:
                return values
        names = ", ".join(sorted({n.name for n in self.values if n.name}))
        raise KeyError(f"No node is called {key!r}. There are: {names}")

    @property
    def output(self) -> np.ndarray:
        """What the program returned, (T, d)."""
        return self.values[self.program.output]

    def draw(self, step: int | None = None) -> Any:
        """Return the graph with the values of one step (the last one if left out) on it."""
        from lsrl_edu.show.trace import trace_dag

        return trace_dag(self, len(self) - 1 if step is None else step)

    def step_through(self, **options: Any) -> Any:
        """Return a widget that goes through the trace step by step, on the graph."""
        from lsrl_edu.show.widgets.trace_stepper import step_through

        return step_through(self, **options)

    def __repr__(self) -> str:
        from lsrl_edu.show.trace import trace_text

        return trace_text(self)

    def _repr_html_(self) -> str:
        from lsrl_edu.show.trace import trace_html

        return trace_html(self)


def foreach(dim: int = 1, domain: Any = None, name: str | None = None) -> Callable[..., Program]:
    """Turn a function of one element into a Program.

    Args:
        dim: the width of one element.
        domain: what the input may be: ``float`` (default), ``int``, ``bool``, ``range(10)``,
            ``(0, 1)``, or a list with one of these for each coordinate. The compiler uses it.
        name: of the program; the function's name if left out.
    """

    def decorate(body: Callable[[Node], Node]) -> Program:
        title = name or body.__name__
        return Program(_call_body(body, Input(dim), title), title, domain)

    return decorate


def _call_body(body: Callable[[Node], Node], x: Node, title: str) -> Node:
    try:
        return body(x)
    except UnboundLocalError as error:
        raise ProgramError(f"{title}: {error}. {READ_TOO_EARLY}") from error


def _check_output(output: Any, title: str) -> None:
    if not isinstance(output, Node):
        raise ProgramError(
            f"{title} returned {output!r}. A program returns one node: stack several with "
            "Concat(x, y), and turn a number into a node with f_constant(x, number)."
        )
