import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

import lsrl_edu as ls
from lsrl_edu.show import layout
from lsrl_edu.show.dag import describe, draw_program, program_html
from lsrl_edu.show.fold import MOST_NODES, view
from lsrl_edu.show.palette import KIND_SHAPES

SVG = "{http://www.w3.org/2000/svg}"


def parsed(svg):
    return ElementTree.fromstring(svg)


def test_a_picture_names_and_describes_itself(more_ones):
    root = parsed(more_ones.draw().svg)
    assert root.get("role") == "img"
    assert root[0].tag == SVG + "title" and root[0].text == "Graph of more_ones"
    assert root[1].tag == SVG + "desc"
    assert "13 nodes: 1 Input, 2 LinState, 6 Linear, 2 Concat and 2 ReLU." in root[1].text
    assert "zeros reads Linear 1." in root[1].text
    assert root.get("aria-label") == f"{root[0].text}. {root[1].text}"


def test_nothing_has_an_id_or_a_script_so_that_pictures_share_a_page(more_ones, nasty):
    for program in (more_ones, nasty):
        for element in parsed(program.draw().svg).iter():
            assert "id" not in element.attrib
            assert element.tag.removeprefix(SVG) not in ("script", "style", "foreignObject")
            assert not any(a.startswith("on") or a.endswith("href") for a in element.attrib)


def test_names_are_escaped(nasty):
    html = program_html(nasty)
    assert "<script" not in html
    text = " ".join(parsed(nasty.draw().svg).itertext())
    assert "<script>alert('\"&')" in text and "Σ 🐍" in text and "wählen" in text


def test_what_xml_cannot_hold_is_replaced():
    x = ls.Input(1)
    program = ls.Program(ls.ReLU(x, name="bell \x07 nul \x00"), "p")
    parsed(program.draw().svg)


@pytest.mark.parametrize("direction", ["LR", "TB"])
@pytest.mark.parametrize("detail", ["auto", "all", "folded", "states"])
def test_every_way_of_drawing_is_well_formed(more_ones, nasty, big, direction, detail):
    for program in (more_ones, nasty, big):
        picture = draw_program(program, direction=direction, detail=detail)
        shown = view(program, detail)
        drawn = [e for e in parsed(picture.svg).iter() if "data-node" in e.attrib]
        assert len(drawn) == len(shown.nodes)


def test_each_kind_has_its_own_shape(nasty, more_ones):
    outlines = {}
    for program in (nasty, more_ones):
        for group in parsed(program.draw().svg).iter(SVG + "g"):
            if "data-node" in group.attrib:
                kind = group.get("class").split()[-1]
                shape = next(e for e in group if e.get("class") == "ls-shape")
                corners = len(shape.get("points", "").split())
                round_box = shape.get("rx") == str(float(shape.get("height", 0)) / 2).rstrip(".0")
                boxes = sum(e.tag == SVG + "rect" for e in group)
                outlines.setdefault(kind, set()).add((shape.tag, corners, round_box, boxes))
    assert set(outlines) == {f"ls-{kind}" for kind in KIND_SHAPES}
    looks = [frozenset(v) for v in outlines.values()]
    assert len(set(looks)) == len(looks)


def test_drawing_twice_gives_the_same_text(more_ones):
    assert more_ones.draw().svg == more_ones.draw().svg


def test_a_fresh_process_draws_the_same(more_ones):
    here = Path(__file__).resolve()
    code = (
        f"import sys; sys.path[:0] = [{str(here.parents[2])!r}, {str(here.parent)!r}]\n"
        "from conftest import make_more_ones\n"
        "sys.stdout.buffer.write(make_more_ones().draw().svg.encode())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert done.stdout.decode() == more_ones.draw().svg


def test_widths_are_written_once_where_they_exceed_one(nasty):
    labels = [e.text for e in parsed(nasty.draw().svg).iter(SVG + "text")]
    assert "4" in labels and "2" in labels and "1" not in labels


def test_a_big_program_is_folded_and_says_so(big):
    picture = big.draw()
    assert len(view(big, "all").nodes) > MOST_NODES
    assert "draw(detail='all') shows everything" in picture.note
    assert picture.note in picture._repr_html_() or "&#x27;all&#x27;" in picture._repr_html_()
    assert big.draw(detail="all").note == ""


def test_folding_keeps_states_names_and_output(more_ones):
    shown = view(more_ones, "states")
    assert [n.label for n in shown.nodes] == ["Input", "ones", "zeros", "Linear"]
    assert [(a.label, b.label) for a, b in shown.edges] == [
        ("Input", "ones"), ("Input", "zeros"), ("ones", "Linear"), ("zeros", "Linear"),
    ]  # fmt: skip
    assert "ones reads Input." in describe(shown)


def test_an_unknown_detail_or_direction_is_refused_or_explained(more_ones):
    with pytest.raises(ValueError, match="choose one of auto, all, folded, states"):
        more_ones.draw(detail="some")
    assert "choose 'LR' or 'TB'" in more_ones.draw(direction="up").note


def test_values_of_a_step_lie_on_the_graph(more_ones):
    trace = more_ones.trace([0, 1, 1])
    root = parsed(draw_program(more_ones, trace, step=1).svg)
    values = [e.text for e in root.iter(SVG + "text") if e.get("class") == "ls-value"]
    node_values = [trace.values[n][1] for n in more_ones.nodes]
    assert len(values) == len(more_ones.nodes)
    assert [v for v, n in zip(values, node_values, strict=True) if len(n) == 1] == [
        {0: "0", 1: "1", -0.1: "−0.1"}[float(n[0])] for n in node_values if len(n) == 1
    ]
    with pytest.raises(IndexError, match="the trace has 3 steps"):
        draw_program(more_ones, trace, step=3)


def test_a_trace_of_another_program_is_refused(more_ones, big):
    with pytest.raises(ValueError, match="another program"):
        draw_program(more_ones, big.trace([1]))


def test_without_graphviz_there_is_text(more_ones, monkeypatch):
    def missing():
        raise RuntimeError("Graphviz was not found")

    monkeypatch.setattr(layout, "_executable", missing)
    layout._run.cache_clear()
    html = more_ones._repr_html_()
    assert "ones  = LinState(A=1, B=1, s0=0) of x" in html
    assert "(Not drawn: RuntimeError: Graphviz was not found)" in html


def test_a_saved_picture_brings_its_own_ink(more_ones, tmp_path):
    more_ones.draw().save(tmp_path / "p.svg")
    text = (tmp_path / "p.svg").read_text(encoding="utf-8")
    assert "prefers-color-scheme:dark" in text
    parsed(text)


def test_the_bundle_has_html_and_text(more_ones):
    bundle = more_ones.draw()._repr_mimebundle_()
    assert set(bundle) == {"text/html", "text/plain"}
    assert bundle["text/plain"].startswith("Graph of more_ones: 13 nodes")
