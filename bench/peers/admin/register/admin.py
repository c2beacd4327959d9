from django.contrib import admin

from register.models import Treaty


@admin.register(Treaty)
class TreatyAdmin(admin.ModelAdmin):
    list_display = ("reference", "title_nl", "kind", "status", "signed_on")
    list_filter = ("kind", "status", "countries", "themes")
    search_fields = ("title_nl", "title_en", "title_fr", "reference")
    list_per_page = 25
