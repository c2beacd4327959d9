"""What the page of a treaty shows of its procedure: the stages to everybody, the dossiers to who may see them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import template
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.choices import Deed
from accounts.models import Person, may
from treaties.choices import Stage
from treaties.dates import PartialDate
from treaties.models import Treaty
from workflow.choices import KEPT_APART, StepState, Track
from workflow.engine import Assessment, StageReport
from workflow.held import held
from workflow.models import Decision, Dossier
from workflow.presentation import words
from workflow.presentation.entities import names
from workflow.presentation.words import DeadlineView, running
from workflow.queries import assess_held, assessment, told_until, transcribed, with_procedure
from workflow.queries import dossiers_of as of_treaty
from workflow.waiting import Waiting, why

register = template.Library()


@dataclass(frozen=True)
class StageView:
    """One stage as `_stage_line.html` draws it."""

    label: str
    state: str
    sub: str


@register.simple_tag
def procedure_stages(treaty: Treaty) -> list[StageView]:
    """The stages of the newest dossier of `treaty` that is not kept apart, with their dates; none without one.

    Give it only a treaty the reader may see. Nothing else of the dossier is public.
    """
    newest = with_procedure(of_treaty(treaty).exclude(access__in=KEPT_APART)).order_by("-opened_at", "-pk").first()
    if newest is None:
        return []
    now = assessment(newest, known_at=told_until(newest))
    return [_stage(report, now) for report in now.stages]


@register.simple_tag
def dossiers_of(treaty: Treaty, person: Person) -> list[Dossier]:
    """The dossiers of `treaty` that `person` may open, newest first."""
    return list(of_treaty(treaty).visible_to(person).order_by("-opened_at", "-pk"))


@dataclass(frozen=True)
class WaitingView:
    """Why a dossier waits, and its nearest term, as a list says it."""

    dossier: Dossier
    why: Waiting
    deadlines: list[DeadlineView]


@register.simple_tag
def waiting_of(rows: Iterable[Any], person: Person) -> dict[int, WaitingView]:
    """By treaty: what its newest dossier that `person` may open waits for. A fixed number of queries.

    `rows` are those of a list of treaties. Nothing for who may not see dossiers, and of what is completed.
    """
    if not may(person, Deed.READ_INTERNAL):
        return {}
    treaties = [row.treaty.pk for row in rows]
    found: dict[int, WaitingView] = {}
    for dossier in with_procedure(Dossier.objects.visible_to(person).filter(treaty__in=treaties)).order_by("pk"):
        what = held(dossier)
        now = assess_held(what, timezone.localdate())
        found[dossier.treaty_id] = WaitingView(dossier, why(now, names(what)), running(now))
    return {key: view for key, view in found.items() if view.dossier.stage != Stage.DONE}


@register.filter
def of(found: dict[int, WaitingView], treaty: Treaty) -> WaitingView | None:
    """What `waiting_of` found for a treaty."""
    return found.get(treaty.pk)


@register.simple_tag
def transcribed_acts(treaty: Treaty) -> set[int]:
    """The acts of `treaty` that were put together from public sources: their notes are for every reader.

    A note in a dossier that is followed as it happens is for the people who work on it.
    """
    return set(transcribed().filter(act__treaty=treaty).values_list("act_id", flat=True))


def _stage(report: StageReport, now: Assessment) -> StageView:
    label = capfirst(str(report.stage.label))
    reports = [one for one in now.steps if one.step.stage == report.stage and one.step.track == Track.MAIN]
    dates = [fact.when for one in reports for fact in one.facts if _is_past(fact.when, now.on)]
    if dates:
        # As precise as it is known, which the assessment does not keep.
        return StageView(label, report.state, str(max(dates)))
    if report.state == "done" and reports and all(one.state == StepState.NOT_NEEDED for one in reports):
        return StageView(label, "skipped", "")
    return StageView(label, report.state, _("no date in the register") if report.state == "done" else "")


def _is_past(when: PartialDate, today: date) -> bool:
    return when.on is not None and when.on <= today


@register.filter
def decider(decision: Decision) -> str:
    """Who recorded the decision; by delegation for whom too."""
    return words.decider(decision)
