"""Questions with an answer to each choice, to be tried again until they are right.

``quiz([Question(...), Number(...), Reveal(...)])`` shows them. The page (``quiz.js``) checks, so it
works without a kernel; where no script runs, the questions stand as text with the answers folded
away.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

import anywidget
import traitlets

from lsrl_edu.errors import DomainError
from lsrl_edu.show.svg import clip
from lsrl_edu.show.widgets.quiz_text import as_html, as_text
from lsrl_edu.show.widgets.sources import source
from lsrl_edu.show.words import plural

TITLE = "Questions"


def check_text(text: Any, what: str) -> None:
    """Refuse what cannot be shown: no text, an empty one, or a backtick without its partner."""
    if not isinstance(text, str):
        raise DomainError(f"{what} must be a text; got {text!r}.")
    if not text.strip():
        raise DomainError(f"{what} is empty. Write it out.")
    if text.count("`") % 2:
        raise DomainError(f"{what} has a backtick without a partner: {clip(text, 60)}")


def _check_optional(text: Any, what: str) -> None:
    if text != "":
        check_text(text, what)


@dataclass(frozen=True)
class Choice:
    """One answer to choose.

    Attributes:
        text: the answer; code stands in `backticks`.
        correct: whether it is right.
        why: what is said to the reader who chose it.
    """

    text: str
    correct: bool
    why: str

    def __post_init__(self) -> None:
        check_text(self.text, "A choice")
        if not isinstance(self.correct, bool):
            raise DomainError(
                f'Choice "{self.text}": correct is True or False; got {self.correct!r}.'
            )
        check_text(self.why, f'The explanation of choice "{self.text}"')


@dataclass(frozen=True)
class Question:
    """A question with choices.

    Attributes:
        prompt: the question. ``code`` in backticks; listings between lines of three.
        choices: two or more; exactly one is right.
        several: the reader chooses all that are right: one or more.

    Raises:
        DomainError: for fewer than two choices, the same one twice, or none that is right.
    """

    prompt: str
    choices: tuple[Choice, ...]
    several: bool = False

    def __post_init__(self) -> None:
        check_text(self.prompt, "A question")
        object.__setattr__(self, "choices", tuple(self.choices))
        _check_choices(self)


def _check_choices(question: Question) -> None:
    where = f'Question "{clip(question.prompt, 60)}"'
    choices = question.choices
    strangers = [c for c in choices if not isinstance(c, Choice)]
    if strangers:
        raise DomainError(f"{where}: write Choice(text, correct, why), not {strangers[0]!r}.")
    if len(choices) < 2:
        raise DomainError(f"{where} has {plural(len(choices), 'choice')}; it needs two or more.")
    texts = [" ".join(c.text.split()) for c in choices]
    twice = [t for i, t in enumerate(texts) if t in texts[:i]]
    if twice:
        raise DomainError(f'{where} has the choice "{twice[0]}" twice.')
    right = sum(c.correct for c in choices)
    if not right:
        raise DomainError(f"{where} has no correct choice. Give one of them correct=True.")
    if right > 1 and not question.several:
        raise DomainError(f"{where} has {right} correct choices. Write several=True, or keep one.")


@dataclass(frozen=True)
class Number:
    """A question whose answer is a number. The reader may write 3, -0.25, 1e-3 or 1/4.

    Attributes:
        prompt: the question.
        answer: any real number, a Fraction too.
        tolerance: how far from it is still right.
        wrong: mistake -> what is said to the reader who makes it.
        hint: folded away, or nothing.
        why: what is said once it is right, or nothing.

    Raises:
        DomainError: for what is not a finite number, a negative tolerance, or a mistake that the
            tolerance would accept.
    """

    prompt: str
    answer: float
    tolerance: float = 0
    wrong: Mapping[float, str] = field(default_factory=dict, hash=False)
    hint: str = ""
    why: str = ""

    def __post_init__(self) -> None:
        check_text(self.prompt, "A question")
        object.__setattr__(self, "wrong", MappingProxyType(dict(self.wrong)))
        _check_number(self)


def _check_number(question: Number) -> None:
    where = f'Question "{clip(question.prompt, 60)}"'
    answer = _finite(question.answer, f"{where}: the answer")
    tolerance = _finite(question.tolerance, f"{where}: the tolerance")
    if tolerance < 0:
        raise DomainError(f"{where}: the tolerance is {tolerance}; it cannot be negative.")
    for value, why in question.wrong.items():
        check_text(why, f"{where}: what is said to {value!r}")
        if abs(_finite(value, f"{where}: a mistake") - answer) <= tolerance:
            raise DomainError(f"{where}: {value} stands among the mistakes, but it is right.")
    _check_optional(question.hint, f"{where}: the hint")
    _check_optional(question.why, f"{where}: the explanation")


def _finite(value: Any, what: str) -> float:
    try:
        number = math.nan if isinstance(value, bool | str) else float(value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        raise DomainError(f"{what} must be a finite number; got {value!r}.")
    return number


@dataclass(frozen=True)
class Reveal:
    """A question to think about; the answer is folded away, and nothing is counted."""

    prompt: str
    answer: str

    def __post_init__(self) -> None:
        check_text(self.prompt, "A question")
        check_text(self.answer, f'The answer to "{clip(self.prompt, 60)}"')


Asked = Question | Number | Reveal


def quiz_data(
    questions: Asked | Iterable[Asked], title: str = TITLE, seed: int | None = None
) -> dict[str, Any]:
    """Return everything the page shows, as plain JSON values.

    Args:
        questions: one, or several.
        title: what stands above them.
        seed: shuffles the choices of each question; if left out, they stand as written.

    Returns:
        ``questions``: each with its ``kind`` (choice, number or reveal) and its parts.
        ``start``: what was answered, nothing (None) for each question.

    Raises:
        DomainError: for no question, or one that is none.
    """
    asked = _in_order(_listed(questions), seed)
    check_text(title, "The title")
    shown = [_question_data(q) for q in asked]
    return {"title": title, "questions": shown, "start": [None] * len(shown)}


def _listed(questions: Asked | Iterable[Asked]) -> tuple[Asked, ...]:
    asked = (questions,) if isinstance(questions, Asked) else tuple(questions)
    if not asked:
        raise DomainError("A quiz needs one question or more.")
    for one in asked:
        if not isinstance(one, Asked):
            raise DomainError(f"A quiz asks a Question, a Number or a Reveal; got {one!r}.")
    return asked


def _in_order(asked: tuple[Asked, ...], seed: int | None) -> tuple[Asked, ...]:
    if seed is None:
        return asked
    chance = random.Random(seed)
    return tuple(
        replace(q, choices=tuple(chance.sample(q.choices, len(q.choices))))
        if isinstance(q, Question)
        else q
        for q in asked
    )


def _question_data(question: Asked) -> dict[str, Any]:
    if isinstance(question, Reveal):
        return {"kind": "reveal", "prompt": question.prompt, "answer": question.answer}
    if isinstance(question, Number):
        return {
            "kind": "number",
            "prompt": question.prompt,
            "answer": float(question.answer),
            "tolerance": float(question.tolerance),
            "wrong": [[float(value), why] for value, why in question.wrong.items()],
            "hint": question.hint,
            "why": question.why,
        }
    choices = [{"text": c.text, "correct": c.correct, "why": c.why} for c in question.choices]
    return {
        "kind": "choice",
        "prompt": question.prompt,
        "several": question.several,
        "choices": choices,
    }


class Quiz(anywidget.AnyWidget):
    """The thin shell around :func:`quiz_data`; ``answers`` holds what was checked last."""

    _esm = source("quiz.js")
    _css = source("quiz.css")
    data = traitlets.Dict().tag(sync=True)
    answers = traitlets.List().tag(sync=True)

    def __init__(self, questions: Asked | Iterable[Asked], **options: Any):
        data = quiz_data(questions, **options)
        super().__init__(data=data, answers=data["start"])

    def __repr__(self) -> str:
        return f"<{self.data['title']}: {plural(len(self.data['questions']), 'question')}>"

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """Add the questions as text, for where no widget can run."""
        bundle, metadata = super()._repr_mimebundle_(**kwargs)
        words = {"text/plain": as_text(self.data), "text/html": as_html(self.data)}
        return {**bundle, **words}, metadata


def quiz(questions: Asked | Iterable[Asked], **options: Any) -> Quiz:
    """Return a widget that asks questions; ``options`` as for :func:`quiz_data`."""
    return Quiz(questions, **options)
