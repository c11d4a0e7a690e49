"""What compiling to a target gives: a :class:`Model`."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np
import torch

from lsrl_edu.backends.built import Built
from lsrl_edu.backends.gadgets import Use
from lsrl_edu.backends.sizes import Sizes
from lsrl_edu.backends.soft import Soft, as_soft
from lsrl_edu.backends.target import Target
from lsrl_edu.compiler.layers import Layers
from lsrl_edu.errors import PrecisionWarning, UnsupportedByTarget
from lsrl_edu.run.layers import check_precision, full_precision, pick_dtype, read_inputs

COARSE = 1e-3
"""Products whose error may exceed this are worth a warning."""


@dataclass(frozen=True)
class Report:
    """The facts of a compiled model, known before it is run."""

    target: str
    equation: str
    dtype: str
    hidden_sizes: tuple[int, ...]
    parameters: int
    nonzeros: int
    largest_weight: float
    domain: tuple[str, ...]
    horizon: int
    gadgets: tuple[Use, ...]
    notes: tuple[str, ...]

    def __str__(self) -> str:
        sizes = sizes_text(self.hidden_sizes)
        lines = [
            f"target          {self.target}: {self.equation}",
            f"dtype           {self.dtype}",
            f"hidden sizes    {sizes}",
            f"parameters      {self.parameters}, of which {self.nonzeros} are not zero",
            f"largest weight  {self.largest_weight:g}",
            f"input           {'; '.join(self.domain)}",
            f"horizon         {self.horizon} elements",
        ]
        for title, entries in (("gadgets", self.gadgets), ("note", self.notes)):
            for i, entry in enumerate(entries):
                lines.append(f"{title if i == 0 else '':16}{entry}")
        return "\n".join(lines)


def sizes_text(sizes: Sequence[int]) -> str:
    """Return the hidden sizes, those of equal layers together: ``19 x 48``."""
    runs = [(size, len(list(group))) for size, group in groupby(sizes)]
    return ", ".join(
        f"{count} x {size}" if count > 2 else ", ".join([str(size)] * count) for size, count in runs
    )


class Model:
    """A program compiled to the weights of an architecture.

    Attributes:
        module: the torch module, an unmodified class with its weights set.
        layers: the network it was made from.
        target: the name of the architecture.
        dtype: of the weights, e.g. ``"float64"``.
        sizes: those that were asked for.
        soft: the softer constants it was built with, None for exact ones.
    """

    def __init__(
        self,
        layers: Layers,
        target: Target,
        dtype: str = "float64",
        sizes: Sizes | None = None,
        soft: Any = None,
    ):
        _check_gates(layers, target)
        self.soft = _checked_soft(soft, target)
        self.layers, self.target, self.dtype = layers, target.name, dtype
        self._target, self.sizes = target, dict(sizes or {})
        pick_dtype(dtype)  # an unknown name is refused before anything is built
        extra = (self.soft,) if self.soft else ()
        self.built = target.build(layers, dtype, sizes, *extra)
        self.module = self.built.module
        self._warned = False
        check_precision(layers, dtype)
        _check_products(layers, self.built)

    @torch.no_grad()
    def run(self, xs: Any, device: str = "auto") -> np.ndarray:
        """Run the module on a sequence (T,), (T, d) or a batch (B, T, d).

        Returns:
            The outputs with the same leading shape, as float64 numpy.

        Raises:
            DomainError: for an input outside the domain, or longer than the horizon.
        """
        batch, x = read_inputs(self.layers, xs, self.dtype, device)
        module = self.module.to(x.device)
        if 0 in x.shape[:2]:
            out = x.new_zeros(*x.shape[:2], self.layers.output_dim)
        else:
            with full_precision():
                out, state = module.step(x, module.start(x.shape[0]))
            self._watch(x, out, state)
        return batch.restore(out.double().cpu().numpy())

    def _watch(self, x: torch.Tensor, out: torch.Tensor, state: Any) -> None:
        """Warn, once, where values got larger than the module can hold."""
        problem = None if self._warned else self.built.watch(x, out, state)
        if problem:
            self._warned = True
            warnings.warn(f"{self.layers.name}: {problem}", PrecisionWarning, stacklevel=4)

    __call__ = run

    @torch.no_grad()
    def steps(self, xs: Any) -> Iterator[np.ndarray]:
        """Run the module element by element, as one decodes; ``xs`` as in :meth:`run`.

        Yields:
            The output of each element: (m,), or (B, m) for a batch.
        """
        batch, x = read_inputs(self.layers, xs, self.dtype, "cpu")
        module = self.module.to(x.device)
        state = module.start(x.shape[0])
        for t in range(x.shape[1]):
            y, state = module.step(x[:, t : t + 1], state)
            out = y[:, 0].double().numpy()
            yield out if len(batch.shape) == 3 else out[0]

    @property
    def report(self) -> Report:
        """Sizes and promises of the model."""
        weights = list(self.module.parameters())
        return Report(
            target=self.target,
            equation=self._target.equation,
            dtype=self.dtype,
            hidden_sizes=self.built.hidden_sizes,
            parameters=sum(w.numel() for w in weights),
            nonzeros=sum(int(w.detach().count_nonzero()) for w in weights),
            largest_weight=max(
                (float(w.detach().abs().max()) for w in weights if w.numel()), default=0.0
            ),
            domain=tuple(map(str, self.layers.domain)),
            horizon=self.layers.horizon,
            gadgets=self.built.uses,
            notes=self.built.notes,
        )

    def state_dict(self) -> dict[str, torch.Tensor]:
        """Return the weights by parameter name."""
        return self.module.state_dict()

    def causal_lm(self) -> Any:
        """Return a program on tokens as a language model of transformers; ``generate`` works.

        See :func:`lsrl_edu.backends.tokens.causal_lm`; for mamba, mamba2, hawk and griffin.
        """
        from lsrl_edu.backends.tokens import causal_lm

        return causal_lm(self)

    def save(self, directory: Any) -> None:
        """Write the model to a directory: weights as safetensors, the rest as JSON.

        A model of transformers is written as its own checkpoint: ``AutoModel.from_pretrained``
        reads it, and ``affine.safetensors`` holds the maps into and out of it.
        """
        from lsrl_edu.storage import save_model

        save_model(self, directory)

    def __repr__(self) -> str:
        sizes = sizes_text(self.built.hidden_sizes)
        return f"<Model {self.layers.name} as {self.target}, {self.dtype}: hidden sizes {sizes}>"


def _checked_soft(soft: Any, target: Target) -> Soft | None:
    """Return the constants that are meant, and refuse them where the target has none to soften."""
    found = as_soft(soft)
    if found and not target.soft:
        raise UnsupportedByTarget(
            f"soft={soft!r} is for target='lstm'. {target.name} has other constants: those of "
            "linear_rnn, gated_linear_rnn, rnn and gated_rnn are of usual size as they are."
        )
    return found


def _check_products(layers: Layers, built: Built) -> None:
    """Warn where a product is coarse because its factors may be large."""
    worst = max((use.error for use in built.uses), default=0.0)
    if worst > COARSE:
        warnings.warn(
            f"{layers.name}: a product may be wrong by up to {worst:.2g}, in proportion to how "
            "large its factors may get. Declare a narrower domain or a shorter horizon, or use "
            "float64.",
            PrecisionWarning,
            stacklevel=4,
        )


def _check_gates(layers: Layers, target: Target) -> None:
    """Refuse a product where the architecture has no gate."""
    if target.gates or not layers.products:
        return
    names = [
        label
        for layer in layers.layers
        for kind, label in zip(layer.kinds, layer.labels, strict=True)
        if kind == "product"
    ]
    raise UnsupportedByTarget(
        f"{layers.name} multiplies two values that both vary ({len(names)} times; first in "
        f"{names[0]!r}), and a {target.name} has no gate that could do it. Compile to a target "
        "with gates (gated_linear_rnn, gated_rnn), or write the conditional without a product: "
        "f_ifelse(..., method='optimized')."
    )
