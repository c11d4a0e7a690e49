"""The output of a program as a formula of its inputs, by running it on symbols."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from lsrl_edu.errors import ProgramError
from lsrl_edu.interpret import initial_state, number_system, run_nodes, step
from lsrl_edu.nodes import LinState
from lsrl_edu.ranges import Range

if TYPE_CHECKING:
    from lsrl_edu.lang import Program

MOST_NODES = 200
"""Programs with more nodes than this give formulas that nobody reads."""


def formula(program: Program, length: int | None = None) -> Any:
    """Return the output as a sympy formula.

    Args:
        program: a small one.
        length: the output after so many elements x_1 ... x_T, from the initial states on. If left
            out: one element x, with a symbol for every entry of every state before it.

    Returns:
        A sympy expression, or a column Matrix of them where the output is wider than 1. ReLU
        is ``Max(0, ...)``. Symbols are real, and integer or non-negative where the domain says so.

    Raises:
        ProgramError: for a program of more than 200 nodes, or a length below 1.
    """
    import sympy

    _check(program, length)
    numbers = number_system("symbolic")
    if length is None:
        before = {s: _state_symbols(s, f"s{k}") for k, s in enumerate(program.states, 1)}
        before = {**initial_state(program.nodes, 1, numbers), **before}
        now = step(program.nodes, _input_symbols(program, ""), before, numbers)
        last = now[program.output][0]
    else:
        rows = [_input_symbols(program, str(t)) for t in range(1, length + 1)]
        values = run_nodes(program.nodes, [program.output], np.stack(rows, axis=1), numbers)
        last = values[program.output][0, -1]
    found = [sympy.simplify(value) for value in last]
    return found[0] if len(found) == 1 else sympy.Matrix(found)


def _check(program: Program, length: int | None) -> None:
    if length is not None and length < 1:
        raise ProgramError(f"length={length}: a formula needs at least one element.")
    if len(program.nodes) > MOST_NODES:
        raise ProgramError(
            f"{program.name} has {len(program.nodes)} nodes: its formula would fill pages. Take a "
            'smaller program, or look at numbers: run(xs, number="exact"), trace(xs).'
        )


def _input_symbols(program: Program, step_name: str) -> np.ndarray:
    """Return x (1, d): x, x_t, or x_{t,i} for an input that is wider than 1."""
    out = np.empty((1, program.input.dim), dtype=object)
    for i, known in enumerate(program.ranges):
        index = [step_name] if step_name else []
        index += [str(i)] if program.input.dim > 1 else []
        out[0, i] = _symbol("_".join(["x", ",".join(index)]) if index else "x", known)
    return out


def _state_symbols(state: LinState, fallback: str) -> np.ndarray:
    """Return the entries of a state one element earlier, as symbols (1, d)."""
    name = state.name or fallback
    out = np.empty((1, state.dim), dtype=object)
    for i in range(state.dim):
        part = f"{name},{i}" if state.dim > 1 else name
        out[0, i] = _symbol(f"{part}_before", Range())
    return out


def _symbol(name: str, known: Range) -> Any:
    import sympy

    facts = {"real": True, "integer": known.integer or None}
    return sympy.Symbol(name, nonnegative=known.lo >= 0 or None, **facts)
