"""What is proposed while somebody types."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.models import User
from treaties import counts, suggestions
from treaties.actions import Number
from treaties.choices import Access, Scheme
from treaties.models import Treaty

pytestmark = pytest.mark.django_db

Make = Callable[..., Treaty]
NOBODY = AnonymousUser()


def labels(typed: str, person: Any = NOBODY) -> list[tuple[str, str]]:
    """All but the treaties that are found by the names of their parties and themes."""
    return [(one.kind, one.label) for one in suggestions.suggestions(person, typed) if one.label not in ("x", "y")]


def test_a_treaty_by_the_beginning_of_a_word_also_in_the_middle_of_its_ending(make_treaty: Make) -> None:
    treaty = make_treaty(title="Verdrag over belastingen", parties=[], themes=[])
    for typed in ("bel", "belast", "belasti", "belastin", "belasting", "verdrag over belas", "VERDRAG"):
        assert labels(typed) == [("treaty", "Verdrag over belastingen")], typed
    (found,) = suggestions.suggestions(NOBODY, "belas")
    assert (found.address, found.hint) == (treaty.get_absolute_url(), treaty.reference)


def test_countries_with_their_number_most_first_under_the_name_of_the_reader(make_treaty: Make) -> None:
    make_treaty(title="x", parties=["DE", "NL"], themes=[])
    make_treaty(title="y", parties=["NL"], themes=[])
    found = suggestions.suggestions(NOBODY, "neder")[0]
    assert (found.kind, found.label, found.count) == ("country", "Nederland", 2)
    assert found.address == "/treaties/?country=NL"
    assert labels("allem") == [("country", "Duitsland (Allemagne)")]
    with translation.override("en"):
        assert labels("ger") == [("country", "Germany")]
    counts.fold()
    assert suggestions.suggestions(NOBODY, "neder")[0].count == 2


def test_what_has_no_treaties_is_not_proposed(make_treaty: Make) -> None:
    make_treaty(title="x", parties=["NL"], themes=["toerisme"])
    assert labels("oosten") == []
    assert labels("toer") == [("theme", "Toerisme")]


@pytest.mark.parametrize("typed", ["2008203", "2008 203 092", "20082"])
def test_a_number_in_any_spelling(typed: str, make_treaty: Make) -> None:
    make_treaty(title="x", parties=[], themes=[], numbers=[Number(Scheme.NUMAC, "2008203092")])
    assert ("number", "2008203092") in labels(typed)


def test_what_somebody_may_not_see_is_neither_proposed_nor_counted(make_treaty: Make, staff: User) -> None:
    make_treaty(
        title="Geheim",
        access=Access.GOVERNMENT,
        parties=["DE"],
        themes=[],
        numbers=[Number(Scheme.NUMAC, "2008203092")],
    )
    for typed in ("gehe", "duits", "2008"):
        assert labels(typed) == []
        assert labels(typed, staff)


def test_one_query_however_much_is_proposed(make_treaty: Make, django_assert_num_queries: Any) -> None:
    make_treaty(title="Verdrag", parties=["NL"])
    labels("ne")
    for typed in ("ne", "verdrag", "200", "x" * 10_000):
        with django_assert_num_queries(1):
            labels(typed)
    with django_assert_num_queries(0):
        assert labels("") == labels("  ") == labels("%\\-") == labels("\x00") == []


def test_over_http(make_treaty: Make, client: Client) -> None:
    treaty = make_treaty(title="Verdrag", parties=["NL"], themes=[])
    response = client.get("/treaties/suggest/?q=neder")
    assert response.headers["Cache-Control"] == "private, max-age=60"
    assert response.json() == {
        "suggestions": [
            {
                "kind": "country",
                "group": "Landen en organisaties",
                "label": "Nederland",
                "address": "/treaties/?country=NL",
                "count": 1,
                "hint": "",
            },
            {
                "kind": "treaty",
                "group": "Verdragen en memoranda",
                "label": "Verdrag",
                "address": treaty.get_absolute_url(),
                "count": None,
                "hint": treaty.reference,
            },
        ]
    }
    assert client.post("/treaties/suggest/").status_code == 405


class TestAnyText(TestCase):
    @given(st.text(max_size=60))
    @settings(max_examples=80)
    def test_nothing_that_is_typed_breaks_it(self, typed: str) -> None:
        assert suggestions.suggestions(NOBODY, typed) == []
        assert Client().get("/treaties/suggest/", {"q": typed}).status_code == 200

    @given(st.lists(st.text(st.sampled_from("aeé:*&|!()'\\%_- "), max_size=8), max_size=9))
    @settings(max_examples=60)
    def test_no_operator_breaks_it(self, words: list[str]) -> None:
        assert Client().get(f"/treaties/suggest/?{urlencode({'q': ' '.join(words)})}").status_code == 200
