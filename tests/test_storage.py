import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given
from safetensors.torch import load_file, save_file

import lsrl_edu as ls
from lsrl_edu.errors import StorageError
from lsrl_edu.programs import discrete
from lsrl_edu.storage import layers_from_json, layers_to_json
from tests.strategies import cases

PROGRAM = ls.Program(ls.ReLU(ls.LinState(ls.Input(1), [[1]], [[1]]) - 2) / 3, "over_two", range(4))


def same(one, other) -> bool:
    """Whether two networks are equal in everything but the reasons."""
    fields = ("input_dim", "layers", "readout", "readout_bias", "domain", "horizon", "name")
    return all(getattr(one, f) == getattr(other, f) for f in fields)


@pytest.fixture
def layers(tmp_path):
    ls.compile(PROGRAM).save(tmp_path / "layers.json")
    return tmp_path / "layers.json"


@pytest.fixture
def model(tmp_path):
    ls.compile(PROGRAM, target="rnn").save(tmp_path / "model")
    return tmp_path / "model"


# --- there and back --------------------------------------------------------------------------


@given(cases(thirds=True))
def test_random_networks_come_back_as_they_were(case):
    program, xs = case
    network = ls.compile(program)
    again = layers_from_json(json.loads(json.dumps(layers_to_json(network))))
    assert same(network, again)
    assert again.run(xs, "exact").tolist() == program.run(xs, "exact").tolist()


def test_the_comparison_notices_a_difference():
    network = ls.compile(PROGRAM)
    assert same(network, replace(network, reasons=()))
    assert not same(network, replace(network, horizon=3))
    assert not same(network, replace(network, readout=network.readout * 2))


def test_a_large_network_in_a_file(tmp_path):
    network = ls.compile(discrete.program(3, "original"))
    network.save(tmp_path / "discrete.json")
    assert same(network, ls.load(tmp_path / "discrete.json"))
    assert same(network, ls.load(str(tmp_path / "discrete.json")))


def test_saving_twice_gives_the_same_file(layers, tmp_path):
    ls.load(layers).save(tmp_path / "again.json")
    assert (tmp_path / "again.json").read_bytes() == layers.read_bytes()


def test_names_of_any_script(tmp_path):
    program = ls.Program(ls.ReLU(ls.Input(1), name="größer 🐍"), 'a "name"')
    ls.compile(program).save(tmp_path / "x.json")
    again = ls.load(tmp_path / "x.json")
    assert again.name == 'a "name"' and again.layers[0].labels == ("größer 🐍",)


def test_a_model(model):
    again, xs = ls.load(model), np.array([1, 2, 3])
    assert (again.run(xs) == ls.compile(PROGRAM, target="rnn").run(xs)).all()
    assert sorted(p.name for p in model.iterdir()) == [
        "layers.json", "model.json", "model.safetensors",
    ]  # fmt: skip


def test_trained_weights_are_kept(tmp_path):
    model = ls.compile(PROGRAM, target="linear_rnn")
    with torch.no_grad():
        next(model.module.parameters()).add_(1)
    model.save(tmp_path / "trained")
    again = ls.load(tmp_path / "trained")
    assert (again.run([1, 2]) == model.run([1, 2])).all()


# --- what can go wrong -----------------------------------------------------------------------


def refused(path, *words):
    with pytest.raises(StorageError) as caught:
        ls.load(path)
    message = str(caught.value)
    assert all(word in message for word in words), message
    assert len(message) < 1000 and message[0] != "<"


def changed(path, **fields):
    path.write_text(json.dumps(json.loads(path.read_text()) | fields))
    return path


def test_a_file_that_is_not_there(tmp_path):
    refused(tmp_path / "nothing.json", "Cannot read", "nothing.json", "No such file")


@pytest.mark.parametrize("text", ["", "{", "not json", "\x00\x01", '{"a": 1}{'])
def test_files_that_are_not_json(layers, text):
    layers.write_text(text)
    refused(layers, "damaged", "JSON")


def test_a_file_that_is_not_text(layers):
    layers.write_bytes(b"\xff\xfe\x00\x80")
    refused(layers, "damaged")


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_a_truncated_file(layers, share):
    text = layers.read_text()
    layers.write_text(text[: int(share * len(text))])
    refused(layers, "damaged")


@pytest.mark.parametrize("data", ["[]", "3", "null", '{"format": "other"}'])
def test_json_of_something_else(layers, data):
    layers.write_text(data)
    refused(layers, "not a file of format lsrl_edu.layers")


@pytest.mark.parametrize("version", [0, 2, "1", None])
def test_another_version(layers, version):
    refused(changed(layers, version=version), f"version {version}", "reads version 1")


@pytest.mark.parametrize(
    "fields",
    [
        {"layers": None},
        {"layers": [{}]},
        {"layers": 3},
        {"readout": [[1]]},
        {"readout": {"columns": 1, "rows": [[[0, "1/0"]]]}},
        {"readout": {"columns": 1, "rows": [[[0, "one"]]]}},
        {"readout": {"columns": 1, "rows": [[0]]}},
        {"domain": [[0]]},
        {"domain": [["a", 1, False]]},
        {"domain": 5},
        {"domain": []},
        {"input_dim": 2},
        {"readout": {"columns": 2, "rows": [[[0, 1]]]}},
        {"readout": {"columns": 1, "rows": [[[4, 1]]]}},
        {"readout_bias": {"columns": 1, "rows": [[], []]}},
    ],
)
def test_fields_that_make_no_sense(layers, fields):
    refused(changed(layers, **fields), "damaged")


@pytest.mark.parametrize(
    "field", ["layers", "readout", "readout_bias", "domain", "horizon", "name"]
)
def test_a_missing_field(layers, field):
    data = json.loads(layers.read_text())
    del data[field]
    layers.write_text(json.dumps(data))
    refused(layers, "damaged", field)


@pytest.mark.parametrize("name", ["layers.json", "model.json", "model.safetensors"])
def test_a_model_with_a_file_missing(model, name):
    (model / name).unlink()
    refused(model, name)


def test_an_empty_directory(tmp_path):
    refused(tmp_path, "model.json")


@pytest.mark.parametrize("content", [b"", b"123", b"\x08" + b"\x00" * 7 + b"{}      "])
def test_weights_that_are_damaged(model, content):
    (model / "model.safetensors").write_bytes(content)
    refused(model, "complete model")


def tampered(model, change):
    path = model / "model.safetensors"
    weights = load_file(path)
    change(weights, sorted(weights)[0])
    save_file(weights, path)


def test_weights_of_another_shape(model):
    tampered(model, lambda weights, name: weights.update({name: torch.zeros(7, 7)}))
    refused(model, "complete model", "size mismatch")


def test_weights_that_are_missing_or_too_many(model):
    tampered(model, lambda weights, name: weights.pop(name))
    refused(model, "complete model", "Missing key")
    tampered(model, lambda weights, name: weights.update(extra=torch.zeros(1)))
    refused(model, "complete model")


@pytest.mark.parametrize("fields", [{"target": "transformer"}, {"dtype": "int8"}, {"target": None}])
def test_a_model_of_an_unknown_kind(model, fields):
    changed(model / "model.json", **fields)
    refused(model, "choose one of")


def test_a_model_is_no_file_of_layers(model):
    refused(model / "model.json", "not a file of format lsrl_edu.layers")
