import json
import re

import pytest

from lsrl_edu.show.widgets.trace_stepper import TraceStepper, step_through, stepper_data
from lsrl_edu.show.words import say_vector, typeset

XS = [0, 1, 1, 0, 1]


@pytest.fixture
def trace(more_ones):
    return more_ones.trace(XS)


# --- the data ------------------------------------------------------------------------------------
def test_every_value_of_every_step_is_there(trace):
    data = stepper_data(trace)
    assert data["steps"] == len(XS)
    for node, shown in zip(trace.program.nodes, data["nodes"], strict=True):
        assert shown["kind"] == node.kind
        assert shown["values"] == [typeset(say_vector(v)) for v in trace.values[node]]
    assert [n["name"] for n in data["nodes"] if n["state"]] == ["ones", "zeros"]
    assert [data["nodes"][i]["name"] for i in data["rows"]] == ["x", "ones", "zeros", "output"]
    assert data["nodes"][data["output"]]["values"] == ["0", "0", "1", "0", "1"]


def test_every_node_has_its_place_in_the_picture(trace):
    data = stepper_data(trace)
    places = [int(i) for i in re.findall(r'data-node="(\d+)"', data["svg"])]
    assert places == list(range(len(data["nodes"])))
    assert data["svg"].count('class="ls-value"') == len(data["nodes"])


def test_the_story_starts_where_the_output_first_changes(trace, more_ones):
    assert stepper_data(trace)["start"] == 2
    assert stepper_data(trace, start=-1)["start"] == 4
    assert stepper_data(more_ones.trace([0, 0, 0]))["start"] == 2
    assert stepper_data(more_ones.trace([]))["start"] == 0


def test_the_data_is_plain_and_the_same_each_time(trace, nasty, big):
    for one in (trace, nasty.trace([[0, 1], [1, 2]]), big.trace([1, 2, 3])):
        assert json.dumps(stepper_data(one)) == json.dumps(stepper_data(one))


def test_the_shell_is_thin(trace):
    widget = step_through(trace, start=1)
    assert isinstance(widget, TraceStepper)
    assert widget.step == 1 and widget.data == stepper_data(trace, start=1)
    assert repr(widget) == "<more_ones, step by step: 5 steps>"


# --- the page ------------------------------------------------------------------------------------
def values_shown(page):
    return page.eval_on_selector_all(".ls-value", "all => all.map(e => e.textContent)")


def test_every_step_shows_its_values(trace, open_page):
    data = stepper_data(trace, start=0)
    page = open_page("trace_stepper", "step", data)
    for t in range(len(XS)):
        assert values_shown(page) == [n["values"][t] for n in data["nodes"]]
        marked = page.eval_on_selector_all(
            ".changed[data-node]", "all => all.map(e => Number(e.dataset.node))"
        )
        nodes = enumerate(data["nodes"])
        assert marked == [i for i, n in nodes if t and n["values"][t] != n["values"][t - 1]]
        page.get_by_role("button", name="Next").click(force=True)  # the last one does nothing
    assert values_shown(page) == [n["values"][-1] for n in data["nodes"]]


def test_the_story_is_told_in_words(trace, open_page):
    page = open_page("trace_stepper", "step", stepper_data(trace, start=0))
    story = page.get_by_role("status")
    assert story.get_attribute("aria-live") == "polite"
    expected = "Step 0: reads 0. ones is 0. zeros is 1. The output is 0."
    assert story.text_content() == expected
    page.get_by_role("button", name="Next").click()
    expected = "Step 1: reads 1. ones goes from 0 to 1. The output is still 0."
    assert story.text_content() == expected
    page.get_by_role("button", name="Previous").click()
    assert story.text_content().startswith("Step 0")


def test_keys_and_slider_step_too(trace, open_page):
    page = open_page("trace_stepper", "step", stepper_data(trace, start=2))
    slider = page.get_by_role("slider", name="Step")
    story = page.get_by_role("status")
    slider.focus()
    for key, step in [
        ("ArrowRight", 3),
        ("ArrowLeft", 2),
        ("End", 4),
        ("ArrowRight", 4),
        ("Home", 0),
    ]:
        page.keyboard.press(key)
        assert story.text_content().startswith(f"Step {step}:")
        assert slider.input_value() == str(step)
    slider.fill("3")
    assert story.text_content().startswith("Step 3:")
    assert slider.get_attribute("aria-valuetext") == "step 3 of 0 to 4"


def test_a_click_in_the_table_goes_there(trace, open_page):
    page = open_page("trace_stepper", "step", stepper_data(trace))
    page.locator("tbody td[data-step='4']").first.click()
    assert page.get_by_role("status").text_content().startswith("Step 4:")
    assert page.locator("th[aria-current='step']").text_content() == "4"


def test_names_stay_text(nasty, open_page):
    page = open_page("trace_stepper", "step", stepper_data(nasty.trace([[0, 1], [1, 2]])))
    assert page.locator("#here script").count() == 0
    assert "<script>" in page.get_by_role("status").text_content()


@pytest.mark.parametrize("xs", [[], [1]])
def test_short_traces_do_no_harm(more_ones, open_page, xs):
    page = open_page("trace_stepper", "step", stepper_data(more_ones.trace(xs)))
    expected = "Step 0: reads 1." if xs else "The sequence is empty"
    assert expected in page.locator("#here").text_content()


def test_it_fits_a_telephone(trace, open_page):
    page = open_page(
        "trace_stepper", "step", stepper_data(trace), viewport={"width": 390, "height": 700}
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    height = page.get_by_role("button", name="Next").bounding_box()["height"]
    assert height >= 32
