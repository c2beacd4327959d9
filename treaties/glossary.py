"""The terms of the field in their four languages, with what they mean. Pure but for reading one file once.

No model: the terms are part of the product, as its texts are. They change with a version of it and never at run time,
so there is nobody to permit, no history to keep and no query to make.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import get_language

from treaties.choices import Language
from treaties.sorting import plain, sort_key

FILE = Path(settings.BASE_DIR) / "fixtures" / "reference" / "glossary.json"
LANGUAGES = (Language.NL, Language.EN, Language.FR, Language.DE)
# Longest text that is looked up (characters).
LIMIT = 100


@dataclass(frozen=True)
class Name:
    """A term in one language."""

    language: Language
    text: str


@dataclass(frozen=True)
class Term:
    """One term. `code` is its anchor and promised; explanation and source stand in Dutch and English, or are empty."""

    code: str
    names: Mapping[str, str]
    explained: Mapping[str, str]
    sources: Mapping[str, str]
    # Codes of terms that are often taken for this one.
    not_same: Sequence[str]

    @property
    def name(self) -> str:
        return self.names[_reader()]

    @property
    def language(self) -> str:
        """The language of `name` and `explanation`."""
        return _reader()

    @property
    def all_names(self) -> list[Name]:
        return [Name(language, self.names[language]) for language in LANGUAGES]

    @property
    def other_names(self) -> list[Name]:
        """The names in the languages that the reader does not read the page in."""
        return [name for name in self.all_names if name.language != _reader()]

    @property
    def explanation(self) -> str:
        return self.explained.get(_reader(), "")

    @property
    def source(self) -> str:
        return self.sources.get(_reader(), "")

    @property
    def others(self) -> "list[Term]":
        return [terms()[code] for code in self.not_same]


@dataclass(frozen=True)
class Letter:
    """The terms that begin with a letter in the reader's language."""

    letter: str
    terms: list[Term]

    @property
    def anchor(self) -> str:
        return f"letter-{self.letter.lower()}"


def _reader() -> str:
    return "en" if (get_language() or "").startswith("en") else "nl"


@cache
def terms() -> Mapping[str, Term]:
    """Code → term, in the order of the file: that of the procedure."""
    rows = json.loads(FILE.read_text(encoding="utf-8"))
    return {
        row["code"]: Term(
            code=row["code"],
            names={language: row[language] for language in LANGUAGES},
            explained=row.get("explanation", {}),
            sources=row.get("source", {}),
            not_same=tuple(row.get("not", ())),
        )
        for row in rows
    }


def find(words: str) -> list[Term]:
    """The terms whose names, in any language, or explanation hold all of `words`, whatever their case and accents.

    Nothing typed finds everything; signs without a letter or a digit find nothing.
    """
    wanted = sort_key(words[:LIMIT]).split()
    if words.strip() and not wanted:
        return []
    return [term for term in terms().values() if all(word in _text(term) for word in wanted)]


def letters(found: Iterable[Term]) -> list[Letter]:
    """`found` by the first letter of their names in the reader's language, both in the order of its alphabet."""
    grouped: dict[str, list[Term]] = {}
    for term in sorted(found, key=lambda term: sort_key(term.name)):
        first = next(letter for letter in plain(term.name) if letter.isalpha())
        grouped.setdefault(first.upper(), []).append(term)
    return [Letter(letter, grouped[letter]) for letter in sorted(grouped)]


def _text(term: Term) -> str:
    return " ".join(map(sort_key, (*term.names.values(), term.explanation)))
