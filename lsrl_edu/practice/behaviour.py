"""The judge for programs: it looks at what a program does, never at how it is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import numpy as np

from lsrl_edu.errors import LSRLError
from lsrl_edu.lang import Program
from lsrl_edu.practice.judges import Mistake, Rule
from lsrl_edu.practice.parting import Parting, first_parting
from lsrl_edu.practice.reading import as_program, plain, short
from lsrl_edu.practice.verdict import Verdict, right, wrong

Sequences = Iterable[Sequence[Any]]
Spec = Callable[[list], Sequence[Any]]


@dataclass(frozen=True)
class Behaves:
    """The answer is a program that does what a plain Python function does.

    Attributes:
        spec: inputs -> outputs, one (a number, or a list of ``width``) for each element.
        inputs: random generator -> the sequences to try: short ones, long ones, edge cases. The
            empty sequence is always tried as well.
        dim: the width of one input element.
        width: the width of one output.
        domain: what the inputs may be, as for ``ls.foreach``.
        tolerance: how far from the specification an output may be.
        rules: on the Program, for example "no Multi"; asked first.
        inside: name -> inputs -> values. A node of the reader with such a name is compared too,
            so that the report can point at the first wrong state and not only at the output.
        mistakes: ``like`` is a Python function with the outputs of a known wrong program.
        target: also compile to this target, which must take the program and agree with it.
        options: for that compilation.
    """

    spec: Spec
    inputs: Callable[[np.random.Generator], Sequences]
    dim: int = 1
    width: int = 1
    domain: Any = None
    tolerance: float = 1e-6
    rules: tuple[Rule, ...] = ()
    inside: Mapping[str, Spec] = field(default_factory=dict)
    mistakes: tuple[Mistake, ...] = ()
    target: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)

    def read(self, answer: Any) -> Program:
        """Return the Program, or raise Refused with the reason."""
        return as_program(answer, self.dim, self.domain, self.width)

    def examine(self, thing: Program, seed: int) -> Verdict:
        """Ask the rules, then compare on all inputs, then compile where that is asked for."""
        for rule in self.rules:
            if broken := rule.broken_by(thing):
                return wrong(broken)
        tried = self.sequences(seed)
        with np.errstate(all="ignore"):  # what overflows is reported as a wrong output
            found = run_all(thing.run, tried)
        failed = self.failures(tried, found)
        if failed:
            return self._refusal(thing, tried, found, min(failed, key=lambda f: (f[1], f[0])), seed)
        compiled = self._compiled(thing, tried, found)
        if compiled is not None:
            return compiled
        also = f", program and {self.target} network" if self.target else ""
        return right(f"Right on {len(tried)} sequences{also} (seed={seed}).")

    def sequences(self, seed: int) -> list[list]:
        """Return the inputs of a seed, the empty one first."""
        made = self.inputs(np.random.default_rng(seed))
        return [[], *(np.asarray(xs).tolist() for xs in made)]

    def failures(self, tried: list[list], found: list[np.ndarray]) -> list[tuple[int, int]]:
        """Return (which sequence, first wrong element) for every sequence that goes wrong."""
        first = (
            first_wrong(outputs, self.spec(list(xs)), self.tolerance)
            for xs, outputs in zip(tried, found, strict=True)
        )
        return [(i, t) for i, t in enumerate(first) if t is not None]

    def _refusal(
        self, program: Program, tried: list, found: list, failed: tuple[int, int], seed: int
    ) -> Verdict:
        which, t = failed
        xs = tried[which][: t + 1]
        wanted, got = self.spec(list(tried[which]))[t], found[which][t]
        with np.errstate(all="ignore"):
            parting = first_parting(program, xs, self.inside, (t, wanted), self.tolerance)
            picture = _picture(program, xs, parting)
        said = [self._known(tried, found), _say_output(xs, t, wanted, got), parting.message]
        said.append(f"(seed={seed})")
        return wrong(" ".join(filter(None, said)), picture=picture)

    def _known(self, tried: list, found: list) -> str:
        """Return the message of the mistake with just these outputs, or nothing."""
        for mistake in self.mistakes:
            alike = (
                first_wrong(outputs, mistake.like(list(xs)), self.tolerance) is None
                for xs, outputs in zip(tried, found, strict=True)
            )
            if all(alike):
                return mistake.message
        return ""

    def _compiled(self, program: Program, tried: list, found: list) -> Verdict | None:
        if self.target is None:
            return None
        from lsrl_edu.targets import compile as compile_program

        try:
            network = compile_program(program, target=self.target, **self.options)
            outputs = run_all(network.run, tried)
        except LSRLError as error:
            return wrong(f"The program is right, but {self.target} refuses it: {error}")
        for xs, ours, theirs in zip(tried, found, outputs, strict=True):
            t = first_wrong(theirs, ours, max(self.tolerance, 1e-4))
            if t is not None:
                return wrong(
                    "The program is right, but its network is not: "
                    + _say_output(xs[: t + 1], t, ours[t], theirs[t])
                )
        return None


def run_all(run: Callable, tried: list[list]) -> list[np.ndarray]:
    """Return the outputs for every sequence; those of one length run as one batch."""
    outputs: dict[int, np.ndarray] = {}
    by_length = sorted(range(len(tried)), key=lambda i: len(tried[i]))
    for length, group in groupby(by_length, key=lambda i: len(tried[i])):
        members = list(group)
        if length == 0:
            found = [np.zeros((0,))] * len(members)
        else:
            batch = np.array([tried[i] for i in members], dtype=float)
            found = run(batch[..., None] if batch.ndim == 2 else batch)
            found = found[..., 0] if found.shape[-1] == 1 else found
        outputs |= dict(zip(members, found, strict=True))
    return [outputs[i] for i in range(len(tried))]


def first_wrong(found: np.ndarray, wanted: Sequence[Any], tolerance: float) -> int | None:
    """Return the first element at which outputs differ (NaN differs from everything), or None."""
    if len(wanted) != len(found):
        raise ValueError(f"the specification returns {len(wanted)} outputs for {len(found)}")
    if not len(found):
        return None
    wanted = np.array([np.asarray(w, dtype=float) for w in wanted])
    close = np.abs(found - wanted.reshape(found.shape)) <= tolerance
    wrong_at = ~close.reshape(len(found), -1).all(axis=1)
    return int(wrong_at.argmax()) if wrong_at.any() else None


def _say_output(xs: Sequence[Any], t: int, wanted: Any, got: Any) -> str:
    wanted, got = (np.round(np.asarray(v, dtype=float), 6).tolist() for v in (wanted, got))
    if not np.isfinite(got).all():
        return f"For {short(xs)} the output at element {t} is {plain(got)}: beyond all numbers."
    wanted, got = plain(wanted), plain(got)
    return f"For {short(xs)} the output at element {t} should be {wanted}, not {got}."


def _picture(program: Program, xs: Sequence[Any], parting: Parting) -> Any:
    from lsrl_edu.show.parting import draw_parting

    return draw_parting(program.trace(xs), parting.step, parting.node, parting.wanted)
