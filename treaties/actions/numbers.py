"""Numbers under which an instrument is known elsewhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from accounts.choices import Deed
from accounts.models import User, reads
from audit.actions import change
from audit.choices import Action
from treaties import number_checks
from treaties.actions.common import Save, changed, cleaned, lock, require, saving
from treaties.choices import UNIQUE_SCHEMES
from treaties.models import Identifier, Treaty
from treaties.number_checks import TAKEN

_LIMITS = {"value": 200, "url": 500, "note": 300, "source": 500}


@dataclass(frozen=True)
class Number:
    """An identifier to be kept: scheme (`choices.Scheme`), value, and what it is the number of.

    On the page of the numbers `pk` names the row it changes, and `gone` takes it away.
    """

    scheme: str
    value: str
    url: str = ""
    note: str = ""
    source: str = ""
    since: date | None = None
    pk: int | None = None
    gone: bool = False


def add_number(*, actor: User, treaty: Treaty, number: Number, reason: str) -> Identifier:
    """Keep one more number of the treaty; a number it already has is returned as it is."""
    require(actor, Deed.EDIT_RECORD)
    with change(actor, action=Action.TREATY_EDIT, reason=reason):
        row = lock(treaty)
        before = row.identifiers.count()
        identifier = _add_number(row, number)
        if row.identifiers.count() != before:
            changed(row)
    return identifier


def save_numbers(
    *,
    actor: User,
    treaty: Treaty,
    rows: Sequence[Number],
    version: int,
    reason: str,
    submission: UUID | None = None,
) -> Treaty:
    """Add, change and take away numbers of the treaty. Numbers that are not among `rows` stay as they are.

    Raises `Refused` with everything that is wrong, each naming its row; `Conflict` when the record moved on from
    `version`; `AlreadyDone` when this form was sent before.
    """
    args: dict[str, Any] = {"actor": actor, "treaty": treaty, "version": version, "reason": reason}
    with saving("numbers", action=Action.NUMBER_EDIT, submission=submission, **args) as save:
        present = {row.pk: row for row in save.treaty.identifiers.all()}
        rows = [replace(entry, value=number_checks.kept(save.treaty, entry.scheme, entry.value)) for entry in rows]
        _check(save, rows, present)
        save.check()
        for row in [present[entry.pk] for entry in rows if entry.pk and entry.gone]:
            save.remove(row)
        for place, entry in enumerate(rows):
            if entry.gone:
                continue
            row = present[entry.pk] if entry.pk else Identifier(treaty=save.treaty)
            values = {"scheme": entry.scheme, "since": entry.since, **cleaned(entry, _LIMITS)}
            save.write(row, values, place)
    return save.treaty


def _check(save: Save, rows: Sequence[Number], present: Mapping[int, Identifier]) -> None:
    save.known(rows, present)
    mentioned = {entry.pk for entry in rows}
    taken = {(row.scheme, row.value) for row in present.values() if row.pk not in mentioned}
    elsewhere = _elsewhere(save, rows)
    for place, entry in enumerate(rows):
        if entry.gone:
            continue
        save.texts(place, entry, _LIMITS, needed=("value",))
        save.address(place, entry.url, "url")
        key = (entry.scheme, entry.value)
        was = present.get(entry.pk) if entry.pk else None
        if (was is None or key != (was.scheme, was.value)) and (problem := number_checks.problem(save.treaty, *key)):
            save.refuse(place, "number_form", problem, field="value")
        if key in taken:
            save.refuse(place, "number_twice", _("The treaty has this number already."), field="value")
        if key in elsewhere:
            told = elsewhere[key]
            sentence = _("This is the number of %(reference)s.") % {"reference": told} if told else TAKEN
            save.refuse(place, "number_of_another", sentence, field="value")
        taken.add(key)


def _elsewhere(save: Save, rows: Sequence[Number]) -> dict[tuple[str, str], str]:
    """Numbers among `rows` that their scheme gave to another treaty, with its reference where the actor may know it."""
    values = [one.value for one in rows if one.scheme in UNIQUE_SCHEMES and one.value.isprintable()]
    found = Identifier.objects.filter(scheme__in=UNIQUE_SCHEMES, value__in=values).exclude(treaty=save.treaty)
    return {
        (one.scheme, one.value): one.treaty.reference
        if reads(save.actor, one.treaty.access, one.treaty.department_id)
        else ""
        for one in found.select_related("treaty")
    }


def _add_number(treaty: Treaty, number: Number) -> Identifier:
    value = number_checks.checked(treaty, number.scheme, number.value)
    if found := treaty.identifiers.filter(scheme=number.scheme, value=value).first():
        return found
    identifier = Identifier(
        treaty=treaty,
        scheme=number.scheme,
        value=value,
        url=number.url,
        note=number.note,
        since=number.since,
        source=number.source,
    )
    identifier.save(force_insert=True)
    return identifier
