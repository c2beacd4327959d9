"""Reference data: who can be party, and what an instrument can be about."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from audit.models import Trail
from treaties.choices import Language, NameKind, PartyKind


class Named(models.Model):
    """Something with a name in Dutch and English; Dutch stands in where English is unknown."""

    name_nl = models.CharField(_("Dutch name"), max_length=300)
    name_en = models.CharField(_("English name"), max_length=300, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        if (get_language() or "").startswith("en") and self.name_en:
            return self.name_en
        return self.name_nl


class Party(Named):
    """A state (ISO 3166-1), former state (3166-3), region (3166-2), organisation or Belgian entity.

    Codes that start with `X-` are the register's own, where no ISO code exists.
    """

    code = models.CharField(_("code"), max_length=20, unique=True)
    # ISO 3166-1 alpha-3, or the code that lists of treaties use in its place; empty where there is none.
    iso3 = models.CharField(_("alpha-3 code"), max_length=3, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=PartyKind)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )
    # Codes of the states that came after a former state, or that it now is.
    successors = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    name_fr = models.CharField(_("French name"), max_length=300, blank=True)
    name_de = models.CharField(_("German name"), max_length=300, blank=True)
    continent = models.CharField(_("continent"), max_length=12, blank=True)
    # As long as it existed; empty where that is not known, or it still does.
    valid_from = models.DateField(_("exists since"), null=True, blank=True)
    valid_to = models.DateField(_("existed until"), null=True, blank=True)
    # Other names people search by: former names, abbreviations, demonyms.
    aliases = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    sort_key = models.CharField(max_length=400, db_collation="C", editable=False)
    history = Trail()

    class Meta:
        verbose_name = _("party")
        verbose_name_plural = _("parties")
        ordering = ("sort_key", "code")

    @property
    def country_codes(self) -> list[str]:
        """Under which countries it is found: itself, the state it is part of, its successors."""
        parent = self.parent.code if self.parent_id and self.parent else None
        return [self.code, *([parent] if parent else []), *self.successors]


class PartyName(models.Model):
    """A name that a party has or had, in one language, for as long as it was in use: Zaïre from 1971 to 1997."""

    party = models.ForeignKey(Party, models.PROTECT, related_name="names")
    language = models.CharField(_("language"), max_length=3, choices=Language)
    kind = models.CharField(_("kind"), max_length=12, choices=NameKind, default=NameKind.COMMON)
    text = models.CharField(_("name"), max_length=300)
    valid_from = models.DateField(_("since"), null=True, blank=True)
    valid_to = models.DateField(_("until"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=500, blank=True)
    history = Trail()

    class Meta:
        verbose_name = _("name of a party")
        verbose_name_plural = _("names of parties")
        ordering = ("party", "valid_from", "language", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("party", "language", "kind", "text", "valid_from"),
                nulls_distinct=False,
                name="party_name_once",
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True) | Q(valid_to__isnull=True) | Q(valid_from__lte=F("valid_to")),
                name="party_name_period",
            ),
            models.CheckConstraint(condition=Q(text__regex=r"\S"), name="party_name_not_blank"),
        )

    def __str__(self) -> str:
        return self.text


class Theme(Named):
    """A policy domain, or a policy field under one (Themis concept schemes of the Chancellery)."""

    slug = models.SlugField(_("address"), max_length=100, unique=True)
    uri = models.URLField(_("URI"), max_length=200, unique=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("policy domain")
    )
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    is_deprecated = models.BooleanField(_("no longer used"), default=False)
    sort_key = models.CharField(max_length=400, db_collation="C", editable=False)
    history = Trail()

    class Meta:
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        ordering = ("sort_key", "slug")
