"""A row that tells of a treaty: what it says, and the record that makes. Pure but for the names of parties."""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import override

from imports import rows, titles
from imports.problems import Problem
from imports.rows import Context, Reading
from treaties import numbers as forms
from treaties.actions import Number, Record, TitleText
from treaties.bulk_actions import NewAct, NewTreaty
from treaties.choices import NOT_TREATIES, Access, ActKind, Kind, Language, Scheme
from treaties.dates import PartialDate, parse

_TITLES = {
    "title_nl": Language.NL,
    "title_en": Language.EN,
    "title_fr": Language.FR,
    "title_de": Language.DE,
}
# Said of how many there are parties, not of what it is: the parties of the record tell that.
_LATERALITIES = frozenset(
    [
        "bilateral",
        "multilateral",
        "plurilateral",
        "unknown",
        "bilateraal",
        "multilateraal",
        "bilatéral",
        "multilatéral",
        "onbekend",
        "bi",
        "multi",
    ]
)
_DATES = {"signed_on": ActKind.SIGNATURE, "in_force_on": ActKind.ENTRY_INTO_FORCE, "ended_on": ActKind.END}
# Remarks of the register in a record are in Dutch.
_KIND_UNKNOWN = "De bron zegt niet welk soort instrument dit is; het is ingevoerd als verdrag."
_SUBJECT = "Onderwerp volgens de bron: {}"
_UNKNOWN_PARTIES = "Partijen volgens de bron die het register niet kent: {}"
_ONLY_NUMBERS = re.compile(r"\s*;\s*|\n+")


def read(cells: Mapping[str, str], context: Context) -> Reading:
    """What the row says. `cells` maps fields to texts."""
    reading = rows.begin(cells, context)
    _titles(cells, context, reading)
    when = {name: rows.read_date(name, cells, context, reading) for name in _DATES}
    rows.note_order(reading, context, when)
    _kind(cells, context, reading)
    _parties(cells, context, reading, when["signed_on"] or when["in_force_on"])
    _addresses(cells, context, reading)
    for name in ("subject", "summary_nl", "summary_en"):
        if text := titles.kept(cells.get(name, "")):
            reading.said[name] = text
    if not reading.key:
        # Two treaties of one title without numbers are told apart by their date.
        reading.key = f"signed {reading.said.get('signed_on', '')}".strip()
    return reading


def _titles(cells: Mapping[str, str], context: Context, reading: Reading) -> None:
    said: dict[str, str] = {}
    columns: dict[str, str] = {}
    if text := titles.kept(cells.get("title", "")):
        tongue = titles.language(text)
        said[tongue], columns[tongue] = text, context.column("title")
    for name, language in _TITLES.items():
        if not (text := titles.kept(cells.get(name, ""))):
            continue
        if said.get(language, text) != text:
            other = {"other": columns[language]}
            reading.problems.append(Problem("two_titles", context.column(name), text, params=other))
        said[language], columns[language] = text, context.column(name)
    if not said:
        reading.problems.append(Problem("no_title", context.column("title")))
        return
    reading.said["titles"] = {str(language): text for language, text in said.items()}
    reading.title = next(iter(said.values()))


def _kind(cells: Mapping[str, str], context: Context, reading: Reading) -> None:
    by_title = titles.kind(reading.title)
    text = titles.kept(cells.get("kind", ""))
    given: Kind | None = None
    if text and text.casefold() not in _LATERALITIES:
        given = kind_named(text)
        if given is None:
            known = {"known": ", ".join(Kind.values)}
            reading.problems.append(Problem("unknown_kind", context.column("kind"), text, params=known))
    kind = given or by_title
    column = context.column("title")
    if given and given not in NOT_TREATIES and by_title == Kind.MOU:
        reading.notes.append(Problem("kind_contradicts", column, params={"kind": given.value}))
    elif kind and kind not in NOT_TREATIES and titles.mentions_mou(reading.title):
        reading.notes.append(Problem("mentions_mou", column, params={"kind": kind.value}))
    if kind:
        reading.said["kind"] = kind.value
    elif reading.title:
        reading.notes.append(Problem("kind_unknown", column))


def kind_named(text: str) -> Kind | None:
    """The kind of that code, label (Dutch or English) or noun; None for none."""
    wanted = text.casefold()
    for language in ("en", "nl"):
        with override(language):
            for kind in Kind:
                if wanted in (kind.value, str(kind.label).casefold()):
                    return kind
    return titles.kind(text)


def _parties(cells: Mapping[str, str], context: Context, reading: Reading, when: PartialDate | None) -> None:
    column = context.column("parties")
    on = when.on if when else None
    matched = context.matcher.cell(cells.get("parties", ""), column, on, note_unknown=context.note_unknown)
    reading.problems += matched.problems
    reading.notes += matched.notes
    if matched.parties:
        reading.said["parties"] = sorted(context.matcher.parties[pk].code for pk in matched.parties)
    if matched.unknown:
        reading.said["unknown_parties"] = sorted(set(matched.unknown))
    if column and not (matched.parties or matched.unknown or matched.problems):
        reading.notes.append(Problem("no_parties", column))


def _addresses(cells: Mapping[str, str], context: Context, reading: Reading) -> None:
    if url := cells.get("url", "").strip():
        if not re.fullmatch(r"https?://[^\s]+", url):
            reading.problems.append(Problem("bad_url", context.column("url"), url))
        reading.said["url"] = url
    given = []
    for piece in filter(None, _ONLY_NUMBERS.split(cells.get("identifiers", "").strip())):
        scheme, _gap, value = piece.strip().partition(" ")
        if scheme.casefold() not in Scheme.values or not value.strip():
            known = {"known": ", ".join(Scheme.values)}
            reading.problems.append(Problem("bad_identifier", context.column("identifiers"), piece, params=known))
        elif forms.problem(scheme.casefold(), value):
            reading.problems.append(Problem("number_form", context.column("identifiers"), piece))
        given.append(f"{scheme.casefold()} {forms.kept(scheme.casefold(), titles.kept(value))}")
    if given:
        reading.said["identifiers"] = sorted(set(given))


def new_treaty(reading: Reading) -> NewTreaty:
    """The record of a row without problems: public, its competence not yet determined, each date an act."""
    said = reading.said
    kind = Kind(said.get("kind", Kind.TREATY))
    return NewTreaty(
        Record(
            kind=kind,
            titles=[TitleText(Language(language), text) for language, text in said["titles"].items()],
            parties=dict.fromkeys(said.get("parties", ()), ""),
            numbers=numbers(reading),
            access=Access.PUBLIC,
            summary_nl=said.get("summary_nl", ""),
            summary_en=said.get("summary_en", ""),
            note=note(said),
            sources=sources(reading),
        ),
        [NewAct(act_kind(name, kind), parse(said[name]), source=cited(reading)) for name in _DATES if name in said],
    )


def act_kind(name: str, kind: Kind) -> ActKind:
    """An MoU comes into effect; a treaty enters into force."""
    if name == "in_force_on" and kind in NOT_TREATIES:
        return ActKind.EFFECT
    return _DATES[name]


def note(said: Mapping[str, Any]) -> str:
    lines = [] if "kind" in said else [_KIND_UNKNOWN]
    lines += [_SUBJECT.format(said["subject"])] if "subject" in said else []
    if unknown := said.get("unknown_parties"):
        lines.append(_UNKNOWN_PARTIES.format("; ".join(unknown)))
    return "\n".join(lines)[:10_000]


def numbers(reading: Reading) -> list[Number]:
    """The number at the source, so that it is found by it; and those the row gives with their scheme."""
    found = []
    if not reading.key.startswith("signed"):
        found.append(Number(Scheme.OTHER, reading.key, note=reading.source[:300]))
    for piece in reading.said.get("identifiers", ()):
        scheme, _gap, value = piece.partition(" ")
        found.append(Number(scheme, value, source=cited(reading)))
    return found


def sources(reading: Reading) -> str:
    number = "" if reading.key.startswith("signed") else f", {reading.key}"
    return "\n".join(filter(None, (f"{reading.source}{number}", reading.said.get("url", ""))))


def cited(reading: Reading) -> str:
    """The source of an act: the address, where it fits, or the source and number."""
    url: str = reading.said.get("url", "")
    return url if url and len(url) <= 500 else sources(reading).split("\n")[0]
