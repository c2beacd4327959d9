"""The desk: what to do now, what is awaited of whom, and which terms run. The number of queries is fixed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.models import User
from treaties.choices import Actor, Stage
from workflow import delegations, held, queries
from workflow.choices import Origin
from workflow.engine import Assessment
from workflow.models import Dossier
from workflow.presentation.dossier import NextView, next_view
from workflow.presentation.entities import names
from workflow.presentation.words import OURS, DeadlineView, day, deadline, matters, running
from workflow.waiting import Waiting, why

PAGE_SIZE = 20
TERMS_SHOWN = 40


@dataclass(frozen=True)
class Row:
    """One dossier: what is next, of whom it is awaited and since when."""

    dossier: Dossier
    next: NextView
    awaited: str
    since: str
    deadlines: list[DeadlineView]
    why: Waiting


@dataclass(frozen=True)
class Term:
    dossier: Dossier
    deadline: DeadlineView


def page(person: User, *, everybody: bool, stage: str, number: Any) -> dict[str, Any]:
    """The context of the desk; `stage` and `number` come from the address and may be anything."""
    # A dossier put together from sources is a record of the past, not work that waits.
    mine = Dossier.objects.visible_to(person).filter(origin=Origin.LIVE)
    if not everybody:
        mine = mine.filter(responsible=person)
    stage = stage if stage in Stage.values else ""
    listed = mine.filter(stage=stage) if stage else mine.exclude(stage=Stage.DONE)
    shown = Paginator(_in_order(listed).select_related("treaty", "responsible"), PAGE_SIZE).get_page(number)
    timed = _with_term(mine.exclude(stage=Stage.DONE))
    queries.read_procedures([*shown, *timed])
    rows = [_row(dossier, person) for dossier in shown]
    return {
        "page": shown,
        "todo": [row for row in rows if row.next.is_ours],
        "waiting": [row for row in rows if not row.next.is_ours],
        "everybody": everybody,
        "stage": stage,
        "stages": [(value, capfirst(str(label))) for value, label in Stage.choices],
        "weeks": _weeks(timed),
        "asked": queries.open_approvals(person).filter(asked_by=person),
        "may_write": person.may_write,
        "acts_for": delegations.held_by(person),
    }


def _in_order(dossiers: QuerySet[Dossier]) -> QuerySet[Dossier]:
    """What is ours first, then by the nearest term; from the copies on the row."""
    ours = Case(When(Q(awaited__in=OURS), then=Value(0)), default=Value(1))
    return dossiers.order_by(ours, F("next_deadline").asc(nulls_last=True), "-opened_at", "-pk")


def _row(dossier: Dossier, person: User) -> Row:
    what = held.held(dossier)
    now = queries.assess_held(what, timezone.localdate())
    return Row(
        dossier=dossier,
        next=next_view(dossier, person, now, with_papers=False),
        awaited=str(Actor(now.awaited).label) if now.awaited else "",
        since=day(_since(dossier, now)),
        deadlines=running(now),
        why=why(now, names(what)),
    )


def _since(dossier: Dossier, now: Assessment) -> date:
    """The day on which it began to wait: that of the open request, or of the last thing that happened."""
    asked: list[datetime] = [
        approval.asked_at
        for approval in dossier.approvals.all()
        if approval.is_open and now.next and approval.step == now.next.step.code
    ]
    if asked:
        return timezone.localdate(max(asked))
    days = [event.on for event in held.standing_events(dossier) if event.on and event.on <= now.on]
    return max(days, default=timezone.localdate(dossier.opened_at))


def _with_term(dossiers: QuerySet[Dossier]) -> list[Dossier]:
    """Those with a running term, soonest first."""
    timed = dossiers.filter(next_deadline__isnull=False).select_related("treaty", "responsible")
    return list(timed.order_by("next_deadline", "pk")[:TERMS_SHOWN])


def _weeks(dossiers: Sequence[Dossier]) -> list[tuple[str, list[Term]]]:
    """Running terms by week, soonest first; empty weeks are left out."""
    today = timezone.localdate()
    sunday = today + timedelta(days=6 - today.weekday())
    weeks: dict[str, list[Term]] = {label: [] for label in (_("Overdue"), _("This week"), _("Next week"), _("Later"))}
    overdue, this, following, later = weeks.values()
    for dossier in dossiers:
        now = queries.assessment(dossier)
        for entry in now.deadlines:
            if entry.last is None or not matters(now, entry):
                continue
            term = Term(dossier, deadline(entry))
            if entry.is_over:
                overdue.append(term)
            elif entry.last <= sunday:
                this.append(term)
            elif entry.last <= sunday + timedelta(days=7):
                following.append(term)
            else:
                later.append(term)
    return [(label, terms) for label, terms in weeks.items() if terms]
