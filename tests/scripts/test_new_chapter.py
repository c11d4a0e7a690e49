"""A chapter is started in one command: it runs, and it is found from the table and the map."""

import json
import re
import shutil
from pathlib import Path

import pytest
import yaml

from scripts import check_notebooks, new_chapter

ROOT = Path(__file__).parents[2]
LABELS = ["choose the state", "write the update", "gate", "read out", "compile", "verify"]
TOC = """\
parts:
      - file: notebooks/01_one
        sections:
          - file: exercises/01_one
      - file: notebooks/03_three
"""
PAGE = """\
:::{grid-item-card} 1 · One
one
:::

:::{grid-item-card} 3 · Three
three
:::

:::{grid-item-card} Look up a symbol
:::

| 1 | {doc}`one` | Why? |
| 2 | Planned | What for? |
| 3 | {doc}`three` | How? |
"""


@pytest.fixture
def root(tmp_path):
    """A project of two chapters."""
    for folder in ("notebooks", "book"):
        (tmp_path / folder).mkdir()
    (tmp_path / "_toc.yml").write_text(TOC)
    (tmp_path / "book/index.md").write_text(PAGE)
    cell = {"cell_type": "markdown", "source": ["# One and only\n", "\n", "text"]}
    for name in ("01_one", "03_three"):
        (tmp_path / f"notebooks/{name}.ipynb").write_text(json.dumps({"cells": [cell]}))
    return tmp_path


def sources(kind, file):
    cells = json.loads(file.read_text())["cells"]
    return ["".join(c["source"]) for c in cells if c["cell_type"] == kind]


def test_a_new_chapter_stands_in_its_place(root):
    file = new_chapter.start(root, "02_two", "Two & {three}")
    assert sources("markdown", file)[0].startswith("# Two & {three}\n")
    assert "[One and only](01_one.ipynb)" in sources("markdown", file)[0]
    toc, page = (root / "_toc.yml").read_text(), (root / "book/index.md").read_text()
    assert re.findall(r"(?:notebooks|exercises)/(\d\d)", toc) == ["01", "01", "02", "03"]
    assert yaml.safe_load(toc)["parts"][1] == {"file": "notebooks/02_two"}
    assert re.findall(r"card\} (\S+)", page) == ["1", "2", "3", "Look"]
    assert "| 2 | {doc}`../notebooks/02_two` | What for? |" in page and "Planned" not in page


def test_a_chapter_that_nobody_planned_comes_last(root):
    new_chapter.start(root, "16_more", "More")
    assert (root / "_toc.yml").read_text().endswith("03_three\n      - file: notebooks/16_more\n")
    page = (root / "book/index.md").read_text()
    assert page.splitlines()[-1].startswith("| 16 | {doc}`../notebooks/16_more` | QUESTION")


def test_the_start_page_and_the_table_of_this_book_have_a_place_for_one(tmp_path):
    for name in ("_toc.yml", "book/index.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    shutil.copytree(ROOT / "notebooks", tmp_path / "notebooks")
    new_chapter.start(tmp_path, "98_trial", "Trial")
    assert "notebooks/98_trial\n" in (tmp_path / "_toc.yml").read_text()
    assert (tmp_path / "book/index.md").read_text().count("../notebooks/98_trial") == 2


@pytest.mark.parametrize(
    ("name", "title", "why"),
    [
        ("16-more", "More", "is not a name like"),
        ("more", "More", "is not a name like"),
        ("16_more", " ", "TITLE is empty"),
        ("03_again", "Again", "a chapter 03 already: 03_three.ipynb"),
        ("00_zero", "Zero", "no chapter before"),
    ],
)
def test_what_cannot_be_started_is_said_and_changes_nothing(root, name, title, why):
    assert why in new_chapter.problem(root, name, title)


def test_the_template_runs_and_has_the_anatomy_of_a_chapter(root, capsys):
    file = new_chapter.start(root, "02_two", "Two")
    names = {}
    for code in sources("code", file):
        exec(compile(code.replace("%xmode Minimal", ""), "cell", "exec"), names)
    printed = capsys.readouterr().out
    assert "equal: layers, debranched, linear_rnn, rnn, lstm" in printed
    assert "domain" in printed, "the limit is shown by an error that is caught"
    text = "\n".join(sources("markdown", file))
    at = [text.index(f"**{label.capitalize()}.**") for label in LABELS]
    assert at == sorted(at)
    for part in ("Warm-up", "What breaks", "Exercises", "Summary", "Further reading"):
        assert f"\n## {part}\n" in f"\n{text}\n", part
    assert text.count("> **Predict.**") >= 2


def test_what_is_left_to_check_in_a_fresh_chapter_is_that_it_was_run(root):
    file = new_chapter.start(root, "02_two", "Two")
    found = check_notebooks.problems(file.read_text())
    assert len(found) == 1 and "execution count" in found[0]
