"""lsrl_edu: programs for recurrent networks, and the compiler that turns them into weights.

The names below are the stable public API. Importing the package is fast: torch, matplotlib and
ipywidgets are imported by the functions that need them.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from lsrl_edu.counters import f_modulo_counter, f_position
from lsrl_edu.errors import (
    DomainError,
    LSRLError,
    PrecisionError,
    ProgramError,
    ShapeError,
    StorageError,
    UnsupportedByTarget,
)
from lsrl_edu.lang import Program, Trace, foreach
from lsrl_edu.nodes import Concat, Input, Linear, LinState, Multi, Node, ReLU
from lsrl_edu.ranges import Range
from lsrl_edu.sugar import (
    f_and,
    f_bump,
    f_constant,
    f_eq,
    f_ifelse,
    f_larger,
    f_neq,
    f_not,
    f_or,
    f_relu_identity,
    f_smaller,
    f_step,
)

__version__ = "0.1.0"
