"""Which version of another paper a paper is given on, and whether that version still is the newest.

Pure: documents that were read once go in, answers come out. Two papers are the same version when their
content is, by SHA-256.
"""

from collections.abc import Iterable, Mapping
from typing import Literal

from django.utils.translation import gettext as _

from audit.refusals import Blocker, Refused
from treaties.choices import GIVEN_ON, Access, DocumentKind
from treaties.models import Document

State = Literal["present", "out_of_date"]


class Newest(dict[DocumentKind, Document]):
    """The newest paper of each kind; `versions` holds the newest of each treaty, kind and language."""

    def __init__(self, documents: Iterable[Document]) -> None:
        in_order = sorted(documents, key=_age)
        super().__init__({DocumentKind(document.kind): document for document in in_order})
        self.versions = {_line(document): document for document in in_order}


def newest(documents: Iterable[Document]) -> Newest:
    """The paper of each kind that came on file last."""
    return Newest(documents)


def state(document: Document, newest_of_kind: Mapping[DocumentKind, Document]) -> State:
    """Whether `document` is on the newest version of the paper it was given on.

    Versions follow each other per treaty and language, so that a text in a second language is no new version
    of the first. A paper that does not say what it is about is present.
    """
    about = document.about
    if about is None:
        return "present"
    latest = newest_of_kind.get(DocumentKind(about.kind))
    if isinstance(newest_of_kind, Newest):
        latest = newest_of_kind.versions.get(_line(about))
    return "present" if latest is None or latest.sha256 == about.sha256 else "out_of_date"


def versions(documents: Iterable[Document], kind: str) -> list[Document]:
    """The papers of `kind`, newest first; one for each content: the one that came last."""
    found: dict[str, Document] = {}
    for document in sorted(documents, key=_age, reverse=True):
        if document.kind == kind:
            found.setdefault(document.sha256, document)
    return list(found.values())


def to_choose(documents: Iterable[Document]) -> list[Document]:
    """The versions among which a person has to choose: of each paper with more than one."""
    documents = list(documents)
    kinds = dict.fromkeys(GIVEN_ON.values())
    return [version for kind in kinds if len(found := versions(documents, kind)) > 1 for version in found]


def given_on(kind: str, documents: Iterable[Document], about: Document | None = None) -> Document | None:
    """The version that a new paper of `kind` is about: what was said, or the only one on file; None without one.

    `documents` are those of its treaty. Raises `Refused` where several versions are on file and none was
    said, and for a version of another treaty or another paper.
    """
    on, documents = GIVEN_ON.get(DocumentKind(kind)), list(documents)
    if about is not None:
        return _fitting(kind, on, documents, about)
    found = versions(documents, on) if on else []
    if on and len(found) > 1:
        sentence = _("There are %(count)d versions of “%(paper)s” on file: say which one this paper is about.")
        raise _refused(sentence % {"count": len(found), "paper": on.label})
    return found[0] if found else None


def searched(documents: Iterable[Document]) -> list[Document]:
    """Those that are found by their title and text: public ones of the version in force, the oldest first.

    `documents` are all of one treaty. A version is superseded by a public one that comes after it, also where the
    versions in between are internal; an internal one supersedes nothing for the public.
    """
    by_pk = {document.pk: document for document in documents}
    public = {pk for pk, document in by_pk.items() if document.access == Access.PUBLIC}
    superseded: set[int] = set()
    for pk in public:
        here = by_pk[pk].replaces_id
        while here is not None and here not in superseded:
            superseded.add(here)
            here = by_pk[here].replaces_id if here in by_pk else None
    return [by_pk[pk] for pk in sorted(public - superseded)]


def _fitting(kind: str, on: DocumentKind | None, documents: list[Document], about: Document) -> Document:
    if on is None:
        sentence = _("A paper of the kind “%(kind)s” is not about a version of another paper.")
        raise _refused(sentence % {"kind": DocumentKind(kind).label})
    if about.kind != on:
        sentence = _("A paper of the kind “%(kind)s” is about “%(paper)s”; choose a version of that.")
        raise _refused(sentence % {"kind": DocumentKind(kind).label, "paper": on.label})
    if about not in documents:
        raise _refused(_("That version belongs to another treaty."))
    return about


def _refused(sentence: str) -> Refused:
    return Refused([Blocker("about", sentence, field="about")])


def _line(document: Document) -> tuple[int, str, str]:
    return document.treaty_id, document.kind, document.language


def _age(document: Document) -> tuple[object, int]:
    return document.added_at, document.pk
