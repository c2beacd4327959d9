"""The pages of the trail: to look at only."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from audit import export, queries
from audit.choices import Action, Mark
from audit.forms import TrailForm
from audit.models import TrailEntry, VerificationRun
from audit.queries import Asked
from audit.trail import note_export

PAGE = 50
_LABELS = dict(Action.choices) | dict(Mark.choices)


@never_cache
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The entries, newest first, narrowed by what was asked; for auditors and administrators."""
    _only_readers(request)
    form = TrailForm(request.GET)
    rows = queries.found(request.user, form.asked()) if form.is_valid() else TrailEntry.objects.none()
    rest = request.GET.copy()
    rest.pop("page", None)
    context = {"form": form, "query": rest.urlencode(), **_told(request, rows)}
    context["run"] = VerificationRun.last()
    return render(request, "audit/index.html", context, status=200 if form.is_valid() else 422)


@never_cache
@require_safe
def entries(request: HttpRequest) -> StreamingHttpResponse:
    """The entries of the same question as JSON Lines, streamed; without one the whole trail, which can be verified."""
    _only_readers(request)
    form = TrailForm(request.GET)
    if not form.is_valid():
        raise Http404
    note_export(request.user, "trail", form="jsonl", asked=request.GET.urlencode())
    return StreamingHttpResponse(
        export.chosen(queries.found(request.user, form.asked())),
        content_type="application/jsonl; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="trail.jsonl"', "Cache-Control": "private, no-store"},
    )


@never_cache
@require_safe
def person(request: HttpRequest, key: int) -> HttpResponse:
    """What one person did: how often each thing, and the entries, newest first."""
    _only_readers(request)
    rows = queries.visible_to(request.user).filter(actor=str(key)).select_related("change").order_by("-seq")
    if not rows.exists():
        raise Http404
    deeds = [(code, _LABELS.get(code, code), n) for code, n in queries.deeds(rows)]
    context = {"key": key, "called": queries.called(str(key)), "deeds": deeds, **_told(request, rows)}
    return render(request, "audit/person.html", context)


@never_cache
@require_safe
def about(request: HttpRequest, reference: str) -> HttpResponse:
    """Who asked for, decided, changed or took out something of one treaty, dossier or obligation."""
    _only_readers(request)
    asked = Asked(about=reference.upper())
    rows = queries.found(request.user, asked)
    if not rows.exists():
        raise Http404
    people = [
        {"key": key, "name": name, "did": _LABELS.get(action, action), "n": n}
        for key, name, action, n in queries.people(rows)
    ]
    context = {"reference": asked.about, "people": people, **_told(request, rows)}
    return render(request, "audit/about.html", context)


def _only_readers(request: HttpRequest) -> None:
    if not queries.may_read(request.user):
        raise Http404


def _told(request: HttpRequest, rows: QuerySet[TrailEntry]) -> dict[str, Any]:
    """A page of entries, each with who it names and what was done in words."""
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    called = queries.names(shown)
    told = [
        {"entry": one, "name": called.get(one.name, ""), "did": _LABELS.get(one.action, one.action)} for one in shown
    ]
    return {"page": page, "rows": told}
