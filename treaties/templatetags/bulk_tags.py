"""What the list needs to let people choose records."""

from django import template
from django.http import QueryDict

from accounts.choices import Deed
from accounts.models import Person, may

register = template.Library()


@register.filter
def pairs(query: str) -> list[tuple[str, str]]:
    """A query string as the names and values that a form sends again."""
    return [(name, value) for name, values in QueryDict(query).lists() for value in values]


@register.filter
def may_edit(person: Person) -> bool:
    """Whether the person may change records; for others nothing of choosing is shown."""
    return may(person, Deed.EDIT_RECORD)
