"""How the classic RNN, tanh(W x + U h + b), does the operations of a layer (torch.nn.RNN).

It has no gates. But a shouted tanh is a sign, exactly -1 or 1, and a unit that is full hears
nothing else: tanh(e v - 64) + tanh(64) = 0. So a layer with ReLUs or switches takes four. The
first carries every value and shouts the signs. The second turns each sign into a mute, exactly 0
or 1. The third mutes. The fourth adds the pairs of muted units, each alone: beside their 1 and
-1, a whisper of another channel would be lost.
"""

from __future__ import annotations

from typing import ClassVar

from lsrl_edu.backends.curvature import curved_product, curved_product_error
from lsrl_edu.backends.gadgets import (
    Cell,
    Factors,
    Gadget,
    factors_of,
    operation_of,
    sizes_of,
)
from lsrl_edu.backends.units import Channels, Sum, Unit, channel, sums
from lsrl_edu.backends.volume import FULL, OPEN
from lsrl_edu.compiler.layers import Layer
from lsrl_edu.numbers import Number, quotient

ROWS = ("state", "relu", "carry", "left", "right")


class TanhRNN(Cell):
    """torch.nn.RNN as it is by default."""

    name = "tanh RNN"
    gates = ("n",)
    gadgets: ClassVar = {
        "state": Gadget("tanh(e (A s + u))", "exact"),
        "relu": Gadget(
            "m = tanh(64 - 64 tanh(K v)), tanh(e v - 64 m) + tanh(64 m); four layers",
            "exact unless 0 < |v| < 64 / K",
        ),
        "carry": Gadget("tanh(e v)", "exact"),
        "switch": Gadget(
            "m = tanh(64 - 64 tanh(2048 u - 1024)), tanh(e v - 64 m) + tanh(64 m); four layers",
            "exact",
        ),
        "product": Gadget("second difference of tanh at 2/3, at several scales", "extrapolated"),
    }

    def layers(self, layer: Layer) -> list[Channels]:
        """Return four layers of units where something is muted, else one."""
        rows = {name: sums(layer, name) for name in ROWS}
        signs = self._signs(layer, rows)
        if not signs:
            return super().layers(layer)
        flat = [Sum(v.below, (), v.bias) for name in ROWS for v in rows[name]]
        shouted = {key: len(flat) + k for k, key in enumerate(signs)}
        first = [self.carry(value) for value in flat]
        first += [[Unit({"n": sign}, 1)] for sign in signs.values()]
        second = [self.carry(channel(i)) for i in range(len(flat))]
        second += [[self._mute(shouted[key])] for key in signs]
        fourth = [self.carry(channel(i)) for i in range(layer.width)]
        return [first, second, self._third(layer, shouted), fourth]

    def _signs(self, layer: Layer, rows: dict[str, list[Sum]]) -> dict[tuple[str, int], Sum]:
        """Return what is shouted for each ReLU and each switch: 1 for on, -1 for off."""
        signs = {
            ("relu", i): v.times(self.volume.loud(v.largest)) for i, v in enumerate(rows["relu"])
        }
        for i, known in enumerate(factors_of(layer)):
            if operation_of(known) == "switch":
                on = rows["left" if known[0].is_boolean else "right"][i]
                signs["product", i] = on.times(2 * OPEN).plus(-OPEN)
        return signs

    def _mute(self, sign: int) -> Unit:
        """Return the unit that is 0 where the sign is 1, and 1 where it is -1.

        Exactly 0: added to a whisper in the next layer, anything else would drown it.
        """
        return Unit({"n": Sum(((sign, -FULL),), (), FULL)}, 1)

    def _third(self, layer: Layer, muted: dict[tuple[str, int], int]) -> Channels:
        """Return the third layer: it reads the rows of the layer, and what mutes them."""
        place = layer.split_rows()
        read = {
            name: [channel(i) for i in range(*place[name].indices(layer.W.shape[0]))]
            for name in ROWS
        }
        driven = [Sum(v.below, layer.A.rows[i]) for i, v in enumerate(read["state"])]
        channels = self.states(layer, driven)
        channels += [self._muted(v, muted["relu", i]) for i, v in enumerate(read["relu"])]
        channels += [self.carry(value) for value in read["carry"]]
        for i, known in enumerate(factors_of(layer)):
            u, v = read["left"][i], read["right"][i]
            if ("product", i) in muted:
                channels.append(self._muted(v if known[0].is_boolean else u, muted["product", i]))
            else:
                channels.append(self.product(u, v, sizes_of(known)))
        return channels

    def _muted(self, value: Sum, mute: int) -> list[Unit]:
        """Return units for v where the mute is 0, and for 0 where it is 1."""
        full = Sum(((mute, FULL),))
        readout = quotient(1, self.volume.whisper)
        heard = value.times(self.volume.whisper) + full.times(-1)
        return [Unit({"n": heard}, readout), Unit({"n": full}, readout)]

    def state(self, value: Sum, start: Number, keeps: bool) -> list[Unit]:
        """s = e h."""
        whisper = self.volume.whisper
        return [Unit({"n": value.times(whisper)}, quotient(1, whisper), start * whisper)]

    def relu(self, value: Sum) -> list[Unit]:
        """Not in one layer."""
        raise NotImplementedError("a ReLU takes four layers of tanh units: see layers()")

    def switch(self, on: Sum, value: Sum) -> list[Unit]:
        """Not in one layer."""
        raise NotImplementedError("a switch takes four layers of tanh units: see layers()")

    def product(self, u: Sum, v: Sum, sizes: tuple[Number, Number]) -> list[Unit]:
        """u v from the curvature of tanh."""
        return [Unit({"n": i}, k) for i, k in curved_product(u, v, sizes, self.volume)]

    def error(self, operation: str, factors: Factors) -> float:
        """All exact but the product."""
        return curved_product_error(self.volume, factors) if operation == "product" else 0.0
