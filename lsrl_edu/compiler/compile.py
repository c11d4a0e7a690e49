"""``compile``: from a program to a network, read from top to bottom."""

from __future__ import annotations

from typing import Any

from lsrl_edu.compiler.layers import Layers
from lsrl_edu.compiler.normal_form import normal_form
from lsrl_edu.compiler.schedule import schedule
from lsrl_edu.errors import DomainError
from lsrl_edu.lang import Program
from lsrl_edu.ranges import DEFAULT_HORIZON, as_domain


def compile_layers(
    program: Program, domain: Any = None, horizon: int | None = None, simplify: bool = True
) -> Layers:
    """Compile a program to Layers, the short way.

    Args:
        program: what to compile.
        domain: what the input may be (see :func:`lsrl_edu.ranges.as_domain`); the program's
            declared domain if left out. The network is right on this domain only.
        horizon: the longest sequence the network must be right for; 2**40 if left out.
        simplify: False skips every simplification (to see what they are worth).
    """
    allowed = program.ranges if domain is None else as_domain(domain, program.input.dim)
    form = normal_form(program, allowed, _checked(horizon), simplify)
    return schedule(form, program.name)


def _checked(horizon: int | None) -> int:
    if horizon is None:
        return DEFAULT_HORIZON
    if not isinstance(horizon, int) or horizon < 1:
        raise DomainError(f"horizon={horizon!r}: the longest sequence must have 1 element or more.")
    return horizon
