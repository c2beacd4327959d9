"""Where a report stands on a day, and when the next one would be due. Pure: dates in, answers out.

Nothing here is stored. A due date is either on record or suggested with its derivation; a suggestion is
never filled in by itself.
"""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reporting.choices import DueKind, FirstDueFrom, ReportStage
from treaties.choices import Precision
from treaties.dates import UNKNOWN, PartialDate

# A contribution passes through many hands: two months before, it is time.
SOON_DAYS = 60
LAST_YEAR = 2200


@dataclass(frozen=True)
class Dates:
    """Every date of one report, in the order in which a report runs. What is not known is `UNKNOWN`."""

    period_from: PartialDate = UNKNOWN
    period_to: PartialDate = UNKNOWN
    contribution_due: PartialDate = UNKNOWN
    contribution_sent: PartialDate = UNKNOWN
    report_due: PartialDate = UNKNOWN
    report_submitted: PartialDate = UNKNOWN
    issues_received: PartialDate = UNKNOWN
    issues_answered: PartialDate = UNKNOWN
    dialogue_from: PartialDate = UNKNOWN
    dialogue_to: PartialDate = UNKNOWN
    observations_on: PartialDate = UNKNOWN
    follow_up_due: PartialDate = UNKNOWN
    follow_up_sent: PartialDate = UNKNOWN
    closed_on: PartialDate = UNKNOWN


DATE_NAMES = tuple(one.name for one in fields(Dates))


@dataclass(frozen=True)
class Due:
    """What comes next, with its date on record. `days_left` counts to the last day the date can mean."""

    kind: DueKind
    when: PartialDate
    days_left: int

    @property
    def is_overdue(self) -> bool:
        return self.days_left < 0

    @property
    def is_soon(self) -> bool:
        return 0 <= self.days_left <= SOON_DAYS


@dataclass(frozen=True)
class Standing:
    """Where a report stands: its stage, and what is due first."""

    stage: ReportStage
    due: Due | None = None

    @property
    def is_overdue(self) -> bool:
        return self.due is not None and self.due.is_overdue


# --- Where it stands ------------------------------------------------------------------------------


def stand(dates: Dates, on: date) -> Standing:
    """Where a report with these dates stands on day `on`; a fact counts from the first day it can mean."""
    stage = _stage(dates, on)
    return Standing(stage, None if stage == ReportStage.CLOSED else _first_due(dates, on))


def _stage(dates: Dates, on: date) -> ReportStage:
    if _happened(dates.closed_on, on) or _happened(dates.follow_up_sent, on):
        return ReportStage.CLOSED
    if _happened(dates.observations_on, on):
        return ReportStage.FOLLOW_UP_DUE if dates.follow_up_due.on else ReportStage.OBSERVATIONS_RECEIVED
    if _held(dates, on):
        return ReportStage.DIALOGUE_HELD
    if _happened(dates.issues_answered, on):
        return ReportStage.ISSUES_ANSWERED
    if _happened(dates.report_submitted, on):
        return ReportStage.ISSUES_OPEN if _asked_after(dates, on) else ReportStage.SUBMITTED
    return _before_submission(dates, on)


def _before_submission(dates: Dates, on: date) -> ReportStage:
    """A list of issues can come first (simplified procedure): the report then answers it."""
    if _happened(dates.contribution_sent, on):
        return ReportStage.CONTRIBUTION_SENT
    if dates.contribution_due.last:
        is_late = dates.contribution_due.last < on
        return ReportStage.CONTRIBUTION_OVERDUE if is_late else ReportStage.CONTRIBUTION_DUE
    return ReportStage.ISSUES_OPEN if _happened(dates.issues_received, on) else ReportStage.TO_PREPARE


def _asked_after(dates: Dates, on: date) -> bool:
    """Whether a list of issues came that the report itself does not answer: not certainly before the report."""
    submitted, asked = dates.report_submitted.on, dates.issues_received.last
    return _happened(dates.issues_received, on) and bool(submitted and asked and asked >= submitted)


def _first_due(dates: Dates, on: date) -> Due | None:
    """The earliest date on record for what has not been done."""
    answered = any((_happened(dates.issues_answered, on), _held(dates, on), _happened(dates.observations_on, on)))
    submitted = answered or _happened(dates.report_submitted, on)
    expected = (
        (DueKind.CONTRIBUTION, dates.contribution_due, submitted or _happened(dates.contribution_sent, on)),
        (DueKind.REPORT, dates.report_due, submitted),
        (DueKind.DIALOGUE, _end_of_dialogue(dates), _held(dates, on) or _happened(dates.observations_on, on)),
        (DueKind.FOLLOW_UP, dates.follow_up_due, False),
    )
    found = [
        Due(kind, dates.dialogue_from if kind == DueKind.DIALOGUE else when, (when.last - on).days)
        for kind, when, is_done in expected
        if when.last and not is_done
    ]
    return min(found, key=lambda due: due.days_left, default=None)


def _happened(when: PartialDate, on: date) -> bool:
    return when.on is not None and when.on <= on


def _end_of_dialogue(dates: Dates) -> PartialDate:
    return dates.dialogue_to if dates.dialogue_to.on else dates.dialogue_from


def _held(dates: Dates, on: date) -> bool:
    """A dialogue is announced long before: it was held when its last day has come."""
    last = _end_of_dialogue(dates).last
    return last is not None and last <= on


def in_order(dates: Dates) -> tuple[bool, date]:
    """The key by which the reports of one obligation follow each other; one without any date is the newest."""
    # Not the date of closing: an older report can be closed long after the next one began.
    anchors = (dates.report_submitted, dates.report_due, dates.contribution_due, dates.period_to, dates.dialogue_from)
    others = (dates.contribution_sent, dates.issues_received, dates.observations_on, dates.period_from)
    known = next((when.on for when in (*anchors, *others) if when.on), None)
    return known is None, known or date.max


# --- The next one -------------------------------------------------------------------------------------


class Why(StrEnum):
    """How a suggestion was derived, or why there is none."""

    CYCLE_FROM_DUE = "cycle_from_due"
    CYCLE_FROM_SUBMITTED = "cycle_from_submitted"
    CYCLE_FROM_REVIEW = "cycle_from_review"
    FIRST_FROM_FORCE = "first_from_force"
    FIRST_FROM_RATIFICATION = "first_from_ratification"
    NO_RULE = "no_rule"
    NO_CYCLE = "no_cycle"
    NO_REPORT = "no_report"
    NO_DATES = "no_dates"
    NO_START = "no_start"
    NOT_EXACT = "not_exact"


@dataclass(frozen=True)
class Rule:
    """When reports are due: the first some months after the treaty binds Belgium, then every so many years."""

    first_due_months: int | None = None
    first_due_from: FirstDueFrom = FirstDueFrom.ENTRY_INTO_FORCE
    cycle_years: int | None = None
    is_political: bool = False


@dataclass(frozen=True)
class Suggestion:
    """When the next report would be due by the rule; `when` is unknown where no date follows, and `why` says so."""

    when: PartialDate
    why: Why
    amount: int = 0
    counted_from: PartialDate = UNKNOWN

    @property
    def sentence(self) -> str:
        """The derivation in the reader's language."""
        date_and_amount = {"date": self.counted_from, "amount": self.amount}
        return _words(self.why, self.amount) % date_and_amount


def suggest(rule: Rule, reports: Sequence[Dates], start: PartialDate, on: date) -> Suggestion | None:
    """When the report that is not submitted yet, or else the next one, would be due.

    `reports` are in order, `start` is the day the first term counts from. None where its due date is on record.
    """
    is_open = bool(reports) and not _is_submitted(reports[-1], on)
    if is_open and reports[-1].report_due.on:
        return None
    earlier = reports[:-1] if is_open else reports
    return _after(rule, earlier[-1]) if earlier else _first(rule, start)


def _is_submitted(dates: Dates, on: date) -> bool:
    before = (ReportStage.TO_PREPARE, ReportStage.CONTRIBUTION_DUE, ReportStage.CONTRIBUTION_OVERDUE)
    stage = _stage(dates, on)
    if stage == ReportStage.ISSUES_OPEN:
        return _happened(dates.report_submitted, on)
    return stage not in (*before, ReportStage.CONTRIBUTION_SENT)


def _after(rule: Rule, previous: Dates) -> Suggestion:
    """Only the report just before counts: from an older one the number of cycles is not known."""
    if rule.cycle_years is None:
        return Suggestion(UNKNOWN, Why.NO_CYCLE)
    bases = [(Why.CYCLE_FROM_DUE, previous.report_due), (Why.CYCLE_FROM_SUBMITTED, previous.report_submitted)]
    if rule.is_political:
        bases.append((Why.CYCLE_FROM_REVIEW, previous.dialogue_from))
    why, base = next(((why, when) for why, when in bases if when.on), (Why.NO_DATES, UNKNOWN))
    return Suggestion(later(base, 12 * rule.cycle_years), why, rule.cycle_years, base)


def _first(rule: Rule, start: PartialDate) -> Suggestion:
    if rule.first_due_months is None:
        return Suggestion(UNKNOWN, Why.NO_RULE if rule.cycle_years is None else Why.NO_REPORT)
    if start.on is None:
        return Suggestion(UNKNOWN, Why.NO_START)
    is_force = rule.first_due_from == FirstDueFrom.ENTRY_INTO_FORCE
    when = later(start, rule.first_due_months)
    why = Why.FIRST_FROM_FORCE if is_force else Why.FIRST_FROM_RATIFICATION
    return Suggestion(when, why if when.on else Why.NOT_EXACT, rule.first_due_months, start)


def later(when: PartialDate, months: int) -> PartialDate:
    """`months` after `when`, no more precise than `when`; unknown where that cannot be said.

    Half a year after "2011" is no year; 31 January and a month is the last day of February.
    """
    if when.on is None or (when.precision == Precision.YEAR and months % 12):
        return UNKNOWN
    year, month = divmod(when.on.year * 12 + when.on.month - 1 + months, 12)
    if year > LAST_YEAR:
        return UNKNOWN
    day = min(when.on.day, calendar.monthrange(year, month + 1)[1])
    return PartialDate(date(year, month + 1, day), when.precision)


def _words(why: Why, amount: int) -> str:
    counted = {
        Why.CYCLE_FROM_DUE: ngettext(
            "%(amount)d year, the cycle, after the due date of the previous report, %(date)s",
            "%(amount)d years, the cycle, after the due date of the previous report, %(date)s",
            amount,
        ),
        Why.CYCLE_FROM_SUBMITTED: ngettext(
            "%(amount)d year, the cycle, after the previous report was submitted, %(date)s; its due date is not known",
            "%(amount)d years, the cycle, after the previous report was submitted, %(date)s; its due date is not known",
            amount,
        ),
        Why.CYCLE_FROM_REVIEW: ngettext(
            "%(amount)d year, the cycle, after the previous review, %(date)s",
            "%(amount)d years, the cycle, after the previous review, %(date)s",
            amount,
        ),
        Why.FIRST_FROM_FORCE: ngettext(
            "%(amount)d month after the entry into force for Belgium, %(date)s",
            "%(amount)d months after the entry into force for Belgium, %(date)s",
            amount,
        ),
        Why.FIRST_FROM_RATIFICATION: ngettext(
            "%(amount)d month after the ratification by Belgium, %(date)s",
            "%(amount)d months after the ratification by Belgium, %(date)s",
            amount,
        ),
        Why.NO_RULE: _("no rule for the first report and no cycle are on record"),
        Why.NO_CYCLE: _("no cycle is on record"),
        Why.NO_REPORT: _("no earlier report is on record to count the cycle from"),
        Why.NO_DATES: _("of the previous report neither the due date nor the date of submission is on record"),
        Why.NO_START: _("the date from which the term of the first report counts is not on record"),
        Why.NOT_EXACT: _("the term counts in months, and of its start only the year is on record"),
    }
    return counted[why]
