"""Softer constants: weights that a gradient can move, and a bound on what they cost.

The exact constants (:mod:`lsrl_edu.backends.volume`) leave nothing to train: a gate at
sigmoid(1024) has the slope 0, and a whisper of 2^-100 is read with a weight of 2^100. Softer ones
have slopes of a usual size, and every output is a little wrong. How little is bounded here, from
the ranges that the compiler derived: channel by channel, layer by layer, step by step.

With e the whisper, K the shout, a the gates' bias and n = sigmoid(-a), an LSTM unit that should
pass on a value v, and is handed v + d, gives v + d' with::

    tanh:   |tanh(e v) / e - v| <= min(e^2 |v|^3 / 3, |v|)        twice, for g and for c
    gates:  n |v| each, where one should be open;  n |c before| where f should be closed
    ReLU:   |v sigmoid(K v) - ReLU(v)| <= 0.2785 / K
    switch: the gate is sigmoid(a (1 - 2 d)) instead of 1

The bound is over real numbers; the rounding of the dtype comes on top of it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np

from lsrl_edu.backends.gadgets import factors_of, operation_of
from lsrl_edu.backends.units import with_a_layer
from lsrl_edu.backends.volume import Volume
from lsrl_edu.compiler.layers import Layer, Layers
from lsrl_edu.errors import LSRLError, UnsupportedByTarget

LONGEST = 10_000
"""Steps that a bound is computed for."""
BEND_OF_RELU = 0.2785
"""max over x of x sigmoid(-x), rounded up."""


@dataclass(frozen=True)
class Soft:
    """The constants of a soft LSTM.

    Attributes:
        whisper: values v travel as whisper * v; from 0 to 1.
        shout: the factor K of a ReLU's switch.
        gate: the bias that opens a gate, and closes it with a minus.
    """

    whisper: float = 2.0**-8
    shout: int = 16
    gate: int = 8

    def __post_init__(self):
        if not (0 < self.whisper <= 1 and self.shout >= 1 and self.gate >= 1):
            raise LSRLError(f"{self}: whisper is more than 0 and up to 1, shout and gate from 1.")

    def volume(self, hard: Volume) -> Volume:
        """Return the volume of a dtype with these constants."""
        whisper = Fraction(self.whisper)
        return replace(hard, whisper=whisper, shout=self.shout, gate=self.gate)

    @property
    def facts(self) -> dict[str, float]:
        """The constants as plain data, which :func:`as_soft` reads."""
        return asdict(self)


def as_soft(given: Any) -> Soft | None:
    """Return what a reader means: True, a mapping of constants, or None and False for exact ones.

    Raises:
        LSRLError: for anything else.
    """
    if given is None or given is False:
        return None
    if given is True or isinstance(given, Soft):
        return Soft() if given is True else given
    names = list(Soft.__dataclass_fields__)
    if isinstance(given, Mapping) and set(given) <= set(names):
        return Soft(**given)
    raise LSRLError(
        f"soft={given!r}: give True, or a mapping with some of {', '.join(names)}, for example "
        "{'whisper': 2**-8, 'shout': 16, 'gate': 8}."
    )


def note(layers: Layers, soft: Soft) -> str:
    """Return what a report says."""
    return (
        f"soft constants (e = {soft.whisper:g}, K = {soft.shout}, gates at {soft.gate}): for up to "
        f"{layers.horizon} elements, every output is within {max(bound(layers, soft)):.3g} of the "
        "program's, rounding aside"
    )


def bound(layers: Layers, soft: Soft) -> list[float]:
    """Return for each output how far a soft LSTM may be from the program; infinity if anywhere.

    Raises:
        UnsupportedByTarget: for a product of two values that are no booleans, for a value without
            a bound, or a horizon beyond :data:`LONGEST`.
    """
    _check(layers)
    error = np.zeros(layers.input_dim)
    size = np.array([float(r.magnitude) for r in layers.domain])
    for layer in with_a_layer(layers):
        error = _through(layer, error, size, soft, layers.horizon)
        size = np.array([float(r.magnitude) for r in layer.ranges])
    return (np.abs(layers.readout.float64) @ error).tolist()


def _check(layers: Layers) -> None:
    for layer in layers.layers:
        if any(operation_of(known) == "product" for known in factors_of(layer)):
            raise UnsupportedByTarget(
                f"{layers.name} multiplies two values that are no booleans, and with soft=... "
                "that product would have no bound. Write it with f_ifelse, or leave soft out."
            )
    known = [*layers.domain, *(r for layer in layers.layers for r in layer.ranges)]
    if layers.horizon > LONGEST or not all(r.is_bounded for r in known):
        raise UnsupportedByTarget(
            f"{layers.name}: soft constants bend large values and let memories fade, so a bound "
            f"needs bounded values: declare domain=(low, high), and horizon=... up to {LONGEST}."
        )


def _through(
    layer: Layer, error: np.ndarray, size: np.ndarray, soft: Soft, horizon: int
) -> np.ndarray:
    """Return the errors of a layer's channels for those of the channels below it."""
    W, rows = np.abs(layer.W.float64), layer.split_rows()
    handed = W @ error
    most = W @ size + np.abs(layer.b.float64[:, 0])
    unit = _Unit(soft)
    relu = unit.passed(most[rows["relu"]], handed[rows["relu"]]) + BEND_OF_RELU / soft.shout
    carry = unit.passed(most[rows["carry"]], handed[rows["carry"]])
    carry = unit.shown(most[rows["carry"]], carry)
    state = _states(layer, handed[rows["state"]], most[rows["state"]], unit, horizon)
    left = [k[0].is_boolean for k in factors_of(layer)]
    on = np.where(left, handed[rows["left"]], handed[rows["right"]])
    value, large = (np.where(left, v[rows["right"]], v[rows["left"]]) for v in (handed, most))
    return np.concatenate([state, relu, carry, unit.switched(on, large, value)])


def _states(
    layer: Layer, handed: np.ndarray, most: np.ndarray, unit: _Unit, horizon: int
) -> np.ndarray:
    """Follow the errors of c and h, in units of the program, for as long as the horizon."""
    A, start = np.abs(layer.A.float64), np.abs(layer.s0.float64[:, 0])
    known = [float(r.magnitude) for r in layer.ranges[: layer.states]]
    size = np.maximum(np.array(known), start)
    keeps = np.array([row == ((i, 1),) for i, row in enumerate(layer.A.rows)], dtype=bool)
    c = h = np.zeros(layer.states)
    for _ in range(horizon):
        added = unit.bent(most, handed)
        added = added + unit.leak * (most + added)
        kept = c + unit.leak * (size + c) + added
        c = np.where(keeps, kept, unit.passed(size, A @ h + handed, size + c))
        heard = np.where(keeps, unit.bent(size, c), c)  # tanh(c): passed() has it
        before, h = h, unit.shown(size, heard)
        if np.allclose(before, h, rtol=0, atol=0):
            break
    return h


class _Unit:
    """What one LSTM unit adds to the error of a value of a size (all arrays, one for each unit)."""

    def __init__(self, soft: Soft):
        self.whisper, self.gate = soft.whisper, soft.gate
        self.leak = 1 / (1 + math.exp(soft.gate))

    def bent(self, size: np.ndarray, error: np.ndarray) -> np.ndarray:
        """Return the error after a tanh."""
        most = size + error
        return error + np.minimum(self.whisper**2 * most**3 / 3, most)

    def passed(
        self, size: np.ndarray, error: np.ndarray, before: np.ndarray | None = None
    ) -> np.ndarray:
        """Return the error of tanh(c), c = i g + f c, with f closed on a c of size ``before``.

        Where that is not given, c is the unit's own of any earlier step: bounded as it is now.
        """
        bent = self.bent(size, error)
        if before is None:
            held = (bent + self.leak * (2 * size + bent)) / (1 - self.leak)
        else:
            held = bent + self.leak * (size + bent + before)
        return self.bent(size, held)

    def shown(self, size: np.ndarray, error: np.ndarray) -> np.ndarray:
        """Return the error of h = o tanh(c) with o open."""
        return error + self.leak * (size + error)

    def switched(self, on: np.ndarray, size: np.ndarray, error: np.ndarray) -> np.ndarray:
        """Return the error of h = o tanh(c), o = sigmoid(2 a (u - 1/2)), u off by ``on``."""
        value = self.passed(size, error)
        slack = np.clip(self.gate * (1 - 2 * on), -700, 700)
        return value + (size + value) / (1 + np.exp(slack))
