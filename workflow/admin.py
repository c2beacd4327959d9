"""Administration of the procedure: to look at only. What happens in a dossier goes through the actions."""

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from treaties.admin import ReadOnlyAdmin
from workflow.models import Approval, Decision, Dossier, Event


@admin.register(Dossier)
class DossierAdmin(ReadOnlyAdmin):
    list_display = ("reference", "treaty", "procedure_code", "stage", "responsible", "origin")
    list_filter = ("procedure_code", "stage", "origin", "is_demo")
    list_select_related = ("treaty", "responsible")
    search_fields = ("reference", "treaty__reference", "treaty__titles__text")
    # A table between that has a reason of its own: shown on the page of the dossier.
    exclude = ("entities",)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Dossier]:
        return super().get_queryset(request).prefetch_related("treaty__titles")


class OfDossierAdmin(ReadOnlyAdmin):
    """Rows that hang on a dossier."""

    list_filter = ("step",)
    search_fields = ("dossier__reference",)


@admin.register(Event)
class EventAdmin(OfDossierAdmin):
    list_display = ("dossier_reference", "step", "when", "outcome", "recorded_by", "recorded_at", "is_void")
    list_select_related = ("dossier", "recorded_by")
    exclude = ("documents",)

    @admin.display(ordering="dossier__reference")
    def dossier_reference(self, event: Event) -> str:
        return event.dossier.reference


@admin.register(Approval)
class ApprovalAdmin(OfDossierAdmin):
    list_display = ("dossier_reference", "step", "attempt", "asked_by", "asked_at")
    list_select_related = ("dossier", "asked_by")

    @admin.display(ordering="dossier__reference")
    def dossier_reference(self, approval: Approval) -> str:
        return approval.dossier.reference


@admin.register(Decision)
class DecisionAdmin(ReadOnlyAdmin):
    list_display = ("dossier_reference", "outcome", "decided_on", "number", "decided_by", "decided_at")
    list_filter = ("outcome",)
    list_select_related = ("approval__dossier", "decided_by")
    search_fields = ("approval__dossier__reference", "number")

    @admin.display(ordering="approval__dossier__reference")
    def dossier_reference(self, decision: Decision) -> str:
        return decision.approval.dossier.reference
