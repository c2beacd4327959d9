"""Form fields of the record's own kinds of value."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from treaties.dates import PartialDate, parse


class PartialDateField(forms.CharField):
    """A date as far as it is known: a day, a month or a year, as people write them."""

    default_error_messages = {
        "invalid_date": _("“%(value)s” is not a date. Write for example 9/3/2007, March 2007 or 2007."),
        "year": _("The year of a date lies between 1500 and 2200."),
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 40)
        super().__init__(**kwargs)

    def clean(self, value: Any) -> PartialDate:
        text = super().clean(value)
        try:
            date = parse(text)
        except ValueError as error:
            raise ValidationError(
                self.error_messages["invalid_date"], code="invalid_date", params={"value": text}
            ) from error
        if date.on and not 1500 <= date.on.year <= 2200:
            raise ValidationError(self.error_messages["year"], code="year")
        return date

    def prepare_value(self, value: Any) -> Any:
        return value.iso if isinstance(value, PartialDate) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)
