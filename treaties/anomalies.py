"""Dates in the record that do not agree with each other. They are flagged, with their sources, and kept as stated.

Pure: acts in, findings out.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from django.utils.translation import gettext as _

from treaties.choices import ActKind
from treaties.dates import PartialDate


class ActLike(Protocol):
    """What is read of an act; `party_name` is empty for the instrument as a whole, or for Flanders."""

    @property
    def kind(self) -> str: ...

    @property
    def is_retracted(self) -> bool: ...

    @property
    def party_name(self) -> str: ...

    @property
    def when(self) -> PartialDate: ...

    @property
    def source(self) -> str: ...


@dataclass(frozen=True)
class Anomaly:
    """What is odd, in a sentence in the active language, and where both dates can be read."""

    code: str
    sentence: str
    sources: tuple[str, ...] = ()


def anomalies(acts: Iterable[ActLike]) -> list[Anomaly]:
    """What is odd in the dates of `acts`; nothing when each can be true beside the others."""
    standing = [act for act in acts if not act.is_retracted]
    return list(_in_force_before_notification(standing))


def _in_force_before_notification(acts: list[ActLike]) -> Iterable[Anomaly]:
    """An entry into force that is dated before another party notified.

    Not where that party has an entry into force of its own: it came later, to a treaty that was in force.
    """
    starts = [act for act in acts if act.kind == ActKind.ENTRY_INTO_FORCE]
    own = {act.party_name for act in starts}
    for act in acts:
        if act.kind != ActKind.NOTIFICATION or not act.party_name or act.party_name in own:
            continue
        for start in starts:
            if _before(start.when, act.when):
                yield Anomaly("in_force_before_notification", _told(start, act), _sources(start, act))


def _before(first: PartialDate, second: PartialDate) -> bool:
    """Whether `first` lies before `second`, whatever days the two can mean."""
    return first.last is not None and second.on is not None and first.last < second.on


def _told(start: ActLike, notification: ActLike) -> str:
    return _(
        "The stated entry into force, %(start)s, lies before the notification of %(name)s, %(date)s."
        " The stated date is kept."
    ) % {"start": start.when, "name": notification.party_name, "date": notification.when}


def _sources(*acts: ActLike) -> tuple[str, ...]:
    return tuple(dict.fromkeys(act.source for act in acts if act.source))
