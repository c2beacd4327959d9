"""Dates that cannot agree with each other are flagged; everything that can be true is left alone."""

from dataclasses import dataclass

import pytest
from django.utils import translation

from treaties.anomalies import anomalies
from treaties.choices import ActKind
from treaties.dates import PartialDate, parse


@dataclass(frozen=True)
class Act:
    kind: str
    when: PartialDate
    party_name: str = ""
    source: str = ""
    is_retracted: bool = False


def force(when: str, party: str = "", source: str = "", is_retracted: bool = False) -> Act:
    return Act(ActKind.ENTRY_INTO_FORCE, parse(when), party, source, is_retracted)


def told(when: str, party: str = "NL", source: str = "", is_retracted: bool = False) -> Act:
    return Act(ActKind.NOTIFICATION, parse(when), party, source, is_retracted)


@pytest.mark.parametrize(
    ("acts", "count"),
    [
        ([force("1996-07-01"), told("1997-01-27")], 1),
        ([force("1996"), told("1997-01-27")], 1),
        ([force("1996-07-01"), told("1996")], 0),  # it can be earlier in that year
        ([force("1996-07"), told("1996-07-31")], 0),
        ([force("1997-01-27"), told("1997-01-27")], 0),
        ([force("1998-01-01"), told("1997-01-27")], 0),
        ([force(""), told("1997-01-27")], 0),
        ([force("1996-07-01"), told("")], 0),
        ([force("1996-07-01"), told("1997-01-27", "")], 0),  # Flanders' own
        ([force("1996-07-01", is_retracted=True), told("1997-01-27")], 0),
        ([force("1996-07-01"), told("1997-01-27", is_retracted=True)], 0),
        ([force("1996-07-01"), told("1997-01-27"), told("1998-01-27", "FR")], 2),
        # It joined a treaty that was in force already.
        ([force("1996-07-01"), told("1997-01-27"), force("1997-03-01", "NL")], 0),
        ([force("1996-07-01"), Act(ActKind.DEPOSIT, parse("1997-01-27"), "NL")], 0),
        ([], 0),
    ],
)
def test_an_entry_into_force_before_another_party_notified(acts: list[Act], count: int) -> None:
    assert [one.code for one in anomalies(acts)] == ["in_force_before_notification"] * count


def test_it_is_said_with_both_dates_and_their_sources() -> None:
    with translation.override("en"):
        (found,) = anomalies([force("1/7/1996", source="S73"), told("27/1/1997", "Netherlands", "S74")])
    assert found.sentence == (
        "The stated entry into force, 1 July 1996, lies before the notification of Netherlands, 27 January 1997."
        " The stated date is kept."
    )
    assert found.sources == ("S73", "S74")


def test_one_source_is_named_once() -> None:
    (found,) = anomalies([force("1996-07-01", source="S73"), told("1997-01-27", source="S73")])
    assert found.sources == ("S73",)
