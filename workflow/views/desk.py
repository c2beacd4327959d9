"""The desk of a dossier manager."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from workflow.answers import internal, person
from workflow.presentation import desk as present


@require_safe
@internal
def desk(request: HttpRequest) -> HttpResponse:
    """Mine, or everybody's with `?all=1`; `stage` and `page` narrow it."""
    address = request.GET.copy()
    address.pop("page", None)
    context = present.page(
        person(request),
        everybody=request.GET.get("all") == "1",
        stage=request.GET.get("stage", ""),
        number=request.GET.get("page", "1"),
    )
    return render(request, "workflow/desk.html", {**context, "query": address.urlencode()})
