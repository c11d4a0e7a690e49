"""Write the live parts of the start page: ``python -m scripts.make_start_page``.

``book/_static/live.html`` is a network that runs in the page: its weights come from the compiler
and go into the page as numbers, ``live.js`` multiplies them out. ``book/_static/map.html`` is the
graph of what each chapter needs, read from the chapters' own "You need" lines.
"""

import html
import json
import re
from dataclasses import dataclass
from pathlib import Path

import lsrl_edu as ls
from lsrl_edu.compiler.layers import Layers
from lsrl_edu.programs import more_ones
from lsrl_edu.show import svg
from lsrl_edu.show.layout import Layout, lay_out
from lsrl_edu.show.palette import BLUE, GREEN, ORANGE, PURPLE

ROOT = Path(__file__).parents[1]
STATIC = ROOT / "book/_static"
BITS = (0, 1, 1, 0, 1, 1, 0, 0)
PARTS = ((4, BLUE, "I"), (7, GREEN, "II"), (11, ORANGE, "III"), (15, PURPLE, "IV"))
"""The last chapter of each part, its colour and its name."""


# --- the live network ------------------------------------------------------------------------
def network(layers: Layers) -> dict:
    """Return the weights of Layers as plain numbers, for live.js."""
    return {
        "layers": [
            {
                "W": layer.W.float64.tolist(),
                "b": layer.b.float64[:, 0].tolist(),
                "A": layer.A.float64.tolist(),
                "s0": layer.s0.float64.reshape(-1).tolist(),
                "kinds": layer.kinds,
                "labels": layer.labels,
            }
            for layer in layers.layers
        ],
        "readout": layers.readout.float64.tolist(),
        "bias": layers.readout_bias.float64[:, 0].tolist(),
    }


def live() -> str:
    """Return the HTML of the live network."""
    data = json.dumps(network(ls.compile(more_ones.program(mu=10)))).replace("</", "<\\/")
    bits = "".join(
        f'<button type="button" aria-pressed="{"true" if bit else "false"}" '
        f'title="bit {t}">{bit}</button>'
        for t, bit in enumerate(BITS)
    )
    return (
        '<figure class="ls-live" data-live>\n'
        "<p><strong>Try it.</strong> Click the bits. The network below runs in this page, with "
        "the weights that the compiler wrote. (It lets the second state count downwards, which "
        "saves a sign.)</p>\n"
        f'<div class="ls-live-bits" role="group" aria-label="The input, eight bits">{bits}</div>\n'
        '<div class="ls-live-table" tabindex="0" role="group" aria-label="What the network does">'
        "<table></table></div>\n"
        '<p role="status" aria-live="polite"></p>\n'
        f'<script type="application/json">{data}</script>\n'
        '<script src="../_static/live.js" defer></script>\n'
        "</figure>\n"
    )


# --- the map ---------------------------------------------------------------------------------
@dataclass(frozen=True)
class Chapter:
    """A chapter: its number, title, file name without its ending, and the numbers it needs."""

    number: int
    title: str
    name: str
    needs: tuple[int, ...]


def chapters(folder: Path = ROOT / "notebooks") -> list[Chapter]:
    """Return the chapters in order, with what their first cell says that they need."""
    return [_chapter(path) for path in sorted(folder.glob("*.ipynb"))]


def _chapter(path: Path) -> Chapter:
    first = "".join(json.loads(path.read_text(encoding="utf-8"))["cells"][0]["source"])
    title = re.match(r"# (.*)", first)[1]
    said = re.search(r"\*\*You need:\*\*(.*?)(?:\n\n|; |\. |$)", first, re.S)
    needs = re.findall(r"\((\d\d)_\w+\.ipynb\)", said[1]) if said else []
    return Chapter(int(path.name[:2]), title, path.stem, tuple(sorted(map(int, needs))))


def direct(found: list[Chapter]) -> list[tuple[int, int]]:
    """Return (needed, chapter) pairs, without those that follow from others."""
    above: dict[int, set[int]] = {}
    for chapter in found:
        above[chapter.number] = set(chapter.needs).union(*(above[n] for n in chapter.needs))
    return [
        (need, chapter.number)
        for chapter in found
        for need in chapter.needs
        if not any(need in above[other] for other in chapter.needs)
    ]


def map_of(found: list[Chapter]) -> str:
    """Return the HTML of the map: boxes that are links, and arrows."""
    place = {chapter.number: i for i, chapter in enumerate(found)}
    sizes = tuple((svg.text_width(_label(c), 13) + 24, 30.0) for c in found)
    edges = tuple((place[a], place[b]) for a, b in direct(found))
    layout = lay_out(sizes, edges, "TB", (14, 44))
    parts = [_arrows(layout), *(_box(c, layout.centres[place[c.number]]) for c in found)]
    whole = (layout.width + 8, layout.height + 8)
    moved = svg.tag("g", *parts, transform="translate(4 4)")
    words = "; ".join(f"{c.title} needs {_named(c, found)}" for c in found if c.needs)
    drawn = svg.document(whole, "What each chapter needs", words + ".", moved, shrink=0.75)
    # A picture with links in it is a group: with role="img" a screen reader would not see them.
    drawn = drawn.replace('role="img"', 'role="group"', 1)
    scroll = 'class="ls-map" tabindex="0" role="group" aria-label="Map of the chapters"'
    return f"<div {scroll}>{drawn}</div>\n"


def _label(chapter: Chapter) -> str:
    return f"{chapter.number} {chapter.title.split(':')[0]}"


def _named(chapter: Chapter, found: list[Chapter]) -> str:
    return ", ".join(c.title for c in found if c.number in chapter.needs)


def _arrows(layout: Layout) -> str:
    lines = []
    for points in layout.curves.values():
        lines.append(svg.path(points, fill="none", stroke=svg.INK, stroke_width=1.3))
        lines.append(svg.arrow_head(points[-1], points[-2], 7))
    return svg.tag("g", *lines, opacity=0.6)


def _box(chapter: Chapter, centre: svg.Point) -> str:
    x, y = centre
    width = svg.text_width(_label(chapter), 13) + 24
    colour = next(colour for last, colour, _ in PARTS if chapter.number <= last)
    style = {"fill": f"{colour}22", "stroke": colour, "stroke_width": 1.6}
    box = svg.tag("rect", x=x - width / 2, y=y - 15, width=width, height=30, rx=5, **style)
    text = svg.text(x, y + 4.5, html.unescape(_label(chapter)), font_size=13, text_anchor="middle")
    return svg.tag("a", box, text, href=f"../notebooks/{chapter.name}.html")


def main() -> None:
    """Write both files."""
    (STATIC / "live.html").write_text(live(), encoding="utf-8")
    (STATIC / "map.html").write_text(map_of(chapters()), encoding="utf-8")


if __name__ == "__main__":
    main()
