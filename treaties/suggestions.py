"""What somebody may be typing: treaties, countries, themes and numbers, in one query, each with its address.

Prefixes of stems are not stems of prefixes: Dutch "belasti" begins no word of the index, which has "belast". So the
last word is looked for as it is typed, as a beginning, and as a whole with some letters less.
"""

import json
import re
from dataclasses import dataclass
from typing import Any

from django.db import connections, router
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from treaties import cards
from treaties.facets import number
from treaties.models import SearchDocument, Treaty, visible_access
from treaties.sorting import plain

# Of each kind; longest text that is looked at, and the words of it.
MOST, LIMIT, WORDS = 5, 100, 6
# A beginning of one letter fits too much to say anything of treaties.
_LEAST = 2
# Letters that a stem may lack at its end, and the shortest stem that is tried.
_ENDING, _STEM = 4, 4
_WORD = re.compile(r"\w+")

_SQL = """
WITH names AS (
  SELECT party.id, party.code, name.text FROM treaties_party party,
    LATERAL (
      SELECT unnest(ARRAY[name_nl, name_en, name_fr, name_de]::text[] || party.aliases::text[]) AS text
      UNION SELECT text FROM treaties_partyname WHERE party_id = party.id
    ) AS name
), countries AS (
  SELECT DISTINCT ON (id) id, code, text FROM names, lower(unaccent(text)) AS plain
  WHERE plain LIKE %(begins)s OR plain LIKE %(word)s ORDER BY id, plain NOT LIKE %(begins)s, length(text)
), themes AS (
  SELECT id, slug, CASE WHEN %(language)s = 'en' AND name_en <> '' THEN name_en ELSE name_nl END AS text
  FROM treaties_theme WHERE lower(unaccent(name_nl)) LIKE %(begins)s OR lower(unaccent(name_nl)) LIKE %(word)s
    OR lower(unaccent(name_en)) LIKE %(begins)s OR lower(unaccent(name_en)) LIKE %(word)s
), found AS (
  (SELECT treaty_id, reference FROM treaties_searchdocument
   WHERE %(enough)s AND access = ANY(%(access)s) AND words @@ to_tsquery('simple', %(words)s)
   ORDER BY signed_key DESC, treaty_id DESC LIMIT %(most)s)
)
(SELECT 'treaty', found.reference, card.card::text, NULL::bigint
 FROM found JOIN treaties_listcard card USING (treaty_id))
UNION ALL
(SELECT * FROM (SELECT 'country', countries.code, countries.text, {count} AS n FROM countries) AS some
 WHERE n > 0 ORDER BY n DESC LIMIT %(most)s)
UNION ALL
(SELECT * FROM (SELECT 'theme', themes.slug::text, themes.text, {theme_count} AS n FROM themes) AS some
 WHERE n > 0 ORDER BY n DESC LIMIT %(most)s)
UNION ALL
(SELECT 'number', treaty.reference, identifier.value, NULL::bigint
 FROM treaties_identifier identifier JOIN treaties_treaty treaty ON treaty.id = identifier.treaty_id
 WHERE %(digits)s AND treaty.access = ANY(%(access)s) AND lower(identifier.value) LIKE %(begins)s
 ORDER BY identifier.value LIMIT %(most)s)
"""
_COUNT = """(
  SELECT coalesce(sum(n), 0)::bigint FROM (
    SELECT n FROM treaties_facetcount WHERE a = 0 AND b = {base} + {table}.id AND access = ANY(%(access)s)
    UNION ALL
    SELECT n FROM treaties_facetchange WHERE facets @> ARRAY[{base} + {table}.id]::int[] AND access = ANY(%(access)s)
  ) AS counted
)"""


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
    """What `typed` may become: at most `MOST` of each kind; one query, none where nothing was typed."""
    asked = " ".join(_WORD.findall(plain(_kept(typed))))
    if not asked:
        return []
    with connections[router.db_for_read(SearchDocument)].cursor() as cursor:
        cursor.execute(_statement(), _parameters(person, typed, asked))
        return [_suggestion(*row) for row in cursor.fetchall()]


def _kept(typed: str) -> str:
    return typed[:LIMIT].encode(errors="replace").decode().replace("\x00", " ")


def _statement() -> str:
    country, theme = number("country", 0), number("theme", 0)
    return _SQL.format(
        count=_COUNT.format(base=country, table="countries"), theme_count=_COUNT.format(base=theme, table="themes")
    )


def _parameters(person: Person, typed: str, asked: str) -> dict[str, Any]:
    beginning = plain(_kept(typed)).strip().replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    return {
        "begins": f"{beginning}%",
        "word": f"% {beginning}%",
        "language": (get_language() or "nl")[:2],
        "enough": len(asked) >= _LEAST,
        "digits": any(letter.isdigit() for letter in asked),
        "access": visible_access(person),
        "words": query(asked.split()[:WORDS]),
        "most": MOST,
    }


def query(asked: list[str]) -> str:
    """The words as text of a tsquery: each in full or as its stem may be, the last one as a beginning too."""
    *whole, last = asked
    return " & ".join([*(f"({' | '.join([word, *_stems(word)])})" for word in whole), _beginning(last)])


def _beginning(word: str) -> str:
    return f"({' | '.join([f'{word}:*', *_stems(word)])})"


def _stems(word: str) -> list[str]:
    """What a word may have become in the index: some letters less."""
    return [word[:-n] for n in range(1, _ENDING + 1) if len(word) - n >= _STEM]


def _suggestion(kind: str, key: str, text: str, count: int | None) -> Suggestion:
    listed = reverse("treaty-list")
    if kind == "treaty":
        return Suggestion(kind, _title(text), reverse("treaty-detail", args=[key]), hint=key)
    if kind == "number":
        return Suggestion(kind, text, reverse("treaty-detail", args=[key]), hint=key)
    return Suggestion(kind, text, f"{listed}?{urlencode({kind: key})}", count)


def _title(card: str) -> str:
    """The title that the list shows, in the language of the reader."""
    treaty = Treaty()
    treaty._prefetched_objects_cache = {"titles": cards.titles(json.loads(card), treaty)}  # type: ignore[attr-defined]
    return treaty.title
