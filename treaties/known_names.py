"""Names of parties and themes, which are public and change rarely, as every list needs hundreds of them."""

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import get_language

from treaties.facets import number
from treaties.models import Party, Theme
from treaties.sorting import plain

# How long a process keeps them (seconds); who changes one sees it at once (`forget`).
KEPT = 60


def names(facets: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Facet of a country, organisation or theme → its code and its name in the reader's language."""
    kept = _all(int(time.monotonic() // KEPT))
    wanted = list(facets)
    if any(facet not in kept for facet in wanted):
        forget()
        kept = _all(int(time.monotonic() // KEPT))
    language = 2 if (get_language() or "").startswith("en") else 1
    return {facet: (kept[facet][0], kept[facet][language]) for facet in wanted if facet in kept}


def domains() -> Mapping[str, str]:
    """Theme → the policy domain it is under, by their addresses."""
    return _domains(int(time.monotonic() // KEPT))


def keys(kind: str) -> Mapping[str, int]:
    """Code → key of every `party`, or address → key of every `theme`."""
    return _keys(kind, int(time.monotonic() // KEPT))


def forget() -> None:
    """A name changed: read them again."""
    _all.cache_clear()
    _keys.cache_clear()
    _domains.cache_clear()
    _typed.cache_clear()


@lru_cache(maxsize=2)
def _keys(kind: str, minute: int) -> Mapping[str, int]:
    if kind == "theme":
        return dict(Theme.objects.order_by().values_list("slug", "pk"))
    return dict(Party.objects.order_by().values_list("code", "pk"))


@lru_cache(maxsize=1)
def _domains(minute: int) -> Mapping[str, str]:
    under = Theme.objects.order_by().filter(parent__isnull=False)
    return dict(under.values_list("slug", "parent__slug"))


@lru_cache(maxsize=1)
def _all(minute: int) -> Mapping[int, tuple[str, str, str]]:
    """Facet → code, Dutch name, English name; `minute` makes it new from time to time."""
    found: dict[int, tuple[str, str, str]] = {}
    for pk, code, nl, en in Party.objects.order_by().values_list("pk", "code", "name_nl", "name_en"):
        found[number("country", pk)] = found[number("organisation", pk)] = (code, nl, en or nl)
    for pk, slug, nl, en in Theme.objects.order_by().values_list("pk", "slug", "name_nl", "name_en"):
        found[number("theme", pk)] = (slug, nl, en or nl)
    return found


@dataclass(frozen=True)
class Name:
    """A name of a party or theme; `label` is what it is called on pages, by language."""

    kind: str
    plain: str
    text: str
    facet: int
    code: str
    label: tuple[str, str]
    # An adjective, a former name, an abbreviation: after the names of today.
    is_other: bool = False


def typed_names() -> list[Name]:
    """Every name that can be typed, of parties and then of themes."""
    return _typed(int(time.monotonic() // KEPT))


@lru_cache(maxsize=1)
def _typed(minute: int) -> list[Name]:
    return [*_party_names(), *_theme_names()]


def _party_names() -> Iterator[Name]:
    for party in Party.objects.prefetch_related("names"):
        label = (party.name_nl, party.name_en or party.name_nl)
        own = [party.name_nl, party.name_en, party.name_fr, party.name_de, *party.aliases]
        for text in dict.fromkeys([*own, *(name.text for name in party.names.all())]):
            if text:
                facet = number("country", party.pk)
                yield Name("country", plain(text), text, facet, party.code, label, text not in own)


def _theme_names() -> Iterator[Name]:
    for theme in Theme.objects.all():
        label = (theme.name_nl, theme.name_en or theme.name_nl)
        for text in dict.fromkeys(label):
            yield Name("theme", plain(text), text, number("theme", theme.pk), theme.slug, label)
