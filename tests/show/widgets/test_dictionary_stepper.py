import json

import pytest

from lsrl_edu.errors import DomainError, ShapeError
from lsrl_edu.programs import discrete
from lsrl_edu.show.widgets.dictionary_stepper import (
    DictionaryStepper,
    dictionary_data,
    step_through_dictionary,
)
from lsrl_edu.show.widgets.dictionary_words import ROWS, Moment, why

QUERIES = ("CAN", "CAM", "FRA")
# Fig. 3 of the paper, typed off.
FIGURE_3 = {
    "input": list("CANAUSVIEBULSOFCANOTTDENCOPENGLON"),
    "global_ctr": list(map(str, range(33))),
    "q": ["C??", "CA?"] + ["CAN"] * 31,
    "matching": ["0"] * 15 + ["1"] * 3 + ["0"] * 5 + ["1"] + ["0"] * 9,
    "all_matching": ["0"] * 18 + ["1"] + ["0"] * 14,
    "started_on": ["0"] * 18 + ["18"] * 15,
    "copy_and_on": ["0"] * 18 + ["1"] * 3 + ["0"] * 12,
    "t_updates": ["???"] * 18 + ["O??", "?T?", "??T"] + ["???"] * 12,
    "output_regs": ["???"] * 18 + ["O??", "OT?"] + ["OTT"] * 13,
    "output": ["?"] * 18 + ["O", "T", "T"] * 5,
}


@pytest.fixture(scope="module")
def data():
    return dictionary_data(QUERIES)


def row(data, name):
    return [r["name"] for r in data["rows"]].index(name)


def sentence(data, name, step, query=0):
    return data["sentences"][data["queries"][query]["why"][row(data, name)][step]]


# --- the data ------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", FIGURE_3)
def test_every_row_of_figure_3(data, name):
    assert data["queries"][0]["values"][row(data, name)] == FIGURE_3[name]


def test_what_is_a_state_and_what_is_found(data):
    states = [r["name"] for r in data["rows"] if r["state"]]
    assert states == ["global_ctr", "q", "buffer", "started_on", "output_regs"]
    assert [q["answer"] for q in data["queries"]] == ["OTT", "???", "???"]
    assert data["queries"][1]["values"][row(data, "matching")][15:18] == ["1", "1", "0"]


def test_values_are_those_of_the_trace():
    n, pairs = 2, {(1, 2): (30, 4), (2, 1): (5, 0)}
    data = dictionary_data([(2, 1)], pairs)
    program = discrete.program(n, "original")
    trace = program.trace(discrete.sequence((2, 1), pairs), number="exact")
    for name in ("mod_n", "mod_2n", "is_prompt", "is_compare_mode", "is_copy_mode", "matching"):
        expected = [str(v) for v in trace[name].ravel().tolist()]
        assert data["queries"][0]["values"][row(data, name)] == expected, name
    assert data["queries"][0]["words"] == ["2 1", "1 2", "30 4", "2 1", "5 0"]
    assert data["queries"][0]["values"][row(data, "output_regs")][-1] == "5 0"


def test_every_row_reads_rows_above_it(data):
    for i, about in enumerate(data["rows"]):
        assert all(k < i for k in about["reads"])
    assert len({r["name"] for r in data["rows"]}) == len(ROWS)


@pytest.mark.parametrize(
    "name, step, words",
    [
        ("input", 15, "place 0 of the key CAN"),
        ("global_ctr", 0, "started at −1"),
        ("mod_2n", 15, "15 mod 6 is 3: n or more"),
        ("is_prompt", 2, "2 is below n = 3"),
        ("is_copy_mode", 15, "this is a key"),
        ("is_first_token_for_copy", 18, "its place is 0"),
        ("q", 1, "A is added at place 1"),
        ("q", 9, "stays"),
        ("cor_q_el", 23, "N at place 2"),
        ("matching", 15, "C equals C"),
        ("matching", 10, "U is not A"),
        ("matching", 0, "C equals C, but this is a query"),
        ("buffer", 17, "1 came in"),
        ("all_matching", 18, "3 are 1: all of them"),
        ("all_matching", 24, "1 are 1: not 3"),
        ("started_on", 18, "the time, 18, is added"),
        ("started_on", 19, "0 is added"),
        ("copy_and_on", 20, "20 is below started_on + n = 18 + 3"),
        ("copy_and_on", 24, "24 is not below started_on + n = 18 + 3"),
        ("copy_and_on", 6, "6 is not below started_on + n = 0 + 3"),
        ("t_updates", 19, "T goes to place 1"),
        ("output_regs", 21, "Only 0"),
        ("output", 32, "Register 2"),
    ],
)
def test_sentences_say_why(data, name, step, words):
    assert words in sentence(data, name, step)


def test_a_sentence_agrees_with_the_value_of_every_cell(data):
    """Where a sentence names the deciding fact, that fact gives the value in the table."""
    for query in data["queries"]:
        for t in range(data["steps"]):
            value = {r["name"]: query["values"][i][t] for i, r in enumerate(data["rows"])}
            said = {
                r["name"]: data["sentences"][query["why"][i][t]] for i, r in enumerate(data["rows"])
            }
            equal = "equals" in said["matching"] and "only keys" not in said["matching"]
            assert (value["matching"] == "1") == equal
            assert (value["all_matching"] == "1") == said["all_matching"].endswith("all of them.")
            below = "is below" in said["copy_and_on"]
            assert (value["copy_and_on"] == "1") == below
            assert (value["is_compare_mode"] == "1") == ("not below" in said["is_compare_mode"])
            assert (value["is_prompt"] == "1") == ("not below" in said["is_prompt"])
            assert (value["is_copy_mode"] == "1") == ("this is no key" in said["is_copy_mode"])
            assert value["cor_q_el"] in said["cor_q_el"]
            assert value["buffer"][-1] == value["matching"]


def test_the_buffer_moves_to_the_left(data):
    buffer = data["queries"][0]["values"][row(data, "buffer")]
    matching = data["queries"][0]["values"][row(data, "matching")]
    for t in range(1, data["steps"]):
        assert buffer[t] == buffer[t - 1][1:] + matching[t]


def test_it_starts_where_the_key_begins_to_match(data):
    assert divmod(data["start"], data["steps"]) == (row(data, "matching"), 15)
    assert dictionary_data(["FRA"])["start"] % 33 == 3
    assert dictionary_data(["FRA"], {})["start"] % 3 == 0
    chosen = dictionary_data(variable="q", element=99)
    assert divmod(chosen["start"], 33) == (row(chosen, "q"), 32)


def test_the_data_is_plain_small_and_the_same_each_time(data):
    assert json.dumps(data) == json.dumps(dictionary_data(QUERIES))
    assert len(json.dumps(data)) < 60_000


def test_a_key_that_matches_in_the_middle_of_nothing():
    trace = discrete.program(1, "optimized", counter="cycle").trace(
        discrete.sequence([5], {(5,): (6,)}), number="exact"
    )
    moment = Moment(trace, [[5], [5], [6]], 2)
    assert why("started_on", moment).endswith("the time, 2, is added.")
    assert moment.text("output") == "6"


@pytest.mark.parametrize(
    "arguments, error, words",
    [
        ({"queries": []}, DomainError, "one at least"),
        ({"queries": "CAN"}, DomainError, "list of words"),
        ({"queries": ["CAN", "CA"]}, ShapeError, "The query has 2 tokens"),
        ({"queries": [3]}, ShapeError, "list of tokens"),
        ({"pairs": {"CAN": "OTTA"}}, ShapeError, "value 0 has 4"),
        ({"variable": "nothing"}, DomainError, "choose one of input"),
    ],
)
def test_mistakes_get_an_answer(arguments, error, words):
    with pytest.raises(error, match=words):
        dictionary_data(**arguments)


def test_the_shell_is_thin():
    widget = step_through_dictionary(["CAN", "FRA"])
    assert isinstance(widget, DictionaryStepper)
    assert widget.data == dictionary_data(["CAN", "FRA"])
    assert widget.cell == widget.data["start"] and widget.query == 0
    assert repr(widget) == "<Listing 2, variable by variable: CAN → OTT, FRA → ???>"


# --- the page ------------------------------------------------------------------------------------
@pytest.fixture
def page(data, open_page):
    return open_page("dictionary_stepper", "cell", data)


def test_the_table_shows_every_value_of_every_query(data, page):
    for i, query in enumerate(data["queries"]):
        page.get_by_role("combobox", name="Query").select_option(str(i))
        lines = page.eval_on_selector_all(
            "tbody tr", "all => all.map(r => [...r.querySelectorAll('td')].map(c => c.textContent))"
        )
        assert lines == query["values"]


def test_the_default_tells_the_story(page):
    expected = (
        "Element 15: C, in the key CAN. matching is 1. Whether this token of a key is that of "
        "the query. C equals C, the query's token at place 0."
    )
    assert page.get_by_role("status").text_content() == expected
    assert page.locator("td.current").text_content() == "1"
    assert page.locator("td.read").all_text_contents() == ["C", "1", "C"]


def test_a_click_explains_a_value(data, page):
    cell = page.locator("tbody tr").nth(row(data, "started_on")).locator("td").nth(18)
    cell.click()
    story = page.get_by_role("status").text_content()
    assert story.startswith("Element 18: O, in the value OTT. started_on is 18.")
    assert sentence(data, "started_on", 18) in story
    assert page.evaluate("document.activeElement.textContent") == "18"


def test_keys_and_buttons_move(page):
    page.locator("td.current").focus()
    story = page.get_by_role("status")
    for key, begins in [
        ("ArrowRight", "Element 16: A, in the key CAN. matching"),
        ("ArrowDown", "Element 16: A, in the key CAN. buffer is 0011."),
        ("End", "Element 32: N, in the value LON. buffer"),
        ("ArrowRight", "Element 32"),
        ("Home", "Element 0: C, in the query CAN. buffer"),
        ("ArrowUp", "Element 0: C, in the query CAN. matching is 0."),
    ]:
        page.keyboard.press(key)
        assert story.text_content().startswith(begins)
        assert page.evaluate("document.activeElement.classList.contains('current')")
    page.get_by_role("button", name="Next element").click()
    page.get_by_role("button", name="Variable above").click()
    assert story.text_content().startswith("Element 1: A, in the query CAN. cor_q_el is A.")


def test_another_query_keeps_the_place(page):
    page.get_by_role("combobox", name="Query").select_option("2")
    assert "C is not F" in page.get_by_role("status").text_content()
    assert page.locator("thead .word").first.text_content() == "queryFRA"


def test_the_chosen_column_is_in_sight_on_a_telephone(data, open_page):
    page = open_page("dictionary_stepper", "cell", data, viewport={"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    for step in (0, 15, 32):
        page.evaluate("document.querySelector('td.current').focus()")
        page.keyboard.press("Home")
        for _ in range(step):
            page.keyboard.press("ArrowRight")
        cell = page.locator("td.current").bounding_box()
        name = page.locator("tbody th").first.bounding_box()
        assert name["x"] + name["width"] <= cell["x"] + 1
        assert cell["x"] + cell["width"] <= 390
    assert page.get_by_role("button", name="Next element").bounding_box()["height"] >= 32
