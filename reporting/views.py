"""The pages of reporting: parse, call one action or query, answer."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.choices import Deed
from reporting import actions, presentation, queries
from reporting.forms import ObligationForm, ReportForm, obligation_initial, report_initial
from reporting.models import Obligation, Report
from workflow.answers import internal, perform, person, sent, writing

# HEAD is answered as GET without a body.
FORM_METHODS = ["GET", "HEAD", "POST"]


@require_safe
@internal
def index(request: HttpRequest) -> HttpResponse:
    """What must be reported, overdue first; `body` and `page` narrow it."""
    address = request.GET.copy()
    address.pop("page", None)
    context = presentation.page(
        person(request),
        timezone.localdate(),
        body=request.GET.get("body", ""),
        number=request.GET.get("page", "1"),
    )
    return render(request, "reporting/index.html", {**context, "query": address.urlencode()})


@require_safe
@internal
def detail(request: HttpRequest, reference: str) -> HttpResponse:
    """One obligation with its reports."""
    today = timezone.localdate()
    state = queries.state(_find(request, reference), today)
    return render(request, "reporting/detail.html", presentation.detail(state, person(request), today))


@require_http_methods(FORM_METHODS)
@writing(Deed.EDIT_RECORD)
def add_obligation(request: HttpRequest) -> HttpResponse:
    """A new obligation; `treaty` in the address fills in its treaty."""
    form = ObligationForm(*sent(request), person=person(request), initial={"treaty": request.GET.get("treaty", "")})

    def add() -> Obligation:
        data = form.cleaned_data
        return actions.add_obligation(
            actor=person(request), entry=form.entry(), reason=data["reason"], submission=data["submission"]
        )

    def page(status: int = 200) -> HttpResponse:
        context: dict[str, Any] = {"form": form, "obligation": None, "differences": []}
        return render(request, "reporting/obligation_form.html", context, status=status)

    if request.method != "POST":
        return page()
    done = _saved(request, _("The obligation is in the register."))
    return perform(
        request,
        form,
        add,
        page=page,
        done=done,
        again=lambda: queries.added_by(form.cleaned_data["submission"]) or "reporting",
    )


@require_http_methods(FORM_METHODS)
@writing(Deed.EDIT_RECORD)
def edit_obligation(request: HttpRequest, reference: str) -> HttpResponse:
    """Change what is on record of an obligation."""
    obligation = _find(request, reference)
    form = ObligationForm(*sent(request), person=person(request), obligation=obligation)

    def edit() -> Obligation:
        data = form.cleaned_data
        return actions.edit_obligation(
            actor=person(request),
            obligation=obligation,
            entry=form.entry(),
            version=data["version"],
            reason=data["reason"],
            submission=data["submission"],
        )

    def page(status: int = 200) -> HttpResponse:
        # After a conflict: how it stands now, beside what was typed.
        differences = form.renew(obligation_initial(_find(request, reference))) if status == 409 else []
        context = {"form": form, "obligation": obligation, "differences": differences}
        return render(request, "reporting/obligation_form.html", context, status=status)

    if request.method != "POST":
        return page()
    done = _saved(request, _("The obligation is changed."))
    return perform(request, form, edit, page=page, done=done, again=lambda: obligation)


@require_http_methods(FORM_METHODS)
@writing(Deed.RECORD_EVENT)
def add_report(request: HttpRequest, reference: str) -> HttpResponse:
    """One more report under an obligation."""
    obligation = _find(request, reference)
    form = ReportForm(*sent(request))

    def add() -> Obligation:
        data = form.cleaned_data
        return actions.add_report(
            actor=person(request),
            obligation=obligation,
            entry=form.entry(),
            reason=data["reason"],
            submission=data["submission"],
        ).obligation

    def page(status: int = 200) -> HttpResponse:
        return _report_page(request, form, obligation, None, [], status)

    if request.method != "POST":
        return page()
    done = _saved(request, _("The report is in the register."))
    return perform(request, form, add, page=page, done=done, again=lambda: obligation)


@require_http_methods(FORM_METHODS)
@writing(Deed.RECORD_EVENT)
def edit_report(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Change what is on record of a report: a date became known, or was wrong."""
    obligation = _find(request, reference)
    report = get_object_or_404(Report, obligation=obligation, pk=pk)
    form = ReportForm(*sent(request), report=report)

    def edit() -> Obligation:
        data = form.cleaned_data
        return actions.edit_report(
            actor=person(request),
            report=report,
            entry=form.entry(),
            version=data["version"],
            reason=data["reason"],
            submission=data["submission"],
        ).obligation

    def page(status: int = 200) -> HttpResponse:
        differences = form.renew(report_initial(Report.objects.get(pk=pk))) if status == 409 else []
        return _report_page(request, form, obligation, report, differences, status)

    if request.method != "POST":
        return page()
    done = _saved(request, _("The report is changed."))
    return perform(request, form, edit, page=page, done=done, again=lambda: obligation)


def _find(request: HttpRequest, reference: str) -> Obligation:
    return get_object_or_404(queries.obligations(person(request)), reference=reference)


def _report_page(
    request: HttpRequest,
    form: ReportForm,
    obligation: Obligation,
    report: Report | None,
    differences: list[tuple[Any, str, str]],
    status: int,
) -> HttpResponse:
    state = queries.state(obligation, timezone.localdate())
    context = {
        "form": form,
        "row": presentation.row(state, timezone.localdate()),
        "obligation": obligation,
        "report": report,
        "differences": differences,
    }
    return render(request, "reporting/report_form.html", context, status=status)


def _saved(request: HttpRequest, message: str) -> Any:
    def done(obligation: Obligation) -> HttpResponse:
        messages.success(request, message)
        return redirect(obligation)

    return done
