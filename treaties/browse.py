"""The ways in by country and by theme: who and what there are treaties with, and what belongs together."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.paginator import Page
from django.db.models import Count, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from treaties import queries
from treaties.choices import PartyKind, Status
from treaties.filters import ORDER
from treaties.listing import paged
from treaties.models import Party, SearchDocument, Theme
from treaties.queries import Row
from treaties.sorting import plain, sort_key

# Longest text looked for among names (characters).
NAME_LIMIT = 100

CONTINENTS = (
    ("europe", _("Europe")),
    ("africa", _("Africa")),
    ("america", _("America")),
    ("asia", _("Asia")),
    ("oceania", _("Oceania")),
    ("antarctica", _("Antarctica")),
    ("", _("Other countries")),
)
_OTHER_KINDS = (
    (PartyKind.FORMER_STATE, _("Former states")),
    (PartyKind.REGION, _("Regions")),
    (PartyKind.ORGANISATION, _("International organisations")),
    (PartyKind.BELGIAN_ENTITY, _("Belgian entities")),
)
_COUNTRIES = (PartyKind.STATE, PartyKind.TERRITORY)

Counted = tuple[Party, int]


@dataclass(frozen=True)
class Section:
    label: object
    parties: list[Counted]


def countries(person: Person, words: str = "") -> list[Section]:
    """Countries by continent, then the other kinds of party; only those with treaties, and with `words` in a name."""
    wanted = plain(words[:NAME_LIMIT]).strip()
    counted = [pair for pair in queries.country_counts(person) if not wanted or _is_called(pair[0], wanted)]
    counted.sort(key=lambda pair: sort_key(pair[0].name))
    sections = [
        Section(label, [(party, n) for party, n in counted if party.kind in _COUNTRIES and party.continent == code])
        for code, label in CONTINENTS
    ]
    sections += [
        Section(label, [(party, n) for party, n in counted if party.kind == kind]) for kind, label in _OTHER_KINDS
    ]
    return [section for section in sections if section.parties]


def _is_called(party: Party, wanted: str) -> bool:
    names = (party.code, party.name_nl, party.name_en, party.name_fr, party.name_de, *party.aliases)
    return any(wanted in plain(name) for name in names)


@dataclass(frozen=True)
class Shelf:
    """The treaties found under one country or theme: a page of them, and how many have which status."""

    page: Page[SearchDocument]
    rows: list[Row]
    statuses: list[tuple[str, str, int]]

    @property
    def count(self) -> int:
        return self.page.paginator.count


def _shelf(documents: QuerySet[SearchDocument], data: QueryDict) -> Shelf:
    counts = dict(documents.order_by().values("status").annotate(n=Count("pk")).values_list("status", "n"))
    page = paged(documents.order_by(*ORDER["newest"]).defer("words"), data)
    return Shelf(
        page=page,
        rows=queries.rows(page.object_list, ""),
        statuses=[(status.value, str(status.label), counts[status]) for status in Status if status in counts],
    )


@dataclass(frozen=True)
class CountryView:
    """What the page of a country or other party draws."""

    party: Party
    shelf: Shelf
    # What is found under it too: its regions, the former states it came from.
    under: list[Counted]
    # Under what it is found itself: the state it is part of, the states that came after it.
    found_under: list[Party]

    @property
    def names(self) -> list[tuple[str, list[str]]]:
        """Each name with the languages it is the name in."""
        found: dict[str, list[str]] = {}
        for language in ("nl", "en", "fr", "de"):
            if name := getattr(self.party, f"name_{language}"):
                found.setdefault(name, []).append(language)
        return list(found.items())


def country(person: Person, code: str, data: QueryDict) -> CountryView | None:
    """The page of a party; None where there is no such code."""
    party = Party.objects.select_related("parent").filter(code=code).first()
    if party is None:
        return None
    documents = SearchDocument.objects.visible_to(person).filter(country_codes__contains=[party.code])
    counted = queries.country_counts(person)
    above = list(Party.objects.filter(code__in=party.successors))
    return CountryView(
        party=party,
        shelf=_shelf(documents, data),
        under=[(one, n) for one, n in counted if one.parent_id == party.pk or party.code in one.successors],
        found_under=[*([party.parent] if party.parent else []), *above],
    )


@dataclass(frozen=True)
class Domain:
    """A policy domain with its fields; `count` is empty for a domain of which only fields are in use."""

    theme: Theme
    count: int | None
    fields: list[tuple[Theme, int]]


def themes(person: Person) -> list[Domain]:
    """Policy domains with their fields, only those in use."""
    return list(_domains(queries.theme_counts(person)))


def _domains(counted: Iterable[tuple[Theme, int]]) -> Iterable[Domain]:
    counts = sorted(counted, key=lambda pair: sort_key(pair[0].name))
    heads = {theme.pk: theme for theme, _n in counts if theme.parent is None}
    heads |= {theme.parent.pk: theme.parent for theme, _n in counts if theme.parent}
    own = {theme.pk: n for theme, n in counts}
    for head in sorted(heads.values(), key=lambda theme: sort_key(theme.name)):
        yield Domain(head, own.get(head.pk), [(theme, n) for theme, n in counts if theme.parent_id == head.pk])


@dataclass(frozen=True)
class ThemeView:
    theme: Theme
    shelf: Shelf
    fields: list[tuple[Theme, int]]


def theme(person: Person, slug: str, data: QueryDict) -> ThemeView | None:
    """The page of a policy domain or field; None where there is no such theme."""
    found = Theme.objects.select_related("parent").filter(slug=slug).first()
    if found is None:
        return None
    documents = SearchDocument.objects.visible_to(person).filter(theme_slugs__contains=[found.slug])
    fields = [(one, n) for one, n in queries.theme_counts(person) if one.parent_id == found.pk]
    return ThemeView(found, _shelf(documents, data), fields)
