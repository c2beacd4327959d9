"""One file: what it is, and whether it is let through."""

import io
import re
import zipfile
from collections.abc import Callable

from treaties.inspection import documents, pdf
from treaties.inspection.found import HEAD, TEST_VIRUS, Found

# First bytes of what is something else, whatever its name.
_KINDS = (
    (b"MZ", "file_program"), (b"\x7fELF", "file_program"), (b"#!", "file_program"),
    (b"\xca\xfe\xba\xbe", "file_program"),
    (b"\xcf\xfa\xed\xfe", "file_program"), (b"\xd0\xcf\x11\xe0", "file_old_office"), (b"{\\rtf", "file_rtf"),
    (b"GIF8", "file_image"), (b"\x89PNG", "file_image"), (b"\xff\xd8\xff", "file_image"), (b"II*\x00", "file_image"),
    (b"MM\x00*", "file_image"), (b"Rar!", "file_archive"), (b"7z\xbc\xaf", "file_archive"),
    (b"\x1f\x8b", "file_archive"),
)  # fmt: skip
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_MARKUP_TEXT = re.compile(rb"<(?:script|html|iframe|svg|object|embed|body|!doctype|\?xml|\?php)[\s>/]", re.IGNORECASE)


class OutOfTime(BaseException):
    """The processor time is used up; not an `Exception`, which a library could take for a fault in the file."""


def judge(suffix: str, content: bytes) -> str:
    """`ok`, or why a file with this suffix is not taken."""
    try:
        _judge(suffix, content)
    except Found as found:
        return str(found)
    except (OutOfTime, MemoryError):
        return "file_too_complex"
    except Exception:  # noqa: BLE001 (libraries raise anything on a file made to break them: that is the answer)
        return "file_damaged"
    return "ok"


def _judge(suffix: str, content: bytes) -> None:
    if TEST_VIRUS in content[:4096]:
        raise Found("file_test_virus")
    for magic, code in _KINDS:
        if content.startswith(magic):
            raise Found(code)
    if suffix != ".pdf" and b"%PDF-" in content[:HEAD]:
        raise Found("file_content" if content.startswith(b"%PDF-") else "file_two_kinds")
    _JUDGES[suffix](content)


def _txt(content: bytes) -> None:
    if content.startswith(_UTF16):
        raise Found("file_not_utf8")
    if zipfile.is_zipfile(io.BytesIO(content)):
        raise Found("file_content" if content.startswith(b"PK") else "file_two_kinds")
    if b"\x00" in content:
        raise Found("file_content")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Found("file_not_utf8") from None
    if re.search("[\x01-\x08\x0b\x0e-\x1a\x1c-\x1f\x1b\x7f]", text):
        raise Found("file_control_characters")
    if _MARKUP_TEXT.search(content):
        raise Found("file_markup")


_JUDGES: dict[str, Callable[[bytes], None]] = {
    ".pdf": pdf.judge,
    ".docx": documents.docx,
    ".odt": documents.odt,
    ".txt": _txt,
}
