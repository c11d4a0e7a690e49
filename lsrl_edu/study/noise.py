"""Noise on the weights of a network, and what it does to the answers.

    from lsrl_edu.study import noise, problems, subjects

    tokens = problems.Tokens(n=3, pairs=5)
    network = subjects.subject(ls.compile(discrete.program(3)), "short way")
    rows = noise.measure(noise.Setting(tokens, network, levels=(0, 1e-5), seeds=range(5)))

One draw of noise is settled by the names of problems and network, the kinds of weights, the level
and the seed, and by nothing else: not by the order of the draws, nor by how many run together.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from lsrl_edu.errors import LSRLError
from lsrl_edu.study.problems import Problem, Problems
from lsrl_edu.study.subjects import Subject
from lsrl_edu.study.table import Row

OVERWRITTEN, DRIFT = "overwritten", "drift"


@dataclass(frozen=True, eq=False)
class Setting:
    """One cell of an experiment: a network on a set of problems, at some levels of noise.

    Attributes:
        problems: gives one problem for each seed.
        subject: the network, see :func:`lsrl_edu.study.subjects.subject`.
        levels: standard deviations of the noise, 0 or more.
        seeds: one draw of noise and one problem for each.
        states: ``"overwritten"``: before every step the states are set to those of the network
            without noise (the published protocol); ``"drift"``: they go where the noise takes them.
        relative: True for w (1 + N(0, level^2)) instead of w + N(0, level^2).
        kinds: which weights get noise, see ``Subject.mask``; those of the paper if left out.
        device: ``"cpu"``, ``"cuda"``, or ``"auto"``.

    Raises:
        LSRLError: for a negative level, or another word for ``states``.
    """

    problems: Problems
    subject: Subject
    levels: tuple[float, ...]
    seeds: tuple[int, ...]
    states: str = OVERWRITTEN
    relative: bool = False
    kinds: tuple[str, ...] | None = None
    device: str = "cpu"

    def __post_init__(self):
        object.__setattr__(self, "levels", tuple(map(float, self.levels)))
        object.__setattr__(self, "seeds", tuple(map(int, self.seeds)))
        if not all(0 <= level < np.inf for level in self.levels):
            raise LSRLError(f"levels={self.levels}: a level is a finite number from 0 up.")
        if self.states not in (OVERWRITTEN, DRIFT):
            raise LSRLError(f"states={self.states!r}: choose {OVERWRITTEN!r} or {DRIFT!r}.")

    @property
    def kinds_name(self) -> str:
        """What the column ``kinds`` of the table says."""
        return "usual" if self.kinds is None else "+".join(sorted(self.kinds))

    @property
    def digest(self) -> str:
        """What the column ``digest`` says: it changes with weights, arithmetic and inputs."""
        return self.subject.digest + getattr(self.problems, "digest", "")

    def key(self, level: float, seed: int) -> Row:
        """Return the row of one draw, without results: what tells it from all others."""
        return Row(
            self.problems.name, self.subject.name, self.digest, self.states,
            self.kinds_name, self.relative, level, seed,
        )  # fmt: skip


def draw(setting: Setting, level: float, seed: int) -> np.ndarray:
    """Return the weights of the network with one draw of noise, (N,)."""
    weights = setting.subject.weights
    if level == 0:
        return weights
    words = (setting.problems.name, setting.subject.name, setting.kinds_name, setting.relative)
    text = "|".join(map(str, (*words, float(level), seed)))
    rng = np.random.default_rng(int.from_bytes(hashlib.sha256(text.encode()).digest()[:16], "big"))
    change = level * rng.standard_normal(len(weights)) * setting.subject.mask(setting.kinds)
    return weights * (1 + change) if setting.relative else weights + change


def measure(setting: Setting, batch: int = 25) -> list[Row]:
    """Return one row for each level and seed.

    Args:
        setting: what to measure.
        batch: how many seeds run together. It changes the time that it takes and nothing else.
    """
    count = len(setting.seeds)
    parts = [_measure_seeds(setting, setting.seeds[k : k + batch]) for k in range(0, count, batch)]
    return [row for level in zip(*parts, strict=True) for rows in level for row in rows]


def _measure_seeds(setting: Setting, seeds: tuple[int, ...]) -> list[list[Row]]:
    """Return for each level the rows of the seeds."""
    found = [setting.problems.problem(seed) for seed in seeds]
    weights = np.array([[draw(setting, v, seed) for seed in seeds] for v in setting.levels])
    last = found[0].targets.shape[1]
    xs = np.array([problem.xs for problem in found])
    overwrite = setting.states == OVERWRITTEN
    with np.errstate(all="ignore"):  # noise on 1e13 may overflow: then the answer is wrong
        outputs = setting.subject.run(weights, xs, last, overwrite, setting.device)
    return [
        [
            replace(setting.key(level, seed), **score(y, problem, setting.problems.rounded))
            for seed, problem, y in zip(seeds, found, many, strict=True)
        ]
        for level, many in zip(setting.levels, outputs, strict=True)
    ]


def score(outputs: np.ndarray, problem: Problem, rounded: bool) -> dict[str, Any]:
    """Return the results of one draw.

    Args:
        outputs: the last outputs, (B, last, m).
        problem: with the targets, (B, last, m).
        rounded: whether the outputs are tokens.

    Returns:
        ``distance``: the mean Euclidean distance to the target. For tokens also ``wrong``: the
        percentage that does not round to the target, ``margin`` and ``middle_margin``: how far
        the worst and the median output stay from the edge, 1/2 - ``|output - target|``. Below 0 is
        wrong. Outputs that are no number are infinitely far away. Seven digits are kept.
    """
    with np.errstate(all="ignore"):
        gap = np.abs(outputs - problem.targets)
        gap[np.isnan(gap)] = np.inf
        results = {"distance": float(np.sqrt((gap**2).sum(axis=-1)).mean())}
        if rounded:
            wrong = ~(np.round(outputs) == problem.targets)
            results |= {"wrong": 100 * float(wrong.mean()), "margin": 0.5 - float(gap.max())}
            results["middle_margin"] = 0.5 - float(np.median(gap))
    return {name: float(f"{value:.7g}") for name, value in results.items()}
