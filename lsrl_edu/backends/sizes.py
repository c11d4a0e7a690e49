"""Sizes a user asks for: respected where the program fits, refused with a sentence where not."""

from __future__ import annotations

from collections.abc import Mapping

from lsrl_edu.errors import UnsupportedByTarget

Sizes = Mapping[str, int]


def settle(target: str, wanted: Sizes | None, needed: Sizes) -> dict[str, int]:
    """Return the sizes to build with: those that are wanted, else those that are needed.

    Args:
        target: the architecture's name, for messages.
        wanted: what the user asked for, by the names of the released configuration.
        needed: the smallest sizes the program fits into.

    Raises:
        UnsupportedByTarget: for a name that this architecture has not, or a size too small.
    """
    wanted = dict(wanted or {})
    for name, size in wanted.items():
        if name not in needed:
            choices = ", ".join(needed) or "none: its sizes follow from the program"
            raise UnsupportedByTarget(
                f"{target} has no size {name!r} to set; there are: {choices}."
            )
        if not isinstance(size, int) or size < needed[name]:
            raise UnsupportedByTarget(
                f"{name}={size} is too small: as {target}, this program needs {needed[name]}. Ask "
                "for more, leave it out, or shorten the program."
            )
    return dict(needed) | wanted


def constants_in(hidden_size: int) -> int:
    """Return how many constant channels make the norm exact: hidden_size / n is a power of 4."""
    while hidden_size % 4 == 0:
        hidden_size //= 4
    return hidden_size
