"""Programs inside transformers' own classes: what the issue of exactness is about."""

import subprocess
import sys
from fractions import Fraction

import numpy as np
import pytest
import torch

import lsrl_edu as ls
from lsrl_edu.backends.hawk import lru_parameters
from lsrl_edu.backends.mamba import decay_parameters
from lsrl_edu.cells.hawk import Hawk
from lsrl_edu.cells.mamba import Mamba
from lsrl_edu.cells.mamba2 import Mamba2
from lsrl_edu.errors import PrecisionWarning, UnsupportedByTarget
from lsrl_edu.programs import continuous, discrete, more_ones
from tests.compiler.checks import program_of

transformers = pytest.importorskip("transformers")
CLASSES = {
    "mamba": (transformers.MambaModel, transformers.MambaForCausalLM),
    "mamba2": (transformers.Mamba2Model, transformers.Mamba2ForCausalLM),
    "hawk": (transformers.RecurrentGemmaModel, transformers.RecurrentGemmaForCausalLM),
    "griffin": (transformers.RecurrentGemmaModel, transformers.RecurrentGemmaForCausalLM),
}
each_target = pytest.mark.parametrize("target", CLASSES)
RNG = np.random.default_rng(3)


def dictionary(n, horizon, **options):
    return discrete.program(n, vocabulary=range(27), counter="sawtooth", horizon=horizon, **options)


@each_target
def test_the_module_is_transformers_own(target):
    model = ls.compile(more_ones.program(), target, dtype="float32", domain=bool)
    assert type(model.module.model) is CLASSES[target][0]
    config = model.module.model.config
    assert getattr(config, "hidden_act", "silu") == "silu"
    assert getattr(config, "hidden_activation", "gelu_pytorch_tanh") == "gelu_pytorch_tanh"
    if target == "griffin":
        assert (
            "sliding_attention"
            in ls.compile(
                dictionary(2, 50), target, horizon=50
            ).module.model.config.layers_block_type
        )


@each_target
def test_counters_are_exact_for_long(target):
    program = program_of(lambda x: ls.LinState(x, [[1]], [[1]], init_state=[[5]]), bool)
    length = 3000
    model = ls.compile(program, target, dtype="float32", horizon=length)
    xs = RNG.integers(0, 2, length)
    assert (model.run(xs) == 5 + np.cumsum(xs)).all()


@each_target
def test_a_large_dictionary_is_exact(target):
    program = dictionary(5, 128)
    pairs = {tuple(RNG.integers(0, 27, 5).tolist()): RNG.integers(0, 27, 5) for _ in range(10)}
    query = list(pairs)[3]
    xs = discrete.sequence(query, pairs)
    model = ls.compile(program, target, dtype="float32", horizon=128)
    assert (model.run(xs) == program.run(xs)).all()
    most = {"mamba": 25, "mamba2": 25, "hawk": 13, "griffin": 16}
    assert len(model.report.hidden_sizes) <= most[target]


@each_target
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_listing_1_within_the_rounding_of_a_value(target, dtype):
    program = continuous.program(1, 1, values=(-3, 3))
    prompt = continuous.prompt(lambda p: np.sin(5 * p.sum()), 1, 50)
    queries = (RNG.integers(0, 50, 6) + RNG.uniform(0.1, 0.9, 6)) / 50
    batch = np.stack([continuous.sequence([q], prompt) for q in queries])
    found = ls.compile(program, target, dtype=dtype).run(batch)
    assert np.abs(found - program.run(batch))[:, -1].max() <= 3e-8


@each_target
def test_bfloat16_counts_to_256(target):
    program = program_of(lambda x: ls.LinState(x, [[1]], [[1]]), bool)
    model = ls.compile(program, target, dtype="bfloat16", horizon=300)
    found = model.run(np.ones(300))
    assert (found[:256] == np.arange(1, 257)).all() and found[256] != 257


@pytest.mark.parametrize("dtype", ["float32", "float64", "bfloat16"])
@pytest.mark.parametrize("decay", [Fraction(k, 1000) for k in (10, 500, 900, 999)])
def test_decays_are_as_close_as_the_dtype_allows(decay, dtype):
    a_log, step = decay_parameters(decay, dtype)
    found = np.exp(-np.exp(np.float64(a_log)) * step)
    unit = 2.0 ** (-7 if dtype == "bfloat16" else -22)
    assert abs(found - decay) <= unit
    param, gain, _ = lru_parameters(decay, dtype)
    a = np.exp(-8 * np.log1p(np.exp(param)))
    assert abs(a - decay) <= unit and gain > 0
    assert abs(gain**2 - (1 - a * a)) <= 8 * unit


def test_the_integrator_of_hawk():
    """a is exactly 1 and the gain a power of two, where real arithmetic has the gain 0."""
    assert lru_parameters(1, "float32")[1] == 2.0**-12
    assert lru_parameters(1, "float64")[1] == 2.0**-13
    assert lru_parameters(1, "bfloat16")[1] == 2.0**-4


@pytest.mark.parametrize(("target", "ours"), [("mamba", Mamba), ("mamba2", Mamba2), ("hawk", Hawk)])
def test_our_readable_model_runs_the_compiled_weights(target, ours):
    program = dictionary(2, 40)
    model = ls.compile(program, target, dtype="float32", horizon=40)
    mine = ours(model.module.model.config)
    mine.load_state_dict(model.module.model.state_dict())
    pairs = {(3, 1): (4, 1), (2, 7): (1, 8)}
    xs = discrete.sequence((2, 7), pairs)
    with torch.no_grad():
        embedded = model.module.embed(torch.tensor(xs, dtype=torch.float32)[None])
        found = model.module.head(mine(embedded))[0].double().numpy()
    assert (found == program.run(xs)).all()


@each_target
def test_greedy_decoding_looks_the_word_up(target):
    model = ls.compile(dictionary(3, 64), target, dtype="float32", horizon=64)
    lm = model.causal_lm()
    assert type(lm) is CLASSES[target][1]
    for country in ("CAN", "ENG"):
        xs = discrete.sequence(country, discrete.CAPITALS).astype(int).ravel()
        ids = torch.tensor([[*xs.tolist(), 0]])
        options = {"use_cache": False} if target == "hawk" else {}
        out = lm.generate(
            ids, attention_mask=torch.ones_like(ids), max_new_tokens=3, do_sample=False,
            pad_token_id=0, eos_token_id=None, **options,
        )  # fmt: skip
        assert discrete.decode(out[0, -3:].numpy()) == discrete.CAPITALS[country]


@pytest.mark.parametrize(
    ("domain", "dim", "message"),
    [((0, 1), 1, "reads real in"), (int, 1, "reads any integer|reads integer"), (bool, 2, "reads")],
)
def test_a_language_model_needs_a_vocabulary(domain, dim, message):
    model = ls.compile(program_of(lambda x: x[0] + 0, domain, dim), "mamba", dtype="float32")
    with pytest.raises(UnsupportedByTarget, match=message):
        model.causal_lm()
    with pytest.raises(UnsupportedByTarget, match="no causal language model for lstm"):
        ls.compile(more_ones.program(), "lstm").causal_lm()


ELSEWHERE = """
import sys, torch
from safetensors.torch import load_file
from transformers import AutoModel
folder, name = sys.argv[1:]
model, maps = AutoModel.from_pretrained(folder), load_file(folder + "/affine.safetensors")
assert type(model).__name__ == name
x = torch.tensor([0.0, 1, 1, 0, 1])[None, :, None]
embedded = x @ maps["embed.weight"].T + maps["embed.bias"]
hidden = model(inputs_embeds=embedded, use_cache=False).last_hidden_state
assert (hidden @ maps["head.weight"].T + maps["head.bias"]).flatten().tolist() == [0, 0, 1, 0, 1]
"""


@each_target
def test_a_checkpoint_is_read_by_transformers_alone(target, tmp_path):
    model = ls.compile(more_ones.program(), target, dtype="float32", domain=bool)
    model.save(tmp_path / "model")
    command = [sys.executable, "-W", "ignore", "-c", ELSEWHERE, str(tmp_path / "model")]
    done = subprocess.run(
        [*command, CLASSES[target][0].__name__], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert (ls.load(tmp_path / "model").run([0, 1, 1]) == [0, 0, 1]).all()


# --- sizes -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "sizes"),
    [
        ("mamba", {"hidden_size": 768, "num_hidden_layers": 4, "state_size": 16, "expand": 2,
                   "time_step_rank": 48}),
        ("mamba2", {"hidden_size": 128, "num_hidden_layers": 3}),
        ("hawk", {"hidden_size": 64, "num_hidden_layers": 3, "intermediate_size": 24}),
        ("griffin", {"num_hidden_layers": 4}),
        ("lstm", {"hidden_size": 9, "num_layers": 4}),
        ("gru", {"hidden_size": 9, "num_layers": 5}),
    ],
)  # fmt: skip
def test_sizes_that_are_asked_for(target, sizes, tmp_path):
    model = ls.compile(more_ones.program(), target, dtype="float32", domain=bool, sizes=sizes)
    inner = getattr(model.module, "model", None)
    holder = inner.config if inner is not None else model.module.rnn
    assert {name: getattr(holder, name) for name in sizes} == sizes
    xs = RNG.integers(0, 2, (3, 20, 1))
    assert (model.run(xs) == more_ones.program().run(xs)).all()
    model.save(tmp_path / "model")
    assert (ls.load(tmp_path / "model").run(xs) == model.run(xs)).all()


@pytest.mark.parametrize(
    ("target", "sizes", "message"),
    [
        ("mamba", {"hidden_size": 4}, "hidden_size=4 is too small.*needs"),
        ("mamba", {"num_hidden_layers": 1}, "num_hidden_layers=1 is too small"),
        ("mamba", {"heads": 4}, "no size 'heads'.*hidden_size, num_hidden_layers"),
        ("hawk", {"hidden_size": 768}, "not a power of 4"),
        ("lstm", {"num_layers": 1}, "num_layers=1 is too small"),
        ("gru", {"hidden_size": "9"}, "too small"),
        ("rnn", {"hidden_size": 9}, "follow from the program"),
    ],
)
def test_sizes_that_do_not_fit(target, sizes, message):
    with pytest.raises(UnsupportedByTarget, match=message):
        ls.compile(more_ones.program(), target, domain=bool, sizes=sizes)


# --- how far ----------------------------------------------------------------------------------


@each_target
def test_values_that_the_norm_would_change(target):
    program = program_of(lambda x: ls.LinState(x, [[1]], [[1]], name="sum"), (0, 2**28))
    model = ls.compile(program, target, dtype="float32", horizon=9)
    assert "'sum' is up to 2.42e+09" in model.report.notes[1]
    assert model.run([3.0, 4.0]).tolist() == [3, 7]
    with pytest.warns(PrecisionWarning, match=r"2\.68e\+08 is changed by the norms") as caught:
        model.run([2.0**28])
        model.run([2.0**28])
    assert len(caught) == 1
    small = ls.compile(program, target, dtype="float32", domain=(0, 1), horizon=9)
    assert len(small.report.notes) == 1


@pytest.mark.parametrize(
    ("target", "right"), [("mamba", True), ("mamba2", True), ("griffin", False)]
)
def test_padding_on_the_left(target, right):
    """Handled with a mask where the class heeds it; where it does not, the docs say so."""
    lm = ls.compile(dictionary(3, 64), target, dtype="float32", horizon=64).causal_lm()
    tokens = discrete.sequence("CAN", discrete.CAPITALS).astype(int).ravel().tolist()
    ids = torch.tensor([[0] * 5 + tokens + [0]])
    mask = torch.ones_like(ids)
    mask[:, :5] = 0
    out = lm.generate(ids, attention_mask=mask, max_new_tokens=3, do_sample=False, pad_token_id=0)
    assert (discrete.decode(out[0, -3:].numpy()) == "OTT") == right


def test_a_coarse_dtype_cannot_tell_many_tokens_apart():
    program = dictionary(2, 40)
    with pytest.warns(PrecisionWarning, match="27 tokens.*bfloat16"):
        ls.compile(program, "mamba", dtype="bfloat16", horizon=40).causal_lm()
