import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsrl_edu.errors import ProgramError
from lsrl_edu.programs import more_ones
from lsrl_edu.ranges import Range

PROGRAM = more_ones.program()


def counted(bits):
    """The specification: 1 once there are more ones than zeros."""
    return [int(2 * sum(bits[: t + 1]) > t + 1) for t in range(len(bits))]


def test_figure_1():
    bits = [int(c) for c in "0110110110"]
    assert "".join(str(int(y)) for y in PROGRAM.run(bits)) == "0010111111"


@given(st.lists(st.integers(0, 1), max_size=30))
def test_counts(bits):
    assert PROGRAM.run(bits).tolist() == counted(bits)
    assert PROGRAM.run(bits, number="exact").tolist() == counted(bits)


@pytest.mark.parametrize("mu", [1, 10, 1000])
def test_any_steepness_from_1_will_do(mu):
    bits = np.random.default_rng(0).integers(0, 2, 50)
    assert more_ones.program(mu=mu).run(bits).tolist() == counted(bits.tolist())


def test_a_step_that_is_too_wide_shows():
    assert more_ones.program(mu=0.5).run([1]).tolist() == [0.5]


def test_domain_and_names():
    assert PROGRAM.ranges == (Range(0, 1, True),)
    assert PROGRAM.name == "more_ones"
    assert [s.name for s in PROGRAM.states] == ["ones", "zeros"]
    trace = PROGRAM.trace([0, 1, 1])
    assert trace["ones"].ravel().tolist() == [0, 1, 2]
    assert trace["zeros"].ravel().tolist() == [1, 1, 1]


def test_a_flat_step_is_refused():
    with pytest.raises(ProgramError, match="mu"):
        more_ones.program(mu=0)
