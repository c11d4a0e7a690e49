"""Scales of channels: the same network, with the large weights where they do no harm.

ReLU(k u) = k ReLU(u) for k > 0, so every ReLU (and carry) may be made k times larger, if what
reads it divides by k. The normal form makes directions primitive and leaves the factors to the
readers: 1024 ReLU(q - 1/2048). In exact numbers that does not matter. Under absolute noise it does:
a bias of 1/2048 is gone at a noise of 1e-3, and a reader that multiplies by 1024 multiplies the
noise too. Balanced, the same ReLU is ReLU(1024 q - 1/2), read with a weight of 1.
"""

from __future__ import annotations

from dataclasses import replace

from lsrl_edu.compiler.layers import Layer, Layers
from lsrl_edu.numbers import Matrix, Number, quotient


def balanced(layers: Layers) -> Layers:
    """Return the same network, no ReLU or carry read with a weight above 1 or all below 1/2.

    The factors are powers of two; states and products keep their scale.
    """
    readers = layers.readout
    done: list[Layer] = []
    for layer in reversed(layers.layers):
        factors = _factors(layer, readers)
        shrink = _diagonal([quotient(1, k) for k in factors])
        if done:
            done[-1] = replace(done[-1], W=done[-1].W @ shrink)
        else:
            layers = replace(layers, readout=layers.readout @ shrink)
        done.append(_scaled(layer, factors))
        readers = done[-1].W
    return replace(layers, layers=tuple(reversed(done)))


def _factors(layer: Layer, readers: Matrix) -> list[Number]:
    """Return for each channel what it is multiplied by: its largest reader's weight."""
    largest: dict[int, Number] = {}
    for row in readers.rows:
        for channel, weight in row:
            largest[channel] = max(largest.get(channel, 0), abs(weight))
    free = {"relu", "carry"}
    return [
        _power(largest[i]) if kind in free and largest.get(i) else 1
        for i, kind in enumerate(layer.kinds)
    ]


def _power(value: Number) -> Number:
    """Return the smallest power of two that is not below ``value``."""
    power: Number = 1
    while power < value:
        power *= 2
    while quotient(power, 2) >= value:
        power = quotient(power, 2)
    return power


def _scaled(layer: Layer, factors: list[Number]) -> Layer:
    """Return the layer with its ReLU and carry channels made larger."""
    of_rows = factors + [1] * layer.products  # a product has two rows
    grow = _diagonal(of_rows)
    ranges = tuple(r.scaled(k) for r, k in zip(layer.ranges, factors, strict=True))
    return replace(layer, W=grow @ layer.W, b=grow @ layer.b, ranges=ranges)


def _diagonal(values: list[Number]) -> Matrix:
    return Matrix((((i, v),) for i, v in enumerate(values)), len(values))
