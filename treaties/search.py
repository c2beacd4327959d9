"""Words, facets and highlights over the search documents.

A search document is derived from the record and written in the same transaction. Every text is
indexed in its own language, accents removed; a query is read in each language and matches in any.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache, reduce
from operator import add, and_, or_
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import connection, transaction
from django.db.models import F, Func, Prefetch, QuerySet, Value
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from audit.context import before_commit
from treaties.choices import ActKind, Scheme
from treaties.models import (
    Act,
    Document,
    Identifier,
    Relation,
    SearchDocument,
    Title,
    Treaty,
    TreatyParty,
    TreatyTheme,
)
from treaties.sorting import sort_key
from treaties.status import derive

# What people write before a number: "stuk 1160 (2010-2011)", "advies 62.109/1".
_CALLED: dict[str, str] = {Scheme.PARLIAMENT: "stuk", Scheme.COUNCIL_OF_STATE: "advies", Scheme.VR_DOC: "VR"}
# Text search configurations made by the migration: stemming of the language, without accents.
CONFIGS = {"nl": "treaty_nl", "en": "treaty_en", "fr": "treaty_fr", "de": "treaty_de"}
OTHER = "treaty_simple"
# Longest query that is read (characters); the rest adds nothing but cost.
QUERY_LIMIT = 500
# Most words that can be left out with a minus.
LEFT_OUT_LIMIT = 10
# A word or a quote, with or without a minus.
_TERM = re.compile(r'(-?)("[^"]*"|[^\s"]+)')
# Private-use characters round a hit: they cannot be typed into a title by accident, and are
# replaced by <mark> only after everything else was escaped.
_OPEN, _CLOSE = "\ue000", "\ue001"


def config(language: str) -> str:
    return CONFIGS.get(language, OTHER)


def query(words: str) -> SearchQuery:
    """`words` as people type them (quotes, minus, or), in every language at once.

    What has a minus is left out in whatever language it is read: each language has stems of its own,
    and to lack the English stem of a Dutch word is no merit.
    """
    text = _typed(words)
    wanted = reduce(or_, _readings(text))
    for left_out in _left_out(text):
        wanted = reduce(and_, (~reading for reading in _readings(left_out)), wanted)
    return wanted


def _readings(text: str) -> list[SearchQuery]:
    return [SearchQuery(text, config=name, search_type="websearch") for name in (*CONFIGS.values(), OTHER)]


def _typed(words: str) -> str:
    """What is read of `words`: nothing that the database refuses."""
    return words[:QUERY_LIMIT].encode(errors="replace").decode().replace("\x00", " ")


def _left_out(text: str) -> list[str]:
    """The words and quotes with a minus before them; a few, for each costs."""
    found = [term.strip('-"') for minus, term in _TERM.findall(text) if minus]
    return [f'"{term}"' for term in dict.fromkeys(found) if term.strip()][:LEFT_OUT_LIMIT]


# What a load puts off: key of the treaty → the stage told, None where none was.
_put_off: ContextVar[dict[int, str | None] | None] = ContextVar("search_put_off", default=None)


@contextmanager
def refreshed_at_the_end() -> Iterator[None]:
    """For loads of many changes: each search document is made once, at the end, also after an error."""
    waiting: dict[int, str | None] = {}
    token = _put_off.set(waiting)
    try:
        yield
    finally:
        _put_off.reset(token)
        for key, stage in waiting.items():
            with transaction.atomic():
                treaty = Treaty.objects.filter(pk=key).first()
                if treaty:
                    refresh(treaty)
                if stage is not None:
                    _write_stage(key, stage)


def touch(treaty: Treaty) -> None:
    """The record changed: make its search document again, once, before the open change commits."""
    if (waiting := _put_off.get()) is not None:
        waiting.setdefault(treaty.pk, None)
    else:
        before_commit(("search", treaty.pk), lambda: refresh(treaty))


def tell_stage(treaty: Treaty, stage: str) -> None:
    """The procedure says in which stage the instrument stands; kept when the document is made again."""
    if (waiting := _put_off.get()) is not None:
        waiting[treaty.pk] = stage
    else:
        before_commit(("stage", treaty.pk), lambda: _write_stage(treaty.pk, stage))


def _write_stage(key: int, stage: str) -> None:
    SearchDocument.objects.filter(pk=key).update(stage=stage)


def refresh(treaty: Treaty, *, today: date | None = None) -> None:
    """Make the search document of `treaty` again from its record."""
    treaty = _whole().get(pk=treaty.pk)
    acts = [act for act in treaty.acts.all() if not act.is_retracted]
    document = SearchDocument(
        treaty=treaty,
        words=_vector(treaty, acts),
        title_key=_title_key(treaty),
        country_codes=sorted({code for link in treaty.party_links.all() for code in link.party.country_codes}),
        theme_slugs=sorted(_theme_slugs(treaty)),
        kind=treaty.kind,
        qualification=treaty.qualification,
        access=treaty.access,
        status=derive(acts, today or timezone.localdate(), is_treaty=treaty.is_treaty).status,
        signed_on=min((act.on for act in acts if act.kind == ActKind.SIGNATURE and act.on), default=None),
        changed_at=_last_change(treaty),
    )
    SearchDocument.objects.bulk_create(
        [document], update_conflicts=True, unique_fields=["treaty"], update_fields=_FROM_THE_RECORD
    )


# All columns but the stage, which the procedure tells.
_FROM_THE_RECORD = [
    field.name for field in SearchDocument._meta.concrete_fields if field.name not in ("treaty", "stage")
]


def _whole() -> QuerySet[Treaty]:
    """Treaties with all that a search document is made of."""
    return Treaty.objects.prefetch_related(
        "titles",
        Prefetch("party_links", TreatyParty.objects.select_related("party__parent")),
        Prefetch("theme_links", TreatyTheme.objects.select_related("theme__parent")),
        "identifiers",
        Prefetch("acts", Act.objects.select_related("party")),
    )


def _last_change(treaty: Treaty) -> datetime:
    """When the record last changed, any part of it: read from its history, so a rebuild finds the same."""
    first, *others = (
        rows.filter(**{column: treaty.pk}).order_by().values_list("history_date") for rows, column in _histories()
    )
    newest: tuple[datetime] = first.union(*others, all=True).order_by("-history_date")[0]
    return newest[0]


@cache
def _histories() -> list[tuple[QuerySet[Any], str]]:
    """The history tables of the record, and the column that says of which treaty a row tells."""
    # Asked for once: simple-history makes a new manager class at every look at `.history`.
    parts = (Title, Act, Identifier, Relation, Document, TreatyParty, TreatyTheme)
    return [(Treaty.history.model.objects.all(), "id")] + [
        (part.history.model.objects.all(), "treaty_id") for part in parts
    ]


def _title_key(treaty: Treaty) -> str:
    """Sorted by the Dutch official title where there is one."""
    titles = sorted(treaty.titles.all(), key=lambda title: (title.kind == "short", title.language != "nl"))
    return sort_key(titles[0].text if titles else treaty.reference)


def _theme_slugs(treaty: Treaty) -> set[str]:
    themes = [link.theme for link in treaty.theme_links.all()]
    return {theme.slug for theme in themes} | {theme.parent.slug for theme in themes if theme.parent}


def _pieces(treaty: Treaty, acts: Iterable[Act]) -> list[tuple[str, str, str]]:
    """Titles and numbers weigh most, then parties, then themes and places, then summaries: text, language, weight."""
    pieces: list[tuple[str, str, str]] = [(title.text, config(title.language), "A") for title in treaty.titles.all()]
    pieces += [
        (f"{_CALLED.get(number.scheme, number.scheme)} {_number_words(number.value)}", OTHER, "A")
        for number in treaty.identifiers.all()
    ]
    pieces.append((treaty.reference, OTHER, "A"))
    for link in treaty.party_links.all():
        party = link.party
        pieces += [(party.name_nl, CONFIGS["nl"], "B"), (party.name_en, CONFIGS["en"], "B")]
        pieces += [(party.name_fr, CONFIGS["fr"], "B"), (party.name_de, CONFIGS["de"], "B")]
        pieces.append((" ".join((*party.aliases, link.named_as)), OTHER, "B"))
    for theme_link in treaty.theme_links.all():
        theme = theme_link.theme
        pieces += [(theme.name_nl, CONFIGS["nl"], "C"), (theme.name_en, CONFIGS["en"], "C")]
    pieces += [(f"{act.place} {_number_words(act.number)}", OTHER, "C") for act in acts if act.place or act.number]
    pieces += [(treaty.summary_nl, CONFIGS["nl"], "D"), (treaty.summary_en, CONFIGS["en"], "D")]
    return [piece for piece in pieces if piece[0]]


def _number_words(value: str) -> str:
    """A number as written and in its parts, so that "62.109/1" is found whole and by "62.109"."""
    return f"{value} {' '.join(re.split(r'[^0-9A-Za-z.]+', value))}" if value else ""


def highlights(titles: Sequence[Title], words: str) -> dict[int, SafeString]:
    """Title id → the title as HTML with the hits in <mark>; one query for all of them."""
    if not titles or not words:
        return {}
    by_language: dict[str, list[Title]] = {}
    for title in titles:
        by_language.setdefault(title.language, []).append(title)
    options = f"StartSel={_OPEN}, StopSel={_CLOSE}, HighlightAll=true"
    parts: list[str] = []
    parameters: list[str | list[int]] = []
    for language, group in by_language.items():
        parts.append(
            "SELECT id, ts_headline(%s::regconfig, text, websearch_to_tsquery(%s::regconfig, %s), %s)"
            " FROM treaties_title WHERE id = ANY(%s)"
        )
        name = config(language)
        parameters += [name, name, _typed(words), options, [title.pk for title in group]]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), parameters)
        return {pk: _marked(text) for pk, text in cursor.fetchall()}


def _marked(text: str) -> SafeString:
    """Escape first, then open the marks: a title with `<script>` stays text."""
    return mark_safe(escape(text).replace(_OPEN, "<mark>").replace(_CLOSE, "</mark>"))  # noqa: S308 (escaped just before)


def unnest(column: str) -> Func:
    """One row per element of an array column."""
    return Func(F(column), function="unnest")


def _vector(treaty: Treaty, acts: Iterable[Act]) -> SearchVector:
    """The pieces as one expression; `search_bulk` makes the same of the same pieces for many treaties at once."""
    pieces = _pieces(treaty, acts)
    return reduce(add, (SearchVector(Value(text), config=name, weight=weight) for text, name, weight in pieces))
