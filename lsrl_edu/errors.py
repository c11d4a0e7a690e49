"""Every error that lsrl_edu raises on purpose.

An error says what went wrong, where (in the reader's own names), and what to do about it.
All of them derive from :class:`LSRLError`, so ``except ls.LSRLError`` catches any of them.
"""


class LSRLError(Exception):
    """The base class of every error that lsrl_edu raises on purpose."""


class ShapeError(LSRLError, ValueError):
    """Two sizes that must agree do not."""


class ProgramError(LSRLError, ValueError):
    """What was written is not an LSRL program (several inputs, a state that needs itself, ...)."""


class DomainError(LSRLError, ValueError):
    """An input lies outside the domain or beyond the horizon a network was compiled for."""


class UnsupportedByTarget(LSRLError):
    """The chosen architecture cannot do what a node of the program asks for."""


class PrecisionError(LSRLError, ArithmeticError):
    """A number cannot be represented as asked (NaN, infinity, or outside a dtype's range)."""


class PrecisionWarning(UserWarning):
    """The chosen dtype has too few digits for the weights of this network."""


class StorageError(LSRLError):
    """A saved file is missing, damaged, or of an unknown version."""
