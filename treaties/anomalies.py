"""Dates in the record that do not agree with each other. They are flagged, with their sources, and kept as stated.

Pure: acts and declarations in, findings out. A date that is known to the month or the year only is held against
another one by all the days it can mean: what can be true beside the other is left alone.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from django.utils.translation import gettext as _

from treaties.choices import CONSENTS_TO_BE_BOUND, ENDINGS, ActKind
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
    def territory_name(self) -> str: ...

    @property
    def scope(self) -> str: ...

    @property
    def when(self) -> PartialDate: ...

    @property
    def effect(self) -> PartialDate: ...

    @property
    def source(self) -> str: ...

    def get_kind_display(self) -> str: ...


class DeclarationLike(Protocol):
    """What is read of a reservation, declaration or objection."""

    @property
    def pk(self) -> int: ...

    @property
    def is_retracted(self) -> bool: ...

    @property
    def party_name(self) -> str: ...

    @property
    def when(self) -> PartialDate: ...

    @property
    def withdrawn(self) -> PartialDate: ...

    @property
    def objects_to_id(self) -> int | None: ...

    @property
    def source(self) -> str: ...

    def get_kind_display(self) -> str: ...


@dataclass(frozen=True)
class Anomaly:
    """What is odd, in a sentence in the active language, and where both dates can be read."""

    code: str
    sentence: str
    sources: tuple[str, ...] = ()


def anomalies(acts: Iterable[ActLike], declarations: Iterable[DeclarationLike] = ()) -> list[Anomaly]:
    """What is odd in the dates of `acts` and `declarations`; nothing when each can be true beside the others."""
    standing = [act for act in acts if not act.is_retracted]
    stated = [one for one in declarations if not one.is_retracted]
    return [
        *_in_force_before_notification(standing),
        *_in_force_before_signature(standing),
        *_ended_before_it_began(standing),
        *_deposited_before_it_was_drawn_up(standing),
        *_effective_before_it_was_done(standing),
        *_withdrawn_before_it_was_made(stated),
        *_objected_before_it_was_made(stated),
    ]


# --- Acts -------------------------------------------------------------------------------------------------------


def _in_force_before_notification(acts: list[ActLike]) -> Iterator[Anomaly]:
    """An entry into force that is dated before another party notified.

    Not where that party has an entry into force of its own: it came later, to a treaty that was in force.
    """
    starts = [act for act in _of(acts, ActKind.ENTRY_INTO_FORCE) if not act.territory_name]
    own = {act.party_name for act in starts}
    for act in _of(acts, ActKind.NOTIFICATION):
        if not act.party_name or act.party_name in own:
            continue
        for start in starts:
            if _before(start.when, act.when):
                sentence = _(
                    "The stated entry into force, %(start)s, lies before the notification of %(name)s, %(date)s."
                    " The stated date is kept."
                ) % {"start": start.when, "name": act.party_name, "date": act.when}
                yield Anomaly("in_force_before_notification", sentence, _sources(start, act))


def _in_force_before_signature(acts: list[ActLike]) -> Iterator[Anomaly]:
    """An entry into force before anybody signed, or for a party before that party signed."""
    signatures = _of(acts, ActKind.SIGNATURE)
    first = min(signatures, key=lambda act: (act.when.on is None, str(act.when.on)), default=None)
    for start in _of(acts, ActKind.ENTRY_INTO_FORCE):
        own = [act for act in signatures if start.party_name and act.party_name == start.party_name]
        against = own or ([first] if first and not any(act.when.on is None for act in signatures) else [])
        if against and all(_before(start.when, act.when) for act in against):
            sentence = _(
                "The stated entry into force, %(start)s, lies before the signature, %(date)s. Both dates are kept."
            ) % {"start": _named(start), "date": _named(against[0])}
            yield Anomaly("in_force_before_signature", sentence, _sources(start, against[0]))


def _ended_before_it_began(acts: list[ActLike]) -> Iterator[Anomaly]:
    """An end before every entry into force of the same party; who left and came back has one before it."""
    starts = [*_of(acts, ActKind.ENTRY_INTO_FORCE), *_of(acts, ActKind.EFFECT)]
    ends = [act for act in acts if act.kind in ENDINGS or act.kind == ActKind.DENUNCIATION]
    for end in ends:
        when = end.effect if end.kind == ActKind.DENUNCIATION else end.when
        same = [start for start in starts if _alike(start, end)]
        if same and all(_before(when, start.when) for start in same):
            sentence = _(
                "The stated end, %(end)s, lies before the entry into force, %(start)s. Both dates are kept."
            ) % {
                "end": _dated(when, end.party_name),
                "start": _named(same[0]),
            }
            yield Anomaly("ended_before_in_force", sentence, _sources(end, same[0]))


def _deposited_before_it_was_drawn_up(acts: list[ActLike]) -> Iterator[Anomaly]:
    """A deposit before every instrument of that party: there was nothing yet to deposit (art. 16)."""
    for deposit in _of(acts, ActKind.DEPOSIT):
        own = [act for act in acts if act.kind in CONSENTS_TO_BE_BOUND and _alike(act, deposit)]
        if own and all(_before(deposit.when, act.when) for act in own):
            sentence = _(
                "The deposit, %(deposit)s, lies before the instrument that was deposited, %(date)s."
                " Both dates are kept."
            ) % {"deposit": _named(deposit), "date": own[0].when}
            yield Anomaly("deposit_before_instrument", sentence, _sources(deposit, own[0]))


def _effective_before_it_was_done(acts: list[ActLike]) -> Iterator[Anomaly]:
    """A date of effect before the act itself. A denunciation needs its notice first (art. 56, § 2, and 67)."""
    for act in acts:
        if not _before(act.effect, act.when):
            continue
        if act.kind == ActKind.DENUNCIATION:
            sentence = _(
                "The denunciation would take effect on %(effect)s, before its notice of %(date)s. Both dates are kept."
            ) % {"effect": _dated(act.effect, act.party_name), "date": act.when}
            yield Anomaly("denounced_before_notice", sentence, _sources(act))
        else:
            sentence = _(
                "The date of effect, %(effect)s, lies before the act itself: %(act)s. Both dates are kept."
            ) % {
                "effect": act.effect,
                "act": f"{act.get_kind_display()}, {_named(act)}",
            }
            yield Anomaly("effect_before_act", sentence, _sources(act))


# --- Reservations, declarations, objections -------------------------------------------------------------------------


def _withdrawn_before_it_was_made(declarations: list[DeclarationLike]) -> Iterator[Anomaly]:
    for one in declarations:
        if _before(one.withdrawn, one.when):
            sentence = _(
                "The withdrawal of %(date)s lies before what was withdrawn: %(what)s, %(made)s. Both dates are kept."
            ) % {"date": one.withdrawn, "what": one.get_kind_display(), "made": _dated(one.when, one.party_name)}
            yield Anomaly("withdrawn_before_made", sentence, _sources(one))


def _objected_before_it_was_made(declarations: list[DeclarationLike]) -> Iterator[Anomaly]:
    by_key = {one.pk: one for one in declarations}
    for one in declarations:
        target = by_key.get(one.objects_to_id) if one.objects_to_id else None
        if target and _before(one.when, target.when):
            sentence = _(
                "The objection, %(date)s, lies before the reservation it is made to, %(made)s. Both dates are kept."
            ) % {"date": _dated(one.when, one.party_name), "made": _dated(target.when, target.party_name)}
            yield Anomaly("objection_before_reservation", sentence, _sources(one, target))


# --- Shared -----------------------------------------------------------------------------------------------------


def _of(acts: list[ActLike], kind: ActKind) -> list[ActLike]:
    return [act for act in acts if act.kind == kind]


def _alike(one: ActLike, other: ActLike) -> bool:
    """Whether two acts are of the same party and territory; what is of a part of the instrument is of that part."""
    return (one.party_name, one.territory_name, one.scope) == (other.party_name, other.territory_name, other.scope)


def _before(first: PartialDate, second: PartialDate) -> bool:
    """Whether `first` lies before `second`, whatever days the two can mean."""
    return first.last is not None and second.on is not None and first.last < second.on


def _dated(when: PartialDate, party: str) -> str:
    return f"{when} ({party})" if party else str(when)


def _named(act: ActLike) -> str:
    return _dated(act.when, act.party_name)


def _sources(*stated: "ActLike | DeclarationLike") -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.source for one in stated if one.source))
