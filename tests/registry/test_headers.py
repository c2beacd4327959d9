"""The headers of every answer, and the settings of production."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "DEBUG": "0",
    "SECRET_KEY": "only-for-this-test-0123456789-abcdefghijklmnopqrstuvwxyz",
    "ALLOWED_HOSTS": "register.example.org",
}
ASK = """
import json
from registry import settings as s
names = ("SESSION_COOKIE_NAME CSRF_COOKIE_NAME SESSION_COOKIE_SECURE CSRF_COOKIE_SECURE SESSION_COOKIE_HTTPONLY "
         "SECURE_HSTS_SECONDS SECURE_SSL_REDIRECT REQUIRE_TOTP OIDC_ENABLED OIDC_USE_PKCE OIDC_RP_SIGN_ALGO "
         "AXES_FAILURE_LIMIT SESSION_IDLE_SECONDS SESSION_ABSOLUTE_SECONDS PROOF_IDLE_SECONDS").split()
more = {"backends": s.AUTHENTICATION_BACKENDS, "hasher": s.PASSWORD_HASHERS[0]}
print(json.dumps({name: getattr(s, name, None) for name in names} | more))
"""


def ask(**more: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("OIDC_")}
    return subprocess.run(
        [sys.executable, "-c", ASK],
        check=False,
        cwd=ROOT,
        env=environment | PRODUCTION | more,
        capture_output=True,
        text=True,
    )


def in_production(**more: str) -> Any:
    """The settings as a process of its own reads them."""
    done = ask(**more)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/login/", "/nowhere/", "/static/css/base.css", "/healthz"])
def test_every_answer_carries_them(client: Client, path: str) -> None:
    response = client.get(path)
    b"".join(response)
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Permitted-Cross-Domain-Policies"] == "none"
    for name in ("camera", "microphone", "geolocation", "payment", "usb"):
        assert f"{name}=()" in response["Permissions-Policy"]


@pytest.mark.django_db
def test_the_content_policy_has_no_nonce_and_nothing_inline(client: Client) -> None:
    policy = client.get("/")["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "nonce" not in policy
    for part in ("default-src 'none'", "script-src 'self'", "form-action 'self'", "frame-ancestors 'none'"):
        assert part in policy


def test_production_is_closed_by_default() -> None:
    found = in_production()
    assert found == {
        "SESSION_COOKIE_NAME": "__Host-sessionid",
        "CSRF_COOKIE_NAME": "__Host-csrftoken",
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SESSION_COOKIE_HTTPONLY": True,
        "SECURE_HSTS_SECONDS": 31_536_000,
        "SECURE_SSL_REDIRECT": True,
        "REQUIRE_TOTP": True,
        "OIDC_ENABLED": False,
        "OIDC_USE_PKCE": True,
        "OIDC_RP_SIGN_ALGO": "RS256",
        "AXES_FAILURE_LIMIT": 5,
        "SESSION_IDLE_SECONDS": 1800,
        "SESSION_ABSOLUTE_SECONDS": 28_800,
        "PROOF_IDLE_SECONDS": 600,
        "backends": ["axes.backends.AxesStandaloneBackend", "accounts.backends.PasswordBackend"],
        "hasher": "django.contrib.auth.hashers.Argon2PasswordHasher",
    }


def test_a_demonstration_asks_no_code() -> None:
    found = in_production(DEBUG="1")
    assert (found["REQUIRE_TOTP"], found["SESSION_COOKIE_NAME"]) == (False, None)


def test_without_a_secret_key_it_does_not_start() -> None:
    done = ask(SECRET_KEY="")
    assert done.returncode == 1
    assert "SECRET_KEY is empty" in done.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OIDC_SIGN_ALGORITHM", "none"),
        ("OIDC_SIGN_ALGORITHM", "HS256"),
        ("OIDC_SCOPES", "openid rrn"),
        ("OIDC_ISSUER", ""),
    ],
)
def test_an_unsafe_single_sign_on_does_not_start(name: str, value: str) -> None:
    good = {"OIDC_CLIENT_ID": "register", "OIDC_ISSUER": "https://acm.example.org", "OIDC_ROLE_CLAIM": "rol_3d"}
    good |= dict.fromkeys(("OIDC_AUTHORIZATION_ENDPOINT", "OIDC_TOKEN_ENDPOINT", "OIDC_JWKS_ENDPOINT"), "https://x")
    good["OIDC_ROLES"] = '{"Register-Beheerder": "staff"}'
    assert in_production(**good)["backends"][-1] == "accounts.oidc.RegisterBackend"
    done = ask(**good | {name: value})
    assert done.returncode == 1
    assert name in done.stderr


def test_passwords_are_hashed_by_argon2(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    assert make_password("veertien-schapen-grazen").startswith("argon2$argon2id$")
