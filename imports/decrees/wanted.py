"""What the decrees of one treaty say of it: its record, its signature, the assents to it, the procedure. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from imports.decrees import partners, words
from imports.decrees.grouping import Group
from imports.decrees.titles import Act
from treaties.actions import Number, Record, TitleText
from treaties.choices import Access, ActKind, Kind, Language, Qualification, Scheme

# Dutch titles of the file in the order in which one is taken for the treaty.
_FIRST = ("flemish", "french-community", "walloon", "german-speaking", "cocof")
_KINDS = (
    (r"\w*protocol(?:len)?", Kind.PROTOCOL),
    (r"avenant|wijziging(?:en)?|amendement(?:en)?|aanhangsel|bijakte", Kind.AMENDMENT),
    (r"briefwisseling|uitwisseling van brieven|notawisseling|wisseling van brieven", Kind.EXCHANGE_OF_LETTERS),
    (r"\w*overeenkomst(?:en)?|\w*akkoord|schikking", Kind.AGREEMENT),
    (r"\w*conventie", Kind.CONVENTION),
    (r"\w*verdrag", Kind.TREATY),
)
_NOUN = re.compile("|".join(rf"\b(?P<k{place}>{pattern})\b" for place, (pattern, _kind) in enumerate(_KINDS)))
_OF_FILE = {
    "treaty": Kind.TREATY,
    "convention": Kind.CONVENTION,
    "agreement": Kind.AGREEMENT,
    "protocol": Kind.PROTOCOL,
    "amendment": Kind.AMENDMENT,
    "exchange of letters": Kind.EXCHANGE_OF_LETTERS,
}
_SIGNED_WORDS = frozenset({"ondertekend", "gesloten", "getekend", "afgesloten"})


@dataclass(frozen=True)
class Signing:
    """The day a title gives to the treaty. `by_the_parties`: they signed then; else it is the day of the text."""

    day: date
    place: str
    by_the_parties: bool
    note: str
    source: str

    @property
    def kind(self) -> ActKind:
        return ActKind.SIGNATURE if self.by_the_parties else ActKind.ADOPTION


def best_act(group: Group) -> Act:
    """The act whose words are the treaty's title: of the Flemish decree where there is one."""
    return min(group.acts, key=lambda act: (_FIRST.index(act.decree.entity), act.decree.decree_date, act.key))


def flemish(group: Group) -> list[Act]:
    """Acts of Flemish decrees, in order of promulgation and publication."""
    acts = (act for act in group.acts if act.decree.entity == "flemish")
    return sorted(acts, key=lambda act: (act.decree.decree_date, act.decree.published_on or date.max, act.key))


def assents(group: Group) -> dict[str, list[Act]]:
    """Code of the entity → the acts of its decrees, in order; without the Flemish ones."""
    found: dict[str, list[Act]] = {}
    for act in sorted(group.acts, key=lambda act: (act.decree.decree_date, act.key)):
        if code := words.ENTITIES[act.decree.entity]:
            found.setdefault(code, []).append(act)
    return found


def kind(act: Act) -> Kind:
    """What the instrument is: the column of the file; for one act of several, the first noun of its own title.

    A statute, charter or decision of the member states is a treaty, whatever its name (Vienna Convention, art. 2).
    """
    if act.number == 0 and act.decree.kind in _OF_FILE:
        return _OF_FILE[act.decree.kind]
    noun = _NOUN.search(act.title.lower())
    return _KINDS[int(noun.lastgroup[1:])][1] if noun and noun.lastgroup else Kind.TREATY


def is_eu_mixed(group: Group) -> bool:
    """Whether the file and a title both say so: the Union and its member states of the one part."""
    return any(act.decree.laterality == "mixed-eu" and partners.is_union_with_states(act.title) for act in group.acts)


def procedure(group: Group) -> str:
    """The code of the procedure that can hold what is known; it does not say whose competence the treaty touches."""
    if is_eu_mixed(group):
        return "eu_mixed"
    if not assents(group) and partners.only_flemish(best_act(group).title):
        return "exclusive"
    return "mixed"


def signing(group: Group) -> Signing | None:
    """The day of signature, from the decree whose title the treaty has, else from the first one that gives it."""
    dated = [act for act in (best_act(group), *group.acts) if act.signed_on]
    if not dated:
        return None
    act = dated[0]
    assert act.signed_on is not None  # noqa: S101 (filtered above)
    two_sided = act.decree.laterality in ("bilateral", "mixed-eu") and act.basis != "aangenomen"
    said = act.basis if act.basis and not act.basis.startswith("van") else "van"
    note = f"Het decreet zegt: {said}{f' te {act.place}' if act.place else ''} op {act.signed_on:%d-%m-%Y}."
    return Signing(act.signed_on, act.place, two_sided or act.basis in _SIGNED_WORDS, note, act.decree.eli)


def record(group: Group, names: Mapping[str, str]) -> Record:
    """The record of a treaty that is not in the register yet."""
    act = best_act(group)
    who = parties(group, names)
    notes = [words.RECONSTRUCTED, words.not_found(who.unknown)]
    return Record(
        kind=kind(act),
        titles=[TitleText(Language.NL, act.title)],
        qualification=Qualification.EU_MIXED if is_eu_mixed(group) else Qualification.UNDETERMINED,
        parties=dict(who.parties),
        numbers=numbers(group),
        access=Access.PUBLIC,
        note="\n".join(filter(None, notes)),
        sources="\n".join(dict.fromkeys(one.decree.eli for one in group.acts)),
    )


def parties(group: Group, names: Mapping[str, str]) -> partners.Named:
    """The parties as the treaty's own title names them; those of a decree elsewhere when it names none."""
    ordered = sorted(group.acts, key=lambda act: act.key != best_act(group).key)
    found = [partners.named(act, names) for act in ordered]
    return next((one for one in found if one.parties), found[0])


def numbers(group: Group) -> list[Number]:
    """NUMAC and ELI of each decree, with whose decree it is."""
    return [number for act in group.acts for number in numbers_of(act)]


def numbers_of(act: Act) -> Iterable[Number]:
    decree, note = act.decree, words.whose(act.decree, act.number)
    yield Number(Scheme.NUMAC, decree.numac, note=note, source=decree.eli)
    yield Number(Scheme.ELI, decree.eli, url=decree.eli, note=note, source=decree.eli)
