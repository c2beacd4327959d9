"""The addresses of the desk, the dossiers, the procedures and the review."""

from django.urls import path

from workflow.views import (
    bulk_edit,
    clause,
    consent,
    delegation,
    desk,
    determination,
    dossier,
    procedures,
    publishing,
    record,
    review,
    treaty,
)

urlpatterns = [
    path("desk/", desk.desk, name="desk"),
    path("desk/new/", treaty.new_treaty, name="treaty-new"),
    path("treaties/bulk/", bulk_edit.bulk_edit, name="treaty-bulk"),
    path("treaties/<slug:reference>/edit/", record.edit, name="treaty-edit"),
    *(
        path(f"treaties/<slug:reference>/edit/{concern}/", record.edit, {"concern": concern}, f"treaty-edit-{concern}")
        for concern in record.PAGES
        if concern != "basics"
    ),
    path("treaties/<slug:reference>/clause/", clause.clause, name="treaty-clause"),
    path("treaties/<slug:reference>/documents/add/", treaty.add_document, name="document-add"),
    path("treaties/<slug:reference>/dossier/new/", treaty.open_dossier, name="dossier-open"),
    path("dossiers/<slug:reference>/", dossier.detail, name="dossier-detail"),
    path("dossiers/<slug:reference>/record/<slug:step>/", dossier.record_event, name="event-record"),
    path("dossiers/<slug:reference>/events/<int:pk>/correct/", dossier.correct_event, name="event-correct"),
    path("dossiers/<slug:reference>/ask/<slug:step>/", consent.ask, name="consent-ask"),
    path("dossiers/<slug:reference>/requests/<int:pk>/withdraw/", consent.withdraw, name="consent-withdraw"),
    path("dossiers/<slug:reference>/entities/", determination.require_entity, name="entity-require"),
    path(
        "dossiers/<slug:reference>/entities/<slug:code>/release/", determination.release_entity, name="entity-release"
    ),
    path("dossiers/<slug:reference>/access/", dossier.access, name="dossier-access"),
    path("dossiers/<slug:reference>/qualification/", determination.requalify, name="dossier-requalify"),
    path("procedures/", procedures.procedure_list, name="procedure-list"),
    path("procedures/<slug:code>/", procedures.procedure_detail, name="procedure-detail"),
    path("review/", review.queue, name="review"),
    path("review/<int:pk>/", review.detail, name="review-detail"),
    path("delegations/", delegation.delegation_list, name="delegations"),
    path("delegations/new/", delegation.give, name="delegation-give"),
    path("delegations/<int:pk>/revoke/", delegation.revoke, name="delegation-revoke"),
    path("publications/", publishing.queue, name="publications"),
    path("publications/<int:pk>/", publishing.detail, name="publication-detail"),
    path("publications/<int:pk>/stop/", publishing.stop, name="publication-stop"),
    path("treaties/<slug:reference>/publication/", publishing.ask, name="publication-ask"),
    path("treaties/<slug:reference>/publication/withdraw/", publishing.withdraw, name="publication-withdraw"),
    path("treaties/<slug:reference>/preview/", publishing.preview, name="treaty-preview"),
    path("treaties/<slug:reference>/preview/sheet/", publishing.preview_sheet, name="treaty-preview-sheet"),
    path("decisions/<int:pk>/", review.decision_detail, name="decision-detail"),
]
