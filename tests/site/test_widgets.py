"""Every kind of widget on its page of the site: without a kernel, by mouse and by keyboard."""

import re
from dataclasses import dataclass

import pytest

from tests.site.visits import DESKTOP, SITE, Visit

pytestmark = pytest.mark.site

# How often Tab is pressed to get from one part of a widget to another: back, then forth.
WAYS = (("Shift+Tab", 12), ("Tab", 60))


@dataclass(frozen=True)
class Widget:
    """How to use one kind of widget: selectors are below that of the widget.

    Attributes:
        kind: its module and class, as the page names it.
        root: what holds it.
        told: the text that has to change.
        clicks: what the mouse presses, one after the other.
        target: what the keyboard goes to, with Tab alone.
        key: what is pressed there.
    """

    kind: str
    root: str
    told: str
    clicks: tuple[str, ...]
    target: str
    key: str


STEPS = ("input[type=range]", "ArrowRight")
LEVELS = ("input[type=range]", "ArrowLeft")
STORY = "[role=status]"
NEXT = ("button:has-text('Next')",)
OTHER = (".choice button[aria-pressed=false]",)
ASKED = "form:has(input[type=radio]) >> nth=0 >> "
WIDGETS = [
    Widget("trace_stepper.TraceStepper", ".ls-stepper", STORY, NEXT, *STEPS),
    Widget("debranch_stepper.DebranchStepper", ".ls-debranch", STORY, NEXT, *STEPS),
    Widget(
        "dictionary_stepper.DictionaryStepper",
        ".ls-dictionary",
        STORY,
        ("tbody tr:nth-child(2) td:nth-of-type(3)",),
        "td.current",
        "ArrowRight",
    ),
    Widget("layer_viewer.LayerViewer", ".ls-layer-viewer", STORY, NEXT, "select", "ArrowLeft"),
    Widget("noise_explorer.NoiseExplorer", ".ls-noise", STORY, OTHER, *LEVELS),
    Widget("whisper_shout.WhisperShout", ".ls-whisper", STORY, OTHER, *LEVELS),
    Widget(
        "eigenvalue_picker.EigenvaluePicker",
        ".ls-eigen",
        STORY,
        ("button:has-text('forget')",),
        *STEPS,
    ),
    Widget("prompt_function.FunctionPrompter", ".ls-prompter", ".errors", ("svg",), *STEPS),
    Widget(
        "quiz.Quiz",
        ".ls-quiz",
        ASKED + ".answer",
        (ASKED + "label >> nth=0", ASKED + "button"),
        ASKED + "input[type=radio]:checked",
        "ArrowDown",
    ),
    Widget(
        "parsons.Parsons",
        ".ls-parsons",
        "ol.used",
        ("button[aria-label^='Move down'] >> nth=0",),
        "button[aria-label^='Move up'] >> nth=1",
        "Enter",
    ),
]

FOCUS = """e => {
  const style = getComputedStyle(e);
  return [e === document.activeElement, style.outlineStyle, parseFloat(style.outlineWidth)];
}"""


def page_with(widget):
    """Return the first page of the site that holds a widget of this kind."""
    name = f"lsrl_edu.show.widgets.{widget.kind}"
    found = sorted([*SITE.glob("notebooks/*.html"), *SITE.glob("exercises/*.html")])
    holding = [p for p in found if name in p.read_text(encoding="utf-8")]
    assert holding, f"no page holds a {widget.kind}"
    return holding[0].relative_to(SITE).as_posix()


def text_of(place):
    """Return what can be read at a place, spaces evened out."""
    return re.sub(r"\s+", " ", place.inner_text()).strip()


def wait_for_another_text(page, place, old):
    """Wait until a place says something else, and return it."""
    for _ in range(100):
        if text_of(place) != old:
            return text_of(place)
        page.wait_for_timeout(50)
    raise AssertionError(f"nothing changed: {old[:200]}")


def tab_to(page, place):
    """Press Shift and Tab, or Tab, until the focus is there."""
    for key, most in WAYS:
        for _ in range(most):
            if place.count() and place.evaluate("e => e === document.activeElement"):
                return
            page.keyboard.press(key)
    raise AssertionError(f"the keyboard does not reach {place}")


@pytest.mark.parametrize("widget", WIDGETS, ids=lambda w: w.kind.split(".")[1])
def test_a_widget_answers_the_mouse_and_the_keyboard(browser, site_address, widget):
    """What it says changes with a click and with a key, and the focus can be seen."""
    with Visit(browser, site_address, DESKTOP, "light") as visit:
        visit.open(page_with(widget))
        root = visit.page.locator(widget.root).first
        root.scroll_into_view_if_needed()
        told = root.locator(widget.told).first
        before = text_of(told)
        for button in widget.clicks:
            root.locator(button).first.click()
        after_mouse = wait_for_another_text(visit.page, told, before)
        target = root.locator(widget.target).first
        tab_to(visit.page, target)
        focused, outline, width = target.evaluate(FOCUS)
        assert focused and outline != "none" and width >= 2
        visit.page.keyboard.press(widget.key)
        wait_for_another_text(visit.page, told, after_mouse)
        assert visit.complaints == [] and visit.strangers == []


def test_every_kind_of_widget_is_tried():
    """A new widget needs a line in WIDGETS."""
    written = {p.stem for p in (SITE.parents[1] / "lsrl_edu/show/widgets").glob("*.js")}
    assert {w.kind.split(".")[0] for w in WIDGETS} == written - {"choices", "exercise"}
