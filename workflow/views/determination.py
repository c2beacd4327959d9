"""Pages on which is recorded what was determined about a dossier: its qualification, and the entities it concerns."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.choices import Deed
from treaties.choices import PartyKind
from treaties.models import Party
from workflow import actions
from workflow.answers import perform, person, sent, writing
from workflow.forms import EntityForm, FindingForm, RequalifyForm
from workflow.held import held
from workflow.models import Dossier, EntityRequirement
from workflow.presentation.course import can_requalify
from workflow.views.finding import find_dossier
from workflow.views.treaty import FORM_METHODS


@require_http_methods(FORM_METHODS)
@writing(Deed.RECORD_EVENT)
def require_entity(request: HttpRequest, reference: str) -> HttpResponse:
    """Name a Belgian entity whose full powers and assent are required."""
    dossier = _mixed(request, reference)
    form = EntityForm(
        *sent(request),
        entities=list(Party.objects.filter(kind=PartyKind.BELGIAN_ENTITY)),
        initial={"entity": request.GET.get("entity", "")},
    )

    def require() -> EntityRequirement:
        return actions.require_entity(
            actor=person(request),
            dossier=dossier,
            entity=form.party(),
            acts=form.cleaned_data["acts"],
            reason=form.cleaned_data["reason"],
            finding=form.finding(),
            submission=form.cleaned_data["submission"],
        )

    def page(status: int = 200) -> HttpResponse:
        context = {"form": form, "dossier": dossier, "links": held(dossier).requirements}
        return render(request, "workflow/entity_form.html", context, status=status)

    def done(_requirement: EntityRequirement) -> HttpResponse:
        messages.success(request, _("The entity is required for this dossier."))
        return redirect(dossier)

    if request.method != "POST":
        return page()
    return perform(request, form, require, page=page, done=done, again=lambda: dossier)


@require_http_methods(FORM_METHODS)
@writing(Deed.RECORD_EVENT)
def release_entity(request: HttpRequest, reference: str, code: str) -> HttpResponse:
    """Say that a Belgian entity is not concerned after all."""
    dossier = _mixed(request, reference)
    entity = get_object_or_404(Party, kind=PartyKind.BELGIAN_ENTITY, code=code)
    form = FindingForm(*sent(request))

    def release() -> EntityRequirement:
        return actions.release_entity(
            actor=person(request),
            dossier=dossier,
            entity=entity,
            reason=form.cleaned_data["reason"],
            finding=form.finding(),
            submission=form.cleaned_data["submission"],
        )

    def page(status: int = 200) -> HttpResponse:
        context = {"form": form, "dossier": dossier, "entity": entity}
        return render(request, "workflow/release_form.html", context, status=status)

    def done(_requirement: EntityRequirement) -> HttpResponse:
        messages.success(request, _("The entity is no longer required."))
        return redirect(dossier)

    if request.method != "POST":
        return page()
    return perform(request, form, release, page=page, done=done, again=lambda: dossier)


@require_http_methods(FORM_METHODS)
@writing(Deed.RECORD_EVENT)
def requalify(request: HttpRequest, reference: str) -> HttpResponse:
    """Say that the treaty is something else than was thought; the dossier then follows the procedure for that."""
    dossier = find_dossier(request, reference)
    if not can_requalify(dossier.procedure):
        raise Http404
    form = RequalifyForm(*sent(request), initial={"qualification": dossier.treaty.qualification})

    def change() -> Dossier:
        data = form.cleaned_data
        return actions.requalify(
            actor=person(request),
            dossier=dossier,
            qualification=data["qualification"],
            procedure=data["procedure"],
            reason=data["reason"],
            finding=form.finding(),
            submission=data["submission"],
        )

    def page(status: int = 200) -> HttpResponse:
        return render(request, "workflow/requalify_form.html", {"form": form, "dossier": dossier}, status=status)

    def done(_dossier: Dossier) -> HttpResponse:
        messages.success(request, _("The dossier follows this procedure from now on. What happened before stands."))
        return redirect(dossier)

    if request.method != "POST":
        return page()
    return perform(request, form, change, page=page, done=done, again=lambda: dossier)


def _mixed(request: HttpRequest, reference: str) -> Dossier:
    """The dossier, if other Belgian entities have a part in its procedure; else there is no such page."""
    dossier = find_dossier(request, reference)
    if not any(step.per_entity for step in dossier.procedure.steps):
        raise Http404
    return dossier
