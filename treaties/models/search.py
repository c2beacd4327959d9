from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from accounts.choices import Deed
from accounts.models import Person, may
from treaties.choices import Access, Kind, Qualification, Stage, Status
from treaties.models.treaty import Treaty


class SearchQuerySet(models.QuerySet["SearchDocument"]):
    def visible_to(self, person: Person) -> Self:
        """The same rule as `TreatyQuerySet.visible_to`, on the copied column."""
        return self if may(person, Deed.READ_INTERNAL) else self.filter(access=Access.PUBLIC)


class SearchDocument(models.Model):
    """What lists and search read of a treaty: a copy, derived, kept by the actions in the same
    transaction, made again from the record by `manage.py rebuild_search`."""

    treaty = models.OneToOneField(Treaty, models.CASCADE, primary_key=True, related_name="search")
    words = SearchVectorField()
    # Dutch order without ICU: computed keys, compared byte by byte.
    title_key = models.CharField(max_length=300, db_collation="C")
    country_codes = ArrayField(models.CharField(max_length=20))
    theme_slugs = ArrayField(models.CharField(max_length=100))
    kind = models.CharField(max_length=24, choices=Kind)
    qualification = models.CharField(max_length=24, choices=Qualification)
    access = models.CharField(max_length=12, choices=Access)
    status = models.CharField(max_length=20, choices=Status)
    # Copied here by the procedure; empty where no dossier is followed.
    stage = models.CharField(max_length=20, choices=Stage, blank=True)
    signed_on = models.DateField(null=True)
    changed_at = models.DateTimeField()

    objects = SearchQuerySet.as_manager()

    class Meta:
        indexes = (
            GinIndex(fields=("words",)),
            GinIndex(fields=("country_codes",)),
            GinIndex(fields=("theme_slugs",)),
            models.Index(models.F("signed_on").desc(nulls_last=True), models.F("treaty").desc(), name="search_newest"),
            models.Index(fields=("title_key", "treaty")),
        )

    def __str__(self) -> str:
        return str(self.treaty)
