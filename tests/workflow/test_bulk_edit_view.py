"""The page on which several records are changed at once: choose, look, confirm."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from audit.models import Change
from treaties import bulk_edit
from treaties.actions import qualify
from treaties.choices import Access, Kind, Qualification
from treaties.models import Treaty

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]
Make = Callable[..., Any]
URL = "/treaties/bulk/"


@pytest.fixture
def as_staff(staff: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(staff)
    return client


def text(response: HttpResponse) -> str:
    return unescape(response.content.decode())


def records(*treaties: Treaty) -> str:
    return " ".join(f"{treaty.reference}:{treaty.version}" for treaty in treaties)


def data(*treaties: Treaty, do: str = "preview", **kw: Any) -> dict[str, Any]:
    given = {"records": records(*treaties), "kind": "protocol", "reason": "Nieuwe indeling", "back": ""}
    return {**given, "submission": str(uuid4()), "do": do, **kw}


def hidden(response: HttpResponse) -> dict[str, list[str]]:
    """What the page sends back."""
    found: dict[str, list[str]] = {}
    for tag in re.findall(r'<input type="hidden"[^>]*>', response.content.decode()):
        name = re.search(r'name="([^"]*)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        assert name is not None
        found.setdefault(name[1], []).append(unescape(value[1]) if value else "")
    return found


class TestOnTheList:
    def test_who_may_edit_can_choose(self, as_staff: Client, make_treaty: Make) -> None:
        treaties = [make_treaty(parties=["NL"]) for _ in range(27)]
        html = text(as_staff.get("/treaties/?country=NL"))
        boxes = re.findall(r'<input type="checkbox" form="bulk" name="reference"[^>]* value="(T[^" ]+)"', html)
        assert len(boxes) == 25
        assert set(boxes) <= {treaty.reference for treaty in treaties}
        assert '<input type="hidden" form="bulk" name="country" value="NL">' in html
        assert "Choose all 25 on this page" in html
        assert "Choose all 27 found" in html
        assert '<form id="bulk" method="get" action="/treaties/bulk/">' in html
        assert '<input type="hidden" form="bulk" name="page" value="2">' in text(as_staff.get("/treaties/?page=2"))

    @pytest.mark.parametrize("role", ["", "reader", "auditor"])
    def test_nothing_of_it_for_others(self, request: pytest.FixtureRequest, role: str, make_treaty: Make) -> None:
        make_treaty()
        client = Client(headers={"accept-language": "en"})
        if role:
            client.force_login(request.getfixturevalue(role))
        html = text(client.get("/treaties/"))
        assert "bulk" not in html
        assert "Choose" not in html

    def test_the_list_asks_nothing_more(self, as_staff: Client, make_treaty: Make) -> None:
        make_treaty()
        as_staff.get("/treaties/")  # names of parties are read once a minute
        counted = []
        for _ in range(2):
            with CaptureQueriesContext(connection) as queries:
                as_staff.get("/treaties/")
            counted.append(len(queries))
            for _more in range(20):
                make_treaty()
        assert counted[0] == counted[1]


class TestChoosing:
    def test_the_form_names_what_was_chosen_and_keeps_the_list(self, as_staff: Client, make_treaty: Make) -> None:
        one, two = make_treaty(title="Verdrag Een"), make_treaty(title="Verdrag Twee")
        response = as_staff.get(f"{URL}?reference={one.reference}&reference={two.reference}&kind=treaty&page=2&x=y")
        html = text(response)
        assert "2 records chosen" in html
        assert "Verdrag Een" in html
        assert hidden(response)["records"] == [records(one, two)]
        assert hidden(response)["back"] == ["kind=treaty&page=2"]
        assert '<a href="/treaties/?kind=treaty&page=2">Cancel</a>' in html

    def test_all_that_is_found(self, as_staff: Client, make_treaty: Make) -> None:
        japan = make_treaty(parties=["JP"])
        make_treaty(parties=["NL"])
        response = as_staff.get(f"{URL}?all=1&country=JP")
        assert hidden(response)["records"] == [records(japan)]

    def test_unknown_references_are_left_out_with_a_note(self, as_staff: Client, make_treaty: Make) -> None:
        treaty = make_treaty()
        html = text(as_staff.get(f"{URL}?reference={treaty.reference}&reference=T0000000&reference=%00%ED%A0%80"))
        assert "1 record chosen" in html
        assert "references lead to no record and are left out" in html

    @pytest.mark.parametrize("query", ["", "?reference=T0000000", "?all=1&country=JP", f"?reference={'x' * 100_000}"])
    def test_without_any_the_way_back(self, as_staff: Client, make_treaty: Make, query: str) -> None:
        make_treaty(parties=["NL"])
        response = as_staff.get(URL + query)
        assert response.status_code == 200
        assert "No record is chosen" in text(response)

    def test_too_many(self, as_staff: Client, make_treaty: Make, monkeypatch: pytest.MonkeyPatch) -> None:
        for _ in range(3):
            make_treaty()
        monkeypatch.setattr(bulk_edit, "MOST", 2)
        html = text(as_staff.get(f"{URL}?all=1"))
        assert "3 records are too many at once" in html
        assert "Look at what would change" not in html
        response = as_staff.post(URL, data(*Treaty.objects.all()))
        assert response.status_code == 422
        assert "At most 2 records are changed at once" in text(response)

    def test_themes_to_remove_are_those_they_have(self, as_staff: Client, make_treaty: Make) -> None:
        treaties = [make_treaty(themes=["cultuur"]), make_treaty(themes=["cultuur", "toerisme"])]
        html = text(as_staff.get(f"{URL}?reference={treaties[0].reference}&reference={treaties[1].reference}"))
        assert "Culture (2)" in html
        assert "Tourism (1)" in html


class TestLooking:
    def test_before_and_after_per_record_and_nothing_is_written(self, as_staff: Client, make_treaty: Make) -> None:
        one, same = make_treaty(title="Verdrag Een"), make_treaty(kind=Kind.PROTOCOL)
        before = Change.objects.count()
        response = as_staff.post(URL, data(one, same))
        html = text(response)
        assert response.status_code == 200
        assert "Change 1 record<" in html
        assert "Nothing changes: it says so already." in html
        assert re.search(r"<del>.*treaty</del> → <ins>.*protocol</ins>", html)
        assert Change.objects.count() == before

    def test_refused_records_must_be_left_out(self, as_staff: Client, make_treaty: Make, make_dossier: Make) -> None:
        dossier, fine = make_dossier("exclusive"), make_treaty(qualification=Qualification.UNDETERMINED)
        asked = data(dossier.treaty, fine, kind="", qualification="mixed")
        response = as_staff.post(URL, asked)
        html = text(response)
        assert f"It follows dossier {dossier.reference}" in html
        assert f'href="/dossiers/{dossier.reference}/qualification/"' in html
        assert 'value="confirm"' not in html
        assert "Leave out this 1" in html
        refused = as_staff.post(URL, {**asked, "do": "confirm"})
        assert refused.status_code == 422
        assert f"{dossier.treaty.reference}: It follows dossier" in text(refused)
        assert Treaty.objects.get(pk=fine.pk).version == 1
        left = as_staff.post(URL, {**asked, "do": "leave_out"})
        assert hidden(left)["records"] == [records(fine)]
        done = as_staff.post(URL, {**hidden(left), "do": "confirm"})
        assert done.status_code == 302
        assert Treaty.objects.get(pk=fine.pk).qualification == Qualification.MIXED

    def test_everything_typed_comes_back_after_a_mistake_and_on_asking_something_else(
        self, as_staff: Client, make_treaty: Make
    ) -> None:
        treaty = make_treaty(themes=["cultuur"])
        asked = data(
            treaty,
            add_themes=["toerisme"],
            remove_themes=["cultuur"],
            add_parties=["JP"],
            sources="a\nb",
            access="government",
            reason=" ",
            back="country=NL",
        )
        for do, status in (("preview", 422), ("confirm", 422), ("edit", 200)):
            response = as_staff.post(URL, {**asked, "do": do})
            html = text(response)
            assert response.status_code == status
            assert re.search(r'value="toerisme"[^>]* checked', html)
            assert re.search(r'value="cultuur"[^>]* checked[^>]*>\s*Culture \(1\)', html)
            assert re.search(r'<option value="JP" selected', html)
            assert re.search(r'<option value="protocol" selected', html)
            assert re.search(r'<option value="government" selected', html)
            assert ">\na\nb</textarea>" in html
            assert hidden(response)["records"] == [records(treaty)]
            assert '<a href="/treaties/?country=NL">Cancel</a>' in html
            assert hidden(response)["submission"] == [asked["submission"]]

    def test_the_preview_sends_back_what_was_asked(self, as_staff: Client, make_treaty: Make) -> None:
        treaty = make_treaty()
        asked = data(treaty, add_themes=["toerisme", "cultuur"], sources="a\nb", add_parties=["JP", "FR"])
        found = hidden(as_staff.post(URL, asked))
        assert found["add_themes"] == ["toerisme", "cultuur"]
        assert found["add_parties"] == ["JP", "FR"]
        assert (found["sources"], found["reason"]) == (["a\nb"], ["Nieuwe indeling"])

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("reason", ""),
            ("reason", "a\x00"),
            ("reason", "x" * 100_000),
            ("sources", "a\x00"),
            ("sources", "x" * 100_000),
            ("kind", "poem"),
            ("access", "\x00"),
            ("qualification", "x" * 100_000),
            ("add_themes", "nope"),
            ("add_themes", "a\x00"),
            ("remove_themes", "x" * 100_000),
            ("add_parties", "??"),
            ("records", ""),
            ("records", "x" * 100_000),
            ("records", "\x00"),
            ("submission", "x"),
        ],
    )
    @pytest.mark.parametrize("do", ["preview", "confirm", "leave_out", "edit", "\x00"])
    def test_bad_input_is_a_sentence(
        self, as_staff: Client, make_treaty: Make, field: str, value: str, do: str
    ) -> None:
        treaty = make_treaty()
        response = as_staff.post(URL, {**data(treaty), field: value, "do": do})
        assert response.status_code == (200 if do == "edit" else 422)
        if do != "edit":
            assert "There is a problem" in text(response)
        assert Treaty.objects.get(pk=treaty.pk).version == 1

    def test_back_leads_nowhere_else(self, as_staff: Client, make_treaty: Make) -> None:
        for back in ("//example.org", "a=1\r\nX: y", "x" * 100_000, "\x00", "q=é&page=2"):
            treaty = make_treaty()
            response = as_staff.post(URL, data(treaty, do="confirm", back=back))
            assert response.status_code == 302 or "\x00" in back
            assert response.headers.get("Location", "/treaties/").startswith("/treaties/")

    def test_the_same_number_of_queries_for_one_and_for_thirty(self, as_staff: Client, make_dossier: Make) -> None:
        treaties = [make_dossier("exclusive").treaty for _ in range(30)]
        for do in ("preview", "edit"):
            counted = []
            for some in (treaties[:1], treaties):
                asked = data(*some, do=do, qualification="mixed", add_themes=["cultuur"], add_parties=["JP"])
                as_staff.post(URL, asked)
                with CaptureQueriesContext(connection) as queries:
                    assert as_staff.post(URL, asked).status_code == 200
                counted.append(len(queries))
            assert counted[0] == counted[1]


class TestConfirming:
    def test_it_leads_back_to_the_list_and_says_how_many(self, as_staff: Client, make_treaty: Make) -> None:
        one, two = make_treaty(), make_treaty()
        response = as_staff.post(URL, data(one, two, do="confirm", back="kind=protocol&page=2"), follow=True)
        assert response.redirect_chain == [("/treaties/?kind=protocol&page=2", 302)]
        assert "2 records are changed." in text(response)
        for treaty in (one, two):
            html = text(as_staff.get(f"/treaties/{treaty.reference}/history/"))
            assert "changed several records at once" in html
            assert "Nieuwe indeling" in html

    def test_who_comes_too_late_sees_who_was_first_and_what_would_change_now(
        self, as_staff: Client, make_treaty: Make, staff2: User
    ) -> None:
        one, two = make_treaty(), make_treaty()
        asked = data(one, two, do="confirm", qualification="eu_mixed")
        qualify(actor=staff2, treaty=one, qualification=Qualification.MIXED, reason="letter")
        response = as_staff.post(URL, asked)
        html = text(response)
        assert response.status_code == 409
        assert f"Bart Beheerder changed {one.reference} at" in html
        assert html.count("Changed meanwhile") == 1
        assert re.search(r"<del>.*mixed</del> → <ins>.*EU mixed agreement</ins>", html)
        assert Treaty.objects.get(pk=two.pk).version == 1
        # The page now carries what it shows: to confirm again is a choice.
        now = hidden(response)
        assert now["records"] == [f"{one.reference}:2 {two.reference}:1"]
        assert as_staff.post(URL, {**now, "do": "confirm"}).status_code == 302
        assert Treaty.objects.get(pk=one.pk).qualification == Qualification.EU_MIXED

    def test_a_form_that_comes_twice_is_recorded_once(self, as_staff: Client, make_treaty: Make) -> None:
        treaty = make_treaty()
        asked = data(treaty, do="confirm", back="kind=protocol")
        as_staff.post(URL, asked)
        response = as_staff.post(URL, asked, follow=True)
        assert response.redirect_chain == [("/treaties/?kind=protocol", 302)]
        assert "it was recorded once" in text(response)
        assert Treaty.objects.get(pk=treaty.pk).version == 2

    def test_a_record_that_is_not_there(self, as_staff: Client, make_treaty: Make) -> None:
        treaty = make_treaty()
        asked = data(treaty, do="confirm")
        response = as_staff.post(URL, {**asked, "records": f"{asked['records']} T0000000:1"})
        assert response.status_code == 422
        assert "There is no record T0000000" in text(response)
        assert hidden(response)["records"] == [records(treaty)]

    def test_what_is_internal_does_not_become_public_here(self, as_staff: Client, make_treaty: Make) -> None:
        treaty = make_treaty(access=Access.GOVERNMENT)
        response = as_staff.post(URL, data(treaty, do="confirm", kind="", access="public"))
        assert response.status_code == 422
        assert Client().get(f"/treaties/{treaty.reference}/").status_code == 404
