"""More ones than zeros so far? The first example of the paper (Fig. 1)."""

from __future__ import annotations

from typing import Any

from lsrl_edu.lang import Program, foreach
from lsrl_edu.nodes import LinState, Node
from lsrl_edu.sugar import f_larger, f_not


def program(mu: Any = 10) -> Program:
    """Return the program that emits 1 once there have been more ones than zeros (Fig. 1).

    The input is a sequence of 0s and 1s, shape (T, 1) or (T,). The two counts are integers, so
    every mu >= 1 gives 0 or 1 exactly.

    Raises:
        ProgramError: where mu is not positive.
    """

    @foreach(dim=1, domain=bool, name="more_ones")
    def body(x: Node) -> Node:
        ones = LinState(x, A=[[1]], B=[[1]], init_state=[0], name="ones")
        zeros = LinState(f_not(x), A=[[1]], B=[[1]], init_state=[0], name="zeros")
        return f_larger(ones, zeros, mu=mu, name="more_ones")

    return body
