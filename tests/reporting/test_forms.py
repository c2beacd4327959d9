"""The forms read types; the rules are the guards'."""

from typing import Any
from uuid import uuid4

import pytest
from django.utils import translation

from accounts.models import User
from reporting.forms import ObligationForm, ReportForm, report_initial
from reporting.models import Report
from treaties.choices import Access

pytestmark = pytest.mark.django_db


def sent(**given: Any) -> dict[str, Any]:
    return {"submission": str(uuid4()), "version": "1", "reason": "x", **given}


def test_every_date_is_read_as_far_as_it_is_known() -> None:
    form = ReportForm(sent(label="2-3", report_due="2019", dialogue_from="september 2014", closed_on="8/11/2019"))
    assert form.is_valid(), form.errors
    entry = form.entry()
    assert (entry.label, entry.dates.report_due.iso, entry.dates.dialogue_from.iso, entry.dates.closed_on.iso) == (
        "2-3",
        "2019",
        "2014-09",
        "2019-11-08",
    )
    assert entry.dates.report_submitted.iso == ""


@pytest.mark.parametrize("value", ["lente", "2014-13", "30/2/2014", "99999"])
def test_what_is_not_a_date_is_told_beside_its_field(value: str) -> None:
    form = ReportForm(sent(label="1", report_due=value))
    assert not form.is_valid()
    assert list(form.errors) == ["report_due"]


def test_every_field_stands_under_a_heading() -> None:
    form = ReportForm()
    names = [field.name for _heading, fields in form.groups() for field in fields]
    assert sorted(names) == sorted(field.name for field in form.visible_fields())


def test_the_treaty_is_one_the_person_may_know_of(staff: User, reader: User, make_treaty: Any) -> None:
    treaty = make_treaty(access=Access.GOVERNMENT)
    given = sent(
        treaty=f" {treaty.reference.lower()} ", body_nl="Comité", first_due_from="ratification", cycle_years="5"
    )
    form = ObligationForm(given, person=staff)
    assert form.is_valid(), form.errors
    entry = form.entry()
    assert (entry.treaty, entry.cycle_years, entry.first_due_months, entry.is_political) == (treaty, 5, None, False)
    for person, other in ((reader, treaty.reference), (staff, "T0000000"), (staff, "T\0")):
        form = ObligationForm({**given, "treaty": other}, person=person)
        assert not form.is_valid()
        assert list(form.errors) == ["treaty"]


def test_a_number_is_read_and_judged_elsewhere(staff: User) -> None:
    given = sent(body_nl="UPR", is_political="on", first_due_from="ratification")
    for typed, read in (("-1", -1), ("99999999999999999999", 99999999999999999999), ("", None)):
        form = ObligationForm({**given, "cycle_years": typed}, person=staff)
        assert form.is_valid(), form.errors
        assert form.entry().cycle_years == read
    assert list(ObligationForm({**given, "cycle_years": "vijf"}, person=staff).errors) == ["cycle_years"]


def test_after_a_conflict_both_texts_are_shown(make_obligation: Any, make_report: Any) -> None:
    report = make_report(make_obligation(), "7", report_due="2020", note="Hun nota")
    form = ReportForm(sent(label="7", report_due="2021-05", note="Mijn nota", version="0"), report=report)
    assert form.is_valid(), form.errors
    found = [(str(label), theirs, mine) for label, theirs, mine in form.renew(report_initial(Report.objects.get()))]
    assert [(theirs, mine) for _label, theirs, mine in found] == [("2020", "mei 2021"), ("Hun nota", "Mijn nota")]
    assert form["version"].value() == 1


def test_labels_are_there_in_both_languages() -> None:
    labels = {}
    for language in ("nl", "en"):
        with translation.override(language):
            labels[language] = [str(field.label) for field in ReportForm().visible_fields()]
    assert labels["en"][0] == "Number of the report"
    assert labels["nl"][0] == "Nummer van het verslag"
