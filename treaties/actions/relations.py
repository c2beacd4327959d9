"""How an instrument hangs together with others, in the register or outside it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.choices import Deed
from accounts.models import User
from audit.actions import change
from audit.choices import Action
from audit.refusals import Blocker, Refused
from treaties.actions.common import Save, changed, cleaned, lock, require, saving
from treaties.choices import RelationKind
from treaties.dates import UNKNOWN, PartialDate
from treaties.models import Relation, Treaty
from treaties.texts import clean

_LIMITS = {"outside": 500, "address": 500, "article": 100, "note": 500, "source": 500}
# The permanent reference, also where somebody pasted the address of the page.
_REFERENCE = re.compile(r"(?:.*/treaties/)?([A-Za-z0-9-]{1,12})/?$")


@dataclass(frozen=True)
class RelationEntry:
    """ "This treaty <kind> …": `other`, by its reference, or `outside`, what is not in the register."""

    kind: str
    other: str = ""
    outside: str = ""
    address: str = ""
    article: str = ""
    when: PartialDate = UNKNOWN
    note: str = ""
    source: str = ""
    pk: int | None = None
    gone: bool = False


def relate(
    *, actor: User, treaty: Treaty, kind: RelationKind, other: Treaty, note: str = "", source: str = "", reason: str
) -> Relation:
    """ "`treaty` <kind> `other`"; saying the same twice changes nothing."""
    require(actor, Deed.EDIT_RECORD)
    if treaty.pk == other.pk:
        raise Refused([Blocker("relates_to_itself", _("A treaty cannot be related to itself."), field="other")])
    with change(actor, action=Action.TREATY_RELATE, reason=reason):
        lock(treaty)
        found = Relation.objects.filter(treaty=treaty, kind=kind, other=other).first()
        relation = found or Relation(
            treaty=treaty, kind=kind, other=other, note=clean(note, limit=500), source=clean(source, limit=500)
        )
        if not found:
            relation.save(force_insert=True)
            changed(treaty)
    return relation


def reference_of(text: str) -> str:
    """The reference that `text` names, also as the address of a page; empty when it cannot be one."""
    found = _REFERENCE.match(text.strip())
    return found[1].upper() if found else ""


def save_relations(
    *,
    actor: User,
    treaty: Treaty,
    rows: Sequence[RelationEntry],
    version: int,
    reason: str,
    submission: UUID | None = None,
) -> Treaty:
    """Add, change and take away what the treaty itself is related to; rows that are not given stay as they are.

    Raises `Refused`, `Conflict` and `AlreadyDone` as `save_numbers`. What the actor may not know of is unknown.
    """
    args: dict[str, Any] = {"actor": actor, "treaty": treaty, "version": version, "reason": reason}
    with saving("relations", action=Action.TREATY_RELATE, submission=submission, **args) as save:
        visible = Q(other=None) | Q(other__in=Treaty.objects.visible_to(actor))
        present = {row.pk: row for row in save.treaty.relations.filter(visible)}
        references = {reference_of(entry.other) for entry in rows}
        known = Treaty.objects.visible_to(actor).filter(reference__in=references)
        others = {one.reference: one for one in known}
        _check(save, rows, present, others)
        save.check()
        for row in [present[entry.pk] for entry in rows if entry.pk and entry.gone]:
            save.remove(row)
        for place, entry in enumerate(rows):
            if not entry.gone:
                row = present[entry.pk] if entry.pk else Relation(treaty=save.treaty)
                save.write(row, _values(entry, others), place)
    return save.treaty


def _values(entry: RelationEntry, others: Mapping[str, Treaty]) -> dict[str, Any]:
    return {
        "kind": entry.kind,
        "other": others.get(reference_of(entry.other)),
        "on": entry.when.on,
        "precision": entry.when.precision,
        **cleaned(entry, _LIMITS),
    }


def _check(
    save: Save, rows: Sequence[RelationEntry], present: Mapping[int, Relation], others: Mapping[str, Treaty]
) -> None:
    save.known(rows, present)
    mentioned = {entry.pk for entry in rows}
    taken: set[tuple[str, object]] = {
        (row.kind, row.other_id or row.outside) for row in present.values() if row.pk not in mentioned
    }
    for place, entry in enumerate(rows):
        if entry.gone:
            continue
        save.texts(place, entry, _LIMITS)
        save.address(place, entry.address, "address")
        other = others.get(reference_of(entry.other))
        _check_other(save, place, entry, other)
        key = (entry.kind, other.pk if other else entry.outside.strip())
        if key in taken:
            field = "other" if other else "outside"
            save.refuse(place, "relation_twice", _("This relation is on the list already."), field=field)
        if key[1]:
            taken.add(key)


def _check_other(save: Save, place: int, entry: RelationEntry, other: Treaty | None) -> None:
    """To one thing: a treaty of the register that is not this one, or an instrument outside it."""
    if entry.other.strip() and entry.outside.strip():
        sentence = _("Give the reference of a treaty or the name of another instrument: one of the two.")
        save.refuse(place, "two_others", sentence, field="outside")
    elif entry.other.strip() and other is None:
        sentence = _("There is no treaty with the reference “%(reference)s” in the register.")
        save.refuse(place, "unknown_treaty", sentence % {"reference": entry.other.strip()[:60]}, field="other")
    elif other is not None and other.pk == save.treaty.pk:
        save.refuse(place, "relates_to_itself", _("A treaty cannot be related to itself."), field="other")
    elif other is None and not entry.outside.strip():
        sentence = _("Give the reference of the other treaty, or name the instrument outside the register.")
        save.refuse(place, "other_missing", sentence, field="other")
