"""What hangs on an event: its papers, the acts it left in the record, and that its embargo ended."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.models import Change
from treaties.models import Act, Document


class EventDocument(models.Model):
    """A paper that belongs to an event. Append-only."""

    event = models.ForeignKey("workflow.Event", models.PROTECT, related_name="document_links")
    document = models.ForeignKey(Document, models.PROTECT, related_name="event_links")

    # The trail: this row belongs to the change that its event names.
    trail_through = "event"

    class Meta:
        constraints = (models.UniqueConstraint(fields=("event", "document"), name="event_document_once"),)

    def __str__(self) -> str:
        return f"{self.event_id} {self.document_id}"


class EventAct(models.Model):
    """An act that an event left in the record: one, or one for each treaty of a package. Append-only."""

    event = models.ForeignKey("workflow.Event", models.PROTECT, related_name="act_links")
    act = models.OneToOneField(Act, models.PROTECT, related_name="event_link")

    # Of an event under embargo it is written by the change that ends it.
    trail_through, trail_later = "event", "release"

    def __str__(self) -> str:
        return f"{self.event_id} {self.act_id}"


class EventRelease(models.Model):
    """The embargo of an event ended: from here on its acts are in the record. Append-only; one for each event."""

    event = models.OneToOneField("workflow.Event", models.PROTECT, related_name="release")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    change = models.ForeignKey(Change, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("end of an embargo")
        verbose_name_plural = _("ends of embargoes")

    def __str__(self) -> str:
        return f"{self.event_id} {self.at}"
