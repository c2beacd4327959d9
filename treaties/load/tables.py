"""Load data as rows of the record, ready for COPY: a block of treaties at a time.

Only the columns that differ are made for each row; all others get what a new row of the model has.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
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
    Title: ("id", "treaty_id", "language", "text"),
    TreatyParty: ("treaty_id", "party_id"),
    TreatyTheme: ("treaty_id", "theme_id"),
    Identifier: ("treaty_id", "scheme", "value"),
    Act: ("treaty_id", "kind", "on", "precision", "place"),
}
_SAME: dict[type[models.Model], Mapping[str, object]] = {Treaty: {"is_demo": True, "note": NOTE}}


@dataclass(frozen=True)
class Sending:
    """A COPY with its rows; `then` are statements to run after it."""

    copy: str
    rows: str
    then: Sequence[str] = ()


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
        self.statement = copy_into(model._meta.db_table, [*given, *(str(field.column) for field in others)])
        values = [same.get(str(field.column), field.get_default()) for field in others]
        self.tail = "".join(f"\t{written(value)}" for value in values) + "\n"
        self.lines: list[str] = []

    def add(self, *values: str) -> None:
        self.lines.append("\t".join(values) + self.tail)

    def take(self) -> Sending:
        sending = Sending(self.statement, "".join(self.lines))
        self.lines.clear()
        return sending


def copy_into(table: str, columns: Sequence[str]) -> str:
    names = ", ".join(f'"{name}"' for name in columns)
    return f'COPY "{table}" ({names}) FROM STDIN'


def written(value: object) -> str:
    """One value as COPY reads it."""
    if value is None:
        return EMPTY
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, list):
        return "{" + ",".join(str(one) for one in value) + "}"
    # One by one: `translate` looks at every letter, which took a fifth of the time.
    return str(value).replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


class Writer:
    """Makes the rows of blocks of treaties. `parties` and `themes` give their keys by code and slug.

    Reserves the keys of `count` treaties, and those of titles as they come: nobody else writes meanwhile.
    """

    def __init__(self, parties: Mapping[str, int], themes: Mapping[str, int], count: int) -> None:
        self.parties, self.themes = parties, themes
        self.now = timezone.now()
        self.first = _next_key(Treaty)
        _reserve(Treaty, self.first + count - 1)
        self.title = _next_key(Title)
        self.sheets = {model: Sheet(model) for model in COLUMNS}

    def key(self, treaty: NewTreaty) -> int:
        return self.first + treaty.place

    def moment(self, treaty: NewTreaty) -> datetime:
        """When the record of `treaty` was written; another for each, so that an order by it means something."""
        return self.now - timedelta(hours=1 + treaty.age, microseconds=treaty.place % 1_000_000)

    def prepared(self, block: Sequence[NewTreaty]) -> list[Sending]:
        """The rows of the record of each treaty of `block`; sets `titles_from` of each, the key of its first title."""
        for treaty in block:
            treaty.titles_from = self.title
            self.title += len(treaty.titles)
            self._fill(str(self.key(treaty)), treaty)
        return [sheet.take() for sheet in self.sheets.values()]

    def finish(self) -> None:
        """Go on with titles after those that were written."""
        _reserve(Title, self.title - 1)

    def _fill(self, key: str, treaty: NewTreaty) -> None:
        sheets, at = self.sheets, self.moment(treaty).isoformat()
        sheets[Treaty].add(key, treaty.reference, treaty.kind, treaty.qualification, treaty.access, at, at)
        for place, (language, text) in enumerate(treaty.titles, start=treaty.titles_from):
            sheets[Title].add(str(place), key, language, written(text))
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


def send(raw: Any, sendings: Iterable[Sending]) -> int:
    """Send rows over a psycopg connection (also from another thread); how many they were."""
    count = 0
    with raw.cursor() as cursor:
        for sending in sendings:
            with cursor.copy(sending.copy) as copy:
                copy.write(sending.rows)
            count += int(cursor.rowcount)
            for statement in sending.then:
                cursor.execute(statement)
    return count


_SEQUENCE = "pg_get_serial_sequence(%s, 'id')"


def _next_key(model: type[models.Model]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT nextval({_SEQUENCE})", [model._meta.db_table])
        return int(cursor.fetchone()[0])


def _reserve(model: type[models.Model], last: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT setval({_SEQUENCE}, %s)", [model._meta.db_table, last])


def history(stamp: Mapping[str, Any]) -> int:
    """A first row of history for each treaty, dated when its record was written; how many they are."""
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


def blocks(treaties: Iterable[NewTreaty]) -> Iterator[list[NewTreaty]]:
    block: list[NewTreaty] = []
    for treaty in treaties:
        block.append(treaty)
        if len(block) == AT_ONCE:
            yield block
            block = []
    if block:
        yield block
