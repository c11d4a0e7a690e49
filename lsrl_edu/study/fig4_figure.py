"""Drawing Fig. 4: one dot for each seed, one panel for each set of results."""

from __future__ import annotations

from typing import Any

import numpy as np

from lsrl_edu.study.fig4 import LEVELS, METHODS

Results = dict[tuple[str, float], np.ndarray]

MARKERS = ("o", "s", "^", "D", "v")
LABELS = {"tokens": "wrong tokens (%)", "curves": "mean distance to the target"}
CEILING = 1e18
"""Larger distances are drawn here."""


def draw(experiment: str, panels: dict[str, Results], levels: tuple[float, ...] = LEVELS) -> Any:
    """Return the strip plots as a figure with its description.

    Args:
        experiment: ``"tokens"`` or ``"curves"``, which settles the axes.
        panels: title -> results, each (method, level) -> one number for each seed.
        levels: of the noise, from left to right.
    """
    from lsrl_edu.show.figures import figure, subplots

    fig, axes = subplots(
        1, len(panels), width=3.6 * len(panels), height=3.4, sharey=True, squeeze=False
    )
    for ax, (title, results) in zip(axes[0], panels.items(), strict=True):
        _panel(ax, experiment, results, levels)
        ax.set_title(title)
    axes[0, 0].set_ylabel(LABELS[experiment])
    handles, names = axes[0, 0].get_legend_handles_labels()
    fig.legend(handles, names, loc="outside lower center", ncols=3, fontsize=9)
    return figure(fig, alt=describe(experiment, panels, levels))


def describe(experiment: str, panels: dict[str, Results], levels: tuple[float, ...]) -> str:
    """Return the figure in words: for each panel and level, the conditionals' middle results."""
    kind = "mean percentage of wrong tokens" if experiment == "tokens" else "median distance"
    digits = ".0f" if experiment == "tokens" else ".2g"
    parts = [f"Strip plots of noise level against {kind}, by conditional."]
    for title, results in panels.items():
        for level in levels:
            cells = [
                f"{method} {middle(experiment, results[method, level]):{digits}}"
                for method in METHODS
                if (method, level) in results
            ]
            parts.append(f"{title}, noise {level:g}: {', '.join(cells)}.")
    return " ".join(parts)


def middle(experiment: str, values: np.ndarray) -> float:
    """Return the number that stands for a cell: the mean of percentages, the median distance."""
    return float(np.mean(values) if experiment == "tokens" else np.median(values))


def _panel(ax: Any, experiment: str, results: Results, levels: tuple[float, ...]) -> None:
    from lsrl_edu.show.palette import CYCLE

    jitter = np.linspace(-0.06, 0.06, 5)
    for m, method in enumerate(METHODS):
        cells = [(i, results[method, v]) for i, v in enumerate(levels) if (method, v) in results]
        shift = 0.16 * (m - (len(METHODS) - 1) / 2)
        xs = [i + shift + jitter[k % 5] for i, values in cells for k in range(len(values))]
        ys = np.concatenate([values for _, values in cells]) if cells else np.zeros(0)
        ys = np.minimum(np.where(np.isfinite(ys), ys, CEILING), CEILING)
        _ = ax.plot(
            xs, ys, MARKERS[m], color=CYCLE[m], label=method, alpha=0.6, markersize=3,
            linestyle="none",
        )  # fmt: skip
    ax.set_xticks(range(len(levels)), [f"{v:g}" for v in levels])
    ax.set_xlabel("noise level")
    ax.set_yscale("linear" if experiment == "tokens" else "log")
