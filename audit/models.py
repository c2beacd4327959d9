import json
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
    # What that form held, as a digest: sent again with other texts it is another form (`audit.idempotency`).
    sent = models.CharField(max_length=64, blank=True, default="", editable=False)

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        ordering = ("-at",)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_name}: {self.action}"


class TrailEntry(models.Model):
    """One link of the chain: what was done, and the hash of the link before it. Append-only in the database.

    One for each change, not one for each row: what somebody did at once stands or falls together, a decision is one
    entry however many rows it writes, and an import of 700,000 rows stays one. The payload commits to every row.
    What is hashed, and how: `audit.trail.said`.
    """

    # Without gaps, from 1; given under a lock, not by a sequence (a sequence skips numbers when something fails).
    seq = models.BigIntegerField(primary_key=True)
    version = models.PositiveSmallIntegerField()
    at = models.DateTimeField(_("at"), db_index=True)
    # The key of the person as text; empty for who is not known.
    actor = models.CharField(max_length=40, db_index=True, blank=True)
    # A digest of the name that can be erased: see `TrailName`.
    name = models.CharField(max_length=64, blank=True)
    role = models.CharField(max_length=20, blank=True)
    request = models.CharField(max_length=64, blank=True)
    action = models.CharField(max_length=40, db_index=True)
    object_type = models.CharField(max_length=60, blank=True)
    object_key = models.CharField(max_length=64, blank=True)
    object_reference = models.CharField(max_length=200, blank=True)
    # Canonical JSON as text: byte for byte what was hashed.
    payload = models.TextField()
    # What the trail last said of this object, and what it says now.
    before = models.CharField(max_length=64, blank=True)
    after = models.CharField(max_length=64, blank=True)
    prev = models.CharField(max_length=64, unique=True)
    hash = models.CharField(max_length=64, unique=True)
    change = models.OneToOneField(Change, models.PROTECT, null=True, related_name="entry")

    class Meta:
        verbose_name = _("entry of the trail")
        verbose_name_plural = _("entries of the trail")
        ordering = ("seq",)
        indexes = (models.Index(fields=("object_type", "object_key", "-seq"), name="audit_entry_object"),)
        constraints = (models.CheckConstraint(condition=models.Q(seq__gte=1), name="audit_entry_from_one"),)

    def __str__(self) -> str:
        return f"{self.seq} {self.action}"

    @property
    def payload_value(self) -> Any:
        return json.loads(self.payload)


class TrailName(models.Model):
    """What somebody was called, beside the chain: the chain holds `digest`, so that a name can be erased."""

    digest = models.CharField(primary_key=True, max_length=64)
    actor = models.CharField(max_length=40)
    salt = models.CharField(max_length=64)
    name = models.CharField(max_length=310)

    class Meta:
        verbose_name = _("name in the trail")
        verbose_name_plural = _("names in the trail")
        constraints = (models.UniqueConstraint(fields=("actor", "name"), name="audit_name_once"),)

    def __str__(self) -> str:
        return self.name


class RowShape(models.Model):
    """Which columns of a table went into the digests of its rows: after a new column old digests still compare."""

    id = models.CharField(primary_key=True, max_length=16)
    table = models.CharField(max_length=63)
    columns = models.JSONField()

    class Meta:
        verbose_name = _("shape of a row")
        verbose_name_plural = _("shapes of rows")

    def __str__(self) -> str:
        return f"{self.table} {self.id}"


class KeptAnswer(models.Model):
    """What somebody's request with an `Idempotency-Key` was answered, for a day (`audit.idempotency`)."""

    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    key = models.CharField(max_length=255)
    # A digest of method, address and body.
    asked = models.CharField(max_length=64)
    at = models.DateTimeField(auto_now_add=True, db_index=True)
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField(default=dict)
    body = models.BinaryField(default=bytes)
    body_digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("kept answer")
        verbose_name_plural = _("kept answers")
        constraints = (models.UniqueConstraint(fields=("actor", "key"), name="audit_answer_once"),)

    def __str__(self) -> str:
        return f"{self.actor_id} {self.key}"


class VerificationRun(models.Model):
    """One verification of the trail, or of the stored files, and what came of it. Append-only."""

    TRAIL, FILES = "trail", "files"
    subject = models.CharField(max_length=10, default=TRAIL)
    at = models.DateTimeField(_("at"), auto_now_add=True, db_index=True)
    entries = models.PositiveBigIntegerField()
    last_seq = models.PositiveBigIntegerField()
    rows = models.PositiveBigIntegerField()
    ok = models.BooleanField()
    # Of the first entry that is not right, where one can be named.
    first_bad = models.PositiveBigIntegerField(null=True)
    problem = models.TextField(blank=True)

    class Meta:
        verbose_name = _("verification")
        verbose_name_plural = _("verifications")
        ordering = ("-at", "-id")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.problem or 'ok'}"

    @classmethod
    def told(cls, subject: str = TRAIL) -> str:
        """The last one in a few words, for whoever watches over the service; names no entry and no file."""
        run = cls.last(subject)
        if run is None:
            return "not verified yet"
        many = f"{run.last_seq} entries" if subject == cls.TRAIL else f"{run.entries} files"
        return f"{'ok' if run.ok else 'not whole'} at {run.at:%Y-%m-%dT%H:%MZ}, {many}"

    @classmethod
    def last(cls, subject: str = TRAIL) -> "VerificationRun | None":
        return cls.objects.filter(subject=subject).first()


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
