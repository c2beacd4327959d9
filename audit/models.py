import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.choices import Role
from audit.choices import Action
from audit.context import current_change


class Change(models.Model):
    """One action of one person: every history row it leaves points here. Append-only in the database."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField(_("at"), auto_now_add=True, db_index=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("actor"))
    # As text too: what somebody was called and what they were at that time.
    actor_name = models.CharField(max_length=310)
    role = models.CharField(max_length=20, choices=Role)
    action = models.CharField(max_length=40, choices=Action)
    reason = models.TextField(_("reason"))
    # The token of the form that was sent: the database refuses the same form twice.
    submission = models.UUIDField(null=True, unique=True, editable=False)

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        ordering = ("-at",)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_name}: {self.action}"


def _actor_name() -> str:
    return current_change().actor_name


def _role() -> str:
    return current_change().role


def _action() -> str:
    return current_change().action


def _change_id() -> uuid.UUID:
    return current_change().pk


class ChangeStamp(models.Model):
    """What each history row says besides the values: who, as what, why, in which action.

    The defaults read the open `change()` and raise outside one, so that a write without an actor
    and a reason is a failing test and never an empty column.
    """

    history_actor = models.CharField(max_length=310, default=_actor_name, editable=False)
    history_role = models.CharField(max_length=20, default=_role, editable=False)
    history_action = models.CharField(max_length=40, default=_action, choices=Action, editable=False)
    history_change = models.ForeignKey(Change, models.PROTECT, default=_change_id, related_name="+", editable=False)

    class Meta:
        abstract = True


def _actor(instance: models.Model, **_: Any) -> Any:
    return current_change().actor


def _refuse_outside_change(**_: Any) -> None:
    """Before the row is written: where no transaction is open, a refusal after it would come too late."""
    current_change()


class Trail(HistoricalRecords):
    """simple-history, told to take actor and reason from the open `change()` and nowhere else."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("bases", (ChangeStamp,))
        kwargs.setdefault("history_change_reason_field", models.TextField())
        super().__init__(get_user=_actor, **kwargs)

    def finalize(self, sender: type[models.Model], **kwargs: Any) -> None:
        super().finalize(sender, **kwargs)
        if sender is self.cls:
            models.signals.pre_save.connect(_refuse_outside_change, sender=sender, weak=False)

    def get_change_reason_for_object(self, instance: models.Model, history_type: str, using: str | None) -> str:
        return current_change().reason

    def get_history_user(self, instance: models.Model) -> Any:
        return current_change().actor

    def _get_history_user_fields(self) -> dict[str, Any]:
        # simple-history would empty the column when a person is deleted; people are never deleted.
        return {"history_user": models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")}
