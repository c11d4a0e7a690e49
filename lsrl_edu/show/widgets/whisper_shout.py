"""An activation at an amplitude: how far it is from a line, and how far from a switch.

Every error is measured here, with torch's own functions, for each activation, dtype and
amplitude of the grid. The page only picks (``whisper_shout.js``), so it works without a kernel.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import anywidget
import traitlets

from lsrl_edu.show.widgets.sources import source

QUESTION = "At which amplitude does an activation become a line, and at which a switch?"
DTYPES = ("float64", "float32", "bfloat16")
EXPONENTS = tuple(range(-60, 61))
"""The amplitude is 2 to one of these."""
DRAWN = 8
"""Beyond 2^-8 and 2^8 a picture shows no difference any more."""
WIDTH = 2
"""The activation is looked at on [-WIDTH, WIDTH]."""
PIECES = 40
"""A picture is a polygon with one corner more."""
APART = 0.5
"""What a switch is asked for: numbers at least this far from 0. A boolean minus 1/2 is."""
HARDEST = (1.2784645427610738, 0.7517915246935645)
"""a x at which SiLU and GELU are furthest from ReLU."""


@dataclass(frozen=True)
class Shape:
    """An activation f, and how it is read as a line and as a switch.

    Attributes:
        name: as people write it.
        line: its reading as a line, of x and the amplitude a; the line is y = x.
        switch: its reading as a switch.
        line_text, switch_text: the same in words.
        ideal: ``sign``, ``step`` or ``relu``: what the switch should be.
    """

    name: str
    line: Callable[[Any, float], Any]
    switch: Callable[[Any, float], Any]
    line_text: str
    switch_text: str
    ideal: str


@cache
def shapes() -> tuple[Shape, ...]:
    """Return the four activations."""
    import torch
    from torch.nn.functional import gelu, silu

    def by_amplitude(f: Callable, factor: float) -> Callable:
        return lambda x, a: factor * f(a * x) / a

    def half(x: Any, a: float) -> Any:
        return 4 * (torch.sigmoid(a * x) - 0.5) / a

    return (
        Shape("tanh", by_amplitude(torch.tanh, 1), lambda x, a: torch.tanh(a * x),
              "tanh(a x) / a", "tanh(a x)", "sign"),
        Shape("sigmoid", half, lambda x, a: torch.sigmoid(a * x),
              "4 (sigmoid(a x) − 1/2) / a", "sigmoid(a x)", "step"),
        Shape("SiLU", by_amplitude(silu, 2), by_amplitude(silu, 1),
              "2 SiLU(a x) / a", "SiLU(a x) / a", "relu"),
        Shape("GELU", by_amplitude(gelu, 2), by_amplitude(gelu, 1),
              "2 GELU(a x) / a", "GELU(a x) / a", "relu"),
    )  # fmt: skip


def errors(shape: Shape, dtype: str, exponent: int) -> tuple[float, float]:
    """Return the largest error as a line and as a switch, on [-2, 2] at amplitude 2^exponent.

    Computed in the dtype, compared in float64. A switch that is a step is asked for numbers at
    least APART from 0 only; one that is a ReLU, for all.
    """
    import torch

    a = 2.0**exponent
    x = _points(a).to(getattr(torch, dtype))
    wide = x.double()
    far = torch.ones_like(wide, dtype=torch.bool) if shape.ideal == "relu" else wide.abs() >= APART
    line = (shape.line(x, a).double() - wide).abs().max()
    switch = (shape.switch(x, a).double() - _ideal(shape, wide))[far].abs().max()
    return float(line), float(switch)


def _points(a: float) -> Any:
    """Even points, and those where a ReLU is hardest: (n,) in float64."""
    import torch

    hard = [sign * at / a for at in HARDEST for sign in (1, -1) if at / a <= WIDTH]
    even = torch.arange(-400, 401, dtype=torch.float64) * WIDTH / 400
    return torch.cat([even, torch.tensor(hard, dtype=torch.float64)])


def _ideal(shape: Shape, x: Any) -> Any:
    import torch

    kinds = {"sign": torch.sign, "relu": torch.relu, "step": lambda x: (torch.sign(x) + 1) / 2}
    return kinds[shape.ideal](x)


def whisper_shout_data(
    activation: str = "tanh", dtype: str = "float64", exponent: int = 0, question: str = QUESTION
) -> dict[str, Any]:
    """Return everything the page shows, as plain JSON values.

    Args:
        activation: the one shown first: tanh, sigmoid, SiLU or GELU.
        dtype: float64, float32 or bfloat16.
        exponent: the amplitude shown first is 2 to this, from -60 to 60.
        question: the question that moving the slider answers.

    Returns:
        ``shapes``: each with ``errors``: dtype -> [line, switch] for each of ``exponents``; and
        with ``lines``, ``switches``: the corners of a picture for each of ``drawn``.
        ``start``: position in the grid shapes x dtypes x exponents, the last running fastest.

    Raises:
        ValueError: for an activation, dtype or exponent that is not there.
    """
    names = [shape.name for shape in shapes()]
    at = names.index(activation), DTYPES.index(dtype), EXPONENTS.index(exponent)
    return {
        "question": question,
        "title": "Whisper and shout",
        "width": WIDTH,
        "apart": APART,
        "dtypes": list(DTYPES),
        "exponents": list(EXPONENTS),
        "drawn": [-DRAWN, DRAWN],
        "shapes": _tables(),
        "start": (at[0] * len(DTYPES) + at[1]) * len(EXPONENTS) + at[2],
    }


@cache
def _tables() -> list[dict[str, Any]]:
    return [_table(shape) for shape in shapes()]


def _table(shape: Shape) -> dict[str, Any]:
    drawn = range(-DRAWN, DRAWN + 1)
    return {
        "name": shape.name,
        "lineText": shape.line_text,
        "switchText": shape.switch_text,
        "ideal": shape.ideal,
        "errors": {
            dtype: [[float(f"{e:.1e}") for e in errors(shape, dtype, k)] for k in EXPONENTS]
            for dtype in DTYPES
        },
        "lines": [_corners(shape.line, 2.0**k) for k in drawn],
        "switches": [_corners(shape.switch, 2.0**k) for k in drawn],
    }


def _corners(reading: Callable, a: float) -> list[float]:
    import torch

    x = torch.linspace(-WIDTH, WIDTH, PIECES + 1, dtype=torch.float64)
    return [round(y, 3) for y in reading(x, a).tolist()]


class WhisperShout(anywidget.AnyWidget):
    """The thin shell around :func:`whisper_shout_data`; ``choice`` is the place in the grid."""

    _esm = source("whisper_shout.js")
    _css = source("whisper_shout.css")
    data = traitlets.Dict().tag(sync=True)
    choice = traitlets.Int(0).tag(sync=True)

    def __init__(self, **options: Any):
        data = whisper_shout_data(**options)
        super().__init__(data=data, choice=data["start"])

    def __repr__(self) -> str:
        return f"<Whisper and shout: {len(shapes())} activations, {len(DTYPES)} dtypes>"


def whisper_shout(**options: Any) -> WhisperShout:
    """Return the widget; ``options`` as for :func:`whisper_shout_data`."""
    return WhisperShout(**options)
