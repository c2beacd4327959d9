"""A column that holds a partial date, for rows with many of them."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from treaties.dates import UNKNOWN, PartialDate, parse

if TYPE_CHECKING:
    _Column = models.CharField[PartialDate, PartialDate]
else:
    _Column = models.CharField

# EDTF level 0: a year, a month or a day; empty is unknown.
_STORED = r"^(\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?)?$"


class PartialDateColumn(_Column):
    """A `PartialDate`, stored as its EDTF text ("2014-09"), which sorts as the dates do; empty is unknown.

    `treaties.dates.Dated` has two columns for one date; a report has fourteen dates.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs |= {"max_length": 10, "blank": True, "default": UNKNOWN}
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        for fixed in ("max_length", "blank", "default"):
            del kwargs[fixed]
        return name, path, args, kwargs

    def from_db_value(self, value: str, *_: Any) -> PartialDate:
        return parse(value)

    def to_python(self, value: Any) -> PartialDate:
        """Raises `ValueError` for a text that is not a date."""
        return value if isinstance(value, PartialDate) else parse(value or "")

    def get_prep_value(self, value: Any) -> str:
        return self.to_python(value).iso

    def value_to_string(self, obj: models.Model) -> str:
        return self.get_prep_value(self.value_from_object(obj))


def well_formed(*names: str) -> Q:
    """Each column holds a partial date or nothing."""
    return Q(**{f"{name}__regex": _STORED for name in names})
