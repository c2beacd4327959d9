"""Reads of reporting that are more than one line. Each starts from what the reader may know of."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from accounts.models import Person
from reporting.choices import FirstDueFrom
from reporting.cycle import Due, Standing, Suggestion, in_order, stand, suggest
from reporting.models import Obligation, Report
from treaties.choices import ActKind
from treaties.dates import UNKNOWN, PartialDate
from treaties.models import Act, Treaty

# Belgium is the party to these treaties; an act of an entity of it says the same of that entity only.
BELGIUM = "BE"
_STARTS = {
    FirstDueFrom.ENTRY_INTO_FORCE: (ActKind.ENTRY_INTO_FORCE,),
    FirstDueFrom.RATIFICATION: (ActKind.RATIFICATION, ActKind.DEPOSIT),
}


@dataclass(frozen=True)
class State:
    """One obligation as it stands on a day, with its reports in order."""

    obligation: Obligation
    reports: list[Report]
    standing: Standing | None
    suggestion: Suggestion | None

    @property
    def current(self) -> Report | None:
        """The report that is being worked on, or else the last one."""
        return self.reports[-1] if self.reports else None

    @property
    def due(self) -> Due | None:
        return self.standing.due if self.standing else None

    @property
    def is_overdue(self) -> bool:
        return bool(self.due and self.due.is_overdue)

    @property
    def next_date(self) -> PartialDate:
        """The date on record, or else the suggested one; unknown without either."""
        if self.due:
            return self.due.when
        return self.suggestion.when if self.suggestion else UNKNOWN


def obligations(person: Person) -> QuerySet[Obligation]:
    """The obligations `person` may know of, with all that `state` reads: the same queries for one and for many."""
    kinds = [kind for kinds in _STARTS.values() for kind in kinds]
    starts = Act.objects.filter(kind__in=kinds, party__code=BELGIUM, is_retracted=False, on__isnull=False)
    return (
        Obligation.objects.visible_to(person)
        .select_related("treaty")
        .prefetch_related("reports", "treaty__titles", Prefetch("treaty__acts", starts, to_attr="belgian_starts"))
    )


def of_treaty(treaty: Treaty, person: Person) -> QuerySet[Obligation]:
    return obligations(person).filter(treaty=treaty)


def state(obligation: Obligation, on: date) -> State:
    """Where an obligation of `obligations` stands on day `on`."""
    reports = sorted(obligation.reports.all(), key=lambda report: (*in_order(report.dates), report.pk))
    dates = [report.dates for report in reports]
    return State(
        obligation=obligation,
        reports=reports,
        standing=stand(dates[-1], on) if dates else None,
        suggestion=suggest(obligation.rule, dates, start_of(obligation), on),
    )


def states(found: QuerySet[Obligation], on: date) -> list[State]:
    """Overdue first, then by the next date; what has none comes last."""
    return sorted((state(obligation, on) for obligation in found), key=_urgency)


def _urgency(one: State) -> tuple[bool, bool, date, str, int]:
    last = one.next_date.last
    return not one.is_overdue, last is None, last or date.max, one.obligation.body_nl, one.obligation.pk


def start_of(obligation: Obligation) -> PartialDate:
    """The first act of Belgium from which the term of the first report counts; unknown when it is not on record."""
    if obligation.treaty is None:
        return UNKNOWN
    starts: list[Act] = obligation.treaty.belgian_starts  # type: ignore[attr-defined]  # of the prefetch
    kinds = _STARTS[FirstDueFrom(obligation.first_due_from)]
    return next((act.when for act in starts if act.kind in kinds), UNKNOWN)


def bodies(person: Person) -> list[tuple[str, str]]:
    """Each monitoring body once: its Dutch name, which is its value in the address, and its name for the reader."""
    found = Obligation.objects.visible_to(person).order_by("body_nl", "pk")
    return list({one.body_nl: one.body for one in found.only("body_nl", "body_en")}.items())


def added_by(submission: UUID) -> Obligation | None:
    """The obligation that this very form made: where somebody goes who sent it twice."""
    made = Obligation.history.filter(history_change__submission=submission, history_type="+").first()
    return Obligation.objects.filter(pk=made.id).first() if made else None
