"""How long a session lasts, what ends it, and that nothing typed is lost when it does."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts import signin_actions
from accounts.choices import Role
from accounts.models import User
from tests import factories
from tests.conftest import PASSWORD
from treaties.dates import PartialDate
from workflow import actions
from workflow.guards import Happening
from workflow.models import Approval, Decision

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]

START = 1_800_000_000.0
MINUTE, HOUR = 60, 3600


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def browser(clock: Any, reviewer: User) -> Client:
    browser = Client(headers={"accept-language": "en"})
    browser.post("/login/", {"username": "reviewer", "password": PASSWORD})
    return browser


@pytest.fixture
def approval(clock: Any, staff: User, make_dossier: Callable[..., Any]) -> Approval:
    """A request that the reviewer can decide."""
    dossier = make_dossier()
    actions.record_event(actor=staff, dossier=dossier, happening=Happening("initiative", PartialDate(date(2024, 1, 8))))
    factories.add_evidence(staff, dossier, "mandate")
    return actions.ask_consent(actor=staff, dossier=factories.read(dossier), step="mandate")


def decision(approval: Approval) -> dict[str, Any]:
    return {
        "outcome": "postponed",
        "decided_on": "12/1/2024",
        "number": "",
        "reason": "Eerst de <nota> van de minister.\r\nDan verder.",
        "version": factories.read(approval.dossier).version,
        "approval": approval.pk,
        "submission": "0f4f3a1e-52a9-4a31-8d5c-3d3b1f3c2a11",
    }


def text(response: Any) -> str:
    return str(response.content.decode())


def test_a_session_ends_when_nothing_is_done_for_half_an_hour(browser: Client, clock: Any) -> None:
    clock.shift(29 * MINUTE)
    assert browser.get("/desk/").status_code == 200
    clock.shift(29 * MINUTE)
    assert browser.get("/desk/").status_code == 200
    clock.shift(31 * MINUTE)
    response = browser.get("/desk/")
    assert (response.status_code, response["Location"]) == (302, "/login/?next=/desk/")
    assert "You were logged out because nothing was done for a while." in text(browser.get("/login/?next=/desk/"))
    assert "nothing was done" not in text(browser.get("/login/"))


def test_the_server_ends_it_also_for_who_kept_the_cookie(browser: Client, clock: Any) -> None:
    kept = browser.cookies["sessionid"].value
    clock.shift(31 * MINUTE)
    browser.get("/desk/")
    thief = Client()
    thief.cookies["sessionid"] = kept
    assert thief.get("/desk/").status_code == 302


def test_a_session_ends_after_eight_hours_however_busy(browser: Client, clock: Any) -> None:
    for _ in range(24):
        assert browser.get("/desk/").status_code == 200
        clock.shift(20 * MINUTE)
    clock.shift(1)
    assert browser.get("/desk/").status_code == 302
    assert "because this session has lasted its full time" in text(browser.get("/login/"))


def test_a_session_without_stamps_has_ended(browser: Client) -> None:
    session = browser.session
    del session["signin_begun"]
    session.save()
    assert browser.get("/desk/").status_code == 302


def test_a_public_page_goes_on_without_the_person(browser: Client, clock: Any) -> None:
    clock.shift(31 * MINUTE)
    response = browser.get("/")
    assert response.status_code == 200
    assert not response.context["user"].is_authenticated


def test_the_watchers_get_their_answer_whatever_the_session(browser: Client, clock: Any) -> None:
    clock.shift(31 * MINUTE)
    assert browser.get("/healthz").status_code == 200
    assert "_auth_user_id" in browser.session


def test_a_busy_session_is_written_once_a_minute(browser: Client, clock: Any, django_assert_num_queries: Any) -> None:
    browser.get("/accessibility/")
    with django_assert_num_queries(2):  # the session, the person
        browser.get("/accessibility/")
    clock.shift(61)
    with django_assert_num_queries(5):  # and the session written: savepoint, update, release
        browser.get("/accessibility/")


@pytest.mark.parametrize("change", ["role", "active", "generation", "password"])
def test_what_changes_about_a_person_ends_the_sessions_at_once(browser: Client, reviewer: User, change: str) -> None:
    assert browser.get("/review/").status_code == 200
    people = User.objects.filter(pk=reviewer.pk)
    if change == "role":
        people.update(role=Role.STAFF)
    elif change == "active":
        people.update(is_active=False)
    elif change == "generation":
        signin_actions.end_sessions(reviewer)
    else:
        people.update(password="another")
    assert browser.get("/desk/").status_code == 302


def test_log_out_everywhere_is_everywhere(browser: Client, reviewer: User) -> None:
    other = Client()
    other.force_login(reviewer)
    assert browser.post("/account/log-out-everywhere/")["Location"] == "/login/"
    assert browser.get("/desk/").status_code == other.get("/desk/").status_code == 302
    browser.post("/login/", {"username": "reviewer", "password": PASSWORD})
    assert browser.get("/desk/").status_code == 200


def test_an_administrator_changes_a_role_or_closes_an_account(
    browser: Client, reviewer: User, administrator: User
) -> None:
    admin = Client(headers={"accept-language": "en"})
    admin.force_login(administrator)
    url = f"/admin/accounts/user/{reviewer.pk}/change/"
    data = {"username": "reviewer", "role": "reviewer", "last_name": "Rita", "is_active": "on"}

    def change(**differing: str) -> int:
        seen = User.objects.get(pk=reviewer.pk).version
        return admin.post(url, {**data, "seen": seen, **differing}).status_code

    assert change() == 302
    assert browser.get("/review/").status_code == 200
    assert change(role="staff") == 302
    assert browser.get("/desk/").status_code == 302
    # Back to what it was: the old session does not come to life again.
    assert change() == 302
    reviewer.refresh_from_db()
    assert (reviewer.role, reviewer.session_generation, reviewer.subject) == ("reviewer", 2, None)


def test_an_administrator_logs_somebody_out_everywhere(browser: Client, reviewer: User, administrator: User) -> None:
    admin = Client()
    admin.force_login(administrator)
    data = {"action": "log_out_everywhere", "_selected_action": [reviewer.pk]}
    assert admin.post("/admin/accounts/user/", data).status_code == 302
    assert browser.get("/desk/").status_code == 302
    assert admin.get("/desk/").status_code == 200


def test_before_a_decision_who_was_away_shows_again_who_they_are(
    browser: Client, clock: Any, approval: Approval
) -> None:
    url = reverse("review-detail", args=[approval.pk])
    assert browser.get(url).status_code == 200
    clock.shift(11 * MINUTE)
    response = browser.post(url, decision(approval))
    again = f"/login/again/?next=%2Freview%2F{approval.pk}%2F"
    assert (response.status_code, response["Location"]) == (302, again)
    assert not Decision.objects.exists()

    wrong = browser.post(response["Location"], {"password": "wrong", "next": url})
    assert wrong.status_code == 422
    assert "This is not your password." in text(wrong)
    assert browser.post(response["Location"], {"password": PASSWORD, "next": url})["Location"] == url

    offered = browser.get(url)
    assert "What you typed is kept" in text(offered)
    assert "Eerst de &lt;nota&gt; van de minister." in text(offered)
    kept = dict(offered.context["fields"])
    assert kept == {name: str(value) for name, value in decision(approval).items()}
    assert browser.post(url, kept).status_code == 302
    assert Decision.objects.get().reason.split() == decision(approval)["reason"].split()
    # Once sent, it is not offered again.
    assert "What you typed is kept" not in text(browser.get(url))


def test_looking_at_another_page_first_takes_no_doubt_away(browser: Client, clock: Any, approval: Approval) -> None:
    clock.shift(11 * MINUTE)
    url = reverse("review-detail", args=[approval.pk])
    assert browser.get(url).status_code == 200
    assert browser.post(url, decision(approval))["Location"].startswith("/login/again/")


def test_who_was_not_away_decides_at_once(browser: Client, clock: Any, approval: Approval) -> None:
    clock.shift(9 * MINUTE)
    url = reverse("review-detail", args=[approval.pk])
    assert browser.post(url, decision(approval))["Location"] == "/review/"
    assert Decision.objects.count() == 1


def test_what_was_typed_is_kept_when_the_session_ended(browser: Client, clock: Any, approval: Approval) -> None:
    url = reverse("review-detail", args=[approval.pk])
    clock.shift(31 * MINUTE)
    response = browser.post(url, decision(approval))
    assert response["Location"] == f"/login/?next=%2Freview%2F{approval.pk}%2F"
    assert not Decision.objects.exists()
    # Nothing of it is shown before the same person is back.
    assert "minister" not in text(browser.get(response["Location"]))
    after = browser.post("/login/", {"username": "reviewer", "password": PASSWORD, "next": url})
    assert after["Location"] == url
    assert "Eerst de &lt;nota&gt; van de minister." in text(browser.get(url))


def test_what_was_typed_is_never_shown_to_somebody_else(
    browser: Client, clock: Any, approval: Approval, administrator: User
) -> None:
    url = reverse("review-detail", args=[approval.pk])
    clock.shift(31 * MINUTE)
    browser.post(url, decision(approval))
    browser.post("/login/", {"username": "administrator", "password": PASSWORD})
    response = browser.get(url)
    assert response.status_code == 200
    assert "van de minister" not in text(response)


def test_what_was_typed_can_be_left(browser: Client, clock: Any, approval: Approval) -> None:
    url = reverse("review-detail", args=[approval.pk])
    clock.shift(11 * MINUTE)
    browser.post(url, decision(approval))
    leave = browser.get(url).context["leave"]
    assert "What you typed is kept" not in text(browser.get(leave))
    assert "What you typed is kept" not in text(browser.get(url))


def test_a_password_is_never_kept(browser: Client, clock: Any) -> None:
    clock.shift(31 * MINUTE)
    browser.post("/account/password/", {"old_password": PASSWORD, "new_password1": "x" * 20})
    browser.post("/admin/", {"password": PASSWORD})
    browser.post("/desk/", {"password": PASSWORD, "new_password1": "x", "words": "kept"})
    assert PASSWORD not in str(dict(browser.session.items()))


def test_changing_the_password_ends_the_other_sessions(browser: Client, reviewer: User) -> None:
    other = Client()
    other.force_login(reviewer)
    new = "veertien-schapen-grazen"
    data = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert browser.post("/account/password/", data)["Location"] == "/account/"
    assert "Other sessions have ended." in text(browser.get("/account/"))
    assert other.get("/desk/").status_code == 302


@pytest.mark.parametrize("new", ["elf-tekens!", "123456789012345", "password1234", PASSWORD[:11]])
def test_a_weak_password_is_not_taken(browser: Client, new: str) -> None:
    data = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    response = browser.post("/account/password/", data)
    assert response.status_code == 200
    assert response.context["form"].errors["new_password2"]
