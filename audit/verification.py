"""Whether the trail is whole, and whether the rows it commits to are still what they were.

Reads only. Everything is judged from one moment of the database, however long it takes.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from audit import anchors, rows, trail
from audit.canonical import NOTHING, canonical, digest, entry_hash, name_digest
from audit.choices import Mark
from audit.merkle import Tree
from audit.models import Change, RowShape, TrailEntry, TrailName

AT_ONCE = 500
# Somebody who made one entry anew broke all that follow; the first ones say enough.
MOST_PROBLEMS = 50


@dataclass(frozen=True)
class Problem:
    """`seq` is the entry that is not right, or the place where one is missing."""

    seq: int
    code: str
    sentence: str

    def __str__(self) -> str:
        return f"entry {self.seq}: {self.sentence} [{self.code}]"


@dataclass
class Report:
    entries: int = 0
    rows: int = 0
    last_seq: int = 0
    problems: list[Problem] = field(default_factory=list)
    # What could not be judged, and is no fault by itself.
    notes: list[str] = field(default_factory=list)

    @property
    def first(self) -> Problem | None:
        """The problem of the first bad entry."""
        return min(self.problems, key=lambda problem: problem.seq, default=None)

    def add(self, seq: int, code: str, sentence: str) -> None:
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(Problem(seq, code, sentence))


def verify(*, since: date | None = None, folder: Path | None = None) -> Report:
    """Judge the chain from its first entry, or from the first one of the day `since` (UTC).

    With `folder` also against the anchors in it. Changes without an entry are always looked for.
    """
    report = Report()
    fresh = not connection.in_atomic_block
    with transaction.atomic():
        if fresh:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = 0"
                )
        walk = _Walk(report)
        entries = walk.entries(since)
        while batch := list(islice(entries, AT_ONCE)):
            walk.chain(batch)
            walk.compare(batch)
        walk.genesis()
        walk.missing()
        if folder:
            _against_anchors(report, folder)
    return report


class _Walk:
    """Along the chain, once, with what has to be remembered."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.seq, self.hash = 0, NOTHING
        self.at: datetime | None = None
        self.names = {row.digest: row for row in TrailName.objects.all()}
        self.shapes = {row.pk: row for row in RowShape.objects.all()}

    def entries(self, since: date | None) -> Iterator[TrailEntry]:
        """From the first, or from the first of a day, with the one before it taken for right."""
        found = TrailEntry.objects.order_by("seq")
        if since:
            found = found.filter(at__gte=datetime.combine(since, time(), UTC))
            first = found.first()
            if first and (before := TrailEntry.objects.filter(seq__lt=first.seq).order_by("seq").last()):
                self.seq, self.hash, self.at = before.seq, before.hash, before.at
        return iter(found.iterator(chunk_size=AT_ONCE))

    def chain(self, batch: Sequence[TrailEntry]) -> None:
        """Each entry by itself, and that it follows the one before."""
        for entry in batch:
            if entry.seq != self.seq + 1:
                self.report.add(self.seq + 1, "gap", f"is missing; after {self.seq} comes {entry.seq}")
            elif entry.prev != self.hash:
                self.report.add(entry.seq, "link", "does not hold the hash of the entry before it")
            if self.at and entry.at < self.at:
                self.report.add(entry.seq, "time", "is older than the entry before it")
            self._itself(entry)
            self.seq, self.hash, self.at = entry.seq, entry.hash, entry.at
            self.report.entries += 1
            self.report.last_seq = entry.seq

    def _itself(self, entry: TrailEntry) -> None:
        add = partial(self.report.add, entry.seq)
        try:
            payload, right = entry.payload_value, entry_hash(trail.said(entry)) == entry.hash
            payload.keys()
        except (AttributeError, ValueError):
            add("payload", "has a payload that cannot be read")
            return
        if not right or canonical(payload).decode() != entry.payload:
            add("hash", "does not have the hash of what it says")
        name = self.names.get(entry.name)
        if name and name_digest(name.salt, name.name) != entry.name:
            add("name", "stands for another name than was told")
        if (payload.get("change") or None) != (str(entry.change_id) if entry.change_id else None):
            add("change", "belongs to another change than it says")
        if "tables" in payload and digest(payload["tables"]) != entry.after:
            add("after", "does not commit to the tables that it lists")
        if "tables" in payload and "rows" in payload and not _listed_right(payload):
            add("rows", "does not commit to the rows that it lists")

    def compare(self, batch: Sequence[TrailEntry]) -> None:
        """Whether the rows of each change are still those that its entry commits to."""
        entries = {entry.change_id: entry for entry in batch if entry.change_id}
        payloads = {change: _payload(entry) for change, entry in entries.items()}
        self._who(entries)
        for one in rows.kept():
            for shape, changes in _by_shape(one, payloads).items():
                columns = self._columns(one, shape)
                if columns is None:
                    self.report.notes.append(f"{len(changes)} change(s) of {one.table} have columns that are gone")
                else:
                    self._table(one, columns, {change: entries[change] for change in changes}, payloads)

    def _who(self, entries: Mapping[UUID, TrailEntry]) -> None:
        for change in Change.objects.filter(pk__in=entries):
            entry = entries[change.pk]
            if (str(change.actor_id), change.role, change.action) != (entry.actor, entry.role, entry.action):
                self.report.add(entry.seq, "actor", "names another actor, role or action than its change")

    def _table(
        self,
        one: rows.Kept,
        columns: Sequence[str],
        entries: Mapping[UUID, TrailEntry],
        payloads: Mapping[UUID, dict[str, Any]],
    ) -> None:
        trees: dict[UUID, Tree] = defaultdict(Tree)
        found: dict[UUID, dict[str, str]] = defaultdict(dict)
        for change, _, key, _, hashed, name, _ in rows.pieces(one, "{change} = ANY(%s)", [list(entries)], columns):
            trees[change].add(bytes.fromhex(hashed))
            if len(found[change]) <= rows.LISTED:
                found[change][key] = hashed
            self.report.rows += 1
            told = self.names.get(entries[change].name)
            if name and told and name != told.name:
                self.report.add(entries[change].seq, "actor", f"row {key} of {one.table} names another actor")
        for change, entry in entries.items():
            said = payloads[change].get("tables", {}).get(one.table)
            tree = trees[change]
            if (said["n"], said["root"]) != (tree.size, tree.root()) if said else tree.size:
                which = _which(one.table, payloads[change], found[change])
                self.report.add(entry.seq, "rows", f"{which} of {one.table} is not what was written")

    def _columns(self, one: rows.Kept, shape: str) -> list[str] | None:
        """Those of the time; None where there are no such columns any more."""
        if shape == one.shape:
            return list(one.columns)
        row = self.shapes.get(shape)
        if row is None or rows.shape_id(one.table, row.columns) != shape or set(row.columns) - set(one.columns):
            return None
        return list(row.columns)

    def genesis(self) -> None:
        """What was written before the chain began, if it can still be compared column by column."""
        first = TrailEntry.objects.filter(seq=1, action=Mark.BEGIN).first()
        if first is None:
            return
        payload = _payload(first)
        columns = {}
        for table, said in payload.get("tables", {}).items():
            one = next((one for one in rows.kept() if one.table == table), None)
            if one is None or (names := self._columns(one, said["shape"])) is None:
                self.report.notes.append(f"{table}: what was written before the trail has columns that are gone")
                return
            columns[table] = names
        found = rows.of_changes_before(datetime.fromisoformat(payload["until"]), columns=columns)
        for table in sorted(set(found.tables) | set(payload["tables"])):
            now, said = found.tables.get(table, {}), payload["tables"].get(table, {})
            if (now.get("n"), now.get("root")) != (said.get("n"), said.get("root")):
                self.report.add(1, "rows", f"what was in {table} before the trail began is not what it was")

    def missing(self) -> None:
        """Changes without an entry, made since the chain began."""
        first = TrailEntry.objects.order_by("seq").first()
        alone = Change.objects.filter(entry=None).order_by("at")
        if first and first.action == Mark.BEGIN:
            alone = alone.filter(at__gt=datetime.fromisoformat(_payload(first)["until"]))
        for change in alone[:MOST_PROBLEMS]:
            self.report.add(
                self.seq + 1, "missing", f"the change {change.pk} of {change.at:%Y-%m-%d %H:%M} has no entry"
            )


def _payload(entry: TrailEntry) -> dict[str, Any]:
    """Empty where it cannot be read: that was said already."""
    try:
        found = entry.payload_value
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _listed_right(payload: dict[str, Any]) -> bool:
    trees: dict[str, Tree] = defaultdict(Tree)
    for table, _, _, hashed in payload["rows"]:
        trees[table].add(bytes.fromhex(hashed))
    said = {table: (one["n"], one["root"]) for table, one in payload["tables"].items()}
    return said == {table: (tree.size, tree.root()) for table, tree in trees.items()}


def _by_shape(one: rows.Kept, payloads: Mapping[UUID, dict[str, Any]]) -> dict[str, list[UUID]]:
    """Changes by the shape their entry names for this table; those that name none must have no row in it."""
    found: dict[str, list[UUID]] = defaultdict(list)
    for change, payload in payloads.items():
        found[payload.get("tables", {}).get(one.table, {}).get("shape", one.shape)].append(change)
    return found


def _which(table: str, payload: dict[str, Any], found: Mapping[str, str]) -> str:
    """The first row that differs, where the entry lists its rows."""
    said = {key: hashed for where, key, _, hashed in payload.get("rows", []) if where == table}
    if "rows" not in payload and payload.get("tables", {}).get(table):
        return "one of the rows"
    differ = [key for key in {**said, **found} if said.get(key) != found.get(key)]
    return f"row {differ[0]}" if differ else "one of the rows"


def _against_anchors(report: Report, folder: Path) -> None:
    there = {path.name: one for path, one in anchors.files(folder)}
    told = {one.filename: (seq, one) for seq, one in anchors.told()}
    for name, (seq, one) in told.items():
        if there.get(name) != one:
            code, what = ("anchor_differs", "says something else") if name in there else ("anchor_gone", "is gone")
            report.add(seq, code, f"its anchor {name} {what}")
    sure = 0
    for name, one in sorted(there.items(), key=lambda item: item[1].last):
        if one.last > report.last_seq:
            report.add(report.last_seq + 1, "cut", f"is missing: {name} knows {one.last} entries")
        elif anchors.root(one.first, one.last) != one.root:
            # All that an earlier anchor covers was right; what was found between says it better.
            bad = max(sure + 1, one.first)
            if not any(bad <= problem.seq <= one.last for problem in report.problems):
                report.add(bad, "root", f"the entries {bad} to {one.last} are not those of {name}")
        else:
            sure = one.last
            if name not in told:
                report.add(report.last_seq + 1, "untold", f"is missing: the entry that told of {name}")
