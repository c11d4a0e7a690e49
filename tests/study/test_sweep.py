import pytest

import lsrl_edu as ls
from lsrl_edu.errors import LSRLError
from lsrl_edu.programs import more_ones
from lsrl_edu.study import sweep as module
from lsrl_edu.study.noise import measure
from lsrl_edu.study.problems import from_program
from lsrl_edu.study.subjects import LayersSubject, subject
from lsrl_edu.study.sweep import processes, sweep
from lsrl_edu.study.table import read
from tests.study.samples import SHORT, Deadly, setting

DRIFT = {"states": "drift"}


def both():
    return [setting(), setting(**DRIFT)]


def same(rows, others):
    return list(map(repr, rows)) == list(map(repr, others))


TRUTH = [row for s in both() for row in measure(s)]


@pytest.mark.parametrize("batch", [1, 3, 25])
def test_the_order_and_the_pieces_do_not_matter(tmp_path, batch):
    assert same(sweep(both(), tmp_path / "a.csv", batch=batch, progress=False), TRUTH)
    backwards = sweep(both()[::-1], batch=batch, progress=False)
    assert sorted(map(repr, backwards)) == sorted(map(repr, TRUTH))


def test_a_sweep_that_was_stopped_goes_on_where_it_was(tmp_path, monkeypatch):
    path, calls = tmp_path / "results.csv", []

    def counted(piece):
        if len(calls) == 3:
            raise KeyboardInterrupt
        calls.append(piece)
        return measure(piece)

    monkeypatch.setattr(module, "measure", counted)
    with pytest.raises(KeyboardInterrupt):
        sweep(both(), path, batch=1, progress=False)
    assert len(read(path)) == 9
    with path.open("a") as file:
        file.write("tokens n=2 pai")  # the disk was full, say
    monkeypatch.setattr(module, "measure", lambda piece: calls.append(piece) or measure(piece))
    assert same(sweep(both(), path, batch=1, progress=False), TRUTH)
    assert len(calls) == 8 and len(read(path)) == len(TRUTH)


def test_more_levels_and_seeds_reuse_what_is_there(tmp_path, monkeypatch):
    path, asked = tmp_path / "results.csv", []
    sweep([setting(levels=(0, 1e-6), seeds=range(2))], path, progress=False)
    monkeypatch.setattr(
        module,
        "measure",
        lambda s: asked.extend((v, k) for v in s.levels for k in s.seeds) or measure(s),
    )
    assert same(sweep([setting()], path, progress=False), TRUTH[:12])
    assert sorted(asked) == sorted(
        [(0.0, 2), (0.0, 3), (1e-6, 2), (1e-6, 3), *((1e-3, k) for k in range(4))]
    )


def test_rows_of_a_network_that_has_changed_are_not_used(tmp_path):
    path = tmp_path / "results.csv"
    sweep([setting()], path, progress=False)
    other = subject(ls.compile(more_ones.program()), "short")
    with pytest.raises(LSRLError, match="Two different networks are called 'short'"):
        sweep([setting(), setting(subject=other)], path, progress=False)
    keys = {row.key for row in read(path)}
    coarse = LayersSubject("short", SHORT.plan, "float32")
    assert setting().key(0.0, 0).key in keys
    assert not keys & {setting(subject=s).key(0.0, 0).key for s in (other, coarse)}


def test_rows_of_other_inputs_are_not_used(tmp_path):
    path, program = tmp_path / "results.csv", more_ones.program()
    network = subject(ls.compile(program), "more ones")
    for xs in ([0, 1, 1], [1, 0, 0]):
        made = setting(problems=from_program(program, xs), subject=network, levels=(0.1,))
        sweep([made], path, progress=False)
    assert len(read(path)) == 8


@pytest.mark.slow
def test_a_killed_process_loses_nothing(tmp_path):
    path, deadly = tmp_path / "results.csv", Deadly(str(tmp_path / "flag"))
    rows = sweep([setting(problems=deadly)], path, processes(1), batch=1, progress=False)
    assert (tmp_path / "flag").exists()
    assert same(rows, TRUTH[:12]) and len(read(path)) == 12


@pytest.mark.slow
def test_work_that_always_kills_its_process_is_given_up_and_the_rest_kept(tmp_path):
    path, deadly = tmp_path / "results.csv", Deadly(str(tmp_path / "flag"), every_time=True)
    with (
        processes(1)() as pool,
        pytest.raises(LSRLError, match="pieces of work failed.*run the sweep again"),
    ):
        sweep([setting(problems=deadly)], path, pool, batch=1, progress=False)
    kept = {row.seed for row in read(path)}
    assert kept == {0, 1}


@pytest.mark.slow
def test_a_dask_cluster_gives_the_same_and_survives_a_dead_worker(tmp_path):
    distributed = pytest.importorskip("distributed")
    path, flag = tmp_path / "results.csv", tmp_path / "flag"
    settings = [setting(problems=Deadly(str(flag)))]
    local = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None}
    with distributed.LocalCluster(**local) as cluster, distributed.Client(cluster) as client:
        rows = sweep(settings, path, client.get_executor, batch=1, progress=False)
    assert flag.exists()
    assert same(rows, TRUTH[:12]) and len(read(path)) == 12
