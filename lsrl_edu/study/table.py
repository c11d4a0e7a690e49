"""Results on disk: one row for each draw of noise, in a CSV file that only ever grows.

Rows are added as they are measured, and a line is complete or it does not count. So a sweep can be
stopped at any moment and goes on where it was.
"""

from __future__ import annotations

import csv
import io
import math
import os
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Any

from lsrl_edu.errors import StorageError

NAN = math.nan


@dataclass(frozen=True)
class Row:
    """One draw of noise and what came of it.

    Attributes:
        problems, network: their names.
        digest: of weights and inputs: a row counts only for what it was measured on.
        states: ``overwritten`` or ``drift``.
        kinds: which weights got noise.
        relative: whether the noise was in proportion to the weight.
        level: its standard deviation.
        seed: of the problem and of the noise.
        wrong: percentage of wrong tokens; NaN where outputs are no tokens.
        distance: mean Euclidean distance between output and target.
        margin, middle_margin: of the worst and of the median token; NaN where there are none.
    """

    problems: str
    network: str
    digest: str
    states: str
    kinds: str
    relative: bool
    level: float
    seed: int
    wrong: float = NAN
    distance: float = NAN
    margin: float = NAN
    middle_margin: float = NAN

    @property
    def key(self) -> tuple:
        """What tells this draw from all others."""
        return astuple(self)[:8]


NAMES = [f.name for f in fields(Row)]
_READ = {"bool": lambda text: text == "True", "int": int, "float": float, "str": str}


def append(rows: Iterable[Row], path: Any) -> None:
    """Add rows to a file, which is made if it does not exist, and see them safely to the disk."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    _drop_torn_line(path)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    if not path.exists() or not path.stat().st_size:
        writer.writerow(NAMES)
    writer.writerows(astuple(row) for row in rows)
    with path.open("a", encoding="utf-8") as file:
        file.write(text.getvalue())
        file.flush()
        os.fsync(file.fileno())


def read(path: Any) -> list[Row]:
    """Return the rows of a file, none if there is no such file. A torn last line is left out.

    Raises:
        StorageError: where the file holds something else.
    """
    path = Path(path)
    if not path.exists():
        return []
    text = path.read_text(encoding="utf-8")
    lines = list(csv.reader(io.StringIO(text[: text.rfind("\n") + 1])))
    if lines and lines[0] != NAMES:
        raise StorageError(f"{path} is no table of a noise study: it begins with {lines[0]}.")
    try:
        return [_row(line) for line in lines[1:]]
    except (ValueError, KeyError) as error:
        raise StorageError(f"{path} is damaged: {error}.") from error


def _row(line: list[str]) -> Row:
    cells = zip(fields(Row), line, strict=True)
    return Row(*(_READ[str(field.type)](cell) for field, cell in cells))


def _drop_torn_line(path: Path) -> None:
    """Cut off what was being written when the last run was stopped."""
    if path.exists() and path.stat().st_size:
        data = path.read_bytes()
        if not data.endswith(b"\n"):
            path.write_bytes(data[: data.rfind(b"\n") + 1])
