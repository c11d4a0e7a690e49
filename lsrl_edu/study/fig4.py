"""Fig. 4 of the paper: noise on the weights of compiled networks, one conditional beside the other.

The published protocol (in the authors' notebook; the paper is brief about it): the networks are
those of the paper's own compiler; every entry of A, B and b that is not zero gets N(0, level^2);
before every step the states are set to those of the network without noise; 25 seeds. The problems
are the published ones, seed by seed; the draws of noise are our own.

    python -m lsrl_edu.study.fig4 --out lsrl_edu/data/fig4/ours.csv
"""

from __future__ import annotations

import argparse
import csv
import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from lsrl_edu.compiler.debranch import debranch
from lsrl_edu.errors import LSRLError, PrecisionWarning
from lsrl_edu.lang import Program
from lsrl_edu.programs import continuous, discrete
from lsrl_edu.study.compare import Comparison, compare
from lsrl_edu.study.noise import DRIFT, OVERWRITTEN, Setting
from lsrl_edu.study.problems import Curves, Problems, Tokens
from lsrl_edu.study.published import optimized_curves, optimized_tokens
from lsrl_edu.study.subjects import subject
from lsrl_edu.study.sweep import processes, sweep
from lsrl_edu.study.table import Row
from lsrl_edu.targets import compile as compile_program

METHODS = ("original", "optimized", "step_optimized", "multiplicative", "multiplicative_optimized")
"""The conditionals of Fig. 4, in its order. The published tables call the first one ``direct``;
``optimized`` is the authors' own, see :mod:`lsrl_edu.study.published`."""
LEVELS = (0.0, 1e-9, 1e-7, 1e-5, 1e-3)
SEEDS = tuple(range(25))
WAYS = ("debranched", "short way")
PUBLISHED = {
    "tokens": ("published_tokens.csv", "Wrong outputs (%)"),
    "curves": ("published_continuous.csv", "Average difference"),
}
"""Experiment -> the file and the column of the published results."""


@dataclass(frozen=True)
class Experiment:
    """Half of the figure: its problems and the program that solves them.

    Attributes:
        name: ``tokens`` or ``curves``.
        problems: one for each seed.
        program: method -> the program.
        result: the column of the table that the figure shows.
    """

    name: str
    problems: Problems
    program: Callable[[str], Program]
    result: str


def tokens(n: int = 10, pairs: int = 20) -> Experiment:
    """Return the right half: maps between words of n tokens (Listing 2)."""

    def program(method: str) -> Program:
        if method == "optimized":
            return optimized_tokens(n)
        return discrete.program(n, method, vocabulary=range(10))

    return Experiment("tokens", Tokens(n, pairs), program, "wrong")


def curves(cells: int = 8) -> Experiment:
    """Return the left half: functions from the unit square to the plane (Listing 1)."""

    def program(method: str) -> Program:
        if method == "optimized":
            return optimized_curves()
        return continuous.program(2, 2, method, values=(-3, 3))

    return Experiment("curves", Curves(cells=cells), program, "distance")


def make_settings(
    experiment: Experiment,
    way: str = "debranched",
    states: str = OVERWRITTEN,
    methods: Iterable[str] = METHODS,
    levels: Sequence[float] = LEVELS,
    seeds: Sequence[int] = SEEDS,
    device: str = "cpu",
) -> list[Setting]:
    """Return one setting for each conditional.

    Args:
        experiment: :func:`tokens` or :func:`curves`.
        way: ``"debranched"``, the networks of the paper's compiler, or ``"short way"``, ours.
        states: ``"overwritten"`` as published, or ``"drift"``.
        methods, levels, seeds: parts of the figure.
        device: where to compute.

    Raises:
        LSRLError: for another way.
    """
    if way not in WAYS:
        raise LSRLError(f"way={way!r}: choose one of {', '.join(WAYS)}.")
    settings = []
    for method in methods:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", PrecisionWarning)  # the constants are the published
            program = experiment.program(method)
            net = debranch(program).layers if way == "debranched" else compile_program(program)
        network = subject(net, f"{method}, {way}")
        settings.append(Setting(experiment.problems, network, levels, seeds, states, device=device))
    return settings


def published(experiment: str, folder: Any) -> dict[tuple[str, float], np.ndarray]:
    """Return the published results: (method, level) -> one number for each seed."""
    name, column = PUBLISHED[experiment]
    found: dict[tuple[str, float], list[float]] = {}
    with (Path(folder) / name).open(encoding="utf-8") as file:
        for line in csv.DictReader(file):
            method = line["conditional_mode"].replace("direct", "original")
            found.setdefault((method, float(line["Noise level"])), []).append(float(line[column]))
    return {key: np.array(values) for key, values in found.items()}


def ours(
    rows: Iterable[Row], experiment: Experiment, way: str = "debranched", states: str = OVERWRITTEN
) -> dict[tuple[str, float], np.ndarray]:
    """Return our results in the form of :func:`published`, seeds in order."""
    chosen = [
        r for r in rows
        if r.problems == experiment.problems.name and r.states == states
        and r.network.endswith(f", {way}")
    ]  # fmt: skip
    found: dict[tuple[str, float], list[float]] = {}
    for row in sorted(chosen, key=lambda r: r.seed):
        key = row.network.split(", ")[0], row.level
        found.setdefault(key, []).append(getattr(row, experiment.result))
    return {key: np.array(values) for key, values in found.items()}


def comparisons(first: dict, second: dict) -> dict[tuple[str, float], Comparison]:
    """Compare two sets of results cell by cell; ``larger`` is about the first."""
    return {key: compare(first[key], second[key]) for key in first if key in second}


def parser() -> argparse.ArgumentParser:
    """Return the command line."""
    p = argparse.ArgumentParser(
        prog="python -m lsrl_edu.study.fig4",
        description="Measure Fig. 4. Stopped and started again, it goes on where it was.",
    )
    add, both = p.add_argument, (OVERWRITTEN, DRIFT)
    halves = tuple(PUBLISHED)
    add("--out", required=True, help="CSV file that the results are added to")
    add("--experiment", nargs="+", choices=halves, default=halves, help="of the figure (both)")
    add("--way", nargs="+", choices=WAYS, default=WAYS, help="whose networks (both)")
    add("--states", nargs="+", choices=both, default=both, help="what states do (both)")
    add("--seeds", type=int, default=len(SEEDS), help="how many seeds, from 0 (25)")
    add("--workers", type=int, default=1, help="processes (1)")
    add("--device", default="cpu", help="cpu, cuda or auto (cpu)")
    return p


def main(arguments: Sequence[str] | None = None) -> list[Row]:
    """Run the command line and return the rows."""
    args = parser().parse_args(arguments)
    known = {"tokens": tokens(), "curves": curves()}
    rows: list[Row] = []
    pool = processes(args.workers) if args.workers > 1 else None
    for name in args.experiment:
        for way in args.way:
            settings = [
                s
                for states in args.states
                for s in make_settings(
                    known[name], way, states, seeds=range(args.seeds), device=args.device
                )
            ]
            rows += sweep(settings, args.out, pool, batch=5)
    return rows


if __name__ == "__main__":
    main()
