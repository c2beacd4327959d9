"""Dates that cannot agree with each other are flagged; everything that can be true is left alone."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.utils import translation

from treaties.anomalies import anomalies
from treaties.choices import ActKind
from treaties.dates import UNKNOWN, PartialDate, parse


@dataclass(frozen=True)
class Act:
    kind: str
    when: PartialDate
    party_name: str = ""
    source: str = ""
    is_retracted: bool = False
    territory_name: str = ""
    scope: str = ""
    effect: PartialDate = UNKNOWN

    def get_kind_display(self) -> str:
        return str(ActKind(self.kind).label)


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


# --- Each of the other findings, and what is left alone beside it ------------------------------------------------


def act(kind: ActKind, when: str, party: str = "", effect: str = "", **kw: Any) -> Act:
    return Act(kind, parse(when), party, kw.pop("source", ""), effect=parse(effect), **kw)


def codes(*acts: Act) -> list[str]:
    return [one.code for one in anomalies(acts)]


@pytest.mark.parametrize(
    ("acts", "expected"),
    [
        # Entry into force before signature.
        ([force("2010"), act(ActKind.SIGNATURE, "2011-05-02")], ["in_force_before_signature"]),
        ([force("2011"), act(ActKind.SIGNATURE, "2011-05-02")], []),
        ([force("2010"), act(ActKind.SIGNATURE, "2011"), act(ActKind.SIGNATURE, "2009", "NL")], []),
        ([force("2010", "NL"), act(ActKind.SIGNATURE, "2011", "NL")], ["in_force_before_signature"]),
        ([force("2010"), act(ActKind.SIGNATURE, "")], []),
        ([force("2010"), act(ActKind.ACCESSION, "2011", "NL")], []),
        # End before entry into force.
        ([force("2010"), act(ActKind.END, "2009")], ["ended_before_in_force"]),
        ([force("2010"), act(ActKind.EXPIRY, "2009-12-31")], ["ended_before_in_force"]),
        ([force("2010"), act(ActKind.DENUNCIATION, "2008", effect="2009")], ["ended_before_in_force"]),
        ([force("2010"), act(ActKind.DENUNCIATION, "2008")], []),
        ([force("2005", "NL"), act(ActKind.END, "2009", "NL"), force("2010", "NL")], []),  # left and came back
        ([force("2010"), act(ActKind.END, "2009", "NL")], []),  # another one's
        ([force("2010"), act(ActKind.END, "2009", scope="Annex")], []),
        # Deposit before the instrument.
        ([act(ActKind.RATIFICATION, "2010", "NL"), act(ActKind.DEPOSIT, "2009", "NL")], ["deposit_before_instrument"]),
        ([act(ActKind.ACCESSION, "2010", "NL"), act(ActKind.DEPOSIT, "2010", "NL")], []),
        ([act(ActKind.RATIFICATION, "2010", "NL"), act(ActKind.DEPOSIT, "2009", "FR")], []),
        # Effect before the act.
        ([act(ActKind.DENUNCIATION, "2010-05-01", effect="2010-04-30")], ["denounced_before_notice"]),
        ([act(ActKind.DENUNCIATION, "2010-05-01", effect="2010")], []),
        ([act(ActKind.RATIFICATION, "2010-05-01", effect="2009")], ["effect_before_act"]),
        ([act(ActKind.RATIFICATION, "", effect="2009")], []),
        ([act(ActKind.RATIFICATION, "2010", effect="2009", is_retracted=True)], []),
    ],
)  # fmt: skip
def test_what_is_odd_is_found_and_nothing_else(acts: list[Act], expected: list[str]) -> None:
    assert codes(*acts) == expected


def test_a_denunciation_effective_before_its_notice_is_said_with_both_dates() -> None:
    with translation.override("en"):
        (found,) = anomalies([act(ActKind.DENUNCIATION, "2010-05-01", "Canada", "2009-05-01", source="S1")])
    assert found.sentence == (
        "The denunciation would take effect on 1 May 2009 (Canada), before its notice of 1 May 2010."
        " Both dates are kept."
    )
    assert found.sources == ("S1",)


@dataclass(frozen=True)
class Stated:
    pk: int
    when: PartialDate
    party_name: str = "Canada"
    withdrawn: PartialDate = UNKNOWN
    objects_to_id: int | None = None
    source: str = ""
    is_retracted: bool = False

    def get_kind_display(self) -> str:
        return "reservation"


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ([Stated(1, parse("2010"), withdrawn=parse("2009"))], ["withdrawn_before_made"]),
        ([Stated(1, parse("2010"), withdrawn=parse("2010"))], []),
        ([Stated(1, parse("2010"), withdrawn=parse("2009"), is_retracted=True)], []),
        (
            [Stated(1, parse("2010")), Stated(2, parse("2009"), "Japan", objects_to_id=1)],
            ["objection_before_reservation"],
        ),
        ([Stated(1, parse("2010")), Stated(2, parse("2011"), "Japan", objects_to_id=1)], []),
        ([Stated(2, parse("2009"), "Japan", objects_to_id=1)], []),  # the other one is not there
        ([Stated(1, UNKNOWN), Stated(2, parse("2009"), "Japan", objects_to_id=1)], []),
    ],
)
def test_what_was_stated_in_an_odd_order(stated: list[Stated], expected: list[str]) -> None:
    assert [one.code for one in anomalies([], stated)] == expected
