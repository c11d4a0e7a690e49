"""Latches: recurrences with two attracting fixed points, as weights of torch's own modules.

A linear state cannot restore itself. Noise on A moves its eigenvalues off the unit circle, but for
a set of matrices of measure zero, and then |lambda|^T goes to 0 or to infinity. A recurrence that
is not linear can have two fixed points that attract. That is an *open* condition: a small change
of the weights moves the two points a little, and both still attract (implicit function theorem).
So the bit stays, however long the sequence is.

Each latch reads (set, reset), both 0 to hold, never both 1; its bit is on where the head gives more
than 1/2. With gain g and v = set - reset:

===============  ============================================  ====================  ============
latch            update on hold                                fixed points          persist for
===============  ============================================  ====================  ============
tanh             h' = tanh(g h)                                h = tanh(g h)         g > 1
LSTM             c' = c/2 + tanh(2 g h)/2, h = tanh(c)/2       c = tanh(g tanh(c))   g > 1
GRU              h' = h/2 + tanh(g h)/2                        h = tanh(g h)         g > 1
ReLU, inverters  p' = ReLU(1 - g q), q' = ReLU(1 - g p)        (1, 0) and (0, 1)     g > 1
ReLU, ramp       b = p - q; p' = ReLU(g b - a), q' = ReLU(     b = 0 and b = 1       see below
                 g b - a - 1)
===============  ============================================  ====================  ============

- tanh: the write adds 2 g v. LSTM and GRU: the gates are at sigmoid(0) = 1/2 on hold; to write,
  they open for the new value and close for the old one.
- One ReLU unit is not enough. ReLU(g h + b) is convex: where it crosses the diagonal for a second
  time it crosses upwards, and that point repels.
- Two are enough, and exact: a ramp in the middle (a = (g - 1)/2), fed back to itself. But its "on"
  is a difference of two ReLUs, and lives on the fact that their four weights agree: the matrix
  [[g, -g], [g, -g]] has eigenvalues 0, and relative errors e of its entries make them as large as
  g sqrt(4 e); the bit is lost when that passes 1, or before.
- Two inverters that read each other are a cell of static memory, and off is exactly 0. They need
  two more units: an inverter takes one element to answer, so each pulse has to last for two.

The states of the language are linear by definition. A latch is therefore no node of a program: it
is a step outside the language, into the cells themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import nn

from lsrl_edu.backends.stacked import StackedRNN
from lsrl_edu.backends.volume import OPEN
from lsrl_edu.errors import LSRLError

GAIN = 4.0
SET, RESET, HOLD = (1.0, 0.0), (0.0, 1.0), (0.0, 0.0)


def resting(gain: float = GAIN) -> float:
    """Return the fixed point h > 0 of h = tanh(gain h).

    Its basin is h > 0, that of -h is h < 0; 0 is a fixed point that repels, with slope ``gain``.

    Raises:
        LSRLError: for a gain of 1 or less: then 0 is the only fixed point.
    """
    if not gain > 1:
        raise LSRLError(f"gain={gain}: tanh(gain h) has a second fixed point only for gain > 1.")
    h = 1.0
    for _ in range(10_000):
        h, before = float(np.tanh(gain * h)), h
        if h == before:
            break
    return h


def largest_bias(gain: float) -> float:
    """Return b such that h -> tanh(gain h + b') has two attracting points if and only if |b'| < b.

    At the edge two fixed points meet, so the slope is 1 there: gain (1 - h^2) = 1. Hence
    h = sqrt(1 - 1/gain) and b = gain h - artanh(h); 0 for a gain of 1 or less.
    """
    if gain <= 1:
        return 0.0
    h = np.sqrt(1 - 1 / gain)
    return float(gain * h - np.arctanh(h))


def tanh_margin(gain: float = GAIN) -> float:
    """Return the relative error of every weight up to which both fixed points persist.

    Holding depends on one weight only (the biases are 0 and have no noise): it must stay above 1.
    The same holds for the LSTM and the GRU, whose weight is 2 gain and must stay above 2.
    """
    return 1 - 1 / gain


def relu_margin(gain: float = GAIN, relative: bool = True) -> float:
    """Return the error of every weight up to which both fixed points of two inverters persist.

    With weights -g1, -g2 and biases b1, b2 the points are (b1, 0) and (0, b2), so long as
    g2 b1 > b2 > 0 and g1 b2 > b1 > 0: a unit that is on keeps the other off. The worst relative
    error e makes that g (1 - e)^2 = 1 + e, the worst absolute error (g - e)(1 - e) = 1 + e.
    """
    a, b = (gain, 2 * gain + 1) if relative else (1.0, gain + 2)
    return float((b - np.sqrt(b * b - 4 * a * (gain - 1))) / (2 * a))


def tanh_latch(gain: float = GAIN) -> StackedRNN:
    """Return h' = tanh(gain h + 2 gain (set - reset)) as torch.nn.RNN, one unit."""
    rest = resting(gain)
    weights = {"weight_ih": [[2 * gain, -2 * gain]], "weight_hh": [[gain]]}
    rnn = nn.RNN(2, 1, batch_first=True)
    return _filled(rnn, weights, [1 / (2 * rest)], 0.5, [-rest])


def relu_latch(gain: float = GAIN) -> StackedRNN:
    """Return two inverters that read each other as torch.nn.RNN with ReLU; units p, q, r', s'.

    r' and s' are the reset and the set of one element ago; set and s' inhibit q, the others p. All
    values stay between 0 and 1. On hold, (p, q) with p >= 1/gain and q <= (gain - 1) / gain^2 goes
    to (1, 0) in two steps, and the other way round. (Both alike is no bit: (0, 0) and (1, 1) follow
    each other for ever.) The head gives 1 - q - r'.
    """
    weights = {
        "weight_ih": [[0, -gain], [-gain, 0], [0, 1], [1, 0]],
        "weight_hh": [[0, -gain, -gain, 0], [-gain, 0, 0, -gain], [0] * 4, [0] * 4],
        "bias_ih": [1, 1, 0, 0],
    }
    rnn = nn.RNN(2, 4, nonlinearity="relu", batch_first=True)
    return _filled(rnn, weights, [0, -1, -1, 0], 1.0, [0, 1, 0, 0])


def ramp_latch(gain: float = 2.0) -> StackedRNN:
    """Return b' = ReLU(z) - ReLU(z - 1), z = gain b - (gain - 1)/2 + 2 v, as torch.nn.RNN.

    The basin of 0 is b < 1/2, that of 1 is b > 1/2. ``gain`` is more than 1 and less than 4.
    """
    a = (gain - 1) / 2
    weights = {
        "weight_ih": [[2, -2], [2, -2]],
        "weight_hh": [[gain, -gain], [gain, -gain]],
        "bias_ih": [-a, -a - 1],
    }
    rnn = nn.RNN(2, 2, nonlinearity="relu", batch_first=True)
    return _filled(rnn, weights, [1, -1], 0.0, [0, 0])


def lstm_latch(gain: float = GAIN) -> StackedRNN:
    """Return c' = c/2 + tanh(2 gain h)/2, h' = tanh(c')/2 as torch.nn.LSTM, one unit.

    All gates are at sigmoid(0) = 1/2 on hold. To write, i opens and f closes.
    """
    c = 1.0
    for _ in range(10_000):
        c = float(np.tanh(gain * np.tanh(c)))
    u, w = 4 * gain, 4 * gain  # rows: i, f, g, o
    rows = {
        "weight_ih": [[u, u], [-u, -u], [w, -w], [0, 0]],
        "weight_hh": [[0], [0], [2 * gain], [0]],
    }
    h = float(np.tanh(c)) / 2
    return _filled(nn.LSTM(2, 1, batch_first=True), rows, [1 / (2 * h)], 0.5, [-h], [-c])


def gru_latch(gain: float = GAIN) -> StackedRNN:
    """Return h' = h/2 + tanh(gain h)/2 as torch.nn.GRU, one unit; to write, z closes."""
    u, w = 4 * gain, 4 * gain  # rows: r, z, n
    rest = resting(gain)
    rows = {"weight_ih": [[0, 0], [-u, -u], [w, -w]], "weight_hh": [[0], [0], [2 * gain]]}
    return _filled(nn.GRU(2, 1, batch_first=True), rows, [1 / (2 * rest)], 0.5, [-rest])


def lstm_register() -> StackedRNN:
    """Return c' = f c + i g with f = sigmoid(1024) on hold, as torch.nn.LSTM: NOT a latch.

    In floating point f is exactly 1, and stays so under noise on its bias: the weights cannot make
    this memory drift. But nothing pulls c back, so noise on the state adds up. The head reads h.
    """
    u, w = 2.0 * OPEN, 64.0
    rows = {
        "weight_ih": [[u, u], [-u, -u], [w, -w], [0, 0]],
        "bias_ih": [-OPEN, OPEN, 0, OPEN],
    }
    h = float(np.tanh(1.0))
    return _filled(nn.LSTM(2, 1, batch_first=True), rows, [1 / (2 * h)], 0.5, [-h], [-1.0])


LATCHES: Mapping[str, Callable[[], StackedRNN]] = {
    "tanh latch": tanh_latch,
    "ReLU latch, inverters": relu_latch,
    "ReLU latch, ramp": ramp_latch,
    "LSTM latch": lstm_latch,
    "GRU latch": gru_latch,
}
"""Name -> a function that makes the module."""


@torch.no_grad()
def _filled(
    rnn: nn.RNNBase,
    weights: Mapping[str, Any],
    head: Sequence[float],
    bias: float,
    *starts: Sequence[float],
) -> StackedRNN:
    """Return the module in float64 with these weights, and 0 for all others."""
    module = StackedRNN(rnn, 1).double()
    for weight in module.parameters():
        weight.zero_()
    for name, values in weights.items():
        getattr(rnn, f"{name}_l0")[:] = torch.tensor(values, dtype=torch.float64)
    module.head.weight[:] = torch.tensor([head], dtype=torch.float64)
    module.head.bias[:] = bias
    for name, start in zip(("h0", "c0"), starts, strict=False):
        getattr(module, name)[:] = torch.tensor([start], dtype=torch.float64)
    return module.eval()


def spec(word: Sequence[tuple[float, float]], bit: int = 0) -> list[int]:
    """Return what a latch says after each element of a word of SET, RESET and HOLD."""
    out = []
    for set_, reset in word:
        bit = 1 if set_ else 0 if reset else bit
        out.append(bit)
    return out


@torch.no_grad()
def side_by_side(modules: Sequence[StackedRNN]) -> StackedRNN:
    """Return one module that runs many of one kind at once: its weights are block-diagonal.

    Args:
        modules: of one class and size, one layer each; all read the same input.

    Returns:
        A module with their outputs behind each other. Blocks meet zeros only, so they do not
        disturb each other.
    """
    first, count = modules[0].rnn, len(modules)
    options = {"nonlinearity": first.nonlinearity} if type(first) is nn.RNN else {}
    rnn = type(first)(first.input_size, count * first.hidden_size, batch_first=True, **options)
    made = StackedRNN(rnn, count * modules[0].head.out_features).double()
    for name, weight in made.named_parameters():
        parts = torch.stack([dict(m.named_parameters())[name] for m in modules])
        weight[:] = _joined(name, parts, first.hidden_size).reshape(weight.shape)
    return made.eval()


def _joined(name: str, parts: torch.Tensor, hidden: int) -> torch.Tensor:
    """Return the blocks (D, rows, ...) of one parameter as one parameter; gates stay together."""
    if name in ("h0", "c0"):
        return parts.flatten()
    if name.startswith("head"):
        return torch.block_diag(*parts) if parts.dim() == 3 else parts.flatten()
    gates = parts.unflatten(1, (-1, hidden)).transpose(0, 1)  # (gates, D, hidden, ...)
    if "weight_hh" in name:
        return torch.cat([torch.block_diag(*blocks) for blocks in gates])
    return gates.flatten(0, 2)
