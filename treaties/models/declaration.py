from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from audit.models import Trail
from treaties.choices import DeclarationKind, Language, Precision
from treaties.dates import Dated, PartialDate, precision_column, unknown_iff_empty
from treaties.models.reference import Party
from treaties.models.treaty import Treaty


class Declaration(Dated):
    """A reservation or declaration of a party, or its objection to a reservation of another one.

    Vienna Convention, art. 19–23. What was withdrawn keeps its text and gets the date of its withdrawal; what
    turned out never to have been made is retracted, never deleted.
    """

    treaty = models.ForeignKey(Treaty, models.PROTECT, related_name="declarations")
    kind = models.CharField(_("kind"), max_length=12, choices=DeclarationKind)
    party = models.ForeignKey(Party, models.PROTECT, related_name="declarations", verbose_name=_("made by"))
    language = models.CharField(_("language"), max_length=3, choices=Language)
    text = models.TextField(_("text"), max_length=20_000)
    article = models.CharField(_("article"), max_length=100, blank=True)
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)
    withdrawn_precision = precision_column()
    # Of an objection: the reservation it is made to.
    objects_to = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="objections", verbose_name=_("objects to")
    )
    source = models.CharField(_("source"), max_length=500, blank=True)
    is_retracted = models.BooleanField(_("retracted"), default=False)
    history = Trail()

    class Meta:
        verbose_name = _("reservation or declaration")
        verbose_name_plural = _("reservations and declarations")
        ordering = ("on", "id")
        constraints = (
            unknown_iff_empty("declaration_date_or_unknown"),
            unknown_iff_empty("declaration_withdrawal_or_unknown", on="withdrawn_on", precision="withdrawn_precision"),
            models.CheckConstraint(condition=Q(text__regex=r"\S"), name="declaration_not_blank"),
            models.CheckConstraint(
                condition=Q(objects_to__isnull=True) | Q(kind=DeclarationKind.OBJECTION), name="only_objections_object"
            ),
            models.CheckConstraint(condition=~Q(objects_to=F("id")), name="objects_not_to_itself"),
        )

    @property
    def party_name(self) -> str:
        return self.party.name

    @property
    def withdrawn(self) -> PartialDate:
        return PartialDate(self.withdrawn_on, Precision(self.withdrawn_precision))

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.party} {self.when}"
