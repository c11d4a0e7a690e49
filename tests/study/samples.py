"""Small settings, and problems that kill the process they are drawn in."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass
from pathlib import Path

import lsrl_edu as ls
from lsrl_edu.programs import discrete
from lsrl_edu.study.noise import Setting
from lsrl_edu.study.problems import Problem, Tokens
from lsrl_edu.study.subjects import subject

WORDS = Tokens(n=2, pairs=3, queries=2)
SHORT = subject(ls.compile(discrete.program(2, "multiplicative", vocabulary=range(10))), "short")


def setting(**options) -> Setting:
    """Return a setting that takes a hundredth of a second."""
    known = {"levels": (0, 1e-6, 1e-3), "seeds": range(4)} | options
    return Setting(known.pop("problems", WORDS), known.pop("subject", SHORT), **known)


@dataclass(frozen=True)
class Deadly:
    """Like WORDS, but the first process to draw problem 2 is killed (the file says it happened)."""

    flag: str
    every_time: bool = False
    name = "tokens n=2 pairs=3"
    rounded = True

    def problem(self, seed: int) -> Problem:
        """Return the problem of WORDS, or never return."""
        if seed == 2 and (self.every_time or not Path(self.flag).exists()):
            Path(self.flag).write_text("killed")
            os.kill(os.getpid(), signal.SIGKILL)
        return WORDS.problem(seed)
