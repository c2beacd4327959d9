"""What the pages of reporting show, as data and sentences. The number of queries is fixed."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from reporting import queries
from reporting.choices import DueKind, ReportStage
from reporting.cycle import Due, Standing, Suggestion, stand
from reporting.models import Obligation, Report
from reporting.queries import State
from treaties.dates import PartialDate

PAGE_SIZE = 30
# Beyond a year nobody counts days.
MANY_DAYS = 365
# Dates of a report in the order of its page; the period and the dialogue are lines of their own.
_LINES = (
    "contribution_due",
    "contribution_sent",
    "report_due",
    "report_submitted",
    "issues_received",
    "issues_answered",
    "dialogue_from",
    "observations_on",
    "follow_up_due",
    "follow_up_sent",
    "closed_on",
)
_TONES = {
    ReportStage.CONTRIBUTION_OVERDUE: "stop",
    ReportStage.CONTRIBUTION_DUE: "warn",
    ReportStage.ISSUES_OPEN: "warn",
    ReportStage.FOLLOW_UP_DUE: "warn",
    ReportStage.CLOSED: "ok",
}


@dataclass(frozen=True)
class DueView:
    """What is due next, in words; `tone` is soon, late or nothing."""

    label: str
    sentence: str
    tone: str


@dataclass(frozen=True)
class SuggestionView:
    """A date by the rule, with its derivation; an unknown date says why there is none."""

    when: PartialDate
    why: str
    is_past: bool


@dataclass(frozen=True)
class Row:
    """One obligation in a list. `due` is on record; `suggestion` is shown where nothing is."""

    obligation: Obligation
    report: Report | None
    stage: str
    tone: str
    due: DueView | None
    suggestion: SuggestionView | None


@dataclass(frozen=True)
class Line:
    label: str
    when: PartialDate
    until: PartialDate | None = None


@dataclass(frozen=True)
class ReportView:
    report: Report
    stage: str
    tone: str
    due: DueView | None
    lines: list[Line]


def page(person: User, on: date, *, body: str, number: Any) -> dict[str, Any]:
    """The context of the list; `body` and `number` come from the address and may be anything."""
    bodies = queries.bodies(person)
    body = body if body in dict(bodies) else ""
    found = queries.obligations(person)
    shown = Paginator(queries.states(found.filter(body_nl=body) if body else found, on), PAGE_SIZE).get_page(number)
    return {
        "page": shown,
        "rows": [row(state, on) for state in shown],
        "bodies": bodies,
        "body": body,
        "may_write": person.may_write,
    }


def detail(state: State, person: User, on: date) -> dict[str, Any]:
    """The context of the page of one obligation: the newest report first."""
    return {
        "row": row(state, on),
        "obligation": state.obligation,
        "rule": rule_words(state.obligation),
        "reports": [_report_view(report, on) for report in reversed(state.reports)],
        "may_write": person.may_write,
    }


def row(state: State, on: date) -> Row:
    """An obligation in one line, for the list and for the page of its treaty."""
    suggestion = state.suggestion if not state.due else None
    return Row(
        obligation=state.obligation,
        report=state.current,
        stage=_stage(state.standing) if state.standing else "",
        tone=_tone(state.standing) if state.standing else "neutral",
        due=due_view(state.due) if state.due else None,
        suggestion=_suggestion_view(suggestion, on) if suggestion else None,
    )


def rule_words(obligation: Obligation) -> list[str]:
    """The rule of an obligation in sentences; none where no rule is on record."""
    words = []
    if (months := obligation.first_due_months) is not None:
        counted = ngettext(
            "first report %(months)d month after the %(start)s",
            "first report %(months)d months after the %(start)s",
            months,
        )
        words.append(counted % {"months": months, "start": obligation.get_first_due_from_display()})
    if (years := obligation.cycle_years) is not None:
        words.append(ngettext("every year", "every %(years)d years", years) % {"years": years})
    return words


def due_view(due: Due) -> DueView:
    """When it is due and how long that is; overdue says that nothing is on record, not that nothing was done."""
    label = capfirst(str(DueKind(due.kind).label))
    days = abs(due.days_left)
    values = {"date": due.when, "days": days}
    if days > MANY_DAYS:
        long_ago = _("was due %(date)s; nothing sent is on record") % values
        return DueView(label, long_ago if due.is_overdue else str(due.when), "late" if due.is_overdue else "")
    if due.is_overdue:
        sentence = ngettext(
            "was due %(date)s, %(days)d day ago; nothing sent is on record",
            "was due %(date)s, %(days)d days ago; nothing sent is on record",
            days,
        )
        return DueView(label, sentence % values, "late")
    if due.days_left == 0:
        return DueView(label, _("%(date)s, today is the last day") % values, "soon")
    sentence = ngettext("%(date)s, %(days)d day left", "%(date)s, %(days)d days left", days)
    return DueView(label, sentence % values, "soon" if due.is_soon else "")


def _suggestion_view(suggestion: Suggestion, on: date) -> SuggestionView:
    last = suggestion.when.last
    return SuggestionView(suggestion.when, suggestion.sentence, last is not None and last < on)


def _report_view(report: Report, on: date) -> ReportView:
    standing = stand(report.dates, on)
    return ReportView(
        report=report,
        stage=_stage(standing),
        tone=_tone(standing),
        due=due_view(standing.due) if standing.due else None,
        lines=_lines(report),
    )


def _lines(report: Report) -> list[Line]:
    """The dates that are known, in the order in which a report runs."""
    lines = []
    for name in _LINES:
        when = getattr(report, name)
        if when.on:
            until = report.dialogue_to if name == "dialogue_from" and report.dialogue_to.on else None
            label = capfirst(str(Report._meta.get_field(name).verbose_name))  # type: ignore[union-attr]
            lines.append(Line(label, when, until if until != when else None))
    return lines


def _stage(standing: Standing) -> str:
    return capfirst(str(ReportStage(standing.stage).label))


def _tone(standing: Standing) -> str:
    return "stop" if standing.is_overdue else _TONES.get(standing.stage, "info")
