"""Who is party to an instrument, how its text names them, and for which territory."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.choices import Action
from treaties.actions.common import cleaned, saving
from treaties.models import Party, Treaty, TreatyParty

_LIMITS = {"named_as": 300}


@dataclass(frozen=True)
class PartyEntry:
    """A party, how the text names it, and the part of its territory it is bound for (None: all of it)."""

    party: Party | None
    named_as: str = ""
    territory: Party | None = None
    pk: int | None = None
    gone: bool = False


def save_parties(
    *,
    actor: User,
    treaty: Treaty,
    rows: Sequence[PartyEntry],
    version: int,
    reason: str,
    submission: UUID | None = None,
) -> Treaty:
    """Add, change and take away parties. Those that are not among `rows` stay as they are.

    Raises `Refused`, `Conflict` and `AlreadyDone` as `save_numbers`.
    """
    args: dict[str, Any] = {"actor": actor, "treaty": treaty, "version": version, "reason": reason}
    with saving("parties", action=Action.TREATY_PARTIES, submission=submission, **args) as save:
        present = {row.pk: row for row in save.treaty.party_links.all()}
        save.known(rows, present)
        mentioned = {entry.pk for entry in rows}
        taken = {row.party_id for row in present.values() if row.pk not in mentioned}
        for place, entry in enumerate(rows):
            if entry.gone:
                continue
            save.texts(place, entry, _LIMITS)
            if entry.party is None:
                save.refuse(place, "party_missing", _("Say which party."), field="party")
            elif entry.party.pk in taken:
                save.refuse(place, "party_twice", _("This party is on the list already."), field="party")
            elif entry.territory == entry.party:
                sentence = _("Name a part of the territory of this party, or leave it empty for all of it.")
                save.refuse(place, "territory", sentence, field="territory")
            taken |= {entry.party.pk} if entry.party else set()
        save.check()
        for row in [present[entry.pk] for entry in rows if entry.pk and entry.gone]:
            save.remove(row)
        for place, entry in _in_order(rows):
            row = present[entry.pk] if entry.pk else TreatyParty(treaty=save.treaty)
            values = {"party": entry.party, "territory": entry.territory, **cleaned(entry, _LIMITS)}
            save.write(row, values, place)
    return save.treaty


def _in_order(rows: Sequence[PartyEntry]) -> list[tuple[int, PartyEntry]]:
    return [(place, entry) for place, entry in enumerate(rows) if not entry.gone]
