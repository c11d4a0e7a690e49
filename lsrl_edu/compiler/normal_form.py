"""The affine normal form: Linear, Concat and slices disappear, atoms remain.

One walk over the program, from the input to the output. Every node becomes a tuple of affine
forms, one for each entry of its value; ReLUs, products and states make atoms on the way. Since
atoms are interned and simplified as they are made (:mod:`lsrl_edu.compiler.simplify`), common
subexpressions are shared and what cannot happen is never built.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lsrl_edu.compiler.affine import Affine, weighted_sum
from lsrl_edu.compiler.atoms import AtomTable, InputAtom
from lsrl_edu.compiler.simplify import product, relu
from lsrl_edu.compiler.states import state_forms
from lsrl_edu.compiler.workshop import Reason, Workshop
from lsrl_edu.graph import nearest_names
from lsrl_edu.lang import Program
from lsrl_edu.nodes import Concat, Input, Linear, LinState, Multi, Node, ReLU
from lsrl_edu.numbers import Matrix, Number, Row
from lsrl_edu.ranges import Range

Forms = tuple[Affine, ...]


@dataclass(frozen=True)
class NormalForm:
    """A program as affine forms over atoms.

    Attributes:
        table: the atoms.
        outputs: one form for each entry of the output.
        input_dim: width of the input.
        reasons: what was simplified.
        domain, horizon: what the simplifications rely on.
    """

    table: AtomTable
    outputs: Forms
    input_dim: int
    reasons: tuple[Reason, ...]
    domain: tuple[Range, ...]
    horizon: int


def normal_form(
    program: Program, domain: Sequence[Range], horizon: int, simplify: bool = True
) -> NormalForm:
    """Return the affine normal form of a program.

    Args:
        program: what to translate.
        domain: the range of each input coordinate.
        horizon: the longest sequence.
        simplify: False leaves every ReLU, product and state as it was written.
    """
    shop = Workshop(AtomTable(), simplify, reasons=[])
    known: dict[Node, Forms] = {}
    names = nearest_names(program.nodes)
    for node in program.nodes:
        shop.where = names[node]
        known[node] = _forms(shop, node, [known[x] for x in node.inputs], domain, horizon)
    outputs = tuple(map(shop.tidy, known[program.output]))
    reasons = tuple(shop.reasons or ())
    return NormalForm(shop.table, outputs, program.input.dim, reasons, tuple(domain), horizon)


def _forms(
    shop: Workshop, node: Node, inputs: list[Forms], domain: Sequence[Range], horizon: int
) -> Forms:
    if isinstance(node, Input):
        return tuple(_input(shop, i, domain[i]) for i in range(node.dim))
    if isinstance(node, Linear):
        return _map(node.A, node.b, inputs[0])
    if isinstance(node, ReLU):
        return tuple(relu(shop, u) for u in inputs[0])
    if isinstance(node, Concat):
        return tuple(form for forms in inputs for form in forms)
    if isinstance(node, Multi):
        halves = inputs[0][: node.dim], inputs[0][node.dim :]
        return tuple(product(shop, u, v) for u, v in zip(*halves, strict=True))
    if isinstance(node, LinState):
        drive = tuple(map(shop.tidy, _map(node.B, node.b, inputs[0])))
        return tuple(state_forms(shop, node.A, drive, node.init_state, horizon))
    raise NotImplementedError(node.kind)


def _input(shop: Workshop, index: int, allowed: Range) -> Affine:
    if allowed.is_constant and shop.simplify:
        shop.note("constant", "input {} is {}", index, allowed)
        return Affine((), allowed.lo)
    label = "x" if index == 0 else f"x[{index}]"
    return Affine.atom(shop.table.add(InputAtom(index), allowed, label))


def _map(matrix: Matrix, bias: Matrix, forms: Forms) -> Forms:
    return tuple(
        _combined(row, constant, forms)
        for row, constant in zip(matrix.rows, bias.first_column, strict=True)
    )


def _combined(row: Row, constant: Number, forms: Forms) -> Affine:
    if len(row) == 1 and row[0][1] == 1 and not constant:
        return forms[row[0][0]]  # a slice: nothing to add up
    return weighted_sum(((forms[c], v) for c, v in row), constant)
