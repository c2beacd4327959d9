"""The only writes: who may, what they leave, and what happens when two people write."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import User
from audit.context import NoChange
from audit.models import Change
from audit.refusals import AlreadyDone, Conflict, Refused
from reporting import actions
from reporting.guards import ObligationEntry, ReportEntry
from reporting.models import Obligation, Report
from tests.reporting.conftest import dates

pytestmark = pytest.mark.django_db


def test_an_obligation_is_added_with_its_trail(staff: User, make_treaty: Any) -> None:
    entry = ObligationEntry(
        "Comite\u0301 ", make_treaty(), body_en="Committee", first_due_months=24, cycle_years=5, coordinator="NCRK"
    )
    made = actions.add_obligation(actor=staff, entry=entry, reason="from the site")
    row = Obligation.objects.get(pk=made.pk)
    assert (row.body_nl, row.body_en, row.first_due_months, row.cycle_years) == ("Comité", "Committee", 24, 5)
    assert (row.version, row.reference[0], len(row.reference)) == (1, "R", 8)
    last = row.history.get()
    assert (last.history_change_reason, last.history_user, last.history_action) == (
        "from the site",
        staff,
        "treaty.edit",
    )


def test_a_report_is_added_and_changed(staff: User, staff2: User, make_obligation: Any) -> None:
    obligation = make_obligation()
    entry = ReportEntry("7", dates(period_from="2007", period_to="2012", report_submitted="2012-10"))
    report = actions.add_report(actor=staff, obligation=obligation, entry=entry, reason="the site")
    more = ReportEntry("7", dates(report_submitted="2012-10", dialogue_from="2014-10"), delegation_head="An")
    actions.edit_report(actor=staff2, report=report, entry=more, version=1, reason="the dialogue was held")
    row = Report.objects.get(pk=report.pk)
    assert (row.version, row.dialogue_from.iso, row.period_from.iso, row.delegation_head) == (2, "2014-10", "", "An")
    assert [(one.history_user, one.period_to.iso) for one in row.history.all()] == [(staff2, ""), (staff, "2012")]


def test_an_obligation_is_changed(staff: User, make_obligation: Any) -> None:
    obligation = make_obligation("Comité", cycle_years=5)
    entry = ObligationEntry("Comité", obligation.treaty, cycle_years=4)
    actions.edit_obligation(actor=staff, obligation=obligation, entry=entry, version=1, reason="the law changed")
    obligation.refresh_from_db()
    assert (obligation.cycle_years, obligation.version) == (4, 2)


def test_a_stale_page_is_told_who_and_when(staff: User, staff2: User, make_obligation: Any, make_report: Any) -> None:
    obligation = make_obligation()
    report = make_report(obligation, "1")
    entry = ReportEntry("1", dates(report_due="2027"))
    actions.edit_report(actor=staff2, report=report, entry=entry, version=1, reason="x")
    with pytest.raises(Conflict, match=r"Bart Beheerder.*\d\d-\d\d-\d{4} \d\d:\d\d"):
        actions.edit_report(actor=staff, report=report, entry=ReportEntry("1"), version=1, reason="x")
    assert Report.objects.get(pk=report.pk).report_due.iso == "2027"
    kept = ObligationEntry("Ander", obligation.treaty)
    actions.edit_obligation(actor=staff2, obligation=obligation, entry=kept, version=1, reason="x")
    with pytest.raises(Conflict, match="Bart Beheerder"):
        actions.edit_obligation(actor=staff, obligation=obligation, entry=kept, version=1, reason="x")


def test_a_refusal_tells_everything_and_writes_nothing(staff: User, make_obligation: Any) -> None:
    obligation = make_obligation()
    before = Change.objects.count()
    entry = ReportEntry("", dates(report_submitted="2020", dialogue_from="2019"))
    with pytest.raises(Refused) as refused:
        actions.add_report(actor=staff, obligation=obligation, entry=entry, reason=" ")
    assert {blocker.field for blocker in refused.value.blockers} == {"label", "dialogue_from", "reason"}
    assert (Report.objects.count(), Change.objects.count()) == (0, before)


@pytest.mark.parametrize("person", ["reader", "auditor"])
def test_who_may_not_is_refused(
    person: str, request: pytest.FixtureRequest, make_obligation: Any, make_report: Any
) -> None:
    actor = request.getfixturevalue(person)
    obligation = make_obligation()
    report = make_report(obligation)
    entry, obliged = ReportEntry("2"), ObligationEntry("UPR", is_political=True)
    for do in (
        lambda: actions.add_obligation(actor=actor, entry=obliged, reason="x"),
        lambda: actions.edit_obligation(actor=actor, obligation=obligation, entry=obliged, version=1, reason="x"),
        lambda: actions.add_report(actor=actor, obligation=obligation, entry=entry, reason="x"),
        lambda: actions.edit_report(actor=actor, report=report, entry=entry, version=1, reason="x"),
    ):
        with pytest.raises(Refused) as refused:
            do()
        assert [blocker.code for blocker in refused.value.blockers] == ["not_allowed"]


def test_the_same_form_counts_once(staff: User, make_obligation: Any) -> None:
    obligation, token = make_obligation(), uuid4()
    actions.add_report(actor=staff, obligation=obligation, entry=ReportEntry("1"), reason="x", submission=token)
    with pytest.raises(AlreadyDone):
        actions.add_report(actor=staff, obligation=obligation, entry=ReportEntry("1"), reason="x", submission=token)
    assert obligation.reports.count() == 1


def test_nothing_is_written_outside_an_action(make_obligation: Any) -> None:
    obligation = make_obligation()
    obligation.note = "quietly"
    with pytest.raises(NoChange):
        obligation.save()


@pytest.mark.parametrize("table", ["reporting_obligation", "reporting_report", "reporting_historicalreport"])
def test_the_database_refuses_to_delete(table: str, make_obligation: Any, make_report: Any) -> None:
    make_report(make_obligation())
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table}")  # noqa: S608 (our own tables)
