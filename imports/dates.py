"""Dates as lists have them. What is sure is taken as it stands; what is not is refused with a remedy. Pure.

Nothing is guessed: 03/04/1995 is read only when the file itself shows which of the two is the month.
"""

import calendar
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from imports.choices import DateOrder
from imports.problems import Problem
from treaties.choices import ActKind, Precision
from treaties.dates import UNKNOWN, PartialDate
from treaties.sorting import plain

# Words that lists write into a cell that should be empty.
EMPTY_WORDS = frozenset({"na", "n/a", "n.a.", "none", "null", "nil", "-", "--", "–", "—", "n.v.t.", "nvt", "nan"})
# How far in the future each date may lie (years); a signature is a thing of the past.
FUTURE = {"signed_on": 0, "bound_on": 0, "in_force_on": 10, "ended_on": 100}
EARLIEST_YEAR = 1000
# Marks behind the date of a consent to be bound in the lists of the United Nations (case counts).
ACT_MARKS = {
    "a": ActKind.ACCESSION,
    "A": ActKind.ACCEPTANCE,
    "AA": ActKind.APPROVAL,
    "d": ActKind.SUCCESSION,
    "c": ActKind.RATIFICATION,
}

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari january janvier januar jan janv ene enero janeiro",
            "februari february fevrier februar feb febr fevr febrero fevereiro",
            "maart march mars marz mrt mar marzo marco",
            "april avril apr avr abr abril",
            "mei may mai mayo maio",
            "juni june juin jun junio junho",
            "juli july juillet jul juil julio julho",
            "augustus august aout aug ago agosto",
            "september septembre sep sept septiembre setembro",
            "oktober october octobre okt oct octubre outubro",
            "november novembre nov noviembre novembro",
            "december decembre dezember dec dez dic diciembre dezembro",
        ),
        start=1,
    )
    for name in names.split()
}
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})$")
_PARTIAL = re.compile(r"(\d{4})(?:-(\d{1,2}|XX|xx|uu))?(?:-(\d{1,2}|XX|xx|uu))?$")
_TIME = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?Z?$")
_TYPED = re.compile(r'"(\d{4}-\d{2}-\d{2})"\^\^<http://www\.w3\.org/2001/XMLSchema#date>$')
_NUMBERS = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})$")
_WORDS = re.compile(r"(?:(\d{1,2})(?:er|st|nd|rd|th|\.)?\s+(?:de\s+)?)?([a-z]+)\.?,?\s+(?:de\s+)?(\d{4})$")
_WORDS_AMERICAN = re.compile(r"([a-z]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})$")
_MARKED = re.compile(r"(.*\d{4})\s+(AA|[aAdcs])$")
_ONE_DATE = r"(?:\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|\d{4}-\d{2}(?:-\d{2})?)"
_SEVERAL = re.compile(rf"{_ONE_DATE}.*?[,;&\s].*?{_ONE_DATE}", re.DOTALL)
_RANGE = re.compile(rf"^(?:\.\.|/)?\s*{_ONE_DATE}?\s*(?:\.\.|/)\s*{_ONE_DATE}?$|^\d{{4}}\s*[-–]\s*\d{{4}}$")


@dataclass(frozen=True)
class Read:
    """What a cell says: a date (unknown when empty), notes on how it was read, or the problem it has."""

    when: PartialDate = UNKNOWN
    notes: list[Problem] = field(default_factory=list)
    problem: Problem | None = None
    # The act a mark behind the date tells of: `12 Mar 1985 a` is an accession.
    act: ActKind | None = None


def order_of(cells: Iterable[str]) -> DateOrder:
    """Which comes first in dates as 03/04/1995, as far as the cells of one file prove it."""
    day_first = month_first = False
    for cell in cells:
        if (found := _NUMBERS.match(cell.strip())) and found[2] != ".":
            day_first = day_first or int(found[1]) > 12
            month_first = month_first or int(found[3]) > 12
    if day_first == month_first:
        return DateOrder.UNSURE
    return DateOrder.DAY_FIRST if day_first else DateOrder.MONTH_FIRST


def read(text: str, column: str, name: str, order: DateOrder, today: date) -> Read:
    """The date in a cell of the field `name` (`signed_on`, `in_force_on`, `ended_on`, `bound_on`)."""
    raw = text.strip()
    if not raw:
        return Read()
    if exact := _ISO.match(raw):
        return _bounded(_made(exact[1], exact[2], exact[3]), raw, column, name, today)
    if raw.casefold() in EMPTY_WORDS:
        return Read(notes=[Problem("empty_word", column, raw)])
    if problem := _refused(raw, column):
        return Read(problem=problem)
    act = None
    if marked := _MARKED.match(raw):
        if name != "bound_on" or marked[2] == "s":
            return Read(problem=Problem("date_act_suffix", column, raw, suggestion=marked[1]))
        act = ACT_MARKS[marked[2]]
    when, code = _parsed(marked[1] if marked else raw, order)
    if code:
        return Read(problem=Problem(code, column, raw))
    done = _bounded(when, raw, column, name, today)
    if done.problem or not when:
        return done
    notes = [] if _PARTIAL.match(raw) else [Problem("read_as", column, raw, params={"read": when.iso})]
    if re.search(r"-(?:xx|uu)", raw, re.IGNORECASE):
        notes = [Problem("unspecified", column, raw, params={"read": when.iso})]
    return Read(done.when, [*notes, *done.notes], act=act)


def _refused(raw: str, column: str) -> Problem | None:
    """What no reading could make a date of, told apart so that the remedy fits."""
    if _RANGE.match(raw):
        return Problem("date_range", column, raw)
    if _SEVERAL.search(raw):
        return Problem("date_several", column, raw)
    if raw[-1:] in "?~%" or raw[:1] in "?~%" or raw.casefold().startswith(("c.", "ca.", "circa")):
        return Problem("date_uncertain", column, raw)
    if re.fullmatch(r"\d{5}(\.\d+)?", raw):
        return Problem("date_serial", column, raw)
    return None


def _parsed(raw: str, order: DateOrder) -> tuple[PartialDate | None, str]:
    """The date, or the code of what is wrong; (None, "date_impossible") for a day that does not exist."""
    if found := _TIME.match(raw) or _TYPED.match(raw):
        raw = found[1]
    if found := _PARTIAL.match(raw):
        year, month, day = found.groups()
        month = None if month and not month.isdigit() else month
        day = None if day and not day.isdigit() else day
        return _checked(_made(year, month, day if month else None))
    if found := _NUMBERS.match(raw):
        return _numbers(int(found[1]), int(found[3]), found[4], DateOrder.DAY_FIRST if found[2] == "." else order)
    text = plain(raw)
    if found := _WORDS.match(text):
        day, month, year = found.groups()
    elif found := _WORDS_AMERICAN.match(text):
        month, day, year = found.groups()
    else:
        return None, "date_unreadable"
    if month not in _MONTHS:
        return None, "date_unreadable"
    return _checked(_made(year, str(_MONTHS[month]), day))


def _numbers(first: int, second: int, year: str, order: DateOrder) -> tuple[PartialDate | None, str]:
    if first > 12 and second > 12:
        return None, "date_impossible"
    if order == DateOrder.UNSURE and first <= 12 and second <= 12 and first != second:
        return None, "date_doubtful"
    if order == DateOrder.UNSURE:
        order = DateOrder.DAY_FIRST if second <= 12 else DateOrder.MONTH_FIRST
    day, month = (first, second) if order == DateOrder.DAY_FIRST else (second, first)
    return _checked(_made(year, str(month), str(day)))


def _checked(when: PartialDate | None) -> tuple[PartialDate | None, str]:
    return when, "" if when else "date_impossible"


def _made(year: str, month: str | None, day: str | None) -> PartialDate | None:
    """None for a day that does not exist."""
    if not int(year):
        return None
    if month is None:
        return PartialDate(date(int(year), 1, 1), Precision.YEAR)
    if not 1 <= int(month) <= 12:
        return None
    if day is None:
        return PartialDate(date(int(year), int(month), 1), Precision.MONTH)
    if not 1 <= int(day) <= calendar.monthrange(int(year), int(month))[1]:
        return None
    return PartialDate(date(int(year), int(month), int(day)), Precision.DAY)


def _bounded(when: PartialDate | None, raw: str, column: str, name: str, today: date) -> Read:
    """`when`, unless its year cannot be right for this field."""
    if when is None or when.on is None:
        return Read(problem=Problem("date_impossible", column, raw))
    if when.on.year == 9999:
        if name == "ended_on":
            return Read(notes=[Problem("no_end", column, raw)])
        return Read(problem=Problem("date_no_end", column, raw))
    if when.on.year < EARLIEST_YEAR:
        return Read(problem=Problem("date_too_early", column, raw, params={"year": str(when.on.year)}))
    if when.on > today.replace(year=today.year + FUTURE[name], day=min(today.day, 28) if FUTURE[name] else today.day):
        return Read(problem=Problem("date_too_late", column, raw))
    if when.precision == Precision.DAY and (when.on.month, when.on.day) == (1, 1):
        return Read(when, [Problem("first_of_january", column, raw)])
    return Read(when)
