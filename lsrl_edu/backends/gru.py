"""How a GRU cell does the operations of a layer (torch.nn.GRU, gates r, z, n).

::

    r, z = sigmoid(...)    n_t = tanh(W_in x + b_in + r (W_hn h_{t-1} + b_hn))
    h_t = (1 - z) n_t + z h_{t-1}

The update gate z stays closed: whatever it lets through of h_{t-1} cannot be taken away again.
(That is the slip in the paper's Appendix C.3, which multiplies with z.) The gate that works as a
switch is r, on the constant b_hn: a unit that is full hears nothing, tanh(e v - 64) + tanh(64) = 0.

These two units, 1 and -1, are summed alone, in a layer of their own: a whisper e v' of another
channel in the same sum would be lost beside a 1.
"""

from __future__ import annotations

from typing import ClassVar

from lsrl_edu.backends.curvature import curved_product, curved_product_error
from lsrl_edu.backends.gadgets import Cell, Factors, Gadget, is_muted
from lsrl_edu.backends.units import Channels, Sum, Unit, channel
from lsrl_edu.backends.volume import FULL, OPEN
from lsrl_edu.compiler.layers import Layer
from lsrl_edu.numbers import Number, quotient

ON, OFF = Sum(bias=OPEN), Sum(bias=-OPEN)


class GRU(Cell):
    """torch.nn.GRU. The gate ``m`` is what r multiplies: W_hn h + b_hn."""

    name = "GRU"
    gates = ("r", "z", "n", "m")
    gadgets: ClassVar = {
        "state": Gadget("z = 0, r = 1, n = tanh(e (A s + u))", "exact"),
        "relu": Gadget(
            "z = 0, r = sigmoid(-K v), tanh(e v - 64 r) + tanh(64 r); two layers",
            "exact unless 0 < |v| < 1024 / K",
        ),
        "carry": Gadget("z = 0, n = tanh(e v)", "exact"),
        "switch": Gadget(
            "z = 0, r = sigmoid(2048 (1/2 - u)), tanh(e v - 64 r) + tanh(64 r); two layers",
            "exact",
        ),
        "product": Gadget("second difference of tanh at 2/3, at several scales", "extrapolated"),
    }

    def layers(self, layer: Layer) -> list[Channels]:
        """Return one layer of units, and where something is muted one more that adds the pairs."""
        (channels,) = super().layers(layer)
        if not is_muted(layer):
            return [channels]
        return [channels, [self.carry(channel(i)) for i in range(layer.width)]]

    def _unit(self, gates: dict[str, Sum], start: Number = 0) -> Unit:
        return Unit({"z": OFF, "r": ON} | gates, quotient(1, self.volume.whisper), start)

    def state(self, value: Sum, start: Number, keeps: bool) -> list[Unit]:
        """s = e h, with the recurrent part behind an open r."""
        whispered = value.times(self.volume.whisper)
        drive, own = Sum(whispered.below, (), whispered.bias), Sum((), whispered.before)
        return [self._unit({"n": drive, "m": own}, start * self.volume.whisper)]

    def _muted(self, value: Sum, mute: Sum) -> list[Unit]:
        """Return units for e v where ``mute`` closes r, and for -1 + 1 where it opens it."""
        n = value.times(self.volume.whisper)
        full = Sum(bias=FULL)
        parts = [{"n": n, "m": full.times(-1), "r": mute}, {"m": full, "r": mute}]
        return [self._unit(gates) for gates in parts]

    def relu(self, value: Sum) -> list[Unit]:
        """r is 1 where v < 0."""
        return self._muted(value, value.times(-self.volume.loud(value.largest)))

    def switch(self, on: Sum, value: Sum) -> list[Unit]:
        """r is 1 where u = 0."""
        return self._muted(value, on.times(-2 * OPEN).plus(OPEN))

    def product(self, u: Sum, v: Sum, sizes: tuple[Number, Number]) -> list[Unit]:
        """u v from the curvature of tanh."""
        parts = curved_product(u, v, sizes, self.volume)
        return [Unit({"z": OFF, "n": inside}, readout) for inside, readout in parts]

    def error(self, operation: str, factors: Factors) -> float:
        """All exact but the product."""
        return curved_product_error(self.volume, factors) if operation == "product" else 0.0
