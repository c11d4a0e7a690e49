"""Debranching, one step at a time: the rule, the graph before and after, and the size.

Everything is computed here, once; the page (``debranch_stepper.js``) only chooses what is shown,
so the widget works on a static site as it does in JupyterLab.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from lsrl_edu.compiler.rewrite import Size, Step, Trace
from lsrl_edu.show.debranching import (
    MOST_DRAWN,
    Drawn,
    draw_side,
    say_changes,
    size_strip,
    typeset_equation,
)
from lsrl_edu.show.words import plural

_HERE = Path(__file__).parent
QUESTION = "Which rule turns this graph into the next one, and why is it right?"
MOST_STEPS = 40
"""Of a longer trace, the first step of each rule is shown unless the reader asks for others."""
BUDGET = 280_000
"""Letters of pictures that a page may carry for one widget; steps that do not fit are left out."""


def debranch_data(
    trace: Trace,
    steps: Iterable[int] | None = None,
    question: str = QUESTION,
    most: int = MOST_DRAWN,
    budget: int = BUDGET,
) -> dict[str, Any]:
    """Return everything the page shows, as plain JSON values.

    Args:
        trace: what ``debranch`` recorded.
        steps: which steps to show; all of a short trace, the first of each rule of a long one.
        question: the question that stepping through answers.
        most: a graph with more nodes is drawn only around what a step changes.
        budget: letters of pictures; a step whose pictures would go beyond is left out.

    Returns:
        ``steps``: each with the rule (``case``, ``title``, ``equation``, ``proof``), a ``story``,
        ``before`` and ``after`` (position of a picture in ``graphs``, ``marks`` by node, ``note``)
        and ``x``, its place on ``curve``.
        ``graphs``: the pictures, each once.
    """
    wanted = _wanted(trace, steps)
    strip, places = size_strip(trace.sizes)
    graphs, shown = _drawn_steps(trace, wanted, most, budget)
    for step in shown:
        step["x"] = round(places[step["index"] + 1], 1)
    return {
        "title": f"Debranching {trace.program.name}",
        "question": question,
        "total": len(trace),
        "start": 0,
        "note": _note(len(trace), len(shown), len(wanted)),
        "curve": strip,
        "graphs": graphs,
        "steps": shown,
    }


def _wanted(trace: Trace, steps: Iterable[int] | None) -> list[int]:
    if steps is not None:
        inside = range(-len(trace), len(trace))
        return sorted({s % len(trace) for s in steps if s in inside})
    if len(trace) <= MOST_STEPS:
        return list(range(len(trace)))
    first: dict[str, int] = {}
    for step in trace:
        first.setdefault(step.case, step.index)
    return sorted({*first.values(), len(trace) - 1})


def _drawn_steps(
    trace: Trace, wanted: list[int], most: int, budget: int
) -> tuple[list[str], list[dict[str, Any]]]:
    """Draw the steps that the budget allows, equal pictures once."""
    pictures: dict[str, int] = {}
    shown: list[dict[str, Any]] = []
    graph, done = trace.graph_at(0), 0
    for index in wanted:
        for step in trace.steps[done:index]:
            graph.apply(step.delta)
        step, done = trace[index], index + 1
        before = draw_side(graph, step.delta, "Graph", most)
        graph.apply(step.delta)
        after = draw_side(graph, step.delta, "Graph", most)
        if sum(map(len, {*pictures, _light(before), _light(after)})) > budget:
            continue
        sides = {"before": _side(before, pictures), "after": _side(after, pictures)}
        shown.append({**_words(step), **sides})
    return list(pictures), shown


def _light(side: Drawn) -> str:
    """Return the picture without its description, which the page writes itself."""
    drawn = re.sub(r"<desc>.*?</desc>", "", side.svg, flags=re.DOTALL)
    return re.sub(r'^(<svg[^>]*?) aria-label="[^"]*"', r'\1 aria-label="Graph"', drawn)


def _side(side: Drawn, pictures: dict[str, int]) -> dict[str, Any]:
    place = pictures.setdefault(_light(side), len(pictures))
    marks = {str(position): kind for position, kind in side.marks.items()}
    return {"graph": place, "marks": marks, "note": side.note}


def _words(step: Step) -> dict[str, Any]:
    trace, index = step.trace, step.index
    end = " Now every node has one reader: a path." if index + 1 == len(trace) else ""
    return {
        "index": index,
        "case": step.case,
        "title": step.rule.title,
        "equation": typeset_equation(step.rule.equation),
        "proof": typeset_equation(" ".join(step.rule.proof.split())),
        "story": (
            f"Step {index} of 0 to {len(trace) - 1}. {_name(step.case)}, {step.rule.title}: "
            f"{say_changes(step.delta)}{end}"
        ),
        "sizes": [_say_size(trace.sizes[index]), _say_size(trace.sizes[index + 1])],
    }


def _name(case: str) -> str:
    return f"Fusion {case}" if case.startswith("F") else f"Case {case}"


def _say_size(size: Size) -> str:
    return (
        f"{plural(size.nodes, 'node')}, widest {size.widest:,}, "
        f"{plural(size.nonzeros, 'non-zero').replace(str(size.nonzeros), f'{size.nonzeros:,}')}"
    )


def _note(total: int, shown: int, wanted: int) -> str:
    if shown == total:
        return ""
    spent = f" The page has room for {shown} of the {wanted} chosen." if shown < wanted else ""
    return (
        f"{shown} of {plural(total, 'step')} can be seen here.{spent} "
        "step_through(steps=range(100, 120)) shows others."
    )


class DebranchStepper(anywidget.AnyWidget):
    """The thin shell around :func:`debranch_data`; ``step`` is a position in its ``steps``."""

    _esm = _HERE / "debranch_stepper.js"
    _css = _HERE / "debranch_stepper.css"
    data = traitlets.Dict().tag(sync=True)
    step = traitlets.Int(0).tag(sync=True)

    def __init__(self, trace: Trace, **options: Any):
        data = debranch_data(trace, **options)
        super().__init__(data=data, step=data["start"])

    def __repr__(self) -> str:
        return f"<{self.data['title']}: {len(self.data['steps'])} of {self.data['total']} steps>"


def step_through(trace: Trace, **options: Any) -> DebranchStepper:
    """Return a widget that steps through a trace; ``options`` as for :func:`debranch_data`."""
    return DebranchStepper(trace, **options)
