"""What the tests of the compiler have in common: comparison with the oracle, narrowed domains."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np

import lsrl_edu as ls
from lsrl_edu.compiler.affine import Affine
from lsrl_edu.compiler.atoms import Atom, AtomTable, InputAtom, ProductAtom, ReluAtom, StateAtom
from lsrl_edu.compiler.layers import Layers
from lsrl_edu.compiler.normal_form import NormalForm, normal_form
from lsrl_edu.numbers import Matrix
from lsrl_edu.ranges import DEFAULT_HORIZON, Range, as_domain


def differences(network: Layers, program: ls.Program, xs: Any) -> int:
    """Return in how many numbers a network differs from its program, in exact arithmetic."""
    found, truth = (np.asarray(p.run(xs, number="exact")) for p in (network, program))
    return (
        max(found.size, truth.size) if found.shape != truth.shape else int((found != truth).sum())
    )


def hull(values: np.ndarray) -> list[Range]:
    """Return for each coordinate of (..., d) the smallest range that holds what was seen."""
    columns = values.reshape(-1, values.shape[-1]).T
    return [_smallest(column) if column.size else Range() for column in columns]


def _smallest(column: np.ndarray) -> Range:
    lo, hi = column.min().item(), column.max().item()
    return Range(lo, hi, bool((column == np.rint(column)).all()))


def compile_kinds(program: ls.Program, xs: np.ndarray) -> dict[str, dict]:
    """Return the ways to compile a program so that it must be right on ``xs``."""
    horizon = max(1, xs.shape[-2])
    return {
        "as declared": {},
        "plain": {"simplify": False},
        "short": {"horizon": horizon},
        "narrow": {"domain": hull(xs), "horizon": horizon},
    }


def form_value(form: Affine, values: list) -> Any:
    """Return the value of an affine form for the values of all atoms."""
    return form.constant + sum(k * values[a] for a, k in form.terms)


def atom_values(form: NormalForm, xs: Any) -> list[list]:
    """Return the exact value of every atom at every step of one sequence (T, d)."""
    table, steps = form.table, []
    for x in np.asarray(xs, dtype=float).reshape(-1, form.input_dim).tolist():
        values: list = []
        for atom in table.atoms:
            values.append(_atom_value(table, atom, values, x, steps[-1] if steps else None))
        steps.append(values)
    return steps


def _atom_value(table: AtomTable, atom: Atom, values: list, x: list, before: list | None) -> Any:
    if isinstance(atom, InputAtom):
        return Fraction(x[atom.index])
    if isinstance(atom, ReluAtom):
        return max(0, form_value(table.form_of(atom), values))
    if isinstance(atom, ProductAtom):
        return form_value(atom.left, values) * form_value(atom.right, values)
    group = table.groups[atom.group]
    state = form_value(group.drive[atom.index], values)
    for c, a in group.A.rows[atom.index]:
        last = before[table.find(StateAtom(atom.group, c))] if before else group.s0[c, 0]
        state += a * last
    return state


def make_form(program: ls.Program, domain: Any = None, horizon: int = DEFAULT_HORIZON, **options):
    """Return the normal form of a program."""
    allowed = program.ranges if domain is None else as_domain(domain, program.input.dim)
    return normal_form(program, allowed, horizon, **options)


def program_of(body: Any, domain: Any = None, dim: int = 1) -> ls.Program:
    """Return the program of a function of one node."""
    return ls.Program(body(ls.Input(dim)), "example", domain)


def perturbed(network: Layers, by: Fraction = Fraction(1, 1000)) -> Iterator[Layers]:
    """Yield copies of a network, each with one weight of a layer made wrong."""
    for k, layer in enumerate(network.layers):
        for name in ("W", "A"):
            for matrix in _one_off(getattr(layer, name), by):
                changed = replace(layer, **{name: matrix})
                layers = (*network.layers[:k], changed, *network.layers[k + 1 :])
                yield replace(network, layers=layers)


def _one_off(matrix: Matrix, by: Fraction) -> Iterator[Matrix]:
    rows = matrix.rows
    for i, row in enumerate(rows):
        for j, (c, v) in enumerate(row):
            wrong = (*row[:j], (c, v + by), *row[j + 1 :])
            yield Matrix((*rows[:i], wrong, *rows[i + 1 :]), matrix.shape[1])
