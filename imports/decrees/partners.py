"""Who a treaty is between, as far as a title names parties that the register knows. Pure; never a guess.

A name counts only when it is known in full, or after the words of state before it ("de Regering van de Republiek …").
What is not known is left out and told.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from imports.decrees.titles import Act
from imports.decrees.wording import folded

_STATE = (
    r"(?:regering(?:en)?|republiek(?:en)?|koninkrijk|staat|staten|groothertogdom|prinsdom|vorstendom|sultanaat|"
    r"gemenebest|bondsrepubliek|unie|"
    r"federale|federatieve|democratische|socialistische|islamitische|arabische|bolivariaanse|oostelijke)"
)
_BEFORE = re.compile(rf"^(?:de|het|den|\W)\s*|^{_STATE}(?:\s+(?:van|der|den))?(?:\s+(?:de|het))?\s+")
_AFTER = re.compile(r"[\s,]+(?:enerzijds|anderzijds|anderzijnds|en|vertegenwoordigd door .*|zoals gemachtigd door .*)$")
# More than one state bears the bare name: these must be written in full.
_AMBIGUOUS = frozenset({"china", "congo", "kongo", "korea", "guinea", "guinee", "ierland", "macedonie", "samoa"})
# Names in the titles of the gazette that are in no list of names of parties.
_ALSO = {
    "bondsrepubliek duitsland": "DE",
    "franse republiek": "FR",
    "republiek frankrijk": "FR",
    "groothertogdom luxemburg": "LU",
    "koninkrijk der nederlanden": "NL",
    "helleense republiek": "GR",
    "hellenistische republiek": "GR",
    "italiaanse republiek": "IT",
    "portugese republiek": "PT",
    "poolse republiek": "PL",
    "tsjechische republiek": "CZ",
    "republiek tsjechie": "CZ",
    "slowaakse republiek": "SK",
    "slovaakse republiek": "SK",
    "libanese republiek": "LB",
    "zwitserse bondsstaat": "CH",
    "zwitserse bondstaat": "CH",
    "zwitserse confederatie": "CH",
    "russische federatie": "RU",
    "verenigde mexicaanse staten": "MX",
    "mexicaanse verenigde staten": "MX",
    "algerijnse democratische volksrepubliek": "DZ",
    "democratische volksrepubliek algerije": "DZ",
    "republiek ten oosten van de uruguay": "UY",
    "republiek korea": "KR",
    "volksrepubliek china": "CN",
    "democratische republiek congo": "CD",
    "democratische republiek kongo": "CD",
    "verenigd koninkrijk van grootbrittannie en noordierland": "GB",
    "hasjemitisch koninkrijk jordanie": "JO",
    "hasjemitische koninkrijk jordanie": "JO",
    "voormalige joegoslavische republiek macedonie": "MK",
    "ierland": "IE",
    "republiek kazakhstan": "KZ",
    "republiek der filippijnen": "PH",
    "filipijnse republiek": "PH",
    "koninkrijk saudiarabie": "SA",
    "bosnieherzegovina": "BA",
    "republiek bolivie": "BO",
    "eiland man": "IM",
    "saintlucia": "LC",
}
_BELGIAN = {
    "BE": r"(?<!in het )koninkrijk belgi[eë]|(?<!van )(?<!koninkrijk )belgi[eë](?= en (?:de|het) |,| en )",
    "X-BE-VG": r"vlaamse gemeenschap\b(?!scommissie)",
    "BE-VLG": r"vlaamse? gewest",
    "X-BE-FG": r"franse gemeenschap\b(?!scommissie)",
    "BE-WAL": r"waalse? gewest",
    "X-BE-DG": r"duitstalige gemeenschap",
    "BE-BRU": r"brussels(?:e)? hoofdstedelijk(?:e)? gewest(?! *[,)]? *$)",
    "X-BE-COCOF": r"franse gemeenschapscommissie",
    "X-BE-GGC": r"gemeenschappelijke gemeenschapscommissie",
}
_UNION = {
    "X-BLEU": r"belgisch-?luxemburgse e[ck]onomische unie",
    "X-EU": r"\beuropese unie\b",
    "X-EURATOM": r"europese gemeenschap voor atoomenergie",
}
_BETWEEN = re.compile(
    r"\btussen\b(.{3,900}?)(?=\b(?:inzake|betreffende|houdende|waarbij|over|tot|voor|ter|aangaande|op het gebied)\b|"
    r"\b(?:ondertekend|gedaan|opgemaakt|gesloten|bijlagen?|protocol(?:len)?|slotakte|bestemd|bijgevoegde?)\b|$)",
    re.IGNORECASE,
)
# From here on others are named who accede to something else.
_ACCEDES = re.compile(
    r"\b(?:naar aanleiding|ingevolge|ten gevolge|teneinde|toetreding|rekening te houden)\b.*", re.IGNORECASE
)
# The Belgian side of a mixed agreement of the Union is not in its title.
_UNION_AND_STATES = re.compile(r"europese (?:unie|gemeenschap(?:pen)?)\b.{0,90}\blid-?\s?staten", re.IGNORECASE)


@dataclass(frozen=True)
class Named:
    """Codes of the parties a title names, with the words for each; and the words that no party is known by."""

    parties: Mapping[str, str] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()


def named(act: Act, names: Mapping[str, str]) -> Named:
    """The parties of a treaty as this title names them. `names`: folded Dutch name → code, unambiguous ones only."""
    between = _between(act.title)
    parties = dict(_belgian_and_union(between))
    unknown = []
    for words in _counterparties(act, between):
        found = [(resolve(part, names), part) for part in _as_one_or_two(words, names)]
        parties |= {code: part for code, part in found if code and code not in parties}
        unknown += [part for code, part in found if not code]
    return Named(parties, tuple(unknown))


def _between(title: str) -> str:
    """The list of parties in a title: what follows "tussen"."""
    clause = _BETWEEN.search(_ACCEDES.sub("", title))
    return clause[1].strip(" ,") if clause else ""


def _as_one_or_two(words: str, names: Mapping[str, str]) -> list[str]:
    """`Bosnië en Herzegovina` is one party, `Colombia en Peru` are two."""
    if resolve(words, names) or " en " not in words:
        return [words]
    halves = words.split(" en ", 1)
    return halves if all(resolve(half, names) for half in halves) else [words]


def is_union_with_states(title: str) -> bool:
    """Whether the Union and its member states are named together as one side."""
    return bool(_UNION_AND_STATES.search(title))


def only_flemish(title: str) -> bool:
    """Whether the Belgian side is named, and is Flemish alone."""
    codes = {code for code, _words in _belgian_and_union(_between(title))}
    if re.search(r"belgisch-?luxemburgse|\bbelgische\b", title, re.IGNORECASE):
        return False
    return bool(codes) and codes <= {"X-BE-VG", "BE-VLG"}


def resolve(words: str, names: Mapping[str, str]) -> str:
    """The code of the party these words name; empty when none or more than one bears that name."""
    text = re.sub(r"\s+", " ", folded(words).strip(" .,;\"'«»"))
    while True:
        bare = _AFTER.sub("", text).strip(" ,")
        if code := _ALSO.get(bare) or ("" if bare in _AMBIGUOUS else names.get(bare, "")):
            return code
        shorter = _BEFORE.sub("", bare, count=1)
        if shorter == bare or not shorter:
            return ""
        text = shorter


def name_index(rows: Iterable[tuple[str, Iterable[str]]]) -> dict[str, str]:
    """Folded name → code, of (code, its names); a name that two parties bear is left out."""
    found: dict[str, set[str]] = {}
    for code, texts in rows:
        for text in texts:
            found.setdefault(re.sub(r"\s+", " ", folded(text).strip()), set()).add(code)
    return {name: codes.pop() for name, codes in found.items() if len(codes) == 1 and len(name) > 3}


def _belgian_and_union(between: str) -> list[tuple[str, str]]:
    found = []
    for code, pattern in (_BELGIAN | _UNION).items():
        if said := re.search(pattern, between, re.IGNORECASE):
            found.append((code, said[0]))
    return found


def _counterparties(act: Act, between: str) -> list[str]:
    """The words for each other party: the column of the file; for one act of several, its own words."""
    if act.number == 0:
        cells = _ACCEDES.sub("", act.decree.counterparty).split(";")
        return [words.strip() for words in cells if words.strip()]
    text = re.sub(r"\b(?:enerzijds|anderzijds)\b", ",", between)
    for pattern in (_BELGIAN | _UNION).values():
        text = re.sub(pattern, "", text, flags=re.IGNORECASE)
    parts = re.split(r",|\ben\s+(?=(?:de|het|hun|haar|[A-Z])\b)", text)
    kept = (
        re.sub(r"^(?:en|de regering van (?:de|het)|het|de)$", "", part.strip(" ,."), flags=re.IGNORECASE)
        for part in parts
    )
    return [part.strip() for part in kept if re.search(r"[A-ZÀ-Ý]", part) and len(part.split()) <= 10]
