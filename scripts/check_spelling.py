"""Look for misspelt words in what people read: ``python scripts/check_spelling.py``.

Pages, the text cells of notebooks, comments, docstrings and messages are handed to codespell, which
knows common misspellings. The book is written in British English, so its list of British words is
used backwards. Words that are right all the same are in ``scripts/words.txt``, one a line.
"""

import io
import json
import re
import subprocess
import sys
import tempfile
import tokenize
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

ROOT = Path(__file__).parents[1]
WORDS = ROOT / "scripts/words.txt"
EXERCISES = ("exercises/*.ipynb", "exercises/solutions/*.ipynb")
PLACES = (
    "*.md",
    "book/**/*.md",
    "scripts/*.md",
    "lsrl_edu/**/*.md",
    "notebooks/*.ipynb",
    *EXERCISES,
)
CODE = ("lsrl_edu", "scripts", "tests", "benchmarks", "book/_ext")
NO_TEXT = ("_generated", ".ipynb_checkpoints", "vendor")

FENCES = re.compile(r"^( *)(`{3,}|~{3,})[^\n]*\n.*?^\1\2", re.MULTILINE | re.DOTALL)
NO_PROSE = re.compile(
    r"`[^`\n]*`|\$[^$\n]*\$|<[^>]*>|\]\([^)]*\)|\{[^}\n]*\}|https?://\S+|\w+:\w\S*;"
)
# Fewer spaces than this, and a string is a name or an option rather than a sentence.
SENTENCE = 3
# From Python 3.12 on, the text of an f-string is a kind of token of its own.
STRINGS = (tokenize.STRING, getattr(tokenize, "FSTRING_MIDDLE", tokenize.STRING))
# A whole paper has its title as it was printed.
TITLES = re.compile(r"\*[A-Z][^*]*\.\*")


def blank(found: re.Match) -> str:
    """Return nothing but the line ends of a match, so that line numbers stay."""
    return "\n" * found.group().count("\n")


def prose(markdown: str) -> str:
    """Return a Markdown text without code, formulas, tags and titles of papers."""
    for pattern in (FENCES, TITLES, NO_PROSE):
        markdown = pattern.sub(blank, markdown)
    return markdown


def spoken(code: str) -> str:
    """Return the comments of some Python, and its strings that are sentences, line by line."""
    lines = [""] * (code.count("\n") + 2)
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        sentence = token.type in STRINGS and token.string.strip().count(" ") >= SENTENCE
        if token.type == tokenize.COMMENT or sentence:
            for number, line in enumerate(prose(token.string).split("\n"), token.start[0] - 1):
                lines[number] += " " + line
    return "\n".join(lines)


def cells(notebook: Path) -> Iterator[tuple[str, str]]:
    """Yield each cell of a notebook as a name and its text."""
    for number, cell in enumerate(json.loads(notebook.read_text(encoding="utf-8"))["cells"], 1):
        text = "".join(cell["source"])
        yield f"cell {number}", spoken(text) if cell["cell_type"] == "code" else prose(text)


def texts() -> Iterator[tuple[str, str]]:
    """Yield everything that people read as a name and its text."""
    files = [f for place in PLACES for f in ROOT.glob(place)]
    files += [f for place in CODE for f in (ROOT / place).rglob("*.py")]
    for file in sorted(f for f in files if not any(part in NO_TEXT for part in f.parts)):
        name = file.relative_to(ROOT).as_posix()
        if file.suffix == ".ipynb":
            yield from ((f"{name}, {cell}", text) for cell, text in cells(file))
        else:
            text = file.read_text(encoding="utf-8")
            yield name, spoken(text) if file.suffix == ".py" else prose(text)


def british() -> str:
    """Return codespell's list of British words, American to British."""
    data = resources.files("codespell_lib") / "data/dictionary_en-GB_to_en-US.txt"
    pairs = (line.split("->") for line in data.read_text(encoding="utf-8").splitlines())
    return "".join(f"{us}->{gb}\n" for gb, us in pairs if "," not in us)


def problems(named: Iterator[tuple[str, str]]) -> list[str]:
    """Return what codespell says about some texts: name, line, word and proposal."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        (folder / "british.txt").write_text(british(), encoding="utf-8")
        names = {}
        for number, (name, text) in enumerate(named):
            names[f"{number}.txt"] = name
            (folder / f"{number}.txt").write_text(text, encoding="utf-8")
        options = ("-D", "-", "-D", "british.txt", "-I", str(WORDS))
        command = [sys.executable, "-m", "codespell_lib", *options, *names]
        said = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if said.returncode and not said.stdout:
        raise SystemExit(said.stderr)
    found = (line.partition(":") for line in said.stdout.splitlines())
    return [f"{names[Path(file).name]}:{rest}" for file, _, rest in found]


if __name__ == "__main__":
    if sentences := problems(texts()):
        sys.exit("\n".join([*sentences, f"If a word is right, add it to {WORDS.name}."]))
