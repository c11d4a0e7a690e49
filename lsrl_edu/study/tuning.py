"""Compiled, then trained: what gradient descent does with weights that somebody wrote.

Networks start from compiled weights, whole or damaged, or from random ones, and learn with Adam to
say what the program says. Same architecture, same fresh inputs, same number of steps.

    python -m lsrl_edu.study.tuning --out lsrl_edu/data/trained  # all: eight minutes on one core
    python -m lsrl_edu.study.tuning --out lsrl_edu/data/trained --only "more_ones, linear_rnn"
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from lsrl_edu.backends.base import Model
from lsrl_edu.cells.paper import LinearCell, ReluCell
from lsrl_edu.errors import LSRLError
from lsrl_edu.study.ground_truth import ENTRIES
from lsrl_edu.study.learning import append, read
from lsrl_edu.targets import compile as compile_program

SOFT = {"whisper": 2.0**-10, "shout": 16, "gate": 10}
"""Of the LSTMs: see :mod:`lsrl_edu.backends.soft`."""
LOOKS = (0, 1, 3, 10, 30, 100, 300)
"""Steps after which a network is looked at."""
TEST_SEED, TESTS, BATCH = 1_000_000, 200, 32
FIRST = tuple(f"rnn.{kind}_{way}_l0" for kind in ("weight", "bias") for way in ("ih", "hh"))
DAMAGES = ("exact", "noised", "zeroed", "one part new")
STARTS = (*DAMAGES, "all new")


@dataclass(frozen=True)
class Subject:
    """What is trained.

    Attributes:
        name: of the program in :data:`lsrl_edu.study.ground_truth.ENTRIES`, and the target.
        length, long: elements in training, and in the test on longer inputs.
        part: the parameters that ``one part new`` draws again begin with one of these.
        bits: True where inputs are 0 and 1, whatever else the program may read.
        steps, seeds: how many.
        rates: of Adam; where there are several, tables give the better one.
    """

    name: str
    length: int
    long: int
    part: tuple[str, ...]
    bits: bool = False
    steps: int = 300
    seeds: int = 5
    rates: tuple[float, ...] = (1e-2,)

    @property
    def program(self) -> str:
        """The name of the program."""
        return self.name.split(", ")[0]

    @property
    def target(self) -> str:
        """The architecture."""
        return self.name.split(", ")[1]

    def compiled(self, units: int | None = None) -> Model:
        """Return the compiled model, in float32; an LSTM with soft constants, and that wide."""
        soft = SOFT if self.target == "lstm" else None
        options = {"domain": bool} if self.bits else {}
        options |= {"sizes": {"hidden_size": units}} if units else {}
        program = _program(self.program)
        return compile_program(
            program, self.target, "float32", horizon=self.long, soft=soft, **options
        )

    def draw(self, rng: np.random.Generator, count: int, length: int) -> tuple:
        """Return inputs (count, T, 1) and what the program says (count, T, 1), as tensors."""
        if self.bits:
            xs = rng.integers(0, 2, (count, length, 1)).astype(float)
        else:
            xs = ENTRIES[self.program].draw(rng, count, length)
        ys = _program(self.program).run(xs)
        return torch.tensor(xs).float(), torch.tensor(ys).float()


@cache
def _program(name: str) -> Any:
    return ENTRIES[name].program()


SUBJECTS: Mapping[str, Subject] = {
    s.name: s
    for s in (
        Subject("more_ones, linear_rnn", 16, 64, ("0.cell",)),
        Subject("delayed, linear_rnn", 16, 64, ("0.cell",), bits=True),
        Subject("lookup_1, gated_linear_rnn", 9, 9, ("2.",), seeds=3),
        Subject("more_ones, lstm", 16, 64, FIRST, seeds=3, rates=(1e-3, 1e-2)),
    )
}


@dataclass(frozen=True)
class Run:
    """One training.

    Attributes:
        subject: one of :data:`SUBJECTS`.
        start: one of :data:`STARTS`; for an LSTM also ``all new, 32 units``.
        steps: ``Adam``, or ``relative``: Adam whose step is in proportion to the largest compiled
            weight of the same gate and matrix, as the exact constants have very different sizes.
        rate: of Adam.
        seed: of the damage, the new weights and the inputs.
    """

    subject: str
    start: str
    steps: str
    rate: float
    seed: int

    @property
    def key(self) -> tuple[str, ...]:
        """What tells this run from all others, as texts."""
        return self.subject, self.start, self.steps, f"{self.rate:g}", str(self.seed)


def runs(names: Iterable[str] = tuple(SUBJECTS)) -> list[Run]:
    """Return all trainings of the chapter. One seed will do where the gradient is exactly 0."""
    found = []
    for subject in (SUBJECTS[name] for name in names):
        lstm = subject.target == "lstm"
        ways = [(start, "Adam") for start in STARTS]
        if lstm:
            ways += [("all new, 32 units", "Adam"), *((start, "relative") for start in DAMAGES)]
        for start, steps in ways:
            seeds = range(subject.seeds if lstm or start != "exact" else 1)
            found += [Run(subject.name, start, steps, r, k) for r in subject.rates for k in seeds]
    return found


# --- where a training starts -------------------------------------------------------------------


@torch.no_grad()
def started(run: Run) -> tuple[nn.Module, dict[str, torch.Tensor]]:
    """Return the module a run starts from, and the compiled weights it is compared with.

    Raises:
        LSRLError: for an unknown start.
    """
    subject = SUBJECTS[run.subject]
    with torch.random.fork_rng():
        truth = dict(subject.compiled().module.named_parameters())
        module = subject.compiled(32 if run.start == "all new, 32 units" else None).module
        torch.manual_seed(run.seed)
        damage(module, run.start, subject.part)
    return module.train(), {k: w.detach() for k, w in truth.items()}


@torch.no_grad()
def damage(module: nn.Module, start: str, part: tuple[str, ...] = ()) -> None:
    """Damage compiled weights in place, with torch's global generator.

    - ``noised``: every weight times 1 + N(0, 0.3^2).
    - ``zeroed``: each weight is 0 with probability 1/4.
    - ``one part new``: the parameters whose names begin like ``part`` are drawn as torch draws them
      for a new module; ``all new``: all of them.

    Raises:
        LSRLError: for another start.
    """
    if start == "noised":
        for p in module.parameters():
            p.mul_(1 + 0.3 * torch.randn_like(p))
    elif start == "zeroed":
        for p in module.parameters():
            p.mul_(torch.rand_like(p) > 0.25)
    elif start in ("one part new", "all new", "all new, 32 units"):
        fresh = _drawn_anew(module)
        for name, p in module.named_parameters():
            if start != "one part new" or name.startswith(part):
                p.copy_(fresh[name])
    elif start != "exact":
        raise LSRLError(f"start={start!r}: choose one of {', '.join(STARTS)}.")


def _drawn_anew(module: nn.Module) -> dict[str, torch.Tensor]:
    """Return random weights: uniform within 1/sqrt(units) as torch has it; start states are 0."""
    found = {}
    for prefix, part in module.named_modules():
        for name, p in part.named_parameters(recurse=False):
            width = _width(part)
            drawn = torch.empty_like(p).uniform_(-(width**-0.5), width**-0.5)
            found[f"{prefix}.{name}".lstrip(".")] = 0 * p if name in ("h0", "c0") else drawn
    return found


def _width(part: nn.Module) -> int:
    if isinstance(part, nn.Linear):
        return part.in_features
    if isinstance(part, nn.RNNBase):
        return part.hidden_size
    return len(part.h0) if isinstance(part, LinearCell | ReluCell) else 1


def sizes(truth: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Return for every weight the largest compiled weight of its gate and matrix.

    Where all of those are 0, it is the smallest such size in the network: a step for which nothing
    is known had better be small.
    """
    found = {}
    for name, w in truth.items():
        gates = 4 if name.startswith("rnn.") else 1
        blocks = w.abs().reshape(gates, -1).amax(dim=1)
        found[name] = (gates, blocks)
    least = min(float(b) for _, blocks in found.values() for b in blocks if b > 0)
    return {
        name: torch.where(blocks > 0, blocks, least)[:, None]
        .expand(gates, truth[name].numel() // gates)
        .reshape(truth[name].shape)
        for name, (gates, blocks) in found.items()
    }


# --- training and looking ----------------------------------------------------------------------


def train(run: Run, steps: int | None = None) -> tuple[nn.Module, list[dict[str, Any]]]:
    """Train a network, as long as its subject says; return it and a row for each look."""
    subject = SUBJECTS[run.subject]
    steps = subject.steps if steps is None else steps
    module, truth = started(run)
    scale = sizes(truth) if run.steps == "relative" else None
    optimiser = torch.optim.Adam(module.parameters(), lr=run.rate)
    rng = np.random.default_rng(run.seed)
    tests = held_out(run.subject)
    rows = []
    for step in range(steps + 1):
        if step in LOOKS:
            rows.append({"step": step} | look(module, truth, tests))
        if step < steps:
            xs, ys = subject.draw(rng, BATCH, subject.length)
            _one_step(module, optimiser, xs, ys, scale)
    return module, rows


def _one_step(
    module: nn.Module, optimiser: Any, xs: torch.Tensor, ys: torch.Tensor, scale: Any
) -> None:
    """Take one step of Adam on the squared error, clipped; ``scale`` multiplies the step."""
    before = {k: p.detach().clone() for k, p in module.named_parameters()} if scale else {}
    optimiser.zero_grad()
    (module(xs) - ys).square().mean().backward()
    nn.utils.clip_grad_norm_(module.parameters(), 1.0)
    optimiser.step()
    if scale:
        with torch.no_grad():
            for name, p in module.named_parameters():
                p.copy_(before[name] + scale[name] * (p - before[name]))


@cache
def held_out(name: str) -> dict[str, tuple]:
    """Return the inputs and targets that every network of a subject is tested on."""
    subject = SUBJECTS[name]
    rng = np.random.default_rng(TEST_SEED)
    lengths = {"": subject.length, "long_": subject.long}
    return {k: subject.draw(rng, TESTS, length) for k, length in lengths.items()}


@torch.no_grad()
def look(module: nn.Module, truth: Mapping[str, torch.Tensor], tests: Mapping) -> dict[str, float]:
    """Return what a network is worth, and what is left of the construction.

    Returns:
        ``loss`` (mean squared error) and ``wrong`` (percentage of outputs that round to another
        number), both also with ``long_``; ``moved``: the relative change of the median non-zero
        weight; ``filled``: the share of the sum of |weights|, each in units of its block's
        largest, that sits where the compiled weight is 0. Both NaN for another shape.
    """
    found: dict[str, float] = {}
    for prefix, (xs, ys) in tests.items():
        out = module(xs)
        found[f"{prefix}loss"] = float((out - ys).square().mean())
        found[f"{prefix}wrong"] = 100 * float((out.round() != ys).float().mean())
    return found | _left(dict(module.named_parameters()), truth)


def _left(now: Mapping[str, torch.Tensor], truth: Mapping[str, torch.Tensor]) -> dict[str, float]:
    if any(now[k].shape != w.shape for k, w in truth.items()):
        return {"moved": float("nan"), "filled": float("nan")}
    scale = sizes(truth)
    new, old = (torch.cat([(w[k] / scale[k]).flatten() for k in truth]) for w in (now, truth))
    there = old != 0
    moved = ((new - old).abs() / old.abs())[there].median()
    filled = new[~there].abs().sum() / new.abs().sum()
    return {"moved": float(moved), "filled": float(filled)}


def gradient_sizes(model: Model, xs: Any, ys: Any) -> dict[str, float]:
    """Return the largest |gradient| of the squared error, for each layer and gate of an LSTM.

    The targets are moved by a tenth, so that there is something to learn. The weights of a gate
    and its biases are taken together.

    Args:
        model: compiled to ``lstm``.
        xs, ys: inputs (B, T, d) and targets (B, T, m).
    """
    module = model.module
    x, y = (torch.as_tensor(np.asarray(v, float)).to(module.h0.dtype) for v in (xs, ys))
    module.zero_grad()
    (module(x) - y - 0.1).square().mean().backward()
    found: dict[str, float] = {}
    for name, p in module.rnn.named_parameters():
        for gate, rows in zip("ifgo", p.grad.chunk(4), strict=True):
            key = f"layer {name[-1]}, {gate}"
            found[key] = max(found.get(key, 0.0), float(rows.abs().max()))
    found["head"] = max(float(p.grad.abs().max()) for p in module.head.parameters())
    module.zero_grad()
    return found


# --- tables ------------------------------------------------------------------------------------

KEY = ("subject", "start", "steps", "rate", "seed")


def work(todo: Iterable[Run], path: Path, progress: bool = True) -> None:
    """Train what a table does not hold yet, and add it: one row for each look."""
    from tqdm.auto import tqdm

    done = {tuple(row[name] for name in KEY) for row in read(path)}
    for run in tqdm([r for r in todo if r.key not in done], unit="run", disable=not progress):
        _, rows = train(run)
        append([dict(zip(KEY, run.key, strict=True)) | row for row in rows], path)


def curves(
    rows: Iterable[Mapping[str, str]], what: str = "wrong"
) -> dict[tuple[str, str, str], dict[int, np.ndarray]]:
    """Return (subject, start, steps) -> step -> a number for each seed, at the better rate.

    The better rate is the one with the lower mean loss at the end, on the training length.
    """
    found: dict[tuple, dict[str, dict[int, list]]] = {}
    for row in rows:
        way = found.setdefault((row["subject"], row["start"], row["steps"]), {})
        look = way.setdefault(row["rate"], {}).setdefault(int(row["step"]), [])
        look.append((float(row["loss"]), float(row[what])))
    best: dict[tuple[str, str, str], dict[int, np.ndarray]] = {}
    for key, rates in found.items():
        ends = {r: np.mean([loss for loss, _ in looks[max(looks)]]) for r, looks in rates.items()}
        chosen = rates[min(ends, key=ends.__getitem__)]
        best[key] = {step: np.array([v for _, v in seen]) for step, seen in chosen.items()}
    return best


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line."""
    p = argparse.ArgumentParser(
        prog="python -m lsrl_edu.study.tuning",
        description="Train what the chapter on compiled and trained networks shows. What is in "
        "the table is not repeated.",
    )
    p.add_argument("--out", required=True, help="folder for the table runs.csv")
    p.add_argument("--only", nargs="+", choices=tuple(SUBJECTS), default=tuple(SUBJECTS))
    args = p.parse_args(arguments)
    torch.set_num_threads(1)
    work(runs(args.only), Path(args.out) / "runs.csv")


if __name__ == "__main__":
    main()
