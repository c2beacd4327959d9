"""The builder of searches: from its fields to the address of the list, and from an address to its fields.

Parameters of the list that have no field here are carried along, so that nothing is lost.
"""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict

from treaties import boolean
from treaties.boolean import Words
from treaties.dates import PartialDate
from treaties.filters import TreatyFilter

# Those with a field; the list may have more.
FACETS = ("country", "theme", "kind", "qualification", "status", "stage")
DATES = ("signed_after", "signed_before")
# The parameters of the list that have a field of the same name.
_SAME = (*DATES, "sort")
_OWN = {"q", "within", *FACETS, *_SAME}


def opened(data: QueryDict) -> dict[str, Any]:
    """What the fields show for an address of the list. A query that the rows cannot say stays as it is typed."""
    typed = data.get("q", "").strip()
    words = boolean.read(typed)
    shown: dict[str, Any] = {"as_typed": typed} if words is None else _rows(words)
    shown |= {name: data.getlist(name) for name in ("within", *FACETS)}
    return shown | {name: data.get(name, "") for name in _SAME}


def _rows(words: Words) -> dict[str, str]:
    return {
        "every": " ".join(words.every),
        "phrase": words.phrase.strip('"'),
        "some": " ".join(words.some),
        "none": " ".join(words.none),
    }


def query(cleaned: Mapping[str, Any]) -> str:
    """The words of the form in the syntax of the list."""
    words = Words(
        every=cleaned.get("every") or (),
        phrase=cleaned.get("phrase") or "",
        some=cleaned.get("some") or (),
        none=cleaned.get("none") or (),
    )
    return cleaned.get("as_typed") or boolean.written(words)


def address(cleaned: Mapping[str, Any], carried: list[tuple[str, str]]) -> str:
    """The address of the list behind its question mark; empty where nothing is asked."""
    asked = QueryDict(mutable=True)
    if words := query(cleaned):
        asked["q"] = words
    for name in ("within", *FACETS):
        if cleaned.get(name):
            asked.setlist(name, list(cleaned[name]))
    for name in DATES:
        when: PartialDate | None = cleaned.get(name)
        if when and when.on:
            asked[name] = when.iso
    if cleaned.get("sort"):
        asked["sort"] = cleaned["sort"]
    for name, value in carried:
        asked.appendlist(name, value)
    return asked.urlencode()


def carried(data: QueryDict) -> list[tuple[str, str]]:
    """What the address asks by parameters of the list that have no field here."""
    names = [name for name in TreatyFilter.base_filters if name not in _OWN]
    return [(name, value) for name in names for value in data.getlist(name) if value]
