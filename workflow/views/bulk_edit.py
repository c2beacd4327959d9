"""The page on which several records are changed at once: choose what, look at what it would do, confirm."""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.choices import Deed
from audit.refusals import Refused
from treaties import bulk_edit as bulk
from treaties import listing, pages, queries
from treaties.bulk_edit import Chosen, Preview
from treaties.bulk_edit_form import BulkEditForm
from treaties.models import Treaty
from workflow import actions
from workflow.answers import perform, person, sent, writing
from workflow.record_guards import objections
from workflow.views.treaty import FORM_METHODS

# Longest query string of a list that is taken along.
_BACK_LIMIT = 4_000


@require_http_methods(FORM_METHODS)
@writing(Deed.EDIT_RECORD)
def bulk_edit(request: HttpRequest) -> HttpResponse:
    """`do` says which button was used: `preview`, `edit` (what was asked), `leave_out` (what is refused), `confirm`."""
    if request.method != "POST":
        chosen = bulk.chosen(person(request), request.GET)
        form = BulkEditForm(initial={"records": chosen.records, "back": _list_of(request)})
        return _form_page(request, form, chosen)
    form = BulkEditForm(*sent(request))
    do = request.POST.get("do", "")
    if do == "edit":
        return _form_page(request, form, _sent_records(request, form))
    if do == "confirm":
        return perform(
            request,
            form,
            partial(_confirm, request, form),
            page=partial(_page_again, request, form),
            done=partial(_to_list, request, form),
            again=lambda: _address(form),
        )
    return perform(
        request,
        form,
        partial(_look, request, form, leave_out=do == "leave_out"),
        page=partial(_page_again, request, form),
        done=partial(_preview_page, request, form),
        again=lambda: _address(form),
    )


def _look(request: HttpRequest, form: BulkEditForm, *, leave_out: bool = False) -> Preview:
    found = bulk.preview(
        person(request), form.edit(), form.versions, reason=form.cleaned_data["reason"], objections=objections
    )
    return found.without_refused() if leave_out else found


def _confirm(request: HttpRequest, form: BulkEditForm) -> list[Treaty]:
    return actions.edit_records(
        actor=person(request),
        edit=form.edit(),
        versions=form.versions,
        reason=form.cleaned_data["reason"],
        submission=form.cleaned_data["submission"],
    )


def _page_again(request: HttpRequest, form: BulkEditForm, status: int) -> HttpResponse:
    """After a refusal: what it would do now when that can be said, else the form with everything typed."""
    try:
        if form.is_valid() or not set(form.errors) - {"records", "__all__"}:
            return _preview_page(request, form, _look(request, form), status)
    except Refused as refused:
        said = {str(error) for errors in form.errors.values() for error in errors}
        form.take(blocker for blocker in refused.blockers if str(blocker.sentence) not in said)
    return _form_page(request, form, _sent_records(request, form), status)


def _form_page(request: HttpRequest, form: BulkEditForm, chosen: Chosen, status: int = 200) -> HttpResponse:
    form.offer_removal(chosen.treaties)
    context = {"form": form, "chosen": chosen, "most": bulk.MOST, "back": _address(form)}
    return render(request, "treaties/bulk_edit.html", context, status=status)


def _preview_page(request: HttpRequest, form: BulkEditForm, preview: Preview, status: int = 200) -> HttpResponse:
    kept = [field for field in form if field.name != "records"]
    context = {"form": form, "kept": kept, "preview": preview, "back": _address(form)}
    return render(request, "treaties/bulk_preview.html", context, status=status)


def _to_list(request: HttpRequest, form: BulkEditForm, changed: list[Treaty]) -> HttpResponseRedirect:
    n = len(changed)
    messages.success(request, ngettext("%(n)d record is changed.", "%(n)d records are changed.", n) % {"n": n})
    return redirect(_address(form))


def _sent_records(request: HttpRequest, form: BulkEditForm) -> Chosen:
    return bulk.of_references(person(request), form.versions)


def _list_of(request: HttpRequest) -> str:
    """The parameters of the list the person came from, without what is not known there."""
    query = listing.clean_query(queries.found(person(request), request.GET))
    for name, value in pages.place(request.GET).items():
        query[name] = value
    return query.urlencode()


def _address(form: BulkEditForm) -> str:
    """The list the person came from."""
    back = str(form["back"].value() or "")
    query = QueryDict(back).urlencode() if len(back) <= _BACK_LIMIT else ""
    return f"{reverse('treaty-list')}?{query}" if query else reverse("treaty-list")
