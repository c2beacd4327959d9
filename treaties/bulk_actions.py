"""Writing many records at once, for lists that are brought in. The same rows as `treaties.actions` would write.

Inside an open change, in the order of the house: require → check → do → record.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.choices import Deed
from accounts.models import User
from audit.actions import change
from audit.choices import Action
from audit.refusals import Blocker, Refused
from treaties import actions, bulk_rows, search, search_bulk
from treaties.actions import Number, Record, require, stated
from treaties.choices import ActKind, TitleKind
from treaties.dates import UNKNOWN, PartialDate
from treaties.models import Act, Identifier, Party, Theme, Title, Treaty, TreatyParty, TreatyTheme
from treaties.references import new_reference
from treaties.texts import clean, unfit


@dataclass(frozen=True)
class NewAct:
    """An act of the instrument, or of the party with this primary key."""

    kind: ActKind
    when: PartialDate = UNKNOWN
    party: int | None = None
    note: str = ""
    source: str = ""


@dataclass(frozen=True)
class NewTreaty:
    record: Record
    acts: Sequence[NewAct] = ()


@dataclass(frozen=True)
class Joining:
    """What is added to one treaty: parties (primary key → named in the text as) and acts."""

    treaty: int
    parties: dict[int, str] = field(default_factory=dict)
    acts: Sequence[NewAct] = ()
    # Added to the note of the treaty as a line of its own.
    note: str = ""


@dataclass(frozen=True)
class Amendment:
    """What is changed in one treaty; what is not named stays as it is.

    `columns` are columns of `Treaty`; `titles` are official titles by language, empty to leave one out; parties are
    codes; `retracted` are acts by kind, party (primary key) and date.
    """

    treaty: int
    columns: Mapping[str, str] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    with_parties: Collection[str] = ()
    without_parties: Collection[str] = ()
    numbers: Sequence[Number] = ()
    acts: Sequence[NewAct] = ()
    retracted: Collection[tuple[ActKind, int | None, date | None]] = ()


def register_many(*, actor: User, treaties: Sequence[NewTreaty], reason: str) -> list[Treaty]:
    """New instruments with all that hangs on them, in the order given. Raises `Refused` with every problem."""
    require(actor, Deed.EDIT_RECORD)
    reason = stated(reason)
    parties, themes = _known(treaties)
    with change(actor, action=Action.IMPORT_CONFIRM, reason=reason):
        references = _references(len(treaties))
        rows = [
            Treaty(reference=reference, **actions.columns_of(one.record))
            for one, reference in zip(treaties, references, strict=True)
        ]
        bulk_rows.write(rows)
        pairs = list(zip(rows, treaties, strict=True))
        parts: dict[str, list[Any]] = {
            "titles": [title for row, one in pairs for title in _titles(row, one.record)],
            "party_links": [
                TreatyParty(treaty=row, party=parties[code], named_as=clean(named, limit=300))
                for row, one in pairs
                for code, named in one.record.parties.items()
            ],
            "theme_links": [
                TreatyTheme(treaty=row, theme=themes[slug]) for row, one in pairs for slug in one.record.themes
            ],
            "identifiers": [number for row, one in pairs for number in _numbers(row, one.record)],
            "acts": [_act(row.pk, act) for row, one in pairs for act in one.acts],
        }
        for some in parts.values():
            bulk_rows.write(some)
        search_bulk.attach(rows, **parts)
        search_bulk.refresh_these(rows)
    return rows


def join_many(*, actor: User, joinings: Sequence[Joining], reason: str) -> None:
    """Add parties and acts to treaties that are there; a party that it has already is not added again."""
    require(actor, Deed.EDIT_RECORD)
    reason = stated(reason)
    keys = sorted({joining.treaty for joining in joinings})
    with change(actor, action=Action.IMPORT_CONFIRM, reason=reason):
        list(Treaty.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))
        present = set(TreatyParty.objects.filter(treaty__in=keys).values_list("treaty", "party"))
        links = {
            (joining.treaty, party): named
            for joining in joinings
            for party, named in joining.parties.items()
            if (joining.treaty, party) not in present
        }
        bulk_rows.write(
            [
                TreatyParty(treaty_id=treaty, party_id=party, named_as=clean(named, limit=300))
                for (treaty, party), named in links.items()
            ]
        )
        bulk_rows.write([_act(joining.treaty, act) for joining in joinings for act in joining.acts])
        for joining in joinings:
            if joining.note:
                _add_note(joining)
        search_bulk.refresh_many(keys)


def amend(*, actor: User, amendment: Amendment, reason: str) -> Treaty:
    """Change what is named in one treaty. Raises `Refused` for a text that cannot be kept."""
    require(actor, Deed.EDIT_RECORD)
    reason = stated(reason)
    with change(actor, action=Action.IMPORT_CONFIRM, reason=reason):
        row = Treaty.objects.select_for_update().get(pk=amendment.treaty)
        for name, value in amendment.columns.items():
            setattr(row, name, clean(value, field=name, limit=10_000))
        row.version += 1
        row.save()
        _amend_titles(row, amendment.titles)
        _amend_parties(row, amendment)
        for number in amendment.numbers:
            actions.add_number(actor=actor, treaty=row, number=number, reason=reason)
        for kind, party, on in amendment.retracted:
            for act in row.acts.filter(kind=kind, party=party, on=on, is_retracted=False):
                actions.retract_act(actor=actor, act=act, reason=reason)
        bulk_rows.write([_act(row.pk, act) for act in amendment.acts])
        search.touch(row)
    return row


def _amend_titles(row: Treaty, titles: Mapping[str, str]) -> None:
    present = {title.language: title for title in row.titles.filter(kind=TitleKind.OFFICIAL)}
    for language, text in titles.items():
        title = present.get(language) or Title(treaty=row, language=language)
        if not text and title.pk:
            title.delete()
        elif text:
            title.text = clean(text, field=f"title_{language}", required=True)
            title.save()


def _amend_parties(row: Treaty, amendment: Amendment) -> None:
    for link in row.party_links.filter(party__code__in=amendment.without_parties):
        link.delete()
    present = set(row.party_links.values_list("party__code", flat=True))
    for party in Party.objects.filter(code__in=set(amendment.with_parties) - present):
        TreatyParty(treaty=row, party=party).save()


def _add_note(joining: Joining) -> None:
    row = Treaty.objects.get(pk=joining.treaty)
    lines = [line for line in row.note.split("\n") if line]
    note = "\n".join([*lines, clean(joining.note, field="note", limit=4_000)])
    if joining.note not in lines and len(note) <= 10_000:
        row.note = note
        row.version += 1
        row.save()


def _known(treaties: Sequence[NewTreaty]) -> tuple[dict[str, Party], dict[str, Theme]]:
    """Parties by code and themes by slug; raises `Refused` for what is wrong in any of them."""
    codes = {code for one in treaties for code in one.record.parties}
    slugs = {slug for one in treaties for slug in one.record.themes}
    parties = {party.code: party for party in Party.objects.filter(code__in=codes)}
    themes = {theme.slug: theme for theme in Theme.objects.filter(slug__in=slugs).select_related("parent")}
    blockers = [
        Blocker("unknown_party", _("There is no country or party “%(code)s”.") % {"code": code}, field="parties")
        for code in sorted(codes - set(parties))
    ]
    blockers += [
        Blocker("unknown_theme", _("There is no theme “%(slug)s”.") % {"slug": slug}, field="themes")
        for slug in sorted(slugs - set(themes))
    ]
    blockers += [blocker for one in treaties for blocker in _unfit(one.record)]
    if blockers:
        raise Refused(blockers)
    return parties, themes


def _unfit(record: Record) -> Iterable[Blocker]:
    if not record.titles:
        yield Blocker("no_title", _("Give at least one title."), field="title_nl")
    for title in record.titles:
        if problem := unfit(title.text, limit=2_000, required=True):
            yield Blocker("text", problem, field=f"title_{title.language}")


def _titles(row: Treaty, record: Record) -> list[Title]:
    return [
        Title(treaty=row, language=given.language, kind=given.kind, text=clean(given.text, required=True))
        for given in record.titles
    ]


def _numbers(row: Treaty, record: Record) -> list[Identifier]:
    given = {(number.scheme, clean(number.value, limit=200, required=True)): number for number in record.numbers}
    return [
        Identifier(treaty=row, scheme=scheme, value=value, url=number.url, note=number.note, source=number.source)
        for (scheme, value), number in given.items()
    ]


def _act(treaty: int, act: NewAct) -> Act:
    return Act(
        treaty_id=treaty,
        kind=act.kind,
        party_id=act.party,
        on=act.when.on,
        precision=act.when.precision,
        note=clean(act.note, field="note", limit=4_000),
        source=clean(act.source, field="source", limit=500),
    )


def _references(count: int) -> list[str]:
    """As many new references; with tens of thousands at once two can be the same, so they are compared first."""
    found: set[str] = set()
    while len(found) < count:
        found |= {new_reference("T") for _ in range(count - len(found))}
        found -= set(Treaty.objects.filter(reference__in=found).values_list("reference", flat=True))
    return list(found)
