"""The search documents, cards and counts of load data: what `treaties.search.refresh` would make, made in bulk.

By the rules of `treaties.search`, `treaties.words` and `treaties.cards` themselves, called with light stand-ins for
rows of the record; what a party adds is kept from one treaty to the next. The database makes the `tsvector`.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast

from django.db import connection
from django.utils import timezone

from treaties import cards, counts, search, words
from treaties.choices import NOT_TREATIES, TitleKind
from treaties.dates import PartialDate
from treaties.facets import Told
from treaties.load.shape import NewAct, NewTreaty
from treaties.load.tables import Sending, Writer, copy_into, written
from treaties.models import ListCard, Party, Theme, Treaty
from treaties.words import Piece

_STAGE = "load_stage"
_BETWEEN = "\x1f"
_COLUMNS = (
    "treaty_id", "facets", "signed_key", "changed_at", "reference", "title_key", "kind", "qualification", "access",
    "status", "stage", "awaited",
)  # fmt: skip
_PREPARE = f"""
CREATE TEMPORARY TABLE {_STAGE} ON COMMIT DROP AS
  SELECT {", ".join(_COLUMNS)}, ''::text AS parts, ''::text AS texts FROM treaties_searchdocument LIMIT 0;
CREATE FUNCTION pg_temp.load_words(parts text[], texts text[]) RETURNS tsvector LANGUAGE plpgsql AS $$
DECLARE found tsvector := '';
BEGIN
  FOR i IN 1 .. cardinality(parts) LOOP
    found := found || setweight(to_tsvector(substr(parts[i], 2)::regconfig, texts[i]), left(parts[i], 1)::"char");
  END LOOP;
  RETURN found;
END $$;
"""  # noqa: S608 (our own names)
_INSERT = f"""
INSERT INTO treaties_searchdocument ({", ".join(_COLUMNS)}, words)
SELECT {", ".join(_COLUMNS)}, pg_temp.load_words(string_to_array(parts, ','), string_to_array(texts, E'\\x1f'))
FROM {_STAGE} ORDER BY treaty_id
"""  # noqa: S608


class _Rows(list[Any]):
    """What hangs on a treaty, as a manager gives it."""

    def all(self) -> "_Rows":
        return self


@dataclass(slots=True)
class _Title:
    pk: int
    language: str
    text: str
    kind: str = TitleKind.OFFICIAL.value


@dataclass(slots=True)
class _Number:
    scheme: str
    value: str


@dataclass(slots=True)
class _PartyLink:
    party: Party
    party_id: int
    named_as: str = ""


@dataclass(slots=True)
class _ThemeLink:
    theme: Theme
    theme_id: int


class _Act:
    """What search reads of an act of the instrument as a whole."""

    party = territory = party_id = territory_id = None
    party_name = territory_name = scope = number = manner = ""
    is_retracted = False
    effect = PartialDate(None)

    def __init__(self, act: NewAct) -> None:
        self.kind, self.on, self.place, self.precision = act.kind.value, act.on, act.place, act.precision
        self.when = PartialDate(act.on, act.precision)


@dataclass(slots=True)
class _Treaty:
    """What search reads of a treaty."""

    pk: int
    reference: str
    kind: str = ""
    qualification: str = ""
    access: str = ""
    titles: _Rows = field(default_factory=_Rows)
    identifiers: _Rows = field(default_factory=_Rows)
    party_links: _Rows = field(default_factory=_Rows)
    theme_links: _Rows = field(default_factory=_Rows)
    documents: _Rows = field(default_factory=_Rows)
    summary_nl: str = ""
    summary_en: str = ""
    territory: str = ""
    authentic_languages: tuple[str, ...] = ()
    depositary: None = None
    depositary_id: None = None
    is_demo: bool = True

    @property
    def access_key(self) -> str:
        """None of them is confidential."""
        return self.access

    @property
    def is_treaty(self) -> bool:
        return self.kind not in NOT_TREATIES


class Documents:
    """Makes the rows of search documents and cards for blocks of treaties."""

    def __init__(self, writer: Writer) -> None:
        self.writer = writer
        self.today = timezone.localdate()
        parties = Party.objects.select_related("parent").prefetch_related("names")
        self.known = {party.code: party for party in parties}
        self.themes = {theme.slug: theme for theme in Theme.objects.select_related("parent")}
        self.links = {code: _PartyLink(party, party.pk) for code, party in self.known.items()}
        self.theme_links = {slug: _ThemeLink(theme, theme.pk) for slug, theme in self.themes.items()}
        self.said: dict[str, list[Piece]] = {}

    def prepared(self, block: Sequence[NewTreaty]) -> list[Sending]:
        """Documents by way of a table in between, where the database makes their words; then cards."""
        documents, shown = [], []
        for one in block:
            treaty, acts = self._treaty(one), [_Act(act) for act in sorted(one.acts, key=_by_date)]
            documents.append(self._document(one, treaty, acts))
            card = cards.made(cast("Treaty", treaty), cast("Any", acts))
            shown.append(f"{treaty.pk}\t{written(json.dumps(card, ensure_ascii=False))}\n")
        staged = Sending(copy_into(_STAGE, [*_COLUMNS, "parts", "texts"]), "".join(documents), _THEN)
        return [staged, Sending(copy_into(ListCard._meta.db_table, ["treaty_id", "card"]), "".join(shown))]

    def _treaty(self, one: NewTreaty) -> _Treaty:
        """The stand-in, what hangs on it in the order in which it is read from the record."""
        parties = sorted((self.links[code] for code in one.parties), key=lambda link: link.party.sort_key)
        themes = sorted((self.theme_links[slug] for slug in one.themes), key=lambda link: link.theme.sort_key)
        titles = enumerate(one.titles, start=one.titles_from)
        return _Treaty(
            self.writer.key(one),
            one.reference,
            one.kind.value,
            one.qualification.value,
            one.access.value,
            _Rows(_Title(pk, language.value, text) for pk, (language, text) in titles),
            _Rows(_Number(scheme.value, value) for scheme, value in sorted(one.numbers)),
            _Rows(parties),
            _Rows(themes),
        )

    def _document(self, one: NewTreaty, treaty: _Treaty, acts: list[_Act]) -> str:
        told, at = Told(one.stage, one.awaited), self.writer.moment(one)
        columns: Mapping[str, Any] = search.columns(
            cast("Treaty", treaty), cast("Any", acts), self.known, told, at, self.today
        )
        texts = words.together(self._pieces(treaty, acts))
        values = [str(treaty.pk), *(written(columns[name]) for name in _COLUMNS[1:])]
        parts = ",".join(f"{weight}{name}" for _text, name, weight in texts)
        return "\t".join([*values, parts, written(_BETWEEN.join(text for text, _n, _w in texts))]) + "\n"

    def _pieces(self, treaty: _Treaty, acts: list[_Act]) -> list[Piece]:
        """As `words.pieces` gives them, those of parties from what is kept: they come after the reference."""
        links, treaty.party_links = treaty.party_links, _Rows()
        found = words.pieces(cast("Treaty", treaty), cast("Any", acts))
        treaty.party_links = links
        at = 1 + next(place for place, piece in enumerate(found) if piece.kind == "reference")
        own = [piece for link in links for piece in self._of_party(link)]
        # States that regions are part of come after all parties, and not where they are a party themselves.
        parents = [piece for piece in own if piece.kind == "parent"]
        if parents:
            named = {link.party_id for link in links}
            own = [piece for piece in own if piece.kind != "parent"]
            own += [piece for piece in parents if cast("Party", piece.party).pk not in named]
        return [*found[:at], *own, *found[at:]]

    def _of_party(self, link: _PartyLink) -> list[Piece]:
        code = link.party.code
        if code not in self.said:
            alone = _Treaty(0, "-", party_links=_Rows([link]))
            self.said[code] = [piece for piece in words.pieces(cast("Treaty", alone), ()) if piece.kind != "reference"]
        return self.said[code]


_THEN = (_INSERT, f"TRUNCATE {_STAGE}")


def _by_date(act: NewAct) -> date:
    return act.on or date.max


@contextmanager
def indexes_at_the_end() -> Iterator[None]:
    """The indexes of search documents, but the key, are made once all are there; then the counts."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
            " WHERE indrelid = 'treaties_searchdocument'::regclass AND NOT indisunique"
        )
        kept = cursor.fetchall()
        for name, _definition in kept:
            cursor.execute(f"DROP INDEX {name}")
        cursor.execute(_PREPARE)
    yield
    with connection.cursor() as cursor:
        for _name, definition in kept:
            cursor.execute(definition)
    counts.rebuild()


def with_meaning(language: str, some: Sequence[str]) -> list[str]:
    """Those of `some` that search keeps of a text in `language`: without stop words."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT word FROM unnest(%s::text[]) WITH ORDINALITY AS given (word, place)"
            " WHERE to_tsvector(%s::regconfig, word) <> '' ORDER BY place",
            [list(some), words.config(language)],
        )
        return [word for (word,) in cursor.fetchall()]
