"""What a typed query means: each word read in every language, what is left out, and what means the same.

One query to the database reads it all (`read`), and gives one small `tsquery`. What is typed is taken apart in
`treaties.terms`; numbers typed whole are in `treaties.exact_numbers`, misspellings in `treaties.spelling`.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.db.models import Value

from treaties import terms, words
from treaties.exact_numbers import exact
from treaties.spelling import forget, learn, rebuild_words, spelling
from treaties.terms import Term, Typed

__all__ = ["Meant", "Reading", "Synonym", "exact", "forget", "learn", "query", "read", "rebuild_words", "spelling"]

# Most groups of synonyms that one query brings in, and most words of each.
GROUPS_LIMIT, WORDS_LIMIT = 4, 12
# A word that is still being typed: from how many letters words that begin so are looked for, and from how many
# those whose stem is shorter than what was typed.
PREFIX_LETTERS, COMPLETED_LETTERS = 2, 5
_COMPLETIONS = 6
_SIMPLE = words.OTHER
_CONFIGS = (*words.CONFIGS.values(), _SIMPLE)
_ONE_LEXEME = re.compile(r"'((?:[^']|'')*)'")

_READ = """
WITH configs (config) AS (SELECT unnest(%(configs)s::text[])),
groups AS (
  SELECT id, keys, words[:%(words)s] AS words FROM treaties_synonymgroup
  WHERE is_used AND keys && %(keys)s::varchar[] ORDER BY id LIMIT %(groups)s
)
SELECT 'term', 0, t.text, c.config, phraseto_tsquery(c.config::regconfig, t.text)::text, NULL::varchar[]
FROM unnest(%(texts)s::text[]) AS t (text) CROSS JOIN configs c
UNION ALL
SELECT 'synonym', g.id, w.text, c.config, phraseto_tsquery(c.config::regconfig, w.text)::text, g.keys
FROM groups g CROSS JOIN LATERAL unnest(g.words) AS w (text) CROSS JOIN configs c
"""
# Words that everybody may read and that begin like the last one, most used first.
_COMPLETED = """
UNION ALL
SELECT 'completion', 0, k.word, c.config, phraseto_tsquery(c.config::regconfig, k.word)::text, NULL
FROM (
  SELECT word FROM treaties_knownword WHERE word >= %(first)s AND word < %(end)s
  ORDER BY documents DESC, word LIMIT %(n)s
) k CROSS JOIN configs c
"""


class Meant(SearchQuery):
    """A finished `tsquery`: its text is bound as it is, not read again in a language."""

    def __init__(self, text: str, **options: Any) -> None:
        super().__init__(Value(text), search_type="raw", **options)
        self.text = text

    def as_sql(self, *args: Any, **context: Any) -> tuple[str, Any]:
        inverted: bool = self.invert  # type: ignore[attr-defined]
        return ("!!(%s::tsquery)" if inverted else "%s::tsquery"), [self.text]


@dataclass(frozen=True)
class Synonym:
    """`text` is looked for because the `typed` words mean the same, or are a date; `tsquery` finds it."""

    text: str
    typed: str
    terms: frozenset[Term]
    tsquery: str
    is_date: bool = False


@dataclass(frozen=True)
class Reading:
    """What a query means: `tsquery` finds it; `terms` are the words that count, each with what finds it alone."""

    tsquery: str = ""
    terms: Mapping[Term, str] = field(default_factory=dict)
    synonyms: tuple[Synonym, ...] = ()

    @property
    def marks(self) -> str:
        """A `tsquery` of all that is worth marking in a text: any of the words and their synonyms."""
        return _any(dict.fromkeys([*self.terms.values(), *(one.tsquery for one in self.synonyms)]))

    @cached_property
    def query(self) -> Meant:
        return Meant(self.tsquery)


def query(typed: str, *, typing: bool = False) -> Meant:
    """What `typed` finds, for `words @@ …`; nothing where no word is in it. One query.

    `typing`: the last word may go on, so that what begins with it is found too.
    """
    return read(typed, typing=typing).query


def read(typed: str, *, typing: bool = False) -> Reading:
    """What is `typed`, with quotes, minus and or, each word in every language. One query; none where no word is in it.

    A word that is a small word in some language ("de", "of", "und") does not count, unless there is no other.
    """
    meant = terms.parse(typed)
    if not (meant.ways or meant.left_out):
        return Reading()
    last = meant.last if typing else None
    spans = terms.phrases(meant.ways)
    rows = _asked([*meant.wanted, *meant.left_out], list(spans), last)
    read_as: dict[str, dict[str, str]] = {}
    for what, _n, text, config, tsquery, _k in rows:
        if what == "term":
            read_as.setdefault(text, {})[config] = tsquery
    completions = {tsquery for what, _n, _t, _c, tsquery, _k in rows if what == "completion" and tsquery}
    nodes = _Nodes(meant, read_as, last, completions)
    synonyms = _synonyms(meant, spans, [row for row in rows if row[0] == "synonym"])
    return _assemble(meant, nodes, synonyms)


def _asked(wanted: Sequence[Term], keys: list[str], last: Term | None) -> list[tuple[Any, ...]]:
    """What the database says of the terms and their synonyms: kind, group, text, configuration, tsquery, keys."""
    first = terms.key(last.text) if last else ""
    sql = _READ
    parameters: dict[str, Any] = {
        "configs": list(_CONFIGS),
        "texts": list(dict.fromkeys(term.text for term in wanted)),
        "keys": keys,
        "groups": GROUPS_LIMIT,
        "words": WORDS_LIMIT,
    }
    if len(first) >= COMPLETED_LETTERS and " " not in first:
        sql += _COMPLETED
        parameters |= {"first": first, "end": first + "\U0010ffff", "n": _COMPLETIONS}
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


@dataclass(frozen=True)
class _Nodes:
    """The tsquery of each term; empty for what the database does not take for a word."""

    meant: Typed
    read_as: Mapping[str, Mapping[str, str]]
    last: Term | None
    completions: set[str]

    def counts(self, term: Term) -> bool:
        """Whether it is a word in every language, and in none a small one; one letter of a word to come is none.

        An abbreviation in capitals is a word whatever it is in another language: "EU" is small in French.
        """
        if term == self.last and len(self.meant.wanted) > 1 and len(term.text) < PREFIX_LETTERS:
            return False
        readings = [self.read_as[term.text].get(config) for config in _CONFIGS]
        is_abbreviation = self.meant.has_small_letters and len(term.text) > 1 and term.text.isupper()
        return any(readings) if is_abbreviation else all(readings)

    def of(self, term: Term, *, is_left_out: bool = False) -> str:
        readings = (self.read_as[term.text].get(config) for config in _CONFIGS)
        found = dict.fromkeys(tsquery for tsquery in (*readings, _lexeme(term.date)) if tsquery)
        if term == self.last and not is_left_out:
            return _any(_beginning(found, self.completions))
        return _any(found)


def _lexeme(date: str) -> str:
    return f"'{date}'" if date else ""


def _any(tsqueries: Iterable[str]) -> str:
    found = list(tsqueries)
    return " | ".join(found) if len(found) <= 1 else f"( {' | '.join(found)} )"


def _beginning(readings: Iterable[str], completions: Iterable[str]) -> list[str]:
    """What begins like one of the readings; each only where no shorter one covers it."""
    starts: list[str] = []
    for tsquery in sorted(readings, key=len):
        if not _is_covered(tsquery, starts):
            starts.append(tsquery)
    more = sorted(tsquery for tsquery in set(completions) if not _is_covered(tsquery, starts))
    return [f"{tsquery}:*" for tsquery in starts] + more


def _is_covered(tsquery: str, starts: Iterable[str]) -> bool:
    """Whether a single lexeme begins with one of `starts`."""
    return bool(_ONE_LEXEME.fullmatch(tsquery)) and any(
        tsquery.startswith(start[:-1]) for start in starts if _ONE_LEXEME.fullmatch(start)
    )


_Placed = dict[tuple[int, int, int], list[Synonym]]


def _synonyms(meant: Typed, spans: Mapping[str, list[tuple[int, int, int]]], rows: Sequence[Any]) -> _Placed:
    """Where typed words are one of a group: what means the same. The longest phrase first, no word twice."""
    groups: dict[int, tuple[set[str], dict[str, dict[str, None]]]] = {}
    for _what, group, text, _config, tsquery, keys in rows:
        _keys, readings = groups.setdefault(group, (set(keys), {}))
        if tsquery:
            readings.setdefault(text, {})[tsquery] = None
    places = {(place, group) for group, (keys, _r) in groups.items() for one in keys for place in spans.get(one, ())}
    placed = _dates(meant)
    taken = {(way, place) for way, start, stop in placed for place in range(start, stop)}
    for (way, start, stop), group in sorted(places, key=lambda found: (found[0][1] - found[0][2], found)):
        covered = {(way, place) for place in range(start, stop)}
        if covered & taken and (way, start, stop) not in placed:
            continue
        taken |= covered
        typed = meant.ways[way][start:stop]
        placed.setdefault((way, start, stop), []).extend(_of_group(typed, groups[group][1]))
    return placed


def _dates(meant: Typed) -> _Placed:
    """Dates in more than one word, each where it stands first: no word is in two."""
    placed: _Placed = {}
    behind = (0, 0)
    for (way, start, stop), said in sorted(terms.dates(meant.ways).items()):
        if (way, start) >= behind:
            typed = meant.ways[way][start:stop]
            text = " ".join(term.text for term in typed)
            placed[way, start, stop] = [Synonym(said, text, frozenset(typed), _lexeme(said), is_date=True)]
            behind = (way, stop)
    return placed


def _of_group(typed: Sequence[Term], readings: Mapping[str, Iterable[str]]) -> list[Synonym]:
    said = " ".join(term.text for term in typed)
    return [
        Synonym(text, said, frozenset(typed), _any(_shortest(tsqueries)))
        for text, tsqueries in readings.items()
        if terms.key(text) != terms.key(said)
    ]


def _shortest(tsqueries: Iterable[str]) -> list[str]:
    """Of a phrase, the readings with the fewest words: those of the languages that know its small words."""
    found = list(tsqueries)
    count = {tsquery: len(_ONE_LEXEME.findall(tsquery)) for tsquery in found}
    return [tsquery for tsquery in found if count[tsquery] == min(count.values())]


def _assemble(meant: Typed, nodes: _Nodes, placed: _Placed) -> Reading:
    known = [term for term in (*meant.wanted, *meant.left_out) if nodes.of(term)]
    counting = {term for term in known if nodes.counts(term)} or set(known)
    ways = [_way(way, place, nodes, counting, placed) for place, way in enumerate(meant.ways)]
    parts = [f"( {' | '.join(found)} )"] if len(found := [way for way in ways if way]) > 1 else found
    parts += [f"!{_grouped(nodes.of(term, is_left_out=True))}" for term in meant.left_out if term in counting]
    return Reading(
        " & ".join(parts),
        {term: nodes.of(term) for term in meant.wanted if term in counting},
        tuple(synonym for found in placed.values() for synonym in found),
    )


def _way(way: Sequence[Term], number: int, nodes: _Nodes, counting: set[Term], placed: _Placed) -> str:
    """All terms of a way, or what means the same instead of some of them."""
    parts, place = [], 0
    while place < len(way):
        stop = next((end for one, start, end in placed if (one, start) == (number, place)), place + 1)
        others = [synonym.tsquery for synonym in placed.get((number, place, stop), ())]
        here = way[place:stop]
        words = [term for term in here if term in counting] or (here if others else ())
        said = " & ".join(filter(None, (nodes.of(term) for term in words)))
        parts.append(_any(dict.fromkeys([*([said] if said else []), *others])))
        place = stop
    return " & ".join(part for part in parts if part)


def _grouped(tsquery: str) -> str:
    return tsquery if tsquery.startswith("( ") and tsquery.endswith(" )") else f"( {tsquery} )"
