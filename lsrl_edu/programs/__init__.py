"""The programs of the paper, and others; each with the functions that write its inputs."""

from lsrl_edu.programs import (
    attention,
    continuous,
    discrete,
    gradient,
    more_ones,
    robust,
    robust_continuous,
)

__all__ = [
    "attention",
    "continuous",
    "discrete",
    "gradient",
    "more_ones",
    "robust",
    "robust_continuous",
]
