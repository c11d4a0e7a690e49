"""Every variable of Listing 2 at every element, as in Fig. 3 of the paper, to click through.

The program runs here, once for each query; the page (``dictionary_stepper.js``) chooses what is in
sight. For every cell of the table there is a sentence that says why the variable has its value
there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from lsrl_edu.errors import DomainError
from lsrl_edu.lang import Program, Trace
from lsrl_edu.programs import discrete
from lsrl_edu.show.widgets.dictionary_words import ROWS, Moment, Row, why

_HERE = Path(__file__).parent
_NAMES = [row.name for row in ROWS]
QUESTION = "How does a state that can only add find the right value?"


def dictionary_data(
    queries: Sequence[Any] = ("CAN",),
    pairs: Mapping | Sequence[tuple[Any, Any]] | None = None,
    variable: str = "matching",
    element: int | None = None,
    question: str = QUESTION,
) -> dict[str, Any]:
    """Return everything the page shows, as plain JSON values.

    Args:
        queries: words of n tokens each; the first one is shown first.
        pairs: keys and values; the countries and capitals of Fig. 3 if left out.
        variable: the row chosen first.
        element: the column chosen first; the first letter of the key that matches (of the first
            key if none does) if left out.
        question: the question that clicking through answers.

    Returns:
        ``rows``: name, whether it is a state, what it is, which rows it reads.
        ``queries``: for each its words and, for each row, the values and sentence numbers.
        ``sentences``: each sentence once.

    Raises:
        DomainError: where there is no query, or no such variable.
        ShapeError: where words differ in length, or something is no word.
    """
    pairs = discrete.CAPITALS if pairs is None else pairs
    _check(queries, variable)
    inputs = [discrete.sequence(query, pairs) for query in queries]
    n, steps = len(queries[0]), len(inputs[0])
    program = discrete.program(n, "optimized", counter="cycle")
    sentences: dict[str, int] = {}
    shown = [
        _one_query(program.trace(xs, number="exact"), _words(query, pairs), sentences)
        for query, xs in zip(queries, inputs, strict=True)
    ]
    column = _first_column(inputs[0].ravel().tolist(), n) if element is None else element
    return {
        "title": "Listing 2, variable by variable",
        "question": question,
        "n": n,
        "steps": steps,
        "start": _NAMES.index(variable) * steps + min(max(column, 0), steps - 1),
        "rows": [_row_data(row, program) for row in ROWS],
        "queries": shown,
        "sentences": list(sentences),
    }


def _check(queries: Any, variable: str) -> None:
    if variable not in _NAMES:
        raise DomainError(f"variable={variable!r}: choose one of {', '.join(_NAMES)}.")
    if isinstance(queries, str) or not len(queries):
        raise DomainError(f"queries={queries!r}: give a list of words to look up, one at least.")


def _words(query: Any, pairs: Any) -> list[Any]:
    """Return query, key, value, key, value, ... as the reader gave them."""
    listed = pairs.items() if isinstance(pairs, Mapping) else pairs
    return [query, *(word for pair in listed for word in pair)]


def _row_data(row: Row, program: Program) -> dict[str, Any]:
    states = {node.name for node in program.states}
    state = row.name in states or f"{row.name}_0" in states  # the registers are one state each
    reads = [_NAMES.index(name) for name in row.reads]
    return {"name": row.name, "state": state, "what": row.what, "reads": reads}


def _one_query(trace: Trace, words: list[Any], sentences: dict[str, int]) -> dict[str, Any]:
    """Return the values and sentence numbers of one query; new sentences are added."""
    moments = [Moment(trace, words, t) for t in range(len(trace))]
    numbers = [
        [sentences.setdefault(why(row.name, m), len(sentences)) for m in moments] for row in ROWS
    ]
    found = discrete.answer(trace.output, moments[0].n)
    return {
        "name": moments[0].spell(words[0]),
        "answer": moments[0].spell(found),
        "words": [moments[0].spell(word) for word in words],
        "values": [[m.text(row.name) for m in moments] for row in ROWS],
        "why": numbers,
    }


def _first_column(tokens: list[int], n: int) -> int:
    """Return the first token of the key that matches, of the first key, or of the query."""
    starts = range(n, len(tokens), 2 * n)
    matching = (t for t in starts if tokens[t : t + n] == tokens[:n])
    return next(matching, n if len(tokens) > n else 0)


class DictionaryStepper(anywidget.AnyWidget):
    """The thin shell around :func:`dictionary_data`.

    ``cell`` is row times steps plus element, ``query`` the position of the query that is shown.
    """

    _esm = _HERE / "dictionary_stepper.js"
    _css = _HERE / "dictionary_stepper.css"
    data = traitlets.Dict().tag(sync=True)
    cell = traitlets.Int(0).tag(sync=True)
    query = traitlets.Int(0).tag(sync=True)

    def __init__(self, queries: Sequence[Any] = ("CAN",), pairs: Any = None, **options: Any):
        data = dictionary_data(queries, pairs, **options)
        super().__init__(data=data, cell=data["start"], query=0)

    def __repr__(self) -> str:
        shown = ", ".join(f"{q['name']} → {q['answer']}" for q in self.data["queries"])
        return f"<{self.data['title']}: {shown}>"


def step_through_dictionary(
    queries: Sequence[Any] = ("CAN",), pairs: Any = None, **options: Any
) -> DictionaryStepper:
    """Return a widget to click through; arguments as for :func:`dictionary_data`."""
    return DictionaryStepper(queries, pairs, **options)
