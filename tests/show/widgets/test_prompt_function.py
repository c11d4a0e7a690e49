import json
import math

import numpy as np
import pytest

import lsrl_edu as ls
from lsrl_edu.errors import DomainError, ShapeError
from lsrl_edu.programs import continuous
from lsrl_edu.show.widgets import prompt_function as widget
from lsrl_edu.show.widgets.prompt_function import FUNCTIONS, MOST_CELLS, QUERIES, curve

CURVES = {name: curve(f) for name, f in FUNCTIONS.items()}
SLIDER = np.arange(QUERIES + 1) / QUERIES


@pytest.fixture(scope="module")
def network():
    return ls.compile(continuous.program(1, 1, method="multiplicative", values=(-1, 1)))


def answers_of(network, heights, cells, queries):
    prompt = continuous.prompt(lambda x: widget.height(heights, x[0]), 1, cells)
    return network.run(np.stack([continuous.sequence(q, prompt) for q in queries]))[:, -1, 0]


# --- the numbers are those of the compiled network -----------------------------------------------
@pytest.mark.parametrize("name", CURVES)
@pytest.mark.parametrize("cells", [1, 2, 3, 8, 10, 25, 64])
def test_the_answers_are_those_of_the_network(network, name, cells):
    heights = CURVES[name]
    expected = answers_of(network, heights, cells, SLIDER)
    found = [widget.answer(heights, cells, q) for q in SLIDER]
    assert found == pytest.approx(expected, abs=1e-6)


def test_every_number_of_cells_at_every_stop_of_the_slider(network):
    heights = list(np.random.default_rng(0).uniform(-1, 1, widget.PIECES + 1))
    for cells in range(1, MOST_CELLS + 1):
        queries = SLIDER[cells % 5 :: 5]
        expected = answers_of(network, heights, cells, queries)
        found = [widget.answer(heights, cells, q) for q in queries]
        assert found == pytest.approx(expected, abs=1e-6), cells


def test_no_stop_of_the_slider_lies_between_two_cells():
    for cells in range(1, MOST_CELLS + 1):
        behind = (SLIDER - 1 / 2000) * cells
        assert np.abs(behind - np.round(behind)).min() > 7e-6 * cells  # the gap is 4e-6 wide


# --- slopes and errors ----------------------------------------------------------------------------
@pytest.mark.parametrize("name", CURVES)
def test_the_worst_error_is_found_and_within_the_bound(name):
    heights = CURVES[name]
    fine = np.linspace(0, 1, 9601)
    at = np.array([widget.height(heights, x) for x in fine])
    for cells in (1, 2, 5, 8, 30, 60, 64):
        centres = [widget.height(heights, (k + 0.5) / cells) for k in range(cells)]
        cell = np.minimum((fine * cells).astype(int), cells - 1)
        worst = widget.worst_error(heights, cells)
        assert np.abs(at - np.array(centres)[cell]).max() == pytest.approx(worst, abs=1e-2)
        assert np.abs(at - np.array(centres)[cell]).max() <= worst + 1e-9
        assert worst <= widget.curve_bound(heights, cells) + 1e-12


def test_the_largest_slope_is_that_of_the_function():
    assert widget.lipschitz(CURVES["an absolute value"]) == pytest.approx(4, abs=0.02)
    assert widget.lipschitz(CURVES["a sine"]) == pytest.approx(2 * math.pi, abs=0.02)
    assert widget.lipschitz([0.5] * 61) == 0


def test_heights_stay_in_the_picture():
    for heights in CURVES.values():
        assert len(heights) == widget.PIECES + 1
        assert all(-1 <= h <= 1 for h in heights)


def test_query_0_is_in_no_cell():
    assert widget.cell_of(0, 8) == -1 and widget.answer([1, 1], 8, 0) == 0
    assert [widget.cell_of(q, 4) for q in (0.001, 0.25, 0.2525, 1)] == [0, 0, 1, 3]


# --- data and shell -------------------------------------------------------------------------------
def test_the_data_is_plain_and_small():
    data = widget.widget_data()
    assert json.dumps(data) == json.dumps(widget.widget_data())
    assert data["chosen"] == "a sine" and list(data["curves"])[-1] == "your own"
    assert len(json.dumps(data)) < 10_000


def test_a_curve_of_the_readers_own():
    data = widget.widget_data(drawn=[0, 1, 0], cells=5, query=0.5)
    assert data["chosen"] == "your own"
    assert data["curves"]["your own"][15] == 0.5 and data["curves"]["your own"][30] == 1
    assert widget.widget_data(drawn=np.zeros(7))["curves"]["your own"] == [0] * 61


@pytest.mark.parametrize(
    "options, error, words",
    [
        ({"drawn": [1]}, ShapeError, "two heights"),
        ({"drawn": [0, 1.5]}, DomainError, "between -1 and 1"),
        ({"drawn": [0, math.nan]}, DomainError, "between -1 and 1"),
        ({"cells": 0}, DomainError, "cells=0"),
        ({"cells": 65}, DomainError, "cells=65"),
        ({"query": 1.2}, DomainError, "query=1.2"),
        ({"query": math.nan}, DomainError, "query=nan"),
    ],
)
def test_mistakes_get_an_answer(options, error, words):
    with pytest.raises(error, match=words):
        widget.widget_data(**options)


def test_the_shell_is_thin():
    shown = widget.prompt_a_function(cells=5)
    assert shown.data == widget.widget_data(cells=5) and shown.cells == 5
    assert shown.heights == CURVES["a sine"]
    assert repr(shown) == "<Draw a function and prompt the network with it: 5 cells>"


# --- the page -------------------------------------------------------------------------------------
SWEEP = """([cells, queries]) => {
  const [cellSlider, querySlider] = ["Cells", "Query"].map(
    (name) => document.querySelector(`input[aria-label="${name}"]`));
  const move = (slider, value) => {
    slider.value = value;
    slider.dispatchEvent(new Event("input"));
  };
  const root = document.querySelector(".ls-prompter");
  move(cellSlider, cells);
  return queries.map((query) => {
    move(querySlider, query);
    return ["cell", "answer", "worst", "bound"].map((name) => Number(root.dataset[name]));
  });
}"""


@pytest.fixture
def opened(open_page):
    return lambda **options: open_page("prompt_function", "cells", widget.widget_data(), **options)


def shown(page):
    root = page.locator(".ls-prompter")
    names = ("cell", "answer", "worst", "bound")
    return [float(root.get_attribute(f"data-{name}")) for name in names]


def test_the_page_computes_what_python_computes(opened):
    page = opened()
    queries = list(range(0, QUERIES + 1, 7))
    for name, heights in CURVES.items():
        page.get_by_role("combobox", name="Curve").select_option(name)
        for cells in (1, 2, 8, 13, 64):
            found = page.evaluate(SWEEP, [cells, queries])
            rest = [widget.worst_error(heights, cells), widget.curve_bound(heights, cells)]
            expected = [
                [widget.cell_of(q / 400, cells), widget.answer(heights, cells, q / 400), *rest]
                for q in queries
            ]
            assert np.array(found) == pytest.approx(np.array(expected), abs=1e-12)


def test_the_default_tells_the_story(opened):
    page = opened()
    story = page.get_by_role("status").text_content()
    heights = CURVES["a sine"]
    answer = f"{widget.answer(heights, 8, 0.3):.2f}"
    assert story.startswith(f"At query 0.30 the network answers {answer}, the height at the centre")
    assert "cell from 0.250 to 0.375" in story
    errors = page.locator(".errors").text_content()
    assert f"off by at most {widget.worst_error(heights, 8):.3f}" in errors
    assert f"L / (2 · 8) = {widget.curve_bound(heights, 8):.3f}" in errors
    assert story in page.locator("svg[role=img]").get_attribute("aria-label")
    page.get_by_role("slider", name="Query").fill("0")
    assert "in no cell" in page.get_by_role("status").text_content()


def test_keys_move_the_sliders(opened):
    page = opened()
    page.get_by_role("slider", name="Cells").focus()
    page.keyboard.press("ArrowRight")
    assert "9 cells" in page.locator(".errors").text_content()
    page.keyboard.press("Home")
    assert "a prompt of 1 cell the" in page.locator(".errors").text_content()
    assert page.locator(".prompt tbody tr").count() == 1


def test_drawing_with_the_mouse_changes_the_curve(opened):
    page = opened()
    before = page.locator(".curve").get_attribute("d")
    frame = page.locator("svg[role=img]").bounding_box()
    left, right = (frame["x"] + frame["width"] * k for k in (0.2, 0.8))
    middle = frame["y"] + (frame["height"] * (12 + 131)) / 300  # the line of height 0
    page.mouse.move(left, middle)
    page.mouse.down()
    page.mouse.move(right, middle, steps=8)
    page.mouse.up()
    page.mouse.move(left, frame["y"] + 5)  # not drawing any more
    assert page.locator(".curve").get_attribute("d") != before
    assert page.get_by_role("combobox", name="Curve").input_value() == "your own"
    page.get_by_role("slider", name="Query").fill("200")
    assert shown(page)[1] == pytest.approx(0, abs=0.02)


def test_drawing_with_the_keyboard(opened):
    page = opened()
    page.get_by_text("Draw with the keyboard").click()
    for place in range(11):
        page.get_by_role("slider", name="Place").fill(str(place))
        page.get_by_role("slider", name="Height").fill("10")
    assert page.get_by_role("combobox", name="Curve").input_value() == "your own"
    assert shown(page)[1:] == pytest.approx([0.5, 0, 0], abs=1e-9)
    page.get_by_role("slider", name="Place").fill("5")
    page.get_by_role("slider", name="Height").focus()
    page.keyboard.press("ArrowUp")
    assert shown(page)[3] == pytest.approx(0.05 * 10 / 16)
    page.get_by_role("combobox", name="Curve").select_option("stairs")
    assert shown(page)[3] == pytest.approx(widget.curve_bound(CURVES["stairs"], 8))


def test_the_prompt_is_listed_and_the_query_s_cell_is_marked(opened):
    page = opened()
    page.get_by_text("See the prompt").click()
    rows = page.locator(".prompt tbody tr")
    assert rows.count() == 8
    assert "← the query's" in rows.nth(2).text_content()
    value = f"{widget.answer(CURVES['a sine'], 8, 0.3):.4f}"
    assert rows.nth(2).locator("td").all_text_contents()[1:] == ["0.1250", "0.2500", value]


def test_it_fits_a_telephone(opened):
    page = opened(viewport={"width": 390, "height": 800})
    for summary in page.locator("summary").all():
        summary.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.get_by_role("slider", name="Cells").bounding_box()["height"] >= 32
