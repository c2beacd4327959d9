"""Writes plans into the register: through the actions people use, as one change, all of it or nothing."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from django.db import transaction

from accounts.models import User
from audit.actions import change
from audit.choices import Action
from imports.decrees import words
from imports.decrees.planning import ActFact, EventFact, Plan
from treaties import search
from treaties.actions import add_number, record_act, register_treaty
from treaties.dates import PartialDate
from treaties.models import Party, Treaty
from workflow.actions import Finding, open_dossier, record_event, require_entity
from workflow.choices import Origin
from workflow.guards import Happening
from workflow.loading.reading import one_at_a_time
from workflow.models import Dossier


def write(actor: User, plans: Sequence[Plan], reason: str, told: Callable[[int], None]) -> None:
    """Do what the plans say; each then knows its treaty. `told` hears how many are done.

    Raises `Refused` with every reason of the first thing that cannot be written; then nothing was.
    """
    todo = [plan for plan in plans if plan.writes]
    if not todo:
        return
    with search.refreshed_at_the_end(), transaction.atomic():
        one_at_a_time()
        parties = {party.code: party for party in Party.objects.all()}
        with change(actor, action=Action.IMPORT_CONFIRM, reason=reason):
            for done, plan in enumerate(todo, start=1):
                _write(actor, plan, reason, parties)
                told(done)


def _write(actor: User, plan: Plan, reason: str, parties: Mapping[str, Party]) -> None:
    if plan.record:
        plan.treaty = register_treaty(actor=actor, record=plan.record, reason=reason)
    treaty = plan.treaty
    assert treaty is not None  # noqa: S101 (a plan without a treaty has a record)
    for number in plan.numbers:
        add_number(actor=actor, treaty=treaty, number=number, reason=reason)
    for fact in plan.acts:
        _write_act(actor, treaty, fact, reason, parties)
    if plan.opens:
        plan.dossier = open_dossier(
            actor=actor, treaty=treaty, procedure=plan.opens, reason=reason, origin=Origin.RECONSTRUCTED
        )
    if plan.dossier:
        _write_course(actor, plan.dossier, treaty, plan, parties)


def _write_act(actor: User, treaty: Treaty, fact: ActFact, reason: str, parties: Mapping[str, Party]) -> None:
    record_act(
        actor=actor,
        treaty=treaty,
        kind=fact.kind,
        when=PartialDate(fact.on),
        party=parties[fact.party] if fact.party else None,
        place=fact.place,
        number=fact.number,
        note=fact.note,
        source=fact.source,
        reason=reason,
    )


def _write_course(actor: User, dossier: Dossier, treaty: Treaty, plan: Plan, parties: Mapping[str, Party]) -> None:
    for entity in plan.entities:
        require_entity(
            actor=actor,
            dossier=dossier,
            entity=parties[entity.entity],
            acts=entity.acts,
            reason=words.REQUIRED,
            finding=Finding(source=entity.source),
        )
    for happening in _happenings(plan.events, treaty, parties):
        record_event(actor=actor, dossier=dossier, happening=happening, despite_reason=words.DESPITE)


def _happenings(events: Iterable[EventFact], treaty: Treaty, parties: Mapping[str, Party]) -> Iterable[Happening]:
    for event in events:
        yield Happening(
            step=event.step,
            when=PartialDate(event.on),
            outcome=event.outcome,
            entity=parties[event.entity] if event.entity else None,
            treaty=treaty if event.of_this_treaty else None,
            place=event.place,
            number=event.number,
            note=event.note,
            source=event.source,
        )
