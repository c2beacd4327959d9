"""The procedure of an instrument: its dossier, what happened, and the consents asked and given."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.choices import Deed
from accounts.models import Person, may
from audit.models import Change, Trail
from treaties.access import readable
from treaties.choices import Access, Actor, Qualification, Stage
from treaties.dates import Dated, unknown_iff_empty
from treaties.models import Act, Document, Party, Treaty
from workflow import procedures
from workflow.choices import Authority, Consent, Origin
from workflow.event_models import EventAct, EventDocument, EventRelease
from workflow.procedures import Procedure
from workflow.procedures.language import Step

__all__ = [
    "Approval",
    "Decision",
    "Delegation",
    "Determination",
    "Dossier",
    "EntityRequirement",
    "Event",
    "EventAct",
    "EventDocument",
    "EventRelease",
    "PackageTreaty",
    "Revocation",
    "Statement",
]


class DossierQuerySet(models.QuerySet["Dossier"]):
    def visible_to(self, person: Person) -> Self:
        """Dossiers are internal; their own level, and that of every treaty that goes through them, must be open."""
        known = Treaty.objects.visible_to(person) if may(person, Deed.READ_INTERNAL) else Treaty.objects.none()
        hidden = Treaty.objects.exclude(pk__in=known)
        own = readable(person, department="treaty__department")
        return self.filter(own).exclude(treaty__in=hidden).exclude(package_links__treaty__in=hidden)


class Dossier(models.Model):
    """One run of one instrument through one procedure. Never deleted."""

    reference = models.CharField(_("reference"), max_length=12, unique=True, editable=False)
    treaty = models.ForeignKey(Treaty, models.PROTECT, related_name="dossiers", verbose_name=_("treaty"))
    procedure_code = models.CharField(_("procedure"), max_length=30)
    procedure_version = models.PositiveSmallIntegerField()
    origin = models.CharField(max_length=16, choices=Origin, default=Origin.LIVE)
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="dossiers", verbose_name=_("dossier manager")
    )
    access = models.CharField(_("access"), max_length=20, choices=Access, default=Access.GOVERNMENT)
    is_demo = models.BooleanField(_("demonstration data"), default=False)
    opened_at = models.DateTimeField(auto_now_add=True)
    # Copies for lists, written by the actions only; `manage.py replay` proves them.
    stage = models.CharField(_("stage"), max_length=20, choices=Stage)
    awaited = models.CharField(_("awaited"), max_length=20, choices=Actor, blank=True)
    next_step = models.CharField(max_length=40, blank=True)
    next_deadline = models.DateField(_("next deadline"), null=True)
    is_on_hold = models.BooleanField(_("on hold"), default=False)
    # Rises with every write: the page a person acts on names the one it showed.
    version = models.PositiveIntegerField(default=1, editable=False)
    history = Trail()

    objects = DossierQuerySet.as_manager()

    # Filled by the queries: the events that were not superseded, on the day and as known at the moment asked.
    standing_events: list["Event"]

    class Meta:
        verbose_name = _("dossier")
        verbose_name_plural = _("dossiers")
        ordering = ("-opened_at", "-id")
        indexes = (models.Index(fields=("stage",)), models.Index(fields=("next_deadline",)))

    def __str__(self) -> str:
        return f"{self.reference} {self.treaty}"

    def get_absolute_url(self) -> str:
        return reverse("dossier-detail", args=[self.reference])

    @property
    def procedure(self) -> Procedure:
        return procedures.get(self.procedure_code, self.procedure_version)

    @property
    def treaties(self) -> list[Treaty]:
        """The treaty, and those that go through the procedure with it."""
        return [self.treaty, *(link.treaty for link in self.package_links.all())]

    @property
    def awaited_step(self) -> Step | None:
        return self.procedure.step(self.next_step) if self.next_step else None


class PackageTreaty(models.Model):
    """A further treaty that goes through the same dossier: one file, one debate, a decree for each. Append-only."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="package_links")
    treaty = models.ForeignKey(Treaty, models.PROTECT, related_name="package_links")
    change = models.ForeignKey(Change, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("treaty of a package")
        verbose_name_plural = _("treaties of a package")
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("dossier", "treaty"), name="package_treaty_once"),)

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.treaty_id}"


class Statement(Dated):
    """Something that was determined about a dossier on a day, by whom and why. Append-only; the last one counts."""

    reason = models.CharField(_("why"), max_length=500)
    source = models.CharField(_("source"), max_length=500, blank=True)
    determined_by = models.CharField(_("determined by"), max_length=20, choices=Authority)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)
    change = models.ForeignKey(Change, models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class Determination(Statement):
    """The qualification, and the procedure that follows from it, from a day on."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="determinations")
    procedure_code = models.CharField(max_length=30)
    procedure_version = models.PositiveSmallIntegerField()
    qualification = models.CharField(_("qualification"), max_length=24, choices=Qualification)

    class Meta:
        verbose_name = _("qualification")
        verbose_name_plural = _("qualifications")
        ordering = ("recorded_at", "id")
        constraints = (unknown_iff_empty("determination_date_or_unknown"),)

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.qualification} {self.when}"

    @property
    def procedure(self) -> Procedure:
        return procedures.get(self.procedure_code, self.procedure_version)


class EntityRequirement(Statement):
    """Whether the full powers and assent of a Belgian entity are required, and with how many acts of assent."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="entity_links")
    entity = models.ForeignKey(Party, models.PROTECT, related_name="+")
    is_required = models.BooleanField(_("required"), default=True)
    acts = models.PositiveSmallIntegerField(_("number of acts of assent"), default=1)

    class Meta:
        verbose_name = _("required entity")
        verbose_name_plural = _("required entities")
        ordering = ("recorded_at", "id")
        constraints = (
            unknown_iff_empty("requirement_date_or_unknown"),
            models.CheckConstraint(condition=Q(acts__gte=1), name="requirement_acts"),
        )

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.entity_id} {self.is_required}"


class Approval(models.Model):
    """The consent of the Government of Flanders, asked for one gate. Append-only.

    `evidence` is what it was asked with, frozen: kind, state, and title, document id and SHA-256 of each paper,
    or the reason why it was waived.
    """

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="approvals")
    step = models.CharField(max_length=40)
    attempt = models.PositiveSmallIntegerField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    note = models.TextField(_("explanation for the reviewer"), max_length=4_000, blank=True)
    evidence = models.JSONField()
    evidence_sha256 = models.CharField(max_length=64)
    change = models.ForeignKey(Change, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        ordering = ("asked_at", "id")
        # One request per attempt: of two people who ask at once, one wins.
        constraints = (models.UniqueConstraint(fields=("dossier", "step", "attempt"), name="attempt_once"),)

    def __str__(self) -> str:
        return f"{self.dossier.reference} {self.step} #{self.attempt}"

    @property
    def definition(self) -> Step:
        return procedures.step_of(self.dossier.procedure, self.step)

    @property
    def is_open(self) -> bool:
        return not hasattr(self, "decision")


class DelegationQuerySet(models.QuerySet["Delegation"]):
    def visible_to(self, person: Person) -> Self:
        """All of them for who may see the review; for others those that name them."""
        if may(person, Deed.SEE_REVIEW):
            return self
        return self.filter(Q(delegate=person.pk) | Q(absent=person.pk)) if person.pk else self.none()

    def standing(self) -> Self:
        """Without what was taken back."""
        return self.filter(revocation__isnull=True)

    def in_force(self, on: date) -> Self:
        return self.standing().filter(begins__lte=on, ends__gte=on)


class Delegation(models.Model):
    """Who records decisions for somebody who is absent: what, for how long, and why.

    Append-only; it ends after `ends` or by a `Revocation`. Empty `procedures` and an empty `department` mean: all.
    """

    absent = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("who is absent")
    )
    delegate = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("who acts instead")
    )
    # A code of `accounts.choices.Deed`.
    deed = models.CharField(max_length=20, default=Deed.DECIDE_CONSENT.value)
    procedures = models.JSONField(_("procedures"), default=list)
    # Of the dossier manager.
    department = models.CharField(_("department"), max_length=200, blank=True)
    begins = models.DateField(_("first day"))
    ends = models.DateField(_("last day"))
    reason = models.CharField(_("reason"), max_length=500)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    given_at = models.DateTimeField(auto_now_add=True)
    change = models.ForeignKey(Change, models.PROTECT, related_name="+")

    objects = DelegationQuerySet.as_manager()

    class Meta:
        verbose_name = _("delegation")
        verbose_name_plural = _("delegations")
        ordering = ("-begins", "-id")
        constraints = (
            models.CheckConstraint(condition=~Q(absent=F("delegate")), name="delegated_to_somebody_else"),
            models.CheckConstraint(condition=Q(ends__gte=F("begins")), name="delegation_ends_after_it_begins"),
            models.CheckConstraint(condition=Q(reason__regex=r"\S"), name="delegation_has_reason"),
        )

    def __str__(self) -> str:
        return f"{self.absent_id} → {self.delegate_id} {self.begins} – {self.ends}"

    @property
    def is_revoked(self) -> bool:
        return hasattr(self, "revocation")


class Revocation(models.Model):
    """A delegation taken back before its last day. Append-only."""

    delegation = models.OneToOneField(Delegation, models.PROTECT, related_name="revocation")
    reason = models.CharField(_("reason"), max_length=500)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(auto_now_add=True)
    change = models.ForeignKey(Change, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("delegation taken back")
        verbose_name_plural = _("delegations taken back")

    def __str__(self) -> str:
        return f"{self.delegation_id} {self.revoked_at}"


class Decision(models.Model):
    """What the Government decided on an asked consent, recorded by somebody else than who asked.

    Append-only; one per approval. `seen` is what the reviewer had on the page, frozen and hashed. Recorded by
    delegation, it names who recorded it and for whom. What else the database refuses: migration `four_eyes`.
    """

    approval = models.OneToOneField(Approval, models.PROTECT, related_name="decision")
    outcome = models.CharField(_("outcome"), max_length=12, choices=Consent)
    decided_on = models.DateField(_("date of the decision"))
    number = models.CharField(_("decision number"), max_length=200, blank=True)
    reason = models.TextField(_("reason"), max_length=4_000, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    delegation = models.ForeignKey(Delegation, models.PROTECT, null=True, related_name="decisions")
    decided_for = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(auto_now_add=True)
    seen = models.JSONField()
    seen_sha256 = models.CharField(max_length=64)
    change = models.ForeignKey(Change, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        constraints = (
            # Four eyes, in the database: only a withdrawal is the asker's own.
            models.CheckConstraint(
                condition=~Q(decided_by=F("asked_by")) | Q(outcome=Consent.WITHDRAWN), name="four_eyes"
            ),
            # By delegation they are six: neither of the two is who asked.
            models.CheckConstraint(
                condition=Q(delegation__isnull=True, decided_for__isnull=True)
                | (
                    Q(delegation__isnull=False, decided_for__isnull=False)
                    & ~Q(decided_for=F("asked_by"))
                    & ~Q(decided_for=F("decided_by"))
                ),
                name="four_eyes_by_delegation",
            ),
        )

    def __str__(self) -> str:
        return f"{self.approval}: {self.outcome}"


class EventQuerySet(models.QuerySet["Event"]):
    def embargoed(self) -> Self:
        """Standing, under an embargo and not released. That its moment has passed releases nothing."""
        return self.standing().filter(embargo_until__isnull=False, release__isnull=True)

    def standing(self) -> Self:
        """Without what a later event superseded."""
        return self.filter(superseded_by__isnull=True, is_void=False)


class Event(Dated):
    """Something that happened in a dossier. Append-only: a mistake is mended by a superseding event.

    `despite` holds the codes of the blockers it was recorded against, `despite_reason` why.
    """

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="events")
    step = models.CharField(max_length=40)
    outcome = models.CharField(max_length=30, blank=True)
    entity = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+")
    # The one treaty of a package it concerns; empty: all of them.
    treaty = models.ForeignKey(Treaty, models.PROTECT, null=True, related_name="+")
    body = models.CharField(_("advisory council"), max_length=20, blank=True)
    until = models.DateField(_("new last day"), null=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    number = models.CharField(_("number"), max_length=200, blank=True)
    note = models.TextField(_("note"), max_length=4_000, blank=True)
    source = models.CharField(_("source"), max_length=500, blank=True)
    documents = models.ManyToManyField(Document, through="EventDocument", related_name="events")
    despite = models.JSONField(default=list)
    despite_reason = models.TextField(max_length=4_000, blank=True)
    supersedes = models.OneToOneField("self", models.PROTECT, null=True, related_name="superseded_by")
    # A superseding event that only takes the earlier one back.
    is_void = models.BooleanField(default=False)
    # Until it is released, nothing of it is in the record: its acts and numbers are written by the release.
    embargo_until = models.DateTimeField(_("embargo until"), null=True)
    acts = models.ManyToManyField(Act, through="EventAct", related_name="events")
    decision = models.OneToOneField(Decision, models.PROTECT, null=True, related_name="event")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)
    change = models.ForeignKey(Change, models.PROTECT, related_name="+")

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ("on", "recorded_at", "id")
        constraints = (
            unknown_iff_empty("event_date_or_unknown"),
            models.CheckConstraint(
                condition=Q(despite=[]) | Q(despite_reason__regex=r"\S"), name="despite_needs_reason"
            ),
            models.CheckConstraint(
                condition=Q(is_void=False) | Q(supersedes__isnull=False), name="void_takes_something_back"
            ),
        )

    def __str__(self) -> str:
        return f"{self.dossier.reference} {self.step} {self.when}"

    @property
    def definition(self) -> Step:
        return procedures.step_of(self.dossier.procedure, self.step)
