"""What others changed in the rows of a treaty since a person saw them: read from the history, to show and never to
decide by."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models

from treaties.models import Treaty

# A history row: its class is made by simple-history, so its columns are not known to the type checker.
HistoryRow = Any


@dataclass(frozen=True)
class Stamp:
    """Who wrote something, and when."""

    who: str
    at: datetime


@dataclass
class Past:
    """The rows of one kind, by key: as the person saw them, who wrote each column last, what came and what went."""

    base: dict[int, HistoryRow] = field(default_factory=dict)
    stamps: dict[tuple[int, str], Stamp] = field(default_factory=dict)
    added: dict[int, Stamp] = field(default_factory=dict)
    removed: dict[int, Stamp] = field(default_factory=dict)

    def stamp(self, key: int, columns: tuple[str, ...]) -> Stamp | None:
        """Who last wrote any of these columns."""
        found = [self.stamps[key, name] for name in columns if (key, name) in self.stamps]
        return max(found, key=lambda one: one.at, default=None)


def past(model: type[models.Model], treaty: Treaty, version: int) -> Past:
    """What became of the rows of `model` since the record had this `version`: two queries."""
    later = set(treaty.history.filter(version__gt=version).values_list("history_change_id", flat=True))
    key = "id" if model is Treaty else "treaty_id"
    rows = model.history.filter(**{key: treaty.pk}).order_by("history_date", "history_id")  # type: ignore[attr-defined]
    versions: dict[int, list[HistoryRow]] = defaultdict(list)
    for row in rows:
        versions[row.id].append(row)
    found = Past()
    for pk, steps in versions.items():
        _read(found, pk, steps, later)
    return found


def _read(found: Past, pk: int, steps: list[HistoryRow], later: set[Any]) -> None:
    before: HistoryRow = None
    for row in steps:
        stamp = Stamp(row.history_actor, row.history_date)
        for column in row.tracked_fields:
            name = column.attname
            if before is None or getattr(before, name) != getattr(row, name):
                found.stamps[pk, name] = stamp
        if row.history_change_id not in later:
            found.base[pk] = row
        elif before is None:
            found.added[pk] = stamp
        if row.history_change_id in later and _is_gone(row) and not _is_gone(before):
            found.removed[pk] = stamp
        before = row
    if pk in found.base and _is_gone(found.base[pk]):
        del found.base[pk]


def _is_gone(row: HistoryRow) -> bool:
    return row is not None and (row.history_type == "-" or getattr(row, "is_retracted", False))
