"""What surrounds the book agrees with the book: the API page, the dependency page, the scripts."""

import importlib
import re
import tomllib
from pathlib import Path

import lsrl_edu

ROOT = Path(__file__).parents[2]


def script(name):
    """Import one of the project's own scripts."""
    return importlib.import_module(f"scripts.{name}")


def names_on_api_page():
    """Return the names that the API page lists."""
    page = (ROOT / "book/reference/api.md").read_text()
    blocks = re.findall(r"\.\. autosummary::\n(.*?)```", page, flags=re.S)
    return {
        line.strip() for b in blocks for line in b.splitlines() if re.match(r" {3}[^:\s]", line)
    }


def test_api_page_lists_every_public_name_and_no_other():
    public = {name for name in lsrl_edu.__all__ if name not in ("programs", "__version__")}
    listed = {name for name in names_on_api_page() if "." not in name}
    assert listed == public


def test_every_dependency_is_justified_and_no_other():
    pinned = re.findall(r"^([\w-]+)==", (ROOT / "requirements.txt").read_text(), flags=re.M)
    page = (ROOT / "book/reference/dependencies.md").read_text().split("## Scripts")[0]
    justified = re.findall(r"^\| ([\w-]+)(?: \(.*?\))? \|", page, flags=re.M)
    assert sorted(set(justified) - {"Package"}) == sorted(pinned)


def test_pins_cover_what_the_package_asks_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = {re.match(r"[\w-]+", need).group() for need in project["dependencies"]}
    pinned = set(re.findall(r"^([\w-]+)==", (ROOT / "requirements.txt").read_text(), flags=re.M))
    assert asked <= pinned


def test_vendored_scripts_are_the_recorded_ones():
    assert script("vendor").problems() == []


def test_the_version_is_the_same_wherever_it_is_said():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    citation = re.search(r"^version: (\S+)$", (ROOT / "CITATION.cff").read_text(), flags=re.M)
    assert project["version"] == citation[1] == lsrl_edu.__version__
