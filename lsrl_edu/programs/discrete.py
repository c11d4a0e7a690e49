"""Any map between words of n tokens, written in the prompt (paper, Listing 2, Fig. 3).

A token is one of the numbers 0, 1, 2, .... The input holds the query, then keys and values::

    query (n), key (n), value (n), key (n), value (n), ...

The program compares the query with each key as it goes by, copies the value that follows the
key it equals into n registers, and reads the registers out in turn. The last n outputs are the
answer; where no key equals the query they are all 0, so 0 is best kept for "unknown".

**What else can come in.** :func:`sequence` refuses what is no query with a table. The program
itself compares and adds, whatever it is given. A key that comes twice is the trap: the start times
of the two copies add up to t1 + t2, and from the second copy on *every* value is added to the
registers, until element t1 + t2 + n. A token that is no integer matches the integer less than 1/2
away. A last value that is cut short leaves its last registers at 0, and then the last n outputs are
no answer. A compiled network refuses tokens outside its domain with a DomainError.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from lsrl_edu.counters import f_modulo_counter, f_position
from lsrl_edu.errors import DomainError, PrecisionError, ShapeError
from lsrl_edu.lang import Program, foreach
from lsrl_edu.nodes import Concat, Linear, LinState, Node
from lsrl_edu.numbers import Matrix
from lsrl_edu.programs.words import Words
from lsrl_edu.sugar import LARGE, STEEPNESS, Method, concat_sum, f_not

CAPITALS = {"AUS": "VIE", "BUL": "SOF", "CAN": "OTT", "DEN": "COP", "ENG": "LON"}
"""The map of Fig. 3: countries to capitals, three letters each."""

LETTERS = "?ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LARGEST_TOKEN = 2**53  # beyond it float64 does not tell neighbouring integers apart


def program(
    n: int,
    method: Method = "original",
    mu: Any = STEEPNESS,
    lam: Any = LARGE,
    counter: Literal["rotation", "cycle", "sawtooth"] = "rotation",
    horizon: int | None = None,
    vocabulary: range | None = None,
) -> Program:
    """Return the program that looks up a word of n tokens in a prompt (Listing 2).

    Input (T, 1), output (T, 1); the answer is in the last n outputs, see :func:`answer`.

    Args:
        n: tokens in a word.
        method: of the conditionals, see :func:`lsrl_edu.sugar.f_ifelse`.
        mu: steepness of the steps, at least 2.
        lam: must exceed every token and the length (all but the multiplicative methods). Where
            one is larger, the answer is wrong without a warning; say ``vocabulary`` to be warned of
            tokens.
        counter: how to count mod n, see :func:`lsrl_edu.counters.f_modulo_counter`; the paper
            has ``rotation``.
        horizon: ``sawtooth`` only: the longest sequence.
        vocabulary: the tokens, as a range from 0 or more; any integers if left out. It becomes
            the program's domain.

    Raises:
        ShapeError: where n is not an integer from 1 up.
        DomainError: for a vocabulary that is no range, or has negative numbers.
        ProgramError: for an unknown method or counter, mu < 2, lam <= 0, a lam that is not above
            the vocabulary, a missing horizon.
    """
    _check_word_length(n)
    words, domain = Words(method, mu, lam), _domain(vocabulary)
    words.check_masks(0 if vocabulary is None else max(vocabulary), "token")

    @foreach(dim=1, domain=domain, name="discrete")
    def body(x: Node) -> Node:
        time = _clock(x, n, counter, horizon, words)
        q = _query_register(x, time, words)
        matching = _matching(x, q, time, words)
        all_matching = _all_matching(matching, n, words)
        copy_and_on = _copy_and_on(all_matching, time, words)
        return _registers(x, copy_and_on, time, words)

    return body


@dataclass(frozen=True)
class _Clock:
    """What the counters say about the current element.

    Attributes:
        global_ctr: the number t of the element, from 0.
        is_prompt: whether the query is over.
        is_compare_mode: whether this element belongs to a key.
        is_copy_mode: whether it belongs to a value.
        is_first_token_for_copy: whether it is the first token of a value.
        mod_n_eq: for each i, whether this is token i of its word.
    """

    global_ctr: Node
    is_prompt: Node
    is_compare_mode: Node
    is_copy_mode: Node
    is_first_token_for_copy: Node
    mod_n_eq: list[Node]


def _clock(x: Node, n: int, counter: Any, horizon: int | None, words: Words) -> _Clock:
    global_ctr = f_position(x, name="global_ctr")
    mod_n = f_modulo_counter(x, n, counter, horizon, name="mod_n")
    mod_2n = f_modulo_counter(x, 2 * n, counter, horizon, name="mod_2n")
    is_prompt = words.larger(global_ctr, n - 0.5, name="is_prompt")
    is_compare_mode = words.larger(mod_2n, n - 0.5, name="is_compare_mode")
    is_copy_mode = words.both(is_prompt, f_not(is_compare_mode), name="is_copy_mode")
    at_start = words.smaller(mod_n, 0.5)
    first = words.both(is_copy_mode, at_start, name="is_first_token_for_copy")
    mod_n_eq = [words.near(mod_n, i, name=f"mod_n_eq_{i}") for i in range(n)]
    return _Clock(global_ctr, is_prompt, is_compare_mode, is_copy_mode, first, mod_n_eq)


def _query_register(x: Node, time: _Clock, words: Words) -> Node:
    """The n tokens of the query: each is let through once, at its own position, and kept."""
    tq = words.only_if(words.smaller(time.is_prompt, 0.5), x, name="tq")
    tqs = [words.only_if(at, tq, name=f"tqs_{i}") for i, at in enumerate(time.mod_n_eq)]
    eye = Matrix.eye(len(tqs))
    return LinState(Concat(*tqs), eye, eye, name="q")


def _matching(x: Node, q: Node, time: _Clock, words: Words) -> Node:
    """1 where this token of a key equals the query's token at the same position."""
    qs = [words.only_if(at, q[i], name=f"qs_{i}") for i, at in enumerate(time.mod_n_eq)]
    cor_q_el = concat_sum(qs).named("cor_q_el")
    return words.both(words.near(x, cor_q_el), time.is_compare_mode, name="matching")


def _all_matching(matching: Node, n: int, words: Words) -> Node:
    """1 where the n elements before this one all matched; a shift matrix remembers them."""
    shift = Matrix([*(((i + 1, 1),) for i in range(n)), ()], n + 1)
    last = Matrix([*([()] * n), ((0, 1),)], 1)
    buffer = LinState(matching, shift, last, name="buffer")
    buffer_sum = Linear(buffer, [[1] * n + [0]], name="buffer_sum")
    return words.larger(buffer_sum, n - 0.5, name="all_matching")


def _copy_and_on(all_matching: Node, time: _Clock, words: Words) -> Node:
    """1 during the n elements of the value whose key matched.

    The time at which that value starts is added to a state that is 0 until then; hence keys must
    differ from each other.
    """
    n = len(time.mod_n_eq)
    found = words.both(
        all_matching, time.is_first_token_for_copy, name="matching_and_first_for_copy"
    )
    update = words.only_if(found, time.global_ctr, name="t_started_on_update")
    started_on = LinState(update, [[1]], [[1]], name="started_on")
    recent = words.smaller(time.global_ctr, started_on + n)
    return words.both(time.is_copy_mode, recent, name="copy_and_on")


def _registers(x: Node, copy_and_on: Node, time: _Clock, words: Words) -> Node:
    """Copy the value into n registers; read register i at position i."""
    outputs = []
    for i, at in enumerate(time.mod_n_eq):
        write = words.larger(words.both(copy_and_on, at), 0.5)
        update = words.only_if(write, x, name=f"t_updates_{i}")
        register = LinState(update, [[1]], [[1]], name=f"output_regs_{i}")
        outputs.append(words.only_if(words.larger(at, 0.5), register, name=f"t_outputs_{i}"))
    return concat_sum(outputs).named("output")


# --- what goes in and what comes out ---------------------------------------------------------


def sequence(query: Any, pairs: Mapping | Iterable[tuple[Any, Any]]) -> np.ndarray:
    """Return the input of the program: integers, shape (n + 2 n len(pairs), 1).

    Args:
        query: n tokens, or a word of n letters (see :func:`encode`).
        pairs: keys and values of n tokens each: a dict, or a list of (key, value). No pairs at
            all is a map that knows nothing: the answer is 0s.

    Raises:
        ShapeError: where the words differ in length, or the query is empty.
        DomainError: where a token is not an integer from 0 up, a letter is unknown, or two keys
            are equal.
    """
    query = _tokens(query, "the query")
    n = len(query)
    if not n:
        raise ShapeError("The query is empty: it needs at least one token.")
    found: dict[tuple[int, ...], int] = {}
    tokens = [*query]
    for i, (key, value) in enumerate(_pairs(pairs)):
        key, value = _tokens(key, f"key {i}"), _tokens(value, f"value {i}")
        if len(key) != n or len(value) != n:
            raise ShapeError(
                f"The query has {n} tokens, so keys and values do too; key {i} has {len(key)} and "
                f"value {i} has {len(value)}."
            )
        if found.setdefault(key, i) != i:
            raise DomainError(f"Keys {found[key]} and {i} are equal: {list(key)}. Keep one.")
        tokens += [*key, *value]
    return np.array(tokens, dtype=np.int64).reshape(-1, 1)


def answer(outputs: Any, n: int) -> np.ndarray:
    """Return the last n outputs, rounded to integers: shape (n,), or (B, n) for a batch.

    Args:
        outputs: what the program returned: (T,), (T, 1) or (B, T, 1), of any kind of number.
        n: tokens in a word.

    Raises:
        ShapeError: where there are fewer than n outputs, or of another shape.
        PrecisionError: where one of them is NaN or infinite.
    """
    _check_word_length(n)
    table = np.asarray(outputs)
    table = table[:, None] if table.ndim == 1 else table
    if table.ndim not in (2, 3) or table.shape[-1] != 1 or table.shape[-2] < n:
        raise ShapeError(
            f"The outputs have shape {table.shape}; (T,), (T, 1) or (B, T, 1) with T >= n = {n} "
            "is needed."
        )
    last = table[..., -n:, 0]
    if not np.isfinite(last.astype(float)).all():
        raise PrecisionError(f"The last {n} outputs are not all finite: {last.tolist()}.")
    rounded = [round(value) for value in last.ravel().tolist()]
    return np.array(rounded, dtype=np.int64).reshape(last.shape)


def encode(word: str) -> list[int]:
    """Return the tokens of a word: A is 1, B is 2, ..., Z is 26, and ? is 0 (Fig. 3).

    Raises:
        DomainError: for any other character.
    """
    unknown = sorted(set(word.upper()) - set(LETTERS))
    if unknown:
        raise DomainError(f"{word!r} holds {''.join(unknown)!r}. The letters are {LETTERS}.")
    return [LETTERS.index(letter) for letter in word.upper()]


def decode(tokens: Iterable[int]) -> str:
    """Return the word of some tokens; whatever is no letter becomes ``?``."""
    numbers = [round(token) for token in np.ravel(list(tokens)).tolist()]
    return "".join(LETTERS[k] if 0 <= k < len(LETTERS) else "?" for k in numbers)


def _check_word_length(n: Any) -> None:
    if not isinstance(n, int) or isinstance(n, bool) or n < 1:
        raise ShapeError(f"n={n!r}: the number of tokens in a word is an integer from 1 up.")


def _domain(vocabulary: Any) -> Any:
    if vocabulary is None:
        return int
    if not isinstance(vocabulary, range) or not len(vocabulary) or min(vocabulary) < 0:
        raise DomainError(f"vocabulary={vocabulary!r}: give a range of integers from 0 up.")
    return vocabulary


def _pairs(pairs: Any) -> list[tuple[Any, Any]]:
    if not isinstance(pairs, Iterable):
        raise ShapeError(f"pairs is {pairs!r}; give a dict, or a list of (key, value).")
    listed = list(pairs.items() if isinstance(pairs, Mapping) else pairs)
    for i, pair in enumerate(listed):
        if isinstance(pair, str) or not hasattr(pair, "__len__") or len(pair) != 2:
            raise ShapeError(f"Pair {i} is {pair!r}; a pair is (key, value).")
    return listed


def _tokens(word: Any, what: str) -> tuple[int, ...]:
    """Return the tokens of a word as integers."""
    values = encode(word) if isinstance(word, str) else _as_list(word, what)
    if not isinstance(values, list):
        raise ShapeError(f"{what} is {word!r}: it should be a list of tokens, or a word.")
    for token in values:
        is_number = isinstance(token, int | float) and not isinstance(token, bool)
        if not is_number or token != token or not 0 <= token <= LARGEST_TOKEN or token % 1:
            raise DomainError(f"{what} holds {token!r}: a token is one of 0, 1, 2, ....")
    return tuple(map(int, values))


def _as_list(word: Any, what: str) -> Any:
    try:
        return np.asarray(word).tolist()
    except ValueError as error:  # lists of different lengths inside a list
        raise ShapeError(f"{what} is {word!r}: it should be a list of tokens.") from error
