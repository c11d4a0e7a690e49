"""The weights of a network as coloured matrices.

Blue is positive, vermilion with a bar is negative, and zero is an empty cell with a dot. The
strength of the colour follows the logarithm of the size, from the smallest weight of the network
to its largest, because the weights of one network often span twenty powers of ten.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from lsrl_edu.compiler.layers import Layer, Layers
from lsrl_edu.numbers import Matrix, Number, exact
from lsrl_edu.show import svg
from lsrl_edu.show.palette import INK, NEGATIVE, POSITIVE
from lsrl_edu.show.picture import Picture, or_text
from lsrl_edu.show.text import layers_text
from lsrl_edu.show.words import neat, plural, typeset

_PAGE = 820  # px; pictures of layers flow into lines of about this width
_NUMBERS_UP_TO = 12  # rows and columns of a matrix with its numbers written in
_FAINT, _STRONG = 0.14, 0.62
_LABEL = 14  # letters of a row's name


@dataclass(frozen=True)
class Scale:
    """From the size of a weight to the strength of a colour."""

    smallest: float
    largest: float

    def strength(self, value: Number) -> float:
        """Return the opacity of a weight's cell."""
        if self.largest == self.smallest:
            return (_FAINT + _STRONG) / 2
        size = math.log(float(abs(value)) / self.smallest)
        return _FAINT + (_STRONG - _FAINT) * size / math.log(self.largest / self.smallest)


@dataclass(frozen=True)
class Block:
    """One matrix of a picture: its name, its entries, and where it starts."""

    name: str
    matrix: Matrix
    x: float


def draw_weights(layers: Layers) -> Picture:
    """Return the matrices of every layer: W and b, A of the states, and the readout."""
    title = f"Weights of {layers.name}"
    return or_text(lambda: _picture(layers, title), title, lambda: layers_text(layers))


def layer_svgs(layers: Layers) -> list[tuple[str, str]]:
    """Return the name and the SVG of each layer and of the readout, all on one colour scale."""
    scale = _scale(layers)
    bar, bar_height = _colour_bar(scale)
    made = []
    for name, matrices, labels in _groups(layers):
        side = _cell_side([(name, matrices, labels)], least=18)
        drawn, w, h = _group(name, matrices, labels, side, scale)
        moved = svg.tag("g", drawn, transform="translate(10 10)")
        key = svg.tag("g", bar, transform=f"translate(10 {h + 26:.0f})")
        shapes = ", ".join(f"{m} {x.shape[0]} by {x.shape[1]}" for m, x in matrices)
        size = (max(w + 20, 530), h + bar_height + 26)
        title = f"Weights of {name} of {layers.name}"
        made.append((name, svg.document(size, title, shapes, moved, key)))
    return made


def _groups(layers: Layers) -> list[tuple[str, list[tuple[str, Matrix]], list[str]]]:
    """Return for each layer, and the readout, its name, its matrices and the names of its rows."""
    head = [("W", layers.readout), ("b", layers.readout_bias)]
    groups = [_layer_group(i, x) for i, x in enumerate(layers.layers, 1)]
    return [*groups, ("readout", head, _outputs(layers))]


def _picture(layers: Layers, title: str) -> Picture:
    scale = _scale(layers)
    groups = _groups(layers)
    side = _cell_side(groups)
    x = y = 10.0
    line_height = wide = 0.0
    parts = []
    for name, matrices, labels in groups:
        drawn, w, h = _group(name, matrices, labels, side, scale)
        if x > 10 and x + w > _PAGE:
            x, y, line_height = 10.0, y + line_height + 18, 0.0
        parts.append(svg.tag("g", drawn, transform=f"translate({x:.0f} {y:.0f})"))
        x, line_height = x + w + 30, max(line_height, h)
        wide = max(wide, x)
    bar, bar_height = _colour_bar(scale)
    y += line_height + 14
    parts.append(svg.tag("g", bar, transform=f"translate(10 {y:.0f})"))
    size = (max(wide, 330), y + bar_height)
    drawn = svg.document(size, title, _describe(layers), *parts)
    return Picture(drawn, title, layers_text(layers), "", round(size[0]))


def _layer_group(number: int, layer: Layer) -> tuple[str, list[tuple[str, Matrix]], list[str]]:
    matrices = [("W", layer.W), ("b", layer.b)]
    matrices += [("A", layer.A), ("s₀", layer.s0)] if layer.states else []
    products = layer.labels[layer.width - layer.products :]
    labels = [*layer.labels[: layer.width - layer.products]]
    labels += [f"{p} left" for p in products] + [f"{p} right" for p in products]
    return f"layer {number}", matrices, labels


def _outputs(layers: Layers) -> list[str]:
    return ["y"] if layers.output_dim == 1 else [f"y[{i}]" for i in range(layers.output_dim)]


def _scale(layers: Layers) -> Scale:
    matrices = [layers.readout, layers.readout_bias]
    matrices += [m for x in layers.layers for m in (x.W, x.b, x.A, x.s0)]
    sizes = [float(abs(v)) for m in matrices for row in m.rows for _, v in row] or [1.0]
    return Scale(min(sizes), max(sizes))


def _cell_side(groups: list, least: float = 11) -> tuple[float, float]:
    """Return the width and height of a cell: room for a number where all matrices are small."""
    matrices = [m for _, some, _ in groups for _, m in some]
    if max(max(m.shape) for m in matrices) > _NUMBERS_UP_TO:
        return least, least
    texts = [typeset(neat(v)) for m in matrices for row in m.rows for _, v in row]
    return max([30, *(svg.text_width(t, 11.5) + 8 for t in texts)]), 26


def _group(
    name: str, matrices: list, labels: list[str], side: tuple[float, float], scale: Scale
) -> tuple[str, float, float]:
    """Return the picture of one layer with its width and height."""
    w, h = side
    size = 11.5 if h > 20 else 9
    shown = [svg.clip(label, _LABEL) for label in labels]
    x = max((svg.text_width(label, size) for label in shown), default=0) + 8
    parts = [svg.text(0, 14, name, font_size=13, font_weight=600)]
    top = 40.0
    for i, label in enumerate(shown):
        at = (x - 8, top + (i + 0.5) * h + size * 0.36)
        parts.append(svg.text(*at, label, font_size=size, text_anchor="end"))
    for title, matrix in matrices:
        parts.append(_matrix(Block(title, matrix, x), top, side, scale))
        x += matrix.shape[1] * w + 14
    rows = max(len(labels), *(m.shape[0] for _, m in matrices))
    return "".join(parts), x - 14, top + rows * h + 4


def _matrix(block: Block, top: float, side: tuple[float, float], scale: Scale) -> str:
    w, h = side
    rows, columns = block.matrix.shape
    middle = block.x + columns * w / 2
    style = {"fill": INK, "fill_opacity": 0.035, "stroke": INK, "stroke_opacity": 0.45}
    parts = [
        svg.text(
            middle, top - 8, block.name, font_size=12, text_anchor="middle", font_style="italic"
        ),
        svg.tag("rect", x=block.x, y=top, width=columns * w, height=rows * h, **style),
    ]
    for i in range(rows):
        filled = dict(block.matrix.rows[i])
        for c in range(columns):
            at = (block.x + c * w, top + i * h)
            parts.append(_cell(filled[c], at, side, scale) if c in filled else _zero(at, side))
    return svg.tag("g", *parts)


def _zero(at: svg.Point, side: tuple[float, float]) -> str:
    return svg.tag("circle", cx=at[0] + side[0] / 2, cy=at[1] + side[1] / 2, r=0.9, opacity=0.4)


def _cell(value: Number, at: svg.Point, side: tuple[float, float], scale: Scale) -> str:
    (x, y), (w, h) = at, side
    colour = POSITIVE if value > 0 else NEGATIVE
    number = typeset(neat(value))
    parts = [
        svg.tag("title", svg.escape(number)),
        svg.tag(
            "rect", x=x + 0.5, y=y + 0.5, width=w - 1, height=h - 1, fill=colour,
            fill_opacity=scale.strength(value), stroke=colour,
        ),
    ]  # fmt: skip
    if h > 20:
        at = (x + w / 2, y + h / 2 + 4)
        parts.append(svg.text(*at, number, font_size=11.5, text_anchor="middle"))
    elif value < 0:
        parts.append(svg.tag("rect", x=x + 2.5, y=y + h / 2 - 0.75, width=w - 5, height=1.5))
    return svg.tag("g", *parts)


def _colour_bar(scale: Scale) -> tuple[str, float]:
    """Return the key: sizes from the largest negative to the largest positive weight."""
    low, high = math.log(scale.smallest), math.log(scale.largest)
    sizes = [math.exp(low + (high - low) * k / 3) for k in range(4)]
    sizes = sizes if high > low else sizes[:1]
    values = [*(-s for s in reversed(sizes)), 0.0, *sizes]
    parts = []
    for k, value in enumerate(values):
        at = (k * 56.0, 0.0)
        parts.append(_key_cell(value, at, scale))
        number = typeset(_two_digits(value))
        parts.append(svg.text(at[0] + 28, 28, number, font_size=10.5, text_anchor="middle"))
    return "".join(parts), 40


def _two_digits(value: float) -> str:
    """Return a size for the key: 0.46, 1000, 1.7e6."""
    if 0.01 <= abs(value) < 1e5:
        return f"{float(f'{value:.2g}'):g}"
    return re.sub(r"e([+-])0*", lambda e: "e" + e[1].strip("+"), f"{value:.2g}")


def _key_cell(value: float, at: svg.Point, scale: Scale) -> str:
    side = (56.0, 14.0)
    if not value:
        box = {"fill": INK, "fill_opacity": 0.035, "stroke": INK, "stroke_opacity": 0.45}
        return svg.tag("rect", x=at[0], y=0, width=56, height=14, **box) + _zero(at, side)
    within = min(max(abs(value), scale.smallest), scale.largest)
    return _cell(exact(math.copysign(within, value)), at, side, scale)


def _describe(layers: Layers) -> str:
    shapes = [
        f"layer {i}: W {x.W.shape[0]} by {x.W.shape[1]} with {plural(x.W.nonzeros, 'non-zero')}"
        + (f", A {x.states} by {x.states}" if x.states else "")
        for i, x in enumerate(layers.layers, 1)
    ]
    shapes.append(f"readout: {layers.output_dim} by {layers.readout.shape[1]}")
    return (
        "; ".join(shapes)
        + f". The largest weight is {layers.largest_weight:.4g}. Blue is positive, vermilion with "
        "a bar is negative, a dot is zero; the stronger the colour, the larger the weight."
    )
