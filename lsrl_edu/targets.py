"""``compile`` and ``targets``: from a program to a network, and what kinds there are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lsrl_edu.backends import get_target, registry
from lsrl_edu.compiler.balance import balanced
from lsrl_edu.compiler.compile import compile_layers
from lsrl_edu.lang import Program


def compile(
    program: Program,
    target: str | None = None,
    dtype: str = "float64",
    domain: Any = None,
    horizon: int | None = None,
    simplify: bool = True,
    balance: bool = False,
    sizes: Mapping[str, int] | None = None,
    soft: bool | Mapping[str, float] | None = None,
) -> Any:
    """Compile a program to a network.

    Args:
        program: what to compile.
        target: an architecture (see :func:`targets`), or None for Layers, the network that all
            architectures are made from.
        dtype: of the weights: ``"float64"``, ``"float32"`` or ``"bfloat16"``.
        domain: what the input may be: ``float``, ``int``, ``bool``, ``range(a, b)``, a pair
            ``(low, high)`` or a list with one of these for each coordinate; what the program
            declares if left out. The narrower, the smaller the network.
        horizon: the longest sequence that the network must be right for; 2**40 if left out.
        sizes: of the network, by the released class's names, e.g. ``{"hidden_size": 768}``.
        simplify: False skips every simplification, to see what they are worth; and for programs
            with restoring logic, whose extra steps a simplification would take out.
        balance: True chooses the scales of all ReLUs so that nothing is read with a large weight:
            for networks that are to stand noise (:mod:`lsrl_edu.compiler.balance`).
        soft: for ``"lstm"``: True, or some of ``{"whisper": 2**-8, "shout": 16, "gate": 8}``, for
            weights that a gradient can move and a bound in the report (``backends/soft.py``).

    Returns:
        Layers where target is None, else a Model with ``module``, ``run`` and ``report``.

    Raises:
        UnsupportedByTarget: where the architecture cannot do what a node asks for, or the program
            does not fit into ``sizes``.
    """
    if not isinstance(program, Program):
        raise TypeError(
            f"compile needs a Program, not {type(program).__name__}. Decorate the function that "
            "makes it with @foreach(dim=...), or call the function that returns the program."
        )
    layers = compile_layers(program, domain, horizon, simplify)
    layers = balanced(layers) if balance else layers
    if target is None:
        return layers
    found = get_target(target)
    import lsrl_edu.run  # noqa: F401 - says in words what to do where torch is missing
    from lsrl_edu.backends.base import Model

    return Model(layers, found, dtype, sizes, soft)


def targets() -> dict[str, str]:
    """Return the architectures there are: name -> one line."""
    return {name: f"{t.summary}: {t.equation}" for name, t in registry().items()}
