"""To the single sign-on and back."""

import logging
import time
from typing import Any

from django.conf import settings
from django.contrib import auth
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from mozilla_django_oidc.views import OIDCAuthenticationCallbackView, OIDCAuthenticationRequestView

from accounts import sessions
from accounts.oidc import PROVING, OidcRefused

logger = logging.getLogger(__name__)

# In the session: the provider is asked again, unseen.
SILENT = "signin_oidc_silent"

# What the person reads. Why exactly a token was refused is for the log: it would help who made it.
SENTENCES = {
    "token": _("The answer of the single sign-on cannot be trusted, so you are not logged in. Try again."),
    "state": _("This log-in was not begun in this browser, or was used already. Begin again."),
    "provider": _("The single sign-on did not log you in. Try again."),
    "unavailable": _("The single sign-on does not answer. Try again in a few minutes."),
    "old_login": _("The single sign-on did not ask who you are again, and that is needed here. Try again."),
    "no_role": _("Your organisation gave you no role in this register. Ask your organisation's administrator for one."),
    "unknown": _("This register does not know you. Ask an administrator of the register to add you."),
    "inactive": _("Your account in this register is closed. Ask an administrator of the register."),
}


@method_decorator([login_not_required, never_cache], name="dispatch")
class StartView(OIDCAuthenticationRequestView):
    """To the provider. Who is logged in already goes there to show again who they are."""

    def __init__(self, **kwargs: Any) -> None:
        if not settings.OIDC_ENABLED:
            raise Http404
        super().__init__(**kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        silent = self._silent(request)
        request.session[SILENT] = silent
        request.session[PROVING] = request.user.is_authenticated and not silent
        return super().get(request)

    def get_extra_params(self, request: HttpRequest) -> dict[str, str]:
        if self._silent(request):
            return {"prompt": "none"}
        return {"prompt": "login", "max_age": "0"} if request.user.is_authenticated else {}

    @staticmethod
    def _silent(request: HttpRequest) -> bool:
        """Whether the person need not see that the provider is asked again."""
        return request.user.is_authenticated and request.GET.get("silent") == "1"


@method_decorator([login_not_required, never_cache], name="dispatch")
class CallbackView(OIDCAuthenticationCallbackView):
    """Back from the provider: logged in, or one sentence that says why not."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if not settings.OIDC_ENABLED:
            raise Http404
        try:
            self._check(request)
            return super().get(request)
        except OidcRefused as refused:
            logger.warning("Single sign-on refused: %s", refused)
            if request.session.pop(SILENT, False) and refused.code != "state":
                auth.logout(request)
            status = 503 if refused.code == "unavailable" else 403
            context = {"sentence": SENTENCES[refused.code]}
            return render(request, "registration/oidc_refused.html", context, status=status)

    def login_success(self) -> HttpResponse:
        after = self.request.session.pop("oidc_login_next", None)
        self.request.session.pop(PROVING, None)
        # Asked unseen, nothing was shown by the person: the session lasts no longer for it.
        if not self.request.session.pop(SILENT, False) or self.request.user != self.user:
            auth.login(self.request, self.user)
        self.request.session[sessions.CHECKED] = time.time()
        return redirect(after or resolve_url("desk" if self.user.may_read_internal else "home"))

    def login_failure(self) -> HttpResponse:
        raise OidcRefused("token")

    def _check(self, request: HttpRequest) -> None:
        if request.GET.get("error"):
            raise OidcRefused("provider", str(request.GET["error"])[:80])
        states = request.session.get("oidc_states") or {}
        if not request.GET.get("code") or request.GET.get("state") not in states:
            raise OidcRefused("state")
