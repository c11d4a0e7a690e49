"""Programs and networks as text for a terminal: numbered, aligned, nothing left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import groupby

from lsrl_edu.compiler.layers import Layer, Layers
from lsrl_edu.lang import Program
from lsrl_edu.nodes import Input, Node
from lsrl_edu.show.svg import clip
from lsrl_edu.show.words import listed, matrix_text, parts_text, plural

_LONGEST_NAME = 24  # in the column of names; a longer one sticks out
_MOST_LABELS = 4  # of a layer's channels that are named in the table


def program_text(program: Program) -> str:
    """Return a program as a numbered listing, each node after those it reads."""
    names = references(program.nodes)
    rows = [
        [f"#{i}", names[n] if names[n] != f"#{i}" else "", _definition(n, names)]
        for i, n in enumerate(program.nodes)
    ]
    heading = f"{program.name}: {plural(len(rows), 'node')}, {plural(len(program.states), 'state')}"
    heading += f"; {plural(program.input.dim, 'number')} in, {program.output.dim} out"
    width = min(max(len(r[1]) for r in rows), _LONGEST_NAME)
    lines = [
        f"  {number:>{len(str(len(rows))) + 1}}  {name:{width}} {'=' if name else ' '} {what}"
        for number, name, what in rows
    ]
    lines = [line.rstrip() for line in lines]
    return "\n".join([heading, *lines, f"  returns {names[program.output]}"])


def references(nodes: Sequence[Node]) -> dict[Node, str]:
    """Return how each node is referred to: its own name where no other has it, else #number."""
    called = [n.name or ("x" if isinstance(n, Input) else "") for n in nodes]
    count = Counter(called)
    return {
        n: name if name and count[name] == 1 else f"#{i} {name}".strip()
        for i, (n, name) in enumerate(zip(nodes, called, strict=True))
    }


def _definition(node: Node, names: dict[Node, str]) -> str:
    reads = listed([names[x] for x in node.inputs])
    return parts_text(node) + (f" of {reads}" if reads else "")


def layers_text(layers: Layers) -> str:
    """Return a network as a table with one line for each layer."""
    head = ["layer", "width", "operations", "non-zeros", "largest", "channels"]
    rows = [head, *(_layer_row(i, x) for i, x in enumerate(layers.layers, 1)), _readout_row(layers)]
    return "\n".join([*_heading(layers), "", *_aligned(rows)])


def _heading(layers: Layers) -> list[str]:
    """Return what the network promises, before what it is made of."""
    domain = groupby(map(str, layers.domain))
    inputs = [(sum(1 for _ in same), what) for what, same in domain]
    written = ", ".join(what if n == 1 else f"{n} numbers, each {what}" for n, what in inputs)
    horizon = f"{layers.horizon:,} elements"
    return [
        f"{layers.name}: depth {layers.depth}, width {layers.width}, "
        f"{plural(layers.nonzeros, 'non-zero')}",
        f"  input    {written}",
        f"  horizon  {horizon}",
    ]


def _layer_row(number: int, layer: Layer) -> list[str]:
    return [
        str(number),
        str(layer.width),
        operations(layer),
        str(layer.nonzeros),
        largest(layer.W, layer.b, layer.A),
        channel_names(layer.labels),
    ]


def _readout_row(layers: Layers) -> list[str]:
    head, bias = layers.readout, layers.readout_bias
    written = ""
    if head.shape[0] * head.shape[1] <= 12:
        written = matrix_text(head)
        written += f", plus {matrix_text(bias)}" if bias.nonzeros else ""
    nonzeros = head.nonzeros + bias.nonzeros
    return ["out", str(head.shape[0]), "readout", str(nonzeros), largest(head, bias), written]


def operations(layer: Layer) -> str:
    """Return ``2 states, 1 carry``: how many channels of each kind a layer has."""
    counts = [(k, len(list(same))) for k, same in groupby(layer.kinds)]
    return ", ".join(plural(n, k).replace("carrys", "carries") for k, n in counts) or "nothing"


def largest(*matrices: object) -> str:
    """Return the largest absolute value of some matrices."""
    values = [abs(v) for m in matrices for row in m.rows for _, v in row]
    return f"{float(max(values, default=0)):.4g}".replace("e+", "e")


def channel_names(labels: Sequence[str], most: int = _MOST_LABELS) -> str:
    """Return the names of a layer's channels: ``q, ReLU x4``; the first few of many."""
    runs = [(clip(name, _LONGEST_NAME), len(list(same))) for name, same in groupby(labels)]
    written = [name if n == 1 else f"{name} x{n}" for name, n in runs]
    return ", ".join(written[:most]) + (", ..." if len(written) > most else "")


def _aligned(rows: list[list[str]]) -> list[str]:
    """Return rows as lines: numbers to the right, words to the left, a rule below the head."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    right = {0, 1, 3, 4}
    lines = [
        "  ".join(
            cell.rjust(w) if i in right else cell.ljust(w)
            for i, (cell, w) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    rule = "  ".join("-" * w for w in widths)
    return [f"  {line}" for line in (lines[0], rule, *lines[1:])]
