"""What the answers to chapter 06's exercises should do, in plain Python, and two small programs."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

import lsrl_edu as ls
from lsrl_edu.nodes import Node
from lsrl_edu.practice.reading import as_numbers, short
from lsrl_edu.programs import discrete
from lsrl_edu.show.words import plural


# --- the shift register ---------------------------------------------------------------------
def wrong_shift(answer: Callable) -> str:
    """Return what is wrong with a function that makes shift matrices, or nothing."""
    for k in (3, 2, 5, 1):
        A = as_numbers(answer(k), "a square matrix")
        if A.shape != (k, k):
            return f"shift({k}) has the shape {A.shape}; it should have {k} rows and {k} columns."
        known = {
            "That moves the other way: the newest stands in the LAST place, and leaves at once.": (
                np.eye(k, k=-1)
            ),
            "Nothing moves: each place keeps what it has, and the last one adds up.": np.eye(k),
            "That is a ring: what leaves the first place comes back in the last.": (
                np.roll(np.eye(k), 1, axis=1)
            ),
            "That drops the oldest two places at once: it moves by two.": np.eye(k, k=2),
        }
        if (A == np.eye(k, k=1)).all():
            continue
        for message, other in known.items():
            if (A == other).all():
                return f"shift({k}): {message}"
        return _say_held(k, A)
    return ""


def _say_held(k: int, A: np.ndarray) -> str:
    held, B = np.zeros(k), np.eye(k)[-1]
    for x in range(1, 9):
        held = A @ held + B * x
        wanted = np.maximum(np.arange(x + 1 - k, x + 1), 0)
        if (held != wanted).any():
            return f"shift({k}) holds {short(held)} after 1 to {x}, not {short(wanted)}."
    raise AssertionError("another matrix that shifts")


def three_before(xs: list, ago: int = 1, count: int = 3) -> list:
    """Return whether so many bits up to ``ago`` places back were all 1."""
    return [int(t + 1 - ago >= count and all(xs[t + 1 - ago - count : t + 1 - ago])) for t in _(xs)]


def three_of_four(xs: list) -> list:
    """Return whether three of the last four bits were 1."""
    return [int(sum(xs[max(0, t - 3) : t + 1]) >= 3) for t in _(xs)]


def last_four(xs: list) -> list:
    """Return the last four bits, the newest last."""
    return [[0, 0, 0, 0, *xs[: t + 1]][-4:] for t in _(xs)]


def _(xs: list) -> range:
    """Return the numbers of the elements."""
    return range(len(xs))


# --- a start time ---------------------------------------------------------------------------
def one_signal(rng: np.random.Generator) -> list[list]:
    """Every sequence of up to 9 bits with at most one 1, and long ones."""
    short_ones = [row for n in range(1, 10) for row in np.eye(n, dtype=int).tolist()]
    long = np.zeros((5, 40), int)
    for row in long[1:]:
        row[rng.integers(40)] = 1
    return [[0], [0] * 9, *short_ones, *long.tolist()]


def for_three(xs: list) -> list:
    """Return 1 at a 1 and at the two elements after it."""
    return [int(any(xs[max(0, t - 2) : t + 1])) for t in _(xs)]


def starts(xs: list) -> list:
    """Return the number, from 1, of the element with the 1, from there on."""
    return [sum((s + 1) * xs[s] for s in range(t + 1)) for t in _(xs)]


def seen_before_time(xs: list, end: int) -> list:
    """Return 1 from the 1 on, up to a fixed element."""
    return [int(any(xs[: t + 1]) and t + 1 < end) for t in _(xs)]


def first_only(xs: list) -> list:
    """Return 1 at the first 1."""
    return [int(bool(x) and not any(xs[:t])) for t, x in enumerate(xs)]


def counts(xs: list) -> list:
    """Return how many ones so far."""
    return np.cumsum(xs).tolist()


# --- a dictionary of single tokens ----------------------------------------------------------
def _adder(x: Node, name: str | None = None) -> Node:
    return ls.LinState(x, A=[[1]], B=[[1]], name=name)


def _token_dictionary(x: Node, by_flag: bool) -> Node:
    """Query, key, value, key, value, ...: words of one token; a value is copied by flag or time."""
    one = ls.f_constant(x, 1)
    t = ls.LinState(one, A=[[1]], B=[[1]], init_state=[[-1]], name="t")
    is_key = ls.LinState(one, A=[[-1]], B=[[1]], init_state=[[1]], name="is_key")
    q = _adder(ls.f_ifelse(ls.f_smaller(t, 0.5), x, None), name="q")
    matching = ls.f_and(ls.f_eq(x, q), is_key, name="matching")
    begins = ls.LinState(matching, A=[[0, 0], [1, 0]], B=[[1], [0]], name="shelf")[1]
    if by_flag:
        on = ls.f_larger(_adder(begins, name="flag"), 0.5)
    else:
        start = _adder(ls.f_ifelse(begins, t, None), name="start")
        on = ls.f_and(ls.f_larger(start, 0.5), ls.f_smaller(t, start + 1))
    copied = ls.f_and(on, ls.f_not(is_key), name="copied")
    return _adder(ls.f_ifelse(copied, x, None), name="register")


BY_FLAG = ls.foreach(dim=1, domain=int, name="by_flag")(lambda x: _token_dictionary(x, True))
BY_TIME = ls.foreach(dim=1, domain=int, name="by_time")(lambda x: _token_dictionary(x, False))


# --- addition -------------------------------------------------------------------------------
KNOWN_SUMS: tuple[tuple[Callable, str], ...] = (
    (lambda a, b: divmod(a + b, 5)[::-1], "That is digit and carry; the carry comes first."),
    (lambda a, b: (0, (a + b) % 5), "Where is the carry? The digits are right."),
    (lambda a, b: (a + b >= 5, min(a + b, 4)), "What is left of a sum of 5 or more?"),
)


def wrong_sums(pairs: Mapping) -> str:
    """Return what is wrong with a dictionary of sums in base 5, or nothing."""
    for word in [*pairs.keys(), *pairs.values()]:
        if np.shape(word) != (2,) or not all(v in range(5) for v in np.ravel(word)):
            return f"{word!r} is no word of two tokens from 0 to 4."
    queries = [(a, b) for a in range(5) for b in range(5)]
    program = discrete.program(2, "optimized", counter="cycle", vocabulary=range(5))
    outputs = program.run(np.stack([discrete.sequence(q, pairs) for q in queries]))
    found = [tuple(word) for word in discrete.answer(outputs, 2).tolist()]
    for formula, message in KNOWN_SUMS:
        if found == [tuple(map(int, formula(a, b))) for a, b in queries]:
            return message
    for (a, b), word in zip(queries, found, strict=True):
        if word != divmod(a + b, 5):
            why = "" if (a, b) in pairs else ", because this key is not in your dictionary"
            return f"{a} + {b} gives {word}{why}; it should be {divmod(a + b, 5)}."
    return ""


# --- the smallest dictionary ----------------------------------------------------------------
def network_of(answer: Any) -> Any:
    """Return the compiled layers of a program, or of a program with its promises."""
    program, promises = answer if isinstance(answer, tuple) else (answer, {})
    return ls.compile(program, **promises)


def is_with_promises(answer: Any) -> bool:
    """Return whether an answer is a Program, or a Program and a dict."""
    if isinstance(answer, ls.Program):
        return True
    return len(answer) == 2 and isinstance(answer[0], ls.Program) and isinstance(answer[1], Mapping)


def narrow(answer: Any) -> str:
    """Return which promise is too narrow, or nothing."""
    network = network_of(answer)
    if network.horizon < 99:
        return (
            f"The network is made for {network.horizon} elements at most; sequences here have up "
            "to 99."
        )
    if len(network.domain) != 1 or network.domain[0].lo > 0 or network.domain[0].hi < 26:
        tokens = " and ".join(map(str, network.domain))
        return f"The network is made for inputs {tokens}; an element here is one of 0 to 26."
    return ""


def wrong_dictionary(answer: Any) -> str:
    """Return the first query that a program looks up wrongly, or nothing."""
    program, rng = answer[0] if isinstance(answer, tuple) else answer, np.random.default_rng(3)
    if program.output.dim != 1:
        return f"The program returns {program.output.dim} numbers for each element, not one."
    for count in (0, 1, 16):
        asked = [_problem(rng, count, kind) for kind in range(4) for _ in range(5)]
        outputs = program.run(np.stack([discrete.sequence(*each) for each in asked]))
        for (query, pairs), word in zip(asked, discrete.answer(outputs, 3).tolist(), strict=True):
            wanted = list(pairs.get(query, (0, 0, 0)))
            if word != wanted:
                about = "one" if query in pairs else "none"
                return (
                    f"Query {query}, {about} of {plural(count, 'key')}: the last three outputs are "
                    f"{word}; they should be {wanted}."
                )
    return ""


def _problem(rng: np.random.Generator, count: int, kind: int) -> tuple[tuple, dict]:
    """A query with pairs: a key, a key but for one token, a key turned round, or any word."""
    drawn = rng.choice(27**3, count + 1, replace=False)
    keys = [tuple(map(int, divmod(k // 27, 27))) + (int(k % 27),) for k in drawn]
    pairs = {key: tuple(rng.integers(0, 27, 3).tolist()) for key in keys[:count]}
    if not count or kind == 3:
        return keys[count], pairs
    query = list(keys[rng.integers(count)])
    if kind == 1:
        place = rng.integers(3)
        query[place] = int((query[place] + rng.integers(1, 27)) % 27)
    return tuple(query[::-1] if kind == 2 else query), pairs
