"""The papers of a treaty: texts by what they are worth in law, versions together, and the others."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from treaties import papers as versions
from treaties.choices import DocumentKind, TextStanding
from treaties.models import Document

TEXTS = frozenset({DocumentKind.SIGNED_TEXT, DocumentKind.TREATY_TEXT, DocumentKind.TRANSLATION})


@dataclass(frozen=True)
class Paper:
    """A paper with the versions that came before it, the newest first."""

    document: Document
    is_outdated: bool
    older: list[Document] = field(default_factory=list)


@dataclass(frozen=True)
class Shelf:
    """Papers of one sort; its name is empty where there is only one sort."""

    label: str
    papers: list[Paper]


def shelves(documents: Iterable[Document], replaced: Mapping[int, int]) -> list[Shelf]:
    """The papers the reader may see, in the order of a file: authentic texts first, other papers last.

    `replaced` says which version comes after which, also of papers that are not among `documents`.
    """
    found = _with_versions(in_order(documents), replaced)
    sorts: dict[str, list[Paper]] = {}
    for paper in found:
        sorts.setdefault(_sort(paper.document), []).append(paper)
    names = {
        **{standing.value: capfirst(str(standing.label)) for standing in TextStanding},
        "text": _("Texts"),
        "other": _("Other papers"),
    }
    shown = [name for name in names if name in sorts]
    return [Shelf("" if shown == ["other"] else names[name], sorts[name]) for name in shown]


def in_order(documents: Iterable[Document]) -> list[Document]:
    """Documents in the order in which a file is read: the text first."""
    order = {kind: place for place, kind in enumerate(DocumentKind)}
    return sorted(documents, key=lambda document: (order[DocumentKind(document.kind)], document.language, document.pk))


def older(papers: Iterable[Shelf]) -> list[int]:
    """The keys of the papers that a newer version came after."""
    return [document.pk for shelf in papers for paper in shelf.papers for document in paper.older]


def _sort(document: Document) -> str:
    return document.standing or ("text" if document.kind in TEXTS else "other")


def _with_versions(documents: list[Document], replaced: Mapping[int, int]) -> list[Paper]:
    by_key = {document.pk: document for document in documents}
    newest = versions.newest(documents)
    chains = {key: _chain(key, replaced) for key in by_key}
    # Of two that would each come after the other neither is old: nothing ever disappears.
    old = {key for start, chain in chains.items() for key in chain if start not in _chain(key, replaced)}
    papers = []
    for document in documents:
        if document.pk not in old:
            before = [by_key[key] for key in chains[document.pk] if key in by_key]
            papers.append(Paper(document, versions.state(document, newest) == "out_of_date", before))
    return papers


def _chain(key: int, replaced: Mapping[int, int]) -> list[int]:
    """The versions before a paper, newest first; one that would come after itself ends it."""
    start, found = key, list[int]()
    while (key := replaced.get(key, 0)) and key not in (start, *found):
        found.append(key)
    return found
