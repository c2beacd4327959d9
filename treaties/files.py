"""Which files the register takes: text documents that can be kept for decades, and nothing that runs."""

import io
import struct
import zipfile
from pathlib import PurePath

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from audit.refusals import Blocker, Refused

MEDIA_TYPES = {
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".txt": "text/plain",
}
_ZIP_MARK = {".docx": "word/document.xml", ".odt": "content.xml"}
# What `zipfile` raises on a damaged archive besides its own error.
_DAMAGED = (zipfile.BadZipFile, NotImplementedError, ValueError, OverflowError, struct.error)


def checked(filename: str, content: bytes) -> str:
    """The media type by name *and* content. Raises `Refused` unless both say the same allowed type."""
    suffix = PurePath(filename).suffix.lower()
    if suffix not in MEDIA_TYPES:
        raise _refused("file_type", _("This kind of file is not taken; send PDF, DOCX, ODT or plain text."))
    if not content:
        raise _refused("file_empty", _("This file is empty."))
    if len(content) > settings.DOCUMENT_MAX_BYTES:
        megabytes = settings.DOCUMENT_MAX_BYTES // 1024**2
        raise _refused("file_size", _("This file is larger than %(limit)d MB.") % {"limit": megabytes})
    if not _is_what_it_says(suffix, content):
        raise _refused("file_content", _("What is in this file is not what its name says."))
    return MEDIA_TYPES[suffix]


def _is_what_it_says(suffix: str, content: bytes) -> bool:
    if suffix == ".pdf":
        return content.startswith(b"%PDF-")
    if suffix == ".txt":
        return b"\x00" not in content and _is_utf8(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
    except _DAMAGED:
        return False
    has_macros = any(name.endswith("vbaProject.bin") for name in names)
    return _ZIP_MARK[suffix] in names and not has_macros


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _refused(code: str, sentence: object) -> Refused:
    return Refused([Blocker(code, str(sentence), field="file")])
