"""Files as people bring them: read in what they are, or refused in one sentence."""

import io
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from imports import csv_reading, xlsx_reading
from imports.reading import read
from imports.tables import RawRow, Unreadable


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """The sentences are read in English here, whatever the language of the register is."""
    with translation.override("en"):
        yield


def rows_of(content: bytes, **kw: Any) -> list[RawRow]:
    return list(read(io.BytesIO(content), **kw).rows)


def refusal(content: bytes, **kw: Any) -> str:
    with pytest.raises(Unreadable) as error:
        rows_of(content, **kw)
    return str(error.value.sentence)


@pytest.mark.parametrize(
    ("coding", "found", "named"),
    [
        ("utf-8", "valid", "utf-8"),
        ("utf-8-sig", "mark", "utf-8-sig"),
        ("utf-16", "mark", "utf-16"),
        ("cp1252", "guessed", "cp1252"),
        ("mac_roman", "guessed", "mac_roman"),
    ],
)
def test_the_encoding_is_found_and_told(coding: str, found: str, named: str) -> None:
    text = "titel;op\nTraité entre la République française et le Royaume de Belgique, signé à Liège;1990\n"
    table = read(io.BytesIO(text.encode(coding)))
    assert (table.shape.encoding_found, table.shape.encoding, table.shape.delimiter) == (found, named, ";")
    assert table.header == ["titel", "op"]
    (row,) = table.rows
    assert row.cells[0].startswith("Traité entre la République")
    assert (table.shape.confidence is None) == (found != "guessed")


@pytest.mark.parametrize("delimiter", csv_reading.DELIMITERS)
def test_the_separator_is_found(delimiter: str) -> None:
    content = "\n".join(delimiter.join(cells) for cells in (["a", "b", "c"], ["1", "2", "x y"], ["3", "4", "5"]))
    table = read(io.BytesIO(content.encode()))
    assert (table.shape.delimiter, [row.cells for row in table.rows]) == (
        delimiter,
        [["1", "2", "x y"], ["3", "4", "5"]],
    )


def test_rows_are_numbered_as_a_spreadsheet_does() -> None:
    rows = rows_of(b'a,b\n"two\nlines",2\n\n3,4\n5,6,7\n8\n9,10,\n')
    assert [(row.number, [flaw.code for flaw in row.flaws]) for row in rows] == [
        (2, []),
        (4, []),
        (5, ["too_many_cells"]),
        (6, ["too_few_cells"]),
        (7, []),
    ]


def test_a_cell_that_swallowed_rows_is_told() -> None:
    (first, second) = rows_of(b'a,b,c\n"x,1,2\ny,3,4\nz",5,6\n"only\ntwo lines",7,8\n')
    assert [flaw.code for flaw in first.flaws] == ["swallowed"]
    assert second.flaws == []


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"%PDF-1.4", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ".xls"),
        (b"a,b\n1,\x00\n", "NUL"),
        (b"\n\n", "empty"),
        ("a,b\né,é".encode()[:-1], "copied whole"),
        (b'a,b\n1,2\n"3,4\n5,6\n', "row 3 (line 3)"),
        (b'a,b\n"1"x,2\n', "closing quote"),
        (b"PK\x03\x04nonsense", "damaged"),
        (b"<!DOCTYPE html><p>", "web page"),
    ],
)
def test_what_is_no_list_is_refused_in_one_sentence(content: bytes, words: str) -> None:
    sentence = refusal(content)
    assert words in sentence
    assert sentence.endswith(".")


def test_what_a_person_chooses_is_checked() -> None:
    assert "no encoding" in refusal(b"a,b\n1,2", encoding="nonsense")
    assert "not in the encoding" in refusal("a,b\né,2".encode("cp1252"), encoding="utf-8")
    assert "separator" in refusal(b"a,b\n1,2", delimiter=";")
    assert "separated by" in refusal(b"a,b\n1,2", delimiter="x")
    assert rows_of("a,b\né,2".encode("cp850"), encoding="cp850")[0].cells == ["é", "2"]


def workbook(*rows: list[Any]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def test_a_workbook_is_read_by_its_cells_and_formulas_are_not_worked_out() -> None:
    import datetime

    content = workbook(
        ["titel", "op", "n"],
        ["Verdrag", datetime.date(1990, 5, 1), 12.0],
        [],
        ["=A2", "x", "#REF!"],
        ["a", "b", "c", "d"],
    )
    table = read(io.BytesIO(content))
    rows = list(table.rows)
    assert (table.shape.format, table.shape.sheet, table.header) == ("xlsx", "Sheet", ["titel", "op", "n"])
    assert [(row.number, row.cells[:3]) for row in rows] == [
        (2, ["Verdrag", "1990-05-01", "12"]),
        (4, ["=A2", "x", "#REF!"]),
        (5, ["a", "b", "c"]),
    ]
    assert [[flaw.code for flaw in row.flaws] for row in rows] == [[], ["formula", "cell_error"], ["too_many_cells"]]
    assert "no sheet" in refusal(content, sheet="Elders")
    assert "empty" in refusal(workbook())


def test_a_bomb_is_refused_by_its_directory(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 30 * 1024 * 1024)
    assert "unpacks to more" in refusal(bomb.getvalue())
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("word/document.xml", "x")
    assert "not a workbook" in refusal(other.getvalue())
    monkeypatch.setattr(xlsx_reading, "MOST_ENTRIES", 2)
    assert "unpacks to more" in refusal(workbook(["a"], ["b"]))


def test_a_cut_workbook_is_refused() -> None:
    content = workbook(["a", "b"], *([str(n), "x"] for n in range(500)))
    for length in (100, len(content) // 2, len(content) - 30):
        assert "damaged" in refusal(content[:length])


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    with suppress(Unreadable):
        rows_of(content)
