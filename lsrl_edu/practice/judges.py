"""Judges for answers that are values: numbers, choices, options, inputs that tell two runs apart.

A judge has two methods. ``read`` turns what the reader typed into the thing to be judged, or
raises :class:`~lsrl_edu.practice.verdict.Refused`. ``examine`` judges it. The judge for programs
is :class:`lsrl_edu.practice.behaviour.Behaves`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from lsrl_edu.lang import Program
from lsrl_edu.practice.reading import (
    as_list,
    as_numbers,
    called,
    described,
    plain,
    short,
    untouched,
)
from lsrl_edu.practice.verdict import Verdict, no_answer, not_attempted, right, wrong


class Judge(Protocol):
    """Decides about one kind of answer."""

    def read(self, answer: Any) -> Any:
        """Return the thing to be judged, or raise Refused."""
        ...

    def examine(self, thing: Any, seed: int) -> Verdict:
        """Return the verdict; random inputs come from the seed."""
        ...


@dataclass(frozen=True)
class Mistake:
    """A wrong answer that people give, and what to tell them.

    Attributes:
        like: the wrong answer itself; for a program, a plain Python function with the same
            outputs; for a value, the value or a function that recognises it.
        message: what to tell whoever gives it. It says what the answer does, not what is right.
    """

    like: Any
    message: str


@dataclass(frozen=True)
class Equals:
    """The answer is one value: a number, a word, or a list of them.

    Attributes:
        value: the right answer.
        mistakes: wrong ones with their messages; ``like`` may be a function of the answer.
        tolerance: of numbers, relative to the larger of 1 and the value.
        places: what each entry of a list is, for the message; "entry 0", ... if left out.
        hint: what to say of an entry that is wrong in a way nobody foresaw.
        said: what to add to "right".
    """

    value: Any
    mistakes: tuple[Mistake, ...] = ()
    tolerance: float = 1e-9
    places: tuple[str, ...] = ()
    hint: str = ""
    said: str = ""

    def read(self, answer: Any) -> Any:
        """Return the answer as a plain value or list of the right length."""
        if untouched(answer):
            raise not_attempted()
        if not isinstance(self.value, list | tuple):
            return self._one(answer, self.value)
        items = as_list(answer, f"a list of {len(self.value)}")
        if len(items) != len(self.value):
            raise no_answer(
                f"The answer has {len(items)} entries; it should have {len(self.value)}."
            )
        return [self._one(a, v) for a, v in zip(items, self.value, strict=True)]

    def _one(self, answer: Any, value: Any) -> Any:
        if isinstance(value, str):
            if not isinstance(answer, str):
                raise no_answer(f"{described(answer)} should be a word in quotes.")
            return answer.strip().lower()
        if isinstance(value, list | tuple):
            return as_numbers(answer).tolist()
        return as_numbers([answer], "a number")[0].item()

    def examine(self, thing: Any, seed: int) -> Verdict:
        """Compare with the value, entry by entry."""
        if self._same(thing, self.value):
            return right(self.said)
        for mistake in self.mistakes:
            alike = mistake.like(thing) if callable(mistake.like) else None
            if alike or (alike is None and self._same(thing, mistake.like)):
                return wrong(mistake.message)
        return wrong(" ".join(filter(None, [self._first(thing), self.hint])))

    def _first(self, thing: Any) -> str:
        if not isinstance(self.value, list | tuple):
            return f"It is not {plain(thing)}."
        for i, (found, value) in enumerate(zip(thing, self.value, strict=True)):
            if not self._same(found, value):
                place = self.places[i] if self.places else f"entry {i} (from 0)"
                return f"Look again at {place}: it is not {plain(found)}."
        raise AssertionError("no entry differs")

    def _same(self, found: Any, value: Any) -> bool:
        if isinstance(value, str):
            return found == value.lower()
        if isinstance(value, list | tuple):
            return (
                isinstance(found, list)
                and len(found) == len(value)
                and all(map(self._same, found, value))
            )
        if isinstance(found, str | list):
            return False
        return abs(found - value) <= self.tolerance * max(1.0, abs(value))


@dataclass(frozen=True)
class Rule:
    """Something that must hold of an answer.

    Attributes:
        holds: function of the answer, true where it is fine.
        message: what to say where it does not, or a function of the answer that says it.
    """

    holds: Callable[[Any], Any]
    message: str | Callable[[Any], str]

    def broken_by(self, thing: Any) -> str:
        """Return what is wrong, or nothing."""
        if self.holds(thing):
            return ""
        return self.message(thing) if callable(self.message) else self.message


@dataclass(frozen=True)
class Finds:
    """A rule in one function, for what would be computed twice as a :class:`Rule`.

    Attributes:
        problem: function of the answer that returns what is wrong with it, or nothing.
    """

    problem: Callable[[Any], str]

    def broken_by(self, thing: Any) -> str:
        """Return what is wrong, or nothing."""
        return self.problem(thing)


@dataclass(frozen=True)
class Satisfies:
    """The answer is anything that keeps all the rules; the first broken one is named.

    Attributes:
        rules: asked in this order; what a later rule may rely on is an earlier one.
        kind: the type, or types, that the answer must have; any if left out.
        noun: how to call that in a sentence.
        probe: arguments to call a function with, to see whether it is still a stub.
        said: what to add to "right".
    """

    rules: tuple[Rule | Finds, ...]
    kind: type | tuple[type, ...] | None = None
    noun: str = ""
    probe: tuple[Any, ...] | None = None
    said: str = ""

    def read(self, answer: Any) -> Any:
        """Return the answer, if it is of the right type and no stub."""
        if untouched(answer):
            raise not_attempted()
        if self.kind is not None and not isinstance(answer, self.kind):
            raise no_answer(f"The answer is {described(answer)}; it should be {self.noun}.")
        if self.probe is not None:
            if not callable(answer):
                raise no_answer(f"The answer is {described(answer)}; it should be {self.noun}.")
            if untouched(called(answer, *self.probe)):
                raise not_attempted()
        return answer

    def examine(self, thing: Any, seed: int) -> Verdict:
        """Ask the rules; an exception in one of them is the answer's."""
        for rule in self.rules:
            if broken := called(rule.broken_by, thing):
                return wrong(broken)
        return right(self.said)


@dataclass(frozen=True)
class Differs:
    """The answer is an input on which two programs give different outputs.

    Attributes:
        left, right: the programs.
        names: what they are called in the text.
        allowed: rules on the input, an array (T,) or (T, d): its length, its values.
        mistakes: ``like`` is a function that recognises an input that shows nothing.
        tolerance: how far apart two outputs must be.
    """

    left: Program
    right: Program
    names: tuple[str, str] = ("the first", "the second")
    allowed: tuple[Rule, ...] = ()
    mistakes: tuple[Mistake, ...] = ()
    tolerance: float = 1e-6

    def read(self, answer: Any) -> np.ndarray:
        """Return the input as an array (T,) or (T, d)."""
        dim = self.left.input.dim
        xs = as_numbers(answer, "a sequence of numbers" if dim == 1 else f"rows of {dim} numbers")
        if (xs.ndim == 1) != (dim == 1) or xs.ndim > 2 or (dim > 1 and xs.shape[1] != dim):
            raise no_answer(f"The answer has shape {xs.shape}; each element should have {dim}.")
        for rule in self.allowed:
            if broken := rule.broken_by(xs):
                raise no_answer(broken)
        return xs

    def examine(self, thing: np.ndarray, seed: int) -> Verdict:
        """Run both, and say where they part or that they do not."""
        one, two = self.left.run(thing), self.right.run(thing)
        apart = np.abs(one - two).reshape(len(thing), -1).max(axis=1) > self.tolerance
        if apart.any():
            t = int(apart.argmax())
            a, b = (np.round(v[t], 6).tolist() for v in (one, two))
            return right(f"At element {t} {self.names[0]} gives {a}, {self.names[1]} gives {b}.")
        for mistake in self.mistakes:
            if mistake.like(thing):
                return wrong(mistake.message)
        return wrong(f"Both give {short(one)}.")


def one_of(words: Sequence[str], value: str, messages: dict[str, str]) -> Equals:
    """Return the judge for one word out of several, with a message for each wrong one."""
    missing = set(words) - {value} - set(messages)
    if missing:
        raise ValueError(f"no message for {sorted(missing)}")
    return Equals(value, tuple(Mistake(word, text) for word, text in messages.items()))
