"""Training from compiled weights: what starts where, how a step goes, and the saved table."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from lsrl_edu.data import DATA
from lsrl_edu.errors import LSRLError
from lsrl_edu.study import tuning as tn
from lsrl_edu.study.tuning import SUBJECTS, Run

LINEAR, LSTM = "delayed, linear_rnn", "more_ones, lstm"
TABLE = DATA / "trained" / "runs.csv"


@pytest.mark.parametrize("name", SUBJECTS)
def test_compiled_networks_start_without_a_mistake(name):
    module, truth = tn.started(Run(name, "exact", "Adam", 0.01, 0))
    seen = tn.look(module, truth, tn.held_out(name))
    assert seen["wrong"] == seen["long_wrong"] == seen["moved"] == seen["filled"] == 0
    assert seen["loss"] < 1e-6


@pytest.mark.parametrize("start", [s for s in tn.STARTS if s != "exact"])
def test_damages(start):
    made = [tn.started(Run(LINEAR, start, "Adam", 0.01, seed)) for seed in (0, 0, 1)]
    (one, truth), (same, _), (other, _) = [(dict(m.named_parameters()), t) for m, t in made]
    assert all(torch.equal(one[k], same[k]) for k in truth)
    assert any(not torch.equal(one[k], other[k]) for k in truth)
    kept = [k for k in truth if not k.startswith("0.cell")]
    untouched = all(torch.equal(one[k], truth[k]) for k in kept)
    if start != "zeroed":  # a quarter of few weights: they may all have been spared
        assert untouched == (start == "one part new")
    zeros = all((one[k][truth[k] == 0] == 0).all() for k in truth)
    assert zeros == (start in ("noised", "zeroed"))


def test_an_unknown_start():
    with pytest.raises(LSRLError, match="choose one of exact, noised"):
        tn.started(Run(LINEAR, "burnt", "Adam", 0.01, 0))


def test_the_global_generator_is_left_alone():
    torch.manual_seed(0)
    before = torch.get_rng_state()
    tn.train(Run(LINEAR, "noised", "Adam", 0.01, 0), steps=1)
    assert torch.equal(before, torch.get_rng_state())


def test_training_is_the_same_at_every_call():
    run = Run(LINEAR, "noised", "Adam", 0.01, 1)
    (_, rows), (_, again) = tn.train(run, 10), tn.train(run, 10)
    assert rows == again and [r["step"] for r in rows] == [0, 1, 3, 10]
    assert rows[-1]["loss"] < rows[0]["loss"] / 2


def test_an_exact_linear_network_does_not_move():
    """Its error is 0 on every input, so its gradient is."""
    _, rows = tn.train(Run(LINEAR, "exact", "Adam", 0.01, 0), 10)
    assert rows[-1]["moved"] == rows[-1]["filled"] == rows[-1]["loss"] == 0


def test_one_step_of_adam_destroys_a_whisper_and_a_relative_one_does_not():
    _, plain = tn.train(Run(LSTM, "exact", "Adam", 1e-3, 0), 1)
    _, relative = tn.train(Run(LSTM, "exact", "relative", 1e-3, 0), 1)
    assert plain[0]["wrong"] == relative[0]["wrong"] == 0
    assert plain[1]["wrong"] > 90 and relative[1]["wrong"] < 5


def test_a_relative_step_has_the_size_it_should():
    run = Run(LSTM, "exact", "relative", 1e-3, 0)
    module, _ = tn.train(run, 1)
    _, truth = tn.started(run)
    scale = tn.sizes(truth)
    steps = {k: ((p.detach() - truth[k]).abs() / scale[k]) for k, p in module.named_parameters()}
    largest = max(float(s.max()) for s in steps.values())
    assert 0.5e-3 < largest < 1.5e-3


def test_sizes_are_those_of_gates():
    truth = {"rnn.w": torch.tensor([[1.0], [-8], [0], [0], [0], [0], [2], [0.5]])}
    assert tn.sizes(truth)["rnn.w"].flatten().tolist() == [8, 8, 2, 2, 2, 2, 2, 2]


def test_gradients_of_exact_and_soft_constants():
    import lsrl_edu as ls

    program = ls.programs.more_ones.program()
    xs = np.random.default_rng(0).integers(0, 2, (20, 16, 1)).astype(float)
    hard, soft = (
        tn.gradient_sizes(ls.compile(program, "lstm", horizon=16, soft=s), xs, program.run(xs))
        for s in (None, tn.SOFT)
    )
    assert hard["layer 0, f"] == hard["layer 0, i"] == 0 < soft["layer 0, f"]
    assert hard["layer 0, g"] > 1e20 and soft["layer 0, g"] < 1e4


def test_work_is_not_repeated(tmp_path, monkeypatch):
    monkeypatch.setattr(tn, "LOOKS", (0, 1))
    runs = [Run(LINEAR, "noised", "Adam", 0.01, seed) for seed in (0, 1)]
    monkeypatch.setitem(SUBJECTS, LINEAR, replace(SUBJECTS[LINEAR], steps=1))
    path = tmp_path / "deep" / "runs.csv"
    tn.work(runs, path, progress=False)
    text = path.read_text()
    tn.work(runs, path, progress=False)
    assert path.read_text() == text and len(tn.read(path)) == 4


def test_the_better_rate_is_chosen():
    base = {"subject": "s", "start": "x", "steps": "Adam", "step": "3"}
    rows = [base | {"rate": r, "seed": "0", "loss": loss, "wrong": w}
            for r, loss, w in (("0.1", "2", "7"), ("0.01", "1", "9"))]  # fmt: skip
    assert {k: v.tolist() for k, v in tn.curves(rows)["s", "x", "Adam"].items()} == {3: [9]}


def test_the_saved_table_holds_all_runs():
    done = {tuple(row[name] for name in tn.KEY) for row in tn.read(TABLE)}
    assert done == {run.key for run in tn.runs()}


@pytest.mark.parametrize("name", ["delayed, linear_rnn", "more_ones, lstm"])
def test_the_saved_runs_begin_as_they_do_now(name):
    run = next(r for r in tn.runs([name]) if r.start == "noised")
    saved = [r for r in tn.read(TABLE) if tuple(r[k] for k in tn.KEY) == run.key]
    _, rows = tn.train(run, 1)
    for found, row in zip(rows, saved, strict=False):
        assert found["loss"] == pytest.approx(float(row["loss"]), rel=1e-3)
