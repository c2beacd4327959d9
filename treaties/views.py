"""The public pages: parse, ask one query, answer. What somebody may not see does not exist for them: 404."""

import logging
from dataclasses import asdict

from django.contrib.auth.decorators import login_not_required
from django.db import OperationalError
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
    StreamingHttpResponse,
)
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from psycopg.errors import QueryCanceled

from accounts.choices import Deed
from accounts.models import Person, User, may
from audit.choices import Mark
from audit.queries import may_read as person_may_read_trail
from audit.trail import note, note_export
from treaties import as_of, browse, exports, history, listing, presentation, queries, recent, saved, sheet, suggestions
from treaties.choices import Access
from treaties.models import Document, Treaty

logger = logging.getLogger(__name__)


@login_not_required
@require_safe
def treaty_list(request: HttpRequest) -> HttpResponse:
    try:
        found = listing.listing(request.user, request.GET)
    except OperationalError as error:
        if not isinstance(error.__cause__, QueryCanceled):
            raise
        logger.warning("A search took too long: %s", request.GET.urlencode())
        return render(request, "treaties/too_slow.html", {"words": request.GET.get("q", "")}, status=503)
    recent.remember(request, found.query)
    # Under an empty search box; nothing is read where nothing was searched.
    before = [] if found.query else saved.recent_told(recent.searches(request))
    response = render(request, "treaties/list.html", {"list": found, "recent": before})
    if request.headers.get("HX-Request"):
        # A form sends its empty fields too: the address bar gets the address without them.
        response.headers["HX-Push-Url"] = f"{request.path}?{found.query}" if found.query else request.path
    return response


@login_not_required
@require_safe
def suggest(request: HttpRequest) -> JsonResponse:
    """What somebody may be typing: `{"suggestions": [{kind, group, label, address, count, hint}, …]}`."""
    found = suggestions.suggestions(request.user, request.GET.get("q", ""))
    response = JsonResponse({"suggestions": [asdict(one) | {"group": one.group} for one in found]})
    # The same letters are typed again; what is not public is kept by nobody else.
    response.headers["Cache-Control"] = "private, max-age=60"
    return response


@login_not_required
@require_safe
def treaty_list_csv(request: HttpRequest) -> StreamingHttpResponse:
    filterset = queries.answered(request.user, request.GET)
    note_export(request.user, "treaties", form="csv", asked=request.GET.urlencode())
    return StreamingHttpResponse(
        listing.csv_lines(filterset, _site(request)),
        content_type="text/csv; charset=utf-8",
        headers=_as_file("csv"),
    )


@login_not_required
@require_safe
def treaty_detail(request: HttpRequest, reference: str) -> HttpResponse:
    moment = as_of.moment_from(request.GET)
    page = as_of.page(request.user, reference.upper(), moment)
    if page is None:
        raise Http404
    if reference != page.treaty.reference:
        return _to_canonical(request, page.treaty.get_absolute_url())
    path = page.treaty.get_absolute_url()
    address = request.build_absolute_uri(path if moment.is_now else f"{path}?{moment.query}")
    context = {
        "view": presentation.view(page, moment.on, address, is_back=moment.is_back),
        "moment": moment,
        "banner": as_of.banner(moment),
        "may_edit": may(request.user, Deed.EDIT_RECORD),
        "may_read_internal": may(request.user, Deed.READ_INTERNAL),
        "has_pdf": sheet.is_available(),
    }
    return render(request, "treaties/detail.html", context)


def _to_canonical(request: HttpRequest, address: str) -> HttpResponse:
    """There is one address per thing; the query string goes along."""
    asked = request.META.get("QUERY_STRING", "")
    return redirect(f"{address}?{asked}" if asked else address, permanent=True)


@never_cache
@require_safe
def treaty_history(request: HttpRequest, reference: str) -> HttpResponse:
    if not may(request.user, Deed.READ_INTERNAL):
        raise Http404
    treaty = (
        Treaty.objects.visible_to(request.user).prefetch_related("titles").filter(reference=reference.upper()).first()
    )
    if treaty is None:
        raise Http404
    page, entries = history.entries(treaty, request.user, request.GET.get("page"))
    context = {
        "treaty": treaty,
        "page": page,
        "entries": entries,
        "may_read_trail": person_may_read_trail(request.user),
    }
    return render(request, "treaties/history.html", context)


@login_not_required
@require_safe
def document_file(request: HttpRequest, reference: str, sha256: str) -> HttpResponseBase:
    """The bytes of a paper, always as a download: nothing from a file ever runs under this address."""
    documents = Document.objects.visible_to(request.user).select_related("treaty")
    document = documents.filter(treaty__reference=reference.upper(), sha256=sha256).first()
    if document is None:
        raise Http404
    try:
        file = document.file.open("rb")
    except FileNotFoundError:
        logger.exception("The file of document %s is lost", document.pk)
        raise Http404 from None
    _note_download(request.user, document)
    response = FileResponse(file, as_attachment=True, filename=document.filename, content_type=document.media_type)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _note_download(reader: Person, document: Document) -> None:
    """Who took a paper that is not public: so that “who saw this” has an answer. Public papers leave no entry."""
    is_public = document.access == Access.PUBLIC == document.treaty.access
    if isinstance(reader, User) and not is_public:
        about = ("treaties.Treaty", str(document.treaty_id))
        note(actor=reader, action=Mark.DOWNLOAD, about=about, payload={"sha256": document.sha256})


@login_not_required
@require_safe
def country_list(request: HttpRequest) -> HttpResponse:
    words = request.GET.get("q", "")[: browse.NAME_LIMIT]
    sections = browse.countries(request.user, words)
    return render(request, "treaties/countries.html", {"sections": sections, "words": words})


@login_not_required
@require_safe
def country_detail(request: HttpRequest, code: str) -> HttpResponse:
    found = browse.country(request.user, code.upper(), request.GET)
    if found is None:
        raise Http404
    if code != found.party.code:
        return _to_canonical(request, reverse("country-detail", args=[found.party.code]))
    return render(request, "treaties/country.html", {"view": found, "shelf": found.shelf})


@login_not_required
@require_safe
def theme_list(request: HttpRequest) -> HttpResponse:
    return render(request, "treaties/themes.html", {"domains": browse.themes(request.user)})


@login_not_required
@require_safe
def theme_detail(request: HttpRequest, slug: str) -> HttpResponse:
    found = browse.theme(request.user, slug, request.GET)
    if found is None:
        raise Http404
    return render(request, "treaties/theme.html", {"view": found, "shelf": found.shelf})


@login_not_required
@require_safe
def treaty_list_xlsx(request: HttpRequest) -> FileResponse:
    filterset = queries.answered(request.user, request.GET)
    note_export(request.user, "treaties", form="xlsx", asked=request.GET.urlencode())
    return FileResponse(
        exports.workbook(filterset, _site(request)),
        content_type=exports.XLSX_TYPE,
        headers=_as_file("xlsx"),
    )


@login_not_required
@require_safe
def treaty_list_json(request: HttpRequest) -> StreamingHttpResponse:
    filterset = queries.answered(request.user, request.GET)
    note_export(request.user, "treaties", form="json", asked=request.GET.urlencode())
    return StreamingHttpResponse(
        exports.json_lines(filterset, _site(request)),
        content_type="application/json; charset=utf-8",
        headers=_as_file("json"),
    )


def _site(request: HttpRequest) -> str:
    return request.build_absolute_uri("/").rstrip("/")


def _as_file(suffix: str) -> dict[str, str]:
    """Headers of a list as a file: its name says the day it was made; nobody keeps it for others."""
    name = f"treaties-{timezone.localdate().isoformat()}.{suffix}"
    return {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}


@login_not_required
@require_safe
def treaty_sheet(request: HttpRequest, reference: str) -> HttpResponse:
    """One treaty on paper, as a page to print."""
    markup, canonical, _key = _sheet(request, reference, is_screen=True)
    if reference != canonical:
        return _to_canonical(request, reverse("treaty-sheet", args=[canonical]))
    return HttpResponse(markup, headers={"Cache-Control": "private, no-store"})


@login_not_required
@require_safe
def treaty_sheet_pdf(request: HttpRequest, reference: str) -> HttpResponse:
    """The same as a PDF; 503 with the way on where this server cannot make one."""
    markup, canonical, key = _sheet(request, reference, is_screen=False)
    if reference != canonical:
        return _to_canonical(request, reverse("treaty-sheet-pdf", args=[canonical]))
    if not sheet.is_available():
        context = {"treaty": {"reference": canonical}, "query": as_of.moment_from(request.GET).query}
        return render(request, "treaties/no_sheet.html", context, status=503)
    note_export(request.user, "treaties.Treaty", form="pdf", key=key)
    return HttpResponse(
        sheet.pdf(markup, request.build_absolute_uri("/")),
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="{canonical}.pdf"',
            "Cache-Control": "private, no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )


def _sheet(request: HttpRequest, reference: str, *, is_screen: bool) -> tuple[str, str, str]:
    """The sheet as HTML, the reference as written, the key of the treaty; 404 for what the reader may not see."""
    moment = as_of.moment_from(request.GET)
    page = as_of.page(request.user, reference.upper(), moment)
    if page is None:
        raise Http404
    path = page.treaty.get_absolute_url()
    address = request.build_absolute_uri(path if moment.is_now else f"{path}?{moment.query}")
    view = presentation.view(page, moment.on, address, is_back=moment.is_back)
    markup = sheet.html(view, moment, as_of.banner(moment), address, is_screen=is_screen)
    return markup, page.treaty.reference, str(page.treaty.pk)
