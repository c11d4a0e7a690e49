from itertools import combinations

import numpy as np
import pytest

from lsrl_edu.study.compare import compare, midranks


def test_midranks_by_hand():
    assert midranks(np.array([5.0, 1, 5, np.nan, 3])).tolist() == [3.5, 1, 3.5, 5, 2]


def test_equal_samples_are_alike_and_shifted_ones_are_not():
    sample = np.random.default_rng(1).random(25)
    assert compare(sample, sample).larger == 0.5 and compare(sample, sample).p == 1
    assert compare(sample + 1, sample).larger == 1 and compare(sample + 1, sample).p < 0.001
    assert compare(sample, sample + 1).larger == 0


def test_the_p_value_is_that_of_all_ways_to_mix():
    first, second = np.array([1.0, 2, 2, 7]), np.array([2.0, 6, 8, 9, np.inf])
    ranks = midranks(np.concatenate([first, second]))
    middle = 4 * 10 / 2
    sums = [abs(ranks[list(c)].sum() - middle) for c in combinations(range(9), 4)]
    truth = np.mean(np.array(sums) >= abs(ranks[:4].sum() - middle) - 1e-9)
    assert compare(first, second).p == pytest.approx(truth, abs=0.01)


def test_it_rarely_finds_a_difference_where_there_is_none():
    rng = np.random.default_rng(2)
    ps = [compare(rng.random(10), rng.random(10), shuffles=199).p for _ in range(200)]
    assert np.mean(np.array(ps) <= 0.05) < 0.1
