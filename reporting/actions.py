"""The only writes of reporting. One function per verb: lock → check → do → record.

Lock order: the obligation, then its report. Whoever comes second waits, then sees what the first did.
"""

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choices import Deed
from accounts.models import User
from audit.actions import change
from audit.choices import Action
from audit.refusals import Blocker, Conflict, Refused
from reporting import guards
from reporting.cycle import DATE_NAMES
from reporting.guards import OBLIGATION_LIMITS, REPORT_LIMITS, ObligationEntry, ReportEntry
from reporting.models import Obligation, Report
from treaties.actions import require
from treaties.references import new_reference
from treaties.texts import clean, unfit


def add_obligation(
    *, actor: User, entry: ObligationEntry, reason: str, reference: str = "", submission: UUID | None = None
) -> Obligation:
    """A body that Belgium reports to, under a treaty or by political commitment.

    Raises `Refused` with every problem, `AlreadyDone` when this form was sent before.
    """
    require(actor, Deed.EDIT_RECORD)
    with change(actor, action=Action.TREATY_EDIT, reason=_kept(reason), submission=submission):
        _refuse(guards.obligation_problems(entry, reason))
        obligation = Obligation(reference=reference or new_reference("R"))
        _fill_obligation(obligation, entry)
        obligation.save(force_insert=True)
    return obligation


def edit_obligation(
    *,
    actor: User,
    obligation: Obligation,
    entry: ObligationEntry,
    version: int,
    reason: str,
    submission: UUID | None = None,
) -> Obligation:
    """Replace what is on record of an obligation. `version` is the one the person saw.

    Raises `Conflict`, with who and when, if somebody else saved meanwhile; `Refused` with every problem.
    """
    require(actor, Deed.EDIT_RECORD)
    with change(actor, action=Action.TREATY_EDIT, reason=_kept(reason), submission=submission):
        row = _lock(obligation)
        _unchanged(row, version)
        _refuse(guards.obligation_problems(entry, reason, row))
        _fill_obligation(row, entry)
        row.version += 1
        row.save()
    return row


def add_report(
    *, actor: User, obligation: Obligation, entry: ReportEntry, reason: str, submission: UUID | None = None
) -> Report:
    """One more report under the obligation, with the dates known so far.

    Raises `Refused` with every problem, such as a dialogue before the report; `AlreadyDone` as above.
    """
    require(actor, Deed.RECORD_EVENT)
    with change(actor, action=Action.EVENT_RECORD, reason=_kept(reason), submission=submission):
        owner = _lock(obligation)
        _refuse(guards.report_problems(entry, reason, timezone.localdate(), owner))
        report = Report(obligation=owner)
        _fill_report(report, entry)
        report.save(force_insert=True)
    return report


def edit_report(
    *, actor: User, report: Report, entry: ReportEntry, version: int, reason: str, submission: UUID | None = None
) -> Report:
    """Replace what is on record of a report. `version` is the one the person saw.

    Raises `Conflict`, with who and when, if somebody else saved meanwhile; `Refused` with every problem.
    """
    require(actor, Deed.RECORD_EVENT)
    with change(actor, action=Action.EVENT_RECORD, reason=_kept(reason), submission=submission):
        owner = _lock(report.obligation)
        row = Report.objects.select_for_update().get(pk=report.pk)
        _unchanged(row, version)
        _refuse(guards.report_problems(entry, reason, timezone.localdate(), owner, row))
        _fill_report(row, entry)
        row.version += 1
        row.save()
    return row


def _lock(obligation: Obligation) -> Obligation:
    """The row, held until the end of the transaction."""
    return Obligation.objects.select_for_update().get(pk=obligation.pk)


def _unchanged(row: Obligation | Report, version: int) -> None:
    """Raise `Conflict`, with who and when, unless the row is as the page showed it."""
    if row.version == version:
        return
    last = row.history.first()
    raise Conflict(
        _("%(who)s changed this record at %(when)s. Your text is still here; look at what changed first.")
        % {"who": last.history_actor, "when": f"{timezone.localtime(last.history_date):%d-%m-%Y %H:%M}"}
    )


def _kept(reason: str) -> str:
    """The reason for the trail. One that cannot be kept is refused inside the change, with everything else."""
    return "–" if unfit(reason, limit=4_000, required=True) else clean(reason, limit=4_000)


def _refuse(blockers: list[Blocker]) -> None:
    if blockers:
        raise Refused(blockers)


def _fill_obligation(row: Obligation, entry: ObligationEntry) -> None:
    for name, limit in OBLIGATION_LIMITS.items():
        setattr(row, name, clean(getattr(entry, name), field=name, limit=limit))
    for name in ("treaty", "is_political", "first_due_months", "first_due_from", "cycle_years"):
        setattr(row, name, getattr(entry, name))


def _fill_report(row: Report, entry: ReportEntry) -> None:
    for name, limit in REPORT_LIMITS.items():
        setattr(row, name, clean(getattr(entry, name), field=name, limit=limit))
    for name in DATE_NAMES:
        setattr(row, name, getattr(entry.dates, name))
