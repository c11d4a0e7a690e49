"""Interventions: the cut program is the oracle, the patched network must follow it."""

import numpy as np
import pytest

import lsrl_edu as ls
from lsrl_edu.errors import LSRLError
from lsrl_edu.study import patching
from lsrl_edu.study.ground_truth import brackets, every_third

PROGRAM = ls.programs.more_ones.program()
XS = np.random.default_rng(0).integers(0, 2, (12, 10, 1)).astype(float)


def node(program, name):
    return next(n for n in program.nodes if n.name == name and n.kind == "LinState")


@pytest.mark.parametrize("name", ["ones", "zeros"])
def test_a_cut_program_says_the_same_with_the_same_values(name):
    one = node(PROGRAM, name)
    values = patching.values_of(PROGRAM, one, XS)
    assert np.array_equal(patching.without(PROGRAM, one, XS, values), PROGRAM.run(XS))


def test_a_cut_program_says_what_it_is_told():
    ones = node(PROGRAM, "ones")
    told = np.full((12, 10, 1), 4.0)
    zeros = np.cumsum(1 - XS, axis=1)
    assert np.array_equal(patching.without(PROGRAM, ones, XS, told), np.clip(4 - zeros, 0, 1))


def test_values_of_the_nodes():
    assert np.array_equal(patching.values_of(PROGRAM, node(PROGRAM, "ones"), XS), XS.cumsum(1))


def test_only_nodes_of_the_program_are_cut():
    with pytest.raises(LSRLError, match="cannot be cut out of more_ones"):
        patching.cut(PROGRAM, PROGRAM.input)
    with pytest.raises(LSRLError, match="name one of its nodes"):
        patching.cut(PROGRAM, brackets().output)


@pytest.mark.parametrize("program", [PROGRAM, every_third(), brackets()], ids=lambda p: p.name)
def test_a_rotated_network_is_the_same_function(program):
    model = ls.compile(program, "linear_rnn", horizon=10)
    turned, turns = patching.rotated(model, seed=3)
    xs = XS if program.name != "brackets" else 2 * XS - 1
    assert np.abs(turned.run(xs) - program.run(xs)).max() < 1e-9
    assert np.array_equal(model.run(xs), program.run(xs))  # and the other one is left alone
    plain, other = patching.activations(model, xs), patching.activations(turned, xs)
    for Q, a, b in zip(turns, plain, other, strict=True):
        assert np.abs(Q @ Q.T - np.eye(len(Q))).max() < 1e-12
        assert np.abs(a @ Q.T - b).max() < 1e-9


def test_a_patch_with_the_own_values_changes_nothing():
    turned, turns = patching.rotated(ls.compile(PROGRAM, "linear_rnn", horizon=10))
    values = XS.cumsum(1)[..., 0]
    found = patching.run_patched(turned, XS, 0, turns[0][:, 0], values)
    assert np.abs(found - PROGRAM.run(XS)).max() < 1e-9
    again = turned.run(XS)  # the hook is gone
    assert np.abs(again - PROGRAM.run(XS)).max() < 1e-9


def test_a_patch_follows_the_oracle_and_a_wrong_direction_does_not():
    ones = node(PROGRAM, "ones")
    others = np.roll(patching.values_of(PROGRAM, ones, XS), 1, axis=0)
    turned, turns = patching.rotated(ls.compile(PROGRAM, "linear_rnn", horizon=10), seed=1)
    said = patching.without(PROGRAM, ones, XS, others)
    assert (said != PROGRAM.run(XS)).any()
    right = patching.run_patched(turned, XS, 0, turns[0][:, 0], others[..., 0])
    wrong = patching.run_patched(turned, XS, 0, np.eye(2)[0], others[..., 0])
    assert np.abs(right - said).max() < 1e-9 < np.abs(wrong - said).max()


def test_other_targets_have_no_linear_cells():
    with pytest.raises(LSRLError, match="lstm has no linear cells"):
        patching.activations(ls.compile(PROGRAM, "lstm"), XS)
