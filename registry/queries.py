"""What the home page counts."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from accounts.models import Person
from treaties import counts
from treaties import queries as record
from treaties.choices import NOT_TREATIES, PartyKind, Stage, Status
from treaties.facets import ANY, number
from treaties.filters import ORDER
from treaties.models import Party, SearchDocument, Theme, visible_access
from treaties.sorting import sort_key

NEWEST = 8
COUNTRIES = 12
# In procedure: at any stage but the last.
_UNDER_WAY = [stage for stage in Stage if stage != Stage.DONE]


def home(person: Person) -> dict[str, Any]:
    """Numbers that mean something, the newest changes, and the ways in by theme and country."""
    access = visible_access(person)
    kept = counts.having(access)
    newest = SearchDocument.objects.visible_to(person).order_by(*ORDER["changed"]).defer("words")[:NEWEST]

    def of(name: str, values: Iterable[str]) -> int:
        return sum(kept.get(number(name, value), 0) for value in values)

    return {
        "counts": {
            "all": kept.get(ANY, 0),
            "in_force": of("status", [Status.IN_FORCE]),
            "in_procedure": of("stage", _UNDER_WAY),
            "mous": of("kind", NOT_TREATIES),
        },
        # The same selections as addresses, so that a number leads to exactly what it counts.
        "queries": {
            "in_force": urlencode({"status": Status.IN_FORCE.value}),
            "in_procedure": urlencode({"stage": [stage.value for stage in _UNDER_WAY]}, doseq=True),
            "mous": urlencode({"kind": sorted(kind.value for kind in NOT_TREATIES)}, doseq=True),
        },
        "newest": record.rows(newest, ""),
        "countries": _countries(record.country_counts(person)),
        "domains": _domains(record.theme_counts(person)),
    }


def _countries(counted: list[tuple[Party, int]]) -> list[tuple[Party, int]]:
    """The other countries there is most with: Belgium itself is party to nearly everything."""
    others = [(party, n) for party, n in counted if party.kind == PartyKind.STATE and party.code != "BE"]
    return sorted(others, key=lambda pair: (-pair[1], sort_key(pair[0].name)))[:COUNTRIES]


def _domains(counted: list[tuple[Theme, int]]) -> list[tuple[Theme, int]]:
    domains = [(theme, n) for theme, n in counted if theme.parent is None]
    return sorted(domains, key=lambda pair: (-pair[1], sort_key(pair[0].name)))
