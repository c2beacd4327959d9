"""What treaties are counted and filtered by, as numbers: an index of numbers is small, and read in one go.

A facet is one number: its dimension times a million, plus what it is there: the key of a party or theme, the place of
a value among its choices, a year. Numbers are made again by `manage.py rebuild_search`, so they promise nothing;
addresses use codes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from treaties.choices import CONTINENT_NAMES, Actor, Kind, Language, PartyKind, Qualification, Stage, Status
from treaties.models import Party, Treaty

_STEP = 1_000_000
# Stands for any document in counts.
ANY = 0

# Dimensions by their name in addresses, with the values of those that have a fixed list. The order is the number.
_LISTS: Mapping[str, tuple[str, ...]] = {
    "country": (),
    "theme": (),
    "kind": tuple(Kind.values),
    "qualification": tuple(Qualification.values),
    "status": tuple(Status.values),
    "stage": tuple(Stage.values),
    "year": (),
    "awaited": tuple(Actor.values),
    "organisation": (),
    "language": tuple(Language.values),
    "continent": tuple(CONTINENT_NAMES),
}
NAMES = tuple(_LISTS)
# What only those may count who may see what is not public: dossiers tell it.
INTERNAL = frozenset({"awaited"})


def number(name: str, value: str | int) -> int:
    """The facet of dimension `name`: `value` is a key or year, or one of the fixed list. Raises `ValueError`."""
    base = (NAMES.index(name) + 1) * _STEP
    return base + (value if isinstance(value, int) else _LISTS[name].index(value) + 1)


def listed(name: str) -> tuple[str, ...]:
    """The values of a dimension that has a fixed list."""
    return _LISTS[name]


def name_of(facet: int) -> str:
    """The dimension of a facet."""
    return NAMES[facet // _STEP - 1]


def value_of(facet: int) -> int | str:
    """What it is in its dimension: a key, a year, or the value of the fixed list."""
    listed, place = _LISTS[name_of(facet)], facet % _STEP
    return listed[place - 1] if listed else place


def told(stage: str, awaited: str) -> list[int]:
    """Facets of what the procedure tells."""
    pairs = (("stage", stage), ("awaited", awaited))
    return [number(name, value) for name, value in pairs if value]


@dataclass(frozen=True)
class Told:
    """What the procedure tells of an instrument, kept when its document is made again."""

    stage: str = ""
    awaited: str = ""


def of(treaty: Treaty, *, status: str, signed_on: date | None, known: Mapping[str, Party], told_: Told) -> list[int]:
    """All facets of a treaty, in order. `known` has the parties by code; its links, with parents, have been read."""
    parties = [link.party for link in treaty.party_links.all()]
    found = set(told(told_.stage, told_.awaited))
    found |= set(_of_parties(parties, known)) | set(_of_organisations(treaty, parties))
    for link in treaty.theme_links.all():
        found |= {number("theme", key) for key in (link.theme_id, link.theme.parent_id) if key}
    found |= {number("kind", treaty.kind), number("qualification", treaty.qualification), number("status", status)}
    found |= {number("language", language) for language in treaty.authentic_languages}
    if signed_on:
        found.add(number("year", signed_on.year))
    return sorted(found)


def _of_parties(parties: Iterable[Party], known: Mapping[str, Party]) -> Iterable[int]:
    """Under which countries it is found: each party, the state it is part of, its successors; and their continents."""
    for party in parties:
        for one in [party, *(known[code] for code in party.country_codes if code in known)]:
            yield number("country", one.pk)
            if one.continent in CONTINENT_NAMES:
                yield number("continent", one.continent)


def _of_organisations(treaty: Treaty, parties: Iterable[Party]) -> Iterable[int]:
    """Organisations that are party to it or keep it."""
    around = [*parties, *([treaty.depositary] if treaty.depositary else [])]
    return (number("organisation", one.pk) for one in around if one.kind == PartyKind.ORGANISATION)
