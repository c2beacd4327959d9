"""The people of a demonstration: made only where nobody else is, shown with their password on the login page."""

from dataclasses import dataclass

from django.contrib.auth.hashers import make_password

from accounts.actions import SERVICE_NAME, add_department, add_person
from accounts.choices import Role
from accounts.models import User

DEMO_PASSWORD = "demo"  # noqa: S105 (printed on the login page of a demonstration on purpose)


@dataclass(frozen=True)
class DemoPerson:
    username: str
    role: Role
    # The code of a department of `DEMO_DEPARTMENTS`.
    department: str = ""

    @property
    def role_label(self) -> str:
        return str(self.role.label)


DEMO_PEOPLE = (
    DemoPerson("staff", Role.STAFF, "DEMO-A"),
    DemoPerson("staff2", Role.STAFF, "DEMO-B"),
    DemoPerson("reviewer", Role.REVIEWER),
    DemoPerson("records", Role.RECORDS_MANAGER),
    DemoPerson("admin", Role.ADMINISTRATOR),
    DemoPerson("auditor", Role.AUDITOR),
)

# Code, Dutch and English name: of no real department.
DEMO_DEPARTMENTS = (
    ("DEMO-A", "Departement A (demo)", "Department A (demo)"),
    ("DEMO-B", "Departement B (demo)", "Department B (demo)"),
)


def demo_people() -> dict[str, User]:
    """The demo people by user name, made now if the register has nobody else; empty when it has.

    A register with real people never gets accounts with a known password.
    """
    if not User.objects.exclude(username=SERVICE_NAME).exists():
        # Hashing takes its time on purpose, and they all have the same password.
        hashed = make_password(DEMO_PASSWORD)
        departments = {
            code: add_department(code=code, name_nl=nl, name_en=en, is_demo=True) for code, nl, en in DEMO_DEPARTMENTS
        }
        for person in DEMO_PEOPLE:
            add_person(
                username=person.username,
                role=person.role,
                hashed=hashed,
                last_name=f"{person.username} (demo)",
                is_demo=True,
                department=departments.get(person.department),
            )
    names = [person.username for person in DEMO_PEOPLE]
    found = {user.username: user for user in User.objects.filter(is_demo=True, username__in=names)}
    return found if len(found) == len(names) else {}
