"""Every target on a GPU: the answers of the CPU. Skipped, with a reason, where there is none."""

import numpy as np
import pytest
import torch

import lsrl_edu as ls
from lsrl_edu.programs import discrete, more_ones
from lsrl_edu.run.layers import full_precision
from tests.backends.test_contract import counter_for, each_target, method_for

needs_gpu = pytest.mark.skipif(not torch.cuda.is_available(), reason="this machine has no GPU")
RNG = np.random.default_rng(5)


@needs_gpu
@each_target
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_a_gpu_gives_the_answers_of_the_program(target, dtype):
    program = more_ones.program()
    model = ls.compile(program, target, dtype=dtype, domain=bool)
    xs = RNG.integers(0, 2, (8, 200, 1))
    assert (model.run(xs, device="cuda") == program.run(xs)).all()
    assert (model.run(xs, device="cpu") == program.run(xs)).all()


@needs_gpu
@each_target
def test_a_dictionary_on_a_gpu(target):
    program = discrete.program(3, method_for(target), vocabulary=range(27), **counter_for(target))
    model = ls.compile(program, target, dtype="float32", horizon=64)
    for country, capital in discrete.CAPITALS.items():
        xs = discrete.sequence(country, discrete.CAPITALS)
        found = discrete.answer(model.run(xs, device="cuda"), 3)
        assert discrete.decode(found) == capital


def test_no_digits_are_given_up():
    with full_precision():
        assert not torch.backends.cudnn.allow_tf32
    assert not torch.backends.cuda.matmul.allow_tf32
