"""Words, facets and highlights over the search documents.

A search document is derived from the record and written in the same transaction. Every text is
indexed in its own language, accents removed; a query is read in each language and matches in any.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache
from typing import Any

from django.db import connections, router, transaction
from django.db.models import BooleanField, F, Func, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from audit.context import before_commit
from treaties import asking, cards, counts, document_text, facets, words
from treaties.cards import Shown
from treaties.choices import Access, ActKind
from treaties.facets import Told
from treaties.models import (
    Act,
    Declaration,
    Document,
    Identifier,
    ListCard,
    Party,
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


# What a load puts off: key of the treaty → what the procedure told, None where it told nothing.
_put_off: ContextVar[dict[int, Told | None] | None] = ContextVar("search_put_off", default=None)


@contextmanager
def refreshed_at_the_end() -> Iterator[None]:
    """For loads of many changes: each search document is made once, at the end, also after an error."""
    waiting: dict[int, Told | None] = {}
    token = _put_off.set(waiting)
    try:
        yield
    finally:
        _put_off.reset(token)
        for key, told in waiting.items():
            with transaction.atomic():
                treaty = Treaty.objects.filter(pk=key).first()
                if treaty:
                    refresh(treaty)
                if told is not None:
                    _write_stage(key, told)


def is_put_off() -> bool:
    """Whether a load runs that makes the search documents at its end."""
    return _put_off.get() is not None


def touch(treaty: Treaty) -> None:
    """The record changed: make its search document again, once, before the open change commits."""
    if (waiting := _put_off.get()) is not None:
        waiting.setdefault(treaty.pk, None)
    else:
        before_commit(("search", treaty.pk), lambda: refresh(treaty))


def touch_named(parties: Iterable[int], themes: Iterable[int]) -> None:
    """Parties or themes changed: touch every treaty that is found by them, or by what is under them or came before."""
    parties, themes = list(parties), list(themes)
    codes = list(Party.objects.filter(pk__in=parties).values_list("code", flat=True))
    under = Q(party__in=parties) | Q(party__parent__in=parties) | Q(party__successors__overlap=codes)
    found = Treaty.objects.filter(
        Q(pk__in=TreatyParty.objects.filter(under).values("treaty"))
        | Q(pk__in=TreatyTheme.objects.filter(Q(theme__in=themes) | Q(theme__parent__in=themes)).values("treaty"))
        | Q(depositary__in=parties)
    )
    for treaty in found:
        touch(treaty)


def tell_stage(treaty: Treaty, stage: str, awaited: str = "") -> None:
    """The procedure says in which stage the instrument stands and who has to act: kept by later refreshes."""
    told = Told(stage, awaited)
    if (waiting := _put_off.get()) is not None:
        waiting[treaty.pk] = told
    else:
        before_commit(("stage", treaty.pk), lambda: _write_stage(treaty.pk, told))


def _write_stage(key: int, told: Told) -> None:
    document = SearchDocument.objects.select_for_update().filter(pk=key).defer("words").first()
    if document and (document.stage, document.awaited) != (told.stage, told.awaited):
        kept = set(document.facets) - set(facets.told(document.stage, document.awaited))
        now = sorted(kept | set(facets.told(told.stage, told.awaited)))
        SearchDocument.objects.filter(pk=key).update(stage=told.stage, awaited=told.awaited, facets=now)


def refresh(treaty: Treaty, *, today: date | None = None) -> None:
    """Make the search document of `treaty` again from its record, and its card."""
    told = _told(treaty.pk, lock=True)
    document, card = _made(treaty, told, today)
    was_public = document.access != Access.PUBLIC and _is_public(treaty.pk)
    SearchDocument.objects.bulk_create(
        [document], update_conflicts=True, unique_fields=["treaty"], update_fields=_COLUMNS
    )
    ListCard.objects.bulk_create([card], update_conflicts=True, unique_fields=["treaty"], update_fields=["card"])
    if document.access == Access.PUBLIC:
        asking.learn(title.text for title in document.treaty.titles.all())
    elif was_public:
        asking.forget(title.text for title in document.treaty.titles.all())
    counts.fold_when_many()


def _told(key: int, *, lock: bool = False) -> Told:
    """What the procedure told of the instrument, as its document keeps it."""
    rows = SearchDocument.objects.filter(pk=key)
    kept = (rows.select_for_update() if lock else rows).values_list("stage", "awaited").first()
    return Told(*kept) if kept else Told()


def _is_public(key: int) -> bool:
    return SearchDocument.objects.filter(pk=key, access=Access.PUBLIC).exists()


def differences(treaty: Treaty, *, today: date | None = None) -> list[str]:
    """The columns in which the stored document differs from what the record gives; nothing is written.

    Stage and who is awaited are not among them: it is the procedure that tells them.
    """
    made, card = _made(treaty, _told(treaty.pk), today)
    same_words = Func(F("words"), made.words, arg_joiner=" = ", template="(%(expressions)s)", output_field=_BOOLEAN)
    stored = SearchDocument.objects.filter(pk=treaty.pk).annotate(same_words=same_words).defer("words").first()
    if stored is None:
        return ["treaty"]
    columns = [name for name in _COLUMNS if name != "words"]
    found = [name for name in columns if getattr(stored, name) != getattr(made, name)]
    if not ListCard.objects.filter(pk=treaty.pk, card=card.card).exists():
        found.append("card")
    return found if stored.same_words else ["words", *found]


_BOOLEAN = BooleanField()
# Sorted after every date of a signature.
UNSIGNED = date.min


def _made(treaty: Treaty, told: Told, today: date | None) -> tuple[SearchDocument, ListCard]:
    """The document as the record gives it, its words as an expression, and its card; not saved."""
    treaty = _whole().get(pk=treaty.pk)
    acts = [act for act in treaty.acts.all() if not act.is_retracted]
    document = SearchDocument(
        treaty=treaty, words=document_text.vector(treaty, words.vector(words.pieces(treaty, acts)))
    )
    known = {party.code: party for party in Party.objects.filter(code__in=_codes([treaty]))}
    for name, value in columns(treaty, acts, known, told, _last_change(treaty), today or timezone.localdate()).items():
        setattr(document, name, value)
    return document, ListCard(treaty=treaty, card=cards.made(treaty, acts))


def columns(
    treaty: Treaty,
    acts: Sequence[Act],
    known: Mapping[str, Party],
    told: Told,
    changed_at: datetime,
    today: date,
) -> dict[str, Any]:
    """All columns of the document but its words. `known` has the parties by code; `acts` those not retracted."""
    signed_on = min((act.on for act in acts if act.kind == ActKind.SIGNATURE and act.on), default=None)
    status = status_of(treaty, acts, today)
    return {
        "facets": facets.of(treaty, status=status, signed_on=signed_on, known=known, told_=told),
        "signed_key": signed_on or UNSIGNED,
        "changed_at": changed_at,
        "reference": treaty.reference,
        "title_key": _title_key(treaty),
        "kind": treaty.kind,
        "qualification": treaty.qualification,
        "access": treaty.access_key,
        "status": status,
        "stage": told.stage,
        "awaited": told.awaited,
    }


_COLUMNS = [field.name for field in SearchDocument._meta.concrete_fields if field.name != "treaty"]


def _codes(treaties: Iterable[Treaty]) -> set[str]:
    return {code for treaty in treaties for link in treaty.party_links.all() for code in link.party.country_codes}


def status_of(treaty: Treaty, acts: Sequence[Act], on: date) -> str:
    """The status of the instrument on `on`, as its page gives it; its parties and acts have been read."""
    parties = [link.party for link in treaty.party_links.all()]
    two = is_bilateral([*parties, *(act.party for act in acts if act.party)])
    return str(derive(acts, on, is_treaty=treaty.is_treaty, is_bilateral=two).status)


def _whole() -> QuerySet[Treaty]:
    """Treaties with all that a search document is made of."""
    return Treaty.objects.select_related("depositary").prefetch_related(
        "titles",
        Prefetch("party_links", TreatyParty.objects.select_related("party__parent")),
        "party_links__party__names",
        Prefetch("theme_links", TreatyTheme.objects.select_related("theme__parent")),
        "identifiers",
        Prefetch("acts", Act.objects.select_related("party", "territory")),
        document_text.whole(),
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


def highlights(titles: Sequence[Title | Shown], marks: str) -> dict[int, SafeString]:
    """Title id → the title as HTML with the hits in <mark>; one query for all of them. `marks` as in `Reading`."""
    if not titles or not marks:
        return {}
    by_language: dict[str, list[Title | Shown]] = {}
    for title in titles:
        by_language.setdefault(title.language, []).append(title)
    options = f"StartSel={_OPEN}, StopSel={_CLOSE}, HighlightAll=true"
    parts: list[str] = []
    parameters: list[str | list[int]] = []
    for language, group in by_language.items():
        parts.append(
            "SELECT id, ts_headline(%s::regconfig, text, %s::tsquery, %s) FROM treaties_title WHERE id = ANY(%s)"
        )
        parameters += [words.config(language), marks, options, [title.pk for title in group]]
    with connections[router.db_for_read(SearchDocument)].cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), parameters)
        return {pk: _marked(text) for pk, text in cursor.fetchall()}


def _marked(text: str) -> SafeString:
    """Escape first, then open the marks: a title with `<script>` stays text."""
    return mark_safe(escape(text).replace(_OPEN, "<mark>").replace(_CLOSE, "</mark>"))  # noqa: S308 (escaped just before)
