"""How an LSTM cell does the operations of a layer (torch.nn.LSTM, gates i, f, g, o).

::

    i, f, o = sigmoid(...)    g = tanh(...)    c_t = f c_{t-1} + i g    h_t = o tanh(c_t)

Everything is whispered: h = e v, with e a power of two so small that tanh(e v) = e v bit for bit.
Paper, Appendix D, does this with every sigmoid and tanh replaced by a ReLU; here they stay.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import ClassVar

from lsrl_edu.backends.gadgets import Cell, Factors, Gadget
from lsrl_edu.backends.units import Sum, Unit
from lsrl_edu.backends.volume import richardson
from lsrl_edu.numbers import Number, quotient


class LSTM(Cell):
    """torch.nn.LSTM."""

    name = "LSTM"
    gates = ("i", "f", "g", "o")
    gadgets: ClassVar = {
        "state": Gadget("i = o = 1, f = 0, g = tanh(e (A s + u)); f = 1 where A = 1", "exact"),
        "relu": Gadget("o = sigmoid(K v), g = tanh(e v)", "within 0.28 / K"),
        "carry": Gadget("i = o = 1, f = 0, g = tanh(e v)", "exact"),
        "switch": Gadget("o = sigmoid(2048 (u - 1/2)), g = tanh(e v)", "exact"),
        "product": Gadget(
            "i = sigmoid(d u), g = tanh(e v), minus the same with d = 0, at several d",
            "extrapolated",
        ),
    }

    def _unit(self, value: Sum, readout: Number | None = None, **gates: Sum) -> Unit:
        whisper = self.volume.whisper
        on, off = Sum(bias=self.volume.gate), Sum(bias=-self.volume.gate)
        gates = {"i": on, "f": off, "o": on, "g": value.times(whisper)} | gates
        return Unit(gates, quotient(1, whisper) if readout is None else readout)

    def state(self, value: Sum, start: Number, keeps: bool) -> list[Unit]:
        """s = e h. Where A is 1 the cell itself adds up: c_t = c_{t-1} + e u."""
        first = start * self.volume.whisper
        if keeps:
            kept = self._unit(Sum(value.below, (), value.bias), f=Sum(bias=self.volume.gate))
            return [replace(kept, start=first, cell=first)]
        return [replace(self._unit(value), start=first)]

    def relu(self, value: Sum) -> list[Unit]:
        """v sigmoid(K v) is v or 0, but for |v| < 1024 / K."""
        return [self._unit(value, o=value.times(self.volume.loud(value.largest)))]

    def switch(self, on: Sum, value: Sum) -> list[Unit]:
        """The output gate is sigmoid(1024) = 1 or sigmoid(-1024) = 0."""
        gate = self.volume.gate
        return [self._unit(value, o=on.times(2 * gate).plus(-gate))]

    def product(self, u: Sum, v: Sum, sizes: tuple[Number, Number]) -> list[Unit]:
        """sigmoid(x) - 1/2 = x/4 - x^3/48 + ...: the odd terms above x go by extrapolation."""
        units, total = [], 0
        for level in richardson(self.volume.sigmoid_levels):
            factor = quotient(level.scale, sizes[0])  # d u / U
            readout = quotient(level.share * 4, factor * self.volume.whisper)
            units.append(self._unit(v, readout, i=u.times(factor)))
            total -= readout
        return [*units, self._unit(v, total, i=Sum())]

    def error(self, operation: str, factors: Factors) -> float:
        """0.2785 / K for a ReLU; truncation and rounding for a product."""
        if operation == "relu":
            return 0.2785 / float(self.volume.shout)
        if operation != "product":
            return 0.0
        levels = richardson(self.volume.sigmoid_levels)
        rounding = sum(8 * abs(level.share / level.scale) for level in levels)
        rest = _truncation(levels) + 2 * float(rounding) * 2.0**-self.volume.digits
        return rest * float(factors[0].magnitude) * float(factors[1].magnitude)


def _truncation(levels: tuple) -> float:
    """Return a bound on what extrapolation leaves of 4 (sigmoid(d u) - 1/2) / d - u, |u| <= 1.

    sigmoid(x) - 1/2 is the sum over odd k of 2x / (x^2 + k^2 pi^2). So the coefficient of
    x^(2j+1) is at most 2.2 / pi^(2j+2) in size.
    """
    count = len(levels)
    total = 0.0
    for j in range(count, count + 60):
        left = abs(sum(level.share * level.scale ** (2 * j) for level in levels))
        total += 4 * 2.2 * math.pi ** -(2 * j + 2) * float(left)
    return total
