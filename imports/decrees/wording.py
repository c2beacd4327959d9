"""How like two titles are, and whether they name different partners. Pure.

Titles of one treaty differ between parliaments: in the noun (overeenkomst, akkoord, verdrag), in what is annexed, in
the spelling of a country. So words count by how rare they are, and names of partners are told apart from other words.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from math import log

from imports.decrees.titles import Act

_CAPITAL = re.compile(r"\b[A-ZÀ-Ý][\w-]{3,}")
_WORD = re.compile(r"[^\W_]+")
_DATE = re.compile(r"\b\d{1,2}\s+[a-z]+\s+\d{4}\b")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# The annexes a title may or may not list, and the words of form: they tell no treaty from another.
_FORM = _words(
    """
    de het een en van in op te ter tot met voor door bij aan als zijn haar hun er dat die deze dit om of onder over uit
    tegen alsook alsmede evenals erbij zoals
    inzake betreffende houdende tussen enerzijds anderzijds wat naar ten der des den
    verdrag overeenkomst akkoord protocol conventie akte slotakte bijlage bijlagen protocollen briefwisseling brieven
    wisseling verklaringen verklaring gemeenschappelijke slotprotocol akkoorden vorm gezamenlijk
    ondertekend gedaan opgemaakt aangenomen gesloten gemaakt getekend opgesteld
    i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx xxi xxii
    januari februari maart april mei juni juli augustus september oktober november december
    """
)
# Words that also stand in the name of another partner, or by which one partner is called now and not then.
_OF_ANY_PARTNER = _words(
    """
    republiek koninkrijk regering regeringen staat staten staats bondsrepubliek federatie federatieve federale
    democratische volksrepubliek socialistische islamitische arabische groothertogdom gemenebest unie gemeenschap
    gemeenschappen verenigd verenigde bondsstaat confederatie prinsdom vorstendom sultanaat hasjemitisch hasjemitische
    voormalige europese europees lidstaten leden groep landen land economische organisatie internationale internationaal
    noord zuid oost west groot nieuw waals waalse vlaamse vlaams franse duitstalige gewest brussels hoofdstedelijk
    belgie belgische luxemburgse vertegenwoordigd vertegenwoordigers raad bijeen conferentie instituut agentschap
    secretariaat verenigingen heilige stoel eiland eilanden naties atoomenergie handelend kader autoriteit
    toezichthoudende naam overeenstemming resolutie missie samenwerking gemeenschapscommissie
    samenwerkingsraad golf golfstaten afrika caribisch caribische caraibisch gebied stille oceaan zuidzee acs
    acsgroep brussel comite rode kruis belgie acseg mercosur sur mercado comun del deelnemende management center
    """
)
_COMPOUND = re.compile(r"(?<=\w{4})(?:overeenkomst(?:en)?|akkoord|verdrag|conventie)$")
# One partner by two names.
_ALSO_CALLED = {
    "libanes": "libanon",
    "russisch": "rusland",
    "frans": "frankrijk",
    "helleens": "griekenland",
    "pools": "polen",
    "zwitser": "zwitserland",
    "algerijn": "algerije",
    "macedonisch": "macedonie",
    "mexicaan": "mexico",
    "tsjechisch": "tsjechie",
    "slowaak": "slowakije",
    "slovaak": "slowakije",
    "kongo": "congo",
    "biëlorusland": "witrusland",
    "bielorusland": "witrusland",
    "belaru": "witrusland",
    "uganda": "oeganda",
    "boeroendi": "burundi",
    "viëtnam": "vietnam",
    "moldova": "moldavie",
    "kazakhstan": "kazachstan",
}
# From here on a title lists what is annexed; that differs from parliament to parliament.
_ANNEX = re.compile(
    r"[,;]?\s*(?:(?:en|alsook|evenals|alsmede)\s+)?(?:(?:met|van|in)\s+)?(?:de|het|haar|zijn|hun|een|\d+|\w+tien)?\s*"
    r"(?:finale akte|bijlagen?|slotakte|slotprotocol|protocollen|gemeenschappelijke verklaring\w*|briefwisseling|"
    r"uitgewisselde brieven|bijgevoegde|procesverbaal van ondertekening)\b.*$"
)
_TREATY_NOUN = re.compile(
    r"\b(\w*protocol|avenant|wijziging\w*|amendement\w*|aanhangsel|addendum|bijakte|\w*verdrag|\w*overeenkomst(?:en)?|"
    r"\w*akkoord|conventie|handvest)\b"
)
_CHANGE = re.compile(r"\w*protocol|avenant|wijziging\w*|amendement\w*|aanhangsel|addendum|bijakte")
_CHANGED = re.compile(r"\b(?:gewijzigd|wijzig\w*|\w*protocol|avenant|aanvullend\w*|aangevuld|akte|amendement\w*)\b")
# Names are the same from this likeness of letters on: Kirgizstan, Kirgizistan.
_SAME_NAME = 0.8
# Two that are as like as that and are not the same.
_NEIGHBOURS = {
    frozenset(pair) for pair in (("niger", "nigeria"), ("dominica", "dominican"), ("dominica", "dominicaan"))
}


@dataclass(frozen=True)
class Wording:
    """A title as it is compared: its telling words, the names of partners in it, and whether it changes another act."""

    tokens: frozenset[str]
    # The same with what is annexed: tells which of two is nearer.
    whole: frozenset[str]
    names: frozenset[str]
    numbers: frozenset[str]
    is_change: bool
    # It names another act that it changes, or by which it was changed.
    tells_of_change: bool


@dataclass(frozen=True)
class Lexicon:
    """How many acts have each word, and which words are names of partners."""

    counts: Mapping[str, int]
    names: frozenset[str]
    acts: int

    def weight(self, word: str) -> float:
        return log(1 + self.acts / self.counts.get(word, 1))

    def wording(self, act: Act) -> Wording:
        return self.wording_of(act.title, act.words)

    def wording_of(self, title: str, words: str = "") -> Wording:
        """A title as it is compared; `words` is the whole text it was taken from."""
        text, whole = folded(title), folded(words or title)
        tokens = frozenset(_tokens(_without_annexes(text)))
        noun = _TREATY_NOUN.search(text)
        return Wording(
            tokens=tokens - self.names,
            whole=frozenset(_tokens(text)) | frozenset(_tokens(whole)),
            names=tokens & self.names,
            numbers=frozenset(re.findall(r"\b(?:nr|n|nummer)s?\W{0,3}(\d+)", text)),
            is_change=bool(noun and _CHANGE.fullmatch(noun[1])),
            tells_of_change=bool(_CHANGED.search(whole)),
        )


def lexicon_of(acts: Sequence[Act]) -> Lexicon:
    """What the titles together teach. Names are the words of the counterparties that the file names."""
    counts = Counter(word for act in acts for word in set(_tokens(_without_annexes(folded(act.title)))))
    names: set[str] = set()
    for text in {act.decree.counterparty for act in acts}:
        for partner in text.split(";"):
            # Where the cell runs on into the subject of the treaty it is left aside.
            if len(partner.split()) <= 10:
                names |= set(_tokens(folded(" ".join(_CAPITAL.findall(partner)))))
    return Lexicon(counts, frozenset(names - _GENERIC), len(acts))


def _without_annexes(text: str) -> str:
    shorter = _ANNEX.sub("", text)
    return shorter if len(shorter) >= 25 else text


def folded(text: str) -> str:
    """Lower case, no accents, no hyphens inside words: `lid-Staten` and `lidstaten` are one word."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return _DATE.sub(" ", re.sub(r"(?<=\w)-(?=\w)|(?<=\bsaint)[\s-]+", "", plain))


def _tokens(text: str) -> list[str]:
    return [_stem(word) for word in _WORD.findall(text) if word not in _FORM and (len(word) > 2 or word.isdigit())]


@cache
def _stem(word: str) -> str:
    """Dutch endings off, roughly: `wederkerige`, `investeringen`; `zetelakkoord` and `zetelovereenkomst` are one."""
    word = _COMPOUND.sub("", word)
    word = re.sub(r"(a|e|o|u)\1", r"\1", word)
    for ending in ("ingen", "en", "se", "e", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            word = word[: -len(ending)] + ("ing" if ending == "ingen" else "")
            break
    return _ALSO_CALLED.get(word, word)


_GENERIC = frozenset(_stem(word) for word in _OF_ANY_PARTNER)


def likeness(one: Wording, other: Wording, lexicon: Lexicon) -> float:
    """Shared words as a part of all words of both, by their rarity: 0 (nothing) to 1 (the same words)."""
    ones, others = one.tokens | one.names, other.tokens | other.names
    shared = _weight(ones & others, lexicon) + _respelt(one.names - other.names, other.names - one.names, lexicon)
    total = (_weight(ones, lexicon) + _weight(others, lexicon)) / 2
    return min(1.0, shared / total) if total else 0.0


def containment(part: Wording, whole: Wording, lexicon: Lexicon) -> float:
    """How much of one title, by rarity of its words, is in another."""
    words = part.tokens | part.names
    return _weight(words & (whole.tokens | whole.names), lexicon) / (_weight(words, lexicon) or 1.0)


def nearness(one: Wording, other: Wording) -> float:
    """The part of all words of both that they share, annexes included: to choose between equals."""
    return len(one.whole & other.whole) / max(1, len(one.whole | other.whole))


def _weight(words: Iterable[str], lexicon: Lexicon) -> float:
    return sum(lexicon.weight(word) for word in sorted(words))


def _respelt(ones: Iterable[str], others: Iterable[str], lexicon: Lexicon) -> float:
    """What names that only differ in spelling add."""
    return sum(
        min(lexicon.weight(one), lexicon.weight(other))
        for one in sorted(ones)
        for other in sorted(others)
        if same_name(one, other)
    )


def conflict(one: Wording, other: Wording) -> bool:
    """Whether each names a partner that the other does not, or another number (of a labour convention)."""
    if one.numbers and other.numbers and not one.numbers & other.numbers:
        return True
    ones, others = one.names - other.names, other.names - one.names
    return bool(_unmatched(ones, others)) and bool(_unmatched(others, ones))


def _unmatched(names: Iterable[str], others: Iterable[str]) -> set[str]:
    return {name for name in names if not any(same_name(name, other) for other in others)}


@cache
def same_name(one: str, other: str) -> bool:
    """Whether two names are one in two spellings: Kirgizstan, Kirgizistan; not Estland, Letland."""
    if one[0] != other[0] or frozenset((one, other)) in _NEIGHBOURS:
        return False
    # It does not measure the same both ways round.
    first, second = sorted((one, other))
    return SequenceMatcher(None, first, second).ratio() >= _SAME_NAME


def same_kind(one: Wording, other: Wording) -> bool:
    """Whether both change another act, or neither does."""
    return one.is_change == other.is_change
