"""From what a reader typed to something that can be checked, or to a sentence that says why not."""

from __future__ import annotations

import dis
import traceback
from collections.abc import Callable, Mapping
from itertools import islice
from typing import Any

import numpy as np

from lsrl_edu.errors import LSRLError
from lsrl_edu.lang import READ_TOO_EARLY, Program
from lsrl_edu.nodes import Input, Node
from lsrl_edu.practice.verdict import Refused, no_answer, not_attempted

_LONGEST = 10_000
"""Elements of an answer that are looked at: an endless iterator must not be endless here."""


def untouched(answer: Any) -> bool:
    """Return whether an answer is a stub: None, ..., or a container that still holds one."""
    if answer is None or answer is Ellipsis:
        return True
    if isinstance(answer, Mapping):
        return not answer or any(map(untouched, answer.values()))
    if isinstance(answer, list | tuple | set):
        return not answer or any(map(untouched, answer))
    return False


def as_program(answer: Any, dim: int, domain: Any = None, width: int | None = 1) -> Program:
    """Return the program of an answer: a Program, or a function of one node.

    Args:
        answer: what the reader gave.
        dim: the width that the program's input must have.
        domain: of the input, where a function was given.
        width: the width that its output must have; None for any.

    Raises:
        Refused: with the verdict, where there is no such program.
    """
    program = answer if isinstance(answer, Program) else _built(answer, dim, domain)
    if program.input.dim != dim:
        raise no_answer(
            f"The input of your program has width {program.input.dim}; it should be {dim}."
        )
    if width is not None and program.output.dim != width:
        remedy = "Pick parts with node[i]." if program.output.dim > width else "Stack with Concat."
        raise no_answer(
            f"Your program returns {program.output.dim} numbers for each element; it should "
            f"return {width}. {remedy}"
        )
    return program


def _built(answer: Any, dim: int, domain: Any) -> Program:
    if untouched(answer):
        raise not_attempted()
    if isinstance(answer, Node):
        raise no_answer(
            f"The answer is a node ({answer.kind}). Give the function that makes it, without "
            "calling it, or a Program."
        )
    if not callable(answer):
        raise no_answer(
            f"The answer is {described(answer)}. It should be a program: a function that takes "
            "the node x and returns a node, or what @ls.foreach makes of one."
        )
    x = Input(dim)
    output = called(answer, x)
    if output is None and not _is_stub(answer):
        raise no_answer("Your function returns nothing. Is a `return` missing at its end?")
    if untouched(output):
        raise not_attempted()
    try:
        return Program(output, getattr(answer, "__name__", "answer"), domain)
    except LSRLError as error:
        raise no_answer(str(error)) from error


def _is_stub(function: Callable) -> bool:
    """Return whether a function of Python does nothing at all; a docstring may be there."""
    code = getattr(function, "__code__", None)
    return code is None or [i.opname for i in dis.get_instructions(code)] == _NOTHING


def _nothing(x: Any) -> None:
    """Do nothing."""


_NOTHING = [i.opname for i in dis.get_instructions(_nothing)]


def called(function: Callable, *arguments: Any) -> Any:
    """Return function(*arguments); an exception inside becomes a sentence with its line."""
    try:
        return function(*arguments)
    except LSRLError as error:
        raise no_answer(f"{_where(error)}{error}") from error
    except Refused:
        raise
    except UnboundLocalError as error:
        raise no_answer(f"{_where(error)}{error}. {READ_TOO_EARLY}") from error
    except Exception as error:
        raise no_answer(f"{_where(error)}{type(error).__name__}: {error}") from error


def _where(error: Exception) -> str:
    """Return the line of the reader's own code that an exception came from."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [f for f in frames if "lsrl_edu" not in f.filename and f.line]
    return f"Your function stops at `{own[-1].line}`. " if own else "Your function stops. "


def as_list(answer: Any, noun: str = "a list of numbers") -> list:
    """Return a sequence of any kind as a list; an endless one is refused."""
    if untouched(answer):
        raise not_attempted()
    if isinstance(answer, str | bytes | Mapping) or not hasattr(answer, "__iter__"):
        raise no_answer(f"The answer is {described(answer)}; it should be {noun}.")
    items = list(islice(answer, _LONGEST + 1))
    if len(items) > _LONGEST:
        raise no_answer(f"The answer goes on for more than {_LONGEST:,} elements.")
    return items


def as_numbers(answer: Any, noun: str = "a list of numbers") -> np.ndarray:
    """Return a sequence of numbers as an array (T,) or (T, d) of floats, all finite."""
    items = as_list(answer, noun)
    try:
        numbers = np.array(items, dtype=float)
    except (TypeError, ValueError) as error:
        raise no_answer(f"The answer is {short(items)}; it should be {noun}.") from error
    if not np.isfinite(numbers).all():
        raise no_answer(f"The answer {short(items)} holds NaN or infinity.")
    return numbers


def described(answer: Any) -> str:
    """Return what an answer is: its type, and the thing itself where that is short."""
    text = repr(answer)
    return f"{text} ({type(answer).__name__})" if len(text) < 40 else f"a {type(answer).__name__}"


def short(items: Any) -> str:
    """Return a list as a reader writes it, the middle of a long one left out."""
    items = list(np.asarray(items).tolist() if isinstance(items, np.ndarray) else items)
    if len(items) > 14:
        return f"[{', '.join(map(plain, items[:7]))}, ..., {', '.join(map(plain, items[-3:]))}]"
    return f"[{', '.join(map(plain, items))}]"


def plain(item: Any) -> str:
    """Return one value as a reader writes it."""
    if isinstance(item, list | tuple):
        return short(item)
    return f"{item:g}" if isinstance(item, float) else repr(item)
