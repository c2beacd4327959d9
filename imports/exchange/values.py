"""One value of a file as the database takes it, or the sentence why it cannot."""

import re
from datetime import date
from typing import Any

from django.db import connection

from accounts.choices import FORMER_INTERNAL, Access
from imports.exchange.shape import Column, Form, Part, Value
from treaties.choices import Precision
from treaties.dates import UNKNOWN, PartialDate

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_PARTIAL = re.compile(r"\d{4}(-\d\d(-\d\d)?)?", re.ASCII)
_PRECISIONS = {4: Precision.YEAR, 7: Precision.MONTH, 10: Precision.DAY}
# Addresses stand in links: nothing that a browser would run. It skips white space before it looks for the scheme.
_SKIPPED = re.compile(r"[\x00-\x20]+")
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_SCHEMES = frozenset({"http", "https", "ftp", "ftps", "mailto"})


class Unfit(ValueError):
    """The value cannot be taken. The message completes "“name” …"."""


def taken(part: Part, column: Column, value: Value) -> Any:
    """`value` as Python: texts as they stand, days and `PartialDate`s, numbers, lists. Raises `Unfit`."""
    if column.required and (value is None or (isinstance(value, str) and not value.strip())):
        raise Unfit("is empty")
    field = part.model._meta.get_field(column.source) if column.form != Form.ID else None
    match column.form:
        case Form.DAY:
            return _day(str(value))
        case Form.DATE:
            return _partial(str(value))
        case Form.NUMBER:
            return _number(value, field)
        case Form.CODE:
            return _code(str(value), field)
        case Form.CODES | Form.TEXTS if isinstance(value, list):
            own = field.base_field  # type: ignore[union-attr]  # lists are array columns
            return [_code(one, own) if column.form == Form.CODES else _text(one, own) for one in value]
        case Form.TEXT | Form.ADDRESS:
            text = _text(str(value), field)
            if column.form == Form.ADDRESS:
                _check_scheme(text)
            return text
    return value


def _text(text: str, field: Any) -> str:
    """Exactly as it stands: an export holds what the register held."""
    if "\x00" in text or any("\ud800" <= char <= "\udfff" for char in text):
        raise Unfit("holds a character that cannot be stored")
    if field.max_length is not None and len(text) > field.max_length:
        raise Unfit(f"is longer than {field.max_length} characters")
    return text


def _check_scheme(address: str) -> None:
    found = _SCHEME.match(_SKIPPED.sub("", address))
    if found and found[1].lower() not in _SCHEMES:
        raise Unfit(f"begins with “{found[1][:40]}:”, which is not the address of a web page")


def _code(code: str, field: Any) -> str:
    if code == FORMER_INTERNAL and field.name == "access":
        # An export of before there were five levels.
        return Access.GOVERNMENT.value
    if code not in dict(field.choices) and not (code == "" and field.blank):
        raise Unfit(f"is “{code[:60]}”, which is none of {', '.join(dict(field.choices))}")
    return code


def _number(value: Value, field: Any) -> int | None:
    assert value is None or isinstance(value, int)  # noqa: S101 (the readers see to it)
    _least, most = connection.ops.integer_field_range(field.get_internal_type())
    if value is not None and not 0 <= value <= most:
        raise Unfit(f"should be a number from 0 to {most}")
    return value


def _day(text: str) -> date | None:
    if not text:
        return None
    if not _DAY.fullmatch(text):
        raise Unfit(f"is “{text[:40]}”, which is not a day such as 2007-03-09")
    return _partial(text).on


def _partial(text: str) -> PartialDate:
    """EDTF level 0, and nothing looser: what people type is read elsewhere."""
    if not text:
        return UNKNOWN
    if not _PARTIAL.fullmatch(text):
        raise Unfit(f"is “{text[:40]}”, which is not a date such as 2007-03-09, 2007-03 or 2007")
    try:
        day = date.fromisoformat(text + "0000-01-01"[len(text) :])
    except ValueError as error:
        raise Unfit(f"is “{text}”, which is no day of the calendar") from error
    return PartialDate(day, _PRECISIONS[len(text)])


def columns(part: Part, values: dict[str, Any]) -> dict[str, Any]:
    """Taken values under the columns of the model; those that point elsewhere are left to the writer."""
    found: dict[str, Any] = {}
    for column in part.columns:
        if column.form == Form.DATE:
            when = values[column.name]
            found |= {column.source: when.on, column.precision: when.precision}
        elif column.form not in POINTERS:
            found[column.source] = values[column.name]
    return found


POINTERS = frozenset({Form.PARTY, Form.DEPARTMENT, Form.THEME, Form.TREATY, Form.ROW, Form.ID})
