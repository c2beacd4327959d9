from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from register.models import Treaty


class TreatyViewSet(SnippetViewSet):
    model = Treaty
    list_display = ("reference", "title_nl", "kind", "status", "signed_on")
    list_filter = ("kind", "status", "countries", "themes")
    list_per_page = 25
    ordering = ("-signed_on", "-id")


register_snippet(TreatyViewSet)
