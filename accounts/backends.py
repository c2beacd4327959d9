"""Who logs in with a password, and who is there at each request."""

from typing import Any

from django.contrib.auth.backends import ModelBackend

from accounts.models import User


class PasswordBackend(ModelBackend):
    """As Django's own, but for accounts of programs: those use no pages, whatever session they would have."""

    def user_can_authenticate(self, user: Any) -> bool:
        return isinstance(user, User) and user.may_log_in

    def get_user(self, user_id: Any) -> User | None:
        """The person of a session, read together with the departments that the rule of access asks for."""
        user = User.objects.with_departments().filter(pk=user_id).first()
        return user if user and user.may_log_in else None
