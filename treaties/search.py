"""Words, facets and highlights over the search documents.

A search document is derived from the record and written in the same transaction. Every text is
indexed in its own language, accents removed; a query is read in each language and matches in any.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache
from typing import Any

from django.db import connection, transaction
from django.db.models import BooleanField, F, Func, Prefetch, QuerySet
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from audit.context import before_commit
from treaties import asking, terms, words
from treaties.choices import ActKind
from treaties.models import (
    Act,
    Declaration,
    Document,
    Identifier,
    Relation,
    SearchDocument,
    Title,
    Treaty,
    TreatyParty,
    TreatyTheme,
)
from treaties.sides import is_bilateral
from treaties.sorting import sort_key
from treaties.status import derive

# Private-use characters round a hit: they cannot be typed into a title by accident, and are
# replaced by <mark> only after everything else was escaped.
_OPEN, _CLOSE = "\ue000", "\ue001"


# What a query means is read in `treaties.asking`.
query = asking.query


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
    SearchDocument.objects.bulk_create(
        [_made(treaty, today)], update_conflicts=True, unique_fields=["treaty"], update_fields=_FROM_THE_RECORD
    )


def differences(treaty: Treaty, *, today: date | None = None) -> list[str]:
    """The columns in which the stored document differs from what the record gives; nothing is written.

    The stage is not among them: it is the procedure that tells it.
    """
    made = _made(treaty, today)
    same_words = Func(F("words"), made.words, arg_joiner=" = ", template="(%(expressions)s)", output_field=_BOOLEAN)
    stored = SearchDocument.objects.filter(pk=treaty.pk).annotate(same_words=same_words).defer("words").first()
    if stored is None:
        return ["treaty"]
    columns = [name for name in _FROM_THE_RECORD if name != "words"]
    found = [name for name in columns if getattr(stored, name) != getattr(made, name)]
    return found if stored.same_words else ["words", *found]


_BOOLEAN = BooleanField()


def _made(treaty: Treaty, today: date | None) -> SearchDocument:
    """The document as the record gives it, its words as an expression; not saved."""
    treaty = _whole().get(pk=treaty.pk)
    acts = [act for act in treaty.acts.all() if not act.is_retracted]
    return SearchDocument(
        treaty=treaty,
        words=words.vector(words.pieces(treaty, acts)),
        title_key=_title_key(treaty),
        country_codes=sorted({code for link in treaty.party_links.all() for code in link.party.country_codes}),
        theme_slugs=sorted(_theme_slugs(treaty)),
        kind=treaty.kind,
        qualification=treaty.qualification,
        access=treaty.access,
        status=status_of(treaty, acts, today or timezone.localdate()),
        signed_on=min((act.on for act in acts if act.kind == ActKind.SIGNATURE and act.on), default=None),
        changed_at=_last_change(treaty),
    )


def status_of(treaty: Treaty, acts: Sequence[Act], on: date) -> str:
    """The status of the instrument on `on`, as its page gives it; its parties and acts have been read."""
    parties = [link.party for link in treaty.party_links.all()]
    two = is_bilateral([*parties, *(act.party for act in acts if act.party)])
    return derive(acts, on, is_treaty=treaty.is_treaty, is_bilateral=two).status


# All columns but the stage, which the procedure tells.
_FROM_THE_RECORD = [
    field.name for field in SearchDocument._meta.concrete_fields if field.name not in ("treaty", "stage")
]


def _whole() -> QuerySet[Treaty]:
    """Treaties with all that a search document is made of."""
    return Treaty.objects.prefetch_related(
        "titles",
        Prefetch("party_links", TreatyParty.objects.select_related("party__parent")),
        "party_links__party__names",
        Prefetch("theme_links", TreatyTheme.objects.select_related("theme__parent")),
        "identifiers",
        Prefetch("acts", Act.objects.select_related("party", "territory")),
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
    parts = (Title, Act, Declaration, Identifier, Relation, Document, TreatyParty, TreatyTheme)
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


def highlights(titles: Sequence[Title], typed: str) -> dict[int, SafeString]:
    """Title id → the title as HTML with the hits in <mark>; one query for all of them."""
    if not titles or not typed:
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
        name = words.config(language)
        parameters += [name, name, terms.safe(typed), options, [title.pk for title in group]]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), parameters)
        return {pk: _marked(text) for pk, text in cursor.fetchall()}


def _marked(text: str) -> SafeString:
    """Escape first, then open the marks: a title with `<script>` stays text."""
    return mark_safe(escape(text).replace(_OPEN, "<mark>").replace(_CLOSE, "</mark>"))  # noqa: S308 (escaped just before)


def unnest(column: str) -> Func:
    """One row per element of an array column."""
    return Func(F(column), function="unnest")
