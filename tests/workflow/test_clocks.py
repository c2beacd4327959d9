from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from treaties.dates import UNKNOWN, PartialDate, parse
from workflow.clocks import Reckoning, Stop, expiry, is_working_day, reckon
from workflow.procedures.language import NO_TEXT, Term, Unit


def term(days: int, unit: Unit = Unit.CALENDAR, *, summer: bool = False) -> Term:
    return Term(days, NO_TEXT, ("answer",), NO_TEXT, unit, summer)


@pytest.mark.parametrize(
    ("start", "days", "last"),
    [
        # The day of the start does not count: 1 + 30 = 31 January.
        ("2024-01-01", 30, "2024-01-31"),
        ("2024-01-31", 30, "2024-03-01"),
        ("2023-01-31", 30, "2023-03-02"),
        # Over 29 February.
        ("2024-02-28", 1, "2024-02-29"),
        ("2024-02-29", 30, "2024-03-30"),
        ("2023-02-28", 1, "2023-03-01"),
        ("2024-12-15", 30, "2025-01-14"),
        ("2024-12-31", 1, "2025-01-01"),
        ("2024-05-06", 60, "2024-07-05"),
        # The last day of a term in calendar days may be a Sunday or a holiday.
        ("2024-05-20", 30, "2024-06-19"),
        ("2024-06-21", 30, "2024-07-21"),
        # Daylight saving time begins and ends.
        ("2024-03-30", 1, "2024-03-31"),
        ("2024-10-26", 2, "2024-10-28"),
    ],
)
def test_calendar_days(start: str, days: int, last: str) -> None:
    assert expiry(term(days), parse(start)) == date.fromisoformat(last)


@pytest.mark.parametrize(
    ("start", "days", "last", "because"),
    [
        ("2024-01-08", 5, "2024-01-15", "Monday to the next Monday"),
        ("2024-01-12", 5, "2024-01-19", "Friday to Friday"),
        ("2024-01-13", 5, "2024-01-19", "asked on a Saturday"),
        ("2024-01-14", 1, "2024-01-15", "asked on a Sunday"),
        ("2024-03-28", 5, "2024-04-05", "Easter Monday, 1 April 2024"),
        ("2024-04-29", 5, "2024-05-07", "1 May"),
        ("2024-05-08", 5, "2024-05-16", "Ascension, 9 May 2024; the day after is worked"),
        ("2024-05-17", 5, "2024-05-27", "Whit Monday, 20 May 2024"),
        ("2025-07-18", 5, "2025-07-28", "21 July 2025, a Monday"),
        ("2024-08-14", 5, "2024-08-22", "15 August"),
        ("2024-10-31", 5, "2024-11-08", "1 November, a Friday"),
        ("2024-11-08", 5, "2024-11-18", "11 November, a Monday"),
        ("2024-12-24", 5, "2025-01-02", "Christmas and New Year"),
        ("2024-12-31", 1, "2025-01-02", "New Year"),
        ("2024-12-30", 10, "2025-01-14", "ten days over New Year"),
        ("2024-02-28", 2, "2024-03-01", "29 February is worked"),
    ],
)
def test_working_days(start: str, days: int, last: str, because: str) -> None:
    assert expiry(term(days, Unit.WORKING), parse(start)) == date.fromisoformat(last)


@pytest.mark.parametrize(
    ("start", "last", "because"),
    [
        ("2024-06-14", "2024-07-14", "ends a day before the summer"),
        ("2024-06-15", "2024-07-30", "ends on 15 July: fifteen days more"),
        ("2024-07-01", "2024-08-15", "ends on 31 July"),
        ("2024-07-14", "2024-08-28", "starts a day early but ends on 13 August"),
        ("2024-07-15", "2024-08-29", "starts on 15 July"),
        ("2024-07-16", "2024-08-30", "starts and ends in the summer"),
        ("2024-07-17", "2024-08-31", "starts on 17 July, ends on 16 August"),
        ("2024-07-31", "2024-09-14", "starts on 31 July"),
        ("2024-08-01", "2024-08-31", "starts after 31 July and ends after 15 August"),
        ("2024-05-06", "2024-06-05", "ends well before"),
    ],
)
def test_thirty_days_at_the_council_of_state_are_longer_in_summer(start: str, last: str, because: str) -> None:
    assert expiry(term(30, summer=True), parse(start)) == date.fromisoformat(last)


@pytest.mark.parametrize(("start", "last"), [("2024-08-01", "2024-08-30"), ("2024-08-02", "2024-08-16")])
def test_the_summer_ends_on_15_august(start: str, last: str) -> None:
    assert expiry(term(14, summer=True), parse(start)) == date.fromisoformat(last)


def test_other_terms_are_not_longer_in_summer() -> None:
    assert expiry(term(30), parse("2024-07-15")) == date(2024, 8, 14)


@pytest.mark.parametrize("start", ["2024", "2024-07", ""])
def test_nothing_is_computed_from_a_day_that_is_not_known(start: str) -> None:
    assert expiry(term(30), parse(start)) is None
    assert expiry(term(5, Unit.WORKING), parse(start)) is None
    assert expiry(term(30), UNKNOWN) is None


@pytest.mark.parametrize(
    "day",
    [
        "2024-01-01",
        "2024-04-01",
        "2024-05-01",
        "2024-05-09",
        "2024-05-20",
        "2024-07-21",
        "2024-08-15",
        "2024-11-01",
        "2024-11-11",
        "2024-12-25",
    ],
)
def test_the_ten_public_holidays_are_not_worked(day: str) -> None:
    assert not is_working_day(date.fromisoformat(day))


@pytest.mark.parametrize("day", ["2024-07-11", "2024-05-10", "2024-11-15", "2024-12-26", "2024-12-24", "2024-03-29"])
def test_days_that_are_no_public_holiday_are_worked(day: str) -> None:
    """Not the day of the Flemish Community, nor bridging days, nor Good Friday."""
    assert is_working_day(date.fromisoformat(day))


def test_a_year_has_ten_public_holidays() -> None:
    for year in (2023, 2024, 2025, 2026):
        days = [date(year, 1, 1) + timedelta(days=place) for place in range(366)]
        off = [day for day in days if day.year == year and day.weekday() < 5 and not is_working_day(day)]
        assert 6 <= len(off) <= 10


days = st.dates(date(1990, 1, 1), date(2040, 12, 31))


@given(days, st.integers(1, 60), st.sampled_from(Unit), st.booleans())
def test_a_term_ends_after_it_starts_and_a_longer_one_not_earlier(
    start: date, length: int, unit: Unit, summer: bool
) -> None:
    last = expiry(term(length, unit, summer=summer), PartialDate(start))
    longer = expiry(term(length + 16, unit, summer=summer), PartialDate(start))
    assert last
    assert longer
    assert start < last < longer


@given(days, st.integers(1, 20))
def test_a_term_in_working_days_holds_that_many_of_them(start: date, length: int) -> None:
    last = expiry(term(length, Unit.WORKING), PartialDate(start))
    assert last
    assert is_working_day(last)
    worked = [start + timedelta(days=place) for place in range(1, (last - start).days + 1)]
    assert sum(is_working_day(day) for day in worked) == length


C, W = Unit.CALENDAR, Unit.WORKING


@pytest.mark.parametrize(
    ("start", "days", "unit", "last", "because"),
    [
        # Calendar days, as the law gives them: 30, 45, 60.
        ("2024-02-01", 30, C, "2024-03-02", "a leap year: 29 February counts"),
        ("2023-02-01", 30, C, "2023-03-03", "no leap year"),
        ("2100-02-28", 1, C, "2100-03-01", "a century is no leap year"),
        ("2000-02-28", 1, C, "2000-02-29", "but 2000 was"),
        ("2024-12-02", 30, C, "2025-01-01", "over the end of the year, ends on a holiday"),
        ("2023-12-31", 30, C, "2024-01-30", "starts on the last day of the year"),
        ("2024-11-30", 30, C, "2024-12-30", "a month of 30 days"),
        ("2024-05-06", 45, C, "2024-06-20", "25 days left in May"),
        ("2024-01-01", 60, C, "2024-03-01", "31 + 29 = 60, one more"),
        ("2023-01-01", 60, C, "2023-03-02", "31 + 28 = 59, two more"),
        ("2023-12-31", 60, C, "2024-02-29", "31 + 29 = 60"),
        ("2022-12-31", 60, C, "2023-03-01", "31 + 28 = 59, one more"),
        ("2024-07-15", 60, C, "2024-09-13", "sixty days are not longer in summer"),
        ("2024-05-16", 60, C, "2024-07-15", "nor when they end in it"),
        # Five working days, over each public holiday of 2026.
        ("2026-04-01", 5, W, "2026-04-09", "Easter Monday, 6 April"),
        ("2026-04-28", 5, W, "2026-05-06", "1 May, a Friday"),
        ("2026-05-11", 5, W, "2026-05-19", "Ascension, 14 May"),
        ("2026-05-20", 5, W, "2026-05-28", "Whit Monday, 25 May"),
        ("2026-07-17", 5, W, "2026-07-27", "21 July, a Tuesday"),
        ("2026-08-14", 5, W, "2026-08-21", "15 August on a Saturday changes nothing"),
        ("2026-10-30", 5, W, "2026-11-06", "1 November on a Sunday changes nothing"),
        ("2026-11-09", 5, W, "2026-11-17", "11 November, a Wednesday"),
        ("2026-12-23", 5, W, "2026-12-31", "Christmas on a Friday"),
        ("2026-12-24", 5, W, "2027-01-04", "Christmas and New Year"),
        # Eight, for the general assembly and the united chambers.
        ("2024-01-08", 8, W, "2024-01-18", "no holiday between"),
        ("2024-03-27", 8, W, "2024-04-09", "Easter Monday, 1 April"),
        ("2024-04-30", 8, W, "2024-05-14", "1 May and Ascension, 9 May"),
        ("2025-07-17", 8, W, "2025-07-30", "21 July, a Monday"),
        ("2024-12-20", 8, W, "2025-01-03", "Christmas and New Year on weekdays"),
        # Ten, the least a council has.
        ("2024-01-08", 10, W, "2024-01-22", "two weeks"),
        ("2024-01-06", 10, W, "2024-01-19", "asked on a Saturday"),
        ("2024-05-07", 10, W, "2024-05-23", "Ascension, 9 May, and Whit Monday, 20 May"),
        ("2025-05-27", 10, W, "2025-06-12", "Ascension, 29 May, and Whit Monday, 9 June"),
        ("2024-10-29", 10, W, "2024-11-14", "1 and 11 November"),
        ("2025-12-19", 10, W, "2026-01-06", "Christmas and New Year"),
    ],
)
def test_terms_of_the_law(start: str, days: int, unit: Unit, last: str, because: str) -> None:
    assert expiry(term(days, unit), parse(start)) == date.fromisoformat(last)


@pytest.mark.parametrize(
    ("start", "days", "last", "because"),
    [
        ("2024-06-15", 30, "2024-07-30", "ends on 15 July: fifteen days more"),
        ("2025-06-16", 30, "2025-07-31", "ends on 16 July"),
        ("2024-05-30", 45, "2024-07-14", "ends a day before the summer"),
        ("2024-05-31", 45, "2024-07-30", "ends on 15 July"),
        ("2024-06-01", 45, "2024-07-31", "ends on 16 July"),
        ("2024-07-01", 45, "2024-08-30", "ends on 15 August"),
        ("2024-07-02", 45, "2024-08-16", "ends on 16 August, starts before 15 July"),
        ("2024-07-14", 45, "2024-08-28", "starts a day before the summer and ends after it"),
        ("2024-07-15", 45, "2024-09-13", "starts on 15 July"),
        ("2024-07-31", 45, "2024-09-29", "starts on 31 July"),
        ("2024-08-01", 45, "2024-09-15", "starts a day after"),
    ],
)
def test_summer_at_both_borders(start: str, days: int, last: str, because: str) -> None:
    assert expiry(term(days, summer=True), parse(start)) == date.fromisoformat(last)


# Thirty days from 6 May 2024 end on 5 June.
MAY_6 = parse("2024-05-06")


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def stops(*told: tuple[str, str]) -> list[Stop]:
    return [Stop(date.fromisoformat(begin), day(end)) for begin, end in told]


@pytest.mark.parametrize(
    ("until", "still", "last"),
    [
        ("2024-07-01", [], "2024-07-01"),
        ("2024-06-06", [], "2024-06-06"),
        # An extension never shortens.
        ("2024-06-05", [], "2024-06-05"),
        ("2024-06-01", [], "2024-06-05"),
        # The day it stops does not count, the day it runs again does.
        ("", [("2024-05-10", "2024-05-20")], "2024-06-15"),
        ("", [("2024-05-10", "2024-05-11")], "2024-06-06"),
        ("", [("2024-05-10", "2024-05-10")], "2024-06-05"),
        ("", [("2024-05-10", "2024-05-12"), ("2024-05-20", "2024-05-23")], "2024-06-10"),
        # The day of the start would not have counted anyway.
        ("", [("2024-05-06", "2024-05-08")], "2024-06-06"),
        ("", [("2024-06-05", "2024-06-07")], "2024-06-07"),
        # What is over cannot be stopped.
        ("", [("2024-06-06", "2024-06-20")], "2024-06-05"),
        ("", [("2024-06-06", "")], "2024-06-05"),
        ("", [("2024-05-10", "")], ""),
        ("2024-07-01", [("2024-05-10", "")], ""),
        ("", [("2024-05-10", "2024-05-20"), ("2024-06-10", "")], ""),
        ("2024-06-10", [("2024-05-10", "2024-05-20")], "2024-06-15"),
        ("2024-07-01", [("2024-05-10", "2024-05-20")], "2024-07-01"),
    ],
)
def test_extended_stopped_and_resumed(until: str, still: list[tuple[str, str]], last: str) -> None:
    assert reckon(term(30), MAY_6, until=day(until), stops=stops(*still)).last == day(last)


@pytest.mark.parametrize(
    ("still", "last"),
    [
        ([], "2024-01-15"),
        # 9 and 10, then 15, 16 and 17 January: the weekend between would not have counted.
        ([("2024-01-11", "2024-01-15")], "2024-01-17"),
        ([("2024-01-12", "2024-01-15")], "2024-01-16"),
        ([("2024-01-13", "2024-01-15")], "2024-01-15"),
    ],
)
def test_five_working_days_that_stood_still_end_on_a_working_day(still: list[tuple[str, str]], last: str) -> None:
    assert reckon(term(5, W), parse("2024-01-08"), stops=stops(*still)).last == day(last)


@pytest.mark.parametrize(
    ("start", "named", "until", "last"),
    [
        ("2024-05-06", "2024-09-30", "", "2024-09-30"),
        ("2024-05-06", "", "", ""),
        ("2024-05-06", "2024-09-30", "2024-12-31", "2024-12-31"),
        ("2024-05-06", "2024-09-30", "2024-06-30", "2024-09-30"),
        # Who names the end need not know the beginning.
        ("", "2024-09-30", "", "2024-09-30"),
        ("2024", "2024-09-30", "", "2024-09-30"),
        ("", "", "", ""),
    ],
)
def test_a_term_of_no_days_ends_on_the_day_that_is_named(start: str, named: str, until: str, last: str) -> None:
    assert reckon(term(0), parse(start), named=day(named), until=day(until)).last == day(last)


def test_a_named_day_means_nothing_to_a_term_that_is_counted() -> None:
    assert reckon(term(30), MAY_6, named=date(2024, 9, 30)).last == date(2024, 6, 5)


def test_the_target_of_the_office_stands_beside_the_law() -> None:
    inside = Term(30, NO_TEXT, ("answer",), NO_TEXT, internal_days=10)
    assert reckon(inside, MAY_6) == Reckoning(
        date(2024, 6, 5), reckon(term(30), MAY_6).working, target=date(2024, 5, 16)
    )


def said(reckoning: Reckoning) -> list[str]:
    return [text.nl for text in reckoning.working]


def test_how_it_was_found_is_said_in_words() -> None:
    summer = reckon(term(30, summer=True), parse("2024-07-15"))
    assert said(summer) == [
        "Begint op 15 juli 2024; die dag telt niet mee.",
        "30 kalenderdagen: tot en met 14 augustus 2024.",
        "Vakantieperiode: 15 dagen langer: tot en met 29 augustus 2024.",
    ]
    assert said(reckon(term(5, W), parse("2024-03-28")))[1:] == [
        "5 werkdagen, zonder 1 april 2024: tot en met 5 april 2024."
    ]
    assert said(reckon(term(30), MAY_6, until=date(2024, 7, 1)))[2:] == [
        "Verlengd door wie het advies vroeg: tot en met 1 juli 2024."
    ]
    assert said(reckon(term(30), MAY_6, stops=stops(("2024-05-10", ""))))[2:] == [
        "De termijn staat stil sinds 10 mei 2024: het einde kan nog niet bekend zijn."
    ]
    assert said(reckon(term(0), MAY_6, named=date(2024, 9, 30))) == [
        "De laatste dag is zo genoemd: tot en met 30 september 2024."
    ]
    assert said(reckon(term(0), MAY_6)) == ["De laatste dag is nog niet genoemd: het einde kan nog niet bekend zijn."]
    assert said(reckon(term(30), UNKNOWN)) == [
        "De dag waarop de termijn begon is niet bekend: het einde kan niet worden berekend."
    ]


@given(days, st.integers(1, 120))
def test_the_day_of_the_start_is_not_counted(start: date, length: int) -> None:
    assert expiry(term(length), PartialDate(start)) == start + timedelta(days=length)


@given(days, days, st.integers(1, 60), st.sampled_from(Unit))
def test_who_starts_later_ends_no_earlier(one: date, other: date, length: int, unit: Unit) -> None:
    first, second = sorted((one, other))
    ends = [expiry(term(length, unit), PartialDate(start)) for start in (first, second)]
    assert ends[0]
    assert ends[1]
    assert ends[0] <= ends[1]


@given(days, st.integers(1, 60), st.sampled_from(Unit), st.integers(0, 80), st.integers(0, 40))
def test_standing_still_never_shortens_and_costs_at_most_its_own_days(
    start: date, length: int, unit: Unit, wait: int, still: int
) -> None:
    begin = start + timedelta(days=wait)
    plain = expiry(term(length, unit), PartialDate(start))
    stopped = reckon(term(length, unit), PartialDate(start), stops=[Stop(begin, begin + timedelta(days=still))]).last
    assert plain
    assert stopped
    assert plain <= stopped
    if unit == C:
        assert stopped <= plain + timedelta(days=still)
    else:
        assert is_working_day(stopped)
