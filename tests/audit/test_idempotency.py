"""The same request twice is done once, over real HTTP, with real threads; a form with other texts is not lost."""

import http.client
import os
import signal
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from threading import Barrier
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client, RequestFactory
from django.utils import timezone

from accounts.models import User
from audit import idempotency
from audit.models import Change, KeptAnswer
from audit.verification import verify
from reporting.models import Obligation
from tests import doors
from treaties.models import Treaty

HTTP = pytest.mark.django_db(transaction=True)
NEW = "/reporting/new/"


@dataclass
class Browser:
    """Somebody who is logged in, with bare HTTP."""

    host: str
    port: int
    session: str

    def send(self, path: str, key: str | None, data: dict[str, Any], **more: str) -> tuple[int, dict[str, str], str]:
        token = "a" * 32
        cookies = f"sessionid={self.session}; csrftoken={token}"
        headers = {"Cookie": cookies, "X-CSRFToken": token, "Accept": "text/html", "Accept-Language": "en"}
        headers |= {"Content-Type": "application/x-www-form-urlencoded"} | more
        if key is not None:
            headers["Idempotency-Key"] = key
        line = http.client.HTTPConnection(self.host, self.port, timeout=30)
        try:
            line.request("POST", path, urlencode(data, doseq=True), headers)
            answer = line.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read().decode()
        finally:
            line.close()


@pytest.fixture
def browser(live_server: Any, staff: User) -> Browser:
    return _browser(live_server, staff)


def _browser(live_server: Any, person: User) -> Browser:
    client = Client()
    client.force_login(person)
    return Browser(live_server.thread.host, live_server.thread.port, client.cookies["sessionid"].value)


@pytest.fixture
def filled(make_treaty: Callable[..., Treaty], staff: User) -> Callable[..., dict[str, Any]]:
    """What the page of a new obligation sends; each with a token of its own, as two pages have."""
    client = Client()
    client.force_login(staff)
    page = doors.Door("reporting-new", NEW, {"body_nl": "Comité", "treaty": make_treaty().reference}).sending(client)

    def fill(**more: Any) -> dict[str, Any]:
        return page | {"submission": str(uuid4()), "csrfmiddlewaretoken": "a" * 32} | more

    return fill


@HTTP
def test_the_same_request_again_is_answered_the_same_and_done_once(
    browser: Browser, filled: Callable[..., dict[str, Any]]
) -> None:
    data = filled()
    status, headers, body = browser.send(NEW, "key-1", data)
    assert (status, body) == (302, "")
    assert "Idempotency-Replayed" not in headers
    again = browser.send(NEW, "key-1", data)
    assert (again[0], again[1]["Location"], again[2]) == (302, headers["Location"], "")
    assert again[1]["Idempotency-Replayed"] == "true"
    assert Obligation.objects.count() == 1
    assert verify().problems == []


@HTTP
def test_a_key_of_another_request_is_refused_with_a_sentence(
    browser: Browser, filled: Callable[..., dict[str, Any]]
) -> None:
    browser.send(NEW, "key-1", filled())
    status, _, body = browser.send(NEW, "key-1", filled(body_nl="Ander comité"))
    assert status == 422
    assert "This Idempotency-Key was used for another request. Use a new key for each request." in body
    assert browser.send(NEW + "?x=1", "key-1", filled())[0] == 422
    assert Obligation.objects.count() == 1
    plain = browser.send(NEW, "key-1", filled(), Accept="application/json")
    assert (plain[0], plain[1]["Content-Type"]) == (422, "text/plain; charset=utf-8")
    assert plain[2].count("\n") == 1


@HTTP
def test_a_key_belongs_to_one_person(
    browser: Browser, live_server: Any, staff2: User, filled: Callable[..., dict[str, Any]]
) -> None:
    assert browser.send(NEW, "key-1", filled())[0] == 302
    status, headers, _ = _browser(live_server, staff2).send(NEW, "key-1", filled(body_nl="Ander comité"))
    assert (status, headers.get("Idempotency-Replayed")) == (302, None)
    assert Obligation.objects.count() == 2


@HTTP
def test_a_key_that_is_none_is_refused(browser: Browser, filled: Callable[..., dict[str, Any]]) -> None:
    for key in ("", "a b", "é", "x" * 256):
        status, _, body = browser.send(NEW, key, filled())
        assert status == 400
        assert "1 to 255 visible ASCII characters" in body
    assert Obligation.objects.count() == 0


@HTTP
def test_what_was_refused_is_judged_again(browser: Browser, filled: Callable[..., dict[str, Any]]) -> None:
    assert browser.send(NEW, "key-1", filled(body_nl=""))[0] == 422
    assert KeptAnswer.objects.count() == 0
    assert browser.send(NEW, "key-1", filled())[0] == 302


@HTTP
def test_of_many_at_once_one_is_done_and_the_others_wait_or_hear_the_same(
    browser: Browser, filled: Callable[..., dict[str, Any]]
) -> None:
    data, start = filled(), Barrier(8)

    def send(_: int) -> tuple[int, dict[str, str], str]:
        start.wait(20)
        return browser.send(NEW, "key-1", data)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(send, range(8)))
    assert Obligation.objects.count() == 1
    assert Change.objects.filter(submission=data["submission"]).count() == 1
    found = Counter((status, headers.get("Idempotency-Replayed")) for status, headers, _ in answers)
    assert found[302, None] == 1
    assert set(found) <= {(302, None), (302, "true"), (409, None)}
    assert {headers["Retry-After"] for status, headers, _ in answers if status == 409} <= {"1"}


@HTTP
def test_while_the_first_is_carried_out_the_second_is_told_to_wait(
    browser: Browser, staff: User, filled: Callable[..., dict[str, Any]]
) -> None:
    from psycopg import connect

    parameters = connection.get_connection_params()
    known = {name: parameters[name] for name in ("host", "port", "user", "dbname", "password") if parameters.get(name)}
    data = filled()
    with connect(**known) as other:
        other.execute(idempotency._LOCK, [f"{staff.pk} key-1"])
        status, headers, body = browser.send(NEW, "key-1", data)
        assert (status, headers["Retry-After"]) == (409, "1")
        assert "This request is being carried out just now." in body
    assert browser.send(NEW, "key-1", data)[0] == 302


@HTTP
def test_after_a_day_a_key_is_forgotten(browser: Browser, filled: Callable[..., dict[str, Any]]) -> None:
    data = filled()
    browser.send(NEW, "key-1", data)
    KeptAnswer.objects.update(at=timezone.now() - timedelta(hours=24, seconds=1))
    # The token of the form knows it still; a key would not.
    assert "Idempotency-Replayed" not in browser.send(NEW, "key-1", data)[1]
    browser.send(NEW, "key-2", filled(body_nl="Ander comité"))
    KeptAnswer.objects.filter(key="key-1").update(at=timezone.now() - timedelta(hours=25))
    call_command("audit", "verify", "--anchors", "/nonexistent")
    assert list(KeptAnswer.objects.values_list("key", flat=True)) == ["key-2"]


@HTTP
def test_a_page_that_asks_for_the_password_first_is_not_kept(live_server: Any, reviewer: User, staff: User) -> None:
    """Led to the log-in nothing is done yet: the same key does it afterwards."""
    assert KeptAnswer.objects.count() == 0
    browser = _browser(live_server, reviewer)
    # A redirect that changed nothing: the language is kept in a cookie.
    assert browser.send("/language/", "key-1", {"language": "en", "next": "/"})[0] == 302
    assert KeptAnswer.objects.count() == 0


@HTTP
def test_killed_in_the_middle_the_change_and_its_answer_are_there_both_or_not_at_all(
    staff: User, filled: Callable[..., dict[str, Any]]
) -> None:
    found = Counter[str]()
    began = time.monotonic()
    _in_child(staff, filled(body_nl="Comité proef"), "proof")
    lasts = time.monotonic() - began
    for number in range(12):
        data, key = filled(body_nl=f"Comité {number}"), f"key-{number}"
        _in_child(staff, data, key, after=lasts * number / 11)
        changed = Change.objects.filter(submission=data["submission"]).exists()
        assert KeptAnswer.objects.filter(key=key).exists() == changed
        found["complete" if changed else "absent"] += 1
        client = Client()
        client.force_login(staff)
        answer = client.post(NEW, data, headers={"Idempotency-Key": key})
        assert (answer.status_code, answer.headers.get("Idempotency-Replayed")) == (302, "true" if changed else None)
        assert Change.objects.filter(submission=data["submission"]).count() == 1
    assert found["absent"]
    assert verify().problems == []
    print(f"\n12 kills in {lasts * 1000:.0f} ms: {dict(found)}")  # noqa: T201


def _in_child(person: User, data: dict[str, Any], key: str, after: float | None = None) -> None:
    """Send it in a process of its own, with a connection of its own, that is killed after so many seconds."""
    connection.close()
    name = f"sender-{uuid4().hex[:12]}"
    child = os.fork()
    if child == 0:
        try:
            os.environ["PGAPPNAME"] = name
            client = Client()
            client.force_login(person)
            client.post(NEW, data, headers={"Idempotency-Key": key})
        finally:
            os._exit(0)
    if after is not None:
        time.sleep(after)
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with connection.cursor() as cursor:
        for _ in range(500):
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE application_name = %s", [name])
            if cursor.fetchone() == (0,):
                return
            time.sleep(0.01)
    raise AssertionError("the connection of the killed process is still there")


def test_what_is_asked_is_told_apart_and_how_it_is_packed_is_not() -> None:
    make = RequestFactory()
    one = idempotency.fingerprint(make.post("/a/", {"x": ["1", "2"], "csrfmiddlewaretoken": "one"}))
    same = make.post("/a/", "csrfmiddlewaretoken=two&x=1&x=2", content_type="application/x-www-form-urlencoded")
    assert idempotency.fingerprint(same) == one
    others = [
        make.post("/b/", {"x": ["1", "2"]}),
        make.post("/a/?y", {"x": ["1", "2"]}),
        make.put("/a/", "x=1&x=2", content_type="text/plain"),
        make.post("/a/", {"x": ["12"]}),
        make.post("/a/", {"x1": ["2"]}),
        make.post("/a/", b"{}", content_type="application/json"),
    ]
    assert len({one, *map(idempotency.fingerprint, others)}) == 7


@pytest.mark.django_db
@pytest.mark.usefixtures("reference_data")
class TestOtherTexts:
    """The hidden token of a form came before, and now the form holds something else."""

    def test_they_are_kept_on_the_page_and_can_be_sent(
        self, client: Client, staff: User, filled: Callable[..., dict[str, Any]]
    ) -> None:
        client.force_login(staff)
        data = filled()
        assert client.post(NEW, data).status_code == 302
        answer = client.post(NEW, data | {"body_nl": "Wat ik nu typte"}, headers={"accept-language": "en"})
        page = answer.content.decode()
        assert answer.status_code == 409
        assert "This form was sent before, with other texts" in page
        (form,) = [one for one in doors.forms(page) if "body_nl" in one]
        assert form["body_nl"] == "Wat ik nu typte"
        assert form["submission"] != data["submission"]
        assert client.post(NEW, form).status_code == 302
        assert sorted(Obligation.objects.values_list("body_nl", flat=True)) == ["Comité", "Wat ik nu typte"]

    def test_so_in_the_administration(self, administrator: User, staff: User, staff2: User, reviewer: User) -> None:
        world = doors.World(staff, staff2, reviewer, administrator, lambda: None, lambda: None)  # type: ignore[arg-type, return-value]
        door = doors.admin_doors(world)["treaties_theme_change"]()
        client = Client(headers={"accept-language": "en"})
        client.force_login(administrator)
        data = door.sending(client)
        assert door.send(client, data).status_code == 302
        answer = door.send(client, data | {"name_en": "What I type now"})
        page = answer.content.decode()
        assert answer.status_code == 409
        assert "This form was sent before, with other texts" in page
        (form,) = [one for one in doors.forms(page) if "name_en" in one]
        assert (form["name_en"], form["submission"] != data["submission"]) == ("What I type now", True)
        assert door.send(client, form).status_code == 302
