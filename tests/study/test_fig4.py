import numpy as np
import pytest

from lsrl_edu.data import DATA
from lsrl_edu.errors import LSRLError
from lsrl_edu.study import fig4, sweep, table
from lsrl_edu.study.fig4_figure import describe, draw

FIG4 = DATA / "fig4"


def test_the_published_table_is_complete():
    for name in fig4.PUBLISHED:
        found = fig4.published(name, FIG4)
        assert set(found) == {(m, v) for m in fig4.METHODS for v in fig4.LEVELS}
        assert all(len(values) == 25 for values in found.values())


@pytest.mark.parametrize(
    "method", ["original", "optimized", "multiplicative", "multiplicative_optimized"]
)
def test_without_noise_we_find_the_published_distances_seed_by_seed(method):
    curves = fig4.curves()
    settings = fig4.make_settings(curves, methods=[method], levels=(0,))
    found = fig4.ours(sweep.sweep(settings, progress=False), curves)[method, 0]
    assert np.allclose(found, fig4.published("curves", FIG4)[method, 0], atol=1e-6)


def test_our_table_is_complete_and_agrees_without_noise():
    rows = table.read(FIG4 / "ours.csv")
    assert len(rows) == 2 * 2 * 2 * 5 * 5 * 25
    tokens = fig4.tokens()
    found, known = fig4.ours(rows, tokens), fig4.published("tokens", FIG4)
    for method in fig4.METHODS:
        assert np.allclose(found[method, 0], known[method, 0])
    assert found["original", 0].mean() == pytest.approx(89.2)


def test_the_distributions_agree_where_the_programs_are_the_same():
    rows = table.read(FIG4 / "ours.csv")
    for name, experiment in (("tokens", fig4.tokens()), ("curves", fig4.curves())):
        found = fig4.comparisons(fig4.ours(rows, experiment), fig4.published(name, FIG4))
        same = ("original", "multiplicative", "multiplicative_optimized")
        assert min(c.p for (method, _), c in found.items() if method in same) > 0.1


def test_the_command_measures_saves_and_goes_on(tmp_path):
    path = tmp_path / "out.csv"
    line = ["--out", str(path), "--experiment", "curves", "--way", "short way", "--seeds", "2"]
    rows = fig4.main([*line, "--states", "overwritten"])
    assert len(rows) == 5 * 5 * 2 == len(table.read(path))
    before = path.read_text()
    assert list(map(repr, fig4.main([*line, "--states", "overwritten"]))) == list(map(repr, rows))
    assert path.read_text() == before


def test_another_way_is_refused():
    with pytest.raises(LSRLError, match="debranched, short way"):
        fig4.make_settings(fig4.curves(), way="long way")


def test_the_figure_says_what_it_shows():
    results = fig4.published("curves", FIG4)
    results["original", 0.0] = np.array([np.inf, 1.0, np.nan])
    picture = draw("curves", {"published": results, "again": results}, levels=(0.0, 1e-3))
    words = describe("curves", {"published": results}, (0.0, 1e-3))
    assert "published, noise 0.001: original 0.042, optimized 0.76" in words
    assert picture.svg.count("original") and "again, noise 0:" in picture.svg
    assert "step_optimized 98" in describe("tokens", {"p": fig4.published("tokens", FIG4)}, (1e-9,))
