"""lsrl_edu: programs for recurrent networks, and the compiler that turns them into weights.

The names below are the stable public API. Importing the package is fast: torch, matplotlib and
ipywidgets are imported by the functions that need them.
"""

from __future__ import annotations

from lsrl_edu import programs, restoring
from lsrl_edu.compiler.debranch import debranch
from lsrl_edu.counters import f_modulo_counter
from lsrl_edu.errors import (
    DomainError,
    LSRLError,
    PrecisionError,
    ProgramError,
    ShapeError,
    StorageError,
    UnsupportedByTarget,
)
from lsrl_edu.lang import Program, foreach
from lsrl_edu.nodes import Concat, Input, Linear, LinState, Multi, ReLU
from lsrl_edu.storage import load
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
from lsrl_edu.targets import compile, targets

__version__ = "0.1.0"

__all__ = [
    "Concat",
    "DomainError",
    "Input",
    "LSRLError",
    "LinState",
    "Linear",
    "Multi",
    "PrecisionError",
    "Program",
    "ProgramError",
    "ReLU",
    "ShapeError",
    "StorageError",
    "UnsupportedByTarget",
    "compile",
    "debranch",
    "f_and",
    "f_bump",
    "f_constant",
    "f_eq",
    "f_ifelse",
    "f_larger",
    "f_modulo_counter",
    "f_neq",
    "f_not",
    "f_or",
    "f_relu_identity",
    "f_smaller",
    "f_step",
    "foreach",
    "load",
    "programs",
    "restoring",
    "targets",
]
