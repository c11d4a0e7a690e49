"""Why a network stands noise or does not: experiments that change one thing each.

Each function returns the settings of one experiment, for :func:`lsrl_edu.study.sweep.sweep`. The
name of a network says what was changed. Some measure Listing 2 with its states left to drift, some
a small program that has little but the cause in it.

The short way rewrites what it understands (a step that tests integers becomes a short ramp, however
steep it was written), so experiments about how a program is WRITTEN compile it the paper's way,
which keeps every step as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from lsrl_edu.compiler.debranch import debranch
from lsrl_edu.lang import Program, foreach
from lsrl_edu.nodes import LinState, Node, ReLU
from lsrl_edu.numbers import exact
from lsrl_edu.programs import discrete
from lsrl_edu.study.noise import DRIFT, Setting, measure, score
from lsrl_edu.study.problems import Problems, Same, Tokens, from_program
from lsrl_edu.study.subjects import subject
from lsrl_edu.sugar import METHODS
from lsrl_edu.targets import compile as compile_program

LEVELS = (0.0, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2)
LEAN = "multiplicative_optimized"


def conditionals(n: int = 3, pairs: int = 5, **options: Any) -> list[Setting]:
    """Change the conditional of Listing 2, and nothing else."""
    programs = {m: discrete.program(n, m, vocabulary=range(10)) for m in METHODS}
    return _settings(Tokens(n, pairs), programs, **options)


def steepness(
    mus: Iterable[Any] = (2, 4, 10, 100, 1000), n: int = 3, pairs: int = 5, **options: Any
) -> list[Setting]:
    """Change mu, the steepness of all steps of Listing 2, compiled the paper's way."""
    programs = {f"mu={mu}": discrete.program(n, LEAN, mu, vocabulary=range(10)) for mu in mus}
    return _settings(Tokens(n, pairs), _debranched(programs), **options)


def clocks(n: int = 3, pairs: int = 5, **options: Any) -> list[Setting]:
    """Change how Listing 2 counts mod n: a rotation, a cycle, or a sum that is cut (sawtooth)."""
    length = n + 2 * n * pairs
    programs = {
        kind: discrete.program(n, LEAN, counter=kind, horizon=length, vocabulary=range(10))
        for kind in ("rotation", "cycle", "sawtooth")
    }
    return _settings(Tokens(n, pairs), programs, **options)


def compilers(n: int = 3, pairs: int = 5, method: str = LEAN, **options: Any) -> list[Setting]:
    """Change the compiler: the paper's, ours, and ours without simplification."""
    program = discrete.program(n, method, vocabulary=range(10))
    networks = {
        "debranched": debranch(program).layers,
        "short way": compile_program(program),
        "short way, not simplified": compile_program(program, simplify=False),
    }
    return _settings(Tokens(n, pairs), networks, **options)


def lengths(pairs: Iterable[int] = (5, 10, 20, 40), n: int = 3, **options: Any) -> list[Setting]:
    """Change the number of pairs, so how long the states have to last and the time can grow."""
    network = {"short way": discrete.program(n, LEAN, vocabulary=range(10))}
    return [s for p in pairs for s in _settings(Tokens(n, p), network, **options)]


def depth(
    depths: Iterable[int] = (1, 2, 4, 8), centred: bool = False, mu: Any = 4, **options: Any
) -> list[Setting]:
    """Put several steps behind each other, each testing the boolean that the one before gives.

    Args:
        depths: how many steps.
        centred: False for a ramp that begins AT the 0 that it tests, as in the paper: what is not
            quite 0 leaves it mu times as large. True for a ramp with its middle at 1/2, between
            the two values: what is less than 1/2 - 1/(2 mu) off leaves it as 0 or 1.
        mu: steepness.
        options: for the settings.
    """
    found = []
    for k in depths:
        program = steps(k, centred, mu)
        problem = from_program(program, np.array([0.0, 1, 1, 0, 0, 1, 0, 1]), rounded=True)
        found += _settings(problem, _debranched({program.name: program}), **options)
    return found


def steps(count: int, centred: bool, mu: Any = 4) -> Program:
    """Return a program that negates a boolean and passes it through several steps.

    (1 - x of a noisy network is not quite 0 for x = 1; that is the error the steps meet.) A step
    is ReLU(mu x - c) - ReLU(mu x - c - 1), which rises over a width of 1/mu; c is 0, or
    (mu - 1) / 2 for a ramp in the middle.
    """
    c = exact(Fraction(mu - 1) / 2) if centred else 0
    where = "centred" if centred else "at 0"

    @foreach(dim=1, domain=(0, 1), name=f"{count} steps {where}, mu={mu}")
    def body(x: Node) -> Node:
        x = 1 - x
        for _ in range(count):
            x = ReLU(mu * x - c) - ReLU(mu * x - (c + 1))
        return x

    return body


def unbounded(times: Iterable[int] = (10, 100, 1000), mu: Any = 4, **options: Any) -> list[Setting]:
    """Test for the first element: by a count that grows, or by a pulse that is gone after it.

    The count t >= 1 is compared with 3/2, by a difference of two ReLUs of size mu t: noise on
    their weights counts mu t times. The pulse is in the state at the start, and shifted out.
    States are overwritten unless ``options`` say otherwise, so that it is the comparison alone
    which suffers.
    """
    options = {"states": "overwritten"} | options
    found = []
    for time in times:
        for name, program in (("count", first_by_count(mu)), ("pulse", first_by_pulse())):
            problem = from_program(program, np.zeros(time), last=1, rounded=True)
            named = Same(f"zeros, T={time}", problem.xs, problem.targets, True)
            networks = _debranched({f"first, by a {name}, T={time}": program})
            found += _settings(named, networks, **options)
    return found


def first_by_count(mu: Any = 4) -> Program:
    """Return a program that says 1 at the first element: it counts, and compares with 3/2."""

    @foreach(dim=1, domain=(0, 1), name="first, by a count")
    def body(x: Node) -> Node:
        count = LinState(x, A=[[1]], B=[[0]], b=[[1]], init_state=[[0]], name="count")
        late = mu * count - (3 * mu / 2)
        return 1 - (ReLU(late + 0.5) - ReLU(late - 0.5))

    return body


def first_by_pulse() -> Program:
    """Return a program that says 1 at the first element: a state is 1 before it and then 0."""

    @foreach(dim=1, domain=(0, 1), name="first, by a pulse")
    def body(x: Node) -> Node:
        shift = [[0, 1], [0, 0]]
        pulse = LinState(x, A=shift, B=[[0], [0]], init_state=[[0], [1]], name="pulse")
        return pulse[0]

    return body


def _debranched(programs: dict[str, Program]) -> dict[str, Any]:
    return {name: debranch(program).layers for name, program in programs.items()}


def _settings(
    problems: Problems,
    programs: dict[str, Any],
    levels: Sequence[float] = LEVELS,
    seeds: Sequence[int] = tuple(range(25)),
    states: str = DRIFT,
    **options: Any,
) -> list[Setting]:
    """Return a setting for each network, or for each program, compiled the short way."""
    networks = {
        name: compile_program(p) if isinstance(p, Program) else p for name, p in programs.items()
    }
    return [
        Setting(problems, subject(network, name), levels, seeds, states, **options)
        for name, network in networks.items()
    ]


def rounding(
    n: int = 3,
    pairs: int = 20,
    method: Any = "original",
    seeds: Sequence[int] = tuple(range(25)),
) -> dict[str, float]:
    """Return the percentage of wrong tokens WITHOUT noise, for two ways to add the same numbers.

    The network is that of the paper's compiler. ``"left to right"`` adds the terms of a row one
    after the other and then the bias, as the authors' sparse matrices do; ``"matrix product"``
    leaves the order to the library. In exact arithmetic the two are equal and no token is wrong.
    """
    network = debranch(discrete.program(n, method, vocabulary=range(10))).layers
    setting = Setting(Tokens(n, pairs), subject(network, method), (0.0,), tuple(seeds), DRIFT)
    products = []
    for seed in seeds:
        problem = setting.problems.problem(seed)
        outputs = network.run(problem.xs, device="cpu")[:, -n:]
        products.append(score(outputs, problem, rounded=True)["wrong"])
    rows = measure(setting)
    return {
        "left to right": float(np.mean([row.wrong for row in rows])),
        "matrix product": float(np.mean(products)),
    }
