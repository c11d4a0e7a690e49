"""The time limit of a check: a loop is stopped, an import is not."""

import sys
from importlib import import_module

import pytest

from lsrl_edu.practice.limits import OutOfTime, within


def test_an_import_is_waited_for(tmp_path, monkeypatch):
    (tmp_path / "slow_to_import.py").write_text("import time\ntime.sleep(0.4)\nDONE = True\n")
    monkeypatch.syspath_prepend(tmp_path)
    assert within(0.1, lambda: import_module("slow_to_import")).DONE
    del sys.modules["slow_to_import"]


def test_a_loop_is_stopped():
    def endless():
        while True:
            pass

    with pytest.raises(OutOfTime):
        within(0.1, endless)


def test_what_is_returned_and_raised_comes_through():
    assert within(1, lambda: 7) == 7
    with pytest.raises(ZeroDivisionError):
        within(1, lambda: 1 / 0)
