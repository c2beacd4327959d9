"""Which party a list means: by code, alpha-3 code, any name it has or had, or a spelling somebody explained.

Case, accents and punctuation do not count; the date of signature chooses between parties of one name. What is
not known, or can be two, is said with what it is like. Nothing is guessed.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from imports.models import PartySpelling
from imports.problems import Problem
from treaties.choices import NameKind, PartyKind
from treaties.models import Party, PartyName
from treaties.sorting import plain

# An economic union that lists name as one party (data of the United Kingdom, UNCTAD, Belgium) → its two states.
UNIONS: dict[str, tuple[str, ...]] = dict.fromkeys(
    (
        "bleu",
        "bleu belgium luxembourg economic union",
        "belgium luxembourg economic union",
        "belgo luxembourg economic union",
        "belgian luxembourg economic union",
        "union economique belgo luxembourgeoise",
        "belgisch luxemburgse economische unie",
        "uniao economica belgo luxemburguesa",
        "uebl",
        "blwu",
    ),
    ("BE", "LU"),
)
# Codes of three letters that lists of treaties use beside ISO 3166-1, none of them assigned to another state.
LIST_CODES = {"EUE": "X-EU", "EUU": "X-EU", "ALG": "DZ", "ROM": "RO", "GDR": "DDDE"}
# Codes of two letters that lists also use for something else: EC is Ecuador and the European Community.
DOUBTFUL_CODES: dict[str, tuple[str, ...]] = {"ec": ("EC", "X-EEC")}
_SEPARATORS = re.compile(r"[;\n\r]+")
_LEAST_LIKENESS = 0.35
_PARTS = frozenset({PartyKind.REGION, PartyKind.TERRITORY})


@dataclass(frozen=True)
class Named:
    """A party under one of its names, and between which days that name (or the party) was in use."""

    party: Party
    since: date | None = None
    until: date | None = None

    def covers(self, on: date) -> bool:
        return (self.since is None or self.since <= on) and (self.until is None or on <= self.until)


@dataclass(frozen=True)
class Matched:
    """What the cell of parties says: each party with the name it has there ("" for a code)."""

    parties: dict[int, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    # Names of parties that the register does not know.
    unknown: list[str] = field(default_factory=list)


class Matcher:
    """A snapshot of the parties and their names; make a new one for each judgement."""

    def __init__(self) -> None:
        self.parties = {party.pk: party for party in Party.objects.all()}
        self.by_code = {party.code: party for party in self.parties.values()}
        self._iso3 = {party.iso3: party for party in self.parties.values() if party.iso3}
        self._names: dict[str, list[Named]] = {}
        self._spelled = {row.plain: self.parties[row.party_id] for row in PartySpelling.objects.all()}
        for party in self.parties.values():
            for name in (party.name_nl, party.name_en, party.name_fr, party.name_de, *party.aliases):
                self._add(name, Named(party, party.valid_from, party.valid_to))
        for row in PartyName.objects.exclude(kind=NameKind.ADJECTIVE):
            self._add(row.text, Named(self.parties[row.party_id], row.valid_from, row.valid_to))
        self._trigrams: dict[str, set[str]] = {}
        for name in (*self._names, *self._spelled):
            for trigram in _trigrams(name):
                self._trigrams.setdefault(trigram, set()).add(name)
        self.like = lru_cache(maxsize=4_096)(self._like)
        self.split = lru_cache(maxsize=4_096)(self._split)
        self._found = lru_cache(maxsize=65_536)(self._find)

    def _add(self, name: str, named: Named) -> None:
        key = normal(name)
        if key and named not in self._names.setdefault(key, []):
            self._names[key].append(named)

    def cell(self, text: str, column: str, on: date | None = None, *, note_unknown: bool = False) -> Matched:
        """The parties in a cell, with `;` or line breaks between them, as of the day of signature `on`."""
        matched = Matched()
        for raw in _SEPARATORS.split(text):
            if name := " ".join(raw.split()):
                self._one(name, column, on, matched, note_unknown=note_unknown)
        return matched

    def _one(self, name: str, column: str, on: date | None, matched: Matched, *, note_unknown: bool) -> None:
        if union := UNIONS.get(normal(name)):
            read = "; ".join(self.by_code[code].name for code in union)
            matched.notes.append(Problem("union_of_states", column, params={"name": name, "read": read}))
            for code in union:
                matched.parties.setdefault(self.by_code[code].pk, name)
            return
        found = self._found(name, on)
        if len(found) == 1:
            pk = found[0].pk
            if pk in matched.parties:
                matched.notes.append(Problem("twice_in_cell", column, params={"name": name}))
            matched.parties.setdefault(pk, "" if self._is_code(name, found[0]) else name)
        elif note_unknown:
            matched.unknown.append(name)
            matched.notes.append(Problem("unknown_party_noted", column, params={"name": name}))
        elif found:
            matched.problems.append(_doubtful(name, column, found))
        else:
            matched.problems.append(self._unknown(name, column))

    def find(self, name: str, on: date | None = None) -> tuple[Party, ...]:
        """The party of that name or code; several where it can be several, none where it is not known."""
        return self._found(" ".join(name.split()), on)

    def _find(self, name: str, on: date | None) -> tuple[Party, ...]:
        key = normal(name)
        if spelled := self._spelled.get(key):
            return (spelled,)
        if key in DOUBTFUL_CODES and len(name) == 2:
            return tuple(self.by_code[code] for code in DOUBTFUL_CODES[key])
        if coded := self.by_code.get(LIST_CODES.get(name, name)) or self._iso3.get(name):
            return (coded,)
        for form in _forms(key, name):
            if found := self._names.get(form):
                return _chosen(found, on)
        return ()

    def _is_code(self, name: str, party: Party) -> bool:
        return name in (party.code, party.iso3) or name in LIST_CODES

    def _unknown(self, name: str, column: str) -> Problem:
        if split := self.split(name):
            return Problem("several_in_one", column, name, split, {"name": name, "split": split})
        like = self.like(name)
        params = {"name": name, "like": "; ".join(like) and f"({'; '.join(like)}?)"}
        return Problem("unknown_party", column, name, like[0] if like else "", params)

    def _like(self, name: str) -> tuple[str, ...]:
        """At most three names of parties that `name` resembles most, by shared groups of three letters."""
        wanted = _trigrams(normal(name))
        shared: dict[str, int] = {}
        for trigram in wanted:
            for other in self._trigrams.get(trigram, ()):
                shared[other] = shared.get(other, 0) + 1
        scored = sorted(
            ((count / (len(wanted) + len(_trigrams(other)) - count), other) for other, count in shared.items()),
            reverse=True,
        )
        parties = [self._party_of(other) for likeness, other in scored[:12] if likeness >= _LEAST_LIKENESS]
        return tuple(dict.fromkeys(party.name for party in parties))[:3]

    def _party_of(self, key: str) -> Party:
        return self._spelled.get(key) or self._names[key][0].party

    def _split(self, name: str) -> str:
        """`name` with `;` between, when all of it is names of two or more parties; else empty."""
        parts = [part for part in re.split(r"\s+-\s+|\s*/\s*", name) if part]
        if len(parts) > 1 and all(len(part) > 2 and len(self.find(part)) == 1 for part in parts):
            return "; ".join(parts)
        codes = name.split()
        if len(codes) > 1 and all(len(code) == 3 and (code in self._iso3 or code in LIST_CODES) for code in codes):
            return "; ".join(codes)
        by_comma = self._pieces(re.split(r"\s*,\s*", name), ", ") if "," in name else []
        if len(by_comma) > 1:
            return "; ".join(by_comma)
        glued = self._unglued(name) if len(name) < 400 else []
        return "; ".join(glued) if len(glued) > 1 else ""

    def _pieces(self, parts: list[str], glue: str) -> list[str]:
        """The parts put together into known names, longest first: `Albania, Korea, Republic of` is two."""
        if not parts:
            return []
        for end in range(min(len(parts), 4), 0, -1):
            name = glue.join(parts[:end])
            if self.find(name):
                rest = self._pieces(parts[end:], glue)
                if rest or end == len(parts):
                    return [name, *rest]
        return []

    def _unglued(self, text: str) -> list[str]:
        """Names without anything between them (`MEXICOVENEZUELA`): the cut with the fewest names, or none."""
        best: list[list[str] | None] = [[], *([None] * len(text))]
        for end in range(1, len(text) + 1):
            for start in range(max(0, end - 60), end - 3):
                before = best[start]
                if before is None or (best[end] is not None and len(best[end] or ()) <= len(before) + 1):
                    continue
                piece = text[start:end]
                if piece[0].isalpha() and piece[-1].isalpha() and normal(piece) in self._names:
                    best[end] = [*before, piece]
        return best[-1] or []


@lru_cache(maxsize=65_536)
def normal(name: str) -> str:
    """What is compared of a name: lower case, no accents, no punctuation."""
    return re.sub(r"[\W_]+", " ", plain(name)).strip()


def _forms(key: str, name: str) -> Iterator[str]:
    """The name itself; then as a list in alphabetical order turns it: `Korea, Republic of`, `GAMBIA THE`."""
    yield key
    if len(key) <= 3:
        return
    first, comma, rest = name.partition(",")
    if comma:
        yield normal(f"{rest} {first}")
    words = key.split()
    if words[-1] == "of":
        for cut in range(1, len(words) - 1):
            yield " ".join((*words[cut:], *words[:cut]))
            yield " ".join((*words[cut:], "the", *words[:cut]))
    if words[-1] == "republic" and len(words) > 2:
        yield " ".join((*words[1:], "of", words[0]))
    yield re.sub(r"^the | the$", "", key)
    without = re.sub(r"\s*\([^()]*\)\s*$", "", name)
    if without and without != name:
        yield normal(without)


def _chosen(found: list[Named], on: date | None) -> tuple[Party, ...]:
    """One party where they are one, or where the day leaves one; else all of them."""
    parties = {named.party.pk: named.party for named in found}
    # Georgia without more is the state, not the state of the United States.
    if sovereign := {pk: party for pk, party in parties.items() if party.kind not in _PARTS}:
        parties = sovereign
        found = [named for named in found if named.party.pk in sovereign]
    if len(parties) > 1 and on is not None:
        # A former state on a day on which it existed; else who bore the name then.
        former = {named.party.pk: named.party for named in found if named.until and named.covers(on)}
        then = {named.party.pk: named.party for named in found if named.covers(on)}
        parties = former or then or parties
    if len(parties) > 1:
        # One state under a name it had: Dahomey is Benin where no day says otherwise.
        codes = {party.code for party in parties.values()}
        now = {
            pk: party for pk, party in parties.items() if not (party.successors and codes.issuperset(party.successors))
        }
        parties = now or parties
    return tuple(parties.values())


def _doubtful(name: str, column: str, found: Iterable[Party]) -> Problem:
    choices = " / ".join(f"{party.name} ({party.iso3 or party.code})" for party in found)
    return Problem("doubtful_party", column, name, params={"name": name, "choices": choices})


@lru_cache(maxsize=65_536)
def _trigrams(text: str) -> frozenset[str]:
    padded = f"  {text} "
    return frozenset(padded[place : place + 3] for place in range(len(padded) - 2))
