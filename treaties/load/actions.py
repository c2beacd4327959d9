"""Filling an empty register with load data: refused with one sentence where there is anything else in it."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from accounts.actions import service_account
from accounts.choices import Deed
from audit.actions import change
from audit.choices import Action
from audit.models import Change
from audit.refusals import Blocker, Refused
from treaties import search
from treaties.actions import require
from treaties.choices import PartyKind
from treaties.load import documents, tables
from treaties.load.shape import Maker, Named
from treaties.load.words import party_counts, vocabulary
from treaties.models import Party, Theme, Treaty

MOST = 1_000_000
REASON = "make_load: load data to measure the register, not treaties"
# How many rows of history the treaty has by which its page is measured.
MOST_HISTORY = 200
# What may have happened in an empty register.
_BEFORE = (Action.REFERENCE_LOAD, Action.REFERENCE_EDIT)
Tell = Callable[[str], object]


def make_load(*, treaties: int, seed: int = 1, tell: Tell = lambda _line: None) -> int:
    """Fill the register with `treaties` treaties of load data, in one change; how many rows were written.

    Raises `Refused` where there is any treaty, or any change but loads of reference data.
    """
    actor = service_account()
    require(actor, Deed.EDIT_RECORD)
    if blockers := against(treaties):
        raise Refused(blockers)
    with change(actor, action=Action.IMPORT_CONFIRM, reason=REASON) as row, _without_limits(), _alone():
        began = time.monotonic()
        writer, maker = _prepared(treaties, seed)
        with documents.indexes_at_the_end():
            count = _fill(writer, maker, treaties, tell)
            count += tables.history(_stamp(row)) + _often_changed(row)
        tell(f"{count} rows of the record after {time.monotonic() - began:.0f} s")
    _statistics()
    return count


def against(treaties: int) -> list[Blocker]:
    """Why there can be no load data here."""
    blockers = []
    if not 1 <= treaties <= MOST:
        blockers.append(Blocker("how_many", _("Ask for 1 to 1,000,000 treaties.")))
    if Treaty.objects.exists() or Change.objects.exclude(action__in=_BEFORE).exists():
        blockers.append(
            Blocker("not_empty", _("The register is not empty: load data comes only in one with nothing else in it."))
        )
    if not Party.objects.exists():
        blockers.append(Blocker("no_parties", _("There are no parties yet: run manage.py load_reference first.")))
    return blockers


def often_changed() -> str:
    """Reference of the treaty with `MOST_HISTORY` rows of history: the first that everybody may see."""
    return Treaty.objects.filter(access="public").order_by("pk").values_list("reference", flat=True)[0]


def _fill(writer: tables.Writer, maker: Maker, count: int, tell: Tell) -> int:
    """Draw the treaties and write them: the database writes a block while the next one is drawn."""
    made = documents.Documents(writer)
    raw, total = connection.connection, 0
    began = time.monotonic()
    with ThreadPoolExecutor(max_workers=1) as pool:
        sent: Future[int] | None = None
        for block in tables.blocks(maker.make(count)):
            sendings = [*writer.prepared(block), *made.prepared(block)]
            total += sent.result() if sent else 0
            sent = pool.submit(tables.send, raw, sendings)
            tell(f"{block[-1].place + 1} treaties after {time.monotonic() - began:.0f} s")
        total += sent.result() if sent else 0
    writer.finish()
    return total


def _prepared(count: int, seed: int) -> tuple[tables.Writer, Maker]:
    parties = {party.code: party.pk for party in Party.objects.all()}
    themes = {theme.slug: theme.pk for theme in Theme.objects.all()}
    words = {language: documents.with_meaning(language, some) for language, some in vocabulary().items()}
    maker = Maker(_parties(), _themes(), words, seed=seed, counts=_counts())
    return tables.Writer(parties, themes, count), maker


def _parties() -> list[Named]:
    kinds = (PartyKind.STATE, PartyKind.ORGANISATION, PartyKind.FORMER_STATE, PartyKind.TERRITORY)
    found = Party.objects.filter(kind__in=kinds) | Party.objects.filter(code__in=("X-BE-VG", "BE-VLG"))
    # The state first, where a former one or a territory has the same weight.
    ordered = sorted(found, key=lambda party: (kinds.index(party.kind) if party.kind in kinds else 9, party.code))
    return [Named(party.code, party.name_nl, party.name_en, party.name_fr) for party in ordered]


def _themes() -> list[Named]:
    used = Theme.objects.filter(is_deprecated=False).order_by("slug")
    return [Named(theme.slug, theme.name_nl, theme.name_en) for theme in used]


def _counts() -> dict[str, int]:
    """How often each party is one in the sample, by code; empty without a sample."""
    counted = party_counts()
    return {party.code: counted.get(party.iso3, 0) for party in Party.objects.exclude(iso3="")} if counted else {}


def _stamp(row: Change) -> dict[str, Any]:
    return {
        "history_change_reason": row.reason,
        "history_type": "+",
        "history_user_id": row.actor_id,
        "history_actor": row.actor_name,
        "history_role": row.role,
        "history_action": row.action,
        "history_change_id": row.pk,
    }


def _often_changed(row: Change) -> int:
    """The one treaty that was changed so often that its page and its history are slow where they can be."""
    first = Treaty.objects.get(reference=often_changed())
    rows = Treaty.history.model
    same = {field.attname: getattr(first, field.attname) for field in first._meta.concrete_fields if _kept(field)}
    made = [
        rows(**same, history_date=first.changed_at + timedelta(seconds=place), **(_stamp(row) | {"history_type": "~"}))
        for place in range(1, MOST_HISTORY)
    ]
    for place, one in enumerate(made, start=1):
        one.version, one.note = place + 1, f"{first.note} ({place})"
    rows.objects.bulk_create(made)
    with connection.cursor() as cursor:
        columns = [MOST_HISTORY, made[-1].note, made[-1].history_date, first.pk]
        cursor.execute("UPDATE treaties_treaty SET version = %s, note = %s, changed_at = %s WHERE id = %s", columns)
    search.refresh(first)
    return len(made)


def _kept(field: Any) -> bool:
    return field.attname != "changed_at"


@contextmanager
def _alone() -> Iterator[None]:
    """Nobody else writes meanwhile; what is written is right by how it is made, so no key is looked up again."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE treaties_treaty IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        (may_skip,) = cursor.fetchone()
        if may_skip:
            cursor.execute("SET LOCAL session_replication_role = replica")
        yield
        if may_skip:
            cursor.execute("SET LOCAL session_replication_role = origin")


@contextmanager
def _without_limits() -> Iterator[None]:
    """The limits in the settings are for pages, where somebody waits; until the end of the transaction."""
    with connection.cursor() as cursor:
        for name, value in _LIMITS:
            cursor.execute(f"SET LOCAL {name} = {value}")
    yield


_LIMITS: Sequence[tuple[str, str]] = (
    ("statement_timeout", "0"),
    ("idle_in_transaction_session_timeout", "0"),
    ("synchronous_commit", "off"),
    ("maintenance_work_mem", "'512MB'"),
)


def _statistics() -> None:
    """What the planner knows of the tables, at once instead of when the database finds time."""
    if connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("VACUUM (ANALYZE)")
