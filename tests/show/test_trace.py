from html.parser import HTMLParser

import pytest

from lsrl_edu.show.trace import trace_dag, trace_html, trace_rows, trace_text

TEXT = """\
trace of more_ones over 5 elements
  step           0  1  2  3  4
  x              0  1  1  0  1
  ones    state  0  1  2  2  3
  zeros   state  1  1  1  2  2
  output         0  0  1  0  1"""


class Table(HTMLParser):
    """Reads the cells of a table, row by row."""

    def __init__(self, html):
        super().__init__()
        self.rows, self.scopes, self.cell = [], [], None
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
            self.cell = True
            self.scopes += [dict(attributes)["scope"]] if tag == "th" else []

    def handle_endtag(self, tag):
        self.cell = None if tag in ("td", "th") else self.cell

    def handle_data(self, data):
        if self.cell:
            self.rows[-1][-1] += data


def test_a_trace_is_a_table_in_a_terminal(more_ones):
    trace = more_ones.trace([0, 1, 1, 0, 1])
    assert trace_text(trace) == TEXT
    assert repr(trace) == TEXT


def test_a_trace_is_a_table_on_a_page(more_ones):
    table = Table(trace_html(more_ones.trace([0, 1, 1, 0, 1])))
    assert table.rows[0] == ["step", "0", "1", "2", "3", "4"]
    assert table.rows[2] == ["onesstate", "0", "1", "2", "2", "3"]
    assert table.rows[-1] == ["output", "0", "0", "1", "0", "1"]
    assert table.scopes.count("col") == 6 and table.scopes.count("row") == 4


def test_the_page_says_what_is_left_out(more_ones):
    html = trace_html(more_ones.trace([0, 1]))
    assert "<caption" in html and "4 of 13 nodes shown" in html
    assert "nodes shown" not in trace_html(more_ones.trace([0, 1]), nodes="all")


def test_rows_can_be_chosen(more_ones):
    trace = more_ones.trace([0, 1])
    assert [name for name, _ in trace_rows(trace, ["zeros"])] == ["zeros"]
    assert len(trace_rows(trace, "all")) == 13
    with pytest.raises(KeyError, match="Named nodes: ones and zeros"):
        trace_rows(trace, ["tens"])
    with pytest.raises(ValueError, match="choose 'auto', 'all', 'named'"):
        trace_rows(trace, "some")


def test_long_traces_are_cut_in_the_middle(more_ones):
    text = trace_text(more_ones.trace([0, 1] * 500))
    assert "..." in text and "999" in text
    assert max(map(len, text.splitlines())) < 120


@pytest.mark.parametrize("number", ["float64", "exact", "symbolic", "ball"])
def test_every_kind_of_number_can_be_shown(more_ones, number):
    trace = more_ones.trace([0, 1, 1], number=number)
    assert "onesstate" in Table(trace_html(trace)).rows[2][0]
    assert "zeros" in trace_text(trace)


def test_an_empty_trace_can_be_shown(more_ones):
    trace = more_ones.trace([])
    assert "over 0 elements" in trace_text(trace) and "over 0 elements" in trace_html(trace)
    assert trace_dag(trace).svg


def test_names_are_escaped(nasty):
    assert "<script" not in trace_html(nasty.trace([[0, 1]]))


def test_the_graph_carries_the_values(more_ones):
    trace = more_ones.trace([0, 1, 1])
    assert trace_dag(trace, 0).title == "Graph of more_ones after element 0"
    assert trace_dag(trace).svg == trace_dag(trace, 2).svg == trace_dag(trace, -1).svg
    assert trace_dag(trace, 0).svg != trace_dag(trace, 2).svg
