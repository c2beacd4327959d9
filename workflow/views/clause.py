"""The page on which the entry-into-force clause of a treaty is stated, changed or withdrawn."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.choices import Deed
from treaties import clause_actions as actions
from treaties.clause_form import ClauseForm, ClauseWithdrawalForm
from treaties.models import ForceClause, Treaty
from workflow.answers import perform, person, sent, writing
from workflow.views.finding import find_treaty
from workflow.views.treaty import FORM_METHODS


@require_http_methods(FORM_METHODS)
@writing(Deed.EDIT_RECORD)
def clause(request: HttpRequest, reference: str) -> HttpResponse:
    """One form states or changes the clause, a second one (sent with `withdraw`) takes it back."""
    treaty = find_treaty(request, reference)
    present = ForceClause.objects.filter(treaty=treaty).first()
    is_withdrawal = "withdraw" in request.POST
    form = ClauseForm(*((None, None) if is_withdrawal else sent(request)), treaty=treaty, clause=present)
    withdrawal = ClauseWithdrawalForm(*(sent(request) if is_withdrawal else (None, None)), treaty=treaty)

    def page(status: int = 200) -> HttpResponse:
        answered = withdrawal if is_withdrawal else form
        context = {"form": form, "withdrawal": withdrawal, "sent": answered, "treaty": treaty, "clause": present}
        context |= _renewed(answered, find_treaty(request, reference)) if status == 409 else {"meanwhile": None}
        return render(request, "workflow/clause_form.html", context, status=status)

    def state() -> ForceClause:
        data = form.cleaned_data
        return actions.state_clause(
            actor=person(request),
            treaty=treaty,
            clause=form.clause(),
            version=data["version"],
            reason=data["reason"],
            submission=data["submission"],
        )

    def withdraw() -> None:
        data = withdrawal.cleaned_data
        actions.withdraw_clause(
            actor=person(request),
            treaty=treaty,
            version=data["version"],
            reason=data["reason"],
            submission=data["submission"],
        )

    def done(made: ForceClause | None) -> HttpResponse:
        messages.success(request, _("The clause is on record.") if made else _("The clause is withdrawn."))
        return redirect(treaty)

    if request.method != "POST":
        return page()
    if is_withdrawal:
        return perform(request, withdrawal, withdraw, page=page, done=done, again=lambda: treaty)
    return perform(request, form, state, page=page, done=done, again=lambda: treaty)


def _renewed(form: ClauseForm | ClauseWithdrawalForm, treaty: Treaty) -> dict[str, Any]:
    """After somebody else saved: the form on the version as it is now, the clause on record, and what differs."""
    present = ForceClause.objects.filter(treaty=treaty).first()
    return {"clause": present, "meanwhile": form.renew(treaty, present)}
