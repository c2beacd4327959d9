"""The course of a dossier: the lines beside each other, suspensions, qualifications, and where it went back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from treaties.as_of import Moment
from workflow.choices import StepState, Track
from workflow.engine import Assessment, TrackReport
from workflow.models import Determination, Dossier
from workflow.presentation.words import DeadlineView, deadline, matters, outcome_label
from workflow.procedures import Procedure
from workflow.procedures.moves import REQUALIFIED
from workflow.suspension import State


@dataclass(frozen=True)
class TrackView:
    """One of the lines that run beside each other, in a few words."""

    label: str
    last: str
    open_steps: Sequence[str]
    deadlines: Sequence[DeadlineView]


@dataclass(frozen=True)
class SuspensionView:
    label: str
    is_running: bool
    working: Sequence[str]
    law: str


@dataclass(frozen=True)
class Return:
    """That the dossier went back, when, and what had to be done again."""

    when: str
    what: str
    again: str


def tracks(now: Assessment) -> list[TrackView]:
    """The tracks on which something happened or can happen, the main one first."""
    return [_track(track, now) for track in now.tracks if track.track != Track.COURSE]


def _track(track: TrackReport, now: Assessment) -> TrackView:
    last = ""
    if track.last and now.procedure.has(track.last.step):
        step = now.procedure.step(track.last.step)
        words = filter(None, [str(step.label), outcome_label(step, track.last.outcome), str(track.last.when)])
        last = ", ".join(words)
    ready = [report for report in track.steps if report.state in (StepState.OPEN, StepState.ASKED)]
    return TrackView(
        label=capfirst(str(track.track.label)),
        last=last,
        open_steps=[str(report.step.label) for report in ready if not report.step.optional or report is now.next],
        deadlines=[deadline(one) for report in track.steps for one in report.deadlines if matters(now, one)],
    )


def suspensions(now: Assessment) -> list[SuspensionView]:
    labels = {
        State.RUNNING: _("The procedure is suspended"),
        State.CONFIRMED: _("The procedure is suspended: confirmed by the King"),
        State.LIFTED: _("The suspension was lifted"),
        State.RAN_OUT: _("The suspension ended by itself"),
        State.RELEASED: _("The confirmed suspension was lifted"),
    }
    return [
        SuspensionView(labels[one.state], one.is_running, [str(line) for line in one.working], str(one.law))
        for one in now.suspensions
    ]


def determinations(dossier: Dossier, moment: Moment) -> list[Determination]:
    """What the treaty was held to be in the course of time, when that changed."""
    rows = [
        row
        for row in dossier.determinations.all()
        if (row.on is None or row.on <= moment.on) and (not moment.known_at or row.recorded_at <= moment.known_at)
    ]
    return sorted(rows, key=lambda row: (row.on or date.min, row.recorded_at)) if len(rows) > 1 else []


def returns(now: Assessment) -> list[Return]:
    """Where the dossier went back, earliest first."""
    found = []
    for report in now.steps:
        for fact in report.facts:
            codes = report.step.reopened_by(fact.outcome)
            if codes:
                outcome = outcome_label(report.step, fact.outcome)
                what = f"{report.step.label}: {outcome}" if outcome else str(report.step.label)
                found.append((fact.moment, Return(str(fact.when), what, str(now.procedure.step(codes[0]).label))))
    return [view for _moment, view in sorted(found, key=lambda entry: entry[0])]


def can_requalify(procedure: Procedure) -> bool:
    """Whether the qualification decides which procedure the dossier follows."""
    return procedure.has(REQUALIFIED) or procedure.code == "mou"
