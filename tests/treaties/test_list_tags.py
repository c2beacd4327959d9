"""The parts of a list that are written out are those of the components, and escape what they are given."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict
from django.template.loader import render_to_string

from treaties import listing
from treaties.listing import Choice, Facet
from treaties.models import Treaty
from treaties.templatetags import list_tags


@pytest.mark.parametrize(("label", "tone"), [("In werking", "ok"), ("<b>&", "neutral")])
def test_a_badge_is_that_of_its_component(label: str, tone: str) -> None:
    of_component = render_to_string("_badge.html", {"label": label, "tone": tone}).strip()
    assert list_tags._badge(label, tone) == of_component


def test_boxes_say_their_count_and_whether_it_is_the_least() -> None:
    facet = Facet("kind", "Kind", [])
    found = list_tags.boxes([Choice("a<b", "<i>x", 3, selected=True, at_least=True)], facet)
    assert found == (
        '<div class="facet__item"><label class="choice"><input type="checkbox" id="f-kind-a&lt;b" name="kind"'
        ' value="a&lt;b" checked>&lt;i&gt;x</label><span class="facet__count">3+</span></div>'
    )


@pytest.mark.django_db
def test_a_row_escapes_what_the_record_says(make_treaty: Callable[..., Treaty]) -> None:
    make_treaty(title="Verdrag <script>x</script>", parties=["NL"])
    for words in ("", "q=verdrag"):
        (row,) = listing.listing(AnonymousUser(), QueryDict(words)).rows
        shown = list_tags.told(row, 2)
        assert "<script>" not in shown
        assert "&lt;script&gt;x" in shown
        assert ("<mark>Verdrag</mark>" in shown) == bool(words)
        assert "<span>Nederland</span>" in shown
