"""Making a record public: asked, decided by somebody else, carried out or stopped. All three take INSERT only."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from audit.models import Change
from treaties.choices import PublicationVerdict
from treaties.models.treaty import Treaty


class PublicationRequestQuerySet(models.QuerySet["PublicationRequest"]):
    def visible_to(self, person: Person) -> Self:
        """Those of records that `person` may know of; people outside have no page that asks this."""
        return self.filter(treaty__in=Treaty.objects.visible_to(person))

    def undecided(self) -> Self:
        return self.filter(decision__isnull=True)


class PublicationRequest(models.Model):
    """Somebody asks that the record of a treaty becomes public, at once or not before a moment."""

    treaty = models.ForeignKey(Treaty, models.PROTECT, related_name="publication_requests")
    attempt = models.PositiveSmallIntegerField()
    reason = models.TextField(_("why"), max_length=4_000)
    not_before = models.DateTimeField(_("not before"), null=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    change = models.ForeignKey(Change, models.PROTECT, related_name="+")

    objects = PublicationRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for publication")
        verbose_name_plural = _("requests for publication")
        ordering = ("asked_at", "id")
        constraints = (
            # Of two people who ask at once, one wins.
            models.UniqueConstraint(fields=("treaty", "attempt"), name="publication_attempt_once"),
            models.CheckConstraint(condition=Q(reason__regex=r"\S"), name="publication_asked_with_reason"),
        )

    def __str__(self) -> str:
        return f"{self.treaty.reference} #{self.attempt}"

    def get_absolute_url(self) -> str:
        return reverse("publication-detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return not hasattr(self, "decision")


class PublicationDecision(models.Model):
    """What came of a request; one for each. What else the database refuses: migration `publishing_rules`."""

    request = models.OneToOneField(PublicationRequest, models.PROTECT, related_name="decision")
    verdict = models.CharField(_("decision"), max_length=12, choices=PublicationVerdict)
    reason = models.TextField(_("reason"), max_length=4_000, blank=True)
    # The version of the record that it was decided on.
    version = models.PositiveIntegerField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(auto_now_add=True)
    change = models.ForeignKey(Change, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("decision on publication")
        verbose_name_plural = _("decisions on publication")
        constraints = (
            models.CheckConstraint(
                condition=~Q(decided_by=F("asked_by")) | Q(verdict=PublicationVerdict.WITHDRAWN),
                name="publication_four_eyes",
            ),
            models.CheckConstraint(
                condition=Q(verdict=PublicationVerdict.APPROVED) | Q(reason__regex=r"\S"),
                name="publication_refused_with_reason",
            ),
        )

    def __str__(self) -> str:
        return f"{self.request}: {self.verdict}"

    @property
    def is_waiting(self) -> bool:
        """Whether it was approved and is still to be carried out."""
        return self.verdict == PublicationVerdict.APPROVED and not hasattr(self, "outcome")


class PublicationOutcome(models.Model):
    """An approved publication was carried out, or stopped before that; one for each decision."""

    decision = models.OneToOneField(PublicationDecision, models.PROTECT, related_name="outcome")
    is_public = models.BooleanField(_("made public"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    change = models.ForeignKey(Change, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("outcome of a publication")
        verbose_name_plural = _("outcomes of publications")

    def __str__(self) -> str:
        return f"{self.decision_id} {self.is_public}"
