from datetime import date
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from accounts.models import Person, access_keys
from treaties.choices import Actor, Kind, Qualification, Stage, Status
from treaties.models.treaty import Treaty


def visible_access(person: Person) -> list[str]:
    """The keys of access that `person` may know of: what search, counts and lists are narrowed to."""
    return access_keys(person)


class SearchQuerySet(models.QuerySet["SearchDocument"]):
    def visible_to(self, person: Person) -> Self:
        """The same rule as `TreatyQuerySet.visible_to`, on the key of access."""
        keys = access_keys(person)
        return self.filter(access=keys[0]) if len(keys) == 1 else self.filter(access__in=keys)


class SearchDocument(models.Model):
    """What search reads of a treaty: a copy, derived, kept by the actions in the same transaction, made again from
    the record by `manage.py rebuild_search`. Narrow, for a broad question reads many of them."""

    treaty = models.OneToOneField(Treaty, models.CASCADE, primary_key=True, related_name="search")
    # What it is counted and filtered by, as numbers (`treaties.facets`); sorted, each once.
    facets = ArrayField(models.IntegerField())
    # First signature; the first day of the calendar where none is known, for keys of pages compare and nulls do not.
    signed_key = models.DateField()
    changed_at = models.DateTimeField()
    reference = models.CharField(max_length=12, db_collation="C")
    # Dutch order without ICU: computed keys, compared byte by byte.
    title_key = models.CharField(max_length=300, db_collation="C")
    kind = models.CharField(max_length=24, choices=Kind)
    qualification = models.CharField(max_length=24, choices=Qualification)
    # The key of access: the level, with the department where that is read per department.
    access = models.CharField(max_length=50)
    status = models.CharField(max_length=20, choices=Status)
    # Both told by the procedure; empty where no dossier is followed.
    stage = models.CharField(max_length=20, choices=Stage, blank=True)
    awaited = models.CharField(max_length=20, choices=Actor, blank=True)
    words = SearchVectorField()

    objects = SearchQuerySet.as_manager()

    class Meta:
        indexes = (
            # Words and filters in one reading of one index. Fast update is off: a pending list would make the cost
            # of a search depend on what was written lately.
            GinIndex(fields=("words", "facets"), fastupdate=False, name="search_words_and_facets"),
            # One for each order: pages follow its key, whichever page it is.
            models.Index(models.F("signed_key").desc(), models.F("treaty").desc(), name="search_newest"),
            models.Index(models.F("changed_at").desc(), models.F("treaty").desc(), name="search_changed"),
            models.Index(fields=("title_key", "treaty"), name="search_title"),
            models.Index(fields=("reference",), name="search_reference"),
        )

    def __str__(self) -> str:
        return self.reference

    @property
    def signed_on(self) -> date | None:
        return None if self.signed_key == date.min else self.signed_key


class FacetCount(models.Model):
    """How many documents have both facets `a` and `b`; 0 stands for any document. Those of `FacetChange` come on top.

    So a list without filter, or with one, is counted by reading, however many treaties there are.
    """

    pk = models.CompositePrimaryKey("access", "a", "b")
    # The key of access: the level, with the department where that is read per department.
    access = models.CharField(max_length=50)
    a = models.IntegerField()
    b = models.IntegerField()
    n = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.access} {self.a} {self.b}: {self.n}"


class FacetChange(models.Model):
    """A document that came (1) or went (-1) since the counts were made: written by a trigger, in the same transaction.

    Rows of its own, for many write at once and would wait for each other at one count. `treaties.counts.fold` puts
    them together now and then.
    """

    # The key of access: the level, with the department where that is read per department.
    access = models.CharField(max_length=50)
    facets = ArrayField(models.IntegerField())
    n = models.SmallIntegerField()

    def __str__(self) -> str:
        return f"{self.access} {self.facets}: {self.n:+}"


class ListCard(models.Model):
    """What a row of a list shows of a treaty that the search document does not hold; derived with it.

    `card` is `{"titles": [[id, language, kind, text], …], "parties": [key, …], "others": n, "signed": [iso day or
    null, precision] or null, "demo": bool}`: the parties that a row names, in order, and how many more there are.
    """

    treaty = models.OneToOneField(Treaty, models.CASCADE, primary_key=True, related_name="card")
    card = models.JSONField()

    def __str__(self) -> str:
        return str(self.card)
