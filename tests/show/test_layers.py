import dataclasses
import xml.etree.ElementTree as ElementTree

import pytest

import lsrl_edu as ls
from lsrl_edu.compiler.compile import compile_layers
from lsrl_edu.compiler.layers import Layer, Layers
from lsrl_edu.numbers import Matrix
from lsrl_edu.ranges import Range
from lsrl_edu.show.layers import columns, draw_layers, draw_weights, layers_html
from lsrl_edu.show.weights import Scale

SVG = "{http://www.w3.org/2000/svg}"


def by_hand() -> Layers:
    """One layer with a channel of every kind, the state turning in two dimensions."""
    layer = Layer(
        W=Matrix.of([[1], [0], [2], [1], [-3], [1]]),
        b=Matrix.column([0, 0, -1, 0, 0, 0]),
        A=Matrix.of([[0, -1], [1, 0]]),
        s0=Matrix.column([1, 0]),
        relus=1,
        carries=1,
        products=1,
        labels=("s[0]", "s[1]", "<r>", "x", "p"),
        ranges=(Range(),) * 5,
    )
    readout = Matrix.of([[1, 0, 0, -(10**6), 0]])
    return Layers(1, (layer,), readout, Matrix.column([0.5]), (Range(),), name="<net>")


def texts(svg: str) -> list[str]:
    return [e.text for e in ElementTree.fromstring(svg).iter(SVG + "text")]


def test_columns_hold_every_weight():
    layers = by_hand()
    made = columns(layers)
    weights = sum(len(c.feeds) + len(c.loops) for c in made)
    assert weights == layers.layers[0].W.nonzeros + 2 + layers.readout.nonzeros
    assert (0, 4, -3, "left") in made[1].feeds and (0, 4, 1, "right") in made[1].feeds
    assert made[1].notes == ("s₀ = 1", "", "bias −1", "carried", "left × right")


@pytest.mark.parametrize("style", ["auto", "network", "strip"])
def test_a_network_is_drawn_with_title_and_description(style):
    picture = draw_layers(by_hand(), style)
    root = ElementTree.fromstring(picture.svg)
    assert root.get("role") == "img" and root[0].text == "Network <net>"
    assert "2 states, 1 relu, 1 carry, 1 product" in root[1].text
    assert not any("id" in e.attrib for e in root.iter())


def test_negative_weights_are_dashed():
    root = ElementTree.fromstring(draw_layers(by_hand(), "network").svg)
    lines = list(root.iter(SVG + "line"))
    assert len(lines) == 7
    assert sum("stroke-dasharray" in e.attrib for e in lines) == 2


def test_a_big_network_becomes_a_strip(more_ones):
    small = compile_layers(more_ones)
    many = dataclasses.replace(small, layers=small.layers * 20)
    assert "draw(style='network')" in draw_layers(many).note
    assert "20" in texts(draw_layers(many).svg)
    with pytest.raises(ValueError, match="'auto', 'network' or 'strip'"):
        draw_layers(small, "big")


def test_weights_are_written_when_small_and_barred_when_many():
    small = draw_weights(by_hand()).svg
    assert "−3" in texts(small) and "−1000000" in texts(small)
    root = ElementTree.fromstring(small)
    assert root[1].text.startswith("layer 1: W 6 by 1 with 5 non-zeros, A 2 by 2; readout: 1 by 5")


def test_the_scale_is_logarithmic():
    scale = Scale(1e-3, 1e3)
    strengths = [scale.strength(v) for v in (0.001, 1, -1, 1000)]
    assert strengths[0] < strengths[1] == strengths[2] < strengths[3]
    assert strengths[1] == pytest.approx((strengths[0] + strengths[3]) / 2)
    assert Scale(1, 1).strength(1) > 0


def test_html_is_escaped_and_brings_the_table():
    html = layers_html(by_hand())
    assert "<r>" not in html and "&lt;r&gt;" in html
    assert "<details>" in html and "Layer by layer" in html


def test_networks_without_layers_weights_or_states_are_drawn():
    nothing = Layers(2, (), Matrix.zeros(1, 2), Matrix.zeros(1, 1), (Range(), Range()))
    for picture in (draw_layers(nothing, "network"), draw_layers(nothing, "strip")):
        assert picture.svg, picture.note
    assert draw_weights(nothing).svg
    relu = compile_layers(ls.Program(ls.ReLU(ls.Input(1)), "relu"))
    assert draw_layers(relu).svg and draw_weights(relu).svg


def test_the_same_network_gives_the_same_picture():
    assert draw_layers(by_hand()).svg == draw_layers(by_hand()).svg
    assert draw_weights(by_hand()).svg == draw_weights(by_hand()).svg


def test_a_broken_network_is_still_shown():
    broken = dataclasses.replace(by_hand(), readout=None)
    assert "cannot be shown: AttributeError" in layers_html(broken)
