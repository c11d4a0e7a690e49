"""Eqs. (2) to (5) of the paper, computed by hand from the weights of a model."""

from __future__ import annotations

import numpy as np


def by_hand(model, xs: np.ndarray) -> np.ndarray:
    """Return the outputs (T, m) for one sequence (T, d), from nothing but the state dict."""
    weights = {name: value.double().numpy() for name, value in model.state_dict().items()}
    y = np.asarray(xs, dtype=float)
    for stage in range(1 + max(int(name.split(".")[0]) for name in weights)):
        mine = {k.split(".", 1)[1]: v for k, v in weights.items() if k.startswith(f"{stage}.")}
        y = _stage(mine, y)
    return y


def _stage(w: dict, x: np.ndarray) -> np.ndarray:
    is_rnn = "cell.rnn.weight_ih_l0" in w
    names = ("weight_ih_l0", "weight_hh_l0") if is_rnn else ("weight_ih", "weight_hh")
    B, A = (w[f"cell.{'rnn.' if is_rnn else ''}{name}"] for name in names)
    b = w["cell.rnn.bias_ih_l0"] + w["cell.rnn.bias_hh_l0"] if is_rnn else w["cell.bias"]
    state, states = w["cell.h0"], []
    for element in x:
        state = A @ state + B @ element + b
        state = np.maximum(0, state) if is_rnn else state
        states.append(state)
    y = np.array(states).reshape(len(x), len(b))
    depths = sorted(int(k.split(".")[1]) for k in w if k.startswith("phi.") and "weight" in k)
    for i in depths:
        y = np.maximum(0, y) if i else y
        y = y @ w[f"phi.{i}.weight"].T + w[f"phi.{i}.bias"]
    return y * (x @ w["gamma.weight"].T + w["gamma.bias"]) if "gamma.weight" in w else y
