"""Recording and correcting what happened."""

from dataclasses import asdict, dataclass, replace
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from accounts.choices import Deed
from accounts.models import User
from audit.actions import change
from audit.choices import Action
from audit.refusals import Blocker, Conflict, Refused
from treaties.actions import add_document, retract_act, stated
from treaties.choices import DocumentKind, Language
from treaties.files import checked
from treaties.models import Document
from workflow import guards, held, recording
from workflow.actions.common import first_fit, label, refuse
from workflow.guards import Happening
from workflow.models import Dossier, Event
from workflow.procedures.moves import REQUALIFIED


@dataclass(frozen=True)
class Paper:
    """A file that comes with an event."""

    kind: DocumentKind
    language: Language
    title: str
    filename: str
    content: bytes
    # Of an advice or a translation: the version it was given on.
    about: Document | None = None


def record_event(
    *,
    actor: User,
    dossier: Dossier,
    happening: Happening,
    paper: Paper | None = None,
    despite_reason: str = "",
    submission: UUID | None = None,
) -> Event:
    """Record what happened, with its act in the record, its number and, where given, a paper.

    Raises `Refused` with every blocker: always for what is invalid; for what came out of order
    unless `despite_reason` says why it is recorded all the same.
    """
    if paper:
        refuse(guards.not_allowed(actor, Deed.RECORD_EVENT))
        # Before the change: what a virus scanner finds stays in the trail, though nothing else is written.
        checked(paper.filename, paper.content, actor=actor)
    why = first_fit(happening.note, happening.source) or str(label(dossier, happening.step))
    with change(actor, action=Action.EVENT_RECORD, reason=why, submission=submission) as row:
        locked = recording.lock(dossier)
        recording.lock_treaties(locked)
        despite = _checked(actor, locked, happening, despite_reason)
        if paper and (happening.embargo_until or locked.events.embargoed().exists()):
            # That a paper came on file shows outside: the day of the last change.
            sentence = _("Under an embargo a paper is added to the record after the release.")
            raise Refused([Blocker("paper_under_embargo", sentence, field="file")])
        if paper:
            treaty = happening.treaty or locked.treaty
            document = add_document(actor=actor, treaty=treaty, reason=row.reason, **_of(paper))
            happening = replace(happening, documents=[*happening.documents, document])
        event = recording.write_event(row, locked, happening, despite, despite_reason)
        recording.recompute_copies(locked)
    return event


def correct_event(
    *,
    actor: User,
    event: Event,
    happening: Happening | None,
    reason: str,
    despite_reason: str = "",
    submission: UUID | None = None,
) -> Event:
    """Supersede `event` by what really happened, or take it back when `happening` is None.

    The earlier event stays readable. A decision on a gate cannot be corrected here: it is asked again.
    """
    refuse(guards.not_allowed(actor, Deed.RECORD_EVENT))
    if not reason.strip():
        raise Refused([Blocker("reason_missing", _("Say what was wrong."), field="reason")])
    reason = stated(reason)
    with change(actor, action=Action.EVENT_CORRECT, reason=reason, submission=submission) as row:
        dossier = recording.lock(event.dossier)
        recording.lock_treaties(dossier)
        _still_stands(event)
        _not_untold(event, happening)
        for act in event.acts.all():
            retract_act(actor=actor, act=act, reason=reason, by_keeper=True)
        # Judged as if the mistaken event had never been recorded.
        dossier.standing_events = [one for one in held.standing_events(dossier) if one.pk != event.pk]
        if happening is None:
            mended = recording.take_back(row, event, reason)
        else:
            despite = _checked(actor, dossier, happening, despite_reason)
            mended = recording.write_event(row, dossier, happening, despite, despite_reason, supersedes=event)
        recording.recompute_copies(dossier)
    return mended


def _of(paper: Paper) -> dict[str, Any]:
    # asdict would copy the document too.
    return {**asdict(replace(paper, about=None)), "about": paper.about}


def _checked(actor: User, dossier: Dossier, happening: Happening, despite_reason: str) -> list[Blocker]:
    """The blockers it is recorded despite; raises `Refused` with everything when it cannot be."""
    invalid = guards.invalid(actor, dossier, happening)
    if invalid and invalid[0].code == "unknown_step":
        raise Refused(invalid)
    early = guards.out_of_order(dossier, happening)
    if invalid or (early and not despite_reason.strip()):
        raise Refused(invalid + early)
    return early


def _not_untold(event: Event, happening: Happening | None) -> None:
    """What was told is not untold: only an event that is under embargo can stay so when it is corrected."""
    is_told = event.embargo_until is None or hasattr(event, "release")
    if happening and happening.embargo_until and is_told:
        sentence = _("What was told already cannot come under an embargo: correct it without one.")
        raise Refused([Blocker("told_already", sentence, field="embargo_until")])


def _still_stands(event: Event) -> None:
    if Event.objects.filter(supersedes=event).exists():
        raise Conflict(_("Somebody else has already corrected this. Look at the dossier as it stands now."))
    if event.is_void:
        sentence = _("This only took something back; record what happened instead.")
        raise Refused([Blocker("takes_back", sentence)])
    if event.step == REQUALIFIED:
        sentence = _("Say what the treaty is now held to be, on the page that changes the qualification.")
        raise Refused([Blocker("requalify", sentence)])
    if event.decision_id:
        sentence = _("A decision of the Government cannot be corrected here; ask for the consent again.")
        raise Refused([Blocker("decision_stands", sentence)])
