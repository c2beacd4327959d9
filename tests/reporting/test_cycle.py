"""Where a report stands, and when the next is due: pure, on any day."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from reporting.choices import DueKind, FirstDueFrom, ReportStage
from reporting.cycle import DATE_NAMES, SOON_DAYS, Dates, Rule, Why, in_order, later, stand, suggest
from tests.reporting.conftest import dates
from treaties.choices import Precision
from treaties.dates import UNKNOWN, PartialDate, parse

TODAY = date(2026, 3, 10)
FULL = {
    "contribution_due": "2024-01-15",
    "contribution_sent": "2024-02-01",
    "report_due": "2024-06",
    "report_submitted": "2024-06-20",
    "issues_received": "2025-01-10",
    "issues_answered": "2025-03-10",
    "dialogue_from": "2025-05-15",
    "dialogue_to": "2025-05-16",
    "observations_on": "2025-06-08",
    "follow_up_due": "2027-06-08",
    "follow_up_sent": "2027-05-01",
}
PRECISIONS = st.sampled_from([Precision.DAY, Precision.MONTH, Precision.YEAR])


@st.composite
def partial_dates(draw: st.DrawFn) -> PartialDate:
    precision = draw(PRECISIONS)
    on = draw(st.dates(date(1950, 1, 1), date(2150, 12, 31)))
    if precision != Precision.DAY:
        on = on.replace(day=1)
    return PartialDate(on.replace(month=1) if precision == Precision.YEAR else on, precision)


@pytest.mark.parametrize(
    ("on", "stage"),
    [
        ("2024-01-15", ReportStage.CONTRIBUTION_DUE),
        ("2024-01-16", ReportStage.CONTRIBUTION_OVERDUE),
        ("2024-02-01", ReportStage.CONTRIBUTION_SENT),
        ("2024-06-20", ReportStage.SUBMITTED),
        ("2025-01-10", ReportStage.ISSUES_OPEN),
        ("2025-03-10", ReportStage.ISSUES_ANSWERED),
        ("2025-05-15", ReportStage.ISSUES_ANSWERED),
        ("2025-05-16", ReportStage.DIALOGUE_HELD),
        ("2025-06-08", ReportStage.FOLLOW_UP_DUE),
        ("2027-05-01", ReportStage.CLOSED),
    ],
)
def test_a_report_passes_through_its_stages(on: str, stage: ReportStage) -> None:
    assert stand(dates(**FULL), date.fromisoformat(on)).stage == stage


def test_nothing_known_is_to_be_prepared_and_has_no_due_date() -> None:
    standing = stand(Dates(), TODAY)
    assert (standing.stage, standing.due, standing.is_overdue) == (ReportStage.TO_PREPARE, None, False)


def test_observations_without_a_follow_up() -> None:
    assert stand(dates(observations_on="2025"), TODAY).stage == ReportStage.OBSERVATIONS_RECEIVED
    assert stand(dates(observations_on="2025", closed_on="2026-03"), TODAY).stage == ReportStage.CLOSED


@pytest.mark.parametrize(
    ("when", "days_left", "overdue", "soon"),
    [
        ("2026-03-09", -1, True, False),
        ("2026-03-10", 0, False, True),
        ("2026-03", 21, False, True),
        ("2026-05-09", SOON_DAYS, False, True),
        ("2026-05-10", SOON_DAYS + 1, False, False),
        ("2025", -69, True, False),
        ("2026", 296, False, False),
    ],
)
def test_a_term_ends_with_the_last_day_its_date_can_mean(when: str, days_left: int, overdue: bool, soon: bool) -> None:
    due = stand(dates(contribution_due=when), TODAY).due
    assert due is not None
    assert (due.kind, due.days_left, due.is_overdue, due.is_soon) == (DueKind.CONTRIBUTION, days_left, overdue, soon)


@pytest.mark.parametrize(
    ("known", "kind", "when"),
    [
        ({"contribution_due": "2026-05", "report_due": "2026-04"}, DueKind.REPORT, "2026-04"),
        ({"contribution_due": "2026-04", "contribution_sent": "2026-02", "report_due": "2026-08"}, "report", "2026-08"),
        ({"report_due": "2025", "dialogue_from": "2026-10"}, "report", "2025"),
        ({"report_due": "2025", "issues_answered": "2026-01", "dialogue_from": "2026-10"}, "dialogue", "2026-10"),
        ({"observations_on": "2025-06", "follow_up_due": "2027-06-08"}, "follow_up", "2027-06-08"),
        ({"report_submitted": "2026-01", "contribution_due": "2025-12", "dialogue_from": "2027"}, "dialogue", "2027"),
    ],
)
def test_what_is_due_first_is_what_was_not_done(known: dict[str, str], kind: str, when: str) -> None:
    due = stand(dates(**known), TODAY).due
    assert due is not None
    assert (due.kind, due.when.iso) == (kind, when)


def test_a_list_of_issues_before_the_report_is_answered_by_it() -> None:
    asked = dates(issues_received="2024-05-01")
    assert stand(asked, TODAY).stage == ReportStage.ISSUES_OPEN
    assert stand(replace(asked, report_submitted=parse("2025")), TODAY).stage == ReportStage.SUBMITTED
    # In the same year nobody can say; a list after the report is the rule.
    assert stand(replace(asked, report_submitted=parse("2024")), TODAY).stage == ReportStage.ISSUES_OPEN


def test_an_announced_dialogue_was_not_held_yet() -> None:
    announced = dates(report_submitted="2025-01-05", dialogue_from="2026-03")
    assert stand(announced, TODAY).stage == ReportStage.SUBMITTED
    assert stand(announced, date(2026, 3, 31)).stage == ReportStage.DIALOGUE_HELD


@given(st.fixed_dictionaries({name: st.just(UNKNOWN) | partial_dates() for name in DATE_NAMES}), st.dates())
def test_every_report_stands_somewhere_on_every_day(known: dict[str, PartialDate], on: date) -> None:
    standing = stand(Dates(**known), on)
    assert standing.stage in ReportStage
    if standing.due:
        assert standing.due.when in known.values()
        assert standing.due.is_overdue == (standing.due.days_left < 0)
        assert not (standing.due.kind == DueKind.DIALOGUE and standing.due.is_overdue)


@given(partial_dates(), st.dates(date(1951, 1, 1), date(2150, 1, 1)))
def test_overdue_is_exactly_after_the_last_day(when: PartialDate, on: date) -> None:
    assert when.last is not None
    assert stand(Dates(contribution_due=when), on).is_overdue == (on > when.last)


def test_reports_follow_each_other_and_one_without_dates_is_the_newest() -> None:
    seventh, eighth, ninth = dates(report_submitted="2012-10", closed_on="2026"), dates(report_due="2020"), Dates()
    assert sorted([ninth, eighth, seventh], key=in_order) == [seventh, eighth, ninth]


# The next one


@given(partial_dates(), st.integers(1, 40))
def test_a_cycle_of_years_keeps_the_precision(when: PartialDate, years: int) -> None:
    found = later(when, 12 * years)
    assert when.on
    assert found.on
    assert (found.precision, found.on.year, found.on.month) == (when.precision, when.on.year + years, when.on.month)
    assert found.on.day == when.on.day or (when.on.month, when.on.day, found.on.day) == (2, 29, 28)


@given(partial_dates(), st.integers(1, 240))
def test_months_later_is_never_more_precise_than_what_is_known(when: PartialDate, months: int) -> None:
    found = later(when, months)
    if when.precision == Precision.YEAR and months % 12:
        assert found == UNKNOWN
    else:
        assert when.on
        assert found.on
        assert found.precision == when.precision
        assert timedelta(days=27 * months) < found.on - when.on <= timedelta(days=31 * months)


@pytest.mark.parametrize(
    ("when", "months", "found"),
    [("2011-01-31", 1, "2011-02-28"), ("2011-11", 3, "2012-02"), ("2011", 24, "2013"), ("", 12, ""), ("2199", 24, "")],
)
def test_months_later(when: str, months: int, found: str) -> None:
    assert later(parse(when), months).iso == found


FIVE = Rule(cycle_years=5)


@pytest.mark.parametrize(
    ("rule", "reports", "start", "when", "why"),
    [
        (FIVE, [dates(report_due="2020-05", report_submitted="2021-02")], "", "2025-05", Why.CYCLE_FROM_DUE),
        (FIVE, [dates(report_submitted="2021-02-03")], "", "2026-02-03", Why.CYCLE_FROM_SUBMITTED),
        (FIVE, [dates(report_submitted="2016"), Dates()], "", "2021", Why.CYCLE_FROM_SUBMITTED),
        (FIVE, [dates(report_submitted="2016"), dates(dialogue_from="2022")], "", "", Why.NO_DATES),
        (FIVE, [], "2009-08-01", "", Why.NO_REPORT),
        (Rule(), [], "2009-08-01", "", Why.NO_RULE),
        (Rule(24), [dates(report_submitted="2011")], "2009", "", Why.NO_CYCLE),
        (Rule(24, cycle_years=4), [], "2009-08-01", "2011-08-01", Why.FIRST_FROM_FORCE),
        (Rule(24, FirstDueFrom.RATIFICATION), [Dates()], "2009-07", "2011-07", Why.FIRST_FROM_RATIFICATION),
        (Rule(24), [], "", "", Why.NO_START),
        (Rule(18), [], "2009", "", Why.NOT_EXACT),
        (Rule(cycle_years=5, is_political=True), [dates(dialogue_from="2015")], "", "2020", Why.CYCLE_FROM_REVIEW),
        (FIVE, [dates(dialogue_from="2015")], "", "", Why.NO_DATES),
    ],
)
def test_the_next_date_is_suggested_with_its_derivation(
    rule: Rule, reports: list[Dates], start: str, when: str, why: Why
) -> None:
    found = suggest(rule, reports, parse(start), TODAY)
    assert found is not None
    assert (found.when.iso, found.why) == (when, why)
    for language in ("nl", "en"):
        with translation.override(language):
            assert found.sentence
            assert "%" not in found.sentence


def test_nothing_is_suggested_where_the_date_is_on_record() -> None:
    assert suggest(FIVE, [dates(report_submitted="2016"), dates(report_due="2021")], UNKNOWN, TODAY) is None


def test_the_derivation_is_said_in_both_languages() -> None:
    found = suggest(FIVE, [dates(report_due="2020-05", report_submitted="2021")], UNKNOWN, TODAY)
    assert found is not None
    with translation.override("en"):
        assert found.sentence == "5 years, the cycle, after the due date of the previous report, May 2020"
    with translation.override("nl"):
        assert found.sentence == "5 jaar, de cyclus, na de termijn van het vorige verslag, mei 2020"
