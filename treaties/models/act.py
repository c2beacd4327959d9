from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.models import Trail
from treaties.choices import ActKind
from treaties.dates import Dated, unknown_iff_empty
from treaties.models.reference import Party
from treaties.models.treaty import Treaty


class Act(Dated):
    """Something done to the instrument on a date: signed, assented to, ratified, published …

    Without a party it holds for the instrument as a whole; with one, for that party. An act that
    turned out not to have happened is retracted, never deleted.
    """

    treaty = models.ForeignKey(Treaty, models.PROTECT, related_name="acts")
    kind = models.CharField(_("act"), max_length=28, choices=ActKind)
    party = models.ForeignKey(
        Party, models.PROTECT, null=True, blank=True, related_name="acts", verbose_name=_("by or for")
    )
    place = models.CharField(_("place"), max_length=200, blank=True)
    # Of a publication or decree: NUMAC, page, parliamentary document …
    number = models.CharField(_("number"), max_length=200, blank=True)
    note = models.TextField(_("note"), max_length=4_000, blank=True)
    source = models.CharField(_("source"), max_length=500, blank=True)
    is_retracted = models.BooleanField(_("retracted"), default=False)
    history = Trail()

    class Meta:
        verbose_name = _("act")
        verbose_name_plural = _("acts")
        ordering = ("on", "id")
        constraints = (unknown_iff_empty("act_date_or_unknown"),)
        indexes = (models.Index(fields=("treaty", "kind")),)

    @property
    def party_name(self) -> str:
        return self.party.name if self.party else ""

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.when}"
