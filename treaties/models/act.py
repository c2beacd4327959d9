from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.models import Trail
from treaties.choices import ActKind, FullPowers, Precision, SignatureManner
from treaties.dates import Dated, PartialDate, precision_column, unknown_iff_empty
from treaties.models.document import Document
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
    # When it takes effect, where that is another day: of a denunciation, a ratification, a renewal.
    effect_on = models.DateField(_("date of effect"), null=True, blank=True)
    effect_precision = precision_column()
    # Of a signature.
    manner = models.CharField(_("manner of signature"), max_length=16, choices=SignatureManner, blank=True)
    signatory = models.CharField(_("signatory"), max_length=300, blank=True)
    capacity = models.CharField(_("in the capacity of"), max_length=300, blank=True)
    full_powers = models.CharField(_("full powers"), max_length=24, choices=FullPowers, blank=True)
    # For which territory of the party, and for which part of the instrument: empty is all of it.
    territory = models.ForeignKey(
        Party, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("territory")
    )
    scope = models.CharField(_("part of the instrument"), max_length=500, blank=True)
    # Of a publication or decree: NUMAC, parliamentary document …
    number = models.CharField(_("number"), max_length=200, blank=True)
    page = models.CharField(_("page"), max_length=60, blank=True)
    address = models.URLField(_("address"), max_length=500, blank=True)
    document = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="acts", verbose_name=_("document")
    )
    note = models.TextField(_("note"), max_length=4_000, blank=True)
    source = models.CharField(_("source"), max_length=500, blank=True)
    is_retracted = models.BooleanField(_("retracted"), default=False)
    history = Trail()

    class Meta:
        verbose_name = _("act")
        verbose_name_plural = _("acts")
        ordering = ("on", "id")
        constraints = (
            unknown_iff_empty("act_date_or_unknown"),
            unknown_iff_empty("act_effect_or_unknown", on="effect_on", precision="effect_precision"),
        )
        indexes = (models.Index(fields=("treaty", "kind")),)

    @property
    def party_name(self) -> str:
        return self.party.name if self.party else ""

    @property
    def territory_name(self) -> str:
        return self.territory.name if self.territory else ""

    @property
    def effect(self) -> PartialDate:
        """When it takes effect, as far as that is told apart from its own date."""
        return PartialDate(self.effect_on, Precision(self.effect_precision))

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.when}"
