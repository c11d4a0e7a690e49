import numpy as np

import lsrl_edu as ls
from lsrl_edu.programs import more_ones
from lsrl_edu.study.plan import KINDS, make_plan


def test_all_weights_are_there_once_and_know_their_kind():
    network = ls.compile(more_ones.program())
    plan = make_plan(network)
    assert len(plan.weights) == len(plan.kinds) == network.nonzeros
    counts = {k: int((plan.kinds == i).sum()) for i, k in enumerate(KINDS)}
    assert counts["A"] == sum(x.A.nonzeros for x in network.layers) > 0
    assert counts["b"] == sum(x.b.nonzeros for x in network.layers)
    assert counts["readout"] == network.readout.nonzeros


def test_an_identity_that_feeds_no_state_is_a_wire():
    @ls.foreach(dim=2)
    def program(x):
        sums = ls.LinState(x, A=[[1, 0], [0, 1]], B=[[1, 0], [0, 1]], init_state=[[0], [0]])
        return ls.ReLU(sums)

    plan = make_plan(ls.debranch(program).layers)
    kinds = [KINDS[i] for i in plan.kinds]
    assert kinds == ["W", "W", "A", "A", "wire", "wire", "wire", "wire"]


def test_the_digest_changes_with_a_weight_and_only_then():
    make = lambda mu: make_plan(ls.compile(ls.foreach(dim=1)(lambda x: ls.f_step(x, mu)))).digest  # noqa: E731
    assert make(10) == make(10) != make(11)


def test_rows_are_sorted_by_length_and_put_back():
    @ls.foreach(dim=3)
    def program(x):
        return ls.ReLU(ls.Linear(x, [[1, 0, 0], [1, 2, 3], [0, 4, 5]]))

    affine = make_plan(ls.compile(program)).steps[0].affine
    assert [len(t.where) for t in affine.terms] == [3, 2, 1]
    assert np.array_equal(affine.back, [2, 0, 1])
