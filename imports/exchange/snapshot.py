"""The record as entries, read from the database a batch at a time: memory stays flat however large it is."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

from django.db import connection, models, transaction
from django.db.models import F, Q
from django.db.models.functions import Collate

from accounts.choices import Deed
from accounts.models import Department, Person, User, may, reads_more
from imports.exchange.shape import (
    ACTS,
    ALL,
    DECLARATIONS,
    DEPARTMENTS,
    DOCUMENTS,
    PARTIES,
    PARTY_NAMES,
    RELATIONS,
    ROOTS,
    THEMES,
    TREATIES,
    Column,
    Entry,
    Form,
    Header,
    Part,
    Value,
)
from treaties.choices import Access, Precision
from treaties.dates import PartialDate
from treaties.models import Act, Document, Party, Relation, Theme, Treaty
from workflow.queries import transcribed

# Treaties read at a time, with all that hangs on them.
BATCH = 500


class Lossy(Exception):
    """Something in the record cannot be said in the files. The message is a sentence for people."""


@contextmanager
def unchanging() -> Iterator[None]:
    """Every query inside sees the same moment, whatever others write meanwhile."""
    alone = not connection.in_atomic_block
    with transaction.atomic():
        if alone:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


class Snapshot:
    """What `person` may know of the record; of the register itself that is everything."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.whole = isinstance(person, User) and set(person.levels) == set(Access)
        # Who holds a treaty is for who works with the register.
        self.inside = may(person, Deed.READ_INTERNAL)
        self._party_codes: Mapping[int, str] = dict(Party.objects.values_list("pk", "code"))
        self._theme_slugs: Mapping[int, str] = dict(Theme.objects.values_list("pk", "slug"))

    def header(self) -> Header:
        counts = {part.file: self._rows(part).count() for part in ALL}
        contents = "everything" if self.whole else "part" if reads_more(self.person) else "public"
        return Header(contents, counts)

    def entries(self) -> Iterator[Entry]:
        """Departments, parties with their names, themes, then treaties with all that hangs on them; each by its own
        name."""
        for root in ROOTS:
            name = root.columns[0].name
            rows = self._rows(root).order_by(Collate(name, "C")).iterator(chunk_size=BATCH)
            while batch := list(islice(rows, BATCH)):
                yield from self._with_parts(root, batch)

    def documents(self) -> Iterator[tuple[str, str]]:
        """SHA-256 and name in the store of every file, once."""
        rows = self._rows(DOCUMENTS).order_by("sha256").values_list("sha256", "file").distinct("sha256")
        yield from rows.iterator(chunk_size=BATCH)

    def _rows(self, part: Part) -> models.QuerySet[Any]:
        """All rows of the part that the person may know of."""
        rows: models.QuerySet[Any] = part.model._default_manager.all()
        if part == TREATIES:
            return Treaty.objects.visible_to(self.person)
        if part == DEPARTMENTS:
            return Department.objects.all() if self.inside else Department.objects.none()
        if part in (PARTIES, THEMES, PARTY_NAMES):
            return rows
        if part == DOCUMENTS:
            rows = Document.objects.visible_to(self.person)
        elif part == RELATIONS:
            rows = self._relations()
        elif part in (ACTS, DECLARATIONS) and not self.whole:
            rows = rows.filter(is_retracted=False)
        return rows if self.whole else rows.filter(treaty__in=Treaty.objects.visible_to(self.person))

    def _relations(self) -> models.QuerySet[Relation]:
        rows = Relation.objects.annotate(other_reference=F("other__reference"))
        return (
            rows
            if self.whole
            else rows.filter(Q(other__isnull=True) | Q(other__in=Treaty.objects.visible_to(self.person)))
        )

    def _with_parts(self, root: Part, batch: Sequence[models.Model]) -> Iterator[Entry]:
        below = {part.key: self._grouped(part, batch) for part in root.parts}
        silent = self._silent_notes(batch) if root == TREATIES else frozenset()
        for row in batch:
            rows = {part.key: below[part.key].get(row.pk, []) for part in root.parts}
            numbers = {key: {one.pk: place for place, one in enumerate(ones, 1)} for key, ones in rows.items()}
            for act in rows.get("acts", ()):
                if act.pk in silent:
                    act.note = ""
            parts = {part.key: self._entries(part, rows[part.key], numbers) for part in root.parts}
            yield Entry(root, self._values(root, row, 0, {}), rows=parts)

    def _grouped(self, part: Part, batch: Sequence[models.Model]) -> dict[int, list[Any]]:
        rows = self._rows(part).filter(**{f"{part.above}__in": [row.pk for row in batch]}).order_by(*part.entered)
        grouped = defaultdict(list)
        for row in rows:
            grouped[getattr(row, f"{part.above}_id")].append(row)
        return grouped

    def _silent_notes(self, batch: Sequence[Any]) -> frozenset[int]:
        """Acts whose note is for who works with the register, as on the page of the treaty; none for those people."""
        if self.whole:
            return frozenset()
        told = transcribed().filter(act__treaty__in=batch)
        acts = Act.objects.filter(treaty__in=batch).exclude(pk__in=told.values("act"))
        return frozenset(acts.values_list("pk", flat=True))

    def _entries(self, part: Part, rows: Sequence[Any], numbers: Mapping[str, Mapping[int, int]]) -> list[Entry]:
        found = [Entry(part, self._values(part, row, place, numbers)) for place, row in enumerate(rows, 1)]
        if part.order:
            found.sort(key=lambda entry: [str(entry.values[name]) for name in part.order])
        return found

    def _values(self, part: Part, row: Any, place: int, numbers: Mapping[str, Mapping[int, int]]) -> dict[str, Value]:
        return {column.name: self._value(column, row, place, numbers) for column in part.columns}

    def _value(self, column: Column, row: Any, place: int, numbers: Mapping[str, Mapping[int, int]]) -> Value:
        match column.form:
            case Form.ID:
                return place
            case Form.ROW:
                return self._pointer(column, getattr(row, f"{column.source}_id"), numbers[column.of], row)
            case Form.PARTY:
                return self._party_codes.get(getattr(row, f"{column.source}_id"), "")
            case Form.DEPARTMENT:
                return (row.department_id or "") if self.inside else ""
            case Form.THEME:
                return self._theme_slugs.get(getattr(row, f"{column.source}_id"), "")
            case Form.TREATY:
                return row.other_reference or ""
            case Form.DATE:
                return PartialDate(getattr(row, column.source), Precision(getattr(row, column.precision))).iso
            case Form.DAY:
                day = getattr(row, column.source)
                return day.isoformat() if day else ""
        value: Value = getattr(row, column.source)
        return list(value) if isinstance(value, list) else value

    def _pointer(self, column: Column, key: int | None, numbers: Mapping[int, int], row: Any) -> int | None:
        """The number of the row it points at; none where the person may not know of that one."""
        if key is not None and key not in numbers and self.whole:
            raise Lossy(
                f"{row.treaty.reference}: “{column.name}” of “{row}” belongs to another treaty; correct it first."
            )
        return numbers.get(key) if key is not None else None
