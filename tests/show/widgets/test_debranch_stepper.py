import json

import lsrl_edu as ls
from lsrl_edu.compiler.debranch_examples import example
from lsrl_edu.show.widgets.debranch_stepper import (
    BUDGET,
    DebranchStepper,
    debranch_data,
    step_through,
)


# --- the data ------------------------------------------------------------------------------------
def test_every_step_of_a_short_trace_is_there(trace):
    data = debranch_data(trace)
    assert [s["case"] for s in data["steps"]] == [s.case for s in trace]
    assert data["total"] == len(trace) == 19 and data["note"] == ""
    first = data["steps"][0]
    assert first["equation"] == "B (A₁ x + b₁) + b = (B A₁) x + (B b₁ + b)"
    assert first["story"] == (
        "Step 0 of 0 to 18. Fusion F3, Linear before LinState: #2 goes, #3 changes."
    )
    assert first["sizes"][0] == "13 nodes, widest 2, 14 non-zeros"
    assert data["steps"][-1]["story"].endswith("Now every node has one reader: a path.")


def test_neighbouring_steps_share_their_picture(trace):
    data = debranch_data(trace)
    for one, other in zip(data["steps"], data["steps"][1:], strict=False):
        assert one["after"]["graph"] == other["before"]["graph"]
    assert len(data["graphs"]) == len(set(data["graphs"])) == len(trace) + 1


def test_every_mark_has_its_place_in_the_picture(trace, long_trace):
    for data in (debranch_data(trace), debranch_data(long_trace)):
        for step in data["steps"]:
            for side, gone in (("before", "gone"), ("after", "new")):
                drawn = data["graphs"][step[side]["graph"]]
                assert all(f'data-node="{i}"' in drawn for i in step[side]["marks"])
                assert set(step[side]["marks"].values()) <= {gone, "changed"}


def test_of_a_long_trace_the_first_of_each_rule_is_shown(long_trace):
    data = debranch_data(long_trace, budget=10**9)
    cases = [s["case"] for s in data["steps"]]
    assert set(cases) == set(long_trace.cases())
    assert cases[-1] == long_trace[-1].case and data["steps"][-1]["index"] == len(long_trace) - 1
    assert data["note"].startswith(f"{len(cases)} of {len(long_trace)} steps can be seen here.")


def test_a_page_stays_light(long_trace):
    data = debranch_data(long_trace)
    assert sum(map(len, data["graphs"])) <= BUDGET
    assert len(json.dumps(data)) < 400_000
    tight = debranch_data(long_trace, budget=30_000)
    assert 0 < len(tight["steps"]) < len(data["steps"])
    assert "The page has room for" in tight["note"]


def test_the_reader_chooses_the_steps(long_trace):
    data = debranch_data(long_trace, steps=[7, 5, -1, 10**6], question="Why?")
    assert [s["index"] for s in data["steps"]] == [5, 7, len(long_trace) - 1]
    assert data["question"] == "Why?"


def test_the_data_is_plain_and_the_same_each_time(trace):
    assert json.dumps(debranch_data(trace)) == json.dumps(debranch_data(trace))


def test_the_shell_is_thin(trace, long_trace):
    widget = trace.step_through(steps=range(3))
    assert isinstance(widget, DebranchStepper)
    assert widget.step == 0 and widget.data == debranch_data(trace, steps=range(3))
    assert repr(widget) == "<Debranching more_ones: 3 of 19 steps>"
    assert repr(step_through(trace)) == "<Debranching more_ones: 19 of 19 steps>"


# --- the page ------------------------------------------------------------------------------------
def marked(page, side):
    figure = page.locator("figure", has=page.get_by_text(side, exact=True))
    nodes = figure.locator(".marked").evaluate_all("all => all.map(e => e.dataset.node)")
    return dict(zip(nodes, figure.locator(".marked").evaluate_all(
        "all => all.map(e => ['gone', 'changed', 'new'].find(k => e.classList.contains(k)))"
    ), strict=True))  # fmt: skip


def test_every_step_shows_its_rule_and_its_marks(trace, open_page):
    data = debranch_data(trace)
    page = open_page("debranch_stepper", "step", data)
    for step in data["steps"]:
        assert page.get_by_role("status").text_content() == step["story"]
        assert page.locator(".equation").text_content() == step["equation"]
        assert page.locator(".name").text_content().endswith(step["title"])
        for side in ("before", "after"):
            assert marked(page, side) == step[side]["marks"]
        page.get_by_role("button", name="Next").click(force=True)  # the last one does nothing
    assert page.get_by_role("status").text_content() == data["steps"][-1]["story"]


def test_the_proof_is_folded(trace, open_page):
    page = open_page("debranch_stepper", "step", debranch_data(trace))
    proof = page.locator("details p")
    assert not proof.is_visible()
    page.get_by_text("Why is it right?", exact=True).click()
    assert proof.is_visible()
    assert proof.text_content() == "B (A₁ x + b₁) + b = (B A₁) x + (B b₁ + b)."


def test_what_changes_is_not_told_by_colour_alone(trace, open_page):
    page = open_page("debranch_stepper", "step", debranch_data(trace))
    style = "e => [getComputedStyle(e).strokeWidth, getComputedStyle(e).strokeDasharray]"
    assert page.locator(".gone > .ls-shape").evaluate(style) == ["4.2px", "7px, 4px"]
    assert page.locator(".changed > .ls-shape").first.evaluate(style) == ["4.2px", "none"]


def test_keys_and_slider_step_too(trace, open_page):
    page = open_page("debranch_stepper", "step", debranch_data(trace))
    slider, story = page.get_by_role("slider", name="Step"), page.get_by_role("status")
    slider.focus()
    for key, step in [("ArrowRight", 1), ("ArrowLeft", 0), ("End", 18), ("Home", 0)]:
        page.keyboard.press(key)
        assert story.text_content().startswith(f"Step {step} of")
        assert slider.input_value() == str(step)
    slider.fill("3")
    assert story.text_content().startswith("Step 3 of")
    assert slider.get_attribute("aria-valuetext") == "step 3 of 0 to 18"
    assert story.get_attribute("aria-live") == "polite"


def test_a_click_on_the_curve_goes_there(trace, open_page):
    data = debranch_data(trace)
    page = open_page("debranch_stepper", "step", data)
    curve = page.locator(".curve svg")
    box = curve.bounding_box()
    wanted = data["steps"][9]["x"] / 320 * box["width"]
    curve.click(position={"x": wanted, "y": 30})
    assert page.get_by_role("status").text_content().startswith("Step 9 of")
    moved = page.locator(".ls-marker").get_attribute("transform")
    assert moved == f"translate({data['steps'][9]['x']:g} 0)"


def test_names_stay_text(nasty, open_page):
    page = open_page("debranch_stepper", "step", debranch_data(ls.debranch(nasty)))
    assert page.locator("#here script").count() == 0
    assert "<script>" in page.locator("section").get_attribute("aria-label")


def test_a_path_has_no_step(open_page):
    path = ls.foreach(dim=1)(lambda x: ls.ReLU(x - 1))
    page = open_page("debranch_stepper", "step", debranch_data(ls.debranch(path)))
    assert "a path already" in page.locator("#here").text_content()


def test_it_fits_a_telephone(open_page):
    data = debranch_data(ls.debranch(example("7B")))
    page = open_page("debranch_stepper", "step", data, viewport={"width": 390, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    before, after = (page.locator("figure").nth(i).bounding_box() for i in (0, 1))
    assert after["y"] >= before["y"] + before["height"]
