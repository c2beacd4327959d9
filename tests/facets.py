"""What a search document is counted by, in words."""

from treaties.facets import name_of, value_of
from treaties.models import Party, SearchDocument, Theme


def country_codes(document: SearchDocument) -> list[str]:
    keys = [value_of(facet) for facet in document.facets if name_of(facet) == "country"]
    return sorted(Party.objects.filter(pk__in=keys).values_list("code", flat=True))


def theme_slugs(document: SearchDocument) -> list[str]:
    keys = [value_of(facet) for facet in document.facets if name_of(facet) == "theme"]
    return sorted(Theme.objects.filter(pk__in=keys).values_list("slug", flat=True))
