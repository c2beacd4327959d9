"""All, exactly, any, none of these words: as one query in websearch syntax, and back.

A term is a word, or several in double quotes. The syntax has no brackets and "or" binds last, so "any of" is written
out: all of `a`, any of `b c`, none of `d` is `a b -d or a c -d`. Pure text, no database.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

# More than these make a query slow, and nobody typed them.
MOST_LEFT_OUT = 10
_TERM = re.compile(r'(-?)("[^"]*"|[^\s"]+)')
# The quotation marks of word processors.
_CURLY = str.maketrans(dict.fromkeys("“”„‟", '"'))
_QUOTED = re.compile(r'("[^"]*")')
# What the database reads as an end of a word, after which a minus or "or" means something again.
_SIGNS = re.compile(r"[!&|()]")
# "or" before anything but a letter, a digit, a hyphen or a low line is read as the operator.
_OR = re.compile(r"or(?![\w-])", re.IGNORECASE)


class Unreadable(ValueError):
    """A row that cannot be read; `sentence` says what to do."""

    def __init__(self, sentence: object) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


@dataclass(frozen=True)
class Words:
    """What is asked, as terms. `phrase` is a term in quotes, or empty."""

    every: tuple[str, ...] = ()
    phrase: str = ""
    some: tuple[str, ...] = ()
    none: tuple[str, ...] = ()

    @property
    def sure(self) -> tuple[str, ...]:
        """What must be found, whatever else is; the phrase first, by which it is known again among other quotes."""
        return _once([self.phrase, *self.every] if self.phrase else self.every)

    @property
    def contradictions(self) -> tuple[str, ...]:
        """What is asked for and left out at once."""
        return tuple(term for term in self.sure if term in self.none)


def terms(text: str, *, may_join: bool = False) -> tuple[str, ...]:
    """The words and quotes of one row, each once.

    `may_join`: whether "or" between them is passed over, for it says what the row says. Raises `Unreadable` for
    a quote without an end and for signs that belong to another row.
    """
    text = text.translate(_CURLY)
    if text.count('"') % 2:
        raise Unreadable(_("A quotation mark is opened and not closed."))
    parts = (part if part.startswith('"') else _SIGNS.sub(" ", part) for part in _QUOTED.split(text))
    found = []
    for minus, term in _TERM.findall(" ".join(parts)):
        if minus or term.startswith("-"):
            raise Unreadable(_("Words to leave out have a row of their own; write them there, without the minus."))
        if term.casefold() == "or":
            if not may_join:
                raise Unreadable(_("Words of which one is enough have a row of their own; write them there."))
        elif kept := _kept(term):
            found.append(kept)
    return _once(found)


def phrase(text: str) -> str:
    """The row of the exact phrase as one term; empty for nothing."""
    words = " ".join(text.translate(_CURLY).replace('"', " ").split())
    return f'"{words}"' if words else ""


def _kept(term: str) -> str:
    """The term as it is written: one space between words of a quote, quotes round what would be read as "or"."""
    if term.startswith('"'):
        return phrase(term)
    return f'"{term}"' if _OR.match(term) else term


def _once(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found))


def written(words: Words) -> str:
    """The query in websearch syntax."""
    sure, some = words.sure, words.some
    if set(some) & set(sure):
        some = ()  # One of them is found anyway.
    none = [f"-{term}" for term in words.none]
    ways = [[*sure, one, *none] for one in some] or [[*sure, *none]]
    return " or ".join(" ".join(way) for way in ways)


def read(query: str) -> Words | None:
    """The rows that `written` would make this query of; None for a query that the rows cannot say."""
    ways = _ways(query.translate(_CURLY))
    if ways is None:
        return None
    asked = [_once(term for minus, term in way if not minus) for way in ways]
    left_out = [_once(term for minus, term in way if minus) for way in ways]
    if len({frozenset(way) for way in left_out}) > 1:
        return None
    sure = tuple(term for term in asked[0] if all(term in way for way in asked))
    others = [tuple(term for term in way if term not in sure) for way in asked]
    if len(ways) > 1 and any(len(way) != 1 for way in others):
        return None
    exact = next((term for term in sure if term.startswith('"')), "")
    return Words(
        every=tuple(term for term in sure if term != exact),
        phrase=exact,
        some=_once(term for way in others for term in way),
        none=left_out[0],
    )


def _ways(query: str) -> list[list[tuple[bool, str]]] | None:
    """The parts between "or", each as (left out, term); None where the database may read it otherwise."""
    if query.count('"') % 2:
        return None
    ways: list[list[tuple[bool, str]]] = [[]]
    for minus, term in _TERM.findall(query):
        if not minus and term.casefold() == "or":
            ways.append([])
            continue
        is_plain = not term.startswith('"')
        if is_plain and (term.startswith("-") or _SIGNS.search(term) or _OR.match(term)):
            return None
        if kept := _kept(term):
            ways[-1].append((bool(minus), kept))
    return ways if len(ways) == 1 or all(ways) else None
