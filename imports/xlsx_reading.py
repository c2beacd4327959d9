"""Workbooks. The zip directory is judged before anything is unpacked; formulas are text, never worked out. Streams."""

import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any, BinaryIO

from django.utils.translation import gettext_lazy as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from imports.choices import Format
from imports.problems import Problem
from imports.tables import LONGEST_CELL, MEGABYTE, MOST_COLUMNS, MOST_ROWS, RawRow, Shape, Table, Unreadable, named

# Of the zip directory. A sheet of 100,000 treaties unpacks to some 100 MB, by a factor of 5 to 20.
MOST_ENTRIES = 2_000
LARGEST_UNPACKED = 600 * MEGABYTE
LARGEST_STRINGS = 100 * MEGABYTE
LARGEST_RATIO = 150
# After so many empty rows there is nothing more: a stray format can make a sheet a million rows long.
_EMPTY_ROWS = 1_000


def read(file: BinaryIO, shape: Shape, *, sheet: str = "") -> Table:
    """The table in the first sheet that has cells, or in `sheet`. Raises `Unreadable`."""
    _check_directory(file)
    file.seek(0)
    try:
        book = load_workbook(file, read_only=True, data_only=False, keep_links=False)
    except (KeyError, ValueError, OSError, SyntaxError, TypeError, InvalidFileException, zipfile.BadZipFile) as error:
        raise _broken() from error
    names = tuple(one.title for one in book.worksheets)
    if sheet and sheet not in names:
        raise Unreadable(_("There is no sheet “%(name)s” in the workbook.") % {"name": sheet[:80]})
    for name in (sheet,) if sheet else names:
        rows = _records(book[name])
        first = next(rows, None)
        if first is not None:
            header = named([_text(cell) for cell in first[1]])
            shape = replace(
                shape, format=Format.XLSX, sheet=name, other_sheets=tuple(one for one in names if one != name)
            )
            return Table(shape, header, _rows(rows, header))
    raise Unreadable(_("The workbook is empty."))


def _check_directory(file: BinaryIO) -> None:
    """What the archive says it holds, before anything of it is unpacked."""
    try:
        file.seek(0)
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise _broken() from error
    if "xl/workbook.xml" not in {entry.filename for entry in entries}:
        raise Unreadable(_("This is a zip file, but not a workbook. Bring the list itself, as CSV or XLSX."))
    unpacked, packed = sum(entry.file_size for entry in entries), sum(entry.compress_size for entry in entries)
    strings = sum(entry.file_size for entry in entries if entry.filename.lower().endswith("sharedstrings.xml"))
    if (
        len(entries) > MOST_ENTRIES
        or unpacked > LARGEST_UNPACKED
        or strings > LARGEST_STRINGS
        or (unpacked > 20 * MEGABYTE and unpacked > LARGEST_RATIO * max(packed, 1))
    ):
        raise Unreadable(_("This workbook unpacks to more than can be read here. Save the sheet with the list as CSV."))


def _broken() -> Unreadable:
    return Unreadable(_("This workbook is damaged, or was not copied whole. Save it again, or save the list as CSV."))


def _records(sheet: Any) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Number of the row and its cells, empty rows left out."""
    empty = 0
    rows = sheet.iter_rows(max_col=MOST_COLUMNS + 1)
    number = 0
    while True:
        try:
            cells = next(rows)
        except StopIteration:
            return
        except (KeyError, ValueError, OSError, SyntaxError, TypeError, IndexError, zipfile.BadZipFile) as error:
            raise _broken() from error
        number += 1
        if number > MOST_ROWS:
            raise Unreadable(_("The file has more than a million rows. Divide it over several files."))
        if all(cell.value is None or cell.value == "" for cell in cells):
            empty += 1
            if empty > _EMPTY_ROWS:
                return
            continue
        empty = 0
        while cells and cells[-1].value in (None, ""):
            cells = cells[:-1]
        yield number, cells


def _rows(records: Iterator[tuple[int, tuple[Any, ...]]], header: list[str]) -> Iterator[RawRow]:
    for number, cells in records:
        texts = [_text(cell) for cell in cells]
        texts += [""] * (len(header) - len(texts))
        flaws = [
            Problem(code, header[place], texts[place][:300])
            for place, cell in enumerate(cells[: len(header)])
            if (code := _flaw(cell))
        ]
        if len(texts) > len(header):
            flaws.append(Problem("too_many_cells", params={"found": str(len(texts)), "expected": str(len(header))}))
        yield RawRow(number, texts, flaws)


def _flaw(cell: Any) -> str:
    if cell.data_type == "f":
        return "formula"
    return "cell_error" if cell.data_type == "e" else ""


def _text(cell: Any) -> str:
    """What the cell says: dates as ISO, whole numbers without a point."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)[:LONGEST_CELL]
