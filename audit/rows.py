"""Which rows a change made, and the digest of each: what an entry of the trail commits to.

A table belongs to the trail when its rows name their `Change`: every history table (`history_change`), every table
with a key `change`, and those whose model says `trail_through`: the key of the row that names it (and `trail_later`:
what comes after that row, and names the change instead). So a new table is in the trail by what it is, and no list has
to be kept.

The digest of a row is SHA-256 over what PostgreSQL writes for it as `jsonb`, made in the database: the values do not
travel, and the same statement makes it again at a verification. Names of people are left out, for they can be erased;
a verification compares them with the name in the trail.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.models import ForeignKey, Model

from audit.canonical import digest
from audit.merkle import Tree
from audit.models import Change, RowShape, TrailEntry

# Above this an entry keeps the root of the rows of each table, and no longer every row.
LISTED = 100
# Above this the rows are read in pieces.
AT_ONCE = 2_000
NAMES = ("history_actor", "actor_name")
CHANGE_KEYS = ("change", "history_change")


@dataclass(frozen=True)
class Kept:
    """A table of the trail, in the words of SQL, where `t` is the row."""

    table: str
    key: str
    columns: tuple[str, ...]
    source: str
    # Where the row names its change, how it came ("+", "~", "-", or "" for a row that is its own fact), who did it.
    change: str
    type: str
    name: str
    # For each of `AUDIT_OBJECTS`, and last for the row's own object: where its key stands, or NULL.
    objects: tuple[str, ...]
    # What the row's own object is called.
    label: str

    @property
    def shape(self) -> str:
        return shape_id(self.table, self.columns)

    def select(self, columns: Sequence[str]) -> str:
        """SELECT of change, table, key, type, digest, name and keys of objects, without a condition."""
        listed = ", ".join(f't."{name}"' for name in columns)
        spelt = f"(SELECT to_jsonb(d)::text FROM (SELECT {listed}) d)"
        return (
            f"SELECT {self.change}, '{self.table}', t.\"{self.key}\"::text, {self.type}, "
            f"encode(sha256(convert_to({spelt}, 'UTF8')), 'hex'), {self.name}, ARRAY[{', '.join(self.objects)}] "
            f"FROM {self.source}"
        )


@dataclass
class Commitment:
    """What an entry says of the rows of its change."""

    # Table → number of rows, shape, root of their digests in the order of their keys.
    tables: dict[str, dict[str, Any]] = field(default_factory=dict)
    # Every row, while there are few: table, key, type, digest.
    listed: list[list[str]] = field(default_factory=list)
    # What it is about: type and key; the key is empty where it is about several.
    about: tuple[str, str] = ("", "")

    def payload(self) -> dict[str, Any]:
        return {"tables": self.tables} | ({"rows": self.listed} if self.listed else {})

    @property
    def after(self) -> str:
        return digest(self.tables)


def shape_id(table: str, columns: Sequence[str]) -> str:
    return digest([table, *columns])[:16]


@cache
def kept() -> tuple[Kept, ...]:
    """Every table of the trail, in the order of their names."""
    found = (_kept(model) for model in apps.get_models())
    return tuple(sorted((one for one in found if one), key=lambda one: one.table))


def shapes() -> list[RowShape]:
    """The columns that go into digests now; not saved."""
    return [RowShape(id=one.shape, table=one.table, columns=list(one.columns)) for one in kept()]


def of_change(change: UUID) -> Commitment:
    """What the rows of `change`, which is being made, are now. Two statements while there are few; else one for each
    table."""
    touched = _touched()
    if sum(count for _, count in touched) <= AT_ONCE:
        return commit(_few([one for one, _ in touched], change))
    counts = _with_rows(change)
    if sum(count for _, count in counts) <= AT_ONCE:
        return commit(_few([one for one, _ in counts], change))
    return commit(row for one, _ in counts for row in pieces(one, "{change} = %s", [change]))


def of_changes_before(
    moment: datetime, but: UUID | None = None, columns: Mapping[str, Sequence[str]] | None = None
) -> Commitment:
    """What the rows are of all changes until `moment` that have no entry: made before the chain began.

    `columns` are those of each table at the time of comparison; those of now where it says nothing.
    """
    said = columns or {}
    where = (
        f"NOT EXISTS (SELECT FROM {TrailEntry._meta.db_table} e WHERE e.change_id = {{change}})"
        f" AND EXISTS (SELECT FROM {Change._meta.db_table} c WHERE c.id = {{change}} AND c.at <= %s)"
        " AND {change} IS DISTINCT FROM %s"
    )
    found = commit(row for one in kept() for row in pieces(one, where, [moment, but], said.get(one.table, ())))
    found.listed = []
    found.about = ("", "")
    return found


def commit(rows: Iterable[tuple[Any, ...]]) -> Commitment:
    """`rows` as `Kept.select` gives them, in the order of table and key."""
    trees: dict[str, Tree] = defaultdict(Tree)
    keys: dict[str, list[set[str]]] = defaultdict(lambda: [set() for _ in range(len(settings.AUDIT_OBJECTS) + 1)])
    listed: list[list[str]] = []
    for number, (_, table, key, type_, hashed, _, objects) in enumerate(rows):
        trees[table].add(bytes.fromhex(hashed))
        if number <= LISTED:
            listed.append([table, key, type_, hashed])
        for seen, named in zip(keys[table], objects, strict=True):
            # Two are enough to know that it is about several.
            if named is not None and len(seen) < 2:
                seen.add(named)
    shape = {one.table: one.shape for one in kept()}
    return Commitment(
        {table: {"n": tree.size, "root": tree.root(), "shape": shape[table]} for table, tree in trees.items()},
        listed if len(listed) <= LISTED else [],
        _about(keys),
    )


def pieces(one: Kept, where: str, parameters: Sequence[Any], columns: Sequence[str] = ()) -> Iterator[tuple[Any, ...]]:
    """Rows of one table in the order of their keys, read in pieces. Inside a transaction."""
    condition = where.format(change=one.change)
    statement = f'{one.select(columns or one.columns)} WHERE {condition} ORDER BY t."{one.key}"'
    with connection.chunked_cursor() as cursor:
        cursor.execute(statement, parameters)
        while some := cursor.fetchmany(AT_ONCE):
            yield from some


def _few(tables: Sequence[Kept], change: UUID) -> list[tuple[Any, ...]]:
    if not tables:
        return []
    each = [f"({one.select(one.columns)} WHERE {one.change} = %s)" for one in tables]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(each), [change] * len(tables))
        return sorted(cursor.fetchall(), key=_in_order)


def _in_order(row: tuple[Any, ...]) -> tuple[str, int, str]:
    """As PostgreSQL orders keys: whole numbers by size; identifiers (all of one length) by their text."""
    return row[1], len(row[2]), row[2]


@cache
def _touched_statement() -> str:
    each = (f"pg_stat_get_xact_tuples_inserted('{one.table}'::regclass)" for one in kept())
    return f"SELECT {', '.join(each)}"


def _touched() -> list[tuple[Kept, int]]:
    """The tables into which this transaction wrote, and how many rows at most: what the server itself counts, so that
    nothing is read of those without any.

    It must have counted the change. Where it did not (`track_counts` is off), all tables are looked at.
    """
    with connection.cursor() as cursor:
        cursor.execute(_touched_statement())
        counted = list(zip(kept(), cursor.fetchone(), strict=True))
    touched = [(one, count) for one, count in counted if count]
    is_counted = any(one.table == Change._meta.db_table for one, _ in touched)
    return touched if is_counted else [(one, 0) for one, _ in counted]


@cache
def _count_statement() -> str:
    each = (f"(SELECT count(*) FROM {one.source} WHERE {one.change} = %s)" for one in kept())
    return f"SELECT {', '.join(each)}"


def _with_rows(change: UUID) -> list[tuple[Kept, int]]:
    """The tables with rows of `change`, and how many."""
    with connection.cursor() as cursor:
        cursor.execute(_count_statement(), [change] * len(kept()))
        return [(one, count) for one, count in zip(kept(), cursor.fetchone(), strict=True) if count]


def _about(keys: Mapping[str, list[set[str]]]) -> tuple[str, str]:
    """The most telling object that the rows name, from the keys found in each column of each table."""
    for place, label in enumerate(settings.AUDIT_OBJECTS):
        if found := {key for columns in keys.values() for key in columns[place]}:
            return label, found.pop() if len(found) == 1 else ""
    for one in kept():
        if one.table in keys and one.table != Change._meta.db_table:
            found = keys[one.table][-1]
            return one.label, next(iter(found)) if len(found) == 1 else ""
    return "", ""


def _kept(model: type[Model]) -> Kept | None:
    if model is TrailEntry:
        return None
    own = (model.__name__.startswith("Historical") and getattr(model, "instance_type", None)) or model
    source, change = f'"{model._meta.db_table}" t', _change_of(model)
    if not change and hasattr(model, "trail_through"):
        source, change = _through(model)
    if not change:
        return None
    columns = tuple(str(found.column) for found in model._meta.local_concrete_fields)
    name = next((f't."{name}"' for name in NAMES if name in columns), "''")
    return Kept(
        table=model._meta.db_table,
        key=str(model._meta.pk.column),
        columns=tuple(sorted(set(columns) - set(NAMES))),
        source=source,
        change=change,
        type="t.history_type" if own is not model else "''",
        name=name,
        objects=tuple(_object(model, own, label) for label in (*settings.AUDIT_OBJECTS, own._meta.label)),
        label=own._meta.label,
    )


def _through(model: Any) -> tuple[str, str]:
    """Source and change of rows that another row names the change of.

    Where the model says `trail_later`, what came later names the change once it is there: the rows were written then.
    Two halves, each found by the index of its own key, instead of one condition that reads all.
    """
    key = model._meta.get_field(model.trail_through)
    above, table = key.related_model, model._meta.db_table
    joined = f'JOIN "{above._meta.db_table}" p ON p."{above._meta.pk.column}" = t."{key.column}"'
    if not (name := getattr(model, "trail_later", "")):
        return f'"{table}" t {joined}', _change_of(above).replace("t.", "p.")
    link = above._meta.get_field(name)
    later, pointing = link.related_model, link.field.column
    on = f'"{later._meta.db_table}" q'
    named, at_first = _change_of(later).replace("t.", "q."), _change_of(above).replace("t.", "p.")
    return (
        f'(SELECT t.*, {at_first} AS told_by FROM "{table}" t {joined}'
        f' WHERE NOT EXISTS (SELECT FROM {on} WHERE q."{pointing}" = t."{key.column}")'
        f' UNION ALL SELECT t.*, {named} AS told_by FROM "{table}" t JOIN {on} ON q."{pointing}" = t."{key.column}") t'
    ), "t.told_by"


def _change_of(model: type[Model]) -> str:
    """Where a row names its change, or empty."""
    if model is Change:
        return "t.id"
    for found in model._meta.local_concrete_fields:
        if (
            isinstance(found, ForeignKey)
            and found.related_model is Change
            and found.name in ("change", "history_change")
        ):
            return f't."{found.column}"'
    return ""


def _object(model: type[Model], own: type[Model], label: str) -> str:
    if own._meta.label == label:
        return f't."{own._meta.pk.column}"::text'
    for found in model._meta.local_concrete_fields:
        if isinstance(found, ForeignKey) and found.related_model._meta.label == label:
            return f't."{found.column}"::text'
    return "NULL::text"
