"""How many sides an instrument has: the Flemish governments are one, and Belgium speaks for its entities.

Pure: parties in, answers out.
"""

from collections.abc import Iterable
from typing import Protocol

from treaties.choices import PartyKind
from treaties.clauses import BELGIUM, FLEMISH


class PartyLike(Protocol):
    @property
    def code(self) -> str: ...

    @property
    def kind(self) -> str: ...


def sides(parties: Iterable[PartyLike]) -> frozenset[str]:
    """The code of each side; of the Flemish Community and the Flemish Region together one."""
    parties = list(parties)
    is_national = any(party.code == BELGIUM for party in parties)
    return frozenset(_side(party, is_national=is_national) for party in parties)


def is_bilateral(parties: Iterable[PartyLike]) -> bool:
    """Whether it has two sides: what ends it for one of them, ends it (Vienna Convention, art. 54–56)."""
    return len(sides(parties)) == 2


def _side(party: PartyLike, *, is_national: bool) -> str:
    if party.kind == PartyKind.BELGIAN_ENTITY or party.code in FLEMISH:
        if is_national:
            return BELGIUM
        return "Flanders" if party.code in FLEMISH else party.code
    return party.code
