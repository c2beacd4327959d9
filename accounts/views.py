"""One's own account: the second factor, the password, the sessions."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate
from django.contrib.auth import views as auth
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse_lazy
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_otp import login as otp_login
from django_otp.oath import TOTP
from django_otp.util import random_hex

from accounts import second_factor, sessions, signin_actions
from accounts.forms import CodeForm, EnrolForm, ProofForm
from accounts.models import User

FORM_METHODS = ["GET", "HEAD", "POST"]
# The secret that is offered and not confirmed yet: kept by the server, never sent back by a form.
OFFERED = "signin_offered_secret"


@never_cache
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    person = _person(request)
    context = {"person": person, "required": second_factor.required_of(person)}
    return render(request, "accounts/account.html", context)


@never_cache
@require_http_methods(FORM_METHODS)
def code(request: HttpRequest) -> HttpResponse:
    """After the password: the code of the app."""
    person, after = _person(request), _after(request)
    if not second_factor.awaited(request):
        return redirect(after)
    if person.second_factor_since is None:
        return redirect("account-second-factor")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        device = second_factor.matching_device(person, form.cleaned_data["code"])
        if device is not None:
            otp_login(request, device)
            return redirect(after)
        form.add_error("code", _wrong_code())
    return _form(request, "accounts/code.html", form, {"next": after})


@never_cache
@require_http_methods(FORM_METHODS)
def second_factor_page(request: HttpRequest) -> HttpResponse:
    """Make a second factor, or new recovery codes for the one there is."""
    person = _person(request)
    if person.second_factor_since is not None:
        if request.method == "POST":
            return _codes(request, signin_actions.renew_recovery_codes(person))
        return render(request, "accounts/second_factor.html", {"person": person})
    secret = request.session.get(OFFERED) or random_hex(20)
    form = EnrolForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if OFFERED in request.session and _is_now(secret, form.cleaned_data["code"]):
            del request.session[OFFERED]
            device, codes = signin_actions.take_second_factor(person, secret)
            otp_login(request, device)
            return _codes(request, codes)
        form.add_error("code", _wrong_code())
    request.session[OFFERED] = secret
    shown = {
        "drawing": second_factor.drawing(second_factor.address(person, secret)),
        "secret": second_factor.as_text(secret),
        "required": second_factor.required_of(person),
        "next": _after(request),
    }
    return _form(request, "accounts/enrol.html", form, shown)


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(FORM_METHODS)
def again(request: HttpRequest) -> HttpResponse:
    """The password again, before something that matters; then on to where the person was."""
    person, after = _person(request), _after(request)
    form = ProofForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        found = authenticate(request, username=person.username, password=form.cleaned_data["password"])
        if found == person:
            sessions.prove(request.session)
            return redirect(after)
        form.add_error("password", _("This is not your password."))
    context = {"next": after, "local": person.has_usable_password(), "oidc": settings.OIDC_ENABLED and person.subject}
    return _form(request, "accounts/again.html", form, context)


@require_POST
def log_out_everywhere(request: HttpRequest) -> HttpResponse:
    signin_actions.end_sessions(_person(request))
    return redirect("login")


class PasswordView(auth.PasswordChangeView):
    """Django's own; the session in which the password is changed goes on, all others end."""

    template_name = "accounts/password.html"
    success_url = reverse_lazy("account")

    def form_valid(self, form: Any) -> HttpResponse:
        messages.success(self.request, _("Your password has changed. Other sessions have ended."))
        return super().form_valid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context.pop("site", None)  # it would hide the register's own
        return context


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 (the log-in middleware lets nobody else come here)
    return request.user


def _form(request: HttpRequest, template: str, form: Any, context: dict[str, Any]) -> HttpResponse:
    sent = request.method == "POST"
    return render(request, template, {"form": form, **context}, status=422 if sent else 200)


def _codes(request: HttpRequest, codes: list[str]) -> HttpResponse:
    return render(request, "accounts/codes.html", {"codes": codes, "next": _after(request)})


def _is_now(secret: str, typed: str) -> bool:
    """Whether this is the code of now, or of the half minute before or after: clocks differ."""
    return typed.isascii() and typed.isdigit() and len(typed) == 6 and TOTP(bytes.fromhex(secret)).verify(int(typed), 1)


def _wrong_code() -> str:
    return _("This code is not right, was used before, or came too soon after a wrong one. Wait for the next one.")


def _after(request: HttpRequest) -> str:
    """Where to go afterwards: an address of the register itself."""
    told = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(told, {request.get_host()}, require_https=request.is_secure())
    if safe:
        return told
    return resolve_url("desk" if _person(request).may_read_internal else "home")
