from fractions import Fraction

import numpy as np
import pytest

import lsrl_edu as ls
from lsrl_edu.counters import _cos_turns, f_position
from lsrl_edu.errors import ProgramError

X = ls.Input(1)
METHODS = ["rotation", "cycle", "sawtooth"]


def counted(n, length, number="float64", **options):
    program = ls.Program(ls.f_modulo_counter(X, n, **options))
    return program.run(np.zeros(length), number=number).tolist()


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 6, 7, 10, 20, 37])
def test_counts_modulo_n(method, n):
    length = 3 * n + 2
    expected = [t % n for t in range(length)]
    assert counted(n, length, method=method, horizon=length) == pytest.approx(expected, abs=1e-9)
    assert counted(n, length, "exact", method=method, horizon=length) == expected


@pytest.mark.parametrize("n", [80, 300])
def test_a_rotation_that_needs_steeper_steps(n):
    assert counted(n, n + 1) == pytest.approx([*range(n), 0], abs=1e-6)


def test_steeper_steps_are_right_in_exact_arithmetic_too():
    assert counted(80, 81, "exact") == [*range(80), 0]


def test_the_cycle_stays_exact_for_ever():
    assert counted(7, 3000, method="cycle") == [t % 7 for t in range(3000)]


def test_the_rotation_in_float64_lasts():
    assert counted(10, 3000) == pytest.approx([t % 10 for t in range(3000)], abs=1e-6)


@pytest.mark.parametrize("radix", [2, 3, 4, 10])
@pytest.mark.parametrize("horizon", [1, 2, 5, 6, 7, 24, 25, 61])
def test_the_sawtooth_holds_to_its_horizon(radix, horizon):
    counts = counted(5, horizon, method="sawtooth", horizon=horizon, radix=radix)
    assert counts == [t % 5 for t in range(horizon)]


def test_the_sawtooth_ends_somewhere_beyond_its_horizon():
    assert counted(5, 1000, method="sawtooth", horizon=20) != [t % 5 for t in range(1000)]


def test_the_input_makes_no_difference():
    wide = ls.Input(3)
    program = ls.Program(ls.f_modulo_counter(wide, 3))
    xs = np.random.default_rng(0).normal(size=(7, 3)) * 100
    assert program.run(xs)[:, 0] == pytest.approx([t % 3 for t in range(7)])


def test_position():
    program = ls.Program(f_position(X))
    assert program.run(np.ones(4)).tolist() == [0, 1, 2, 3]
    assert program.output.name == "position"


@pytest.mark.parametrize("method", METHODS)
def test_names(method):
    named = ls.f_modulo_counter(X, 3, method, horizon=9, name="mod_n")
    assert named.name == "mod_n"
    assert ls.f_modulo_counter(X, 3, method, horizon=9).name == "t mod 3"


@pytest.mark.parametrize(
    "options, words",
    [
        ({"n": 0}, "modulus"),
        ({"n": 2.0}, "modulus"),
        ({"n": 3, "method": "sundial"}, "sundial"),
        ({"n": 3, "method": "sawtooth"}, "needs horizon"),
        ({"n": 3, "method": "sawtooth", "horizon": 9, "radix": 1}, "radix"),
    ],
)
def test_mistakes(options, words):
    with pytest.raises(ProgramError, match=words):
        ls.f_modulo_counter(X, **options)


def test_cosines_are_right_to_the_last_of_128_bits():
    assert [_cos_turns(Fraction(k, 4)) for k in range(4)] == [1, 0, -1, 0]
    assert _cos_turns(Fraction(1, 6)) == Fraction(1, 2)
    root = _cos_turns(Fraction(1, 8))
    assert abs(2 * root**2 - 1) < Fraction(3, 2**128)
    assert float(_cos_turns(Fraction(1, 5))) == pytest.approx(np.cos(2 * np.pi / 5), abs=1e-15)
