from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.models import Trail
from treaties.choices import ForceRule
from treaties.models.reference import Party
from treaties.models.treaty import Treaty


class ForceClause(models.Model):
    """By what its own text makes the treaty enter into force. The date itself is an act, never filled in from here."""

    treaty = models.OneToOneField(Treaty, models.PROTECT, related_name="force_clause")
    rule = models.CharField(_("rule"), max_length=28, choices=ForceRule)
    months = models.PositiveSmallIntegerField(_("months"), null=True, blank=True)
    days = models.PositiveSmallIntegerField(_("days"), null=True, blank=True)
    # Which ratification: the fiftieth is 50.
    count = models.PositiveSmallIntegerField(_("which ratification"), null=True, blank=True)
    on = models.DateField(_("fixed day"), null=True, blank=True)
    article = models.CharField(_("article"), max_length=100, blank=True)
    text = models.TextField(_("text of the clause"), max_length=4_000, blank=True)
    source = models.CharField(_("source"), max_length=500, blank=True)
    history = Trail()

    class Meta:
        verbose_name = _("entry-into-force clause")
        verbose_name_plural = _("entry-into-force clauses")
        constraints = (
            models.CheckConstraint(
                condition=Q(rule=ForceRule.FIXED_DATE, on__isnull=False)
                | (~Q(rule=ForceRule.FIXED_DATE) & Q(on__isnull=True)),
                name="clause_day_iff_fixed",
            ),
        )

    def __str__(self) -> str:
        return self.get_rule_display()

    @property
    def parties(self) -> list[Party]:
        return [link.party for link in self.treaty.party_links.all()]
