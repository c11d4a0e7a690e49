"""Noise the plain way: one draw at a time, element by element, one number after the other."""

from __future__ import annotations

import numpy as np


def naive_run(network, weights, xs, last, overwrite=False):
    """Return the last outputs (B, last, m) of one noisy copy on inputs (B, T, d)."""
    clean, noisy = matrices(network, None), matrices(network, weights)
    return np.array([_sequence(network, clean, noisy, x, overwrite)[-last:] for x in xs])


def matrices(network, weights):
    """Return (layers' (W, b, A, s0), readout, bias) with other numbers where they are not zero."""
    rest = iter([] if weights is None else weights.tolist())

    def changed(matrix):
        values = matrix.float64.copy()
        for i, row in enumerate(matrix.rows if weights is not None else ()):
            for c, _ in row:
                values[i, c] = next(rest)
        return values

    layers = [tuple(changed(m) for m in (x.W, x.b, x.A, x.s0)) for x in network.layers]
    head = changed(network.readout), changed(network.readout_bias)
    assert next(rest, None) is None
    return layers, *head


def _sequence(network, clean, noisy, x, overwrite):
    states = [m[3][:, 0].tolist() for m in noisy[0]]
    clean_states = [m[3][:, 0].tolist() for m in clean[0]]
    out = []
    for element in x.tolist():
        if overwrite:
            states = list(clean_states)
        out.append(_step(network, noisy, element, states))
        _step(network, clean, element, clean_states)
    return out


def _step(network, numbers, y, states):
    layers, readout, bias = numbers
    for k, (layer, (W, b, A, _)) in enumerate(zip(network.layers, layers, strict=True)):
        u = _affine(W, b[:, 0], y)
        moved = _affine(A, [0.0] * len(A), states[k])
        states[k] = [m + v for m, v in zip(moved, u, strict=False)]
        rows = layer.split_rows()
        products = [p * q for p, q in zip(u[rows["left"]], u[rows["right"]], strict=True)]
        y = states[k] + [max(v, 0.0) for v in u[rows["relu"]]] + u[rows["carry"]] + products
    return _affine(readout, bias[:, 0], y)


def _affine(W, b, y):
    out = []
    for row, constant in zip(W.tolist(), list(b), strict=True):
        total = 0.0
        for weight, value in zip(row, y, strict=True):
            if weight != 0:
                total = total + weight * value
        out.append(total + float(constant))
    return out
