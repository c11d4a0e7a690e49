"""An eigenvalue in the plane: what a linear state with it remembers, and what it can count.

The state is s_t = a s_{t-1} + x_t with a = r e^{i theta}; as real numbers, a is a 2 x 2 block
r [[cos, -sin], [sin, cos]]. The page computes the same story itself (``eigenvalue_picker.js``),
with the same operations in the same order, so it works without a kernel.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import accumulate
from math import cos, gcd, log, pi
from typing import Any

import anywidget
import traitlets

from lsrl_edu.backends.diagonal import FADES, GROWS, REMEDIES, THEOREM
from lsrl_edu.errors import DomainError
from lsrl_edu.show.widgets.sources import source

QUESTION = (
    "What does a linear state with this eigenvalue remember of an element t steps ago, "
    "and what can it count?"
)
INPUTS = ("one pulse", "1 each time")
SIZES, ANGLES = 120, 180
"""The size r goes up to 120 hundredths, the angle up to 180 whole degrees."""
STEPS = 40
"""The states of t = 0, ..., STEPS are drawn."""
LATER = 10
"""The sentence says what is left of an element after so many steps."""
FREE = ("linear_rnn", "rnn", "tanh_rnn", "lstm", "gru")
"""Targets that can have any eigenvalue."""
DIAGONAL = ("mamba", "mamba2", "hawk", "griffin")
"""Targets whose transition is diagonal, with entries in [0, 1]."""
PRESETS = (
    ("1: keep", 1, 0),
    ("1/2: forget", 0.5, 0),
    ("0: only now", 0, 0),
    ("−1: clock mod 2", 1, 180),
    ("third turn: clock mod 3", 1, 120),
    ("quarter turn: clock mod 4", 1, 90),
    ("1.05: grows", 1.05, 0),
)
"""Name, size and angle."""


@dataclass(frozen=True)
class Story:
    """What an eigenvalue a = r e^{i theta} does; every state starts at 0.

    Attributes:
        kind: ``"only now"``, ``"fades"``, ``"keeps"`` or ``"grows"``.
        half_life: elements until half of an element is left; None unless it fades.
        doubling: elements until an element weighs twice as much; None unless it grows.
        period: elements until a^t points the same way as at t = 0; None for a = 0.
        size: |a|^t for t = 0, ..., 40.
        pulse: the real part of a^t, which is the state after a single 1 at t = 0.
        constant: the real part of the state that gets a 1 at each element.
        diagonal: whether a diagonal transition in [0, 1] can have it.
        refusal: why it cannot, in the compiler's words; empty where it can.
        sentence: all of it but the refusal, in words.
    """

    kind: str
    half_life: float | None
    doubling: float | None
    period: int | None
    size: tuple[float, ...]
    pulse: tuple[float, ...]
    constant: tuple[float, ...]
    diagonal: bool
    refusal: str
    sentence: str


def eigenvalue_story(r: float, theta: int) -> Story:
    """Return what the eigenvalue r e^{i theta} remembers and counts.

    Args:
        r: its size, in hundredths, from 0 to 1.2.
        theta: its angle in whole degrees, from 0 to 180. Below the axis all is mirrored.

    Raises:
        DomainError: for a size or an angle that is not on this grid.
    """
    n, theta = _place(r, theta)
    r = n / 100
    # repeated products, not powers: the page computes the very same numbers
    size = tuple(accumulate([r] * STEPS, lambda held, a: held * a, initial=1.0))
    pulse = tuple(held * cosine(t * theta) for t, held in enumerate(size))
    diagonal = n == 0 or (theta == 0 and n <= 100)
    return Story(
        kind="only now" if n == 0 else "fades" if n < 100 else "keeps" if n == 100 else "grows",
        half_life=log(0.5) / log(r) if 0 < n < 100 else None,
        doubling=log(2) / log(r) if n > 100 else None,
        period=360 // gcd(360, theta) if n else None,
        size=size,
        pulse=pulse,
        constant=tuple(accumulate(pulse)),
        diagonal=diagonal,
        refusal="" if diagonal else refusals()[(n > 100) - (n < 100) + 1],
        sentence=" ".join([_name(r, theta), _memory(r, size), _turn(n, theta), _count(n, theta),
                           _targets(n, theta, diagonal)]).replace("  ", " "),
    )  # fmt: skip


def _place(r: float, theta: int) -> tuple[int, int]:
    """Return r in hundredths and theta as an int."""
    n = round(r * 100) if 0 <= r <= SIZES / 100 else -1
    if n < 0 or abs(n - r * 100) > 1e-9:
        raise DomainError(f"The size of the eigenvalue is {r}; take hundredths from 0 to 1.2.")
    if not 0 <= theta <= ANGLES or theta != int(theta):
        raise DomainError(f"The angle is {theta}; take whole degrees from 0 to {ANGLES}.")
    return n, int(theta)


def cosine(degrees: int) -> float:
    """Return the cosine of whole degrees, exact where it is 0, 1/2 or 1."""
    degrees %= 360
    degrees = min(degrees, 360 - degrees)
    if degrees > 90:
        return -cosine(180 - degrees)
    return {60: 0.5, 90: 0.0}.get(degrees, cos(degrees * pi / 180))


def refusals() -> tuple[str, str, str]:
    """Return the compiler's reasons where the eigenvalue is not in [0, 1] and r < 1, = 1, > 1."""
    return f"{FADES}.", f"{THEOREM}. {REMEDIES}.", f"{GROWS}."


# --- in words; eigenvalue_picker.js says the same -------------------------------------------------
def plain(x: float, digits: int = 2) -> str:
    """Return a number with at most so many decimals, halves rounded away from 0 as a page does."""
    rounded = Decimal(x).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    text = f"{abs(rounded):f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"−{text}" if rounded < 0 else text


def _elements(count: float) -> str:
    text = plain(count, 1 if count < 10 else 0)
    return f"{text} element" if text == "1" else f"{text} elements"


def _name(r: float, theta: int) -> str:
    if r == 0 or theta in (0, 180):
        return f"a = {plain(r * cosine(theta))}."
    x, y = r * cosine(theta), r * cosine(90 - theta)
    return f"a = {plain(x)} + {_times_i(y)} (size {plain(r)}, angle {theta}°)."


def _memory(r: float, size: tuple[float, ...]) -> str:
    if r == 0:
        return "Only now: one step later nothing is left of an element."
    if r == 1:
        return "It keeps for ever: an element counts in full, however long ago it was."
    if r > 1:
        return (
            f"It grows: an element weighs twice as much after {_elements(log(2) / log(r))}, "
            f"and {plain(size[LATER])} times as much {LATER} steps later."
        )
    percent = 100 * size[LATER]
    digits = 2 if percent < 1 else 1 if percent < 10 else 0
    left = f"{plain(percent, digits)} %" if percent >= 0.01 else "less than 0.01 %"
    half = _elements(log(0.5) / log(r))
    return (
        f"It fades: its half-life is {half}, and {LATER} steps later {left} of an element is left."
    )


def _turn(n: int, theta: int) -> str:
    if n == 0:
        return ""
    if theta == 0:
        return "It does not turn."
    if theta == 180:
        return "It changes its sign at each element: the period is 2."
    period = 360 // gcd(360, theta)
    return f"It turns by {theta}° at each element, and points the same way again after {period}."


def _count(n: int, theta: int) -> str:
    fed = "Fed a 1 at each element,"
    if n > 100:
        return f"{fed} it grows without end{', swinging' if theta else ''}."
    if n == 100 and theta == 0:
        return f"{fed} it goes 1, 2, 3, …: it counts them all."
    if n == 100:
        period = 360 // gcd(360, theta)
        return f"{fed} it runs through {period} values and starts again: it counts modulo {period}."
    return f"{fed} it settles at {_limit(n / 100, theta)}, so no count lasts."


def _limit(r: float, theta: int) -> str:
    """Return 1 / (1 - a), where the state settles."""
    x, y = 1 - r * cosine(theta), r * cosine(90 - theta)
    below = x * x + y * y
    beside = "" if plain(y / below) == "0" else f" + {_times_i(y / below)}"
    return plain(x / below) + beside


def _times_i(y: float) -> str:
    return "i" if plain(y) == "1" else f"{plain(y)}i"


def _targets(n: int, theta: int, diagonal: bool) -> str:
    block = "" if n == 0 or theta in (0, 180) else ", as a 2 × 2 block"
    fits = ", for as long as its numbers fit" if n > 100 else ""
    free, held = ", ".join(FREE), ", ".join(DIAGONAL)
    return f"{free} can have it{block}{fits}; {held} {'can too' if diagonal else 'cannot'}."


# --- the widget -----------------------------------------------------------------------------------
def picker_data(
    r: float = 1, theta: int = 0, fed: str = INPUTS[0], question: str = QUESTION
) -> dict[str, Any]:
    """Return what the page needs, as plain JSON values.

    Args:
        r, theta: the eigenvalue shown first, as for :func:`eigenvalue_story`.
        fed: what the state gets at first: ``"one pulse"`` or ``"1 each time"``.
        question: the question that moving the eigenvalue answers.

    Returns:
        ``start``: place in the grid sizes x angles x inputs, the last running fastest.

    Raises:
        DomainError: for an eigenvalue off the grid, or another input.
    """
    n, theta = _place(r, theta)
    if fed not in INPUTS:
        raise DomainError(f"The state cannot be fed {fed!r}; take {INPUTS[0]!r} or {INPUTS[1]!r}.")
    return {
        "question": question,
        "title": "Eigenvalue picker",
        "inputs": list(INPUTS),
        "sizes": [SIZES + 1, ANGLES + 1, len(INPUTS)],
        "steps": STEPS,
        "later": LATER,
        "free": list(FREE),
        "diagonal": list(DIAGONAL),
        "refusals": list(refusals()),
        "presets": [[name, *_place(size, angle)] for name, size, angle in PRESETS],
        "start": (n * (ANGLES + 1) + theta) * len(INPUTS) + INPUTS.index(fed),
    }


class EigenvaluePicker(anywidget.AnyWidget):
    """The thin shell around :func:`picker_data`; ``choice`` is the place in the grid."""

    _esm = source("eigenvalue_picker.js")
    _css = source("eigenvalue_picker.css")
    data = traitlets.Dict().tag(sync=True)
    choice = traitlets.Int(0).tag(sync=True)

    def __init__(self, **options: Any):
        data = picker_data(**options)
        super().__init__(data=data, choice=data["start"])

    def __repr__(self) -> str:
        rest, _ = divmod(self.choice, len(INPUTS))
        n, theta = divmod(rest, ANGLES + 1)
        return f"<Eigenvalue picker: size {plain(n / 100)}, angle {theta} degrees>"


def pick_eigenvalue(**options: Any) -> EigenvaluePicker:
    """Return the widget; ``options`` as for :func:`picker_data`."""
    return EigenvaluePicker(**options)
