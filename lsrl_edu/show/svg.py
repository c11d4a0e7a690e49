"""Writing SVG: escaped, deterministic, without scripts and without ids.

No element carries an id, so that any number of pictures, the same one twice included, can stand
on one page. A picture's name and description are its ``<title>`` and ``<desc>`` children and its
``aria-label``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from html import escape as _escape_html
from typing import Any

from lsrl_edu.show.palette import FONT, INK, KIND_COLOURS, KIND_SHAPES

Point = tuple[float, float]

# What XML 1.0 cannot hold, not even escaped.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NARROW = frozenset("iIljtfr.,:;'|!()[]{} ")
_WIDE = frozenset("mwMW@%←→×")


def escape(text: Any) -> str:
    """Return text that can stand between tags and inside attributes of SVG and HTML."""
    return _escape_html(_NOT_XML.sub("\ufffd", str(text)), quote=True)


def tag(name: str, *children: str, **attributes: Any) -> str:
    """Return one element. ``font_size=9`` is written ``font-size="9"``; None is left out."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_attribute(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    inside = "".join(children)
    return f"<{name}{written}>{inside}</{name}>" if inside else f"<{name}{written}/>"


def text(x: float, y: float, content: str, **attributes: Any) -> str:
    """Return a text element with its content escaped."""
    return tag("text", escape(content), x=x, y=y, **attributes)


def text_width(content: str, size: float) -> float:
    """Return about how wide a text is, on the safe side: the reader's font is not known here."""
    return size * sum(map(_em, content))


def clip(content: str, letters: int) -> str:
    """Return the text on one line, cut off after so many letters with an ellipsis."""
    content = " ".join(content.split())
    return content if len(content) <= letters else content[: letters - 1].rstrip() + "…"


def document(
    size: tuple[float, float], title: str, desc: str, *body: str, shrink: float = 0.7
) -> str:
    """Return a whole picture.

    Args:
        size: width and height.
        title: what it is.
        desc: what can be seen, in words, for those who cannot see it.
        body: its elements.
        shrink: how far a narrow page may scale it down before it scrolls instead.
    """
    width, height = (round(s) for s in size)
    style = f"max-width:100%;min-width:{round(width * shrink)}px;height:auto"
    return tag(
        "svg",
        tag("title", escape(title)),
        tag("desc", escape(desc)),
        *body,
        xmlns="http://www.w3.org/2000/svg",
        role="img",
        aria_label=f"{title}. {desc}",
        viewBox=f"0 0 {width} {height}",
        width=width,
        height=height,
        style=style,
        font_family=FONT,
        fill=INK,
    )


def path(points: Sequence[Point], **attributes: Any) -> str:
    """Return a Bézier curve: a start point, then three points for each piece."""
    start, *rest = (f"{_number(x)} {_number(y)}" for x, y in points)
    return tag("path", d=f"M{start}C{' '.join(rest)}", **attributes)


def polygon(points: Sequence[Point], **attributes: Any) -> str:
    """Return a closed polygon."""
    corners = " ".join(f"{_number(x)},{_number(y)}" for x, y in points)
    return tag("polygon", points=corners, **attributes)


def arrow_head(tip: Point, before: Point, length: float = 7, fill: str = INK) -> str:
    """Return a triangle that points from ``before`` to ``tip``."""
    dx, dy = tip[0] - before[0], tip[1] - before[1]
    norm = (dx * dx + dy * dy) ** 0.5 or 1.0
    dx, dy = dx / norm * length, dy / norm * length
    left = (tip[0] - dx - dy * 0.45, tip[1] - dy + dx * 0.45)
    right = (tip[0] - dx + dy * 0.45, tip[1] - dy - dx * 0.45)
    return polygon([tip, left, right], stroke="none", fill=fill)


def node_shape(
    kind: str, x: float, y: float, w: float, h: float, down: bool = False, **attributes: Any
) -> str:
    """Return the outline of a node kind around the centre (x, y), in its colour.

    ``down`` is for graphs that run from top to bottom: a funnel then narrows downwards.
    """
    colour = KIND_COLOURS[kind]
    style = {"fill": colour, "fill_opacity": 0.13, "stroke": colour, "stroke_width": 1.8}
    style["class_"] = "ls-shape"
    shape = "funnel down" if down and KIND_SHAPES[kind] == "funnel" else KIND_SHAPES[kind]
    return _OUTLINES[shape](x - w / 2, y - h / 2, w, h, {**style, **attributes})


def _box(x: float, y: float, w: float, h: float, style: dict, radius: float = 4) -> str:
    return tag("rect", x=x, y=y, width=w, height=h, rx=radius, **style)


def _double_box(x: float, y: float, w: float, h: float, style: dict) -> str:
    inner = {**style, "fill": "none", "stroke_width": 1, "class_": None}
    return _box(x, y, w, h, style, 6) + _box(x + 3.5, y + 3.5, w - 7, h - 7, inner, 3)


def _pill(x: float, y: float, w: float, h: float, style: dict) -> str:
    return _box(x, y, w, h, style, h / 2)


def _hexagon(x: float, y: float, w: float, h: float, style: dict) -> str:
    cut = min(w, h) * 0.26
    right, low, middle = x + w, y + h, y + h / 2
    corners = [(x + cut, y), (right - cut, y), (right, middle), (right - cut, low), (x + cut, low)]
    return polygon([*corners, (x, middle)], **style)


def _funnel(x: float, y: float, w: float, h: float, style: dict) -> str:
    cut = h * 0.2
    corners = [(x, y), (x + w, y + cut), (x + w, y + h - cut), (x, y + h)]
    return polygon(corners, stroke_linejoin="round", **style)


def _funnel_down(x: float, y: float, w: float, h: float, style: dict) -> str:
    cut = h * 0.28
    corners = [(x, y), (x + w, y), (x + w - cut, y + h), (x + cut, y + h)]
    return polygon(corners, stroke_linejoin="round", **style)


def _ellipse(x: float, y: float, w: float, h: float, style: dict) -> str:
    return tag("ellipse", cx=x + w / 2, cy=y + h / 2, rx=w / 2, ry=h / 2, **style)


_OUTLINES = {
    "pill": _pill,
    "box": _box,
    "hexagon": _hexagon,
    "double box": _double_box,
    "funnel": _funnel,
    "funnel down": _funnel_down,
    "ellipse": _ellipse,
}


def _attribute(value: Any) -> str:
    return _number(value) if isinstance(value, int | float) else escape(value)


def _number(value: float) -> str:
    """Return a coordinate with at most two decimals, so that pictures compare as text."""
    return f"{round(value, 2) + 0.0:.2f}".rstrip("0").rstrip(".")


def _em(letter: str) -> float:
    if unicodedata.combining(letter):
        return 0.0
    if unicodedata.east_asian_width(letter) in "WF":
        return 1.15
    if letter in _NARROW:
        return 0.36
    return 0.88 if letter in _WIDE else 0.72 if letter.isupper() else 0.6
