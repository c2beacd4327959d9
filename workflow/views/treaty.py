"""Pages that write to the record of a treaty."""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.choices import Deed
from audit.choices import Action
from treaties import actions as record
from treaties.choices import Access, DocumentKind
from treaties.forms import DocumentForm
from treaties.models import Document, Treaty
from workflow import actions, queries
from workflow.answers import perform, person, sent, writing
from workflow.forms import DossierForm, NewTreatyForm
from workflow.models import Dossier
from workflow.views.finding import find_treaty

# HEAD is answered as GET without a body.
FORM_METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(FORM_METHODS)
@writing(Deed.EDIT_RECORD)
def new_treaty(request: HttpRequest) -> HttpResponse:
    """A new instrument with its dossier."""
    form = NewTreatyForm(*sent(request), person=person(request))

    def page(status: int = 200) -> HttpResponse:
        return render(request, "workflow/treaty_form.html", {"form": form}, status=status)

    def log() -> Dossier:
        data = form.cleaned_data
        return actions.log_treaty(
            actor=person(request),
            record=form.record(),
            procedure=data["procedure"],
            reason=data["reason"].strip() or Action.TREATY_REGISTER.value,
            submission=data["submission"],
        )

    if request.method != "POST":
        return page()
    return perform(
        request,
        form,
        log,
        page=page,
        done=partial(_to_dossier, request, _("The treaty is registered and its dossier is open.")),
        again=lambda: queries.opened_by(form.cleaned_data["submission"]) or "desk",
    )


def _to_dossier(request: HttpRequest, message: str, dossier: Dossier) -> HttpResponseRedirect:
    messages.success(request, message)
    return redirect(dossier)


@require_http_methods(FORM_METHODS)
@writing(Deed.EDIT_RECORD)
def add_document(request: HttpRequest, reference: str) -> HttpResponse:
    """A paper for the file; `kind` in the address chooses its kind, `dossier` where to go back to."""
    treaty = find_treaty(request, reference)
    kind = request.GET.get("kind", "")
    initial = {"document_kind": kind} if kind in DocumentKind.values else {}
    form = DocumentForm(*sent(request), treaty=treaty, person=person(request), initial=initial)
    back = _back_to(request, treaty)

    def page(status: int = 200) -> HttpResponse:
        dossier = back if isinstance(back, Dossier) else None
        context = {"form": form, "treaty": treaty, "dossier": dossier, "back": back.get_absolute_url()}
        return render(request, "workflow/document_form.html", context, status=status)

    def add() -> Document:
        data = form.cleaned_data
        return record.add_document(
            actor=person(request),
            treaty=treaty,
            access=Access(data["access"]),
            source=data["source"],
            reason=data["reason"].strip() or Action.DOCUMENT_ADD.value,
            is_demo=treaty.is_demo,
            submission=data["submission"],
            **(form.paper() or {}),
        )

    def done(document: Document) -> HttpResponse:
        messages.success(request, _("“%(title)s” is on file.") % {"title": document.title})
        return redirect(back)

    if request.method != "POST":
        return page()
    return perform(request, form, add, page=page, done=done, again=lambda: back)


def _back_to(request: HttpRequest, treaty: Treaty) -> Treaty | Dossier:
    """The dossier the person came from, when it is one of this treaty; else the treaty."""
    reference = request.GET.get("dossier", "")
    return next((one for one in treaty.dossiers.all() if one.reference == reference), treaty)


@require_http_methods(FORM_METHODS)
@writing(Deed.RECORD_EVENT)
def open_dossier(request: HttpRequest, reference: str) -> HttpResponse:
    """Follow a treaty that has no dossier yet; one that has goes there."""
    treaty = find_treaty(request, reference)
    if request.method != "POST" and (present := treaty.dossiers.all()):
        return redirect(present[0])
    form = DossierForm(*sent(request))

    def page(status: int = 200) -> HttpResponse:
        return render(request, "workflow/dossier_form.html", {"form": form, "treaty": treaty}, status=status)

    def start() -> Dossier:
        data = form.cleaned_data
        return actions.open_dossier(
            actor=person(request),
            treaty=treaty,
            procedure=data["procedure"],
            origin=data["origin"],
            reason=data["reason"].strip() or Action.DOSSIER_OPEN.value,
            is_demo=treaty.is_demo,
            submission=data["submission"],
        )

    if request.method != "POST":
        return page()
    return perform(
        request,
        form,
        start,
        page=page,
        done=partial(_to_dossier, request, _("The dossier is open.")),
        again=lambda: queries.opened_by(form.cleaned_data["submission"]) or treaty,
    )
