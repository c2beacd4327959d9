"""The writes to people; those of signing in stand in `signin_actions`."""

from accounts.choices import Role
from accounts.models import User

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
) -> User:
    """A new person, with a password or with one that is hashed already; with neither nobody can log in.

    Only administrators reach Django admin; nobody is a superuser by role alone.
    """
    user = User(
        username=username,
        role=role,
        last_name=last_name,
        is_demo=is_demo,
        is_staff=role == Role.ADMINISTRATOR,
    )
    if hashed:
        user.password = hashed
    else:
        user.set_password(password)
    user.save()
    return user
