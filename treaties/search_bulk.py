"""The search documents of many treaties at once: the same as `treaties.search.refresh` makes one by one.

Made of the pieces of `treaties.words`, so that there is one rule of what is found and how it weighs;
`tests/treaties/test_search_bulk.py` holds both to the same documents.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Max, Prefetch, QuerySet
from django.utils import timezone

from treaties import asking, cards, counts, document_text, search, words
from treaties.choices import Access
from treaties.facets import Told
from treaties.models import Act, ListCard, Party, SearchDocument, Treaty, TreatyParty, TreatyTheme

_AT_ONCE = 200


# While a load runs: every party with its names, read once.
_held: ContextVar[dict[int, Party] | None] = ContextVar("parties_of_a_load", default=None)


@contextmanager
def parties_read_once() -> Iterator[None]:
    """For loads that refresh many times and change no party: they are read at the beginning, not each time."""
    token = _held.set(_parties())
    try:
        yield
    finally:
        _held.reset(token)


def _parties() -> dict[int, Party]:
    held = _held.get()
    return Party.objects.select_related("parent").prefetch_related("names").in_bulk() if held is None else held


def refresh_many(keys: Sequence[int], *, today: date | None = None) -> None:
    """Make the search documents of these treaties again from their record."""
    for start in range(0, len(keys), _AT_ONCE):
        refresh_these(list(_whole(keys[start : start + _AT_ONCE])), today=today)


def refresh_these(treaties: Sequence[Treaty], *, today: date | None = None) -> None:
    """The same of treaties that carry all that hangs on them (`attach`): nothing of it is read again."""
    day = today or timezone.localdate()
    parties = _parties()
    known = {party.code: party for party in parties.values()}
    _share(treaties, parties)
    keys = [treaty.pk for treaty in treaties]
    changed, told = _last_changes(keys), _told(keys)
    for start in range(0, len(treaties), _AT_ONCE):
        some = treaties[start : start + _AT_ONCE]
        _write([_document(one, known, told.get(one.pk, Told()), changed[one.pk], day) for one in some])
        _write_cards(some)
    public = [treaty for treaty in treaties if treaty.access == Access.PUBLIC]
    asking.learn(title.text for treaty in public for title in treaty.titles.all())
    counts.fold_when_many()


def _told(keys: Sequence[int]) -> dict[int, Told]:
    """What the procedure told of each, held until the end of the transaction."""
    rows = SearchDocument.objects.select_for_update().filter(pk__in=keys).order_by("pk")
    return {key: Told(stage, awaited) for key, stage, awaited in rows.values_list("pk", "stage", "awaited")}


def attach(treaties: Iterable[Treaty], **parts: Sequence[Any]) -> None:
    """Hang on new treaties what was just written of them, as if it were read back: `titles=[…]`, `acts=[…]` …"""
    held: dict[int, Any] = {treaty.pk: treaty for treaty in treaties}
    for name, order in _ORDERS.items():
        for treaty in held.values():
            treaty._prefetched_objects_cache = getattr(treaty, "_prefetched_objects_cache", {}) | {name: []}
        for part in sorted(parts.get(name, ()), key=order):
            held[part.treaty_id]._prefetched_objects_cache[name].append(part)


# The order in which each is read back (`Meta.ordering`); that of parties and themes decides nothing but positions.
_ORDERS: dict[str, Callable[[Any], Any]] = {
    "titles": lambda title: title.pk,
    "party_links": lambda link: link.party.sort_key,
    "theme_links": lambda link: link.theme.sort_key,
    "identifiers": lambda number: (number.scheme, number.value),
    "acts": lambda act: (act.on or date.max, act.pk),
    "documents": lambda document: document.pk,
}


def _whole(keys: Sequence[int]) -> QuerySet[Treaty]:
    return (
        Treaty.objects.filter(pk__in=keys)
        .select_related("depositary")
        .prefetch_related(
            "titles",
            Prefetch("party_links", TreatyParty.objects.order_by("party__sort_key")),
            Prefetch("theme_links", TreatyTheme.objects.select_related("theme__parent")),
            "identifiers",
            Prefetch("acts", Act.objects.filter(is_retracted=False)),
            document_text.whole(),
        )
    )


def _share(treaties: Sequence[Treaty], parties: dict[int, Party]) -> None:
    """One object for each party, instead of one for each mention of it."""
    for treaty in treaties:
        for link in treaty.party_links.all():
            link.party = parties[link.party_id]
        for act in treaty.acts.all():
            if act.party_id:
                act.party = parties[act.party_id]
            if act.territory_id:
                act.territory = parties[act.territory_id]


_Made = tuple[dict[str, Any], list[tuple[str, str, str]], list[tuple[str, str, int]]]


def _document(treaty: Treaty, known: Mapping[str, Party], told: Told, changed_at: datetime, today: date) -> _Made:
    """The columns but the words; the pieces of text the words are made of; and the texts of documents whose words are
    kept already."""
    acts = list(treaty.acts.all())
    columns = {"treaty_id": treaty.pk} | search.columns(treaty, acts, known, told, changed_at, today)
    return columns, words.together(words.pieces(treaty, acts)), document_text.parameters(treaty)


_TYPES = {"facets": "int[]", "signed_key": "date", "changed_at": "timestamptz"}


def _write(documents: Sequence[_Made]) -> None:
    names = list(documents[0][0])
    cells = ", ".join(f"%s::{_TYPES[name]}" if name in _TYPES else "%s" for name in names)
    rows = ", ".join(f"({cells}, {_words(pieces, texts)})" for _c, pieces, texts in documents)
    again = ", ".join(f"{name} = EXCLUDED.{name}" for name in (*names, "words") if name != "treaty_id")
    values: list[Any] = []
    for columns, pieces, texts in documents:
        values += [*columns.values(), *(text for text, _n, _w in pieces), *(value for text in texts for value in text)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO treaties_searchdocument ({', '.join(names)}, words) VALUES {rows}"  # noqa: S608 (our own names)
            f" ON CONFLICT (treaty_id) DO UPDATE SET {again}",
            values,
        )


def _write_cards(treaties: Sequence[Treaty]) -> None:
    ListCard.objects.bulk_create(
        [ListCard(treaty_id=treaty.pk, card=cards.made(treaty, treaty.acts.all())) for treaty in treaties],
        update_conflicts=True,
        unique_fields=["treaty"],
        update_fields=["card"],
    )


def _words(pieces: Sequence[tuple[str, str, str]], texts: Sequence[object]) -> str:
    return " || ".join([*(_part(name, weight) for _t, name, weight in pieces), *(document_text.STORED for _ in texts)])


@cache
def _part(name: str, weight: str) -> str:
    """The SQL of one piece: its configuration and weight are names of our own, its text is a parameter."""
    if name not in {*words.CONFIGS.values(), words.OTHER} or weight not in "ABCD":
        raise ValueError(name, weight)
    return f"setweight(to_tsvector('{name}'::regconfig, %s), '{weight}')"


def _last_changes(keys: Sequence[int]) -> dict[int, datetime]:
    """When something of each record was written last: its newest history row."""
    newest: dict[int, datetime] = {}
    for rows, column in search._histories():
        told = rows.filter(**{f"{column}__in": list(keys)}).order_by().values_list(column)
        for key, at in told.annotate(Max("history_date")):
            newest[key] = max(at, newest.get(key, at))
    return newest
