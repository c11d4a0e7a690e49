import numpy as np
import pytest
from hypothesis import given

import lsrl_edu as ls
from lsrl_edu.compiler.schedule import _live, _rows
from tests.compiler.checks import make_form, program_of
from tests.strategies import cases, programs


def compiled(body, domain=None, dim=1, **options):
    return ls.compile(program_of(body, domain, dim), **options)


def kinds(network):
    return [layer.kinds for layer in network.layers]


def misshapen(network) -> list:
    """Everything about the shapes of a network that does not fit."""
    wrong, before = [], network.input_dim
    for k, layer in enumerate(network.layers):
        rows = layer.states + layer.relus + layer.carries + 2 * layer.products
        if layer.W.shape != (rows, before) or layer.b.shape != (rows, 1):
            wrong.append((k, "W, b", layer.W.shape, layer.b.shape))
        if layer.A.shape != (layer.states,) * 2 or layer.s0.shape != (layer.states, 1):
            wrong.append((k, "A, s0", layer.A.shape, layer.s0.shape))
        if {len(layer.labels), len(layer.ranges), len(layer.kinds)} != {layer.width}:
            wrong.append((k, "labels, ranges, kinds"))
        before = layer.width
    if network.readout.shape[1] != before or network.readout_bias.shape[1] != 1:
        wrong.append(("readout", network.readout.shape))
    return wrong


@given(programs(thirds=True))
def test_shapes_fit(program):
    for simplify in (True, False):
        network = ls.compile(program, simplify=simplify)
        assert not misshapen(network)
        assert network.output_dim == program.output.dim
        assert network.input_dim == program.input.dim


@given(programs())
def test_depth_is_the_longest_path(program):
    form = make_form(program)
    live, longest = _live(form), {}
    for a in sorted(live):
        below = [longest[b] for read in _rows(form, a) for b, _ in read.terms]
        own = form.table.reads(a) or type(form.table.atoms[a]).__name__ != "InputAtom"
        longest[a] = 1 + max(below, default=0) if own else 0
    depth = max(longest.values(), default=0)
    # All entries of a state sit in one layer, after everything that any of them reads.
    assert ls.compile(program).depth >= depth
    assert ls.compile(program).depth == max((form.table.levels[a] for a in live), default=0)


@given(programs())
def test_sizes_are_counted_right(program):
    network = ls.compile(program)
    matrices = [network.readout, network.readout_bias]
    for layer in network.layers:
        matrices += [layer.W, layer.b, layer.A, layer.s0]
    assert network.nonzeros == sum(int(np.count_nonzero(m.float64)) for m in matrices)
    assert network.width == max([len(k) for k in kinds(network)] or [network.input_dim])
    assert network.depth == len(network.layers)
    assert network.states == sum(k.count("state") for k in kinds(network))
    assert network.products == sum(k.count("product") for k in kinds(network))


@given(cases())
def test_every_channel_is_read(case):
    """Nothing is computed or carried in vain."""
    network = ls.compile(case[0])
    weights = ([layer.W for layer in network.layers] + [network.readout])[1:]
    for layer, above in zip(network.layers, weights, strict=True):
        read = {c for row in above.rows for c, _ in row} | {
            c for row in layer.A.rows for c, _ in row
        }
        assert read == set(range(layer.width))


# --- examples --------------------------------------------------------------------------------


def test_a_value_is_carried_until_it_is_read():
    def body(x):
        first = ls.ReLU(x[0], name="first")
        second = ls.ReLU(first + x[1], name="second")
        return ls.ReLU(second - x[1] - x[0], name="third") + x[0]

    network = compiled(body, None, 2)
    assert kinds(network) == [
        ("relu", "carry", "carry"),
        ("relu", "carry", "carry"),
        ("relu", "carry"),
    ]
    assert network.layers[0].labels == ("first", "x", "x[1]")
    assert network.layers[2].labels == ("third", "x")


def late(x, use):
    """A value used beside another that takes three layers."""
    deep = ls.ReLU(ls.ReLU(ls.ReLU(x[0] - x[1]) - x[1]) - x[0])
    return use(ls.f_step(x[0], 2, name="step"), deep)


def test_values_used_in_one_combination_are_one_channel():
    """The two ReLUs of a step travel as one number."""
    network = compiled(lambda x: late(x, lambda step, deep: ls.ReLU(step - deep)), None, 2)
    carried = [k.count("carry") for k in kinds(network)]
    assert carried == [2, 2, 1, 0]  # x[0] and x[1]; the step and x[0]; the step


def test_values_used_in_two_combinations_are_two_channels():
    def body(x):
        a, b = ls.ReLU(x[0], name="a"), ls.ReLU(x[0] - 1, name="b")
        deep = ls.ReLU(ls.ReLU(ls.ReLU(x[0] - x[1]) - x[1]) - x[0])
        return ls.Concat(ls.ReLU(a - b - deep), ls.ReLU(a + b - deep))

    def same(x):
        a, b = ls.ReLU(x[0], name="a"), ls.ReLU(x[0] - 1, name="b")
        deep = ls.ReLU(ls.ReLU(ls.ReLU(x[0] - x[1]) - x[1]) - x[0])
        return ls.Concat(ls.ReLU(a - b - deep), ls.ReLU(2 * (a - b) - deep))

    two, one = compiled(body, None, 2), compiled(same, None, 2)
    assert [layer.carries for layer in two.layers][1:] == [3, 2, 0]  # x[0] too
    assert [layer.carries for layer in one.layers][1:] == [2, 1, 0]
    assert two.layers[2].labels[1:] == ("a", "b") and one.layers[2].labels[1:] == ("a & b",)


@pytest.mark.parametrize(
    "body, depth, width",
    [
        (lambda x: 2 * x + 1, 0, 1),
        (lambda x: ls.f_constant(x, 3), 0, 1),
        (lambda x: ls.ReLU(x), 1, 1),
        (lambda x: ls.f_step(x), 1, 2),
        (lambda x: ls.LinState(x, [[1]], [[1]]), 1, 1),
        (lambda x: ls.LinState(ls.LinState(x, [[1]], [[1]]), [[1]], [[1]]), 2, 1),
        (lambda x: x * x, 1, 1),
        (lambda x: ls.ReLU(x) + x, 1, 2),
    ],
)
def test_small_networks(body, depth, width):
    network = compiled(body)
    assert (network.depth, network.width) == (depth, width)


def test_what_no_output_needs_is_left_out():
    def body(x):
        pair = ls.Concat(ls.ReLU(x), ls.LinState(x, [[1]], [[1]]))
        return pair[0]

    assert compiled(body).states == 0


def test_a_state_brings_the_entries_it_reads():
    def body(x):
        return ls.LinState(x, [[0, 1], [0, 0]], [[0], [1]])[0]  # x one step ago

    network = compiled(body)
    assert network.states == 2
    assert network.run([1, 2, 3]).tolist() == [0, 1, 2]
