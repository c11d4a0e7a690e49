"""Layers in torch: whole batches of sequences, layer by layer.

The weights are prepared once for each dtype and device (:class:`Runner`) and kept with the
Layers object. A large batch goes through in pieces that fit the processor's cache: a layer does
little arithmetic for each number it moves, so what counts is where the numbers are.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from lsrl_edu.compiler.layers import Layer, Layers
from lsrl_edu.errors import DomainError, LSRLError, PrecisionWarning
from lsrl_edu.interpret import Batch, as_batch
from lsrl_edu.numbers import Matrix
from lsrl_edu.ranges import Range, first_outside
from lsrl_edu.run.scan import Block, classify, run_block

DTYPES = {"float64": torch.float64, "float32": torch.float32, "bfloat16": torch.bfloat16}
DIGITS = {"float64": 53, "float32": 24, "bfloat16": 8}
"""Binary digits that a dtype keeps."""
PIECE = 16384
"""Elements (sequences times steps) that go through all layers before the next piece does."""


def run_layers(layers: Layers, xs: Any, dtype: str = "float64", device: str = "auto") -> np.ndarray:
    """Run a network on a sequence or a batch; see :meth:`Layers.run`.

    Args:
        layers: the network.
        xs: (T,), (T, d) or (B, T, d), inside the domain and not longer than the horizon.
        dtype: ``"float64"``, ``"float32"`` or ``"bfloat16"``.
        device: ``"auto"`` (a GPU where there is one), ``"cpu"``, ``"cuda"``, ...
    """
    batch, x = read_inputs(layers, xs, dtype, device)
    out = get_runner(layers, dtype, x.device)(x)
    return batch.restore(out.double().cpu().numpy())


def read_inputs(layers: Layers, xs: Any, dtype: str, device: str) -> tuple[Batch, torch.Tensor]:
    """Return what the reader passed in as a Batch and, once checked, as a tensor (B, T, d).

    Raises:
        DomainError: for an input outside the domain, or longer than the horizon.
    """
    batch = as_batch(xs, layers.input_dim)
    check_inputs(batch.values, layers.domain, layers.horizon, layers.name)
    x = torch.from_numpy(np.require(batch.values, requirements=["C", "W"]))
    return batch, x.to(pick_device(device), pick_dtype(dtype))


def check_inputs(values: np.ndarray, domain: tuple[Range, ...], horizon: int, name: str) -> None:
    """Refuse inputs that the weights make no promise for.

    Raises:
        DomainError: naming the first entry outside the domain, or the length beyond the horizon.
    """
    if values.shape[1] > horizon:
        raise DomainError(
            f"{name} was compiled for at most {horizon} elements; this sequence has "
            f"{values.shape[1]}. Compile again with horizon={values.shape[1]} or more."
        )
    where = first_outside(values, domain)
    if where is not None:
        sequence, step, coordinate = where
        found = values[where]
        raise DomainError(
            f"Input {found:g} (sequence {sequence}, element {step}, coordinate {coordinate}) is "
            f"outside what {name} was compiled for: {domain[coordinate]}. "
            "Compile again with domain=... if such inputs are meant."
        )


def check_precision(layers: Layers, dtype: str) -> None:
    """Warn where a layer adds numbers too different in size for the dtype.

    A masking constant of 1e10 beside a token of 7, say: float32 keeps 24 binary digits, and the
    7 is gone.
    """
    worst = layers.widest_sum
    if worst.digits <= DIGITS[dtype]:
        return
    warnings.warn(
        f"{layers.name}: layer {worst.layer} ({worst.label}) adds numbers whose sizes differ by a "
        f"factor of 2^{worst.digits:.0f}, and {dtype} keeps {DIGITS[dtype]} binary digits, so "
        "results may be wrong. Use float64, or declare domain= and horizon= so that the compiler "
        "can choose smaller constants.",
        PrecisionWarning,
        stacklevel=4,
    )


def pick_device(device: str) -> torch.device:
    """Return the torch device; ``auto`` is a GPU where there is one."""
    if device == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    return torch.device(device)


def full_precision() -> AbstractContextManager:
    """Return a context in which a GPU keeps all digits of float32.

    By default, cuDNN rounds the inputs of convolutions and recurrent cells to 10 binary digits
    (TF32), and everything exact is lost.
    """
    return torch.backends.cudnn.flags(
        enabled=torch.backends.cudnn.enabled, benchmark=False, deterministic=True, allow_tf32=False
    )


def pick_dtype(dtype: str) -> torch.dtype:
    """Return the torch dtype of that name.

    Raises:
        LSRLError: for a name that is not float64, float32 or bfloat16.
    """
    if dtype not in DTYPES:
        raise LSRLError(f"dtype {dtype!r}: choose one of {', '.join(DTYPES)}.")
    return DTYPES[dtype]


def get_runner(layers: Layers, dtype: str, device: torch.device) -> Runner:
    """Return the prepared network, made once for each dtype and device."""
    kept = layers.__dict__.setdefault("_runners", {})
    key = dtype, device
    if key not in kept:
        kept[key] = Runner(layers, pick_dtype(dtype), device)
        check_precision(layers, dtype)
    return kept[key]


def tensor(matrix: Matrix, dtype: torch.dtype, device: torch.device) -> torch.Tensor:
    """Return an exact matrix as a torch tensor, each entry rounded once."""
    return torch.tensor(matrix.float64, dtype=dtype, device=device)


MOST_CLOCKS = 64
"""Undriven states kept for further runs of the same length."""


@dataclass(frozen=True)
class Recurrence:
    """One block of a layer's states.

    Attributes:
        block: its transition.
        entries: its channels, a slice where they are neighbours.
        undriven: True where it is fed constants only: then all sequences share its values.
    """

    block: Block
    entries: slice | list[int]
    undriven: bool


@dataclass(frozen=True)
class Ready:
    """One layer with its weights in torch.

    Attributes:
        W, b: (rows, in) and (rows, 1).
        rows: which rows belong to which operation.
        recurrences: the states, block by block.
        layer: what it was made from.
    """

    W: torch.Tensor
    b: torch.Tensor
    rows: dict[str, slice]
    recurrences: tuple[Recurrence, ...]
    layer: Layer


class Runner:
    """A network prepared for one dtype and device. Inside, values are (channels, B, T)."""

    def __init__(self, layers: Layers, dtype: torch.dtype, device: torch.device):
        self.dtype, self.device = dtype, device
        self.clocks: dict[tuple[int, int], torch.Tensor] = {}
        self.layers = [self._ready(layer) for layer in layers.layers]
        self.readout = tensor(layers.readout, dtype, device)
        self.readout_bias = tensor(layers.readout_bias, dtype, device)

    def _ready(self, layer: Layer) -> Ready:
        W, b = (tensor(m, self.dtype, self.device) for m in (layer.W, layer.b))
        recurrences = tuple(_recurrence(layer, block) for block in classify(layer.A, layer.s0))
        return Ready(W, b, layer.split_rows(), recurrences, layer)

    @torch.no_grad()
    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        """Return the outputs (B, T, m) for inputs (B, T, d)."""
        x = x.permute(2, 0, 1)
        count = max(1, PIECE // max(1, x.shape[2])) if self.device.type == "cpu" else x.shape[1]
        pieces = [self._run(piece) for piece in x.split(max(count, 1), dim=1)]
        return torch.cat(pieces, dim=1).permute(1, 2, 0) if pieces else x.permute(1, 2, 0)

    def _run(self, y: torch.Tensor) -> torch.Tensor:
        for ready in self.layers:
            y = run_layer(ready, y, self._clock)
        return affine(self.readout, self.readout_bias, y)

    def _clock(self, part: Recurrence, drive: torch.Tensor) -> torch.Tensor:
        """Return the states of an undriven block: the same for every sequence, so kept."""
        key = id(part), drive.shape[2]
        if key not in self.clocks:
            if len(self.clocks) >= MOST_CLOCKS:
                self.clocks.clear()
            self.clocks[key] = run_block(part.block, drive[:, :1])
        return self.clocks[key]


def _recurrence(layer: Layer, block: Block) -> Recurrence:
    first, last = block.entries[0], block.entries[-1]
    neighbours = list(block.entries) == list(range(first, last + 1))
    undriven = all(not layer.W.rows[i] for i in block.entries)
    return Recurrence(
        block, slice(first, last + 1) if neighbours else list(block.entries), undriven
    )


def affine(W: torch.Tensor, b: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """Return W y + b for channels y (d, B, T)."""
    return torch.addmm(b, W, y.reshape(y.shape[0], -1)).unflatten(1, y.shape[1:])


def run_layer(ready: Ready, y: torch.Tensor, clock: Callable) -> torch.Tensor:
    """Return the channels (width, B, T) of a layer for those of the layer before.

    Args:
        ready: the layer.
        y: the channels of the layer before.
        clock: computes the states of an undriven block, (part, drive) -> states (n, 1, T).
    """
    u = affine(ready.W, ready.b, y)
    rows, layer = ready.rows, ready.layer
    for part in ready.recurrences:
        drive = u[part.entries]
        alone = part.undriven and drive.shape[1] > 0
        u[part.entries] = clock(part, drive) if alone else run_block(part.block, drive)
    if layer.relus:
        u[rows["relu"]].clamp_(min=0)
    if layer.products:
        u[rows["left"]] *= u[rows["right"]]
    return u[: layer.width]
