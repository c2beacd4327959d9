"""Sentences that several pages say the same way."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils import formats
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from treaties.choices import Actor, Stage
from workflow.choices import Consent, StepState, Track
from workflow.engine import Assessment, Deadline
from workflow.models import Decision, Delegation
from workflow.procedures import published
from workflow.procedures.language import Step

SOON_DAYS = 7
# What the engine says of its own, whatever the step needs.
OTHER_BLOCKERS = {
    "suspended": gettext_lazy("The procedure was suspended."),
    "to_do_again": gettext_lazy("An earlier step had to be done again first."),
    "before_dossier": gettext_lazy("It lies before the dossier began."),
}
# Those whose move the people of the register make themselves.
OURS = (Actor.DEPARTMENT, Actor.MINISTER, Actor.NEGOTIATORS)


@dataclass(frozen=True)
class StageView:
    """One stage, as `_stage_line.html` takes it."""

    label: str
    state: str
    sub: str = ""


@dataclass(frozen=True)
class DeadlineView:
    """A running term in words; `tone` is soon, late or nothing."""

    label: str
    sentence: str
    law: str
    tone: str
    last: date | None
    # How the last day was found, and the office's own target.
    working: tuple[str, ...] = ()
    target: str = ""


def day(when: date) -> str:
    """A full date as people write it in their language."""
    return formats.date_format(when, "j F Y")


def stage_line(assessment: Assessment) -> list[StageView]:
    return [
        StageView(capfirst(str(Stage(report.stage).label)), report.state, str(report.since) if report.since else "")
        for report in assessment.stages
    ]


def deadline(entry: Deadline) -> DeadlineView:
    sentence, tone = _when_it_ends(entry)
    target = entry.reckoning.target
    return DeadlineView(
        label=str(entry.term.label),
        sentence=sentence,
        law=str(entry.term.law),
        tone=tone,
        last=entry.last,
        working=tuple(str(line) for line in entry.reckoning.working),
        target=_("Our own target: %(date)s.") % {"date": day(target)} if target else "",
    )


def running(now: Assessment) -> list[DeadlineView]:
    """The terms that matter now, soonest first: one that ran out is of no use once the procedure went past it."""
    return [deadline(entry) for entry in now.deadlines if matters(now, entry)]


def matters(now: Assessment, entry: Deadline) -> bool:
    if not entry.is_over:
        return True
    codes = [report.step.code for report in now.steps]
    after = now.steps[codes.index(entry.step.code) + 1 :]
    return not any(report.step.track == Track.MAIN and report.state == StepState.HAPPENED for report in after)


def _when_it_ends(entry: Deadline) -> tuple[str, str]:
    if entry.last is None or entry.days_left is None:
        return _("when it ends cannot be known yet"), ""
    when = {"date": day(entry.last)}
    if entry.is_over:
        return _("the term ran out on %(date)s; you may go on") % when, "late"
    if entry.days_left == 0:
        return _("until today, %(date)s") % when, "soon"
    sentence = ngettext("until %(date)s, %(days)d day left", "until %(date)s, %(days)d days left", entry.days_left) % {
        **when,
        "days": entry.days_left,
    }
    return sentence, "soon" if entry.days_left <= SOON_DAYS else ""


def outcome_label(step: Step, code: str) -> str:
    """How a step ended, in words: the Chancellery's for a gate, its own for another step."""
    if not code:
        return ""
    if step.gate:
        return str(Consent(code).label) if code in Consent.values else code
    return next((str(outcome.label) for outcome in step.outcomes if outcome.code == code), code)


def need_sentences(step: Step, codes: list[str]) -> list[str]:
    """What the codes of blockers mean, as the procedure says it now."""
    said = {need.code: str(need.why) for need in step.needs}
    return [said.get(code) or str(OTHER_BLOCKERS.get(code, code)) for code in codes]


def decider(decision: Decision) -> str:
    """Who recorded a decision; by delegation both names, and until when it held."""
    if decision.delegation is None:
        return decision.decided_by.name
    return _("%(name)s for %(absent)s, by delegation until %(date)s") % {
        "name": decision.decided_by.name,
        "absent": decision.delegation.absent.name,
        "date": day(decision.delegation.ends),
    }


def scope(delegation: Delegation, departments: Mapping[str, str]) -> str:
    """Which dossiers a delegation is about; `departments` has names by code. Those of before name it themselves."""
    known = {procedure.code: str(procedure.label) for procedure in published(delegation.begins)}
    about = [known.get(code, code) for code in delegation.procedures]
    said = ", ".join(about) if about else _("All procedures")
    if not delegation.department:
        return said
    names = {"procedures": said, "department": departments.get(delegation.department, delegation.department)}
    return _("%(procedures)s; dossiers of %(department)s") % names
