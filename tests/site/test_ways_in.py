"""The address of the project is one setting: with it there are launch buttons, without it none."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXTENSION = ROOT / "book/_ext/ways_in.py"
ADDRESS = "https://github.com/someone/lsrl-edu"
CONF = f"""
import sys
sys.path.insert(0, {str(EXTENSION.parent)!r})
extensions = ["myst_nb", "ways_in"]
myst_enable_extensions = ["substitution"]
html_theme = "sphinx_book_theme"
nb_execution_mode = "off"
templates_path = [{str(ROOT / "book/_templates")!r}]
"""
NOTEBOOK = {
    "cells": [{"cell_type": "markdown", "id": "a", "metadata": {}, "source": ["# One"]}],
    "metadata": {"kernelspec": {"display_name": "P", "language": "python", "name": "python3"}},
    "nbformat": 4,
    "nbformat_minor": 5,
}


@pytest.fixture(scope="module")
def ways_in():
    spec = importlib.util.spec_from_file_location("ways_in", EXTENSION)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def build(folder, citation):
    """Build a book of one chapter and one page; return the HTML of both."""
    (folder / "CITATION.cff").write_text(citation)
    (folder / "conf.py").write_text(CONF)
    (folder / "notebooks").mkdir()
    (folder / "notebooks/01_one.ipynb").write_text(json.dumps(NOTEBOOK))
    text = "# Start\n\n{{ launch_buttons }}\n\n{{ install_line }}\n\n"
    (folder / "index.md").write_text(text + "```{toctree}\nnotebooks/01_one\n```\n")
    command = [sys.executable, "-m", "sphinx", "-q", "-W", str(folder), str(folder / "out")]
    subprocess.run(command, check=True)
    return [(folder / "out" / f).read_text() for f in ("notebooks/01_one.html", "index.html")]


def test_with_an_address_a_chapter_can_be_launched(tmp_path):
    chapter, start = build(tmp_path, f"version: 1\nrepository-code: {ADDRESS}.git/\n")
    page = "notebooks/01_one.ipynb"
    assert f"mybinder.org/v2/gh/someone/lsrl-edu/main?urlpath=lab/tree/{page}" in chapter
    assert f"colab.research.google.com/github/someone/lsrl-edu/blob/main/{page}" in chapter
    assert f"git+{ADDRESS}@main" in start and "button with a rocket" in start


def test_without_one_no_button_leads_nowhere(ways_in):
    assert ways_in.theme_options("") == {}
    said = ways_in.substitutions("", "9.8")
    assert all("ADDRESS-OF-THE-PROJECT` stands for" in said[k] for k in ("clone", "install_line"))
    assert "none is set" in said["launch_buttons"]


def test_the_built_site_agrees_with_the_setting(ways_in):
    page = ROOT / "_build/html/notebooks/01_thinking_like_a_recurrent_model.html"
    if not page.exists():
        pytest.skip("the site is not built: make site")
    assert ("mybinder.org" in page.read_text()) == bool(ways_in.address(ways_in.citation_of(ROOT)))


def test_the_address_is_read_in_one_form(ways_in, tmp_path):
    cases = [f"repository-code: {ADDRESS}", f"repository-code: {ADDRESS}/", "version: 1"]
    for text, wanted in zip(cases, [ADDRESS, ADDRESS, ""], strict=True):
        (tmp_path / "CITATION.cff").write_text(text)
        assert ways_in.address(ways_in.citation_of(tmp_path)) == wanted


def test_binder_leaves_out_no_pin_but_that_of_torch():
    script = (ROOT / "binder/postBuild").read_text()
    kept = subprocess.run(
        [
            "bash",
            "-c",
            next(line for line in script.splitlines() if line.startswith("grep")).replace(
                ">binder-pins.txt", ""
            ),
        ],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()
    pins = [p for p in (ROOT / "requirements.txt").read_text().splitlines() if "==" in p]
    assert set(pins) - set(kept) == {p for p in pins if p.startswith("torch==")}
