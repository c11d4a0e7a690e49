import json
from itertools import permutations

import pytest

from lsrl_edu.errors import LSRLError
from lsrl_edu.show.widgets.parsons import Parsons, assemble, make_puzzle, parsons, parsons_data
from lsrl_edu.show.widgets.parsons_lines import first_problem, is_right, starts_right

PROGRAM = """
    def f(x):
        a = x + 1
        b = 2 * x
        return a * b
"""
OTHERS = ["    b = '<script>'"]
TEXTS = ["def f(x):", "    a = x + 1", "    b = 2 * x", "    return a * b"]


def numbers(puzzle, texts):
    """The numbers of some lines, as the reader sees them."""
    shown = [line.text for line in puzzle.lines]
    return [shown.index(text) + 1 for text in texts]


@pytest.fixture(scope="module")
def puzzle():
    return make_puzzle(PROGRAM, OTHERS)


@pytest.fixture(scope="module")
def data(puzzle):
    return parsons_data(puzzle)


# --- the data ------------------------------------------------------------------------------------
@pytest.mark.parametrize("seed", range(30))
def test_the_start_is_all_lines_in_an_order_that_is_not_right(seed):
    for others in ([], OTHERS):
        puzzle = make_puzzle(PROGRAM, others, seed=seed)
        assert sorted(line.text for line in puzzle.lines) == sorted(TEXTS + others)
        assert not starts_right(puzzle.lines, puzzle.solutions)
        assert is_right(numbers(puzzle, TEXTS), puzzle.solutions)
        assert puzzle.left_over == bool(others)
        assert puzzle == make_puzzle(PROGRAM, others, seed=seed)


def test_two_lines_are_always_shown_the_other_way_round():
    for seed in range(10):
        assert [x.text for x in make_puzzle("a = 1\nb = a", seed=seed).lines] == ["b = a", "a = 1"]


def test_other_orders_can_be_accepted():
    """Numbered as written: the distractor is the third."""
    puzzle = make_puzzle(["print(1)", "print(2)"], ["print(3)"], accepted=[(2, 1), (3, 2)])
    one, two, three = numbers(puzzle, ["print(1)", "print(2)", "print(3)"])
    right = [o for o in permutations((one, two, three), 2) if is_right(o, puzzle.solutions)]
    assert set(right) == {(one, two), (two, one), (three, two)}
    assert puzzle.left_over


def test_lines_right_in_any_order_still_have_distractors_to_leave_out():
    puzzle = make_puzzle("a = 1\nb = 2", ["c = 3"])
    assert puzzle.left_over and is_right(numbers(puzzle, ["b = 2", "a = 1"]), puzzle.solutions)


REFUSED = {
    "A program of 1 line has no order": lambda: parsons("a = 1"),
    "A program of 0 lines": lambda: parsons(""),
    "`a = 1` is there twice": lambda: parsons("a = 1\nb = 2\na = 1"),
    "`a = 1` is both right and a distractor": lambda: parsons(
        "a = 1\nb = a", distractors=["a = 1"]
    ),
    "right in any order": lambda: parsons("a = 1\nb = 2"),
    "There is no line 3": lambda: parsons("a = 1\nb = a", accepted=[(1, 3)]),
    "right. Line 2, `b = 1`, is indented": lambda: parsons("a = 1\n    b = 1"),
    "right. Line 1, `if a:`, has nothing inside it": lambda: parsons(
        "a = 1\nif a:\n  b = 1", accepted=[(2,)]
    ),
    "An accepted order is empty": lambda: parsons("a = 1\nb = a", accepted=[()]),
    "must be a text; got 1": lambda: parsons([1, 2]),
    "The question must be a text": lambda: parsons("a = 1\nb = a", question=""),
}


@pytest.mark.parametrize("sentence", REFUSED)
def test_what_is_no_puzzle_is_refused_with_a_sentence(sentence):
    with pytest.raises(LSRLError) as caught:
        REFUSED[sentence]()
    assert sentence in str(caught.value)


def test_the_program_can_be_read_from_the_shell(puzzle):
    widget = parsons(PROGRAM, distractors=OTHERS)
    assert isinstance(widget, Parsons) and widget.data == parsons_data(puzzle)
    assert widget.order == (1, 2, 3, 4, 5) and widget.problem
    assert repr(widget) == "<5 lines to put in order, 5 in use>"
    widget.order = numbers(puzzle, TEXTS)  # as the page sends it: a list
    assert widget.source == "\n".join(TEXTS) + "\n" and widget.problem == ""
    assert assemble(widget.lines, widget.order) == widget.source
    with pytest.raises(LSRLError, match="Line 1 is used 2 times"):
        widget.order = (1, 1)
    assert widget.source == "\n".join(TEXTS) + "\n"


def test_where_no_script_runs_the_lines_are_a_numbered_list(puzzle):
    bundle, _ = parsons(PROGRAM, distractors=OTHERS)._repr_mimebundle_()
    html, text = bundle["text/html"], bundle["text/plain"]
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert html.count("<li>") == 5 and "answer = [3, 1, ...]" in html
    assert "<script" not in html and "&lt;script&gt;" in html
    for number, line in enumerate(puzzle.lines, 1):
        assert f"\n  {number}  {line.text}\n" in text
    assert text.endswith("answer = [3, 1, ...]")


def test_the_data_is_plain_and_the_same_each_time(data):
    assert json.dumps(data) == json.dumps(parsons_data(make_puzzle(PROGRAM, OTHERS)))
    assert data["outside"] == [] and data["leftOver"] is True


# --- the page ------------------------------------------------------------------------------------
MORE = [
    (["if q:", "    a = 2", "    return a", "a = 3", "f(a)"], []),
    (["@ls.d\ndef f(x):", "    for i in x:", "        y = i", "    return y"], ["  z = 1"]),
]


@pytest.mark.parametrize("program", [(PROGRAM, OTHERS), *MORE])
def test_the_page_says_of_every_order_what_python_says(open_page, program):
    puzzle = make_puzzle(*program)
    page = open_page("parsons", "order", parsons_data(puzzle))
    every = range(1, len(puzzle.lines) + 1)
    orders = [o for size in range(len(every) + 1) for o in permutations(every, size)]
    said = page.evaluate(
        "orders => orders.map(order => widget.firstProblem(model.get('data'), order))",
        list(map(list, orders)),
    )
    assert said == [first_problem(puzzle.lines, order, puzzle.solutions) for order in orders]
    assert "" in said and len(set(said)) > 8


def order(page):
    return page.evaluate("model.get('order')")


def status(page):
    return page.get_by_role("status").inner_text()


def focused(page):
    return page.evaluate("document.activeElement.getAttribute('aria-label')")


def test_solved_with_the_mouse(data, puzzle, open_page):
    page = open_page("parsons", "order", data)
    page.get_by_role("button", name="Check").click()
    assert status(page) == "✗ Not yet. " + first_problem(
        puzzle.lines, data["start"], puzzle.solutions
    ).replace("`", "")
    page.get_by_role("button", name="Leave out: b = '<script>'").click()
    assert status(page) == "Left out: b = '<script>'"
    assert page.get_by_role("list", name="Left out").get_by_role("listitem").count() == 1
    for text in reversed(TEXTS):
        up = page.get_by_role("button", name=f"Move up: {text.strip()}", exact=True)
        for _ in range(4):
            up.click(force=True)  # at the top it does nothing
    assert order(page) == numbers(puzzle, TEXTS)
    rows = page.get_by_role("list", name="Your program").locator(".line").all_text_contents()
    assert [row.replace("indented: ", "").strip() for row in rows] == [t.strip() for t in TEXTS]
    page.get_by_role("button", name="Check").click()
    assert status(page) == "✓ Right: every line is in its place."
    page.get_by_role("button", name="Start again").click()
    assert order(page) == data["start"]


def test_the_focus_follows_the_line(data, puzzle, open_page):
    page = open_page("parsons", "order", data)
    text = puzzle.lines[0].text.strip()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert focused(page) == f"Move down: {text}"
    for place in range(2, 6):
        page.keyboard.press("Enter")
        assert order(page).index(1) == place - 1
        assert focused(page) == f"Move down: {text}"
        assert status(page) == f"Line {place} of 5 is now {text}"
    page.keyboard.press("Space")  # the last one stays, and so does the focus
    assert order(page) == [2, 3, 4, 5, 1] and focused(page) == f"Move down: {text}"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert order(page) == [2, 3, 4, 5] and focused(page) == f"Use: {text}"
    assert status(page) == f"Left out: {text}"
    page.keyboard.press("Enter")
    assert order(page) == [2, 3, 4, 5, 1] and focused(page) == f"Leave out: {text}"


def test_solved_by_keyboard_alone(data, puzzle, open_page):
    page = open_page("parsons", "order", data)

    def press(name, times=1):
        for _ in range(40):
            if focused(page) == name or page.evaluate("document.activeElement.innerText") == name:
                break
            page.keyboard.press("Tab")
        for _ in range(times):
            page.keyboard.press("Enter")
        page.evaluate("document.activeElement.blur()")

    press("Leave out: b = '<script>'")
    for text in reversed(TEXTS):
        press(f"Move up: {text.strip()}", 4)
    press("Check")
    assert status(page) == "✓ Right: every line is in its place."
    assert order(page) == numbers(puzzle, TEXTS)


def test_lines_can_be_dragged(data, open_page):
    page = open_page("parsons", "order", data)
    used, left = page.locator("ol.used"), page.locator("ul.left")

    def drag(number, target, **position):
        page.locator(f"li[data-number='{number}'] .line").drag_to(target, target_position=position)
        assert page.locator("[data-drop]").count() == 0

    drag(1, used.locator("li").nth(2), x=20, y=3)
    assert order(page) == [2, 1, 3, 4, 5]
    drag(5, used.locator("li").nth(0), x=20, y=3)
    assert order(page) == [5, 2, 1, 3, 4]
    drag(5, left, x=20, y=20)
    assert order(page) == [2, 1, 3, 4] and status(page).startswith("Left out: ")
    drag(5, used.locator("li").nth(1), x=20, y=3)
    assert order(page) == [2, 5, 1, 3, 4]


def test_what_comes_from_the_kernel_is_shown(data, open_page):
    page = open_page("parsons", "order", data)
    page.evaluate("model.set('order', [3, 1]); model.save_changes()")
    shown = page.locator("ol.used li").evaluate_all("all => all.map(e => e.dataset.number)")
    assert shown == ["3", "1"] and page.locator("ul.left li").count() == 3
    page.evaluate("model.set('order', []); model.save_changes()")
    page.get_by_role("button", name="Check").click()
    assert status(page) == "✗ Not yet. No line is used yet."


def test_without_distractors_no_line_can_be_left_out(open_page):
    page = open_page("parsons", "order", parsons_data(make_puzzle(PROGRAM)))
    assert page.get_by_role("button", name="Leave out").count() == 0
    assert page.get_by_role("list").count() == 1


def test_everything_has_a_name_and_says_what_it_does(data, puzzle, open_page):
    page = open_page("parsons", "order", data)
    assert page.get_by_role("region", name=data["question"]).count() == 1
    assert page.get_by_role("list", name="Your program").count() == 1
    assert page.get_by_role("status").get_attribute("aria-live") == "polite"
    for line in puzzle.lines:
        for what in ("Move up", "Move down", "Leave out"):
            name = f"{what}: {line.text.strip()}"
            assert page.get_by_role("button", name=name, exact=True).count() == 1
    first = page.get_by_role("button", name="Move up").first
    assert first.get_attribute("aria-disabled") == "true"
    said = page.locator("li", has_text="a = x + 1").locator(".said")
    assert said.text_content() == "indented: "
    assert page.locator("#here script").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_telephone(open_page, scheme):
    long = make_puzzle(["a = " + "x" * 200, "def f(b):\n    c = " + "a + " * 40 + "b"], ["z = 1"])
    size = {"width": 390, "height": 800}
    page = open_page("parsons", "order", parsons_data(long), viewport=size, color_scheme=scheme)
    page.get_by_role("button", name="Check").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    for button in page.get_by_role("button").all():
        assert button.bounding_box()["height"] >= 32 and button.bounding_box()["width"] >= 24
