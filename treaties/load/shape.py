"""How load data looks: parties, words, dates and acts in the proportions of real collections. Pure; no database.

The same seed and the same reference data give the same treaties.
"""

import random
from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import accumulate

from treaties.choices import Access, ActKind, Actor, Kind, Language, Precision, Qualification, Scheme, Stage
from treaties.load.words import PLANTED
from treaties.references import ALPHABET

NOTE = "Load data, made to measure the register: this treaty does not exist."
FIRST_YEAR, LAST_YEAR = 1830, 2026
MOST_PARTIES = 40
# How many states there are, more or less.
STATES = 190
# The neighbours first; then whatever order the sample or the codes give. Weights fall off as 1 / (place + _SHIFT).
NEIGHBOURS = ("NL", "FR", "DE", "LU", "GB", "US", "IT", "ES", "CH", "PL")
_SHIFT = 1.5
BELGIUM, FLANDERS, FLEMISH_REGION = "BE", "X-BE-VG", "BE-VLG"
_PLACES = ("Brussel", "Den Haag", "Parijs", "Berlijn", "Luxemburg", "Londen", "Straatsburg", "Genève", "Gent", "Wenen")
_PRIME = 15_485_863  # odd and large: place → reference without a double


@dataclass(frozen=True)
class NewAct:
    kind: ActKind
    on: date | None = None
    precision: Precision = Precision.DAY
    place: str = ""
    effect_on: date | None = None


@dataclass
class NewTreaty:
    """One treaty of load data; parties and themes by code and slug."""

    place: int
    reference: str
    kind: Kind
    qualification: Qualification
    access: Access
    titles: list[tuple[Language, str]] = field(default_factory=list)
    parties: list[str] = field(default_factory=list)
    themes: list[str] = field(default_factory=list)
    numbers: list[tuple[Scheme, str]] = field(default_factory=list)
    acts: list[NewAct] = field(default_factory=list)
    # What its procedure would tell; no dossier is made.
    stage: str = ""
    awaited: str = ""
    # Key of its first title, when it has one.
    titles_from: int = 0
    # How many days before now its record was written.
    age: int = 0


@dataclass(frozen=True)
class Named:
    """A party or a theme as titles name it."""

    code: str
    name_nl: str
    name_en: str
    name_fr: str = ""


class Weighted:
    """Draws from a list by weights, without making the sums again."""

    def __init__(self, values: Sequence[str], weights: Sequence[float], rng: random.Random) -> None:
        self.values, self.sums, self.rng = list(values), list(accumulate(weights)), rng

    def draw(self) -> str:
        return self.values[bisect(self.sums, self.rng.random() * self.sums[-1], 0, len(self.sums) - 1)]


KINDS: dict[Kind, float] = {
    Kind.TREATY: 22,
    Kind.AGREEMENT: 38,
    Kind.CONVENTION: 9,
    Kind.PROTOCOL: 10,
    Kind.AMENDMENT: 6,
    Kind.EXCHANGE_OF_LETTERS: 6,
    Kind.MOU: 7,
    Kind.PROGRAMME: 2,
}
QUALIFICATIONS: dict[Qualification, float] = {
    Qualification.UNDETERMINED: 45,
    Qualification.EXCLUSIVE_COMMUNITY: 12,
    Qualification.EXCLUSIVE_REGION: 10,
    Qualification.EXCLUSIVE_BOTH: 5,
    Qualification.MIXED: 20,
    Qualification.EU_MIXED: 8,
}
# kind → how it is called in Dutch, English and French.
_CALLED: dict[Kind, tuple[str, str, str]] = {
    Kind.TREATY: ("Verdrag", "Treaty", "Traité"),
    Kind.AGREEMENT: ("Overeenkomst", "Agreement", "Accord"),
    Kind.CONVENTION: ("Verdrag", "Convention", "Convention"),
    Kind.PROTOCOL: ("Protocol", "Protocol", "Protocole"),
    Kind.AMENDMENT: ("Wijzigingsakkoord", "Amending agreement", "Accord modificatif"),
    Kind.EXCHANGE_OF_LETTERS: ("Briefwisseling", "Exchange of letters", "Échange de lettres"),
    Kind.MOU: ("Memorandum van overeenstemming", "Memorandum of understanding", "Protocole d’entente"),
    Kind.PROGRAMME: ("Werkprogramma", "Work programme", "Programme de travail"),
}
_STAGES = tuple(Stage.values)
_ACTORS = tuple(Actor.values)


class Maker:
    """Draws treaties one by one. `parties` are all that can be party, `themes` all that are in use."""

    def __init__(
        self,
        parties: Sequence[Named],
        themes: Sequence[Named],
        vocabulary: dict[str, list[str]],
        *,
        seed: int = 1,
        counts: dict[str, int] | None = None,
    ) -> None:
        self.rng = random.Random(seed)  # noqa: S311 (load data, no secret)
        self.offset = self.rng.randrange(32**7)
        self.named = {one.code: one for one in (*parties, *themes)}
        self.countries = self._countries(parties, counts or {})
        places = range(len(themes))
        self.themes = Weighted([one.code for one in themes], [1 / (place + 3) for place in places], self.rng)
        self.kinds = Weighted(list(KINDS), list(KINDS.values()), self.rng)
        self.qualifications = Weighted(list(QUALIFICATIONS), list(QUALIFICATIONS.values()), self.rng)
        self.vocabulary = vocabulary

    def _countries(self, parties: Sequence[Named], counts: dict[str, int]) -> Weighted:
        own = {BELGIUM, FLANDERS, FLEMISH_REGION}
        first = {code: place for place, code in enumerate(NEIGHBOURS)}
        codes = [one.code for one in parties if one.code not in own]
        # Those that come first among `parties` are states; a tail of organisations and former states follows.
        tail = {code: place // STATES + self.rng.random() for place, code in enumerate(codes)}
        codes.sort(key=lambda code: (first.get(code, len(first)), -counts.get(code, 0), tail[code]))
        return Weighted(codes, [1 / (place + _SHIFT) for place in range(len(codes))], self.rng)

    def make(self, count: int, first: int = 0) -> Iterator[NewTreaty]:
        for place in range(first, first + count):
            yield self.one(place)

    def one(self, place: int) -> NewTreaty:
        rng = self.rng
        made = NewTreaty(
            place,
            self._reference(place),
            Kind(self.kinds.draw()),
            Qualification(self.qualifications.draw()),
            Access.GOVERNMENT if rng.random() < 0.02 else Access.PUBLIC,
            age=int(3_000 * rng.random() ** 2),
        )
        made.parties = self._parties()
        made.themes = list(dict.fromkeys(self.themes.draw() for _ in range(1 + int(3 * rng.random() ** 2))))
        signed = self._signed(made)
        made.titles = self._titles(made, signed)
        made.numbers = self._numbers(made, signed)
        return made

    def _reference(self, place: int) -> str:
        number = (place * _PRIME + self.offset) % 32**7
        letters = []
        for _ in range(7):
            number, rest = divmod(number, 32)
            letters.append(ALPHABET[rest])
        return "T" + "".join(letters)

    def _parties(self) -> list[str]:
        """Belgium in most, Flanders in a part; mostly one foreign party, else up to forty in all."""
        rng = self.rng
        found = [BELGIUM] if rng.random() < 0.8 else []
        if rng.random() < 0.35:
            found += [FLANDERS] if rng.random() < 0.6 else [FLEMISH_REGION]
        wanted = 1 if rng.random() < 0.85 else min(MOST_PARTIES - len(found), 1 + int(rng.paretovariate(0.9)))
        foreign: dict[str, None] = {}
        while len(foreign) < wanted:
            foreign[self.countries.draw()] = None
        return [*found, *foreign]

    def _signed(self, made: NewTreaty) -> date | None:
        """The acts of `made`, and its day of signature: more of them every decade."""
        rng = self.rng
        if rng.random() < 0.04:
            made.acts = [NewAct(ActKind.NEGOTIATION_OPENED, date(2022 + rng.randrange(4), 1, 1), Precision.YEAR)]
            self._follow(made)
            return None
        span = (LAST_YEAR - FIRST_YEAR) * 365
        signed = date(FIRST_YEAR, 1, 1) + timedelta(days=int(span * rng.random() ** 0.4))
        made.acts = [NewAct(ActKind.SIGNATURE, signed, place=rng.choice(_PLACES)), *self._later(made, signed)]
        if signed.year >= 2015 and rng.random() < 0.3:
            self._follow(made)
        return signed

    def _follow(self, made: NewTreaty) -> None:
        """A stage, and who has to act unless all is done."""
        made.stage = self.rng.choice(_STAGES)
        made.awaited = "" if made.stage == Stage.DONE else self.rng.choice(_ACTORS)

    def _later(self, made: NewTreaty, signed: date) -> Iterator[NewAct]:
        """What came after the signature: nothing, provisional application, entry into force, an end."""
        rng, drawn = self.rng, self.rng.random()
        begun = signed + timedelta(days=30 + int(1_200 * rng.random() ** 2))
        if drawn < 0.14:
            return
        if drawn < 0.17:
            yield NewAct(ActKind.PROVISIONAL_APPLICATION, begun)
            return
        is_political = made.kind in {Kind.MOU, Kind.PROGRAMME}
        yield NewAct(ActKind.EFFECT if is_political else ActKind.ENTRY_INTO_FORCE, begun)
        if drawn < 0.18:
            yield NewAct(ActKind.SUSPENSION, begun + timedelta(days=800))
        elif rng.random() < (LAST_YEAR - signed.year) / 300:
            kind = rng.choice((ActKind.EXPIRY, ActKind.REPLACEMENT, ActKind.END))
            yield NewAct(kind, begun + timedelta(days=700 + int(9_000 * rng.random())))

    def _numbers(self, made: NewTreaty, signed: date | None) -> list[tuple[Scheme, str]]:
        """Numbers as they look; unique where the scheme gives each to one instrument."""
        place, rng = made.place, self.rng
        year = signed.year if signed else LAST_YEAR
        found = [(Scheme.FDFA, f"{year}/{place:07}")]
        if year >= 1997 and rng.random() < 0.6:
            found.append((Scheme.NUMAC, f"{year}{rng.randrange(10**6):06}"))
        if year >= 1946 and rng.random() < 0.3:
            found.append((Scheme.UNTS, f"I-{100_000 + place}"))
        if year >= 1980 and rng.random() < 0.2:
            stuk, session = rng.randrange(1, 2_500), f"{year}-{year + 1}"
            found.append((Scheme.PARLIAMENT, f"{stuk} ({session}) nr. 1"))
        return found

    def _titles(self, made: NewTreaty, signed: date | None) -> list[tuple[Language, str]]:
        """Dutch and English, now and then French; planted words in the Dutch one."""
        rng = self.rng
        some = [self.named[code] for code in made.parties[-2:]]
        planted = [one.word for one in PLANTED if rng.random() < one.share]
        about = [int(len(self.vocabulary["nl"]) ** rng.random()) - 1 for _ in range(3 + int(5 * rng.random()))]
        called = _CALLED[made.kind]
        nl, en = self._words("nl", about), self._words("en", about)
        dutch = f"{called[0]} tussen {_joined([one.name_nl for one in some], 'en')} inzake {nl}"
        if planted:
            dutch += f" en de {' en de '.join(planted)}"
        if signed and made.acts[0].place:
            dutch += f", gedaan te {made.acts[0].place} op {signed.day}-{signed.month}-{signed.year}"
        english = f"{called[1]} between {_joined([one.name_en or one.name_nl for one in some], 'and')} on {en}"
        titles = [(Language.NL, dutch), (Language.EN, english)]
        if rng.random() < 0.2 and self.vocabulary["fr"]:
            names = _joined([one.name_fr or one.name_nl for one in some], "et")
            titles.append((Language.FR, f"{called[2]} entre {names} concernant {self._words('fr', about)}"))
        return titles

    def _words(self, language: str, places: Sequence[int]) -> str:
        words = self.vocabulary[language]
        return " ".join(words[place % len(words)] for place in places)


def _joined(names: Sequence[str], word: str) -> str:
    return f" {word} ".join(names)
