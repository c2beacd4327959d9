"""The pages of saved and recent searches: what each person sees, and what a form that comes back keeps."""

import re

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from tests.treaties.pages import SCRIPT, page
from treaties.models import SavedSearch
from treaties.saved_actions import change_search, save_search

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]


def as_(person: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


def test_who_is_not_logged_in_is_led_to_the_login_page(public: Client) -> None:
    for address in ("/searches/", "/searches/save/?q=schelde"):
        response = public.get(address)
        assert response.status_code == 302
        assert response["Location"].startswith("/login/")


def test_saving_leads_back_to_the_list(inside: Client, staff: User) -> None:
    html = page(inside, "/searches/save/?q=schelde&country=NL")
    assert "<span>Words: schelde</span><span>Country or party: Netherlands</span>" in html
    response = inside.post("/searches/save/", {"name": "Scheldt", "query": "q=schelde&country=NL", "is_shared": "on"})
    assert (response.status_code, response["Location"]) == (302, "/treaties/?q=schelde&country=NL")
    assert [str(one) for one in get_messages(response.wsgi_request)] == [
        "Saved as “Scheldt”. You find it under Searches."
    ]
    search = SavedSearch.objects.get()
    assert (search.owner, search.name, search.query, search.is_shared) == (
        staff,
        "Scheldt",
        "q=schelde&country=NL",
        True,
    )


def test_a_refused_form_keeps_everything(inside: Client) -> None:
    response = inside.post("/searches/save/", {"name": "n" * 101, "query": "q=schelde", "is_shared": "on"})
    html = response.content.decode()
    assert response.status_code == 422
    assert "Name: This text is longer than 100 characters." in html
    assert f'value="{"n" * 101}"' in html
    assert 'name="query" value="q=schelde"' in html
    assert "checked" in html
    response = inside.post("/searches/save/", {"name": "x", "query": ""})
    assert response.status_code == 422
    assert "This search asks for everything." in response.content.decode()


@pytest.mark.parametrize(
    "sent",
    [
        {"name": "a\x00", "query": "q=a"},
        {"name": "a" * 100_000, "query": "q=a"},
        {"name": "x", "query": "q=" + "a" * 100_000},
        {"name": "x", "query": "a&" * 1_900},
        {"name": "x", "query": "\x00"},
        {"name": "x", "query": "%\ud800".encode("utf-8", "surrogatepass")},
        {"name": SCRIPT * 10, "query": "q=a"},
        {},
    ],
)
def test_bad_input_is_told(inside: Client, sent: dict[str, str]) -> None:
    response = inside.post("/searches/save/", sent)
    assert response.status_code == 422
    assert "There is a problem" in response.content.decode()
    assert SCRIPT not in response.content.decode()


def test_bad_addresses_are_pages_all_the_same(inside: Client) -> None:
    for query in ("a&" * 1_900, "%00", "q=%ED%A0%80", "=", "country=%00&theme=%00&signed_after=onzin&sort=x&status=y"):
        assert inside.get(f"/searches/save/?{query}").status_code == 200


def test_what_each_person_sees(inside: Client, staff: User, staff2: User, reader: User) -> None:
    save_search(actor=staff, name="Ours & mine", query="q=schelde&country=NL&country=FR&sort=title", is_shared=True)
    save_search(actor=staff, name=SCRIPT[:30], query="theme=cultuur&status=in_force&signed_after=2007-03")
    mine = page(inside, "/searches/")
    assert 'href="/treaties/?q=schelde&amp;country=NL&amp;country=FR&amp;sort=title">Ours &amp; mine</a>' in mine
    for words in (
        "Country or party: Netherlands or France",
        "Sort: Title",
        "Status: In force",
        "Signed from: March 2007",
    ):
        assert words in mine
    assert "<script>alert" not in mine
    theirs = page(as_(staff2), "/searches/")
    assert "Ours &amp; mine" in theirs
    assert "Shared by An Beheerder" in theirs
    assert "script" not in theirs.split("<main")[1].split("</main>")[0]
    outside = page(as_(reader), "/searches/")
    assert "Ours" not in outside
    assert "Shared by colleagues" not in outside
    assert "Share with colleagues" not in page(as_(reader), "/searches/save/?q=a")


def test_as_many_queries_for_many_as_for_one(
    inside: Client, staff: User, staff2: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    def some(first: int, last: int) -> None:
        for n in range(first, last):
            for person in (staff, staff2):
                save_search(actor=person, name=f"s{n}", query=f"q=w{n}&country=NL&theme=cultuur", is_shared=True)

    some(0, 1)
    inside.get("/treaties/?q=w&theme=cultuur")
    # Session and person; mine; shared, counted and read; parties and themes by name.
    with django_assert_num_queries(7):
        inside.get("/searches/")
    some(1, 30)
    with django_assert_num_queries(7):
        assert inside.get("/searches/").content.decode().count("result__title") == 60


def test_shared_searches_come_in_pages(staff: User, staff2: User) -> None:
    for n in range(52):
        save_search(actor=staff, name=f"s{n:02}", query="q=a", is_shared=True)
    client = as_(staff2)
    assert page(client, "/searches/").count("result__title") == 50
    assert page(client, "/searches/?page=2").count("result__title") == 2
    assert page(client, "/searches/?page=x9").count("result__title") == 50


def test_renaming_and_sharing(inside: Client, staff: User) -> None:
    search = save_search(actor=staff, name="Scheldt", query="q=schelde")
    address = f"/searches/{search.pk}/"
    assert 'value="Scheldt"' in page(inside, address)
    response = inside.post(address, {"name": "The Scheldt", "is_shared": "on", "version": "1"})
    assert (response.status_code, response["Location"]) == (302, "/searches/")
    search.refresh_from_db()
    assert (search.name, search.is_shared, search.version) == ("The Scheldt", True, 2)


def test_a_form_that_is_sent_twice_counts_once_and_is_answered_the_same(inside: Client) -> None:
    new = {"name": "Scheldt", "query": "q=schelde"}
    answers = [inside.post("/searches/save/", new) for _ in range(2)]
    assert [(one.status_code, one["Location"]) for one in answers] == [(302, "/treaties/?q=schelde")] * 2
    search = SavedSearch.objects.get()
    changed = {"name": "The Scheldt", "is_shared": "on", "version": "1"}
    answers = [inside.post(f"/searches/{search.pk}/", changed) for _ in range(2)]
    assert [(one.status_code, one["Location"]) for one in answers] == [(302, "/searches/")] * 2
    search.refresh_from_db()
    assert (search.name, search.version) == ("The Scheldt", 2)


def test_two_windows_are_told_and_saving_again_is_a_choice(inside: Client, staff: User) -> None:
    search = save_search(actor=staff, name="Scheldt", query="q=schelde")
    change_search(actor=staff, search=search, name="Meuse", is_shared=False, version=1)
    address = f"/searches/{search.pk}/"
    response = inside.post(address, {"name": "Rhine", "version": "1"})
    html = response.content.decode()
    assert response.status_code == 409
    assert "it is called “Meuse” now, and it is not shared." in html
    assert 'value="Rhine"' in html
    assert 'name="version" value="2"' in html
    assert inside.post(address, {"name": "Rhine", "version": "2"}).status_code == 302
    response = inside.post(f"{address}remove/", {"version": "1"})
    assert response.status_code == 409
    assert "it is called “Rhine” now" in response.content.decode()
    # The page that says so offers to remove it as it is now.
    assert 'name="version" value="3"' in response.content.decode()


@pytest.mark.parametrize("version", ["", "x", "²", "9" * 100, "-1"])
def test_a_version_that_is_none_is_an_old_one(inside: Client, staff: User, version: str) -> None:
    search = save_search(actor=staff, name="Scheldt", query="q=schelde")
    assert inside.post(f"/searches/{search.pk}/remove/", {"version": version}).status_code == 409
    assert inside.post(f"/searches/{search.pk}/", {"name": "x", "version": version}).status_code in (409, 422)
    assert SavedSearch.objects.get().name == "Scheldt"


def test_removing(inside: Client, staff: User) -> None:
    search = save_search(actor=staff, name="Scheldt", query="q=schelde")
    assert inside.post(f"/searches/{search.pk}/remove/", {"version": "1"}).status_code == 302
    assert not SavedSearch.objects.exists()
    assert "“Scheldt” is removed." in page(inside, "/searches/")
    assert inside.get(f"/searches/{search.pk}/").status_code == 404


def test_recent_searches_come_from_the_list(inside: Client, public: Client) -> None:
    inside.get("/treaties/?q=schelde&kind=&page=2")
    inside.get("/treaties/?q=maas", headers={"HX-Request": "true"})
    inside.get("/treaties/")
    html = page(inside, "/searches/")
    assert re.findall(r'<a href="/treaties/\?([^"]*)"><span class="meta"><span>([^<]*)<', html) == [
        ("q=maas", "Words: maas"),
        ("q=schelde", "Words: schelde"),
    ]
    inside.post("/searches/recent/forget/")
    assert "maas" not in page(inside, "/searches/")
    assert public.get("/treaties/?q=schelde").cookies.keys() <= {"csrftoken"}


def test_an_empty_search_box_shows_the_last_searches(inside: Client, public: Client) -> None:
    assert "Recent searches" not in page(inside, "/treaties/")
    for words in ("een", "twee", "drie", "vier", "vijf", "zes&country=NL"):
        inside.get(f"/treaties/?q={words}")
    shown = re.findall(r'<li><a href="/treaties/\?([^"]*)">([^<]*)</a></li>', page(inside, "/treaties/"))
    assert shown[0] == ("q=zes&amp;country=NL", "Words: zes, Country or party: Netherlands")
    assert [query for query, _said in shown[1:]] == ["q=vijf", "q=vier", "q=drie", "q=twee"]
    assert "Recent searches" not in page(inside, "/treaties/?q=een")
    assert "Recent searches" not in page(public, "/treaties/")


def test_the_list_offers_to_save_what_it_asks(inside: Client, public: Client) -> None:
    html = page(inside, "/treaties/?q=schelde&country=NL&page=9")
    assert '<input type="hidden" form="save-search" name="query" value="q=schelde&amp;country=NL">' in html
    assert '<form id="save-search" method="post" action="/searches/save/">' in html
    # Not in the form of the list.
    assert html.index('<form id="save-search"') > html.index("</form>", html.index("hx-get"))
    assert "save-search-name" not in page(inside, "/treaties/")
    assert "save-search" not in page(public, "/treaties/?q=schelde")


def test_words_within_results_are_chips_and_go_along(public: Client) -> None:
    html = page(public, "/treaties/?q=schelde+or+maas&within=haven&within=zee")
    assert '<span class="chip__kind">Within these</span>haven' in html
    assert 'href="/treaties/?q=schelde+or+maas&amp;within=zee"' in html
    assert '<input type="hidden" name="within" value="haven">' in html
    assert 'id="within-2" name="within" autocomplete' in html
    assert 'name="within"' not in page(public, "/treaties/")
    assert 'id="within-error"' in page(public, "/treaties/?within=a%00")
    html = page(public, "/treaties/?q=schelde&within=a%00")
    assert 'id="within-error"' in html
    assert "This text contains a character that cannot be stored." in html
