"""Where exercises are found: one module for each chapter, read when it is asked for."""

from __future__ import annotations

import pkgutil
from importlib import import_module

from lsrl_edu.errors import LSRLError
from lsrl_edu.practice import chapters
from lsrl_edu.practice.exercise import Exercise


def chapter_numbers() -> list[str]:
    """Return the chapters that have exercises, ["01", ...]."""
    names = (module.name for module in pkgutil.iter_modules(chapters.__path__))
    return sorted(name.removeprefix("chapter") for name in names if name.startswith("chapter"))


def exercises(chapter: str) -> tuple[Exercise, ...]:
    """Return the exercises of a chapter, "01", in their order.

    Raises:
        LSRLError: where there is no such chapter.
    """
    known = chapter_numbers()
    if chapter not in known:
        raise LSRLError(f"There are no exercises for chapter {chapter!r}: only for {known}.")
    return import_module(f"lsrl_edu.practice.chapters.chapter{chapter}").EXERCISES


def exercise(key: str) -> Exercise:
    """Return the exercise with that key, "01.2".

    Raises:
        LSRLError: where there is none.
    """
    if not isinstance(key, str) or key.count(".") != 1:
        raise LSRLError(f'{key!r} is not an exercise: write chapter and number, "01.2".')
    chapter, _ = key.split(".")
    for found in exercises(chapter):
        if found.key == key:
            return found
    listed = ", ".join(e.key for e in exercises(chapter))
    raise LSRLError(f"There is no exercise {key!r}. Chapter {chapter} has {listed}.")
