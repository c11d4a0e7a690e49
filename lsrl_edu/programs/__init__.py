"""The programs of the paper, each with the functions that write its inputs."""

from lsrl_edu.programs import continuous, discrete, more_ones

__all__ = ["continuous", "discrete", "more_ones"]
