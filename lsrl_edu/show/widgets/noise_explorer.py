"""A level of noise, a program, a protocol: how many tokens of the look-up are wrong?

The page shows what was measured (``lsrl_edu/study/robustness.py``); it only picks
(``noise_explorer.js``), so it works without a kernel.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import anywidget
import traitlets

from lsrl_edu.show.widgets.sources import source
from lsrl_edu.study.noise import DRIFT, OVERWRITTEN
from lsrl_edu.study.table import Row

QUESTION = "How much noise does each way of writing the look-up stand?"
PROGRAMS = {
    "published, original": "published, original",
    "published, multiplicative": "published, multiplicative",
    "multiplicative, short way": "multiplicative, our compiler",
    "robust, copies=1": "robust, 1 copy",
    "robust, copies=4": "robust, 4 copies",
}
"""Name in the table -> what the button says."""
STATES = {OVERWRITTEN: "overwritten", DRIFT: "left to drift"}
SURE = 1.96
"""Standard deviations on each side of a 95 % interval."""


def interval(share: float, count: int) -> tuple[float, float]:
    """Return Wilson's 95 % interval of a share that was found in ``count`` trials, (low, high).

    A trial is a draw of noise and not a token, since the tokens of a draw fail together. Shares
    between 0 and 1 vary less than zeros and ones do, so the interval is rather too wide.

    Raises:
        ValueError: for a share outside [0, 1], or no trials.
    """
    if not 0 <= share <= 1 or count < 1:
        raise ValueError(f"share={share}, count={count}: a share of at least one trial, please.")
    square = SURE**2 / count
    middle = (share + square / 2) / (1 + square)
    half = SURE * math.sqrt(share * (1 - share) / count + square / (4 * count)) / (1 + square)
    return max(0.0, middle - half), min(1.0, middle + half)


def noise_data(
    rows: Iterable[Row],
    program: str = "published, multiplicative",
    states: str = OVERWRITTEN,
    level: float = 1e-7,
    question: str = QUESTION,
) -> dict[str, Any]:
    """Return everything the page shows, as plain JSON values.

    Args:
        rows: the table; every program with both protocols, all at the same levels. Rows of other
            programs and of level 0 are left out.
        program: the one shown first, a key of PROGRAMS.
        states: ``overwritten`` or ``drift``.
        level: the level shown first.
        question: the question that moving the slider answers.

    Returns:
        ``cells``: program -> protocol -> level -> [% wrong, low, high, draws with an error];
        ``start``: position in the grid programs x states x levels, the last running fastest.

    Raises:
        ValueError: for a program, protocol or level that is not there, or a hole in the table.
    """
    found: dict[tuple[str, str, float], list[float]] = {}
    for row in rows:
        if row.network in PROGRAMS and row.level > 0:
            found.setdefault((row.network, row.states, row.level), []).append(row.wrong)
    levels = sorted({key[2] for key in found})
    grid = [[[(p, s, v) for v in levels] for s in STATES] for p in PROGRAMS]
    if missing := [key for plane in grid for line in plane for key in line if key not in found]:
        raise ValueError(f"The table has no rows for {missing[0]}.")
    at = list(PROGRAMS).index(program), list(STATES).index(states), levels.index(level)
    return {
        "question": question,
        "title": "Noise explorer",
        "programs": list(PROGRAMS.values()),
        "states": list(STATES.values()),
        "levels": levels,
        "draws": min(map(len, found.values())),
        "cells": [[[_cell(found[key]) for key in line] for line in plane] for plane in grid],
        "start": (at[0] * len(STATES) + at[1]) * len(levels) + at[2],
    }


def _cell(wrong: list[float]) -> list[float]:
    mean = sum(wrong) / len(wrong)
    low, high = interval(mean / 100, len(wrong))
    return [round(mean, 1), round(100 * low, 1), round(100 * high, 1), sum(v > 0 for v in wrong)]


class NoiseExplorer(anywidget.AnyWidget):
    """The thin shell around :func:`noise_data`; ``choice`` is the place in the grid."""

    _esm = source("noise_explorer.js")
    _css = source("noise_explorer.css")
    data = traitlets.Dict().tag(sync=True)
    choice = traitlets.Int(0).tag(sync=True)

    def __init__(self, rows: Iterable[Row], **options: Any):
        data = noise_data(rows, **options)
        super().__init__(data=data, choice=data["start"])

    def __repr__(self) -> str:
        levels = self.data["levels"]
        return f"<Noise explorer: {len(PROGRAMS)} programs, {levels[0]:g} to {levels[-1]:g}>"


def explore_noise(rows: Iterable[Row], **options: Any) -> NoiseExplorer:
    """Return the widget; arguments as for :func:`noise_data`."""
    return NoiseExplorer(rows, **options)
