"""The found list as files for other programs: the same rows as the page, in the same order, streamed."""

import json
from collections.abc import Iterator
from datetime import date
from itertools import islice
from tempfile import TemporaryFile
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from treaties import queries
from treaties.cells import printable
from treaties.choices import Precision
from treaties.dates import PartialDate
from treaties.filters import TreatyFilter
from treaties.listing import COLUMNS
from treaties.listing import cells as of_row
from treaties.queries import WholeRow

# Rows read at a time: memory stays the same however long the list is.
_BATCH = 200
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Widths in characters; what is not named is narrow.
_WIDTHS = {"title_nl": 60, "title_en": 60, "title": 60, "parties": 40, "address": 50}
# Spreadsheets reckon days from 1900 and hold a 29 February of that year: earlier days stay text.
_FIRST_DAY = date(1900, 3, 1)


def rows(filterset: TreatyFilter) -> Iterator[WholeRow]:
    """The whole list in its order, a batch at a time."""
    documents = queries.in_order(filterset).iterator(chunk_size=_BATCH)
    while batch := list(islice(documents, _BATCH)):
        yield from queries.whole_rows(batch)


def cells(row: WholeRow, site: str) -> dict[str, str]:
    """What the CSV says of a row, by column."""
    return dict(zip(COLUMNS, of_row(row, site), strict=True))


# --- JSON --------------------------------------------------------------------------------------------


def json_lines(filterset: TreatyFilter, site: str) -> Iterator[str]:
    """One array with an object per treaty, on a line each; without its last line it is no JSON, so half is seen."""
    before = "[\n"
    for row in rows(filterset):
        yield before + json.dumps(_object(row, site), ensure_ascii=False)
        before = ",\n"
    yield "\n]\n" if before != "[\n" else "[]\n"


def _object(row: WholeRow, site: str) -> dict[str, Any]:
    """The columns of the CSV; parties as lists, yes and no as true and false."""
    parties = [link.party for link in row.treaty.party_links.all()]
    return cells(row, site) | {
        "party_codes": [party.code for party in parties],
        "parties": [party.name for party in parties],
        "is_demo": row.treaty.is_demo,
    }


# --- XLSX --------------------------------------------------------------------------------------------


def workbook(filterset: TreatyFilter, site: str) -> IO[bytes]:
    """An open temporary file with the list as a workbook: text that never is a formula, exact days as days.

    Written row by row to disk: memory stays the same however long the list is.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet("treaties")
    sheet.freeze_panes = "A2"
    for place, name in enumerate(COLUMNS):
        sheet.column_dimensions[chr(ord("A") + place)].width = _WIDTHS.get(name, 16)
    sheet.append([_heading(sheet, name) for name in COLUMNS])
    for row in rows(filterset):
        said: dict[str, Any] = {name: _text(sheet, text) for name, text in cells(row, site).items()}
        if row.signed and (day := _exact(row.signed)):
            said["signed"] = _day(sheet, day)
        sheet.append(list(said.values()))
    file = TemporaryFile()  # noqa: SIM115 (closed by the response)
    book.save(file)
    file.seek(0)
    return file


def _exact(when: PartialDate) -> date | None:
    return when.on if when.precision == Precision.DAY and when.on and when.on >= _FIRST_DAY else None


def _text(sheet: Any, text: str) -> Any:
    cell: Any = WriteOnlyCell(sheet, printable(text))
    if text:
        # Whatever it begins with: openpyxl takes a leading "=" for a formula, and "#N/A" for an error.
        cell.data_type = "s"
    return cell


def _heading(sheet: Any, name: str) -> Any:
    cell = _text(sheet, name)
    cell.font = Font(bold=True)
    return cell


def _day(sheet: Any, day: date) -> Any:
    cell: Any = WriteOnlyCell(sheet)
    cell.value = day
    cell.number_format = "yyyy-mm-dd"
    return cell
