"""A network as a picture: its channels and weights where it is small, its shape where it is big.

The kinds of channels have the colours and shapes of the nodes they come from. A positive weight
is a solid blue line, a negative one a dashed vermilion line, and the thicker the larger.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from lsrl_edu.compiler.layers import Layer, Layers
from lsrl_edu.numbers import Matrix, Number
from lsrl_edu.show import svg
from lsrl_edu.show.palette import CHANNEL_KINDS, KIND_COLOURS, NEGATIVE, POSITIVE
from lsrl_edu.show.picture import Picture, html_or_text, or_text, text_as_html
from lsrl_edu.show.text import channel_names, layers_text, operations
from lsrl_edu.show.words import neat, plural, typeset

Style = Literal["auto", "network", "strip"]

_MOST_CHANNELS = 44  # of a network whose every channel and weight is drawn
_MOST_NUMBERED = 3  # channels in each of two columns whose weights are written beside the lines
_ROW, _HEIGHT, _GAP = 58, 38, 84
_LONGEST = 16


@dataclass(frozen=True)
class Column:
    """One column of channels: what the layer before it feeds, and how.

    Attributes:
        title: above the column.
        kinds: node kind of each channel.
        labels: name of each channel.
        notes: a second line for each channel, or nothing.
        feeds: (channel before, channel here, weight, role) for each weight that is not zero.
        loops: (channel, channel, weight) within the column, from one element to the next.
    """

    title: str
    kinds: tuple[str, ...]
    labels: tuple[str, ...]
    notes: tuple[str, ...]
    feeds: tuple[tuple[int, int, Number, str], ...] = ()
    loops: tuple[tuple[int, int, Number], ...] = ()

    @property
    def width(self) -> float:
        """How wide its channels are drawn."""
        texts = [svg.text_width(svg.clip(t, _LONGEST), 12.5) + 32 for t in self.labels]
        texts += [svg.text_width(t, 10.5) + 30 for t in self.notes]
        return max([64, *texts])


def draw_layers(layers: Layers, style: Style = "auto") -> Picture:
    """Return the picture of a network.

    Args:
        layers: what to draw.
        style: ``network``: every channel and every weight; ``strip``: a bar for each layer,
            split by kind of channel; ``auto``: the first for small networks.
    """
    if style not in ("auto", "network", "strip"):
        raise ValueError(f"style={style!r}: choose 'auto', 'network' or 'strip'.")
    channels = layers.input_dim + layers.output_dim + sum(x.width for x in layers.layers)
    if style == "auto":
        style = "network" if channels <= _MOST_CHANNELS else "strip"
    title = f"Network {layers.name}"
    draw = _network if style == "network" else _strip
    return or_text(lambda: draw(layers, title), title, lambda: layers_text(layers))


def draw_weights(layers: Layers) -> Picture:
    """Return every weight as a coloured cell; see :mod:`lsrl_edu.show.weights`."""
    from lsrl_edu.show.weights import draw_weights as draw

    return draw(layers)


def layers_html(layers: Layers) -> str:
    """Return what a notebook shows for Layers: the picture, and the table folded away."""

    def both() -> str:
        table = text_as_html(layers_text(layers))
        more = f"<details><summary>Layer by layer</summary>{table}</details>"
        return draw_layers(layers)._repr_html_() + more

    return html_or_text(both, lambda: layers_text(layers))


def describe(layers: Layers) -> str:
    """Return a network in words."""
    parts = [f"{plural(layers.input_dim, 'input')}"]
    for i, layer in enumerate(layers.layers, 1):
        parts.append(f"layer {i}: {operations(layer)} ({channel_names(layer.labels)})")
    parts.append(f"{plural(layers.output_dim, 'output')}, {plural(layers.nonzeros, 'non-zero')}")
    return "; ".join(parts) + "."


# --- every channel and every weight ----------------------------------------------------------
def columns(layers: Layers) -> list[Column]:
    """Return a network as columns of channels: input, layers, output."""
    made = [_plain_column("input", layers.input_dim, "x")]
    made += [_layer_column(i, layer) for i, layer in enumerate(layers.layers, 1)]
    head = _plain_column("output", layers.output_dim, "y")
    notes = tuple(_bias_note(layers.readout_bias[i, 0]) for i in range(layers.output_dim))
    feeds = tuple(_entries(layers.readout, 0, layers.output_dim, ""))
    return [*made, Column("output", head.kinds, head.labels, notes, feeds)]


def _plain_column(title: str, dim: int, name: str) -> Column:
    labels = (name,) if dim == 1 else tuple(f"{name}[{i}]" for i in range(dim))
    return Column(title, ("Input",) * dim, labels, ("",) * dim)


def _layer_column(number: int, layer: Layer) -> Column:
    rows = layer.split_rows()
    feeds = []
    for role, first in (("state", 0), ("relu", layer.states)):
        feeds += _entries(layer.W, rows[role].start, rows[role].stop, "", first)
    carries, products = layer.states + layer.relus, layer.width - layer.products
    feeds += _entries(layer.W, rows["carry"].start, rows["carry"].stop, "", carries)
    for side in ("left", "right"):
        feeds += _entries(layer.W, rows[side].start, rows[side].stop, side, products)
    loops = tuple((c, i, v) for i, row in enumerate(layer.A.rows) for c, v in row)
    kinds = tuple(CHANNEL_KINDS[k] for k in layer.kinds)
    notes = tuple(_channel_note(layer, i, kind) for i, kind in enumerate(layer.kinds))
    return Column(f"layer {number}", kinds, layer.labels, notes, tuple(feeds), loops)


def _entries(matrix: Matrix, start: int, stop: int, role: str, first: int = 0) -> list[tuple]:
    """Return the non-zero entries of some rows, as feeds of the channels from ``first`` on."""
    rows = enumerate(matrix.rows[start:stop], first)
    return [(c, i, v, role) for i, row in rows for c, v in row]


def _channel_note(layer: Layer, channel: int, kind: str) -> str:
    """Return the bias, and the start of a state, where they are not zero."""
    if kind == "product":
        return "left × right"
    note = _bias_note(layer.b[channel, 0])
    if kind == "carry":
        note = ", ".join(filter(None, ["carried", note]))
    if kind == "state" and (start := layer.s0[channel, 0]):
        note = ", ".join(filter(None, [note, f"s₀ = {typeset(neat(start))}"]))
    return note


def _bias_note(bias: Number) -> str:
    return f"bias {typeset(neat(bias))}" if bias else ""


def _network(layers: Layers, title: str) -> Picture:
    cols = columns(layers)
    rows = max(len(c.labels) for c in cols)
    lefts = [20.0]
    for c in cols:
        lefts.append(lefts[-1] + c.width + _GAP)
    height = 48 + rows * _ROW
    spots = [
        [(x + c.width / 2, 44 + (height - 48) / 2 + (i - (len(c.labels) - 1) / 2) * _ROW)
         for i in range(len(c.labels))]
        for x, c in zip(lefts, cols, strict=False)
    ]  # fmt: skip
    largest = max((abs(f[2]) for c in cols for f in c.feeds), default=1)
    lines = [_feeds(cols, spots, k, largest) for k in range(1, len(cols))]
    boxes = [_column(c, s) for c, s in zip(cols, spots, strict=True)]
    drawn = svg.document((lefts[-1] - _GAP + 20, height), title, describe(layers), *lines, *boxes)
    return Picture(drawn, title, layers_text(layers), _summary(layers), round(lefts[-1]))


def _summary(layers: Layers) -> str:
    return (
        f"{layers.name}: depth {layers.depth}, width {layers.width}, "
        f"{plural(layers.nonzeros, 'non-zero')}"
    )


def _column(column: Column, spots: list[svg.Point]) -> str:
    parts = [
        svg.text(spots[0][0], 22, column.title, font_size=12.5, text_anchor="middle", opacity=0.8)
    ]
    for i, (x, y) in enumerate(spots):
        parts.append(_channel(column, i, x, y))
    parts += [_loop(column, spots, loop) for loop in column.loops]
    return svg.tag("g", *parts)


def _channel(column: Column, i: int, x: float, y: float) -> str:
    kind, name, note = column.kinds[i], column.labels[i], column.notes[i]
    tip = ", ".join(filter(None, [name, kind if column.title[0] == "l" else "", note]))
    shape = svg.node_shape(kind, x, y, column.width, _HEIGHT)
    base = y - 2.5 if note else y + 4.5
    label = svg.clip(name, _LONGEST)
    parts = [svg.tag("title", svg.escape(tip)), shape]
    parts.append(svg.text(x, base, label, font_size=12.5, font_weight=600, text_anchor="middle"))
    if note:
        parts.append(svg.text(x, y + 11.5, note, font_size=10.5, text_anchor="middle"))
    return svg.tag("g", *parts)


def _feeds(cols: list[Column], spots: list, k: int, largest: Number) -> str:
    before, here = cols[k - 1], cols[k]
    numbered = _has_room_for_numbers(before, here)
    parts = []
    for c, i, weight, role in here.feeds:
        side = {"left": -8, "right": 8}.get(role, 0)
        start = (spots[k - 1][c][0] + before.width / 2 + 1, spots[k - 1][c][1])
        end = (spots[k][i][0] - here.width / 2 - 1, spots[k][i][1] + side)
        tip = f"{before.labels[c]} → {here.labels[i]}: {typeset(neat(weight))}"
        tip += f" ({role} factor)" if role else ""
        parts.append(_weight_line(start, end, weight, largest, tip, numbered))
    return svg.tag("g", *parts)


def _has_room_for_numbers(before: Column, here: Column) -> bool:
    """Whether weights can stand beside their lines without covering one another."""
    if max(len(before.labels), len(here.labels)) <= _MOST_NUMBERED:
        return not any(role for *_, role in here.feeds)
    sources = [c for c, *_ in here.feeds]
    return len(set(sources)) == len(sources)


def _weight_line(
    start: svg.Point, end: svg.Point, weight: Number, largest: Number, tip: str, numbered: bool
) -> str:
    colour = POSITIVE if weight > 0 else NEGATIVE
    line = svg.tag(
        "line", x1=start[0], y1=start[1], x2=end[0], y2=end[1], stroke=colour,
        stroke_width=_thickness(weight, largest), stroke_dasharray=None if weight > 0 else "6 4",
    )  # fmt: skip
    parts = [svg.tag("title", svg.escape(tip)), line, svg.arrow_head(end, start, 7, colour)]
    if numbered:
        dx, dy = end[0] - start[0], end[1] - start[1]
        away = 9 / math.hypot(dx, dy)
        at = (start[0] + 0.3 * dx + dy * away, start[1] + 0.3 * dy - dx * away + 3.5)
        number = typeset(neat(weight))
        parts.append(svg.text(*at, number, font_size=10.5, text_anchor="middle"))
    return svg.tag("g", *parts)


def _thickness(weight: Number, largest: Number) -> float:
    """Return 1 to 3 px, by the logarithm: weights of one network differ by many powers of ten."""
    if largest == 0:
        return 1.2
    decades = math.log10(max(float(abs(weight) / largest), 1e-12))
    return 1.2 + 1.6 * max(0.0, 1 + decades / 4)


def _loop(column: Column, spots: list[svg.Point], loop: tuple[int, int, Number]) -> str:
    """Return the arrow from a state to a state at the next element."""
    source, target, weight = loop
    half, colour = column.width / 2, KIND_COLOURS["LinState"]
    (x0, y0), (x1, y1) = spots[source], spots[target]
    if source == target:
        top = y0 - _HEIGHT / 2
        points = [(x0 + 13, top), (x0 + 17, top - 15), (x0 - 17, top - 15), (x0 - 13, top - 1)]
    else:
        side = 1 if source < target else -1
        reach = half + 12 + 4 * abs(source - target)
        points = [(x0 + side * half, y0), (x0 + side * reach, y0), (x1 + side * reach, y1)]
        points.append((x1 + side * (half + 1), y1))
    number = "" if source != target or weight == 1 else typeset(neat(weight))
    tip = f"{column.labels[source]} → {column.labels[target]}, one element later: {neat(weight)}"
    dash = None if weight > 0 else "5 3"
    return svg.tag(
        "g",
        svg.tag("title", svg.escape(tip)),
        svg.path(points, fill="none", stroke=colour, stroke_width=1.5, stroke_dasharray=dash),
        svg.arrow_head(points[-1], points[-2], 7, colour),
        svg.text(x0 + 31, y0 - _HEIGHT / 2 - 5, number, font_size=10, text_anchor="middle")
        if number
        else "",
    )


# --- only the shape --------------------------------------------------------------------------
_LETTERS = {"state": "S", "relu": "R", "carry": "C", "product": "P"}
_LEGEND = {"state": "state", "relu": "ReLU", "carry": "carry", "product": "product"}


def _strip(layers: Layers, title: str) -> Picture:
    """One bar a layer: as high as the layer is wide, split by kind."""
    unit = min(12.0, 190 / max(1, layers.width))
    bar = 34 if layers.depth <= 24 else 22
    floor = 40 + layers.width * unit
    parts = [_legend(layers)]
    x = 50.0
    for i, layer in enumerate(layers.layers, 1):
        parts.append(_bar(layer, i, x, floor, bar, unit))
        x += bar + 6
    parts.append(svg.text(14, floor + 18, "layer", font_size=11, opacity=0.85))
    parts.append(svg.text(14, floor - 4, "width", font_size=11, opacity=0.85))
    size = (max(x + 14, 420), floor + 58)
    drawn = svg.document(size, title, f"Bars of layer widths. {describe(layers)}", *parts)
    note = _summary(layers) + ". draw(style='network') shows every weight."
    return Picture(drawn, title, layers_text(layers), note, round(size[0]))


def _bar(layer: Layer, number: int, x: float, floor: float, bar: float, unit: float) -> str:
    parts = [svg.tag("title", svg.escape(f"layer {number}: {operations(layer)}"))]
    y = floor
    for kind, same in groupby(layer.kinds):
        count = len(list(same))
        y -= count * unit
        colour = KIND_COLOURS[CHANNEL_KINDS[kind]]
        style = {"fill": colour, "fill_opacity": 0.22, "stroke": colour, "stroke_width": 1.5}
        parts.append(
            svg.tag("rect", x=x, y=y + 1, width=bar, height=count * unit - 2, rx=2, **style)
        )
        if count * unit >= 9:
            text, font = f"{count} {_LETTERS[kind]}", min(10.5, count * unit - 1)
            at = (x + bar / 2, y + count * unit / 2 + font * 0.36)
            parts.append(svg.text(*at, text, font_size=font, text_anchor="middle"))
    middle = {"font_size": 11, "text_anchor": "middle"}
    parts.append(svg.text(x + bar / 2, y - 5, str(layer.width), font_weight=600, **middle))
    parts.append(svg.text(x + bar / 2, floor + 18, str(number), **middle))
    return svg.tag("g", *parts)


def _legend(layers: Layers) -> str:
    present = [k for k in _LETTERS if any(k in layer.kinds for layer in layers.layers)]
    floor = 40 + layers.width * min(12.0, 190 / max(1, layers.width))
    parts, x = [], 50.0
    for kind in present:
        words = f"{_LETTERS[kind]}  {_LEGEND[kind]}"
        shape = CHANNEL_KINDS[kind]
        parts.append(svg.node_shape(shape, x + 13, floor + 40, 26, 15))
        parts.append(svg.text(x + 32, floor + 44, words, font_size=11.5))
        x += 52 + svg.text_width(words, 11.5)
    return svg.tag("g", *parts)
