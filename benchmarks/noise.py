"""Draws of noise per second: many at once, one at a time, and as new Layers for each."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

import lsrl_edu as ls
from benchmarks.table import median_seconds, print_table
from lsrl_edu.compiler.layers import Layers
from lsrl_edu.numbers import Matrix
from lsrl_edu.study.fig4 import LEVELS, tokens
from lsrl_edu.study.noise import DRIFT, OVERWRITTEN, Setting, measure
from lsrl_edu.study.subjects import subject

METHOD, SEEDS = "multiplicative_optimized", range(5)
HEAD = ["", "draws / s", "one seed, one level", "rebuilt", "all at once gain"]


def main() -> None:
    experiment = tokens()
    program = experiment.program(METHOD)
    networks = {"short way": ls.compile(program), "debranched": ls.debranch(program).layers}
    rows = [
        _row(f"{way}, {states}", experiment, network, states)
        for way, network in networks.items()
        for states in (OVERWRITTEN, DRIFT)
    ]
    print_table("Noise on Listing 2, n = 10, 410 elements: draws per second", HEAD, rows)
    print("  (a draw: 5 queries with one set of noisy weights. rebuilt: a new network for each")
    print("   draw, run as ls.compile's networks are; its states drift in any case.)")


def _row(name: str, experiment, network: Layers, states: str) -> list:
    network_of = subject(network, name)
    setting = Setting(experiment.problems, network_of, LEVELS, SEEDS, states)
    one = replace(setting, levels=LEVELS[1:2], seeds=SEEDS[:1])
    count = len(LEVELS) * len(SEEDS)
    many = count / median_seconds(lambda: measure(setting), 3, warm=0)
    single = 1 / median_seconds(lambda: measure(one), 3, warm=0)
    xs = experiment.problems.problem(0).xs
    rebuilt = 1 / median_seconds(lambda: _rebuilt(network).run(xs, device="cpu"), 3, warm=0)
    return [name, many, single, rebuilt, f"{many / max(single, rebuilt):.3g} x"]


def _rebuilt(network: Layers) -> Layers:
    rng = np.random.default_rng(0)

    def noisy(m: Matrix) -> Matrix:
        rows = (((c, float(v) + 1e-9 * rng.standard_normal()) for c, v in row) for row in m.rows)
        return Matrix.of(_dense(rows, m.shape))

    layers = tuple(
        replace(x, W=noisy(x.W), b=noisy(x.b), A=noisy(x.A)) if x.states else
        replace(x, W=noisy(x.W), b=noisy(x.b))
        for x in network.layers
    )  # fmt: skip
    return replace(network, layers=layers, readout=noisy(network.readout))


def _dense(rows, shape: tuple[int, int]) -> np.ndarray:
    table = np.zeros(shape)
    for i, row in enumerate(rows):
        for c, value in row:
            table[i, c] = value
    return table
