"""The pages: what they show, to whom, and what a sent form does."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from reporting import actions
from reporting.guards import ReportEntry
from reporting.models import Obligation, Report
from tests.reporting.conftest import dates
from treaties.choices import Access

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(staff: User) -> Client:
    client = Client()
    client.force_login(staff)
    return client


def text(client: Client, url: str, status: int = 200, language: str = "en") -> str:
    response = client.get(url, headers={"accept-language": language})
    assert response.status_code == status
    return response.content.decode()


def form(**given: Any) -> dict[str, Any]:
    return {"submission": str(uuid4()), "version": "1", "reason": "from the site", **given}


def test_the_list_shows_what_comes_next_overdue_first(browser: Client, make_obligation: Any, make_report: Any) -> None:
    make_report(make_obligation("Later comité"), "1", report_due="2199")
    make_report(make_obligation("Laat comité", body_en="Late committee"), "8", contribution_due="2020-05-04")
    make_obligation("UPR", is_political=True)
    page = text(browser, "/reporting/")
    assert page.index("Late committee") < page.index("Later comité") < page.rindex("UPR")
    assert "Flemish contribution overdue" in page
    assert "was due 4 May 2020" in page
    assert "No treaty: a political commitment" in page
    dutch = text(browser, "/reporting/", language="nl")
    assert "Laat comité" in dutch
    assert "Vlaamse bijdrage te laat" in dutch


def test_the_list_can_be_narrowed_to_one_body(browser: Client, make_obligation: Any) -> None:
    make_obligation("Comité A")
    make_obligation("Comité B")
    assert text(browser, "/reporting/?body=Comité A").count("Comité B</") == 1  # among the options only
    for anything in ("?body=nobody", "?body=%00", "?page=x"):
        assert text(browser, f"/reporting/{anything}").count("Comité B</") == 2


def test_an_empty_list_says_what_belongs_there(browser: Client) -> None:
    assert "No obligations yet" in text(browser, "/reporting/")


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_asks_the_same_number_of_queries(
    count: int, browser: Client, make_obligation: Any, make_report: Any
) -> None:
    for number in range(count):
        make_report(make_obligation(f"Comité {number}", first_due_months=24, cycle_years=5), report_due="2199")
    browser.get("/reporting/")
    with CaptureQueriesContext(connection) as captured:
        assert browser.get("/reporting/").content.decode().count('data-label="') == 3 * count
    assert len(captured) == 7


@pytest.mark.parametrize("count", [1, 12])
def test_the_page_of_an_obligation_asks_the_same_number_of_queries(
    count: int, browser: Client, make_obligation: Any, make_report: Any
) -> None:
    obligation = make_obligation()
    for number in range(count):
        make_report(obligation, str(number), report_due=str(2000 + number))
    with CaptureQueriesContext(connection) as captured:
        browser.get(obligation.get_absolute_url())
    assert len(captured) == 6


def test_an_obligation_with_its_reports(browser: Client, make_obligation: Any, make_report: Any) -> None:
    obligation = make_obligation(cycle_years=5, coordinator="NCRK", source="https://example.org/")
    make_report(
        obligation,
        "5-6",
        period_from="2007",
        period_to="2012",
        report_submitted="2017-07-20",
        dialogue_from="2019-10-15",
        dialogue_to="2019-10-16",
        delegation_head="An Voorbeeld",
        links="https://example.org/a\nhttps://example.com/b",
    )
    page = text(browser, obligation.get_absolute_url())
    for shown in ("Report 5-6", "Dialogue held", "Every 5 years", "NCRK", "An Voorbeeld", "20 July 2017", "2022"):
        assert shown in page
    assert "Period covered: 2007 to 2012" in page
    assert '<time datetime="2019-10-16">16 October 2019</time>' in page
    assert page.count('rel="external"') == 3


def test_others_find_no_such_page(reader: User, make_obligation: Any) -> None:
    obligation = make_obligation()
    client = Client()
    assert client.get("/reporting/").status_code == 302
    client.force_login(reader)
    for url in ("/reporting/", obligation.get_absolute_url(), "/reporting/new/"):
        assert client.get(url).status_code == 404
    assert "/reporting/" not in text(client, "/")


def test_an_auditor_reads_and_is_offered_nothing(auditor: User, make_obligation: Any) -> None:
    obligation = make_obligation()
    client = Client()
    client.force_login(auditor)
    page = text(client, obligation.get_absolute_url())
    assert "/edit/" not in page
    assert "/reporting/new/" not in text(client, "/reporting/")
    assert client.get(f"{obligation.get_absolute_url()}edit/").status_code == 403


def test_the_menu_leads_there(browser: Client) -> None:
    assert '<a class="site-nav__link" href="/reporting/" aria-current="page">' in text(browser, "/reporting/")


def test_an_obligation_is_added(browser: Client, make_treaty: Any) -> None:
    treaty = make_treaty()
    assert f'value="{treaty.reference}"' in text(browser, f"/reporting/new/?treaty={treaty.reference}")
    given = form(treaty=treaty.reference, body_nl="Comité", first_due_from="ratification", first_due_months="24")
    response = browser.post("/reporting/new/", given)
    made = Obligation.objects.get()
    assert (response.status_code, response["Location"]) == (302, made.get_absolute_url())
    assert (made.treaty, made.first_due_months, made.first_due_from) == (treaty, 24, "ratification")
    # The same form once more: recorded once.
    assert browser.post("/reporting/new/", given)["Location"] == made.get_absolute_url()
    assert Obligation.objects.count() == 1


def test_a_refused_form_keeps_what_was_typed(browser: Client, make_obligation: Any) -> None:
    obligation = make_obligation()
    given = form(label="8", report_submitted="2020-05", dialogue_from="2019", observations_on="2018", note="Bewaar dit")
    response = browser.post(f"{obligation.get_absolute_url()}reports/new/", given, headers={"accept-language": "en"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "The dialogue cannot come before the report was submitted." in page
    assert "Observations cannot come before the dialogue." in page
    assert "Bewaar dit" in page
    assert page.startswith("<!doctype html>")
    assert "<title>Error:" in page
    assert not Report.objects.exists()


def test_a_report_is_added_and_changed(browser: Client, make_obligation: Any) -> None:
    obligation = make_obligation()
    url = obligation.get_absolute_url()
    assert browser.post(f"{url}reports/new/", form(label="8", report_due="2020"))["Location"] == url
    report = Report.objects.get()
    edit = f"{url}reports/{report.pk}/edit/"
    assert 'value="2020"' in text(browser, edit)
    assert browser.post(edit, form(label="8", report_due="2020", report_submitted="2020-11"))["Location"] == url
    report.refresh_from_db()
    assert (report.report_submitted.iso, report.version) == ("2020-11", 2)
    other = make_obligation("Ander")
    assert browser.get(f"{other.get_absolute_url()}reports/{report.pk}/edit/").status_code == 404


def test_who_comes_second_sees_what_the_first_did(
    browser: Client, staff2: User, make_obligation: Any, make_report: Any
) -> None:
    obligation = make_obligation()
    report = make_report(obligation, "8")
    entry = ReportEntry("8", dates(report_due="2027"))
    actions.edit_report(actor=staff2, report=report, entry=entry, version=1, reason="x")
    edit = f"{obligation.get_absolute_url()}reports/{report.pk}/edit/"
    mine = form(label="8", report_due="2028")
    response = browser.post(edit, mine, headers={"accept-language": "en"})
    page = response.content.decode()
    assert response.status_code == 409
    assert "Bart Beheerder" in page
    assert "What differs" in page
    assert "<td>2027</td><td>2028</td>" in page
    assert browser.post(edit, {**mine, "submission": str(uuid4()), "version": "2"}).status_code == 302
    report.refresh_from_db()
    assert report.report_due.iso == "2028"


def test_an_obligation_is_changed_and_conflicts(browser: Client, make_obligation: Any) -> None:
    obligation = make_obligation()
    edit = f"{obligation.get_absolute_url()}edit/"
    given = form(treaty=obligation.treaty.reference, body_nl="Nieuw", first_due_from="ratification", cycle_years="4")
    assert browser.post(edit, given)["Location"] == obligation.get_absolute_url()
    late = browser.post(edit, form(treaty=obligation.treaty.reference, body_nl="Anders", first_due_from="ratification"))
    assert late.status_code == 409
    assert "<td>Nieuw</td><td>Anders</td>" in late.content.decode()
    obligation.refresh_from_db()
    assert (obligation.body_nl, obligation.version) == ("Nieuw", 2)


@pytest.fixture
def treaty_pages(staff: User, reader: User) -> Iterator[dict[str, Client]]:
    clients = {"public": Client(), "reader": Client(), "staff": Client()}
    clients["reader"].force_login(reader)
    clients["staff"].force_login(staff)
    return clients


def test_the_page_of_a_treaty_shows_it_to_staff_only(
    treaty_pages: dict[str, Client], make_obligation: Any, make_treaty: Any
) -> None:
    treaty = make_treaty(access=Access.PUBLIC)
    url = treaty.get_absolute_url()
    assert 'id="reporting"' not in text(treaty_pages["staff"], url)
    make_obligation("Comité voor cultuur", treaty=treaty, cycle_years=5)
    page = text(treaty_pages["staff"], url)
    assert 'id="reporting"' in page
    assert "Comité voor cultuur" in page
    assert "no earlier report is on record" in page
    for who in ("public", "reader"):
        assert "Comité voor cultuur" not in text(treaty_pages[who], url)
