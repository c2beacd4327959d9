"""The pages that edit a record, one for each concern: titles and basics, parties, acts, and what hangs on them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.choices import Deed
from treaties import actions, forms
from treaties.forms import BasicsForm, Meanwhile, RowsForm
from treaties.models import Treaty
from workflow.actions import save_basics
from workflow.answers import perform, person, sent, writing
from workflow.views.finding import find_treaty
from workflow.views.treaty import FORM_METHODS


@dataclass(frozen=True)
class Page:
    """What one page edits: its form, the action that saves it, its name and what it says above its rows."""

    form: type[RowsForm]
    do: Callable[..., Treaty]
    heading: Any
    help: Any = ""
    more: Any = ""


PAGES = {
    "basics": Page(
        forms.BasicsForm,
        save_basics,
        gettext_lazy("Titles and basics"),
        gettext_lazy("One title of each kind in each language."),
        gettext_lazy("Add a title"),
    ),
    "parties": Page(
        forms.PartiesForm,
        actions.save_parties,
        gettext_lazy("Parties"),
        gettext_lazy("Who is party, how the text names them, and for which territory."),
        gettext_lazy("Add a party"),
    ),
    "acts": Page(
        forms.ActsForm,
        actions.save_acts,
        gettext_lazy("Acts"),
        gettext_lazy(
            "What was done to the instrument, on which day and by whom. A date that is not known stays empty."
        ),
        gettext_lazy("Add an act"),
    ),
    "declarations": Page(
        forms.DeclarationsForm,
        actions.save_declarations,
        gettext_lazy("Reservations and declarations"),
        gettext_lazy("What a party stated beside its consent, and objections of others to it."),
        gettext_lazy("Add a reservation or declaration"),
    ),
    "numbers": Page(
        forms.NumbersForm,
        actions.save_numbers,
        gettext_lazy("Numbers"),
        gettext_lazy("Under which the instrument, its decree or a paper of it is known elsewhere."),
        gettext_lazy("Add a number"),
    ),
    "relations": Page(
        forms.RelationsForm,
        actions.save_relations,
        gettext_lazy("Relations"),
        gettext_lazy("Read from this treaty to the other one."),
        gettext_lazy("Add a relation"),
    ),
    "documents": Page(
        forms.DocumentsForm,
        actions.describe_documents,
        gettext_lazy("Documents"),
        gettext_lazy("What is said of each paper. Its content never changes: a new version is a new document."),
    ),
}


@require_http_methods(FORM_METHODS)
@writing(Deed.EDIT_RECORD)
def edit(request: HttpRequest, reference: str, concern: str = "basics") -> HttpResponse:
    """Change one concern of a record; sent with `add` it comes back with one more row, and nothing is saved."""
    treaty, what = find_treaty(request, reference), PAGES[concern]
    here = reverse("treaty-edit" if concern == "basics" else f"treaty-edit-{concern}", args=[treaty.reference])
    make = partial(what.form, person=person(request))
    if request.method == "POST" and "add" in request.POST:
        return _page(request, make(treaty=treaty, typed=request.POST, more=1), concern)
    form = make(*sent(request), treaty=treaty)

    def page(status: int = 200) -> HttpResponse:
        if status != 409:
            return _page(request, form, concern, status)
        # How it stands now, beside what was typed.
        fresh, told = form.renew(find_treaty(request, reference))
        return _page(request, fresh, concern, status, told)

    def save() -> Treaty:
        data = form.cleaned_data
        more = {"basics": form.basics()} if isinstance(form, BasicsForm) else {}
        return what.do(
            actor=person(request),
            treaty=treaty,
            rows=form.entries(),
            version=data["version"],
            reason=data["reason"],
            submission=data["submission"],
            **more,
        )

    def done(changed: Treaty) -> HttpResponse:
        messages.success(request, _("Saved. What was here before stays readable in the history."))
        return redirect(saved())

    def saved() -> str:
        # By this the script that keeps unsaved text knows that this one was saved.
        return f"{here}?saved={form.cleaned_data['submission']}"

    if request.method != "POST":
        return page()
    return perform(request, form, save, page=page, done=done, again=saved)


def _page(
    request: HttpRequest, form: RowsForm, concern: str, status: int = 200, meanwhile: Meanwhile | None = None
) -> HttpResponse:
    context = {
        "form": form,
        "treaty": form.treaty,
        "concern": concern,
        "what": PAGES[concern],
        "meanwhile": meanwhile,
    }
    return render(request, f"treaties/edit/{concern}.html", context, status=status)
