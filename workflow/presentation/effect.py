"""What a version of a procedure that is being prepared would change for the dossiers that run, in words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import Person
from treaties.choices import Actor, Stage
from workflow import queries
from workflow.choices import StepState
from workflow.held import held
from workflow.models import Dossier
from workflow.procedures import step_of
from workflow.procedures.language import Procedure, Step
from workflow.versions import Effect, StateChange, compare


@dataclass(frozen=True)
class EffectView:
    """One dossier, the version it follows, and each difference as a sentence; none where nothing would change."""

    dossier: Dossier
    version: int
    sentences: Sequence[str]


def visible(person: Person) -> QuerySet[Dossier]:
    return Dossier.objects.visible_to(person)


def effects(procedure: Procedure, dossiers: QuerySet[Dossier], on: date) -> Iterator[EffectView]:
    """For each open dossier that follows another version of `procedure`, what this one would change."""
    code = procedure.code
    theirs = Q(procedure_code=code) | Q(pk__in=Dossier.objects.filter(determinations__procedure_code=code))
    for dossier in queries.with_procedure(dossiers.exclude(stage=Stage.DONE).filter(theirs).order_by("pk")):
        what = held(dossier, on)
        if what.procedure.code == code and what.procedure.version != procedure.version:
            effect = compare(queries.assess_held(what, on), queries.assess_held(what, on, procedure))
            yield EffectView(dossier, what.procedure.version, in_words(effect, what.procedure))


def in_words(effect: Effect, followed: Procedure) -> list[str]:
    """Each difference as a sentence, in the reader's language."""
    found: list[str] = []
    if effect.stage:
        found.append(_("Stage: %(before)s → %(after)s") % _pair(*(Stage(one).label for one in effect.stage)))
    if effect.next_step:
        found.append(_("Next step: %(before)s → %(after)s") % _pair(*(_step(one) for one in effect.next_step)))
    if effect.awaited:
        found.append(_("Awaited: %(before)s → %(after)s") % _pair(*(_actor(one) for one in effect.awaited)))
    found += [_state(change) for change in effect.states]
    found += [
        _("Recorded on %(date)s, and without a place: “%(step)s”")
        % {"date": fact.when, "step": step_of(followed, fact.step).label}
        for fact in effect.lost
    ]
    return found


def _state(change: StateChange) -> str:
    label = {"step": change.step.label}
    if change.before is None and change.after:
        return _("“%(step)s” is new: %(after)s") % {**label, "after": StepState(change.after).label}
    if change.after is None and change.before:
        return _("“%(step)s” disappears (now: %(before)s)") % {**label, "before": StepState(change.before).label}
    states = _pair(*(StepState(state).label for state in (change.before, change.after) if state))
    return _("“%(step)s”: %(before)s → %(after)s") % {**label, **states}


def _pair(before: object, after: object) -> dict[str, object]:
    return {"before": before, "after": after}


def _step(step: Step | None) -> str:
    return f"“{step.label}”" if step else _("nothing any more")


def _actor(actor: Actor | None) -> str:
    return str(Actor(actor).label) if actor else _("nobody")
