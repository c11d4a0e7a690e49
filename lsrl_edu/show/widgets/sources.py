"""The scripts and styles of the widgets: some stand on a part that several share."""

from __future__ import annotations

from pathlib import Path

HERE = Path(__file__).parent
SHARED = {
    "eigenvalue_picker": "choices",
    "noise_explorer": "choices",
    "parsons": "exercise",
    "quiz": "exercise",
    "whisper_shout": "choices",
}
"""Widget -> what its script and style stand on."""


def source(file: str) -> str:
    """Return the text of a widget's script or style, the shared part first.

    anywidget takes one script and one style for each widget, so they are joined here.
    """
    path = HERE / file
    below = SHARED.get(path.stem)
    parts = [path.with_stem(below), path] if below else [path]
    return "\n".join(part.read_text(encoding="utf-8") for part in parts)
