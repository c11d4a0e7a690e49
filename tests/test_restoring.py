"""Every function keeps the margin it states."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import lsrl_edu as ls
from lsrl_edu import restoring as r


def run(body, xs, dim=1):
    return ls.foreach(dim=dim)(body).run(np.asarray(xs, dtype=float))


AMPLITUDES = [0.25, 0.5, 1, 3, 1000]


def test_an_inverter_is_exactly_0_for_everything_that_is_on():
    assert (run(lambda x: r.off(x), AMPLITUDES) == 0).all()
    assert (run(lambda x: r.off(x), [0, 1 / 16]) >= 0.75).all()
    assert (run(lambda x: r.on(x), AMPLITUDES) == 1).all()
    assert (run(lambda x: r.on(x), [0, 1 / 16]) == 0).all()


def test_memories_may_fade_to_a_700th():
    assert (run(lambda x: r.stored(x), [1 / 680, 0.1, 1, 50]) == 0).all()
    assert run(lambda x: r.stored(x), [0.0])[0] == 1


@given(st.floats(0, 3), st.floats(0, 3))
def test_and_not(a, b):
    (found,) = run(lambda x: r.and_not(x[0], x[1]), [[a, b]], dim=2)
    assert found == 0 if b >= a / 2 else found > 0
    if b == 0:
        assert found == pytest.approx(a)


def test_a_thermometer_stands_an_error_of_a_quarter():
    levels = [1, 2, 3]
    for x in range(4):
        for error in (-0.24, 0, 0.24):
            (found,) = run(lambda y: r.thermometer(y, levels), [x + error])
            assert [v >= 0.5 for v in found] == [x >= v for v in levels]
            assert all(v == 0 for v, level in zip(found, levels, strict=True) if x < level)


@pytest.mark.parametrize("n", [1, 2, 5])
def test_a_window_is_n_elements_long(n):
    assert run(lambda x: r.window(x, n), [7] * 9).tolist() == [1.0] * n + [0.0] * (9 - n)


@pytest.mark.parametrize("values", [[1], [1, 0], [0, 1, 1, 0, 0]])
def test_a_pattern_comes_round(values):
    found = run(lambda x: r.pattern(x, values), [3] * 12)
    assert found.tolist() == [values[t % len(values)] for t in range(12)]


@given(st.lists(st.integers(0, 1), max_size=12), st.integers(1, 4), st.integers(0, 3))
def test_recent(xs, n, delay):
    found = run(lambda x: r.recent(x, n, delay), xs)
    expected = [
        sum(xs[j] for j in range(t - delay - n + 1, t - delay + 1) if j >= 0)
        for t in range(len(xs))
    ]
    assert found.tolist() == expected


@given(st.integers(1, 4), st.integers(1, 3), st.data())
def test_a_loop_brings_back_each_place(n, copies, data):
    word = data.draw(st.lists(st.integers(0, 1), min_size=n, max_size=n))
    xs = np.array([*word, *[0] * (3 * n * copies)])
    found = run(lambda x: r.loops(x, n, copies), xs)
    assert found.tolist() == [word[t % n] for t in range(len(xs))]


def test_two_loops_do_not_mix():
    xs = np.array([[1, 0], [0, 1], [0, 0], [0, 0], [0, 0], [0, 0]])
    found = run(lambda x: r.loops(x, 2, 2), xs, dim=2)
    assert found.tolist() == [[1, 0], [0, 1]] * 3


@pytest.mark.parametrize("copies", [1, 2, 5])
def test_a_ring_is_there_at_every_step(copies):
    xs = [[2, 0], [0, 3], [0, 0], [0, 0], [0, 0], [0, 0], [0, 0]]
    found = run(lambda x: r.ring(x, copies), xs, dim=2)
    assert found.tolist() == [[2, 0]] + [[2, 3]] * 6


@pytest.mark.parametrize("length", [1, 2, 7])
def test_the_first_element_and_then_exactly_nothing(length):
    assert run(lambda x: r.first(x), np.zeros(length)).ravel().tolist() == [1] + [0] * (length - 1)


def test_a_schedule_is_a_pattern_up_to_its_horizon():
    found = run(lambda x: ls.Concat(r.schedule(x, [1, 0, 0], 8), r.pattern(x, [1, 0, 0])), [0] * 8)
    assert (found[:, 0] == found[:, 1]).all()


@pytest.mark.parametrize("n", [1, 2, 3])
def test_places_are_loops_up_to_their_horizon(n):
    xs = np.zeros((9, 2))
    xs[:n] = np.arange(1, 2 * n + 1).reshape(n, 2) % 2
    found = run(lambda x: ls.Concat(r.places(x, n, 9), r.loops(x, n)), xs, dim=2)
    assert (found[:, :2] == found[:, 2:]).all()
