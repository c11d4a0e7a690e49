"""Inputs with known right answers: what a noisy network is measured on.

A problem set gives one problem for each seed. Those of Fig. 4 are drawn as the authors drew them
(numpy's old generator, seeds 0 to 24), so ours ARE the published problems, and results can be
compared seed by seed.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np

from lsrl_edu.errors import LSRLError
from lsrl_edu.lang import Program
from lsrl_edu.programs import continuous, discrete


@dataclass(frozen=True, eq=False)
class Problem:
    """Inputs (B, T, d) and what the last outputs should be, (B, last, m)."""

    xs: np.ndarray
    targets: np.ndarray


class Problems(Protocol):
    """One problem for each seed.

    Attributes:
        name: what it is called in the table. Where it does not settle the problems, there is
            ``digest`` too: letters that change with them.
        rounded: True where outputs are tokens, and right when they round to the target.
    """

    name: str
    rounded: bool

    def problem(self, seed: int) -> Problem:
        """Return the problem of a seed. All problems of a set have the same shapes."""
        ...


@dataclass(frozen=True)
class Tokens:
    """Dictionaries for Listing 2: random words to random words, and some of them asked for.

    Attributes:
        n: tokens in a word.
        pairs: words in the dictionary.
        queries: how many different words are asked for.
        vocabulary: how many tokens there are.

    Raises:
        LSRLError: where there are fewer pairs than queries, or fewer words than pairs.
    """

    n: int = 10
    pairs: int = 20
    queries: int = 5
    vocabulary: int = 10
    rounded = True

    def __post_init__(self):
        if not 1 <= self.queries <= self.pairs <= self.vocabulary**self.n // 2 + 1:
            raise LSRLError(
                f"{self}: the queries are different words of the dictionary, and its words differ, "
                "so queries <= pairs, and at most half of all words are keys."
            )

    @property
    def name(self) -> str:
        """For instance ``tokens n=10 pairs=20``."""
        return f"tokens n={self.n} pairs={self.pairs}"

    def problem(self, seed: int) -> Problem:
        """Return the inputs (queries, n + 2 n pairs, 1) and the words looked up (queries, n, 1)."""
        rng = np.random.RandomState(seed)
        found: dict[tuple[int, ...], tuple[int, ...]] = {}
        while len(found) < self.pairs:
            value = tuple(rng.randint(0, self.vocabulary, self.n).tolist())
            found[tuple(rng.randint(0, self.vocabulary, self.n).tolist())] = value
        keys, asked = list(found), []
        while len(asked) < self.queries:
            k = rng.choice(len(keys))
            if k not in asked:
                asked.append(k)
        xs = np.array([discrete.sequence(keys[k], found) for k in asked], dtype=float)
        targets = np.array([found[keys[k]] for k in asked], dtype=float)
        return Problem(xs, targets[:, :, None])


@dataclass(frozen=True)
class Curves:
    """Functions on the unit cube for Listing 1: a smooth mean of a few random values.

    f(x) = sum_i w_i v_i / sum_i w_i with w_i = exp(-|x - c_i|), the v_i uniform in [-3, 3] and the
    c_i uniform in a cube a little larger than the unit cube.

    Attributes:
        d_in, d_out: widths of a point and of a value.
        cells: cells along each dimension.
        queries: how many points are asked for.
        controls: how many random values.
    """

    d_in: int = 2
    d_out: int = 2
    cells: int = 8
    queries: int = 10
    controls: int = 5
    rounded = False

    @property
    def name(self) -> str:
        """For instance ``curves 2 to 2 cells=8``."""
        return f"curves {self.d_in} to {self.d_out} cells={self.cells}"

    def problem(self, seed: int) -> Problem:
        """Return the inputs (queries, 1 + cells^d_in, d) and f at the queries (queries, 1, m)."""
        rng = np.random.RandomState(seed)
        centres = rng.rand(self.controls, self.d_in) * 1.2 - 0.1
        values = rng.rand(self.controls, self.d_out) * 6 - 3

        def f(x: np.ndarray) -> np.ndarray:
            weights = np.exp(-np.linalg.norm(centres - x, axis=1))
            return weights @ values / weights.sum()

        prompt = continuous.prompt(f, self.d_in, self.cells)
        points = rng.random_sample((self.queries, self.d_in))
        xs = np.array([continuous.sequence(x, prompt) for x in points])
        return Problem(xs, np.array([f(x) for x in points])[:, None])


@dataclass(frozen=True, eq=False)
class Same:
    """The same inputs for every seed.

    Attributes:
        name: what it is called in the table.
        xs: (B, T, d).
        targets: (B, last, m).
        rounded: True where an output is right when it rounds to the target.
    """

    name: str
    xs: np.ndarray
    targets: np.ndarray
    rounded: bool = False

    @cached_property
    def digest(self) -> str:
        """Eight letters that change with the inputs and targets, which the name does not tell."""
        return hashlib.sha256(self.xs.tobytes() + self.targets.tobytes()).hexdigest()[:8]

    def problem(self, seed: int) -> Problem:
        """Return the inputs and targets."""
        return Problem(self.xs, self.targets)


def from_program(program: Program, xs: Any, last: int | None = None, rounded: bool = False) -> Same:
    """Return a problem of any program: its inputs, and what the program itself answers, exactly.

    Args:
        program: computes the targets, in exact arithmetic.
        xs: inputs (T,), (T, d) or (B, T, d), of numbers.
        last: how many of the last outputs count; all of them if left out.
        rounded: True where the outputs are integers.
    """
    xs = np.asarray(xs, dtype=float)
    xs = xs.reshape(1, -1, program.input.dim) if xs.ndim < 3 else xs
    targets = program.run(xs, "exact").astype(float)
    return Same(program.name, xs, targets[:, -last:] if last else targets, rounded)
