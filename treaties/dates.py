"""Dates that may be known only to the month or the year.

Stored as the first day of the period plus its precision; an unknown date is an empty date, never a
guess.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date

from django.db import models
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from treaties.choices import Precision

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari january",
            "februari february",
            "maart march",
            "april april",
            "mei may",
            "juni june",
            "juli july",
            "augustus august",
            "september september",
            "oktober october",
            "november november",
            "december december",
        ),
        start=1,
    )
    for name in names.split()
}


@dataclass(frozen=True, order=True)
class PartialDate:
    """A date as far as it is known. `on` is the first day of the period (None when unknown)."""

    on: date | None
    precision: Precision = Precision.DAY

    @property
    def last(self) -> date | None:
        """The last day the date can mean."""
        if self.on is None:
            return None
        if self.precision == Precision.YEAR:
            return date(self.on.year, 12, 31)
        if self.precision == Precision.MONTH:
            return self.on.replace(day=calendar.monthrange(self.on.year, self.on.month)[1])
        return self.on

    def __str__(self) -> str:
        """As people read it, in the active language: 9 maart 2007 · maart 2007 · 2007."""
        if self.on is None:
            return _("date unknown")
        if self.precision == Precision.YEAR:
            return str(self.on.year)
        if self.precision == Precision.MONTH:
            return formats.date_format(self.on, "F Y")
        return formats.date_format(self.on, "j F Y")

    @property
    def iso(self) -> str:
        """EDTF level 0 (ISO 8601-2): 2007-03-09 · 2007-03 · 2007 · empty."""
        if self.on is None:
            return ""
        return self.on.isoformat()[: {Precision.YEAR: 4, Precision.MONTH: 7}.get(self.precision, 10)]


UNKNOWN = PartialDate(None, Precision.UNKNOWN)

_FORMS = (
    re.compile(r"(?P<y>\d{4})(-(?P<m>\d{1,2})(-(?P<d>\d{1,2}))?)?$"),
    re.compile(r"((?P<d>\d{1,2})[-/. ])?(?P<m>\d{1,2})[-/. ](?P<y>\d{4})$"),
    re.compile(r"((?P<d>\d{1,2})\s+)?(?P<m>[a-z]+)\s+(?P<y>\d{4})$"),
)


def parse(text: str) -> PartialDate:
    """Read `9/3/2007`, `2007-03-09`, `9 maart 2007`, `maart 2007`, `2007-03` or `2007`; empty is unknown.

    Raises `ValueError` for anything else and for days that do not exist.
    """
    text = text.strip().lower()
    if not text:
        return UNKNOWN
    for form in _FORMS:
        if found := form.match(text):
            return _build(found["y"], found["m"], found["d"])
    raise ValueError(text)


def _build(year: str, month: str | None, day: str | None) -> PartialDate:
    if month is None:
        return PartialDate(date(int(year), 1, 1), Precision.YEAR)
    number = int(month) if month.isdigit() else MONTHS.get(month, 0)
    if day is None:
        return PartialDate(date(int(year), number, 1), Precision.MONTH)
    return PartialDate(date(int(year), number, int(day)), Precision.DAY)


class Dated(models.Model):
    """A model with one partial date, in the columns `on` and `precision`."""

    on = models.DateField(gettext_lazy("date"), null=True, blank=True)
    precision = models.CharField(max_length=8, choices=Precision, default=Precision.DAY)

    class Meta:
        abstract = True

    @property
    def when(self) -> PartialDate:
        return PartialDate(self.on, Precision(self.precision))


def precision_column() -> "models.CharField[str, str]":
    """How precise a second date of a model is; `unknown` beside an empty date."""
    return models.CharField(max_length=8, choices=Precision, default=Precision.UNKNOWN)


def unknown_iff_empty(name: str, *, on: str = "on", precision: str = "precision") -> models.CheckConstraint:
    """An empty date is `unknown`, and only an empty date is."""
    empty, known = models.Q((f"{on}__isnull", True)), models.Q((f"{on}__isnull", False))
    unknown = models.Q((precision, Precision.UNKNOWN))
    return models.CheckConstraint(condition=(empty & unknown) | (known & ~unknown), name=name)
