from contextlib import suppress
from datetime import date

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from treaties.choices import Precision
from treaties.dates import UNKNOWN, PartialDate, parse

DAY = PartialDate(date(2007, 3, 9), Precision.DAY)
MONTH = PartialDate(date(2007, 3, 1), Precision.MONTH)
YEAR = PartialDate(date(2007, 1, 1), Precision.YEAR)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2007-03-09", DAY),
        ("9/3/2007", DAY),
        ("09-03-2007", DAY),
        ("9.3.2007", DAY),
        ("9 3 2007", DAY),
        ("  9 maart 2007 ", DAY),
        ("9 March 2007", DAY),
        ("9 MAART 2007", DAY),
        ("2007-03", MONTH),
        ("3/2007", MONTH),
        ("maart 2007", MONTH),
        ("March 2007", MONTH),
        ("2007", YEAR),
        ("", UNKNOWN),
        ("   ", UNKNOWN),
        ("29/2/2024", PartialDate(date(2024, 2, 29))),
        ("1 mei 1830", PartialDate(date(1830, 5, 1))),
    ],
)
def test_dates_are_read_as_people_write_them(text: str, meant: PartialDate) -> None:
    assert parse(text) == meant


@pytest.mark.parametrize(
    "text",
    [
        "29/2/2023",
        "31 april 2007",
        "32/1/2007",
        "0/3/2007",
        "9/13/2007",
        "13/2007",
        "2007-00",
        "0000",
        "07",
        "9/3/07",
        "9 foo 2007",
        "maart",
        "9 maart",
        "2007-03-09T00:00",
        "09032007",
        "yesterday",
        "9/3/2007 en 10/3/2007",
        "\x00",
        "²/3/2007",
        "2007-03-09\n2008",
    ],
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 (Python's own words differ per mistake)
        parse(text)


@pytest.mark.parametrize(("name", "number"), [("februari", 2), ("february", 2), ("augustus", 8), ("october", 10)])
def test_months_are_known_in_dutch_and_english(name: str, number: int) -> None:
    assert parse(f"{name} 2007").on == date(2007, number, 1)


@pytest.mark.parametrize(
    ("when", "dutch", "english", "iso"),
    [
        (DAY, "9 maart 2007", "9 March 2007", "2007-03-09"),
        (MONTH, "maart 2007", "March 2007", "2007-03"),
        (YEAR, "2007", "2007", "2007"),
    ],
)
def test_dates_are_printed_only_as_far_as_known(when: PartialDate, dutch: str, english: str, iso: str) -> None:
    assert str(when) == dutch
    with translation.override("en"):
        assert str(when) == english
    assert when.iso == iso


def test_an_unknown_date_says_so() -> None:
    with translation.override("en"):
        assert str(UNKNOWN) == "date unknown"
    assert (UNKNOWN.iso, UNKNOWN.on, UNKNOWN.last) == ("", None, None)


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("2007-03-09", date(2007, 3, 9)),
        ("2007-03", date(2007, 3, 31)),
        ("2024-02", date(2024, 2, 29)),
        ("2023-02", date(2023, 2, 28)),
        ("1900-02", date(1900, 2, 28)),
        ("2007-12", date(2007, 12, 31)),
        ("2007", date(2007, 12, 31)),
    ],
)
def test_the_last_day_a_date_can_mean(text: str, last: date) -> None:
    assert parse(text).last == last


partial_dates = st.builds(
    lambda on, precision: PartialDate(
        {Precision.YEAR: on.replace(month=1, day=1), Precision.MONTH: on.replace(day=1)}.get(precision, on), precision
    ),
    st.dates(date(1000, 1, 1), date(9999, 12, 31)),
    st.sampled_from([Precision.DAY, Precision.MONTH, Precision.YEAR]),
)


@given(partial_dates)
def test_what_is_printed_as_iso_reads_back_the_same(when: PartialDate) -> None:
    assert parse(when.iso) == when


@given(partial_dates, st.sampled_from(["nl", "en"]))
def test_what_is_printed_for_people_reads_back_the_same(when: PartialDate, language: str) -> None:
    with translation.override(language):
        assert parse(str(when)) == when


@given(partial_dates)
def test_the_last_day_is_never_before_the_first(when: PartialDate) -> None:
    assert when.last is not None
    assert when.on is not None
    assert when.last >= when.on


@given(st.text(max_size=20))
def test_any_text_is_a_date_or_a_value_error(text: str) -> None:
    with suppress(ValueError):
        assert isinstance(parse(text), PartialDate)
