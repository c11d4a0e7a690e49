"""A finished picture, and the rule that showing one never fails."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lsrl_edu.show.svg import escape

_SCROLLS_FROM = 640  # px; wider pictures get a scroll bar, which must be reachable by keyboard
_INK_OF_A_FILE = (
    "<style>svg{color:#1f2933}@media(prefers-color-scheme:dark){svg{color:#e6edf3}}</style></svg>"
)


@dataclass(frozen=True)
class Picture:
    """An SVG that a notebook shows, with the same content in words.

    Attributes:
        svg: the picture; empty where it could not be drawn.
        title: what it is.
        text: what a terminal shows instead.
        note: a sentence below the picture, or nothing.
        width: in pixels, before the page scales it.
    """

    svg: str
    title: str
    text: str
    note: str = ""
    width: int = 0

    def save(self, path: str | Path) -> None:
        """Write the picture to a .svg file that reads on light and dark pages."""
        Path(path).write_text(self.svg.removesuffix("</svg>") + _INK_OF_A_FILE, encoding="utf-8")

    def __repr__(self) -> str:
        return "\n".join(filter(None, [self.text, self.note]))

    def _repr_html_(self) -> str:
        if not self.svg:
            return text_as_html(repr(self))
        scroll = f' tabindex="0" role="group" aria-label="{escape(self.title)}"'
        scroll = scroll if self.width > _SCROLLS_FROM else ""
        note = f'<p style="{_NOTE}">{escape(self.note)}</p>' if self.note else ""
        drawn = f'<div style="overflow-x:auto"{scroll}>{self.svg}</div>'
        return f'<div class="ls-picture">{drawn}{note}</div>'

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        """Offer HTML with the SVG inside: as a file of its own it could not take the page's ink."""
        return {"text/plain": repr(self), "text/html": self._repr_html_()}


_NOTE = "margin:0.3rem 0 0;font-size:0.86em;opacity:0.85"


def text_as_html(text: str) -> str:
    """Return terminal text as HTML."""
    return f'<pre class="ls-text">{escape(text)}</pre>'


def or_text(draw: Callable[[], Picture], title: str, text: Callable[[], str]) -> Picture:
    """Return the picture, or the text with a note that says why there is no picture.

    A notebook that shows a value must never end in a traceback about drawing.
    """
    try:
        return draw()
    except Exception as error:
        reason = f"{type(error).__name__}: {error}".splitlines()[0]
        return Picture("", title, safely(text), note=f"(Not drawn: {reason})")


def html_or_text(html: Callable[[], str], text: Callable[[], str]) -> str:
    """Return HTML, or the text where making the HTML fails."""
    try:
        return html()
    except Exception:
        return text_as_html(safely(text))


def safely(text: Callable[[], str]) -> str:
    """Return a text, or at least the reason why there is none."""
    try:
        return text()
    except Exception as error:
        return f"(cannot be shown: {type(error).__name__}: {error})"
