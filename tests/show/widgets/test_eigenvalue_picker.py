import json
from math import cos, radians, sin

import numpy as np
import pytest

import lsrl_edu as ls
from lsrl_edu.show.widgets.eigenvalue_picker import (
    ANGLES,
    DIAGONAL,
    FREE,
    PRESETS,
    QUESTION,
    SIZES,
    STEPS,
    EigenvaluePicker,
    cosine,
    eigenvalue_story,
    pick_eigenvalue,
    picker_data,
    plain,
)

GRID = [(n, theta) for n in range(0, SIZES + 1, 5) for theta in range(0, ANGLES + 1, 15)]
GRID += [(n, theta) for n in (1, 49, 93, 99, 100, 101, 113) for theta in (0, 1, 7, 97, 179, 180)]
SOME = [(0, 30), (50, 0), (90, 35), (100, 0), (100, 90), (100, 120), (100, 180), (105, 0), (110, 7)]
some = pytest.mark.parametrize(("n", "theta"), SOME)


def rotation(n, theta):
    """The block that turns by theta degrees and scales by n / 100."""
    x, y = n / 100 * cos(radians(theta)), n / 100 * sin(radians(theta))
    return [[x, -y], [y, x]]


def state(A):
    """The program of a state that gets the input in its first entry."""
    B, zeros = np.eye(len(A), 1), np.zeros(len(A))

    @ls.foreach(dim=1)
    def turned(x):
        return ls.LinState(x, A=A, B=B, init_state=zeros, name="s")

    return turned


@pytest.fixture(scope="module")
def data():
    return picker_data()


# --- the story -----------------------------------------------------------------------------------
def test_the_numbers_are_those_of_numpy():
    t = np.arange(STEPS + 1)
    for n, theta in GRID:
        story, a = eigenvalue_story(n / 100, theta), n / 100 * np.exp(1j * np.deg2rad(theta))
        near = {"rtol": 1e-9, "atol": 1e-9 * max(1, abs(a) ** STEPS)}
        np.testing.assert_allclose(story.size, abs(a) ** t, **near)
        np.testing.assert_allclose(story.pulse, (a**t).real, **near)
        np.testing.assert_allclose(story.constant, np.cumsum(a**t).real, **near)


@some
def test_the_interpreter_runs_the_same_state(n, theta):
    program, story = state(rotation(n, theta)), eigenvalue_story(n / 100, theta)
    pulse = np.eye(STEPS + 1, 1)
    for inputs, told in [(pulse, story.pulse), (np.ones_like(pulse), story.constant)]:
        states = program.run(inputs)
        np.testing.assert_allclose(states[:, 0], told, rtol=1e-9, atol=1e-9)


def test_the_period_brings_the_state_back():
    for theta in range(0, ANGLES + 1):
        period, a = eigenvalue_story(1, theta).period, np.exp(1j * np.deg2rad(theta))
        powers = a ** np.arange(1, period + 1)
        assert abs(powers[-1] - 1) < 1e-12 and all(abs(powers[:-1] - 1) > 1e-3)
    assert eigenvalue_story(0, 90).period is None


def test_the_state_with_period_n_counts_modulo_n():
    for theta, period in [(180, 2), (120, 3), (90, 4), (72, 5), (135, 8)]:
        story = eigenvalue_story(1, theta)
        assert f"counts modulo {period}." in story.sentence
        later = np.roll(story.constant, -period)[:-period]
        np.testing.assert_allclose(later, story.constant[:-period], atol=1e-12)


def test_half_lives_and_doublings():
    for n in range(1, SIZES + 1):
        story = eigenvalue_story(n / 100, 0)
        assert story.kind == ("fades" if n < 100 else "keeps" if n == 100 else "grows")
        assert (story.half_life is None) == (n >= 100) and (story.doubling is None) == (n <= 100)
        if n < 100:
            assert (n / 100) ** story.half_life == pytest.approx(0.5)
        if n > 100:
            assert (n / 100) ** story.doubling == pytest.approx(2)


def compiled(target, n, theta):
    A = rotation(n, theta) if n and theta % 180 else [[n / 100 * cosine(theta)]]
    return ls.compile(state(A), target=target, domain=(0, 1), horizon=12)


@pytest.mark.parametrize("target", DIAGONAL)
def test_what_the_story_refuses_the_target_refuses_in_the_same_words(target):
    stories = {at: eigenvalue_story(at[0] / 100, at[1]) for at in [*SOME, (30, 180)]}
    refused = [at for at, story in stories.items() if not story.diagonal]
    assert len(refused) == 7
    for at in refused:
        with pytest.raises(ls.UnsupportedByTarget) as error:
            compiled(target, *at)
        assert str(error.value).endswith(stories[at].refusal)


CAN = [(target, *at) for target in ("linear_rnn", "tanh_rnn") for at in [(90, 35), (30, 180)]]
CAN += [("linear_rnn", 105, 0), ("mamba2", 50, 0), ("hawk", 100, 0)]
ALL_CAN = [(target, *at) for target in FREE for at in SOME]
ALL_CAN += [(target, n, 0) for target in DIAGONAL for n in (0, 50, 100)]
slow = [pytest.param(*can, marks=pytest.mark.slow) for can in ALL_CAN if can not in CAN]


@pytest.mark.parametrize(("target", "n", "theta"), [*CAN, *slow])
def test_what_the_story_grants_the_target_computes(target, n, theta):
    story = eigenvalue_story(n / 100, theta)
    assert target in FREE or story.diagonal
    answers = compiled(target, n, theta).run(np.eye(12, 1))[:, 0]
    np.testing.assert_allclose(answers, story.pulse[:12], atol=1e-6)


def test_the_sentences():
    assert eigenvalue_story(0.9, 35).sentence == (
        "a = 0.74 + 0.52i (size 0.9, angle 35°). It fades: its half-life is 6.6 elements, and 10 "
        "steps later 35 % of an element is left. It turns by 35° at each element, and points the "
        "same way again after 72. Fed a 1 at each element, it settles at 0.78 + 1.54i, so no count "
        "lasts. linear_rnn, rnn, tanh_rnn, lstm, gru can have it, as a 2 × 2 block; mamba, mamba2, "
        "hawk, griffin cannot."
    )
    assert eigenvalue_story(1, 90).sentence.startswith("a = 0 + i (size 1, angle 90°). It keeps ")
    assert "half-life is 1 element, and 10 steps later 0.1 %" in eigenvalue_story(0.5, 0).sentence
    assert "less than 0.01 %" in eigenvalue_story(0.3, 0).sentence
    assert "1.63 times as much 10 steps later" in eigenvalue_story(1.05, 0).sentence
    assert eigenvalue_story(0, 77).sentence.startswith("a = 0. Only now: ")


def test_numbers_are_rounded_as_in_a_page():
    told = {0.125: "0.13", -0.125: "−0.13", -0.001: "0", 100.0: "100", 2.5: "2.5", 1.005: "1"}
    assert {x: plain(x) for x in told} == told


@pytest.mark.parametrize(
    ("r", "theta"), [(1.21, 0), (-0.1, 0), (0.505, 0), (1, 181), (1, 0.5), (float("nan"), 0)]
)
def test_what_is_off_the_grid_is_refused_in_words(r, theta):
    with pytest.raises(ls.DomainError, match="take (hundredths|whole degrees) from 0 to"):
        eigenvalue_story(r, theta)


# --- the data ------------------------------------------------------------------------------------
def test_the_start_is_a_place_in_the_grid(data):
    assert data["start"] == 100 * 181 * 2
    assert picker_data(r=1.2, theta=180, fed="1 each time")["start"] == 121 * 181 * 2 - 1
    with pytest.raises(ls.DomainError, match="cannot be fed 'ones'"):
        picker_data(fed="ones")
    assert json.loads(json.dumps(data)) == data and data["question"] == QUESTION


def test_the_shell_is_thin():
    widget = pick_eigenvalue(r=0.5, theta=90)
    assert isinstance(widget, EigenvaluePicker)
    assert widget.choice == widget.data["start"]
    assert repr(widget) == "<Eigenvalue picker: size 0.5, angle 90 degrees>"


# --- the page ------------------------------------------------------------------------------------
def story(page):
    return page.get_by_role("status").text_content()


def test_the_page_tells_the_same_story(data, open_page):
    page = open_page("eigenvalue_picker", "choice", data)
    told = page.evaluate(
        "grid => grid.map(([n, theta]) => widget.eigenvalueStory(model.get('data'), n, theta))",
        [list(at) for at in GRID],
    )
    for (n, theta), there in zip(GRID, told, strict=True):
        here = eigenvalue_story(n / 100, theta)
        assert there["sentence"] == here.sentence
        assert there["refusal"] == here.refusal
        for key in ("size", "pulse", "constant"):
            np.testing.assert_allclose(there[key], getattr(here, key), rtol=1e-12, atol=1e-12)


def test_the_presets_pick_and_say_so(data, open_page):
    page = open_page("eigenvalue_picker", "choice", data)
    assert page.get_by_role("status").get_attribute("aria-live") == "polite"
    for name, r, theta in reversed(PRESETS):
        button = page.get_by_role("button", name=name, exact=True)
        button.click()
        assert button.get_attribute("aria-pressed") == "true"
        assert story(page) == eigenvalue_story(r, theta).sentence
        assert page.locator(".reason").is_visible() == bool(eigenvalue_story(r, theta).refusal)


def test_keys_move_the_sliders(data, open_page):
    page = open_page("eigenvalue_picker", "choice", data)
    for name, key, spoken in [
        ("Size", "ArrowLeft", "0.99"),
        ("Size", "End", "1.2"),
        ("Angle", "ArrowRight", "1 degree"),
        ("Angle", "End", "180 degrees"),
    ]:
        page.get_by_role("slider", name=name).focus()
        page.keyboard.press(key)
        assert page.get_by_role("slider", name=name).get_attribute("aria-valuetext") == spoken
    assert story(page) == eigenvalue_story(1.2, 180).sentence


def test_the_plane_takes_a_click_and_a_drag(data, open_page):
    page = open_page("eigenvalue_picker", "choice", data)
    box = page.locator(".plane svg").bounding_box()
    middle, unit = box["x"] + box["width"] / 2, box["width"] * 112 / 300
    height = box["y"] + box["height"] / 2
    page.mouse.click(middle + 1, height - unit)
    assert story(page) == eigenvalue_story(1, 90).sentence
    page.mouse.move(middle + unit / 2, height + 1)
    page.mouse.down()
    assert story(page) == eigenvalue_story(0.5, 0).sentence
    page.mouse.move(middle - unit, height)
    page.mouse.up()
    page.mouse.move(middle, height)
    assert story(page) == eigenvalue_story(1, 180).sentence


def test_the_input_changes_the_plot_and_its_text(data, open_page):
    page = open_page("eigenvalue_picker", "choice", picker_data(r=1, theta=180))
    text = page.locator(".plot figcaption")
    assert (
        "From t = 0: 1, −1, 1, −1, 1, −1, 1, …; t\u00a0=\u00a010:\u00a01; t\u00a0=\u00a040:\u00a01."
        in text.text_content()
    )
    assert page.locator(".dots circle").count() == STEPS + 1
    assert page.locator(".plot .y").all_text_contents() == ["−1", "0", "0.5", "1"]
    page.get_by_role("button", name="1 each time").click()
    assert "From t = 0: 1, 0, 1, 0, 1, 0, 1, …" in text.text_content()
    assert page.locator(".plot .y").all_text_contents() == ["0", "0.5", "1"]
    assert "NaN" not in page.locator(".plot svg").inner_html()


def test_it_fits_a_telephone(data, open_page):
    page = open_page("eigenvalue_picker", "choice", data, viewport={"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    for name, _, _ in PRESETS:
        assert page.get_by_role("button", name=name, exact=True).bounding_box()["height"] >= 32
