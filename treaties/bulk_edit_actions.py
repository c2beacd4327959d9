"""Several records changed at once: all of them, or none. lock → check → do → record."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from django.db import OperationalError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.choices import Deed
from accounts.models import User
from audit.actions import change
from audit.choices import Action
from audit.context import before_commit
from audit.refusals import Blocker, Conflict, Refused
from treaties import bulk_edit, search_bulk
from treaties.actions import require, stated
from treaties.bulk_edit import BulkEdit, Objections, Plan, nobody_objects
from treaties.models import Treaty, TreatyParty, TreatyTheme

# Rows per statement, and how many names a sentence about a conflict gives.
_BATCH, _NAMED = 200, 3
# Of PostgreSQL: the wait for a lock took too long; two people waited for each other.
_BUSY = ("55P03", "40P01")


def edit_records(
    *,
    actor: User,
    edit: BulkEdit,
    versions: Mapping[str, int],
    reason: str,
    submission: UUID | None = None,
    objections: Objections = nobody_objects,
) -> list[Treaty]:
    """Change every record of `versions` (reference → the version the person saw) as `edit` says, in one change.

    Gives the records that changed; of those that say so already nothing is written. Raises `Refused` with every
    reason of every record, `Conflict` when any of them changed meanwhile, `AlreadyDone` for a form that came before:
    nothing is written then. `objections` are reasons the record does not know of, judged under the locks.
    """
    require(actor, Deed.EDIT_RECORD)
    wanted = bulk_edit.wanted(edit, reason=reason, count=len(versions))
    with change(actor, action=Action.TREATY_BULK_EDIT, reason=stated(reason), submission=submission):
        made = bulk_edit.plans(actor, _lock(actor, versions), wanted, objections)
        changed = [one for one in made if one.changes]
        _refuse(made, changed)
        _write(_History(actor, stated(reason)), changed)
    return [one.treaty for one in changed]


def _lock(actor: User, versions: Mapping[str, int]) -> list[Treaty]:
    """The records, held until the end of the transaction. Raises `Conflict` when one is not as it was shown."""
    try:
        treaties = list(bulk_edit.to_lock(actor, versions))
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") not in _BUSY:
            raise
        sentence = _("Somebody else is changing some of these records now. Nothing was written; try again in a moment.")
        raise Conflict(sentence) from error
    if gone := sorted(set(versions) - {treaty.reference for treaty in treaties}):
        sentence = _("There is no record %(reference)s.")
        raise Refused([Blocker("not_found", sentence % {"reference": one}, field="records") for one in gone])
    if newer := bulk_edit.moved(treaties, versions):
        raise Conflict(_moved_sentence([(treaty, newer[treaty.pk]) for treaty in treaties if treaty.pk in newer]))
    return treaties


def _moved_sentence(newer: Sequence[tuple[Treaty, bulk_edit.Moved]]) -> str:
    """Who changed which record, and when, of the first few."""
    told: list[object] = [
        _("%(who)s changed %(reference)s at %(when)s.")
        % {
            "who": moved.who,
            "reference": treaty.reference,
            "when": f"{timezone.localtime(moved.when):%d-%m-%Y %H:%M}",
        }
        for treaty, moved in newer[:_NAMED]
    ]
    if (more := len(newer) - _NAMED) > 0:
        told.append(ngettext("%(n)d other record changed too.", "%(n)d other records changed too.", more) % {"n": more})
    told.append(_("Nothing was written. Look at what would change now."))
    return " ".join(str(sentence) for sentence in told)


def _refuse(made: Sequence[Plan], changed: Sequence[Plan]) -> None:
    blockers = [
        Blocker(
            blocker.code,
            _("%(reference)s: %(sentence)s") % {"reference": one.treaty.reference, "sentence": blocker.sentence},
            blocker.law,
            field="records",
        )
        for one in made
        for blocker in one.refusals
    ]
    if not blockers and not changed:
        sentence = _("All these records say so already: nothing would change.")
        blockers.append(Blocker("nothing_changes", sentence, field="records"))
    if blockers:
        raise Refused(blockers)


class _History:
    """Writes the history rows of many rows in a few statements; actor, role, action and change come from the trail."""

    def __init__(self, actor: User, reason: str) -> None:
        self._said = {"default_user": actor, "default_change_reason": reason, "batch_size": _BATCH}

    def keep(self, model: Any, rows: Sequence[Any], *, update: bool = False) -> None:
        model.history.bulk_history_create(rows, update=update, **self._said)


def _write(history: _History, changed: Sequence[Plan]) -> None:
    """A number of statements that does not depend on how many records there are; one history row per row."""
    for one in changed:
        for name, value in one.columns.items():
            setattr(one.treaty, name, value)
        one.treaty.version += 1
        one.treaty.changed_at = timezone.now()
    treaties = [one.treaty for one in changed]
    columns = sorted({name for one in changed for name in one.columns})
    Treaty.objects.bulk_update(treaties, [*columns, "version", "changed_at"], batch_size=_BATCH)
    history.keep(Treaty, treaties, update=True)
    themes = [TreatyTheme(treaty=one.treaty, theme=theme) for one in changed for theme in one.add_themes]
    history.keep(TreatyTheme, TreatyTheme.objects.bulk_create(themes, batch_size=_BATCH))
    parties = [TreatyParty(treaty=one.treaty, party=party) for one in changed for party in one.add_parties]
    history.keep(TreatyParty, TreatyParty.objects.bulk_create(parties, batch_size=_BATCH))
    # Deleted by Django's collector, which tells simple-history of each.
    TreatyTheme.objects.filter(pk__in=[link.pk for one in changed for link in one.drop_themes]).delete()
    before_commit(("search", "several"), partial(search_bulk.refresh_many, [treaty.pk for treaty in treaties]))
