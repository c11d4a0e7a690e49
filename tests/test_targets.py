import subprocess
import sys

import pytest

import lsrl_edu as ls
from lsrl_edu.backends import get_target, registry
from lsrl_edu.backends.base import Model
from lsrl_edu.compiler.layers import Layers
from lsrl_edu.errors import LSRLError

PROGRAM = ls.Program(ls.ReLU(ls.LinState(ls.Input(1), [[1]], [[1]]) - 2), "over_two", int)


def test_without_a_target_there_are_layers():
    network = ls.compile(PROGRAM)
    assert isinstance(network, Layers) and network.name == "over_two"


def test_with_a_target_there_is_a_model():
    model = ls.compile(PROGRAM, target="linear_rnn", dtype="float32", domain=bool, horizon=9)
    assert isinstance(model, Model)
    assert (model.target, model.dtype) == ("linear_rnn", "float32")
    assert model.layers.horizon == 9 and model.layers.domain[0].is_boolean
    assert model([1, 1, 1]).tolist() == [0, 0, 1] == model.run([1, 1, 1]).tolist()


def test_simplify_is_passed_on():
    program = ls.Program(ls.ReLU(ls.Input(1)), domain=bool)
    assert ls.compile(program).depth == 0
    assert ls.compile(program, simplify=False).depth == 1
    assert ls.compile(program, target="rnn", simplify=False).layers.depth == 1


def test_targets_have_a_line_each():
    found = ls.targets()
    assert list(found) == list(registry())
    assert set(found) >= {"linear_rnn", "gated_linear_rnn", "rnn", "gated_rnn"}
    assert all(
        "\n" not in line and registry()[name].equation in line for name, line in found.items()
    )


@pytest.mark.parametrize("name", ["LSTM?", "", None])
def test_an_unknown_target(name):
    with pytest.raises(LSRLError, match="choose one of linear_rnn, "):
        get_target(name)


@pytest.mark.parametrize("thing", [lambda x: x, ls.Input(1), None])
def test_only_programs_are_compiled(thing):
    with pytest.raises(TypeError, match="compile needs a Program, not .*foreach"):
        ls.compile(thing)


def test_an_unknown_dtype():
    with pytest.raises(LSRLError, match="dtype 'int8'"):
        ls.compile(PROGRAM, target="rnn", dtype="int8")


def test_compiling_to_layers_needs_no_torch():
    code = (
        "import sys, lsrl_edu as ls\n"
        "ls.compile(ls.programs.more_ones.program()).run([0, 1], 'exact')\n"
        "assert 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


WITHOUT_TORCH = """
import sys
sys.modules["torch"] = None  # what an environment without torch looks like
import lsrl_edu as ls
program = ls.programs.more_ones.program()
assert len(ls.targets()) >= 4
assert ls.compile(program).run([0, 1, 1], number="exact").tolist() == [0, 0, 1]
for attempt in (lambda: ls.compile(program, target="rnn"), lambda: ls.compile(program).run([1])):
    try:
        attempt()
    except ModuleNotFoundError as error:
        assert "pip install 'lsrl-edu[torch]'" in str(error), error
    else:
        raise AssertionError("it ran without torch")
"""


def test_without_torch_there_is_a_sentence():
    subprocess.run([sys.executable, "-c", WITHOUT_TORCH], check=True)
