"""What somebody may be typing: treaties, countries, themes and numbers, in one query, each with its address.

Prefixes of stems are not stems of prefixes: Dutch "belasti" begins no word of the index, which has "belast". So the
last word is looked for as it is typed, as a beginning, and as a whole with some letters less.
"""

import json
import re
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import connections, router
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from treaties import cards, terms, words
from treaties.exact_numbers import KEY, key
from treaties.known_names import Name, typed_names
from treaties.models import SearchDocument, visible_access
from treaties.models.treaty import best_of
from treaties.sorting import plain

# Of each kind; longest text that is looked at, and the words of it.
MOST, LIMIT, WORDS = 5, 100, 6
# A beginning of one letter fits too much to say anything of treaties.
_LEAST = 2
# Letters that a stem may lack at its end, and the shortest stem that is tried.
_ENDING, _STEM = 4, 4
_WORD = re.compile(r"\w+")

# Words before the last one, as each language has them: without its small words.
WHOLE = " || ".join(f"to_tsquery('{name}', %(whole)s)" for name in (*words.CONFIGS.values(), words.OTHER))
_SQL = f"""
WITH found AS (
  SELECT treaty_id, reference FROM treaties_searchdocument
  WHERE %(enough)s AND access = ANY(%(access)s) AND words @@ (
    CASE WHEN %(whole)s = '' THEN to_tsquery('simple', %(last)s) ELSE ({WHOLE}) && to_tsquery('simple', %(last)s) END
  )
  ORDER BY signed_key DESC, treaty_id DESC LIMIT %(most)s
), counted AS (
  SELECT facet, (
    SELECT coalesce(sum(n), 0)::bigint FROM (
      SELECT n FROM treaties_facetcount WHERE a = 0 AND b = facet AND access = ANY(%(access)s)
      UNION ALL
      SELECT n FROM treaties_facetchange WHERE facets @> ARRAY[facet] AND access = ANY(%(access)s)
    ) AS every_
  ) AS n FROM unnest(%(facets)s::int[]) AS facet
)
SELECT 'treaty', found.reference, card.card::text, NULL::bigint
FROM found JOIN treaties_listcard card USING (treaty_id)
UNION ALL
SELECT 'facet', facet::text, '', n FROM counted WHERE n > 0
UNION ALL
(SELECT 'number', treaty.reference, identifier.value, NULL
 FROM treaties_identifier identifier JOIN treaties_searchdocument treaty USING (treaty_id)
 WHERE %(digits)s AND treaty.access = ANY(%(access)s)
   AND {KEY} >= %(number)s COLLATE "C" AND {KEY} < %(number_end)s COLLATE "C"
 ORDER BY {KEY} LIMIT %(most)s)
"""  # noqa: S608 (our own text)
# Names whose treaties are counted.
_CANDIDATES = 40


def _named(beginning: str) -> dict[int, Name]:
    """Facet → the name that fits best: from its first letter, then from that of a word of it; the shortest first."""
    names = typed_names()
    inside = f" {beginning}"
    fitting = [
        name
        for name in names
        if name.plain.startswith(beginning) or (len(beginning) >= _LEAST and inside in name.plain)
    ]
    fitting.sort(key=lambda name: (not name.plain.startswith(beginning), name.is_other, len(name.plain)))
    found: dict[int, Name] = {}
    for name in fitting:
        found.setdefault(name.facet, name)
    return dict(islice(found.items(), _CANDIDATES))


_GROUPS = {
    "treaty": _("Treaties and memoranda"),
    "country": _("Countries and organisations"),
    "theme": _("Themes"),
    "number": _("Numbers"),
}


@dataclass(frozen=True)
class Suggestion:
    """`kind` is "treaty", "country", "theme" or "number"; `count` is of treaties, None where it is one."""

    kind: str
    label: str
    address: str
    count: int | None = None
    hint: str = ""

    @property
    def group(self) -> str:
        """Under which heading it stands."""
        return str(_GROUPS[self.kind])


def suggestions(person: Person, typed: str) -> list[Suggestion]:
    """What `typed` may become, the shortest ways first: at most `MOST` of each kind; one query, none for nothing."""
    beginning = plain(terms.safe(typed[:LIMIT])).strip()
    asked = _WORD.findall(beginning)
    if not asked:
        return []
    names = _named(beginning)
    with connections[router.db_for_read(SearchDocument)].cursor() as cursor:
        cursor.execute(_SQL, _parameters(person, beginning, asked, list(names)))
        rows = cursor.fetchall()
    counted = {int(key): count for kind, key, _text, count in rows if kind == "facet"}
    found = sorted((names[facet] for facet in counted), key=lambda name: -counted[name.facet])
    return [
        *(_number(key, text) for kind, key, text, _n in rows if kind == "number"),
        *islice((_facet(name, counted[name.facet]) for name in found if name.kind == "country"), MOST),
        *islice((_facet(name, counted[name.facet]) for name in found if name.kind == "theme"), MOST),
        *(_treaty(key, text) for kind, key, text, _n in rows if kind == "treaty"),
    ]


def _parameters(person: Person, beginning: str, asked: list[str], facets: list[int]) -> dict[str, Any]:
    return {
        "number": key(beginning),
        # After every letter and digit.
        "number_end": key(beginning) + "~",
        "enough": len("".join(asked)) >= _LEAST,
        "digits": any(letter.isdigit() for letter in beginning),
        "access": visible_access(person),
        "whole": " & ".join(asked[:WORDS][:-1]),
        "last": begun(asked[:WORDS][-1]),
        "facets": facets,
        "most": MOST,
    }


def begun(word: str) -> str:
    """The last word as text of a tsquery: as a beginning, or as its stem may be."""
    return " | ".join([f"{word}:*", *_stems(word)])


def _stems(word: str) -> list[str]:
    """What a word may have become in the index: some letters less."""
    return [word[:-n] for n in range(1, _ENDING + 1) if len(word) - n >= _STEM]


def _treaty(reference: str, card: str) -> Suggestion:
    return Suggestion("treaty", _title(card), reverse("treaty-detail", args=[reference]), hint=reference)


def _number(reference: str, value: str) -> Suggestion:
    return Suggestion("number", value, reverse("treaty-detail", args=[reference]), hint=reference)


def _facet(name: Name, count: int) -> Suggestion:
    """A country or theme under the name of its pages, with the name that was found where that is another."""
    label = name.label[1] if (get_language() or "").startswith("en") else name.label[0]
    shown = label if name.plain in plain(label) else f"{label} ({name.text})"
    return Suggestion(name.kind, shown, f"{reverse('treaty-list')}?{urlencode({name.kind: name.code})}", count)


def _title(card: str) -> str:
    """The title that the list shows, in the language of the reader."""
    best = best_of(cards.titles(json.loads(card)))
    return best.text if best else ""
