import math

import pytest

from lsrl_edu.errors import StorageError
from lsrl_edu.study.table import NAMES, Row, append, read

ROW = Row("tokens, n=3", "short way", "0123abcd", "drift", "usual", False, 1e-7, 3, 2.5, 0.125)
ODD = Row("p", "n", "d", "overwritten", "A+b", True, 0.0, 0, math.nan, math.inf, -math.inf)


def test_rows_come_back_as_they_were(tmp_path):
    path = tmp_path / "new" / "rows.csv"
    append([ROW], path)
    append([ODD], path)
    assert list(map(repr, read(path))) == list(map(repr, [ROW, ODD]))
    assert read(tmp_path / "none.csv") == []


def test_a_torn_line_is_left_out_and_then_cut_off(tmp_path):
    path = tmp_path / "rows.csv"
    append([ROW, ROW], path)
    path.write_text(path.read_text()[:-9])
    assert len(read(path)) == 1
    append([ODD], path)
    assert [row.key for row in read(path)] == [ROW.key, ODD.key]


def test_a_file_with_nothing_but_half_a_heading_starts_afresh(tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text("problems,netw")
    append([ROW], path)
    assert path.read_text().splitlines()[0] == ",".join(NAMES)
    assert [row.key for row in read(path)] == [ROW.key]


@pytest.mark.parametrize(
    "text, words",
    [
        ("a,b\n1,2\n", "no table of a noise study"),
        (",".join(NAMES) + "\n1,2\n", "damaged"),
        (",".join(NAMES) + "\np,n,d,drift,usual,False,much,0,0,0,0,0\n", "damaged"),
    ],
)
def test_files_that_hold_something_else(tmp_path, text, words):
    path = tmp_path / "rows.csv"
    path.write_text(text)
    with pytest.raises(StorageError, match=words):
        read(path)
