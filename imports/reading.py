"""From a file to a table, in bounded memory; a file that is not a list is refused in one sentence."""

import hashlib
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _

from imports import csv_reading, xlsx_reading
from imports.tables import LARGEST_FILE, MEGABYTE, Shape, Table, Unreadable

_ZIP = b"PK\x03\x04"
# First bytes of what people bring by mistake.
_OTHERS = (
    (b"%PDF", _("This is a PDF, whatever its name. Bring the list itself, as CSV or XLSX.")),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        _("This is an old workbook (.xls) or one with a password. Save it as XLSX without a password, or as CSV."),
    ),
    (b"\x1f\x8b", _("This file is packed (gzip). Unpack it first.")),
    (b"7z\xbc\xaf\x27\x1c", _("This file is packed (7z). Unpack it first.")),
    (b"{\\rtf", _("This is a text document. Bring the list itself, as CSV or XLSX.")),
    (b"\x89PNG", _("This is an image. Bring the list itself, as CSV or XLSX.")),
    (b"\xff\xd8\xff", _("This is an image. Bring the list itself, as CSV or XLSX.")),
    (b"<!doctype html", _("This is a web page. Bring the list itself, as CSV or XLSX.")),
    (b"<html", _("This is a web page. Bring the list itself, as CSV or XLSX.")),
    (b"<?xml", _("This is an XML file. Save it as CSV or XLSX.")),
)


def read(file: BinaryIO, *, encoding: str = "", delimiter: str = "", sheet: str = "") -> Table:
    """The table in `file` (seekable, binary): CSV or XLSX by what it is, not by its name.

    Raises `Unreadable`. Rows are read while they are gone through: keep `file` open until then.
    """
    shape = hashed(file)
    file.seek(0)
    start = file.read(16)
    if start.startswith(_ZIP):
        return xlsx_reading.read(file, shape, sheet=sheet)
    for magic, sentence in _OTHERS:
        if start.lower().startswith(magic.lower()):
            raise Unreadable(sentence)
    return csv_reading.read(file, shape, encoding=encoding, delimiter=delimiter)


def hashed(file: BinaryIO) -> Shape:
    """The size and SHA-256 of a file. Raises `Unreadable` for one that is empty or too large."""
    file.seek(0)
    digest, size = hashlib.sha256(), 0
    while chunk := file.read(MEGABYTE):
        digest.update(chunk)
        size += len(chunk)
        if size > LARGEST_FILE:
            raise Unreadable(_("The file is larger than 200 MB. Divide it over several files."))
    if not size:
        raise Unreadable(_("The file is empty."))
    return Shape(format="", sha256=digest.hexdigest(), size=size)
