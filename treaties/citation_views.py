"""One treaty as a reference, for programs. What somebody may not see does not exist for them: 404."""

from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from audit.trail import note_export
from treaties import as_of, citations
from treaties.citations import Cited


@login_not_required
@require_safe
def bibtex(request: HttpRequest, reference: str) -> HttpResponse:
    return _answer(request, reference, "bib", citations.BIBTEX_TYPE, citations.bibtex)


@login_not_required
@require_safe
def ris(request: HttpRequest, reference: str) -> HttpResponse:
    return _answer(request, reference, "ris", citations.RIS_TYPE, citations.ris)


@login_not_required
@require_safe
def csl(request: HttpRequest, reference: str) -> HttpResponse:
    return _answer(request, reference, "csl.json", citations.CSL_TYPE, citations.csl)


def _answer(
    request: HttpRequest, reference: str, suffix: str, media_type: str, write: Callable[[Cited], str]
) -> HttpResponse:
    """The treaty as its page shows it, at the moment that the same parameters ask for."""
    moment = as_of.moment_from(request.GET)
    page = as_of.page(request.user, reference.upper(), moment)
    if page is None:
        raise Http404
    treaty = page.treaty
    if reference != treaty.reference:
        asked = request.META.get("QUERY_STRING", "")
        address = reverse(str(request.resolver_match and request.resolver_match.url_name), args=[treaty.reference])
        return redirect(f"{address}?{asked}" if asked else address, permanent=True)
    path = treaty.get_absolute_url()
    address = request.build_absolute_uri(path if moment.is_now else f"{path}?{moment.query}")
    note_export(request.user, "treaties.Treaty", form=suffix, key=str(treaty.pk))
    return HttpResponse(
        write(citations.cited(page, address)),
        content_type=f"{media_type}; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{treaty.reference}.{suffix}"',
            "Cache-Control": "private, no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )
