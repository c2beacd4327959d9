"""How an event, its act, a decision and the copies on a dossier are written.

Called by the actions only, inside their change and after their checks: nothing here judges.
"""

from datetime import date, datetime

from audit.models import Change
from audit.refusals import Blocker
from treaties import number_checks, search
from treaties.actions import Number, add_number, record_act
from treaties.choices import Qualification
from treaties.dates import PartialDate
from treaties.models import Act, Treaty
from treaties.texts import clean
from workflow import queries
from workflow.choices import PASSES, Authority, Consent
from workflow.guards import Happening
from workflow.models import (
    Approval,
    Decision,
    Delegation,
    Determination,
    Dossier,
    Event,
    EventAct,
    EventDocument,
    EventRelease,
)
from workflow.procedures.language import Step


def lock(dossier: Dossier) -> Dossier:
    """The row, held until the end of the transaction: first in the lock order."""
    # The treaty is read after it: one that came with the locked row would be as it was before the wait.
    return Dossier.objects.select_for_update().get(pk=dossier.pk)


def lock_treaties(dossier: Dossier) -> None:
    """The rows of its treaties, by their keys, held until the end of the transaction: second in the lock order."""
    keys = [treaty.pk for treaty in dossier.treaties]
    list(Treaty.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))


def write_event(
    row: Change,
    dossier: Dossier,
    happening: Happening,
    despite: list[Blocker],
    despite_reason: str,
    *,
    supersedes: Event | None = None,
    decision: Decision | None = None,
) -> Event:
    step = dossier.procedure.step(happening.step)
    event = Event(
        dossier=dossier,
        step=step.code,
        outcome=happening.outcome,
        on=happening.when.on,
        precision=happening.when.precision,
        entity=happening.entity,
        place=clean(happening.place, field="place", limit=200),
        number=clean(happening.number, field="number", limit=200),
        note=clean(happening.note, field="note", limit=4_000),
        source=clean(happening.source, field="source", limit=500),
        despite=[blocker.code for blocker in despite],
        despite_reason=clean(despite_reason, field="despite_reason", limit=4_000) if despite else "",
        supersedes=supersedes,
        treaty=happening.treaty,
        body=happening.body,
        until=happening.until,
        embargo_until=_embargo(dossier, happening, supersedes),
        decision=decision,
        recorded_by=row.actor,
        change=row,
    )
    event.save(force_insert=True)
    for document in happening.documents:
        EventDocument(event=event, document=document).save(force_insert=True)
    if event.embargo_until is None:
        leave(row, event, step, happening)
    else:
        _judge_number(dossier, step, happening)
    return event


def _judge_number(dossier: Dossier, step: Step, happening: Happening) -> None:
    """A number that the record would refuse at the release is refused now, beside its field."""
    if step.number and happening.number.strip():
        for treaty in concerned(dossier, happening):
            number_checks.checked(treaty, step.number, happening.number)


def _embargo(dossier: Dossier, happening: Happening, supersedes: Event | None) -> datetime | None:
    """Until when nothing of an event is told outside: until the moment that was asked, or that of what came before.

    While something in a dossier is under embargo, what is recorded after it waits as long: it would tell of it. The
    correction of what everybody knows is known at once.
    """
    if supersedes is not None and (supersedes.embargo_until is None or hasattr(supersedes, "release")):
        return None
    others = [event for event in dossier.events.embargoed() if supersedes is None or event.pk != supersedes.pk]
    running = [event.embargo_until for event in others if event.embargo_until]
    asked = [happening.embargo_until] if happening.embargo_until else []
    return max([*running, *asked], default=None)


def leave(row: Change, event: Event, step: Step, happening: Happening) -> None:
    """What an event leaves in the record: its acts, and its number."""
    for act in _write_acts(row, event.dossier, step, happening):
        EventAct(event=event, act=act).save(force_insert=True)
    if step.number and happening.number.strip():
        number = Number(scheme=step.number, value=happening.number, note=str(step.label.nl), source=happening.source)
        for treaty in concerned(event.dossier, happening):
            add_number(actor=row.actor, treaty=treaty, number=number, reason=row.reason)


def end_embargo(row: Change, event: Event) -> EventRelease:
    """The event is told from now on: what it leaves in the record is written."""
    release = EventRelease(event=event, by=row.actor, change=row)
    release.save(force_insert=True)
    happening = Happening(
        step=event.step,
        when=event.when,
        outcome=event.outcome,
        entity=event.entity,
        treaty=event.treaty,
        place=event.place,
        number=event.number,
        note=event.note,
        source=event.source,
    )
    leave(row, event, event.definition, happening)
    return release


def concerned(dossier: Dossier, happening: Happening) -> list[Treaty]:
    """The treaties an event tells of: the one it names, or all of the package."""
    return [happening.treaty] if happening.treaty else dossier.treaties


def _write_acts(row: Change, dossier: Dossier, step: Step, happening: Happening) -> list[Act]:
    """The dated acts that the step leaves in the record; none for a refusal, a rejection or a stage before the act."""
    kind = step.leaves_after(happening.outcome)
    if kind is None or (step.gate and happening.outcome not in PASSES):
        return []
    return [
        record_act(
            actor=row.actor,
            treaty=treaty,
            kind=kind,
            when=happening.when,
            party=happening.entity,
            place=happening.place,
            number=happening.number,
            note=happening.note,
            source=happening.source,
            reason=row.reason,
        )
        for treaty in concerned(dossier, happening)
    ]


def write_determination(
    row: Change,
    dossier: Dossier,
    qualification: Qualification,
    when: PartialDate,
    determined_by: Authority,
    *,
    reason: str,
    source: str = "",
) -> Determination:
    """What the treaty is held to be from now on; the dossier's own row says which procedure follows from it."""
    determination = Determination(
        dossier=dossier,
        procedure_code=dossier.procedure_code,
        procedure_version=dossier.procedure_version,
        qualification=qualification,
        on=when.on,
        precision=when.precision,
        determined_by=determined_by,
        reason=clean(reason, field="reason", limit=500),
        source=clean(source, field="source", limit=500),
        recorded_by=row.actor,
        change=row,
    )
    determination.save(force_insert=True)
    return determination


def take_back(row: Change, event: Event, reason: str) -> Event:
    void = Event(
        dossier=event.dossier,
        step=event.step,
        on=event.on,
        precision=event.precision,
        note=clean(reason, field="reason", limit=4_000),
        supersedes=event,
        is_void=True,
        recorded_by=row.actor,
        change=row,
    )
    void.save(force_insert=True)
    return void


def write_decision(
    row: Change,
    request: Approval,
    outcome: Consent,
    decided_on: date,
    number: str,
    reason: str,
    delegation: Delegation | None = None,
) -> Decision:
    sheet = queries.review_sheet(request)
    decision = Decision(
        approval=request,
        outcome=outcome,
        decided_on=decided_on,
        number=clean(number, field="number", limit=200),
        reason=reason,
        asked_by=request.asked_by,
        decided_by=row.actor,
        delegation=delegation,
        decided_for=delegation.absent if delegation else None,
        seen=sheet,
        seen_sha256=queries.digest(sheet),
        change=row,
    )
    decision.save(force_insert=True)
    happening = Happening(
        step=request.step,
        when=PartialDate(decided_on),
        outcome=outcome,
        number=number,
        note=reason,
    )
    write_event(row, request.dossier, happening, [], "", decision=decision)
    return decision


def recompute_copies(dossier: Dossier) -> bool:
    """Write the copies for lists (stage, who is awaited, next deadline) where they differ."""
    queries.forget(dossier)
    copies = queries.copies(dossier)
    differs = any(getattr(dossier, name) != value for name, value in copies.items())
    for name, value in copies.items():
        setattr(dossier, name, value)
    dossier.version += 1
    dossier.save()
    stage, awaited = queries.told(dossier)
    for treaty in dossier.treaties:
        if not queries.dossiers_of(treaty).filter(pk__gt=dossier.pk).exists():
            search.tell_stage(treaty, stage, awaited)
    return differs
