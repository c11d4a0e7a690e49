"""Saving and loading: JSON for structure and exact numbers, safetensors for weights.

Files carry a format name and a version, which are checked on load. Nothing is ever unpickled or
evaluated.
"""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsrl_edu.compiler.layers import Layer, Layers
from lsrl_edu.errors import LSRLError, StorageError
from lsrl_edu.numbers import Matrix, Number, simplest
from lsrl_edu.ranges import INFINITY, Range

if TYPE_CHECKING:
    from lsrl_edu.backends.base import Model

VERSION = 1
LAYERS_FORMAT, MODEL_FORMAT = "lsrl_edu.layers", "lsrl_edu.model"


def save_layers(layers: Layers, path: Any) -> None:
    """Write Layers to a JSON file, every number exact."""
    Path(path).write_text(json.dumps(layers_to_json(layers), indent=1), encoding="utf-8")


def load(path: Any) -> Layers | Model:
    """Read what was saved: Layers from a file, a Model from a directory.

    Raises:
        StorageError: where the path is missing, the file is damaged, or its version is unknown.
    """
    path = Path(path)
    if path.is_dir():
        return _load_model(path)
    return layers_from_json(_read(path, LAYERS_FORMAT), path)


def save_model(model: Model, directory: Any) -> None:
    """Write a Model to a directory: layers.json, model.json and model.safetensors.

    For a model of transformers, model.safetensors and config.json are its own checkpoint, and the
    affine maps around it are in affine.safetensors.
    """
    from safetensors.torch import save_file

    folder = Path(directory)
    folder.mkdir(parents=True, exist_ok=True)
    save_layers(model.layers, folder / "layers.json")
    facts = {"format": MODEL_FORMAT, "version": VERSION}
    facts |= {"target": model.target, "dtype": model.dtype, "sizes": model.sizes}
    facts |= {"soft": model.soft.facts} if model.soft else {}
    (folder / "model.json").write_text(json.dumps(facts, indent=1), encoding="utf-8")
    for file, part in _parts(model.module).items():
        weights = {k: v.detach().cpu().contiguous() for k, v in part.items()}
        save_file(weights, folder / file, metadata={"format": "pt"})
    if hasattr(getattr(model.module, "model", None), "save_pretrained"):
        model.module.model.config.architectures = [type(model.module.model).__name__]
        model.module.model.config.save_pretrained(folder)


def _parts(module: Any) -> dict[str, dict]:
    """Return file -> weights; a model of transformers gets a file of its own."""
    weights = module.state_dict()
    if not hasattr(getattr(module, "model", None), "save_pretrained"):
        return {"model.safetensors": weights}
    inner = module.model.state_dict()
    outer = {k: v for k, v in weights.items() if not k.startswith("model.")}
    return {"model.safetensors": inner, "affine.safetensors": outer}


def _load_model(folder: Path) -> Model:
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    from lsrl_edu.backends import get_target
    from lsrl_edu.backends.base import Model

    facts = _read(folder / "model.json", MODEL_FORMAT)
    path = folder / "layers.json"
    layers = layers_from_json(_read(path, LAYERS_FORMAT), path)
    try:
        target, soft = get_target(facts["target"]), facts.get("soft")
        model = Model(layers, target, facts["dtype"], facts["sizes"], soft)
        _fill(model.module, {f: load_file(folder / f) for f in _parts(model.module)})
    except (KeyError, RuntimeError, OSError, SafetensorError, LSRLError) as error:
        raise StorageError(f"{folder} does not hold a complete model: {error}") from error
    return model


def _fill(module: Any, files: dict[str, dict]) -> None:
    """Put the weights of :func:`_parts` back."""
    if len(files) == 1:
        module.load_state_dict(files["model.safetensors"])
        return
    inner = {f"model.{name}": value for name, value in files["model.safetensors"].items()}
    module.load_state_dict(inner | files["affine.safetensors"])


def _read(path: Path, kind: str) -> dict:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise StorageError(f"Cannot read {path}: {error.strerror or error}.") from error
    except ValueError as error:
        raise StorageError(f"{path} is damaged: it is not JSON ({error}).") from error
    if not isinstance(data, dict) or data.get("format") != kind:
        raise StorageError(f"{path} is not a file of format {kind}.")
    if data.get("version") != VERSION:
        raise StorageError(
            f"{path} has version {data.get('version')}; this release reads version {VERSION}."
        )
    return data


# --- Layers as JSON ----------------------------------------------------------------------------


def layers_to_json(layers: Layers) -> dict:
    """Return Layers as plain JSON data; fractions become strings such as "1/3"."""
    return {
        "format": LAYERS_FORMAT,
        "version": VERSION,
        "name": layers.name,
        "input_dim": layers.input_dim,
        "horizon": layers.horizon,
        "domain": [_range_out(r) for r in layers.domain],
        "layers": [_layer_out(layer) for layer in layers.layers],
        "readout": _matrix_out(layers.readout),
        "readout_bias": _matrix_out(layers.readout_bias),
    }


def layers_from_json(data: dict, path: Any = "the data") -> Layers:
    """Return the Layers that :func:`layers_to_json` wrote."""
    try:
        layers = Layers(
            data["input_dim"],
            tuple(_layer_in(layer) for layer in data["layers"]),
            _matrix_in(data["readout"]),
            _matrix_in(data["readout_bias"]),
            tuple(_range_in(r) for r in data["domain"]),
            data["horizon"],
            data["name"],
        )
        _check_sizes(layers)
    except (LookupError, TypeError, ValueError, ZeroDivisionError) as error:
        raise StorageError(f"{path} is damaged: {type(error).__name__} {error}.") from error
    return layers


def _check_sizes(layers: Layers) -> None:
    """Refuse matrices that do not fit each other."""
    before = layers.input_dim
    for k, layer in enumerate(layers.layers, 1):
        rows = layer.width + layer.products
        sizes = {"W": (rows, before), "b": (rows, 1)}
        sizes |= {"A": (layer.states, layer.states), "s0": (layer.states, 1)}
        for name, size in sizes.items():
            _check_size(f"{name} of layer {k}", getattr(layer, name), size)
        if not len(layer.labels) == len(layer.ranges) == layer.width:
            raise ValueError(f"layer {k} has {layer.width} channels, but not as many labels")
        before = layer.width
    _check_size("readout", layers.readout, (layers.output_dim, before))
    _check_size("readout_bias", layers.readout_bias, (layers.output_dim, 1))
    if len(layers.domain) != layers.input_dim:
        raise ValueError(f"the domain lists {len(layers.domain)} coordinates")


def _check_size(name: str, matrix: Matrix, size: tuple[int, int]) -> None:
    columns = {c for row in matrix.rows for c, _ in row}
    if matrix.shape != size or not columns <= set(range(size[1])):
        raise ValueError(f"{name} is {matrix.shape}; {size} is needed")


_MATRICES, _COUNTS = ("W", "b", "A", "s0"), ("relus", "carries", "products")


def _layer_out(layer: Layer) -> dict:
    data: dict[str, Any] = {name: _matrix_out(getattr(layer, name)) for name in _MATRICES}
    data |= {name: getattr(layer, name) for name in _COUNTS}
    data |= {"labels": layer.labels, "ranges": [_range_out(r) for r in layer.ranges]}
    return data | {"factors": [[_range_out(r) for r in pair] for pair in layer.factors]}


def _layer_in(data: dict) -> Layer:
    matrices = [_matrix_in(data[name]) for name in _MATRICES]
    counts = [int(data[name]) for name in _COUNTS]
    ranges = tuple(_range_in(r) for r in data["ranges"])
    factors = tuple((_range_in(u), _range_in(v)) for u, v in data["factors"])
    return Layer(*matrices, *counts, tuple(data["labels"]), ranges, factors)


def _matrix_out(matrix: Matrix) -> dict:
    rows = [[[c, _number_out(v)] for c, v in row] for row in matrix.rows]
    return {"columns": matrix.shape[1], "rows": rows}


def _matrix_in(data: dict) -> Matrix:
    rows = (tuple((int(c), _number_in(v)) for c, v in row) for row in data["rows"])
    return Matrix(rows, data["columns"])


def _range_out(known: Range) -> list:
    return [_number_out(known.lo), _number_out(known.hi), known.integer]


def _range_in(data: list) -> Range:
    return Range(_number_in(data[0]), _number_in(data[1]), bool(data[2]))


def _number_out(value: Number | float) -> int | str:
    return value if isinstance(value, int) else str(value)


def _number_in(value: int | str) -> Number | float:
    if value in ("inf", "-inf"):
        return INFINITY if value == "inf" else -INFINITY
    return value if isinstance(value, int) else simplest(Fraction(value))
