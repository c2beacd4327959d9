"""Saved and recent searches as their page shows them: what each asks, in words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.models import User
from treaties.choices import CONTINENT_NAMES, Actor, Kind, Language, Qualification, Stage, Status
from treaties.dates import parse
from treaties.filters import SORTS, TreatyFilter
from treaties.models import Party, SavedSearch, Theme
from treaties.texts import unfit

PAGE_SIZE = 50
# Of an address that is kept: its characters, and the signs between its parameters.
LONGEST = 4_000
MOST_PARTS = 500
# Recent searches shown under an empty search box.
RECENT = 5


@dataclass(frozen=True)
class Part:
    """One thing that is asked: by what, and what."""

    label: object
    text: str


@dataclass(frozen=True)
class Told:
    """A search: its address behind the question mark, what it says, and the row where it is saved."""

    query: str
    parts: list[Part]
    search: SavedSearch | None = None


@dataclass(frozen=True)
class Searches:
    """What the page of searches draws."""

    mine: list[Told]
    shared: list[Told]
    # Of `shared`.
    page: Page[SavedSearch]
    recent: list[Told]


def searches(person: User, recent: Sequence[str], number: str | None) -> Searches:
    """Everything on the page of searches; the same number of queries for one and for many."""
    mine = list(SavedSearch.objects.of(person))
    shared = SavedSearch.objects.shared_with(person).select_related("owner")
    page = Paginator(shared, PAGE_SIZE).get_page(number)
    theirs = list(page.object_list)
    all_told = iter(told([row.query for row in (*mine, *theirs)] + list(recent)))
    return Searches(
        mine=[Told(row.query, next(all_told), row) for row in mine],
        shared=[Told(row.query, next(all_told), row) for row in theirs],
        page=page,
        recent=[Told(query, next(all_told)) for query in recent],
    )


def told(queries: Iterable[str]) -> list[list[Part]]:
    """What each address of the list asks, in words. What no longer exists is told by its code."""
    asked = [QueryDict(query) for query in queries]
    names = _Names(asked)
    return [
        [Part(_label(name), _joined([names.of(name, value) for value in values])) for name, values in one.lists()]
        for one in asked
    ]


def recent_told(queries: Sequence[str]) -> list[Told]:
    """Recent searches as a list of links, the newest few; no query where there are none."""
    shown = queries[:RECENT]
    return [Told(query, parts) for query, parts in zip(shown, told(shown), strict=True)] if shown else []


def told_safely(query: str) -> list[Part]:
    """The same for one address that anybody may have typed; nothing for one that is no address."""
    return told([query])[0] if len(query) <= LONGEST and query.count("&") <= MOST_PARTS else []


def told_pairs(pairs: Iterable[tuple[str, str]]) -> list[Part]:
    """The same for parameters and values."""
    asked = QueryDict(mutable=True)
    for name, value in pairs:
        asked.appendlist(name, value)
    return told([asked.urlencode()])[0]


def _label(name: str) -> object:
    known: Any = TreatyFilter.base_filters.get(name)
    return known.label if known is not None else name


def _joined(values: list[str]) -> str:
    return f" {_('or')} ".join(values)


class _Names:
    """The names of the values in addresses; those of parties and themes are read at once, when one is needed."""

    _FIXED: Mapping[str, Mapping[str, object]] = {
        "kind": dict(Kind.choices),
        "qualification": dict(Qualification.choices),
        "status": dict(Status.choices),
        "stage": dict(Stage.choices),
        "awaited": dict(Actor.choices),
        "language": dict(Language.choices),
        "continent": CONTINENT_NAMES,
        "sort": SORTS,
    }

    def __init__(self, asked: Sequence[QueryDict]) -> None:
        self._asked = asked

    def of(self, name: str, value: str) -> str:
        if name in ("signed_after", "signed_before"):
            return _date(value)
        names: Mapping[str, object] = self._FIXED.get(name, {})
        if name in ("country", "organisation"):
            names = self._parties
        elif name == "theme":
            names = self._themes
        return capfirst(str(names[value])) if value in names else value

    @cached_property
    def _parties(self) -> dict[str, object]:
        codes = self._values("country") | self._values("organisation")
        return {party.code: party.name for party in Party.objects.filter(code__in=codes)}

    @cached_property
    def _themes(self) -> dict[str, object]:
        return {theme.slug: theme.name for theme in Theme.objects.filter(slug__in=self._values("theme"))}

    def _values(self, name: str) -> set[str]:
        # Anybody can type an address: what the database refuses is no code.
        return {value for one in self._asked for value in one.getlist(name) if not unfit(value, limit=200)}


def _date(value: str) -> str:
    try:
        return str(parse(value))
    except ValueError:
        return value
