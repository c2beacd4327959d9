"""What an obligation adds up to, from the record of its treaty and its reports."""

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import translation

from accounts.models import User
from reporting import queries
from reporting.choices import FirstDueFrom, ReportStage
from reporting.models import Obligation
from treaties.actions import record_act, retract_act
from treaties.choices import ActKind
from treaties.dates import parse
from treaties.models import Party

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 10)


def state(obligation: Obligation, person: User) -> queries.State:
    return queries.state(queries.obligations(person).get(pk=obligation.pk), TODAY)


def test_reporting_is_internal(staff: User, reviewer: User, auditor: User, reader: User, make_obligation: Any) -> None:
    make_obligation()
    for person in (staff, reviewer, auditor):
        assert queries.obligations(person).count() == len(queries.bodies(person)) == 1
    for other in (reader, AnonymousUser()):
        assert queries.obligations(other).count() == len(queries.bodies(other)) == 0


def test_the_first_report_counts_from_the_act_of_belgium(staff: User, make_treaty: Any, make_obligation: Any) -> None:
    treaty = make_treaty()
    for code, kind, when in (
        ("", ActKind.ENTRY_INTO_FORCE, "2008-05-03"),
        ("NL", ActKind.ENTRY_INTO_FORCE, "2016-07-14"),
        ("BE", ActKind.RATIFICATION, "2009-07-02"),
        ("BE", ActKind.ENTRY_INTO_FORCE, "2009-08-01"),
    ):
        party = Party.objects.get(code=code) if code else None
        act = record_act(actor=staff, treaty=treaty, kind=kind, when=parse(when), party=party, reason="x")
    force = make_obligation("A", treaty=treaty, first_due_months=24)
    bound = make_obligation("B", treaty=treaty, first_due_months=24, first_due_from=FirstDueFrom.RATIFICATION)
    assert state(force, staff).next_date.iso == "2011-08-01"
    assert state(bound, staff).next_date.iso == "2011-07-02"
    retract_act(actor=staff, act=act, reason="wrong")
    assert state(force, staff).next_date.iso == ""


def test_the_current_report_is_the_last_in_time(staff: User, make_obligation: Any, make_report: Any) -> None:
    obligation = make_obligation(cycle_years=4)
    make_report(obligation, "8", report_due="2020")
    make_report(obligation, "7", report_submitted="2012-10")
    now = state(obligation, staff)
    assert [report.label for report in now.reports] == ["7", "8"]
    assert now.current is not None
    assert now.standing is not None
    assert now.current.label == "8"
    assert now.standing.stage == ReportStage.TO_PREPARE
    assert (now.is_overdue, now.next_date.iso, now.suggestion) == (True, "2020", None)


def test_overdue_first_then_by_date_and_unknown_last(staff: User, make_obligation: Any, make_report: Any) -> None:
    for body, due in (("A", ""), ("B", "2026-09"), ("C", "2026-04"), ("D", "2025-01"), ("E", "2024-01")):
        make_report(make_obligation(body), report_due=due)
    suggested = make_obligation("F", cycle_years=5)
    make_report(suggested, report_submitted="2021-06", closed_on="2022")
    listed = queries.states(queries.obligations(staff), TODAY)
    assert [one.obligation.body_nl for one in listed] == ["E", "D", "C", "F", "B", "A"]


def test_bodies_are_named_in_the_readers_language(staff: User, make_obligation: Any) -> None:
    make_obligation("Comité", body_en="Committee")
    make_obligation("Comité", body_en="Committee")
    make_obligation("Raad")
    assert queries.bodies(staff) == [("Comité", "Comité"), ("Raad", "Raad")]
    with translation.override("en"):
        assert queries.bodies(staff) == [("Comité", "Committee"), ("Raad", "Raad")]
