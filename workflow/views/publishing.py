"""Making a record public: asking, deciding, stopping, taking out again; and seeing it as the public does."""

from copy import copy
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.choices import Deed
from accounts.models import may
from accounts.proof import proved
from treaties import preview as previewing
from treaties import publishing
from treaties import publishing_actions as actions
from treaties.choices import PublicationVerdict
from treaties.forms import AskPublicationForm, DecidePublicationForm, ReasonForm
from treaties.models import PublicationDecision, PublicationOutcome, PublicationRequest, Treaty
from workflow.answers import forbid, internal, perform, person, sent, writing
from workflow.guards import not_allowed
from workflow.presentation import publishing as present
from workflow.views.finding import find_treaty
from workflow.views.treaty import FORM_METHODS


@require_safe
@internal
def queue(request: HttpRequest) -> HttpResponse:
    """What was asked and not decided, and what is approved for later."""
    return render(request, "publishing/queue.html", present.queue(person(request), request.GET))


@require_http_methods(FORM_METHODS)
@writing(Deed.EDIT_RECORD)
def ask(request: HttpRequest, reference: str) -> HttpResponse:
    treaty = find_treaty(request, reference)
    form = AskPublicationForm(*sent(request), initial={"version": treaty.version})

    def page(status: int = 200) -> HttpResponse:
        context = _renewed(form, treaty, status) | {"against": publishing.to_ask(treaty)}
        if any(one.code in ("asked", "planned") for one in context["against"]):
            context["last"] = publishing.last_request(treaty)
        return render(request, "publishing/ask.html", context, status=status)

    def do() -> PublicationRequest:
        return actions.ask_publication(actor=person(request), treaty=treaty, **form.cleaned_data)

    def done(asked: PublicationRequest) -> HttpResponse:
        messages.success(request, _("Asked: somebody else decides whether this record becomes public."))
        return redirect(asked)

    if request.method != "POST":
        return page()
    again = lambda: publishing.asked_by(form.cleaned_data["submission"]) or treaty  # noqa: E731
    return perform(request, form, do, page=page, done=done, again=again)


@require_http_methods(FORM_METHODS)
@internal
@proved
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What was asked, what would become public, and the form that decides."""
    asked = _find(request, pk)
    own = asked.asked_by_id == person(request).pk
    form = DecidePublicationForm(*sent(request), own=own, initial={"version": asked.treaty.version})

    def page(status: int = 200) -> HttpResponse:
        now = _find(request, pk)
        context = _renewed(form, now.treaty, status) | {
            "asked": now,
            "own": own,
            "may_decide": own or _decides(request),
            "is_decider": _decides(request),
            "against": [] if own else publishing.to_approve(now, person(request)),
        }
        if now.is_open or now.decision.is_waiting:
            context["shown"] = previewing.view(now.treaty, _address(request, now.treaty))
        return render(request, "publishing/detail.html", context, status=status)

    def do() -> PublicationDecision:
        data = form.cleaned_data
        return actions.decide_publication(actor=person(request), request=asked, **data)

    def done(decision: PublicationDecision) -> HttpResponse:
        messages.success(request, _said(decision))
        return redirect("publications")

    if request.method != "POST":
        return page()
    forbid(not_allowed(person(request), Deed.EDIT_RECORD if own else publishing.DECIDES))
    return perform(request, form, do, page=page, done=done, again=lambda: "publications")


@require_http_methods(FORM_METHODS)
@writing(publishing.DECIDES)
@proved
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """A publication that was approved for later does not take place."""
    asked = _find(request, pk)
    decision = getattr(asked, "decision", None)
    if decision is None or decision.verdict != PublicationVerdict.APPROVED:
        raise Http404
    form = ReasonForm(*sent(request), initial={"version": asked.treaty.version})

    def page(status: int = 200) -> HttpResponse:
        context = _renewed(form, asked.treaty, status) | {"asked": asked, "against": publishing.to_stop(decision)}
        return render(request, "publishing/stop.html", context, status=status)

    def do() -> PublicationOutcome:
        data = form.cleaned_data
        return actions.stop_publication(
            actor=person(request), decision=decision, reason=data["reason"], submission=data["submission"]
        )

    def done(_outcome: PublicationOutcome) -> HttpResponse:
        messages.success(request, _("Stopped: the record does not become public."))
        return redirect("publications")

    if request.method != "POST":
        return page()
    return perform(request, form, do, page=page, done=done, again=lambda: "publications")


@require_http_methods(FORM_METHODS)
@writing(publishing.DECIDES)
@proved
def withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """Take a record out of the public part, at once."""
    treaty = find_treaty(request, reference)
    form = ReasonForm(*sent(request), initial={"version": treaty.version})

    def page(status: int = 200) -> HttpResponse:
        against = publishing.to_withdraw(treaty)
        context = _renewed(form, treaty, status) | {"against": against}
        return render(request, "publishing/withdraw.html", context, status=status)

    def do() -> Treaty:
        return actions.withdraw_publication(actor=person(request), treaty=treaty, **form.cleaned_data)

    def done(taken: Treaty) -> HttpResponse:
        messages.success(request, _("This record is no longer public."))
        return redirect(taken)

    if request.method != "POST":
        return page()
    return perform(request, form, do, page=page, done=done, again=lambda: treaty)


@never_cache
@require_safe
@internal
def preview(request: HttpRequest, reference: str) -> HttpResponse:
    """The page of a record as somebody who is not logged in reads it, once it is public."""
    treaty = find_treaty(request, reference.upper())
    outside = copy(request)
    outside.user = AnonymousUser()
    # What waits to be told is told on a page of the person's own, and not used up here.
    vars(outside).pop("_messages", None)
    return render(outside, "treaties/detail.html", previewing.context(treaty, _address(request, treaty)))


@never_cache
@require_safe
@internal
def preview_sheet(request: HttpRequest, reference: str) -> HttpResponse:
    """The same as a sheet to print."""
    treaty = find_treaty(request, reference.upper())
    return HttpResponse(previewing.on_paper(treaty, _address(request, treaty)))


def _address(request: HttpRequest, treaty: Treaty) -> str:
    return request.build_absolute_uri(treaty.get_absolute_url())


def _find(request: HttpRequest, pk: int) -> PublicationRequest:
    known = PublicationRequest.objects.visible_to(person(request))
    read = known.select_related("treaty", "asked_by", "decision__decided_by", "decision__outcome__by")
    return get_object_or_404(read.prefetch_related("treaty__titles"), pk=pk)


def _decides(request: HttpRequest) -> bool:
    return may(request.user, publishing.DECIDES)


def _renewed(form: Any, treaty: Treaty, status: int) -> dict[str, Any]:
    """The context of a page with a form; after a conflict the form is on the version as it is now."""
    if status == 409:
        form.data = form.data.copy()
        form.data["version"] = Treaty.objects.get(pk=treaty.pk).version
    return {"form": form, "treaty": treaty}


def _said(decision: PublicationDecision) -> str:
    if decision.verdict != PublicationVerdict.APPROVED:
        return _("Recorded: the record does not become public.")
    if hasattr(decision, "outcome"):
        return _("Approved: the record is public now.")
    return _("Approved: the record becomes public at the moment that was asked.")
