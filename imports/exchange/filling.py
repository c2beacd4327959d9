"""The writer of a restore: sets of rows, each with the first line of its history, inside the open change.

The actions of the record write one treaty at a time and ask about each; an export of a hundred thousand was judged
whole before (`judging`), and must come back as it was, retracted acts and all.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, islice
from typing import Any

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import connection, models
from simple_history.utils import bulk_create_with_history

from accounts.models import Department
from imports.exchange.judging import POINTED
from imports.exchange.reading import Problems, Source, Unreadable, stream_hash
from imports.exchange.shape import DEPARTMENTS, DOCUMENTS, PARTIES, PARTY_NAMES, THEMES, TREATIES, Entry, Form, Part
from imports.exchange.values import columns, taken
from treaties import search
from treaties.models import Document, Party, PartyName, Theme, Treaty
from treaties.models.document import by_content
from treaties.sorting import sort_key

# Treaties written at a time.
BATCH = 200
# Of one treaty: part and number of a row → its key.
Numbers = Mapping[tuple[str, Any], int]


class Filling:
    """One load: the keys of what stands by itself, and the rows in batches."""

    def __init__(self, source: Source, references: Sequence[str], reason: str) -> None:
        self.source, self.reason = source, reason
        # Keys are taken before the rows are there, so that rows can point at what comes later.
        self.keys: dict[str, dict[str, Any]] = {
            DEPARTMENTS.file: {code: code for code in Department.objects.values_list("code", flat=True)},
            PARTIES.file: dict(Party.objects.values_list("code", "pk")),
            THEMES.file: dict(Theme.objects.values_list("slug", "pk")),
            TREATIES.file: dict(zip(references, _new_keys(Treaty, len(references)), strict=True)),
        }

    def run(self, stored: list[str] | None) -> None:
        """Write everything; names of new files in the store are added to `stored`, with None no file is stored."""
        problems = Problems()
        for root, entries in groupby(self.source.entries(problems), key=lambda entry: entry.part):
            if root is DEPARTMENTS:
                self._departments(list(entries))
            elif root is PARTIES:
                parties = list(entries)
                self._reference_data(Party, root, parties)
                self._party_names(parties)
            elif root is THEMES:
                self._reference_data(Theme, root, list(entries))
            else:
                while batch := list(islice(entries, BATCH)):
                    self._treaties(batch, stored)
        if problems.count:
            raise Unreadable(f"{self.source.name} was changed while it was read.")

    def _departments(self, entries: Sequence[Entry]) -> None:
        """Add what is missing, and call the others as the export does; none is taken away."""
        for entry in entries:
            self.keys[DEPARTMENTS.file][entry.name] = entry.name
            department = Department.objects.filter(code=entry.name).first() or Department()
            values = self._columns(entry, {})
            if any(getattr(department, name) != value for name, value in values.items()):
                for name, value in values.items():
                    setattr(department, name, value)
                department.save()

    # --- Parties and themes ---------------------------------------------------------------------------

    def _reference_data(self, model: type[models.Model], root: Part, entries: Sequence[Entry]) -> None:
        """Add what is missing and change what differs, as a load of the reference data does."""
        keys = self.keys[root.file]
        present: dict[int, models.Model] = model._default_manager.in_bulk()
        new = [entry.name for entry in entries if entry.name not in keys]
        keys |= zip(new, _new_keys(model, len(new)), strict=True)
        fresh = []
        for entry in entries:
            values = self._columns(entry, {})
            values["sort_key"] = sort_key(values["name_nl"])
            if row := present.get(keys[entry.name]):
                _change(row, values)
            else:
                fresh.append(model(pk=keys[entry.name], **values))
        self._create(model, fresh)

    def _party_names(self, parties: Iterable[Entry]) -> None:
        """The names of the parties of the export are those it gives, no more and no fewer."""
        wanted: dict[tuple[Any, ...], Entry] = {
            (self.keys[PARTIES.file][party.name], *row.values.values()): row
            for party in parties
            for row in party.rows[PARTY_NAMES.key]
        }
        for name in PartyName.objects.filter(party__code__in=[party.name for party in parties]):
            own = (getattr(name, column.name) for column in PARTY_NAMES.columns)
            if wanted.pop((name.party_id, *("" if one is None else str(one) for one in own)), None) is None:
                name.delete()
        self._create(PartyName, [PartyName(party_id=key[0], **self._columns(row, {})) for key, row in wanted.items()])

    # --- Treaties -------------------------------------------------------------------------------------

    def _treaties(self, entries: Sequence[Entry], stored: list[str] | None) -> None:
        keys = self.keys[TREATIES.file]
        treaties = [Treaty(pk=keys[entry.name], **self._columns(entry, {})) for entry in entries]
        self._create(Treaty, treaties)
        below = self._below(entries)
        for document in below[DOCUMENTS.key]:
            self._store(document, stored)
        for part in TREATIES.parts:
            self._create(part.model, below[part.key])
        for treaty in treaties:
            search.refresh(treaty)

    def _below(self, entries: Sequence[Entry]) -> dict[str, list[Any]]:
        """The rows of all parts of these treaties; each has its key, and points at the others by it."""
        fresh = {part.key: iter(_new_keys(part.model, _count(part, entries))) for part in TREATIES.parts}
        found: dict[str, list[Any]] = defaultdict(list)
        for entry in entries:
            own = [(part, row, next(fresh[part.key])) for part in TREATIES.parts for row in entry.rows[part.key]]
            numbers = {(part.key, row.values.get("id")): key for part, row, key in own}
            for part, row, key in own:
                values = self._columns(row, numbers)
                found[part.key].append(part.model(pk=key, treaty_id=self.keys[TREATIES.file][entry.name], **values))
        return found

    def _columns(self, row: Entry, numbers: Numbers) -> dict[str, Any]:
        """The columns of the model; what points at something holds its key."""
        values = {column.name: taken(row.part, column, row.values[column.name]) for column in row.part.columns}
        found = columns(row.part, values)
        for column in row.part.columns:
            value = values[column.name]
            if kind := POINTED.get(column.form):
                found[f"{column.source}_id"] = self.keys[kind][value] if value else None
            elif column.form == Form.ROW:
                found[f"{column.source}_id"] = None if value is None else numbers[column.of, value]
        return found

    def _create(self, model: type[models.Model], rows: Sequence[models.Model]) -> None:
        """Rows, and the first line of their history, which tells of this change."""
        if rows:
            bulk_create_with_history(rows, model, batch_size=BATCH, default_change_reason=self.reason)

    def _store(self, document: Document, stored: list[str] | None) -> None:
        """Keep the bytes under their hash, once. Raises `Unreadable` where the store holds others under that name."""
        document.file.name = name = by_content(document, "")
        if default_storage.exists(name):
            with default_storage.open(name) as present:
                if stream_hash(present) != document.sha256:
                    raise Unreadable(f"The store of this register holds other bytes under the name {name}; remove it.")
        elif stored is not None:
            with (self.source.files / document.sha256).open("rb") as file:
                stored.append(default_storage.save(name, File(file)))


def _change(row: models.Model, values: Mapping[str, Any]) -> None:
    """Save only what differs: what is the same leaves no line in the history."""
    if any(getattr(row, name) != value for name, value in values.items()):
        for name, value in values.items():
            setattr(row, name, value)
        row.save()


def _count(part: Part, entries: Iterable[Entry]) -> int:
    return sum(len(entry.rows[part.key]) for entry in entries)


def _new_keys(model: type[models.Model], count: int) -> Iterator[int]:
    """`count` keys that no row of the table has or will get, in rising order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return iter(sorted(key for (key,) in cursor.fetchall()))
