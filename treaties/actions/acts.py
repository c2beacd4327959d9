"""Dated acts: what was done to the instrument, by whom, with what effect."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.choices import Action
from audit.refusals import Conflict
from treaties.actions.common import Save, alone, cleaned, saving, surely_before
from treaties.choices import ActKind
from treaties.dates import UNKNOWN, PartialDate
from treaties.keepers import kept
from treaties.models import Act, Document, Party, Treaty

# What may be on record before its day: it was announced.
ANNOUNCED = frozenset(
    {
        ActKind.PROVISIONAL_APPLICATION,
        ActKind.PROVISIONAL_END,
        ActKind.ENTRY_INTO_FORCE,
        ActKind.EFFECT,
        ActKind.SUSPENSION,
        ActKind.SUSPENSION_END,
        ActKind.EXPIRY,
        ActKind.REPLACEMENT,
        ActKind.END,
    }
)
# What ends something, and what it ends.
_STARTS: Mapping[ActKind, tuple[ActKind, ...]] = {
    ActKind.PROVISIONAL_END: (ActKind.PROVISIONAL_APPLICATION,),
    ActKind.SUSPENSION_END: (ActKind.SUSPENSION,),
    ActKind.EXPIRY: (ActKind.ENTRY_INTO_FORCE, ActKind.EFFECT),
    ActKind.REPLACEMENT: (ActKind.ENTRY_INTO_FORCE, ActKind.EFFECT),
    ActKind.END: (ActKind.ENTRY_INTO_FORCE, ActKind.EFFECT),
}
# Only a signature has these; the articles of the Vienna Convention they rest on.
_OF_A_SIGNATURE: Mapping[str, object] = {
    "manner": _("Vienna Convention on the Law of Treaties, art. 10, 12 and 14"),
    "signatory": _("Vienna Convention on the Law of Treaties, art. 7"),
    "capacity": _("Vienna Convention on the Law of Treaties, art. 7"),
    "full_powers": _("Vienna Convention on the Law of Treaties, art. 7 and 8"),
}
_VCLT_56 = _("Vienna Convention on the Law of Treaties, art. 56 and 65")
_LIMITS = {
    "place": 200,
    "signatory": 300,
    "capacity": 300,
    "scope": 500,
    "number": 200,
    "page": 60,
    "address": 500,
    "note": 4_000,
    "source": 500,
}
_AS_GIVEN = ("kind", "party", "manner", "full_powers", "territory", "document")


@dataclass(frozen=True)
class ActEntry:
    """An act as a person tells it. Without a party it holds for the instrument as a whole.

    `effect`: the day it takes effect, where that is another; `territory`, `scope`: for which part, empty for all.
    """

    kind: str
    when: PartialDate = UNKNOWN
    party: Party | None = None
    place: str = ""
    effect: PartialDate = UNKNOWN
    manner: str = ""
    signatory: str = ""
    capacity: str = ""
    full_powers: str = ""
    territory: Party | None = None
    scope: str = ""
    number: str = ""
    page: str = ""
    address: str = ""
    document: Document | None = None
    note: str = ""
    source: str = ""
    pk: int | None = None
    gone: bool = False


def record_act(
    *,
    actor: User,
    treaty: Treaty,
    kind: ActKind,
    when: PartialDate = UNKNOWN,
    reason: str,
    version: int | None = None,
    submission: UUID | None = None,
    **told: Any,
) -> Act:
    """A dated act of the instrument, or of one party to it. `told`: the other values of `ActEntry`.

    `version` is the one the person saw; None for who holds another lock, as a dossier does, or loads a file.
    Raises `Refused` with everything that is wrong, `Conflict` and `AlreadyDone`.
    """
    entry = ActEntry(kind=kind, when=when, **told)
    args: dict[str, Any] = {"actor": actor, "treaty": treaty, "version": version, "reason": reason}
    with alone(), saving("acts", action=Action.ACT_RECORD, submission=submission, **args) as save:
        _check(save, [entry], {}, others=())
        save.check()
        act = Act(treaty=save.treaty)
        save.write(act, _values(entry), 0)
    return act


def correct_act(
    *, actor: User, act: Act, entry: ActEntry, version: int, reason: str, submission: UUID | None = None
) -> Act:
    """Tell an act otherwise. Refuses one that a dossier left: that is corrected there."""
    row = replace(entry, pk=act.pk)
    with alone():
        save_acts(actor=actor, treaty=act.treaty, rows=[row], version=version, reason=reason, submission=submission)
    return Act.objects.get(pk=act.pk)


def retract_act(
    *,
    actor: User,
    act: Act,
    reason: str,
    version: int | None = None,
    by_keeper: bool = False,
    submission: UUID | None = None,
) -> Act:
    """The act turned out not to have happened, or to be told wrong; it stays readable in the history.

    `by_keeper` is for the dossier that left it, and for it alone. Raises `Conflict` for one retracted meanwhile.
    """
    args: dict[str, Any] = {"actor": actor, "treaty": act.treaty, "version": version, "reason": reason}
    with alone(), saving("acts", action=Action.ACT_CORRECT, submission=submission, **args) as save:
        row = Act.objects.select_for_update(of=("self",)).get(pk=act.pk)
        if row.is_retracted and not by_keeper:
            raise Conflict(_("Somebody else retracted this act already."))
        if not by_keeper and (keeper := kept([row.pk]).get(row.pk)):
            save.refuse(0, "kept_elsewhere", keeper.sentence)
            save.check()
        save.write(row, {"is_retracted": True})
        save.wrote = True
    return row


def save_acts(
    *,
    actor: User,
    treaty: Treaty,
    rows: Sequence[ActEntry],
    version: int,
    reason: str,
    submission: UUID | None = None,
) -> Treaty:
    """Record, correct and (with `gone`) retract acts in one save. Acts that are not among `rows` stay as they are.

    Raises `Refused` with everything that is wrong, each naming its row; `Conflict` when the record moved on from
    `version`; `AlreadyDone` when this form was sent before.
    """
    is_correction = any(entry.pk for entry in rows)
    action = Action.ACT_CORRECT if is_correction else Action.ACT_RECORD
    args: dict[str, Any] = {"actor": actor, "treaty": treaty, "version": version, "reason": reason}
    with saving("acts", action=action, submission=submission, **args) as save:
        present = {row.pk: row for row in save.treaty.acts.filter(is_retracted=False)}
        rows = _with_unseen(actor, rows, present)
        mentioned = {entry.pk for entry in rows}
        _check(save, rows, present, others=[row for row in present.values() if row.pk not in mentioned])
        save.check()
        for place, entry in enumerate(rows):
            row = present[entry.pk] if entry.pk else Act(treaty=save.treaty)
            if not entry.gone:
                save.write(row, _values(entry), place)
            elif entry.pk:
                save.write(row, {"is_retracted": True})
    return save.treaty


def _with_unseen(actor: User, rows: Sequence[ActEntry], present: Mapping[int, Act]) -> list[ActEntry]:
    """A paper that the actor may not read was not on the page, so an act that points at it keeps it."""
    pointing = {pk: row for pk, row in present.items() if row.document_id}
    papers = Document.objects.filter(pk__in={row.document_id for row in pointing.values()}).hidden_from(actor).in_bulk()
    kept = {pk: papers[row.document_id] for pk, row in pointing.items() if row.document_id in papers}
    return [entry if entry.document else replace(entry, document=kept.get(entry.pk or 0)) for entry in rows]


def _values(entry: ActEntry) -> dict[str, Any]:
    return {
        **{name: getattr(entry, name) for name in _AS_GIVEN},
        "on": entry.when.on,
        "precision": entry.when.precision,
        "effect_on": entry.effect.on,
        "effect_precision": entry.effect.precision,
        **cleaned(entry, _LIMITS),
    }


def _check(save: Save, rows: Sequence[ActEntry], present: Mapping[int, Act], *, others: Iterable[Act]) -> None:
    """Note everything that is wrong with the rows that are new or told otherwise."""
    save.known(rows, present)
    told = [(place, entry) for place, entry in enumerate(rows) if _is_told(entry, present)]
    keepers = kept([entry.pk for _place, entry in told if entry.pk])
    standing = [*others, *(entry for entry in rows if not entry.gone)]
    for place, entry in told:
        if keeper := keepers.get(entry.pk or 0):
            save.refuse(place, "kept_elsewhere", keeper.sentence, field="kind")
        if entry.gone:
            continue
        save.texts(place, entry, _LIMITS)
        save.address(place, entry.address, "address")
        if entry.kind not in ANNOUNCED:
            save.past(place, entry.when, "when")
        _check_signature(save, place, entry)
        _check_order(save, place, entry, standing)
        if entry.document and entry.document.treaty_id != save.treaty.pk:
            save.refuse(place, "document", _("That document belongs to another treaty."), field="document")


def _is_told(entry: ActEntry, present: Mapping[int, Act]) -> bool:
    """Whether the row is new, or says something else than what is on record."""
    row = present.get(entry.pk or 0)
    if row is None or entry.gone:
        return True
    given = {name: getattr(entry, name).strip() for name in _LIMITS} | {
        name: getattr(entry, name) for name in _AS_GIVEN
    }
    return (row.when, row.effect) != (entry.when, entry.effect) or any(
        getattr(row, name) != value for name, value in given.items()
    )


def _check_signature(save: Save, place: int, entry: ActEntry) -> None:
    if entry.kind == ActKind.SIGNATURE:
        return
    for name, law in _OF_A_SIGNATURE.items():
        if str(getattr(entry, name)).strip():
            save.refuse(place, "not_a_signature", _("Only a signature has this; leave it empty."), field=name, law=law)


def _check_order(save: Save, place: int, entry: ActEntry, standing: Iterable[Any]) -> None:
    """Note an end that surely lies before what it ends, and a denunciation that works before its notice."""
    starts = _STARTS.get(ActKind(entry.kind), ()) if entry.kind in ActKind.values else ()
    begun = [one.when for one in standing if one.kind in starts and one.party == entry.party and one.when.on]
    if begun and all(surely_before(entry.when, start) for start in begun):
        ended = _("This lies before what it ends, which began on %(date)s.") % {"date": min(begun)}
        save.refuse(place, "end_before_start", ended, field="when")
    is_early = entry.kind == ActKind.DENUNCIATION and surely_before(entry.effect, entry.when)
    if is_early and not entry.note.strip():
        sentence = _("This takes effect before its notice. Say in the note what the source has, and it is kept.")
        save.refuse(place, "effect_before_notice", sentence, field="note", law=_VCLT_56)
