"""What follows from an entry-into-force clause: each day worked out by hand."""

from dataclasses import dataclass, field
from datetime import date

import pytest
from django.utils import translation

from treaties.choices import ActKind, ForceRule, PartyKind
from treaties.clauses import Suggestion, conflict, described, later, ordinal, sides, suggest
from treaties.dates import PartialDate, parse


@dataclass(frozen=True)
class Party:
    code: str
    name: str
    kind: str = PartyKind.STATE


@dataclass(frozen=True)
class Act:
    kind: str
    when: PartialDate
    party: Party | None = None
    is_retracted: bool = False


@dataclass(frozen=True)
class Clause:
    rule: str
    months: int | None = None
    days: int | None = None
    count: int | None = None
    on: date | None = None
    parties: list[Party] = field(default_factory=list)


NL, FR, US, BE = Party("NL", "Netherlands"), Party("FR", "France"), Party("US", "United States"), Party("BE", "Belgium")
VLG, VG, WAL = (
    Party(code, name, PartyKind.BELGIAN_ENTITY)
    for code, name in (("BE-VLG", "Flemish Region"), ("X-BE-VG", "Flemish Community"), ("BE-WAL", "Walloon Region"))
)
BENELUX = Party("X-BENELUX", "Benelux Union", PartyKind.ORGANISATION)
PAIR = [NL, VLG]
MONTH, DAYS = ForceRule.MONTH_AFTER_NOTIFICATIONS, ForceRule.DAYS_AFTER_NOTIFICATIONS
NTH, MONTH_NTH = ForceRule.AFTER_RATIFICATIONS, ForceRule.MONTH_AFTER_RATIFICATIONS
SIGNED = ForceRule.ON_SIGNATURE


def told(when: str, party: Party | None = None, kind: str = ActKind.NOTIFICATION) -> Act:
    return Act(kind, parse(when), party)


def deposit(when: str, party: Party | None = None) -> Act:
    return told(when, party, ActKind.DEPOSIT)


def signature(when: str, party: Party | None = None) -> Act:
    return told(when, party, ActKind.SIGNATURE)


def two(last: str, first: str = "2000-01-01") -> list[Act]:
    """Flanders notified first, the Netherlands last."""
    return [told(first), told(last, NL)]


CASES: list[tuple[str, Clause, list[Act], str]] = [
    # First day of the n-th month after the last notification
    ("15 January, second month after: 1 March", Clause(MONTH, 2, parties=PAIR), two("2008-01-15"), "2008-03-01"),
    ("over the turn of the year", Clause(MONTH, 2, parties=PAIR), two("2007-12-31"), "2008-02-01"),
    ("a first day of the month is in that month", Clause(MONTH, 2, parties=PAIR), two("2008-08-01"), "2008-10-01"),
    ("the month is enough", Clause(MONTH, 2, parties=PAIR), two("2008-08"), "2008-10-01"),
    ("the year is not", Clause(MONTH, 2, parties=PAIR), two("2008"), ""),
    ("a year that cannot be the last one", Clause(MONTH, 2, parties=PAIR), two("2008-08-15", "2007"), "2008-10-01"),
    ("a year that can be the last one", Clause(MONTH, 2, parties=PAIR), two("2008-08-15", "2008"), ""),
    ("Flanders was last", Clause(MONTH, 2, parties=PAIR), two("2008-01-02", "2008-05-30"), "2008-07-01"),
    ("the other party did not notify", Clause(MONTH, 2, parties=PAIR), [told("2008-01-15")], ""),
    ("Flanders did not notify", Clause(MONTH, 2, parties=PAIR), [told("2008-01-15", NL)], ""),
    ("nobody notified", Clause(MONTH, 2, parties=PAIR), [], ""),
    ("a notification without a date", Clause(MONTH, 2, parties=PAIR), two(""), ""),
    (
        "the own entity is named",
        Clause(MONTH, 2, parties=PAIR),
        [told("2008-01-15", VLG), told("2007", NL)],
        "2008-03-01",
    ),
    ("two own entities are one side", Clause(MONTH, 2, parties=[NL, VG, VLG]), two("2008-08-20"), "2008-10-01"),
    ("the very next month", Clause(MONTH, 1, parties=PAIR), two("2024-01-31"), "2024-02-01"),
    ("the third month", Clause(MONTH, 3, parties=PAIR), two("2023-11-30"), "2024-02-01"),
    (
        "with Belgium as party its entities have no say",
        Clause(MONTH, 2, parties=[BE, BENELUX]),
        [told("2015-11-01", BE), told("2015-12-14", BENELUX), told("2019-01-01", WAL)],
        "2016-02-01",
    ),
    (
        "without Belgium the Walloon Region notifies for itself",
        Clause(MONTH, 2, parties=[FR, VLG, WAL]),
        [told("2021-05-01"), told("2021-05-02", FR)],
        "",
    ),
    (
        "all three did",
        Clause(MONTH, 2, parties=[FR, VLG, WAL]),
        [told("2021-05-01"), told("2021-05-02", FR), told("2021-05-26", WAL)],
        "2021-07-01",
    ),
    ("no other party is named", Clause(MONTH, 2, parties=[VLG]), [told("2008-01-15")], ""),
    (
        "a retracted notification does not count",
        Clause(MONTH, 2, parties=PAIR),
        [*two("2008-01-15"), Act(ActKind.NOTIFICATION, parse("2009-01-01"), NL, is_retracted=True)],
        "2008-03-01",
    ),
    ("other acts do not count", Clause(MONTH, 2, parties=PAIR), [told("2008-01-15"), deposit("2008-01-15", NL)], ""),
    # Days after the last notification
    ("thirty days in a leap year", Clause(DAYS, days=30, parties=PAIR), two("2024-01-31"), "2024-03-01"),
    ("thirty days in another year", Clause(DAYS, days=30, parties=PAIR), two("2023-01-31"), "2023-03-02"),
    ("on the day itself", Clause(DAYS, days=0, parties=PAIR), two("2023-01-31"), "2023-01-31"),
    ("sixty days over the new year", Clause(DAYS, days=60, parties=PAIR), two("2007-11-15"), "2008-01-14"),
    ("days need the day", Clause(DAYS, days=30, parties=PAIR), two("2008-08"), ""),
    # The n-th ratification
    (
        "ninety days after the third (as the Arms Trade Treaty after the fiftieth)",
        Clause(NTH, days=90, count=3),
        [deposit("2014-09-25", US), deposit("2014-01-10", NL), deposit("2014-02-01", FR)],
        "2014-12-24",
    ),
    (
        "sixth month after the second (as the Convention on Cluster Munitions after the thirtieth)",
        Clause(MONTH_NTH, 6, count=2),
        [deposit("2010-01-05", NL), deposit("2010-02-16", FR), deposit("2011-01-01", US)],
        "2010-08-01",
    ),
    ("too few", Clause(NTH, days=90, count=3), [deposit("2014-01-10", NL), deposit("2014-02-01", FR)], ""),
    ("one month after 31 January", Clause(NTH, 1, count=1), [deposit("2024-01-31", NL)], "2024-02-29"),
    (
        "an unknown date can be the first",
        Clause(NTH, days=0, count=1),
        [deposit("2010-01-01", NL), deposit("", FR)],
        "",
    ),
    (
        "an unknown date that changes nothing",
        Clause(NTH, days=0, count=2),
        [deposit("2010-01-01", NL), deposit("2010-01-01", US), deposit("", FR)],
        "2010-01-01",
    ),
    (
        "the month of the second is enough",
        Clause(MONTH_NTH, 6, count=2),
        [deposit("2010-02", NL), deposit("2010-01-05", FR)],
        "2010-08-01",
    ),
    (
        "the deposit counts, not the ratification before it",
        Clause(NTH, days=0, count=1),
        [told("2010-01-01", NL, ActKind.RATIFICATION), deposit("2010-03-01", NL)],
        "2010-03-01",
    ),
    (
        "a decision of Flanders binds nobody yet",
        Clause(NTH, days=0, count=1),
        [told("2010-01-01", None, ActKind.RATIFICATION)],
        "",
    ),
    # Signature and a fixed day
    ("on signature", Clause(SIGNED, parties=PAIR), [signature("2012-02-03")], "2012-02-03"),
    (
        "on the last signature",
        Clause(SIGNED, parties=PAIR),
        [signature("2012-02-03", VLG), signature("2012-02-10", NL)],
        "2012-02-10",
    ),
    ("one party has not signed", Clause(SIGNED, parties=PAIR), [signature("2012-02-03", VLG)], ""),
    ("signed in a month", Clause(SIGNED, parties=PAIR), [signature("2012-02")], ""),
    ("signed, nobody knows when", Clause(SIGNED, parties=PAIR), [signature("")], ""),
    ("not signed", Clause(SIGNED, parties=PAIR), [], ""),
    ("a fixed day", Clause(ForceRule.FIXED_DATE, on=date(2005, 1, 1)), [], "2005-01-01"),
]


@pytest.mark.parametrize(("clause", "acts", "day"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_the_day_by_the_clause(clause: Clause, acts: list[Act], day: str) -> None:
    found = suggest(clause, acts)
    assert (found.when.isoformat() if found.when else "") == day
    assert found.working
    # Either a day, or what is not known yet: never both and never neither.
    assert bool(found.why_not) == (found.when is None)


def test_every_rule_has_cases() -> None:
    assert {case[1].rule for case in CASES} == set(ForceRule)


def test_the_working_out_is_told_step_by_step() -> None:
    with translation.override("en"):
        found = suggest(Clause(MONTH, 2, parties=[NL, VG, VLG]), two("2008-08-20", "2008-07-18"))
    assert found.working == (
        "The first day of the second month after the last notification.",
        "Notification of Flanders: 18 July 2008.",
        "Notification of Netherlands: 20 August 2008.",
        "That leads to 1 October 2008.",
    )


@pytest.mark.parametrize(
    ("clause", "acts", "why_not"),
    [
        (Clause(MONTH, 2, parties=PAIR), [told("2008")], ["No notification of Netherlands is known."]),
        (
            Clause(MONTH, 2, parties=PAIR),
            [told("")],
            [
                "No notification of Netherlands is known.",
                "The date of the notification of Flanders is not known.",
            ],
        ),
        (Clause(MONTH, 2, parties=PAIR), two("2008"), ["The last notification is known only as 2008."]),
        (
            Clause(MONTH, 2, parties=[VLG]),
            [told("2008-01-15")],
            ["The register does not name the other party."],
        ),
        (
            Clause(NTH, days=90, count=50),
            [deposit("2010-01-01", NL)],
            ["The register holds 1 ratification of the 50 that are needed."],
        ),
        (
            Clause(NTH, days=90, count=1),
            [deposit("2010", NL)],
            ["The date of the first ratification is not known to the day."],
        ),
        (Clause(SIGNED, parties=PAIR), [signature("2012", VLG)], ["No signature of Netherlands is known."]),
        (Clause(SIGNED, parties=PAIR), [signature("2012")], ["The last signature is known only as 2012."]),
        (Clause(ForceRule.FIXED_DATE), [], ["The clause gives no day."]),
    ],
)
def test_what_is_not_known_yet_is_said(clause: Clause, acts: list[Act], why_not: list[str]) -> None:
    with translation.override("en"):
        assert list(suggest(clause, acts).why_not) == why_not


@pytest.mark.parametrize(
    ("day", "stated", "differs"),
    [
        ("2008-10-01", "2008-10-01", False),
        ("2008-10-01", "2008-10", False),
        ("2008-10-01", "2008", False),
        ("2008-10-01", "2008-09", True),
        ("2008-10-01", "2008-10-02", True),
        ("2008-10-01", "", False),
        ("", "2008-10-01", False),
    ],
)
def test_a_conflict_is_only_what_cannot_be_the_same_day(day: str, stated: str, differs: bool) -> None:
    suggestion = Suggestion(date.fromisoformat(day) if day else None)
    with translation.override("en"):
        assert bool(conflict(suggestion, parse(stated))) is differs


def test_a_conflict_gives_both_days_and_keeps_the_stated_one() -> None:
    with translation.override("en"):
        assert conflict(Suggestion(date(1997, 3, 1)), parse("1/7/1996")) == (
            "By the clause the treaty would enter into force on 1 March 1997; stated is 1 July 1996."
            " The stated date is kept."
        )


@pytest.mark.parametrize(
    ("clause", "words"),
    [
        (Clause(DAYS, days=1), "1 day after the last notification."),
        (Clause(NTH, 3, count=22), "3 months after the 22nd ratification."),
        (Clause(MONTH_NTH, 6, count=30), "The first day of the sixth month after the 30th ratification."),
        (Clause(SIGNED), "On the day of signature."),
        (Clause(ForceRule.FIXED_DATE, on=date(2005, 1, 1)), "On a fixed day."),
    ],
)
def test_a_rule_in_words(clause: Clause, words: str) -> None:
    with translation.override("en"):
        assert described(clause) == words


@pytest.mark.parametrize(
    ("number", "english", "dutch"),
    [
        (1, "first", "eerste"),
        (12, "twelfth", "twaalfde"),
        (13, "13th", "13e"),
        (21, "21st", "21e"),
        (111, "111th", "111e"),
    ],
)
def test_ordinals(number: int, english: str, dutch: str) -> None:
    with translation.override("en"):
        assert ordinal(number) == english
    with translation.override("nl"):
        assert ordinal(number) == dutch


def test_a_month_later_ends_where_the_month_ends() -> None:
    assert later(date(2023, 12, 31), 2) == date(2024, 2, 29)
    assert later(date(2023, 12, 31), 0) == date(2023, 12, 31)
    assert later(date(2023, 12, 31), 12) == date(2024, 12, 31)


def test_sides() -> None:
    with translation.override("en"):
        assert sides([NL, VG, VLG]) == {"": "Flanders", "NL": "Netherlands"}
        assert sides([BE, WAL, VLG, FR]) == {"": "Belgium", "FR": "France"}
        assert sides([]) == {"": "Flanders"}
