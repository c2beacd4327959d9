"""What changed in the record of a treaty: who, when, why, and the difference."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db import models
from django.db.models import QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.models import Department, Person, User, reads
from audit.models import Change
from treaties.choices import Access, Precision
from treaties.dates import PartialDate
from treaties.models import (
    Act,
    Declaration,
    Document,
    ForceClause,
    Identifier,
    Party,
    Relation,
    Theme,
    Title,
    Treaty,
    TreatyParty,
    TreatyTheme,
)

PAGE_SIZE = 25
# The record and everything that hangs on it.
_PARTS: tuple[type[models.Model], ...] = (
    Treaty,
    Title,
    TreatyParty,
    TreatyTheme,
    Identifier,
    Relation,
    Act,
    Declaration,
    ForceClause,
    Document,
)
# Columns that say nothing to a reader, or stand in the sentence already.
_SILENT = frozenset(
    {
        "id",
        "treaty",
        "version",
        "created_at",
        "added_at",
        "file",
        "media_type",
        "filename",
        "precision",
        "effect_precision",
        "withdrawn_precision",
    }
)
# What the name of a thing says already, and what follows from it: not told again when it comes or goes.
_TOLD: Mapping[type[models.Model], frozenset[str]] = {
    Title: frozenset({"language"}),
    Act: frozenset({"kind", "party", "territory"}),
    Declaration: frozenset({"kind", "party"}),
    Identifier: frozenset({"scheme"}),
    Document: frozenset({"size", "sha256", "is_demo"}),
}
# The column that says how precise a date is, and what each column that points elsewhere points at.
_PRECISIONS = {"on": "precision", "effect_on": "effect_precision", "withdrawn_on": "withdrawn_precision"}
_POINTERS: Mapping[str, tuple[type[models.Model], Callable[[Any], str]]] = {
    "party": (Party, lambda party: party.name),
    "territory": (Party, lambda party: party.name),
    "depositary": (Party, lambda party: party.name),
    "theme": (Theme, lambda theme: theme.name),
    "department": (Department, lambda department: department.name),
    "other": (Treaty, lambda treaty: treaty.reference),
    "about": (Document, lambda document: document.title),
    "replaces": (Document, lambda document: document.title),
    "document": (Document, lambda document: document.title),
    "objects_to": (Declaration, lambda stated: f"{stated.get_kind_display()}, {stated.party_name}, {stated.when}"),
}
_REMOVED = "-"

# A history row: its class is made by simple-history, so its columns are not known to the type checker.
HistoryRow = Any
Names = Mapping[tuple[str, int], str]


@dataclass(frozen=True)
class Difference:
    """One value of one thing, before and after; empty where there was or is none."""

    subject: str
    old: str
    new: str
    # A thing comes and goes; of a thing that stays, or of the record itself, a value changes.
    is_thing: bool = False

    @property
    def sentence(self) -> str:
        """In one sentence: what it was, what it is, or that it came or went."""
        told = {"what": capfirst(self.subject), "old": self.old, "new": self.new}
        if self.old and self.new:
            return _("%(what)s changed from “%(old)s” to “%(new)s”.") % told
        if self.is_thing:
            if self.new:
                return _("%(what)s was added: “%(new)s”.") % told
            return (_("%(what)s was taken away: “%(old)s”.") if self.old else _("%(what)s was added.")) % told
        return (_("%(what)s became “%(new)s”.") if self.new else _("%(what)s was emptied; it was “%(old)s”.")) % told


@dataclass
class Entry:
    """One change with its differences in this record."""

    change: Change
    differences: list[Difference] = field(default_factory=list)


def entries(treaty: Treaty, person: Person, number: str | None) -> tuple[Page[Change], list[Entry]]:
    """A page of changes, newest first, each with its differences; always the same number of queries.

    A change is left out whole where it touched what `person` may not know of now (a paper, a relation), or was made
    while the record was not for them: its reason may tell of it.
    """
    hidden = _hidden(treaty, person)
    page = Paginator(_changes(treaty).exclude(pk__in=hidden), PAGE_SIZE).get_page(number)
    listed = {change.pk: Entry(change) for change in page.object_list}
    steps = [step for model in _PARTS for step in _steps(_rows(model, treaty))]
    shown = [(before, after) for before, after in steps if after.history_change_id in listed]
    names = _names([row for step in shown for row in step if row is not None])
    for before, after in shown:
        listed[after.history_change_id].differences += _differences(before, after, names)
    return page, list(listed.values())


def _hidden(treaty: Treaty, person: Person) -> set[UUID]:
    """The changes of which `person` may not know; two queries, and one more where the record was ever hidden."""
    if set(person.levels if isinstance(person, User) else ()) == set(Access):
        return set()
    papers = Document.history.filter(treaty_id=treaty.pk)
    known = Document.objects.visible_to(person).filter(treaty=treaty)
    related = Relation.history.filter(treaty_id=treaty.pk, other_id__isnull=False)
    others = Treaty.objects.visible_to(person)
    unknown = papers.exclude(id__in=known.values("pk")).values_list("history_change_id")
    unknown = unknown.union(related.exclude(other_id__in=others.values("pk")).values_list("history_change_id"))
    hidden = {change for (change,) in unknown}
    periods = _closed_periods(treaty, person)
    if periods:
        changes = _changes(treaty).values_list("pk", "at")
        hidden |= {pk for pk, at in changes if any(start <= at and (end is None or at < end) for start, end in periods)}
    return hidden


def _closed_periods(treaty: Treaty, person: Person) -> list[tuple[datetime, datetime | None]]:
    """From when until when the record was not for `person`, by its own history. At the moment of the change that
    closed it, which is before its rows: its reason is not told either."""
    rows = treaty.history.order_by("history_date", "history_id")
    told = list(rows.values_list("history_change__at", "access", "department_id"))
    ends = [at for at, _access, _department in told[1:]] + [None]
    periods = zip(told, ends, strict=True)
    return [(at, end) for (at, access, department), end in periods if not reads(person, access, department)]


def _changes(treaty: Treaty) -> QuerySet[Change]:
    first, *others = (_rows(model, treaty).order_by().values("history_change") for model in _PARTS)
    return Change.objects.filter(pk__in=first.union(*others)).select_related("entry").order_by("-at", "-pk")


def _rows(model: type[models.Model], treaty: Treaty) -> QuerySet[Any]:
    of_it = {"id": treaty.pk} if model is Treaty else {"treaty_id": treaty.pk}
    rows: QuerySet[Any] = model.history.filter(**of_it)  # type: ignore[attr-defined]  # made by simple-history
    return rows.order_by("id", "history_date", "history_id")


def _steps(rows: Iterable[HistoryRow]) -> Iterator[tuple[HistoryRow | None, HistoryRow]]:
    """Each row with the one before it of the same thing."""
    versions: dict[int, list[HistoryRow | None]] = defaultdict(lambda: [None])
    for row in rows:
        versions[row.id].append(row)
    for one in versions.values():
        yield from pairwise(one)


def _names(rows: list[HistoryRow]) -> Names:
    """The parties, themes, treaties, papers and declarations that the rows point at, by name."""
    wanted: dict[type[models.Model], set[Any]] = {model: set() for model, _name in _POINTERS.values()}
    for row in rows:
        for column, (model, _name) in _POINTERS.items():
            if key := getattr(row, f"{column}_id", None):
                wanted[model].add(key)
    found: dict[tuple[str, int], str] = {}
    for model, keys in wanted.items():
        things = _things(model, keys)
        for column, (pointed, name) in _POINTERS.items():
            if pointed is model:
                found |= {(column, one.pk): name(one) for one in things}
    return found


def _things(model: type[models.Model], keys: set[int]) -> list[Any]:
    """The rows of a model, with what they are named by; one query."""
    rows: QuerySet[Any] = model._default_manager.filter(pk__in=keys)
    return list(rows.select_related("party") if model is Declaration else rows)


def _differences(before: HistoryRow | None, after: HistoryRow, names: Names) -> Iterator[Difference]:
    """What `after` says otherwise than `before`. A thing that came or went is one line, the record itself is not."""
    is_record = after.instance_type is Treaty
    old = _values(before, names) if before is not None else {}
    new = {} if after.history_type == _REMOVED else _values(after, names)
    if not is_record and not (old and new):
        told = _TOLD.get(after.instance_type, frozenset())
        yield Difference(_subject(after, names), _together(old, told), _together(new, told), is_thing=True)
        return
    for name in dict.fromkeys((*old, *new)):
        if old.get(name, "") != new.get(name, ""):
            label = str(after.instance_type._meta.get_field(name).verbose_name)
            subject = label if is_record else f"{_subject(after, names)}: {label}"
            yield Difference(subject, old.get(name, ""), new.get(name, ""))


def _together(values: Mapping[str, str], told: frozenset[str]) -> str:
    return "; ".join(value for name, value in values.items() if value and name not in told)


def _values(row: HistoryRow, names: Names) -> dict[str, str]:
    """What a row says, as people read it: name of the column → value."""
    columns = [column for column in row.tracked_fields if column.name not in _SILENT]
    return {column.name: _value(row, column, names) for column in columns}


def _date(row: HistoryRow, name: str, value: Any) -> str:
    """A date as precise as known. Of what was done an unknown date is told; of an effect or a withdrawal it is none."""
    if value is None and (name != "on" or row.instance_type is Relation):
        return ""
    return str(PartialDate(value, Precision(getattr(row, _PRECISIONS[name]))))


def _value(row: HistoryRow, column: Any, names: Names) -> str:
    value = getattr(row, column.attname)
    if column.name in _PRECISIONS and hasattr(row, _PRECISIONS[column.name]):
        return _date(row, column.name, value)
    if value is None or value == "":
        return ""
    if isinstance(column, models.DateField):
        return str(PartialDate(value))
    if isinstance(column, models.ForeignKey):
        return names.get((column.name, value), str(value))
    if isinstance(value, bool):
        return _("yes") if value else ""
    if isinstance(value, list):
        labels = dict(column.base_field.flatchoices)
        return ", ".join(str(labels.get(one, one)) for one in value)
    if column.name == "access":
        return str(Access(value).label)
    choices = dict(column.flatchoices)
    return str(choices.get(value, value))


def _subject(row: HistoryRow, names: Names) -> str:
    """What kind of thing it is, and which one: “Title (Dutch)”, “Act (signature)”."""
    model = row.instance_type
    which = ""
    if model is Title:
        which = row.get_language_display()
    elif model is Act:
        who = [names.get((column, getattr(row, f"{column}_id")), "") for column in ("party", "territory")]
        which = ", ".join(filter(None, (row.get_kind_display(), *who)))
    elif model is Declaration:
        return f"{capfirst(row.get_kind_display())} ({names.get(('party', row.party_id), '')})"
    elif model is Identifier:
        which = row.get_scheme_display()
    label = capfirst(str(model._meta.verbose_name))
    return f"{label} ({which})" if which else label
