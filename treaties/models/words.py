"""What searching knows of words: which mean the same, and which occur."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.models import Trail


class SynonymGroup(models.Model):
    """Words and phrases that mean the same to who searches, in whatever language: MoU, memorandum of understanding."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    words = ArrayField(models.CharField(max_length=200), verbose_name=_("words that mean the same"))
    note = models.CharField(_("note"), max_length=500, blank=True)
    is_used = models.BooleanField(_("used when searching"), default=True)
    # The words as they are compared (`treaties.terms.key`); written with them.
    keys = ArrayField(models.CharField(max_length=400), editable=False)
    history = Trail()

    class Meta:
        verbose_name = _("group of synonyms")
        verbose_name_plural = _("synonyms")
        ordering = ("code",)

    def __str__(self) -> str:
        return " = ".join(self.words)


class KnownWord(models.Model):
    """A word that occurs in what everybody may read: what "did you mean" can offer. Derived, made again at will."""

    # Small letters without accents.
    word = models.CharField(max_length=60, primary_key=True, db_collation="C")
    shown = models.CharField(max_length=60)
    # In how many public records, at the last rebuild.
    documents = models.PositiveIntegerField(default=1)
    # From parties, themes and synonyms: public whatever happens to a record.
    is_reference = models.BooleanField(default=False)

    class Meta:
        indexes = (GinIndex(OpClass(models.F("word"), name="gin_trgm_ops"), name="known_word_alike"),)

    def __str__(self) -> str:
        return self.shown
