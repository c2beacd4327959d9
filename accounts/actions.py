"""The writes to people; those of signing in stand in `signin_actions`."""

from accounts.choices import WITHOUT_LOGIN, Role
from accounts.models import Department, User

SERVICE_NAME = "register"


def service_account() -> User:
    """The register itself, as the actor of loads and upkeep. Nobody can log in as it."""
    user, created = User.objects.get_or_create(
        username=SERVICE_NAME,
        defaults={"last_name": "Verdragenregister", "role": Role.ADMINISTRATOR},
    )
    if created:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    return user


def add_person(
    *,
    username: str,
    role: Role,
    password: str | None = None,
    hashed: str = "",
    last_name: str = "",
    is_demo: bool = False,
    department: Department | None = None,
) -> User:
    """A new person, with a password or with one that is hashed already; with neither nobody can log in,
    nor ever as a program.

    Only administrators reach Django admin; nobody is a superuser by role alone.
    """
    user = User(
        username=username,
        role=role,
        last_name=last_name,
        is_demo=is_demo,
        department=department,
        is_staff=role == Role.ADMINISTRATOR,
    )
    if role in WITHOUT_LOGIN:
        user.set_unusable_password()
    elif hashed:
        user.password = hashed
    else:
        user.set_password(password)
    user.save()
    return user


def add_department(*, code: str, name_nl: str, name_en: str, is_demo: bool = False) -> Department:
    """A department, or the one that has this code already."""
    department, _ = Department.objects.get_or_create(
        code=code, defaults={"name_nl": name_nl, "name_en": name_en, "is_demo": is_demo}
    )
    return department
