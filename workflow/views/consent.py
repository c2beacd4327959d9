"""Asking for the consent of the Government of Flanders, and taking the request back."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.choices import Deed
from workflow import actions, guards
from workflow.answers import perform, person, sent, writing
from workflow.forms import AskForm, WithdrawForm
from workflow.models import Approval, Decision
from workflow.presentation import dossier as present
from workflow.views.finding import find_dossier, find_step
from workflow.views.treaty import FORM_METHODS


@require_http_methods(FORM_METHODS)
@writing(Deed.ASK_CONSENT)
def ask(request: HttpRequest, reference: str, step: str) -> HttpResponse:
    """Ask for the consent on a gate, with the papers on file."""
    dossier = find_dossier(request, reference)
    definition = find_step(dossier, step)
    if not definition.gate:
        raise Http404
    found = present.paper_views(dossier, definition, person(request))
    lacking = {paper.kind: paper.label for paper in found if not paper.suffices and paper.is_waivable}
    form = AskForm(*sent(request), waivable=lacking)

    def send() -> Approval:
        return actions.ask_consent(
            actor=person(request),
            dossier=dossier,
            step=definition.code,
            note=form.cleaned_data["note"],
            waived=form.waived(),
            submission=form.cleaned_data["submission"],
        )

    def page(status: int = 200) -> HttpResponse:
        context = {
            "form": form,
            "dossier": dossier,
            "step": definition,
            "papers": found,
            "cannot_ask": guards.to_ask(person(request), dossier, definition),
            "lacks": [paper for paper in found if not paper.suffices],
            "attempt": sum(approval.step == definition.code for approval in dossier.approvals.all()) + 1,
        }
        return render(request, "workflow/ask_form.html", context, status=status)

    def done(_approval: Approval) -> HttpResponse:
        messages.success(request, _("The consent is asked. Somebody else records the decision."))
        return redirect(dossier)

    if request.method != "POST":
        return page()
    return perform(request, form, send, page=page, done=done, again=lambda: dossier)


@require_http_methods(FORM_METHODS)
@writing(Deed.ASK_CONSENT)
def withdraw(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Take back a request that is not decided yet."""
    dossier = find_dossier(request, reference)
    requests = Approval.objects.select_related("asked_by", "decision__decided_by")
    approval = get_object_or_404(requests, dossier=dossier, pk=pk)
    form = WithdrawForm(*sent(request))

    def take_back() -> Decision:
        return actions.withdraw_request(
            actor=person(request),
            approval=approval,
            reason=form.cleaned_data["reason"],
            submission=form.cleaned_data["submission"],
        )

    def page(status: int = 200) -> HttpResponse:
        context = {"form": form, "dossier": dossier, "approval": approval}
        return render(request, "workflow/withdraw_form.html", context, status=status)

    def done(_decision: Decision) -> HttpResponse:
        messages.success(request, _("The request is withdrawn."))
        return redirect(dossier)

    if request.method != "POST":
        return page()
    return perform(request, form, take_back, page=page, done=done, again=lambda: dossier)
