"""Load data into the tables of the record, by COPY: a block of treaties at a time.

Only the columns that differ are made for each row; all others get what a new row of the model has.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, models
from django.utils import timezone
from psycopg import sql

from treaties.load.shape import NOTE, NewTreaty
from treaties.models import Act, Identifier, Title, Treaty, TreatyParty, TreatyTheme

AT_ONCE = 10_000
EMPTY = r"\N"
# Of each table the columns that are made for each row, in the order of `_fill`.
COLUMNS: dict[type[models.Model], tuple[str, ...]] = {
    Treaty: ("id", "reference", "kind", "qualification", "access", "created_at", "changed_at"),
    Title: ("treaty_id", "language", "text"),
    TreatyParty: ("treaty_id", "party_id"),
    TreatyTheme: ("treaty_id", "theme_id"),
    Identifier: ("treaty_id", "scheme", "value"),
    Act: ("treaty_id", "kind", "on", "precision", "place"),
}
_SAME: dict[type[models.Model], Mapping[str, object]] = {Treaty: {"is_demo": True, "note": NOTE}}


class Sheet:
    """Rows of one table as COPY reads them."""

    def __init__(self, model: type[models.Model]) -> None:
        same = _SAME.get(model, {})
        given = COLUMNS[model]
        # What the database gives by itself (the key of a row) is left out.
        others = [
            field
            for field in model._meta.concrete_fields
            if field.column not in given and not (field.primary_key and isinstance(field, models.AutoField))
        ]
        self.table = model._meta.db_table
        self.columns = [*given, *(str(field.column) for field in others)]
        values = [same.get(str(field.column), field.get_default()) for field in others]
        self.tail = "".join(f"\t{written(value)}" for value in values) + "\n"
        self.lines: list[str] = []

    def add(self, *values: str) -> None:
        self.lines.append("\t".join(values) + self.tail)

    def copy(self) -> int:
        """Send the rows; how many they were."""
        statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
            sql.Identifier(self.table), sql.SQL(", ").join([sql.Identifier(name) for name in self.columns])
        )
        with connection.cursor() as cursor, cursor.copy(statement) as copy:
            copy.write("".join(self.lines))
        count = len(self.lines)
        self.lines.clear()
        return count


def written(value: object) -> str:
    """One value as COPY reads it."""
    if value is None:
        return EMPTY
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, list):
        return "{" + ",".join(str(one) for one in value) + "}"
    return str(value).translate(_ESCAPES)


_ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


class Writer:
    """Writes blocks of treaties. `keys` give the primary keys of parties by code and of themes by slug."""

    def __init__(self, parties: Mapping[str, int], themes: Mapping[str, int], now: datetime | None = None) -> None:
        self.parties, self.themes = parties, themes
        self.now = now or timezone.now()
        self.sheets = {model: Sheet(model) for model in COLUMNS}

    def moment(self, treaty: NewTreaty) -> datetime:
        """When the record of `treaty` was written last; another for each, so that an order by it means something."""
        return self.now - timedelta(hours=treaty.age, microseconds=treaty.place % 1_000_000)

    def write(self, block: Sequence[NewTreaty]) -> tuple[list[int], int]:
        """The keys of the treaties of `block`, in its order, and how many rows were written."""
        keys = new_keys(Treaty, len(block))
        for key, treaty in zip(keys, block, strict=True):
            self._fill(str(key), treaty)
        return keys, sum(sheet.copy() for sheet in self.sheets.values())

    def _fill(self, key: str, treaty: NewTreaty) -> None:
        sheets, at = self.sheets, self.moment(treaty).isoformat()
        sheets[Treaty].add(key, treaty.reference, treaty.kind, treaty.qualification, treaty.access, at, at)
        for language, text in treaty.titles:
            sheets[Title].add(key, language, written(text))
        for code in treaty.parties:
            sheets[TreatyParty].add(key, str(self.parties[code]))
        for slug in treaty.themes:
            sheets[TreatyTheme].add(key, str(self.themes[slug]))
        for scheme, value in treaty.numbers:
            sheets[Identifier].add(key, scheme, value)
        for act in treaty.acts:
            sheets[Act].add(key, act.kind, day(act.on), act.precision, act.place)


def day(on: date | None) -> str:
    return on.isoformat() if on else EMPTY


def new_keys(model: type[models.Model], count: int) -> list[int]:
    """Keys from the table's own sequence, one after another: nobody else writes meanwhile."""
    with connection.cursor() as cursor:
        name = "pg_get_serial_sequence(%s, 'id')"
        cursor.execute(f"SELECT nextval({name})", [model._meta.db_table])
        (first,) = cursor.fetchone()
        cursor.execute(f"SELECT setval({name}, %s)", [model._meta.db_table, first + count - 1])
    return list(range(first, first + count))


def history(stamp: Mapping[str, Any]) -> int:
    """One row of history for each treaty that has none, dated when its record was written; how many they are."""
    rows: type[models.Model] = Treaty.history.model
    own = {field.column for field in Treaty._meta.concrete_fields}
    copied = [sql.Identifier(str(field.column)) for field in rows._meta.concrete_fields if field.column in own]
    statement = sql.SQL("INSERT INTO {} ({}, history_date, {}) SELECT {}, changed_at, {} FROM {} ORDER BY id").format(
        sql.Identifier(rows._meta.db_table),
        sql.SQL(", ").join(copied),
        sql.SQL(", ").join([sql.Identifier(name) for name in stamp]),
        sql.SQL(", ").join(copied),
        sql.SQL(", ").join([sql.Placeholder()] * len(stamp)),
        sql.Identifier(Treaty._meta.db_table),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, list(stamp.values()))
        return int(cursor.rowcount)


def blocks(treaties: Iterable[NewTreaty]) -> Iterable[list[NewTreaty]]:
    block: list[NewTreaty] = []
    for treaty in treaties:
        block.append(treaty)
        if len(block) == AT_ONCE:
            yield block
            block = []
    if block:
        yield block
