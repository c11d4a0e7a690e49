import warnings

import numpy as np
import pytest
import torch

import lsrl_edu as ls
from lsrl_edu.programs import continuous, discrete, more_ones
from lsrl_edu.study import engine
from lsrl_edu.study.engine import run_plan
from lsrl_edu.study.plan import make_plan
from tests.study.naive import naive_run

pytestmark = pytest.mark.filterwarnings("ignore::lsrl_edu.errors.PrecisionWarning")


def networks():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        words = discrete.program(2, "multiplicative", vocabulary=range(10))
        harsh = discrete.program(2, "original", vocabulary=range(10))
        curve = continuous.program(1, 1, values=(-3, 3))
        return {
            "more ones": (ls.compile(more_ones.program()), 1),
            "words, short way": (ls.compile(words), 1),
            "words, debranched": (ls.debranch(words).layers, 1),
            "masks of 1e10, debranched": (ls.debranch(harsh).layers, 1),
            "curve": (ls.compile(curve), 3),
        }


NETWORKS = networks()


def noisy(plan, copies, problems, level=1e-4):
    rng = np.random.default_rng(5)
    return plan.weights + level * rng.standard_normal((copies, problems, len(plan.weights)))


def inputs(width, problems=2, count=2, length=9):
    rng = np.random.default_rng(6)
    if width == 1:
        return rng.integers(0, 2, (problems, count, length, 1)).astype(float)
    return rng.random((problems, count, length, width))


@pytest.mark.parametrize("overwrite", [False, True])
@pytest.mark.parametrize("name", NETWORKS)
def test_many_draws_at_once_are_the_naive_ones_bit_for_bit(name, overwrite):
    network, width = NETWORKS[name]
    plan, xs = make_plan(network), inputs(width)
    weights = noisy(plan, 2, len(xs))
    found = run_plan(plan, weights, xs, 4, overwrite)
    for i, copies in enumerate(weights):
        for k, w in enumerate(copies):
            assert np.array_equal(found[i, k], naive_run(network, w, xs[k], 4, overwrite)), (i, k)


def test_the_comparison_notices_one_weight_in_its_last_digit():
    network, width = NETWORKS["more ones"]
    plan, xs = make_plan(network), inputs(width)
    weights = np.broadcast_to(plan.weights, (1, len(xs), len(plan.weights))).copy()
    before = run_plan(plan, weights, xs, 9)
    weights[0, 0, 0] = np.nextafter(weights[0, 0, 0], 2)
    assert not np.array_equal(before, run_plan(plan, weights, xs, 9))


@pytest.mark.parametrize("name", ["more ones", "words, short way", "curve"])
def test_without_noise_it_is_the_network(name):
    network, width = NETWORKS[name]
    plan, xs = make_plan(network), inputs(width)
    weights = np.broadcast_to(plan.weights, (1, len(xs), len(plan.weights)))
    truth = network.run(xs.reshape(-1, *xs.shape[2:]), device="cpu")
    for overwrite in (False, True):
        found = run_plan(plan, weights, xs, 9, overwrite)
        assert np.allclose(found.reshape(truth.shape), truth, atol=1e-9)


@pytest.mark.parametrize("overwrite", [False, True])
def test_batching_and_threads_change_nothing(monkeypatch, overwrite):
    network, width = NETWORKS["words, debranched"]
    plan, xs = make_plan(network), inputs(width, problems=3)
    weights = noisy(plan, 3, len(xs), level=1e-2)
    whole = run_plan(plan, weights, xs, 4, overwrite)
    threads = torch.get_num_threads()
    try:
        torch.set_num_threads(2)
        monkeypatch.setattr(engine, "PIECE", 4000)
        pieces = run_plan(plan, weights, xs, 4, overwrite)
    finally:
        torch.set_num_threads(threads)
    alone = run_plan(plan, weights[1:2, 2:], xs[2:], 4, overwrite)
    assert np.array_equal(whole, pieces)
    assert np.array_equal(whole[1:2, 2:], alone)


def test_states_that_drift_are_worse_than_states_that_are_overwritten():
    network, width = NETWORKS["words, short way"]
    plan, xs = make_plan(network), inputs(width, length=60)
    weights = noisy(plan, 5, len(xs), level=1e-3)
    clean = run_plan(plan, np.broadcast_to(plan.weights, weights.shape), xs, 1)
    drift, held = (np.abs(run_plan(plan, weights, xs, 1, o) - clean).mean() for o in (False, True))
    assert drift > held > 0


def test_float32_is_coarser():
    network, width = NETWORKS["more ones"]
    plan, xs = make_plan(network), inputs(width)
    weights = noisy(plan, 1, len(xs))
    double, single = (run_plan(plan, weights, xs, 9, dtype=d) for d in ("float64", "float32"))
    assert 0 < np.abs(double - single).max() < 1e-3


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_a_gpu_gives_the_same_bits():
    network, width = NETWORKS["words, debranched"]
    plan, xs = make_plan(network), inputs(width)
    weights = noisy(plan, 2, len(xs))
    found = [run_plan(plan, weights, xs, 4, device=d) for d in ("cpu", "cuda")]
    assert np.array_equal(*found)
