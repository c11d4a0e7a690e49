"""Write a page for each architecture: ``python -m scripts.make_targets_pages``.

Equations, gadgets, bounds and code come from the package. Sizes and errors are measured by
compiling and running the same programs for all of them (a minute or two); a test compares.
"""

import inspect
import re
import warnings
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from math import ceil, log10
from pathlib import Path
from typing import Any

import numpy as np

import lsrl_edu as ls
from lsrl_edu.backends import registry
from lsrl_edu.backends.target import Target
from lsrl_edu.errors import PrecisionWarning
from lsrl_edu.programs import continuous, discrete, gradient, more_ones

FOLDER = Path(__file__).parents[1] / "book/reference/targets"
DTYPES = ("float32", "float64")
HORIZON = 60
BATCH = 8
HIDDEN = "Nothing of this page is written by hand: `python -m scripts.make_targets_pages` makes it."


@dataclass(frozen=True)
class About:
    """What cannot be read off the code: where to read more.

    Attributes:
        cell: module of the readable cell in ``lsrl_edu.cells``.
        parts: its classes to show.
        construction: module in ``lsrl_edu.backends`` whose docstring says how it is done.
        chapter: notebook that teaches it.
        cite: keys in the bibliography.
    """

    cell: str
    parts: tuple[str, ...]
    construction: str
    chapter: str
    cite: tuple[str, ...]


PAPER = About("paper", ("LinearCell", "Stage"), "stages", "02_compiling_to_a_linear_rnn",
              ("petrov2024universal",))  # fmt: skip
RELU = About("paper", ("ReluCell", "Stage"), "stages", "02_compiling_to_a_linear_rnn",
             ("petrov2024universal",))  # fmt: skip
HAWK = About("hawk", ("RGLRU", "Recurrent", "GeGLU"), "hawk", "10_hawk_and_griffin",
             ("de2024griffin",))  # fmt: skip
ABOUT = {
    "linear_rnn": PAPER,
    "gated_linear_rnn": PAPER,
    "rnn": RELU,
    "gated_rnn": RELU,
    "lstm": About("lstm", ("LSTM",), "lstm", "08_classic_rnns", ("hochreiter1997long",)),
    "gru": About("gru", ("GRU",), "gru", "08_classic_rnns", ("cho2014learning",)),
    "tanh_rnn": About("elman", ("Elman",), "tanh_rnn", "08_classic_rnns", ("elman1990finding",)),
    "mamba": About("mamba", ("Mixer",), "mamba", "09_mamba", ("gu2023mamba",)),
    "mamba2": About("mamba2", ("Mixer",), "mamba2", "09_mamba", ("dao2024transformers",)),
    "hawk": HAWK,
    "griffin": HAWK,
}


# --- the programs that are compiled ----------------------------------------------------------
@dataclass(frozen=True)
class Sample:
    """A program, what it is called on the page, and inputs (B, T, d) to measure errors on."""

    name: str
    program: ls.Program
    xs: np.ndarray


@cache
def samples() -> tuple[Sample, ...]:
    """Return the programs in the order of the table."""
    rng = np.random.default_rng(0)
    bits = rng.integers(0, 2, (BATCH, HORIZON, 1)).astype(float)
    reals = rng.uniform(-1, 1, (BATCH, HORIZON, 2))
    X, Y, _ = gradient.task(2, 6, seed=0)
    learning = gradient.sequence(X, Y / 4, marker=True)[None]
    table = {(a, b): (b, a) for a in range(4) for b in range(a)}
    words = discrete.sequence((2, 1), table)[None]
    prompt = continuous.prompt(lambda p: np.sin(5 * p.sum()), 1, 20)
    queries = np.stack([continuous.sequence([q], prompt) for q in (0.11, 0.52, 0.98)])
    look_up = {
        clock: discrete.program(2, "multiplicative", counter=clock, vocabulary=range(4), **promise)
        for clock, promise in (("cycle", {}), ("sawtooth", {"horizon": HORIZON}))
    }
    return (
        Sample("more ones than zeros (chapter 1)", more_ones.program(mu=10), bits),
        Sample("a shift register of three", _shelf(), reals[..., :1]),
        Sample("an average that forgets, $a = 1/2$", _average(), reals[..., :1]),
        Sample("a clock, $A = -1$", _clock(), bits),
        Sample("the product of two real numbers in $[-1, 1]$", _product(), reals),
        Sample("Listing 1, 20 cells (chapter 5)", _listing_1(), queries),
        Sample("Listing 2, words of 2, cycle clock (chapter 6)", look_up["cycle"], words),
        Sample("Listing 2, words of 2, sawtooth clock", look_up["sawtooth"], words),
        Sample("a gradient step, 2 features (chapter 12)", _gradient(), learning),
    )


def _shelf() -> ls.Program:
    A, B = np.eye(3, k=-1), np.eye(3, 1)
    return ls.foreach(dim=1, domain=(-1, 1), name="shelf")(lambda x: ls.LinState(x, A=A, B=B)[2])


def _average() -> ls.Program:
    return ls.foreach(dim=1, domain=(-1, 1), name="average")(
        lambda x: ls.LinState(x, A=[[0.5]], B=[[0.5]])
    )


def _clock() -> ls.Program:
    return ls.foreach(dim=1, domain=bool, name="clock")(
        lambda x: ls.LinState(ls.f_constant(x, 1), A=[[-1]], B=[[1]])
    )


def _product() -> ls.Program:
    return ls.foreach(dim=2, domain=(-1, 1), name="product")(lambda x: x[0] * x[1])


def _listing_1() -> ls.Program:
    return continuous.program(1, 1, "multiplicative", values=(-1, 1))


def _gradient() -> ls.Program:
    return gradient.program(2, eta=0.5, clock="marker", domain=(-1, 1))


# --- measuring -------------------------------------------------------------------------------
@dataclass(frozen=True)
class Outcome:
    """A program on a target: its Model and the largest error, or the sentence that refuses it."""

    model: Any = None
    error: float = 0.0
    refusal: str = ""


@cache
def outcome(target: str, name: str, dtype: str) -> Outcome:
    """Compile one of the programs, run it, and compare with exact arithmetic."""
    sample = next(s for s in samples() if s.name == name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PrecisionWarning)
        try:
            model = ls.compile(sample.program, target, dtype=dtype, horizon=HORIZON)
        except ls.UnsupportedByTarget as error:
            return Outcome(refusal=str(error))
        found = model.run(sample.xs)
    return Outcome(model, float(np.abs(found - exact(name)).max()))


@cache
def exact(name: str) -> np.ndarray:
    """Return a program's outputs in exact arithmetic, rounded once."""
    sample = next(s for s in samples() if s.name == name)
    return sample.program.run(sample.xs, number="exact").astype(float)


def said(error: float) -> str:
    """Return an error as the power of ten that it does not exceed."""
    return f"≤ 1e{ceil(log10(error)):+03d}" if error else "0"


# --- a page ----------------------------------------------------------------------------------
def page(name: str) -> str:
    """Return the page of a target."""
    target, about = registry()[name], ABOUT[name]
    return "\n".join(
        [
            f"(target-{name.replace('_', '-')})=",
            f"# {name}: {target.summary}\n",
            _head(target, about),
            "## The architecture\n",
            _equations(about),
            "## How it does each operation\n",
            _gadgets(name),
            "## What programs become\n",
            _table(name),
            "## What it refuses\n",
            _refusals(name),
            "## The construction\n",
            _construction(about),
            f"<!-- {HIDDEN} -->\n",
        ]
    )


def _head(target: Target, about: About) -> str:
    module = outcome(target.name, samples()[0].name, "float32").model.module
    inner = getattr(module, "model", None) or getattr(module, "rnn", module)
    library = type(inner).__module__.split(".")[0]
    kind = f"{library}{'.nn' if library == 'torch' else ''}.{type(inner).__name__}"
    released = (
        "The class is used as it is released; only its weights are ours."
        if target.released
        else "The module is this package's, since no library has it."
    )
    facts = [
        f'`ls.compile(program, target="{target.name}")` gives `{kind}`. {released}',
        f"Products of two values that both vary: {'yes' if target.gates else 'no'}. "
        "Transition of the states: "
        + ("diagonal, with eigenvalues from 0 to 1." if target.diagonal else "any matrix."),
        f"[This chapter](../../../notebooks/{about.chapter}.ipynb) builds it step by step. "
        f"Source: {{cite:t}}`{','.join(about.cite)}`.",
    ]
    return "\n\n".join(facts) + "\n"


def _equations(about: About) -> str:
    cell = import_module(f"lsrl_edu.cells.{about.cell}")
    code = "\n\n".join(inspect.getsource(getattr(cell, part)) for part in about.parts)
    return (
        f"{_prose(cell)}\n\n"
        f":::{{dropdown}} The code of a readable cell, `lsrl_edu.cells.{about.cell}`\n"
        "It runs the state dict of the released class; the tests compare the two.\n\n"
        f"```python\n{code.rstrip()}\n```\n:::\n"
    )


def _prose(module: Any) -> str:
    """Return a module's docstring as Markdown; the indented blocks are code."""
    text = (inspect.getdoc(module) or "").replace("``", "`")
    text = re.sub(r"(\S?)::\n\n((?:    .*\n|\n)+)", _block, text + "\n")
    text = re.sub(r"(=+  )+=+\n[\s\S]*?\n(=+  )+=+\n[\s\S]*?\n(=+  )+=+", _grid, text)
    text = re.sub(r":(?:class|mod|func|data):`~?([^`]+)`", r"`\1`", text)
    return text.strip()


def _block(found: re.Match) -> str:
    body = inspect.cleandoc(found[2])
    colon = ":\n\n" if found[1] else ""  # a paragraph that is only "::" is not shown
    return f"{found[1]}{colon}```text\n{body}\n```\n\n"


def _grid(found: re.Match) -> str:
    return f"```text\n{found[0]}\n```"


def _gadgets(name: str) -> str:
    uses: dict[str, dict[str, Any]] = {}
    for dtype in DTYPES:
        for sample in samples():
            model = outcome(name, sample.name, dtype).model
            for use in model.report.gadgets if model else ():
                before = uses.setdefault(use.operation, {}).get(dtype)
                if before is None or use.error > before.error:
                    uses[use.operation][dtype] = use
    rows = [
        f"| {operation} | `{in_cell(by[DTYPES[0]].gadget.equation)}` | "
        f"{in_cell(by[DTYPES[0]].gadget.promise)} | "
        + " | ".join(said(by[d].error) for d in DTYPES)
        + " |"
        for operation, by in uses.items()
    ]
    return (
        "The last two columns bound the error that one channel adds, in the programs below, on top "
        "of the rounding of the dtype. *e* is a whisper, *K* a shout: powers of two that the dtype "
        "decides.\n\n| operation | how | how exactly | float32 | float64 |\n|---|---|---|---|---|\n"
        + "\n".join(rows)
        + "\n"
    )


def in_cell(text: str) -> str:
    """Return text for a cell of a table, in which a bar would end the cell."""
    return text.replace("|", "\\|")


def _table(name: str) -> str:
    rows = []
    for sample in samples():
        single, double = (outcome(name, sample.name, dtype) for dtype in DTYPES)
        if single.refusal:
            rows.append(f"| {sample.name} | refused | | | | |")
            continue
        report = single.model.report
        sizes = report.hidden_sizes
        rows.append(
            f"| {sample.name} | {len(sizes)} | {max(sizes)} | {report.nonzeros:,} | "
            f"{said(single.error)} | {said(double.error)} |"
        )
    return (
        f"Float32 sizes. Errors are the largest over up to {BATCH} sequences of at most {HORIZON} "
        "elements, at every element, against exact arithmetic.\n\n"
        "| program | layers | hidden size | weights not zero | error, float32 | error, float64 |\n"
        "|---|--:|--:|--:|---|---|\n" + "\n".join(rows) + "\n"
    )


def _refusals(name: str) -> str:
    found = {s.name: outcome(name, s.name, DTYPES[0]).refusal for s in samples()}
    listed = [f"- {program}: *{text}*" for program, text in found.items() if text]
    return "\n".join(listed or ["None of these programs."]) + "\n"


def _construction(about: About) -> str:
    module = import_module(f"lsrl_edu.backends.{about.construction}")
    return (
        f"From the documentation of `lsrl_edu.backends.{about.construction}`:\n\n{_prose(module)}\n"
    )


def index() -> str:
    """Return the page that compares the targets."""
    rows = []
    for name in registry():
        first = [outcome(name, s.name, DTYPES[0]) for s in samples()]
        marks = " | ".join("no" if o.refusal else said(o.error) for o in first)
        rows.append(f"| [{name}]({name}.md) | {marks} |")
    names = " | ".join(s.name for s in samples())
    return (
        "# The architectures\n\n"
        "What `ls.compile(program, target=...)` can make, each with a page of its own. The table "
        "says which programs an architecture takes, and the largest error in float32 against exact "
        "arithmetic. *no*: it is refused, with a reason; the page of the architecture gives it.\n\n"
        f"| | {names} |\n|---|{'---|' * len(samples())}\n" + "\n".join(rows) + "\n\n"
        f"<!-- {HIDDEN} -->\n"
    )


def main() -> None:
    """Write all pages."""
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / "index.md").write_text(index(), encoding="utf-8")
    for name in registry():
        (FOLDER / f"{name}.md").write_text(page(name), encoding="utf-8")


if __name__ == "__main__":
    main()
