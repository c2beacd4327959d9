"""Forms of papers: a file, and what it is."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import formats, timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from treaties import files, papers
from treaties.choices import Access, DocumentKind, Language
from treaties.forms.base import ActionForm, choice, labelled, offer_levels, text
from treaties.models import Document, Treaty


class FileMixin(forms.Form):
    """A file with what it is; shared by the page of documents and the one of events."""

    file = forms.FileField(label=_("File"), help_text=_("PDF, DOCX, ODT or plain text."))
    document_kind = choice(_("Kind of paper"), lambda: labelled(DocumentKind), initial=DocumentKind.OTHER)
    document_language = choice(_("Language of the paper"), lambda: labelled(Language), initial=Language.NL)
    document_title = text(_("Title of the paper"), help_text=_("Empty: the name of the file."))

    # The versions on file among which the field `about` chooses, by their key; without any there is no such field.
    versions: Mapping[str, Document] = {}

    def offer_versions(self, person: User, *treaties: Treaty) -> None:
        """Ask which version the paper is about, where `person` knows of more than one of a paper on file."""
        on_file = Document.objects.visible_to(person).filter(treaty__in=treaties)
        self.versions = {str(document.pk): document for document in papers.to_choose(on_file)}
        if self.versions:
            self.fields["about"] = choice(
                _("About which version"),
                [("", "–"), *((key, _version(document)) for key, document in self.versions.items())],
                required=False,
                help_text=_("Of an advice or a translation: the version of the paper it was given on."),
            )

    def clean_file(self) -> UploadedFile | None:
        file: UploadedFile | None = self.cleaned_data["file"]
        # Before it is read: what is too large never comes into memory.
        if file and (file.size or 0) > settings.DOCUMENT_MAX_BYTES:
            raise ValidationError(files.too_large(), code="file_size")
        return file

    def paper(self) -> dict[str, Any] | None:
        """The arguments that say what the file is; None without one."""
        data = self.cleaned_data
        if not (file := data.get("file")):
            return None
        return {
            "kind": DocumentKind(data["document_kind"]),
            "language": Language(data["document_language"]),
            "title": data["document_title"] or file.name,
            "filename": file.name,
            "content": file.read(),
            **({"about": self.versions.get(data["about"])} if self.versions else {}),
        }


def _version(document: Document) -> str:
    """A version as an option: which paper, what it is called, since when it is on file and the start of its hash."""
    day = formats.date_format(timezone.localtime(document.added_at), "j F Y H:i")
    return f"{capfirst(document.get_kind_display())}: {document.title} ({day}, sha256 {document.sha256[:12]})"


class DocumentForm(FileMixin, ActionForm):
    """A paper for the file of a treaty."""

    RENAMED = {"title": "document_title"}

    access = choice(_("Who may see it"), labelled(Access)[::-1], widget=forms.RadioSelect, initial=Access.GOVERNMENT)
    source = text(_("Source"), help_text=_("Where the paper comes from: an address or a citation."))
    reason = text(_("Why"), help_text=_("For the history. Empty: “a document was added”."))
    field_order = ("submission", "file", "document_kind", "about", "document_title", "document_language", "access")

    def __init__(self, *args: Any, treaty: Treaty, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_levels(self, "access", person, treaty.department_id)
        self.offer_versions(person, treaty)
        self.order_fields(self.field_order)
