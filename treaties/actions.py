"""The only writes to the record. One function per verb: lock → check → do → record."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choices import Deed
from accounts.models import User
from audit.actions import change
from audit.choices import Action
from audit.refusals import Blocker, Conflict, Refused
from treaties import number_checks, papers, search
from treaties.choices import Access, ActKind, DocumentKind, Kind, Language, Qualification, RelationKind, TitleKind
from treaties.dates import UNKNOWN, PartialDate
from treaties.files import checked
from treaties.models import (
    Act,
    Document,
    Identifier,
    Party,
    Relation,
    Theme,
    Title,
    Treaty,
    TreatyParty,
    TreatyTheme,
)
from treaties.references import new_reference
from treaties.texts import clean, unfit


@dataclass(frozen=True)
class TitleText:
    language: Language
    text: str
    kind: TitleKind = TitleKind.OFFICIAL


@dataclass(frozen=True)
class Number:
    """An identifier to be kept: scheme (`choices.Scheme`), value, and what it is the number of."""

    scheme: str
    value: str
    url: str = ""
    note: str = ""
    source: str = ""


@dataclass(frozen=True)
class Record:
    """What a person says of an instrument, in one piece. `parties` maps codes to how the text names them."""

    kind: Kind
    titles: Sequence[TitleText]
    qualification: Qualification = Qualification.UNDETERMINED
    parties: dict[str, str] = field(default_factory=dict)
    themes: Sequence[str] = ()
    numbers: Sequence[Number] = ()
    access: Access = Access.INTERNAL
    summary_nl: str = ""
    summary_en: str = ""
    territory: str = ""
    note: str = ""
    sources: str = ""


_LIMITS = {"summary_nl": 10_000, "summary_en": 10_000, "territory": 500, "note": 10_000, "sources": 10_000}


def require(actor: User, deed: Deed) -> None:
    """Raise `Refused` when `actor` may not do `deed`."""
    if not actor.may(deed):
        sentence = _("You may not %(deed)s.") % {"deed": deed.label}
        raise Refused([Blocker("not_allowed", sentence)])


def stated(reason: str) -> str:
    """The reason of a change as it is kept. Raises `Refused` for none, or one that cannot be kept."""
    return clean(reason, field="reason", limit=4_000, required=True)


def register_treaty(
    *,
    actor: User,
    record: Record,
    reason: str,
    reference: str = "",
    is_demo: bool = False,
    submission: UUID | None = None,
) -> Treaty:
    """A new instrument in the register, with its titles, parties, themes and numbers.

    Raises `Refused` with every problem, `AlreadyDone` when this form was sent before.
    """
    require(actor, Deed.EDIT_RECORD)
    reason = stated(reason)
    parties, themes = _check(record)
    with change(actor, action=Action.TREATY_REGISTER, reason=reason, submission=submission):
        treaty = Treaty(reference=reference or new_reference("T"), is_demo=is_demo, **_columns(record))
        treaty.save(force_insert=True)
        _write_titles(treaty, record.titles)
        for party in parties:
            TreatyParty(treaty=treaty, party=party, named_as=clean(record.parties[party.code], limit=300)).save()
        for theme in themes:
            TreatyTheme(treaty=treaty, theme=theme).save()
        for number in record.numbers:
            _add_number(treaty, number)
        search.touch(treaty)
    return treaty


def edit_treaty(
    *, actor: User, treaty: Treaty, record: Record, version: int, reason: str, submission: UUID | None = None
) -> Treaty:
    """Replace what the record says. `version` is the one the person saw.

    Raises `Conflict` when somebody else saved meanwhile; nothing of theirs is overwritten.
    """
    require(actor, Deed.EDIT_RECORD)
    reason = stated(reason)
    parties, themes = _check(record)
    with change(actor, action=Action.TREATY_EDIT, reason=reason, submission=submission):
        row = lock(treaty, version=version)
        for name, value in _columns(record).items():
            setattr(row, name, value)
        row.version += 1
        row.save()
        _write_titles(row, record.titles)
        _replace_links(row, parties, themes, record.parties)
        search.touch(row)
    return row


def qualify(*, actor: User, treaty: Treaty, qualification: Qualification, reason: str) -> Treaty:
    """Say whose competence the treaty touches, without a word on the rest of its record."""
    require(actor, Deed.EDIT_RECORD)
    reason = stated(reason)
    with change(actor, action=Action.TREATY_EDIT, reason=reason):
        row = lock(treaty)
        if row.qualification != qualification:
            row.qualification = qualification
            row.version += 1
            row.save()
            search.touch(row)
    return row


def lock(treaty: Treaty, *, version: int | None = None) -> Treaty:
    """The row, held until the end of the transaction; first in the lock order."""
    row = Treaty.objects.select_for_update().get(pk=treaty.pk)
    if version is not None and row.version != version:
        last = row.history.first()
        raise Conflict(
            _("%(who)s changed this record at %(when)s. Your text is still here; look at what changed first.")
            % {"who": last.history_actor, "when": f"{timezone.localtime(last.history_date):%d-%m-%Y %H:%M}"}
        )
    return row


def add_number(*, actor: User, treaty: Treaty, number: Number, reason: str) -> Identifier:
    """Keep one more number of the treaty; a number it already has is returned as it is."""
    require(actor, Deed.EDIT_RECORD)
    with change(actor, action=Action.TREATY_EDIT, reason=reason):
        row = lock(treaty)
        identifier = _add_number(row, number)
        search.touch(row)
    return identifier


def record_act(
    *,
    actor: User,
    treaty: Treaty,
    kind: ActKind,
    when: PartialDate = UNKNOWN,
    party: Party | None = None,
    place: str = "",
    number: str = "",
    note: str = "",
    source: str = "",
    reason: str,
    submission: UUID | None = None,
) -> Act:
    """A dated act of the instrument, or of one party to it."""
    require(actor, Deed.EDIT_RECORD)
    with change(actor, action=Action.ACT_RECORD, reason=reason, submission=submission):
        lock(treaty)
        act = Act(
            treaty=treaty,
            kind=kind,
            party=party,
            on=when.on,
            precision=when.precision,
            place=clean(place, field="place", limit=200),
            number=clean(number, field="number", limit=200),
            note=clean(note, field="note", limit=4_000),
            source=clean(source, field="source", limit=500),
        )
        act.save(force_insert=True)
        search.touch(treaty)
    return act


def retract_act(*, actor: User, act: Act, reason: str) -> Act:
    """The act turned out not to have happened, or to be told wrong; it stays readable in the history."""
    require(actor, Deed.EDIT_RECORD)
    with change(actor, action=Action.ACT_CORRECT, reason=reason):
        lock(act.treaty)
        row = Act.objects.select_for_update().get(pk=act.pk)
        row.is_retracted = True
        row.save()
        search.touch(row.treaty)
    return row


def add_document(
    *,
    actor: User,
    treaty: Treaty,
    kind: DocumentKind,
    language: Language,
    title: str,
    filename: str,
    content: bytes,
    access: Access = Access.INTERNAL,
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
    media_type = checked(filename, content)
    with change(actor, action=Action.DOCUMENT_ADD, reason=reason, submission=submission):
        lock(treaty)
        document = Document(
            treaty=treaty,
            about=papers.given_on(kind, treaty.documents.all(), about),
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
        search.touch(treaty)
    return document


def relate(
    *, actor: User, treaty: Treaty, kind: RelationKind, other: Treaty, note: str = "", source: str = "", reason: str
) -> Relation:
    """ "`treaty` <kind> `other`"; saying the same twice changes nothing."""
    require(actor, Deed.EDIT_RECORD)
    if treaty.pk == other.pk:
        raise Refused([Blocker("relates_to_itself", _("A treaty cannot be related to itself."), field="other")])
    with change(actor, action=Action.TREATY_RELATE, reason=reason):
        lock(treaty)
        found = Relation.objects.filter(treaty=treaty, kind=kind, other=other).first()
        relation = found or Relation(
            treaty=treaty, kind=kind, other=other, note=clean(note, limit=500), source=clean(source, limit=500)
        )
        if not found:
            relation.save(force_insert=True)
            search.touch(treaty)
    return relation


def _check(record: Record) -> tuple[list[Party], list[Theme]]:
    """The parties and themes named; raises `Refused` with everything that is wrong."""
    blockers: list[Blocker] = []
    if not record.titles:
        blockers.append(Blocker("no_title", _("Give at least one title."), field="title_nl"))
    parties = list(Party.objects.filter(code__in=record.parties))
    themes = list(Theme.objects.filter(slug__in=record.themes))
    blockers += [
        Blocker("unknown_party", _("There is no country or party “%(code)s”.") % {"code": code}, field="parties")
        for code in sorted(set(record.parties) - {party.code for party in parties})
    ]
    blockers += [
        Blocker("unknown_theme", _("There is no theme “%(slug)s”.") % {"slug": slug}, field="themes")
        for slug in sorted(set(record.themes) - {theme.slug for theme in themes})
    ]
    texts = [(f"title_{title.language}", unfit(title.text, limit=2_000, required=True)) for title in record.titles]
    texts += [(name, unfit(getattr(record, name), limit=limit)) for name, limit in _LIMITS.items()]
    blockers += [Blocker("text", problem, field=name) for name, problem in texts if problem]
    if blockers:
        raise Refused(blockers)
    return parties, themes


def _columns(record: Record) -> dict[str, Any]:
    return {name: clean(getattr(record, name), field=name, limit=limit) for name, limit in _LIMITS.items()} | {
        "kind": Kind(record.kind),
        "qualification": Qualification(record.qualification),
        "access": Access(record.access),
    }


def _write_titles(treaty: Treaty, titles: Iterable[TitleText]) -> None:
    """Add and change titles; one that is no longer given is removed, and stays in the history."""
    present = {(title.language, title.kind): title for title in treaty.titles.all()}
    for given in titles:
        text = clean(given.text, field=f"title_{given.language}", required=True)
        row = present.pop((given.language, given.kind), None)
        if row is None:
            Title(treaty=treaty, language=given.language, kind=given.kind, text=text).save()
        elif row.text != text:
            row.text = text
            row.save()
    for row in present.values():
        row.delete()


def _replace_links(treaty: Treaty, parties: list[Party], themes: list[Theme], named: dict[str, str]) -> None:
    links = {link.party_id: link for link in treaty.party_links.all()}
    for party in parties:
        link = links.pop(party.pk, None) or TreatyParty(treaty=treaty, party=party)
        text = clean(named[party.code], limit=300)
        if link.pk is None or link.named_as != text:
            link.named_as = text
            link.save()
    theme_links = {link.theme_id: link for link in treaty.theme_links.all()}
    for theme in themes:
        if theme_links.pop(theme.pk, None) is None:
            TreatyTheme(treaty=treaty, theme=theme).save()
    for stale in (*links.values(), *theme_links.values()):
        stale.delete()


def _add_number(treaty: Treaty, number: Number) -> Identifier:
    value = number_checks.checked(treaty, number.scheme, number.value)
    if found := treaty.identifiers.filter(scheme=number.scheme, value=value).first():
        return found
    identifier = Identifier(
        treaty=treaty, scheme=number.scheme, value=value, url=number.url, note=number.note, source=number.source
    )
    identifier.save(force_insert=True)
    return identifier


def _store(document: Document, content: bytes) -> None:
    """Write the bytes once: the name is their hash, so what is there already is the same."""
    name = document.file.field.generate_filename(document, document.filename)
    storage = document.file.storage
    if not storage.exists(name):
        name = storage.save(name, ContentFile(content))
    document.file.name = name
