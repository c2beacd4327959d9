"""What is typed in the search box, taken apart: words, quotes, minus and or. Pure; any text is read, none refused."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from treaties.sorting import plain

# Longest query that is read (characters), and most words: the rest adds nothing but cost.
QUERY_LIMIT, TERMS_LIMIT = 500, 64
# Most words that can be left out with a minus.
LEFT_OUT_LIMIT = 10
# Longest phrase that is looked up among the synonyms (words).
PHRASE_LIMIT = 8
# A word or a quote, with or without a minus.
_TERM = re.compile(r'(-?)("[^"]*"|[^\s"]+)')
_DATES = tuple(
    re.compile(form, re.ASCII)
    for form in (
        r"(?P<y>[12]\d{3})-(?P<m>\d{1,2})(?:-(?P<d>\d{1,2}))?",
        r"(?:(?P<d>\d{1,2})[-/.])?(?P<m>\d{1,2})[-/.](?P<y>[12]\d{3})",
        r"(?:(?P<d>\d{1,2})(?:e|er|de|ste|st|nd|rd|th|\.)? )?(?P<m>[a-z]{3,9}) (?P<y>[12]\d{3})",
        r"(?P<m>[a-z]{3,9}) (?P<d>\d{1,2})(?:st|nd|rd|th)?,? (?P<y>[12]\d{3})",
    )
)
# The months in Dutch, English, French and German, without accents.
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari january janvier januar",
            "februari february fevrier februar",
            "maart march mars marz",
            "april avril",
            "mei may mai",
            "juni june juin",
            "juli july juillet",
            "augustus august aout",
            "september septembre",
            "oktober october octobre",
            "november novembre",
            "december decembre dezember",
        ),
        start=1,
    )
    for name in names.split()
}
_NO_LETTERS = re.compile(r"[\W_]+")
# Longest abbreviation (characters).
_ABBREVIATION = 6
# Shortest word that is also looked up without its ending.
_SHORTEST_STEM = 5


@dataclass(frozen=True)
class Term:
    """A word, or what stands between quotes."""

    text: str
    is_quote: bool = False

    @property
    def date(self) -> str:
        """The day or month it says in one word or quote, as `words.date_words` writes it; or nothing."""
        return _date(self.text)


@dataclass(frozen=True)
class Typed:
    """Wanted: one of the `ways`, all of its terms; without any of `left_out`."""

    ways: tuple[tuple[Term, ...], ...] = ()
    left_out: tuple[Term, ...] = ()
    # The word that may still go on: nothing was typed behind it.
    last: Term | None = None
    # Whether capitals say something: not where everything is typed in them.
    has_small_letters: bool = True

    @property
    def wanted(self) -> list[Term]:
        """Each term once, in the order typed."""
        return list(dict.fromkeys(term for way in self.ways for term in way))


def safe(typed: str) -> str:
    """What is read of `typed`: nothing that the database refuses."""
    return typed[:QUERY_LIMIT].encode(errors="replace").decode().replace("\x00", " ")


def parse(typed: str) -> Typed:
    """`typed` as it is meant. Where nothing stands before or behind an "or", it says nothing."""
    text = safe(typed)
    ways: list[list[Term]] = [[]]
    left_out: list[Term] = []
    last: Term | None = None
    for count, found in enumerate(_TERM.finditer(text)):
        if count >= TERMS_LIMIT:
            break
        minus, said = found.groups()
        term = _term(said, is_left_out=bool(minus))
        last = None if minus or (term and term.is_quote) or found.end() < len(text) else term
        if term is None:
            continue
        if minus:
            left_out.append(term)
        elif _is_or(said, text):
            last = None
            ways.append([])
        else:
            ways[-1].append(term)
    kept = tuple(tuple(dict.fromkeys(way)) for way in ways if way)
    return Typed(kept, tuple(dict.fromkeys(left_out))[:LEFT_OUT_LIMIT], last, _has_small(text))


def _term(said: str, *, is_left_out: bool) -> Term | None:
    text = said.strip('"').strip()
    if is_left_out:
        text = text.strip("-")
    return Term(text, said.startswith('"')) if any(letter.isalnum() for letter in text) else None


def _is_or(said: str, typed: str) -> bool:
    """ "or" in any case, as everywhere; Dutch "OF" in capitals only, since small "of" is English in many titles."""
    if said.casefold() == "or":
        return True
    if said != "OF":
        return False
    # In a title all in capitals it is English; between abbreviations ("CETA OF ATT") it is Dutch.
    return _has_small(typed) or max(map(len, typed.split())) <= _ABBREVIATION


def dates(ways: Sequence[Sequence[Term]]) -> Mapping[tuple[int, int, int], str]:
    """Where a date stands in words, "15 maart 2007": the way, its first term and the one behind its last → the date."""
    found: dict[tuple[int, int, int], str] = {}
    for way, terms in enumerate(ways):
        for start in range(len(terms)):
            for stop in (start + 2, start + 3):
                some = terms[start:stop]
                is_plain = len(some) == stop - start and not any(term.is_quote for term in some)
                if is_plain and (said := _date(" ".join(term.text for term in some))):
                    found[way, start, stop] = said
    return found


def _has_small(text: str) -> bool:
    return any(letter.islower() for letter in text)


def _date(text: str) -> str:
    """2007-03-15, 15/3/2007, "15 maart 2007", "March 15, 2007" as 20070315; "maart 2007" and 2007-03 as 200703."""
    said = plain(text)
    found = next((found for form in _DATES if (found := form.fullmatch(said))), None)
    if not found:
        return ""
    parts = found.groupdict()
    month = parts["m"] if parts["m"].isdigit() else str(MONTHS.get(parts["m"], 0))
    try:
        on = date(int(parts["y"]), int(month), int(parts.get("d") or 1))
    except ValueError:
        return ""
    return f"{on:%Y%m%d}" if parts.get("d") else f"{on:%Y%m}"


def key(text: str) -> str:
    """A word or phrase as synonyms are compared: without accents, case and punctuation."""
    return _NO_LETTERS.sub(" ", plain(text)).strip()


def keys(words: Iterable[str]) -> list[str]:
    """The keys of a group of synonyms, each once."""
    return list(dict.fromkeys(one for word in words if (one := key(word))))


def phrases(ways: Sequence[Sequence[Term]]) -> Mapping[str, list[tuple[int, int, int]]]:
    """Key → where it stands: the way, its first term and the one behind its last. Quotes are taken as they are.

    A plural is also looked up without its ending.
    """
    found: dict[str, list[tuple[int, int, int]]] = {}
    for way, terms in enumerate(ways):
        for start, stop in _spans(terms):
            for one in _without_ending(key(" ".join(term.text for term in terms[start:stop]))):
                found.setdefault(one, []).append((way, start, stop))
    return found


def _spans(terms: Sequence[Term]) -> Iterator[tuple[int, int]]:
    for start in range(len(terms)):
        for stop in range(start + 1, min(start + PHRASE_LIMIT, len(terms)) + 1):
            if terms[stop - 1].is_quote:
                break
            yield start, stop


def _without_ending(text: str) -> Iterator[str]:
    if text:
        yield text
    for ending in (" s", "en", "s", "e", "n"):
        if text.endswith(ending) and len(text) - len(ending) >= (2 if ending == " s" else _SHORTEST_STEM):
            yield text.removesuffix(ending)
