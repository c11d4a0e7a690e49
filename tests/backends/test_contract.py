"""What every target promises. A new one is tested here without a line being added."""

import numpy as np
import pytest
import torch
from hypothesis import given, reject
from hypothesis import strategies as st

import lsrl_edu as ls
from lsrl_edu.backends import get_target, registry
from lsrl_edu.errors import DomainError, LSRLError, UnsupportedByTarget
from lsrl_edu.programs import continuous, discrete, more_ones
from lsrl_edu.ranges import Range
from tests.compiler.checks import program_of
from tests.strategies import FEW, cases, programs, sequences

pytestmark = pytest.mark.filterwarnings("ignore::lsrl_edu.errors.PrecisionWarning")
TARGETS = sorted(ls.targets())
each_target = pytest.mark.parametrize("target", TARGETS)
RNG = np.random.default_rng(0)


def counter_for(target, horizon=64) -> dict:
    """How a program for this target counts mod n."""
    if registry()[target].diagonal:
        return {"counter": "sawtooth", "horizon": horizon}
    return {"counter": "cycle"}


def unit_of(target) -> float:
    """The relative error that rounding may cause, with room for a few operations."""
    return 2.0 ** (10 - registry()[target].digits)


def method_for(target):
    return "multiplicative_optimized" if registry()[target].gates else "optimized"


def close(found, truth, unit=1e-9) -> bool:
    truth = np.asarray(truth, dtype=float)
    scale = 1 + np.abs(truth).max(initial=0)
    return found.shape == truth.shape and bool((np.abs(found - truth) <= unit * scale).all())


def size_of(layers, xs) -> float:
    """How large the numbers inside may be, compared with those outside."""
    return 1 + layers.largest_weight * (1 + float(np.abs(xs).max(initial=0)))


def bounded(program) -> list[Range]:
    """The domain the drawn inputs come from: products of some cells need a bound."""
    known = program.ranges
    return [Range(max(r.lo, -5), min(r.hi, 5), r.integer) for r in known]


def built(program, target, xs, **options):
    """Compile for inputs like these, however many there are."""
    horizon = max(1, np.asarray(xs).shape[-2])
    try:
        return ls.compile(program, target, domain=bounded(program), horizon=horizon, **options)
    except UnsupportedByTarget as refusal:
        reasons = ["has no bound"]  # a dense state that grows: nothing is known of its size
        reasons += ["eigenvalue", "eigenvectors"] if registry()[target].diagonal else []
        assert registry()[target].released and any(r in str(refusal) for r in reasons)
        reject()


def slack(model, size) -> float:
    """What products that are not exact may add, with room for what follows them."""
    return size * size * max((use.error for use in model.report.gadgets), default=0.0)


def counter_program():
    def body(x):
        count = ls.LinState(x, [[1]], [[1]], name="count")
        return ls.ReLU(count - 3) + x

    return program_of(body, (-2, 2))


# --- right answers ---------------------------------------------------------------------------


@each_target
@FEW
@given(st.data())
def test_random_programs(target, data):
    products = registry()[target].gates
    program, xs = data.draw(cases(products=products, max_nodes=8))
    truth = program.run(xs, "exact")
    model = built(program, target, xs)
    size = size_of(model.layers, xs)
    assert close(model.run(xs), truth, unit_of(target) * size + slack(model, size))
    if model.layers.largest_weight <= 64:
        single = built(program, target, xs, dtype="float32")
        assert close(single.run(xs), truth, 1e-4 * size + slack(single, size))


@each_target
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_more_ones(target, dtype):
    model = ls.compile(more_ones.program(), target=target, dtype=dtype)
    xs = RNG.integers(0, 2, (20, 30, 1))
    assert (model.run(xs) == more_ones.program().run(xs)).all()


@each_target
@pytest.mark.parametrize("n", [1, 2, 3])
def test_discrete_maps(target, n):
    program = discrete.program(n, method_for(target), vocabulary=range(5), **counter_for(target))
    model = ls.compile(program, target=target, horizon=64)
    pairs = {tuple(RNG.integers(0, 5, n).tolist()): RNG.integers(0, 5, n) for _ in range(4)}
    for query in pairs:
        xs = discrete.sequence(query, pairs)
        assert np.abs(model.run(xs) - program.run(xs)).max() <= 1e-9
        assert (discrete.answer(model.run(xs), n) == pairs[query]).all()


@each_target
def test_capitals_in_float32(target):
    options = counter_for(target)
    program = discrete.program(3, method_for(target), vocabulary=range(27), lam=64, **options)
    model = ls.compile(program, target=target, dtype="float32", horizon=64)
    for country, capital in discrete.CAPITALS.items():
        found = discrete.answer(model.run(discrete.sequence(country, discrete.CAPITALS)), 3)
        assert discrete.decode(found) == capital


@each_target
@pytest.mark.parametrize("d_in", [1, 2])
def test_continuous_functions(target, d_in):
    program = continuous.program(d_in, 1, method_for(target), values=(-3, 3))
    model = ls.compile(program, target=target)
    prompt = continuous.prompt(lambda p: np.round(np.sin(5 * p.sum()), 3), d_in, 4)
    queries = (RNG.integers(0, 4, (10, d_in)) + RNG.uniform(0.1, 0.9, (10, d_in))) / 4
    batch = np.stack([continuous.sequence(q, prompt) for q in queries])
    truth = program.run(batch, "exact").astype(float)
    assert np.abs(model.run(batch) - truth).max() <= max(1e-9, unit_of(target) / 256)


@each_target
@pytest.mark.parametrize("length", [0, 1, 2, 1000])
def test_lengths(target, length):
    program = counter_program()
    xs = RNG.integers(-16, 17, (length, 1)) / 8
    assert close(ls.compile(program, target=target).run(xs), program.run(xs), 8 * unit_of(target))


@each_target
@given(st.data())
@FEW
def test_batches(target, data):
    program = data.draw(programs(products=registry()[target].gates, max_nodes=6))
    length = data.draw(st.integers(0, 4))
    xs = np.stack([data.draw(sequences(program, length, length)) for _ in range(3)])
    model = built(program, target, xs)
    alone = np.stack([model.run(x).reshape(length, program.output.dim) for x in xs])
    assert close(model.run(xs), alone, max(1e-9, unit_of(target) * size_of(model.layers, xs)))
    assert model.run(xs[:0]).shape == (0, length, program.output.dim)


@each_target
@FEW
@given(st.data())
def test_step_by_step_is_the_whole_sequence(target, data):
    program, xs = data.draw(cases(products=registry()[target].gates, max_nodes=8))
    model = built(program, target, xs)
    whole = model.run(xs).reshape(len(xs), program.output.dim)
    steps = [y.reshape(-1) for y in model.steps(xs)]
    assert len(steps) == len(xs)
    unit = unit_of(target) * size_of(model.layers, xs) + slack(model, 1)
    assert all(close(y, truth, unit) for y, truth in zip(steps, whole, strict=True))


# --- the module is what it says --------------------------------------------------------------


@each_target
def test_every_perturbed_weight_that_counts_is_noticed(target):
    program = counter_program()
    model = ls.compile(program, target=target)
    xs = np.array([[-1.5], [-2], [1], [2], [2], [2], [2], [-2], [-2], [-2], [-2], [1], [2]])
    truth, noticed = program.run(xs, "exact"), 0
    unit = max(1e-9, unit_of(target))
    assert close(model.run(xs), truth, unit)
    for weight in model.module.parameters():
        for value in weight.detach().view(-1):
            if value != 0:
                before = float(value)
                value *= 1 + 1e-3
                noticed += not close(model.run(xs), truth, unit)
                value.fill_(before)
    total = sum(int(w.count_nonzero()) for w in model.module.parameters())
    # some units are off on this input, and what is shouted may be a little louder
    assert noticed >= (0.25 if registry()[target].released else 0.7) * total


@each_target
def test_a_state_dict_goes_round(target):
    program = counter_program()
    model, other = (ls.compile(program, target=target) for _ in range(2))
    xs = RNG.integers(-2, 3, (9, 1))
    for weight in other.module.parameters():
        torch.nn.init.normal_(weight)
    assert not close(other.run(xs), program.run(xs))
    other.module.load_state_dict(model.state_dict())
    assert (other.run(xs) == model.run(xs)).all()


@each_target
@pytest.mark.parametrize("dtype", ["float64", "float32", "bfloat16"])
def test_saved_and_loaded(target, dtype, tmp_path):
    model = ls.compile(counter_program(), target=target, dtype=dtype, horizon=100)
    model.save(tmp_path / "model")
    again = ls.load(tmp_path / "model")
    xs = RNG.integers(-2, 3, (9, 1))
    assert (again.run(xs) == model.run(xs)).all()
    assert (again.target, again.dtype, str(again.report)) == (target, dtype, str(model.report))
    assert all((w == again.state_dict()[k]).all() for k, w in model.state_dict().items())


@each_target
def test_gradients_flow(target):
    """It is an ordinary module: it can be trained."""
    module = ls.compile(counter_program(), target=target).module
    module(torch.ones(2, 5, 1, dtype=torch.float64)).sum().backward()
    assert any(w.grad is not None and w.grad.abs().sum() > 0 for w in module.parameters())


# --- refusals and reports --------------------------------------------------------------------


@each_target
def test_products(target):
    program = program_of(lambda x: (x[0] * x[1]).named("area") + 1, (0, 3), 2)
    if registry()[target].gates:
        model = ls.compile(program, target=target)
        assert abs(model.run([[2, 3]]) - 7).max() <= slack(model, 1) + unit_of(target) < 1e-4
        return
    with pytest.raises(UnsupportedByTarget, match="'area'.*no gate.*gated_linear_rnn.*f_ifelse"):
        ls.compile(program, target=target)


@each_target
def test_a_product_of_booleans_needs_no_gate(target):
    program = program_of(lambda x: x[0] * x[1], bool, 2)
    assert ls.compile(program, target=target).run([[1, 1], [1, 0]]).ravel().tolist() == [1, 0]


@each_target
def test_inputs_without_a_promise(target):
    model = ls.compile(counter_program(), target=target, horizon=3)
    for xs in ([5.0], [0.0] * 4, [np.nan]):
        with pytest.raises(DomainError):
            model.run(xs)


@each_target
def test_reports(target):
    model = ls.compile(counter_program(), target=target, horizon=50)
    report = model.report
    assert report.target == target and report.hidden_sizes == model.built.hidden_sizes
    assert report.parameters == sum(w.numel() for w in model.module.parameters())
    assert 0 < report.nonzeros <= report.parameters and report.horizon == 50
    assert target in str(report) and get_target(target).equation in str(report)
    assert target in repr(model) and "example" in repr(model)
    found = {use.operation: use.count for use in report.gadgets}
    wanted = {"state": 1, "relu": 1} | ({} if registry()[target].diagonal else {"carry": 2})
    assert found == wanted
    assert all(use.gadget.equation in str(report) for use in report.gadgets)


@each_target
def test_a_program_without_memory_or_input(target):
    for body in (lambda x: 2 * x, lambda x: ls.f_constant(x, 5)):
        program = program_of(body)
        for xs in ([1.0, 2.0], []):
            assert ls.compile(program, target=target).run(xs).tolist() == program.run(xs).tolist()


def test_an_unknown_target():
    with pytest.raises(LSRLError, match="target='transformer'.*linear_rnn"):
        ls.compile(counter_program(), target="transformer")
