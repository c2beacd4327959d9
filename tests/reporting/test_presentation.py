"""What the pages say, in words."""

from datetime import date
from typing import Any

import pytest
from django.utils import translation

from accounts.models import User
from reporting import presentation, queries
from reporting.choices import DueKind, FirstDueFrom
from reporting.cycle import Due
from reporting.models import Obligation
from treaties.dates import parse

TODAY = date(2026, 3, 10)


@pytest.mark.parametrize(
    ("days", "tone", "english", "dutch"),
    [
        (-1, "late", "was due May 2026, 1 day ago; nothing sent is on record", "1 dag geleden verstreken"),
        (0, "soon", "May 2026, today is the last day", "vandaag is de laatste dag"),
        (30, "soon", "May 2026, 30 days left", "nog 30 dagen"),
        (300, "", "May 2026, 300 days left", "nog 300 dagen"),
        (400, "", "May 2026", "mei 2026"),
        (-400, "late", "was due May 2026; nothing sent is on record", "termijn mei 2026, verstreken;"),
    ],
)
def test_how_long_it_still_is(days: int, tone: str, english: str, dutch: str) -> None:
    due = Due(DueKind.CONTRIBUTION, parse("2026-05"), days)
    with translation.override("en"):
        view = presentation.due_view(due)
        assert (view.label, view.sentence, view.tone) == ("Flemish contribution", english, tone)
    with translation.override("nl"):
        assert dutch in presentation.due_view(due).sentence


def test_the_rule_in_words() -> None:
    one = Obligation(first_due_months=24, first_due_from=FirstDueFrom.RATIFICATION, cycle_years=5)
    with translation.override("en"):
        assert presentation.rule_words(one) == [
            "first report 24 months after the ratification by Belgium",
            "every 5 years",
        ]
    with translation.override("nl"):
        assert presentation.rule_words(one)[1] == "om de 5 jaar"
    assert presentation.rule_words(Obligation()) == []


@pytest.mark.django_db
def test_a_suggestion_is_shown_only_where_nothing_is_on_record(
    staff: User, make_obligation: Any, make_report: Any
) -> None:
    obligation = make_obligation(cycle_years=5)
    make_report(obligation, "1", report_submitted="2019", closed_on="2021")

    def row() -> presentation.Row:
        return presentation.row(queries.state(queries.obligations(staff).get(), TODAY), TODAY)

    with translation.override("en"):
        now = row()
        assert now.suggestion is not None
        assert (now.stage, now.tone, now.due) == ("Closed", "ok", None)
        assert (now.suggestion.when.iso, now.suggestion.is_past) == ("2024", True)
        assert now.suggestion.why.startswith("5 years, the cycle, after the previous report was submitted, 2019")
        make_report(obligation, "2", contribution_due="2026-04", report_due="2026-09")
        now = row()
        assert now.due is not None
        assert (now.stage, now.tone, now.suggestion) == ("Flemish contribution due", "warn", None)
        assert (now.due.label, now.due.tone) == ("Flemish contribution", "soon")


@pytest.mark.django_db
def test_a_report_shows_its_known_dates_in_order(staff: User, make_obligation: Any, make_report: Any) -> None:
    obligation = make_obligation()
    make_report(obligation, "6", observations_on="2019-11-08", dialogue_from="2019-10-15", dialogue_to="2019-10-16")
    make_report(obligation, "7")
    state = queries.state(queries.obligations(staff).get(), TODAY)
    with translation.override("en"):
        views = presentation.detail(state, staff, TODAY)["reports"]
    assert [view.report.label for view in views] == ["7", "6"]
    lines = [(line.label, line.when.iso, line.until and line.until.iso) for line in views[1].lines]
    assert lines == [("Dialogue", "2019-10-15", "2019-10-16"), ("Concluding observations", "2019-11-08", None)]
    assert views[0].lines == []
