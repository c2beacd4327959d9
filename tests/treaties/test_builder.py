"""The builder of searches: from fields to an address of the list, and back without loss."""

from typing import Any
from urllib.parse import parse_qs, urlencode

import pytest
from django.http import QueryDict
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from tests.treaties.pages import SCRIPT, page
from treaties import builder
from treaties.forms.builder import BuilderForm

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]


def built(client: Client, **fields: Any) -> dict[str, list[str]]:
    """The address that the fields lead to, as parameters."""
    response = client.get("/treaties/search/", {"build": "1", **fields})
    assert response.status_code == 302
    path, _mark, query = response["Location"].partition("?")
    assert path == "/treaties/"
    return parse_qs(query)


def refused(client: Client, **fields: Any) -> str:
    response = client.get("/treaties/search/", {"build": "1", **fields})
    assert response.status_code == 422
    return response.content.decode()


def test_every_field_has_its_place_in_the_address(public: Client) -> None:
    assert built(
        public,
        every="haven",
        phrase="lower scheldt",
        some="maas or rijn",
        none="zee",
        country=["NL", "FR"],
        theme="cultuur",
        kind=["treaty", "mou"],
        qualification="mixed",
        status="in_force",
        stage="assent",
        signed_after="maart 2007",
        signed_before="9/3/2008",
        sort="title",
        within=["water", ""],
    ) == {
        "q": ['"lower scheldt" haven maas -zee or "lower scheldt" haven rijn -zee'],
        "within": ["water"],
        "country": ["NL", "FR"],
        "theme": ["cultuur"],
        "kind": ["treaty", "mou"],
        "qualification": ["mixed"],
        "status": ["in_force"],
        "stage": ["assent"],
        "signed_after": ["2007-03"],
        "signed_before": ["2008-03-09"],
        "sort": ["title"],
    }


def test_nothing_filled_in_is_the_whole_list(public: Client) -> None:
    assert built(public, every=" ", some="", sort="") == {}


def test_what_the_builder_has_no_field_for_is_carried_along(public: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(builder, "_OWN", builder._OWN - {"stage"})
    data = QueryDict("stage=assent&nonsense=1&q=a")
    assert builder.carried(data) == [("stage", "assent")]
    assert builder.address({"every": ("a",)}, builder.carried(data)) == "q=a&stage=assent"


def test_an_address_fills_the_fields(public: Client) -> None:
    html = page(
        public,
        "/treaties/search/?q=water+maas+-zee+or+water+schelde+-zee&country=NL&status=in_force&signed_after=2007-03"
        "&sort=title&within=haven",
    )
    for name, value in (("every", "water"), ("some", "maas schelde"), ("none", "zee"), ("signed_after", "2007-03")):
        assert f'name="{name}" value="{value}"' in html
    assert '<option value="NL" selected' in html
    assert '<option value="title" selected>' in html
    assert html.count(" selected") == 2
    assert 'name="within" id="within-1" value="haven"' in html
    assert "<code>water maas -zee or water schelde -zee</code>" in html
    assert "as_typed" not in html


def test_a_query_that_the_rows_cannot_say_is_kept_as_it_is(public: Client) -> None:
    html = page(public, "/treaties/search/?q=a+b+or+c+d")
    assert 'name="as_typed" value="a b or c d"' in html
    assert built(public, as_typed="a b or c d", country="NL") == {"q": ["a b or c d"], "country": ["NL"]}
    html = refused(public, as_typed="a b or c d", every="e")
    assert "Use either this field or the rows above, not both." in html
    assert 'name="every" value="e"' in html


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("every", 'a "b', "A quotation mark is opened and not closed."),
        ("every", "a -b", "Words to leave out have a row of their own; write them there, without the minus."),
        ("every", "a or b", "Words of which one is enough have a row of their own; write them there."),
        ("none", "-b", "Words to leave out have a row of their own; write them there, without the minus."),
        ("some", "a\x00b", "This text contains a character that cannot be stored."),
        ("phrase", "a" * 501, "This text is longer than 500 characters."),
        ("every", "a" * 100_000, "This text is longer than 500 characters."),
        ("some", " ".join(f"word{n}" for n in range(60)), ""),
        ("none", " ".join("abcdefghijk"), "At most 10 words or quotes can be left out."),
        ("signed_after", "30/2/2020", "“30/2/2020” is not a date. Write for example 9/3/2007, March 2007 or 2007."),
        ("signed_before", "1200", "The year of a date lies between 1500 and 2200."),
        ("every", SCRIPT + ' "', "A quotation mark is opened and not closed."),
    ],
)
def test_bad_input_is_told_beside_its_field(public: Client, field: str, typed: str, sentence: str) -> None:
    html = refused(public, **{field: typed, "country": "NL", "phrase" if field != "phrase" else "every": "kept"})
    beside = html.split(f'id="id_{field}_error"')[1].split("</div></div>")[0]
    if sentence:
        assert sentence in beside
    else:
        assert "Together the words make a query of more than 500 characters. Use fewer." in beside
    assert 'value="kept"' in html
    assert '<option value="NL" selected' in html
    assert SCRIPT not in html


def test_what_can_never_be_found_is_told(public: Client) -> None:
    assert "zee is asked for above: nothing can be found." in refused(public, every="zee haven", none="zee")
    html = refused(public, signed_after="2008", signed_before="2007")
    assert "This lies before “Signed from”: nothing can be found." in html
    # The same year is no contradiction.
    assert built(public, signed_after="9/3/2007", signed_before="2007")["signed_before"] == ["2007"]


def test_unknown_values_are_told_and_the_rest_is_kept(public: Client) -> None:
    html = refused(public, country=["NL", "QQ"], every="water")
    assert "QQ" in html.split('id="id_country_error"')[1]
    assert 'name="every" value="water"' in html
    # In an address of the list they are left out, as the list itself does.
    assert public.get("/treaties/search/?country=QQ&status=x&sort=x&signed_after=onzin&q=%00").status_code == 200


FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "every": st.lists(st.sampled_from(["a", "b", '"c d"']), max_size=3).map(" ".join),
        "phrase": st.sampled_from(["", "c d", "e"]),
        "some": st.lists(st.sampled_from(["f", "g", '"h i"']), max_size=3).map(" ".join),
        "none": st.lists(st.sampled_from(["j", '"k l"']), max_size=2).map(" ".join),
        "within": st.lists(st.sampled_from(["m", "n or o"]), max_size=2),
        "country": st.lists(st.sampled_from(["NL", "FR", "DE-BY"]), max_size=2, unique=True),
        "kind": st.lists(st.sampled_from(["treaty", "mou"]), max_size=2, unique=True),
        "signed_after": st.sampled_from(["", "2007", "2007-03"]),
        "sort": st.sampled_from(["", "title"]),
    },
)


@given(FIELDS)
def test_fields_made_an_address_and_back_make_the_same_address(fields: dict[str, Any]) -> None:
    def address(given_: dict[str, Any]) -> str:
        form = BuilderForm(QueryDict(urlencode(given_, doseq=True)))
        assert form.is_valid(), form.errors
        return builder.address(form.cleaned_data, [])

    once = address(fields)
    again = address({name: value for name, value in builder.opened(QueryDict(once)).items() if value})
    twice = address({name: value for name, value in builder.opened(QueryDict(again)).items() if value})
    # The words may come in another order the first time; what they mean is proven in test_boolean.py.
    assert again == twice
    assert {k: v for k, v in parse_qs(once).items() if k != "q"} == {
        k: v for k, v in parse_qs(again).items() if k != "q"
    }


def test_search_is_not_read_as_a_reference(public: Client) -> None:
    assert "Search with more options" in page(public, "/treaties/search/")
