import numpy as np
import pytest

from lsrl_edu.study import causes
from lsrl_edu.study.sweep import sweep

pytestmark = pytest.mark.filterwarnings("ignore::lsrl_edu.errors.PrecisionWarning")
SMALL = {"n": 2, "pairs": 5, "seeds": range(6)}


def wrong(settings) -> dict[str, float]:
    """Return the mean percentage of wrong tokens for each network, over all levels."""
    rows = sweep(settings, progress=False)
    names = [s.subject.name for s in settings]
    return {n: float(np.mean([r.wrong for r in rows if r.network == n])) for n in names}


def test_without_noise_every_program_is_right():
    made = [
        *causes.conditionals(2, 5), *causes.clocks(2, 5), *causes.lengths((5, 7), 2),
        *causes.compilers(2, 5), *causes.steepness((4, 1000), 2, 5), *causes.depth((1, 3)),
        *causes.depth((3,), centred=True), *causes.unbounded((10, 20)),
    ]  # fmt: skip
    small = [type(s)(s.problems, s.subject, (0,), range(2), s.states) for s in made]
    assert set(wrong(small).values()) == {0.0}


def test_masks_of_1e10_are_worse_than_gates():
    found = wrong(causes.conditionals(levels=(1e-7,), **SMALL))
    gates = {name for name in found if name.startswith("multiplicative")}
    assert max(found[name] for name in gates) < 10 < 50 < min(found[n] for n in set(found) - gates)


def test_steep_steps_are_worse_than_shallow_ones():
    found = wrong(causes.steepness((4, 1000), levels=(1e-6,), **SMALL))
    assert found["mu=4"] == 0 and found["mu=1000"] > 50


def test_simplifying_helps():
    found = wrong(causes.compilers(levels=(1e-8, 1e-7), **SMALL))
    assert found["short way"] == 0 < min(found["debranched"], found["short way, not simplified"])


def test_a_ramp_between_the_values_restores_and_one_at_the_value_does_not():
    options = {"levels": (1e-2,), "seeds": range(10)}
    at_zero = wrong(causes.depth((1, 8), **options))
    centred = wrong(causes.depth((1, 8), centred=True, **options))
    assert at_zero["1 steps at 0, mu=4"] == 0 and at_zero["8 steps at 0, mu=4"] > 10
    assert set(centred.values()) == {0.0}


def test_a_count_gets_worse_as_it_grows_and_a_pulse_does_not():
    found = wrong(causes.unbounded((10, 1000), levels=(1e-3,), seeds=range(10)))
    assert found["first, by a count, T=10"] == 0 < found["first, by a count, T=1000"]
    assert found["first, by a pulse, T=1000"] == 0


def test_the_order_of_a_sum_decides_whether_masks_of_1e10_work():
    found = causes.rounding(seeds=range(2))
    assert found["matrix product"] == 0 and found["left to right"] > 30
    assert set(causes.rounding(2, 5, "multiplicative", seeds=range(2)).values()) == {0.0}
