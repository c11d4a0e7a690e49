"""How the outcome of a check, and hints, look on a page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from textwrap import dedent
from typing import Any

from lsrl_edu.show.palette import BLUE, GREEN, GREY, VERMILION
from lsrl_edu.show.svg import escape

COLOURS = {"right": GREEN, "wrong": VERMILION, "not attempted": GREY, "no answer": BLUE}
NAMES = ("Direction", "Subgoal", "Almost the code")


def verdict_html(verdict: Any) -> str:
    """Return a verdict (status, heading, message, picture) as HTML."""
    colour = COLOURS[verdict.status]
    said = f"<strong>{escape(verdict.heading)}</strong>"
    if verdict.message:
        said += f"<br>{with_code(verdict.message)}"
    picture = verdict.picture._repr_html_() if verdict.picture is not None else ""
    return (
        f'<div class="ls-verdict" role="status" style="border-left:4px solid {colour};'
        f'padding:0.3rem 0 0.3rem 0.8rem;margin:0.2rem 0"><div>{said}</div>{picture}</div>'
    )


def with_code(text: str) -> str:
    """Return text as HTML, what stands between backticks as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))


@dataclass(frozen=True)
class Hints:
    """Three hints, each folded away."""

    texts: tuple[str, str, str]

    def __repr__(self) -> str:
        return "\n".join(f"{n}: {t}" for n, t in zip(NAMES, self.texts, strict=True))

    def _repr_html_(self) -> str:
        folded = (
            f"<details><summary>Hint {i}: {name}</summary>{_paragraphs(text)}</details>"
            for i, (name, text) in enumerate(zip(NAMES, self.texts, strict=True), 1)
        )
        return f'<div class="ls-hints">{"".join(folded)}</div>'


def _paragraphs(text: str) -> str:
    """Return a hint as HTML; lines that begin with four spaces are code."""
    blocks = groupby(text.splitlines(), key=lambda line: line.startswith("    "))
    return "".join(
        f"<pre>{escape(dedent(chr(10).join(lines)))}</pre>"
        if is_code
        else f"<p>{with_code(' '.join(lines))}</p>"
        for is_code, lines in blocks
    )
