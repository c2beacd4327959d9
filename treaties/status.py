"""What the dated acts add up to on a day. Pure: acts in, status out; nothing is stored or guessed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from treaties.choices import PREPARATORY, ActKind, Status
from treaties.dates import PartialDate


class ActLike(Protocol):
    """What the derivation reads of an act; `party_name` is empty for the instrument as a whole."""

    @property
    def kind(self) -> str: ...

    @property
    def is_retracted(self) -> bool: ...

    @property
    def party_name(self) -> str: ...

    @property
    def when(self) -> PartialDate: ...


@dataclass(frozen=True)
class Standing:
    """The derived status on a day.

    `whom` names the parties it is known to hold for; empty means that the source states it for the
    instrument as a whole. `since` is the act's own date, as precise as known.
    """

    status: Status
    since: PartialDate | None = None
    whom: tuple[str, ...] = ()


def derive(acts: Iterable[ActLike], on: date, *, is_treaty: bool = True) -> Standing:
    """The status on `on`. An act with an unknown or later date does not count as happened."""
    acts = list(acts)
    done = [act for act in acts if not act.is_retracted and _happened(act.when, on)]
    ended = _latest(done, ActKind.END)
    if whole := [act for act in ended if not act.party_name]:
        return Standing(Status.ENDED, _since(whole))
    ended_for = {act.party_name for act in ended}
    for kind, status in (
        (ActKind.ENTRY_INTO_FORCE, Status.IN_FORCE if is_treaty else Status.IN_EFFECT),
        (ActKind.EFFECT, Status.IN_EFFECT),
        (ActKind.PROVISIONAL_APPLICATION, Status.PROVISIONAL),
        (ActKind.SIGNATURE, Status.SIGNED),
    ):
        if found := _latest(done, kind):
            if kind == ActKind.PROVISIONAL_APPLICATION and _latest(done, ActKind.PROVISIONAL_END):
                continue
            left = [act for act in found if act.party_name not in ended_for]
            if not left:
                # It ended for each of them: for the last one last.
                return Standing(Status.ENDED, ended[-1].when)
            return Standing(status, _since(left), _whom(left))
    # Also an act without a date: it did happen.
    later = any(act.kind not in PREPARATORY for act in acts if not act.is_retracted and not _announced(act.when, on))
    return Standing(Status.UNKNOWN if later else Status.IN_PREPARATION)


def _happened(when: PartialDate, on: date) -> bool:
    """Whether the date is past. "2007" counts from 1 January 2007, the earliest day it can mean."""
    return when.on is not None and when.on <= on


def _announced(when: PartialDate, on: date) -> bool:
    return when.on is not None and when.on > on


def _latest(acts: list[ActLike], kind: ActKind) -> list[ActLike]:
    return sorted((act for act in acts if act.kind == kind), key=lambda act: act.when.on or date.min)


def _since(acts: list[ActLike]) -> PartialDate:
    return acts[0].when


def _whom(acts: list[ActLike]) -> tuple[str, ...]:
    if any(not act.party_name for act in acts):
        return ()
    return tuple(dict.fromkeys(act.party_name for act in acts))
