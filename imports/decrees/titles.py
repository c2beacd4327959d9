"""What the Dutch title of a decree of assent says: which acts it assents to, and when and where they were signed.

Pure. The columns of the file are the fact for a decree of one act; for one of several acts the file gives only the
first, and each act's own words are read.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from imports.decrees.reading import Decree
from treaties.dates import MONTHS

_DUTCH = "januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december"
_DATE = re.compile(rf"(\d{{1,2}})\s+({_DUTCH})\s+(\d{{4}})", re.IGNORECASE)
# One signature on a second day: "… op 16 juni 2011 en in Oslo op 21 juni 2011".
_AND_THEN = re.compile(
    rf"\s*,?\s*en\s+(?:(?:te|in)\s+(?P<place>[^\d,;()]{{2,60}}?)\s+)?op\s+(\d{{1,2}})\s+({_DUTCH})\s+(\d{{4}})",
    re.IGNORECASE,
)
_AMENDED = re.compile(r"\bgewijzigd\s+(?:bij|door|te|in|op)\b", re.IGNORECASE)
# Longest title the register keeps (characters), with room for a title that is put in place of "under 1°".
LONGEST = 1_900
_TAG = re.compile(r"<[^<>]{1,40}>")
# Marks of the gazette that are no part of a title: a footnote, "translation", a full stop.
_MARKS = re.compile(r"(?:\s*(?:\(\s*\d\s*\)|\(?vertaling\)?|[.;]))+\s*$", re.IGNORECASE)
_VERB = re.compile(r"\b(?:instemming|toestemming|goedkeuring)\b(?:\s+en\s+(?:uitvoering|toepassing))?", re.IGNORECASE)
# "by the Assembly …", "as regards the matters …" between the verb and what is assented to.
_ASIDE = re.compile(
    r"^\s*(?:,|wat\b|door\b|van de (?:vergadering|waalse gewestraad|franse gemeenschapscommissie)|voor\b)",
    re.IGNORECASE,
)
_TO = re.compile(r"^\s*(?:met|van|in|tot|aan|voor)\b\s*", re.IGNORECASE)
_LIST = re.compile(r"^\s*(?:met\s+)?(?:de\s+)?(?:volgende\s+)?[^:;,\d]{0,60}:\s*", re.IGNORECASE)
# A list was announced, and nothing is on it.
_ONLY_A_LIST = re.compile(r"(?:de\s+)?volgende\s[\w\s]{0,60}", re.IGNORECASE)
_ARTICLE = re.compile(r"^(?:het|de|een)\s+(?!te\b|op\b|in\b)", re.IGNORECASE)
_NUMBERED = re.compile(r"(?:^|(?<=[\s;,:]))([1-9])\s?(?:[°ºø]|[.)](?=\s))\s*")
# "the protocol to the agreement named under 1°": what is meant stands in the same list.
_ABOVE = re.compile(
    r"\b(?:(?:(de|het)\s+)?(?:in|onder)\s+([1-9])\s?[°ºø.)]\s+(?:vermeld|bedoeld|genoemd)e\s+\w+|"
    r"(de|het)\s+\w+(?:\s+en\s+het\s+\w+)?,?\s+(?:zoals\s+(?:eerder\s+)?gewijzigd,?\s+)?"
    r"(?:vermeld|bedoeld|genoemd)\s+(?:in|onder)\s+(?:punt\s+)?([1-9])\s?[°ºø])",
    re.IGNORECASE,
)
_DASHED = re.compile(r"(?:^|[;,]\s+)-\s+")
_NOUN = r"[\w-]*(?:verdrag|overeenkomst|protocol|akkoord|conventie|handvest|avenant|addendum|statuut)(?:en)?"
# After a full clause of signature a next act begins: "…, ondertekend te X op D, en met het verdrag tussen …".
_NEXT = re.compile(
    rf"(?<=\d{{4}})\s*(?:,|;|\ben\b|,\s+en\b|,?\s+alsook\b)\s+(?:met\s+|in\s+|van\s+)?(?:het|de)\s+"
    rf"(?={_NOUN}(?:\s+van\s+samenwerking)?\s+(?:tussen|inzake|betreffende|houdende)\b)",
    re.IGNORECASE,
)
_DONE = r"ondertekend|gedaan|opgemaakt|aangenomen|gesloten|gemaakt|afgesloten|goedgekeurd|opgesteld|getekend"
_SIGNED = re.compile(rf"\b({_DONE})\b(?:\s+(?:te|in|de)\s+([^\d,;()]{{2,60}}?))?,?\s+op\s+$", re.IGNORECASE)
_TAIL = re.compile(
    rf",?\s*(?:en\s+|beide\s+)?\b(?:{_DONE})\b(?:(?!\b(?:{_DONE})\b)[^;]){{0,160}}?\d{{4}}\s*$", re.IGNORECASE
)
# Two titles that begin like this are of one act that changes another: what follows is not a further act.
_CHANGES = re.compile(r"gewijzigd|wijziging|aanpassing|herziening", re.IGNORECASE)
_BELGIAN = re.compile(
    r"\b(?:federale (?:staat|overheid|regering)|belgische staat|staat|vlaamse (?:gemeenschap|regering|executieve)|"
    r"vlaamse? gewest|waalse? (?:gewest|regering)|waalse gewestexecutieve|franse gemeenschap(?:sexecutieve)?|"
    r"duitstalige gemeenschap|brussels(?:e)? hoofdstedelijk(?:e)? (?:gewest|regering)|"
    r"(?:gemeenschappelijke|franse|vlaamse) gemeenschapscommissie)\b",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    r"\btussen\b(.*?)(?:\b(?:betreffende|inzake|tot|over|houdende|voor|met|waarbij|"
    rf"aangaande|omtrent|{_DONE})\b|$)",
    re.IGNORECASE,
)
_CONNECTING = re.compile(
    r"\b(?:de|het|en|van|belgië|belgie|regering(?:en)?|college|verenigd|executieve|enerzijds|anderzijds|op|\d+|"
    rf"{_DUTCH}|leden|gesloten|ondertekend)\b|[\s,.;:()-]",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Act:
    """One treaty as one decree names it. `number` is 0 for the only act of a decree, else its place in the list."""

    decree: Decree
    number: int
    title: str
    words: str
    signed_on: date | None
    place: str
    basis: str

    @property
    def key(self) -> tuple[str, int]:
        return (self.decree.eli, self.number)


@dataclass(frozen=True)
class Reading:
    """The acts a title names; or the code of the reason why it names none."""

    acts: tuple[Act, ...] = ()
    refusal: str = ""


def read(decree: Decree) -> Reading:
    """What the title assents to. Refusals: `cut`, `no_treaty`, `only_belgian`, `too_long`."""
    text = plain(decree.title)
    named = _object(text)
    if decree.is_cut or len(named) < 15 or _ONLY_A_LIST.fullmatch(named):
        return Reading(refusal="cut")
    if only_belgian(named):
        return Reading(refusal="only_belgian")
    parts = _parts(named)
    if not any(re.search(r"\w{4}", part) for part in parts):
        return Reading(refusal="no_treaty")
    if max(map(len, parts)) > LONGEST:
        return Reading(refusal="too_long")
    if len(parts) == 1:
        return Reading((_only(decree, parts[0]),))
    parts = [_resolved(part, parts) for part in parts]
    return Reading(tuple(_act(decree, number, part, *signed(part)) for number, part in enumerate(parts, start=1)))


def _only(decree: Decree, words: str) -> Act:
    """The only act of a decree. Where the file counts more of them, its date is of another one."""
    if decree.n_acts > 1:
        return _act(decree, 0, words, *signed(words))
    place = place_of(words, decree.signed_on) or (decree.places[0] if len(decree.places) == 1 else "")
    return _act(decree, 0, words, decree.signed_on, place, decree.basis)


def _resolved(part: str, parts: list[str]) -> str:
    """With "the agreement named under 1°" replaced by the title of that agreement."""

    def named(found: re.Match[str]) -> str:
        number = int(found[2] or found[4])
        if number > len(parts) or parts[number - 1] is part:
            return found[0]
        named_so = f"{found[1] or found[3] or 'de'} {treaty_title(parts[number - 1])}"
        return named_so if len(part) + len(named_so) <= LONGEST else found[0]

    return _ABOVE.sub(named, part)


def plain(title: str) -> str:
    """A title without markup and without the marks of the gazette at its end."""
    text = re.sub(r"\s+", " ", _TAG.sub("", title)).strip()
    return _MARKS.sub("", text).strip()


def only_belgian(named: str) -> bool:
    """Whether it is an agreement of Belgian entities among themselves, as far as its list of parties says."""
    found = _BETWEEN.search(named)
    if not found or "koninkrijk" in named.lower():
        return False
    parties = found[1]
    return len(_BELGIAN.findall(parties)) >= 2 and not _CONNECTING.sub("", _BELGIAN.sub("", parties))


def signed(text: str) -> tuple[date | None, str, str]:
    """The day of signature that an act's own words give, its place, and the word before it.

    The first where the act is named by it ("Protocol, gedaan te …, tot wijziging van …", "…, zoals gewijzigd …"), else
    the last; of one signature on two days, the later.
    """
    found = list(_signatures(text))
    if not found:
        dates = [day for one in _DATE.finditer(text) if (day := _day(one))]
        return (dates[0], "", "van") if len(dates) == 1 else (None, "", "")
    named_by = found[0][0] < 90 and re.search(r"\b(?:tot|houdende|bij)\b", text[found[0][1] :][:25])
    return found[0 if named_by or _AMENDED.search(text) else -1][2:]


def _signatures(text: str) -> Iterator[tuple[int, int, date, str, str]]:
    """Each clause of signature: where it begins and ends, its last day, its places, its word."""
    for found in _DATE.finditer(text):
        said, day, end = _SIGNED.search(text[: found.start()]), _day(found), found.end()
        if not said or not day:
            continue
        places = [(said[2] or "").strip()]
        while again := _AND_THEN.match(text, end):
            day, end = _day(again) or day, again.end()
            places.append((again["place"] or "").strip())
        yield said.start(), end, day, " / ".join(place for place in places if place), said[1].lower()


def place_of(text: str, day: date | None) -> str:
    """Where the text says that this day's signature was; empty where it does not."""
    return next((places for _start, _end, on, places, _word in _signatures(text) if day and on == day), "")


def _day(found: re.Match[str]) -> date | None:
    """The last three groups of a match, as a day."""
    day, month, year = found.groups()[-3:]
    try:
        return date(int(year), MONTHS[month.lower()], int(day))
    except ValueError:
        return None


def _act(decree: Decree, number: int, words: str, day: date | None, place: str, basis: str) -> Act:
    return Act(decree, number, treaty_title(words), words, day, place, basis)


def treaty_title(words: str) -> str:
    """The title of the instrument: without the article before it and the signature after it, which is a fact."""
    text = _ARTICLE.sub("", _TO.sub("", words.strip(" ,;"), count=1)).strip()
    shorter = _TAIL.sub("", text).strip(" ,;")
    # What is left must still name it; a signature in the middle ("Protocol, gedaan te …, tot wijziging van") stays.
    text = shorter if len(shorter) >= 15 else text
    return text[:1].upper() + text[1:]


def _object(text: str) -> str:
    """What follows "decree assenting to"; all of it where a title has no such words."""
    head = _VERB.search(text[:200])
    if not head:
        return text
    rest = text[head.end() :]
    if again := re.match(r".{0,120}?\bhoudende (?:instemming|goedkeuring)\b", rest):
        rest = rest[again.end() :]
    if _ASIDE.match(rest):
        found = re.search(r"\b(?:met|van|in)\s+(?=(?:het|de|een|volgende)\b)", _behind_aside(rest))
        if found:
            return _behind_aside(rest)[found.end() :].strip()
    return _TO.sub("", rest.strip(), count=1).strip(" :")


def _behind_aside(rest: str) -> str:
    """From where the aside ends: ", wat … betreft, met", or the first "met" after "by the Assembly of …"."""
    found = (
        re.search(r"\w,\s*(?=(?:met|van|in)\s+(?:het|de)\b)", rest) if rest.lstrip().startswith((",", "wat")) else None
    )
    found = found or re.search(r",?\s*(?=\bmet\s)", rest)
    return rest[found.end() :] if found else rest


def _parts(named: str) -> list[str]:
    """The acts of a list: numbered, dashed, or one after the other with a signature each."""
    text = _LIST.sub("", named) if re.match(r"^\s*(?:met\s+)?(?:de\s+)?volgende\b", named) else named
    for pieces in (_numbered(text), _DASHED.split(text)[1:], _semicolons(text, named), _following(text)):
        bare = [_MARKS.sub("", piece).strip(" ,;:") for piece in pieces]
        found = [re.sub(r"[,;]?\s+en$", "", piece) for piece in bare if piece]
        if len(found) > 1:
            return found
    return [text]


def _numbered(text: str) -> list[str]:
    """Split at 1., 2., 3. … as long as they follow each other."""
    starts: list[re.Match[str]] = []
    for found in _NUMBERED.finditer(text):
        if int(found[1]) == len(starts) + 1:
            starts.append(found)
    if len(starts) < 2 or starts[0].start() > 80:
        return []
    ends = [found.start() for found in starts[1:]] + [len(text)]
    return [text[found.end() : end] for found, end in zip(starts, ends, strict=True)]


def _semicolons(text: str, named: str) -> list[str]:
    """Only where the title said "the following acts:"."""
    return re.split(r"\s*;\s*", text) if text != named else []


def _following(text: str) -> list[str]:
    if _CHANGES.search(text):
        return []
    return _NEXT.split(text)
