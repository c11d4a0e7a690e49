"""The programs of the paper, and a robust one; each with the functions that write its inputs."""

from lsrl_edu.programs import continuous, discrete, more_ones, robust

__all__ = ["continuous", "discrete", "more_ones", "robust"]
