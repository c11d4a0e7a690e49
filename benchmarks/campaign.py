"""How often does a compiled random program differ from its exact oracle? (It must be never.)"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from hypothesis import HealthCheck, Phase, given, seed, settings
from tqdm import tqdm

import lsrl_edu as ls
from benchmarks.table import print_table
from tests.compiler.checks import compile_kinds, differences
from tests.strategies import cases

STYLES: dict[str, dict[str, Any]] = {
    "small": {},
    "thirds": {"thirds": True},
    "integer": {"integer": True},
    "no products": {"products": False},
    "large": {"max_nodes": 25},
}


@dataclass
class Tally:
    """What a campaign found.

    Attributes:
        programs, networks, numbers: how many were compared.
        wrong: (program, input, way of compiling, differences or the error) for each failure.
        rules: how often each simplification was used.
    """

    programs: int = 0
    networks: int = 0
    numbers: int = 0
    wrong: list[tuple] = field(default_factory=list)
    rules: Counter = field(default_factory=Counter)

    def check(self, program: ls.Program, xs: np.ndarray) -> None:
        """Compile a program in every way and compare each network with the program."""
        self.programs += 1
        hard = harder(program, seed=self.programs)
        ways = compile_kinds(program, xs).items()
        for kind, options, xs in [*((k, o, xs) for k, o in ways), ("hard", {}, hard)]:
            self.networks += 1
            try:
                network = ls.compile(program, **options)
                count = differences(network, program, xs)
            except Exception as error:  # whatever it is, it is a finding
                count = repr(error)
            else:
                self.rules.update({reason.rule for reason in network.reasons})
            self.numbers += len(xs) * program.output.dim
            if count:
                self.wrong.append((program, xs, kind, count))


def harder(program: ls.Program, seed: int, length: int = 16) -> np.ndarray:
    """Return a longer input: ends of the domain, fractions of a step, and large numbers."""
    rng, columns = np.random.default_rng(seed), []
    for allowed in program.ranges:
        lo, hi = float(max(allowed.lo, -(10**6))), float(min(allowed.hi, 10**6))
        fine = rng.integers(-2, 3, length) + rng.integers(-3, 4, length) / 2000
        numbers = np.concatenate([[lo, hi], fine, rng.uniform(lo, hi, 4), rng.integers(-3, 4, 4)])
        numbers = np.clip(np.rint(numbers) if allowed.integer else numbers, lo, hi)
        columns.append(rng.permutation(numbers)[:length])
    return np.stack(columns, axis=1)


def campaign(style: str, count: int, number: int = 0) -> Tally:
    """Draw ``count`` random programs of a style and check each."""
    tally, progress = Tally(), tqdm(total=count, desc=style, leave=False)
    quiet = list(HealthCheck)

    @seed(number)
    @settings(
        max_examples=count, phases=[Phase.generate], database=None, deadline=None,
        derandomize=False, suppress_health_check=quiet,
    )  # fmt: skip
    @given(cases(**STYLES[style]))
    def check(case):
        tally.check(*case)
        progress.update()

    check()
    progress.close()
    return tally


def main(count: int = 1000) -> None:
    """Run a campaign of about ``count`` programs and print what it found."""
    tallies = {style: campaign(style, count // len(STYLES)) for style in STYLES}
    rows = [[s, t.programs, t.networks, t.numbers, len(t.wrong)] for s, t in tallies.items()]
    rows.append(["all", *(sum(row[k] for row in rows) for k in range(1, 5))])
    print_table(
        "Random programs, compiled and compared with the exact oracle",
        ["style", "programs", "networks", "numbers", "networks that differ"],
        rows,
    )
    rules = sum((t.rules for t in tallies.values()), Counter())
    print("networks each rule was used in:", dict(rules.most_common()))
    for tally in tallies.values():
        for program, xs, kind, what in tally.wrong[:3]:
            print(f"\n{program}\ninput {xs.tolist()}, compiled {kind}: {what}")
