import math
import warnings

import numpy as np
import pytest

import lsrl_edu as ls
from lsrl_edu.errors import LSRLError
from lsrl_edu.programs import more_ones
from lsrl_edu.study.noise import draw, measure, score
from lsrl_edu.study.plan import KINDS
from lsrl_edu.study.problems import Problem, from_program
from lsrl_edu.study.subjects import subject
from tests.study.samples import SHORT, WORDS, setting


def test_no_noise_means_no_wrong_token_and_half_a_token_of_margin():
    for row in measure(setting(levels=(0,))):
        assert row.wrong == 0 and row.distance < 1e-9
        assert row.margin == pytest.approx(0.5) and row.middle_margin == pytest.approx(0.5)


def test_noise_hurts_and_drift_hurts_more():
    def wrong(states, level):
        rows = measure(setting(levels=(level,), seeds=range(20), states=states))
        return np.mean([row.wrong for row in rows])

    assert wrong("overwritten", 1e-6) == 0 < wrong("overwritten", 3e-2) <= wrong("drift", 3e-2)


def test_a_draw_depends_on_its_names_level_and_seed_only():
    w = draw(setting(), 1e-3, 2)
    assert np.array_equal(w, draw(setting(levels=(1e-3,), seeds=(2,), states="drift"), 1e-3, 2))
    others = [(setting(), 1e-3, 3), (setting(), 1e-4, 2), (setting(relative=True), 1e-3, 2)]
    assert not any(np.array_equal(w, draw(*other)) for other in others)


def test_noise_has_the_size_it_should_and_spares_initial_states():
    change = np.concatenate([draw(setting(), 0.1, k) - SHORT.weights for k in range(30)])
    touched = np.tile(SHORT.mask(None), 30)
    assert np.all(change[~touched] == 0) and 0 < (~touched).sum() < touched.sum()
    assert change[touched].std() == pytest.approx(0.1, rel=0.05)
    assert abs(change[touched].mean()) < 0.01


def test_relative_noise_is_in_proportion():
    relative = draw(setting(relative=True), 0.1, 1) / SHORT.weights - 1
    assert relative[SHORT.mask(None)].std() == pytest.approx(0.1, rel=0.3)
    assert np.abs(relative[~SHORT.mask(None)]).max() == 0


def test_noise_on_chosen_kinds():
    chosen = setting(kinds=("A",))
    change = draw(chosen, 1e-3, 0) - SHORT.weights
    assert np.array_equal(change != 0, SHORT.plan.kinds == KINDS.index("A"))
    assert {row.kinds for row in measure(chosen)} == {"A"}


@pytest.mark.parametrize(
    "options, words", [({"levels": (-1,)}, "from 0 up"), ({"states": "held"}, "choose")]
)
def test_settings_that_make_no_sense(options, words):
    with pytest.raises(LSRLError, match=words):
        setting(**options)


def test_a_score_by_hand():
    targets = np.array([[[1.0], [2.0]], [[3.0], [4.0]]])
    outputs = targets + np.array([[[0.0], [0.25]], [[0.75], [0.0]]])
    found = score(outputs, Problem(targets, targets), rounded=True)
    assert found == {"distance": 0.25, "wrong": 25.0, "margin": -0.25, "middle_margin": 0.375}
    assert score(outputs, Problem(targets, targets), rounded=False) == {"distance": 0.25}


def test_outputs_that_are_no_number_are_wrong():
    targets = np.ones((1, 2, 1))
    found = score(np.array([[[np.nan], [1.0]]]), Problem(targets, targets), rounded=True)
    assert found["wrong"] == 50 and found["distance"] == math.inf and found["margin"] == -math.inf


def test_any_program_can_be_measured():
    program = more_ones.program()
    problem = from_program(program, [0, 1, 1, 0, 1], rounded=True)
    network = subject(ls.compile(program), "more ones")
    rows = measure(setting(problems=problem, subject=network, levels=(0, 0.3), seeds=range(30)))
    assert {row.wrong for row in rows[:30]} == {0.0}
    assert max(row.wrong for row in rows[30:]) > 0


@pytest.mark.parametrize("target", ["linear_rnn", "gru"])
@pytest.mark.parametrize("states", ["overwritten", "drift"])
def test_a_torch_module_can_be_measured(target, states):
    program = more_ones.program()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = ls.compile(program, target=target, horizon=10)
    problem = from_program(program, [[[0], [1], [1], [0], [1]]], last=2, rounded=True)
    network = subject(model, target)
    assert len(network.weights) == model.report.nonzeros
    clean, noisy = (
        measure(
            setting(problems=problem, subject=network, levels=(v,), seeds=range(6), states=states)
        )
        for v in (0, 0.3)
    )
    assert all(row.wrong == 0 and row.distance < 1e-2 for row in clean)
    assert np.mean([row.distance for row in noisy]) > 0.05


def test_only_networks_can_be_studied():
    with pytest.raises(LSRLError, match="not Program"):
        subject(more_ones.program(), "x")
    with pytest.raises(LSRLError, match=r"No weights are called \['C'\]"):
        measure(setting(kinds=("C",)))
    assert WORDS.rounded
