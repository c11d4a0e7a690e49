"""What chapter 02's exercises compare with: networks run by hand, programs, and their sizes."""

import warnings
from itertools import product
from typing import Any

import numpy as np

import lsrl_edu as ls
from lsrl_edu.nodes import Node
from lsrl_edu.practice.judges import Rule

SHAPES = {
    "0.cell.weight_ih": (1, 1),
    "0.cell.weight_hh": (1, 1),
    "0.cell.bias": (1,),
    "0.cell.h0": (1,),
    "0.phi.0.weight": (2, 1),
    "0.phi.0.bias": (2,),
    "0.phi.2.weight": (1, 2),
    "0.phi.2.bias": (1,),
}
"""Of the linear RNN of exercise 02.2: one state and two ReLUs."""
BITS = [list(word) for n in (1, 3, 6) for word in product((0, 1), repeat=n)] + [[1] * 12]


def counter(x: Node, name: str | None = None) -> Node:
    """Return the sum so far."""
    return ls.LinState(x, A=[[1]], B=[[1]], name=name)


# --- 02.2 -------------------------------------------------------------------------------------
def misshapen(weights: dict[str, Any]) -> str:
    """Return what is wrong with names and shapes, or nothing."""
    if set(weights) != set(SHAPES):
        return f"The names should stay as they are: {sorted(set(weights) ^ set(SHAPES))[0]!r}."
    for name, shape in SHAPES.items():
        found = np.array(weights[name], dtype=float).shape
        if found != shape:
            example = np.full(shape, 7).tolist()
            return f"{name} has the shape {found}; it should be {shape}, such as {example}."
    return ""


def outputs(weights: dict[str, Any], xs: list) -> list[float]:
    """Return what a linear RNN with these weights gives: s = A s + B x + b, y = phi(s)."""
    w = {name: np.array(value, dtype=float) for name, value in weights.items()}
    s, found = w["0.cell.h0"], []
    for x in xs:
        s = w["0.cell.weight_hh"] @ s + w["0.cell.weight_ih"] @ [x] + w["0.cell.bias"]
        bent = np.maximum(0, w["0.phi.0.weight"] @ s + w["0.phi.0.bias"])
        found.append(float((w["0.phi.2.weight"] @ bent + w["0.phi.2.bias"])[0]))
    return found


def counts(xs: list) -> list:
    """Return the number of ones so far."""
    return np.cumsum(xs).tolist()


def gives(answer: Any) -> Any:
    """Return whether weights give a function of the count of ones, on all sequences tried."""
    return lambda weights: all(
        np.allclose(outputs(weights, xs), [answer(n) for n in counts(xs)]) for xs in BITS
    )


def first_difference(weights: dict[str, Any]) -> str:
    """Return where the outputs are not those of "three ones or more"."""
    for xs in BITS:
        found, wanted = outputs(weights, xs), [float(n >= 3) for n in counts(xs)]
        wrong = [t for t in range(len(xs)) if abs(found[t] - wanted[t]) > 1e-9]
        if wrong:
            t = wrong[0]
            return (
                f"For {xs[: t + 1]} the output at element {t} should be {wanted[t]:g}, "
                f"not {found[t]:g}. Write down the state there, then both ReLUs."
            )
    return ""


# --- 02.5 and 02.6 ----------------------------------------------------------------------------
def _is_open(x: Node) -> Node:
    is_four = ls.f_and(ls.f_larger(x, 3.5, mu=2), ls.f_smaller(x, 4.5, mu=2), mu=2)
    return ls.f_larger(counter(is_four), 2.5, mu=2)


DOOR = ls.foreach(dim=1, name="door")(lambda x: ls.f_ifelse(_is_open(x), x, None))
PROMISED = ls.foreach(dim=1, name="promised")(lambda x: ls.ReLU(x - 16 * ls.f_not(_is_open(x))))
ON_REQUEST = ls.foreach(dim=2, domain=[bool, int], name="on_request")(
    lambda x: ls.f_ifelse(x[0], counter(x[1], name="total"), None, name="shown")
)
_RNG = np.random.default_rng(6)
REQUESTS = np.stack([_RNG.integers(0, 2, (20, 50)), _RNG.integers(0, 100, (20, 50))], axis=-1)
MOST = np.array([[[1, 99]] * 50, [[0, 0]] * 50])


def refused(promise: dict[str, Any]) -> str:
    """Return why the network of a promise does not take what is allowed, or nothing."""
    try:
        network = ls.compile(ON_REQUEST, **promise)
    except ls.LSRLError as error:
        return f"That is no promise that `compile` can take. {error}"
    try:
        network.run(MOST)
    except ls.DomainError as error:
        return f"The promise is broken by inputs that the text allows. {error}"
    return ""


def right_in_float32(promise: dict[str, Any]) -> bool:
    """Return whether the network of a promise gives the exact answers in float32."""
    exact = np.where(REQUESTS[..., 0] == 1, REQUESTS[..., 1].cumsum(axis=1), 0)[..., None]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of precision: it is what is asked
        found = ls.compile(ON_REQUEST, **promise).run(REQUESTS, number="float32")
    return bool((found == exact).all())


def why_not(promise: dict[str, Any]) -> str:
    """Return which promise is missing."""
    if "domain" not in promise:
        return "Without a domain a token may be any integer, so no mask is large enough to shrink."
    if "horizon" not in promise:
        return (
            "The tokens are bounded now, but what is masked is their TOTAL, and without a horizon "
            "that has 2**40 elements to grow in."
        )
    domain = promise["domain"]
    if (domain[0] if isinstance(domain, list) else domain) not in (bool, range(2)):
        return (
            "The first number of an element is a bit, and your domain says something wider: then "
            "it may be neither 0 nor 1, and the mask cannot shrink."
        )
    largest = ls.compile(ON_REQUEST, **promise).largest_weight
    return f"Both promises are there, but too weak: the largest weight is still {largest:g}."


# --- 02.3, 02.4, 02.7, 02.8 -------------------------------------------------------------------
EXCESS = ls.foreach(dim=1, domain=int, name="excess")(lambda x: counter(ls.ReLU(x - 3)))


def depth_for(domain: range) -> int:
    """Return the depth of the network of `excess` for a domain."""
    return ls.compile(EXCESS, domain=domain).depth


def case(answer: Any) -> str:
    """Return the case that an answer of 02.4 names, however it is written."""
    return str(answer[0]).upper().removeprefix("CASE").strip()


def rows(A: Any, b: Any) -> list[list[float]]:
    """Return the rows of [A b], sorted: their order is free."""
    return sorted([float(np.ravel(row)[0]), float(c)] for row, c in zip(A, b, strict=True))


def on_bits(program: ls.Program) -> np.ndarray:
    """Return the outputs on every sequence of six bits."""
    return program.run(np.array(list(product((0, 1), repeat=6)))[..., None])


def network(program: ls.Program) -> Any:
    """Return the network for bits."""
    return ls.compile(program, domain=bool)


def why_no_7B(program: ls.Program) -> str:
    """Return what stands in the way of case 7B."""
    used = ls.debranch(program).cases()
    known = {
        "9": "A Concat reads the branching node itself (`+` is a Concat and a Linear). Put "
        "something between them.",
        "10": "A Concat reads the branching node itself, beside a ReLU and a Linear.",
        "7A": "The Linear has one reader, and that is a ReLU. It needs something else to do, too.",
        "5B": "All readers are Linear. One of them must be a ReLU.",
        "3": "All readers are ReLUs. One of them must be a Linear.",
    }
    said = next((text for case, text in known.items() if case in used), "Nothing branches so.")
    listed = ", ".join(used) or "none"
    return f"7B is not among the cases used: {listed}. {said}"


USES_7B = Rule(lambda program: "7B" in ls.debranch(program).cases(), why_no_7B)


def repeats(xs: list) -> list:
    """Return 1 where an element equals the one before it."""
    return [int(t > 0 and x == xs[t - 1]) for t, x in enumerate(xs)]
