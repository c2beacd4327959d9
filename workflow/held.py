"""What the register holds of a dossier: all that the engine judges, as known now or at an earlier moment.

Two axes that never mix: `on`, the day asked about, and `known_at`, the moment of which the register's knowledge
is asked (None: now).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from django.utils import timezone

from treaties.choices import RelationKind
from workflow.conditions import Fact, known
from workflow.models import Approval, Determination, Dossier, EntityRequirement, Event, Statement
from workflow.procedures import Procedure

Stated = TypeVar("Stated", bound=Statement)


@dataclass(frozen=True)
class Held:
    """`events` leaves out what had been superseded; `requirements` has the last word on each entity.

    On a day that was past when the register knew this, what is dated later is left out of the facts: it had not been
    announced, it was simply still to come. What was announced then has a date after `known_on`.
    """

    procedure: Procedure
    determination: Determination | None
    events: Sequence[Event]
    asked: frozenset[str]
    requirements: Sequence[EntityRequirement]
    treaties: frozenset[str]
    relations: frozenset[RelationKind]
    on: date
    known_on: date

    @property
    def facts(self) -> list[Fact]:
        facts = [fact(event) for event in self.events]
        return facts if self.on >= self.known_on else list(known(facts, self.on))

    @property
    def entities(self) -> dict[str, int]:
        """The required Belgian entities, with how many acts of assent each takes."""
        return {row.entity.code: row.acts for row in self.requirements}


def held(dossier: Dossier, on: date | None = None, known_at: datetime | None = None) -> Held:
    """What is held of a dossier of which all was read (`queries.with_procedure`); reads what is lacking."""
    on = on or timezone.localdate()
    determination = _last(_said_by(dossier.determinations.all(), on, known_at))
    return Held(
        procedure=determination.procedure if determination else dossier.procedure,
        determination=determination,
        events=standing_events(dossier) if known_at is None else events_known(dossier, known_at),
        asked=_asked(dossier, on, known_at),
        requirements=_required(dossier, on, known_at),
        treaties=frozenset(treaty.reference for treaty in dossier.treaties),
        relations=frozenset(RelationKind(relation.kind) for relation in dossier.treaty.relations.all()),
        on=on,
        known_on=timezone.localdate(known_at) if known_at else timezone.localdate(),
    )


def fact(event: Event) -> Fact:
    """What the engine needs of an event."""
    return Fact(
        pk=event.pk,
        step=event.step,
        when=event.when,
        recorded_at=event.recorded_at,
        outcome=event.outcome,
        entity=event.entity.code if event.entity else "",
        treaty=event.treaty.reference if event.treaty else "",
        body=event.body,
        until=event.until,
    )


def standing_events(dossier: Dossier) -> list[Event]:
    """The events that stand now; read once."""
    if not hasattr(dossier, "standing_events"):
        dossier.standing_events = list(dossier.events.standing().select_related("entity", "treaty"))
    return dossier.standing_events


def events_known(dossier: Dossier, known_at: datetime) -> list[Event]:
    """The events that stood at a moment: recorded by then, and not corrected by then."""
    rows = [row for row in dossier.events.select_related("entity", "treaty") if row.recorded_at <= known_at]
    superseded = {row.supersedes_id for row in rows}
    return [row for row in rows if row.pk not in superseded and not row.is_void]


def _asked(dossier: Dossier, on: date, known_at: datetime | None) -> frozenset[str]:
    """The gates with a request that awaited its decision."""
    rows: Iterable[Approval] = dossier.approvals.all()
    if "approvals" not in getattr(dossier, "_prefetched_objects_cache", {}):
        rows = dossier.approvals.select_related("decision")
    return frozenset(row.step for row in rows if _awaited(row, on, known_at))


def _awaited(approval: Approval, on: date, known_at: datetime | None) -> bool:
    return was_asked(approval, on, known_at) and not was_decided(approval, on, known_at)


def was_asked(approval: Approval, on: date, known_at: datetime | None) -> bool:
    """Whether the request was there on a day, as known at a moment."""
    return timezone.localdate(approval.asked_at) <= on and (known_at is None or approval.asked_at <= known_at)


def was_decided(approval: Approval, on: date, known_at: datetime | None) -> bool:
    """Whether the request had its decision on a day, as known at a moment."""
    if approval.is_open:
        return False
    decision = approval.decision
    return decision.decided_on <= on and (known_at is None or decision.decided_at <= known_at)


def _required(dossier: Dossier, on: date, known_at: datetime | None) -> list[EntityRequirement]:
    """The last word on each entity, of those that are required; in the order of their names."""
    rows = _said_by(dossier.entity_links.all(), on, known_at)
    last = {row.entity_id: row for row in rows}
    return sorted((row for row in last.values() if row.is_required), key=lambda row: row.entity.sort_key)


def _said_by(rows: Iterable[Stated], on: date, known_at: datetime | None) -> list[Stated]:
    """What was determined by the day and recorded by the moment, in the order it came to count."""
    said = [
        row for row in rows if (row.on is None or row.on <= on) and (known_at is None or row.recorded_at <= known_at)
    ]
    return sorted(said, key=lambda row: (row.on or date.min, row.recorded_at, row.pk))


def _last(rows: Sequence[Stated]) -> Stated | None:
    return rows[-1] if rows else None
