from pathlib import PurePath
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from audit.models import Trail
from treaties.access import readable
from treaties.choices import Access, DocumentKind, Language, TextStanding
from treaties.models.treaty import Treaty


def by_content(document: "Document", filename: str) -> str:
    """Stored under its content's SHA-256: the same bytes are kept once and never overwritten."""
    return f"{document.sha256[:2]}/{document.sha256}"


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, person: Person) -> Self:
        """Both its own level and that of its treaty; the department is the treaty's."""
        own = readable(person, department="treaty__department")
        return self.filter(own & readable(person, "treaty__access", "treaty__department"))

    def hidden_from(self, person: Person) -> Self:
        """Those that `person` may not read: what points at one keeps doing so when they save."""
        return self.exclude(pk__in=Document.objects.visible_to(person).values("pk"))

    def once_public(self) -> Self:
        """What everybody may see of a record that is public."""
        return self.filter(access=Access.PUBLIC)


class Document(models.Model):
    """A paper of the file. The bytes never change: a new version is a new document."""

    treaty = models.ForeignKey(Treaty, models.PROTECT, related_name="documents")
    kind = models.CharField(_("kind"), max_length=28, choices=DocumentKind)
    language = models.CharField(_("language"), max_length=3, choices=Language)
    title = models.CharField(_("title"), max_length=300)
    access = models.CharField(_("access"), max_length=20, choices=Access, default=Access.GOVERNMENT)
    file = models.FileField(_("file"), upload_to=by_content, max_length=200)
    filename = models.CharField(_("file name"), max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField("SHA-256", max_length=64, db_index=True)
    source = models.CharField(_("source"), max_length=500, blank=True)
    # Which version of another paper it is given on: an advice on a draft, a translation of a text.
    about = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("about the version")
    )
    standing = models.CharField(_("standing of the text"), max_length=24, choices=TextStanding, blank=True)
    # The version of the same paper that this one comes after.
    replaces = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("replaces the version")
    )
    is_demo = models.BooleanField(default=False)
    added_at = models.DateTimeField(auto_now_add=True)
    history = Trail()

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ("-added_at", "-id")
        constraints = (
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="document_sha256_form"),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def suffix(self) -> str:
        return PurePath(self.filename).suffix.lstrip(".").upper()
