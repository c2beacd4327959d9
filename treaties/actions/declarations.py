"""Reservations, declarations and objections (Vienna Convention, art. 19–23)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.choices import Action
from treaties.actions.common import Save, alone, cleaned, saving, surely_before
from treaties.choices import DeclarationKind
from treaties.dates import UNKNOWN, PartialDate
from treaties.models import Declaration, Party, Treaty

_LIMITS = {"text": 20_000, "article": 100, "source": 500}
_AS_GIVEN = ("kind", "party", "language", "objects_to")
_VCLT_20 = _("Vienna Convention on the Law of Treaties, art. 20 and 21")
_VCLT_22 = _("Vienna Convention on the Law of Treaties, art. 22")


@dataclass(frozen=True)
class DeclarationEntry:
    """What a party stated. `withdrawn`: since when it no longer holds; `gone`: it was never made, and is retracted."""

    kind: str
    party: Party | None
    language: str
    text: str
    when: PartialDate = UNKNOWN
    article: str = ""
    withdrawn: PartialDate = UNKNOWN
    objects_to: Declaration | None = None
    source: str = ""
    pk: int | None = None
    gone: bool = False


def record_declaration(
    *,
    actor: User,
    treaty: Treaty,
    entry: DeclarationEntry,
    version: int,
    reason: str,
    submission: UUID | None = None,
) -> Declaration:
    """Keep what a party stated. Raises `Refused`, `Conflict` and `AlreadyDone` as `save_declarations`."""
    with alone():
        save = _save(actor, treaty, [replace(entry, pk=None)], version, reason, submission)
    return save[0]


def correct_declaration(
    *,
    actor: User,
    declaration: Declaration,
    entry: DeclarationEntry,
    version: int,
    reason: str,
    submission: UUID | None = None,
) -> Declaration:
    """Tell it otherwise; what it said before stays readable in the history."""
    row = replace(entry, pk=declaration.pk)
    with alone():
        return _save(actor, declaration.treaty, [row], version, reason, submission)[0]


def withdraw_declaration(
    *, actor: User, declaration: Declaration, when: PartialDate, version: int, reason: str
) -> Declaration:
    """The party took it back on that day: it keeps its text, and holds no longer (art. 22)."""
    row = replace(entry_of(declaration), withdrawn=when)
    with alone():
        return _save(actor, declaration.treaty, [row], version, reason, None)[0]


def retract_declaration(*, actor: User, declaration: Declaration, version: int, reason: str) -> Declaration:
    """It turned out never to have been made; it stays readable in the history."""
    row = replace(entry_of(declaration), gone=True)
    with alone():
        return _save(actor, declaration.treaty, [row], version, reason, None)[0]


def save_declarations(
    *,
    actor: User,
    treaty: Treaty,
    rows: Sequence[DeclarationEntry],
    version: int,
    reason: str,
    submission: UUID | None = None,
) -> Treaty:
    """Record, correct, withdraw and retract in one save; those that are not among `rows` stay as they are.

    Raises `Refused` with everything that is wrong, each naming its row; `Conflict` when the record moved on from
    `version`; `AlreadyDone` when this form was sent before.
    """
    _save(actor, treaty, rows, version, reason, submission)
    return Treaty.objects.get(pk=treaty.pk)


def entry_of(row: Declaration) -> DeclarationEntry:
    """What is on record, as the actions take it."""
    names = (*_AS_GIVEN, *_LIMITS, "when", "withdrawn", "pk")
    return DeclarationEntry(**{name: getattr(row, name) for name in names})


def _save(
    actor: User,
    treaty: Treaty,
    rows: Sequence[DeclarationEntry],
    version: int,
    reason: str,
    submission: UUID | None,
) -> list[Declaration]:
    """The rows as they are on record afterwards, in the order given."""
    action = Action.DECLARATION_CORRECT if any(entry.pk for entry in rows) else Action.DECLARATION_RECORD
    args: dict[str, Any] = {"actor": actor, "treaty": treaty, "version": version, "reason": reason}
    written: list[Declaration] = []
    with saving("declarations", action=action, submission=submission, **args) as save:
        standing = save.treaty.declarations.filter(is_retracted=False).select_related("party")
        present = {row.pk: row for row in standing}
        _check(save, rows, present)
        save.check()
        for place, entry in enumerate(rows):
            row = present[entry.pk] if entry.pk else Declaration(treaty=save.treaty)
            if not entry.gone:
                save.write(row, _values(entry), place)
            elif entry.pk:
                save.write(row, {"is_retracted": True})
            written.append(row)
    return written


def _values(entry: DeclarationEntry) -> dict[str, Any]:
    return {
        **{name: getattr(entry, name) for name in _AS_GIVEN},
        "on": entry.when.on,
        "precision": entry.when.precision,
        "withdrawn_on": entry.withdrawn.on,
        "withdrawn_precision": entry.withdrawn.precision,
        **cleaned(entry, _LIMITS),
    }


def _check(save: Save, rows: Sequence[DeclarationEntry], present: Mapping[int, Declaration]) -> None:
    """Note everything that is wrong. An objection is judged by the reservation as this save leaves it."""
    save.known(rows, present)
    after = {pk: entry_of(row) for pk, row in present.items()}
    after |= {entry.pk: entry for entry in rows if entry.pk}
    objected = {
        one.objects_to.pk for one in [*after.values(), *rows] if one.objects_to and not one.gone and _is_objection(one)
    }
    for place, entry in enumerate(rows):
        if entry.pk in objected and (entry.gone or entry.kind != DeclarationKind.RESERVATION):
            sentence = _("There is an objection to it. Retract or change the objection first.")
            save.refuse(place, "objected_to", sentence, field="kind", law=_VCLT_20)
        if not entry.gone:
            _check_one(save, place, entry)
            _check_objection(save, place, entry, after)


def _is_objection(entry: DeclarationEntry) -> bool:
    return entry.kind == DeclarationKind.OBJECTION


def _check_one(save: Save, place: int, entry: DeclarationEntry) -> None:
    save.texts(place, entry, _LIMITS, needed=("text",))
    if entry.party is None:
        save.refuse(place, "party_missing", _("Say which party made it."), field="party")
    save.past(place, entry.when, "when")
    save.past(place, entry.withdrawn, "withdrawn")
    if surely_before(entry.withdrawn, entry.when):
        sentence = _("It cannot be withdrawn before it was made.")
        save.refuse(place, "withdrawn_before_made", sentence, field="withdrawn", law=_VCLT_22)


def _check_objection(save: Save, place: int, entry: DeclarationEntry, after: Mapping[int, DeclarationEntry]) -> None:
    """An objection is to a reservation that another party made to this treaty, and comes after it."""
    if not _is_objection(entry):
        if entry.objects_to is not None:
            save.refuse(place, "no_objection", _("Only an objection has this; leave it empty."), field="objects_to")
        return
    reservation = after.get(entry.objects_to.pk) if entry.objects_to else None
    if reservation is None or reservation.kind != DeclarationKind.RESERVATION:
        sentence = _("Say to which reservation to this treaty it objects.")
        save.refuse(place, "reservation_missing", sentence, field="objects_to", law=_VCLT_20)
        return
    if reservation.party == entry.party:
        sentence = _("A party does not object to its own reservation.")
        save.refuse(place, "own_reservation", sentence, field="party", law=_VCLT_20)
    if surely_before(entry.when, reservation.when):
        sentence = _("It cannot come before the reservation, which was made on %(date)s.")
        save.refuse(place, "before_reservation", sentence % {"date": reservation.when}, field="when", law=_VCLT_20)
