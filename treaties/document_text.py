"""The text of public documents in the search: its words in the search document, and fragments of it with the hits.

The words of a text are made once, when it is read (`document_reading`), and kept with it: a treaty that is edited does
not have all its papers read again. They weigh least of all.
"""

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.postgres.search import (
    CombinedSearchQuery,
    SearchHeadline,
    SearchQuery,
    SearchVectorCombinable,
    SearchVectorField,
)
from django.db.models import F, Prefetch, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Greatest, Lower, StrIndex, Substr
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from treaties import papers, words
from treaties.models import Document, DocumentText, Treaty

# Bytes of words of one document, and of all those of one treaty: a search document holds at most 1 MB.
WORDS_LIMIT, TREATY_LIMIT = 256 * 1024, 512 * 1024
# Of a text: characters among which a fragment is looked for, and how many before the word that was asked for.
NEAR, BEFORE = 5_000, 500
# See `search.highlights`; no text holds them (`document_reading.tidy`).
_OPEN, _CLOSE = "\ue000", "\ue001"

# The words of one text: key of the document, and twice the configuration of its language, which may have been
# corrected since they were made.
STORED = (
    "COALESCE((SELECT CASE WHEN config = %s THEN words ELSE to_tsvector(%s::regconfig, left(text, indexed)) END"
    " FROM treaties_documenttext WHERE document_id = %s), ''::tsvector)"
)


class _Stored(SearchVectorCombinable, RawSQL):
    """The words of one text, to be added to others."""

    config = None


def whole() -> Prefetch:
    """The documents of treaties, with what is known of their texts but not the texts: for `parameters`."""
    read = Document.objects.select_related("extracted").defer("extracted__text", "extracted__words")
    return Prefetch("documents", read)


def parameters(treaty: Treaty) -> list[tuple[str, str, int]]:
    """For each text that is searched with `treaty`, the parameters of `STORED`.

    The oldest first, for as many as a search document can hold. The documents come with the treaty (`whole`).
    """
    found, size = [], 0
    for document in papers.searched(treaty.documents.all()):
        text = getattr(document, "extracted", None)
        if text and text.indexed and size + text.size <= TREATY_LIMIT:
            size += text.size
            name = words.config(document.language)
            found.append((name, name, document.pk))
    return found


def vector(treaty: Treaty, others: Any) -> Any:
    """`others`, an expression of the words of the record, and behind it those of the texts of `treaty`."""
    for values in parameters(treaty):
        others += _Stored(STORED, values, SearchVectorField())
    return others


def any_of(terms: Sequence[str]) -> SearchQuery | CombinedSearchQuery:
    """Any of these words and quotes, read in every language; at least one term."""
    names = (*words.CONFIGS.values(), words.OTHER)
    return reduce(or_, (SearchQuery(term, config=name, search_type="websearch") for term in terms for name in names))


def fragments(
    treaties: Iterable[Treaty], query: SearchQuery | CombinedSearchQuery, near: str = ""
) -> dict[int, tuple[Document, SafeString]]:
    """Treaty id → the first of its public documents that has a hit in its text, and the hit as HTML with <mark>.

    For the treaties of one page, with their documents, of which nothing else explains why they were found; one query.
    `query` is a choice of words (`any_of`). The fragment is looked for round the word `near` as it was typed, else at
    the beginning of the text; it is empty where the hit stands elsewhere.
    """
    documents = {row.pk: row for treaty in treaties for row in papers.searched(treaty.documents.all())}
    if not documents:
        return {}
    texts = DocumentText.objects.filter(pk__in=documents, words=query)
    first = texts.order_by("document__treaty_id", "pk").distinct("document__treaty_id").values("pk")
    start = Greatest(StrIndex(Lower("text"), Lower(Value(near.strip('"')))) - BEFORE, 1)
    hits = DocumentText.objects.filter(pk__in=first).values_list("pk", _headline(Substr("text", start, NEAR), query))
    return {documents[pk].treaty_id: (documents[pk], _marked(text)) for pk, text in hits}


def _headline(text: Any, query: SearchQuery | CombinedSearchQuery) -> SearchHeadline:
    marks: dict[str, Any] = {"start_sel": _OPEN, "stop_sel": _CLOSE}
    size: dict[str, Any] = {"max_fragments": 1, "max_words": 30, "min_words": 15, "short_word": 0}
    return SearchHeadline(text, query, config=F("config"), **marks, **size)


def _marked(text: str) -> SafeString:
    """Escape first, then open the marks; nothing where there is no hit."""
    if _OPEN not in text:
        return mark_safe("")
    line = escape(" ".join(text.split()))
    return mark_safe(line.replace(_OPEN, "<mark>").replace(_CLOSE, "</mark>"))  # noqa: S308 (escaped just before)
