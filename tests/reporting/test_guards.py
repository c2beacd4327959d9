"""Everything that is wrong, at once; and what is odd but possible is taken."""

from datetime import date
from typing import Any

import pytest

from reporting.cycle import DATE_NAMES
from reporting.guards import DONE, ORDER, ObligationEntry, ReportEntry, obligation_problems, report_problems
from tests.reporting.conftest import dates

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 10)


def codes(problems: list[Any]) -> dict[str, str]:
    return {problem.code: problem.field for problem in problems}


@pytest.mark.parametrize(("first", "second"), [(first, second) for first, second, _sentence in ORDER])
def test_what_cannot_come_first_is_refused(first: str, second: str, make_obligation: Any) -> None:
    wrong = ReportEntry("1", dates(**{first: "2020-05", second: "2020-04-30"}))
    assert f"{second}_before_{first}" in codes(report_problems(wrong, "x", TODAY, make_obligation()))
    # The same month, or the year it lies in: possible.
    for when in ("2020-05", "2020"):
        fine = ReportEntry("1", dates(**{"dialogue_from": "2020", first: "2020-05", second: when}))
        assert report_problems(fine, "x", TODAY, make_obligation(f"Comité {when}")) == []


def test_every_problem_is_told_at_once(make_obligation: Any) -> None:
    wrong = dates(
        period_from="2020",
        period_to="2019",
        report_submitted="2024-06",
        issues_received="2025-03",
        issues_answered="2025-01",
        dialogue_from="2024-05",
        dialogue_to="2024-04-30",
        observations_on="2024-03",
        closed_on="2027",
    )
    problems = report_problems(ReportEntry(" ", wrong, note="a\x07"), "", TODAY, make_obligation())
    assert {(problem.code, problem.field) for problem in problems} >= {
        ("text", "label"),
        ("text", "note"),
        ("text", "reason"),
        ("future", "closed_on"),
        ("period_to_before_period_from", "period_to"),
        ("issues_answered_before_issues_received", "issues_answered"),
        ("dialogue_from_before_report_submitted", "dialogue_from"),
        ("dialogue_from_before_issues_received", "dialogue_from"),
        ("dialogue_to_before_dialogue_from", "dialogue_to"),
        ("observations_on_before_report_submitted", "observations_on"),
        ("observations_on_before_dialogue_from", "observations_on"),
    }


def test_a_list_of_issues_before_the_report_and_a_late_contribution_are_possible(make_obligation: Any) -> None:
    odd = dates(issues_received="2023-02", report_submitted="2024-06", contribution_sent="2024-07")
    assert report_problems(ReportEntry("1", odd), "x", TODAY, make_obligation()) == []


def test_what_is_done_does_not_lie_in_the_future_what_is_announced_may(make_obligation: Any) -> None:
    obligation = make_obligation()
    announced = dates(contribution_due="2027", report_due="2027", dialogue_from="2028", follow_up_due="2030")
    assert report_problems(ReportEntry("1", announced), "x", TODAY, obligation) == []
    assert set(DONE) < set(DATE_NAMES)
    for name in DONE:
        problems = report_problems(ReportEntry("1", dates(**{name: "2026-03-11"})), "x", TODAY, obligation)
        assert codes(problems) == {"future": name}


def test_the_last_day_of_a_dialogue_needs_the_first(make_obligation: Any) -> None:
    problems = report_problems(ReportEntry("1", dates(dialogue_to="2025")), "x", TODAY, make_obligation())
    assert codes(problems) == {"dialogue_without_start": "dialogue_from"}


def test_a_number_is_used_once_per_obligation(make_obligation: Any, make_report: Any) -> None:
    one, other = make_obligation("A"), make_obligation("B")
    report = make_report(one, "2-3")
    assert codes(report_problems(ReportEntry(" 2-3 "), "x", TODAY, one)) == {"report_once": "label"}
    assert report_problems(ReportEntry("2-3"), "x", TODAY, one, report) == []
    assert report_problems(ReportEntry("2-3"), "x", TODAY, other) == []


def test_an_obligation_needs_a_treaty_or_is_political() -> None:
    assert codes(obligation_problems(ObligationEntry("UPR"), "x")) == {"no_treaty": "treaty"}
    assert obligation_problems(ObligationEntry("UPR", is_political=True), "x") == []


def test_everything_wrong_with_an_obligation_at_once() -> None:
    entry = ObligationEntry("", first_due_months=0, cycle_years=51, coordinator="x" * 301)
    found = {(problem.code, problem.field) for problem in obligation_problems(entry, " ")}
    assert found == {
        ("text", "body_nl"),
        ("text", "coordinator"),
        ("text", "reason"),
        ("no_treaty", "treaty"),
        ("number", "first_due_months"),
        ("number", "cycle_years"),
    }


def test_the_same_body_under_the_same_treaty_is_one_obligation(make_obligation: Any) -> None:
    one = make_obligation("Comité")
    again = ObligationEntry(" Comité ", one.treaty)
    assert codes(obligation_problems(again, "x")) == {"obligation_once": "body_nl"}
    assert obligation_problems(again, "x", one) == []
    make_obligation("UPR", is_political=True)
    assert codes(obligation_problems(ObligationEntry("UPR", is_political=True), "x")) == {"obligation_once": "body_nl"}
