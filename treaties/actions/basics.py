"""What the first page of a record says: titles in any language and kind, what it is, who keeps it, what it is about."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.choices import Action
from audit.refusals import Blocker
from treaties import publishing
from treaties.actions.common import Save, cleaned, level_problems, saving
from treaties.choices import Access, Kind, Language, Qualification
from treaties.models import Party, Theme, Title, Treaty, TreatyTheme
from treaties.texts import unfit

_LIMITS = {"summary_nl": 10_000, "summary_en": 10_000, "territory": 500, "note": 10_000, "sources": 10_000}
_TITLE = {"text": 2_000}

# Reasons the record does not know of, against the columns (name → new value) of a treaty that would change.
Objects = Callable[[Treaty, Mapping[str, Any]], Sequence[Blocker]]


def nobody_objects(_treaty: Treaty, _columns: Mapping[str, Any]) -> Sequence[Blocker]:
    return ()


@dataclass(frozen=True)
class TitleEntry:
    """A title in one language and of one kind; there is one of each."""

    language: str
    kind: str
    text: str
    pk: int | None = None
    gone: bool = False


@dataclass(frozen=True)
class Basics:
    """What an instrument is, without its titles and without what has a page of its own."""

    kind: Kind
    qualification: Qualification
    access: Access
    # The code of the department that holds it, empty for none; None leaves it as it is.
    department: str | None = None
    themes: Sequence[str] = ()
    depositary: Party | None = None
    authentic_languages: Sequence[Language] = ()
    territory: str = ""
    summary_nl: str = ""
    summary_en: str = ""
    note: str = ""
    sources: str = ""


def save_basics(
    *,
    actor: User,
    treaty: Treaty,
    rows: Sequence[TitleEntry],
    basics: Basics,
    version: int,
    reason: str,
    submission: UUID | None = None,
    objections: Objects = nobody_objects,
) -> Treaty:
    """Say something else of the instrument itself; titles that are not among `rows` stay as they are.

    Raises `Refused` with everything that is wrong, a title's naming its row; `Conflict` when the record moved on
    from `version`; `AlreadyDone` when this form was sent before. `objections` are judged under the lock.
    """
    args: dict[str, Any] = {"actor": actor, "treaty": treaty, "version": version, "reason": reason}
    with saving("titles", action=Action.TREATY_EDIT, submission=submission, **args) as save:
        present = {row.pk: row for row in save.treaty.titles.all()}
        _check_titles(save, rows, present)
        themes = _themes(save, basics.themes)
        for name, limit in _LIMITS.items():
            if problem := unfit(getattr(basics, name), limit=limit):
                save.refuse(None, "text", problem, field=name)
        department = save.treaty.department_id if basics.department is None else basics.department or None
        save.blockers += level_problems(actor, basics.access, department)
        columns = _columns(basics, department) if not save.blockers else {}
        differing = {name: value for name, value in columns.items() if getattr(save.treaty, name) != value}
        if "access" in differing:
            save.blockers += publishing.crossing(save.treaty.access, differing["access"])
        save.blockers += objections(save.treaty, differing)
        save.check()
        save.write(save.treaty, columns)
        _write_titles(save, rows, present)
        _write_themes(save, themes)
    return save.treaty


def _columns(basics: Basics, department: str | None) -> dict[str, Any]:
    return {
        "kind": Kind(basics.kind),
        "qualification": Qualification(basics.qualification),
        "access": Access(basics.access),
        "department_id": department,
        "depositary": basics.depositary,
        "authentic_languages": [Language(one) for one in dict.fromkeys(basics.authentic_languages)],
        **cleaned(basics, _LIMITS),
    }


def _check_titles(save: Save, rows: Sequence[TitleEntry], present: Mapping[int, Title]) -> None:
    save.known(rows, present)
    mentioned = {entry.pk for entry in rows}
    taken = {(row.language, row.kind) for row in present.values() if row.pk not in mentioned}
    for place, entry in enumerate(rows):
        if entry.gone:
            continue
        save.texts(place, entry, _TITLE, needed=("text",))
        if (entry.language, entry.kind) in taken:
            sentence = _("There is a title of this kind in this language already.")
            save.refuse(place, "title_twice", sentence, field="language")
        taken.add((entry.language, entry.kind))
    if not taken:
        save.refuse(None, "no_title", _("Give at least one title."))


def _themes(save: Save, slugs: Sequence[str]) -> list[Theme]:
    found = {theme.slug: theme for theme in Theme.objects.filter(slug__in=slugs)}
    for slug in sorted(set(slugs) - set(found)):
        sentence = _("There is no theme “%(slug)s”.") % {"slug": slug}
        save.refuse(None, "unknown_theme", sentence, field="themes")
    return list(found.values())


def _write_titles(save: Save, rows: Sequence[TitleEntry], present: Mapping[int, Title]) -> None:
    """A title that gets another language or kind is another title: two of them can change places."""
    moved = [entry.pk for entry in rows if entry.pk and not entry.gone and _key(entry) != _key(present[entry.pk])]
    for key in [*(entry.pk for entry in rows if entry.pk and entry.gone), *moved]:
        save.remove(present[key])
    for place, entry in enumerate(rows):
        if not entry.gone:
            stays = entry.pk is not None and entry.pk not in moved
            row = present[entry.pk] if stays and entry.pk else Title(treaty=save.treaty)
            save.write(row, {"language": entry.language, "kind": entry.kind, **cleaned(entry, _TITLE)}, place)


def _key(title: Any) -> tuple[str, str]:
    return title.language, title.kind


def _write_themes(save: Save, themes: Sequence[Theme]) -> None:
    present = {link.theme_id: link for link in save.treaty.theme_links.all()}
    for theme in themes:
        if present.pop(theme.pk, None) is None:
            save.write(TreatyTheme(treaty=save.treaty), {"theme": theme})
    for link in present.values():
        save.remove(link)
