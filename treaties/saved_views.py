"""The pages of searches: those that are kept, and the builder. Parse, call one action or query, answer."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from audit.refusals import Conflict, Refused
from treaties import builder, recent, saved, saved_actions
from treaties.forms.builder import BuilderForm
from treaties.forms.saved import SavedSearchForm
from treaties.models import SavedSearch

FORM_METHODS = ["GET", "HEAD", "POST"]


@never_cache
@require_safe
def search_list(request: HttpRequest) -> HttpResponse:
    """The person's own searches, those colleagues share, and the last ones of this session."""
    found = saved.searches(_person(request), recent.searches(request), request.GET.get("page"))
    return render(request, "treaties/searches.html", {"searches": found})


@require_POST
def recent_forget(request: HttpRequest) -> HttpResponse:
    """Empty the list of recent searches."""
    recent.forget(request)
    messages.success(request, _("The recent searches are forgotten."))
    return redirect("saved-searches")


@never_cache
@require_http_methods(FORM_METHODS)
def search_save(request: HttpRequest) -> HttpResponse:
    """Keep a search under a name: that of the address (`?q=…&country=…`), or the one that is sent."""
    form = SavedSearchForm(
        request.POST if request.method == "POST" else None,
        person=_person(request),
        initial={"query": request.META.get("QUERY_STRING", "")},
    )

    def page(status: int = 200) -> HttpResponse:
        query = form["query"].value() or ""
        context = {"form": form, "query": query, "parts": saved.told_safely(query)}
        return render(request, "treaties/search_form.html", context, status=status)

    def done(search: SavedSearch) -> HttpResponse:
        messages.success(request, _("Saved as “%(name)s”. You find it under Searches.") % {"name": search.name})
        return redirect(_list_address(search.query))

    if request.method != "POST":
        return page()
    return _perform(form, lambda: saved_actions.save_search(actor=_person(request), **form.asked()), page, done)


@never_cache
@require_http_methods(FORM_METHODS)
def search_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a search another name, share it or not; the way to remove it."""
    search = _own(request, pk)
    form = SavedSearchForm(request.POST if request.method == "POST" else None, person=_person(request), search=search)

    def page(status: int = 200) -> HttpResponse:
        if status == 409 and (now := SavedSearch.objects.of(_person(request)).filter(pk=pk).first()):
            form.renew(now)
        return _change_page(request, form, search, status)

    def done(changed: SavedSearch) -> HttpResponse:
        messages.success(request, _("“%(name)s” is changed.") % {"name": changed.name})
        return redirect("saved-searches")

    if request.method != "POST":
        return page()

    def change() -> SavedSearch:
        return saved_actions.change_search(actor=_person(request), search=search, **form.asked())

    return _perform(form, change, page, done)


@require_POST
def search_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a search, as the page that asked for it showed it."""
    search = _own(request, pk)
    version = request.POST.get("version", "")
    try:
        number = int(version) if version.isdecimal() and len(version) < 10 else 0
        saved_actions.remove_search(actor=_person(request), search=search, version=number)
    except Conflict as conflict:
        form = SavedSearchForm(person=_person(request), search=search)
        form.conflict = conflict.sentence
        return _change_page(request, form, search, 409)
    messages.success(request, _("“%(name)s” is removed.") % {"name": search.name})
    return redirect("saved-searches")


@login_not_required
@require_safe
def search_builder(request: HttpRequest) -> HttpResponse:
    """A search in fields: opened from an address of the list, and sent to one (`build=1`)."""
    others = builder.carried(request.GET)
    is_sent = "build" in request.GET
    form = BuilderForm(request.GET) if is_sent else BuilderForm(initial=builder.opened(request.GET))
    if is_sent and form.is_valid():
        return redirect(_list_address(builder.address(form.cleaned_data, others)))
    context = {
        "form": form,
        "others": others,
        "others_told": saved.told_pairs(others),
        "typed": "" if is_sent else request.GET.get("q", "").strip(),
    }
    return render(request, "treaties/search_builder.html", context, status=422 if is_sent else 200)


def _person(request: HttpRequest) -> User:
    """Who is logged in: the login middleware lets nobody else come here."""
    assert isinstance(request.user, User)  # noqa: S101
    return request.user


def _own(request: HttpRequest, pk: int) -> SavedSearch:
    return get_object_or_404(SavedSearch.objects.of(_person(request)), pk=pk)


def _list_address(query: str) -> str:
    return f"{reverse('treaty-list')}?{query}" if query else reverse("treaty-list")


def _change_page(request: HttpRequest, form: SavedSearchForm, search: SavedSearch, status: int) -> HttpResponse:
    context = {"form": form, "search": search, "query": search.query, "parts": saved.told_safely(search.query)}
    return render(request, "treaties/search_form.html", context, status=status)


def _perform(
    form: SavedSearchForm,
    do: Callable[[], SavedSearch],
    page: Callable[[int], HttpResponse],
    done: Callable[[SavedSearch], Any],
) -> HttpResponse:
    """Do what a sent form asks; why not, beside its fields (422) or above them when it came too late (409)."""
    if not form.is_valid():
        return page(422)
    try:
        result = do()
    except Refused as refused:
        form.take(refused.blockers)
        return page(422)
    except Conflict as conflict:
        form.conflict = conflict.sentence
        return page(409)
    return done(result)
