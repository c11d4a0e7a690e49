"""Many measurements, on one process or on many, with every result kept as soon as it is there.

    sweep(settings, "results.csv")                                        # in this process
    sweep(settings, "results.csv", processes(8))                          # on 8 cores
    sweep(settings, "results.csv", Client(address).get_executor)          # on a cluster (dask)

Any ``concurrent.futures`` executor will do. What is in the file is not measured again.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor, as_completed
from dataclasses import replace
from functools import partial
from typing import Any

from lsrl_edu.errors import LSRLError
from lsrl_edu.study.noise import Setting, measure
from lsrl_edu.study.table import Row, append, read


def sweep(
    settings: Iterable[Setting],
    path: Any = None,
    executor: Executor | Callable[[], Executor] | None = None,
    batch: int = 25,
    retries: int = 2,
    progress: bool = True,
) -> list[Row]:
    """Measure settings and return their rows, in the order of the settings.

    Args:
        settings: what to measure.
        path: a CSV file that the rows are added to as they come; rows it already holds (same
            names, same weights, same level and seed) are taken from it.
        executor: an executor, which stays open, or a function that makes one. With a function,
            a broken executor (a worker was killed) is replaced and the lost work done again.
        batch: seeds in one piece of work.
        retries: how often work that failed is tried again.
        progress: False for no progress bar.

    Raises:
        LSRLError: where work failed more often than that, or two settings have the same name but
            different results to give. What was measured until then is in the file.
    """
    settings = list(settings)
    done = {row.key: row for row in (read(path) if path is not None else [])}
    wanted = _wanted(settings)
    pieces = _pieces(settings, done, batch)
    with _bar(sum(len(p.seeds) * len(p.levels) for p in pieces), progress) as bar:
        for rows in _run(pieces, executor, retries):
            if path is not None:
                append(rows, path)
            done |= {row.key: row for row in rows}
            bar.update(len(rows))
    return [done[key] for key in wanted]


def processes(count: int) -> Callable[[], Executor]:
    """Return a function that makes an executor with ``count`` processes, each with one thread.

    They are started afresh: a copy of a process in which torch has run can hang.
    """
    context = multiprocessing.get_context("spawn")
    return partial(ProcessPoolExecutor, count, mp_context=context, initializer=_one_thread)


def _one_thread() -> None:
    import torch

    torch.set_num_threads(1)


def _wanted(settings: Sequence[Setting]) -> list[tuple]:
    """Return the keys of all rows, each once."""
    keys = [s.key(level, seed).key for s in settings for level in s.levels for seed in s.seeds]
    digests: dict[tuple, str] = {}
    for s in settings:
        name = s.problems.name, s.subject.name
        if digests.setdefault(name, s.digest) != s.digest:
            raise LSRLError(
                f"Two different networks are called {name[1]!r}, or two sets of problems "
                f"{name[0]!r}. Rename one."
            )
    return list(dict.fromkeys(keys))


def _pieces(settings: Sequence[Setting], done: dict, batch: int) -> list[Setting]:
    """Return the work that is left. Levels that lack the same seeds stay together."""
    pieces, seen = [], set(done)
    for s in settings:
        missing: dict[tuple[int, ...], list[float]] = {}
        for level in s.levels:
            seeds = tuple(v for v in s.seeds if s.key(level, v).key not in seen)
            seen |= {s.key(level, v).key for v in seeds}
            missing.setdefault(seeds, []).append(level)
        for seeds, levels in missing.items():
            for k in range(0, len(seeds), batch):
                pieces.append(replace(s, levels=tuple(levels), seeds=seeds[k : k + batch]))
    return pieces


def _run(pieces: list[Setting], executor: Any, retries: int) -> Iterator[list[Row]]:
    """Yield the rows of each piece, as it is done; pieces that failed are tried again."""
    if executor is None:
        yield from map(measure, pieces)
        return
    for attempt in range(retries + 1):
        failed: list[tuple[Setting, BaseException]] = []
        yield from _attempt(pieces, executor, failed)
        if not failed:
            return
        if attempt == retries or (isinstance(executor, Executor) and _is_broken(failed)):
            error = failed[0][1]
            raise LSRLError(
                f"{len(failed)} pieces of work failed, the first with {type(error).__name__}: "
                f"{error}. All other results are kept: run the sweep again with the same file, "
                "and with a function that makes an executor if workers died."
            ) from error
        pieces = [piece for piece, _ in failed]


def _attempt(pieces: list[Setting], executor: Any, failed: list) -> Iterator[list[Row]]:
    made = executor if isinstance(executor, Executor) else executor()
    futures = _submit(made, pieces, failed)
    try:
        for future in as_completed(futures):
            error = future.exception()
            if error is None:
                yield future.result()
            else:
                failed.append((futures[future], error))
    finally:
        for future in futures:  # the sweep was stopped: what has not begun need not begin
            future.cancel()
        if made is not executor:
            made.shutdown(wait=True)


def _submit(made: Executor, pieces: list[Setting], failed: list) -> dict:
    """Hand out the work. A pool that breaks while it is being filled takes no more of it."""
    futures = {}
    for piece in pieces:
        try:
            futures[made.submit(measure, piece)] = piece
        except RuntimeError as error:  # BrokenExecutor is one
            failed.append((piece, error))
    return futures


def _is_broken(failed: list) -> bool:
    return any(isinstance(error, BrokenExecutor) for _, error in failed)


def _bar(total: int, progress: bool) -> Any:
    from tqdm.auto import tqdm

    return tqdm(total=total, unit="draw", disable=not progress, leave=False)
