"""The people of a demonstration: made only where nobody else is, shown with their password on the login page."""

from dataclasses import dataclass

from django.contrib.auth.hashers import make_password

from accounts.actions import SERVICE_NAME, add_person
from accounts.choices import Role
from accounts.models import User

DEMO_PASSWORD = "demo"  # noqa: S105 (printed on the login page of a demonstration on purpose)


@dataclass(frozen=True)
class DemoPerson:
    username: str
    role: Role

    @property
    def role_label(self) -> str:
        return str(self.role.label)


DEMO_PEOPLE = (
    DemoPerson("staff", Role.STAFF),
    DemoPerson("staff2", Role.STAFF),
    DemoPerson("reviewer", Role.REVIEWER),
    DemoPerson("admin", Role.ADMINISTRATOR),
    DemoPerson("auditor", Role.AUDITOR),
)


def demo_people() -> dict[str, User]:
    """The demo people by user name, made now if the register has nobody else; empty when it has.

    A register with real people never gets accounts with a known password.
    """
    if not User.objects.exclude(username=SERVICE_NAME).exists():
        # Hashing takes its time on purpose, and they all have the same password.
        hashed = make_password(DEMO_PASSWORD)
        for person in DEMO_PEOPLE:
            add_person(
                username=person.username,
                role=person.role,
                hashed=hashed,
                last_name=f"{person.username} (demo)",
                is_demo=True,
            )
    names = [person.username for person in DEMO_PEOPLE]
    found = {user.username: user for user in User.objects.filter(is_demo=True, username__in=names)}
    return found if len(found) == len(names) else {}
