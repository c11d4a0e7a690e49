"""Networks whose every variable is known: a small benchmark for interpretability methods.

Each entry is a program, its compiled network, the same network in a basis nobody can read, inputs
and outputs, and the answer key: which variable is which direction of which state. The key is
checked when it is made: the direction holds the variable's value at every step, and overwriting it
changes the outputs just as overwriting the variable in the program does.

    python -m lsrl_edu.study.ground_truth --out ground_truth

Files are safetensors, JSON and CSV; nothing is pickled.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np

from lsrl_edu.backends.base import Model
from lsrl_edu.errors import StorageError
from lsrl_edu.lang import Program, foreach
from lsrl_edu.nodes import LinState, Node, ReLU
from lsrl_edu.programs import discrete, more_ones
from lsrl_edu.storage import load as load_model
from lsrl_edu.study import patching
from lsrl_edu.targets import compile as compile_program

FORMAT, VERSION = "lsrl_edu.ground_truth", 1
TOLERANCE = 1e-9


@dataclass(frozen=True)
class Variable:
    """One line of the answer key.

    Attributes:
        name: of the variable in the program; an entry of a wider state as ``name[i]``.
        stage: the cell whose state holds it, from 0.
        channel: the entry of the state in the plain network. In the rotated one it is the direction
            Q[:, channel] of that stage's Q.
        scale, offset: variable = scale * (entry or projection) + offset.
        changed: share of the outputs that change where the variable gets another sequence's values
            (or, if it is the same in all sequences, those of one step earlier).
    """

    name: str
    stage: int
    channel: int
    scale: float
    offset: float
    changed: float


@dataclass(frozen=True, eq=False)
class Truth:
    """One entry of the benchmark.

    Attributes:
        name: of the program.
        model, rotated: two networks with the same outputs.
        rotations: Q of every stage: state of ``rotated`` = Q (state of ``model``).
        xs, ys: inputs (B, T, d) and outputs (B, T, m).
        variables: the answer key.
    """

    name: str
    model: Model
    rotated: Model
    rotations: tuple[np.ndarray, ...]
    xs: np.ndarray
    ys: np.ndarray
    variables: tuple[Variable, ...]

    def values(self, variable: Variable, turned: bool = True) -> np.ndarray:
        """Return a variable at every step (B, T), read off the (rotated) network's state."""
        model = self.rotated if turned else self.model
        state = patching.activations(model, self.xs)[variable.stage]
        return variable.scale * (state @ self.direction(variable, turned)) + variable.offset

    def direction(self, variable: Variable, turned: bool = True) -> np.ndarray:
        """Return the unit vector (n,) of a variable in the state of its stage."""
        Q = self.rotations[variable.stage]
        return Q[:, variable.channel] if turned else np.eye(len(Q))[variable.channel]

    def patched(self, variable: Variable, values: np.ndarray, turned: bool = True) -> np.ndarray:
        """Return the outputs where the variable has other values (B, T) at every step."""
        model = self.rotated if turned else self.model
        new = (values - variable.offset) / variable.scale
        direction = self.direction(variable, turned)
        return patching.run_patched(model, self.xs, variable.stage, direction, new)


# --- the programs ------------------------------------------------------------------------------


def delayed(steps: int = 3) -> Program:
    """Return the element of ``steps`` steps ago, 0 before: a shift register."""

    @foreach(dim=1, domain=range(10), name="delayed")
    def body(x: Node) -> Node:
        shift = [[int(i == j + 1) for j in range(steps + 1)] for i in range(steps + 1)]
        first = [[int(i == 0)] for i in range(steps + 1)]
        return LinState(x, shift, first, name="shift")[steps]

    return body


def every_third() -> Program:
    """Return the sum of elements 0, 3, 6, ...: a clock, a mask, a sum."""

    @foreach(dim=1, domain=range(6), name="every_third")
    def body(x: Node) -> Node:
        turn = [[0, 0, 1], [1, 0, 0], [0, 1, 0]]
        clock = LinState(x, turn, [[0]] * 3, init_state=[0, 0, 1], name="clock")
        taken = ReLU(x + 10 * clock[0] - 10, name="taken")
        return LinState(taken, [[1]], [[1]], name="sum")

    return body


def brackets() -> Program:
    """Return 1 where the brackets so far (1 opens, -1 closes) are balanced, else 0."""

    @foreach(dim=1, domain=(-1, 1), name="brackets")
    def body(x: Node) -> Node:
        depth = LinState(x, [[1]], [[1]], name="depth")
        broken = LinState(ReLU(-depth), [[1]], [[1]], name="broken")
        return ReLU(1 - ReLU(depth) - broken, name="balanced")

    return body


def lookup(n: int) -> Program:
    """Return Listing 2 for words of n tokens, 0 to 4."""
    return discrete.program(n, "multiplicative_optimized", counter="cycle", vocabulary=range(5))


def _lookups(n: int) -> Callable[[np.random.Generator, int, int], np.ndarray]:
    def draw(rng: np.random.Generator, count: int, length: int) -> np.ndarray:
        return np.array([_lookup(rng, n, (length // n - 1) // 2) for _ in range(count)])

    return draw


def _lookup(rng: np.random.Generator, n: int, pairs: int) -> np.ndarray:
    words = list(np.ndindex(*[4] * n))
    keys = [[t + 1 for t in words[i]] for i in rng.permutation(len(words))[:pairs]]
    table = [(key, rng.integers(1, 5, n).tolist()) for key in keys]
    return discrete.sequence(keys[rng.integers(len(keys))], table).astype(float)


def _choice(*tokens: int) -> Callable[[np.random.Generator, int, int], np.ndarray]:
    def draw(rng: np.random.Generator, count: int, length: int) -> np.ndarray:
        return rng.choice(np.array(tokens, float), (count, length, 1))

    return draw


@dataclass(frozen=True)
class Entry:
    """How an entry is made: the program, the target, and what draws inputs of a length."""

    program: Callable[[], Program]
    target: str
    draw: Callable[[np.random.Generator, int, int], np.ndarray]
    length: int = 24


ENTRIES: Mapping[str, Entry] = {
    "more_ones": Entry(more_ones.program, "linear_rnn", _choice(0, 1)),
    "delayed": Entry(delayed, "linear_rnn", _choice(*range(10))),
    "every_third": Entry(every_third, "linear_rnn", _choice(*range(6))),
    "brackets": Entry(brackets, "linear_rnn", _choice(-1, 1)),
    "lookup_1": Entry(lambda: lookup(1), "gated_linear_rnn", _lookups(1), 9),
    "lookup_2": Entry(lambda: lookup(2), "gated_linear_rnn", _lookups(2), 22),
}


# --- making them -------------------------------------------------------------------------------


def make(name: str, count: int = 64, seed: int = 0) -> Truth:
    """Return an entry of the benchmark.

    Args:
        name: one of :data:`ENTRIES`.
        count: how many input sequences.
        seed: of the inputs and of the rotations.

    Raises:
        KeyError: for another name.
    """
    entry = ENTRIES[name]
    program = entry.program()
    xs = entry.draw(np.random.default_rng(seed), count, entry.length)
    model = compile_program(program, entry.target, horizon=entry.length)
    turned, turns = patching.rotated(model, seed)
    bare = Truth(name, model, turned, tuple(turns), xs, program.run(xs), ())
    found = tuple(v for node in program.nodes for v in _known(bare, program, node))
    return Truth(name, model, turned, tuple(turns), xs, bare.ys, found)


def _known(truth: Truth, program: Program, node: Node) -> Iterator[Variable]:
    """Yield the entries of a named state that are found, and do in the network what they should."""
    if not isinstance(node, LinState) or not node.name:
        return
    values = patching.values_of(program, node, truth.xs)
    states = patching.activations(truth.model, truth.xs)
    for i in range(node.dim):
        name = node.name if node.dim == 1 else f"{node.name}[{i}]"
        places = (
            Variable(name, k, c, *fit, 0.0)
            for k, state in enumerate(states)
            for c in range(state.shape[2])
            if (fit := _line(state[..., c], values[..., i]))
        )
        yield from _first_that_acts(truth, program, node, i, values, places)


def _line(channel: np.ndarray, variable: np.ndarray) -> tuple[float, float] | None:
    """Return scale and offset if the variable is the channel times a number, plus a number."""
    x, y = channel.ravel(), variable.ravel()
    if np.ptp(x) < TOLERANCE or np.ptp(y) < TOLERANCE:
        return None
    scale, offset = np.polyfit(x, y, 1)
    rounded = float(np.round(scale, 9)), float(np.round(offset, 9)) + 0.0
    return rounded if np.abs(rounded[0] * x + rounded[1] - y).max() < TOLERANCE else None


def _first_that_acts(
    truth: Truth,
    program: Program,
    node: Node,
    i: int,
    values: np.ndarray,
    places: Iterator[Variable],
) -> Iterator[Variable]:
    """Yield the first place at which overwriting does what it does in the program."""
    others = swapped(values)
    mixed = values.copy()
    mixed[..., i] = others[..., i]
    said = patching.without(program, node, truth.xs, mixed)
    for place in places:
        same = np.abs(truth.patched(place, mixed[..., i]) - said).max() < TOLERANCE
        if same and (changed := float((np.abs(said - truth.ys) > TOLERANCE).mean())):
            facts = {f.name: getattr(place, f.name) for f in fields(place)}
            yield Variable(**facts | {"changed": changed})
            return


def swapped(values: np.ndarray) -> np.ndarray:
    """Return the values of the sequence before, or if all are alike, those of one step earlier."""
    others = np.roll(values, 1, axis=0)
    return others if (others != values).any() else np.roll(values, 1, axis=1)


# --- on disk -----------------------------------------------------------------------------------

README = """# Networks whose variables are known

Each folder holds one program of lsrl_edu as the weights of a recurrent network.

| file | what it is |
|---|---|
| `plain/`, `rotated/` | the network, twice: `lsrl_edu.load(folder)`; same outputs, other basis |
| `examples.safetensors` | `xs` (B, T, d) and `ys` (B, T, m), float64 |
| `rotations.safetensors` | `stage0`, `stage1`, ...: Q (n, n); rotated state = Q (plain state) |
| `variables.csv` | the answer key: variable = scale * (state of `stage`)[channel] + offset |

The state of a stage is s_t = A s_{t-1} + B x_t + b; in `model.safetensors` these are
`k.cell.weight_hh`, `k.cell.weight_ih`, `k.cell.bias` and `k.cell.h0` of stage k. Its output is
phi(s_t), times gamma(x_t) where there is a gate; phi and gamma are ReLU networks. In the rotated
network a variable is the projection on the direction Q[:, channel]. `changed` is the share of the
outputs that change when the variable gets the values it has in the sequence before.

A method should find, from `rotated/` and the examples alone, what `variables.csv` says. Do not show
it `plain/`, `layers.json` or `rotations.safetensors`: they hold the answers. Read everything with
`lsrl_edu.study.ground_truth.load(folder)`.
"""


def save(truth: Truth, folder: Any) -> None:
    """Write an entry to a folder."""
    from safetensors.numpy import save_file

    folder = Path(folder)
    truth.model.save(folder / "plain")
    truth.rotated.save(folder / "rotated")
    turns = {f"stage{k}": np.ascontiguousarray(Q) for k, Q in enumerate(truth.rotations)}
    save_file(turns, folder / "rotations.safetensors")
    examples = {"xs": np.ascontiguousarray(truth.xs), "ys": np.ascontiguousarray(truth.ys)}
    save_file(examples, folder / "examples.safetensors")
    with (folder / "variables.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(_NAMES)
        writer.writerows([getattr(v, name) for name in _NAMES] for v in truth.variables)


def export(out: Any, names: Sequence[str] = tuple(ENTRIES), progress: bool = True) -> None:
    """Write the benchmark to a folder: one folder for each entry, an index and a README."""
    from tqdm.auto import tqdm

    out = Path(out)
    for name in tqdm(names, unit="program", disable=not progress, leave=False):
        save(make(name), out / name)
    index = {"format": FORMAT, "version": VERSION, "entries": list(names)}
    (out / "index.json").write_text(json.dumps(index, indent=1), encoding="utf-8")
    (out / "README.md").write_text(README, encoding="utf-8")


def load(out: Any) -> dict[str, Truth]:
    """Read a benchmark that :func:`export` wrote: name -> entry.

    Raises:
        StorageError: where the folder holds none, or a damaged one.
    """
    out = Path(out)
    try:
        index = json.loads((out / "index.json").read_text(encoding="utf-8"))
        if (index["format"], index["version"]) != (FORMAT, VERSION):
            raise ValueError(f"format {index['format']} {index['version']}")
        return {name: _load(name, out / name) for name in index["entries"]}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StorageError(
            f"{out} holds no complete benchmark ({error}). Write one with "
            "python -m lsrl_edu.study.ground_truth --out FOLDER."
        ) from error


def _load(name: str, folder: Path) -> Truth:
    from safetensors.numpy import load_file

    turns, examples = (load_file(folder / f"{n}.safetensors") for n in ("rotations", "examples"))
    with (folder / "variables.csv").open(encoding="utf-8", newline="") as file:
        rows = [_variable(row) for row in csv.DictReader(file)]
    models = load_model(folder / "plain"), load_model(folder / "rotated")
    Qs = tuple(turns[f"stage{k}"] for k in range(len(turns)))
    return Truth(name, *models, Qs, examples["xs"], examples["ys"], tuple(rows))


def _variable(row: Mapping[str, str]) -> Variable:
    numbers = {n: float(row[n]) for n in ("scale", "offset", "changed")}
    return Variable(row["name"], int(row["stage"]), int(row["channel"]), **numbers)


_NAMES = [f.name for f in fields(Variable)]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line."""
    p = argparse.ArgumentParser(
        prog="python -m lsrl_edu.study.ground_truth",
        description="Write networks with known variables, for interpretability methods to find.",
    )
    p.add_argument("--out", required=True, help="folder to write to")
    p.add_argument("--only", nargs="+", choices=tuple(ENTRIES), default=tuple(ENTRIES))
    args = p.parse_args(arguments)
    export(args.out, args.only)


if __name__ == "__main__":
    main()
