"""Who did what in a dossier, when and why: from the trail, in sentences."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.translation import gettext as _

from audit.choices import Action
from audit.models import Change
from workflow.choices import Consent
from workflow.models import Approval, Decision, Determination, Dossier, EntityRequirement, Event
from workflow.presentation.words import outcome_label
from workflow.procedures import step_of


@dataclass
class Entry:
    """One change: who, what in words, the details, and the reason somebody gave."""

    change: Change
    what: str
    details: list[str] = field(default_factory=list)
    reason: str = ""


def entries(dossier: Dossier) -> list[Entry]:
    """All changes of the dossier, newest first; a fixed number of queries."""
    told = _details(dossier)
    ids = set(told) | set(dossier.history.values_list("history_change", flat=True))
    changes = Change.objects.filter(pk__in=ids).order_by("-at")
    codes = _own_words(dossier)
    return [
        Entry(
            change,
            what=str(Action(change.action).label),
            details=told.get(change.pk, []),
            reason="" if change.reason in codes else change.reason,
        )
        for change in changes
        if change.action != Action.UPKEEP
    ]


def _own_words(dossier: Dossier) -> set[str]:
    """What the actions fill in as a reason where nobody gave one."""
    steps = {step.code for step in dossier.procedure.steps}
    return {*Action.values, *steps, *(f"consent.{outcome}" for outcome in Consent.values)}


def _details(dossier: Dossier) -> dict[UUID, list[str]]:
    told: dict[UUID, list[str]] = {}
    for key, sentence in (
        *_of_events(dossier),
        *_of_requests(dossier),
        *_of_entities(dossier),
        *_of_determinations(dossier),
    ):
        told.setdefault(key, []).append(sentence)
    return told


def _of_events(dossier: Dossier) -> Iterable[tuple[UUID, str]]:
    for event in Event.objects.filter(dossier=dossier, decision__isnull=True).select_related("entity"):
        step = step_of(dossier.procedure, event.step)
        if event.is_void:
            yield event.change_id, _("“%(step)s” was taken back") % {"step": step.label}
            continue
        words = [str(event.when), outcome_label(step, event.outcome), event.entity.name if event.entity else ""]
        yield event.change_id, f"{step.label}: {', '.join(filter(None, words))}"


def _of_requests(dossier: Dossier) -> Iterable[tuple[UUID, str]]:
    for approval in Approval.objects.filter(dossier=dossier):
        label = step_of(dossier.procedure, approval.step).label
        yield approval.change_id, _("%(step)s, request %(n)d") % {"step": label, "n": approval.attempt}
    for decision in Decision.objects.filter(approval__dossier=dossier).select_related("approval"):
        label = step_of(dossier.procedure, decision.approval.step).label
        yield decision.change_id, f"{label}: {decision.get_outcome_display()}"


def _of_entities(dossier: Dossier) -> Iterable[tuple[UUID, str]]:
    for row in EntityRequirement.objects.filter(dossier=dossier).select_related("entity"):
        said = _("%(entity)s is required") if row.is_required else _("%(entity)s is no longer required")
        yield row.change_id, said % {"entity": row.entity.name}


def _of_determinations(dossier: Dossier) -> Iterable[tuple[UUID, str]]:
    """What the treaty was held to be, after the first time."""
    for row in Determination.objects.filter(dossier=dossier).order_by("recorded_at", "pk")[1:]:
        yield row.change_id, _("held to be %(qualification)s") % {"qualification": row.get_qualification_display()}
