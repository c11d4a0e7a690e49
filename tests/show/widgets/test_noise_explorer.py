import json
from dataclasses import replace

import pytest

from lsrl_edu.data import DATA
from lsrl_edu.show.widgets.noise_explorer import (
    PROGRAMS,
    STATES,
    NoiseExplorer,
    explore_noise,
    interval,
    noise_data,
)
from lsrl_edu.study.noise import DRIFT
from lsrl_edu.study.table import read

TABLE = DATA / "noise" / "programs.csv"


@pytest.fixture(scope="module")
def rows():
    return read(TABLE)


@pytest.fixture(scope="module")
def data(rows):
    return noise_data(rows)


def mean(rows, program, states, level):
    wrong = [r.wrong for r in rows if (r.network, r.states, r.level) == (program, states, level)]
    return sum(wrong) / len(wrong), sum(v > 0 for v in wrong)


# --- the data ------------------------------------------------------------------------------------
def test_the_whole_grid_is_there(rows, data):
    assert data["levels"][0] == 1e-9 and data["levels"][-1] == 0.1 and data["draws"] == 10
    for p, program in enumerate(PROGRAMS):
        for s, states in enumerate(STATES):
            assert len(data["cells"][p][s]) == len(data["levels"])
            for level, cell in zip(data["levels"], data["cells"][p][s], strict=True):
                wrong, low, high, draws = cell
                share, failed = mean(rows, program, states, level)
                assert wrong == round(share, 1) and draws == failed
                assert 0 <= low <= wrong <= high <= 100 and high - low > 10


@pytest.mark.parametrize(
    ("share", "count", "low", "high"),
    [(0, 10, 0, 0.2775), (1, 10, 0.7225, 1), (0.5, 10, 0.2366, 0.7634), (0.1, 50, 0.0435, 0.2136)],
)
def test_wilson_s_interval(share, count, low, high):
    assert interval(share, count) == pytest.approx((low, high), abs=1e-4)


@pytest.mark.parametrize(("share", "count"), [(-0.1, 5), (1.1, 5), (0.5, 0)])
def test_no_interval_for_nonsense(share, count):
    with pytest.raises(ValueError, match="at least one trial"):
        interval(share, count)


def test_the_story_of_the_chapter_is_in_the_data(data):
    names = list(PROGRAMS)
    at = data["levels"].index

    def wrong(program, states, level):
        return data["cells"][names.index(program)][list(STATES).index(states)][at(level)][0]

    assert wrong("robust, copies=1", DRIFT, 1e-2) == wrong("robust, copies=4", DRIFT, 3e-2) == 0
    assert wrong("published, multiplicative", "overwritten", 1e-9) == 0
    assert wrong("published, multiplicative", DRIFT, 1e-9) > 50
    assert wrong("published, multiplicative", "overwritten", 1e-7) > 50
    assert wrong("published, original", "overwritten", 1e-9) > 50


def test_the_start_is_a_place_in_the_grid(rows, data):
    size = len(data["levels"])
    assert data["start"] == (1 * 2 + 0) * size + data["levels"].index(1e-7)
    late = noise_data(rows, program="robust, copies=4", states=DRIFT, level=0.1)
    assert late["start"] == len(PROGRAMS) * len(STATES) * size - 1
    for wrong in ({"program": "best"}, {"states": "asleep"}, {"level": 2e-7}):
        with pytest.raises(ValueError):
            noise_data(rows, **wrong)


def test_a_hole_in_the_table_is_named(rows):
    some = [r for r in rows if (r.network, r.level) != ("robust, copies=1", 1e-3)]
    with pytest.raises(ValueError, match=r"no rows for \('robust, copies=1', .*0.001"):
        noise_data(some)


def test_other_rows_do_not_count(rows, data):
    assert noise_data([*rows, replace(rows[0], network="another", level=1e-3)]) == data


def test_the_data_is_plain_small_and_the_same_each_time(rows, data):
    text = json.dumps(data)
    assert text == json.dumps(noise_data(reversed(rows)))
    assert len(text) < 20_000


def test_the_shell_is_thin(rows):
    widget = explore_noise(rows, program="robust, copies=1")
    assert isinstance(widget, NoiseExplorer)
    assert widget.choice == widget.data["start"]
    assert repr(widget) == "<Noise explorer: 5 programs, 1e-09 to 0.1>"


# --- the page ------------------------------------------------------------------------------------
def story(page):
    return page.get_by_role("status").text_content()


def test_the_page_says_what_was_measured(data, open_page):
    page = open_page("noise_explorer", "choice", data)
    assert page.get_by_role("status").get_attribute("aria-live") == "polite"
    slider = page.get_by_role("slider", name="Noise")
    for p, program in enumerate(PROGRAMS.values()):
        page.get_by_role("button", name=program, exact=True).click()
        for s, states in enumerate(STATES.values()):
            page.get_by_role("button", name=states).click()
            for i in range(0, len(data["levels"]), 4):
                slider.fill(str(i))
                wrong, low, high, draws = data["cells"][p][s][i]
                assert story(page).startswith(f"{program}, states {states}, noise ")
                assert f": {wrong:g} % of the tokens are wrong" in story(page)
                assert f"(95 % interval {low:g} to {high:g} %)" in story(page)
                assert story(page).endswith(f"in {draws} of 10 draws.")


def test_keys_move_the_slider_and_the_marker(data, open_page):
    page = open_page("noise_explorer", "choice", data)
    slider, seen = page.get_by_role("slider", name="Noise"), []
    slider.focus()
    for key, text in [
        ("ArrowRight", "3 times 10 to the -7"),
        ("End", "1 times 10 to the -1"),
        ("Home", "1 times 10 to the -9"),
    ]:
        page.keyboard.press(key)
        assert slider.get_attribute("aria-valuetext") == text
        seen.append(float(page.locator(".mark").get_attribute("cx")))
    assert seen[2] < seen[0] < seen[1]


def test_what_is_chosen_is_said_and_drawn(data, open_page):
    page = open_page("noise_explorer", "choice", data)
    before = page.locator(".curve").get_attribute("d")
    page.get_by_role("button", name="robust, 1 copy").click()
    page.get_by_role("button", name="left to drift").click()
    pressed = page.eval_on_selector_all(
        "[aria-pressed='true']", "all => all.map(e => e.textContent)"
    )
    assert pressed == ["robust, 1 copy", "left to drift"]
    after = page.locator(".curve").get_attribute("d")
    assert after != before and after.count("L") == len(data["levels"]) - 1
    label = page.locator("svg").get_attribute("aria-label")
    assert label.startswith(
        "Wrong tokens in percent by noise level for robust, 1 copy, states left"
    )


def test_it_fits_a_telephone(data, open_page):
    page = open_page("noise_explorer", "choice", data, viewport={"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.get_by_role("button", name="robust, 1 copy").bounding_box()["height"] >= 32
