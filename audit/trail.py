"""The chain: every change and every other thing worth telling leaves one entry that holds the hash of the one before.

An entry is written in the transaction of what it tells, as its last statement. The end of the chain is locked from then
until the commit, so that two entries never follow the same one; `prev` is unique besides. Lock order: the rows of the
record first, the chain last.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection, transaction

from accounts.models import Person, User, reads_more
from audit import rows
from audit.canonical import NOTHING, VERSION, canonical, digest, entry_hash, instant, name_digest
from audit.choices import Mark
from audit.models import Change, RowShape, TrailEntry, TrailName
from audit.requests import request_id

# Any number, as long as nothing else locks by it.
CHAIN_LOCK = 6_962
_LOCK = "SELECT pg_advisory_xact_lock(%s);"
_HEAD = """
    SELECT head.seq, head.hash, head.at,
           (SELECT after FROM audit_trailentry e WHERE e.object_type = %s AND e.object_key = %s AND e.object_key <> ''
             ORDER BY e.seq DESC LIMIT 1),
           (SELECT n.digest FROM audit_trailname n WHERE n.actor = %s AND n.name = %s),
           {reference}
      FROM (SELECT 1) one LEFT JOIN (SELECT seq, hash, at FROM audit_trailentry ORDER BY seq DESC LIMIT 1) head ON true
"""


@dataclass(frozen=True)
class Telling:
    """What is to be told, before it has its place in the chain."""

    action: str
    payload: Mapping[str, Any]
    actor: str = ""
    name: str = ""
    role: str = ""
    about: tuple[str, str] = ("", "")
    after: str = ""
    change: UUID | None = None


@dataclass(frozen=True)
class _Head:
    """The end of the chain, and what is known already of what comes next."""

    seq: int
    hash: str
    at: datetime | None
    before: str
    name: str
    reference: str


def note(
    *, actor: User | None, action: Mark, about: tuple[str, str] = ("", ""), payload: Mapping[str, Any] | None = None
) -> TrailEntry:
    """Tell something that is no change of a record: who signed in, what was taken out.

    `about` is the type and key of the object; `payload` goes into the trail as it is and can never be erased: no
    personal data. Raises `ValueError` for what has no canonical form.
    """
    with transaction.atomic():
        return _append(_by(actor, Telling(action, payload or {}, about=about)))


def note_export(person: Person, what: str, *, form: str, asked: str = "", key: str = "") -> None:
    """Tell that somebody who sees more than everybody took something out: a list, or with `key` one thing.

    What the public takes leaves no entry: it holds nothing that is not public. Of `asked` only the digest: people
    search for names.
    """
    if isinstance(person, User) and reads_more(person):
        note(actor=person, action=Mark.EXPORT, about=(what, key), payload={"form": form, "asked": digest(asked)})


def seal(change: Change) -> TrailEntry:
    """The entry of a change: commits to the change and to every row that was made in it."""
    made = rows.of_change(change.pk)
    return _append(
        Telling(
            action=change.action,
            payload={"change": str(change.pk), **made.payload()},
            actor=str(change.actor_id),
            name=change.actor_name,
            role=change.role,
            about=made.about,
            after=made.after,
            change=change.pk,
        )
    )


def begin(actor: User) -> TrailEntry | None:
    """Begin the chain with one entry that commits to all that was written before it; None where it has begun.

    The first change would do so too, but would have to wait while all older rows are read.
    """
    with transaction.atomic():
        _lock()
        if TrailEntry.objects.exists():
            return None
        return _genesis(_by(actor, Telling(Mark.BEGIN, {})))


def erase_names(*, actor: User, person: str) -> int:
    """Take away what somebody (a key as text) was called in the trail; the chain stays whole. How many names.

    As the owner of the database: the application's own role may not.
    """
    with transaction.atomic():
        count, _ = TrailName.objects.filter(actor=person).delete()
        if count:
            note(actor=actor, action=Mark.ERASE, about=("accounts.User", person))
        return count


def write_shapes() -> None:
    """Keep which columns go into digests now; those of earlier versions stay."""
    RowShape.objects.bulk_create(rows.shapes(), ignore_conflicts=True)


def said(entry: TrailEntry) -> dict[str, Any]:
    """All that the hash of an entry is over: this, in canonical form (`audit.canonical`), is the definition."""
    return {
        "v": entry.version,
        "seq": entry.seq,
        "at": instant(entry.at),
        "actor": entry.actor,
        "name": entry.name,
        "role": entry.role,
        "request": entry.request,
        "action": entry.action,
        "object": {"type": entry.object_type, "key": entry.object_key, "reference": entry.object_reference},
        "payload": entry.payload_value,
        "before": entry.before,
        "after": entry.after,
        "prev": entry.prev,
    }


def _by(actor: User | None, telling: Telling) -> Telling:
    return replace(telling, actor=str(actor.pk), name=actor.name, role=actor.role) if actor else telling


def _append(telling: Telling) -> TrailEntry:
    head = _head(telling, waiting=True)
    if not head.seq:
        first = _genesis(replace(telling, action=Mark.BEGIN, about=("", "")))
        head = replace(head, seq=first.seq, hash=first.hash, at=first.at, name=first.name)
    return _write(telling, head)


def _genesis(telling: Telling) -> TrailEntry:
    """The first entry: what was written before there was a chain, as it stands now."""
    now = datetime.now(UTC)
    found = rows.of_changes_before(now, but=telling.change)
    payload = {"until": instant(now), "tables": found.tables}
    telling = replace(telling, payload=payload, after=found.after, change=None)
    head = replace(_head(telling), seq=0, hash=NOTHING, at=None)
    return _write(telling, head)


def _write(telling: Telling, head: _Head) -> TrailEntry:
    now = datetime.now(UTC)
    entry = TrailEntry(
        seq=head.seq + 1,
        version=VERSION,
        # A clock that was put back does not turn the order of the trail around.
        at=max(now, head.at) if head.at else now,
        actor=telling.actor,
        name=head.name or _new_name(telling),
        role=telling.role,
        request=request_id(),
        action=telling.action,
        object_type=telling.about[0],
        object_key=telling.about[1],
        object_reference=head.reference,
        payload=canonical(dict(telling.payload)).decode(),
        before=head.before,
        after=telling.after,
        prev=head.hash,
        change_id=telling.change,
    )
    entry.hash = entry_hash(said(entry))
    entry.save(force_insert=True)
    return entry


def _new_name(telling: Telling) -> str:
    if not telling.name:
        return ""
    salt = secrets.token_hex(32)
    name = TrailName(digest=name_digest(salt, telling.name), actor=telling.actor, salt=salt, name=telling.name)
    name.save(force_insert=True)
    return name.digest


def _lock() -> None:
    """Wait for whoever is writing; the lock goes with the transaction. What is read after it is the newest."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [CHAIN_LOCK])


def _head(telling: Telling, *, waiting: bool = False) -> _Head:
    """The end of the chain; with `waiting` after its lock, asked in the same round trip.

    Two statements, not one: what the second reads is as of the moment when it begins, and the lock is held by then.
    """
    reference, key = _reference(telling.about)
    given = [*telling.about, telling.actor, telling.name, *key]
    with connection.cursor() as cursor:
        if waiting:
            cursor.execute(_LOCK + _HEAD.format(reference=reference), [CHAIN_LOCK, *given])
            cursor.nextset()
        else:
            cursor.execute(_HEAD.format(reference=reference), given)
        seq, hashed, at, before, name, called = cursor.fetchone()
    return _Head(seq or 0, hashed or NOTHING, at, before or "", name or "", called or "")


def _reference(about: tuple[str, str]) -> tuple[str, list[str]]:
    """SQL for what people call the object, where it has a reference."""
    label, key = about
    model = apps.get_model(label) if key and "." in label else None
    if model is None or "reference" not in {found.name for found in model._meta.local_concrete_fields}:
        return "''", []
    table, column = model._meta.db_table, model._meta.pk.column
    return f'(SELECT reference FROM "{table}" WHERE "{column}"::text = %s)', [key]  # noqa: S608 (our own tables)
