"""Dates of lists: what is sure is taken as it stands, what is not is refused."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imports.choices import DateOrder
from imports.dates import order_of, read
from treaties.choices import ActKind

TODAY = date(2026, 11, 24)


def told(text: str, name: str = "signed_on", order: DateOrder = DateOrder.UNSURE) -> str:
    """The date as ISO, or the code of what is wrong."""
    found = read(text, "column", name, order, TODAY)
    return found.problem.code if found.problem else found.when.iso


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("1990-05-01", "1990-05-01"),
        ("1990-05", "1990-05"),
        ("1990", "1990"),
        ("1981-05-XX", "1981-05"),
        ("1981-XX-XX", "1981"),
        ("13/05/1990", "1990-05-13"),
        ("05/13/1990", "1990-05-13"),
        ("04/04/1990", "1990-04-04"),
        ("03.04.1990", "1990-04-03"),
        ("9 maart 2007", "2007-03-09"),
        ("14 Mar 1985", "1985-03-14"),
        ("1er janvier 1990", "1990-01-01"),
        ("3 de mayo de 1990", "1990-05-03"),
        ("May 3, 2001", "2001-05-03"),
        ("2001-05-03 00:00:00", "2001-05-03"),
        ('"2000-10-23"^^<http://www.w3.org/2001/XMLSchema#date>', "2000-10-23"),
        ("NA", ""),
        ("", ""),
        ("1353-10-20", "1353-10-20"),
    ],
)
def test_what_is_sure_is_taken(text: str, iso: str) -> None:
    assert told(text) == iso


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1992-05-01?", "date_uncertain"),
        ("1961-01-26~", "date_uncertain"),
        ("ca. 1961", "date_uncertain"),
        ("1981-09..1981-10", "date_range"),
        ("1914-1918", "date_range"),
        ("09/10/1951, 31/10/1951", "date_several"),
        ("03/04/1990", "date_doubtful"),
        ("31/02/1990", "date_impossible"),
        ("1990-06-31", "date_impossible"),
        ("13/14/1990", "date_impossible"),
        ("0004-05-06", "date_too_early"),
        ("2142-08-01", "date_too_late"),
        ("2068-05-07", "date_too_late"),
        ("9999-12-31", "date_no_end"),
        ("36526", "date_serial"),
        ("14 Mar 1985 a", "date_act_suffix"),
        ("soon", "date_unreadable"),
        ("0000-00-00", "date_impossible"),
    ],
)
def test_what_is_not_sure_is_refused(text: str, code: str) -> None:
    assert told(text) == code


def test_the_file_shows_which_of_two_numbers_is_the_month() -> None:
    assert order_of(["03/04/1990", "13/04/1990"]) == DateOrder.DAY_FIRST
    assert order_of(["03/04/1990", "04/13/1990"]) == DateOrder.MONTH_FIRST
    assert order_of(["03/04/1990"]) == DateOrder.UNSURE
    assert order_of(["13/04/1990", "04/13/1990"]) == DateOrder.UNSURE
    assert told("03/04/1990", order=DateOrder.DAY_FIRST) == "1990-04-03"
    assert told("03/04/1990", order=DateOrder.MONTH_FIRST) == "1990-03-04"


def test_how_far_ahead_a_date_may_lie_depends_on_what_it_is_of() -> None:
    assert told("2026-12-01") == "date_too_late"
    assert told("2030-01-02", "in_force_on") == "2030-01-02"
    assert told("2040-01-02", "in_force_on") == "date_too_late"
    assert told("2099-12-31", "ended_on") == "2099-12-31"
    assert told("9999-12-31", "ended_on") == ""


def test_a_mark_tells_the_act_of_consent() -> None:
    found = read("12 Mar 1985 A", "c", "bound_on", DateOrder.UNSURE, TODAY)
    assert (found.when.iso, found.act) == ("1985-03-12", ActKind.ACCEPTANCE)


def test_the_first_of_january_is_taken_and_told() -> None:
    found = read("1990-01-01", "c", "signed_on", DateOrder.UNSURE, TODAY)
    assert (found.when.iso, [note.code for note in found.notes]) == ("1990-01-01", ["first_of_january"])


@given(st.text(alphabet="0123456789-/.?~ XxaMar9,", max_size=25))
def test_any_text_is_a_date_or_has_a_problem(text: str) -> None:
    found = read(text, "c", "signed_on", DateOrder.DAY_FIRST, TODAY)
    assert found.problem is None or found.problem.sentence
    assert found.when.on is None or found.when.on <= TODAY


@given(st.dates(min_value=date(1000, 1, 1), max_value=TODAY))
def test_every_day_is_read_back_in_each_notation(day: date) -> None:
    for text in (day.isoformat(), f"{day:%d.%m.}{day.year:04}", f"{day:%d/%m/}{day.year:04}"):
        assert told(text, order=DateOrder.DAY_FIRST) == day.isoformat()
