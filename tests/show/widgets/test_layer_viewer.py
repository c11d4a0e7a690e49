import json

import pytest

from lsrl_edu.compiler.compile import compile_layers
from lsrl_edu.show.widgets.layer_viewer import LayerViewer, view_layers, viewer_data


@pytest.fixture
def layers(more_ones):
    return compile_layers(more_ones)


def test_every_layer_is_there_with_a_sentence(layers):
    data = viewer_data(layers)
    assert [x["name"] for x in data["layers"]] == ["layer 1", "layer 2", "readout"]
    assert data["layers"][0]["sentence"].startswith(
        "Layer 1 of 2 reads 1 channel and hands on 2 states, with"
    )
    assert data["layers"][2]["sentence"] == "The readout makes 1 output of 2 channels."
    assert all('role="img"' in x["svg"] for x in data["layers"])
    assert json.dumps(data) == json.dumps(viewer_data(layers))


@pytest.mark.parametrize(("start", "shown"), [(1, 0), (2, 1), (99, 2), (-5, 0)])
def test_the_start_lies_inside(layers, start, shown):
    assert viewer_data(layers, start=start)["start"] == shown


def test_the_shell_is_thin(layers):
    widget = view_layers(layers, start=2)
    assert isinstance(widget, LayerViewer) and widget.layer == 1
    assert repr(widget) == "<Weights of more_ones, layer by layer>"


def test_buttons_keys_and_the_list_choose(layers, open_page):
    data = viewer_data(layers)
    page = open_page("layer_viewer", "layer", data)
    story = page.get_by_role("status")
    assert story.text_content() == data["layers"][0]["sentence"]
    page.get_by_role("button", name="Next").click()
    assert story.text_content() == data["layers"][1]["sentence"]
    page.keyboard.press("End")
    assert story.text_content() == data["layers"][2]["sentence"]
    page.get_by_role("combobox", name="Layer").select_option("0")
    assert story.text_content() == data["layers"][0]["sentence"]
    assert "Weights of layer 1" in page.locator(".picture svg").get_attribute("aria-label")
