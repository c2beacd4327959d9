"""PDF (ISO 32000-2) that runs nothing, fetches nothing, holds no other file, and is no other file besides."""

import io
import re
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from treaties.inspection.found import HEAD, Found, is_archive

# Objects that are looked at.
OBJECTS = 1_000_000
# Bytes at the end in which programs look for the end of a PDF.
_TAIL = 2048
_MARKUP = re.compile(rb"<(?:script|html|iframe|!doctype\s+(?:html|svg)|\?php)[\s>/]", re.IGNORECASE)


def _name(word: str) -> bytes:
    """A name of PDF as a pattern: each character may also stand there as `#` and two digits (ISO 32000-2, 7.3.5)."""
    return b"/" + b"".join(b"(?:%b|#%02x)" % (re.escape(char.encode()), ord(char)) for char in word) + rb"(?![\w#])"


# Also where no table leads to it: readers differ in what they find. Only names too long to be there by chance.
_RAW = (
    (re.compile(_name("JavaScript")), "pdf_script"),
    (re.compile(_name("RichMedia")), "pdf_script"),
    (re.compile(_name("Launch")), "pdf_action"),
    (re.compile(_name("EmbeddedFile") + b"|" + _name("EmbeddedFiles")), "pdf_attachment"),
)
_KEYS = {
    "/JS": "pdf_script", "/JavaScript": "pdf_script", "/XFA": "pdf_xfa", "/EmbeddedFiles": "pdf_attachment",
    "/EF": "pdf_attachment", "/RichMediaContent": "pdf_script",
}  # fmt: skip
_ACTIONS = {
    "/JavaScript": "pdf_script", "/Rendition": "pdf_script", "/RichMediaExecute": "pdf_script", "/Launch": "pdf_action",
    "/SubmitForm": "pdf_action", "/ImportData": "pdf_action", "/GoToE": "pdf_action", "/Movie": "pdf_script",
    "/Sound": "pdf_script",
}  # fmt: skip
_SUBTYPES = {
    "/RichMedia": "pdf_script", "/3D": "pdf_script", "/Movie": "pdf_script", "/Sound": "pdf_script",
    "/Screen": "pdf_script", "/FileAttachment": "pdf_attachment",
}  # fmt: skip
_NETWORK = re.compile(r"^\s*(?:\\\\|//|[a-z][a-z0-9+.-]+:/)", re.IGNORECASE)


def judge(content: bytes) -> None:
    """Raises `Found`."""
    if not re.match(rb"%PDF-(?:1\.[0-7]|2\.0)\s", content):
        raise Found("file_two_kinds" if b"%PDF-" in content[:HEAD] else "file_content")
    _pdf_end(content)
    if is_archive(content):
        raise Found("file_two_kinds")
    if _MARKUP.search(content):
        raise Found("file_markup")
    for pattern, code in _RAW:
        if pattern.search(content):
            raise Found(code)
    reader = PdfReader(io.BytesIO(content))
    if reader.is_encrypted:
        raise Found("file_encrypted")
    if not len(reader.pages):
        raise Found("file_damaged")
    for one in _objects(reader):
        _pdf_object(one)


def _pdf_end(content: bytes) -> None:
    """Nothing but white space after the end: what stands there is another file. No end: it was cut off."""
    if content[-_TAIL:].rstrip(b"\x00 \t\r\n").endswith(b"%%EOF"):
        return
    raise Found("file_two_kinds" if b"%%EOF" in content and b"startxref" in content else "file_cut_off")


def _objects(reader: PdfReader) -> Iterator[DictionaryObject]:
    """Every dictionary that can be reached from the trailer, each once; without recursion, whatever the depth."""
    seen, todo = set[tuple[int, int]](), [reader.trailer]
    left = OBJECTS
    while todo:
        one: Any = todo.pop()
        if isinstance(one, IndirectObject):
            if (one.idnum, one.generation) in seen:
                continue
            seen.add((one.idnum, one.generation))
            one = one.get_object()
        left -= 1
        if left < 0:
            raise Found("file_too_complex")
        if isinstance(one, DictionaryObject):
            yield one
            todo += [one.raw_get(key) for key in one]
        elif isinstance(one, ArrayObject):
            todo += list(one)


def _pdf_object(one: DictionaryObject) -> None:
    for key, code in _KEYS.items():
        if key in one:
            raise Found(code)
    # In a form `/S` and `/Subtype` may be anything else; a value of another kind equals none of these.
    if found := _ACTIONS.get(str(one.get("/S"))) or _SUBTYPES.get(str(one.get("/Subtype"))):
        raise Found(found)
    if str(one.get("/S")) == "/GoToR" and _leads_out(one.get("/F")):
        raise Found("pdf_action")


def _leads_out(place: Any) -> bool:
    """Whether a file is looked for on the network as soon as it is opened."""
    if isinstance(place, DictionaryObject):
        return any(_leads_out(place.get(key)) for key in ("/F", "/UF"))
    return bool(_NETWORK.match(str(place or "")))
