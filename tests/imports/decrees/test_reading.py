from datetime import date
from pathlib import Path

import pytest
from django.utils import translation

from imports.decrees.reading import COLUMNS, UnreadableFile, read, read_answers
from tests.imports.decrees.rows import CLUSTER, row, write


@pytest.fixture(autouse=True)
def _in_english(_in_dutch: None) -> None:
    translation.activate("en")


def test_a_row_is_read_whole(tmp_path: Path) -> None:
    rows = [
        row("2009035677", CLUSTER, signed_on="2008-05-30", other_dates="2008-12-03|2009-01-01", place="Dublin|Oslo")
    ]
    sheet = read(write(tmp_path / "decrees.csv", rows))
    (decree,) = sheet.decrees
    assert (decree.row, decree.numac, decree.decree_date) == (1, "2009035677", date(2009, 5, 8))
    assert decree.other_dates == (date(2008, 12, 3), date(2009, 1, 1))
    assert decree.places == ("Dublin", "Oslo")
    assert sheet.name == "decrees.csv"
    assert len(sheet.sha256) == 64
    assert sheet.bad == ()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"eli\n\xe9\n", "“f.csv” is not UTF-8: look at line 2."),
        (b"eli\n\x00\n", "“f.csv” holds a NUL character: it is not a CSV file."),
        ((",".join(COLUMNS) + '\n"a').encode(), "“f.csv” is not a CSV file: line 1, unexpected end of data."),
        ((",".join(COLUMNS) + "\nonly,three,cells\n").encode(), "“f.csv” has a row of another length at line 2."),
        ((",".join(COLUMNS[1:]) + "\n").encode(), "“f.csv” lacks the columns: eli."),
    ],
)
def test_a_file_that_cannot_be_read_is_told_in_one_sentence(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "f.csv"
    path.write_bytes(content)
    with pytest.raises(UnreadableFile) as told:
        read(path)
    assert str(told.value) == sentence


def test_no_file_is_told_too(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="cannot be opened"):
        read(tmp_path / "none.csv")


def test_every_reason_against_a_row_is_told(tmp_path: Path) -> None:
    bad = row("12", "\x07", decree_date="2009-02-30", signed_on="1998", n_acts="two", eli="nowhere")
    good = row("2009035677", CLUSTER)
    sheet = read(write(tmp_path / "f.csv", [bad, good, good]))
    assert [decree.numac for decree in sheet.decrees] == ["2009035677"]
    assert sheet.bad[0].reasons == (
        "The ELI is not an address.",
        "The NUMAC number does not have ten digits (the fifth may be a letter).",
        "The title: This text contains a character that cannot be stored.",
        "The number of acts is not a number.",
        "“2009-02-30” (decree_date) is not a day.",
        "“1998” (signed_on) is not a day.",
    )
    assert (sheet.bad[1].row, sheet.bad[1].reasons) == (3, ("The same ELI stands in row 2.",))


def test_answers(tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    path.write_text("eli_a,eli_b,same\nhttp://a,http://b,yes\nhttp://c,T1234567,no\n", encoding="utf-8")
    assert read_answers(path) == {
        frozenset(("http://a", "http://b")): True,
        frozenset(("http://c", "T1234567")): False,
    }


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("a,a,yes", "Row 1 of the answers does not name two decrees."),
        ("a,b,perhaps", "Row 1 of the answers says neither yes nor no."),
        ("a,b,yes\nb,a,no", "Row 2 of the answers contradicts an earlier one."),
    ],
)
def test_answers_that_say_nothing_are_refused(tmp_path: Path, line: str, sentence: str) -> None:
    path = tmp_path / "answers.csv"
    path.write_text(f"eli_a,eli_b,same\n{line}\n", encoding="utf-8")
    with pytest.raises(UnreadableFile) as told:
        read_answers(path)
    assert str(told.value) == sentence
