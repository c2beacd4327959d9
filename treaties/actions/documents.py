"""Papers of the file: kept once by their content, and what is said of them."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.utils.translation import gettext_lazy as _

from accounts.choices import Deed
from accounts.models import User
from audit.actions import change
from audit.choices import Action
from audit.refusals import Refused
from treaties import document_reading, papers, publishing
from treaties.actions.common import Save, alone, changed, cleaned, level_problems, lock, require, saving, stated
from treaties.choices import GIVEN_ON, Access, DocumentKind, Language
from treaties.files import checked
from treaties.models import Document, Treaty
from treaties.texts import clean

# The papers whose text binds, or renders one that does.
TEXTS = frozenset({DocumentKind.SIGNED_TEXT, DocumentKind.TREATY_TEXT, DocumentKind.TRANSLATION, DocumentKind.LETTER})
_LIMITS = {"title": 300, "source": 500}
_AS_GIVEN = ("kind", "language", "access", "standing", "replaces")
_VCLT_33 = _("Vienna Convention on the Law of Treaties, art. 10 and 33")


@dataclass(frozen=True)
class DocumentEntry:
    """What is said of a paper that is on file; its bytes never change. `replaces`: the version it comes after."""

    pk: int
    title: str
    kind: str
    language: str
    access: str
    standing: str = ""
    replaces: Document | None = None
    source: str = ""
    gone: bool = False


def add_document(
    *,
    actor: User,
    treaty: Treaty,
    kind: DocumentKind,
    language: Language,
    title: str,
    filename: str,
    content: bytes,
    access: Access = Access.GOVERNMENT,
    source: str = "",
    about: Document | None = None,
    reason: str,
    is_demo: bool = False,
    submission: UUID | None = None,
) -> Document:
    """Keep a file with the treaty under its SHA-256, and which version of another paper it is about (`GIVEN_ON`).

    Raises `Refused` for a file of another type, and for a version that does not fit or was not said.
    """
    require(actor, Deed.EDIT_RECORD)
    reason = stated(reason)
    media_type = checked(filename, content, actor=actor)
    with change(actor, action=Action.DOCUMENT_ADD, reason=reason, submission=submission):
        locked = lock(treaty)
        problems = level_problems(actor, access, locked.department_id)
        problems += publishing.paper_problems(actor, locked, Access.GOVERNMENT, access)
        if problems:
            raise Refused(problems)
        document = Document(
            treaty=treaty,
            about=papers.given_on(kind, Document.objects.visible_to(actor).filter(treaty=treaty), about),
            kind=kind,
            language=language,
            title=clean(title, field="title", limit=300, required=True),
            filename=clean(filename, field="file", limit=200),
            access=access,
            media_type=media_type,
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            source=clean(source, field="source", limit=500),
            is_demo=is_demo,
        )
        _store(document, content)
        document.save(force_insert=True)
        changed(treaty)
        document_reading.ask()
    return document


def describe_document(
    *,
    actor: User,
    document: Document,
    entry: DocumentEntry,
    version: int,
    reason: str,
    submission: UUID | None = None,
) -> Document:
    """Say something else of one paper. Raises `Refused`, `Conflict` and `AlreadyDone` as `describe_documents`."""
    row = replace(entry, pk=document.pk)
    with alone():
        describe_documents(
            actor=actor, treaty=document.treaty, rows=[row], version=version, reason=reason, submission=submission
        )
    return Document.objects.get(pk=document.pk)


def describe_documents(
    *,
    actor: User,
    treaty: Treaty,
    rows: Sequence[DocumentEntry],
    version: int,
    reason: str,
    submission: UUID | None = None,
) -> Treaty:
    """Say something else of papers on file, not of their bytes; those that are not among `rows` stay as they are.

    Raises `Refused` with everything that is wrong, each naming its row; `Conflict` when the record moved on from
    `version`; `AlreadyDone` when this form was sent before.
    """
    args: dict[str, Any] = {"actor": actor, "treaty": treaty, "version": version, "reason": reason}
    with saving("documents", action=Action.DOCUMENT_EDIT, submission=submission, **args) as save:
        known = Document.objects.visible_to(actor).filter(treaty=save.treaty)
        present = {row.pk: row for row in known.select_related("about", "replaces")}
        # An earlier version that the actor may not read was not on the page, and stays the earlier one.
        hidden = Document.objects.filter(treaty=save.treaty).hidden_from(actor).in_bulk()
        earlier = {pk: row.replaces_id for pk, row in present.items() if row.replaces_id in hidden}
        _check(save, rows, present)
        _check_public(save, actor, rows, present)
        save.check()
        for place, entry in enumerate(rows):
            values = {name: getattr(entry, name) for name in _AS_GIVEN} | cleaned(entry, _LIMITS)
            values["replaces"] = entry.replaces or hidden.get(earlier.get(entry.pk))
            save.write(present[entry.pk], values, place)
        document_reading.ask()
    return save.treaty


def _check(save: Save, rows: Sequence[DocumentEntry], present: Mapping[int, Document]) -> None:
    save.known(rows, present)
    said = {entry.pk: entry for entry in rows}
    comes_after = {pk: row.replaces_id for pk, row in present.items()}
    comes_after |= {entry.pk: entry.replaces.pk if entry.replaces else None for entry in rows}
    for place, entry in enumerate(rows):
        save.texts(place, entry, _LIMITS, needed=("title",))
        for problem in level_problems(save.actor, entry.access, save.treaty.department_id):
            save.refuse(place, problem.code, problem.sentence, field="access")
        if entry.gone:
            save.refuse(place, "kept", _("A document is never taken away."), field="gone")
        if entry.standing and entry.kind not in TEXTS:
            sentence = _("Only a text of the instrument or its translation has a standing; leave it empty.")
            save.refuse(place, "no_text", sentence, field="standing", law=_VCLT_33)
        about = present[entry.pk].about if entry.pk in present else None
        if about and GIVEN_ON.get(DocumentKind(entry.kind)) != about.kind:
            sentence = _("It is given on a version of “%(paper)s”, so it cannot be a paper of this kind.")
            save.refuse(place, "about", sentence % {"paper": about.get_kind_display()}, field="kind")
        if entry.replaces:
            _check_line(save, place, entry, said, comes_after)


def _check_public(save: Save, actor: User, rows: Sequence[DocumentEntry], present: Mapping[int, Document]) -> None:
    for place, entry in enumerate(rows):
        if entry.pk in present:
            for one in publishing.paper_problems(actor, save.treaty, present[entry.pk].access, entry.access):
                save.refuse(place, one.code, one.sentence, field=one.field)


def _check_line(
    save: Save,
    place: int,
    entry: DocumentEntry,
    said: Mapping[int, DocumentEntry],
    comes_after: Mapping[int, int | None],
) -> None:
    """Versions of one paper follow each other: of this treaty, of one kind and language, and never in a ring."""
    earlier: Any = said.get(entry.replaces.pk, entry.replaces) if entry.replaces else None
    if entry.replaces and entry.replaces.pk not in comes_after:
        save.refuse(place, "replaces", _("That version belongs to another treaty."), field="replaces")
    elif (earlier.kind, earlier.language) != (entry.kind, entry.language):
        sentence = _("A version comes after one of the same kind and in the same language.")
        save.refuse(place, "replaces", sentence, field="replaces")
    elif _in_a_ring(entry.pk, comes_after):
        save.refuse(place, "replaces_itself", _("A version cannot come after itself."), field="replaces")


def _in_a_ring(start: int, comes_after: Mapping[int, int | None]) -> bool:
    seen, here = set[int](), comes_after.get(start)
    while here is not None and here not in seen:
        if here == start:
            return True
        seen.add(here)
        here = comes_after.get(here)
    return False


def _store(document: Document, content: bytes) -> None:
    """Write the bytes once: the name is their hash, so what is there already is the same."""
    name = document.file.field.generate_filename(document, document.filename)
    storage = document.file.storage
    if not storage.exists(name):
        name = storage.save(name, ContentFile(content))
    document.file.name = name
