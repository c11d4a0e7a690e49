"""The schedule: atoms become channels of layers.

An atom sits in the layer after the last atom it reads. What a later layer needs is carried from
layer to layer; values that are only ever needed in one combination are carried as that
combination (the two ReLUs of a step travel as one number).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from lsrl_edu.compiler.affine import Affine
from lsrl_edu.compiler.atoms import AtomTable, InputAtom, ProductAtom, ReluAtom, StateAtom
from lsrl_edu.compiler.facts import range_of
from lsrl_edu.compiler.layers import Layer, Layers
from lsrl_edu.compiler.normal_form import NormalForm
from lsrl_edu.numbers import Matrix, Number, quotient
from lsrl_edu.ranges import Range


@dataclass(frozen=True)
class Bundle:
    """Atoms of one layer that are carried on as one number.

    Attributes:
        value: the combination that is carried.
        known: its range.
        first, last: the layers whose channels hold it.
    """

    value: Affine
    known: Range
    first: int
    last: int


@dataclass
class Plan:
    """Where everything sits.

    Attributes:
        form: the program.
        level: live atom -> its layer (0 for inputs).
        depth: the number of layers.
        born: layer -> its own atoms, in channel order.
        bundles: layer -> the bundles among its channels.
        bundle_of: atom -> its bundle, for atoms that are carried at all.
    """

    form: NormalForm
    level: dict[int, int]
    depth: int
    born: dict[int, list[int]] = field(default_factory=dict)
    bundles: dict[int, list[Bundle]] = field(default_factory=dict)
    bundle_of: dict[int, Bundle] = field(default_factory=dict)


def schedule(form: NormalForm, name: str) -> Layers:
    """Return the layers of a program in normal form."""
    plan = make_plan(form)
    layers = tuple(_layer(plan, k) for k in range(1, plan.depth + 1))
    columns = _columns(plan, plan.depth)
    readout, bias = _matrix(plan, form.outputs, columns, plan.depth)
    return Layers(
        form.input_dim, layers, readout, bias, form.domain, form.horizon, name, form.reasons
    )


def make_plan(form: NormalForm) -> Plan:
    """Decide the layer of every atom, and what is carried."""
    live = _live(form)
    level = {a: form.table.levels[a] for a in live}
    plan = Plan(form, level, depth=max(level.values(), default=0))
    for k in range(plan.depth + 1):
        plan.born[k], plan.bundles[k] = [], []
    for a in sorted(live, key=lambda a: (_kind(form, a), a)):
        plan.born[level[a]].append(a)
    for bundle in _bundles(plan):
        for k in range(bundle.first, bundle.last + 1):
            plan.bundles[k].append(bundle)
    return plan


def _live(form: NormalForm) -> set[int]:
    """Return the atoms the outputs depend on."""
    table, live = form.table, set()
    stack = [a for output in form.outputs for a, _ in output.terms]
    while stack:
        a = stack.pop()
        if a not in live:
            live.add(a)
            stack.extend(b for read in _rows(form, a) for b, _ in read.terms)
            stack.extend(_partners(table, a))
    return live


def _partners(table, a: int) -> Iterable[int]:
    """Return the entries of the same state whose previous value entry ``a`` reads."""
    atom = table.atoms[a]
    if isinstance(atom, StateAtom):
        for c, _ in table.groups[atom.group].A.rows[atom.index]:
            yield table.find(StateAtom(atom.group, c))


def _rows(form: NormalForm, a: int) -> tuple[Affine, ...]:
    """Return the forms that atom ``a`` reads, one for each row of weights."""
    atom = form.table.atoms[a]
    if isinstance(atom, StateAtom):
        return (form.table.groups[atom.group].drive[atom.index],)
    return form.table.reads(a)


def _kind(form: NormalForm, a: int) -> int:
    """Channels come in the order states, relus, (carries,) products."""
    order = (StateAtom, ReluAtom, InputAtom, ProductAtom)
    return order.index(type(form.table.atoms[a]))


def _bundles(plan: Plan) -> list[Bundle]:
    """Find what has to be carried: one bundle for atoms used in the same proportions."""
    uses: dict[int, list[tuple[int, Number]]] = {a: [] for a in plan.level}
    last: dict[int, int] = {}
    for row, (reader, read) in enumerate(_readers(plan)):
        for a, coefficient in read.terms:
            if reader > plan.level[a] + 1:  # it cannot be read where it is made
                uses[a].append((row, coefficient))
                last[a] = max(last.get(a, 0), reader - 1)
    groups: dict[tuple, list[int]] = {}
    for a in sorted(last):
        first = uses[a][0][1]
        proportions = tuple((row, quotient(c, first)) for row, c in uses[a])
        groups.setdefault((plan.level[a], proportions), []).append(a)
    return [_bundle(plan, atoms, uses, last) for atoms in groups.values()]


def _readers(plan: Plan) -> Iterable[tuple[int, Affine]]:
    """Yield every row of weights as (the layer it is in, the form it computes)."""
    for a, k in plan.level.items():
        for read in _rows(plan.form, a):
            yield k, read
    for output in plan.form.outputs:
        yield plan.depth + 1, output


def _bundle(plan: Plan, atoms: list[int], uses: dict, last: dict) -> Bundle:
    """Carry the combination as the reader with the smallest weights wants it."""
    smallest = min(range(len(uses[atoms[0]])), key=lambda k: abs(uses[atoms[0]][k][1]))
    value = Affine.of({a: uses[a][smallest][1] for a in atoms})
    if len(atoms) == 1:
        value = Affine.atom(atoms[0])
    known = range_of(plan.form.table, value)
    bundle = Bundle(value, known, plan.level[atoms[0]] + 1, last[atoms[0]])
    plan.bundle_of.update(dict.fromkeys(atoms, bundle))
    return bundle


# --- layers ------------------------------------------------------------------------------------


def _columns(plan: Plan, k: int) -> dict:
    """Return the channel number of every atom and bundle in layer k (0: the input)."""
    if k == 0:
        table = plan.form.table
        return {a: table.atoms[a].index for a in plan.born[0]}
    own = plan.born[k]
    products = [a for a in own if isinstance(plan.form.table.atoms[a], ProductAtom)]
    order = [*own[: len(own) - len(products)], *plan.bundles[k], *products]
    return {channel: i for i, channel in enumerate(order)}


def _matrix(plan: Plan, rows: Iterable[Affine], columns: dict, k: int) -> tuple[Matrix, Matrix]:
    """Return (W, b) computing the rows from the channels of layer k."""
    weights, biases = [], []
    for row in rows:
        total: dict[int, Number] = {}
        for a, coefficient in row.terms:
            if plan.level[a] == k:
                total[columns[a]] = coefficient
            else:
                bundle = plan.bundle_of[a]
                share = quotient(coefficient, dict(bundle.value.terms)[a])
                total[columns[bundle]] = share
        weights.append(tuple(sorted(total.items())))
        biases.append([row.constant])
    width = plan.form.input_dim if k == 0 else len(columns)
    return Matrix(weights, width), Matrix.of(biases) if biases else Matrix.zeros(0, 1)


def _layer(plan: Plan, k: int) -> Layer:
    table = plan.form.table
    own = {kind: _born(plan, k, kind) for kind in (StateAtom, ReluAtom, ProductAtom)}
    states, relus, products = own[StateAtom], own[ReluAtom], own[ProductAtom]
    rows = [_rows(plan.form, a)[0] for a in (*states, *relus)]
    rows += [b.value for b in plan.bundles[k]]
    rows += [table.reads(a)[side] for side in (0, 1) for a in products]
    W, b = _matrix(plan, rows, _columns(plan, k - 1), k - 1)
    A, s0 = _transition(plan, states)
    channels = [*states, *relus, *plan.bundles[k], *products]
    return Layer(
        W, b, A, s0, len(relus), len(plan.bundles[k]), len(products),
        labels=tuple(_label(plan, c) for c in channels),
        ranges=tuple(_range(plan, c) for c in channels),
        factors=tuple(_factors(table, a) for a in products),
    )  # fmt: skip


def _factors(table: AtomTable, product: int) -> tuple[Range, Range]:
    left, right = table.reads(product)
    return range_of(table, left), range_of(table, right)


def _born(plan: Plan, k: int, kind: type) -> list[int]:
    return [a for a in plan.born[k] if isinstance(plan.form.table.atoms[a], kind)]


def _transition(plan: Plan, states: list[int]) -> tuple[Matrix, Matrix]:
    """Return A and s0 of all states of a layer, each group in its own block."""
    table = plan.form.table
    place = {table.atoms[a]: i for i, a in enumerate(states)}
    rows, start = [], []
    for a in states:
        atom = table.atoms[a]
        group = table.groups[atom.group]
        row = ((place[StateAtom(atom.group, c)], v) for c, v in group.A.rows[atom.index])
        rows.append(tuple(sorted(row)))
        start.append([group.s0[atom.index, 0]])
    s0 = Matrix.of(start) if start else Matrix.zeros(0, 1)
    return Matrix(rows, len(states)), s0


def _label(plan: Plan, channel: int | Bundle) -> str:
    labels = plan.form.table.labels
    if isinstance(channel, Bundle):
        names = dict.fromkeys(labels[a] or f"#{a}" for a, _ in channel.value.terms)
        return " & ".join(names)
    return labels[channel] or f"#{channel}"


def _range(plan: Plan, channel: int | Bundle) -> Range:
    return channel.known if isinstance(channel, Bundle) else plan.form.table.ranges[channel]
