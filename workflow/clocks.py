"""When a term ends, and how that was found. A few lines each, with the rule beside them.

Nothing is computed from an unknown date: *it cannot be known yet* is an answer.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import holidays

from treaties.dates import PartialDate
from workflow.procedures.language import Term, Text, Unit

SUMMER_DAYS = 15
_MONTHS_NL = [
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
]
_MONTHS_EN = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


@dataclass(frozen=True)
class Reckoning:
    """The last day of a term (None: not known yet), the sentences that lead to it, and the office's own target."""

    last: date | None
    working: tuple[Text, ...]
    target: date | None = None


@dataclass(frozen=True)
class Stop:
    """Days that do not count: from `begin` until `end`, the day the count goes on (None: it still stands still)."""

    begin: date
    end: date | None


def spoken(day: date) -> Text:
    """A day in words, in both languages."""
    return Text(
        f"{day.day} {_MONTHS_NL[day.month - 1]} {day.year}", f"{day.day} {_MONTHS_EN[day.month - 1]} {day.year}"
    )


@cache
def _public_holidays(year: int) -> frozenset[date]:
    """The ten Belgian public holidays (Royal Decree of 18 April 1974) of a year."""
    return frozenset(holidays.country_holidays("BE", years=year))


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and day not in _public_holidays(day.year)


def expiry(term: Term, start: PartialDate) -> date | None:
    """The last day of an undisturbed `term` that starts at `start`; None when the day of the start is not known."""
    return reckon(term, start).last


def reckon(
    term: Term,
    start: PartialDate,
    *,
    until: date | None = None,
    stops: Iterable[Stop] = (),
    named: date | None = None,
) -> Reckoning:
    """The end of `term` that starts at `start`, extended to `until`, without the days in `stops`.

    The day of the start does not count. A summer term is 15 days longer when it starts from 15 to
    31 July or ends from 15 July to 15 August (Coordinated Acts on the Council of State, art. 84).
    A term of no days ends on the day that is `named`: by a decree or a treaty, not by counting.
    """
    if not term.days:
        return _named(named, until)
    if start.on is None or start.on != start.last:
        return Reckoning(None, (_UNKNOWN_START,))
    begin = spoken(start.on)
    working = [Text(f"Begint op {begin.nl}; die dag telt niet mee.", f"Starts on {begin.en}; that day does not count.")]
    counted = _after(start.on, term, working)
    if term.summer and _in_summer(start.on, counted):
        counted += timedelta(days=SUMMER_DAYS)
        working.append(_moved(counted, "Vakantieperiode: 15 dagen langer", "Vacation period: 15 days longer"))
    target = _counted(start.on, term.internal_days, term.unit) if term.internal_days else None
    last = _stopped(start.on, counted, term, stops, working)
    if last and until and until > last:
        last = until
        working.append(_moved(last, "Verlengd door wie het advies vroeg", "Extended by who asked for the advice"))
    return Reckoning(last, tuple(working), target)


def _named(named: date | None, until: date | None) -> Reckoning:
    last = max((day for day in (named, until) if day), default=None)
    if last is None:
        return Reckoning(None, (_UNNAMED,))
    return Reckoning(last, (_moved(last, "De laatste dag is zo genoemd", "The last day was named so"),))


def _stopped(start: date, last: date, term: Term, stops: Iterable[Stop], working: list[Text]) -> date | None:
    """`last`, moved by the days the term stood still; None while it does. A term that was over cannot be stopped."""
    for stop in stops:
        # The day of the start counts in no case.
        begin = max(stop.begin, start + timedelta(days=1))
        if begin > last:
            continue
        if stop.end is None:
            since = spoken(stop.begin)
            working.append(
                Text(
                    f"De termijn staat stil sinds {since.nl}: het einde kan nog niet bekend zijn.",
                    f"The term stands still since {since.en}: its end cannot be known yet.",
                )
            )
            return None
        lost = _lost(begin, stop.end, term.unit)
        last = _counted(last, lost, term.unit)
        working.append(_moved(last, f"Stond {lost} dagen stil", f"Stood still for {lost} days"))
    return last


def _lost(begin: date, end: date, unit: Unit) -> int:
    """The days from `begin` until the day before `end` that a term would have counted."""
    days = [begin + timedelta(days=number) for number in range((end - begin).days)]
    return sum(unit == Unit.CALENDAR or is_working_day(day) for day in days)


_UNKNOWN_START = Text(
    "De dag waarop de termijn begon is niet bekend: het einde kan niet worden berekend.",
    "The day on which the term began is not known: its end cannot be computed.",
)

_UNNAMED = Text(
    "De laatste dag is nog niet genoemd: het einde kan nog niet bekend zijn.",
    "The last day has not been named yet: the end cannot be known yet.",
)


def _after(start: date, term: Term, working: list[Text]) -> date:
    last = _counted(start, term.days, term.unit)
    if term.unit == Unit.WORKING:
        skipped = [day for day in _days(start, last) if day.weekday() < 5 and not is_working_day(day)]
        names = [spoken(day) for day in skipped]
        without_nl = f", zonder {', '.join(name.nl for name in names)}" if names else ""
        without_en = f", without {', '.join(name.en for name in names)}" if names else ""
        working.append(_moved(last, f"{term.days} werkdagen{without_nl}", f"{term.days} working days{without_en}"))
    else:
        working.append(_moved(last, f"{term.days} kalenderdagen", f"{term.days} calendar days"))
    return last


def _moved(last: date, nl: str, en: str) -> Text:
    """What was counted, and the last day that gives."""
    end = spoken(last)
    return Text(f"{nl}: tot en met {end.nl}.", f"{en}: up to and including {end.en}.")


def _counted(start: date, days: int, unit: Unit) -> date:
    if unit == Unit.CALENDAR:
        return start + timedelta(days=days)
    day = start
    while days:
        day += timedelta(days=1)
        days -= is_working_day(day)
    return day


def _days(start: date, last: date) -> list[date]:
    return [start + timedelta(days=number) for number in range(1, (last - start).days + 1)]


def _in_summer(start: date, last: date) -> bool:
    starts = date(start.year, 7, 15) <= start <= date(start.year, 7, 31)
    ends = date(last.year, 7, 15) <= last <= date(last.year, 8, 15)
    return starts or ends
