"""What the dated acts add up to on a day: for the instrument, for each party and for each territory.

Pure: acts in, standing out; nothing is stored or guessed. The rules are those of the Vienna Convention on the
Law of Treaties (1969):

- art. 12, 14–16: a consent to be bound is not an entry into force; assent of a parliament is neither;
- art. 24: what enters into force in general, for a party or for a territory (art. 29) is told apart;
- art. 25: provisional application, from and to;
- art. 54–56, 65 and 68: a denunciation ends on its date of effect, never on the date of its notice;
- art. 57–58: suspension, until its end;
- art. 59: what another treaty replaced has ended;
- art. 44: what ends or suspends a part of the instrument leaves the rest as it was.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from treaties.choices import CONSENTS_TO_BE_BOUND, ENDINGS, PREPARATORY, ActKind, SignatureManner, Status
from treaties.dates import PartialDate


class ActLike(Protocol):
    """What the derivation reads of an act.

    `party_name` is empty for the instrument as a whole, `territory_name` for all of the party, `scope` for all of
    the instrument.
    """

    @property
    def kind(self) -> str: ...

    @property
    def is_retracted(self) -> bool: ...

    @property
    def party_name(self) -> str: ...

    @property
    def territory_name(self) -> str: ...

    @property
    def when(self) -> PartialDate: ...

    @property
    def effect(self) -> PartialDate: ...

    @property
    def scope(self) -> str: ...

    @property
    def manner(self) -> str: ...


@dataclass(frozen=True)
class Standing:
    """The derived status on a day.

    `since` is the date of the act that made it, or of its effect, as precise as known; `by` is the kind of that
    act. `whom` names the parties (or “Aruba (Netherlands)”) it is known to hold for; empty means that the source
    states it for the instrument as a whole. `scope` is the part of the instrument it is limited to.
    """

    status: Status
    since: PartialDate | None = None
    whom: tuple[str, ...] = ()
    by: ActKind | None = None
    scope: str = ""


@dataclass(frozen=True)
class PartyStanding:
    """How a party stands itself, and each of its territories that has acts of its own."""

    standing: Standing
    territories: dict[str, Standing] = field(default_factory=dict)


# By whom or for whom an act is: party and territory, both empty for the instrument as a whole.
Subject = tuple[str, str]
WHOLE: Subject = ("", "")
# Acts that take effect on another day than their own, where that is said.
_DEFERRED = frozenset(
    {
        ActKind.PROVISIONAL_APPLICATION,
        ActKind.PROVISIONAL_END,
        ActKind.SUSPENSION,
        ActKind.SUSPENSION_END,
        ActKind.RENEWAL,
    }
)
_ALL_ENDINGS = ENDINGS | {ActKind.DENUNCIATION}
_BEGINNINGS = (ActKind.ENTRY_INTO_FORCE, ActKind.EFFECT, ActKind.PROVISIONAL_APPLICATION)
# By which a party establishes its consent, beside the consents themselves (art. 16).
_ESTABLISHING = frozenset({ActKind.DEPOSIT, ActKind.NOTIFICATION})


def derive(acts: Iterable[ActLike], on: date, *, is_treaty: bool = True, is_bilateral: bool = False) -> Standing:
    """The status on `on`. An act with an unknown or later date does not count as happened.

    Of two sides (`is_bilateral`), what ends or suspends it for one does so for both.
    """
    acts = list(acts)
    day = _Day(acts, on, is_treaty=is_treaty, is_bilateral=is_bilateral)
    return day.ended() or day.suspended() or day.begun() or day.signed() or Standing(_unsettled(acts, on))


def per_party(
    acts: Iterable[ActLike], on: date, parties: Iterable[str], *, is_treaty: bool = True, is_bilateral: bool = False
) -> dict[str, PartyStanding]:
    """How each of `parties` stands on `on`, by name; `UNKNOWN` where no dated act says so."""
    day = _Day(list(acts), on, is_treaty=is_treaty, is_bilateral=is_bilateral)
    return {
        party: PartyStanding(
            day.of((party, "")), {territory: day.of((party, territory)) for territory in day.territories(party)}
        )
        for party in parties
    }


def takes_effect(act: ActLike) -> PartialDate:
    """The date from which an act counts. Of a denunciation only its date of effect: its notice ends nothing."""
    if act.kind == ActKind.DENUNCIATION or (act.kind in _DEFERRED and act.effect.on):
        return act.effect
    return act.when


def happened(act: ActLike, on: date) -> bool:
    """Whether an act counts on `on`. “2007” counts from 1 January 2007, the earliest day it can mean.

    What is dated later never counts before, also where it says that it took effect before.
    """
    since = takes_effect(act).on
    is_past = since is not None and since <= on and (act.when.on is None or act.when.on <= on)
    return is_past and not act.is_retracted


def subject(act: ActLike) -> Subject:
    return act.party_name, act.territory_name


def name_of(who: Subject) -> str:
    """A party, or a territory with the party it is of: “Aruba (Netherlands)”."""
    party, territory = who
    if territory and party:
        return f"{territory} ({party})"
    return territory or party


class _Day:
    """The acts that had happened on a day, in order of time, and what they add up to."""

    def __init__(self, acts: list[ActLike], on: date, *, is_treaty: bool, is_bilateral: bool) -> None:
        self.done = sorted((act for act in acts if happened(act, on)), key=_since)
        self.is_bilateral = is_bilateral
        self.in_force = Status.IN_FORCE if is_treaty else Status.IN_EFFECT

    # --- Of the instrument ---

    def ended(self) -> Standing | None:
        """Whether it ended as a whole; of two sides also by the end for one of them."""
        if found := self._endings(WHOLE) or (self._by_either(self._over) if self.is_bilateral else []):
            return _standing(Status.ENDED, found[:1])
        return None

    def suspended(self) -> Standing | None:
        found = self._pausing(WHOLE) or (self._by_either(self._pausing) if self.is_bilateral else [])
        return _standing(Status.SUSPENDED, found[:1]) if found else None

    def begun(self) -> Standing | None:
        """In force, in effect or provisionally applied, for those for whom it did not end.

        A territory alone stands for itself: it is asked for when nothing began for a party.
        """
        gone: list[ActLike] = []
        for is_territorial in (False, True):
            for kind, status in self._statuses():
                found = [act for act in self._starts(kind) if bool(act.territory_name) == is_territorial]
                left = [act for act in found if not self._over(subject(act))]
                if running := [act for act in left if not self._paused(subject(act))]:
                    return _standing(status, running, whom=True)
                if left:
                    return self._paused_for(left)
                gone += found
        # It ended for each of them: for the last one last.
        ends = sorted((end for act in gone for end in self._over(subject(act))), key=_since)
        return _standing(Status.ENDED, ends[-1:]) if ends else None

    def signed(self) -> Standing | None:
        found = self._of_kinds({ActKind.SIGNATURE})
        left = [act for act in found if not self._over(subject(act))]
        if found and not left:
            return _standing(Status.ENDED, self._over(subject(found[-1]))[-1:])
        return _standing(Status.SIGNED, left, whom=True) if left else None

    # --- Of a party or a territory ---

    def of(self, who: Subject) -> Standing:
        """How a party or one of its territories stands."""
        if ends := self._ends_for(who):
            return _standing(Status.ENDED, ends[:1])
        if pauses := self._paused(who) or (self._by_either(self._pausing) if self.is_bilateral else []):
            return _standing(Status.SUSPENDED, pauses[-1:])
        return self._begun_for(who) or self._consented(who) or Standing(Status.UNKNOWN)

    def territories(self, party: str) -> list[str]:
        names = (act.territory_name for act in self.done if act.party_name == party and act.territory_name)
        return list(dict.fromkeys(names))

    def _ends_for(self, who: Subject) -> list[ActLike]:
        if whole := self._endings(WHOLE):
            return whole
        return self._over(who) or (self._by_either(self._over) if self.is_bilateral else [])

    def _begun_for(self, who: Subject) -> Standing | None:
        for kind, status in self._statuses():
            starts = self._starts(kind)
            own = [act for act in starts if subject(act) == who]
            general = [act for act in starts if subject(act) == WHOLE and not who[1] and self._covers(act, who)]
            if found := own or general:
                # Who left and came back is in force since it came back.
                return _standing(status, found[-1:] if self._endings(who) else found[:1])
        return None

    def _covers(self, start: ActLike, who: Subject) -> bool:
        """Whether a beginning that is stated for the instrument is also that of `who`.

        Of two sides it is. Of more, whoever consents later enters later (art. 24, § 3): where the register follows
        the parties one by one, only for whom its consent is dated before.
        """
        if self.is_bilateral or start.kind == ActKind.PROVISIONAL_APPLICATION:
            return True
        followed = [act for act in self.done if (act.party_name and _establishes(act)) or act in self._own_starts()]
        own = [act for act in followed if subject(act) == who and _establishes(act)]
        end = start.when.last
        return not followed or any(end is not None and act.when.on and act.when.on <= end for act in own)

    def _own_starts(self) -> list[ActLike]:
        return [act for act in self.done if act.kind in _BEGINNINGS and act.party_name]

    def _consented(self, who: Subject) -> Standing | None:
        """Signed, or bound by a consent that is not in force for it yet."""
        of_it = [act for act in self.done if subject(act) == who]
        signed = [act for act in of_it if act.kind == ActKind.SIGNATURE]
        if not signed and not who[1] and not any(act.party_name for act in self._of_kinds({ActKind.SIGNATURE})):
            # Nobody's signature is told apart: it is that of all.
            signed = self._of_kinds({ActKind.SIGNATURE})
        consents = [act for act in of_it if act.kind in CONSENTS_TO_BE_BOUND]
        if not (consents or signed):
            return None
        return _standing(Status.SIGNED if signed else Status.UNKNOWN, (consents or signed)[:1])

    # --- What acts say together ---

    def _statuses(self) -> Iterator[tuple[ActKind, Status]]:
        yield ActKind.ENTRY_INTO_FORCE, self.in_force
        yield ActKind.EFFECT, Status.IN_EFFECT
        yield ActKind.PROVISIONAL_APPLICATION, Status.PROVISIONAL

    def _of_kinds(self, kinds: Iterable[str]) -> list[ActLike]:
        return [act for act in self.done if act.kind in kinds]

    def _starts(self, kind: ActKind) -> list[ActLike]:
        """The beginnings of a kind: of a part of the instrument only where none is of all of it."""
        found = self._of_kinds({kind})
        if kind == ActKind.PROVISIONAL_APPLICATION:
            found = [act for act in found if not self._provisional_ended(act)]
        return [act for act in found if not act.scope] or found

    def _provisional_ended(self, start: ActLike) -> bool:
        ends = [act for act in self._of_kinds({ActKind.PROVISIONAL_END}) if act.scope in ("", start.scope)]
        return any(subject(end) in _above(subject(start)) and _since(end) >= _since(start) for end in ends)

    def _endings(self, who: Subject) -> list[ActLike]:
        """What ended all of the instrument for exactly `who`; an expiry that a renewal follows did not."""
        renewals = [act for act in self._of_kinds({ActKind.RENEWAL}) if subject(act) in _above(who)]
        return [
            act
            for act in self._of_kinds(_ALL_ENDINGS)
            if subject(act) == who and not act.scope and not (act.kind == ActKind.EXPIRY and _moved(act, renewals))
        ]

    def _over(self, who: Subject) -> list[ActLike]:
        """What ended it for a party, or for its territory with it, if it did not begin again for it since."""
        if who == WHOLE:
            return []
        for one in dict.fromkeys(((who[0], ""), who)):
            ends = self._endings(one)
            again = [act for act in self._of_kinds(_BEGINNINGS) if subject(act) == one]
            if ends and one != WHOLE and not any(_since(act) > _since(ends[-1]) for act in again):
                return ends
        return []

    def _pausing(self, who: Subject) -> list[ActLike]:
        """The suspensions of exactly `who` that did not end."""
        ends = [act for act in self._of_kinds({ActKind.SUSPENSION_END}) if subject(act) in _above(who)]
        return [
            act
            for act in self._of_kinds({ActKind.SUSPENSION})
            if subject(act) == who and not act.scope and not any(_since(end) >= _since(act) for end in ends)
        ]

    def _paused(self, who: Subject) -> list[ActLike]:
        """The suspensions that hold for `who`: of the instrument, of the party, of its territory."""
        return [act for one in _above(who) for act in self._pausing(one)]

    def _paused_for(self, left: list[ActLike]) -> Standing:
        pauses = sorted({id(act): act for start in left for act in self._paused(subject(start))}.values(), key=_since)
        return _standing(Status.SUSPENDED, pauses, whom=True)

    def _by_either(self, found: Callable[[Subject], list[ActLike]]) -> list[ActLike]:
        """The same of whichever side, the first one first; what concerns a territory alone is not of a side."""
        sides = dict.fromkeys(act.party_name for act in self.done if act.party_name)
        return sorted((act for side in sides for act in found((side, ""))), key=_since)


def _since(act: ActLike) -> date:
    return takes_effect(act).on or date.min


def _above(who: Subject) -> list[Subject]:
    """What is told of the instrument, of a party and of its territory: all of it holds for the territory."""
    return list(dict.fromkeys((WHOLE, (who[0], ""), who)))


def _moved(expiry: ActLike, renewals: list[ActLike]) -> bool:
    """Whether it was renewed at its expiry or after it; a renewal before it was of an earlier term."""
    return any(_since(renewal) >= _since(expiry) for renewal in renewals)


def _establishes(act: ActLike) -> bool:
    """Whether a party showed by it that it is bound: an instrument, its deposit, a definitive signature (art. 12)."""
    definitive = act.kind == ActKind.SIGNATURE and act.manner == SignatureManner.DEFINITIVE
    return definitive or act.kind in CONSENTS_TO_BE_BOUND or act.kind in _ESTABLISHING


def _standing(status: Status, acts: list[ActLike], *, whom: bool = False) -> Standing:
    """A status since the first of `acts`; with `whom`, for those it is told of, if it is not told of all."""
    told_of_all = not whom or any(subject(act) == WHOLE for act in acts)
    names = () if told_of_all else tuple(dict.fromkeys(name_of(subject(act)) for act in acts))
    scopes = dict.fromkeys(act.scope for act in acts)
    scope = "; ".join(scopes) if all(scopes) else ""
    return Standing(status, takes_effect(acts[0]), names, ActKind(acts[0].kind), scope)


def _unsettled(acts: list[ActLike], on: date) -> Status:
    """In preparation, or not known: an act without a date did happen."""
    later = any(
        act.kind not in PREPARATORY
        for act in acts
        if not act.is_retracted and not (act.when.on is not None and act.when.on > on)
    )
    return Status.UNKNOWN if later else Status.IN_PREPARATION
