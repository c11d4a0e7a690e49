"""The wheel is the whole package: chapters run from it, in a folder that is no clone."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NEEDED = ("pyproject.toml", "README.md", "LICENSE", "LICENSE-TEXT")


def run(*command, **more):
    """Run a command, and show what it said if it fails."""
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, **more)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Build the wheel from a copy: a build leaves folders behind."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    caches = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "lsrl_edu", source / "lsrl_edu", ignore=caches)
    for name in NEEDED:
        shutil.copy(ROOT / name, source)
    offline = ("--no-deps", "--no-index", "--no-build-isolation", "--quiet")
    run(sys.executable, "-m", "pip", "wheel", *offline, "--wheel-dir", folder, source)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def elsewhere(wheel, tmp_path_factory):
    """Return the Python of an environment with the wheel; all else comes from this one's."""
    folder = tmp_path_factory.mktemp("elsewhere")
    run(sys.executable, "-m", "venv", "--without-pip", folder)
    bin_folder = folder / ("Scripts" if os.name == "nt" else "bin")
    python = bin_folder / Path(sys.executable).name
    packages = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip()
    # A path in a .pth file is searched last, and the .pth files beyond it are not read: an
    # editable installation of ours does not hide the wheel.
    (Path(packages) / "outer.pth").write_text(sysconfig.get_path("purelib") + "\n")
    quiet = ("--quiet", "--no-deps", "--no-index")
    run(sys.executable, "-m", "pip", "--python", python, "install", *quiet, f"{wheel}[hf]")
    return python


def outside():
    """Return the surroundings of a reader who has no clone."""
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    return kept | {"PATH": sysconfig.get_path("scripts") + os.pathsep + kept["PATH"]}


def first_cells(name, last):
    """Return the text of a chapter up to the first code cell that holds ``last``."""
    notebook = json.loads((ROOT / "notebooks" / name).read_text(encoding="utf-8"))
    code = ("".join(c["source"]) * (c["cell_type"] == "code") for c in notebook["cells"])
    end = next(i for i, text in enumerate(code, 1) if last in text)
    return json.dumps({**notebook, "cells": notebook["cells"][:end]})


def test_the_package_found_there_is_the_wheel_with_its_data(elsewhere, tmp_path):
    code = "from lsrl_edu.data import DATA; print(*DATA.glob('*/*.csv'), sep=chr(10))"
    found = run(elsewhere, "-c", code, cwd=tmp_path, env=outside()).split()
    assert all(str(elsewhere.parents[1]) in path for path in found)
    here = {p.name for p in (ROOT / "lsrl_edu/data").glob("*/*.csv")}
    assert {Path(p).name for p in found} == here and here


@pytest.mark.parametrize(
    ("name", "last"),
    [("01_thinking_like_a_recurrent_model.ipynb", "ls.compile"), ("07_noise.ipynb", "DATA /")],
)
def test_a_chapter_runs_where_there_is_no_clone(elsewhere, tmp_path, name, last):
    """As far as the first cell that compiles, or that reads data: nbval runs the rest."""
    chapter = tmp_path / name
    chapter.write_text(first_cells(name, last), encoding="utf-8")
    command = ("-m", "nbconvert", "--to", "notebook", "--execute", "--inplace", chapter)
    run(elsewhere, *command, cwd=tmp_path, env=outside())
    cells = json.loads(chapter.read_text(encoding="utf-8"))["cells"]
    assert any(c.get("outputs") for c in cells)
