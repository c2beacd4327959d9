"""Single sign-on by OpenID Connect, for ACM/IDM of Flanders and providers like it.

The library does the steps of the code flow (state, PKCE, nonce, the exchange of the code). Here stands what is trusted
of the answer: one algorithm, the keys of the provider, its issuer, this client as the audience, the time, the nonce.
OpenID Connect Core 1.0, 3.1.3.7 (the token) and 5.3.2 (the claims of the user endpoint).
"""

import logging
import time
from hmac import compare_digest
from typing import Any

import jwt
import requests
from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest
from mozilla_django_oidc.auth import OIDCAuthenticationBackend

from accounts import signin_actions
from accounts.choices import WITHOUT_LOGIN, Role
from accounts.models import User

logger = logging.getLogger(__name__)

# Signatures with a key pair only. With HS256 whoever knows the public key could sign; `none` is no signature.
ALGORITHMS = frozenset({"RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "ES512"})
# Seconds that clocks may differ, and seconds within which a log-in counts as made just now.
LEEWAY, JUST_NOW = 30, 300
# In the session: this sign-in is to show that it is still the same person.
PROVING = "signin_oidc_proving"
LONGEST_SUBJECT = 200


class OidcRefused(Exception):
    """Nobody is logged in. `code` says why (see `oidc_views.SENTENCES`), the message is for the log."""

    def __init__(self, code: str, told: str = "") -> None:
        super().__init__(f"{code}: {told}" if told else code)
        self.code = code


class RegisterBackend(OIDCAuthenticationBackend):
    """People are matched by `OIDC_SUBJECT_CLAIM` only, and are what `OIDC_ROLE_CLAIM` says at each log-in."""

    def authenticate(self, request: HttpRequest | None, **kwargs: Any) -> User | None:
        """The person who comes back from the provider; None for every other way in. Raises `OidcRefused`."""
        if request is None or "nonce" not in kwargs:
            return None
        try:
            return super().authenticate(request, **kwargs)
        except requests.RequestException as error:
            status = getattr(error.response, "status_code", 503)
            raise OidcRefused("unavailable" if status >= 500 else "token", type(error).__name__) from error
        except (jwt.PyJWTError, SuspiciousOperation, ValueError, TypeError, KeyError, AttributeError) as error:
            raise OidcRefused("token", str(error)) from error

    def verify_token(self, token: Any, **kwargs: Any) -> dict[str, Any]:
        """The claims of an identity token that can be trusted. Raises for every other one."""
        algorithm = settings.OIDC_RP_SIGN_ALGO
        if algorithm not in ALGORITHMS or not settings.OIDC_ISSUER:
            raise OidcRefused("token", "the algorithm or the issuer of the settings is not usable")
        if jwt.get_unverified_header(token).get("alg") != algorithm:
            raise OidcRefused("token", "signed by another algorithm")
        claims: dict[str, Any] = jwt.decode(
            token,
            self.retrieve_matching_jwk(token),
            algorithms=[algorithm],
            audience=settings.OIDC_RP_CLIENT_ID,
            issuer=settings.OIDC_ISSUER,
            leeway=LEEWAY,
            options={"require": ["iss", "sub", "aud", "exp", "iat", "nonce"]},
        )
        if not compare_digest(str(kwargs.get("nonce") or "").encode(), str(claims["nonce"]).encode()):
            raise OidcRefused("token", "another nonce")
        if claims.get("azp", settings.OIDC_RP_CLIENT_ID) != settings.OIDC_RP_CLIENT_ID:
            raise OidcRefused("token", "meant for another client")
        self._check_proof(claims)
        return claims

    def get_or_create_user(self, access_token: str, id_token: str, payload: dict[str, Any]) -> User:
        """The person of these claims, brought up to date. Raises `OidcRefused`; who lost the role is logged out."""
        claims = payload
        if settings.OIDC_OP_USER_ENDPOINT:
            more = self.get_userinfo(access_token, id_token, payload)
            if more.get("sub") != payload["sub"]:
                raise OidcRefused("token", "the user endpoint speaks of somebody else")
            claims = {**more, **payload}
        subject = claims.get(settings.OIDC_SUBJECT_CLAIM)
        if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT or "\0" in subject:
            raise OidcRefused("unknown", "no subject")
        return _person(subject, claims)

    def get_user(self, user_id: Any) -> User | None:
        """As the backend of passwords: nobody who was deactivated, no program, and the departments with the person."""
        user = User.objects.with_departments().filter(pk=user_id).first()
        return user if user and user.may_log_in else None

    def _check_proof(self, claims: dict[str, Any]) -> None:
        """Who had to show again that it is they must have logged in just now, not hours ago."""
        if self.request.session.get(PROVING) and time.time() - float(claims.get("auth_time") or 0) > JUST_NOW:
            raise OidcRefused("old_login")


def role_of(claims: dict[str, Any]) -> Role | None:
    """The role that the claim gives: the first of `OIDC_ROLES` that it holds. None without one.

    A value may carry an organisation behind a colon (`Register-Beoordelaar:OVO000001`), as those of ACM/IDM do.
    """
    told = claims.get(settings.OIDC_ROLE_CLAIM) if settings.OIDC_ROLE_CLAIM else None
    values = [told] if isinstance(told, str) else told if isinstance(told, list) else []
    held = {str(value) for value in values} | {str(value).split(":")[0] for value in values}
    for name, role in settings.OIDC_ROLES.items():
        if name in held and role in Role.values and role not in WITHOUT_LOGIN:
            return Role(role)
    return None


def _person(subject: str, claims: dict[str, Any]) -> User:
    known = User.objects.filter(subject=subject).first()
    role = role_of(claims)
    if known is not None and (role is None or not known.is_active):
        signin_actions.end_sessions(known)
    if role is None:
        raise OidcRefused("no_role")
    if known is None and not settings.OIDC_CREATE_PEOPLE:
        raise OidcRefused("unknown", "nobody is made by the single sign-on here")
    if known is not None and not known.may_log_in:
        raise OidcRefused("inactive")
    words = {name: _text(claims.get(claim)) for name, claim in NAMES.items()}
    return signin_actions.take_from_single_sign_on(subject=subject, role=role, **words)


NAMES = {"first_name": "given_name", "last_name": "family_name", "email": "email"}


def _text(value: Any) -> str:
    return value.replace("\0", "") if isinstance(value, str) else ""
