"""The one set of parameters by which treaties are searched: pages, exports and programs use it alike."""

from functools import cached_property
from typing import Any

import django_filters
from django.contrib.postgres.search import SearchRank
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from treaties import asking, terms
from treaties.asking import Reading
from treaties.choices import Kind, Qualification, Stage, Status
from treaties.dates import PartialDate
from treaties.fields import PartialDateField
from treaties.models import Party, SearchDocument, Theme

SORTS = {
    "relevance": _("best match"),
    "newest": _("newest signature first"),
    "changed": _("last changed first"),
    "title": _("title"),
    "reference": _("reference"),
}
ORDER: dict[str, tuple[Any, ...]] = {
    "relevance": (F("rank").desc(), F("signed_on").desc(nulls_last=True), "-treaty_id"),
    "newest": (F("signed_on").desc(nulls_last=True), "-treaty_id"),
    "changed": ("-changed_at", "-treaty_id"),
    "title": ("title_key", "treaty_id"),
    "reference": ("treaty__reference",),
}


class PartialDateFilter(django_filters.Filter):
    field_class = PartialDateField


class TreatyFilter(django_filters.FilterSet):
    """`q country theme kind qualification status stage signed_after signed_before sort`.

    Repeating a parameter means "or" within it; different parameters mean "and".
    `country` takes codes: a state finds its regions and the former states it came from.
    """

    q = django_filters.CharFilter(method="match", label=_("Words"), max_length=terms.QUERY_LIMIT, strip=True)
    country = django_filters.MultipleChoiceFilter(
        label=_("Country or party"), field_name="country_codes", lookup_expr="overlap", method="any_of"
    )
    theme = django_filters.MultipleChoiceFilter(label=_("Theme"), field_name="theme_slugs", method="any_of")
    kind = django_filters.MultipleChoiceFilter(label=_("Kind"), choices=Kind.choices, method="one_of")
    qualification = django_filters.MultipleChoiceFilter(
        label=_("Qualification"), choices=Qualification.choices, method="one_of"
    )
    status = django_filters.MultipleChoiceFilter(label=_("Status"), choices=Status.choices, method="one_of")
    stage = django_filters.MultipleChoiceFilter(label=_("Stage"), choices=Stage.choices, method="one_of")
    signed_after = PartialDateFilter(label=_("Signed from"), method="from_date")
    signed_before = PartialDateFilter(label=_("Signed until"), method="until_date")
    sort = django_filters.ChoiceFilter(label=_("Sort"), choices=list(SORTS.items()), method="keep", empty_label=None)

    FACETS = ("country", "theme", "kind", "qualification", "status", "stage")

    class Meta:
        model = SearchDocument
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, model, column in (("country", Party, "code"), ("theme", Theme, "slug")):
            values = model.objects.values_list(column, flat=True)
            self.filters[name].extra["choices"] = [(value, value) for value in values]

    @property
    def values(self) -> dict[str, Any]:
        """What was asked and is valid; a parameter with a mistake is left out, its sentence is in `errors`."""
        self.form.is_valid()
        return self.form.cleaned_data

    def narrow(self, *, skip: str = "") -> QuerySet[SearchDocument]:
        """What is found; without parameter `skip` for counting that facet."""
        rows: QuerySet[SearchDocument] = self.queryset.all()  # type: ignore[union-attr]  # always given
        for name, value in self.values.items():
            if name != skip:
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
        return asking.read(self.values.get("q") or "")

    def match(self, rows: QuerySet[SearchDocument], name: str, value: str) -> QuerySet[SearchDocument]:
        wanted = self.reading.query
        return rows.filter(words=wanted).annotate(rank=SearchRank(F("words"), wanted))

    def any_of(self, rows: QuerySet[SearchDocument], name: str, value: list[str]) -> QuerySet[SearchDocument]:
        return rows.filter(**{f"{name}__overlap": value}) if value else rows

    def one_of(self, rows: QuerySet[SearchDocument], name: str, value: list[str]) -> QuerySet[SearchDocument]:
        return rows.filter(**{f"{name}__in": value}) if value else rows

    def from_date(self, rows: QuerySet[SearchDocument], name: str, value: PartialDate) -> QuerySet[SearchDocument]:
        return rows.filter(signed_on__gte=value.on) if value.on else rows

    def until_date(self, rows: QuerySet[SearchDocument], name: str, value: PartialDate) -> QuerySet[SearchDocument]:
        return rows.filter(signed_on__lte=value.last) if value.last else rows

    def keep(self, rows: QuerySet[SearchDocument], name: str, value: str) -> QuerySet[SearchDocument]:
        return rows
