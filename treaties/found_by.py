"""Why a treaty stands in a list, where its row does not show it: a former name, a name in another language, a number.

Words are weighed by the database as the search itself weighs them (`treaties.asking`), piece by piece
(`treaties.words`): what is said here is what was found.
"""

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connections, router
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from treaties import asking, words
from treaties.asking import Reading
from treaties.choices import ActKind, Language, NameKind, PartyKind, Scheme
from treaties.models import Party, Treaty
from treaties.sorting import plain
from treaties.terms import Term
from treaties.words import Piece

# Words of a query that are explained with what means the same, and reasons given per row.
TERMS_LIMIT, REASONS_LIMIT = 40, 3
# Parties that a row names (`treaties.verdict.people`).
NAMED = 4
_WORD = re.compile(r"\w+")
# Letters that a word and its stem have in common, in each language.
_STEM = 3

# Which texts are found by which terms: each text in its own language, each term as the search reads it.
_MATCHES = """
WITH piece AS MATERIALIZED (
  SELECT n, to_tsvector(config::regconfig, text) AS words
  FROM unnest(%s::text[], %s::text[]) WITH ORDINALITY AS t (text, config, n)
)
SELECT piece.n, term.n FROM piece
JOIN unnest(%s::text[]) WITH ORDINALITY AS term (tsquery, n) ON piece.words @@ term.tsquery::tsquery
ORDER BY piece.n, term.n
"""


@dataclass(frozen=True)
class Reason:
    """`label: text`, or the label alone where the text is long. `language` is that of the text, where known."""

    label: str
    text: str = ""
    language: str = ""


@dataclass(frozen=True)
class _Sought:
    """What is looked for: a word typed, or what means the same as the words it `covers`."""

    text: str
    tsquery: str
    covers: frozenset[Term]
    synonym_of: str = ""

    @property
    def texts(self) -> tuple[str, ...]:
        return (self.text, *(term.date for term in self.covers))


def by_words(treaties: Sequence[Treaty], typed: str, reading: Reading | None = None) -> dict[int, list[Reason]]:
    """Treaty id → why it was found by what was `typed`, for words that its row does not show.

    The treaties come with all that is searched of them; acts of them as `standing_acts`. At most one query, and the
    one of `asking.read` where the `reading` is not given.
    """
    asked = asking.read(typed) if reading is None else reading
    sought = [_Sought(term.text, tsquery, frozenset([term])) for term, tsquery in asked.terms.items()]
    sought += [_Sought(one.text, one.tsquery, one.terms, "" if one.is_date else one.typed) for one in asked.synonyms]
    sought = sought[:TERMS_LIMIT]
    if not (sought and treaties):
        return {}
    whole = {treaty.pk: words.pieces(treaty, treaty.standing_acts) for treaty in treaties}  # type: ignore[attr-defined]
    wanted = {stem for one in sought for text in one.texts for stem in _stems(text)}
    near = {piece for pieces in whole.values() for piece in pieces if _stems(piece.text) & wanted}
    hits = _hits(list(near), sought)
    return {treaty.pk: _reasons(treaty, _best_first(whole[treaty.pk], sought), hits) for treaty in treaties}


def shows(marked: Iterable[str], names: Iterable[str], reading: Reading) -> bool:
    """Whether a row shows all that was typed: in what is marked in its titles, or in the names beside them.

    A first look that costs nothing: what is marked is compared by the beginnings of words, names by whole words.
    """
    begun = {stem for text in marked for stem in _stems(text)}
    said = {word for name in names for word in _WORD.findall(plain(name))}
    return all(
        _stem(word) in begun or word in said for term in reading.terms for word in _WORD.findall(plain(term.text))
    )


def _stem(word: str) -> str:
    return word[:_STEM]


def _stems(text: str) -> set[str]:
    return {_stem(word) for word in _WORD.findall(plain(text))}


def _hits(pieces: Sequence[Piece], sought: Sequence[_Sought]) -> Mapping[Piece, list[_Sought]]:
    """Each piece with what finds it, words typed before their synonyms."""
    if not pieces:
        return {}
    found: dict[Piece, list[_Sought]] = {}
    parameters = [[piece.text for piece in pieces], [piece.config for piece in pieces], [one.tsquery for one in sought]]
    with connections[router.db_for_read(Treaty)].cursor() as cursor:
        cursor.execute(_MATCHES, parameters)
        for place, number in cursor.fetchall():
            found.setdefault(pieces[place - 1], []).append(sought[number - 1])
    return found


def _best_first(pieces: Iterable[Piece], sought: Sequence[_Sought]) -> list[Piece]:
    """What was typed to the letter, then what weighs most, then the reader's language, then the shortest."""
    typed = {one.text.casefold() for one in sought if not one.synonym_of}
    language = (get_language() or "nl")[:2]
    return sorted(
        pieces,
        key=lambda piece: (
            piece.text.casefold() not in typed,
            piece.weight,
            piece.language != language,
            len(piece.text),
        ),
    )


def _reasons(treaty: Treaty, pieces: Iterable[Piece], hits: Mapping[Piece, Sequence[_Sought]]) -> list[Reason]:
    """For each word that the row does not show, the first piece that has it; else the first that means the same."""
    shown = [piece.pk for piece in (treaty.best_title, treaty.other_title) if piece]
    named = {party.pk for party in _named(treaty)}
    hit = [piece for piece in pieces if piece in hits]
    typed = {piece: [one for one in hits[piece] if not one.synonym_of] for piece in hit}
    explained = {term for piece in hit if _is_shown(piece, shown, named) for one in typed[piece] for term in one.covers}
    reasons = []
    for piece in hit:
        if covered := {term for one in typed[piece] for term in one.covers} - explained:
            explained |= covered
            reasons.append(reason(piece))
    for piece in hit:
        for one in hits[piece]:
            if one.synonym_of and one.covers - explained:
                explained |= one.covers
                reasons.append(Reason(_("synonym of “%(typed)s”") % {"typed": one.synonym_of}, one.text))
    return reasons[:REASONS_LIMIT]


def _named(treaty: Treaty) -> list[Party]:
    """The parties whose names stand in the row."""
    parties = [link.party for link in treaty.party_links.all()]
    return parties if len(parties) <= NAMED + 1 else parties[:NAMED]


def _is_shown(piece: Piece, titles: Container[object], parties: Container[int]) -> bool:
    if piece.kind == "title":
        return getattr(piece.row, "pk", None) in titles
    if piece.kind in ("name", "party_name", "alias"):
        party = piece.party
        return bool(party and party.pk in parties and party.name == piece.text)
    return piece.kind == "reference"


def reason(piece: Piece) -> Reason:
    """What a piece is, in words."""
    text = piece.shown or piece.text
    if piece.kind == "summary":
        return Reason(_("in the summary"))
    if piece.kind == "number":
        return Reason(str(Scheme(getattr(piece.row, "scheme", Scheme.OTHER)).label), text)
    if piece.kind == "party_name":
        return Reason(_name_label(piece), text, piece.language)
    if piece.kind == "date":
        row: Any = piece.row
        return Reason(str(ActKind(row.kind).label), str(row.when))
    if piece.kind == "parent":
        return Reason(_part_of(piece), getattr(piece.row, "name", ""))
    if piece.kind in ("name", "title"):
        return Reason(_in_language(piece), text, piece.language)
    labels = {
        "named_as": _("named in the text as"),
        "alias": _("also called"),
        "theme": _("theme"),
        "place": _("place"),
        "act": _("number"),
        "document": _("document"),
    }
    return Reason(labels.get(piece.kind, _("found by")), text, piece.language)


def _part_of(piece: Piece) -> str:
    return _("part of %(state)s") % {"state": piece.party}


def _in_language(piece: Piece) -> str:
    """A title, or the name of a party: in which language, where that is not the reader's."""
    is_name = piece.kind == "name"
    if is_name and piece.language == (get_language() or "nl")[:2]:
        return pgettext("one of the parties", "party")
    language = Language(piece.language).label
    return (_("name in %(language)s") if is_name else _("title in %(language)s")) % {"language": language}


def _name_label(piece: Piece) -> str:
    row: Any = piece.row
    if row.valid_to and not (piece.party and piece.party.valid_to):
        return _("former name")
    if row.kind == NameKind.ADJECTIVE:
        return _("adjective of %(party)s") % {"party": piece.party}
    if row.kind == NameKind.COMMON:
        return _("name in %(language)s") % {"language": Language(row.language).label}
    return str(NameKind(row.kind).label)


def by_country(parties: Sequence[Party], shown: Container[int], codes: Iterable[str]) -> list[Reason]:
    """Why a treaty with these `parties` is found under the countries `codes`, where its row does not name them.

    Enough are those parties that can be the reason; `shown` has the keys of those that the row names.
    """
    return [reason for code in codes for reason in _under(parties, shown, code)]


def _under(parties: Sequence[Party], shown: Container[int], code: str) -> Iterator[Reason]:
    own = [party for party in parties if party.code == code]
    if own:
        if own[0].pk not in shown:
            yield Reason(pgettext("one of the parties", "party"), own[0].name)
        return
    for party in parties:
        if code in party.country_codes:
            yield Reason(_kind(party, code), party.name)


def _kind(party: Party, code: str) -> str:
    """What a party is to the country it is found under: a former state, or one of its regions."""
    if code in party.successors and party.kind == PartyKind.ORGANISATION:
        return _("former organisation")
    if code in party.successors and party.kind == PartyKind.TERRITORY:
        return _("former territory")
    return str(PartyKind(party.kind).label)
