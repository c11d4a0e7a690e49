"""Imports are fast and point one way."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import lsrl_edu

PACKAGE = Path(lsrl_edu.__file__).parent
HEAVY = [
    "torch",
    "transformers",
    "matplotlib",
    "ipywidgets",
    "anywidget",
    "sympy",
    "flint",
    "IPython",
]

EVERYTHING = "the whole package"  # what ``import lsrl_edu as ls`` means; exercises are written so

# A module may import, at its top, from modules further up. Those on one line know nothing of
# each other. What a function imports when it is called is not looked at.
ORDER = [
    ["data", "errors"],
    ["numbers"],
    ["ranges"],
    ["nodes"],
    ["graph"],
    ["analyse"],
    ["sugar"],
    ["counters", "restoring"],
    ["interpret"],
    ["formula"],
    ["lang"],
    ["programs"],
    ["compiler"],
    ["run"],
    ["cells"],
    ["backends"],
    ["storage"],
    ["targets"],
    ["study"],
    ["show"],
    [EVERYTHING],
    ["practice"],
]
LEVEL = {name: level for level, names in enumerate(ORDER) for name in names}
MODULES = sorted(p for p in PACKAGE.rglob("*.py") if p != PACKAGE / "__init__.py")


def level_name(module: str) -> str:
    """The part of a dotted name that the order is about: lsrl_edu.compiler.fold -> compiler."""
    return (module.split(".") + [EVERYTHING])[1]


def imports_at_the_top(path: Path) -> set[str]:
    """The lsrl_edu modules that a file imports outside its functions."""
    found = set()
    waiting = list(ast.parse(path.read_text()).body)
    while waiting:
        item = waiting.pop()
        if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if isinstance(item, ast.If) and "TYPE_CHECKING" in ast.unparse(item.test):
            continue
        if isinstance(item, ast.Import):
            found |= {alias.name for alias in item.names}
        if isinstance(item, ast.ImportFrom):
            found |= names_imported(item)
        waiting.extend(ast.iter_child_nodes(item))
    return {name for name in found if name.startswith("lsrl_edu")}


def names_imported(item: ast.ImportFrom) -> set[str]:
    """The modules behind ``from lsrl_edu import x, y`` or ``from lsrl_edu.x import y``."""
    assert item.level == 0, f"line {item.lineno}: write imports in full"
    if item.module == "lsrl_edu":
        return {f"lsrl_edu.{alias.name}" for alias in item.names}
    return {item.module or ""}


def wrong_way(own: str, imported: set[str]) -> set[str]:
    """The imports of a module that point down or sideways in ORDER."""
    names = {level_name(m) for m in imported} - {own}
    return {name for name in names if LEVEL.get(name, len(ORDER)) >= LEVEL[own]}


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_imports_point_one_way(path):
    own = path.relative_to(PACKAGE).with_suffix("").parts[0]
    assert own in LEVEL, f"say in ORDER where {own} belongs"
    assert not wrong_way(own, imports_at_the_top(path))


def test_the_test_notices_an_import_that_points_down(tmp_path):
    path = tmp_path / "nodes.py"
    path.write_text("from lsrl_edu.sugar import f_not\nif 1:\n    import lsrl_edu.lang\n")
    assert wrong_way("nodes", imports_at_the_top(path)) == {"sugar", "lang"}
    path.write_text("def f():\n    from lsrl_edu.sugar import f_not\n")
    assert not imports_at_the_top(path)


def test_importing_the_package_imports_nothing_heavy():
    code = f"import sys, lsrl_edu; print([m for m in {HEAVY} if m in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_files_and_functions_are_short():
    for path in MODULES:
        text = path.read_text()
        assert len(text.splitlines()) < 400, path.name
        for item in ast.walk(ast.parse(text)):
            if isinstance(item, ast.FunctionDef):
                length = item.end_lineno - item.body[0].lineno + 1
                assert length <= 40, f"{path.name}: {item.name} has {length} lines"
