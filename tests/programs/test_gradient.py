from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import lsrl_edu as ls
from lsrl_edu.errors import (
    DomainError,
    PrecisionError,
    PrecisionWarning,
    ProgramError,
    ShapeError,
    UnsupportedByTarget,
)
from lsrl_edu.programs import gradient
from lsrl_edu.ranges import Range
from tests.strategies import FEW

DIAGONAL = ("mamba", "mamba2", "hawk", "griffin")
GATED = tuple(t for t in ls.targets() if t not in ("linear_rnn", "rnn"))
ROUNDED = {"lstm": 1e-10, "gru": 1e-8, "tanh_rnn": 1e-8} | dict.fromkeys(DIAGONAL, 1e-6)
ETA = Fraction(3, 10)
SMALL = st.integers(1, 3)
numbers = st.fractions(-2, 2, max_denominator=4)


@st.composite
def tables(draw, rows, columns):
    """A table of Fractions; an array of objects even where it has no rows."""
    flat = draw(st.lists(numbers, min_size=rows * columns, max_size=rows * columns))
    return np.array(flat, dtype=object).reshape(rows, columns)


@st.composite
def tasks(draw, longest=4):
    """X (N + 1, f) and Y (N, m)."""
    features, outputs, pairs = draw(SMALL), draw(SMALL), draw(st.integers(0, longest))
    return draw(tables(pairs + 1, features)), draw(tables(pairs, outputs))


def told(X, Y, number="exact", **choices):
    """What the program says at every element."""
    program = gradient.program(X.shape[1], Y.shape[1], **choices)
    marker = choices.get("clock") == "marker"
    return program.run(gradient.sequence(X, Y, marker), number=number)


def same(found, expected):
    return found.shape == expected.shape and bool((found == expected).all())


def floats(pairs=5, features=3, outputs=2, seed=0):
    X, Y, _ = gradient.task(features, pairs, seed, outputs)
    return X, Y


def bounded(features, steps=1, pairs=5, target="lstm", **choices):
    """A program whose numbers are at most 4, with a clock that the target has."""
    clock = "sawtooth" if target in DIAGONAL else "cycle"
    choices = {"eta": 0.5, "clock": clock, "horizon": 2 * pairs + 1, "domain": (-4, 4)} | choices
    return gradient.program(features, steps=steps, **choices)


# --- the program computes it, exactly, at every prefix -----------------------------------------


@pytest.mark.parametrize("steps", [1, 2, 3])
@given(tasks())
@FEW
def test_plain_gradient_descent_at_every_prefix(steps, task):
    outputs = told(*task, eta=ETA, steps=steps)
    assert same(gradient.answers(outputs), gradient.predictions(*task, ETA, steps))
    assert not outputs[1::2].any()


@pytest.mark.parametrize("decay", [0, Fraction(1, 4), Fraction(81, 100)])
@given(tasks(), st.integers(1, 2))
@FEW
def test_the_past_fades(decay, task, steps):
    found = gradient.answers(told(*task, eta=ETA, steps=steps, decay=decay))
    assert same(found, gradient.predictions(*task, ETA, steps, decay))


@given(st.data(), st.integers(1, 3), st.integers(0, 4))
@FEW
def test_classification_from_zero(data, classes, pairs):
    X = data.draw(tables(pairs + 1, 2))
    labels = data.draw(st.lists(st.integers(0, classes - 1), min_size=pairs, max_size=pairs))
    Y = gradient.one_hot(labels, classes).astype(int).astype(object)
    choices = {"eta": ETA, "loss": "cross_entropy"}
    found = gradient.answers(told(X, Y, **choices))
    assert same(found, gradient.predictions(X, Y, **choices))


@given(st.data(), tasks(longest=3), SMALL, st.integers(1, 2))
@FEW
def test_hidden_features(data, task, width, steps):
    X, Y = task
    hidden = data.draw(tables(width, X.shape[1])), data.draw(tables(1, width))[0]
    found = gradient.answers(told(X, Y, eta=ETA, steps=steps, hidden=hidden))
    assert same(found, gradient.predictions(gradient.lifted(X, hidden), Y, ETA, steps))


def test_hidden_features_and_classes_know_that_there_is_no_pair_at_first():
    X, Y = np.array([[1], [1]], dtype=object), np.array([[1, 0]], dtype=object)
    hidden = [[0], [1]], [5, -3]  # phi(0) is not 0
    choices = {"eta": 1, "loss": "cross_entropy", "hidden": hidden}
    found = gradient.answers(told(X, Y, **choices))
    half = Fraction(25, 2) / 2  # eta / h * 1/2 * <phi(1), phi(1)>
    assert found.tolist() == [[0, 0], [half, -half]]


@pytest.mark.parametrize("clock", ["cycle", "sawtooth", "marker"])
def test_every_clock_says_the_same(clock):
    X, Y = map(gradient.fractions, floats(pairs=12))
    hidden = np.eye(3) - 0.5, [0.25, 0, 1]
    found = told(X, Y, eta=ETA, steps=2, hidden=hidden, clock=clock, horizon=25)
    expected = gradient.predictions(gradient.lifted(X, hidden), Y, ETA, 2)
    assert same(gradient.answers(found), expected)


def test_no_pair_at_all_answers_0():
    outputs = told(np.array([[3, 4]], dtype=object), np.zeros((0, 2), dtype=object))
    assert outputs.tolist() == [[0, 0]]
    assert gradient.predictions([[3, 4]], np.zeros((0, 2)), 1).tolist() == [[0, 0]]


def test_one_pair_by_hand():
    """W = eta/f y x^T = 1/2 * (10, 20)^T (1, 2), applied to (3, 4): 11/2 * (10, 20)."""
    X, Y = [[1, 2], [3, 4]], [[10, 20]]
    xs = gradient.sequence(X, Y)
    assert xs.tolist() == [[1, 2], [10, 20], [3, 4]]
    trace = gradient.program(2).trace(xs)
    assert trace["window"].tolist()[-1] == [3, 4, 10, 20, 1, 2]
    assert trace["pair"].ravel().tolist() == [1, 0, 1]
    assert trace["S"].tolist() == [[0] * 4, [0] * 4, [10, 20, 20, 40]]
    assert gradient.answer(trace.output).tolist() == [55, 110]


def test_a_root_that_is_no_fraction_is_rounded_far_out():
    X, Y = map(gradient.fractions, floats())
    found = gradient.answers(told(X, Y, eta=ETA, decay=Fraction(1, 2)))
    error = abs(found - gradient.predictions(X, Y, ETA, 1, Fraction(1, 2))).max()
    assert 0 < error < Fraction(1, 10**36)


def test_a_long_prompt_and_a_batch():
    tasks = [floats(pairs=150, seed=seed) for seed in range(3)]
    xs = gradient.sequence(*(np.stack(tables) for tables in zip(*tasks, strict=True)))
    assert xs.shape == (3, 301, 3)
    found = gradient.answer(gradient.program(3, 2, eta=0.01, steps=3).run(xs))
    expected = [gradient.descend(X[:-1], Y, 0.01, 3) @ X[-1] for X, Y in tasks]
    assert found == pytest.approx(np.array(expected), abs=1e-12)


# --- a mistake would be found ------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        {"eta": ETA + Fraction(1, 10**9)},
        {"steps": 1},
        {"steps": 3},
        {"decay": Fraction(1, 4)},
        {"hidden": (np.eye(2), [0, 0])},
        {"clock": "marker"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_another_program_gives_another_answer(change):
    X = np.array([[1, -2], [3, 1], [0, 1], [2, -1]], dtype=object)
    Y = np.array([[1, 2], [-1, 1], [3, 0]], dtype=object)
    right = {"eta": ETA, "steps": 2}
    expected = gradient.predictions(X, Y, **right)
    assert same(gradient.answers(told(X, Y, **right)), expected)
    program = gradient.program(2, **right | change)
    flipped = gradient.sequence(X, Y, marker=True)
    flipped[:, -1] = 1 - flipped[:, -1]
    xs = flipped if "clock" in change else gradient.sequence(X, Y)
    assert not same(gradient.answers(program.run(xs, number="exact")), expected)


# --- compiled ----------------------------------------------------------------------------------


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_a_step_more_is_a_layer_more(steps):
    network = ls.compile(bounded(3, steps))
    X, Y = floats(outputs=3)
    found = network.run(gradient.sequence(X, Y))
    assert gradient.answers(found) == pytest.approx(
        gradient.predictions(X, Y, 0.5, steps), abs=1e-14
    )
    assert network.depth == 4 + steps
    assert network.width < 8 * 3**2


@pytest.mark.parametrize("choices", [{"hidden": (np.eye(2) - 0.5, [0.1, 0.2])}, {"decay": 0.5}])
def test_variations_compile(choices):
    X, Y = floats(features=2)
    program = bounded(2, **choices)
    xs = gradient.sequence(X, Y)
    assert ls.compile(program).run(xs) == pytest.approx(program.run(xs), abs=1e-13)


@pytest.mark.filterwarnings("ignore::lsrl_edu.errors.PrecisionWarning")
@pytest.mark.parametrize("target", GATED)
def test_every_target_with_products(target):
    if target in DIAGONAL:
        pytest.importorskip("transformers")
    X, Y = floats(pairs=3, features=2, outputs=2)
    model = ls.compile(bounded(2, 2, 3, target), target=target, horizon=7)
    found = gradient.answers(model.run(gradient.sequence(X, Y)))
    expected = gradient.predictions(X, Y, 0.5, 2)
    assert found == pytest.approx(expected, abs=ROUNDED.get(target, 1e-14))
    short = model.run(gradient.sequence(X[:1], Y[:0]))
    assert short == pytest.approx(np.zeros((1, 2)), abs=ROUNDED.get(target, 1e-14))


def test_with_a_marker_there_is_no_horizon():
    pytest.importorskip("transformers")
    X, Y = floats(pairs=100, features=2, outputs=2)
    model = ls.compile(gradient.program(2, eta=0.1, clock="marker"), target="mamba")
    found = gradient.answers(model.run(gradient.sequence(X, Y, marker=True)))
    assert found == pytest.approx(gradient.predictions(X, Y, 0.1), abs=1e-5)


def test_small_targets_are_multiplied_better():
    X, Y = floats(pairs=3, features=2, outputs=2)
    expected, errors = gradient.predictions(X, Y, 0.5, 2), {}
    for scale in (1, 8):
        program = bounded(2, 2, domain=(-4 / scale, 4 / scale))
        model = ls.compile(program, target="gru", horizon=7)
        found = scale * gradient.answers(model.run(gradient.sequence(X, Y / scale)))
        errors[scale] = abs(found - expected).max()
    assert errors[8] < errors[1] / 100


@pytest.mark.parametrize("target", ["linear_rnn", "rnn"])
def test_without_a_gate_there_is_no_product(target):
    with pytest.raises(UnsupportedByTarget, match="no gate"):
        ls.compile(gradient.program(2), target=target)


def test_a_state_that_cannot_alternate_needs_another_clock():
    pytest.importorskip("transformers")
    with pytest.raises(UnsupportedByTarget, match="sawtooth"):
        ls.compile(gradient.program(2), target="mamba")


def test_an_lstm_multiplies_what_is_bounded():
    with pytest.raises((UnsupportedByTarget, PrecisionWarning)):
        ls.compile(gradient.program(2), target="lstm")


# --- what goes in ------------------------------------------------------------------------------


def test_the_narrower_is_filled_up():
    wide, narrow = [[1, 2, 3], [4, 5, 6]], [[7]]
    assert gradient.sequence(wide, narrow).tolist() == [[1, 2, 3], [7, 0, 0], [4, 5, 6]]
    assert gradient.sequence([[1], [2]], [[3, 4]]).tolist() == [[1, 0], [3, 4], [2, 0]]
    marked = gradient.sequence([[1], [2]], [[3]], marker=True)
    assert marked.tolist() == [[1, 1], [3, 0], [2, 1]]


def test_fractions_stay_fractions():
    third = Fraction(1, 3)
    assert gradient.sequence([[third], [1.5]], [[2]]).tolist() == [[third], [2], [1.5]]


def test_eta_0_and_integers_of_numpy():
    X, Y = floats(outputs=3)
    program = gradient.program(np.int64(3), eta=0, clock="sawtooth", horizon=np.int64(11))
    assert not program.run(gradient.sequence(X, Y)).any()
    assert not ls.compile(program).run(gradient.sequence(X, Y)).any()


def test_domains():
    assert gradient.program(2, domain=(-1, 1)).ranges == (Range(-1, 1),) * 2
    marked = gradient.program(1, clock="marker", domain=[(-1, 1)])
    assert marked.ranges == (Range(-1, 1), Range(0, 1, True))


X3, Y2 = [[1, 2], [3, 4], [5, 6]], [[1, 1], [2, 2]]


@pytest.mark.parametrize(
    "mistake, error, words",
    [
        (lambda: gradient.program(0), ShapeError, "features=0"),
        (lambda: gradient.program(2, 1.5), ShapeError, "outputs=1.5"),
        (lambda: gradient.program(2, eta=float("nan")), PrecisionError, "nan"),
        (lambda: gradient.program(2, eta="fast"), PrecisionError, "fast"),
        (lambda: gradient.program(2, steps=0), ProgramError, "steps=0"),
        (lambda: gradient.program(2, steps=True), ProgramError, "steps=True"),
        (lambda: gradient.program(2, decay=1.1), DomainError, "decay=1.1"),
        (lambda: gradient.program(2, decay=-0.1), DomainError, "newest pair"),
        (lambda: gradient.program(2, loss="no"), ProgramError, "cross_entropy"),
        (lambda: gradient.program(2, steps=2, loss="cross_entropy"), ProgramError, "softmax"),
        (lambda: gradient.program(2, clock="no"), ProgramError, "clock='no'"),
        (lambda: gradient.program(2, clock="sawtooth"), ProgramError, r"2 N \+ 1"),
        (lambda: gradient.program(2, hidden=np.eye(3)), ShapeError, "pair"),
        (lambda: gradient.program(2, hidden=(np.eye(3), [0] * 3)), ShapeError, r"\(h, 2\)"),
        (lambda: gradient.program(2, hidden=(np.eye(2), [0] * 3)), ShapeError, "h numbers"),
        (lambda: gradient.program(2, domain=[(0, 1)]), ShapeError, "domain"),
        (lambda: gradient.sequence(X3, X3), ShapeError, "one x more"),
        (lambda: gradient.sequence(X3, [1, 2]), ShapeError, r"\(2,\)"),
        (lambda: gradient.sequence([X3], Y2), ShapeError, "equally many"),
        (lambda: gradient.sequence([[1], [2, 3]], Y2), ShapeError, "differ in length"),
        (lambda: gradient.sequence([["a"], ["b"]], [[1]]), ShapeError, "numbers"),
        (lambda: gradient.sequence([[1], [None]], [[1]]), PrecisionError, r"X at \(1, 0\)"),
        (lambda: gradient.sequence(X3, [[1, 1], [2, np.inf]]), PrecisionError, r"Y .*\(1, 1\)"),
        (lambda: gradient.answer([1, 2, 3]), ShapeError, r"\(3,\)"),
        (lambda: gradient.answers([[1], [2]]), ShapeError, "begins and ends with an x"),
    ],
)
def test_mistakes_get_an_answer(mistake, error, words):
    with pytest.raises(error, match=words):
        mistake()
