"""The benchmark: its answer key is right, and it comes back from the disk as it was."""

import json

import numpy as np
import pytest

from lsrl_edu.errors import StorageError
from lsrl_edu.study import ground_truth as gt
from lsrl_edu.study import patching

SMALL = ["more_ones", "delayed", "every_third", "brackets", "lookup_1"]
KEY = {
    "more_ones": {"ones", "zeros"},
    "delayed": {"shift[3]"},
    "every_third": {"clock[0]", "sum"},
    "brackets": {"depth", "broken"},
    "lookup_1": {
        "global_ctr", "clock mod 2[1]", "q", "buffer[0]", "started_on", "output_regs_0"
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def made():
    return {name: gt.make(name, count=16) for name in SMALL}


def naive(name, x):
    """What a program says, in plain Python."""
    if name == "more_ones":
        return [int(sum(x[: t + 1]) > (t + 1) / 2) for t in range(len(x))]
    if name == "delayed":
        return [x[t - 3] if t >= 3 else 0 for t in range(len(x))]
    if name == "every_third":
        return [sum(x[: t + 1 : 3]) for t in range(len(x))]
    depth, broken, out = 0, 0, []
    for bracket in x:
        depth += bracket
        broken += max(0, -depth)
        out.append(int(depth == 0 and not broken))
    return out


@pytest.mark.parametrize("name", SMALL[:4])
def test_the_programs(made, name):
    truth = made[name]
    assert truth.ys[..., 0].tolist() == [naive(name, x) for x in truth.xs[..., 0].tolist()]


def test_the_look_up(made):
    truth = made["lookup_1"]
    for x, y in zip(truth.xs[..., 0].tolist(), truth.ys[..., 0].tolist(), strict=True):
        assert y[-1] == dict(zip(x[1::2], x[2::2], strict=True))[x[0]]


@pytest.mark.parametrize("name", SMALL)
def test_the_answer_key(made, name):
    truth = made[name]
    assert {v.name for v in truth.variables} == KEY[name]
    assert np.array_equal(truth.model.run(truth.xs), truth.ys)
    assert np.abs(truth.rotated.run(truth.xs) - truth.ys).max() < 1e-9
    program = gt.ENTRIES[name].program()
    named = {n.name: n for n in program.states}
    for v in truth.variables:
        node, entry = named[v.name.split("[")[0]], int((v.name + "[0]").split("[")[1][0])
        values = patching.values_of(program, node, truth.xs)
        for turned in (False, True):
            assert np.abs(truth.values(v, turned) - values[..., entry]).max() < 1e-8
        values[..., entry] = gt.swapped(values)[..., entry]
        said = patching.without(program, node, truth.xs, values)
        assert np.abs(truth.patched(v, values[..., entry]) - said).max() < 1e-8
        assert 0 < v.changed == (said != truth.ys).mean()


def test_what_is_written_is_read(tmp_path, made):
    names = ["more_ones", "brackets"]
    gt.export(tmp_path, names, progress=False)
    again = gt.load(tmp_path)
    assert list(again) == names
    for name, truth in again.items():
        fresh = gt.make(name)
        assert truth.variables == fresh.variables
        assert np.array_equal(truth.xs, fresh.xs) and np.array_equal(truth.ys, fresh.ys)
        assert np.array_equal(truth.rotated.run(truth.xs), fresh.rotated.run(truth.xs))
        assert all(map(np.array_equal, truth.rotations, fresh.rotations))
        v = truth.variables[0]
        assert np.array_equal(truth.values(v), fresh.values(v))
    kinds = {p.suffix for p in tmp_path.rglob("*") if p.is_file()}
    assert kinds == {".json", ".safetensors", ".csv", ".md"}  # nothing pickled


def test_the_command_line(tmp_path):
    gt.main(["--out", str(tmp_path), "--only", "delayed"])
    assert list(gt.load(tmp_path)) == ["delayed"]


def test_a_folder_that_holds_none(tmp_path):
    with pytest.raises(StorageError, match="no complete benchmark"):
        gt.load(tmp_path)
    (tmp_path / "index.json").write_text(json.dumps({"format": "other", "version": 1}))
    with pytest.raises(StorageError, match="format other"):
        gt.load(tmp_path)
    gt.export(tmp_path, ["delayed"], progress=False)
    (tmp_path / "delayed" / "variables.csv").unlink()
    with pytest.raises(StorageError, match="variables.csv"):
        gt.load(tmp_path)
