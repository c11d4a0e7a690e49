"""Programs to draw, and a browser to look at them in."""

import os
import shutil

import pytest

import lsrl_edu as ls
from lsrl_edu.lang import Program

CHROMIUM_FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
NASTY = "<script>alert('\"&')</script> Σ 🐍"


def make_more_ones() -> Program:
    @ls.foreach(dim=1)
    def more_ones(x):
        ones = ls.LinState(x, A=[[1]], B=[[1]], init_state=[[0]], name="ones")
        zeros = ls.LinState(ls.f_not(x), A=[[1]], B=[[1]], init_state=[[0]], name="zeros")
        return ls.f_larger(ones, zeros, mu=10)

    return more_ones


def make_nasty() -> Program:
    @ls.foreach(dim=2, name=NASTY)
    def program(x):
        s = ls.LinState(x, A=[[0.5, 0], [0, 1]], B=[[1, 0], [0, 1]], name=NASTY)
        return ls.f_ifelse(x[0], s, x, method="multiplicative", name="wählen")

    return program


def make_big() -> Program:
    @ls.foreach(dim=1)
    def big(x):
        total = ls.LinState(x, [[1]], [[1]], name="total")
        level = ls.f_larger(total, 1, name="level 0")
        for k in range(1, 12):
            level = ls.f_larger(level + total, k, name=f"level {k}")
        return level

    return big


@pytest.fixture
def more_ones() -> Program:
    return make_more_ones()


@pytest.fixture
def nasty() -> Program:
    return make_nasty()


@pytest.fixture
def big() -> Program:
    return make_big()


@pytest.fixture(scope="session")
def browser():
    """A Chromium that is already on this machine; none is ever downloaded."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if not found:
        pytest.skip("no Chromium on the PATH (set CHROMIUM=... to name one)")
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=CHROMIUM_FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def trace():
    """A short debranching."""
    return ls.debranch(ls.programs.more_ones.program())


@pytest.fixture(scope="session")
def long_trace():
    """A debranching of many steps."""
    return ls.debranch(ls.programs.discrete.program(2, "multiplicative_optimized"))
