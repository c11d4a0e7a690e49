import json
import random
from fractions import Fraction

import pytest

from lsrl_edu.errors import LSRLError
from lsrl_edu.show.widgets.quiz import Choice, Number, Question, Quiz, Reveal, quiz, quiz_data

NASTY = "<script>alert('\"&')</script>"
ONE = Question(
    "What does `LinState(x, [[1]], [[1]])` hold after 1, 0, 1?\n```\ny = f(x)\nz = y < 1\n```",
    (
        Choice("1, the last", False, "That would be `A = 0`."),
        Choice("2, the sum", True, "With `A = 1` nothing is lost."),
        Choice(f"3 {NASTY}", False, "It adds, it does not count."),
    ),
)
MANY = Question(
    "Which are linear?",
    (
        Choice("`2 * x`", True, "A multiple."),
        Choice("`ReLU(x)`", False, "A corner."),
        Choice("`x + x`", True, "A sum."),
    ),
    several=True,
)
QUARTER = Number("What is 1 / 4?", 0.25, 0.01, {4: "Upside down."}, "Halve twice.", "Half a half.")
THINK = Reveal("Why a gate?", "Sums are `linear`.")
ALL = (ONE, MANY, QUARTER, THINK)


@pytest.fixture(scope="module")
def data():
    return quiz_data(ALL)


# --- the data ------------------------------------------------------------------------------------
def test_everything_asked_is_in_the_data(data):
    assert [q["kind"] for q in data["questions"]] == ["choice", "choice", "number", "reveal"]
    assert data["start"] == [None] * 4
    for question, shown in zip((ONE, MANY), data["questions"], strict=False):
        assert shown["prompt"] == question.prompt and shown["several"] == question.several
        given = [(c["text"], c["correct"], c["why"]) for c in shown["choices"]]
        assert given == [(c.text, c.correct, c.why) for c in question.choices]
    assert data["questions"][2]["wrong"] == [[4.0, "Upside down."]]
    assert json.dumps(data) == json.dumps(quiz_data(iter(ALL)))


def test_a_fraction_is_a_number():
    assert quiz_data(Number("?", Fraction(1, 3)))["questions"][0]["answer"] == 1 / 3


def test_choices_stand_as_written_or_are_shuffled_by_a_seed():
    def order(seed):
        return [c["text"] for c in quiz_data(ONE, seed=seed)["questions"][0]["choices"]]

    written = [c.text for c in ONE.choices]
    assert order(None) == written
    assert len({tuple(order(seed)) for seed in range(20)}) == 6
    for seed in range(5):
        assert order(seed) == order(seed) and sorted(order(seed)) == sorted(written)


def test_questions_do_not_change():
    with pytest.raises(TypeError):
        QUARTER.wrong[5] = "x"
    with pytest.raises(AttributeError):
        ONE.prompt = "x"
    assert hash(QUARTER) == hash(
        Number("What is 1 / 4?", 0.25, 0.01, {4: "Upside down."}, "Halve twice.", "Half a half.")
    )


YES, NO = Choice("yes", True, "Yes."), Choice("no", False, "No.")
REFUSED = {
    "needs two or more": lambda: Question("Q", (YES,)),
    "0 choices": lambda: Question("Q", ()),
    "no correct choice": lambda: Question("Q", (NO, Choice("nor", False, "No."))),
    "2 correct choices": lambda: Question("Q", (YES, Choice("aye", True, "Yes."))),
    'has the choice "no" twice': lambda: Question("Q", (YES, NO, Choice(" no ", False, "x"))),
    "write Choice(text, correct, why), not 'yes'": lambda: Question("Q", ("yes", "no")),
    "A question must be a text; got 3": lambda: Question(3, (YES, NO)),
    "A choice must be a text; got 1": lambda: Choice(1, True, "x"),
    "A choice is empty": lambda: Choice(" ", True, "x"),
    "True or False; got 'x'": lambda: Choice("a", "x", "y"),
    'explanation of choice "a" is empty': lambda: Choice("a", True, ""),
    "backtick without a partner: a `b": lambda: Reveal("a `b", "x"),
    "the answer must be a finite number; got 'x'": lambda: Number("Q", "x"),
    "the answer must be a finite number; got inf": lambda: Number("Q", float("inf")),
    "the answer must be a finite number; got True": lambda: Number("Q", True),
    "cannot be negative": lambda: Number("Q", 1, -1),
    "stands among the mistakes": lambda: Number("Q", 1, 0.5, {1.5: "x"}),
    "what is said to 2 is empty": lambda: Number("Q", 1, 0, {2: ""}),
    "the hint must be a text": lambda: Number("Q", 1, hint=None),
    "one question or more": lambda: quiz([]),
    "a Question, a Number or a Reveal; got 'Q'": lambda: quiz(["Q"]),
    "The title is empty": lambda: quiz(ONE, title=""),
}


@pytest.mark.parametrize("sentence", REFUSED)
def test_what_cannot_be_asked_is_refused_with_a_sentence(sentence):
    with pytest.raises(LSRLError) as caught:
        REFUSED[sentence]()
    assert sentence in str(caught.value)


def test_the_shell_is_thin():
    widget = quiz(ALL, title="Before we start")
    assert isinstance(widget, Quiz) and widget.answers == [None] * 4
    assert widget.data == quiz_data(ALL, title="Before we start")
    assert repr(widget) == "<Before we start: 4 questions>"


def test_where_no_script_runs_the_questions_are_text_with_folded_answers():
    bundle, _ = quiz(ALL)._repr_mimebundle_()
    html = bundle["text/html"]
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert html.count("<details>") == 5  # four answers and a hint
    assert html.count("<script") == 0 and html.count("&lt;script&gt;") == 2
    assert "<pre><code>y = f(x)\nz = y &lt; 1</code></pre>" in html
    assert "<summary>Answer</summary><p>0.25. Half a half.</p>" in html
    assert "2, the sum (right): With <code>A = 1</code> nothing is lost." in html
    text = bundle["text/plain"]
    assert "   b) 2, the sum" in text and "\n3. What is 1 / 4?" in text
    assert "nothing is lost" not in text and "0.25" not in text


# --- the page ------------------------------------------------------------------------------------
def question(page, number):
    return page.locator("fieldset").nth(number - 1)


def said(page, number):
    return question(page, number).get_by_role("status").inner_text().replace("\n", " ").strip()


def count(page):
    return page.locator(".count").text_content()


def test_each_choice_has_its_answer_and_none_betrays_the_right_one(data, open_page):
    page = open_page("quiz", "answers", data)
    one = question(page, 1)
    for choice in ONE.choices[::-1] + ONE.choices[1:]:
        one.get_by_role("radio", name=choice.text).check()
        assert said(page, 1) == ""  # nothing before it is checked
        one.get_by_role("button", name="Check").click()
        why = choice.why.replace("`", "")
        right = f"✓ Right. {why}", "1 of 3 right."
        wrong = f"✗ Not right. {why} Try again.", "0 of 3 right."
        assert (said(page, 1), count(page)) == (right if choice.correct else wrong)
        others = [c.why.replace("`", "") for c in ONE.choices if c is not choice]
        visible = page.locator("#here").inner_text()
        assert not any(other in visible for other in others)
        assert one.get_by_text("Why not the others?").count() == choice.correct
    assert page.locator("#here script").count() == 0


def expected(picked):
    """What is said first of a choice of several."""
    wrong = sum(not c.correct for c in picked)
    if not picked:
        return "Choose an answer, then check it."
    if wrong:
        return f"✗ {wrong} of the {len(picked)} you chose is not right. Try again."
    complete = "✓ Right, and complete.", "✗ What you chose is right, but something is missing."
    return complete[len(picked) < 2]


def test_several_are_right_only_together(data, open_page):
    page = open_page("quiz", "answers", data)
    many = question(page, 2)
    for chosen in range(8):
        picked = [c for i, c in enumerate(MANY.choices) if chosen >> i & 1]
        for i in range(3):
            many.get_by_role("checkbox").nth(i).set_checked(bool(chosen >> i & 1))
        many.get_by_role("button", name="Check").click()
        text = said(page, 2)
        assert text.startswith(expected(picked))
        assert [c.why in text for c in MANY.choices] == [c in picked for c in MANY.choices]
        assert count(page) == f"{int(text.startswith('✓'))} of 3 right."


NUMBERS = {
    "3": 3, "-0.25": -0.25, "−2": -2, "+1.": 1, ".5": 0.5, "1e-3": 1e-3, "1/4": 0.25,
    " -3 / 2 ": -1.5,
    "1/0": None, "": None, "x": None, "1,5": None, "1 2": None, "0x10": None, "--1": None,
    "Infinity": None, "1e999": None,
}  # fmt: skip


def test_numbers_are_read_as_people_write_them(data, open_page):
    page = open_page("quiz", "answers", data)
    read = "texts => texts.map(widget.readNumber)"
    assert page.evaluate(read, list(NUMBERS)) == list(NUMBERS.values())
    values = [n / 64 for n in random.Random(0).sample(range(-(10**6), 10**6), 50)]
    assert page.evaluate(read, list(map(str, values))) == values


SAID = {
    "0.25": "✓ Right. Half a half.",
    "1/4": "✓ Right. Half a half.",
    "0.26": "✓ Right. Half a half.",
    "0.261": "✗ Not right. There is a hint. Try again.",
    "4": "✗ Not right. Upside down. Try again.",
    "four": "Write a number, such as 3, -0.25, 1e-3 or 1/4, and check again.",
}


def test_a_number_is_answered_with_the_mistake_in_it(data, open_page):
    page = open_page("quiz", "answers", data)
    field = question(page, 3).get_by_role("textbox", name="Your number")
    for given, sentence in SAID.items():
        field.fill(given)
        field.press("Enter")
        assert said(page, 3) == sentence
        assert page.evaluate("document.activeElement.type") == "text"  # the focus stays
        field.press("Backspace")
        assert said(page, 3) == ""


def test_by_keyboard_alone(data, open_page):
    page = open_page("quiz", "answers", data)

    def press(*keys):
        for key in keys:
            page.keyboard.press(key)

    press("Tab", "Space", "ArrowDown", "Tab", "Enter")
    assert said(page, 1).startswith("✓ Right.") and count(page) == "1 of 3 right."
    assert page.evaluate("document.activeElement.textContent") == "Check"
    press("Tab", "Enter")  # opens the others
    assert question(page, 1).get_by_text("It adds, it does not count.").is_visible()
    press("Tab", "Space", "Tab", "Tab", "Space", "Tab", "Space")
    assert said(page, 2).startswith("✓ Right, and complete.")
    press("Tab", "Tab")
    page.keyboard.type("1/4")
    press("Enter")
    assert count(page) == "All 3 right."
    press("Tab", "Tab", "Tab", "Enter")
    assert page.get_by_text("Sums are linear.").is_visible()


def test_a_question_forgets_nothing_while_another_is_answered(data, open_page):
    page = open_page("quiz", "answers", data)
    question(page, 2).get_by_role("checkbox").nth(1).check()
    question(page, 1).get_by_role("radio").nth(1).check()
    question(page, 1).get_by_role("button", name="Check").click()
    assert question(page, 2).get_by_role("checkbox").nth(1).is_checked()
    assert page.evaluate("model.get('answers')") == [[1], None, None, None]


def test_saved_answers_are_shown_again(data, open_page):
    page = open_page("quiz", "answers", data | {"start": [[1], [0, 2], "1/4", None]})
    assert count(page) == "All 3 right."
    assert question(page, 1).get_by_role("radio").nth(1).is_checked()
    assert question(page, 3).get_by_role("textbox").input_value() == "1/4"


def test_keys_do_not_reach_the_notebook(data, open_page):
    page = open_page("quiz", "answers", data)
    page.evaluate("window.heard = []; addEventListener('keydown', e => heard.push(e.key))")
    page.get_by_role("radio").first.focus()
    for key in ("ArrowDown", "b", "Enter", "Escape"):
        page.keyboard.press(key)
    assert page.evaluate("heard") == ["Escape"]


def test_everything_has_a_name_and_says_what_it_does(data, open_page):
    page = open_page("quiz", "answers", data)
    assert page.get_by_role("region", name="Questions").count() == 1
    names = [
        "1. What does LinState(x, [[1]], [[1]]) hold after 1, 0, 1?",
        "2. Which are linear?",
        "3. What is 1 / 4?",
        "4. Why a gate?",
    ]
    for name in names:
        assert page.get_by_role("group", name=name, exact=True).count() == 1
    statuses = page.get_by_role("status")
    assert statuses.count() == 4
    assert {statuses.nth(i).get_attribute("aria-live") for i in range(4)} == {"polite"}


def test_a_quiz_of_one_has_no_number_and_one_to_think_about_no_count(open_page):
    page = open_page("quiz", "answers", quiz_data(MANY))
    assert page.get_by_role("group", name="Which are linear?", exact=True).count() == 1
    assert count(page) == "0 of 1 right."
    page = open_page("quiz", "answers", quiz_data(THINK))
    assert count(page) == ""
    assert not page.get_by_text("Sums are linear.").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_telephone(open_page, scheme):
    long = Question(f"`{'x' * 200}`", (Choice("y" * 200, True, "z" * 200), NO))
    size = {"width": 390, "height": 800}
    page = open_page("quiz", "answers", quiz_data((*ALL, long)), viewport=size, color_scheme=scheme)
    page.get_by_role("radio", name="y" * 200).check()
    page.get_by_role("button", name="Check").last.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    for i in range(4):
        assert page.get_by_role("button", name="Check").nth(i).bounding_box()["height"] >= 32
