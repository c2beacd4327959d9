"""The public pages about the procedures themselves."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from workflow.presentation import effect
from workflow.presentation import procedure as present


@login_not_required
@require_safe
def procedure_list(request: HttpRequest) -> HttpResponse:
    """Every procedure, with what it is for."""
    views = present.overview(request.user, timezone.localdate())
    return render(request, "workflow/procedures.html", {"procedures": views})


@login_not_required
@require_safe
def procedure_detail(request: HttpRequest, code: str) -> HttpResponse:
    """One procedure, drawn and as a table; `version` asks for another version than the one new dossiers follow."""
    today = timezone.localdate()
    view = present.page(request.user, code, request.GET.get("version", ""), today)
    if view is None:
        raise Http404
    effects = None
    if view.version.is_draft:
        # Only who may see dossiers comes here: for others there is no draft.
        effects = list(effect.effects(view.procedure, effect.visible(request.user), today))
    return render(request, "workflow/procedure.html", {"view": view, "effects": effects})
