"""A time limit that holds in a notebook, on every operating system.

What runs too long is a reader's endless loop, so it must be stopped, not only left behind.
"""

from __future__ import annotations

import ctypes
import sys
import threading
from collections.abc import Callable
from typing import Any

_IMPORTS = 24
"""How many times the limit an import may take. It is never the reader's fault, and a package that
is stopped half way stays broken for the rest of the session."""


class OutOfTime(BaseException):
    """Raised inside a function that runs too long. Not an Exception: no answer may catch it."""


def within(seconds: float, function: Callable[[], Any]) -> Any:
    """Return function(), or raise OutOfTime after that many seconds.

    The function runs in a thread of its own. After the limit the interpreter raises OutOfTime
    there as well, which ends any loop that is written in Python. An import is waited for.
    """
    outcome: dict[str, Any] = {}

    def work() -> None:
        try:
            outcome["value"] = function()
        except BaseException as error:  # given on to the caller below
            outcome["error"] = error

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    for _ in range(_IMPORTS):
        thread.join(seconds)
        if not (thread.is_alive() and _importing(thread)):
            break
    if thread.is_alive():
        _stop(thread)
        raise OutOfTime
    if "error" in outcome:
        raise outcome["error"]
    return outcome["value"]


def _importing(thread: threading.Thread) -> bool:
    """Return whether a thread is inside an import just now."""
    frame = sys._current_frames().get(thread.ident or 0)
    while frame is not None:
        if "importlib._bootstrap" in frame.f_code.co_filename:
            return True
        frame = frame.f_back
    return False


def _stop(thread: threading.Thread) -> None:
    """Ask the interpreter to raise OutOfTime in the thread, at its next step."""
    ctypes.pythonapi.PyThreadState_SetAsyncExc(
        ctypes.c_ulong(thread.ident), ctypes.py_object(OutOfTime)
    )
