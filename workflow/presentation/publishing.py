"""The page of publications: what waits for a decision, and what is approved for later."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator

from accounts.models import User, may
from treaties import publishing

PAGE_SIZE = 25
# Each of the two lists goes on by a word of its own in the address.
ASKED, PLANNED = "page", "later"


def queue(person: User, data: Mapping[str, Any]) -> dict[str, Any]:
    """The context of the page; `data` comes from the address and may hold anything."""
    asked = Paginator(publishing.undecided(person), PAGE_SIZE).get_page(data.get(ASKED))
    planned = Paginator(publishing.planned(person), PAGE_SIZE).get_page(data.get(PLANNED))
    return {
        "asked": asked,
        "planned": planned,
        # Going on in one list stays where one is in the other.
        "beside_asked": urlencode({PLANNED: planned.number}) if planned.number > 1 else "",
        "beside_planned": urlencode({ASKED: asked.number}) if asked.number > 1 else "",
        "may_decide": may(person, publishing.DECIDES),
    }
