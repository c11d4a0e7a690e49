"""States for architectures with a diagonal transition in [0, 1]: Mamba, Mamba-2, Hawk, Griffin.

A LinState s_t = A s_{t-1} + v_t is rewritten, exactly where that is possible:

- an entry that reads only itself, with a in [0, 1]: as it is;
- an entry that reads others (a shift register, a Jordan block): the others, one step earlier,
  through the causal convolution;
- entries that read each other in a circle: a change of basis, if all eigenvalues are real and in
  [0, 1]; otherwise it is refused, because it cannot be done (see :data:`THEOREM`).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

import numpy as np

from lsrl_edu.compiler.affine import Affine, weighted_sum
from lsrl_edu.compiler.states import independent_entries
from lsrl_edu.errors import UnsupportedByTarget
from lsrl_edu.numbers import Matrix, Number, exact, short

THEOREM = (
    "With a diagonal transition in [0, 1] no weights can do that for ever: on an input that stays "
    "the same, every such state becomes constant (Sarrof et al. 2024; Grazzi et al. 2025)"
)
REMEDIES = (
    "For sequences up to a declared length count with f_modulo_counter(method='sawtooth', "
    "horizon=...), or take a target with a full transition matrix: linear_rnn, rnn, lstm, gru"
)
FADES = (
    "Every pole of such a recurrence lies in [0, 1], so no weights hold this state exactly. Its "
    "past fades: keep as much of it as you need in a shift register, or take a target with a full "
    "transition matrix: linear_rnn, rnn, lstm, gru"
)
GROWS = (
    "The recurrence of this architecture only keeps or forgets: it multiplies a state by 0 to 1. "
    "Take a target with a free transition matrix: linear_rnn, rnn, lstm, gru"
)
ONE: Affine = Affine(constant=1)
WORST_BASIS = 1e6
"""Changes of basis with a larger condition number lose too many digits."""


class Maker(ABC):
    """Makes operations; see :mod:`lsrl_edu.backends.operations`."""

    @abstractmethod
    def make(self, kind: str, *reads: Affine, label: str = "", **options) -> Affine:
        """Return the value of an operation as a form."""

    @abstractmethod
    def delayed(self, form: Affine) -> Affine:
        """Return the form one step earlier, 0 before the first element."""


def diagonal_states(
    A: Matrix, s0: Matrix, drives: Sequence[Affine], labels: Sequence[str], maker: Maker
) -> list[Affine]:
    """Return a form for each entry of s_t = A s_{t-1} + drive_t.

    Args:
        A, s0: transition (n, n) and initial state (n, 1).
        drives: the form that feeds each entry.
        labels: the entries' names.
        maker: makes the operations.

    Raises:
        UnsupportedByTarget: naming the state and the eigenvalue outside [0, 1].
    """
    found: dict[int, Affine] = {}
    for entries in independent_entries(A):
        waiting = set(entries)
        while waiting:
            ready = [i for i in waiting if all(c in found or c == i for c, _ in A.rows[i])]
            if not ready:
                break
            for i in sorted(ready):
                found[i] = _entry(i, A, s0, drives[i], found, labels[i], maker)
            waiting -= set(ready)
        if waiting:
            circle = sorted(entries)
            found |= _changed_basis(circle, A, s0, drives, labels, maker)
    return [found[i] for i in range(A.shape[0])]


def _entry(
    i: int, A: Matrix, s0: Matrix, drive: Affine, found: dict, label: str, maker: Maker
) -> Affine:
    """Return s_t = a s_{t-1} + drive + sum of weight * (other entry one step earlier)."""
    row = dict(A.rows[i])
    decay = row.pop(i, 0)
    if not 0 <= decay <= 1:
        raise _refusal(label, decay)
    first = decay * s0[i, 0] + sum(weight * s0[c, 0] for c, weight in row.items())
    if decay == 0:
        others = [(maker.delayed(found[c]), weight) for c, weight in row.items()]
        parts = [(drive, 1), *others]
        return weighted_sum([*parts, *_start(first, 0, maker)])
    parts = [(_state(drive, (1,), decay, label, maker), 1)]
    for c, weight in row.items():
        parts.append((_state(found[c], (0, 1), decay, label, maker), weight))
    return weighted_sum([*parts, *_start(first, decay, maker)])


def _state(form: Affine, taps: tuple, decay: Number, label: str, maker: Maker) -> Affine:
    if form == Affine():
        return form
    return maker.make("state", form, taps=taps, decay=decay, label=label)


def _start(first: Number, decay: Number, maker: Maker) -> list[tuple[Affine, Number]]:
    """Return what the state before the first element leaves: first * decay^(t-1)."""
    if first == 0:
        return []
    if decay == 1:
        return [(ONE, first)]
    pulse = {"taps": (1, -1)}  # 1 - 1, but nothing comes before the first element
    if decay == 0:
        return [(maker.make("taps", ONE, label="first element", **pulse), first)]
    return [(maker.make("state", ONE, decay=decay, label="initial state", **pulse), first)]


def _changed_basis(
    entries: Sequence[int], A: Matrix, s0: Matrix, drives: Sequence, labels: Sequence, maker: Maker
) -> dict[int, Affine]:
    """Return the entries as mixtures of independent states: s = V z, z_t = D z_{t-1} + V^-1 v.

    V and its inverse are float64, so this is right to rounding only.
    """
    values, V = np.linalg.eig(A.part(entries).float64)
    wrong = [v for v in values if abs(v.imag) > 1e-12 or not -1e-12 <= v.real <= 1 + 1e-12]
    if wrong:
        raise _refusal(labels[entries[0]], max(wrong, key=lambda v: abs(v.imag) - v.real))
    if np.linalg.cond(V) > WORST_BASIS:
        raise _refusal(labels[entries[0]], None)
    V, inverse = V.real, np.linalg.inv(V).real
    start = inverse @ np.array([float(s0[i, 0]) for i in entries])
    states = []
    for j, value in enumerate(values.real):
        decay = exact(float(np.clip(value, 0, 1)))
        mixed = [(drives[i], exact(float(inverse[j, k]))) for k, i in enumerate(entries)]
        drive = weighted_sum(mixed)
        state = _state(drive, (1,), decay, labels[entries[0]], maker) if decay else drive
        parts = [(state, 1), *_start(decay * exact(float(start[j])), decay, maker)]
        states.append(weighted_sum(parts))
    return {
        i: weighted_sum((z, exact(float(V[k, j]))) for j, z in enumerate(states))
        for k, i in enumerate(entries)
    }


def _refusal(label: str, eigenvalue: Number | complex | None) -> UnsupportedByTarget:
    if eigenvalue is None:
        return UnsupportedByTarget(
            f"The transition matrix of {label!r} has no well-conditioned basis of eigenvectors, so "
            "a diagonal recurrence would lose more than six digits. Write the state as a chain "
            "of states, or take a target with a full transition matrix: linear_rnn, lstm, gru."
        )
    value = complex(eigenvalue)
    turns = abs(value.imag) > 1e-12
    size = f"{value.real:.3g} + {abs(value.imag):.3g}i" if turns else short(exact(value.real))
    why = GROWS if abs(value) > 1 + 1e-12 else FADES if abs(value) < 1 - 1e-12 else None
    why = why or f"{THEOREM}. {REMEDIES}"
    return UnsupportedByTarget(f"The transition of {label!r} has the eigenvalue {size}. {why}.")
