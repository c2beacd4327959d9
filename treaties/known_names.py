"""Names of parties and themes, which are public and change rarely, as every list needs hundreds of them."""

import time
from collections.abc import Iterable, Mapping
from functools import lru_cache

from django.utils.translation import get_language

from treaties.facets import number
from treaties.models import Party, Theme

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


def forget() -> None:
    """A name changed: read them again."""
    _all.cache_clear()
    _domains.cache_clear()


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
