import json

import pytest

from lsrl_edu.show.widgets.whisper_shout import (
    DRAWN,
    DTYPES,
    EXPONENTS,
    PIECES,
    WIDTH,
    WhisperShout,
    errors,
    shapes,
    whisper_shout,
    whisper_shout_data,
)

SHAPES = {shape.name: shape for shape in shapes()}
each_dtype = pytest.mark.parametrize("dtype", DTYPES)
each_shape = pytest.mark.parametrize("name", SHAPES)


@pytest.fixture(scope="module")
def data():
    return whisper_shout_data()


def table(data, name):
    return next(shape for shape in data["shapes"] if shape["name"] == name)


# --- the data ------------------------------------------------------------------------------------
@each_shape
def test_the_whole_grid_is_there(data, name):
    shape = table(data, name)
    assert sorted(shape["errors"]) == sorted(DTYPES)
    for dtype in DTYPES:
        rows = shape["errors"][dtype]
        assert len(rows) == len(EXPONENTS)
        for exponent, row in zip(EXPONENTS, rows, strict=True):
            assert row == [float(f"{e:.1e}") for e in errors(SHAPES[name], dtype, exponent)]
            assert all(0 <= error < 2**65 for error in row)
    for key in ("lines", "switches"):
        assert [len(corners) for corners in shape[key]] == [PIECES + 1] * (2 * DRAWN + 1)


@pytest.mark.parametrize(("dtype", "linear"), [("float64", -27), ("float32", -13)])
def test_tanh_is_a_line_bit_for_bit_up_to_what_the_volumes_say(dtype, linear):
    """|a x| < 2^linear: on [-2, 2] that is a = 2^(linear - 2), and all below."""
    for exponent in EXPONENTS:
        line, _ = errors(SHAPES["tanh"], dtype, exponent)
        if exponent <= linear - 2:
            assert line == 0
        if exponent >= linear + 4:
            assert line > 0


@each_dtype
@pytest.mark.parametrize("name", ["tanh", "sigmoid"])
def test_shouted_they_are_switches_exactly(name, dtype):
    for exponent in EXPONENTS:
        line, switch = errors(SHAPES[name], dtype, exponent)
        if exponent >= 11:  # half of it is 1024
            assert switch == 0
            assert line > 1.9


@each_dtype
@pytest.mark.parametrize(("name", "constant"), [("SiLU", 0.2785), ("GELU", 0.17)])
def test_the_distance_from_relu_falls_with_the_amplitude(name, constant, dtype):
    for exponent in range(1, 61):
        _, switch = errors(SHAPES[name], dtype, exponent)
        rounding = {"float64": 2**-52, "float32": 2**-23, "bfloat16": 2**-6}[dtype]
        assert switch <= 1.02 * constant / 2.0**exponent + 2 * WIDTH * rounding
        if dtype == "float64":
            assert switch >= 0.98 * constant / 2.0**exponent


def test_sigmoid_has_no_whisper():
    """It sits on 1/2, and a whisper beside 1/2 is lost."""
    found = [errors(SHAPES["sigmoid"], "float64", k)[0] for k in EXPONENTS]
    best = min(range(len(found)), key=found.__getitem__)
    assert 1e-12 < found[best] < 1e-9 and -20 < EXPONENTS[best] < -8
    assert found[0] == WIDTH  # all lost


def test_the_start_is_a_place_in_the_grid(data):
    assert data["start"] == EXPONENTS.index(0)
    late = whisper_shout_data(activation="GELU", dtype="bfloat16", exponent=60)
    assert late["start"] == len(SHAPES) * len(DTYPES) * len(EXPONENTS) - 1
    with pytest.raises(ValueError):
        whisper_shout_data(activation="tan")
    with pytest.raises(ValueError):
        whisper_shout_data(exponent=61)


def test_the_data_is_plain_small_and_the_same_each_time(data):
    text = json.dumps(data)
    assert text == json.dumps(whisper_shout_data())
    assert len(text) < 120_000


def test_the_shell_is_thin():
    widget = whisper_shout(dtype="float32", exponent=-13)
    assert isinstance(widget, WhisperShout)
    assert widget.choice == widget.data["start"] == len(EXPONENTS) + EXPONENTS.index(-13)
    assert repr(widget) == "<Whisper and shout: 4 activations, 3 dtypes>"


# --- the page ------------------------------------------------------------------------------------
def story(page):
    return page.get_by_role("status").text_content()


def test_the_page_says_what_was_measured(data, open_page):
    page = open_page("whisper_shout", "choice", data)
    assert page.get_by_role("status").get_attribute("aria-live") == "polite"
    slider = page.get_by_role("slider", name="Amplitude")
    for name in SHAPES:
        page.get_by_role("button", name=name, exact=True).click()
        for dtype in DTYPES:
            page.get_by_role("button", name=dtype).click()
            for i in range(0, len(EXPONENTS), 20):
                slider.fill(str(i))
                line, switch = table(data, name)["errors"][dtype][i]
                assert story(page).startswith(f"{name} at a = 2") and f" in {dtype}. " in story(
                    page
                )
                assert ("A line, bit for bit." in story(page)) == (line == 0)
                if switch == 0:
                    assert "A switch, exactly." in story(page)


def test_the_story_is_told_in_words(data, open_page):
    page = open_page("whisper_shout", "choice", data)
    assert story(page) == (
        "tanh at a = 2⁰ in float64. Neither a line nor a switch. "
        "tanh(a x) / a is at most 1 from x; tanh(a x) is at most 0.54 from sign(x) for |x| ≥ 0.5."
    )
    page.get_by_role("slider", name="Amplitude").fill("30")
    assert story(page).startswith("tanh at a = 2⁻³⁰ in float64. A line, bit for bit.")
    page.get_by_role("button", name="SiLU").click()
    assert "SiLU at a = 2⁻³⁰" in story(page) and "from ReLU(x)." in story(page)


def test_keys_move_the_slider(data, open_page):
    page = open_page("whisper_shout", "choice", data)
    slider = page.get_by_role("slider", name="Amplitude")
    slider.focus()
    for key, exponent in [("ArrowRight", 1), ("ArrowLeft", 0), ("End", 60), ("Home", -60)]:
        page.keyboard.press(key)
        assert slider.get_attribute("aria-valuetext") == f"2 to the {exponent}"


def test_what_is_chosen_is_said(data, open_page):
    page = open_page("whisper_shout", "choice", data)
    page.get_by_role("button", name="float32").click()
    pressed = page.eval_on_selector_all(
        "[aria-pressed='true']", "all => all.map(e => e.textContent)"
    )
    assert pressed == ["tanh", "float32"]
    labels = page.eval_on_selector_all("svg", "all => all.map(e => e.getAttribute('aria-label'))")
    assert labels[0] == "tanh(a x) / a drawn through, the line x dashed, at a = 2⁰"


def test_the_picture_changes_with_the_amplitude(data, open_page):
    page = open_page("whisper_shout", "choice", data)
    slider, seen = page.get_by_role("slider", name="Amplitude"), set()
    for exponent in range(-DRAWN, DRAWN + 1, 4):
        slider.fill(str(EXPONENTS.index(exponent)))
        curves = page.eval_on_selector_all(".curve", "all => all.map(e => e.getAttribute('d'))")
        assert len(curves) == 2 and all(curve.count("L") == PIECES for curve in curves)
        seen.add(tuple(curves))
    assert len(seen) == 5


def test_it_fits_a_telephone(data, open_page):
    page = open_page("whisper_shout", "choice", data, viewport={"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.get_by_role("button", name="GELU").bounding_box()["height"] >= 32
