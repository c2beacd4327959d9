"""What of a record is searched: each text with the language it is read in, and what it is to the reader.

The search document is made of these pieces, and a result row says by them why it was found: the two cannot differ.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import reduce
from operator import add

from django.contrib.postgres.search import SearchVector
from django.db.models import Value

from treaties import papers
from treaties.choices import ActKind, Language, PartyKind, Scheme
from treaties.clauses import BELGIUM
from treaties.dates import PartialDate
from treaties.models import Act, Party, PartyName, Title, Treaty, TreatyParty
from treaties.models.treaty import Identifier

# Text search configurations made by the migration: stemming of the language, without accents.
CONFIGS = {"nl": "treaty_nl", "en": "treaty_en", "fr": "treaty_fr", "de": "treaty_de"}
OTHER = "treaty_simple"
# What people write before a number: "stuk 1160 (2010-2011)", "advies 62.109/1".
_CALLED: dict[str, str] = {Scheme.PARLIAMENT: "stuk", Scheme.COUNCIL_OF_STATE: "advies", Scheme.VR_DOC: "VR"}

# The acts whose date is searched.
_DATED = frozenset({ActKind.SIGNATURE, ActKind.DECREE, ActKind.ENTRY_INTO_FORCE})

# What a piece comes from: a row of the record, or a party for a name without a row of its own.
Origin = Title | Identifier | TreatyParty | PartyName | Party | Act | Treaty | object


def config(language: str) -> str:
    return CONFIGS.get(language, OTHER)


@dataclass(frozen=True)
class Piece:
    """`text` as it is searched; `shown` as it is written; `kind` says what it is (see `found_by`)."""

    text: str
    kind: str
    weight: str
    language: str = ""
    shown: str = ""
    party: Party | None = field(default=None, compare=False)
    row: object = field(default=None, compare=False)

    @property
    def config(self) -> str:
        return config(self.language)


def pieces(treaty: Treaty, acts: Iterable[Act]) -> list[Piece]:
    """All that is searched of `treaty`: titles and numbers weigh most, then parties under the names of today, then
    former names, themes, places and titles of public documents, then summaries, dates and the states that regions are
    part of.

    `acts` are those not retracted. Titles, numbers, parties with their names, themes and documents come with the
    treaty. The text of documents is no piece: its words are kept with it (`document_text`).
    """
    found = [Piece(title.text, "title", "A", title.language, row=title) for title in treaty.titles.all()]
    found += [
        Piece(_numbered(number), "number", "A", shown=number.value, row=number) for number in treaty.identifiers.all()
    ]
    found.append(Piece(treaty.reference, "reference", "A"))
    for link in treaty.party_links.all():
        found += _of_party(link.party)
        found.append(Piece(link.named_as, "named_as", "B", party=link.party))
    found += _of_parents([link.party for link in treaty.party_links.all()])
    found += _of_themes(treaty)
    for act in acts:
        found += [Piece(act.place, "place", "C"), Piece(_number_words(act.number), "act", "C", shown=act.number)]
        if act.kind in _DATED and act.on:
            found.append(Piece(date_words(act.when), "date", "D", row=act))
    public = papers.searched(treaty.documents.all())
    found += [Piece(paper.title, "document", "C", paper.language, row=paper) for paper in public]
    found += [Piece(treaty.summary_nl, "summary", "D", "nl"), Piece(treaty.summary_en, "summary", "D", "en")]
    return [piece for piece in found if piece.text]


def _of_party(party: Party) -> Iterator[Piece]:
    """The names of a party, each text once: those of today, those of its past, then what else it is called."""
    said = set()
    for language in CONFIGS:
        if name := getattr(party, f"name_{language}"):
            said.add(_same(name))
            yield Piece(name, "name", "B", language, party=party)
    for row in party.names.all():
        yield Piece(row.text, "party_name", "C" if row.valid_to else "B", row.language, party=party, row=row)
    said |= {_same(row.text) for row in party.names.all()}
    for alias in party.aliases:
        if _same(alias) not in said:
            yield Piece(alias, "alias", "B", Language.OTHER, party=party)


def _of_parents(parties: Iterable[Party]) -> Iterator[Piece]:
    """The states that the regions among them are part of, by their names and what else they are called.

    Not Belgium: every treaty of Flanders would be found by it.
    """
    named = {party.pk for party in parties}
    for party in parties:
        state = party.parent
        if party.kind == PartyKind.BELGIAN_ENTITY or state is None or state.pk in named or state.code == BELGIUM:
            continue
        for language in CONFIGS:
            if name := getattr(state, f"name_{language}"):
                yield Piece(name, "parent", "D", language, party=state, row=party)
        for alias in state.aliases:
            yield Piece(alias, "parent", "D", Language.OTHER, party=state, row=party)


def _of_themes(treaty: Treaty) -> Iterator[Piece]:
    """Each theme and, lower, the policy domain it belongs to."""
    for link in treaty.theme_links.all():
        for theme, weight in ((link.theme, "C"), (link.theme.parent, "D")):
            if theme:
                yield Piece(theme.name_nl, "theme", weight, "nl")
                yield Piece(theme.name_en, "theme", weight, "en")


def date_words(when: PartialDate) -> str:
    """A date as one word for each precision: "2007 200703 20070315". How people type it is read in `treaties.terms`."""
    said = when.iso.replace("-", "")
    return " ".join(said[:length] for length in (4, 6, 8) if len(said) >= length)


def _same(name: str) -> str:
    return name.replace("’", "'").casefold()


def together(found: Iterable[Piece]) -> list[tuple[str, str, str]]:
    """Text, configuration and weight: texts of one language and weight stand together, however many names there are."""
    texts: dict[tuple[str, str], list[str]] = defaultdict(list)
    for piece in found:
        texts[piece.config, piece.weight].append(piece.text)
    return [("\n".join(some), name, weight) for (name, weight), some in texts.items()]


def vector(found: Iterable[Piece]) -> SearchVector:
    """The pieces as one expression; `search_bulk` makes the same of the same pieces for many treaties at once."""
    return reduce(add, (SearchVector(Value(text), config=name, weight=of) for text, name, of in together(found)))


def _numbered(number: Identifier) -> str:
    return f"{_CALLED.get(number.scheme, number.scheme)} {_number_words(number.value)}"


def _number_words(value: str) -> str:
    """A number as written and in its parts, so that "62.109/1" is found whole and by "62.109"."""
    return f"{value} {' '.join(re.split(r'[^0-9A-Za-z.]+', value))}" if value else ""
