"""Any content passes through the files unchanged: JSON Lines and CSV say the same, and no cell runs."""

import csv
import tempfile
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imports.exchange.opening import opened
from imports.exchange.reading import Problems
from imports.exchange.shape import ALL, LISTS, NUMBERS, ROOTS, Column, Entry, Form, Header, Part, Value
from imports.exchange.writing import CsvWriter, JsonWriter
from treaties.cells import is_live

# What PostgreSQL can hold: everything but NUL and halves of surrogate pairs.
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"))
AWKWARD = st.sampled_from(["=1", "'", "''=", "\r", "\n", "\r\n", '"', ",;", "\ufeff", "e\u0301", "é", "\u2028", " x "])


def value(column: Column) -> st.SearchStrategy[Value]:
    if column.form in LISTS:
        return st.lists(TEXT | AWKWARD, max_size=3)
    if column.form == Form.YESNO:
        return st.booleans()
    if column.form in NUMBERS:
        return st.none() | st.integers(0, 2**63 - 1)
    return TEXT | AWKWARD


def row(part: Part) -> st.SearchStrategy[Entry]:
    values = st.fixed_dictionaries({column.name: value(column) for column in part.columns})
    rows = st.fixed_dictionaries({one.key: st.lists(row(one), max_size=2) for one in part.parts})
    return st.builds(lambda own, below: Entry(part, own, rows=below), values, rows)


def record(part: Part) -> st.SearchStrategy[list[Entry]]:
    return st.lists(row(part), max_size=3, unique_by=lambda entry: entry.name)


def plain(entry: Entry) -> object:
    """Its values and those of its rows, without the places."""
    return dict(entry.values), {key: [plain(row) for row in rows] for key, rows in entry.rows.items()}


def counted(entries: list[Entry]) -> Header:
    counts: Counter[str] = Counter()
    for entry in entries:
        counts[entry.part.file] += 1
        for part in entry.part.parts:
            counts[part.file] += len(entry.rows[part.key])
    return Header("everything", {part.file: counts[part.file] for part in ALL})


@pytest.mark.parametrize("form", ["json", "csv"])
@settings(max_examples=60)
@given(
    entries=st.tuples(*(record(part) for part in ROOTS)).map(lambda found: [one for group in found for one in group])
)
def test_what_was_written_is_read_back_exactly(form: str, entries: list[Entry]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with ExitStack() as stack:
            writer = {"json": JsonWriter, "csv": CsvWriter}[form](folder, counted(entries), stack)
            for entry in entries:
                writer.write(entry)
        source, problems = opened(folder), Problems()
        assert source.header() == counted(entries)
        assert [plain(entry) for entry in source.entries(problems)] == [plain(entry) for entry in entries]
        assert list(problems) == []
        for path in folder.glob("csv/*.csv"):
            with path.open(encoding="utf-8-sig", newline="") as file:
                assert not [cell for cells in csv.reader(file) for cell in cells if is_live(cell)]
