"""The pages of bringing in a list: parse, call one action or query, answer."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.choices import Deed
from audit.refusals import Conflict, Refused
from audit.trail import note_export
from imports import actions, background, presentation, queries
from imports.choices import Outcome, RunState
from imports.forms import ColumnsForm, ConfirmForm, PartyForm, ReasonForm, RowForm, UploadForm, party_options
from imports.models import ImportRow, ImportRun
from workflow import guards
from workflow.answers import forbid, internal, perform, person, sent, writing

# HEAD is answered as GET without a body.
FORM_METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(FORM_METHODS)
@internal
def index(request: HttpRequest) -> HttpResponse:
    """The imports, newest first, and the form by which a file is brought; `kind` and `source` fill it in."""
    given = {name: request.GET[name] for name in ("kind", "source") if name in request.GET}
    form = UploadForm(*sent(request), initial=given)

    def bring() -> ImportRun:
        data = form.cleaned_data
        named = {name: data[name] for name in ("kind", "encoding", "delimiter", "sheet", "source", "submission")}
        upload = data["file"]
        with background.unhurried():
            return actions.stage(actor=person(request), file=upload, filename=upload.name, **named)

    def brought() -> str:
        run = queries.brought_by(form.cleaned_data["submission"])
        return _address(run) if run else "import-list"

    def page(status: int = 200) -> HttpResponse:
        context = presentation.index(person(request), request.GET.get("page", "1"))
        return render(request, "imports/index.html", {**context, "form": form, "again": bool(given)}, status=status)

    if request.method != "POST":
        return page()
    forbid(guards.not_allowed(person(request), Deed.EDIT_RECORD))
    return perform(request, form, bring, page=page, done=_to, again=brought)


@require_safe
@internal
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One import: how it was read, what each row was judged to be, how far the work on it is."""
    work = background.look(pk)
    run = _find(request, pk)
    if work is not None and work.is_running:
        context = {**presentation.about(run), "work": work, **presentation.progress(work.done, work.total)}
        return render(request, "imports/_work.html" if _is_polled(request) else "imports/working.html", context)
    if _is_polled(request):
        return HttpResponse(headers={"HX-Refresh": "true"})
    may_edit = person(request).may(Deed.EDIT_RECORD)
    context = {**presentation.about(run), "work": work, "may_edit": may_edit}
    if run.state == RunState.STAGED:
        context["form"] = _columns_form(run)
        return render(request, "imports/staged.html", context)
    part = request.GET.get("part", Outcome.NEW if run.confirmed_change_id else "")
    context |= presentation.preview(run, person(request), part=part, number=request.GET.get("page", "1"))
    if run.state == RunState.JUDGED:
        names, count = presentation.unknown_names(run, limit=5)
        context |= {"unknown": names, "unknown_count": count}
    context["query"] = urlencode({"part": context["part"]})
    context["back"] = urlencode({"part": context["part"], "page": context["page"].number})
    context["may_mend"] = may_edit and run.state == RunState.JUDGED
    return render(request, "imports/detail.html", context)


@require_http_methods(FORM_METHODS)
@writing(Deed.EDIT_RECORD)
def columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Which column is which field, and how the list is read; saved, the rows are judged."""
    run = _find(request, pk)
    form = _columns_form(run, *sent(request))

    def read() -> ImportRun:
        data = form.cleaned_data
        others = ("source", "date_order", "unknown_parties", "register_missing", "version")
        given = {name: data[name] for name in others if name in data}
        background.hold_off(run)
        mapped = actions.map_columns(actor=person(request), run=run, mapping=form.mapping(), **given)
        background.do(background.JUDGE, actor=person(request), run=mapped)
        return mapped

    def page(status: int = 200) -> HttpResponse:
        if status == 409:
            form.renew(_find(request, pk))
        context = {**presentation.about(run), "form": form}
        return render(request, "imports/columns.html", context, status=status)

    if request.method != "POST":
        return page()
    return perform(request, form, read, page=page, done=_to, again=lambda: _address(run))


@require_POST
@writing(Deed.EDIT_RECORD)
def judge(request: HttpRequest, pk: int) -> HttpResponse:
    """Judge every row again: the register, or what is known of parties, has changed."""
    run = _find(request, pk)
    try:
        background.do(background.JUDGE, actor=person(request), run=run)
    except (Refused, Conflict) as no:
        messages.error(request, _sentences(no))
    return _to(run)


@require_http_methods(FORM_METHODS)
@writing(Deed.EDIT_RECORD)
def parties(request: HttpRequest, pk: int) -> HttpResponse:
    """The parties that the register does not know: which one is meant, told once and remembered."""
    run = _find(request, pk)
    options = party_options()
    form = PartyForm(*sent(request))
    number = request.GET.get("page", "1")
    here = f"{reverse('import-parties', args=[run.pk])}?page={number}"

    def remember() -> Any:
        party, text = form.chosen(), form.cleaned_data["text"]
        assert party is not None  # noqa: S101 (the form is valid)
        reason = _("Told at the import of %(file)s") % {"file": run.filename}
        # The page lists what is not known.
        given = {"reason": reason, "submission": form.cleaned_data["submission"], "version": 0}
        return actions.remember_spelling(actor=person(request), text=text, party=party, **given)

    def page(status: int = 200) -> HttpResponse:
        context = {**presentation.about(run), **presentation.unknown_parties(run, number)}
        context |= {"form": form, "options": options, "typed": form.data.get("text", "")}
        return render(request, "imports/parties.html", context, status=status)

    def done(spelling: Any) -> HttpResponse:
        rows = dict(presentation.unknown_names(run, limit=10_000)[0]).get(spelling.text, 0)
        text = ngettext(
            "“%(text)s” is known as %(party)s from now on; it stands in %(n)d row.",
            "“%(text)s” is known as %(party)s from now on; it stands in %(n)d rows.",
            rows,
        )
        messages.success(request, text % {"text": spelling.text, "party": spelling.party.name, "n": rows})
        return redirect(here)

    if request.method != "POST":
        return page()
    return perform(request, form, remember, page=page, done=done, again=lambda: here)


@require_http_methods(FORM_METHODS)
@writing(Deed.EDIT_RECORD)
def row(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Mend the cells of one row; it is judged again at once. `part` and `page` say where to go back to."""
    run = _find(request, pk)
    found = _find_row(request, run, number)
    if request.method != "POST":
        return _row_page(request, run, found, RowForm.as_judged(run=run, row=found))
    form = RowForm(request.POST, run=run, row=found)
    if place := request.POST.get("fill"):
        return _row_page(request, run, found, form.fill(place))

    def mend() -> ImportRow:
        background.hold_off(run)
        version = form.cleaned_data["version"]
        return actions.mend_row(actor=person(request), run=run, number=number, cells=form.cells(), version=version)

    def done(mended: ImportRow) -> HttpResponse:
        return _after_mending(request, run, mended)

    def page(status: int) -> HttpResponse:
        if status != 409:
            return _row_page(request, run, found, form, status)
        # How it stands now, beside what was typed; sending it again is a choice.
        fresh = _find_row(request, run, number)
        return _row_page(request, run, fresh, form.renew(fresh), status)

    def again() -> str:
        return _place_after(request, run, get_object_or_404(queries.rows(run), number=number))

    return perform(request, form, mend, page=page, done=done, again=again)


@require_safe
def refused_csv(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """The refused rows with their own columns and why each was refused; 404 for who may see no imports."""
    run = _find(request, pk)
    note_export(request.user, "imports.ImportRun", form="csv", key=str(run.pk))
    return StreamingHttpResponse(
        presentation.refused_lines(run, person(request)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="import-{run.pk}-refused.csv"'},
    )


@require_http_methods(FORM_METHODS)
@writing(Deed.EDIT_RECORD)
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Write what was judged to the record: all of it, or nothing."""
    run = _find(request, pk)
    counts = presentation.outcomes(run)
    work = _failed(run, background.CONFIRM)
    given = (work.data, None) if work and request.method != "POST" else sent(request)
    form = ConfirmForm(*given, counts=counts)
    return _large(request, run, form, background.CONFIRM, {"counts": counts, "work": work})


@require_http_methods(FORM_METHODS)
@writing(Deed.EDIT_RECORD)
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a confirmed import back."""
    run = _find(request, pk)
    work = _failed(run, background.UNDO)
    given = (work.data, None) if work and request.method != "POST" else sent(request)
    return _large(request, run, ReasonForm(*given), background.UNDO, {"counts": run.counts, "work": work})


def _large(request: HttpRequest, run: ImportRun, form: ReasonForm, task: str, context: dict[str, Any]) -> HttpResponse:
    """The page of something that touches many records: why, and then it is done, or begun."""

    def do() -> Any:
        names = [name for name in form.fields if name in ("reason", "without_refused")]
        data: dict[str, Any] = {name: form.cleaned_data[name] for name in names}
        data["submission"] = str(form.cleaned_data["submission"])
        return background.do(task, actor=person(request), run=run, data=data)

    def page(status: int = 200) -> HttpResponse:
        said = presentation.intention(run, context["counts"])
        shown = {**presentation.about(run), **context, "form": form, "intention": said}
        return render(request, f"imports/{task}.html", shown, status=status)

    def done(result: Any) -> HttpResponse:
        if result is not None:
            is_undone = task == background.UNDO
            messages.success(request, _("The import is taken back.") if is_undone else _("The list is imported."))
        return _to(run)

    if request.method == "POST":
        return perform(request, form, do, page=page, done=done, again=lambda: _address(run))
    if (work := context["work"]) is not None:
        form.is_valid()
        form.take(work.blockers)
        form.conflict = work.conflict
    return page()


def _failed(run: ImportRun, task: str) -> background.Work | None:
    """What such work on the run was refused for, when it ended so."""
    work = background.look(run.pk)
    return work if work is not None and work.task == task and work.is_ended else None


def _find(request: HttpRequest, pk: int) -> ImportRun:
    return get_object_or_404(queries.runs(person(request)), pk=pk)


def _find_row(request: HttpRequest, run: ImportRun, number: int) -> ImportRow:
    found = get_object_or_404(queries.rows(run), number=number)
    return queries.told_to(person(request), [found])[0]


def _address(run: ImportRun) -> str:
    return reverse("import-detail", args=[run.pk])


def _to(run: ImportRun) -> HttpResponse:
    return redirect("import-detail", pk=run.pk)


def _is_polled(request: HttpRequest) -> bool:
    return "HX-Request" in request.headers


def _sentences(no: Refused | Conflict) -> str:
    found = [one.sentence for one in no.blockers] if isinstance(no, Refused) else [no.sentence]
    return " ".join(str(sentence) for sentence in found)


def _columns_form(run: ImportRun, data: Any = None, files: Any = None) -> ColumnsForm:
    return ColumnsForm(data, files, run=run, samples=presentation.samples(run))


def _back(request: HttpRequest) -> dict[str, str]:
    """Where in the preview the person came from."""
    return {name: request.GET[name][:20] for name in ("part", "page") if request.GET.get(name)}


def _row_page(request: HttpRequest, run: ImportRun, found: ImportRow, form: RowForm, status: int = 200) -> HttpResponse:
    context = {
        **presentation.about(run),
        "shown": presentation.shown(run, found),
        "form": form,
        "is_dirty": request.method == "POST",
        "too_many": found.current[len(run.header) :],
        "original": list(zip(run.header, found.cells, strict=False)),
        "back": urlencode(_back(request)),
        "following": presentation.next_refused(run, found.number),
    }
    return render(request, "imports/row.html", context, status=status)


def _after_mending(request: HttpRequest, run: ImportRun, mended: ImportRow) -> HttpResponse:
    if mended.outcome == Outcome.REFUSED:
        messages.warning(request, _("Saved. Something in this row is still to be mended."))
    else:
        said = {"number": mended.number, "outcome": mended.get_outcome_display()}
        messages.success(request, _("Row %(number)d is mended, and judged again: %(outcome)s.") % said)
    return redirect(_place_after(request, run, mended))


def _place_after(request: HttpRequest, run: ImportRun, mended: ImportRow) -> str:
    """Back at the same place, or at the next refused row; a row that is refused still is shown again."""
    back = urlencode(_back(request))
    if mended.outcome == Outcome.REFUSED:
        return f"{reverse('import-row', args=[run.pk, mended.number])}?{back}"
    following = presentation.next_refused(run, mended.number) if "next" in request.POST else None
    if following:
        return f"{reverse('import-row', args=[run.pk, following])}?{back}"
    return f"{_address(run)}?{back}#row-{mended.number}"
