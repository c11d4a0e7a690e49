"""Exercises that check themselves.

    from lsrl_edu.practice import check, hints

    check("01.2", two_back)     # a Verdict: right, wrong, not attempted, or no answer
    hints("01.2")               # three, folded away one behind the other
    puzzle("01.4")              # the lines of a Parsons problem, to be moved

The exercises themselves are data, one module a chapter, in :mod:`lsrl_edu.practice.chapters`;
their texts are notebooks, see ``exercises/``.
"""

from __future__ import annotations

from typing import Any

from lsrl_edu.practice.shelf import exercise, exercises
from lsrl_edu.practice.verdict import Verdict

__all__ = ["check", "exercise", "exercises", "hints", "puzzle"]


def check(key: str, answer: Any, seed: int = 0) -> Verdict:
    """Return the verdict on an answer to an exercise.

    Args:
        key: of the exercise, "01.2".
        answer: yours.
        seed: of the random inputs; another one tries other inputs.
    """
    return exercise(key).check(answer, seed)


def hints(key: str) -> Any:
    """Return the three hints of an exercise, each folded away: direction, subgoal, almost code."""
    from lsrl_edu.show.verdicts import Hints

    return Hints(exercise(key).hints)


def puzzle(key: str) -> Any:
    """Return the lines of a Parsons exercise as a widget; give it to ``check``.

    A plain list of line numbers, counted from 1 as the lines are shown, is an answer too.
    """
    from lsrl_edu.practice.arranged import arranged

    return arranged(exercise(key).judge).widget()
