"""Logging in."""

from typing import Any

from django.contrib.auth import views as auth
from django.shortcuts import resolve_url

from accounts.choices import Deed
from accounts.models import may
from registry.context import site


class LoginView(auth.LoginView):
    """Django's own; its template variable `site` would hide the register's."""

    redirect_authenticated_user = True

    def get_default_redirect_url(self) -> str:
        """The desk for those who have one, the home page for readers."""
        if self.next_page:
            return resolve_url(self.next_page)
        return resolve_url("desk" if may(self.request.user, Deed.READ_INTERNAL) else "home")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        ended = self.request.session.pop("signin_ended", "") if "signin_ended" in self.request.session else ""
        return super().get_context_data(**kwargs) | site(self.request) | {"ended": ended}
