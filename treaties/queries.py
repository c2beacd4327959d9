"""Reads of the record that are more than one line. Each starts from what the reader may know of."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import CharField, Count, F, Prefetch, Q, QuerySet, Value
from django.db.models.functions import Cast
from django.http import QueryDict
from django.utils import timezone
from django.utils.safestring import SafeString

from accounts.models import Person
from treaties import found_by, search
from treaties.asking import Reading
from treaties.choices import INVERSE, ActKind, Kind, PartyKind, Qualification, RelationKind, Stage, Status
from treaties.clauses import BELGIUM
from treaties.dates import PartialDate
from treaties.filters import ORDER, TreatyFilter
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
    TreatyTheme,
)
from treaties.models.treaty import TreatyQuerySet
from treaties.sides import is_bilateral
from treaties.status import PartyStanding, Standing, derive, per_party

PAGE_SIZE = 25


@dataclass(frozen=True)
class FacetValue:
    value: str
    label: str
    count: int
    selected: bool


@dataclass
class Row:
    """One treaty in a list: the search document, the treaty, its title and one in another language, hits marked.

    `signed` is the first signature, as precise as known: the search document only keeps its first day.
    """

    document: SearchDocument
    treaty: Treaty
    title: SafeString | str
    other: SafeString | str = ""
    signed: PartialDate | None = None
    # Why it was found, where the row does not show it.
    reasons: list[found_by.Reason] = field(default_factory=list)


_CHOICES: Mapping[str, Mapping[str, object]] = {
    "kind": dict(Kind.choices),
    "qualification": dict(Qualification.choices),
    "status": dict(Status.choices),
    "stage": dict(Stage.choices),
}
_ARRAYS = {"country": "country_codes", "theme": "theme_slugs"}


def found(person: Person, data: QueryDict) -> TreatyFilter:
    """The filter over everything `person` may know of, bound to the address."""
    return TreatyFilter(data, SearchDocument.objects.visible_to(person))


def in_order(filterset: TreatyFilter) -> QuerySet[SearchDocument]:
    """The found documents in the asked order; unknown values in the address are left out, not an error."""
    return filterset.qs.order_by(*ORDER[filterset.order]).defer("words").select_related("treaty")


def rows(
    documents: Iterable[SearchDocument], words: str, countries: Sequence[str] = (), reading: Reading | None = None
) -> list[Row]:
    """List rows with titles, parties and highlights; the same number of queries for 1 and for 30.

    `words` and `countries` are what was asked for: where the row does not show them, it says why it was found.
    `reading` is that of the words, where it was made already.
    """
    listed = list(documents)
    keys = [document.pk for document in listed]
    by_pk = {treaty.pk: treaty for treaty in Treaty.objects.filter(pk__in=keys).prefetch_related(*_shown(words))}
    shown = [title for treaty in by_pk.values() for title in (treaty.best_title, treaty.other_title) if title]
    marked = search.highlights(shown, words)
    reasons = found_by.by_words(list(by_pk.values()), words, reading)
    found = [_row(document, by_pk[document.pk], marked) for document in listed]
    for row in found:
        row.reasons = [*found_by.by_country(row.treaty, countries), *reasons.get(row.treaty.pk, ())]
    return found


def _shown(words: str) -> list[Any]:
    """What a row reads of a treaty; all that is searched of it where there are words to explain."""
    links = TreatyParty.objects.select_related("party__parent")
    standing = Act.objects.filter(is_retracted=False)
    shown: list[Any] = [
        "titles",
        Prefetch("party_links", links),
        Prefetch("acts", standing, "standing_acts"),
    ]
    if words:
        themes = Prefetch("theme_links", TreatyTheme.objects.select_related("theme__parent"))
        shown += ["party_links__party__names", themes, "identifiers"]
    return shown


def _row(document: SearchDocument, treaty: Treaty, marked: Mapping[int, SafeString]) -> Row:
    best, other = treaty.best_title, treaty.other_title
    acts: list[Act] = treaty.standing_acts  # type: ignore[attr-defined]  # of the prefetch
    return Row(
        document=document,
        treaty=treaty,
        title=marked.get(best.pk, best.text) if best else treaty.reference,
        other=marked.get(other.pk, other.text) if other else "",
        signed=next((act.when for act in acts if act.kind == ActKind.SIGNATURE and act.on), None),
    )


def facets(filterset: TreatyFilter) -> dict[str, list[FacetValue]]:
    """Counts per value and dimension, each dimension counted without its own filter; one query."""
    counted = [_counts(filterset, name) for name in TreatyFilter.FACETS]
    united = counted[0].union(*counted[1:], all=True)
    found: dict[str, dict[str, int]] = {name: {} for name in TreatyFilter.FACETS}
    for dimension, value, count in united:
        found[dimension][value] = count
    for name, counts in found.items():
        # What was chosen and finds nothing still has a name.
        counts.update((value, 0) for value in filterset.chosen(name) if value not in counts)
    labels = _labels(found)
    return {name: _values(filterset, name, counts, labels[name]) for name, counts in found.items()}


def _counts(filterset: TreatyFilter, name: str) -> QuerySet[SearchDocument, tuple[str, str, int]]:
    column = search.unnest(_ARRAYS[name]) if name in _ARRAYS else F(name)
    rows = filterset.narrow(skip=name).order_by()
    return (
        rows.annotate(dimension=Value(name), value=Cast(column, CharField()) if name in _ARRAYS else column)
        .values("dimension", "value")
        .annotate(n=Count("*"))
        .values_list("dimension", "value", "n")
    )


def _labels(found: Mapping[str, Mapping[str, int]]) -> dict[str, Mapping[str, object]]:
    parties = {party.code: party.name for party in Party.objects.filter(code__in=found["country"])}
    themes = {theme.slug: theme.name for theme in Theme.objects.filter(slug__in=found["theme"])}
    return {"country": parties, "theme": themes, **_CHOICES}


def _values(
    filterset: TreatyFilter, name: str, counts: Mapping[str, int], labels: Mapping[str, object]
) -> list[FacetValue]:
    chosen = set(filterset.chosen(name))
    values = [
        FacetValue(value, str(labels.get(value, value)), counts.get(value, 0), value in chosen)
        for value in counts
        if value
    ]
    return sorted(values, key=lambda entry: (-entry.count, entry.label))


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


def page(person: Person, reference: str, on: date | None = None) -> TreatyPage | None:
    """The page of one treaty as `person` may see it; None where there is nothing to see."""
    treaty = (
        full()
        .visible_to(person)
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
        documents=list(Document.objects.visible_to(person).filter(treaty=treaty).select_related("about")),
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
    counts = _per_value(person, "country_codes")
    return [(party, counts[party.code]) for party in Party.objects.filter(code__in=counts)]


def theme_counts(person: Person) -> list[tuple[Theme, int]]:
    """Each theme in use with the number of treaties under it, policy domains included."""
    counts = _per_value(person, "theme_slugs")
    return [(theme, counts[theme.slug]) for theme in Theme.objects.filter(slug__in=counts).select_related("parent")]


def _per_value(person: Person, column: str) -> dict[str, int]:
    documents = SearchDocument.objects.visible_to(person).annotate(one=search.unnest(column))
    return dict(documents.values("one").annotate(n=Count("*")).values_list("one", "n"))
