"""The one set of parameters by which treaties are searched: pages, exports and programs use it alike."""

import re
from collections.abc import Sequence
from copy import copy
from datetime import timedelta
from typing import Any

import django_filters
from django import forms
from django.contrib.postgres.search import SearchRank
from django.db.models import Case, F, FloatField, Q, QuerySet, Value, When
from django.db.models.functions import Cast
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.choices import Deed
from accounts.models import Person, may
from treaties import asking, terms
from treaties.asking import Reading
from treaties.dates import PartialDate
from treaties.facets import INTERNAL, listed, number
from treaties.fields import PartialDateField
from treaties.known_names import keys
from treaties.models import Party, SearchDocument, Theme, visible_access
from treaties.models.search import SearchQuerySet
from treaties.search import UNSIGNED
from treaties.tallies import Asked
from treaties.within import WithinFilter

SORTS = {
    "relevance": _("best match"),
    "newest": _("newest signature first"),
    "changed": _("last changed first"),
    "title": _("title"),
    "reference": _("reference"),
}
ORDER: dict[str, tuple[Any, ...]] = {
    "relevance": (F("rank").desc(), "-signed_key", "-treaty_id"),
    "newest": ("-signed_key", "-treaty_id"),
    "changed": ("-changed_at", "-treaty_id"),
    "title": ("title_key", "treaty_id"),
    "reference": ("reference",),
}
# Documents without a signature have no date before any other.
FIRST_DAY = UNSIGNED + timedelta(days=1)
# Most values of one facet that an address can ask for.
VALUES_LIMIT = 200


class _Float4(FloatField):
    """What the database ranks in: `float4`, which comes back as it went."""

    def db_type(self, connection: Any) -> str:
        return "float4"

    def cast_db_type(self, connection: Any) -> str:
        return "float4"


_FLOAT4 = _Float4()
# Worth of a number that was typed: more than any words can be.
_EXACT = 10.0


class _Shared:
    """A filter that a filterset need not copy to its last label: it keeps nothing of one question."""

    def __deepcopy__(self, memo: Any) -> Any:
        twin: Any = copy(self)
        # Told again, so that it is the twin that looks for its filterset.
        twin.method = twin.method
        return twin


class WordsFilter(_Shared, django_filters.CharFilter):
    pass


class SortFilter(_Shared, django_filters.ChoiceFilter):
    pass


class PartialDateFilter(_Shared, django_filters.Filter):
    field_class = PartialDateField


class CodesField(forms.Field):
    """Codes of parties or themes, or values of a list; what does not exist is left out (`TreatyFilter.unknown`)."""

    widget = forms.SelectMultiple

    def __init__(self, *, facet: str = "", **kwargs: Any) -> None:
        self.facet = facet
        super().__init__(**kwargs)

    def clean(self, value: Any) -> dict[str, int]:
        """The values that exist, each with its number."""
        asked = [one for one in dict.fromkeys(value or []) if one.isprintable() and one][:VALUES_LIMIT]
        known = facet_numbers(self.facet, asked)
        return {one: known[one] for one in asked if one in known}


class FacetFilter(_Shared, django_filters.Filter):
    """One dimension of `treaties.facets`: its values in the address, "or" between them."""

    field_class = CodesField

    def __init__(self, facet: str, label: Any) -> None:
        super().__init__(method="any_of", label=label, facet=facet)
        self.facet = facet


def _read(facet: str, values: Sequence[str]) -> dict[str, int]:
    """Those that another process may have made since the names were read."""
    if not values:
        return {}
    if facet == "theme":
        return {slug: number(facet, pk) for slug, pk in Theme.objects.filter(slug__in=values).values_list("slug", "pk")}
    return {code: number(facet, pk) for code, pk in Party.objects.filter(code__in=values).values_list("code", "pk")}


def facet_numbers(facet: str, values: Sequence[str]) -> dict[str, int]:
    """The values that exist in this dimension, each with its number; a query only for a party or theme not known."""
    if facet in ("country", "organisation", "theme"):
        kept = keys("theme" if facet == "theme" else "party") if values else {}
        found = {value: number(facet, kept[value]) for value in values if value in kept}
        return found | _read(facet, [value for value in values if value not in kept])
    if facet == "year":
        return {year: number(facet, int(year)) for year in values if re.fullmatch(r"[12]\d{3}", year, re.ASCII)}
    return {value: number(facet, value) for value in values if value in listed(facet)}


class TreatyFilter(django_filters.FilterSet):
    """`q within`, the facets (`country theme kind …`), `signed_after signed_before sort`.

    Repeating a parameter means "or" within it; different parameters mean "and".
    `country` takes codes: a state finds its regions and the former states it came from.
    """

    q = WordsFilter(method="match", label=_("Words"), max_length=terms.QUERY_LIMIT, strip=True)
    within = WithinFilter(label=_("Within these"))
    continent = FacetFilter("continent", _("Continent"))
    country = FacetFilter("country", _("Country or party"))
    organisation = FacetFilter("organisation", _("International organisation"))
    theme = FacetFilter("theme", _("Theme"))
    kind = FacetFilter("kind", _("Kind"))
    qualification = FacetFilter("qualification", _("Qualification"))
    status = FacetFilter("status", _("Status"))
    stage = FacetFilter("stage", _("Stage"))
    awaited = FacetFilter("awaited", _("Awaited of"))
    year = FacetFilter("year", _("Year of signature"))
    language = FacetFilter("language", _("Authentic language"))
    signed_after = PartialDateFilter(label=_("Signed from"), method="from_date")
    signed_before = PartialDateFilter(label=_("Signed until"), method="until_date")
    sort = SortFilter(label=_("Sort"), choices=list(SORTS.items()), method="keep", empty_label=None)

    FACETS = (
        "country", "continent", "theme", "kind", "qualification", "status", "stage", "awaited", "organisation", "year",
        "language",
    )  # fmt: skip

    class Meta:
        model = SearchDocument
        fields: tuple[str, ...] = ()

    def __init__(
        self,
        data: QueryDict | None,
        queryset: SearchQuerySet,
        *,
        person: Person,
        is_widened: bool = False,
        **kwargs: Any,
    ) -> None:
        """`is_widened`: the last word may go on, for a question that as it stands finds nothing."""
        super().__init__(data, queryset, **kwargs)
        self.is_widened = is_widened
        self.access = visible_access(person)
        if not may(person, Deed.READ_INTERNAL):
            for name in INTERNAL:
                del self.filters[name]

    @cached_property
    def values(self) -> dict[str, Any]:
        """What was asked and is valid; a parameter with a mistake is left out, its sentence is in `errors`."""
        self.form.is_valid()
        return self.form.cleaned_data

    @cached_property
    def unknown(self) -> dict[str, list[str]]:
        """Values of facets in the address that do not exist: left out, and said to be."""
        data = self.data if isinstance(self.data, QueryDict) else QueryDict()
        asked = {name: [one for one in data.getlist(name) if one] for name in self.facets}
        return {
            name: list(dict.fromkeys(one for one in values if one not in self.chosen(name)))
            for name, values in asked.items()
            if set(values) - set(self.chosen(name))
        }

    @property
    def facets(self) -> list[str]:
        """The dimensions that this reader can count by."""
        return [name for name in self.FACETS if name in self.filters]

    @cached_property
    def groups(self) -> dict[str, list[int]]:
        """The facets that were chosen, by dimension, as numbers."""
        return {name: list(chosen.values()) for name in self.facets if (chosen := self.values.get(name))}

    def asked(self, *, skip: str = "") -> Asked:
        """What is counted; without parameter `skip` for counting that facet."""
        groups = {name: codes for name, codes in self.groups.items() if name != skip}
        return Asked(self.access, groups, self.narrow(skip=skip), is_plain=self.is_plain)

    @property
    def is_plain(self) -> bool:
        """Whether facets are all that is asked."""
        dates = (self.values.get("signed_after"), self.values.get("signed_before"))
        words = self.values.get("q") or self.values.get("within")
        return not words and not any(date and date.on for date in dates)

    def narrow(self, *, skip: str = "", skip_facets: bool = False) -> QuerySet[SearchDocument]:
        """What is found; without parameter `skip` for counting that facet, or without any facet."""
        rows: QuerySet[SearchDocument] = self.queryset.all()  # type: ignore[union-attr]  # always given
        for name, value in self.values.items():
            if name != skip and not (skip_facets and name in self.FACETS):
                rows = self.filters[name].filter(rows, value)
        return rows

    @property
    def qs(self) -> QuerySet[SearchDocument]:
        return self.narrow()

    @property
    def order(self) -> str:
        """The order in force: best match when words are given, else newest signature first."""
        words, asked = self.values.get("q"), self.values.get("sort")
        if asked == "relevance" and not words:
            asked = ""
        return asked or ("relevance" if words else "newest")

    def chosen(self, name: str) -> list[str]:
        """The valid values of a facet in the address."""
        return list(self.values.get(name) or ())

    @cached_property
    def reading(self) -> Reading:
        """What the words mean; read once, however often the list is narrowed."""
        return asking.read(self.values.get("q") or "", typing=self.is_widened)

    @cached_property
    def exact(self) -> list[int]:
        """Treaties that carry the number that was typed; of those, some may be unknown to the reader."""
        return asking.exact(self.values.get("q") or "")

    @property
    def rank(self) -> Any:
        """How well a document fits the words; one with the very number that was typed comes before all others."""
        rank: Any = SearchRank(F("words"), self.reading.query)
        if self.exact:
            found = Case(When(pk__in=self.exact, then=Value(_EXACT)), default=Value(0.0), output_field=FloatField())
            rank = Cast(rank + found, _FLOAT4)
        return rank

    def match(self, rows: QuerySet[SearchDocument], name: str, value: str) -> QuerySet[SearchDocument]:
        wanted = Q(words=self.reading.query)
        return rows.filter(wanted | Q(pk__in=self.exact) if self.exact else wanted)

    def any_of(self, rows: QuerySet[SearchDocument], name: str, value: dict[str, int]) -> QuerySet[SearchDocument]:
        return rows.filter(**{"facets__contains" if len(value) == 1 else "facets__overlap": list(value.values())})

    def from_date(self, rows: QuerySet[SearchDocument], name: str, value: PartialDate) -> QuerySet[SearchDocument]:
        return rows.filter(signed_key__gte=value.on) if value.on else rows

    def until_date(self, rows: QuerySet[SearchDocument], name: str, value: PartialDate) -> QuerySet[SearchDocument]:
        return rows.filter(signed_key__range=(FIRST_DAY, value.last)) if value.last else rows

    def keep(self, rows: QuerySet[SearchDocument], name: str, value: str) -> QuerySet[SearchDocument]:
        return rows
