"""``f_modulo_counter``: t mod n for t = 0, 1, 2, ... in three ways (paper, Appendix F.7).

==========  ========================  =====================================================
method      transition matrix         what it costs
==========  ========================  =====================================================
rotation    2 x 2 rotation            irrational numbers, n comparisons (the paper's way)
cycle       n x n cyclic shift        n state entries, but only zeros and ones: exact
sawtooth    1 x 1 identity            a declared horizon and a few levels of steps; the only
                                      one for states that may not rotate (Mamba, Griffin)
==========  ========================  =====================================================
"""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

from lsrl_edu.errors import ProgramError
from lsrl_edu.nodes import Linear, LinState, Node, as_node
from lsrl_edu.numbers import IRRATIONAL_BITS, Matrix, Number, power_of_two_at_least, simplest
from lsrl_edu.sugar import STEEPNESS, concat_sum, f_constant, f_larger


def f_modulo_counter(
    x: Node,
    n: int,
    method: Literal["rotation", "cycle", "sawtooth"] = "rotation",
    horizon: int | None = None,
    radix: int = 4,
    name: str | None = None,
) -> Node:
    """Return t mod n, where t = 0, 1, 2, ... counts the elements.

    Args:
        x: any node (only its being there is used).
        n: the modulus, at least 1.
        method: ``rotation`` (the paper's), ``cycle`` or ``sawtooth``; see the module's table.
        horizon: ``sawtooth`` only: the longest sequence for which the answer is right.
        radix: ``sawtooth`` only: radix - 1 steps a level, log_radix(horizon / n) levels.
        name: your name for the result.

    Raises:
        ProgramError: for a modulus below 1, an unknown method, or a sawtooth without horizon.
    """
    x = as_node(x, "f_modulo_counter")
    if not isinstance(n, int) or n < 1:
        raise ProgramError(f"f_modulo_counter(n={n!r}): the modulus must be an integer from 1 up.")
    if method == "rotation":
        return _rotation(x, n, name)
    if method == "cycle":
        return _weighted(_one_hot_clock(x, n), name)
    if method == "sawtooth":
        return _sawtooth(x, n, horizon, radix, name)
    raise ProgramError(
        f"f_modulo_counter(method={method!r}): choose 'rotation', 'cycle' or 'sawtooth'."
    )


def f_position(x: Node, name: str | None = "position") -> Node:
    """Return t = 0, 1, 2, ..., the number of elements before this one."""
    one = f_constant(as_node(x, "f_position"), 1)
    return LinState(one, A=[[1]], B=[[1]], init_state=[-1], name=name)


def _rotation(x: Node, n: int, name: str | None) -> Node:
    """A unit vector turns by 2 pi / n at every step; n comparisons find where it points."""
    cos = [_cos_turns(Fraction(k, n)) for k in range(n)]
    sin = [_cos_turns(Fraction(k, n) - Fraction(1, 4)) for k in range(n)]
    step = 1 % n
    turn = [[cos[step], -sin[step]], [sin[step], cos[step]]]
    before_first = [cos[-1 % n], sin[-1 % n]]  # LinState writes before it is read
    hand = LinState(x, turn, Matrix.zeros(2, x.dim), init_state=before_first, name="clock hand")
    threshold = _cos_turns(Fraction(1, 2 * n))  # half-way to the neighbouring position
    margin = 1 - threshold if n > 1 else 2
    mu = max(STEEPNESS, power_of_two_at_least(Fraction(1) / margin))
    positions = Linear(hand, [[cos[k], sin[k]] for k in range(n)])
    return _weighted(f_larger(positions, threshold, mu), name)


def _one_hot_clock(x: Node, n: int) -> Node:
    """A single 1 moves on by one entry at every step and comes round after n."""
    forward = Matrix.selection([(i - 1) % n for i in range(n)], n)
    last = [0] * (n - 1) + [1]
    return LinState(x, forward, Matrix.zeros(n, x.dim), init_state=last, name=f"clock mod {n}")


def _weighted(one_hot: Node, name: str | None) -> Node:
    """Return the position of the 1: the sum of i * one_hot[i]."""
    return Linear(one_hot, [list(range(one_hot.dim))], name=name or f"t mod {one_hot.dim}")


def _sawtooth(x: Node, n: int, horizon: int | None, radix: int, name: str | None) -> Node:
    """Take away the largest multiples of n first: n R^j, ..., n R, n."""
    if not isinstance(horizon, int) or horizon < 1:
        raise ProgramError(
            "f_modulo_counter(method='sawtooth') needs horizon=, the length of the longest "
            "sequence: without rotation, no network of this kind counts mod n for ever."
        )
    if not isinstance(radix, int) or radix < 2:
        raise ProgramError(f"f_modulo_counter(radix={radix!r}): the radix must be at least 2.")
    rest = f_position(x)
    unit = n
    while unit * radix < horizon:
        unit *= radix
    while unit >= n:
        half = Fraction(1, 2)  # integers are compared half-way between them
        steps = [f_larger(rest, i * unit - half, mu=2) for i in range(1, radix)]
        rest = rest - unit * concat_sum(steps)
        unit //= radix
    return rest.named(name or f"t mod {n}")


def _cos_turns(turns: Fraction) -> Number:
    """Return cos(2 pi turns), rounded to IRRATIONAL_BITS binary digits (exact where rational)."""
    from flint import arb, ctx, fmpq

    turns = 2 * turns
    with ctx.workprec(IRRATIONAL_BITS + 40):
        scaled = arb.cos_pi_fmpq(fmpq(turns.numerator, turns.denominator)).mid() * 2 ** (
            IRRATIONAL_BITS + 1
        )
        rounded = (scaled.floor().unique_fmpz() + 1) // 2
    return simplest(Fraction(int(rounded), 1 << IRRATIONAL_BITS))
