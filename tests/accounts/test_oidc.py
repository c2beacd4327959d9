"""Single sign-on against a provider that runs here, over real HTTP: the good way, and every way it must not go."""

import http.client
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client

from accounts.actions import add_person
from accounts.choices import Role
from accounts.models import User
from accounts.oidc import role_of
from tests.accounts import fake_provider as fake

pytestmark = pytest.mark.django_db

ROLE_CLAIM = "treaty_register_rol_3d"
STAFF, REVIEWER = ["Register-Beheerder:OVO000001"], ["Register-Beoordelaar:OVO000001"]
NOT_TRUSTED = "The answer of the single sign-on cannot be trusted, so you are not logged in. Try again."
NOT_BEGUN = "This log-in was not begun in this browser, or was used already. Begin again."
NO_ROLE = "Your organisation gave you no role in this register. Ask your organisation&#x27;s administrator for one."


@pytest.fixture
def provider(settings: Any) -> Iterator[fake.Provider]:
    provider = fake.Provider()
    provider.claims = {"vo_id": "vo-1", ROLE_CLAIM: STAFF, "given_name": "An", "family_name": "Peeters"}
    settings.OIDC_ENABLED = True
    settings.OIDC_RP_CLIENT_ID, settings.OIDC_RP_CLIENT_SECRET = fake.CLIENT, fake.SECRET
    settings.OIDC_ISSUER = provider.url
    settings.OIDC_OP_AUTHORIZATION_ENDPOINT = f"{provider.url}/authorize"
    settings.OIDC_OP_TOKEN_ENDPOINT = f"{provider.url}/token"
    settings.OIDC_OP_JWKS_ENDPOINT = f"{provider.url}/jwks"
    settings.OIDC_OP_USER_ENDPOINT = f"{provider.url}/userinfo"
    settings.OIDC_ROLE_CLAIM = ROLE_CLAIM
    settings.OIDC_ROLES = {"Register-Beoordelaar": "reviewer", "Register-Beheerder": "staff"}
    settings.AUTHENTICATION_BACKENDS = [*settings.AUTHENTICATION_BACKENDS, "accounts.oidc.RegisterBackend"]
    # As in production: who comes by the single sign-on gave the second factor there.
    settings.REQUIRE_TOTP = True
    settings.AXES_ENABLED = True
    yield provider
    provider.stop()


@pytest.fixture
def browser() -> Client:
    return Client(headers={"accept-language": "en"})


def begin(browser: Client, after: str = "/desk/") -> str:
    """The address at the provider to which the log-in page leads."""
    response = browser.get(f"/login/oidc/?next={after}")
    assert response.status_code == 302
    return str(response["Location"])


def at_provider(address: str) -> str:
    """Log in there, by real HTTP: the address to which the provider sends the browser back."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=10)
    connection.request("GET", f"{parts.path}?{parts.query}")
    response = connection.getresponse()
    back = str(response.getheader("Location"))
    connection.close()
    parts = urlsplit(back)
    return f"{parts.path}?{parts.query}"


def log_in(browser: Client, after: str = "/desk/") -> HttpResponse:
    return browser.get(at_provider(begin(browser, after)))


def logged_in(browser: Client) -> bool:
    return "_auth_user_id" in browser.session


def assert_refused(browser: Client, response: HttpResponse, sentence: str, status: int = 403) -> None:
    assert response.status_code == status
    assert f'<p role="alert">{sentence}</p>' in response.content.decode()
    assert not logged_in(browser)


def test_the_good_way(provider: fake.Provider, browser: Client) -> None:
    response = log_in(browser, "/treaties/")
    assert (response.status_code, response["Location"]) == (302, "/treaties/")
    person = User.objects.get(subject="vo-1")
    assert (person.name, person.role, person.is_staff, person.has_usable_password()) == (
        "An Peeters",
        Role.STAFF,
        False,
        False,
    )
    assert browser.get("/desk/").status_code == 200
    [exchange] = provider.exchanged
    assert len(exchange["code_verifier"]) == 64


def test_what_is_asked_of_the_provider(provider: fake.Provider, browser: Client) -> None:
    asked = parse_qs(urlsplit(begin(browser)).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert len(asked["code_challenge"][0]) == 43
    assert (asked["response_type"], asked["scope"]) == (["code"], ["openid profile vo"])
    assert len(asked["nonce"][0]) == len(asked["state"][0]) == 32


def test_the_login_page_leads_there_only_where_it_is_configured(provider: fake.Provider, browser: Client) -> None:
    assert 'href="/login/oidc/?next=/desk/"' in browser.get("/login/?next=/desk/").content.decode()


def test_without_configuration_there_is_no_single_sign_on(browser: Client) -> None:
    assert "/login/oidc/" not in browser.get("/login/").content.decode()
    assert browser.get("/login/oidc/").status_code == browser.get("/login/oidc/callback/").status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another-client"},
        {"aud": None},
        {"aud": [fake.CLIENT, "another-client"], "azp": "another-client"},
        {"iss": "https://another.example.org"},
        {"iss": None},
        {"exp": int(time.time()) - 3600},
        {"exp": None},
        {"iat": int(time.time()) + 3600},
        {"nbf": int(time.time()) + 3600},
        {"sub": "sub-2"},  # the user endpoint speaks of sub-1
        {"sub": None},
    ],
    ids=" and ".join,
)
def test_a_wrong_token_is_refused(provider: fake.Provider, browser: Client, wrong: dict[str, Any]) -> None:
    provider.claims |= wrong
    assert_refused(browser, log_in(browser), NOT_TRUSTED)
    assert not User.objects.filter(subject__isnull=False).exists()


@pytest.mark.parametrize(
    "sign",
    [fake.unsigned, fake.signed_with_the_public_key, fake.signed_by_another_key, lambda claims: "no.token", str],
    ids=["none", "HS256", "another key", "no token", "no JSON"],
)
def test_a_wrong_signature_is_refused(
    provider: fake.Provider, browser: Client, sign: Callable[[dict[str, Any]], str]
) -> None:
    provider.sign = sign
    assert_refused(browser, log_in(browser), NOT_TRUSTED)


@pytest.mark.parametrize("algorithm", ["none", "HS256", "ES256"])
def test_only_the_algorithm_of_the_settings_is_taken(
    provider: fake.Provider, browser: Client, settings: Any, algorithm: str
) -> None:
    settings.OIDC_RP_SIGN_ALGO = algorithm
    assert_refused(browser, log_in(browser), NOT_TRUSTED)


def test_another_state_is_refused(provider: fake.Provider, browser: Client) -> None:
    back = at_provider(begin(browser))
    assert_refused(browser, browser.get(f"{back.split('&state=')[0]}&state=another"), NOT_BEGUN)
    assert provider.exchanged == []


def test_a_state_of_another_browser_is_refused(provider: fake.Provider, browser: Client) -> None:
    victim = Client(headers={"accept-language": "en"})
    begin(victim)
    assert_refused(victim, victim.get(at_provider(begin(browser))), NOT_BEGUN)


def test_an_answer_is_taken_once(provider: fake.Provider, browser: Client) -> None:
    back = at_provider(begin(browser))
    assert browser.get(back).status_code == 302
    browser.post("/logout/")
    assert_refused(browser, browser.get(back), NOT_BEGUN)


def test_another_verifier_is_refused(provider: fake.Provider, browser: Client) -> None:
    back = at_provider(begin(browser))
    session = browser.session
    for state in session["oidc_states"].values():
        state["code_verifier"] = "x" * 64
    session.save()
    assert_refused(browser, browser.get(back), NOT_TRUSTED)


def test_a_provider_that_says_no(provider: fake.Provider, browser: Client) -> None:
    begin(browser)
    response = browser.get("/login/oidc/callback/?error=access_denied&state=x")
    assert_refused(browser, response, "The single sign-on did not log you in. Try again.")


def test_a_provider_that_does_not_answer(provider: fake.Provider, browser: Client) -> None:
    provider.broken = True
    sentence = "The single sign-on does not answer. Try again in a few minutes."
    assert_refused(browser, log_in(browser), sentence, 503)


@pytest.mark.parametrize("told", [None, [], ["Another-App:OVO000001"], "", 7, {"Register-Beheerder": 1}], ids=str)
def test_without_a_role_nobody_comes_in(provider: fake.Provider, browser: Client, told: Any) -> None:
    provider.claims[ROLE_CLAIM] = told
    assert_refused(browser, log_in(browser), NO_ROLE)
    assert not User.objects.filter(subject="vo-1").exists()


def test_who_lost_the_role_is_refused_and_logged_out_everywhere(provider: fake.Provider, browser: Client) -> None:
    elsewhere = Client(headers={"accept-language": "en"})
    log_in(elsewhere)
    assert elsewhere.get("/desk/").status_code == 200
    provider.claims[ROLE_CLAIM] = None
    assert_refused(browser, log_in(browser), NO_ROLE)
    assert elsewhere.get("/desk/").status_code == 302
    assert not logged_in(elsewhere)


def test_another_role_counts_at_once_and_ends_the_sessions_of_the_old_one(
    provider: fake.Provider, browser: Client
) -> None:
    elsewhere = Client()
    log_in(elsewhere)
    provider.claims[ROLE_CLAIM] = STAFF + REVIEWER
    log_in(browser)
    assert User.objects.get(subject="vo-1").role == Role.REVIEWER
    assert elsewhere.get("/desk/").status_code == 302
    # A reviewer who came this way is not asked for a code here.
    assert browser.get("/review/").status_code == 200


def test_nobody_is_matched_by_name_or_mail_address(provider: fake.Provider, browser: Client) -> None:
    local = add_person(username="vo-1", role=Role.ADMINISTRATOR, password="a-password-for-tests")
    local.email = "an@example.org"
    local.save()
    provider.claims["email"] = "an@example.org"
    log_in(browser)
    assert User.objects.get(subject="vo-1").pk != local.pk
    assert browser.session["_auth_user_id"] != str(local.pk)


@pytest.mark.parametrize("subject", [None, "", 7, "x" * 201, "a\0b", ["vo-1"]], ids=repr)
def test_without_an_identifier_nobody_comes_in(provider: fake.Provider, browser: Client, subject: Any) -> None:
    provider.claims["vo_id"] = subject
    sentence = "This register does not know you. Ask an administrator of the register to add you."
    assert_refused(browser, log_in(browser), sentence)


def test_who_is_not_known_is_refused_where_nobody_is_made(
    provider: fake.Provider, browser: Client, settings: Any
) -> None:
    settings.OIDC_CREATE_PEOPLE = False
    sentence = "This register does not know you. Ask an administrator of the register to add you."
    assert_refused(browser, log_in(browser), sentence)
    person = add_person(username="an", role=Role.READER)
    person.subject = "vo-1"
    person.save()
    assert log_in(browser).status_code == 302
    person.refresh_from_db()
    assert (person.role, person.username) == (Role.STAFF, "an")


def test_a_closed_account_stays_closed(provider: fake.Provider, browser: Client) -> None:
    log_in(browser)
    User.objects.filter(subject="vo-1").update(is_active=False)
    assert browser.get("/desk/").status_code == 302
    sentence = "Your account in this register is closed. Ask an administrator of the register."
    response = log_in(browser)
    assert response.status_code == 403
    assert sentence in response.content.decode()


def test_a_decision_asks_the_provider_again(provider: fake.Provider, browser: Client) -> None:
    log_in(browser)
    asked = parse_qs(urlsplit(begin(browser)).query)
    assert (asked["prompt"], asked["max_age"]) == (["login"], ["0"])
    old = "The single sign-on did not ask who you are again, and that is needed here. Try again."
    assert old in log_in(browser).content.decode()
    provider.claims["auth_time"] = int(time.time())
    session = browser.session
    session["signin_doubted"] = True
    session.save()
    assert log_in(browser, "/review/").status_code == 302
    assert "signin_doubted" not in browser.session


def test_the_provider_is_asked_again_unseen(provider: fake.Provider, browser: Client) -> None:
    with time_machine.travel(1_800_000_000, tick=False) as clock:
        log_in(browser)
        clock.shift(299)
        assert browser.get("/desk/").status_code == 200
        clock.shift(2)
        # Forms and parts of pages are not sent round.
        assert browser.get("/desk/", headers={"hx-request": "true"}).status_code == 200
        assert browser.post("/language/", {"language": "en"})["Location"] == "/"
        response = browser.get("/desk/?theme=x")
        assert response["Location"] == "/login/oidc/?silent=1&next=%2Fdesk%2F%3Ftheme%3Dx"
        address = str(browser.get(response["Location"])["Location"])
        assert parse_qs(urlsplit(address).query)["prompt"] == ["none"]
        assert browser.get(at_provider(address))["Location"] == "/desk/?theme=x"
        assert browser.get("/desk/").status_code == 200
        # The eight hours go on from the log-in.
        assert browser.session["signin_begun"] == 1_800_000_000


@pytest.mark.parametrize("lost", ["role", "session there", "another role"])
def test_a_role_that_is_lost_counts_within_minutes(provider: fake.Provider, browser: Client, lost: str) -> None:
    with time_machine.travel(1_800_000_000, tick=False) as clock:
        log_in(browser)
        clock.shift(301)
        address = str(browser.get(browser.get("/desk/")["Location"])["Location"])
        if lost == "role":
            provider.claims[ROLE_CLAIM] = []
            assert_refused(browser, browser.get(at_provider(address)), NO_ROLE)
        elif lost == "another role":
            provider.claims[ROLE_CLAIM] = REVIEWER
            browser.get(at_provider(address))
            assert browser.get("/desk/").status_code == 302
            assert not logged_in(browser)
        else:
            response = browser.get("/login/oidc/callback/?error=login_required&state=x")
            assert_refused(browser, response, "The single sign-on did not log you in. Try again.")


def test_another_host_is_never_gone_to_afterwards(provider: fake.Provider, browser: Client) -> None:
    assert log_in(browser, "https://evil.example.org/")["Location"] == "/desk/"


@pytest.mark.parametrize(
    ("claim", "role"),
    [
        ("Register-Beheerder", Role.STAFF),
        (["Register-Beheerder:OVO1", "Register-Beoordelaar:OVO2"], Role.REVIEWER),
        (["register-beheerder"], None),
        (["X:Register-Beheerder"], None),
    ],
)
def test_the_role_of_a_claim(settings: Any, claim: Any, role: Role | None) -> None:
    settings.OIDC_ROLE_CLAIM = "r"
    settings.OIDC_ROLES = {"Register-Beoordelaar": "reviewer", "Register-Beheerder": "staff", "X": "emperor"}
    assert role_of({"r": claim}) == role
