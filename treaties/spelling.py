""" "Did you mean …": for words that occur nowhere, the nearest that occurs in what everybody may read."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.search import SearchQuery
from django.db import connection, transaction

from treaties import terms, words
from treaties.models import KnownWord, Party, PartyName, SearchDocument, SynonymGroup, Theme, Title, Treaty
from treaties.sorting import plain

# Words that are offered have at least so many letters; those that are looked up, at most so many are.
SHORTEST, WORDS_LIMIT = 3, 8
# One mistake in so many letters is mended; and from how many words that look alike the nearest is taken.
MISTAKES, _CANDIDATES = 3, 12
_LONGEST = 60
_WORD = re.compile(rf"[^\W\d_]{{{SHORTEST},{_LONGEST}}}")
_AT_ONCE = 5_000

# For each word typed that occurs nowhere, those that look most like it.
_NEAREST = """
SELECT typed.word, near.word, near.shown, near.is_reference, near.documents, near.alike
FROM unnest(%(words)s::text[]) AS typed (word)
CROSS JOIN LATERAL (
  SELECT word, shown, is_reference, documents, similarity(word, typed.word) AS alike FROM treaties_knownword
  WHERE word %% typed.word ORDER BY alike DESC, documents DESC, word LIMIT %(candidates)s
) near
WHERE NOT EXISTS (SELECT FROM treaties_knownword WHERE word = typed.word COLLATE "C")
"""
# Endings that make no other word; a word typed with or without one of them is known.
_ENDINGS = frozenset({"", "s", "es", "n", "en", "e"})


def spelling(typed: str) -> str | None:
    """`typed` with each unknown word made the nearest known one; `None` where nothing better is known.

    To be asked only when nothing was found. One query, and one for each word that is no vocabulary and for each
    candidate that comes from a record alone, to be sure that the public still finds it.
    """
    text = terms.safe(typed)
    asked = list(dict.fromkeys(plain(word) for word in _WORD.findall(text)))[:WORDS_LIMIT]
    nearest = _nearest([word for word in asked if word]) if asked else {}
    if not nearest:
        return None
    return _WORD.sub(lambda found: nearest.get(plain(found[0]), found[0]), text)


def _nearest(asked: list[str]) -> dict[str, str]:
    parameters: dict[str, Any] = {"words": asked, "candidates": _CANDIDATES}
    with connection.cursor() as cursor:
        cursor.execute(_NEAREST, parameters)
        rows = cursor.fetchall()
    known = {word for word, near, *_ in rows if _is_same(word, near)}
    # Words of places, summaries and papers are no vocabulary, and yet find something.
    known |= {word for word in {word for word, *_ in rows} - known if _is_public(word)}
    ranked = sorted(
        (distance(word, near), not _lacks(word, near), -documents, -alike, near, word, *said)
        for word, near, *said, documents, alike in rows
    )
    found: dict[str, str] = {}
    for apart, _whole, _documents, _alike, near, word, shown, is_reference in ranked:
        is_near = word not in known and apart <= max(1, len(word) // MISTAKES)
        if is_near and word not in found and (is_reference or _is_public(near)):
            found[word] = shown
    return found


def _is_same(one: str, other: str) -> bool:
    shorter, longer = sorted((one, other), key=len)
    ending = longer.removeprefix(shorter)
    # A plural in -n comes after an e only: "gemeenten", never "rechtn".
    return longer.startswith(shorter) and ending in _ENDINGS and (ending != "n" or shorter.endswith("e"))


def _lacks(typed: str, near: str) -> bool:
    """Whether `typed` is `near` with letters left out, which happens more than a wrong letter."""
    letters = iter(near)
    return all(letter in letters for letter in typed)


def distance(one: str, other: str) -> int:
    """How many letters are wrong, missing, too many or changed places (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        above, before, row = before, row, [i]
        for j, there in enumerate(other, start=1):
            least = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != there))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == there:
                least = min(least, above[j - 2] + 1)
            row.append(least)
    return row[-1]


def _is_public(word: str) -> bool:
    """Whether somebody who is not logged in still finds a record by the word: it may have become internal since."""
    readings = (SearchQuery(word, config=name) for name in (*words.CONFIGS.values(), words.OTHER))
    return SearchDocument.objects.visible_to(AnonymousUser()).filter(words=reduce(or_, readings)).exists()


def learn(texts: Iterable[str], *, is_reference: bool = False) -> None:
    """Add the words of `texts`, which everybody may read, to those that are offered; what is known stays. One query.

    For a change of a record: all its texts at once. How often a word occurs is counted by the rebuild.
    """
    shown = _spellings(texts)
    rows = [KnownWord(word=word, shown=shown[word], is_reference=is_reference) for word in sorted(shown)]
    # In one order, so that two people who bring new words do not wait for each other.
    KnownWord.objects.bulk_create(rows, ignore_conflicts=True, batch_size=_AT_ONCE)


def forget(texts: Iterable[str]) -> None:
    """A record is no longer public: of the words of its titles, those that nothing public has are offered no more."""
    lasting = KnownWord.objects.filter(word__in=_spellings(texts), is_reference=False).values_list("word", flat=True)
    gone = [word for word in lasting if not _is_public(word)]
    if gone:
        KnownWord.objects.filter(word__in=gone).delete()


def rebuild_words() -> int:
    """Make the words that are offered again: those of public titles, parties, themes and synonyms; how many."""
    lasting = _spellings(reference_texts())
    counts: Counter[str] = Counter()
    shown = dict(lasting)
    for text in _public_titles():
        for word, said in _spellings([text]).items():
            counts[word] += 1
            if word not in shown or (said.islower() and not shown[word].islower()):
                shown[word] = said
    rows = (KnownWord(word=w, shown=shown[w], documents=counts[w] or 1, is_reference=w in lasting) for w in shown)
    with transaction.atomic():
        KnownWord.objects.all().delete()
        KnownWord.objects.bulk_create(rows, batch_size=_AT_ONCE)
    return len(shown)


def _spellings(texts: Iterable[str]) -> dict[str, str]:
    """Word without accents → as it is written; in small letters where it is written so anywhere."""
    found: dict[str, str] = {}
    for text in texts:
        for said in _WORD.findall(text):
            word = plain(said)
            if len(word) <= _LONGEST and (word not in found or (said.islower() and not found[word].islower())):
                found[word] = said
    return found


def _public_titles() -> Iterator[str]:
    titles = Title.objects.filter(treaty__in=Treaty.objects.visible_to(AnonymousUser()))
    return titles.order_by().values_list("text", flat=True).iterator(chunk_size=_AT_ONCE)


def reference_texts() -> Iterator[str]:
    """The names of parties and themes, and the synonyms: public whatever becomes of a record."""
    for names in Party.objects.values_list("name_nl", "name_en", "name_fr", "name_de"):
        yield from names
    for aliases in Party.objects.values_list("aliases", flat=True):
        yield from aliases
    yield from PartyName.objects.values_list("text", flat=True)
    for called in Theme.objects.values_list("name_nl", "name_en"):
        yield from called
    for group in SynonymGroup.objects.filter(is_used=True).values_list("words", flat=True):
        yield from group
