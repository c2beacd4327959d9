from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.choices import Deed
from accounts.models import Person, User, may


class SavedSearchQuerySet(models.QuerySet["SavedSearch"]):
    def of(self, person: User) -> Self:
        """The person's own."""
        return self.filter(owner=person, removed_at__isnull=True)

    def shared_with(self, person: Person) -> Self:
        """What colleagues share. Name and words may tell of what is not public: only for who may read that."""
        if not may(person, Deed.READ_INTERNAL):
            return self.none()
        return self.filter(is_shared=True, removed_at__isnull=True).exclude(owner=person.pk)


class SavedSearch(models.Model):
    """A search of the list under a name, of one person, who can share it with colleagues.

    Not part of the record and not in its trail: it changes no fact and no decision rests on it, none of the actions
    of the trail says truthfully what was done, and what somebody looks for himself is nobody else's business. So one
    that was never shared is gone when its owner removes it. What others could see is kept: a row that was ever
    shared stays, with who, since when and until when, and is only taken from every page.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="saved_searches", verbose_name=_("owner")
    )
    name = models.CharField(_("name"), max_length=100)
    # The address of the list behind its question mark, as `treaties.listing.clean_query` gives it.
    query = models.CharField(_("search"), max_length=4_000)
    is_shared = models.BooleanField(_("shared with colleagues"), default=False)
    # When it was shared first; it stays when sharing ends.
    shared_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(editable=False)
    changed_at = models.DateTimeField(editable=False)
    removed_at = models.DateTimeField(null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = SavedSearchQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved search")
        verbose_name_plural = _("saved searches")
        ordering = (Lower("name"), "id")
        constraints = (
            models.UniqueConstraint(
                F("owner"), Lower("name"), condition=Q(removed_at__isnull=True), name="saved_search_name_once"
            ),
            models.CheckConstraint(condition=Q(name__regex=r"\S") & ~Q(query=""), name="saved_search_not_blank"),
            models.CheckConstraint(
                condition=Q(shared_at__isnull=False) | Q(is_shared=False, removed_at__isnull=True),
                name="saved_search_shared_since",
            ),
        )

    def __str__(self) -> str:
        return self.name
