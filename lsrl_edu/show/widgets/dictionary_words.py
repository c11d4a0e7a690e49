"""What each variable of Listing 2 is, and why it has its value at an element, in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from lsrl_edu.lang import Trace
from lsrl_edu.programs import discrete


@dataclass(frozen=True)
class Row:
    """A variable of the listing: its name, what it is, and the rows it reads."""

    name: str
    what: str
    reads: tuple[str, ...] = ()


ROWS = (
    Row("input", "The token that is read."),
    Row("global_ctr", "How many elements came before: a state that adds 1."),
    Row("mod_n", "The place in the word, from 0: a clock."),
    Row("mod_2n", "The place in value and key together: a clock."),
    Row("is_prompt", "Whether the query is over.", ("global_ctr",)),
    Row("is_compare_mode", "Whether this element belongs to a key.", ("mod_2n",)),
    Row(
        "is_copy_mode",
        "Whether this element belongs to a value.",
        ("is_prompt", "is_compare_mode"),
    ),
    Row(
        "is_first_token_for_copy",
        "Whether this is the first token of a value.",
        ("is_copy_mode", "mod_n"),
    ),
    Row("q", "The query, one register for each place.", ("input", "is_prompt", "mod_n")),
    Row("cor_q_el", "The token of the query at this place.", ("q", "mod_n")),
    Row(
        "matching",
        "Whether this token of a key is that of the query.",
        ("input", "cor_q_el", "is_compare_mode"),
    ),
    Row("buffer", "The last n + 1 match bits, newest last: a shift register.", ("matching",)),
    Row("all_matching", "Whether the n elements before this one all matched.", ("buffer",)),
    Row(
        "started_on",
        "When the value that is wanted began, 0 until then.",
        ("all_matching", "is_first_token_for_copy", "global_ctr"),
    ),
    Row(
        "copy_and_on",
        "Whether this token is to be copied.",
        ("is_copy_mode", "global_ctr", "started_on"),
    ),
    Row("t_updates", "What is added to each register.", ("input", "copy_and_on", "mod_n")),
    Row("output_regs", "The answer, one register for each place.", ("t_updates",)),
    Row("output", "The register of this place.", ("output_regs", "mod_n")),
)
WORDS = ("q", "t_updates", "output_regs")  # n tokens side by side
TOKENS = ("input", "cor_q_el", "output")


@dataclass(frozen=True)
class Moment:
    """One element of one run, with the names that people have for what they see.

    Attributes:
        trace: of the program of Listing 2.
        words: query, key, value, key, value, ..., as the reader gave them.
        t: the number of the element.
    """

    trace: Trace
    words: list[Any]
    t: int

    @property
    def n(self) -> int:
        """Tokens in a word."""
        return len(self.words[0])

    @property
    def place(self) -> int:
        """The place of the element in its word, from 0."""
        return self.t % self.n

    @property
    def role(self) -> str:
        """``query``, ``key`` or ``value``."""
        word = self.t // self.n
        return "query" if word == 0 else ("value", "key")[word % 2]

    def value(self, name: str, back: int = 0) -> list[int]:
        """Return a variable as integers; ``back=1`` is the element before, 0s before the first."""
        t = self.t - back
        if name == "input":
            return [int(v) for v in self.trace.batch.values[0, t]]
        names = [f"{name}_{i}" for i in range(self.n)] if name in WORDS[1:] else [name]
        columns = [self.trace[each] for each in names]
        if t < 0:
            return [0] * sum(c.shape[1] for c in columns)
        return [int(v) for c in columns for v in c[t]]

    def changed(self, name: str) -> bool:
        """Whether a variable differs from the element before."""
        return self.value(name) != self.value(name, back=1)

    def spell(self, tokens: Any) -> str:
        """Return tokens as the reader writes them: letters, or numbers with spaces."""
        if isinstance(tokens, str):
            return tokens.upper()
        if isinstance(self.words[0], str):
            return discrete.decode(tokens)
        return " ".join(str(int(k)) for k in np.ravel(tokens))

    def text(self, name: str) -> str:
        """Return the value of a variable as a cell of the table shows it."""
        values = self.value(name)
        if name in WORDS or name in TOKENS:
            return self.spell(values)
        return "".join(map(str, values))


def why(name: str, moment: Moment) -> str:
    """Return a sentence that says why a variable has its value at this element."""
    return _REASONS[name](moment)


def _input(m: Moment) -> str:
    return f"It is at place {m.place} of the {m.role} {m.spell(m.words[m.t // m.n])}."


def _global_ctr(m: Moment) -> str:
    return "The state started at −1 and was written once." if m.t == 0 else "One more than before."


def _mod_n(m: Moment) -> str:
    return f"{m.t} mod {m.n} is {m.place}."


def _mod_2n(m: Moment) -> str:
    half = "n or more, as in every key" if m.role == "key" else "below n, as in no key"
    return f"{m.t} mod {2 * m.n} is {m.t % (2 * m.n)}: {half}."


def _is_prompt(m: Moment) -> str:
    where = "below" if m.role == "query" else "not below"
    return f"{m.t} is {where} n = {m.n}."


def _is_compare_mode(m: Moment) -> str:
    where = "not below" if m.role == "key" else "below"
    return f"mod_2n is {where} n = {m.n}."


def _is_copy_mode(m: Moment) -> str:
    return {
        "query": "The query is not over yet.",
        "key": "The query is over, but this is a key.",
        "value": "The query is over, and this is no key.",
    }[m.role]


def _first(m: Moment) -> str:
    if m.role != "value":
        return "This is no value."
    return f"This is a value, and its place is {m.place}."


def _q(m: Moment) -> str:
    if m.role == "query":
        return f"{m.text('input')} is added at place {m.place}; every other place gets 0."
    return "After the query nothing but 0 is added, so the state stays."


def _cor_q_el(m: Moment) -> str:
    return f"q holds {m.text('cor_q_el')} at place {m.place}."


def _matching(m: Moment) -> str:
    own, wanted = m.text("input"), m.text("cor_q_el")
    equal = f"{own} equals {wanted}" if own == wanted else f"{own} is not {wanted}"
    if m.role != "key":
        return f"{equal}, but this is a {m.role}: only keys are compared."
    return f"{equal}, the query's token at place {m.place}."


def _buffer(m: Moment) -> str:
    bit = m.value("matching")[0]
    return f"All bits moved one place to the left, the first one fell out, and {bit} came in."


def _all_matching(m: Moment) -> str:
    ones = sum(m.value("buffer")[: m.n])
    end = "all of them" if ones == m.n else f"not {m.n}"
    return f"Of the {m.n} bits before the newest, {ones} are 1: {end}."


def _started_on(m: Moment) -> str:
    if m.changed("started_on"):
        return f"A key has matched and its value begins here: the time, {m.t}, is added."
    if m.value("all_matching")[0]:  # needs keys that end nowhere else, so it does not happen
        return "No value begins here, so 0 is added."
    return "0 is added: no key has just ended that matched from end to end."


def _copy_and_on(m: Moment) -> str:
    if m.role != "value":
        return "This is no value."
    start = m.value("started_on")[0]
    where = "below" if m.t < start + m.n else "not below"
    return f"This is a value, and {m.t} is {where} started_on + n = {start} + {m.n}."


def _t_updates(m: Moment) -> str:
    if m.value("copy_and_on")[0]:
        return f"Copying is on: {m.text('input')} goes to place {m.place}."
    return "Copying is off, so every register gets 0."


def _output_regs(m: Moment) -> str:
    if m.value("copy_and_on")[0]:
        return f"{m.text('input')} was added at place {m.place}."
    return "Only 0 was added."


def _output(m: Moment) -> str:
    return f"Register {m.place} is read, since this is place {m.place}."


_REASONS: dict[str, Callable[[Moment], str]] = {
    "input": _input,
    "global_ctr": _global_ctr,
    "mod_n": _mod_n,
    "mod_2n": _mod_2n,
    "is_prompt": _is_prompt,
    "is_compare_mode": _is_compare_mode,
    "is_copy_mode": _is_copy_mode,
    "is_first_token_for_copy": _first,
    "q": _q,
    "cor_q_el": _cor_q_el,
    "matching": _matching,
    "buffer": _buffer,
    "all_matching": _all_matching,
    "started_on": _started_on,
    "copy_and_on": _copy_and_on,
    "t_updates": _t_updates,
    "output_regs": _output_regs,
    "output": _output,
}
