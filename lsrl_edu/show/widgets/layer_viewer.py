"""The weights of a network, one layer at a time.

Everything is drawn here, once; which layer is in sight is chosen in the page
(``layer_viewer.js``), so the widget works on a static site as it does in JupyterLab.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import traitlets

from lsrl_edu.compiler.layers import Layers
from lsrl_edu.show.text import largest, operations
from lsrl_edu.show.weights import layer_svgs
from lsrl_edu.show.words import plural

_HERE = Path(__file__).parent
QUESTION = "What does each layer read, and what does it hand on?"


def viewer_data(layers: Layers, start: int = 1, question: str = QUESTION) -> dict[str, Any]:
    """Return everything the page shows, as plain JSON values.

    Args:
        layers: the network.
        start: the layer shown first, counted from 1; the readout comes after the last.
        question: the question that looking through the layers answers.

    Returns:
        ``layers``: one entry for each layer and the readout, with ``name``, ``sentence``, ``svg``.
    """
    sentences = [*_sentences(layers), _readout_sentence(layers)]
    shown = [
        {"name": name, "sentence": sentence, "svg": drawn}
        for (name, drawn), sentence in zip(layer_svgs(layers), sentences, strict=True)
    ]
    first = min(max(start, 1), len(shown)) - 1
    title = f"Weights of {layers.name}, layer by layer"
    return {"title": title, "question": question, "start": first, "layers": shown}


def _sentences(layers: Layers) -> list[str]:
    reads = [layers.input_dim, *(x.width for x in layers.layers)]
    return [
        f"Layer {i} of {layers.depth} reads {plural(reads[i - 1], 'channel')} and hands on "
        f"{operations(x)}, with {plural(x.nonzeros, 'non-zero')}, the largest "
        f"{largest(x.W, x.b, x.A)}."
        for i, x in enumerate(layers.layers, 1)
    ]


def _readout_sentence(layers: Layers) -> str:
    reads = layers.readout.shape[1]
    return f"The readout makes {plural(layers.output_dim, 'output')} of {plural(reads, 'channel')}."


class LayerViewer(anywidget.AnyWidget):
    """The thin shell around :func:`viewer_data`; ``layer`` is the position of what is shown."""

    _esm = _HERE / "layer_viewer.js"
    _css = _HERE / "layer_viewer.css"
    data = traitlets.Dict().tag(sync=True)
    layer = traitlets.Int(0).tag(sync=True)

    def __init__(self, layers: Layers, **options: Any):
        data = viewer_data(layers, **options)
        super().__init__(data=data, layer=data["start"])

    def __repr__(self) -> str:
        return f"<{self.data['title']}>"


def view_layers(layers: Layers, **options: Any) -> LayerViewer:
    """Return a widget that shows one layer at a time; ``options`` as for :func:`viewer_data`."""
    return LayerViewer(layers, **options)
