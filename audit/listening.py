"""What the framework tells and the trail writes down: who signed in and out, what somebody may do from now on, and
which departments there are.

These are not effects of saving a record: signing in is told by Django and nowhere else, and rights are changed in
Django's own admin of people. So that no other way past them is open either, the trail listens.
"""

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import connection
from django.db.models.signals import post_migrate, post_save, pre_save

from accounts.models import Department, User
from audit import trail
from audit.choices import Mark
from audit.models import RowShape
from audit.requests import request

# Of a person what they may do; of a department all that can be changed, for levels are read per department.
PERMISSIONS = ("role", "department_id", "is_active", "is_staff", "is_superuser")
TOLD: dict[type, tuple[str, ...]] = {User: PERMISSIONS, Department: ("name_nl", "name_en", "is_demo")}


def connect() -> None:
    """Once, when the apps are ready."""
    post_migrate.connect(_migrated, dispatch_uid="audit.shapes")
    user_logged_in.connect(_logged_in, dispatch_uid="audit.login")
    user_logged_out.connect(_logged_out, dispatch_uid="audit.logout")
    user_login_failed.connect(_login_failed, dispatch_uid="audit.login_failed")
    for model in TOLD:
        pre_save.connect(_before_saving, sender=model, dispatch_uid=f"audit.permissions_before.{model.__name__}")
        post_save.connect(_after_saving, sender=model, dispatch_uid=f"audit.permissions.{model.__name__}")


def _migrated(sender: Any, **kwargs: Any) -> None:
    if sender.name == "audit" and RowShape._meta.db_table in connection.introspection.table_names():
        trail.write_shapes()


def _logged_in(sender: Any, user: User, **kwargs: Any) -> None:
    trail.note(actor=user, action=Mark.LOGIN, about=_about(user))


def _logged_out(sender: Any, user: User | None, **kwargs: Any) -> None:
    if user is not None:
        trail.note(actor=user, action=Mark.LOGOUT, about=_about(user))


def _login_failed(sender: Any, credentials: dict[str, Any], **kwargs: Any) -> None:
    """Never what was typed: people type passwords in the wrong field."""
    typed = str(credentials.get("username") or "").replace("\0", "")
    user = User.objects.filter(username=typed[:150]).first() if _is_text(typed) else None
    trail.note(actor=None, action=Mark.LOGIN_FAILED, about=_about(user) if user else ("", ""))


def _is_text(typed: str) -> bool:
    try:
        typed.encode()
    except UnicodeEncodeError:
        return False
    return True


def _before_saving(sender: Any, instance: Any, update_fields: Any = None, **kwargs: Any) -> None:
    written = _written(sender, update_fields)
    was = sender.objects.filter(pk=instance.pk).values(*written).first() if instance.pk and written else None
    instance._permissions_were = was or {}


def _after_saving(sender: Any, instance: Any, update_fields: Any = None, **kwargs: Any) -> None:
    was = getattr(instance, "_permissions_were", {})
    now = {name: getattr(instance, name) for name in _written(sender, update_fields)}
    changed = {name: value for name, value in now.items() if was.get(name) != value}
    if changed:
        before = {name: was.get(name) for name in changed}
        payload: dict[str, Any] = {"before": before, "after": {name: _plain(value) for name, value in changed.items()}}
        trail.note(actor=_whoever_asks(), action=Mark.PERMISSION, about=_about(instance), payload=payload)


def _written(sender: type, update_fields: Any) -> list[str]:
    return [name for name in TOLD[sender] if update_fields is None or name in update_fields]


def _plain(value: Any) -> Any:
    return value if isinstance(value, bool) else str(value or "")


def _whoever_asks() -> User | None:
    """Who is signed in where this is done by a page; nobody for a command."""
    person = getattr(request(), "user", None)
    return person if isinstance(person, User) else None


def _about(row: User | Department) -> tuple[str, str]:
    return f"accounts.{row._meta.object_name}", str(row.pk)
