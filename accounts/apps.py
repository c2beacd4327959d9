from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.utils.translation import gettext_lazy as _

from accounts import sessions


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("People")

    def ready(self) -> None:
        # Django tells it of every way in: the log-in page, the administration, the single sign-on.
        user_logged_in.connect(sessions.begin, dispatch_uid="accounts.sessions")
