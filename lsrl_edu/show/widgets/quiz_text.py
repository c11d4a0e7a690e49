"""The questions of a quiz where no script runs: HTML with the answers folded away, and text."""

from __future__ import annotations

import re
import string
from collections.abc import Sequence
from typing import Any

from lsrl_edu.show.svg import escape, tag


def phrase(text: str) -> str:
    """Return HTML of a text with `code` in backticks."""
    parts = text.split("`")
    return "".join(tag("code", escape(p)) if i % 2 else escape(p) for i, p in enumerate(parts))


def blocks(text: str) -> str:
    """Return HTML of a text that may also hold listings between lines of three backticks."""
    return "".join(
        tag("pre", tag("code", escape(re.sub(r"^\n|\s+$", "", part))))
        if i % 2
        else tag("p", phrase(part.strip()))
        for i, part in enumerate(text.split("```"))
        if part.strip()
    )


def as_html(data: dict[str, Any]) -> str:
    """Return the questions as a list, each with its answer in ``<details>``."""
    questions = [tag("li", _asked(q), _folded(q)) for q in data["questions"]]
    title = tag("p", tag("strong", escape(data["title"])))
    return tag("div", title, tag("ol", *questions), class_="ls-quiz-text")


def _asked(question: dict[str, Any]) -> str:
    choices = [tag("li", phrase(c["text"])) for c in question.get("choices", ())]
    note = tag("p", "Choose all that are right.") if question.get("several") else ""
    return blocks(question["prompt"]) + note + (tag("ul", *choices) if choices else "")


def _folded(question: dict[str, Any]) -> str:
    hint = question.get("hint", "")
    folded = tag("details", tag("summary", "Hint"), blocks(hint)) if hint else ""
    return folded + tag("details", tag("summary", "Answer"), _answer(question))


def _answer(question: dict[str, Any]) -> str:
    if question["kind"] == "reveal":
        return blocks(question["answer"])
    if question["kind"] == "number":
        return tag("p", phrase(f"{number_text(question['answer'])}. {question['why']}".strip()))
    return tag("ul", *(tag("li", _explained(c)) for c in question["choices"]))


def _explained(choice: dict[str, Any]) -> str:
    verdict = "right" if choice["correct"] else "not right"
    return f"{phrase(choice['text'])} ({verdict}): {phrase(choice['why'])}"


def number_text(value: float) -> str:
    """Return a number as a reader would write it: 3, not 3.0."""
    return f"{value:.10g}"


def as_text(data: dict[str, Any]) -> str:
    """Return the questions as a terminal shows them: numbered, without the answers."""
    lines = [data["title"]]
    for number, question in enumerate(data["questions"], 1):
        lines += ["", *_numbered(f"{number}. ", question["prompt"])]
        lines += _lettered([c["text"] for c in question.get("choices", ())])
    return "\n".join(lines)


def _numbered(number: str, text: str) -> list[str]:
    first, *rest = text.strip().splitlines()
    return [number + first, *(" " * len(number) + line for line in rest)]


def _lettered(choices: Sequence[str]) -> list[str]:
    # Letters run out after 26; numbers never do.
    names = string.ascii_lowercase if len(choices) <= 26 else range(1, len(choices) + 1)
    return [f"   {name}) {text}" for name, text in zip(names, choices, strict=False)]
