"""Which files the register takes: text documents that can be kept for decades, and nothing that runs.

An allow-list by name *and* content. The name and the size are looked at here; a virus scanner is asked where there is
one (`treaties.scanner`); what is inside is judged by a process with limits (`treaties.inspection`).
"""

import re
from pathlib import PurePath

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.refusals import Blocker, Refused
from treaties import inspecting, quarantine, scanner

MEDIA_TYPES = {
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".txt": "text/plain",
}
# What came of judging → what people read: what is wrong, and what to do.
SENTENCES = {
    "file_content": _("What is in this file is not what its name says."),
    "file_two_kinds": _("This file is two kinds of file at once. Make it again with “Save as” or “Print to PDF”."),
    "file_program": _("This is a program, whatever its name. Send the document itself."),
    "file_old_office": _(
        "This is an old Office file, or one with a password. Save it as DOCX or PDF without a password."
    ),
    "file_rtf": _("This is an RTF file, whatever its name. Save it as DOCX or PDF."),
    "file_image": _("This is an image, whatever its name. Put it in a PDF."),
    "file_archive": _("This is a packed file. Unpack it, and send the documents one by one."),
    "file_markup": _("There is a web page or a script in this file. Print it to PDF, or save it as plain text."),
    "file_not_utf8": _("This text is not in UTF-8. Save it as plain text with the encoding UTF-8."),
    "file_control_characters": _("There are control characters in this text. Save it as plain text again."),
    "file_encrypted": _("This file has a password or is protected. Save it without."),
    "file_cut_off": _("The end of this file is missing. Copy or save it again, and send it whole."),
    "file_damaged": _("This file is damaged. Save it again, or print it to PDF."),
    "file_too_complex": _("This file takes too much to be checked. Print it to PDF again, or divide it."),
    "file_test_virus": _("This is the file by which virus scanners are tested. It is not taken."),
    "file_within": _("There is another file in this document. Take it out and send it by itself."),
    "file_macros": _("There are macros or scripts in this document. Save it without, or print it to PDF."),
    "file_dde": _("This document takes data from other programs (DDE). Break those links, or print it to PDF."),
    "file_fetches": _("This document fetches a template, picture or text from elsewhere. Print it to PDF."),
    "pdf_script": _("There is a script, film or sound in this PDF. Print it to PDF again."),
    "pdf_action": _("This PDF starts other programs or sends data. Print it to PDF again."),
    "pdf_attachment": _("There are files attached to this PDF. Take them out and send them by themselves."),
    "pdf_xfa": _("This PDF is a form of the kind XFA. Print it to PDF."),
    "zip_bomb": _("This document unpacks to far more than a document holds. Save it again, or print it to PDF."),
    "zip_names": _("Parts of this document have names that no office program gives. Save it again."),
    inspecting.UNKNOWN: _("This file could not be checked. Nothing was stored; try again in a few minutes."),
}
# Before the last point, these say that a file was made to look like another kind.
_DISGUISED = re.compile(
    r"\.(?:exe|scr|bat|cmd|pif|msi|js|jse|vbs|vbe|wsf|hta|ps1|lnk|jar|html?|svg|xhtml|php|docm|dotm|xlsm|zip|rar|7z)\s*$",
    re.IGNORECASE,
)
# Controls, halves of characters, and what makes a name read in another order than it is written.
_UNFIT = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def checked(filename: str, content: bytes, *, actor: User | None = None) -> str:
    """The media type by name *and* content. Raises `Refused` unless both say the same allowed type.

    `actor`: who sends it, for the trail where a scanner finds something in it.
    """
    suffix = _kind_by_name(filename)
    if not content:
        raise _refused("file_empty", _("This file is empty."))
    if len(content) > settings.DOCUMENT_MAX_BYTES:
        raise _refused("file_size", too_large())
    _scan(filename, content, actor)
    if (code := inspecting.judged(suffix, content)) != "ok":
        # A code that is not known comes of a process that broke down, or was broken into.
        code = code if code in SENTENCES else inspecting.UNKNOWN
        raise _refused(code, SENTENCES[code])
    return MEDIA_TYPES[suffix]


def too_large() -> str:
    """The sentence on a file above the limit."""
    return str(_("This file is larger than %(limit)d MB.") % {"limit": settings.DOCUMENT_MAX_BYTES // 1024**2})


def _kind_by_name(filename: str) -> str:
    if _UNFIT.search(filename):
        raise _refused("file_name", _("There are hidden characters in the name of this file. Give it another name."))
    path = PurePath(filename)
    if (suffix := path.suffix.lower()) not in MEDIA_TYPES:
        raise _refused("file_type", _("This kind of file is not taken; send PDF, DOCX, ODT or plain text."))
    if _DISGUISED.search(path.stem):
        raise _refused("file_name", _("The name of this file says two kinds. Give it a name with one."))
    return suffix


def _scan(filename: str, content: bytes, actor: User | None) -> None:
    """Ask the scanner, where there is one; what it could not check is not taken (it fails closed)."""
    try:
        signature = scanner.signature(content)
    except scanner.NotChecked:
        raise _refused(inspecting.UNKNOWN, SENTENCES[inspecting.UNKNOWN]) from None
    if signature:
        quarantine.keep(actor=actor, filename=filename, content=content, signature=signature)
        raise _refused("file_infected", _("The virus scanner found something in this file. It is not taken."))


def _refused(code: str, sentence: object) -> Refused:
    return Refused([Blocker(code, str(sentence), field="file")])
