"""Training, the tables of the chapter, and what is saved of them."""

from dataclasses import replace

import pytest
import torch
from safetensors.torch import load_file

from lsrl_edu.cells.gril import gradient_step, rate
from lsrl_edu.data import DATA
from lsrl_edu.study import learning as ln
from lsrl_edu.study import starts
from lsrl_edu.study.learning import Run
from lsrl_edu.study.regression import Tasks, best_rate, best_share, generator

SAVED = DATA / "learning"
TINY = Tasks(2, 4)


def test_training_is_the_same_at_every_call():
    run = Run("GRIL", 0, TINY, seed=3, steps=5)
    (one, curve), (two, again) = ln.train(run), ln.train(run)
    assert curve == again and [step for step, _ in curve] == list(range(6))
    assert all(torch.equal(a, b) for a, b in zip(one.parameters(), two.parameters(), strict=True))
    _, other = ln.train(replace(run, seed=4))
    assert other != curve


def test_training_leaves_the_global_generator_alone():
    torch.manual_seed(0)
    before = torch.get_rng_state()
    ln.train(Run("GRU", 2, TINY, 0, 2))
    assert torch.equal(before, torch.get_rng_state())


def test_a_gril_learns_the_step():
    net, curve = ln.train(Run("GRIL", 0, ln.SMALL, seed=0, steps=300, lr=0.03))
    assert curve[0][1] > 0.9 and curve[-1][1] < best_share(ln.SMALL) + 0.03
    assert abs(rate(net) / best_rate(ln.SMALL) - 1) < 0.1


def test_the_construction_is_recovered_from_itself():
    layer = gradient_step(3, 2)
    rows = ln.recovered(layer, 2)
    assert [r["part"] for r in rows] == ["W", "Lambda", "C", "D"]
    assert all(r["cosine"] == pytest.approx(1) and r["distance"] < 1e-12 for r in rows)
    assert [r["distance"] > 0.1 for r in ln.recovered(layer, 3)] == [False, False, True, False]


def test_solvers_come_in_order():
    rows = [r for r in ln.solvers(Tasks(2, 6)) if r["test"] == "as trained"]
    losses = [r["loss"] for r in rows]
    assert losses == sorted(losses, reverse=True) and losses[-1] < 1e-9
    assert [r["solver"] for r in rows] == ["1 step", "2 steps", "3 steps", "least squares"]


def test_an_interval_holds_the_mean():
    mean, low, high = ln.interval([1, 2, 3])
    assert low < mean == 2 < high and (low, high) == ln.interval([1, 2, 3])[1:]
    assert ln.interval([5.0]) == (5, 5, 5)


def test_work_is_not_repeated(tmp_path, monkeypatch):
    monkeypatch.setattr(ln, "TEST_TASKS", 50)
    runs = [Run("GRIL", 0, TINY, 0, 3), Run("GRU", 1, TINY, 0, 3)]
    ln.work(runs, tmp_path, progress=False)
    files = {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    assert len(ln.read(tmp_path / "losses.csv")) == 10
    ln.work(runs, tmp_path, progress=False)
    assert files == {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    layer = ln.load_gril(tmp_path / "gril_f2_seed0.safetensors", 2)
    assert rate(layer) == pytest.approx(float(ln.read(tmp_path / "recovered.csv")[0]["rate"]), 1e-4)


def test_the_command_line(tmp_path, monkeypatch):
    monkeypatch.setattr(ln, "TEST_TASKS", 50)
    monkeypatch.setattr(ln, "SMALL", TINY)
    monkeypatch.setattr(ln, "PUBLISHED", TINY)
    monkeypatch.setitem(ln.EXPERIMENTS, "wide", lambda: [Run("LSTM", 2, TINY, 0, 2)])
    ln.main(["--out", str(tmp_path), "--only", "wide"])
    assert {p.stem for p in tmp_path.iterdir()} == {"losses", "curves", "solvers"}


def test_where_starts_end_is_saved_once(tmp_path, monkeypatch):
    monkeypatch.setattr(ln, "SMALL", TINY)
    ln.endings(tmp_path, count=3, steps=2)
    rows = ln.read(tmp_path / "starts.csv")
    before = (tmp_path / "starts.safetensors").read_bytes()
    ln.endings(tmp_path, count=4, steps=2)
    assert len(rows) == 3 and before == (tmp_path / "starts.safetensors").read_bytes()


def test_the_saved_starts_have_the_saved_losses():
    rows = ln.read(SAVED / "starts.csv")
    weights = load_file(SAVED / "starts.safetensors")
    found = starts.losses(weights, ln.SMALL.draw(2000, generator(0)))
    saved = torch.tensor([float(r["loss"]) for r in rows])
    assert len(saved) == 64 and (found - saved).abs().max() < 0.05


def test_the_saved_tables_hold_all_runs():
    done = {ln.key_of(row) for row in ln.read(SAVED / "losses.csv")}
    assert done == {run.key for make in ln.EXPERIMENTS.values() for run in make()}


@pytest.mark.parametrize("tasks", [ln.SMALL, ln.PUBLISHED])
def test_the_saved_weights_have_the_saved_losses(tasks):
    layer = ln.load_gril(SAVED / f"gril_f{tasks.features}_seed0.safetensors", tasks.features)
    key = Run("GRIL", 0, tasks, 0, 0).key
    saved = {
        r["test"]: float(r["loss"]) for r in ln.read(SAVED / "losses.csv") if ln.key_of(r) == key
    }
    for test, other in ln.tests(tasks).items():
        assert ln.loss(layer, ln.prompts(other)) == pytest.approx(saved[test], rel=1e-4)


def test_the_saved_runs_begin_as_they_do_now():
    run = next(r for r in ln.construction() if r.tasks == ln.SMALL)
    saved = [r for r in ln.read(SAVED / "curves.csv") if ln.key_of(r) == run.key]
    _, curve = ln.train(replace(run, steps=1))
    for row, (step, loss) in zip(saved, curve, strict=False):
        assert int(row["step"]) == step and float(row["loss"]) == pytest.approx(loss, rel=1e-4)
