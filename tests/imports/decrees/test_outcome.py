import csv
from pathlib import Path

import pytest

from imports.decrees.outcome import Line, safe, write


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_a_formula(start: str) -> None:
    assert safe(f"{start}1+1") == f"'{start}1+1"
    assert safe(f"1{start}1") == f"1{start}1"
    assert safe("") == ""


def test_the_report_opens_as_csv(tmp_path: Path) -> None:
    line = Line("1", "http://e", "2009035677", "flemish", "2009-05-08", "=HYPERLINK(1)", "refused", "", 'a "b"', "-x")
    write(tmp_path / "report.csv", [line])
    with (tmp_path / "report.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["title"], row["detail"], row["remedy"]) == ("'=HYPERLINK(1)", 'a "b"', "'-x")
