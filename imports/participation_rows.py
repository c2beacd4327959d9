"""A row that tells of one party to a treaty: when it signed, consented, was bound and left."""

from collections.abc import Mapping

from imports import rows, titles, treaty_rows
from imports.problems import Problem
from imports.rows import Context, Reading
from treaties.actions import Record, TitleText
from treaties.bulk_actions import NewAct, NewTreaty
from treaties.choices import Access, ActKind, Kind, Language
from treaties.dates import parse

_DATES = {"signed_on": ActKind.SIGNATURE, "in_force_on": ActKind.ENTRY_INTO_FORCE, "ended_on": ActKind.END}
# What lists call the act by which a party consents to be bound (the United Nations, WIPO, the register itself).
_ACTS = {
    "ratification": ActKind.RATIFICATION,
    "bekrachtiging": ActKind.RATIFICATION,
    "formal confirmation": ActKind.RATIFICATION,
    "acceptance": ActKind.ACCEPTANCE,
    "definitive acceptance": ActKind.ACCEPTANCE,
    "aanvaarding": ActKind.ACCEPTANCE,
    "acceptation": ActKind.ACCEPTANCE,
    "approval": ActKind.APPROVAL,
    "goedkeuring": ActKind.APPROVAL,
    "approbation": ActKind.APPROVAL,
    "accession": ActKind.ACCESSION,
    "toetreding": ActKind.ACCESSION,
    "adhésion": ActKind.ACCESSION,
    "succession": ActKind.SUCCESSION,
    "opvolging": ActKind.SUCCESSION,
    "declaration/notification of succession": ActKind.SUCCESSION,
    "definitive signature": ActKind.SIGNATURE,
    "provisional application": ActKind.PROVISIONAL_APPLICATION,
    "voorlopige toepassing": ActKind.PROVISIONAL_APPLICATION,
    "notification": ActKind.NOTIFICATION,
    "kennisgeving": ActKind.NOTIFICATION,
}
# Known for what they are, and kept in their own words too.
_WORDED_OTHERWISE = frozenset({"formal confirmation", "definitive signature", "definitive acceptance"})
# Remarks of the register in a record are in Dutch.
_ACT_AS_WORDED = "In de bron: “{}”."
_ACT_UNKNOWN = "De bron zegt niet door welke handeling deze partij gebonden is."
_UNKNOWN_PARTY = "Partij volgens de bron die het register niet kent: {}"


def read(cells: Mapping[str, str], context: Context) -> Reading:
    """What the row says. `cells` maps fields to texts."""
    reading = rows.begin(cells, context)
    reading.title = titles.kept(cells.get("title", ""))
    if not reading.title:
        reading.problems.append(Problem("no_title", context.column("title")))
    if not reading.key:
        reading.problems.append(Problem("missing", context.column("source_id")))
    when = {name: rows.read_date(name, cells, context, reading) for name in _DATES}
    _consent(cells, context, reading)
    rows.note_order(reading, context, when)
    _party(cells, context, reading)
    if url := cells.get("url", "").strip():
        reading.said["url"] = url
    return reading


def _consent(cells: Mapping[str, str], context: Context, reading: Reading) -> None:
    words = titles.kept(cells.get("bound_by", ""))
    if words:
        reading.said["bound_by"] = words
    rows.read_date("bound_on", cells, context, reading)
    if words and "bound_on" not in reading.said and not reading.problems:
        reading.problems.append(Problem("act_without_date", context.column("bound_by"), words))
    kind = act_kind(reading)
    if words and words.casefold() not in _ACTS and words.casefold() not in ActKind.values:
        read_as = {"read": str(kind.label)}
        reading.notes.append(Problem("act_kept_in_note", context.column("bound_by"), words, params=read_as))


def act_kind(reading: Reading) -> ActKind:
    """The act of consent; a notification where the source words it otherwise, with those words in its note."""
    words = reading.said.get("bound_by", "").casefold()
    if words in ActKind.values:
        return ActKind(words)
    return _ACTS.get(words, ActKind.NOTIFICATION)


def _party(cells: Mapping[str, str], context: Context, reading: Reading) -> None:
    code, name = cells.get("party_iso3", "").strip(), " ".join(cells.get("party", "").split())
    if not (code or name):
        reading.problems.append(Problem("missing", context.column("party") or context.column("party_iso3")))
        return
    day = reading.said.get("signed_on") or reading.said.get("bound_on")
    on = parse(day).on if day else None
    by_code = context.matcher.find(code, on) if code else ()
    by_name = context.matcher.find(name, on) if name else ()
    if len(by_code) == 1 and by_name and by_code[0] not in by_name and not _came_after(by_code[0], by_name):
        params = {"code": code, "name": name, "first": by_code[0].name, "second": by_name[0].name}
        reading.problems.append(Problem("codes_disagree", context.column("party_iso3"), code, params=params))
    elif len(by_code) == 1:
        reading.party = by_code[0].pk
    else:
        _by_name(name or code, on, context, reading)


def _by_name(name: str, on: object, context: Context, reading: Reading) -> None:
    column = context.column("party") or context.column("party_iso3")
    found = context.matcher.find(name, on)  # type: ignore[arg-type]
    if len(found) == 1:
        reading.party = found[0].pk
        return
    matched = context.matcher.cell(name, column, on, note_unknown=context.note_unknown)  # type: ignore[arg-type]
    reading.problems += matched.problems
    reading.notes += matched.notes
    if matched.unknown:
        reading.said["unknown_parties"] = matched.unknown
        reading.mark = f"[{name}]"
    elif len(matched.parties) > 1:
        reading.problems.append(Problem("several_in_one", column, name, params={"name": name, "split": name}))


def _came_after(party: object, others: object) -> bool:
    """Whether the code is of a state that the name is a former one of: Zaire, COD."""
    return any(party.code in other.successors for other in others)  # type: ignore[attr-defined]


def acts(reading: Reading) -> list[NewAct]:
    """The acts of the party that the row tells of."""
    said, source = reading.said, treaty_rows.cited(reading)
    found = [
        NewAct(kind, parse(said[name]), party=reading.party, source=source)
        for name, kind in _DATES.items()
        if name in said
    ]
    if "bound_on" in said:
        words = said.get("bound_by", "")
        kind = act_kind(reading)
        exact = words.casefold() in ActKind.values or words.casefold() in _ACTS.keys() - _WORDED_OTHERWISE
        note = "" if exact else _ACT_AS_WORDED.format(words) if words else _ACT_UNKNOWN
        found.append(NewAct(kind, parse(said["bound_on"]), party=reading.party, note=note, source=source))
    return found


def note(reading: Reading) -> str:
    """What the note of the treaty says of a party that the register does not know, with what it did and when."""
    names = reading.said.get("unknown_parties", ())
    if not names:
        return ""
    told = ", ".join(f"{name} {reading.said[name]}" for name in (*_DATES, "bound_on") if name in reading.said)
    return _UNKNOWN_PARTY.format("; ".join(names)) + (f" ({told})" if told else "")


def new_treaty(reading: Reading) -> NewTreaty:
    """The treaty of a row, where the register has none: its title, and nothing the row does not say."""
    kind = titles.kind(reading.title)
    said = {"kind": kind} if kind else {}
    return NewTreaty(
        Record(
            kind=kind or Kind.TREATY,
            titles=[TitleText(Language(titles.language(reading.title)), reading.title)],
            numbers=treaty_rows.numbers(Reading(reading.source, reading.key, reading.title)),
            access=Access.PUBLIC,
            note=treaty_rows.note(said),
            sources=treaty_rows.sources(Reading(reading.source, reading.key, reading.title)),
        )
    )
