"""Reads of the record that are more than one line. Each starts from what the reader may know of."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import get_language

from accounts.models import Person
from treaties import tallies
from treaties.choices import (
    CONTINENT_NAMES,
    INVERSE,
    Actor,
    Kind,
    Language,
    PartyKind,
    Qualification,
    RelationKind,
    Stage,
    Status,
)
from treaties.clauses import BELGIUM
from treaties.counts import having
from treaties.facets import ANY, NAMES, listed, name_of, number, value_of
from treaties.filters import ORDER, TreatyFilter
from treaties.known_names import names
from treaties.models import (
    Act,
    Declaration,
    Document,
    ForceClause,
    Party,
    Relation,
    SearchDocument,
    Theme,
    Treaty,
    TreatyParty,
    visible_access,
)
from treaties.models.treaty import TreatyQuerySet
from treaties.rows import Row, WholeRow, rows, whole_rows
from treaties.sides import is_bilateral
from treaties.status import PartyStanding, Standing, derive, per_party

__all__ = ["Row", "WholeRow", "rows", "whole_rows"]


# Made by the hundred for each list: not frozen, which would cost three times as much.
@dataclass(slots=True)
class FacetValue:
    """`count` is exact, or the least it can be where `at_least`."""

    value: str
    label: str
    count: int
    selected: bool
    at_least: bool = False


_CHOICES: Mapping[str, Mapping[str, object]] = {
    "kind": dict(Kind.choices),
    "qualification": dict(Qualification.choices),
    "status": dict(Status.choices),
    "stage": dict(Stage.choices),
    "awaited": dict(Actor.choices),
    "language": dict(Language.choices),
    "continent": CONTINENT_NAMES,
}


def found(person: Person, data: QueryDict) -> TreatyFilter:
    """The filter over everything `person` may know of, bound to the address."""
    return TreatyFilter(data, SearchDocument.objects.visible_to(person), person=person)


def widened(person: Person, data: QueryDict) -> TreatyFilter:
    """The same, where the last word may go on: *loodsgeld* for *loodsgeldtarieven*. For what else finds nothing."""
    return TreatyFilter(data, SearchDocument.objects.visible_to(person), person=person, is_widened=True)


def answered(person: Person, data: QueryDict) -> TreatyFilter:
    """What the list shows of this address: as it stands, or widened where its words find nothing."""
    filterset = found(person, data)
    wants = bool(filterset.values.get("q")) and not filterset.qs.exists()
    return widened(person, data) if wants else filterset


def in_order(filterset: TreatyFilter) -> QuerySet[SearchDocument]:
    """All found documents in the asked order, for lists without pages; the order of best matches is that of all."""
    rows = filterset.qs
    if filterset.order == "relevance":
        rows = rows.annotate(rank=filterset.rank)
    return rows.order_by(*ORDER[filterset.order]).defer("words")


# --- Facets ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Counted:
    """What a list is counted by; `total` is the least there can be where it is not exact."""

    facets: dict[str, list[FacetValue]]
    total: int
    is_exact: bool
    # The best matches of the page that was asked for, read with the counts.
    best: tallies.Best | None = None


def counted(filterset: TreatyFilter, wanted: tallies.Wanted | None = None) -> Counted:
    """Counts per value and dimension, each dimension counted without its own filter, and how many are found."""
    everything = filterset.asked()
    questions = {"": everything} | {name: filterset.asked(skip=name) for name in filterset.groups}
    tallied, best = tallies.tallies(questions, filterset.narrow(skip_facets=True), wanted)
    main = tallied[""]
    of_main = _by_dimension(main)
    values = {}
    for name in filterset.facets:
        tally = tallied.get(name, main)
        counts = of_main if tally is main else _by_dimension(tally)
        values[name] = _values(filterset, name, counts[name], not tally.is_exact)
    return Counted(values, *tallies.total(everything, main), best)


def facets(filterset: TreatyFilter) -> dict[str, list[FacetValue]]:
    """The same, of the facets alone."""
    return counted(filterset).facets


def _by_dimension(tally: tallies.Tally) -> dict[str, dict[int, int]]:
    """Dimension → facet → its count."""
    grouped: dict[str, dict[int, int]] = {name: {} for name in NAMES}
    for facet, n in tally.by.items():
        if facet != ANY:
            grouped[name_of(facet)][facet] = n
    return grouped


_NAMED = ("country", "organisation", "theme")


def _values(filterset: TreatyFilter, name: str, counts: Mapping[int, int], least: bool) -> list[FacetValue]:
    """Codes and names of those with treaties, and of those chosen: what was chosen and finds nothing still has a name.

    Most frequent first, then by name.
    """
    chosen = filterset.groups.get(name, ())
    every = {**dict.fromkeys(sorted(chosen), 0), **counts}
    said = names(every) if name in _NAMED else _fixed(get_language())
    found = []
    for facet, n in every.items():
        code, label = said.get(facet) or (str(value_of(facet)),) * 2
        found.append(FacetValue(code, label, n, facet in chosen, least and facet in counts))
    found.sort(key=_most_first)
    return found


def _most_first(value: FacetValue) -> tuple[int, str]:
    return -value.count, value.label


@lru_cache(maxsize=8)
def _fixed(language: str | None) -> Mapping[int, tuple[str, str]]:
    """Facet → code and name, of the dimensions that have a fixed list."""
    return {
        number(name, value): (value, str(label))
        for name, choices in _CHOICES.items()
        for value, label in choices.items()
        if value in listed(name)
    }


@dataclass
class TreatyPage:
    """Everything the page of one treaty shows from the record."""

    treaty: Treaty
    acts: list[Act]
    standing: Standing
    # How each party stands, and who else has acts of its own, by name.
    parties: dict[str, PartyStanding] = field(default_factory=dict)
    declarations: list[Declaration] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    # Key of a paper → key of the version it comes after; also of papers the reader may not see.
    replaced: Mapping[int, int] = field(default_factory=dict)
    # What the treaty is to the other one, in words; the other one, None where that is not in the register.
    relations: list[tuple[object, Treaty | None, Relation]] = field(default_factory=list)
    clause: ForceClause | None = None
    # On the page of an earlier day: acts without a date, of which nobody knows whether they were there yet.
    undated: list[Act] = field(default_factory=list)


def full() -> TreatyQuerySet:
    """Treaties with everything their page needs."""
    return Treaty.objects.prefetch_related(
        "titles",
        Prefetch("party_links", TreatyParty.objects.select_related("party", "territory")),
        "theme_links__theme__parent",
        "identifiers",
        Prefetch("acts", Act.objects.filter(is_retracted=False).select_related("party", "territory")),
    )


def standings(treaty: Treaty, acts: Iterable[Act], on: date) -> tuple[Standing, dict[str, PartyStanding]]:
    """The status of `treaty` on `on`, and that of each party and of who else acted, by name.

    Its parties have been read. A Belgian entity of which nothing is said stands as Belgium does.
    """
    acts = list(acts)
    parties = [link.party for link in treaty.party_links.all()]
    known = {party.name: party for party in [*parties, *(act.party for act in acts if act.party)]}
    # Who acted is a side too, though the list of parties does not name it.
    two = is_bilateral(known.values())
    found = per_party(acts, on, known, is_treaty=treaty.is_treaty, is_bilateral=two)
    national = next((found[name] for name, party in known.items() if party.code == BELGIUM), None)
    for name, party in known.items():
        silent = found[name].standing.status == Status.UNKNOWN
        if national and silent and party.kind == PartyKind.BELGIAN_ENTITY:
            found[name] = national
    return derive(acts, on, is_treaty=treaty.is_treaty, is_bilateral=two), found


def page(person: Person, reference: str, on: date | None = None, *, once_public: bool = False) -> TreatyPage | None:
    """The page of one treaty as `person` may see it; None where there is nothing to see.

    `once_public`: as if the record itself were public, for a preview; nothing else of it is read otherwise.
    """
    papers = Document.objects.once_public() if once_public else Document.objects.visible_to(person)
    treaty = (
        (full() if once_public else full().visible_to(person))
        .select_related("search", "force_clause", "depositary")
        .filter(reference=reference)
        .first()
    )
    if treaty is None:
        return None
    acts = list(treaty.acts.all())
    overall, parties = standings(treaty, acts, on or timezone.localdate())
    return TreatyPage(
        treaty=treaty,
        acts=acts,
        standing=overall,
        parties=parties,
        declarations=list(treaty.declarations.filter(is_retracted=False).select_related("party")),
        documents=list(papers.filter(treaty=treaty).select_related("about")),
        replaced=dict(_replaced(treaty)),
        relations=_relations(person, treaty),
        clause=getattr(treaty, "force_clause", None),
    )


def _replaced(treaty: Treaty) -> Iterable[tuple[int, int]]:
    """Which version comes after which: of every paper, for one that may not be seen can lie between two that may."""
    return Document.objects.filter(treaty=treaty, replaces__isnull=False).values_list("pk", "replaces_id")


def _relations(person: Person, treaty: Treaty) -> list[tuple[object, Treaty | None, Relation]]:
    """Relations from and to `treaty`, with the other treaty; none to what `person` may not know of.

    In the order of the kinds, so that what is said in the same words stands together.
    """
    visible = Treaty.objects.visible_to(person)
    to_others = Q(treaty=treaty) & (Q(other__in=visible) | Q(other__isnull=True))
    found = (
        Relation.objects.filter(to_others | Q(other=treaty, treaty__in=visible))
        .select_related("treaty", "other")
        .prefetch_related("treaty__titles", "other__titles")
    )
    order = {kind: place for place, kind in enumerate(RelationKind)}
    in_order = sorted(found, key=lambda one: (one.treaty_id != treaty.pk, order[RelationKind(one.kind)], one.pk))
    return [
        (relation.get_kind_display(), relation.other, relation)
        if relation.treaty_id == treaty.pk
        else (INVERSE[RelationKind(relation.kind)], relation.treaty, relation)
        for relation in in_order
    ]


def country_counts(person: Person) -> list[tuple[Party, int]]:
    """Each country or other party with the number of treaties found under it, in name order."""
    counts = _per_value(person, "country")
    return [(party, counts[party.pk]) for party in Party.objects.filter(pk__in=counts)]


def theme_counts(person: Person) -> list[tuple[Theme, int]]:
    """Each theme in use with the number of treaties under it, policy domains included."""
    counts = _per_value(person, "theme")
    return [(theme, counts[theme.pk]) for theme in Theme.objects.filter(pk__in=counts).select_related("parent")]


def _per_value(person: Person, name: str) -> dict[Any, int]:
    kept = tallies.Tally(having(visible_access(person)))
    return {value_of(facet): n for facet, n in _by_dimension(kept)[name].items()}
