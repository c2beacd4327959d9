"""Files that people and attackers send, each made in code: what is taken, and what is refused with which code."""

import io
import warnings
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import docx
from docx.opc.constants import RELATIONSHIP_TYPE as REL
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, StreamObject, TextStringObject
from weasyprint import HTML

# In two halves: no scanner shall take this file for it.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!$H+H*"
ODT = "application/vnd.oasis.opendocument.text"
SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "text", "draw", "manifest", "script")
)
XLINK = 'xmlns:xlink="http://www.w3.org/1999/xlink"'
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def zipped(parts: Mapping[str, bytes | str], *, packed: bool = True) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED) as archive:
        for name, data in parts.items():
            kind = zipfile.ZIP_STORED if name == "mimetype" else None
            # Set afterwards: the constructor would cut a name at a NUL.
            archive.writestr(zipfile.ZipInfo(name), data, compress_type=kind or archive.compression)
    return file.getvalue()


# --- PDF -----------------------------------------------------------------------------------------------


def pdf(change: Callable[[PdfWriter], Any] | None = None, **kw: Any) -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    if change:
        change(writer)
    if kw:
        writer.encrypt(**kw)
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def made_pdf(**kw: Any) -> bytes:
    with warnings.catch_warnings():
        # The library leaves the colour profile of PDF/A open.
        warnings.simplefilter("ignore", ResourceWarning)
        made: bytes = HTML(string="<html lang=nl><title>Verdrag</title><h1>Eén België</h1>").write_pdf(**kw)
    return made


def names(**given: str) -> DictionaryObject:
    return DictionaryObject({NameObject(f"/{key}"): _value(value) for key, value in given.items()})


def _value(value: str) -> Any:
    return NameObject(value) if value.startswith("/") else TextStringObject(value)


def opening(**action: str) -> bytes:
    """A PDF that does something when it is opened."""
    return pdf(lambda writer: writer.root_object.update({NameObject("/OpenAction"): names(**action)}))


def _hidden(writer: PdfWriter) -> None:
    """An action in a stream of objects would not be seen in the bytes."""
    writer.root_object[NameObject("/AA")] = DictionaryObject({NameObject("/WC"): names(S="/SubmitForm", F="x")})


def _xfa(writer: PdfWriter) -> None:
    stream = StreamObject()
    stream.set_data(b"<xdp/>")
    form = DictionaryObject({NameObject("/XFA"): writer._add_object(stream)})
    writer.root_object[NameObject("/AcroForm")] = form


def _annotated(subtype: str) -> Callable[[PdfWriter], None]:
    def change(writer: PdfWriter) -> None:
        writer.add_annotation(0, names(Type="/Annot", Subtype=subtype))

    return change


PDF = pdf()


# --- DOCX ----------------------------------------------------------------------------------------------


def word(change: Callable[[Any], Any] | None = None) -> bytes:
    document = docx.Document()
    document.add_paragraph("Verdrag tussen België en Nederland")
    if change:
        change(document)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def changed(content: bytes, *, add: Mapping[str, bytes | str] | None = None, **replace: tuple[str, str]) -> bytes:
    """The archive with more parts, and in some other words: `types=("old", "new")`, `body=…`."""
    files = {"types": "[Content_Types].xml", "body": "word/document.xml", "content": "content.xml"}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts: dict[str, bytes | str] = {name: archive.read(name) for name in archive.namelist()}
    for key, (old, new) in replace.items():
        data = parts[files[key]]
        assert isinstance(data, bytes)
        assert old.encode() in data
        parts[files[key]] = data.replace(old.encode(), new.encode())
    return zipped(parts | dict(add or {}))


def linked(kind: str, target: str, *, external: bool = True) -> bytes:
    return word(lambda document: document.part.rels.get_or_add_ext_rel(kind, target) if external else None)


TEMPLATE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"


def _template(target: str) -> bytes:
    mode = 'TargetMode="External"'
    relation = f'<Relationship Id="rId1" Type="{TEMPLATE}" Target="{target}" {mode}/>'
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    rels = f'<Relationships xmlns="{space}">{relation}</Relationships>'
    return changed(word(), add={"word/_rels/settings.xml.rels": rels})


def _field(text: str) -> bytes:
    runs = "".join(f"<w:r><w:instrText>{part}</w:instrText></w:r>" for part in text.split("|"))
    begin, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "end"))
    return changed(word(), body=("<w:body>", f"<w:body><w:p>{begin}{runs}{end}</w:p>"))


DOCX = word()
MACRO_TYPE = "application/vnd.ms-word.document.macroEnabled.main+xml"
MAIN_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


# --- ODT -----------------------------------------------------------------------------------------------


def writer(body: str = "<text:p>Eén België</text:p>", before: str = "", entry: str = "", **more: bytes | str) -> bytes:
    manifest = f'<manifest:manifest {SPACES}><manifest:file-entry manifest:full-path="/">{entry}</manifest:file-entry>'
    inside = f"<office:body><office:text>{body}</office:text></office:body>"
    return zipped(
        {
            "mimetype": ODT,
            "content.xml": f"<office:document-content {SPACES} {XLINK}>{before}{inside}</office:document-content>",
            "META-INF/manifest.xml": manifest + "</manifest:manifest>",
            **{name.replace("__", "/"): data for name, data in more.items()},
        }
    )


WRITER = writer()
LISTENER = "<office:scripts><office:event-listeners><script:event-listener/></office:event-listeners></office:scripts>"


def bomb(size: int = 60 * 1024**2) -> bytes:
    return changed(DOCX, add={"word/media/image1.bmp": bytes(size)})


def overlapping() -> bytes:
    """Two parts that are the same bytes."""
    content = bytearray(zipped({"a.xml": "<a/>", "b.xml": "<b/>"}, packed=False))
    second = content.rindex(b"PK\x01\x02")
    content[second + 42 : second + 46] = bytes(4)
    return bytes(content)


def _encrypted_zip() -> bytes:
    content = bytearray(zipped({"[Content_Types].xml": "<a/>"}))
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


# What is taken: name → content.
GOOD: dict[str, Callable[[], bytes]] = {
    "verdrag.pdf": made_pdf,
    "VERDRAG (def.) v1.2.PDF": lambda: made_pdf(pdf_variant="pdf/a-3b"),
    "gescand.pdf": lambda: PDF + b"\r\n\x00",
    "met link.pdf": lambda: pdf(lambda w: w.add_annotation(0, names(Type="/Annot", Subtype="/Link"))),
    "Schelde – één.docx": word,
    "verdrag.docx.pdf": pdf,
    "met link.docx": lambda: linked(REL.HYPERLINK, "https://www.vlaanderen.be/"),
    "eigen sjabloon.docx": lambda: _template("file:///C:\\Users\\an\\Normal.dotm"),
    "met veld.docx": lambda: _field(" PAGE |\\* MERGEFORMAT "),
    "brief.odt": writer,
    "met link.odt": lambda: writer(f'<text:a {XLINK} xlink:href="https://www.vlaanderen.be/">x</text:a>'),
    "geen scripts.odt": lambda: writer(before="<office:scripts/>"),
    "nota.txt": "Eén België, coördinatie, € 5, a < b".encode,
    "bom.txt": "\ufeffArtikel 1\r\n\tEén\f".encode,
}
# What is not: what it is → name, content, code.
BAD: dict[str, tuple[str, Callable[[], bytes], str]] = {
    # Names.
    "a program by name": ("run.exe", lambda: b"MZ", "file_type"),
    "a program behind a PDF": ("verdrag.pdf.exe", lambda: PDF, "file_type"),
    "a PDF that was a program": ("factuur.exe.pdf", lambda: PDF, "file_name"),
    "a page before the point": ("x.html.txt", lambda: b"x", "file_name"),
    "read from right to left": ("verdrag\u202efdp.docx", lambda: DOCX, "file_name"),
    "a NUL in the name": ("verdrag.exe\x00.pdf", lambda: PDF, "file_name"),
    "a line end in the name": ("a\r\nb.pdf", lambda: PDF, "file_name"),
    "half a character in the name": ("a\ud800.pdf", lambda: PDF, "file_name"),
    "a drawing": ("a.svg", lambda: b"<svg onload='alert(1)'/>", "file_type"),
    "docm": ("a.docm", lambda: DOCX, "file_type"),
    # Sizes.
    "nothing": ("a.pdf", lambda: b"", "file_empty"),
    # Two kinds at once.
    "a zip behind a PDF": ("a.pdf", lambda: PDF + zipped({"x": "y"}), "file_two_kinds"),
    "a zip within a PDF": ("a.pdf", lambda: PDF + zipped({"x": "y"}) + b"\n%%EOF\n", "file_two_kinds"),
    "a page behind a PDF": ("a.pdf", lambda: PDF + b"<html><script>alert(1)</script>", "file_two_kinds"),
    "a page within a PDF": ("a.pdf", lambda: PDF[:9] + b"%<html><script>x</script>\n" + PDF[9:], "file_markup"),
    "a picture before a PDF": ("a.pdf", lambda: b"GIF89a" + bytes(20) + PDF, "file_image"),
    "bytes before a PDF": ("a.pdf", lambda: b"\n\n" + PDF, "file_two_kinds"),
    "a PDF in a docx": ("a.docx", lambda: zipped({"x": b"%PDF-1.4"}, packed=False) + b"", "file_two_kinds"),
    "bytes behind a docx": ("a.docx", lambda: DOCX + b"x", "file_two_kinds"),
    "bytes before a docx": ("a.docx", lambda: b"abcd" + DOCX, "file_two_kinds"),
    "a zip behind a text": ("a.txt", lambda: b"tekst" + zipped({"x": "y"}), "file_two_kinds"),
    # Not what the name says.
    "a docx as PDF": ("a.pdf", lambda: DOCX, "file_content"),
    "a PDF as docx": ("a.docx", lambda: PDF, "file_content"),
    "an odt as docx": ("a.docx", lambda: WRITER, "file_content"),
    "a docx as odt": ("a.odt", lambda: DOCX, "file_content"),
    "a PDF as text": ("a.txt", lambda: PDF, "file_content"),
    "a docx as text": ("a.txt", lambda: DOCX, "file_content"),
    "a page as PDF": ("a.pdf", lambda: b"<html><script>alert(1)</script>", "file_content"),
    "Windows program": ("a.pdf", lambda: b"MZ\x90\x00", "file_program"),
    "Linux program": ("a.txt", lambda: b"\x7fELF\x02", "file_program"),
    "a shell script": ("a.txt", lambda: b"#!/bin/sh\n", "file_program"),
    "old Word": ("a.docx", lambda: OLE, "file_old_office"),
    "RTF": ("a.docx", lambda: b"{\\rtf1 x}", "file_rtf"),
    "RTF as text": ("a.txt", lambda: b"{\\rtf1 x}", "file_rtf"),
    # Text.
    "a page as text": ("a.txt", lambda: b"\n <html><body>", "file_markup"),
    "a script in text": ("a.txt", lambda: b"tekst <script>alert(1)</script>", "file_markup"),
    "a drawing as text": ("a.txt", lambda: b"<svg onload='x'/>", "file_markup"),
    "NUL in text": ("a.txt", lambda: b"a\x00b", "file_content"),
    "UTF-16": ("a.txt", lambda: "België".encode("utf-16"), "file_not_utf8"),
    "Latin-1": ("a.txt", lambda: "België".encode("latin-1"), "file_not_utf8"),
    "half a character": ("a.txt", lambda: b"a\xed\xa0\x80", "file_not_utf8"),
    "a terminal sequence": ("a.txt", lambda: b"\x1b]0;x\x07", "file_control_characters"),
    # The test virus.
    "EICAR": ("a.txt", lambda: EICAR, "file_test_virus"),
    "EICAR in a docx": ("a.docx", lambda: changed(DOCX, add={"word/x.txt": EICAR}), "file_test_virus"),
    "EICAR in a zip": ("a.docx", lambda: zipped({"eicar.txt": EICAR}, packed=False), "file_test_virus"),
    # PDF.
    "PDF with JavaScript": ("a.pdf", lambda: opening(S="/JavaScript", JS="app.alert(1)"), "pdf_script"),
    "JavaScript by another name": (
        "a.pdf", lambda: PDF[:9] + b"9 0 obj<</S/J#61vaScript>>endobj\n" + PDF[9:], "pdf_script",
    ),
    "PDF that starts a program": ("a.pdf", lambda: opening(S="/Launch", F="cmd.exe"), "pdf_action"),
    "PDF that sends data": ("a.pdf", lambda: pdf(_hidden), "pdf_action"),
    "PDF that opens a share": ("a.pdf", lambda: opening(S="/GoToR", F="\\\\host\\share\\x.pdf"), "pdf_action"),
    "PDF with an attachment": ("a.pdf", lambda: pdf(lambda w: w.add_attachment("a.txt", b"x")), "pdf_attachment"),
    "PDF with a film": ("a.pdf", lambda: pdf(_annotated("/Screen")), "pdf_script"),
    "PDF with XFA": ("a.pdf", lambda: pdf(_xfa), "pdf_xfa"),
    "PDF with a password": ("a.pdf", lambda: pdf(user_password="x", algorithm="RC4-128"), "file_encrypted"),
    "PDF with a lock": (
        "a.pdf", lambda: pdf(user_password="", owner_password="x", algorithm="RC4-128"), "file_encrypted",
    ),
    "half a PDF": ("a.pdf", lambda: PDF[: len(PDF) // 2], "file_cut_off"),
    "a PDF without pages": ("a.pdf", lambda: b"%PDF-1.4\ntrailer<<>>\n%%EOF\n", "file_damaged"),
    # Archives.
    "half a docx": ("a.docx", lambda: DOCX[: len(DOCX) // 2], "file_cut_off"),
    "a zip bomb": ("a.docx", bomb, "zip_bomb"),
    "too much in all": ("a.docx", lambda: bomb(101 * 1024**2), "zip_bomb"),
    "parts that overlap": ("a.docx", overlapping, "zip_bomb"),
    "a zip in a docx": ("a.docx", lambda: changed(DOCX, add={"word/x.xml": zipped({"y": "z"})}), "file_within"),
    "a program in a docx": ("a.docx", lambda: changed(DOCX, add={"word/media/a.png": b"MZ"}), "file_within"),
    "a path that climbs": ("a.docx", lambda: changed(DOCX, add={"../../x.xml": "<a/>"}), "zip_names"),
    "a path from the root": ("a.docx", lambda: changed(DOCX, add={"/etc/x.xml": "<a/>"}), "zip_names"),
    "a path of Windows": ("a.odt", lambda: writer(**{"C:\\x.xml": "<a/>"}), "zip_names"),
    "an encrypted zip": ("a.docx", _encrypted_zip, "file_encrypted"),
    "a workbook": ("a.docx", lambda: zipped({"[Content_Types].xml": "<Types/>", "xl/w.xml": "<a/>"}), "file_content"),
    "a part cut short": ("a.docx", lambda: DOCX[:60] + bytes(20) + DOCX[80:], "file_damaged"),
    "entities": ("a.odt", lambda: writer(**{"meta.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}), "file_damaged"),
    # DOCX.
    "docx with macros": ("a.docx", lambda: changed(DOCX, add={"word/vbaProject.bin": OLE}), "file_macros"),
    "docm renamed": ("a.docx", lambda: changed(DOCX, types=(MAIN_TYPE, MACRO_TYPE)), "file_macros"),
    "docx with an OLE object": (
        "a.docx", lambda: changed(DOCX, add={"word/embeddings/oleObject1.bin": OLE}), "file_within",
    ),
    "a template from elsewhere": ("a.docx", lambda: _template("https://host/x.dotm"), "file_fetches"),
    "a template on a share": ("a.docx", lambda: _template("file:///\\\\host\\x.dotm"), "file_fetches"),
    "a picture from elsewhere": ("a.docx", lambda: linked(REL.IMAGE, "https://host/x.png"), "file_fetches"),
    "DDE": ("a.docx", lambda: _field(" DDE|AUTO c:\\\\x.exe "), "file_dde"),
    # ODT.
    "odt with Basic": ("a.odt", lambda: writer(Basic__Standard__Module1="<a/>"), "file_macros"),
    "odt with a script": ("a.odt", lambda: writer(Scripts__python__x="x"), "file_macros"),
    "odt with an event": ("a.odt", lambda: writer(before=LISTENER), "file_macros"),
    "odt with DDE": ("a.odt", lambda: writer("<text:dde-connection/>"), "file_dde"),
    "odt with a password": ("a.odt", lambda: writer(entry="<manifest:encryption-data/>"), "file_encrypted"),
    "odt with a picture from elsewhere": (
        "a.odt", lambda: writer('<draw:image xlink:href="https://host/x.png"/>'), "file_fetches",
    ),
}  # fmt: skip
