"""Search within results: every piece of words narrows."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict
from django.utils import translation

from treaties.filters import TreatyFilter
from treaties.models import SearchDocument, Treaty
from treaties.within import WithinFilter

pytestmark = pytest.mark.django_db


class Narrowed(TreatyFilter):
    within = WithinFilter(label="Within these")


def asked(address: str) -> TreatyFilter:
    return Narrowed(QueryDict(address), SearchDocument.objects.visible_to(AnonymousUser()), person=AnonymousUser())


def titles(address: str) -> set[str]:
    return {document.treaty.title for document in asked(address).qs}


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("q=schelde or maas", {"Schelde haven", "Schelde natuur", "Maas haven"}),
        # "schelde or maas haven" would find "Schelde natuur" too.
        ("q=schelde or maas&within=haven", {"Schelde haven", "Maas haven"}),
        ("q=schelde&within=haven or natuur&within=-natuur", {"Schelde haven"}),
        ("within=haven", {"Schelde haven", "Maas haven"}),
        ("q=schelde&within=&within=+", {"Schelde haven", "Schelde natuur"}),
        ("q=maas&within=natuur", set()),
        # A mistake leaves it out.
        ("q=maas&within=a%00", {"Maas haven"}),
        ("q=maas&" + "&".join(f"within=x{n}" for n in range(6)), {"Maas haven"}),
    ],
)
def test_words_are_added(address: str, found: set[str], make_treaty: Callable[..., Treaty]) -> None:
    for title in ("Schelde haven", "Schelde natuur", "Maas haven", "Rijn"):
        make_treaty(title=title)
    assert titles(address) == found


def test_repetitions_and_empty_ones_do_not_count() -> None:
    filterset = asked("within=haven&within= haven &within=&within=natuur")
    assert filterset.values["within"] == ["haven", "natuur"]
    assert filterset.chosen("within") == ["haven", "natuur"]


def test_each_mistake_has_its_sentence() -> None:
    address = "&".join(["within=" + "a" * 501, "within=%00", *(f"within=x{n}" for n in range(4))])
    with translation.override("en"):
        assert asked(address).form.errors["within"] == [
            "Search within results at most 5 times; remove one first.",
            "This text contains a character that cannot be stored.",
            "This text is longer than 500 characters.",
        ]
