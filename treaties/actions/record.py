"""An instrument as a whole: registered, edited, qualified, with its titles and themes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from accounts.choices import Deed
from accounts.models import User
from audit.actions import change
from audit.choices import Action
from audit.refusals import Blocker, Refused
from treaties import publishing, search
from treaties.actions.common import level_problems, lock, require, stated
from treaties.actions.numbers import Number, _add_number
from treaties.choices import Access, Kind, Language, Qualification, TitleKind
from treaties.models import Party, Theme, Title, Treaty, TreatyParty, TreatyTheme
from treaties.references import new_reference
from treaties.texts import clean, unfit


@dataclass(frozen=True)
class TitleText:
    language: Language
    text: str
    kind: TitleKind = TitleKind.OFFICIAL


@dataclass(frozen=True)
class Record:
    """What a person says of an instrument, in one piece. `parties` maps codes to how the text names them."""

    kind: Kind
    titles: Sequence[TitleText]
    qualification: Qualification = Qualification.UNDETERMINED
    parties: dict[str, str] = field(default_factory=dict)
    themes: Sequence[str] = ()
    numbers: Sequence[Number] = ()
    access: Access = Access.GOVERNMENT
    # The code of the department that holds it; None says nothing of it: for a new one that of who registers it.
    department: str | None = None
    summary_nl: str = ""
    summary_en: str = ""
    territory: str = ""
    note: str = ""
    sources: str = ""
    # The code of the party that keeps the instrument, and the languages in which its text binds; None says nothing
    # of them, and leaves them as they are.
    depositary: str | None = None
    authentic_languages: Sequence[Language] | None = None


_LIMITS = {"summary_nl": 10_000, "summary_en": 10_000, "territory": 500, "note": 10_000, "sources": 10_000}


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
    department = actor.department_id if record.department is None else record.department or None
    parties, themes = _check(record, actor, department)
    with change(actor, action=Action.TREATY_REGISTER, reason=reason, submission=submission):
        columns = columns_of(record) | {"department_id": department}
        treaty = Treaty(reference=reference or new_reference("T"), is_demo=is_demo, **columns)
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
    department = treaty.department_id if record.department is None else record.department or None
    parties, themes = _check(record, actor, department)
    with change(actor, action=Action.TREATY_EDIT, reason=reason, submission=submission):
        row = lock(treaty, version=version)
        if crossing := publishing.crossing(row.access, record.access):
            raise Refused(crossing)
        for name, value in columns_of(record).items():
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


def _check(record: Record, actor: User, department: str | None) -> tuple[list[Party], list[Theme]]:
    """The parties and themes named; raises `Refused` with everything that is wrong."""
    blockers: list[Blocker] = level_problems(actor, record.access, department)
    if not record.titles:
        blockers.append(Blocker("no_title", _("Give at least one title."), field="title_nl"))
    named = {*record.parties, *([record.depositary] if record.depositary else [])}
    found = {party.code: party for party in Party.objects.filter(code__in=named)}
    parties = [party for code, party in found.items() if code in record.parties]
    themes = list(Theme.objects.filter(slug__in=record.themes))
    blockers += [
        Blocker("unknown_party", _("There is no country or party “%(code)s”.") % {"code": code}, field="parties")
        for code in sorted(set(record.parties) - set(found))
    ]
    if record.depositary and record.depositary not in found:
        sentence = _("There is no country or party “%(code)s”.") % {"code": record.depositary}
        blockers.append(Blocker("unknown_party", sentence, field="depositary"))
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


def columns_of(record: Record) -> dict[str, Any]:
    """The columns of the treaty itself, as they are kept. Raises `Refused` for a text that cannot be."""
    columns: dict[str, Any] = {
        name: clean(getattr(record, name), field=name, limit=limit) for name, limit in _LIMITS.items()
    }
    if record.depositary is not None:
        columns["depositary"] = Party.objects.filter(code=record.depositary).first()
    if record.department is not None:
        columns["department_id"] = record.department or None
    if record.authentic_languages is not None:
        columns["authentic_languages"] = [Language(one) for one in dict.fromkeys(record.authentic_languages)]
    return columns | {
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
