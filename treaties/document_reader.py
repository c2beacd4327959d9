"""Reads the text of one file, in a process of its own that has little of everything: whatever is in the file, nothing
but this process suffers from it.

    python -I document_reader.py MEDIA_TYPE < file > answer

The answer is JSON: `status`, a code of `treaties.choices.TextStatus`, and `text`, at most `LIMIT` characters. Neither
Django nor the register is known here: no settings, no database, no secrets.
"""

import contextlib
import io
import json
import resource
import signal
import sys
import zipfile
from collections.abc import Callable, Iterator

import docx
from defusedxml import ElementTree
from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml
from docx.oxml.xmlchemy import BaseOxmlElement
from pypdf import PdfReader
from pypdf.errors import LimitReachedError

# Characters that are read of one file: some seventy pages; nobody looks further into a text by its words.
LIMIT = 200_000
# Seconds of work, bytes of memory, bytes of the answer.
CPU, MEMORY, ANSWER = 20, 1024**3, 2 * 1024**2
# Of an archive: what it unpacks to, and how many files are in it.
UNPACKED, ENTRIES = 100 * 1024**2, 5_000
_PDF = "application/pdf"
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_ODT = "application/vnd.oasis.opendocument.text"
# An Office file with a password is not an archive but one of these.
_OLE = b"\xd0\xcf\x11\xe0"
# Where the notes of a DOCX stand; its headers and footers say the same on each page.
_NOTES = ("/word/footnotes.xml", "/word/endnotes.xml")
_BREAKS = {qn("w:p"): "\n", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:tab"): " "}
_ODT_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_ODT_PARAGRAPHS = (f"{_ODT_TEXT}p", f"{_ODT_TEXT}h")
_ODT_SPACES = (f"{_ODT_TEXT}s", f"{_ODT_TEXT}tab", f"{_ODT_TEXT}line-break")


class _OutOfTime(BaseException):
    """The processor time is used up; not an `Exception`, which a library could take for a fault in the file."""


class _Encrypted(Exception):
    pass


class _TooLarge(Exception):
    pass


class _Damaged(Exception):
    pass


def read(media_type: str, content: bytes) -> tuple[str, str]:
    """Status and text of `content`; what could be read of it also where the status says that not all could."""
    if media_type not in _READERS:
        return "unknown_kind", ""
    parts: list[str] = []
    status = "read"
    try:
        _collect(_READERS[media_type](content), parts)
    except _OutOfTime:
        status = "timed_out"
    except _Encrypted:
        status = "encrypted"
    except (_TooLarge, LimitReachedError, MemoryError):
        status = "too_large"
    except Exception:  # noqa: BLE001 (libraries raise anything on a file made to break them: that is the answer)
        status = "damaged"
    text = "".join(parts)[:LIMIT]
    return ("no_text" if status == "read" and not text.strip() else status), text


def _collect(found: Iterator[str], parts: list[str]) -> None:
    length = 0
    for part in found:
        parts.append(part)
        length += len(part)
        if length >= LIMIT:
            return


def _pdf(content: bytes) -> Iterator[str]:
    """Page by page. A page that cannot be read is passed over, and the whole then counts as damaged."""
    reader = PdfReader(io.BytesIO(content))
    # Many files have a password for changing them only: they open with none.
    if reader.is_encrypted and not _opens(reader):
        raise _Encrypted
    failed = False
    for number in range(len(reader.pages)):
        try:
            yield reader.pages[number].extract_text() + "\n"
        except (MemoryError, LimitReachedError):
            raise
        except Exception:  # noqa: BLE001 (see `read`)
            failed = True
    if failed:
        raise _Damaged


def _opens(reader: PdfReader) -> bool:
    try:
        return bool(reader.decrypt(""))
    except Exception:  # noqa: BLE001 (an unknown method, or one whose library is not here: it stays closed)
        return False


def _docx(content: bytes) -> Iterator[str]:
    """Everything written in the body, tables, frames and insertions included, then the notes."""
    _check_archive(content)
    document = docx.Document(io.BytesIO(content))
    yield from _runs(document.element.body)
    for part in document.part.package.iter_parts():
        if part.partname in _NOTES:
            yield from _runs(parse_xml(part.blob))


def _runs(root: BaseOxmlElement) -> Iterator[str]:
    for element in root.iter():
        if element.tag == qn("w:t"):
            yield element.text or ""
        elif element.tag in _BREAKS:
            yield _BREAKS[element.tag]


def _odt(content: bytes) -> Iterator[str]:
    """Paragraphs, headings and notes, each as it ends; defusedxml refuses entities."""
    with _check_archive(content).open("content.xml") as file:
        for event, element in ElementTree.iterparse(file, events=("start", "end"), forbid_dtd=True):
            if event == "start" and element.tag in _ODT_SPACES:
                element.text = " "
            elif event == "end" and element.tag in _ODT_PARAGRAPHS:
                yield "".join(element.itertext()) + "\n"
                element.clear()


def _check_archive(content: bytes) -> zipfile.ZipFile:
    """The archive, unless it unpacks to too much (`zipfile` never gives more than the directory says) or is locked."""
    if content.startswith(_OLE):
        raise _Encrypted
    archive = zipfile.ZipFile(io.BytesIO(content))
    entries = archive.infolist()
    if len(entries) > ENTRIES or sum(entry.file_size for entry in entries) > UNPACKED:
        raise _TooLarge
    if any(entry.flag_bits & 1 for entry in entries):
        raise _Encrypted
    return archive


def _txt(content: bytes) -> Iterator[str]:
    yield content.decode("utf-8-sig")


_READERS: dict[str, Callable[[bytes], Iterator[str]]] = {_PDF: _pdf, _DOCX: _docx, _ODT: _odt, "text/plain": _txt}


def _be_modest() -> None:
    """Limits that the kernel holds. At the first limit of time what was read is still told; the second is the end."""

    def stop(_signal: int, _frame: object) -> None:
        raise _OutOfTime

    signal.signal(signal.SIGXCPU, stop)
    limits = {
        resource.RLIMIT_CPU: (CPU, CPU + 5),
        resource.RLIMIT_AS: (MEMORY, MEMORY),
        resource.RLIMIT_FSIZE: (ANSWER, ANSWER),
        resource.RLIMIT_CORE: (0, 0),
    }
    for name, limit in limits.items():
        # Not every system knows every limit; the wall clock of who started this holds everywhere.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(name, limit)


def main() -> None:
    _be_modest()
    status, text = read(sys.argv[1], sys.stdin.buffer.read())
    # Half a character, as a hostile file may hold, is no UTF-8.
    sys.stdout.buffer.write(json.dumps({"status": status, "text": text}).encode())


if __name__ == "__main__":
    main()
