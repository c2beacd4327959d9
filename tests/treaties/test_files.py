import io
import zipfile
from contextlib import suppress

import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from audit.refusals import Refused
from tests.factories import PDF
from treaties.files import checked

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT = "application/vnd.oasis.opendocument.text"


def zipped(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return buffer.getvalue()


WORD, WRITER = zipped("[Content_Types].xml", "word/document.xml"), zipped("mimetype", "content.xml")


def refusal(filename: str, content: bytes) -> str:
    with pytest.raises(Refused) as refused:
        checked(filename, content)
    return refused.value.blockers[0].code


@pytest.mark.parametrize(
    ("filename", "content", "media_type"),
    [
        ("verdrag.pdf", PDF, "application/pdf"),
        ("VERDRAG.PDF", PDF, "application/pdf"),
        ("a.b.pdf", PDF, "application/pdf"),
        ("brief.docx", WORD, DOCX),
        ("brief.odt", WRITER, ODT),
        ("nota.txt", "één België".encode(), "text/plain"),
    ],
)
def test_text_documents_are_taken(filename: str, content: bytes, media_type: str) -> None:
    assert checked(filename, content) == media_type


@pytest.mark.parametrize(
    "filename",
    [
        "a.exe",
        "a.html",
        "a.svg",
        "a.js",
        "a.docm",
        "a.doc",
        "a.zip",
        "a.xlsx",
        "a.xml",
        "pdf",
        ".pdf",
        "",
        "a.pdf.exe",
        "a.pdf ",
    ],
)
def test_other_kinds_are_refused_by_name(filename: str) -> None:
    assert refusal(filename, PDF) == "file_type"


@pytest.mark.parametrize(
    ("filename", "content"),
    [
        ("a.pdf", b"MZ\x90\x00"),
        ("a.pdf", b"<html><script>alert(1)</script>"),
        ("a.pdf", b" %PDF-1.4"),
        ("a.pdf", WORD),
        ("a.docx", PDF),
        ("a.docx", WRITER),
        ("a.docx", zipped("xl/workbook.xml")),
        ("a.docx", b"PK\x03\x04 not a zip"),
        ("a.docx", WORD[: len(WORD) // 2]),
        ("a.odt", WORD),
        ("a.txt", b"a\x00b"),
        ("a.txt", b"\xff\xfeb\x00"),
        ("a.txt", "België".encode("latin-1")),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused(filename: str, content: bytes) -> None:
    assert refusal(filename, content) == "file_content"


def test_an_empty_file_is_refused() -> None:
    assert refusal("a.pdf", b"") == "file_empty"


@override_settings(DOCUMENT_MAX_BYTES=1024**2)
def test_a_file_may_be_as_large_as_the_limit_and_no_larger() -> None:
    limit = 1024**2
    assert checked("a.pdf", PDF.ljust(limit)) == "application/pdf"
    with pytest.raises(Refused, match="file_size") as refused:
        checked("a.pdf", PDF.ljust(limit + 1))
    assert "1 MB" in str(refused.value.blockers[0].sentence)


def test_a_word_file_with_macros_is_refused_whatever_its_name() -> None:
    assert refusal("a.docx", zipped("word/document.xml", "word/vbaProject.bin")) == "file_content"


@given(st.integers(0, len(WORD) - 1), st.integers(0, 255), st.sampled_from([".docx", ".odt"]))
def test_a_damaged_archive_is_taken_or_refused_but_never_an_error(place: int, byte: int, suffix: str) -> None:
    content = WORD[:place] + bytes([byte]) + WORD[place + 1 :]
    with suppress(Refused):
        assert checked(f"a{suffix}", content)


@given(st.binary(min_size=1, max_size=200), st.sampled_from([".pdf", ".docx", ".odt", ".txt"]))
def test_any_bytes_are_taken_or_refused(content: bytes, suffix: str) -> None:
    with suppress(Refused):
        assert checked(f"a{suffix}", content)
