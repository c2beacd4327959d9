"""Why an obligation or a report cannot be kept as given: every reason at once. Reads only."""

from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext_lazy as _

from audit.refusals import Blocker
from reporting.choices import FirstDueFrom
from reporting.cycle import Dates
from reporting.models import Obligation, Report
from treaties.dates import PartialDate
from treaties.models import Treaty
from treaties.texts import clean, unfit

OBLIGATION_LIMITS = {
    "body_nl": 300,
    "body_en": 300,
    "coordinator": 300,
    "flemish_lead": 300,
    "note": 4_000,
    "source": 500,
}
REPORT_LIMITS = {"label": 60, "delegation_head": 300, "links": 4_000, "note": 4_000, "source": 500}
REQUIRED = ("body_nl", "label", "reason")
MOST_MONTHS, MOST_YEARS = 240, 50


@dataclass(frozen=True)
class ObligationEntry:
    """What a person says of an obligation."""

    body_nl: str
    treaty: Treaty | None = None
    is_political: bool = False
    body_en: str = ""
    first_due_months: int | None = None
    first_due_from: FirstDueFrom = FirstDueFrom.ENTRY_INTO_FORCE
    cycle_years: int | None = None
    coordinator: str = ""
    flemish_lead: str = ""
    note: str = ""
    source: str = ""


@dataclass(frozen=True)
class ReportEntry:
    """What a person says of one report."""

    label: str
    dates: Dates = field(default_factory=Dates)
    delegation_head: str = ""
    links: str = ""
    note: str = ""
    source: str = ""


# What is done, and so cannot lie in the future. Terms and a dialogue can be announced.
DONE = (
    "contribution_sent",
    "report_submitted",
    "issues_received",
    "issues_answered",
    "observations_on",
    "follow_up_sent",
    "closed_on",
)
# The second cannot come before the first; the sentence stands beside the second. Not here: a list of issues
# before the report (simplified procedure), and a contribution after it (late, but sent).
ORDER = (
    ("period_from", "period_to", _("The period cannot end before it starts.")),
    ("period_from", "contribution_sent", _("A contribution cannot be sent before the period starts.")),
    ("period_from", "report_submitted", _("A report cannot be submitted before its period starts.")),
    ("contribution_due", "report_due", _("The contribution cannot be due after the state report itself.")),
    ("issues_received", "issues_answered", _("A list of issues cannot be answered before it was received.")),
    ("report_submitted", "issues_answered", _("The list of issues cannot be answered before the report.")),
    ("report_submitted", "dialogue_from", _("The dialogue cannot come before the report was submitted.")),
    ("issues_received", "dialogue_from", _("The dialogue cannot come before the list of issues.")),
    ("dialogue_from", "dialogue_to", _("The dialogue cannot end before it starts.")),
    ("report_submitted", "observations_on", _("Observations cannot come before the report was submitted.")),
    ("dialogue_from", "observations_on", _("Observations cannot come before the dialogue.")),
    ("observations_on", "follow_up_due", _("The follow-up cannot be due before the observations.")),
    ("observations_on", "follow_up_sent", _("The follow-up cannot be sent before the observations.")),
    ("report_submitted", "closed_on", _("A report cannot be closed before it was submitted.")),
    ("observations_on", "closed_on", _("A report cannot be closed before the observations.")),
)


def obligation_problems(entry: ObligationEntry, reason: str, own: Obligation | None = None) -> list[Blocker]:
    """Everything wrong with `entry`; `own` is the obligation it is about, when that is changed."""
    problems = _text_problems(entry, OBLIGATION_LIMITS, reason)
    if entry.treaty is None and not entry.is_political:
        sentence = _("Name the treaty, or say that the commitment is political.")
        problems.append(Blocker("no_treaty", sentence, field="treaty"))
    for name, most, sentence in (
        ("first_due_months", MOST_MONTHS, _("Give a number of months from 1 to %(most)d.")),
        ("cycle_years", MOST_YEARS, _("Give a number of years from 1 to %(most)d.")),
    ):
        value = getattr(entry, name)
        if value is not None and not 1 <= value <= most:
            problems.append(Blocker("number", sentence % {"most": most}, field=name))
    if not problems and _is_known(entry, own):
        sentence = _("This obligation is in the register already: the same treaty, the same body.")
        problems.append(Blocker("obligation_once", sentence, field="body_nl"))
    return problems


def report_problems(
    entry: ReportEntry, reason: str, today: date, obligation: Obligation, own: Report | None = None
) -> list[Blocker]:
    """Everything wrong with `entry` on `today`; `own` is the report it is about, when that is changed."""
    problems = _text_problems(entry, REPORT_LIMITS, reason) + _date_problems(entry.dates, today)
    if any(blocker.field == "label" for blocker in problems):
        return problems
    label = clean(entry.label)
    same = obligation.reports.filter(label=label)
    if (same.exclude(pk=own.pk) if own else same).exists():
        sentence = _("There is a report %(label)s of this obligation already.") % {"label": label}
        problems.append(Blocker("report_once", sentence, field="label"))
    return problems


def _is_known(entry: ObligationEntry, own: Obligation | None) -> bool:
    same = Obligation.objects.filter(treaty=entry.treaty, body_nl=clean(entry.body_nl))
    return (same.exclude(pk=own.pk) if own else same).exists()


def _date_problems(dates: Dates, today: date) -> list[Blocker]:
    problems = []
    for name in DONE:
        on = getattr(dates, name).on
        if on and on > today:
            sentence = _("This date lies in the future; record it once it has happened.")
            problems.append(Blocker("future", sentence, field=name))
    for first, second, sentence in ORDER:
        if _is_before(getattr(dates, second), getattr(dates, first)):
            problems.append(Blocker(f"{second}_before_{first}", sentence, field=second))
    if dates.dialogue_to.on and not dates.dialogue_from.on:
        problems.append(
            Blocker("dialogue_without_start", _("Give the first day of the dialogue too."), field="dialogue_from")
        )
    return problems


def _is_before(when: PartialDate, other: PartialDate) -> bool:
    """Whether `when` certainly comes before `other`: "2014" does not come before "September 2014"."""
    return when.last is not None and other.on is not None and when.last < other.on


def _text_problems(entry: ObligationEntry | ReportEntry, limits: dict[str, int], reason: str) -> list[Blocker]:
    given = {name: (getattr(entry, name), limit) for name, limit in limits.items()} | {"reason": (reason, 4_000)}
    found = {name: unfit(text, limit=limit, required=name in REQUIRED) for name, (text, limit) in given.items()}
    return [Blocker("text", problem, field=name) for name, problem in found.items() if problem]
