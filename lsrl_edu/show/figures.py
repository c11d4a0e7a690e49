"""Figures of the book: one look, deterministic, and none without a description in words.

Usage in a chapter::

    from lsrl_edu.show.figures import figure, subplots

    fig, ax = subplots(height=2.6)
    _ = ax.plot(errors)
    figure(fig, alt="The error falls from 1 to 0.001 over 40 cells.")

Lines and text that are black elsewhere are drawn in the ink of the page, so that a figure reads on
a light and on a dark one.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from lsrl_edu.errors import LSRLError
from lsrl_edu.show.palette import BLUE, CYCLE, GREEN, GREY, ORANGE, PURPLE, VERMILION
from lsrl_edu.show.picture import Picture
from lsrl_edu.show.svg import escape

__all__ = [
    "BLUE", "CYCLE", "GREEN", "GREY", "ORANGE", "PURPLE", "STYLE", "VERMILION",
    "FigureError", "figure", "plot_style", "subplots",
]  # fmt: skip

_INK = "#010203"  # stands for the page's ink until the SVG is written
_SHORTEST_ALT = 15  # letters; "a plot" describes nothing
_LOOK = "max-width:100%;height:auto;stroke-linejoin:round"
_LINES = ["-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 1))]

STYLE: dict[str, Any] = {
    "axes.edgecolor": _INK,
    "axes.facecolor": "none",
    "axes.grid": True,
    "axes.labelcolor": _INK,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlesize": 12,
    "figure.constrained_layout.use": True,
    "figure.facecolor": "none",
    "font.family": "sans-serif",
    "font.size": 11,
    "grid.alpha": 0.35,
    "grid.color": GREY,
    "grid.linewidth": 0.6,
    "legend.frameon": False,
    "lines.linewidth": 2,
    "savefig.facecolor": "none",
    "svg.fonttype": "none",  # text stays text, in the font of the page
    "svg.hashsalt": "lsrl_edu",
    "text.color": _INK,
    "xtick.color": _INK,
    "ytick.color": _INK,
}
"""The matplotlib settings of every figure; line colours and dashes are added by plot_style."""


class FigureError(LSRLError, ValueError):
    """A figure lacks its description, or is not something that can be shown."""


@contextmanager
def plot_style() -> Iterator[None]:
    """Use the look of the book for the matplotlib figures made inside."""
    import matplotlib as mpl
    from cycler import cycler

    cycle = cycler(color=CYCLE) + cycler(linestyle=_LINES)  # never colour alone
    with mpl.rc_context({**STYLE, "axes.prop_cycle": cycle}):
        yield


def subplots(
    rows: int = 1, columns: int = 1, width: float = 7.0, height: float = 3.0, **options: Any
) -> tuple[Any, Any]:
    """Return (figure, axes) like ``plt.subplots``, in the look of the book.

    The figure is not registered with pyplot, so a notebook shows it once: where
    :func:`figure` says so.
    """
    from matplotlib.figure import Figure

    with plot_style():
        fig = Figure(figsize=(width, height))
        return fig, fig.subplots(rows, columns, **options)


def figure(drawn: Any, alt: str, caption: str = "") -> Picture:
    """Return a figure that a notebook shows inline, with its description.

    Args:
        drawn: a matplotlib figure, an SVG as text, or a Picture.
        alt: what can be seen, in words, for readers who cannot see it.
        caption: a sentence below it.

    Raises:
        FigureError: without a description worth the name.
    """
    alt = " ".join(str(alt or "").split())
    if len(alt) < _SHORTEST_ALT:
        raise FigureError(
            f"alt={alt!r} does not describe the figure. Say in a sentence what can be seen in it, "
            "as you would on the telephone."
        )
    svg = _described(_as_svg(drawn), alt)
    return Picture(svg, alt, f"[Figure: {alt}]", caption, _width(svg))


def _as_svg(drawn: Any) -> str:
    if isinstance(drawn, Picture):
        return drawn.svg
    if hasattr(drawn, "savefig"):
        return _from_matplotlib(drawn)
    svg = str(drawn)
    start = svg.find("<svg")
    if start < 0 or "<script" in svg.lower():
        raise FigureError("A figure is a matplotlib figure, a Picture, or SVG without scripts.")
    return svg[start:]


def _from_matplotlib(fig: Any) -> str:
    """Return the SVG of a matplotlib figure: the same text for the same figure, in page ink."""
    file = io.StringIO()
    _use_ink(fig)
    with plot_style():
        fig.savefig(file, format="svg", metadata={"Date": None, "Creator": None})
    svg = file.getvalue()
    svg = svg[svg.index("<svg") :].replace(_INK, "currentColor").strip()
    svg = re.sub(r"\s*<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r"\s*<style.*?</style>", "", svg, flags=re.DOTALL)  # it would style the page
    return _own_ids(svg)


def _use_ink(fig: Any) -> None:
    """Give black text the ink of the page, and legends no box: both are made outside our style."""
    from matplotlib.legend import Legend
    from matplotlib.text import Text

    for legend in fig.findobj(Legend):
        legend.set_frame_on(False)
    for text in fig.findobj(Text):
        if text.get_color() in ("black", "k", "#000000"):
            text.set_color(_INK)


def _own_ids(svg: str) -> str:
    """Drop ids nobody refers to and give the others a prefix, so that figures share a page."""
    prefix = "f" + hashlib.sha256(svg.encode()).hexdigest()[:10]
    for name in dict.fromkeys(re.findall(r'\sid="([^"]+)"', svg)):
        if f"#{name}" + '"' in svg or f"#{name})" in svg:
            svg = re.sub(rf'(\sid="|#){re.escape(name)}(?=["\)])', rf"\g<1>{prefix}-{name}", svg)
        else:
            svg = svg.replace(f' id="{name}"', "")
    return svg


def _described(svg: str, alt: str) -> str:
    """Return the SVG with its description as name; what it said of itself before is dropped."""
    opening, rest = svg.split(">", 1)
    for attribute in ("role", "aria-label", "aria-labelledby", "style"):
        opening = re.sub(rf'\s{attribute}="[^"]*"', "", opening)
    opening += f' role="img" aria-label="{escape(alt)}" style="{_LOOK}"'
    rest = re.sub(r"^\s*(<title>.*?</title>)?\s*(<desc>.*?</desc>)?", "", rest, flags=re.DOTALL)
    return f"{opening}><title>{escape(alt)}</title>{rest}"


def _width(svg: str) -> int:
    found = re.search(r'viewBox="[\d.-]+ [\d.-]+ ([\d.]+)', svg)
    return round(float(found[1])) if found else 0
