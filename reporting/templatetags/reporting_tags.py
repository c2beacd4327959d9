"""What the page of a treaty shows of reporting: to who works with the register only."""

from typing import Any

from django import template
from django.utils import timezone

from accounts.models import Person
from reporting import presentation, queries
from treaties.models import Treaty

register = template.Library()


@register.inclusion_tag("reporting/_of_treaty.html")
def reporting_of(treaty: Treaty, person: Person) -> dict[str, Any]:
    """The obligations under `treaty`, each in one line; nothing for who may not know of them."""
    today = timezone.localdate()
    states = queries.states(queries.of_treaty(treaty, person), today)
    return {"rows": [presentation.row(state, today) for state in states]}
