"""How long a bit is kept: linear memories, gated registers and latches under noise.

The bit is written at the first element; T elements of nothing follow. Two kinds of noise:

- on the WEIGHTS: absolute, on every weight that is not zero, drawn once (``kinds`` is ``usual``);
- on the STATE: fresh Gaussian noise after every element, on every number that is carried over
  (``kinds`` is ``state``); the weights have none.

Both bits are written, in two sequences: ``wrong`` is 0, 50 or 100, the percentage that is lost.
All lengths are read off one run. A linear memory under noise on its weights takes no run at all:
its state after T elements is a power of its matrix.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch

from lsrl_edu.backends.stacked import StackedRNN
from lsrl_edu.lang import Program, foreach
from lsrl_edu.nodes import LinState, Node
from lsrl_edu.restoring import stored
from lsrl_edu.study.engine import place, run_draws
from lsrl_edu.study.latches import HOLD, LATCHES, RESET, SET, lstm_register, side_by_side
from lsrl_edu.study.noise import DRIFT, Setting, draw, score
from lsrl_edu.study.problems import Problem, Same
from lsrl_edu.study.subjects import ModuleSubject, set_weights, subject
from lsrl_edu.study.table import Row
from lsrl_edu.targets import compile as compile_program

TIMES = (10, 100, 1000, 10_000, 100_000)
LEVELS = (1e-3, 1e-2, 3e-2, 0.1)
STATE_LEVELS = (1e-3, 1e-2, 0.1)
SEEDS = tuple(range(10))
CHUNK = 500
"""Elements whose noise is drawn at once."""


def linear_memories(n: int = 10) -> dict[str, Program]:
    """Return programs that add what comes to a register, to all n places of a loop, and read it."""
    forward = [[float(j == (i + 1) % n) for j in range(n)] for i in range(n)]

    def register(x: Node) -> Node:
        return LinState(x, A=[[1]], B=[[1]])

    def loop(x: Node) -> Node:
        return LinState(x, A=forward, B=[[1]] * n)[0]

    def restored(x: Node) -> Node:
        return 1 - stored(loop(x))

    named = {"register": register, f"loop of {n}": loop, f"loop of {n}, restored": restored}
    return {name: foreach(dim=1, domain=(0, 1), name=name)(f) for name, f in named.items()}


@dataclass(frozen=True, eq=False)
class Held:
    """A memory in an experiment.

    Attributes:
        setting: the network, levels and seeds.
        walk: yields the outputs (L, P, 2, 1, 1) after each of the times, for both bits.
    """

    setting: Setting
    walk: Callable[[Held, Sequence[int], bool], Iterator[np.ndarray]]


def memories(
    levels: Sequence[float] = LEVELS, seeds: Sequence[int] = SEEDS, n: int = 10
) -> list[Held]:
    """Return the memories: three linear ones, a gated register, five latches."""
    made = []
    for name, program in linear_memories(n).items():
        network = subject(compile_program(program, simplify=False, balance=True), name)
        made.append(_held(network, [[0], [1]], levels, seeds, _walk_linear))
    for name, make in {"LSTM, gates shut": lstm_register, **LATCHES}.items():
        made.append(_held(ModuleSubject(name, make()), [RESET, SET], levels, seeds, _walk_module))
    return made


def _held(network: Any, first: Any, levels: Any, seeds: Any, walk: Callable) -> Held:
    xs = np.array(first, dtype=float)[:, None]
    problem = Same("hold a bit", xs, np.array([[[0.0]], [[1.0]]]), rounded=True)
    return Held(Setting(problem, network, tuple(levels), tuple(seeds), DRIFT), walk)


def rows(
    times: Sequence[int] = TIMES,
    levels: Sequence[float] = LEVELS,
    state_levels: Sequence[float] = STATE_LEVELS,
    seeds: Sequence[int] = SEEDS,
) -> list[Row]:
    """Return one row for each memory, length, level and seed, and for both kinds of noise."""
    found = []
    for state, chosen in ((False, levels), (True, state_levels)):
        for held in memories(chosen, seeds):
            found += hold(held, times, state)
    return found


def hold(held: Held, times: Sequence[int], state: bool = False) -> list[Row]:
    """Return the rows of one memory.

    Args:
        held: the memory.
        times: how many elements of nothing follow, ascending.
        state: True for fresh noise on the state, False for noise on the weights.
    """
    problem, found = held.setting.problems.problem(0), []
    for time, outputs in zip(times, hold_outputs(held, times, state), strict=True):
        found += list(_scored(held.setting, problem, time, state, outputs))
    return found


def hold_outputs(held: Held, times: Sequence[int], state: bool = False) -> list[np.ndarray]:
    """Return the outputs (L, P, 2, 1, 1) after each of the times: for 0 and for 1."""
    with np.errstate(all="ignore"):  # a loop that grows may overflow
        return list(held.walk(held, times, state))


def _scored(
    setting: Setting, problem: Problem, time: int, state: bool, outputs: np.ndarray
) -> Iterator[Row]:
    for level, many in zip(setting.levels, outputs, strict=True):
        for seed, y in zip(setting.seeds, many, strict=True):
            key = replace(setting.key(level, seed), problems=f"hold a bit, T={time}")
            kinds = "state" if state else key.kinds
            yield replace(key, kinds=kinds, **score(y, problem, True))


def _weights(setting: Setting, state: bool) -> np.ndarray:
    """Return the weights of every draw, (L P, N)."""
    levels = [0.0 if state else level for level in setting.levels]
    return np.array([draw(setting, v, seed) for v in levels for seed in setting.seeds])


def _noise(setting: Setting, shape: tuple[int, ...]) -> Iterator[np.ndarray]:
    """Yield the noise on the state after each element, (L P, *shape), for ever.

    It is settled by network, level and seed: not by what runs beside it.
    """
    sources = []
    for level in setting.levels:
        for seed in setting.seeds:
            text = f"state|{setting.subject.name}|{level}|{seed}".encode()
            number = int.from_bytes(hashlib.sha256(text).digest()[:16], "big")
            sources.append((level, np.random.default_rng(number)))
    while True:
        chunk = np.stack([v * g.standard_normal((CHUNK, *shape)) for v, g in sources], axis=1)
        yield from chunk


def _shaped(setting: Setting, outputs: np.ndarray) -> np.ndarray:
    """Return outputs (L P, 2) as (L, P, 2, 1, 1)."""
    return outputs.reshape(len(setting.levels), len(setting.seeds), 2, 1, 1)


# --- linear memories -------------------------------------------------------------------------


@torch.no_grad()
def _walk_linear(held: Held, times: Sequence[int], state: bool) -> Iterator[np.ndarray]:
    """Powers of the noisy matrix; element by element where the state has noise."""
    setting = held.setting
    plan = place(setting.subject.plan, torch.device("cpu"))
    w = torch.from_numpy(_weights(setting, state))
    xs = torch.from_numpy(setting.problems.xs).permute(2, 1, 0)[None]  # (1, d, T, B)
    kept: list[torch.Tensor] = []
    run_draws(plan, w, xs, keep=kept)
    which = next(k for k, step in enumerate(plan.steps) if step.states)
    s, done = kept[which][:, :, -1].numpy(), 0  # (D, S, B)
    A = transition(setting.subject.plan.steps[which].transition, w.numpy())
    noise = _noise(setting, s.shape[1:]) if state else None
    for time in times:
        s, done = _advance(A, s, time - 1 - done, noise), time - 1
        before = [torch.from_numpy(s)[:, :, None] if k == which else None
                  for k in range(len(plan.steps))]  # fmt: skip
        y = run_draws(plan, w, torch.zeros_like(xs[:, :, :1]), before)
        yield _shaped(setting, y[:, 0, 0].numpy())


def transition(plan: Any, weights: np.ndarray) -> np.ndarray:
    """Return the matrix A of each draw, (D, S, S), from the weights (D, N)."""
    A = np.zeros((len(weights), *plan.shape))
    order = np.argsort(plan.back)  # the row that each sorted row is
    for terms in plan.terms:
        A[:, order[: len(terms.where)], terms.columns] = weights[:, terms.where]
    return A


def _advance(A: np.ndarray, s: np.ndarray, count: int, noise: Iterator | None) -> np.ndarray:
    """Return the state ``count`` elements of nothing later."""
    if noise is None:
        return np.linalg.matrix_power(A, count) @ s
    for _ in range(count):
        s = A @ s + next(noise)
    return s


# --- modules of torch ------------------------------------------------------------------------


@torch.no_grad()
def _walk_module(held: Held, times: Sequence[int], state: bool) -> Iterator[np.ndarray]:
    """All draws side by side in one module."""
    setting = held.setting
    many = noisy_copies(setting.subject.module, _weights(setting, state))
    xs = torch.from_numpy(setting.problems.xs)
    y, h = many.step(xs, many.start(2))
    # a draw has ``carried`` numbers in each part of the state: h, and an LSTM's c
    carried = setting.subject.module.rnn.hidden_size
    noise = _noise(setting, (len(h), 2, carried)) if state else None
    done = 0
    for time in times:
        y, h = _rest(many, h, time - done, noise)
        done = time
        yield _shaped(setting, y[:, -1].T.numpy())


def noisy_copies(module: StackedRNN, weights: np.ndarray) -> StackedRNN:
    """Return copies of a module side by side, one for each row of weights (D, N)."""
    import copy

    copies = [copy.deepcopy(module) for _ in weights]
    for made, w in zip(copies, weights, strict=True):
        set_weights(made, module, w)
    return side_by_side(copies)


def _rest(many: StackedRNN, h: Any, count: int, noise: Iterator | None) -> tuple[torch.Tensor, Any]:
    """Return the output and state after ``count`` elements of nothing."""
    size = count if noise is None else 1
    x = torch.zeros(2, min(size, 10_000), len(HOLD), dtype=torch.float64)
    y = None
    while count:
        x = x[:, :count]
        y, h = many.step(x, h)
        count -= x.shape[1]
        if noise is not None:
            h = _shaken(h, next(noise))
    return y, h


def _shaken(state: Any, noise: np.ndarray) -> Any:
    """Return the state (1, 2, D carried), each part, plus noise (D, parts, 2, carried)."""
    parts = torch.from_numpy(noise).permute(1, 2, 0, 3).flatten(2)
    return tuple(h + part for h, part in zip(state, parts, strict=True))
