"""How much noise the look-up stands, by how it is written: the tables of the chapter on noise.

Each experiment is a list of settings; its table holds one row for each draw. The program of the
paper is Listing 2 through the paper's own compiler, the other is
:mod:`lsrl_edu.programs.robust`, compiled with ``simplify=False, balance=True``. The experiments
about functions are in :mod:`lsrl_edu.study.functions`.

    python -m lsrl_edu.study.robustness --out lsrl_edu/data/noise  # all, a quarter of an hour
    python -m lsrl_edu.study.robustness --out lsrl_edu/data/noise --only inputs
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from lsrl_edu.backends import stacked
from lsrl_edu.backends.gru import GRU
from lsrl_edu.backends.tanh_rnn import TanhRNN
from lsrl_edu.backends.volume import VOLUMES
from lsrl_edu.compiler.debranch import debranch
from lsrl_edu.errors import UnsupportedByTarget
from lsrl_edu.lang import Program, foreach
from lsrl_edu.nodes import LinState, Node
from lsrl_edu.programs import discrete, robust
from lsrl_edu.restoring import loops, stored, window
from lsrl_edu.study import causes, functions, holding
from lsrl_edu.study.noise import DRIFT, OVERWRITTEN, Setting, score
from lsrl_edu.study.plan import Affine, Plan
from lsrl_edu.study.problems import Problem, Problems, Same, Tokens
from lsrl_edu.study.subjects import Subject, subject
from lsrl_edu.study.sweep import sweep
from lsrl_edu.study.table import Row, append, read
from lsrl_edu.targets import compile as compile_program

SEEDS = tuple(range(10))
LEVELS = (0.0, *(float(f"{a}e-{k}") for k in range(9, 1, -1) for a in (1, 3)), 0.1)
"""No noise, and 1e-9 to 1e-1 in half decades."""
HIGH = tuple(v for v in LEVELS if v >= 1e-4)
METHOD = "multiplicative"
ROBUST = {"simplify": False, "balance": True}
CELLS = ("linear_rnn", "rnn", "tanh_rnn", "lstm", "gru")
DIAGONAL = ("mamba", "mamba2", "hawk")
"""Released classes whose states may not rotate."""
RELATIVE = (0.0, 1e-16, 1e-14, 1e-12, 1e-10, 1e-8, 1e-7, *(v for v in LEVELS if v >= 1e-6))
ABSOLUTE = (0.0, 1e-36, 1e-33, 1e-30, 1e-27, 1e-24, 1e-21, 1e-18, 1e-3, 0.01, 0.03)
ROUNDINGS = ("float32", "bfloat16", "int8", "int8 by row")


def robust_network(n: int, copies: int = 1, vocabulary: range = range(10), **options: Any) -> Any:
    """Return the robust program's Layers, or its Model with a ``target`` among the options."""
    return compile_program(robust.program(n, vocabulary, copies), **(ROBUST | options))


def programs(
    n: int = 10, pairs: int = 20, levels: Sequence[float] = LEVELS, seeds: Sequence[int] = SEEDS
) -> list[Setting]:
    """Set the programs side by side, with both protocols for the states."""
    listing = {m: discrete.program(n, m, vocabulary=range(10)) for m in ("original", METHOD)}
    networks = {f"published, {m}": debranch(p).layers for m, p in listing.items()}
    networks[f"{METHOD}, short way"] = compile_program(listing[METHOD])
    networks |= {f"robust, copies={c}": robust_network(n, c) for c in (1, 4)}
    return _settings(Tokens(n, pairs), networks, levels, seeds, (OVERWRITTEN, DRIFT))


def copies(counts: Iterable[int] = (1, 2, 4, 8), seeds: Sequence[int] = SEEDS) -> list[Setting]:
    """Change how many copies of every stored value the robust program keeps."""
    networks = {f"copies={c}": robust_network(10, c) for c in counts}
    return _settings(Tokens(), networks, (0.02, 0.03, 0.05, 0.07), seeds)


def parts(n: int = 3, pairs: int = 20, seeds: Sequence[int] = SEEDS) -> list[Setting]:
    """Compile the robust program in four ways: balanced or not, simplified or not."""
    networks = {
        f"balance={balance}, simplify={simplify}": robust_network(
            n, balance=balance, simplify=simplify
        )
        for balance in (True, False)
        for simplify in (False, True)
    }
    return _settings(Tokens(n, pairs), networks, HIGH, seeds)


def memories(times: int = 400, n: int = 10, seeds: Sequence[int] = SEEDS) -> list[Setting]:
    """Hold a 1 in a register, in a loop, and in a loop that is read through an inverter.

    At the end the answer is 1. The problem is the same for all: the first n elements are written.
    """
    xs = np.zeros((1, times, 1))
    problem = Same(f"hold a 1, T={times}", xs, np.ones((1, 1, 1)), rounded=True)
    networks = {name: compile_program(p, **ROBUST) for name, p in memory_programs(n).items()}
    return _settings(problem, networks, (1e-4, 1e-3, 1e-2), seeds)


def memory_programs(n: int = 10) -> dict[str, Program]:
    """Return three programs that hold the sum of what came, or go round with it, for ever."""

    def register(x: Node) -> Node:
        start = window(x, 1)
        return LinState(start, A=[[1]], B=[[1]])

    def loop(x: Node) -> Node:
        return loops(window(x, n), n)

    def restored(x: Node) -> Node:
        return 1 - stored(loops(window(x, n), n))

    named = {"register": register, f"loop of {n}": loop, f"loop of {n}, restored": restored}
    return {name: foreach(dim=1, domain=(0, 1), name=name)(f) for name, f in named.items()}


def cells(
    targets: Iterable[str] = CELLS,
    n: int = 2,
    pairs: int = 6,
    seeds: Sequence[int] = SEEDS,
    relative: bool = True,
    levels: Sequence[float] = RELATIVE,
) -> list[Setting]:
    """Put noise on the weights of torch modules, of both programs; RELATIVE unless you say so.

    Whispered weights are as small as 2^-101 and gates are held open by 1024, so noise of one size
    for all means little there. States that may not rotate need the horizon in the program.
    """
    tokens = Tokens(n, pairs, 3, 4)
    length = n + 2 * n * pairs
    promise = {"dtype": "float64", "horizon": length}
    networks: dict[str, Any] = {}
    for target in targets:
        bound = length if target in DIAGONAL else None
        program = robust.program(n, range(4), horizon=bound)
        clock = {"counter": "sawtooth", "horizon": length} if bound else {}
        listing = discrete.program(n, METHOD, vocabulary=range(4), **clock)
        networks[f"robust, {target}"] = compile_program(program, target, **ROBUST, **promise)
        with suppress(UnsupportedByTarget):  # no gates, no products
            networks[f"{METHOD}, {target}"] = compile_program(listing, target, **promise)
    for network in networks.values():
        _cut_small(network)
    return _settings(tokens, networks, levels, seeds, relative=relative)


def _cut_small(network: Any, size: int = 32) -> None:
    """Let Mamba-2 cut a sequence into pieces of 32, not 256: same numbers, a fifth of the time."""
    for part in network.module.modules():
        if hasattr(part, "chunk_size"):
            part.chunk_size = size


def all_cells() -> list[Setting]:
    """Put relative and absolute noise on every kind of cell; fewer draws on the large ones."""
    held = cells(("mamba",), seeds=SEEDS[:2], relative=False, levels=(0.0, 0.1))[0]
    return [
        *cells(),
        *cells(DIAGONAL, seeds=SEEDS[:5], levels=RELATIVE[:1] + RELATIVE[5:]),
        *cells(seeds=SEEDS[:5], relative=False, levels=ABSOLUTE),
        *cells(DIAGONAL, seeds=SEEDS[:2], relative=False, levels=ABSOLUTE[:1] + ABSOLUTE[5:9]),
        *(replace(held, kinds=kinds) for kinds in (("A_log", "dt_proj"), ("in_proj",))),
    ]


def whispers(
    exponents: Iterable[int] = (100, 20, 14, 10, 6, 4),
    n: int = 2,
    pairs: int = 6,
    seeds: Sequence[int] = SEEDS[:3],
) -> list[Setting]:
    """Let values travel as 2^-k of their size in the cells that mute by cancelling, RELATIVE noise.

    Compiled cells whisper at 2^-100, where tanh is a line to the last bit. A louder whisper is bent
    (level 0 shows by how much), but a 1 that does not quite cancel a 1 drowns less of it.
    """
    layers = robust_network(n, vocabulary=range(4), horizon=n + 2 * n * pairs)
    networks = {}
    for cell, k in product((GRU, TanhRNN), exponents):
        volume = replace(VOLUMES["float64"], whisper=Fraction(1, 2**k))
        networks[f"{cell.name}, 2^-{k}"] = stacked.build(layers, "float64", cell, volume=volume)
    levels = (0.0, *(float(f"1e-{k}") for k in (14, 12, 10, 9, 8, 7, 6, 5, 4)))
    return _settings(Tokens(n, pairs, 3, 4), networks, levels, seeds, relative=True)


@dataclass(frozen=True)
class NoisyInputs:
    """The problems of another set, with noise on the inputs instead of the weights.

    Attributes:
        clean: the other set.
        level: standard deviation of the noise on every input.
    """

    clean: Problems
    level: float
    rounded = True

    @property
    def name(self) -> str:
        """For instance ``tokens n=10 pairs=20, inputs 0.03``."""
        return f"{self.clean.name}, inputs {self.level:g}"

    def problem(self, seed: int) -> Problem:
        """Return the inputs of the other set plus noise, and its targets."""
        found = self.clean.problem(seed)
        noise = np.random.default_rng(seed).standard_normal(found.xs.shape)
        return replace(found, xs=found.xs + self.level * noise)


def inputs(
    n: int = 10,
    pairs: int = 20,
    levels: Sequence[float] = (1e-6, 1e-4, 1e-3, 0.01, 0.03, 0.05, 0.07, 0.1),
    seeds: Sequence[int] = SEEDS,
) -> list[Setting]:
    """Put noise on the inputs: the level is in the name of the problems, that of weights is 0."""
    listing = discrete.program(n, METHOD, vocabulary=range(10))
    networks = {
        f"{METHOD}, short way": compile_program(listing),
        "robust, copies=1": robust_network(n),
    }
    made = [NoisyInputs(Tokens(n, pairs), level) for level in levels]
    return [s for p in made for s in _settings(p, networks, (0.0,), seeds)]


def round_weights(network: Subject, way: str) -> np.ndarray:
    """Return the weights of Layers as a smaller format would hold them, (N,).

    Args:
        network: what :func:`lsrl_edu.study.subjects.subject` makes of Layers.
        way: ``float32``; ``bfloat16``; ``int8``: each matrix and each bias has a scale of its own,
            max |w| / 127, and its entries are whole multiples of it; ``int8 by row``: so has
            each row.

    Raises:
        KeyError: for another way.
    """
    import torch

    weights = network.weights
    if way not in ("int8", "int8 by row"):
        kind = {"float32": torch.float32, "bfloat16": torch.bfloat16}[way]
        return torch.from_numpy(weights.copy()).to(kind).double().numpy()
    rounded = weights.copy()
    for part in matrices(network.plan, way == "int8 by row"):
        scale = np.abs(weights[part]).max() / 127
        rounded[part] = np.round(weights[part] / scale) * scale
    return rounded


def matrices(plan: Plan, by_row: bool = False) -> list[np.ndarray]:
    """Return the places of each matrix (or row) and each bias in the vector of weights.

    Initial states are no weights here: they are kept as they are.
    """
    maps = [m for step in plan.steps for m in (step.affine, step.transition)] + [plan.readout]
    parts = [np.concatenate([t.where for t in m.terms]) for m in maps if m.terms]
    if by_row:
        parts = [row for m in maps for row in _rows(m)]
    biases = [np.array([b]) for m in maps for b in m.bias_where]
    return [*parts, *(biases if by_row else [m.bias_where for m in maps if len(m.bias_where)])]


def _rows(m: Affine) -> list[np.ndarray]:
    """Return the places of the weights of each row that has any; the longest rows are first."""
    count = len(m.terms[0].where) if m.terms else 0
    return [np.array([t.where[i] for t in m.terms if i < len(t.where)]) for i in range(count)]


def rounded(n: int = 10, pairs: int = 20, seeds: Sequence[int] = SEEDS) -> list[Row]:
    """Round the weights of three programs; computed in float64. ``kinds`` says how."""
    listing = discrete.program(n, METHOD, vocabulary=range(10))
    networks = {
        f"published, {METHOD}": debranch(listing).layers,
        f"{METHOD}, short way": compile_program(listing),
        "robust, copies=1": robust_network(n),
    }
    settings = _settings(Tokens(n, pairs), networks, (0.0,), seeds)
    return [row for s in settings for way in ROUNDINGS for row in _rounded(s, way)]


def _rounded(setting: Setting, way: str) -> list[Row]:
    found = [setting.problems.problem(seed) for seed in setting.seeds]
    weights = np.array([[round_weights(setting.subject, way)] * len(found)])
    xs, last = np.array([p.xs for p in found]), found[0].targets.shape[1]
    outputs = setting.subject.run(weights, xs, last, False)[0]
    return [
        replace(setting.key(0.0, seed), kinds=way, **score(y, problem, True))
        for seed, problem, y in zip(setting.seeds, found, outputs, strict=True)
    ]


def _settings(
    problems: Problems,
    networks: dict[str, Any],
    levels: Sequence[float],
    seeds: Sequence[int],
    states: Sequence[str] = (DRIFT,),
    **options: Any,
) -> list[Setting]:
    """Return a setting for each network and each protocol."""
    subjects = [subject(network, name) for name, network in networks.items()]
    return [
        Setting(problems, one, tuple(levels), tuple(seeds), way, **options)
        for one in subjects
        for way in states
    ]


def _causes() -> dict[str, Callable[[], list[Setting]]]:
    """Return the experiments that change one thing of Listing 2, n = 3."""
    options = {"seeds": SEEDS, "levels": LEVELS[:1] + LEVELS[1::2]}
    return {
        "conditionals": lambda: causes.conditionals(**options),
        "compilers": lambda: causes.compilers(**options),
        "clocks": lambda: causes.clocks(**options),
        "steepness": lambda: causes.steepness(**options),
        "lengths": lambda: causes.lengths(**options),
        "depth": lambda: causes.depth(**options) + causes.depth(centred=True, **options),
        "unbounded": lambda: causes.unbounded(**options),
    }


def curves(rows: Iterable[Row]) -> dict[tuple[str, str, str, str], dict[float, float]]:
    """Return (problems, network, states, kinds) -> level -> the mean percentage of wrong tokens."""
    found: dict[tuple[str, str, str, str], dict[float, list[float]]] = {}
    for r in rows:
        one = found.setdefault((r.problems, r.network, r.states, r.kinds), {})
        one.setdefault(r.level, []).append(r.wrong)
    return {
        key: {level: float(np.mean(one[level])) for level in sorted(one)}
        for key, one in found.items()
    }


def stands(curve: dict[float, float], percent: float = 5) -> float:
    """Return the highest level up to which at most ``percent`` of the tokens are wrong.

    Only measured levels count. 0 stands for: not even the lowest of them.
    """
    best = 0.0
    for level in sorted(curve):
        if curve[level] > percent:
            break
        best = level
    return best


EXPERIMENTS: dict[str, Callable[[], list[Setting]]] = {
    "programs": programs,
    "continuous": lambda: functions.programs(LEVELS, SEEDS),
    "grids": functions.grids,
    "copies": copies,
    "parts": parts,
    "memories": memories,
    "cells": all_cells,
    "inputs": inputs,
    "whispers": whispers,
    **_causes(),
}
"""Name -> the settings of an experiment."""
ROWS: dict[str, Callable[[], list[Row]]] = {"rounded": rounded, "latches": holding.rows}
"""Name -> the rows of an experiment that is no table of settings."""


def parser() -> argparse.ArgumentParser:
    """Return the command line."""
    p = argparse.ArgumentParser(
        prog="python -m lsrl_edu.study.robustness",
        description="Measure what the chapter on noise shows. What is in a table is not repeated.",
    )
    names = (*EXPERIMENTS, *ROWS)
    p.add_argument("--out", required=True, help="folder for the tables, one CSV file each")
    p.add_argument("--only", nargs="+", choices=names, default=names, help="some of them (all)")
    return p


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line."""
    args = parser().parse_args(arguments)
    for name in args.only:
        path = Path(args.out) / f"{name}.csv"
        if name in EXPERIMENTS:
            sweep(EXPERIMENTS[name](), path, batch=5)
        elif not read(path):
            append(ROWS[name](), path)


if __name__ == "__main__":
    main()
