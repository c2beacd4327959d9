"""The page of a dossier, and those that record in it what happened."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Case, IntegerField, Value, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.choices import Deed
from treaties.as_of import moment_from
from treaties.choices import PartyKind
from treaties.models import Party
from workflow import actions
from workflow.answers import internal, perform, person, sent, writing
from workflow.choices import Origin
from workflow.forms import AccessForm, CorrectionForm, EventForm
from workflow.held import held
from workflow.models import Dossier, Event
from workflow.presentation import dossier as present
from workflow.presentation import history
from workflow.presentation.recording import before_recording
from workflow.procedures.language import Step
from workflow.views.finding import find_dossier, find_step
from workflow.views.treaty import FORM_METHODS


@require_safe
@internal
def detail(request: HttpRequest, reference: str) -> HttpResponse:
    """Everything about one dossier: now, or as of a day and a moment."""
    dossier = find_dossier(request, reference)
    moment = moment_from(request.GET)
    if moment.known_at and dossier.opened_at > moment.known_at:
        raise Http404
    context = present.page(dossier, person(request), moment)
    told = history.entries(dossier)
    if moment.known_at:
        told = [entry for entry in told if entry.change.at <= moment.known_at]
    return render(request, "workflow/dossier.html", {**context, "history": told})


@require_http_methods(FORM_METHODS)
@writing(Deed.RECORD_EVENT)
def record_event(request: HttpRequest, reference: str, step: str) -> HttpResponse:
    """Record what happened in a step. A consent in a dossier that is followed is asked instead."""
    dossier = find_dossier(request, reference)
    definition = find_step(dossier, step)
    if request.method != "POST" and definition.gate and dossier.origin == Origin.LIVE:
        return redirect("consent-ask", reference, step)
    form = EventForm(
        *sent(request),
        dossier=dossier,
        step=definition,
        entities=entities_for(dossier, definition),
        person=person(request),
        initial={"entity": request.GET.get("entity", "")},
    )

    def record() -> Event:
        return actions.record_event(
            actor=person(request),
            dossier=dossier,
            happening=form.happening(),
            paper=form.attached(),
            despite_reason=form.cleaned_data["despite_reason"],
            submission=form.cleaned_data["submission"],
        )

    def page(status: int = 200) -> HttpResponse:
        context = before_recording(dossier, definition)
        form.fields["despite_reason"].required = bool(context["early"] or form.blockers)
        return render(request, "workflow/event_form.html", {**context, "form": form}, status=status)

    if request.method != "POST":
        return page()
    done = _recorded(request, dossier, _("Recorded: “%(step)s”.") % {"step": definition.label})
    return perform(request, form, record, page=page, done=done, again=lambda: dossier)


def _recorded(request: HttpRequest, dossier: Dossier, message: str) -> Any:
    def done(_made: object) -> HttpResponse:
        messages.success(request, message)
        return redirect(dossier)

    return done


@require_http_methods(FORM_METHODS)
@writing(Deed.RECORD_EVENT)
def correct_event(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Say what really happened, or take an event back; the first one stays readable."""
    dossier = find_dossier(request, reference)
    event = get_object_or_404(
        Event.objects.select_related("entity", "recorded_by", "decision"), dossier=dossier, pk=pk, is_void=False
    )
    if event.decision_id and request.method != "POST":
        raise PermissionDenied(_("A decision of the Government cannot be corrected here; ask for the consent again."))
    # Of a step that the procedure no longer has: it can be taken back.
    definition = event.definition
    form = CorrectionForm(
        *sent(request),
        event=event,
        dossier=dossier,
        step=definition,
        entities=entities_for(dossier, definition, event.entity),
        person=person(request),
    )

    def correct() -> Event:
        return actions.correct_event(
            actor=person(request),
            event=event,
            happening=form.corrected(),
            reason=form.cleaned_data["reason"],
            despite_reason=form.cleaned_data["despite_reason"],
            submission=form.cleaned_data["submission"],
        )

    def page(status: int = 200) -> HttpResponse:
        context = {"form": form, "dossier": dossier, "step": definition, "event": event}
        return render(request, "workflow/correct_form.html", context, status=status)

    if request.method != "POST":
        return page()
    done = _recorded(request, dossier, _("Corrected. What was recorded before stays readable."))
    return perform(request, form, correct, page=page, done=done, again=lambda: dossier)


@require_http_methods(FORM_METHODS)
@writing(Deed.RECORD_EVENT)
def access(request: HttpRequest, reference: str) -> HttpResponse:
    """Say who may know of the dossier."""
    dossier = find_dossier(request, reference)
    form = AccessForm(*sent(request), dossier=dossier, person=person(request))

    def change() -> Dossier:
        return actions.set_access(actor=person(request), dossier=dossier, **form.cleaned_data)

    def page(status: int = 200) -> HttpResponse:
        if status == 409:
            form.renew(find_dossier(request, reference).version)
        return render(request, "workflow/access_form.html", {"form": form, "dossier": dossier}, status=status)

    if request.method != "POST":
        return page()
    done = _recorded(request, dossier, _("Saved who may know of this dossier."))
    return perform(request, form, change, page=page, done=done, again=lambda: dossier)


def entities_for(dossier: Dossier, step: Step, chosen: Party | None = None) -> list[Party]:
    """Whom an event can concern: Belgian entities, the required ones first; for other steps the parties."""
    if not step.per_entity:
        parties = [link.party for link in dossier.treaty.party_links.select_related("party")]
        return parties if chosen is None or chosen in parties else [*parties, chosen]
    required = [link.entity_id for link in held(dossier).requirements]
    first = Case(When(pk__in=required, then=Value(0)), default=Value(1), output_field=IntegerField())
    return list(Party.objects.filter(kind=PartyKind.BELGIAN_ENTITY).order_by(first, "sort_key"))
