"""Deciding what was asked, by somebody else than who asked it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.choices import Deed
from accounts.proof import proved
from workflow import actions, delegations, queries
from workflow.answers import forbid, internal, perform, person, reviewing, sent
from workflow.forms import DecideForm
from workflow.guards import not_allowed
from workflow.models import Approval, Decision, Delegation, Dossier
from workflow.presentation import review as present
from workflow.views.finding import find_approval, find_dossier
from workflow.views.treaty import FORM_METHODS


@require_safe
@reviewing
def queue(request: HttpRequest) -> HttpResponse:
    """What was asked and not decided, oldest first."""
    return render(request, "workflow/review.html", {"queue": present.queue(person(request))})


@require_http_methods(FORM_METHODS)
@reviewing
@proved
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The evidence, and beside it the form that decides."""
    approval = find_approval(request, pk)
    if request.method != "POST":
        return _page(request, approval, None)
    held = _held(request, approval)
    if not held:
        forbid(not_allowed(person(request), Deed.DECIDE_CONSENT))
    form = DecideForm(*sent(request), held=held, own=person(request).may_decide)

    def decide() -> Decision:
        data = form.cleaned_data
        return actions.decide_consent(
            actor=person(request),
            approval=approval,
            outcome=data["outcome"],
            decided_on=data["decided_on"],
            number=data["number"],
            reason=data["reason"],
            delegation=form.chosen(),
            version=data["version"],
            submission=data["submission"],
        )

    def done(decision: Decision) -> HttpResponse:
        return _to_next(request, decision)

    return perform(
        request,
        form,
        decide,
        page=lambda status: _page(request, find_approval(request, pk), form, status),
        done=done,
        again=lambda: _next_address(request),
    )


def _page(request: HttpRequest, approval: Approval, form: DecideForm | None, status: int = 200) -> HttpResponse:
    dossier = find_dossier(request, approval.dossier.reference)
    held = _held(request, approval)
    context = present.detail(approval, dossier, person(request), held)
    if form and status == 409:
        form.renew(dossier.version)
    initial = {"version": dossier.version, "approval": approval.pk}
    context["form"] = form or DecideForm(initial=initial, held=held, own=person(request).may_decide)
    return render(request, "workflow/review_detail.html", context, status=status)


def _held(request: HttpRequest, approval: Approval) -> list[Delegation]:
    """The delegations by which the person can decide in this dossier."""
    return [row for row in delegations.held_by(person(request)) if delegations.covers(row, approval.dossier)]


def _following(request: HttpRequest) -> Approval | None:
    who = person(request)
    return queries.open_approvals(who).exclude(asked_by=who).first()


def _next_address(request: HttpRequest) -> str:
    """Where a decision leads; who sends the same form twice goes there too."""
    following = _following(request)
    return reverse("review") if following is None else reverse("review-detail", args=[following.pk])


def _to_next(request: HttpRequest, decision: Decision) -> HttpResponse:
    """After a decision: the oldest request that this person may decide, or the empty queue."""
    labels = {"step": decision.approval.definition.label, "outcome": decision.get_outcome_display()}
    following = _following(request)
    if following is None:
        messages.success(request, _("Recorded: “%(step)s” – %(outcome)s. The queue is empty.") % labels)
        return redirect("review")
    messages.success(request, _("Recorded: “%(step)s” – %(outcome)s. This is the next request.") % labels)
    return redirect("review-detail", following.pk)


@require_safe
@internal
def decision_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What the reviewer saw, as it was frozen with the decision."""
    decisions = Decision.objects.filter(approval__dossier__in=Dossier.objects.visible_to(person(request)))
    known = decisions.select_related("approval__dossier__treaty", "asked_by", "decided_by", "delegation__absent")
    decision = get_object_or_404(known, pk=pk)
    return render(request, "workflow/decision.html", present.decided(decision, person(request)))
