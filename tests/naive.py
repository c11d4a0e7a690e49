"""A second interpreter, as plain as it gets: nested lists of Fractions and recursion."""

from __future__ import annotations

from fractions import Fraction

import lsrl_edu as ls


def naive_run(program: ls.Program, xs) -> list[list[Fraction]]:
    """Return the outputs (T, m) of a program on one sequence (T, d)."""
    outputs, before = [], {}
    for x in xs:
        now: dict = {}
        outputs.append(_value(program.output, [Fraction(v) for v in x], before, now))
        before = now
    return outputs


def _value(node, x, before, now) -> list[Fraction]:
    if node not in now:
        inputs = [_value(y, x, before, now) for y in node.inputs]
        now[node] = _apply(node, x, inputs, before)
    return now[node]


def _apply(node, x, inputs, before) -> list[Fraction]:
    if node.kind == "Input":
        return x
    if node.kind == "Linear":
        return _add(_times(node.A, inputs[0]), _flat(node.b))
    if node.kind == "ReLU":
        return [max(Fraction(0), v) for v in inputs[0]]
    if node.kind == "LinState":
        last = before.get(node, _flat(node.init_state))
        return _add(_times(node.A, last), _add(_times(node.B, inputs[0]), _flat(node.b)))
    if node.kind == "Concat":
        return [v for part in inputs for v in part]
    half = len(inputs[0]) // 2
    return [a * b for a, b in zip(inputs[0][:half], inputs[0][half:], strict=True)]


def _times(matrix, vector) -> list[Fraction]:
    return [
        sum((a * v for a, v in zip(row, vector, strict=True)), Fraction(0))
        for row in _table(matrix)
    ]


def _add(x, y) -> list[Fraction]:
    return [a + b for a, b in zip(x, y, strict=True)]


def _table(matrix) -> list[list[Fraction]]:
    return [[Fraction(v) for v in row] for row in matrix.tolist()]


def _flat(column) -> list[Fraction]:
    return [Fraction(v) for row in column.tolist() for v in row]
