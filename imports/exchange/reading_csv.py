"""Reading the folder of CSV files: strictly, all files side by side, a row at a time."""

import csv
import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from imports.exchange.reading import Problems, Unreadable, checked, ends_whole, file_hash, header_of
from imports.exchange.shape import ALL, LISTS, NUMBERS, ROOTS, Column, Entry, Form, Header, Part
from imports.exchange.writing import CSV_HEADER, HEADER_COLUMNS
from treaties.cells import original

_WHOLE = re.compile(r"0|[1-9][0-9]{0,18}")
_YESNO = {"yes": True, "no": False}
# Stands for a cell that cannot be read; no column takes it.
_WRONG = object()


class Table:
    """One file, read row by row with one row ahead; each row as (place, cells)."""

    def __init__(self, path: Path, columns: list[str]) -> None:
        self.name, self.columns = path.name, columns
        self._rows = self._read(path)
        self.ahead = next(self._rows, None)

    def __iter__(self) -> Iterator[tuple[str, list[str]]]:
        while self.ahead is not None:
            row, self.ahead = self.ahead, next(self._rows, None)
            yield row

    def of(self, name: str) -> Iterator[tuple[str, list[str]]]:
        """The next rows, as long as they belong to `name`."""
        while self.ahead is not None and original(self.ahead[1][0]) == name:
            row, self.ahead = self.ahead, next(self._rows, None)
            yield row

    def _read(self, path: Path) -> Iterator[tuple[str, list[str]]]:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader, line = csv.reader(file, strict=True), 1
            try:
                if (head := next(reader, [])) != self.columns:
                    raise Unreadable(f"{self.name}, line 1: the columns should be {', '.join(self.columns)}.")
                line = reader.line_num + 1
                for cells in reader:
                    where = f"{self.name}, line {line}"
                    if len(cells) != len(head):
                        raise Unreadable(f"{where}: this row has {len(cells)} cells and should have {len(head)}.")
                    yield where, cells
                    line = reader.line_num + 1
            except csv.Error as error:
                raise Unreadable(f"{self.name}, line {line}: this is not CSV ({error}).") from error
            except UnicodeDecodeError as error:
                raise Unreadable(f"{self.name}: this is not UTF-8 (after line {line - 1}).") from error


class CsvSource:
    """A folder with one file per part, and `register.csv`; the papers stand in `files`."""

    def __init__(self, folder: Path, files: Path) -> None:
        self.folder, self.files, self.name = folder, files, folder.name
        wanted = {f"{name}.csv" for name in (CSV_HEADER, *(part.file for part in ALL))}
        present = {path.name for path in folder.glob("*.csv")}
        if missing := sorted(wanted - present):
            raise Unreadable(f"{folder}: {', '.join(missing)} is missing; an export has all {len(wanted)} files.")
        if unknown := sorted(present - wanted):
            raise Unreadable(f"{folder}: {unknown[0]} is not known here.")
        for name in sorted(wanted):
            ends_whole(folder / name)

    @property
    def sha256(self) -> str:
        """Of what `sha256sum *.csv` prints in the folder: one hash for all of them."""
        lines = [f"{file_hash(path)}  {path.name}\n" for path in sorted(self.folder.glob("*.csv"))]
        return hashlib.sha256("".join(lines).encode()).hexdigest()

    def header(self) -> Header:
        """Raises `Unreadable` when `register.csv` is not the header of this format."""
        where = f"{CSV_HEADER}.csv"
        rows = [cells for _where, cells in Table(self.folder / where, HEADER_COLUMNS)]
        said: dict[str, Any] = dict(rows)
        if len(said) != len(rows):
            raise Unreadable(f"{where}: a name stands twice.")
        own = {name: said.pop(name, "") for name in ("format", "format_date", "contents")}
        counts = {name: int(value) if _WHOLE.fullmatch(value) else value for name, value in said.items()}
        return header_of(own | {"counts": counts}, where)

    def entries(self, problems: Problems) -> Iterator[Entry]:
        """Every party, theme and treaty with its rows from the other files, which stand in the same order."""
        for root in ROOTS:
            below = {part.key: (part, self._table(part)) for part in root.parts}
            for where, cells in self._table(root):
                before = problems.count
                entry = _entry(root, cells, where, problems)
                name = original(cells[0])
                for key, (part, table) in below.items():
                    found = (_entry(part, own[1:], place, problems) for place, own in table.of(name))
                    entry.rows[key] = list(found)  # type: ignore[index]  # being made
                if problems.count == before:
                    yield entry
                else:
                    problems.unread += 1
            for _part, table in below.values():
                if table.ahead is not None:
                    where, cells = table.ahead
                    sentence = f"“{cells[0][:100]}” does not stand at this place in {root.file}.csv"
                    problems.add(where, f"{sentence}: rows follow the order of that file")

    def _table(self, part: Part) -> Table:
        return Table(self.folder / f"{part.file}.csv", part.csv_names)


def _entry(part: Part, cells: list[str], where: str, problems: Problems) -> Entry:
    values = {column.name: value(column, cell) for column, cell in zip(part.columns, cells, strict=True)}
    return Entry(part, checked(part.columns, values, where, problems), where, {})


def value(column: Column, cell: str) -> object:
    """What `writing.cell` wrote, or something that no column takes."""
    if column.form in LISTS:
        try:
            return json.loads(cell)
        except (ValueError, RecursionError):
            return _WRONG
    if column.form == Form.YESNO:
        return _YESNO.get(cell, _WRONG)
    if column.form in NUMBERS:
        return None if not cell else int(cell) if _WHOLE.fullmatch(cell) else _WRONG
    return original(cell)
