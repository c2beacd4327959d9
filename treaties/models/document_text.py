from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from treaties.choices import TextStatus
from treaties.models.document import Document


class DocumentText(models.Model):
    """What was read of a public document, for the search: a copy, derived from its bytes, made again by
    `manage.py read_documents --again`. A document without one is still to be read."""

    document = models.OneToOneField(Document, models.CASCADE, primary_key=True, related_name="extracted")
    status = models.CharField(_("status"), max_length=16, choices=TextStatus)
    text = models.TextField(_("text"), blank=True)
    # The words of the first `indexed` characters, made with the text search configuration `config`; `size` bytes.
    words = SearchVectorField()
    config = models.CharField(max_length=20)
    indexed = models.PositiveIntegerField()
    size = models.PositiveIntegerField()
    # Which version of our reader read it (`document_reading.READER`).
    reader = models.CharField(max_length=20)
    read_at = models.DateTimeField(_("read at"))

    class Meta:
        verbose_name = _("text of a document")
        verbose_name_plural = _("texts of documents")

    def __str__(self) -> str:
        return f"{self.document}: {self.get_status_display()}"
