from collections.abc import Callable

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict

from accounts.models import User
from treaties import actions, queries
from treaties.choices import ActKind, Kind, Qualification
from treaties.dates import parse
from treaties.filters import SORTS, TreatyFilter
from treaties.models import SearchDocument, Treaty

pytestmark = pytest.mark.django_db

Make = Callable[..., Treaty]


def asked(address: str) -> TreatyFilter:
    return queries.found(AnonymousUser(), QueryDict(address))


def titles(address: str) -> list[str]:
    return [document.treaty.title for document in queries.in_order(asked(address))]


@pytest.fixture
def signed(make_treaty: Make, staff: User) -> Callable[..., Treaty]:
    def make(title: str, on: str = "", **kw: object) -> Treaty:
        treaty = make_treaty(title=title, **kw)
        if on:
            actions.record_act(actor=staff, treaty=treaty, kind=ActKind.SIGNATURE, when=parse(on), reason="x")
        return treaty

    return make


@pytest.mark.parametrize(
    ("address", "found"),
    [
        # A state finds its regions and the former states it came from; a region only itself.
        ("country=DE", {"duitsland", "beieren", "ddr"}),
        ("country=DE-BY", {"beieren"}),
        ("country=DDDE", {"ddr"}),
        # Repeating a parameter means "or", different parameters "and".
        ("country=DE-BY&country=NL", {"beieren", "nederland"}),
        ("country=NL&kind=mou", set()),
        ("country=DE&kind=mou", {"ddr"}),
        ("kind=mou&kind=protocol", {"ddr", "nederland"}),
        # A policy domain finds the fields under it.
        ("theme=kanselarij-bestuur-buitenlandse-zaken-en-justitie", {"nederland", "beieren"}),
        ("theme=toerisme", {"nederland"}),
        ("qualification=mixed", {"duitsland"}),
        ("status=signed", {"duitsland"}),
        ("status=in_preparation", {"beieren", "ddr", "nederland"}),
        # A parameter that does not exist, or a value that does not, is left out.
        ("country=QQ", {"duitsland", "beieren", "ddr", "nederland"}),
        ("country=&kind=", {"duitsland", "beieren", "ddr", "nederland"}),
        ("nonsense=1", {"duitsland", "beieren", "ddr", "nederland"}),
        ("signed_after=onzin", {"duitsland", "beieren", "ddr", "nederland"}),
    ],
)
def test_parameters_narrow(address: str, found: set[str], signed: Callable[..., Treaty]) -> None:
    signed(
        "duitsland", "2007", parties=["DE"], themes=["algemeen-mobiliteitsbeleid"], qualification=Qualification.MIXED
    )
    signed("beieren", parties=["DE-BY"])
    signed("ddr", parties=["DDDE"], kind=Kind.MOU, themes=[])
    signed("nederland", parties=["NL"], kind=Kind.PROTOCOL, themes=["toerisme"])
    assert set(titles(address)) == found


YEARS = {
    "signed_after=2007": ["2008", "2007-12-31", "2007-03"],
    "signed_after=2007-03-01": ["2008", "2007-12-31", "2007-03"],
    "signed_after=2007-03-02": ["2008", "2007-12-31"],
    "signed_before=2007": ["2007-12-31", "2007-03", "2006-05-05"],
    "signed_before=2006": ["2006-05-05"],
    "signed_before=2007-12-30": ["2007-03", "2006-05-05"],
    "signed_after=2007&signed_before=2007": ["2007-12-31", "2007-03"],
    "signed_after=2009": [],
    "signed_after=2008&signed_before=2007": [],
}


def test_a_year_means_from_its_first_to_its_last_day(signed: Callable[..., Treaty]) -> None:
    for on in ("2006-05-05", "2007-03", "2007-12-31", "2008", ""):
        signed(on or "never", on)
    assert {address: titles(address) for address in YEARS} == YEARS


NEWEST = ["Zulu", "École", "Ander", "B never", "a Never"]
ORDERS = {
    "": NEWEST,
    "sort=newest": NEWEST,
    "sort=title": ["a Never", "Ander", "B never", "École", "Zulu"],
    "sort=changed": ["Ander", "B never", "a Never", "Zulu", "École"],
    "sort=reference": ["École", "Zulu", "a Never", "B never", "Ander"],
    # Best match says nothing without words; an order that does not exist neither.
    "sort=relevance": NEWEST,
    "sort=backwards": NEWEST,
}


def test_orders(signed: Callable[..., Treaty]) -> None:
    for number, (title, on) in enumerate(
        [("École", "2010"), ("Zulu", "2020"), ("a Never", ""), ("B never", ""), ("Ander", "1999")]
    ):
        signed(title, on, reference=f"T000000{number}")
    assert {address: titles(address) for address in ORDERS} == ORDERS


@pytest.mark.parametrize(
    ("address", "order"),
    [
        ("", "newest"),
        ("sort=title", "title"),
        ("sort=relevance", "newest"),
        ("q=verdrag", "relevance"),
        ("q=verdrag&sort=relevance", "relevance"),
        ("q=verdrag&sort=newest", "newest"),
        ("q=%20", "newest"),
    ],
)
def test_the_order_in_force(address: str, order: str) -> None:
    assert asked(address).order == order
    assert order in SORTS


def test_words_longer_than_the_limit_are_a_mistake_that_is_said() -> None:
    filterset = asked("q=" + "x" * 501)
    assert "q" not in filterset.values
    assert "q" in filterset.form.errors


def test_each_mistake_has_its_sentence() -> None:
    filterset = asked("country=QQ&signed_before=31/2/2007&sort=x&q=a%00b")
    assert set(filterset.form.errors) == {"signed_before", "sort", "q"}


def test_values_that_do_not_exist_are_left_out_and_said_to_be() -> None:
    filterset = asked("country=QQ&country=NL&kind=poem&year=20 07&year=2007&status=")
    assert (filterset.chosen("country"), filterset.chosen("year")) == (["NL"], ["2007"])
    assert filterset.unknown == {"country": ["QQ"], "kind": ["poem"], "year": ["20 07"]}


def test_more_values_than_the_limit_are_left_out() -> None:
    years = [str(1800 + place) for place in range(201)]
    filterset = asked("&".join(f"year={year}" for year in years))
    assert filterset.chosen("year") == years[:200]
    assert filterset.unknown == {"year": ["2000"]}


def test_who_is_awaited_is_no_parameter_for_the_public(staff: User) -> None:
    assert "awaited" not in asked("awaited=minister").facets
    assert queries.found(staff, QueryDict("awaited=minister")).chosen("awaited") == ["minister"]


def test_somebody_else_s_internal_records_are_not_found(make_treaty: Make, staff: User) -> None:
    make_treaty(title="geheim", access="government")
    assert titles("q=geheim") == []
    assert queries.found(staff, QueryDict("q=geheim")).qs.count() == 1


def test_chosen_values_are_the_valid_ones() -> None:
    assert asked("country=DE&country=NL").chosen("country") == ["DE", "NL"]
    assert asked("country=DE&country=QQ").chosen("country") == ["DE"]
    assert asked("").chosen("theme") == []


def test_the_result_is_of_search_documents() -> None:
    assert asked("").qs.model is SearchDocument
