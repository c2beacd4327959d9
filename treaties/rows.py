"""Rows of lists: what they show of a treaty, with hits marked, and why it was found where they do not show that."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils.safestring import SafeString

from treaties import asking, cards, document_text, found_by, search
from treaties.access import level_of
from treaties.asking import Meant, Reading
from treaties.choices import ActKind, Precision
from treaties.dates import PartialDate
from treaties.models import Act, Document, Party, SearchDocument, Title, Treaty, TreatyParty, TreatyTheme

_MARKED = re.compile(r"<mark>(.*?)</mark>")


@dataclass
class Row:
    """One treaty in a list: the search document, the treaty, its title and one in another language, hits marked.

    `signed` is the first signature, as precise as known: the search document only keeps its first day. `treaty` has
    its titles; its parties only in a list for programs (`whole_rows`), else `parties` are those that a row names.
    """

    document: SearchDocument
    treaty: Treaty
    title: SafeString | str
    other: SafeString | str = ""
    signed: PartialDate | None = None
    # The titles that are shown.
    best: Title | None = None
    second: Title | None = None
    parties: list[Party] = field(default_factory=list)
    others: int = 0
    # Why it was found, where the row does not show it.
    reasons: list[found_by.Reason] = field(default_factory=list)
    # The paper whose text has the words, and the words in it, where nothing else explains it.
    fragment: tuple[Document, SafeString] | None = None


def rows(
    documents: Iterable[SearchDocument], words: str, countries: Sequence[str] = (), reading: Reading | None = None
) -> list[Row]:
    """Rows of a page, from their cards; the same number of queries for 1 and for 30.

    `words` and `countries` are what was asked for: where the row does not show them, it says why it was found.
    `reading` is that of the words, where it was made already.
    `reading` is that of the words, where it was made already.
    """
    listed = list(documents)
    shown = cards.of([document.pk for document in listed])
    named = cards.named(shown.values())
    made = [_row(document, shown[document.pk], named) for document in listed if document.pk in shown]
    if words:
        reading = reading or asking.read(words)
        _mark(made, reading)
    if words or countries:
        _explain(made, words, countries, reading)
    return made


def _mark(made: Sequence[Row], reading: Reading) -> None:
    """Mark the hits in the titles that are shown; one query."""
    marked = search.highlights([title for row in made for title in (row.best, row.second) if title], reading.marks)
    for row in made:
        row.title = marked.get(row.best.pk, row.title) if row.best else row.title
        row.other = marked.get(row.second.pk, row.other) if row.second else row.other


def _row(document: SearchDocument, card: Mapping[str, Any], named: Mapping[int, Party]) -> Row:
    treaty = Treaty(
        pk=document.pk,
        reference=document.reference,
        kind=document.kind,
        qualification=document.qualification,
        access=level_of(document.access),
        is_demo=card["demo"],
    )
    treaty._prefetched_objects_cache = {"titles": cards.titles(card, treaty)}  # type: ignore[attr-defined]
    signed, best, second = card["signed"], treaty.best_title, treaty.other_title
    return Row(
        document=document,
        treaty=treaty,
        title=best.text if best else document.reference,
        other=second.text if second else "",
        best=best,
        second=second,
        signed=PartialDate(date.fromisoformat(signed[0]), Precision(signed[1])) if signed else None,
        parties=[named[key] for key in card["parties"]],
        others=card["others"],
    )


def _explain(made: list[Row], words: str, countries: Sequence[str], reading: Reading | None) -> None:
    """Say why each row was found, where it does not show it; of most rows nothing more has to be read."""
    _by_country([row for row in made if not {*countries} <= {party.code for party in row.parties}], countries)
    unclear = [row for row in made if reading and not _shows(row, reading)]
    if not reading or not unclear:
        return
    whole = {treaty.pk: treaty for treaty in all_of([row.treaty.pk for row in unclear], names=True)}
    reasons = found_by.by_words(list(whole.values()), words, reading)
    for row in unclear:
        row.reasons += reasons.get(row.treaty.pk, ())
    silent = [whole[row.treaty.pk] for row in unclear if not row.reasons]
    if silent:
        near = next(iter(reading.terms)).text if reading.terms else ""
        hits = document_text.fragments(silent, Meant(reading.marks), near)
        for row in unclear:
            row.fragment = hits.get(row.treaty.pk)


def _by_country(unclear: Sequence[Row], countries: Sequence[str]) -> None:
    """Say by which party each is found under these countries: one query, of those parties alone."""
    if not unclear or not countries:
        return
    under = Q(party__code__in=countries) | Q(party__parent__code__in=countries)
    links = TreatyParty.objects.filter(
        under | Q(party__successors__overlap=list(countries)), treaty__in=[row.treaty.pk for row in unclear]
    )
    fitting: dict[int, list[Party]] = {}
    for link in links.select_related("party__parent"):
        fitting.setdefault(link.treaty_id, []).append(link.party)
    for row in unclear:
        shown = {party.pk for party in row.parties}
        row.reasons += found_by.by_country(fitting.get(row.treaty.pk, []), shown, countries)


def _shows(row: Row, reading: Reading) -> bool:
    titles = f"{row.title} {row.other}"
    return found_by.shows(_MARKED.findall(titles), [party.name for party in row.parties], reading)


def all_of(keys: Sequence[int], *, names: bool) -> QuerySet[Treaty]:
    """Treaties with what a list for programs says of them; with all that is searched of them where `names`."""
    links = TreatyParty.objects.select_related("party__parent")
    standing = Act.objects.filter(is_retracted=False)
    shown: list[Any] = ["titles", Prefetch("party_links", links), Prefetch("acts", standing, "standing_acts")]
    if names:
        themes = Prefetch("theme_links", TreatyTheme.objects.select_related("theme__parent"))
        shown += ["party_links__party__names", themes, "identifiers", "documents"]
    return Treaty.objects.filter(pk__in=keys).prefetch_related(*shown)


def whole_rows(documents: Iterable[SearchDocument]) -> list[Row]:
    """Rows with every party, for files that programs read."""
    listed = list(documents)
    whole = {treaty.pk: treaty for treaty in all_of([document.pk for document in listed], names=False)}
    return [_whole_row(document, whole[document.pk]) for document in listed if document.pk in whole]


def _whole_row(document: SearchDocument, treaty: Treaty) -> Row:
    acts: list[Act] = treaty.standing_acts  # type: ignore[attr-defined]  # of the prefetch
    signed = next((act.when for act in acts if act.kind == ActKind.SIGNATURE and act.on), None)
    parties = [link.party for link in treaty.party_links.all()]
    return Row(document=document, treaty=treaty, title=treaty.title, signed=signed, parties=parties)
