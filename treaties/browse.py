"""The ways in by country and by theme: who and what there are treaties with, and what belongs together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Person
from treaties import queries
from treaties.choices import CONTINENT_NAMES, Language, NameKind, PartyKind, Precision, Status
from treaties.dates import PartialDate
from treaties.listing import page_of
from treaties.models import Party, PartyName, Theme
from treaties.pages import ListPage
from treaties.queries import Row
from treaties.sorting import plain, sort_key

# Longest text looked for among names (characters).
NAME_LIMIT = 100

CONTINENTS = (*CONTINENT_NAMES.items(), ("", gettext_lazy("Other countries")))
_OTHER_KINDS = (
    (PartyKind.FORMER_STATE, gettext_lazy("Former states")),
    (PartyKind.REGION, gettext_lazy("Regions")),
    (PartyKind.ORGANISATION, gettext_lazy("International organisations")),
    (PartyKind.BELGIAN_ENTITY, gettext_lazy("Belgian entities")),
)
_COUNTRIES = (PartyKind.STATE, PartyKind.TERRITORY)


@dataclass(frozen=True)
class Counted:
    """A party with the number of treaties found under it; `called` is the name it was looked for by, where the
    list does not show that name."""

    party: Party
    count: int
    called: PartyName | None = None

    @property
    def called_before(self) -> bool:
        """Whether that is a former name: one that it had to its own end is not."""
        return bool(self.called and self.called.valid_to and self.called.valid_to != self.party.valid_to)


@dataclass(frozen=True)
class Section:
    label: object
    parties: list[Counted]


def countries(person: Person, words: str = "") -> list[Section]:
    """Countries by continent, then the other kinds of party; only those with treaties, and with `words` in a name."""
    wanted = plain(words[:NAME_LIMIT]).strip()
    counted = [Counted(party, n) for party, n in queries.country_counts(person)]
    if wanted:
        names = _names_with(wanted, [one.party for one in counted])
        counted = [one for one in (_called(one, wanted, names) for one in counted) if one]
    counted.sort(key=lambda one: sort_key(one.party.name))
    sections = [
        Section(label, [one for one in counted if one.party.kind in _COUNTRIES and one.party.continent == code])
        for code, label in CONTINENTS
    ]
    sections += [Section(label, [one for one in counted if one.party.kind == kind]) for kind, label in _OTHER_KINDS]
    return [section for section in sections if section.parties]


def _names_with(wanted: str, parties: Iterable[Party]) -> dict[int, PartyName]:
    """Party id → a name of it with `wanted`, the one most like it; those of today before former ones."""
    names = PartyName.objects.filter(party__in=list(parties))
    fitting = [name for name in names if wanted in plain(name.text)]
    fitting.sort(key=lambda name: (plain(name.text) != wanted, name.valid_to is not None, len(name.text)), reverse=True)
    return {name.party_id: name for name in fitting}


def _called(one: Counted, wanted: str, names: Mapping[int, PartyName]) -> Counted | None:
    """The party where it is called so, with the name if that is not the one shown; None where it is not."""
    party = one.party
    if wanted in plain(party.name) or wanted == plain(party.code):
        return one
    if party.pk in names:
        return replace(one, called=names[party.pk])
    others = (party.code, party.name_nl, party.name_en, party.name_fr, party.name_de, *party.aliases)
    return one if any(wanted in plain(name) for name in others) else None


@dataclass(frozen=True)
class Shelf:
    """The treaties found under one country or theme: a page of them, and how many have which status."""

    page: ListPage
    rows: list[Row]
    statuses: list[tuple[str, str, int]]

    @property
    def count(self) -> int:
        return self.page.total


def _shelf(person: Person, facet: str, code: str, data: QueryDict) -> Shelf:
    filterset = queries.found(person, QueryDict(f"{facet}={code}"))
    counted = queries.counted(filterset)
    page = page_of(filterset, data, counted)
    counts = {value.value: value.count for value in counted.facets["status"]}
    return Shelf(
        page=page,
        rows=queries.rows(page.documents, "", filterset.chosen("country")),
        statuses=[(status.value, str(status.label), counts[status]) for status in Status if status in counts],
    )


@dataclass(frozen=True)
class NamePeriod:
    """Names that a party has or had in the same period and of the same kind, each with its languages."""

    kind: object
    valid_from: date | None
    valid_to: date | None
    names: list[tuple[str, list[str]]]

    @property
    def period(self) -> str:
        return period(self.valid_from, self.valid_to)


def period(start: date | None, end: date | None) -> str:
    """“since 17 May 1997”; empty where neither day is known."""
    days = {"start": PartialDate(start, Precision.DAY), "end": PartialDate(end, Precision.DAY)}
    if start and end:
        return _("from %(start)s until %(end)s") % days
    if start:
        return _("since %(start)s") % days
    return _("until %(end)s") % days if end else ""


@dataclass(frozen=True)
class CountryView:
    """What the page of a country or other party draws."""

    party: Party
    shelf: Shelf
    # What is found under it too: its regions, the former states it came from.
    under: list[Counted]
    # Under what it is found itself: the state it is part of, the states that came after it.
    found_under: list[Party]
    # Parties of the past that it came after, with treaties or not.
    came_after: list[Party]
    own: list[NamePeriod]
    former: list[NamePeriod]

    @property
    def names(self) -> list[tuple[str, list[str]]]:
        """Each name with the languages it is the name in."""
        return _by_text((language, getattr(self.party, f"name_{language}")) for language in ("nl", "en", "fr", "de"))

    @property
    def existed(self) -> str:
        return period(self.party.valid_from, self.party.valid_to)

    @property
    def successors(self) -> list[Party]:
        return [party for party in self.found_under if party.code in self.party.successors]


def _by_text(names: Iterable[tuple[str, str]]) -> list[tuple[str, list[str]]]:
    found: dict[str, list[str]] = {}
    for language, name in names:
        if name:
            found.setdefault(name, []).append(language)
    return list(found.items())


def _periods(names: Iterable[PartyName]) -> list[NamePeriod]:
    """Names side by side that hold in the same period, oldest first."""
    together: dict[tuple[str, date | None, date | None], list[PartyName]] = {}
    for name in names:
        together.setdefault((name.kind, name.valid_from, name.valid_to), []).append(name)
    ordered = sorted(together.items(), key=lambda pair: (_KINDS.index(pair[0][0]), pair[0][1] or date.min))
    order = list(Language.values)
    return [
        NamePeriod(
            NameKind(kind).label,
            start,
            end,
            _by_text(
                (one.language, one.text) for one in sorted(of, key=lambda one: (order.index(one.language), one.pk))
            ),
        )
        for (kind, start, end), of in ordered
    ]


_KINDS = list(NameKind.values)


def country(person: Person, code: str, data: QueryDict) -> CountryView | None:
    """The page of a party; None where there is no such code."""
    party = Party.objects.select_related("parent").prefetch_related("names").filter(code=code).first()
    if party is None:
        return None
    counted = queries.country_counts(person)
    above = list(Party.objects.filter(code__in=party.successors))
    names = list(party.names.all())
    return CountryView(
        party=party,
        shelf=_shelf(person, "country", party.code, data),
        under=[Counted(one, n) for one, n in counted if one.parent_id == party.pk or party.code in one.successors],
        found_under=[*([party.parent] if party.parent else []), *above],
        came_after=list(Party.objects.filter(successors__contains=[party.code])),
        # What a party was called to its own end is no former name of it.
        own=_periods(name for name in names if name.valid_to in (None, party.valid_to)),
        former=_periods(name for name in names if name.valid_to not in (None, party.valid_to)),
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
    fields = [(one, n) for one, n in queries.theme_counts(person) if one.parent_id == found.pk]
    return ThemeView(found, _shelf(person, "theme", found.slug, data), fields)
