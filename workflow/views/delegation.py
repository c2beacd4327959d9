"""Who acts for whom: the list, handing over, taking back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.choices import Deed
from workflow import actions, delegations
from workflow.answers import forbid, internal, perform, person, sent, writing
from workflow.delegation_forms import DelegationForm, RevokeForm
from workflow.delegation_guards import to_revoke
from workflow.models import Delegation, Revocation
from workflow.presentation import delegation as present
from workflow.views.treaty import FORM_METHODS


@require_safe
@internal
def delegation_list(request: HttpRequest) -> HttpResponse:
    """Those in force, those to come and those of the past: all of them, or those that name the person."""
    return render(request, "workflow/delegations.html", present.page(person(request), request.GET.get("page")))


@require_http_methods(FORM_METHODS)
@writing(Deed.DECIDE_CONSENT)
def give(request: HttpRequest) -> HttpResponse:
    """Let somebody else record decisions for some days."""
    form = DelegationForm(*sent(request), person=person(request))

    def hand_over() -> Delegation:
        data = form.cleaned_data
        return actions.give_delegation(
            actor=person(request),
            absent=form.absent_person(),
            delegate=form.delegate_person(),
            begins=data["begins"],
            ends=data["ends"],
            reason=data["reason"],
            procedures=data["procedures"],
            department=data["department"],
            submission=data["submission"],
        )

    def page(status: int = 200) -> HttpResponse:
        return render(request, "workflow/delegation_form.html", {"form": form}, status=status)

    def done(given: Delegation) -> HttpResponse:
        messages.success(request, _("%(name)s can record decisions on these days.") % {"name": given.delegate.name})
        return redirect("delegations")

    if request.method != "POST":
        return page()
    return perform(request, form, hand_over, page=page, done=done, again=lambda: "delegations")


@require_http_methods(FORM_METHODS)
@internal
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a delegation back before its last day."""
    delegation = get_object_or_404(delegations.known_to(person(request)), pk=pk)
    forbid(to_revoke(person(request), delegation))
    form = RevokeForm(*sent(request))

    def take_back() -> Revocation:
        return actions.revoke_delegation(
            actor=person(request),
            delegation=delegation,
            reason=form.cleaned_data["reason"],
            submission=form.cleaned_data["submission"],
        )

    def page(status: int = 200) -> HttpResponse:
        context = {"form": form, "delegation": delegation}
        return render(request, "workflow/delegation_revoke.html", context, status=status)

    def done(_revocation: Revocation) -> HttpResponse:
        messages.success(request, _("The delegation is taken back. What was decided by it stands."))
        return redirect("delegations")

    if request.method != "POST":
        return page()
    return perform(request, form, take_back, page=page, done=done, again=lambda: "delegations")
