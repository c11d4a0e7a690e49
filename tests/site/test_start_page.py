"""The start page: its network is the compiled one and computes in the page; its map is true."""

import itertools
import json

import pytest

from lsrl_edu.programs import more_ones
from scripts import make_start_page as maker


@pytest.mark.parametrize("name", ["live", "map"])
def test_the_files_are_what_the_code_makes(name):
    """If this fails: python -m scripts.make_start_page"""
    made = maker.live() if name == "live" else maker.map_of(maker.chapters())
    assert (maker.STATIC / f"{name}.html").read_text(encoding="utf-8") == made


def test_arrows_that_follow_from_others_are_left_out():
    needs = {1: (), 2: (1,), 3: (1, 2), 4: (2, 3)}
    found = [maker.Chapter(n, f"t{n}", f"0{n}_t", above) for n, above in needs.items()]
    assert maker.direct(found) == [(1, 2), (2, 3), (3, 4)]


def test_every_chapter_is_on_the_map_and_needs_only_earlier_ones():
    found = maker.chapters()
    drawn = maker.map_of(found)
    for chapter in found:
        assert f'href="../notebooks/{chapter.name}.html"' in drawn
        assert all(need < chapter.number for need in chapter.needs), chapter.name
    assert [c.name for c in found if not c.needs] == [found[0].name]


PAGE = """<body>{html}<script>{script}</script>"""


@pytest.mark.site
def test_the_network_in_the_page_is_the_program(browser):
    """All 256 inputs: the page's outputs are those of the interpreter."""
    script = (maker.STATIC / "live.js").read_text()
    html = maker.live().replace('<script src="../_static/live.js" defer></script>', "")
    page = browser.new_page()
    page.set_content(PAGE.format(html=html, script=script))
    program = more_ones.program(mu=10)
    found = page.evaluate(
        """words => {
          const buttons = [...document.querySelectorAll("button")];
          return words.map(word => {
            const wrong = buttons.filter((b, t) => b.textContent !== String(word[t]));
            wrong.forEach(b => b.click());
            const cells = document.querySelectorAll("tr:last-child td");
            return [...cells].map(c => Number(c.textContent));
          });
        }""",
        words := [list(word) for word in itertools.product((0, 1), repeat=8)],
    )
    assert found == [program.run(word).tolist() for word in words]
    page.close()


@pytest.mark.site
def test_bits_are_switched_by_keyboard_and_the_answer_is_said(browser):
    html = maker.live().replace('<script src="../_static/live.js" defer></script>', "")
    page = browser.new_page()
    page.set_content(PAGE.format(html=html, script=(maker.STATIC / "live.js").read_text()))
    assert "4 ones, 4 zeros" in page.get_by_role("status").inner_text()
    page.get_by_title("bit 7", exact=True).focus()
    page.keyboard.press("Space")
    said = page.get_by_role("status").inner_text()
    assert said == "5 ones, 3 zeros: more ones? The program says yes, the network says yes."
    assert page.get_by_title("bit 7", exact=True).get_attribute("aria-pressed") == "true"
    page.close()


def test_weights_go_into_the_page_as_numbers():
    data = maker.live().split('application/json">')[1].split("</script>")[0]
    assert [layer["kinds"] for layer in json.loads(data)["layers"]] == [
        ["state", "state"],
        ["relu", "relu"],
    ]
