"""Reads of the procedure: the facts the engine judges, and what pages show."""

import hashlib
import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet, prefetch_related_objects
from django.utils import timezone

from accounts.models import Person
from treaties.models import Treaty
from workflow.choices import KEPT_APART, Origin
from workflow.conditions import Situation, known
from workflow.engine import Assessment, assess
from workflow.held import Held, held, standing_events
from workflow.models import Approval, Decision, Dossier, DossierQuerySet, Event, EventAct, EventRelease
from workflow.procedures import Procedure


def with_procedure(dossiers: QuerySet[Dossier]) -> QuerySet[Dossier]:
    """Dossiers with all that `assessment` reads: the same number of queries for 1 and for 50."""
    return dossiers.select_related("treaty", "responsible").prefetch_related(*_read())


def read_procedures(dossiers: Sequence[Dossier]) -> None:
    """Read the same for dossiers that come from several lists: once for all of them."""
    prefetch_related_objects(dossiers, *_read())


def _read() -> tuple[Any, ...]:
    return (
        "treaty__titles",
        "treaty__relations",
        "package_links__treaty__titles",
        "determinations",
        "entity_links__entity",
        Prefetch("events", Event.objects.standing().select_related("entity", "treaty"), to_attr="standing_events"),
        Prefetch(
            "approvals",
            Approval.objects.select_related("decision__delegation__absent", "decision__decided_by", "asked_by"),
        ),
    )


def assessment(dossier: Dossier, on: date | None = None, known_at: datetime | None = None) -> Assessment:
    """Where a dossier read by `with_procedure` stood on a day, as the register knew it at a moment; today, and now,
    when not said."""
    return assess_held(held(dossier, on, known_at), on or timezone.localdate())


def assess_held(what: Held, on: date, procedure: Procedure | None = None) -> Assessment:
    """The engine's judgement of what is held; by another `procedure` where that is asked."""
    return assess(
        procedure or what.procedure,
        what.facts,
        on,
        asked=what.asked,
        entities=what.entities,
        treaties=what.treaties,
        relations=what.relations,
    )


def copies(dossier: Dossier) -> dict[str, Any]:
    """What the row of a dossier keeps for lists, as its events say it today."""
    now = assessment(dossier)
    last_days = [
        deadline.last for deadline in now.deadlines if deadline.last and not deadline.is_over and not now.is_on_hold
    ]
    return {
        "stage": now.stage,
        "awaited": now.awaited or "",
        "next_step": now.next.step.code if now.next else "",
        "next_deadline": min(last_days, default=None),
        "is_on_hold": now.is_on_hold,
    }


def told(dossier: Dossier) -> tuple[str, str]:
    """The stage, and who is awaited, as the public part and the lists tell them; nothing of a dossier kept apart."""
    if dossier.access in KEPT_APART:
        return "", ""
    now = assessment(dossier, known_at=told_until(dossier))
    return now.stage, now.awaited or ""


def told_until(dossier: Dossier) -> datetime | None:
    """The moment until which what the register knows is told outside; None: all of it.

    While an event is under embargo the public part stands still: as it was before that event was recorded.
    """
    waiting = {event.pk: event for event in standing_events(dossier) if event.embargo_until}
    if not waiting:
        return None
    told = set(EventRelease.objects.filter(event__in=waiting).values_list("event", flat=True))
    moments = [_first_recorded(event) for event in waiting.values() if event.pk not in told]
    return min(moments) - timedelta(microseconds=1) if moments else None


def _first_recorded(event: Event) -> datetime:
    """When an event under embargo was recorded first: what it corrects, under embargo too, was never told either."""
    while event.supersedes and event.supersedes.embargo_until and not hasattr(event.supersedes, "release"):
        event = event.supersedes
    return event.recorded_at


def situation(dossier: Dossier, on: date) -> Situation:
    """What was known to have happened on `on`, for judging one step."""
    what = held(dossier)
    return Situation(what.procedure, known(what.facts, on), on, what.entities, what.treaties, what.relations)


def open_gates(dossier: Dossier) -> frozenset[str]:
    """The gates with a request that awaits its decision."""
    return held(dossier).asked


def dossiers_of(treaty: Treaty) -> DossierQuerySet:
    """The dossiers a treaty goes through, by itself or in a package."""
    return Dossier.objects.filter(Q(treaty=treaty) | Q(package_links__treaty=treaty)).distinct()


def transcribed() -> QuerySet[EventAct]:
    """Acts that were put together from public sources: their notes are for every reader. Those of a dossier that is
    kept from part of the administration are not."""
    return EventAct.objects.filter(event__dossier__origin=Origin.RECONSTRUCTED).exclude(
        event__dossier__access__in=KEPT_APART
    )


def forget(dossier: Dossier) -> None:
    """After a write: what was read before no longer holds."""
    dossier.__dict__.pop("standing_events", None)
    dossier.__dict__.pop("_prefetched_objects_cache", None)


def opened_by(submission: UUID) -> Dossier | None:
    """The dossier that the form with this token opened."""
    opened = Dossier.history.filter(history_change__submission=submission, history_type="+").first()
    return Dossier.objects.filter(pk=opened.id).first() if opened else None


def open_approvals(person: Person) -> QuerySet[Approval]:
    """Consents asked and not decided, of dossiers that `person` may know of, oldest first."""
    return (
        Approval.objects.filter(decision__isnull=True, dossier__in=Dossier.objects.visible_to(person))
        .select_related("dossier__treaty", "asked_by")
        .prefetch_related("dossier__treaty__titles")
        .order_by("asked_at", "id")
    )


def earlier_decisions(approval: Approval) -> QuerySet[Decision]:
    """Decisions on the same gate of the same dossier, before this request."""
    return (
        Decision.objects.filter(
            approval__dossier=approval.dossier_id, approval__step=approval.step, approval__attempt__lt=approval.attempt
        )
        .select_related("decided_by", "delegation__absent", "approval")
        .order_by("decided_at")
    )


def review_sheet(approval: Approval) -> dict[str, Any]:
    """What the reviewer decides on, as data: shown on the page and frozen with the decision."""
    dossier = approval.dossier
    step = approval.definition
    return {
        "dossier": dossier.reference,
        "treaty": dossier.treaty.reference,
        "titles": [[title.language, title.text] for title in dossier.treaty.titles.all()],
        "step": step.code,
        "question": [step.label.nl, step.label.en],
        "law": [step.law.nl, step.law.en],
        "attempt": approval.attempt,
        "asked_by": approval.asked_by.name,
        "asked_at": approval.asked_at.isoformat(),
        "note": approval.note,
        "evidence": approval.evidence,
        "earlier_decisions": [
            {"outcome": decision.outcome, "decided_on": decision.decided_on.isoformat(), "reason": decision.reason}
            for decision in earlier_decisions(approval)
        ],
        "happened": [
            {"step": event.step, "on": event.when.iso, "outcome": event.outcome, "number": event.number}
            for event in standing_events(dossier)
        ],
    }


def digest(value: Any) -> str:
    """SHA-256 (hex) of JSON with sorted keys and no spaces, in UTF-8."""
    return hashlib.sha256(
        json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
    ).hexdigest()
