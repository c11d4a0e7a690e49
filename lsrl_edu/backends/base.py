"""What compiling to a target gives: a :class:`Model`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from lsrl_edu.backends.target import Target
from lsrl_edu.compiler.layers import Layers
from lsrl_edu.errors import UnsupportedByTarget
from lsrl_edu.run.layers import check_precision, pick_dtype, read_inputs


@dataclass(frozen=True)
class Report:
    """The facts of a compiled model, known before it is run."""

    target: str
    equation: str
    dtype: str
    stages: int
    hidden_sizes: tuple[int, ...]
    parameters: int
    nonzeros: int
    largest_weight: float
    domain: tuple[str, ...]
    horizon: int

    def __str__(self) -> str:
        sizes = ", ".join(map(str, self.hidden_sizes))
        lines = [
            f"target          {self.target}: {self.equation}",
            f"dtype           {self.dtype}",
            f"stages          {self.stages}, hidden sizes {sizes}",
            f"parameters      {self.parameters}, of which {self.nonzeros} are not zero",
            f"largest weight  {self.largest_weight:g}",
            f"input           {'; '.join(self.domain)}",
            f"horizon         {self.horizon} elements",
            "gadgets         all exact: the module differs from the program by rounding only",
        ]
        return "\n".join(lines)


class Model:
    """A program compiled to the weights of an architecture.

    Attributes:
        module: the torch module, an unmodified class with its weights set.
        layers: the network it was made from.
        target: the name of the architecture.
        dtype: of the weights, e.g. ``"float64"``.
    """

    def __init__(self, layers: Layers, target: Target, dtype: str = "float64"):
        _check_gates(layers, target)
        self.layers, self.target, self.dtype = layers, target.name, dtype
        self._target = target
        self.module = target.build(layers, pick_dtype(dtype))
        check_precision(layers, dtype)

    @torch.no_grad()
    def run(self, xs: Any, device: str = "auto") -> np.ndarray:
        """Run the module on a sequence (T,), (T, d) or a batch (B, T, d).

        Returns:
            The outputs with the same leading shape, as float64 numpy.

        Raises:
            DomainError: for an input outside the domain, or longer than the horizon.
        """
        batch, x = read_inputs(self.layers, xs, self.dtype, device)
        out = self.module.to(x.device)(x)
        return batch.restore(out.double().cpu().numpy())

    __call__ = run

    @property
    def report(self) -> Report:
        """Sizes and promises of the model."""
        weights = list(self.module.parameters())
        cells = [stage.cell.h0.numel() for stage in self.module]
        return Report(
            target=self.target,
            equation=self._target.equation,
            dtype=self.dtype,
            stages=len(cells),
            hidden_sizes=tuple(cells),
            parameters=sum(w.numel() for w in weights),
            nonzeros=sum(int(w.detach().count_nonzero()) for w in weights),
            largest_weight=max(
                (float(w.detach().abs().max()) for w in weights if w.numel()), default=0.0
            ),
            domain=tuple(map(str, self.layers.domain)),
            horizon=self.layers.horizon,
        )

    def state_dict(self) -> dict[str, torch.Tensor]:
        """Return the weights by parameter name."""
        return self.module.state_dict()

    def save(self, directory: Any) -> None:
        """Write the model to a directory: weights as safetensors, the rest as JSON."""
        from lsrl_edu.storage import save_model

        save_model(self, directory)

    def __repr__(self) -> str:
        sizes = ", ".join(str(stage.cell.h0.numel()) for stage in self.module)
        return f"<Model {self.layers.name} as {self.target}, {self.dtype}: hidden sizes {sizes}>"


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
