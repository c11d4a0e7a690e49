import subprocess
import sys
from pathlib import Path

import pytest

import lsrl_edu as ls
from lsrl_edu.show.figures import FigureError, figure, plot_style, subplots

ALT = "A line rises from 0 to 4."


def line():
    fig, ax = subplots(height=2)
    ax.plot(range(5), label="rise")
    ax.scatter([1], [2])
    ax.legend()
    return fig


@pytest.mark.parametrize("alt", ["", None, "   ", "plot", "a figure"])
def test_no_figure_without_a_description(alt):
    with pytest.raises(FigureError, match="does not describe the figure"):
        figure(line(), alt=alt)
    assert issubclass(FigureError, ls.LSRLError)


def test_a_figure_carries_its_description_and_the_ink_of_the_page():
    shown = figure(line(), alt=ALT, caption="Rising.")
    assert f'role="img" aria-label="{ALT}"' in shown.svg and f"<title>{ALT}</title>" in shown.svg
    assert "currentColor" in shown.svg
    assert "#010203" not in shown.svg and "#000000" not in shown.svg and "<style" not in shown.svg
    assert "Rising." in shown._repr_html_()
    assert repr(shown) == f"[Figure: {ALT}]\nRising."


def test_the_same_figure_gives_the_same_text_also_in_a_fresh_process():
    here = Path(__file__).resolve()
    code = (
        f"import sys; sys.path[:0] = [{str(here.parents[2])!r}, {str(here.parent)!r}]\n"
        "from test_figures import ALT, figure, line\n"
        "sys.stdout.write(figure(line(), alt=ALT).svg)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == figure(line(), alt=ALT).svg == figure(line(), alt=ALT).svg


def test_different_figures_share_no_ids():
    import re

    other, ax = subplots()
    ax.scatter([3], [4])
    ids = [set(re.findall(r'id="([^"]+)"', figure(f, alt=ALT).svg)) for f in (line(), other)]
    assert ids[0] and ids[1] and not ids[0] & ids[1]
    svg = figure(line(), alt=ALT).svg
    used = set(re.findall(r'(?:href="#|url\(#)([^")]+)', svg))
    assert used <= set(re.findall(r'id="([^"]+)"', svg))


def test_pictures_and_svg_text_are_figures_too(more_ones):
    shown = figure(more_ones.draw(), alt="The graph of a program that counts.")
    assert 'aria-label="The graph of a program that counts."' in shown.svg
    assert shown.svg.count("<title>The graph") == 1 and "Graph of more_ones" not in shown.svg
    assert figure("<?xml version='1.0'?><svg viewBox='0 0 1 1'></svg>", alt=ALT).svg.startswith(
        "<svg"
    )
    for bad in ("no picture", "<svg><script>1</script></svg>", 3):
        with pytest.raises(FigureError, match="SVG without scripts"):
            figure(bad, alt=ALT)


def test_our_style_ends_where_it_should():
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    with plot_style():
        assert mpl.rcParams["svg.hashsalt"] == "lsrl_edu"
    assert dict(mpl.rcParams) == before


def test_importing_the_package_brings_no_drawing_library():
    code = (
        "import sys, lsrl_edu, lsrl_edu.show.dag, lsrl_edu.show.figures, lsrl_edu.show.layers\n"
        "print([m for m in ('matplotlib', 'anywidget', 'ipywidgets', 'torch') if m in sys.modules])"
    )
    root = str(Path(__file__).resolve().parents[2])
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root
    )
    assert done.stdout.strip() == "[]"
