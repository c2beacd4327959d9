"""Too many wrong passwords: who guesses waits, and does not learn who has an account."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client, RequestFactory

from accounts.lockout import client_address
from accounts.models import User
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _locking(settings: Any) -> None:
    settings.AXES_ENABLED = True


def attempt(name: str, password: str, address: str = "192.0.2.1") -> Any:
    browser = Client(headers={"accept-language": "en"}, REMOTE_ADDR=address)
    return browser.post("/login/", {"username": name, "password": password})


def test_after_five_failures_the_right_password_does_not_help(reviewer: User) -> None:
    with time_machine.travel(1_800_000_000, tick=False) as clock:
        statuses = [attempt("reviewer", "wrong").status_code for _ in range(6)]
        assert statuses == [200, 200, 200, 200, 429, 429]
        locked = attempt("reviewer", PASSWORD)
        assert (locked.status_code, locked["Retry-After"]) == (429, "900")
        sentence = "Wait 15 minutes and try again, or ask an administrator to let you try now."
        assert sentence in locked.content.decode()
        # Somebody else's address is not locked: nobody can be kept out from far away.
        assert attempt("reviewer", PASSWORD, "192.0.2.2").status_code == 302
        clock.shift(timedelta(minutes=16))
        assert attempt("reviewer", PASSWORD).status_code == 302


def test_trying_while_locked_does_not_lock_for_longer(reviewer: User) -> None:
    with time_machine.travel(1_800_000_000, tick=False) as clock:
        for _ in range(5):
            attempt("reviewer", "wrong")
        clock.shift(timedelta(minutes=10))
        assert attempt("reviewer", "wrong").status_code == 429
        clock.shift(timedelta(minutes=6))
        assert attempt("reviewer", PASSWORD).status_code == 302


def test_nobody_learns_whether_there_is_such_an_account(reviewer: User) -> None:
    def answers(name: str) -> list[Any]:
        found = [attempt(name, "wrong") for _ in range(6)]
        return [(one.status_code, "csrf" in one.content.decode(), one.get("Retry-After")) for one in found]

    def page(name: str) -> str:
        shown = str(attempt(name, "wrong").content.decode())
        return re.sub(r"[A-Za-z0-9]{64}", "token", shown)

    assert answers("reviewer") == answers("nobody")
    assert page("reviewer") == page("nobody")


def test_an_administrator_lets_somebody_try_again(reviewer: User, administrator: User) -> None:
    for _ in range(5):
        attempt("reviewer", "wrong")
    admin = Client()
    admin.force_login(administrator)
    data = {"action": "release_lock", "_selected_action": [reviewer.pk]}
    assert admin.post("/admin/accounts/user/", data).status_code == 302
    assert attempt("reviewer", PASSWORD).status_code == 302


def test_success_begins_the_count_again(reviewer: User) -> None:
    for _ in range(3):
        assert [attempt("reviewer", "wrong").status_code for _ in range(4)] == [200] * 4
        assert attempt("reviewer", PASSWORD).status_code == 302


def test_the_administration_locks_too(administrator: User) -> None:
    browser = Client()
    data = {"username": "administrator", "password": "wrong"}
    assert [browser.post("/admin/login/", data).status_code for _ in range(5)] == [200, 200, 200, 200, 429]


def test_the_password_asked_again_locks_too(reviewer: User) -> None:
    browser = Client()
    browser.force_login(reviewer)
    statuses = [browser.post("/login/again/", {"password": "wrong"}).status_code for _ in range(5)]
    assert statuses == [422, 422, 422, 422, 429]


@pytest.mark.parametrize(
    ("proxy", "forwarded", "address"),
    [
        (False, "203.0.113.9", "192.0.2.1"),
        (True, "203.0.113.9", "203.0.113.9"),
        (True, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (True, "203.0.113.9, not an address", "192.0.2.1"),
        (True, "", "192.0.2.1"),
        (True, "2001:db8::1", "2001:db8::1"),
    ],
)
def test_where_a_request_comes_from(
    rf: RequestFactory, settings: Any, proxy: bool, forwarded: str, address: str
) -> None:
    settings.BEHIND_PROXY = proxy
    request = rf.get("/", REMOTE_ADDR="192.0.2.1", headers={"x-forwarded-for": forwarded})
    assert client_address(request) == address
