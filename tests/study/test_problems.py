import numpy as np
import pytest

from lsrl_edu.errors import LSRLError
from lsrl_edu.programs import discrete
from lsrl_edu.study.problems import Curves, Tokens, from_program


def test_the_program_solves_the_dictionaries():
    problem = Tokens(n=3, pairs=5, queries=4).problem(7)
    assert problem.xs.shape == (4, 33, 1) and problem.targets.shape == (4, 3, 1)
    found = discrete.program(3, "multiplicative").run(problem.xs)[:, -3:]
    assert np.array_equal(np.round(found), problem.targets)
    assert len({tuple(x[:3, 0]) for x in problem.xs}) == 4


def test_dictionaries_differ_by_seed_only():
    xs = [Tokens(n=3, pairs=5).problem(seed).xs for seed in (1, 1, 2)]
    assert np.array_equal(xs[0], xs[1]) and not np.array_equal(xs[0], xs[2])


def test_the_sizes_of_the_paper():
    assert Tokens().problem(0).xs.shape == (5, 410, 1)
    assert Curves().problem(0).xs.shape == (10, 65, 5)


@pytest.mark.parametrize("sizes", [{"queries": 6}, {"n": 1, "pairs": 9}])
def test_dictionaries_that_cannot_be(sizes):
    with pytest.raises(LSRLError, match="queries <= pairs"):
        Tokens(**({"n": 3, "pairs": 5} | sizes))


def test_curves_are_means_of_values_between_minus_3_and_3():
    problem = Curves(cells=2).problem(0)
    values = np.concatenate([problem.xs[0, 1:, 3:], problem.targets[:, 0]])
    assert np.abs(values).max() < 3 and values.std() > 0.1


def test_any_program_answers_for_itself():
    program = discrete.program(2, "multiplicative")
    xs = Tokens(n=2, pairs=3, queries=2).problem(0)
    problem = from_program(program, xs.xs, last=2, rounded=True)
    assert np.abs(problem.problem(0).targets - xs.targets).max() < 1e-6
    assert problem.problem(5).xs is problem.problem(6).xs
    assert from_program(program, [1, 2, 3]).problem(0).targets.shape == (1, 3, 1)
