import pytest
from django import forms

from treaties.dates import UNKNOWN, parse
from treaties.fields import PartialDateField


class DateForm(forms.Form):
    when = PartialDateField(required=False)


@pytest.mark.parametrize("text", ["9/3/2007", "maart 2007", "2007", "1500", "2200-12-31"])
def test_a_date_is_read(text: str) -> None:
    assert PartialDateField().clean(text) == parse(text)


def test_an_empty_optional_date_is_unknown() -> None:
    assert PartialDateField(required=False).clean("") == UNKNOWN


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("29/2/2023", "invalid_date"),
        ("gisteren", "invalid_date"),
        ("1499", "year"),
        ("2201", "year"),
        ("9999-12-31", "year"),
        ("\x00", "null_characters_not_allowed"),
        ("9" * 41, "max_length"),
        ("", "required"),
    ],
)
def test_a_mistake_has_its_own_sentence(text: str, code: str) -> None:
    with pytest.raises(forms.ValidationError) as error:
        PartialDateField().clean(text)
    assert code in [found.code for found in error.value.error_list]


def test_a_wrong_date_is_quoted_in_its_sentence() -> None:
    form = DateForm({"when": "30 februari 2007"})
    assert "30 februari 2007" in form.errors["when"][0]


def test_a_date_is_shown_again_as_it_can_be_typed() -> None:
    assert 'value="2007-03"' in str(DateForm(initial={"when": parse("maart 2007")})["when"])


@pytest.mark.parametrize(("typed", "changed"), [("2007-03", False), ("2007-04", True), ("", True)])
def test_only_another_date_counts_as_a_change(typed: str, changed: bool) -> None:
    form = DateForm({"when": typed}, initial={"when": parse("2007-03")})
    assert form.has_changed() == changed
