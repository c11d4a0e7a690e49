"""What noise can be put on: a compiled network (Layers), or a torch module with its weights set.

Both give their non-zero weights as one vector, and run with any table of such vectors.
"""

from __future__ import annotations

import copy
import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np
import torch

from lsrl_edu.compiler.layers import Layers
from lsrl_edu.errors import LSRLError
from lsrl_edu.run.layers import pick_device
from lsrl_edu.study.engine import run_plan
from lsrl_edu.study.plan import KINDS, Plan, make_plan

PUBLISHED_KINDS = ("W", "b", "A", "readout", "readout_bias")
"""The matrices that get noise in Fig. 4: A and b of a Linear, A, B and b of a LinState."""


class Subject(Protocol):
    """A network that noise can be put on. Subjects can be pickled, to be sent to other processes.

    Attributes:
        name: what it is called in the table.
        weights: its non-zero weights, (N,).
        digest: eight letters that change with the weights.
    """

    name: str
    weights: np.ndarray
    digest: str

    def mask(self, kinds: tuple[str, ...] | None) -> np.ndarray:
        """Return which weights belong to the kinds; None stands for the usual ones."""
        ...

    def run(
        self, weights: np.ndarray, xs: np.ndarray, last: int, overwrite: bool, device: str
    ) -> np.ndarray:
        """Return the last outputs (L, P, B, last, m).

        Args:
            weights: (L, P, N), L noisy copies for each of P problems.
            xs: (P, B, T, d).
            last: how many outputs are wanted.
            overwrite: whether the states before each step are those of a run without noise.
            device: where to compute.
        """
        ...


def subject(network: Any, name: str, dtype: str = "float64") -> Subject:
    """Return what the study works with, for Layers or for a Model of ``ls.compile``.

    Args:
        network: Layers (``ls.compile(p)``, ``ls.debranch(p).layers``) or a Model
            (``ls.compile(p, target=...)``), or what a backend built for one.
        name: what to call it in the table: the same name must mean the same network.
        dtype: of the arithmetic, for Layers. A Model has its own.

    Raises:
        LSRLError: for anything else.
    """
    if isinstance(network, Layers):
        return LayersSubject(name, make_plan(network), dtype)
    if isinstance(getattr(network, "module", None), torch.nn.Module):
        return ModuleSubject(name, network.module)
    raise LSRLError(
        f"A noise study takes Layers or a Model of ls.compile, not {type(network).__name__}."
    )


@dataclass(frozen=True, eq=False)
class LayersSubject:
    """Layers: all draws run at once, see :mod:`lsrl_edu.study.engine`."""

    name: str
    plan: Plan
    dtype: str = "float64"

    @property
    def weights(self) -> np.ndarray:
        """The non-zero weights, (N,)."""
        return self.plan.weights

    @cached_property
    def digest(self) -> str:
        """Eight letters that change with the weights and the arithmetic."""
        return hashlib.sha256(f"{self.plan.digest} {self.dtype}".encode()).hexdigest()[:8]

    def mask(self, kinds: tuple[str, ...] | None) -> np.ndarray:
        """Return which weights belong to the kinds, a part of ``plan.KINDS``.

        Raises:
            LSRLError: for a kind that does not exist.
        """
        kinds = PUBLISHED_KINDS if kinds is None else kinds
        unknown = sorted(set(kinds) - set(KINDS))
        if unknown:
            raise LSRLError(f"No weights are called {unknown}; there are {', '.join(KINDS)}.")
        return np.isin(self.plan.kinds, [KINDS.index(kind) for kind in kinds])

    def run(
        self, weights: np.ndarray, xs: np.ndarray, last: int, overwrite: bool, device: str = "cpu"
    ) -> np.ndarray:
        """See :class:`Subject`."""
        return run_plan(self.plan, weights, xs, last, overwrite, self.dtype, device)


@dataclass(frozen=True, eq=False)
class ModuleSubject:
    """A torch module with ``start(B) -> state`` and ``step(x, state) -> (y, state)``.

    A module of torch takes one set of weights at a time, so here the draws run one after the other.
    """

    name: str
    module: torch.nn.Module

    @cached_property
    def weights(self) -> np.ndarray:
        """The non-zero entries of all parameters, in the order of ``named_parameters``, (N,)."""
        parts = [w.detach().double().cpu().numpy() for _, w in self.module.named_parameters()]
        return np.concatenate([w[w != 0] for w in parts])

    @property
    def digest(self) -> str:
        """Eight letters that change with the weights."""
        return hashlib.sha256(self.weights.tobytes()).hexdigest()[:8]

    def mask(self, kinds: tuple[str, ...] | None) -> np.ndarray:
        """Return which weights belong to parameters with one of the kinds in their name.

        None stands for all but initial states (``h0``, ``c0``).
        """
        parts = []
        for name, w in self.module.named_parameters():
            last = name.split(".")[-1]
            chosen = last not in ("h0", "c0") if kinds is None else any(k in name for k in kinds)
            parts.append(np.full(int(w.detach().count_nonzero()), chosen))
        return np.concatenate(parts)

    @torch.no_grad()
    def run(
        self, weights: np.ndarray, xs: np.ndarray, last: int, overwrite: bool, device: str = "cpu"
    ) -> np.ndarray:
        """See :class:`Subject`."""
        clean = copy.deepcopy(self.module).to(pick_device(device))
        noisy = copy.deepcopy(clean)
        x = torch.from_numpy(np.array(xs)).to(next(clean.parameters()))
        states = [_states(clean, part, last) if overwrite else None for part in x]
        out = []
        for copies in weights:
            for k, w in enumerate(copies):
                set_weights(noisy, clean, w)
                out.append(_run_module(noisy, x[k], last, states[k]))
        return torch.stack(out).unflatten(0, weights.shape[:2]).double().cpu().numpy()


def set_weights(noisy: torch.nn.Module, clean: torch.nn.Module, weights: np.ndarray) -> None:
    """Write new values where the weights of ``clean`` are not zero."""
    first = 0
    for target, source in zip(noisy.parameters(), clean.parameters(), strict=True):
        there = source != 0
        count = int(there.sum())
        values = torch.tensor(weights[first : first + count]).to(target)
        target[there] = values
        first += count


def _states(module: Any, x: torch.Tensor, last: int) -> list[Any]:
    """Return the state before each of the last elements of x (B, T, d)."""
    state, kept = module.start(x.shape[0]), []
    for t in range(x.shape[1]):
        kept.append(state)
        _, state = module.step(x[:, t : t + 1], state)
    return kept[-last:]


def _run_module(module: Any, x: torch.Tensor, last: int, states: list | None) -> torch.Tensor:
    """Return the last outputs (B, last, m)."""
    if states is None:
        return module.step(x, module.start(x.shape[0]))[0][:, -last:]
    first = x.shape[1] - len(states)
    steps = [module.step(x[:, first + k : first + k + 1], s)[0] for k, s in enumerate(states)]
    return torch.cat(steps, dim=1)
