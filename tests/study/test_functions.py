"""The experiments with functions, on small problems."""

from dataclasses import replace

import pytest

from lsrl_edu.data import DATA
from lsrl_edu.study import functions as fn
from lsrl_edu.study.noise import DRIFT, Setting, measure
from lsrl_edu.study.problems import Curves
from lsrl_edu.study.subjects import subject
from lsrl_edu.study.table import Row, read


@pytest.mark.parametrize("way", fn.VALUES)
def test_ways_to_keep_a_value(way):
    """Each is close to the function without noise, and hardly further away at a thousandth."""
    made = subject(fn.network(way, 2), way)
    rows = measure(Setting(Curves(cells=2), made, (0.0, 1e-3), (0, 1, 2), DRIFT))
    (curve,) = fn.distances(rows).values()
    assert 0.01 < curve[0.0][0] <= curve[0.0][1] < 0.3
    assert abs(curve[1e-3][0] - curve[0.0][0]) < 0.02


def test_the_settings():
    settings = fn.programs((0.0,), (0,), cells=2)
    assert len(settings) == 2 * (3 + len(fn.VALUES))
    assert {s.problems.cells for s in fn.grids((2, 3), ("real, 1 copy",))} == {2, 3}


def test_distances():
    one = Row("p", "a", "d", DRIFT, "usual", False, 0.1, 0)
    rows = [replace(one, seed=k, distance=v) for k, v in enumerate((3.0, 1.0, 8.0))]
    assert fn.distances(rows) == {("p", "a", DRIFT): {0.1: (3.0, 8.0)}}


@pytest.mark.parametrize("name", ["continuous", "grids"])
def test_the_saved_distances_are_what_is_measured_now(name):
    """A network whose weights have changed has another digest, and is not in the table."""
    way = "8 levels and the rest, 1 copy"
    saved = {r.key: r.distance for r in read(DATA / "noise" / f"{name}.csv")}
    made = subject(fn.network(way), f"robust, {way}")
    found = measure(Setting(Curves(), made, (0.0, 1e-3), (0, 1), DRIFT))
    assert [saved[r.key] for r in found] == [r.distance for r in found]
