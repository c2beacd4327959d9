"""What Belgium must report on human rights, and each report with the Flemish part in it."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.choices import Deed
from accounts.models import Person, may
from audit.models import Trail
from reporting.choices import FirstDueFrom
from reporting.cycle import DATE_NAMES, Dates, Rule
from reporting.fields import PartialDateColumn, well_formed
from treaties.access import readable
from treaties.models import Treaty


class ObligationQuerySet(models.QuerySet["Obligation"]):
    def visible_to(self, person: Person) -> Self:
        """Reporting is internal, and under a treaty only for who may know of that treaty."""
        if not may(person, Deed.READ_INTERNAL):
            return self.none()
        known = readable(person, "treaty__access", "treaty__department")
        # An empty condition is everything by itself, and nothing beside an "or".
        return self.filter(Q(treaty=None) | known) if known else self


class Obligation(models.Model):
    """That reports go to one monitoring body: under a treaty, or by political commitment. Never deleted."""

    reference = models.CharField(_("reference"), max_length=12, unique=True, editable=False)
    # Empty only where the commitment is political: the Universal Periodic Review is not per treaty.
    treaty = models.ForeignKey(
        Treaty, models.PROTECT, null=True, blank=True, related_name="reporting_obligations", verbose_name=_("treaty")
    )
    is_political = models.BooleanField(_("political, without legal basis"), default=False)
    body_nl = models.CharField(_("monitoring body in Dutch"), max_length=300)
    body_en = models.CharField(_("monitoring body in English"), max_length=300, blank=True)
    first_due_months = models.PositiveSmallIntegerField(_("first report, months"), null=True, blank=True)
    first_due_from = models.CharField(
        _("first report counts from"), max_length=20, choices=FirstDueFrom, default=FirstDueFrom.ENTRY_INTO_FORCE
    )
    cycle_years = models.PositiveSmallIntegerField(_("cycle, years"), null=True, blank=True)
    coordinator = models.CharField(_("coordinator"), max_length=300, blank=True)
    flemish_lead = models.CharField(_("Flemish lead entity"), max_length=300, blank=True)
    note = models.TextField(_("note"), max_length=4_000, blank=True)
    source = models.CharField(_("source"), max_length=500, blank=True)
    # Rises with every write: the page a person acts on names the one it showed.
    version = models.PositiveIntegerField(default=1, editable=False)
    history = Trail()

    objects = ObligationQuerySet.as_manager()

    class Meta:
        verbose_name = _("reporting obligation")
        verbose_name_plural = _("reporting obligations")
        ordering = ("body_nl", "id")
        constraints = (
            models.UniqueConstraint(fields=("treaty", "body_nl"), nulls_distinct=False, name="obligation_once"),
            models.CheckConstraint(condition=Q(is_political=True) | Q(treaty__isnull=False), name="obligation_based"),
            models.CheckConstraint(condition=Q(body_nl__regex=r"\S"), name="obligation_body_not_blank"),
        )

    def __str__(self) -> str:
        return self.body

    def get_absolute_url(self) -> str:
        return reverse("reporting-detail", args=[self.reference])

    @property
    def body(self) -> str:
        """The monitoring body in the reader's language; Dutch stands in where English is unknown."""
        return self.body_en if (get_language() or "").startswith("en") and self.body_en else self.body_nl

    @property
    def body_language(self) -> str:
        return "en" if self.body == self.body_en else "nl"

    @property
    def rule(self) -> Rule:
        return Rule(self.first_due_months, FirstDueFrom(self.first_due_from), self.cycle_years, self.is_political)


class Report(models.Model):
    """One report under an obligation, from the first contribution to the follow-up. Never deleted."""

    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="reports", verbose_name=_("obligation"))
    # "7", or "2-3" where two were sent as one.
    label = models.CharField(_("number"), max_length=60)
    period_from = PartialDateColumn(_("period from"))
    period_to = PartialDateColumn(_("period to"))
    contribution_due = PartialDateColumn(_("Flemish contribution due"))
    contribution_sent = PartialDateColumn(_("Flemish contribution sent"))
    report_due = PartialDateColumn(_("state report due"))
    report_submitted = PartialDateColumn(_("state report submitted"))
    issues_received = PartialDateColumn(_("list of issues received"))
    issues_answered = PartialDateColumn(_("list of issues answered"))
    dialogue_from = PartialDateColumn(_("dialogue"))
    dialogue_to = PartialDateColumn(_("last day of the dialogue"))
    delegation_head = models.CharField(_("head of the delegation"), max_length=300, blank=True)
    observations_on = PartialDateColumn(_("concluding observations"))
    follow_up_due = PartialDateColumn(_("interim follow-up due"))
    follow_up_sent = PartialDateColumn(_("interim follow-up sent"))
    closed_on = PartialDateColumn(_("closed"))
    # One address or citation per line.
    links = models.TextField(_("links"), max_length=4_000, blank=True)
    note = models.TextField(_("note"), max_length=4_000, blank=True)
    source = models.CharField(_("source"), max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    history = Trail()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ("obligation", "id")
        constraints = (
            models.UniqueConstraint(fields=("obligation", "label"), name="report_once"),
            models.CheckConstraint(condition=well_formed(*DATE_NAMES), name="report_dates_well_formed"),
            models.CheckConstraint(condition=Q(label__regex=r"\S"), name="report_label_not_blank"),
        )

    def __str__(self) -> str:
        return self.label

    @property
    def dates(self) -> Dates:
        return Dates(**{name: getattr(self, name) for name in DATE_NAMES})

    @property
    def link_lines(self) -> list[str]:
        return [line for line in self.links.split("\n") if line.strip()]
