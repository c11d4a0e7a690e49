"""The experiments of the chapter on noise, on small problems."""

from dataclasses import replace

import numpy as np
import pytest

from lsrl_edu.data import DATA
from lsrl_edu.programs import robust
from lsrl_edu.study import robustness as rb
from lsrl_edu.study.noise import DRIFT, OVERWRITTEN, measure
from lsrl_edu.study.problems import Tokens
from lsrl_edu.study.subjects import subject
from lsrl_edu.study.table import Row, read

NOISE = DATA / "noise"


def row(network, level, wrong):
    return Row("p", network, "d", DRIFT, "usual", False, level, 0, wrong)


def test_the_levels_go_up_in_half_decades():
    assert rb.LEVELS[:4] == (0, 1e-9, 3e-9, 1e-8) and rb.LEVELS[-3:] == (0.01, 0.03, 0.1)
    assert list(rb.LEVELS) == sorted(set(rb.LEVELS)) and len(rb.LEVELS) == 18


def test_programs_differ_in_what_they_stand():
    settings = rb.programs(2, 6, levels=(0.0, 1e-3), seeds=range(3))
    assert {s.states for s in settings} == {DRIFT, OVERWRITTEN} and len(settings) == 10
    chosen = [s for s in settings if s.states == DRIFT and "original" not in s.subject.name]
    found = rb.curves(r for s in chosen for r in measure(s))
    for (_, name, _, _), curve in found.items():
        assert curve[0.0] == 0
        assert (curve[1e-3] == 0) == name.startswith("robust"), name


def test_a_loop_beats_a_register_and_restoring_beats_both():
    rows = [r for s in rb.memories(times=100) for r in measure(replace(s, levels=(1e-2,)))]
    error = {}
    for r in rows:
        error.setdefault(r.network, []).append(r.distance)
    register, loop, restored = (np.mean(e) for e in error.values())
    assert restored < 0.05 < loop < register


@pytest.mark.parametrize("xs", [[0], [0] * 25])
def test_memory_programs_hold_a_one(xs):
    for program in rb.memory_programs(5).values():
        assert (program.run(xs) == 1).all()


def test_noise_on_inputs_is_of_the_size_asked_for():
    clean, noisy = Tokens(3, 5), rb.NoisyInputs(Tokens(3, 5), 0.1)
    gap = noisy.problem(0).xs - clean.problem(0).xs
    assert 0.07 < gap.std() < 0.13 and noisy.name == "tokens n=3 pairs=5, inputs 0.1"
    assert (noisy.problem(0).targets == clean.problem(0).targets).all()
    assert len(rb.inputs(2, 6, levels=(0.1, 0.2), seeds=(0,))) == 4


def test_cells_without_gates_get_no_products():
    names = [s.subject.name for s in rb.cells(("linear_rnn", "lstm"), 1, 3, (0,))]
    assert names == ["robust, linear_rnn", "robust, lstm", "multiplicative, lstm"]


def test_a_louder_whisper_is_bent_and_stands_more():
    settings = rb.whispers((100, 6), 1, 3, (0,))
    assert [s.subject.name for s in settings] == [
        "GRU, 2^-100", "GRU, 2^-6", "tanh RNN, 2^-100", "tanh RNN, 2^-6",
    ]  # fmt: skip
    for soft, loud in (settings[:2], settings[2:]):
        rows = [measure(replace(s, levels=(0.0, 1e-10))) for s in (soft, loud)]
        assert rows[0][0].distance == 0 < rows[1][0].distance < 0.01
        assert rows[0][1].wrong > 0 == rows[1][1].wrong


@pytest.mark.parametrize("way", rb.ROUNDINGS)
def test_rounded_weights_are_in_the_format(way):
    network = subject(rb.robust_network(2), "robust")
    rounded = rb.round_weights(network, way)
    assert rounded.shape == network.weights.shape
    gap = np.abs(rounded / network.weights - 1).max()
    assert gap == 0 or way.startswith("int8")  # all weights of this program are short
    if way.startswith("int8"):
        for part in rb.matrices(network.plan, way == "int8 by row"):
            steps = rounded[part] / (np.abs(network.weights[part]).max() / 127)
            assert np.abs(steps - np.round(steps)).max() < 1e-9 and np.abs(steps).max() < 127.5


@pytest.mark.parametrize("by_row", [False, True])
def test_matrices_cover_each_weight_once(by_row):
    plan = subject(rb.robust_network(2), "robust").plan
    places = np.concatenate(rb.matrices(plan, by_row))
    assert len(set(places.tolist())) == len(places)
    starts = np.concatenate([s.start_where for s in plan.steps])
    assert sorted([*places, *starts]) == list(range(len(plan.weights)))


def test_rounding_is_measured():
    rows = rb.rounded(2, 6, seeds=(0,))
    assert [r.kinds for r in rows[:4]] == list(rb.ROUNDINGS) and len(rows) == 12
    assert {r.wrong for r in rows if r.network.startswith("robust") and r.kinds != "int8"} == {0}


def test_curves_and_what_they_stand():
    rows = [row("a", 0.1, 50), row("a", 0.01, 0), row("a", 0.01, 4), row("a", 0.2, 0)]
    assert rb.curves(rows) == {("p", "a", DRIFT, "usual"): {0.01: 2, 0.1: 50, 0.2: 0}}
    curve = {0.01: 2.0, 0.1: 50.0, 0.2: 0.0}
    assert rb.stands(curve) == 0.01 and rb.stands(curve, 1) == 0 and rb.stands(curve, 50) == 0.2


def test_the_command_line_goes_on_where_it_was(tmp_path, monkeypatch):
    monkeypatch.setattr(rb, "EXPERIMENTS", {"memories": lambda: rb.memories(20, 2, (0, 1))})
    rb.main(["--out", str(tmp_path), "--only", "memories"])
    rows = read(tmp_path / "memories.csv")
    rb.main(["--out", str(tmp_path), "--only", "memories"])
    assert read(tmp_path / "memories.csv") == rows and len(rows) == 18


@pytest.mark.parametrize(("name", "which"), [("parts", 0), ("memories", 2), ("steepness", 1)])
def test_the_saved_tables_are_what_is_measured_now(name, which):
    """A network whose weights have changed has another digest, and is not in the table."""
    setting = replace(rb.EXPERIMENTS[name]()[which], levels=(1e-3, 1e-2), seeds=(0, 1))
    saved = {r.key: r.wrong for r in read(NOISE / f"{name}.csv")}
    assert [saved[r.key] for r in measure(setting)] == [r.wrong for r in measure(setting)]


def test_the_tables_of_the_large_networks_are_of_todays_weights():
    keys = {(r.network, r.digest) for r in read(NOISE / "programs.csv")}
    for copies in (1, 4):
        name = f"robust, copies={copies}"
        assert (name, subject(rb.robust_network(10, copies), name).digest) in keys


def test_the_robust_network_is_compiled_to_stay_robust():
    network = rb.robust_network(2)
    assert len(network.layers) > len(rb.robust_network(2, simplify=True).layers)
    assert robust.answer(network.run(robust.sequence([1, 2], {(1, 2): (3, 4)})), 2).tolist() == [
        3,
        4,
    ]
