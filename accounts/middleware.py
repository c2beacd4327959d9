"""At each request of somebody who is logged in: does the session go on, and was the second factor given?"""

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth import BACKEND_SESSION_KEY, logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from accounts import held, sessions
from accounts.models import User
from accounts.second_factor import SINGLE_SIGN_ON, awaited

# Whoever watches over the service gets an answer also when the database is away.
NOT_LOOKED_AT = frozenset({"healthz", "readyz"})
# What somebody can do before the second factor is given.
BEFORE_THE_CODE = frozenset({"login", "logout", "login-code", "set_language", "accessibility"})
# Sent there, nothing is worth keeping, or it must not be.
NOT_KEPT = frozenset({"logout", "login", "login-code", "login-again", "account-password", "account-second-factor"})
# The way to the single sign-on and back.
NOT_CHECKED = frozenset({"oidc-start", "oidc_authentication_callback", "login", "login-again"})


class SignInMiddleware:
    """Stands after the log-in is known and before it is asked for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        match = request.resolver_match
        name = match.view_name if match else ""
        if name in NOT_LOOKED_AT or not request.session.session_key or not request.user.is_authenticated:
            return None
        if (reason := sessions.visit(request.session, time.time())) is not None:
            return _end(request, name, reason)
        if awaited(request) and name not in BEFORE_THE_CODE and not _enrolling(request.user, name):
            return _to_code(request)
        if _to_check(request, name):
            silent = urlencode({"silent": "1", "next": request.get_full_path()})
            return redirect(f"{reverse('oidc-start')}?{silent}")
        return _held(request)


def _end(request: HttpRequest, name: str, reason: Any) -> HttpResponse | None:
    """The session is gone; what was being sent is kept for the same person."""
    person = request.user
    assert isinstance(person, User)  # noqa: S101
    logout(request)
    if request.method == "POST" and name not in NOT_KEPT and not name.startswith("admin:"):
        held.hold(request, person)
    if name in ("logout", "login", "set_language"):
        return None
    request.session["signin_ended"] = str(reason)
    if request.method == "POST":
        return redirect(f"{reverse('login')}?{urlencode({'next': request.get_full_path()})}")
    return None


def _to_check(request: HttpRequest, name: str) -> bool:
    """Only for a whole page that is asked: a form that is sent, or a part of a page, cannot go there and back."""
    return (
        request.method == "GET"
        and not request.headers.get("HX-Request")
        and name not in NOT_CHECKED
        and request.session.get(BACKEND_SESSION_KEY) == SINGLE_SIGN_ON
        and sessions.to_check(request.session, time.time())
    )


def _enrolling(person: Any, name: str) -> bool:
    """Who has no second factor yet makes one; who has one gives it, and does not make another."""
    return name == "account-second-factor" and person.second_factor_since is None


def _to_code(request: HttpRequest) -> HttpResponse:
    target = "login-code" if request.user.second_factor_since else "account-second-factor"  # type: ignore[union-attr]
    after = request.get_full_path() if request.method in ("GET", "HEAD") else "/"
    return redirect(f"{reverse(target)}?{urlencode({'next': after})}")


def _held(request: HttpRequest) -> HttpResponse | None:
    if held.KEY not in request.session or held.waiting(request) is None:
        if request.GET.get("typed") == "drop" and held.KEY in request.session:
            held.drop(request.session)
        return None
    if request.method == "POST":
        held.drop(request.session)
        return None
    return held.offer(request, held.waiting(request) or {})
