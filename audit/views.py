"""The pages of the trail: to look at only."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from audit import queries
from audit.choices import Action, Mark
from audit.forms import TrailForm
from audit.models import TrailEntry, VerificationRun

PAGE = 50
_LABELS = dict(Action.choices) | dict(Mark.choices)


@never_cache
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The entries, newest first, narrowed by what was asked; for auditors and administrators."""
    if not queries.may_read(request.user):
        raise Http404
    form = TrailForm(request.GET)
    rows = queries.found(request.user, form.asked()) if form.is_valid() else TrailEntry.objects.none()
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    entries = list(page.object_list)
    called = queries.names(entries)
    told = [
        {"entry": one, "name": called.get(one.name, ""), "did": _LABELS.get(one.action, one.action)} for one in entries
    ]
    rest = request.GET.copy()
    rest.pop("page", None)
    context = {"form": form, "page": page, "rows": told, "query": rest.urlencode()}
    context["run"] = VerificationRun.last()
    return render(request, "audit/index.html", context, status=200 if form.is_valid() else 422)
