"""Documents are found by their title and their text, the public ones of the version in force and no others."""

import hashlib
import io
import zipfile
from collections.abc import Callable
from dataclasses import fields
from io import StringIO
from pathlib import Path
from typing import Any

import docx
import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connection
from django.http import QueryDict
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, StreamObject

from accounts.models import User
from tests.factories import version
from treaties import (
    actions,
    document_reader,
    document_reading,
    document_text,
    inspecting,
    processes,
    queries,
    search,
    search_bulk,
)
from treaties.actions.documents import DocumentEntry
from treaties.choices import Access, DocumentKind, Language, TextStatus
from treaties.models import Document, DocumentText, SearchDocument, Treaty

Make = Callable[..., Treaty]
PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT = "application/vnd.oasis.opendocument.text"
ODT_XML = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:text>'
    "<text:h>Artikel 1</text:h><text:p>De baggerwerken<text:tab/>worden<text:line-break/>gedeeld"
    "<text:note><text:note-body><text:p>voetnoot</text:p></text:note-body></text:note> betaald.</text:p>"
    "</office:text></office:body></office:document-content>"
)


# --- Files ---------------------------------------------------------------------------------------------


def a_pdf(*pages: str, password: str | None = None, owner: str | None = None) -> bytes:
    """A real PDF, one line of text on each page."""
    writer = PdfWriter()
    for words in pages:
        _page(writer, words)
    if password is not None:
        writer.encrypt(password, owner, algorithm="RC4-128")
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def _page(writer: PdfWriter, words: str) -> None:
    page = writer.add_blank_page(595, 842)
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
            NameObject("/Encoding"): NameObject("/WinAnsiEncoding"),
        }
    )
    page[NameObject("/Resources")] = DictionaryObject(
        {NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})}
    )
    content = StreamObject()
    content.set_data(f"BT /F1 12 Tf 50 700 Td ({words}) Tj ET".encode("cp1252"))
    page[NameObject("/Contents")] = writer._add_object(content)


def a_docx(*paragraphs: str, cells: tuple[str, ...] = ()) -> bytes:
    document = docx.Document()
    for words in paragraphs:
        document.add_paragraph(words)
    if cells:
        table = document.add_table(rows=1, cols=len(cells))
        for cell, words in zip(table.rows[0].cells, cells, strict=True):
            cell.text = words
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def replaced(content: bytes, name: str, part: str) -> bytes:
    """The archive with other text in one of its files."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, part if entry.filename == name else old.read(entry))
    return file.getvalue()


def an_odt(xml: str = ODT_XML) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("content.xml", xml)
    return file.getvalue()


def _body(text: str, before: str = "") -> str:
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    return (
        f'{before}<w:document xmlns:w="{space}"><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>'
    )


def _laughs(text: str = "&lol9;") -> str:
    rows = "".join(f'<!ENTITY lol{n} "{f"&lol{n - 1};" * 10}">' for n in range(1, 10))
    return _body(text, f'<!DOCTYPE x [<!ENTITY lol0 "lol">{rows}]>')


def _bomb() -> bytes:
    """An archive of half a megabyte that unpacks to half a gigabyte."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("word/document.xml", "w") as entry:
        for _ in range(512):
            entry.write(b" " * 1024**2)
    return file.getvalue()


def _looping_pdf() -> bytes:
    """The pages of this one hold themselves."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [2 0 R 3 0 R] /Count 2 >>",
        b"<< /Type /Pages /Parent 2 0 R /Kids [2 0 R] /Count 1 >>",
    ]
    file = b"%PDF-1.4\n"
    places = []
    for number, one in enumerate(objects, start=1):
        places.append(len(file))
        file += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    start = len(file)
    file += b"xref\n0 4\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    return file + b"trailer << /Size 4 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start


def _inflating_pdf() -> bytes:
    """A page whose content unpacks to three hundred megabytes."""
    writer = PdfWriter()
    _page(writer, "x")
    content = StreamObject()
    content.set_data(b"q Q " * (75 * 1024**2))
    packed = content.flate_encode()
    writer.pages[0][NameObject("/Contents")] = writer._add_object(packed)
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


# --- Reading -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("media_type", "content", "text"),
    [
        (PDF, a_pdf("De baggerwerken", "worden gedeeld"), "De baggerwerken\nworden gedeeld"),
        (DOCX, a_docx("De baggerwerken", cells=("links", "rechts")), "De baggerwerken\nlinks\nrechts"),
        (ODT, an_odt(), "Artikel 1\nvoetnoot\nDe baggerwerken worden gedeeld betaald."),
        ("text/plain", "\ufeffDe Schelde\r\n\r\nen  de Maas".encode(), "De Schelde\nen de Maas"),
    ],
)
def test_the_text_of_a_file_is_read(media_type: str, content: bytes, text: str) -> None:
    reading = document_reading.read_bytes(media_type, content)
    assert (reading.status, document_reading.tidy(reading.text)) == (TextStatus.READ, text)


def test_notes_and_insertions_of_a_docx_are_read() -> None:
    inserted = _body("x").replace("<w:p>", "<w:p><w:ins><w:r><w:t>ingevoegd </w:t></w:r></w:ins>")
    reading = document_reading.read_bytes(DOCX, replaced(a_docx(), "word/document.xml", inserted))
    assert document_reading.tidy(reading.text) == "ingevoegd x"


def test_a_pdf_that_only_asks_a_password_to_be_changed_is_read() -> None:
    reading = document_reading.read_bytes(PDF, a_pdf("De baggerwerken", password="", owner="geheim"))
    assert (reading.status, reading.text.strip()) == (TextStatus.READ, "De baggerwerken")


HOSTILE: dict[str, tuple[str, Callable[[], bytes], set[str]]] = {
    "nothing": (PDF, lambda: b"", {"damaged"}),
    "no bytes of a docx": (DOCX, lambda: b"", {"damaged"}),
    "only the first bytes": (PDF, lambda: b"%PDF-1.7\n", {"damaged"}),
    "cut off": (PDF, lambda: a_pdf("De baggerwerken")[:300], {"damaged", "no_text"}),
    "cut off docx": (DOCX, lambda: a_docx("De baggerwerken")[:3_000], {"damaged"}),
    "noise": (PDF, lambda: b"%PDF-1.4\n" + hashlib.sha512(b"x").digest() * 999, {"damaged"}),
    "a picture": (PDF, lambda: a_pdf(""), {"no_text"}),
    "with a password": (PDF, lambda: a_pdf("geheim", password="geheim"), {"encrypted"}),
    "docx with a password": (DOCX, lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, {"encrypted"}),
    "pages in a ring": (PDF, _looping_pdf, {"damaged", "no_text"}),
    "a page that swells": (PDF, _inflating_pdf, {"too_large", "timed_out", "damaged"}),
    "an archive that swells": (DOCX, _bomb, {"too_large"}),
    "a swelling odt": (ODT, _bomb, {"too_large"}),
    "entities in an odt": (ODT, lambda: an_odt(_laughs()), {"damaged"}),
    "latin text": ("text/plain", lambda: "é".encode("latin-1"), {"damaged"}),
    "an image": ("image/png", lambda: b"\x89PNG", {"unknown_kind"}),
    "a type with a NUL": ("a\x00b", lambda: b"", {"unknown_kind"}),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_whatever_is_in_a_file_the_outcome_is_a_status(name: str) -> None:
    media_type, make, statuses = HOSTILE[name]
    assert str(document_reading.read_bytes(media_type, make()).status) in statuses


def test_entities_of_a_docx_are_not_filled_in(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("SECRET")
    outside = _body("&x;", f'<!DOCTYPE x [<!ENTITY x SYSTEM "file://{tmp_path}/secret">]>')
    for xml in (_laughs(), outside):
        reading = document_reading.read_bytes(DOCX, replaced(a_docx(), "word/document.xml", xml))
        assert reading.text.strip() == ""
        assert reading.status in (TextStatus.NO_TEXT, TextStatus.DAMAGED)


def test_of_ten_thousand_pages_the_first_are_read() -> None:
    writer = PdfWriter()
    _page(writer, "Het verdrag van de duizend bladzijden " * 10)
    for _ in range(9_999):
        writer.add_page(writer.pages[0])
    file = io.BytesIO()
    writer.write(file)
    assert len(PdfReader(file).pages) == 10_000
    reading = document_reading.read_bytes(PDF, file.getvalue())
    assert (reading.status, len(reading.text)) == (TextStatus.READ, document_reader.LIMIT)


def test_a_process_that_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "sleeps.py"
    program.write_text("import time; time.sleep(60)")
    monkeypatch.setattr(document_reading, "_PROGRAM", program)
    monkeypatch.setattr(document_reading, "WALL", 0.5)
    assert document_reading.read_bytes(PDF, b"").status == TextStatus.TIMED_OUT
    for line, status in {
        "import os, signal; os.kill(os.getpid(), signal.SIGXCPU)": TextStatus.TIMED_OUT,
        "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)": TextStatus.DAMAGED,
        "print('x' * 10)": TextStatus.DAMAGED,
        "print('[' * 100000)": TextStatus.DAMAGED,
        """print('{"status": "fine", "text": ""}')""": TextStatus.DAMAGED,
        """print('{"status": "read"}')""": TextStatus.DAMAGED,
        "print(1)": TextStatus.DAMAGED,
    }.items():
        program.write_text(line)
        monkeypatch.setattr(document_reading, "WALL", 30)
        assert document_reading.read_bytes(PDF, b"").status == status, line


@pytest.mark.parametrize(
    ("line", "outcome"),
    [
        ("while True: pass", (TextStatus.TIMED_OUT, "begin")),
        ("bytearray(8 * 1024**3)", (TextStatus.TOO_LARGE, "begin")),
        ("open(sys.argv[0] + '.out', 'wb').write(bytes(9 * 1024**2))", (TextStatus.DAMAGED, "begin")),
        ("sys.setrecursionlimit(10**4); f = lambda: f(); f()", (TextStatus.DAMAGED, "begin")),
    ],
)
def test_a_file_gets_a_little_time_and_memory_and_what_was_read_is_kept(
    line: str, outcome: tuple[TextStatus, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A library that does not end, or takes all there is, in the place of the one that reads PDF."""
    program = tmp_path / "reads.py"
    folder = Path(document_reader.__file__).parent
    program.write_text(
        f"import sys; sys.path.append({str(folder)!r}); import document_reader as reader\n"
        f"def hostile(content):\n    yield 'begin'\n    {line}\n"
        f"reader.CPU = 1; reader._READERS[{PDF!r}] = hostile; reader.main()\n"
    )
    monkeypatch.setattr(document_reading, "_PROGRAM", program)
    reading = document_reading.read_bytes(PDF, b"")
    assert (reading.status, reading.text) == outcome


def test_the_process_is_told_no_secrets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "tells.py"
    program.write_text("import json, os; print(json.dumps({'status': 'read', 'text': ' '.join(os.environ)}))")
    monkeypatch.setattr(document_reading, "_PROGRAM", program)
    monkeypatch.setenv("SECRET_KEY", "secret")
    assert set(document_reading.read_bytes(PDF, b"").text.split()) <= {"LC_CTYPE"}


def test_the_reader_knows_the_statuses_of_the_register() -> None:
    program = Path(document_reader.__file__).read_text(encoding="utf-8")
    assert all(f'"{status}"' in program for status in TextStatus if status != TextStatus.MISSING)
    assert document_reader.LIMIT == document_reading.LIMIT


@given(st.text())
def test_a_tidy_text_can_be_kept_and_stays_as_it_is(text: str) -> None:
    tidy = document_reading.tidy(text)
    assert document_reading.tidy(tidy) == tidy
    assert not set(tidy) & {"\x00", "\r", "\ue000", "\ue001"}
    tidy.encode()


def test_what_the_page_broke_is_mended() -> None:
    assert document_reading.tidy("de o\ufb03ciële samen-\nwerking van Noord-\nBrabant en \ud800x\x00") == (
        "de officiële samenwerking van Noord-\nBrabant en x"
    )


# --- In the search -------------------------------------------------------------------------------------


def found(words: str) -> list[str]:
    """References of what anybody finds."""
    asked = QueryDict(mutable=True)
    asked["q"] = words
    return [row.treaty.reference for row in queries.in_order(queries.found(AnonymousUser(), asked))]


def read(*arguments: str) -> str:
    out = StringIO()
    call_command("read_documents", *arguments, stdout=out)
    return out.getvalue().strip()


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path) -> Any:
    with override_settings(VAR_DIR=tmp_path):
        yield


Add = Callable[..., Document]


@pytest.fixture
def add(reviewer: User) -> Add:
    def make(treaty: Treaty, text: str | bytes = "De baggerwerken op de Westerschelde", **kw: Any) -> Document:
        values: dict[str, Any] = {
            "kind": DocumentKind.TREATY_TEXT,
            "language": Language.NL,
            "title": "Geconsolideerde tekst",
            "filename": "tekst.pdf",
            "access": Access.PUBLIC,
        }
        content = a_pdf(text) if isinstance(text, str) else text
        # Of a public record: everybody sees it at once.
        return actions.add_document(actor=reviewer, treaty=treaty, content=content, reason="x", **(values | kw))

    return make


def say(actor: User, document: Document, **kw: Any) -> None:
    values = {one.name: getattr(document, one.name) for one in fields(DocumentEntry) if one.name != "gone"}
    entry = DocumentEntry(**(values | kw))
    actions.describe_document(actor=actor, document=document, entry=entry, version=version(document.treaty), reason="x")


def checked() -> None:
    """Every search document is what the record gives, made one by one and many at once."""
    call_command("rebuild_search", "--check", stdout=StringIO())
    before = list(SearchDocument.objects.order_by("pk").values_list("pk", "words"))
    search_bulk.refresh_many([pk for pk, _words in before])
    assert list(SearchDocument.objects.order_by("pk").values_list("pk", "words")) == before


@pytest.mark.django_db
class TestFound:
    def test_by_a_word_that_stands_only_in_the_text(self, make_treaty: Make, add: Add) -> None:
        treaty = make_treaty()
        add(treaty)
        assert found("geconsolideerde") == [treaty.reference]
        assert found("baggerwerken") == []
        assert read() == "1 documents read"
        assert found("baggerwerken") == found("baggerwerk") == found('"op de westerschelde"') == [treaty.reference]
        checked()

    def test_a_row_says_that_the_title_of_a_document_has_the_word(self, make_treaty: Make, add: Add) -> None:
        add(make_treaty())
        documents = queries.in_order(queries.found(AnonymousUser(), QueryDict("q=geconsolideerde")))
        (row,) = queries.rows(documents, "geconsolideerde")
        assert [reason.text for reason in row.reasons] == ["Geconsolideerde tekst"]

    def test_a_second_run_does_nothing(self, make_treaty: Make, add: Add) -> None:
        add(make_treaty())
        read()
        kept = DocumentText.objects.get()
        assert (kept.status, kept.text) == ("read", "De baggerwerken op de Westerschelde")
        assert read() == "0 documents read"
        assert DocumentText.objects.get().read_at == kept.read_at

    def test_an_edit_keeps_the_words(self, make_treaty: Make, add: Add, staff: User) -> None:
        treaty = make_treaty()
        add(treaty)
        read()
        before = SearchDocument.objects.get(pk=treaty.pk).changed_at
        search.refresh(treaty)
        assert SearchDocument.objects.get(pk=treaty.pk).changed_at == before
        add(treaty, "Bijlage over vissers", kind=DocumentKind.OTHER)
        assert found("baggerwerken") == [treaty.reference]
        checked()

    def test_an_internal_document_is_never_read_nor_found(self, make_treaty: Make, add: Add, reviewer: User) -> None:
        treaty = make_treaty()
        document = add(treaty, access=Access.GOVERNMENT)
        assert read() == "0 documents read"
        assert found("geconsolideerde") == found("baggerwerken") == []
        say(reviewer, document, access=Access.PUBLIC)
        read()
        assert found("baggerwerken") == [treaty.reference]
        say(reviewer, Document.objects.get(), access=Access.GOVERNMENT)
        assert found("geconsolideerde") == found("baggerwerken") == []
        checked()

    def test_a_text_of_an_internal_treaty_is_not_found_by_the_public(self, make_treaty: Make, add: Add) -> None:
        add(make_treaty(access=Access.GOVERNMENT))
        read()
        assert found("baggerwerken") == []
        checked()

    def test_a_superseded_version_is_not_found(self, make_treaty: Make, add: Add, staff: User, reviewer: User) -> None:
        treaty = make_treaty()
        first = add(treaty)
        second = add(treaty, "Alleen loodsen", title="Nieuwe tekst", access=Access.GOVERNMENT)
        third = add(treaty, "Alleen vissers", title="Laatste tekst", access=Access.GOVERNMENT)
        read()
        say(staff, second, replaces=first)
        say(staff, third, replaces=second)
        assert found("baggerwerken") == [treaty.reference]  # what came after is not public yet
        say(reviewer, Document.objects.get(pk=third.pk), access=Access.PUBLIC)
        assert found("baggerwerken") == found("geconsolideerde") == []
        read()
        assert found("vissers") == [treaty.reference]
        checked()

    def test_a_corrected_language_is_searched_as_such(self, make_treaty: Make, add: Add, staff: User) -> None:
        treaty = make_treaty()
        document = add(treaty, "Fishing vessels were inspected")
        read()
        say(staff, document, language=Language.EN)
        assert found("inspecting") == [treaty.reference]
        checked()
        assert read() == "1 documents read"
        assert DocumentText.objects.get().config == "treaty_en"
        checked()

    def test_title_weighs_more_than_text_and_a_title_of_the_treaty_most(self, make_treaty: Make, add: Add) -> None:
        by_text, by_paper, by_title = make_treaty(), make_treaty(), make_treaty(title="Akkoord over vissers")
        add(by_text, "De vissers")
        add(by_paper, "x", title="Tekst over vissers")
        read()
        assert found("vissers") == [by_title.reference, by_paper.reference, by_text.reference]

    def test_what_cannot_be_read_is_said_and_tried_again_when_asked(
        self, make_treaty: Make, add: Add, settings: Any
    ) -> None:
        treaty = make_treaty()
        document = add(treaty)
        name = document.file.name
        with document.file.open("rb") as file:
            content = file.read()
        document.file.storage.delete(name)
        read()
        assert DocumentText.objects.get().status == "missing"
        document.file.storage.save(name, ContentFile(b"%PDF-other bytes"))
        assert read() == "0 documents read"
        assert read("--again") == "1 documents read"
        assert DocumentText.objects.get().status == "damaged"
        document.file.storage.delete(name)
        document.file.storage.save(name, ContentFile(content))
        settings.DOCUMENT_MAX_BYTES = 10
        read("--again")
        assert DocumentText.objects.get().status == "too_large"
        del settings.DOCUMENT_MAX_BYTES
        settings.DOCUMENT_MAX_BYTES = 25 * 1024**2
        read("--again")
        assert found("baggerwerken") == [treaty.reference]
        checked()

    def test_a_hostile_file_is_kept_with_its_status(
        self, make_treaty: Make, add: Add, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """As it may be on file since before files were judged when they came."""
        treaty = make_treaty()
        monkeypatch.setattr(inspecting, "judged", lambda _suffix, _content: "ok")
        add(treaty, b"%PDF-1.7\n")
        add(treaty, a_pdf("geheim", password="geheim"))
        add(treaty)
        assert read() == "3 documents read"
        statuses = DocumentText.objects.order_by("pk").values_list("status", flat=True)
        assert list(statuses) == ["damaged", "encrypted", "read"]

    def test_a_text_of_only_different_words_is_indexed_as_far_as_fits(self, make_treaty: Make, add: Add) -> None:
        treaty = make_treaty()
        for n in range(4):
            words = " ".join(f"{n}a{m}-b{m}.be/c{m * 7919}" for m in range(20_000))
            add(treaty, words.encode(), filename="x.txt")
        read()
        kept = list(DocumentText.objects.all())
        assert all(0 < one.size <= document_text.WORDS_LIMIT for one in kept)
        assert all(one.indexed < len(one.text) <= document_reading.LIMIT for one in kept)
        assert len(document_text.parameters(search._whole().get(pk=treaty.pk))) < 4
        checked()

    def test_nobody_reads_twice_at_once(self, make_treaty: Make, add: Add) -> None:
        add(make_treaty())
        with processes.locked(document_reading._lock()):
            assert read() == "another process is reading documents"
            assert document_reading.start() is False
        assert read() == "1 documents read"
        assert document_reading.start() is False  # nothing waits

    def test_it_is_asked_for_when_a_document_is_added(
        self, make_treaty: Make, add: Add, settings: Any, django_capture_on_commit_callbacks: Any
    ) -> None:
        treaty = make_treaty()
        settings.READ_DOCUMENTS = True
        with django_capture_on_commit_callbacks() as asked:
            document = add(treaty)
        assert asked == [document_reading.start]
        with django_capture_on_commit_callbacks() as asked, search.refreshed_at_the_end():
            add(treaty, "anders")
        assert asked == []
        assert document.treaty == treaty


@pytest.mark.django_db
class TestFragments:
    def of(self, words: str) -> dict[int, tuple[str, str]]:
        treaties = Treaty.objects.prefetch_related("documents")
        with CaptureQueriesContext(
            connection,
        ) as done:
            listed = list(treaties)
            before = len(done)
            found = document_text.fragments(listed, document_text.any_of([words]), words)
            assert len(done) - before <= 1
        return {key: (document.title, text) for key, (document, text) in found.items()}

    def test_the_hit_is_marked_and_all_else_is_text(self, make_treaty: Make, add: Add) -> None:
        treaty = make_treaty()
        add(treaty, 'Wie < 3 uur vist & \ue000"vaart" betaalt'.encode(), filename="x.txt", title="A")
        add(treaty, b"Ook hier vist men", filename="x.txt", title="B")
        make_treaty()
        read()
        title, text = self.of("vist")[treaty.pk]
        assert title == "A"
        assert text == "Wie &lt; 3 uur <mark>vist</mark> &amp; &quot;vaart&quot; betaalt"
        assert self.of("baggeren") == {}

    def test_far_in_a_long_text(self, make_treaty: Make, add: Add) -> None:
        treaty = make_treaty()
        add(treaty, ("Lorem ipsum. " * 5_000 + "De Baggerwerken beginnen.").encode(), filename="x.txt")
        read()
        assert "De <mark>Baggerwerken</mark> beginnen" in self.of("baggerwerken")[treaty.pk][1]
        # Found by its stem, but not as typed within what is looked through: no fragment, the title only.
        assert self.of("baggerwerk")[treaty.pk][0] == "Geconsolideerde tekst"

    def test_of_internal_documents_nothing(self, make_treaty: Make, add: Add, staff: User) -> None:
        document = add(make_treaty())
        read()
        say(staff, document, access=Access.GOVERNMENT)
        assert self.of("baggerwerken") == {}
