"""How loud: the powers of two at which a dtype makes an activation a line or a switch.

A smooth activation is *linear when whispered* and *a switch when shouted*, and floating point
makes both exact, because it keeps relative precision:

- tanh(x) = x - x^3/3 + ..., so tanh(x) rounds to x once x^2/3 is below half a unit in the last
  place: |x| < 2^-27 in float64, 2^-13 in float32, 2^-5 in bfloat16. Scaling by a power of two
  costs nothing, so tanh(e v) / e = v bit for bit.
- sigmoid(1024) = 1 and sigmoid(-1024) = 0 in every dtype, tanh(64) = 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from lsrl_edu.numbers import Number

OPEN = 1024
"""sigmoid(OPEN) is 1 and sigmoid(-OPEN) is 0, exactly, in float64, float32 and bfloat16."""
FULL = 64
"""tanh(FULL) is 1, exactly, in float64, float32 and bfloat16."""


@dataclass(frozen=True)
class Level:
    """One scale of a product, and its share (see :func:`richardson`)."""

    scale: Fraction
    share: Fraction


@dataclass(frozen=True)
class Volume:
    """The scales that suit a dtype.

    Attributes:
        digits: binary digits that the dtype keeps.
        whisper: values v travel as whisper * v.
        linear: tanh(x) is x, bit for bit, for |x| up to this.
        shout: a switch multiplies by this, or by less where ``loudest`` would be exceeded.
        loudest: no weight gets larger.
        sigmoid_levels: (largest scale, ratio, number) of the levels of a product sigmoid * tanh.
        tanh_levels: the same for a product as a second difference of tanh.
        gate: the bias that opens a gate of an LSTM, and closes it with a minus.
    """

    digits: int
    whisper: Fraction
    linear: Fraction
    shout: int
    loudest: int
    sigmoid_levels: tuple[Fraction, Fraction, int]
    tanh_levels: tuple[Fraction, Fraction, int]
    gate: int = OPEN

    @property
    def reach(self) -> Number:
        """The largest |v| that is whispered without being bent."""
        return self.linear / self.whisper

    def loud(self, largest: Number) -> int:
        """Return the factor of a switch whose largest weight, before it, is ``largest``."""
        factor = self.shout
        while factor > 1 and factor * largest / self.whisper > self.loudest:
            factor //= 2
        return factor


def _power(exponent: int) -> Fraction:
    return Fraction(2) ** exponent


HALF, SLOW = Fraction(1, 2), Fraction(3, 4)
VOLUMES = {
    "float64": Volume(53, _power(-100), _power(-27), 2**200, 2**900,
                      (HALF, HALF, 5), (_power(-3), SLOW, 6)),
    "float32": Volume(24, _power(-40), _power(-13), 2**80, 2**120,
                      (HALF, HALF, 3), (_power(-2), HALF, 3)),
    "bfloat16": Volume(8, _power(-40), _power(-6), 2**80, 2**120,
                       (Fraction(1), HALF, 1), (HALF, HALF, 1)),
}  # fmt: skip
"""By dtype. The levels are those with the smallest measured error."""


def richardson(levels: tuple[Fraction, Fraction, int]) -> tuple[Level, ...]:
    """Return scales d_k and shares w_k that leave the linear term of an odd or even series alone.

    sum w_k = 1 and sum w_k d_k^(2j) = 0 for j = 1, ..., m - 1: Richardson extrapolation in d^2.
    """
    largest, ratio, count = levels
    scales = [largest * ratio**k for k in range(count)]
    return tuple(Level(d, _share(d, scales)) for d in scales)


def _share(d: Fraction, scales: list[Fraction]) -> Fraction:
    """Lagrange's polynomial of d^2 at 0."""
    share = Fraction(1)
    for other in scales:
        if other != d:
            share *= other**2 / (other**2 - d**2)
    return share
