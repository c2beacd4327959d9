"""The search documents of many treaties at once: the same as `treaties.search.refresh` makes one by one.

Made of the pieces of `treaties.search`, so that there is one rule of what is found and how it weighs;
`tests/treaties/test_search_bulk.py` holds both to the same documents.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

from django.contrib.postgres.search import CombinedSearchVector, SearchVector
from django.db import connection
from django.db.models import Max, Prefetch, QuerySet
from django.utils import timezone

from treaties import search
from treaties.choices import ActKind
from treaties.models import Act, Party, Treaty, TreatyParty, TreatyTheme
from treaties.status import derive

_AT_ONCE = 100


def refresh_many(keys: Sequence[int], *, today: date | None = None) -> None:
    """Make the search documents of these treaties again from their record."""
    day = today or timezone.localdate()
    parties = Party.objects.select_related("parent").in_bulk()
    for start in range(0, len(keys), _AT_ONCE):
        some = keys[start : start + _AT_ONCE]
        treaties = list(_whole(some))
        _share(treaties, parties)
        changed = _last_changes(some)
        _write([_document(treaty, changed[treaty.pk], day) for treaty in treaties])


def _whole(keys: Sequence[int]) -> QuerySet[Treaty]:
    return Treaty.objects.filter(pk__in=keys).prefetch_related(
        "titles",
        Prefetch("party_links", TreatyParty.objects.order_by("party__sort_key")),
        Prefetch("theme_links", TreatyTheme.objects.select_related("theme__parent")),
        "identifiers",
        Prefetch("acts", Act.objects.filter(is_retracted=False)),
    )


def _share(treaties: Sequence[Treaty], parties: dict[int, Party]) -> None:
    """One object for each party, instead of one for each mention of it."""
    for treaty in treaties:
        for link in treaty.party_links.all():
            link.party = parties[link.party_id]
        for act in treaty.acts.all():
            if act.party_id:
                act.party = parties[act.party_id]


def _document(treaty: Treaty, changed_at: datetime, today: date) -> tuple[list[Any], list[tuple[str, str, str]]]:
    """The columns but the words, in the order of `_COLUMNS`; and the pieces of text the words are made of."""
    acts = list(treaty.acts.all())
    signed = min((act.on for act in acts if act.kind == ActKind.SIGNATURE and act.on), default=None)
    columns = [
        treaty.pk,
        search._title_key(treaty),
        sorted({code for link in treaty.party_links.all() for code in link.party.country_codes}),
        sorted(search._theme_slugs(treaty)),
        treaty.kind,
        treaty.qualification,
        treaty.access,
        str(derive(acts, today, is_treaty=treaty.is_treaty).status.value),
        signed,
        changed_at,
    ]
    return columns, list(_pieces(search._vector(treaty, acts)))


_COLUMNS = (
    "treaty_id",
    "title_key",
    "country_codes",
    "theme_slugs",
    "kind",
    "qualification",
    "access",
    "status",
    "signed_on",
    "changed_at",
)
_TYPES = {"country_codes": "varchar[]", "theme_slugs": "varchar[]", "signed_on": "date", "changed_at": "timestamptz"}
_CELLS = ", ".join(f"%s::{_TYPES[name]}" if name in _TYPES else "%s" for name in _COLUMNS)


def _pieces(vector: SearchVector | CombinedSearchVector) -> Iterator[tuple[str, str, str]]:
    """Configuration, text and weight of each part of a vector, in their order."""
    backwards: list[SearchVector] = []
    while isinstance(vector, CombinedSearchVector):
        backwards.append(vector.rhs)
        vector = vector.lhs
    for part in (vector, *reversed(backwards)):
        (value,) = part.get_source_expressions()[:1]
        yield part.config.config.value, value.value, part.weight.value


def _write(documents: Sequence[tuple[list[Any], list[tuple[str, str, str]]]]) -> None:
    names = (*_COLUMNS, "words", "stage")
    rows = ", ".join(
        f"({_CELLS}, {' || '.join(_part(name, weight) for name, _t, weight in ps)}, '')" for _c, ps in documents
    )
    again = ", ".join(f"{name} = EXCLUDED.{name}" for name in names if name not in ("treaty_id", "stage"))
    values = [value for columns, pieces in documents for value in (*columns, *(text for _n, text, _w in pieces))]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO treaties_searchdocument ({', '.join(names)}) VALUES {rows}"  # noqa: S608 (our own names)
            f" ON CONFLICT (treaty_id) DO UPDATE SET {again}",
            values,
        )


@cache
def _part(name: str, weight: str) -> str:
    """The SQL of one piece: its configuration and weight are names of our own, its text is a parameter."""
    if name not in {*search.CONFIGS.values(), search.OTHER} or weight not in "ABCD":
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
