"""Administration of reporting: to look at only. Obligations and reports are kept through the actions."""

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from reporting.models import Obligation, Report
from treaties.admin import ReadOnlyAdmin


@admin.register(Obligation)
class ObligationAdmin(ReadOnlyAdmin):
    list_display = ("reference", "treaty", "body_nl", "cycle_years", "is_political")
    list_filter = ("is_political",)
    list_select_related = ("treaty",)
    search_fields = ("reference", "body_nl", "body_en", "treaty__reference")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Obligation]:
        return super().get_queryset(request).prefetch_related("treaty__titles")


@admin.register(Report)
class ReportAdmin(ReadOnlyAdmin):
    list_display = ("obligation", "label", "report_due", "report_submitted", "dialogue_from")
    list_select_related = ("obligation",)
    search_fields = ("obligation__reference", "label")
