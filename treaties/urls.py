"""Public addresses of the record. They are promised: see docs/addresses.md before changing one."""

from django.urls import path, register_converter

from treaties import citation_views, glossary_views, saved_views, views


class _Text:
    """Text in an address that stays what it is; the subclass says which text."""

    regex = ""

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class Reference(_Text):
    """A permanent reference, in any case."""

    regex = r"[A-Za-z0-9-]{1,12}"


class Code(_Text):
    """The code of a party, in any case."""

    regex = r"[A-Za-z0-9-]{1,20}"


class Sha256(_Text):
    regex = r"[0-9a-f]{64}"


for name, converter in (("reference", Reference), ("code", Code), ("sha256", Sha256)):
    register_converter(converter, name)

urlpatterns = [
    path("treaties/", views.treaty_list, name="treaty-list"),
    path("treaties/suggest/", views.suggest, name="treaty-suggest"),
    path("treaties.csv", views.treaty_list_csv, name="treaty-list-csv"),
    # Before the treaty: "search" would be read as a reference there.
    path("treaties/search/", saved_views.search_builder, name="treaty-search-builder"),
    path("searches/", saved_views.search_list, name="saved-searches"),
    path("searches/save/", saved_views.search_save, name="saved-search-new"),
    path("searches/recent/forget/", saved_views.recent_forget, name="recent-searches-forget"),
    path("searches/<int:pk>/", saved_views.search_change, name="saved-search-edit"),
    path("searches/<int:pk>/remove/", saved_views.search_remove, name="saved-search-remove"),
    path("treaties/<reference:reference>/", views.treaty_detail, name="treaty-detail"),
    path("treaties/<reference:reference>/history/", views.treaty_history, name="treaty-history"),
    path("treaties/<reference:reference>/documents/<sha256:sha256>/", views.document_file, name="document-file"),
    path("countries/", views.country_list, name="country-list"),
    path("countries/<code:code>/", views.country_detail, name="country-detail"),
    path("themes/", views.theme_list, name="theme-list"),
    path("themes/<slug:slug>/", views.theme_detail, name="theme-detail"),
    path("glossary/", glossary_views.glossary, name="glossary"),
    path("treaties.xlsx", views.treaty_list_xlsx, name="treaty-list-xlsx"),
    path("treaties.json", views.treaty_list_json, name="treaty-list-json"),
    path("treaties/<reference:reference>.pdf", views.treaty_sheet_pdf, name="treaty-sheet-pdf"),
    path("treaties/<reference:reference>.bib", citation_views.bibtex, name="treaty-bibtex"),
    path("treaties/<reference:reference>.ris", citation_views.ris, name="treaty-ris"),
    path("treaties/<reference:reference>.csl.json", citation_views.csl, name="treaty-csl"),
    path("treaties/<reference:reference>/sheet/", views.treaty_sheet, name="treaty-sheet"),
]
