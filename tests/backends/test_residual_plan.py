"""Where operations go: blocks that can do them, slots that nobody else holds."""

import itertools

from hypothesis import given, reject

import lsrl_edu as ls
from lsrl_edu.backends.operations import operations
from lsrl_edu.backends.residual import EVERYTHING, NOTHING, POINTWISE, lay_out
from lsrl_edu.backends.scales import LARGE, hidden_size, norm_weights
from lsrl_edu.errors import UnsupportedByTarget
from lsrl_edu.programs import discrete
from tests.strategies import programs

HALVES = [EVERYTHING, POINTWISE, EVERYTHING, POINTWISE, NOTHING, POINTWISE]


def plan_of(program, abilities, reuse=True):
    try:
        return lay_out(operations(ls.compile(program)), itertools.cycle(abilities), reuse)
    except UnsupportedByTarget:
        reject()


@given(programs(max_nodes=10))
def test_every_block_does_what_it_can(program):
    plan = plan_of(program, HALVES)
    for block, able in zip(plan.blocks, itertools.cycle(HALVES), strict=False):
        assert all(write.operation.kind in able for write in block.writes)


@given(programs(max_nodes=12))
def test_a_slot_is_written_only_when_it_is_empty(program):
    plan = plan_of(program, [EVERYTHING])
    holds = set(range(program.input.dim))
    for block in plan.blocks:
        reads = {s for w in block.writes for form in w.operation.reads for s, _ in form.terms}
        assert reads <= holds
        written = [w.slot for w in block.writes]
        assert len(set(written)) == len(written) and not set(written) & holds
        assert set(block.clears) <= holds
        holds = (holds | set(written)) - set(block.clears)
    assert {s for form in plan.outputs for s, _ in form.terms} <= holds
    assert holds <= set(range(plan.slots))


def test_reuse_saves_slots():
    program = discrete.program(3, vocabulary=range(9), counter="sawtooth", horizon=100)
    small, large = (plan_of(program, [EVERYTHING], reuse) for reuse in (True, False))
    assert small.slots < large.slots / 2
    assert not any(block.clears for block in large.blocks)


def test_hidden_sizes_keep_the_norm_exact():
    for slots in (1, 3, 14, 15, 40, 63, 64, 200):
        H, n = hidden_size(slots)
        assert H >= slots + n and (H // n) & (H // n - 1) == 0
        one, signal = norm_weights(H, n)
        assert one * LARGE == signal and LARGE / signal * one == 1
    assert hidden_size(15, constants=(1,)) == (16, 1) and hidden_size(16, constants=(1,)) == (64, 1)
