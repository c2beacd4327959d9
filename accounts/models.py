from typing import Any

from django.contrib.auth.models import AbstractUser, AnonymousUser, UserManager
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.choices import MAY, READS_TRAIL, Deed, Role


class PersonManager(UserManager["User"]):
    def create_superuser(
        self, username: str, email: str | None = None, password: str | None = None, **extra_fields: Any
    ) -> "User":
        """As Django's; the first person of a register is its administrator."""
        return super().create_superuser(username, email, password, **({"role": Role.ADMINISTRATOR} | extra_fields))


class User(AbstractUser):
    """A person, or a service account of the register itself.

    People are deactivated, never deleted: the trail keeps pointing at them.
    """

    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.READER)
    department = models.CharField(_("department"), max_length=200, blank=True)
    is_demo = models.BooleanField(_("demonstration account"), default=False)

    # What the single sign-on calls this person, for ever; nobody is matched by name or e-mail address.
    subject = models.CharField(
        _("identifier at the single sign-on"), max_length=200, null=True, blank=True, unique=True
    )
    # Goes up by one whenever all sessions of this person end.
    session_generation = models.PositiveIntegerField(default=0, editable=False)
    second_factor_since = models.DateTimeField(_("second factor since"), null=True, blank=True, editable=False)

    objects = PersonManager()  # type: ignore[misc]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The full name, or the user name where no name is known."""
        return self.get_full_name() or self.username

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What each session is compared with at each request: where it differs, the session has ended.

        Not only the password as in Django: also the role, so that whatever changes it ends the sessions.
        """
        told = f"{self.password}|{self.role}|{self.is_active}|{self.session_generation}"
        return salted_hmac("accounts.models.User.session", told, secret=secret, algorithm="sha256").hexdigest()

    def may(self, deed: Deed) -> bool:
        return self.is_active and deed in MAY.get(self.role, frozenset())

    @property
    def may_read_internal(self) -> bool:
        return self.may(Deed.READ_INTERNAL)

    @property
    def may_write(self) -> bool:
        return self.may(Deed.RECORD_EVENT)

    @property
    def may_review(self) -> bool:
        return self.may(Deed.SEE_REVIEW)

    @property
    def may_read_trail(self) -> bool:
        return self.is_active and self.role in READS_TRAIL

    @property
    def may_edit_record(self) -> bool:
        return self.may(Deed.EDIT_RECORD)

    @property
    def may_publish(self) -> bool:
        return self.may(Deed.PUBLISH)

    @property
    def may_decide(self) -> bool:
        return self.may(Deed.DECIDE_CONSENT)


Person = User | AnonymousUser


def may(person: Person, deed: Deed) -> bool:
    """Whether `person`, logged in or not, may do `deed`."""
    return isinstance(person, User) and person.may(deed)
