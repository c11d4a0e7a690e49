"""What the exercises of chapter 08 run: small cells, with the weights that a reader gives."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import torch  # here, so that no check waits for it

ROWS = ("i", "f", "g", "o")


# --- 08.3 and 08.7: the GRU of the paper ------------------------------------------------------
NONE = np.zeros((2, 2))
W_Z = np.array([[0, 0], [0, 1]])  # z = (0, a_2)
W_H = np.array([[0, 0], [1, 0]])  # candidate = (0, a_1)


def paper_gru(xs: Any, W_z: Any, W_h: Any, U_h: Any = NONE, b_z: float = 0) -> np.ndarray:
    """Run the GRU of Petrov et al. (2024), Eqs. (12) to (15), r = 1, ReLUs; xs (T, 2) -> (T, 2)."""
    h, out = np.zeros(2), []
    for a in np.asarray(xs, dtype=float):
        z = np.maximum(0, np.asarray(W_z) @ a + b_z)
        candidate = np.maximum(0, np.asarray(W_h) @ a + np.asarray(U_h) @ h)
        h = (1 - z) * h + z * candidate
        out.append(h)
    return np.array(out)


def printed_product(pairs: Any) -> np.ndarray:
    """Return what the printed weights for a product make of pairs (T, 2)."""
    return paper_gru(pairs, W_Z, W_H)[:, 1]


def two_layers(pairs: Any, U_h: Any, W_2: Any, U_2: Any) -> np.ndarray:
    """Return the second unit of a layer with z = 1 on top of the layer of the product."""
    first = paper_gru(pairs, W_Z, W_H, U_h)
    return paper_gru(first, NONE, W_2, U_2, b_z=1)[:, 1]


def factors(length: int) -> np.ndarray:
    """Return pairs of quarters that are not negative, (length, 2)."""
    return np.random.default_rng(length).integers(0, 8, (length, 2)) / 4


def mend_fails(made: dict[str, Any]) -> str:
    """Return where the mended product goes wrong, or nothing."""
    for length in (1, 2, 3, 50):
        pairs = factors(length)
        got, want = two_layers(pairs, **made), pairs.prod(axis=1)
        if not np.allclose(got, want, atol=1e-9):
            t = int(np.flatnonzero(~np.isclose(got, want, atol=1e-9))[0])
            shown = pairs[max(0, t - 2) : t + 1].tolist()
            return f"Element {t}, at the end of {shown}: {got[t]:g} should be {want[t]:g}."
    return ""


def mend_is(like: str) -> Any:
    """Return whether a mended product gives what a known wrong one gives."""

    def outputs(pairs: np.ndarray) -> np.ndarray:
        now = pairs.prod(axis=1)
        return {
            "a sum": np.cumsum(now),
            "unmended": printed_product(pairs),
            "nothing": np.zeros(len(pairs)),
            "the sum before": np.concatenate([[0], np.cumsum(now)[:-1]]),
        }[like]

    return lambda made: np.allclose(two_layers(factors(9), **made), outputs(factors(9)))


def misshapen(made: dict[str, Any]) -> str:
    """Return what is wrong with the matrices themselves, or nothing."""
    if set(made) != {"U_h", "W_2", "U_2"}:
        return f"Give the matrices U_h, W_2 and U_2, not {', '.join(map(str, made))}."
    for name, matrix in made.items():
        if np.shape(matrix) != (2, 2):
            return f"`{name}` has shape {np.shape(matrix)}; it should be (2, 2)."
    return ""


# --- 08.4: a counter in one unit --------------------------------------------------------------
def incomplete(made: dict[str, Any]) -> str:
    """Return what is missing in the dictionary, or nothing."""
    wanted = {"i": 3, "f": 3, "g": 3, "o": 3, "start": 2}
    missing = ({*wanted, "readout"} - set(made)) | (set(made) - {*wanted, "readout"})
    if missing:
        return f"The dictionary should have i, f, g, o, start and readout: see {sorted(missing)}."
    for name, count in wanted.items():
        if np.size(made[name]) != count:
            return f"`{name}` should be {count} numbers, not {made[name]!r}."
    return ""


def unit(made: dict[str, Any], bits: list[int], dtype: str) -> np.ndarray:
    """Return readout * h of a torch.nn.LSTM with one unit, (T,)."""
    kind = getattr(torch, dtype)
    rnn = torch.nn.LSTM(1, 1, batch_first=True, dtype=kind)
    rows = torch.tensor([[float(v) for v in made[gate]] for gate in ROWS], dtype=kind)
    start = tuple(torch.full((1, 1, 1), float(v), dtype=kind) for v in made["start"])
    with torch.no_grad():
        for name, column in zip(("weight_ih", "weight_hh", "bias_ih"), rows.T, strict=True):
            getattr(rnn, f"{name}_l0").copy_(column.reshape_as(getattr(rnn, f"{name}_l0")))
        rnn.bias_hh_l0.zero_()
        x = torch.tensor(bits, dtype=kind)[None, :, None]
        return (rnn(x, start)[0] * made["readout"]).double().ravel().numpy()


def counts_wrong(made: dict[str, Any]) -> str:
    """Return where the counter from 3 goes wrong, or nothing."""
    for dtype, length in product(("float64", "float32"), (1, 3, 2000)):
        bits = np.random.default_rng(length).integers(0, 2, length).tolist()
        got, want = unit(made, bits, dtype), 3 + np.cumsum(bits)
        if (wrong := np.flatnonzero(got != want)).size:
            t = int(wrong[0])
            ones = sum(bits[: t + 1])
            return f"In {dtype}, after {ones} ones in {t + 1} bits: {got[t]:.9g}, not {want[t]}."
    return ""


def near(made: dict[str, Any], spec: Any) -> bool:
    """Return whether the unit gives, to a thousandth, what a function of the bits gives."""
    bits = [0, 1, 1, 0, 1, 0, 0, 1, 1, 1]
    return np.allclose(unit(made, bits, "float64"), spec(bits), atol=1e-3)


# --- 08.8: the smallest LSTM ------------------------------------------------------------------
def taken_apart(made: Any) -> str:
    """Return what is not as asked for in (rnn, h_0, c_0, weight, bias), or nothing."""
    if not isinstance(made, tuple | list) or len(made) != 5:
        return "Return five things: the LSTM, h_0, c_0, the head's weight and its bias."
    rnn = made[0]
    if type(rnn) is not torch.nn.LSTM:
        return f"The first should be an unmodified torch.nn.LSTM, not {type(rnn).__name__}."
    if rnn.weight_ih_l0.dtype != torch.float64 or not rnn.batch_first or rnn.input_size != 1:
        return "Make the LSTM with input_size 1, batch_first=True and dtype=torch.float64."
    size = (rnn.num_layers, rnn.hidden_size)
    for name, part in zip(("h_0", "c_0"), made[1:3], strict=True):
        if tuple(np.shape(part)) != size:
            return f"{name} has shape {tuple(np.shape(part))}; it should be {size}."
    if np.asarray(made[3]).size != rnn.hidden_size or np.asarray(made[4]).size != 1:
        return "The head has a weight for each unit, and one bias."
    return ""


def votes(made: Any, bits: np.ndarray) -> np.ndarray:
    """Return the outputs of an LSTM and its head for bits (B, T), (B, T)."""
    rnn, h_0, c_0, weight, bias = made
    start = [torch.as_tensor(p).double()[:, None].repeat(1, len(bits), 1) for p in (h_0, c_0)]
    with torch.no_grad():
        hidden = rnn(torch.tensor(bits).double()[..., None], tuple(start))[0]
        return (hidden @ torch.as_tensor(weight).double().ravel() + float(bias)).numpy()


def leads(bits: np.ndarray) -> np.ndarray:
    """Return ones minus zeros so far, for bits (B, T)."""
    return 2 * bits.cumsum(axis=1) - np.arange(1, bits.shape[1] + 1)


def vote_fails(made: Any) -> str:
    """Return where an LSTM does not say whether there are more ones than zeros, or nothing."""
    random = np.random.default_rng(6)
    tails = np.array([[0] * 249 + [1] * 251, [1] * 251 + [0] * 249, [1, 0] * 250])
    short = np.array(list(product([0, 1], repeat=8)))
    for bits in (short, random.integers(0, 2, (10, 500)), tails):
        want = leads(bits) > 0
        wrong = np.argwhere(~(np.abs(votes(made, bits) - want) <= 1e-9))
        if len(wrong):
            row, t = wrong[0]
            ones, got = int(bits[row, : t + 1].sum()), votes(made, bits)[row, t]
            told = f"after {ones} ones and {t + 1 - ones} zeros ({bits[row, max(0, t - 7) : t + 1]}"
            return f"At element {t}, {told} last): {got:.9g}, not {int(want[row, t])}."
    return ""


def entries(made: Any) -> int:
    """Return how many numbers of an LSTM, its start and its head are not 0."""
    rnn, *others = made
    parts = [*rnn.parameters(), *(torch.as_tensor(p, dtype=torch.float64) for p in others)]
    return sum(int(torch.count_nonzero(part)) for part in parts)


def vote_is(spec: Any) -> Any:
    """Return whether an LSTM says something else that is known, for all words of six bits."""
    bits = np.array(list(product([0, 1], repeat=6)))
    return lambda made: np.allclose(votes(made, bits), spec(bits), atol=1e-6)
