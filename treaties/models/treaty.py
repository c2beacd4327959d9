"""The instrument itself and what hangs on it."""

from collections.abc import Iterable
from typing import Any, Protocol, Self, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Trim
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Department, Person, access_key
from audit.models import Trail
from treaties.access import readable
from treaties.choices import (
    NOT_TREATIES,
    UNIQUE_SCHEMES,
    Access,
    Kind,
    Language,
    Qualification,
    RelationKind,
    Scheme,
    TitleKind,
)
from treaties.dates import Dated, precision_column, unknown_iff_empty
from treaties.models.reference import Party, Theme


class Entitled(Protocol):
    """What is needed of a title to choose it."""

    @property
    def pk(self) -> Any: ...
    @property
    def language(self) -> str: ...
    @property
    def kind(self) -> str: ...


One = TypeVar("One", bound=Entitled)
_PLACE = {kind.value: place for place, kind in enumerate((TitleKind.OFFICIAL, TitleKind.TRANSLATION, TitleKind.SHORT))}


def best_of(titles: Iterable[One]) -> One | None:
    """The title to head a page with, in the order of `Treaty.best_title`; the first of equals."""
    reader = (get_language() or "nl")[:2]
    return min(
        titles,
        key=lambda title: (title.language != reader, title.language != "nl", _PLACE[title.kind]),
        default=None,
    )


def other_of(titles: Iterable[One], best: One | None) -> One | None:
    """The one beneath it, as `Treaty.other_title`."""
    return min(
        (title for title in titles if best and title.language != best.language),
        key=lambda title: (title.language != "nl", title.language != "en", _PLACE[title.kind], title.pk),
        default=None,
    )


class TreatyQuerySet(models.QuerySet["Treaty"]):
    def visible_to(self, person: Person) -> Self:
        """What `person` may know of: every list, page, count and export starts here."""
        return self.filter(readable(person))


class Treaty(models.Model):
    """A treaty or memorandum of understanding. Never deleted: a trigger in the database refuses it."""

    # Permanent, opaque, never used again: the address people cite.
    reference = models.CharField(_("reference"), max_length=12, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=24, choices=Kind)
    qualification = models.CharField(
        _("qualification"), max_length=24, choices=Qualification, default=Qualification.UNDETERMINED
    )
    access = models.CharField(_("access"), max_length=20, choices=Access, default=Access.GOVERNMENT)
    # Who holds it: what is confidential is read by this department.
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("department")
    )
    summary_nl = models.TextField(_("summary in Dutch"), blank=True, max_length=10_000)
    summary_en = models.TextField(_("summary in English"), blank=True, max_length=10_000)
    territory = models.CharField(_("territorial scope"), max_length=500, blank=True)
    depositary = models.ForeignKey(
        Party, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("depositary")
    )
    authentic_languages = ArrayField(
        models.CharField(max_length=3, choices=Language),
        default=list,
        blank=True,
        verbose_name=_("authentic languages"),
    )
    # Remarks on what is odd or unsure in the facts, for readers.
    note = models.TextField(_("note"), blank=True, max_length=10_000)
    # One address or citation per line.
    sources = models.TextField(_("sources"), blank=True, max_length=10_000)
    is_demo = models.BooleanField(_("demonstration data"), default=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    history = Trail(excluded_fields=["changed_at"])

    objects = TreatyQuerySet.as_manager()

    class Meta:
        verbose_name = _("treaty")
        verbose_name_plural = _("treaties")
        ordering = ("reference",)

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("treaty-detail", args=[self.reference])

    @property
    def is_treaty(self) -> bool:
        """Whether it binds in law. MoUs and work programmes do not."""
        return self.kind not in NOT_TREATIES

    @property
    def access_key(self) -> str:
        """Level and department in one word, as its search document has it."""
        return access_key(self.access, self.department_id)

    @property
    def is_mixed(self) -> bool:
        return self.qualification in (Qualification.MIXED, Qualification.EU_MIXED)

    @property
    def best_title(self) -> "Title | None":
        """The title to head a page with: short name or official title, reader's language first."""
        return best_of(self.titles.all())

    @property
    def other_title(self) -> "Title | None":
        """A title to show beneath the best one: in another language, Dutch and official ones first."""
        return other_of(self.titles.all(), self.best_title)

    @property
    def title(self) -> str:
        best = self.best_title
        return best.text if best else self.reference

    @property
    def summary(self) -> str:
        english = (get_language() or "").startswith("en")
        return (self.summary_en if english else self.summary_nl) or self.summary_nl or self.summary_en

    @property
    def source_lines(self) -> list[str]:
        return self.sources.split("\n") if self.sources else []


class Title(models.Model):
    treaty = models.ForeignKey(Treaty, models.PROTECT, related_name="titles")
    language = models.CharField(_("language"), max_length=3, choices=Language)
    kind = models.CharField(_("kind"), max_length=12, choices=TitleKind, default=TitleKind.OFFICIAL)
    text = models.TextField(_("title"), max_length=2_000)
    history = Trail()

    class Meta:
        verbose_name = _("title")
        verbose_name_plural = _("titles")
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("treaty", "language", "kind"), name="one_title_per_language_and_kind"),
            models.CheckConstraint(condition=Q(text__regex=r"\S"), name="title_not_blank"),
        )

    def __str__(self) -> str:
        return self.text


class TreatyParty(models.Model):
    """A party to a treaty, or a partner in an MoU."""

    treaty = models.ForeignKey(Treaty, models.PROTECT, related_name="party_links")
    party = models.ForeignKey(Party, models.PROTECT, related_name="treaty_links")
    # How the instrument itself names it: "the Kingdom of Belgium, represented by …".
    named_as = models.CharField(_("named in the text as"), max_length=300, blank=True)
    # The territory it is bound for, where that is a part of it: the Kingdom of the Netherlands for Aruba.
    territory = models.ForeignKey(
        Party, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("for the territory")
    )
    history = Trail()

    class Meta:
        verbose_name = _("party to a treaty")
        verbose_name_plural = _("parties to treaties")
        ordering = ("party__sort_key",)
        constraints = (models.UniqueConstraint(fields=("treaty", "party"), name="party_once"),)

    def __str__(self) -> str:
        return self.named_as or self.party.name


class TreatyTheme(models.Model):
    treaty = models.ForeignKey(Treaty, models.PROTECT, related_name="theme_links")
    theme = models.ForeignKey(Theme, models.PROTECT, related_name="treaty_links")
    history = Trail()

    class Meta:
        verbose_name = _("theme of a treaty")
        verbose_name_plural = _("themes of treaties")
        ordering = ("theme__sort_key",)
        constraints = (models.UniqueConstraint(fields=("treaty", "theme"), name="theme_once"),)

    def __str__(self) -> str:
        return self.theme.name


class Identifier(models.Model):
    """A number under which the instrument, its decree or a paper of it is known elsewhere."""

    treaty = models.ForeignKey(Treaty, models.PROTECT, related_name="identifiers")
    scheme = models.CharField(_("kind of number"), max_length=20, choices=Scheme)
    value = models.CharField(_("number"), max_length=200)
    url = models.URLField(_("address"), max_length=500, blank=True)
    note = models.CharField(_("of what"), max_length=300, blank=True)
    since = models.DateField(_("since"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=500, blank=True)
    history = Trail()

    class Meta:
        verbose_name = _("identifier")
        verbose_name_plural = _("identifiers")
        ordering = ("scheme", "value")
        constraints = (
            models.UniqueConstraint(fields=("treaty", "scheme", "value"), name="identifier_once"),
            models.CheckConstraint(condition=Q(value=Trim(F("value"))) & ~Q(value=""), name="identifier_trimmed"),
            # A number that its scheme gives to one instrument only.
            models.UniqueConstraint(
                fields=("scheme", "value"), condition=Q(scheme__in=sorted(UNIQUE_SCHEMES)), name="one_per_scheme"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_scheme_display()} {self.value}"


class Relation(Dated):
    """From the first treaty to the second: "A amends B". Or to an instrument that is not in the register.

    The date is the one from which it holds, `article` where the instrument says so.
    """

    treaty = models.ForeignKey(Treaty, models.PROTECT, related_name="relations")
    precision = precision_column()
    kind = models.CharField(_("relation"), max_length=28, choices=RelationKind)
    other = models.ForeignKey(
        Treaty, models.PROTECT, null=True, related_name="inverse_relations", verbose_name=_("other treaty")
    )
    # What it is called and where it can be read, when it is not in the register: a decision of the Council of the EU.
    outside = models.CharField(_("other instrument"), max_length=500, blank=True)
    address = models.URLField(_("address"), max_length=500, blank=True)
    article = models.CharField(_("article"), max_length=100, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    source = models.CharField(_("source"), max_length=500, blank=True)
    history = Trail()

    class Meta:
        verbose_name = _("relation")
        verbose_name_plural = _("relations")
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("treaty", "kind", "other"), name="relation_once"),
            models.UniqueConstraint(
                fields=("treaty", "kind", "outside"), condition=Q(other__isnull=True), name="outside_relation_once"
            ),
            models.CheckConstraint(
                condition=Q(other__isnull=False, outside="") | (Q(other__isnull=True) & ~Q(outside="")),
                name="related_to_one_thing",
            ),
            unknown_iff_empty("relation_date_or_unknown"),
            models.CheckConstraint(condition=~Q(treaty=F("other")), name="not_related_to_itself"),
        )

    def __str__(self) -> str:
        return f"{self.treaty} {self.get_kind_display()} {self.other or self.outside}"
