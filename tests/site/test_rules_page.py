"""The page about the rules is what the rules say; its counts are what random programs do."""

import math
import re

import lsrl_edu as ls
from lsrl_edu.compiler.debranch_examples import RULES, example
from lsrl_edu.graph import users
from scripts import make_rules_page as maker

TEXT = maker.PAGE.read_text(encoding="utf-8")


def test_the_page_is_what_the_code_says():
    """If this fails: python -m scripts.make_rules_page"""
    assert maker.page(maker.recorded(TEXT)) == TEXT


def test_the_counts_are_what_random_programs_do():
    """Another version of hypothesis draws other programs, so chance is allowed for."""
    shown = maker.recorded(TEXT)
    assert list(shown) == list(RULES)
    used = maker.measured()
    for case, count in shown.items():
        chance = 4 * math.sqrt(count * (1 - count / maker.PROGRAMS)) + 4
        assert abs(used.get(case, 0) - count) <= chance, case


def test_every_rule_has_its_section_with_code_picture_proof_and_reasons():
    sections = re.split(r"^\(rule-(\w+)\)=$", TEXT, flags=re.M)[1:]
    found = dict(zip(sections[::2], sections[1::2], strict=True))
    assert list(found) == [case.lower() for case in RULES]
    assert len(found) == 18, "chapter 2 says 18"
    for case, section in found.items():
        assert "**Why.**" in section and "**It declines where** " in section, case
        assert section.count('<svg xmlns="http://www.w3.org/2000/svg" role="img"') == 1
        assert section.count("```python\n") == 1 + (case == "f5")  # the helpers follow the fusions


def test_the_code_on_the_page_is_the_example():
    helpers = {"ls": ls}
    blocks = re.findall(r"```python\n(.*?)\n```", TEXT, flags=re.S)
    definitions = next(b for b in blocks if b.startswith("def "))
    exec(definitions, helpers)
    bodies = [b for b in blocks if b != definitions]
    for case, body in zip(RULES, bodies, strict=True):
        program = ls.foreach(dim=2)(lambda v, body=body: eval(body, {**helpers, "v": v}))
        again = [(type(n), n.parts, n.dim, n.name) for n in program.nodes]
        assert again == [(type(n), n.parts, n.dim, n.name) for n in example(case).nodes], case


def test_which_rules_the_listings_reach():
    """What the page says about cases 1B, 4, 7A and 7B."""
    listings = [ls.programs.more_ones.program()]
    for method in ("original", "optimized", "multiplicative", "multiplicative_optimized"):
        listings.append(ls.programs.discrete.program(2, method))
        listings.append(ls.programs.continuous.program(d_in=2, d_out=1, method=method))
    used = {program: ls.debranch(program).cases() for program in listings}
    reached = {case for cases in used.values() for case in cases}
    assert {"4", "7A", "7B"}.isdisjoint(reached) and {"2", "5A", "10"} <= reached
    assert [p.name for p, cases in used.items() if "1B" in cases] == ["continuous"]
    assert "1B" in used[listings[6]]


def test_where_a_program_needs_case_3():
    """Interned nodes make equal ReLUs one; case 5A makes equal ones again."""
    same = ls.foreach(dim=2)(lambda v: ls.Concat(ls.ReLU(v), ls.ReLU(v)))
    assert all(len(readers) <= 1 for readers in users(same.nodes).values())
    assert "3" in ls.debranch(example("5B")).cases()
