"""Entries to files: JSON Lines, and a folder of CSV with the same content. Nothing here asks the database."""

import csv
import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Protocol

from imports.exchange.shape import ALL, LISTS, NUMBERS, Column, Entry, Form, Header, Value
from treaties.cells import kept

JSON_FILE = "register.jsonl"
CSV_FOLDER = "csv"
# What the export says of itself, beside the CSV files of the parts.
CSV_HEADER = "register"
HEADER_COLUMNS = ["name", "value"]


class Writer(Protocol):
    """Takes the entries one by one; a context, closed at the end."""

    def write(self, entry: Entry) -> None: ...


class JsonWriter:
    """One object per line, keys in the order of the columns, nothing escaped that need not be."""

    def __init__(self, folder: Path, header: Header, stack: ExitStack) -> None:
        self._file = stack.enter_context((folder / JSON_FILE).open("w", encoding="utf-8", newline="\n"))
        self._line(header_object(header))

    def write(self, entry: Entry) -> None:
        self._line(json_object(entry))

    def _line(self, value: Mapping[str, Any]) -> None:
        self._file.write(line(value) + "\n")


def line(value: Mapping[str, Any]) -> str:
    """An object of JSON on one line, always the same for the same content."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def header_object(header: Header) -> dict[str, Any]:
    return {
        "record": "header",
        "format": header.format,
        "format_date": header.format_date,
        "contents": header.contents,
        "counts": dict(header.counts),
    }


def json_object(entry: Entry) -> dict[str, Any]:
    """A party, theme or treaty with the rows that hang on it."""
    rows = {part.key: [dict(row.values) for row in entry.rows[part.key]] for part in entry.part.parts}
    return {"record": entry.part.key, **entry.values, **rows}


class CsvWriter:
    """One file per part, RFC 4180 in UTF-8 with the mark that tells spreadsheets so."""

    def __init__(self, folder: Path, header: Header, stack: ExitStack) -> None:
        own = folder / CSV_FOLDER
        own.mkdir()
        self._files = {}
        for part in ALL:
            self._files[part.file] = _table(own / f"{part.file}.csv", part.csv_names, stack)
        told = _table(own / f"{CSV_HEADER}.csv", HEADER_COLUMNS, stack)
        told.writerows(header_rows(header))

    def write(self, entry: Entry) -> None:
        self._files[entry.part.file].writerow(cells(entry))
        for part in entry.part.parts:
            self._files[part.file].writerows([kept(entry.name), *cells(row)] for row in entry.rows[part.key])


def _table(path: Path, columns: list[str], stack: ExitStack) -> Any:
    writer = csv.writer(stack.enter_context(path.open("w", encoding="utf-8-sig", newline="")))
    writer.writerow(columns)
    return writer


def header_rows(header: Header) -> Iterator[tuple[str, str]]:
    """The header as rows of name and value; the counts under the names of the files."""
    yield "format", header.format
    yield "format_date", header.format_date
    yield "contents", header.contents
    for name, count in header.counts.items():
        yield name, str(count)


def cells(entry: Entry) -> list[str]:
    return [cell(column, entry.values[column.name]) for column in entry.part.columns]


def cell(column: Column, value: Value) -> str:
    """A value as text that no spreadsheet runs and that `reading_csv` turns back into the same value."""
    if column.form in LISTS:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    if column.form == Form.YESNO:
        return "yes" if value else "no"
    if column.form in NUMBERS:
        return "" if value is None else str(value)
    return kept(str(value))
