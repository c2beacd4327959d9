"""The code after the password: made once, asked each time, never taken twice."""

import re
import time
from typing import Any
from xml.etree import ElementTree

import pytest
import time_machine
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts import second_factor, signin_actions
from accounts.models import User
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db

SECRET = "3132333435363738393031323334353637383930"  # of RFC 6238, appendix B


@pytest.fixture(autouse=True)
def _required(settings: Any) -> None:
    settings.REQUIRE_TOTP = True


@pytest.fixture
def browser(reviewer: User) -> Client:
    """The reviewer, after the password."""
    browser = Client(headers={"accept-language": "en"})
    assert browser.post("/login/?next=/review/", {"username": "reviewer", "password": PASSWORD}).status_code == 302
    return browser


def now_code(secret: str = SECRET) -> str:
    return f"{totp(bytes.fromhex(secret), t0=0):06d}"


def text(response: Any) -> str:
    return str(response.content.decode())


@pytest.mark.parametrize(
    "path", ["/", "/review/", "/desk/", "/account/", "/account/password/", "/admin/", "/treaties/"]
)
def test_without_a_second_factor_a_reviewer_comes_no_further(browser: Client, path: str) -> None:
    response = browser.get(path)
    assert response.status_code == 302
    assert response["Location"].startswith("/account/second-factor/?next=")


def test_it_is_made_once(browser: Client, reviewer: User) -> None:
    page = browser.get("/account/second-factor/?next=/review/")
    secret = browser.session["signin_offered_secret"]
    assert second_factor.as_text(secret) in text(page)
    wrong = browser.post("/account/second-factor/?next=/review/", {"code": "000000x"})
    assert wrong.status_code == 422
    assert second_factor.as_text(secret) in text(wrong)
    done = browser.post(
        "/account/second-factor/", {"code": f" {now_code(secret)[:3]} {now_code(secret)[3:]}", "next": "/review/"}
    )
    codes = re.findall(r"<li><code>([0-9a-f]{10})</code>", text(done))
    assert len(set(codes)) == 10
    assert 'href="/review/"' in text(done)
    assert browser.get("/review/").status_code == 200
    reviewer.refresh_from_db()
    assert reviewer.second_factor_since is not None
    assert {token.token for token in StaticToken.objects.filter(device__user=reviewer)} == set(codes)


def test_a_secret_cannot_be_brought_along(browser: Client) -> None:
    assert browser.post("/account/second-factor/", {"code": now_code()}).status_code == 422
    assert not TOTPDevice.objects.exists()


def test_it_is_asked_at_each_log_in(reviewer: User) -> None:
    signin_actions.take_second_factor(reviewer, SECRET)
    browser = Client(headers={"accept-language": "en"})
    browser.post("/login/", {"username": "reviewer", "password": PASSWORD})
    for path in ("/review/", "/", "/account/second-factor/", "/account/password/"):
        assert browser.get(path)["Location"].startswith("/login/code/?next=")
    response = browser.post("/login/code/", {"code": now_code(), "next": "/review/"})
    assert (response.status_code, response["Location"]) == (302, "/review/")
    assert browser.get("/review/").status_code == 200
    # The same code does not open another session.
    other = Client(headers={"accept-language": "en"})
    other.post("/login/", {"username": "reviewer", "password": PASSWORD})
    refused = other.post("/login/code/", {"code": now_code()})
    assert refused.status_code == 422
    assert "This code is not right, was used before, or came too soon after a wrong one." in text(refused)


def test_guessing_is_slowed_down(reviewer: User) -> None:
    with time_machine.travel(1_800_000_000, tick=False) as clock:
        signin_actions.take_second_factor(reviewer, SECRET)
        browser = Client()
        browser.post("/login/", {"username": "reviewer", "password": PASSWORD})
        wrong = "000000" if now_code() != "000000" else "000001"
        assert browser.post("/login/code/", {"code": wrong}).status_code == 422
        assert browser.post("/login/code/", {"code": now_code()}).status_code == 422
        clock.shift(2)
        assert browser.post("/login/code/", {"code": now_code()}).status_code == 302


def test_a_recovery_code_is_used_up(reviewer: User) -> None:
    _device, codes = signin_actions.take_second_factor(reviewer, SECRET)
    for expected in (302, 422):
        browser = Client()
        browser.post("/login/", {"username": "reviewer", "password": PASSWORD})
        assert browser.post("/login/code/", {"code": codes[0].upper()}).status_code == expected
    assert StaticToken.objects.count() == 9


def test_new_recovery_codes_replace_the_old(reviewer: User) -> None:
    _device, old = signin_actions.take_second_factor(reviewer, SECRET)
    browser = Client()
    browser.post("/login/", {"username": "reviewer", "password": PASSWORD})
    browser.post("/login/code/", {"code": now_code()})
    assert browser.get("/account/second-factor/").status_code == 200
    codes = browser.post("/account/second-factor/").context["codes"]
    assert (len(codes), set(codes) & set(old)) == (10, set())
    assert {token.token for token in StaticToken.objects.all()} == set(codes)


@pytest.mark.parametrize("name", ["staff", "auditor", "reader"])
def test_others_need_none_but_may_have_one(request: pytest.FixtureRequest, name: str) -> None:
    person = request.getfixturevalue(name)
    browser = Client()
    browser.post("/login/", {"username": name, "password": PASSWORD})
    assert browser.get("/account/").status_code == 200
    signin_actions.take_second_factor(person, SECRET)
    browser = Client()
    browser.post("/login/", {"username": name, "password": PASSWORD})
    assert browser.get("/account/")["Location"].startswith("/login/code/")


def test_where_it_is_not_required_a_demonstration_works_with_passwords(settings: Any, browser: Client) -> None:
    settings.REQUIRE_TOTP = False
    assert browser.get("/review/").status_code == 200


def test_an_administrator_removes_it_and_reads_no_secret(reviewer: User, administrator: User) -> None:
    signin_actions.take_second_factor(reviewer, SECRET)
    signin_actions.take_second_factor(administrator, SECRET)
    admin = Client()
    admin.post("/login/", {"username": "administrator", "password": PASSWORD})
    admin.post("/login/code/", {"code": now_code()})
    assert admin.get("/admin/otp_totp/totpdevice/").status_code == 404
    data = {"action": "remove_second_factor", "_selected_action": [reviewer.pk]}
    assert admin.post("/admin/accounts/user/", data).status_code == 302
    reviewer.refresh_from_db()
    assert (reviewer.second_factor_since, reviewer.session_generation) == (None, 1)
    assert not TOTPDevice.objects.filter(user=reviewer).exists()


def test_the_administration_has_no_way_round(administrator: User) -> None:
    browser = Client()
    browser.post("/admin/login/", {"username": "administrator", "password": PASSWORD})
    assert browser.get("/admin/accounts/user/")["Location"].startswith("/account/second-factor/")


@pytest.mark.parametrize("code", ["", "1", "\0", "x" * 41, "１２３４５６", "٣٣٣٣٣٣", "12345é"])
def test_nonsense_is_a_wrong_code(reviewer: User, code: str) -> None:
    signin_actions.take_second_factor(reviewer, SECRET)
    browser = Client()
    browser.post("/login/", {"username": "reviewer", "password": PASSWORD})
    assert browser.post("/login/code/", {"code": code}).status_code == 422


def test_nobody_is_sent_to_another_site(reviewer: User) -> None:
    signin_actions.take_second_factor(reviewer, SECRET)
    browser = Client()
    browser.post("/login/", {"username": "reviewer", "password": PASSWORD})
    data = {"code": now_code(), "next": "https://evil.example.org/"}
    assert browser.post("/login/code/", data)["Location"] == "/desk/"


def test_the_code_is_that_of_the_standard() -> None:
    """RFC 6238, appendix B: at 59 seconds the eight digits are 94287082."""
    with time_machine.travel(59, tick=False):
        assert int(time.time()) == 59
        assert now_code() == "287082"


def test_the_picture_has_no_style_and_no_script(reviewer: User) -> None:
    drawing = str(second_factor.drawing(second_factor.address(reviewer, SECRET)))
    root = ElementTree.fromstring(drawing)  # noqa: S314 (our own)
    assert {element.tag.split("}")[-1] for element in root.iter()} <= {"svg", "path", "g"}
    assert "style" not in {name for element in root.iter() for name in element.attrib}
    assert second_factor.as_text(SECRET) == "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ"
